// Rate limits: contract platform.md 6.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { assertSecurityHeaders } from "../support/check_list.mjs";
import { get, request } from "../support/client.mjs";
import { Cluster } from "../support/cluster.mjs";
import { dropDatabase, psql } from "../support/database.mjs";
import { Document, internalDocument } from "../support/openapi.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { importRecords, TOKENS, world, worldDatabase } from "../support/world.mjs";

const PATH = "/api/v3/statements";
const LONG = 86_400; // a window that is not over before the test is
const LIMITED = "Retry later\n";
const token = TOKENS["LP-A"];

let database;
before(async () => {
    database = await worldDatabase();
});
after(() => dropDatabase(database));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const from = (address) => ({ headers: { "X-Forwarded-For": address } });

async function until(isSo, what, ms = 20_000) {
    const deadline = Date.now() + ms;
    while (!(await isSo())) {
        if (Date.now() > deadline) assert.fail(`not within ${ms} ms: ${what}`);
        await pause(20);
    }
}

/** Runs services over nothing counted yet, with these limits, in one window: again if it ends meanwhile. */
async function withServices(count, { api = 1_000_000, web = 1_000_000, period = LONG, env = {} }, run) {
    const window = () => Math.floor(Date.now() / 1000 / period);
    for (;;) {
        const begun = window();
        const services = [];
        let failure;
        await psql(database, "TRUNCATE rate_limit_counts");
        try {
            const variables = {
                RATE_LIMIT_API: String(api),
                RATE_LIMIT_WEB: String(web),
                RATE_LIMIT_PERIOD: String(period),
                ...env,
            };
            for (let i = 0; i < count; i++) services.push(await startService({ database, env: variables }));
            await run(...services);
        } catch (error) {
            failure = error;
        }
        for (const service of services) await service.stop();
        if (window() !== begun) continue;
        if (failure) throw failure;
        return;
    }
}
const withService = (limits, run) => withServices(1, limits, run);

/** What the headers of a limited answer say: {name, limit, period, remaining, left}. */
function limitOf(response) {
    const policy = /^"(\w+)";q=(\d+);w=(\d+)$/.exec(response.headers["ratelimit-policy"]);
    const state = /^"(\w+)";r=(\d+);t=(\d+)$/.exec(response.headers.ratelimit);
    assert.ok(policy, `RateLimit-Policy: ${response.headers["ratelimit-policy"]}`);
    assert.ok(state, `RateLimit: ${response.headers.ratelimit}`);
    assert.equal(state[1], policy[1]);
    return {
        name: policy[1],
        limit: Number(policy[2]),
        period: Number(policy[3]),
        remaining: Number(state[2]),
        left: Number(state[3]),
    };
}

const remaining = (response) => limitOf(response).remaining;

/** The answer to one request too many, whole. */
function assertRefused(response, name, method = "GET") {
    const { limit, period, remaining: rest, left, name: said } = limitOf(response);
    assert.equal(response.status, 429);
    assert.equal(response.text, method === "HEAD" ? "" : LIMITED);
    assert.equal(response.headers["content-type"], "text/plain");
    assert.equal(response.headers["cache-control"], "no-cache");
    assert.equal(response.headers["retry-after"], String(left));
    assert.equal(said, name);
    assert.equal(rest, 0);
    assert.ok(limit >= 1 && left >= 1 && left <= period);
    assert.ok(response.headers["x-request-id"]);
    assert.equal(response.headers["content-length"], String(LIMITED.length));
    assertSecurityHeaders(response);
}

