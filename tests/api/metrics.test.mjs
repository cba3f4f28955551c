// GET /metrics: contract platform.md 14. What it says is held against what this client did.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { declarationOf, DECLARATIONS } from "../support/cases.mjs";
import { get, post, put, request, sendBytes } from "../support/client.mjs";
import { Cluster } from "../support/cluster.mjs";
import { dropDatabase } from "../support/database.mjs";
import { labelsText, parseMetrics } from "../support/prometheus_text.mjs";
import { serveWorld } from "../support/served.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { id, importRecords, TOKENS, world, worldDatabase } from "../support/world.mjs";

const token = TOKENS["LP-A"];
const STATEMENTS = "/api/v3/statements";

// The contract's table: name, type, labels.
const TABLE = {
    requests_total: ["counter", ["method", "route", "status_range", "version"]],
    response_time_seconds: ["histogram", ["route", "status_range"]],
    http_in_flight: ["gauge", []],
    http_threads_max: ["gauge", []],
    rate_limited_total: ["counter", ["rule"]],
    auth_failures_total: ["counter", ["status"]],
    api_requests_recorded_total: ["counter", []],
    api_requests_dropped_total: ["counter", []],
    db_pool_size: ["gauge", []],
    db_pool_in_use: ["gauge", []],
    db_pool_wait_seconds: ["histogram", []],
    db_query_seconds: ["histogram", ["statement"]],
    db_errors_total: ["counter", ["sqlstate_class"]],
    db_up: ["gauge", []],
    dbsize_byte: ["gauge", []],
    connections: ["gauge", []],
    deadlocks: ["counter", []],
    rollbacks: ["counter", []],
    seq_scan: ["counter", []],
    idx_scan: ["counter", []],
    jobs_queued: ["gauge", []],
    jobs_failed: ["gauge", []],
    job_runs_total: ["counter", ["job", "status"]],
    job_duration_seconds: ["histogram", []],
    declarations_total: ["counter", ["version", "type", "result"]],
    process_cpu_seconds_total: ["counter", []],
    process_resident_memory_bytes: ["gauge", []],
    process_open_fds: ["gauge", []],
    process_start_time_seconds: ["gauge", []],
    build_info: ["gauge", ["version", "sha"]],
};
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, "+Inf"].map(String);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function until(isSo, what, ms = 30_000) {
    const deadline = Date.now() + ms;
    while (!(await isSo())) {
        if (Date.now() > deadline) assert.fail(`not within ${ms} ms: ${what}`);
        await pause(50);
    }
}

/** What the service says now; it never takes long. */
async function scrape(service) {
    const begun = Date.now();
    const response = await get(service, "/metrics");
    assert.ok(Date.now() - begun < 2000, "a scrape took long");
    assert.equal(response.status, 200, response.text);
    return parseMetrics(response.text);
}

/** What a counter has grown by, series by series; those that did not grow are left out. */
function growth(name, earlier, later) {
    const before_ = earlier.all(name);
    const grown = Object.entries(later.all(name)).map(([at, value]) => [at, value - (before_[at] ?? 0)]);
    assert.ok(grown.every(([, by]) => by >= 0), `${name} went back`);
    return Object.fromEntries(grown.filter(([, by]) => by > 0));
}

/** The same from a list of label objects, one for each time that is expected. */
function expected(list) {
    const counts = {};
    for (const labels of list) counts[labelsText(labels)] = (counts[labelsText(labels)] ?? 0) + 1;
    return counts;
}

const range = (status) => `${Math.floor(status / 100)}xx`;

