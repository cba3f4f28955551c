// The log: one JSON object for each request, and nothing about anybody: contract platform.md 10.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { get, request, sendBytes } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import { email, fullName, id, personalData, TOKENS } from "../support/world.mjs";

const service = serveWorld([], { env: { LOG_LEVEL: "info", RELEASE_VERSION: "v9", FORCE_HTTPS: "0" } });
const token = TOKENS["LP-A"];
const FIELDS = [
    "@timestamp",
    "level",
    "message",
    "environment",
    "release",
    "method",
    "path",
    "params",
    "status",
    "duration",
    "db",
    "format",
    "request_id",
    "remote_ip",
    "current_user_class",
    "current_user_id",
    "exception",
];

let count = 0;

/** The lines that this request leaves; it is told apart by its id. */
async function linesOf(method, path, options = {}) {
    const name = `request-${++count}`;
    const headers = { "X-Request-Id": name, ...options.headers };
    const response = await request(service(), method, path, { check: false, ...options, headers });
    const lines = service()
        .logs()
        .filter((line) => line.request_id === name);
    return { response, lines, line: lines[0] };
}
const lineOf = async (...call) => {
    const { lines } = await linesOf(...call);
    assert.equal(lines.length, 1, "one line a request");
    return lines[0];
};

describe("the line of a request", () => {
    test("has every field", async () => {
        const line = await lineOf("GET", "/api/v3/statements?filter[cohort]=2024&page[page]=2", { token });
        for (const field of FIELDS) assert.ok(field in line, field);
        assert.match(line["@timestamp"], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.ok(Math.abs(Date.parse(line["@timestamp"]) - Date.now()) < 10_000);
        assert.equal(line.level, "info");
        assert.equal(line.message, "[200] GET /api/v3/statements");
        assert.equal(line.method, "GET");
        assert.equal(line.path, "/api/v3/statements");
        assert.deepEqual(line.params, { cohort: "2024", page: "2" });
        assert.equal(line.status, 200);
        assert.ok(typeof line.duration === "number" && line.duration > 0 && line.duration < 10_000);
        assert.ok(typeof line.db === "number" && line.db > 0 && line.db <= line.duration);
        assert.equal(line.format, "json");
        assert.equal(line.remote_ip, "127.0.0.1");
        assert.ok(line.current_user_class);
        assert.equal(line.current_user_id, id("LP-A"));
        assert.equal(line.environment, "test");
        assert.equal(line.release, "v9");
        assert.equal(line.exception, null);
    });

    for (const [method, path, options, status, user] of [
        ["GET", `/api/v3/participants/ecf/${id("E24")}`, { token }, 200, id("LP-A")],
        ["HEAD", "/api/v3/statements", { token }, 200, id("LP-A")],
        ["GET", `/api/v3/participants/ecf/${id("EB")}`, { token }, 404, id("LP-A")],
        ["GET", "/api/v3/statements?filter=x", { token }, 400, id("LP-A")],
        ["GET", "/api/v3/statements", {}, 401, null],
        ["GET", "/api/v3/statements", { token: TOKENS.data_studio }, 403, null],
        ["POST", "/api/v3/nothing", {}, 404, null],
        ["GET", "/healthcheck", {}, 200, null],
        ["GET", "/api-docs", {}, 200, null],
        ["GET", "/nothing", {}, 404, null],
    ])
        test(`of ${method} ${path.replace(/[0-9a-f-]{36}/, "{id}")}: ${status}`, async () => {
            const line = await lineOf(method, path, options);
            assert.equal(line.status, status);
            assert.equal(line.method, method);
            assert.equal(line.current_user_id, user);
            if (status === 200) assert.equal(line.path, path);
        });

    test("of a private token names its kind and no provider", async () => {
        const line = await lineOf("GET", "/api/v3/statements", { token: TOKENS.engage_and_learn });
        assert.ok(line.current_user_class);
        assert.equal(line.current_user_id, null);
    });

    test("says at what time it was meant to happen", async () => {
        const line = await lineOf("GET", "/api/v3/statements", { token, now: "2024-01-02T03:04:05Z" });
        assert.equal(line.server_date, "2024-01-02T03:04:05Z");
        assert.ok(Math.abs(Date.parse(line["@timestamp"]) - Date.now()) < 10_000);
        assert.equal((await lineOf("GET", "/api/v3/statements", { token })).server_date, null);
    });

    for (const [forwarded, expected] of [
        ["203.0.113.7", "203.0.113.7"],
        ["198.51.100.1, 203.0.113.7", "203.0.113.7"],
        ["2001:db8::7", "2001:db8::7"],
        ["nonsense", "127.0.0.1"],
        ["1000001", "127.0.0.1"],
        ["", "127.0.0.1"],
    ])
        test(`names the client's address: ${forwarded}`, async () => {
            const headers = { "X-Forwarded-For": forwarded };
            assert.equal((await lineOf("GET", "/healthcheck", { headers })).remote_ip, expected);
        });

    test("is not written for /check", async () => {
        for (const path of ["/check", "/check?x=1", "/check/"])
            assert.deepEqual((await linesOf("GET", path)).lines, [], path);
    });

    test("is JSON, whatever comes", async () => {
        await sendBytes(
            service(),
            `GET /\x01"\\x?filter[cohort]="\x02 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        );
        for (const line of service().logs()) assert.equal(line.text, undefined, line.text);
    });
});

describe("what may be somebody's is not written", () => {
    const VALUES = [
        fullName("E24"),
        email("E24"),
        "1000001",
        "1977-07-07",
        token,
        TOKENS.data_studio,
    ];
    const PATHS = [
        (value) => `/api/v3/participants/ecf/${value}`,
        (value) => `/api/v3/participants/ecf/${value}/transfers`,
        (value) => `/api/v3/${value}`,
        (value) => `/${value}/x`,
        (value) => `/assets/${value}`,
        (value) => `/api/v3/statements?${value}`,
        (value) => `/api/v3/statements?${value}=1`,
        ...[
            "email",
            "token",
            "full_name",
            "sort",
            "filter",
            "filter[cohort]",
            "filter[urn]",
            "filter[type]",
            "filter[training_status]",
            "filter[updated_since]",
            "filter[participant_id]",
            "filter[from_participant_id]",
            "filter[trn]",
            "page[page]",
            "page[per_page]",
            "page",
        ].flatMap((name) => [
            (value) => `/api/v3/participants/ecf?${name}=${value}`,
            (value) => `/api/v3/participants/ecf?${name}[]=${value}`,
            (value) => `/api/v3/participants/ecf?${name}[${value}]=${value}`,
        ]),
        (value) => `/api/v3/schools/ecf?filter[cohort]=2024&filter[urn]=${value}`,
        (value) => `/api/v3/participants/ecf?filter[cohort]=2024,${value}`,
    ];

    for (const value of VALUES)
        test(`in a path or a query: ${value}`, async () => {
            const sent = encodeURIComponent(value);
            for (const path of PATHS) {
                const { lines } = await linesOf("GET", path(sent), { token });
                assert.equal(lines.length, 1);
                const text = JSON.stringify(lines[0]).toLowerCase();
                assert.ok(!text.includes(value.toLowerCase()), `${path(sent)}: ${text}`);
                assert.ok(!text.includes(sent.toLowerCase()), `${path(sent)}: ${text}`);
            }
        });

    test("short names are not taken for states", async () => {
        for (const name of ["ada", "peter", "wendy", "ina"])
            for (const filter of ["training_status", "type", "cohort"]) {
                const line = await lineOf("GET", `/api/v3/participants/ecf?filter[${filter}]=${name}`, { token });
                assert.deepEqual(line.params, {}, name);
            }
    });

    test("in a header", async () => {
        for (const value of VALUES) {
            const headers = {
                Authorization: `Bearer ${value}`,
                "X-With-Server-Date": `${value}?`, // a date would be one
                "X-Forwarded-For": value,
                "User-Agent": value,
                Accept: value,
                Referer: `https://x.example/${encodeURIComponent(value)}`,
                "Content-Type": value,
            };
            const { lines } = await linesOf("GET", "/api/v3/statements", { headers });
            assert.ok(!JSON.stringify(lines).includes(value), value);
        }
    });

    test("in a body", async () => {
        for (const body of [
            { data: { attributes: { participant_id: fullName("E24"), declaration_type: email("E24") } } },
            `{"data":{"attributes":{"full_name":"${fullName("E24")}"`,
            fullName("E24"),
        ]) {
            const { lines } = await linesOf("POST", "/api/v3/participant-declarations", { token, body });
            assert.equal(lines.length, 1);
            assert.doesNotMatch(JSON.stringify(lines), /privatename|private\.example/i);
        }
    });

    test("in a method", async () => {
        const text = await sendBytes(
            service(),
            "PRIVATENAME /api/v3/statements HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        );
        assert.match(text, /^HTTP\/1\.1 405 /);
        await sendBytes(service(), "PRIVATENAME / HTTP/1.1\r\nConnection: close\r\n\r\n");
        assert.doesNotMatch(JSON.stringify(service().logs()), /privatename/i);
    });

    test("in what the library says of requests that it refuses", async () => {
        for (const bytes of [
            `GET /${fullName("E24").replace(" ", "%20").repeat(6000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
            `GET / HTTP/1.1\r\nHost: x\r\n${fullName("E24")}\r\n\r\n`,
            `GET / HTTP/1.1\r\nHost: x\r\nContent-Length: ${email("E24")}\r\n\r\n`,
            `${fullName("E24")}\r\n\r\n`,
        ])
            await sendBytes(service(), bytes, { wait: 300 });
        assert.doesNotMatch(JSON.stringify(service().logs()), /privatename|private\.example/i);
    });

    test("and all in all there is nothing", async () => {
        await get(service(), "/api/v3/participants/ecf", { token });
        for (const line of service().logs()) {
            const text = JSON.stringify(line);
            for (const pattern of personalData()) assert.doesNotMatch(text, pattern);
        }
    });
});