describe("one instance", () => {
    test("answers as many requests as the limit says, and refuses the next", async () => {
        await withService({ api: 5 }, async (service) => {
            for (let rest = 4; rest >= 0; rest--) {
                const response = await get(service, PATH, { token });
                assert.equal(response.status, 200);
                const { left, ...limit } = limitOf(response);
                assert.deepEqual(limit, { name: "api", limit: 5, period: LONG, remaining: rest });
                assert.ok(Math.abs(left - (LONG - ((Date.now() / 1000) % LONG))) < 5);
                assert.equal(response.headers["retry-after"], undefined);
                assertSecurityHeaders(response);
            }
            for (let i = 0; i < 3; i++) assertRefused(await get(service, PATH, { token }), "api");
        });
    });

    test("does so exactly when requests race", async () => {
        await withService({ api: 50 }, async (service) => {
            const agent = new http.Agent({ keepAlive: true, maxSockets: 24 });
            const call = () => get({ ...service, agent }, PATH, { token });
            const answers = await Promise.all(Array.from({ length: 150 }, call));
            agent.destroy();
            const statuses = answers.map(({ status }) => status);
            assert.equal(statuses.filter((status) => status === 200).length, 50);
            assert.equal(statuses.filter((status) => status === 429).length, 100);
            const rests = answers.filter(({ status }) => status === 200).map(remaining);
            assert.deepEqual(
                rests.sort((a, b) => a - b),
                Array.from({ length: 50 }, (_, i) => i),
            );
        });
    });

    test("counts all versions and all tokens of a lead provider together, and nobody else's", async () => {
        const created = await runCommand(["token", "create", "--lead-provider", "LP-A"], { database });
        const second = created.stdout.trim().split("\n").at(-1);
        await withService({ api: 5 }, async (service) => {
            const calls = [
                ["/api/v1/participants/ecf", token],
                ["/api/v2/participant-declarations", second],
                ["/api/v3/statements", second],
                ["/api/v1/participant-declarations.csv", token],
                ["//api//v3/statements/", token],
            ];
            for (const [i, [path, each]] of calls.entries()) {
                const response = await get(service, path, { token: each });
                assert.equal(response.status, 200, path);
                assert.equal(remaining(response), 4 - i, path);
            }
            for (const each of [token, second])
                for (const path of ["/api/v1/participants/ecf", "/%61pi/v3/statements"])
                    assertRefused(await get(service, path, { token: each }), "api");
            const other = await get(service, PATH, { token: TOKENS["LP-B"] });
            assert.deepEqual([other.status, remaining(other)], [200, 4]);
            const studio = await get(service, PATH, { token: TOKENS.data_studio });
            assert.deepEqual([studio.status, remaining(studio)], [403, 4]);
            const learn = await get(service, PATH, { token: TOKENS.engage_and_learn });
            assert.deepEqual([learn.status, remaining(learn)], [403, 4]);
        });
    });

    test("counts whatever the answer is, and wins over every other refusal", async () => {
        await withService({ api: 9 }, async (service) => {
            const calls = [
                ["HEAD", PATH, 200],
                ["GET", `${PATH}/nothing`, 404],
                ["GET", "/api/v3/nothing", 404],
                ["GET", "/api/v9", 404],
                ["GET", `${PATH}?x=%`, 400],
                ["GET", `${PATH}?filter=1`, 400],
                ["POST", PATH, 404],
                ["FOO", PATH, 405],
                ["GET", PATH, 200],
            ];
            for (const [i, [method, path, status]] of calls.entries()) {
                const response = await request(service, method, path, { token, check: false });
                assert.equal(response.status, status, `${method} ${path}`);
                assert.equal(remaining(response), 8 - i, `${method} ${path}`);
            }
            for (const [method, path] of calls)
                assertRefused(await request(service, method, path, { token, check: false }), "api", method);
        });
    });

    test("is not moved by the clock header", async () => {
        await withService({ api: 2 }, async (service) => {
            for (const now of ["2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z"])
                assert.equal((await get(service, PATH, { token, now })).status, 200);
            const now = "2023-01-01T00:00:00Z";
            assertRefused(await get(service, PATH, { token, now }), "api");
        });
    });

    test("counts a wrong or a missing token for its address, and for nobody's token", async () => {
        await withService({ api: 3 }, async (service) => {
            const here = from("203.0.113.7");
            for (const [i, each] of ["guess", undefined, "another guess"].entries()) {
                const response = await get(service, PATH, { token: each, ...here });
                assert.equal(response.status, 401);
                assert.equal(remaining(response), 2 - i);
            }
            for (const each of ["one more guess", undefined])
                assertRefused(await get(service, PATH, { token: each, ...here }), "api");
            assert.equal((await get(service, PATH, from("203.0.113.8"))).status, 401);
            const known = await get(service, PATH, { token, ...here });
            assert.deepEqual([known.status, remaining(known)], [200, 2]);
        });
    });

    test("counts a client's own claim about its address for the proxy's", async () => {
        const env = { TRUSTED_PROXIES: "none" };
        await withService({ api: 2, env }, async (service) => {
            for (const address of ["203.0.113.1", "203.0.113.2"])
                assert.equal((await get(service, PATH, from(address))).status, 401);
            assertRefused(await get(service, PATH, from("203.0.113.3")), "api");
        });
    });

    test("limits pages by address, apart from the API", async () => {
        await withService({ api: 100, web: 4 }, async (service) => {
            const here = from("203.0.113.7");
            const paths = ["/", "/nothing", "/healthcheck", "/api-docs"];
            for (const [i, path] of paths.entries()) {
                const response = await get(service, path, here);
                const { left, ...limit } = limitOf(response);
                assert.notEqual(response.status, 429);
                assert.deepEqual(limit, { name: "web", limit: 4, period: LONG, remaining: 3 - i });
            }
            for (const path of [...paths, "/assets/site.css", "/%"])
                assertRefused(await get(service, path, here), "web");
            assert.equal((await get(service, "/", from("203.0.113.8"))).status, 200);
            assert.equal((await get(service, PATH, { token, ...here })).status, 200);
        });
    });

    test("never limits probes and receipts", async () => {
        await withService({ api: 1, web: 1 }, async (service) => {
            for (let i = 0; i < 4; i++)
                for (const [method, path] of [
                    ["GET", "/check"],
                    ["HEAD", "/check"],
                    ["GET", "/ready"],
                    ["GET", "/metrics"],
                    ["POST", "/api/notify-callback"],
                ]) {
                    const response = await request(service, method, path, { body: {} });
                    assert.notEqual(response.status, 429, path);
                    assert.equal(response.headers.ratelimit, undefined, path);
                    assert.equal(response.headers["ratelimit-policy"], undefined, path);
                }
        });
    });

    test("starts from nothing in the next window, which comes when it said", async () => {
        await withService({ api: 2 }, async () => {}); // nothing is counted
        const env = { RATE_LIMIT_API: "2", RATE_LIMIT_PERIOD: "3" };
        const service = await startService({ database, env });
        let refused;
        await until(async () => {
            refused = await get(service, PATH, { token });
            return refused.status === 429;
        }, "a window is full");
        const ends = Date.now() + 1000 * Number(refused.headers["retry-after"]);
        await until(async () => (await get(service, PATH, { token })).status === 200, "the next window");
        assert.ok(Date.now() <= ends + 3000, "no later than said, give and take a window");
        await service.stop();
    });

    test("logs a warning for all refusals of a window, without a token", async () => {
        await withService({ api: 1, web: 1 }, async (service) => {
            for (let i = 0; i < 5; i++) {
                await get(service, PATH, { token });
                await get(service, PATH, { token: "a-wrong-token", ...from("203.0.113.7") });
                await get(service, "/nothing", from("203.0.113.8"));
            }
            const lines = service.logs().filter((line) => line.message === "rate limit exceeded");
            assert.deepEqual(
                lines.map(({ level, rule, limit, remote_ip: ip }) => [level, rule, limit, ip]),
                [
                    ["warn", "api", 1, "127.0.0.1"],
                    ["warn", "api", 1, "203.0.113.7"],
                    ["warn", "web", 1, "203.0.113.8"],
                ],
            );
            assert.ok(lines[0].current_user_id);
            assert.equal(lines[1].current_user_id, null);
            for (const line of lines) {
                assert.ok(line.request_id);
                assert.doesNotMatch(JSON.stringify(line), /token/);
            }
        });
    });

    test("answers every operation with 429 as its document says", async () => {
        await withService({ api: 1 }, async (service) => {
            const documents = [internalDocument()];
            for (const version of ["v1", "v2", "v3"]) {
                const spec = `/lead-providers/api-docs/${version}/api_spec.json`;
                documents.push(new Document((await get(service, spec)).json, version));
            }
            await get(service, PATH, { token });
            for (const { operations } of documents)
                for (const { method, template } of operations) {
                    const path = template.replace(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000");
                    const body = method === "GET" ? undefined : {};
                    assertRefused(await request(service, method, path, { token, body }), "api");
                }
        });
    });
});

describe("instances on one database", () => {
    const stored = async () =>
        (await psql(database, "SELECT coalesce(sum(count), 0)::int AS n FROM rate_limit_counts"))[0].n;

    /** Requests until one is refused; gives how many were not. */
    async function passes(service, most, options = { token }) {
        for (let count = 0; count <= most; count++) {
            if ((await get(service, PATH, options)).status === 429) return count;
            await pause(50);
        }
        return assert.fail(`after ${most} requests none is refused`);
    }

    test("share a limit: none lets through what another has, and none refuses too early", async () => {
        const limit = 200;
        await withServices(2, { api: limit }, async (one, two) => {
            for (let i = 0; i < 190; i++) assert.equal((await get(one, PATH, { token })).status, 200);
            await until(async () => (await stored()) === 190, "the counts are shared");
            const passed = await passes(two, limit - 1);
            assert.ok(passed >= 10, `only ${passed} more were answered`);
            assertRefused(await get(two, PATH, { token }), "api");
            await until(async () => (await get(one, PATH, { token })).status === 429, "the first refuses, too");
            const other = await get(two, PATH, { token: TOKENS["LP-B"] });
            assert.equal(other.status, 200);
        });
    });

    test("share it for addresses as well", async () => {
        await withServices(2, { api: 40 }, async (one, two) => {
            const here = from("203.0.113.7");
            for (let i = 0; i < 41; i++) await get(one, PATH, here);
            assert.equal((await get(one, PATH, here)).status, 429);
            await until(async () => (await stored()) >= 41, "the counts are shared");
            await passes(two, 39, here);
            assert.equal((await get(two, PATH, from("203.0.113.8"))).status, 401);
        });
    });

    test("that is started later knows what was counted before", async () => {
        await withService({ api: 40 }, async (one) => {
            for (let i = 0; i < 41; i++) await get(one, PATH, { token });
            await until(async () => (await stored()) >= 41, "the counts are shared");
            await one.kill();
            const env = { RATE_LIMIT_API: "40", RATE_LIMIT_PERIOD: String(LONG) };
            const next = await startService({ database, env });
            await passes(next, 39);
            await next.stop();
        });
    });

    test("forget old windows", async () => {
        await withService({ api: 40 }, async (service) => {
            await psql(
                database,
                "INSERT INTO rate_limit_counts VALUES ('2021-01-01', '\\x00', gen_random_uuid(), 7)",
            );
            await get(service, PATH, { token });
            await until(async () => (await stored()) === 1, "only the new window is there");
        });
    });
});

describe("a database that is away", () => {
    let cluster;
    let service;
    before(async () => {
        cluster = new Cluster();
        cluster.start();
        const url = cluster.url();
        const migrated = await runCommand(["migrate"], { database: url });
        assert.equal(migrated.status, 0, migrated.stderr);
        await importRecords(url, world());
        const env = { RATE_LIMIT_API: "6", RATE_LIMIT_WEB: "4", RATE_LIMIT_PERIOD: String(LONG) };
        service = await startService({ database: url, env });
    });
    after(async () => {
        await service?.stop();
        cluster?.remove();
    });

    test("leaves each instance to its own counts, and fails nothing", async () => {
        const here = from("203.0.113.7");
        assert.equal((await get(service, PATH, { token })).status, 200);
        cluster.stop();
        for (let i = 0; i < 4; i++) assert.equal((await get(service, "/nothing", here)).status, 404);
        assertRefused(await get(service, "/nothing", here), "web");
        for (let i = 0; i < 6; i++) assert.equal((await get(service, PATH, here)).status, 401);
        assertRefused(await get(service, PATH, here), "api");
        const unseen = { token: TOKENS["LP-B"] }; // one that is not remembered
        for (let i = 0; i < 10; i++) {
            const response = await get(service, PATH, unseen);
            assert.deepEqual([response.status, response.text], [503, '{"error":"Service unavailable"}']);
            assert.equal(response.headers.ratelimit, undefined);
            const unknown = await get(service, "/api/v3/nothing", unseen);
            assert.equal(unknown.status, 404);
        }
        cluster.start();
        const back = await get(service, PATH, { token });
        assert.deepEqual([back.status, remaining(back)], [200, 4]);
        const shared = async () =>
            (await psql(cluster.url(), "SELECT coalesce(sum(count), 0)::int AS n FROM rate_limit_counts"))[0].n;
        assert.equal((await get(service, "/nothing", here)).status, 429);
        await until(async () => (await shared()) > 4, "what was counted meanwhile is shared");
    });

    test("without the table, nothing fails either", async () => {
        await psql(cluster.url(), "ALTER TABLE rate_limit_counts RENAME TO elsewhere");
        const options = { token: TOKENS["LP-B"] };
        const faults = () => service.logs().filter((line) => line.where === "rate_limits_exchange").length;
        for (let i = 0; i < 6; i++) assert.equal((await get(service, PATH, options)).status, 200);
        assertRefused(await get(service, PATH, options), "api");
        await until(() => faults() > 0, "the fault is in the log");
        await psql(cluster.url(), "ALTER TABLE elsewhere RENAME TO rate_limit_counts");
    });
});

describe("reports of the browser about the policy", () => {
    const report = {
        "blocked-uri": "https://evil.example/a?email=someone@private.example#x",
        disposition: "enforce",
        "document-uri": "https://api.example/api-docs?token=lp-a-token",
        "effective-directive": "script-src-elem",
        "original-policy": `default-src 'self'${"é".repeat(3000)}`,
        referrer: "https://api.example/?teacher=1000001",
        "script-sample": "alert(1)",
        "status-code": 200,
        "violated-directive": ["not a text"],
        "source-file": "https://api.example/never-logged.js",
    };
    const send = (service, body, options) =>
        request(service, "POST", "/csp_reports", { body, ...from("203.0.113.7"), ...options });
    const linesOf = (service) =>
        service.logs().filter((line) => line.message === "content security policy violated");

    test("are logged: known members, without queries, cut short", async () => {
        await withService({ period: 60 }, async (service) => {
            const response = await send(service, { "csp-report": report });
            assert.deepEqual([response.status, response.text], [204, ""]);
            const [line, ...more] = linesOf(service);
            assert.deepEqual(more, []);
            const { "@timestamp": at, environment, release, message, request_id: id, ...rest } = line;
            assert.equal(id, response.headers["x-request-id"]);
            assert.deepEqual(rest, {
                level: "warn",
                "blocked-uri": "https://evil.example/a",
                disposition: "enforce",
                "document-uri": "https://api.example/api-docs",
                "effective-directive": "script-src-elem",
                "original-policy": `default-src 'self'${"é".repeat(1982)}`,
                referrer: "https://api.example/",
                "script-sample": "alert(1)",
                "status-code": 200,
                "violated-directive": null,
                remote_ip: "203.0.113.7",
            });
        });
    });

    test("that are none are answered with 204 as well, and leave no line", async () => {
        await withService({ period: 60 }, async (service) => {
            const bodies = ["", "nonsense", "[]", "{}", '{"csp-report":7}', "[".repeat(100_000), "\xff"];
            for (const [i, body] of bodies.entries()) {
                const response = await send(service, body, from(`203.0.113.${i}`));
                assert.deepEqual([response.status, response.text], [204, ""], body.slice(0, 20));
            }
            assert.deepEqual(linesOf(service), []);
        });
    });

    test("are limited to five a minute for an address", async () => {
        await withService({ period: 60 }, async (service) => {
            for (let rest = 4; rest >= 0; rest--) {
                const response = await send(service, { "csp-report": report });
                const { left, ...limit } = limitOf(response);
                assert.equal(response.status, 204);
                assert.deepEqual(limit, { name: "csp_reports", limit: 5, period: 60, remaining: rest });
            }
            assertRefused(await send(service, { "csp-report": report }), "csp_reports");
            assert.equal(linesOf(service).length, 5);
            assert.equal((await send(service, {}, from("203.0.113.8"))).status, 204);
            assert.equal((await get(service, "/", from("203.0.113.7"))).status, 200);
        });
    });
});
