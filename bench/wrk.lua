-- What wrk sends and how it reports. BENCH_REQUESTS names a file of requests, one a line: method, path, body,
-- separated by tabs; each is sent once. Without it the address of the command line is asked for over and over.
local requests = os.getenv("BENCH_REQUESTS")
local next_line

function init(_)
    wrk.headers["Authorization"] = os.getenv("BENCH_AUTHORIZATION")
    local clock = os.getenv("BENCH_CLOCK")
    if clock then wrk.headers["X-With-Server-Date"] = clock end
    for name, value in (os.getenv("BENCH_HEADERS") or ""):gmatch("([^:\n]+): ([^\n]*)") do wrk.headers[name] = value end
    if requests then next_line = io.lines(requests) end
end

if requests then
    function request()
        local line = next_line and next_line()
        if not line then
            next_line = nil
            return wrk.format("GET", "/used-up")
        end
        local method, path, body = line:match("^(%S+)\t(%S+)\t(.*)$")
        if body == "" then return wrk.format(method, path) end
        return wrk.format(method, path, {
            ["Authorization"] = wrk.headers["Authorization"],
            ["X-With-Server-Date"] = wrk.headers["X-With-Server-Date"],
            ["Content-Type"] = "application/json",
        }, body)
    end
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '\n@{"requests":%d,"seconds":%.6f,"bytes":%d,"refused":%d,"broken":%d,"p50_ms":%.4f,"p99_ms":%.4f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