describe("the answer", () => {
    const service = serveWorld([], { env: { RELEASE_VERSION: "v7", SHA: "abc" } });

    test("is text of version 0.0.4, and has every metric of the table", async () => {
        const response = await get(service(), "/metrics");
        assert.equal(response.status, 200);
        assert.equal(response.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        await get(service(), STATEMENTS, { token });
        await get(service(), STATEMENTS, { token: "unknown" });
        const metrics = await scrape(service());
        for (const [name, [type, labels]] of Object.entries(TABLE)) {
            const family = metrics.families.get(name);
            assert.equal(family?.type, type, name);
            assert.ok(family.help.length > 5, name);
            for (const sample of family.samples) {
                const { le, ...rest } = sample.labels;
                assert.deepEqual(Object.keys(rest).sort(), [...labels].sort(), name);
            }
        }
        assert.deepEqual([...metrics.families.keys()].sort(), Object.keys(TABLE).sort());
    });

    test("response times have the contract's buckets", async () => {
        await get(service(), "/check");
        const metrics = await scrape(service());
        const bounds = metrics.families
            .get("response_time_seconds")
            .samples.filter(({ labels }) => labels.route === "/check" && labels.le !== undefined)
            .map(({ labels }) => labels.le);
        assert.deepEqual(bounds, BUCKETS);
    });

    test("tells of the process and the build", async () => {
        const metrics = await scrape(service());
        assert.equal(metrics.value("build_info", { version: "v7", sha: "abc" }), 1);
        assert.ok(metrics.value("process_resident_memory_bytes") > 1e6);
        assert.ok(metrics.value("process_open_fds") >= 4);
        assert.ok(metrics.value("process_cpu_seconds_total") > 0);
        const started = metrics.value("process_start_time_seconds") * 1000;
        assert.ok(started <= Date.now() && started > Date.now() - 600_000, String(started));
        assert.equal(metrics.value("http_threads_max"), 1200);
        // the request before may just not quite have ended
        await until(async () => (await scrape(service())).value("http_in_flight") === 1, "only this one");
        assert.equal(metrics.value("db_pool_size"), 5);
        assert.equal(metrics.value("db_pool_in_use"), 0);
    });

    test("tells of the database", async () => {
        const metrics = await scrape(service());
        assert.equal(metrics.value("db_up"), 1);
        assert.ok(metrics.value("dbsize_byte") > 1e6);
        assert.ok(metrics.value("connections") >= 1);
        for (const name of ["deadlocks", "rollbacks", "seq_scan", "idx_scan"])
            assert.ok(metrics.value(name) >= 0, name);
    });

    test("to HEAD is its headers", async () => {
        const response = await request(service(), "HEAD", "/metrics");
        assert.deepEqual([response.status, response.text], [200, ""]);
        assert.equal(response.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    });

    test("is there for GET and HEAD, and at this path, only", async () => {
        for (const [method, path] of [
            ["POST", "/metrics"],
            ["DELETE", "/metrics"],
            ["GET", "/metrics/x"],
            ["GET", "/metrics.json"],
            ["GET", "/api/metrics"],
        ])
            assert.equal((await request(service(), method, path)).status, 404, `${method} ${path}`);
        assert.equal((await get(service(), "/metrics?x=1")).status, 200);
    });

    test("may be asked for by many at once, beside requests", async () => {
        await Promise.all(
            Array.from({ length: 20 }, async (_, i) => {
                if (i % 2 === 0) await scrape(service());
                else await get(service(), STATEMENTS, { token });
            }),
        );
    });
});

describe("every request is counted once, by what became of it", () => {
    const service = serveWorld();
    const NOW = "2024-10-02T09:00:00Z";
    const ONE = "/api/v3/statements/{id}";
    const huge = "x".repeat(1024 * 1024 + 1);
    const declare = (attributes, path = DECLARATIONS) =>
        post(service(), path, { data: { attributes } }, { token, now: NOW });

    // [method, what is sent, route, version]
    const REQUESTS = [
        ["GET", () => get(service(), STATEMENTS, { token }), STATEMENTS, "v3"],
        ["GET", () => get(service(), STATEMENTS, { token }), STATEMENTS, "v3"],
        ["HEAD", () => request(service(), "HEAD", STATEMENTS, { token }), STATEMENTS, "v3"],
        ["GET", () => get(service(), STATEMENTS, { token: "wrong" }), STATEMENTS, "v3"],
        ["GET", () => get(service(), STATEMENTS), STATEMENTS, "v3"],
        ["GET", () => get(service(), STATEMENTS, { token: TOKENS.data_studio }), STATEMENTS, "v3"],
        ["GET", () => get(service(), `${STATEMENTS}?page[page]=0`, { token }), STATEMENTS, "v3"],
        ["GET", () => get(service(), `${STATEMENTS}/${id("nobody")}`, { token }), ONE, "v3"],
        ["GET", () => get(service(), `${STATEMENTS}/x`, { token }), ONE, "v3"],
        ["GET", () => get(service(), "/api/v1/participants/ecf.csv", { token }), "/api/v1/participants/ecf", "v1"],
        ["GET", () => get(service(), "/api/v2/participants/ecf", { token }), "/api/v2/participants/ecf", "v2"],
        ["GET", () => get(service(), "/api/v2/participants/ecf.xml", { token }), "/api/v2/participants/ecf", "v2"],
        ["GET", () => get(service(), "/api/v3/nothing", { token }), "(unrouted)", "none"],
        ["DELETE", () => request(service(), "DELETE", STATEMENTS, { token }), "(unrouted)", "none"],
        ["OPTIONS", () => request(service(), "OPTIONS", STATEMENTS), "(unrouted)", "none"],
        ["-", () => sent("BREW /api/v3/statements HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "(unrouted)", "none"],
        ["GET", () => sent("GET /api/v3/statements HTTP/1.1\r\nConnection: close\r\n\r\n"), "(unrouted)", "none"],
        ["GET", () => get(service(), `${STATEMENTS}?${"x".repeat(9000)}`, { token }), "(unrouted)", "none"],
        ["GET", () => get(service(), `${STATEMENTS}?%zz`, { token }), "(unrouted)", "none"],
        ["GET", () => get(service(), STATEMENTS, { token, headers: { "X-Long": "x".repeat(33_000) } }), "(unrouted)", "none"],
        ["POST", () => post(service(), DECLARATIONS, huge, { token }), "(unrouted)", "none"],
        ["GET", () => get(service(), "/"), "/", "none"],
        ["GET", () => get(service(), "/check"), "/check", "none"],
        ["HEAD", () => request(service(), "HEAD", "/check"), "/check", "none"],
        ["GET", () => get(service(), "/healthcheck"), "/healthcheck", "none"],
        ["GET", () => get(service(), "/assets/site.css"), "/assets/*", "none"],
        ["GET", () => get(service(), "/api-docs"), "/api-docs", "none"],
        ["GET", () => get(service(), "/lead-providers/api-docs/v3/api_spec.yml"), "/lead-providers/*", "none"],
        ["GET", () => get(service(), "/some/where/else"), "(unrouted)", "none"],
        ["POST", () => post(service(), "/csp_reports", {}), "/csp_reports", "none"],
        ["POST", () => post(service(), "/api/notify-callback", {}), "/api/notify-callback", "none"],
        ["PUT", () => put(service(), `/api/v3/participants/ecf/${id("E24")}/withdraw`, "{", { token }), "/api/v3/participants/ecf/{id}/withdraw", "v3"],
    ];

    async function sent(bytes) {
        const text = await sendBytes(service(), bytes);
        return { status: Number(/^HTTP\/1\.1 (\d+) /.exec(text)?.[1]), text };
    }

    // What this client checks answers with is fetched from the service, once for each version.
    before(async () => {
        for (const version of ["v1", "v2", "v3"]) await get(service(), `/api/${version}/participants/ecf`, { token });
    });

    test("requests, their times and the refused", async () => {
        const earlier = await scrape(service());
        const answers = [];
        for (const [, ask] of REQUESTS) answers.push(await ask());
        const later = await scrape(service());

        const labels = REQUESTS.map(([method, , route, version], i) => ({
            method,
            route,
            status_range: range(answers[i].status),
            version,
        }));
        const scraped = { method: "GET", route: "/metrics", status_range: "2xx", version: "none" };
        assert.deepEqual(growth("requests_total", earlier, later), expected([...labels, scraped]));
        assert.deepEqual(
            growth("response_time_seconds_count", earlier, later),
            expected([...labels, scraped].map(({ route, status_range }) => ({ route, status_range }))),
        );
        assert.deepEqual(
            growth("auth_failures_total", earlier, later),
            expected(
                answers.filter(({ status }) => [401, 403].includes(status)).map(({ status }) => ({ status: String(status) })),
            ),
        );
        const statuses = new Set(answers.map(({ status }) => status));
        for (const status of [200, 204, 400, 401, 403, 404, 405, 406, 413, 414, 431])
            assert.ok(statuses.has(status), `${status} did not occur`);
    });

    test("many at once", async () => {
        const earlier = await scrape(service());
        const work = Array.from({ length: 200 }, (_, i) =>
            [
                () => get(service(), STATEMENTS, { token }),
                () => get(service(), "/api/v3/participants/ecf", { token }),
                () => get(service(), "/api/v3/schools/ecf?filter[cohort]=2024", { token }),
                () => get(service(), STATEMENTS, { token: "wrong" }),
            ][i % 4](),
        );
        await Promise.all(work);
        const later = await scrape(service());
        const counted = (route, status_range) => ({ method: "GET", route, status_range, version: "v3" });
        assert.deepEqual(growth("requests_total", earlier, later), {
            [labelsText({ ...counted("/metrics", "2xx"), version: "none" })]: 1,
            [labelsText(counted(STATEMENTS, "2xx"))]: 50,
            [labelsText(counted("/api/v3/participants/ecf", "2xx"))]: 50,
            [labelsText(counted("/api/v3/schools/ecf", "2xx"))]: 50,
            [labelsText(counted(STATEMENTS, "4xx"))]: 50,
        });
        assert.deepEqual(growth("auth_failures_total", earlier, later), { [labelsText({ status: "401" })]: 50 });
    });

    test("statements and connections of the database", async () => {
        const statement = { statement: "statements_page" };
        await get(service(), STATEMENTS, { token }); // the token is remembered for a moment
        const earlier = await scrape(service());
        for (let i = 0; i < 3; i++) await get(service(), STATEMENTS, { token });
        const later = await scrape(service());
        assert.equal(growth("db_query_seconds_count", earlier, later)[labelsText(statement)], 3);
        assert.ok(growth("db_query_seconds_sum", earlier, later)[labelsText(statement)] > 0);
        assert.ok(growth("db_pool_wait_seconds_count", earlier, later)[""] >= 3);
    });

    test("declarations, by version, type and result", async () => {
        const E24 = declarationOf("E24", "started", "2024-10-01T10:00:00Z");
        const earlier = await scrape(service());
        const accepted = await declare(E24);
        assert.equal(accepted.status, 200, accepted.text);
        assert.equal((await declare(E24)).status, 422, "the same again");
        assert.equal((await declare({ ...E24, declaration_type: "finished <b>" })).status, 422);
        assert.equal((await post(service(), DECLARATIONS, {}, { token })).status, 400);
        assert.equal((await declare(E24, "/api/v1/participant-declarations")).status, 422);
        const path = `/api/v2/participant-declarations/${accepted.json.data.id}/void`;
        assert.equal((await put(service(), path, {}, { token, now: NOW })).status, 200);
        assert.equal((await post(service(), DECLARATIONS, {}, { token: "wrong" })).status, 401, "never a declaration");
        assert.deepEqual(
            growth("declarations_total", earlier, await scrape(service())),
            expected([
                { version: "v3", type: "started", result: "accepted" },
                { version: "v3", type: "started", result: "refused" },
                { version: "v3", type: "other", result: "refused" },
                { version: "v3", type: "other", result: "refused" },
                { version: "v1", type: "started", result: "refused" },
                { version: "v2", type: "started", result: "voided" },
            ]),
        );
    });

    test("/healthcheck tells the same", async () => {
        const metrics = await scrape(service());
        const { puma } = (await get(service(), "/healthcheck")).json;
        const answered = Object.values(metrics.all("requests_total")).reduce((sum, n) => sum + n, 0);
        assert.ok(puma.running >= 1 && puma.running < 10, `${puma.running} running`);
        assert.deepEqual(puma, {
            backlog: 0,
            running: puma.running,
            pool_capacity: 1200 - puma.running,
            max_threads: 1200,
            requests_count: answered + 1, // and the scrape itself
        });
    });

    test("no label is a client's word", async () => {
        const response = await get(service(), "/metrics");
        assert.doesNotMatch(response.text, /nothing|BREW|%zz|finished|else|[0-9a-f]{8}-[0-9a-f]{4}-/);
        for (const word of Object.values(TOKENS)) assert.ok(!response.text.includes(word));
    });

    test("reading the metrics leaves no line in the log", async () => {
        const other = await startService({ database: service().database, env: { LOG_LEVEL: "info" } });
        await get(other, "/metrics");
        await get(other, "/healthcheck");
        await other.stop();
        const lines = other.logs().map((line) => line.message);
        assert.ok(lines.some((line) => /healthcheck/.test(line)));
        assert.ok(!lines.some((line) => /metrics/.test(line)));
    });
});

describe("who may ask", () => {
    let database;
    before(async () => {
        database = await worldDatabase();
    });
    after(() => dropDatabase(database));

    /** GET /metrics from one of this machine's own addresses. */
    const askFrom = (service, localAddress, headers = {}) =>
        new Promise((done, fail) => {
            const options = { host: "127.0.0.1", port: service.port, path: "/metrics", localAddress, headers, agent: false };
            http.get(options, (response) => {
                let text = "";
                response.setEncoding("utf8").on("data", (part) => (text += part));
                response.on("end", () => done({ status: response.statusCode, headers: response.headers, text }));
            }).on("error", fail);
        });

    async function withService(env, look) {
        const service = await startService({ database, env });
        try {
            await look(service);
        } finally {
            await service.stop();
        }
    }

    test("by default this machine and private networks, never through a proxy for somebody outside", () =>
        withService({}, async (service) => {
            assert.equal((await askFrom(service, "127.0.0.1")).status, 200);
            assert.equal((await askFrom(service, "127.0.0.9")).status, 200);
            assert.equal((await askFrom(service, "127.0.0.1", { "X-Forwarded-For": "10.1.2.3" })).status, 200);
            for (const forwarded of ["81.2.69.142", "10.1.2.3, 81.2.69.142", "81.2.69.142, 10.1.2.3", "unknown"]) {
                const refused = await askFrom(service, "127.0.0.1", { "X-Forwarded-For": forwarded });
                const absent = await get(service, "/nothing");
                assert.equal(refused.status, 404, forwarded);
                assert.equal(refused.text, absent.text);
                assert.equal(refused.headers["content-type"], absent.headers["content-type"]);
            }
        }));

    test("nor for somebody who hides the proxy's word behind one of its own", () =>
        withService({}, async (service) => {
            for (const [first, second] of [
                ["10.1.2.3", "81.2.69.142"],
                ["81.2.69.142", "10.1.2.3"],
            ]) {
                const text = await sendBytes(
                    service,
                    `GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-forwarded-for: ${first}\r\nX-Forwarded-For: ${second}\r\n\r\n`,
                );
                assert.match(text, /^HTTP\/1\.1 404 /);
            }
        }));

    test("METRICS_ALLOW names others", () =>
        withService({ METRICS_ALLOW: "127.0.0.2, 192.0.2.0/24" }, async (service) => {
            assert.equal((await askFrom(service, "127.0.0.1")).status, 404);
            assert.equal((await askFrom(service, "127.0.0.2")).status, 200);
            assert.equal((await askFrom(service, "127.0.0.1", { "X-Forwarded-For": "127.0.0.2" })).status, 404);
        }));

    test("METRICS_ALLOW=none: nobody", () =>
        withService({ METRICS_ALLOW: "none" }, async (service) => {
            assert.equal((await askFrom(service, "127.0.0.1")).status, 404);
        }));

    test("METRICS_ALLOW that is no list of networks does not start", async () => {
        const { status, stderr } = await runCommand(["serve"], { env: { METRICS_ALLOW: "everybody" } });
        assert.equal(status, 1);
        assert.match(stderr, /^METRICS_ALLOW/);
    });

    test("also in plain HTTP, and while the service is closed", () =>
        withService({ FORCE_HTTPS: "1", MAINTENANCE: "1" }, async (service) => {
            assert.equal((await get(service, "/")).status, 301);
            const metrics = await scrape(service);
            const moved = { method: "GET", route: "(unrouted)", status_range: "3xx", version: "none" };
            assert.equal(metrics.value("requests_total", moved), 1);
        }));
});

describe("the jobs", () => {
    const service = serveWorld();

    test("that have run, are due, and fail", async () => {
        const session = await openSession(service().database);
        const standing = [
            ["done", "now() + interval '1 day'", 0, false],
            ["due", "now() - interval '1 hour'", 0, false],
            ["tried", "now() + interval '1 hour'", 2, false],
            ["dead", "now() + interval '1 day'", 8, true],
        ];
        await session.run("DELETE FROM job_runs; DELETE FROM jobs");
        for (const [name, next, failures, isDead] of standing)
            await session.run(
                `INSERT INTO jobs (name, next_run_at, failures, is_dead) VALUES ('test ${name}', ${next}, ${failures}, ${isDead})`,
            );
        await session.run(`INSERT INTO job_runs (job, status, started_at, finished_at) VALUES
            ('test done', 'done', now() - interval '74 seconds', now() - interval '14 seconds'),
            ('test done', 'done', now() - interval '15 seconds', now() - interval '13 seconds'),
            ('test dead', 'failed', now() - interval '15 seconds', now() - interval '13 seconds'),
            ('test done', 'done', now() - interval '2 days', now() - interval '1 day'),
            ('test tried', 'running', now(), NULL)`);
        await session.close();
        const runs = { job: "test done", status: "done" };
        await until(async () => (await scrape(service())).value("job_runs_total", runs) === 2, "the runs are counted");
        await until(async () => (await scrape(service())).value("jobs_queued") === 1, "one is due");
        const metrics = await scrape(service());
        assert.equal(metrics.value("jobs_failed"), 2);
        assert.deepEqual(metrics.all("job_runs_total"), {
            ...expected([runs, runs]),
            ...expected([{ job: "test dead", status: "failed" }]),
        });
        assert.equal(metrics.value("job_duration_seconds_count"), 3);
        assert.ok(Math.abs(metrics.value("job_duration_seconds_sum") - 64) < 0.01);
    });
});

describe("the record of requests", () => {
    const service = serveWorld();

    test("is counted", async () => {
        const earlier = await scrape(service());
        for (let i = 0; i < 5; i++) await get(service(), STATEMENTS, { token });
        await until(
            async () => growth("api_requests_recorded_total", earlier, await scrape(service()))[""] === 5,
            "five requests are recorded",
        );
        assert.equal((await scrape(service())).value("api_requests_dropped_total"), 0);
    });
});

describe("a pool with nothing left", () => {
    test("is seen in use, in waits and in errors", async () => {
        const database = await worldDatabase();
        const service = await startService({
            database,
            env: { DB_POOL: "1", DB_WAIT_MS: "300", DB_STATEMENT_MS: "2000" },
        });
        const session = await openSession(database);
        try {
            await get(service, STATEMENTS, { token });
            const earlier = await scrape(service);
            await session.run("BEGIN; LOCK TABLE statements IN ACCESS EXCLUSIVE MODE");
            const first = get(service, STATEMENTS, { token });
            await until(async () => (await scrape(service)).value("db_pool_in_use") === 1, "it is in use");
            const second = get(service, STATEMENTS, { token });
            await until(
                async () => (await get(service, "/healthcheck")).json.puma.backlog === 1 || (await second),
                "one waits",
            );
            assert.deepEqual([(await second).status, (await first).status], [503, 503]);
            const later = await scrape(service);
            assert.equal(later.value("db_pool_in_use"), 0);
            const waited = growth("db_pool_wait_seconds_sum", earlier, later)[""];
            assert.ok(waited > 0.25 && waited < 30, `${waited} s`);
            assert.deepEqual(growth("db_errors_total", earlier, later), { [labelsText({ sqlstate_class: "57" })]: 1 });
            const failed = { method: "GET", route: STATEMENTS, status_range: "5xx", version: "v3" };
            assert.equal(later.value("requests_total", failed), 2);
        } finally {
            await session.run("ROLLBACK");
            await session.close();
            await service.stop();
            await dropDatabase(database);
        }
    });
});

describe("a database that goes away", () => {
    test("does not keep the metrics from being read", async () => {
        const cluster = new Cluster();
        let service;
        try {
            cluster.start();
            const database = cluster.url();
            const migrated = await runCommand(["migrate"], { database });
            assert.equal(migrated.status, 0, migrated.stderr);
            await importRecords(database, world());
            service = await startService({ database });
            assert.equal((await scrape(service)).value("db_up"), 1);

            cluster.stop("immediate");
            assert.equal((await get(service, STATEMENTS, { token })).status, 503);
            await until(async () => (await scrape(service)).value("db_up") === 0, "db_up is 0");
            const away = await scrape(service);
            for (const name of ["dbsize_byte", "connections", "deadlocks", "rollbacks", "seq_scan", "idx_scan"])
                assert.equal(away.value(name), undefined, `${name} is not known now`);
            assert.ok(away.value("db_errors_total", { sqlstate_class: "08" }) >= 1);

            cluster.start();
            await until(async () => (await scrape(service)).value("db_up") === 1, "db_up is 1 again");
            assert.ok((await scrape(service)).value("dbsize_byte") > 0);
        } finally {
            await service?.stop();
            cluster.remove();
        }
    });

    test("nor from starting without it", async () => {
        const service = await startService({ database: "postgresql:///none?host=/nonexistent&user=nobody" });
        const metrics = await scrape(service);
        assert.equal(metrics.value("db_up"), 0);
        assert.equal(metrics.value("dbsize_byte"), undefined);
        await service.stop();
    });
});
