// What each environment switches on, and what no configuration may say: contract platform.md 1,
// decisions.md 2 to 4.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertSecurityHeaders } from "../support/check_list.mjs";
import { get, request, sendBytes } from "../support/client.mjs";
import { createDatabase, dropDatabase } from "../support/database.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { FORBIDDEN_TOKENS, id, importRecords, TOKENS, world } from "../support/world.mjs";

const SECRET = "a secret of at least 32 characters";
const HSTS = "max-age=63072000; includeSubDomains";

let database;
const services = new Map();

before(async () => {
    database = await createDatabase();
    await importRecords(database, world());
});
after(async () => {
    for (const service of services.values()) await service.stop();
    await dropDatabase(database);
});

/** The service of an environment, one for all tests that want the same. */
async function serviceOf(env) {
    const key = JSON.stringify(env);
    if (!services.has(key)) services.set(key, await startService({ database, env }));
    return services.get(key);
}

describe("a configuration that must not run names its variable and stops", () => {
    const deployed = (APP_ENV) => ({ APP_ENV, TOKEN_HASH_SECRET: SECRET });

    for (const [env, variable] of [
        [{ APP_ENV: "nonsense" }, "APP_ENV"],
        [{ APP_ENV: "Production" }, "APP_ENV"],
        [{ ...deployed("production"), TIME_TRAVEL: "1" }, "TIME_TRAVEL"],
        [{ APP_ENV: "production" }, "TOKEN_HASH_SECRET"],
        [{ APP_ENV: "staging" }, "TOKEN_HASH_SECRET"],
        [{ APP_ENV: "sandbox" }, "TOKEN_HASH_SECRET"],
        [{ APP_ENV: "production", TOKEN_HASH_SECRET: "" }, "TOKEN_HASH_SECRET"],
        [{ TOKEN_HASH_SECRET: "x".repeat(31) }, "TOKEN_HASH_SECRET"],
        [{ PORT: "abc" }, "PORT"],
        [{ PORT: "0" }, "PORT"],
        [{ PORT: "70000" }, "PORT"],
        [{ FORCE_HTTPS: "yes" }, "FORCE_HTTPS"],
        [{ TIME_TRAVEL: "2" }, "TIME_TRAVEL"],
        [{ MAINTENANCE: "on" }, "MAINTENANCE"],
        [{ PROGRAMME_TYPES_2025: "true" }, "PROGRAMME_TYPES_2025"],
        [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
        [{ DB_POOL: "0" }, "DB_POOL"],
        [{ REQUEST_TIMEOUT: "-1" }, "REQUEST_TIMEOUT"],
        [{ TRUSTED_PROXIES: "10.0.0.0/33" }, "TRUSTED_PROXIES"],
        [{ TRUSTED_PROXIES: "the router" }, "TRUSTED_PROXIES"],
        [{ DB_SSLMODE: "on" }, "DB_SSLMODE"],
        [{ DATABASE_URL: undefined, DB_PASSWORD: SECRET }, "DB_HOSTNAME"],
        [{ DATABASE_URL: undefined, VCAP_SERVICES: `{"postgres":"${SECRET}"}` }, "VCAP_SERVICES"],
        [{ TLS_CERTIFICATE: "/nowhere" }, "TLS_KEY"],
        [{ TLS_KEY: "/nowhere" }, "TLS_CERTIFICATE"],
        [{ TLS_CERTIFICATE: "/nowhere", TLS_KEY: "/nowhere" }, "TLS_CERTIFICATE"],
        [{ BIND_ADDRESS: "nonsense" }, "BIND_ADDRESS"],
    ])
        test(JSON.stringify(env), async () => {
            const result = await runCommand(["serve"], { env: { PORT: "1", ...env }, database });
            assert.equal(result.status, 1);
            assert.match(result.stderr + result.stdout, new RegExp(`\\b${variable}\\b`));
            assert.ok(!`${result.stderr}${result.stdout}`.includes(SECRET));
        });

    test("and so does a port that is taken", async () => {
        const { port } = await serviceOf({});
        const result = await runCommand(["serve"], { env: { PORT: String(port) }, database });
        assert.equal(result.status, 1);
        assert.match(result.stderr + result.stdout, /port/);
    });

    test("every variable is explained by --help", async () => {
        const { status, stdout } = await runCommand(["serve", "--help"]);
        assert.equal(status, 0);
        for (const name of [
            "APP_ENV",
            "PORT",
            "DATABASE_URL",
            "TOKEN_HASH_SECRET",
            "FORCE_HTTPS",
            "TIME_TRAVEL",
            "SANDBOX_PAGE",
            "ANALYTICS",
            "LOG_LEVEL",
            "PROGRAMME_TYPES_2025",
            "MAINTENANCE",
            "TLS_CERTIFICATE",
            "TLS_KEY",
            "REQUEST_TIMEOUT",
            "TRUSTED_PROXIES",
        ])
            assert.match(stdout, new RegExp(`^ +${name} `, "m"));
    });

    test("an argument that is not understood is bad usage", async () => {
        assert.equal((await runCommand(["serve", "nonsense"])).status, 64);
    });
});

describe("the environment", () => {
    // [environment, is HTTPS forced?, status of /, status of /sandbox, clock header honoured?]
    for (const [name, isForced, start, sandbox, travels] of [
        ["production", true, 200, 404, false],
        ["sandbox", true, 307, 200, true],
        ["staging", true, 200, 200, true],
        ["review", false, 200, 200, true],
        ["development", false, 200, 200, true],
        ["test", false, 200, 200, true],
    ])
        test(name, async () => {
            const service = await serviceOf({ APP_ENV: name, TOKEN_HASH_SECRET: SECRET });
            const plain = await get(service, "/");
            assert.equal(plain.status, isForced ? 301 : start);
            assert.equal(plain.headers["strict-transport-security"], isForced ? HSTS : undefined);

            const headers = { "X-Forwarded-Proto": "https" };
            const first = await get(service, "/", { headers });
            assert.equal(first.status, start);
            if (start === 307) assert.equal(first.headers.location, "/sandbox");
            else assert.match(first.text, /<title>[^<]*Manage training for early career teachers/);
            assert.equal((await get(service, "/sandbox", { headers })).status, sandbox);

            const health = await get(service, "/healthcheck", { headers });
            assert.equal(health.json.environment, name);

            const options = { headers, now: "not a date", check: false };
            const response = await get(service, "/api/v3/statements", options);
            assert.equal(response.status, travels ? 400 : 401);
        });

    test("production ignores the clock header, whatever it says", async () => {
        const env = { APP_ENV: "production", TOKEN_HASH_SECRET: SECRET, FORCE_HTTPS: "0" };
        const service = await serviceOf(env);
        const created = await runCommand(["token", "create", "--lead-provider", "LP-A"], { database, env });
        const token = created.stdout.trim().split("\n").at(-1);
        const path = `/api/v3/participants/ecf/${id("E25")}`;
        const expected = await get(service, path, { token });
        assert.equal(expected.status, 200);
        assert.equal(expected.json.data.attributes.ecf_enrolments[0].participant_status, "active");
        for (const now of ["2020-01-01T00:00:00Z", "nonsense", ""]) {
            const response = await get(service, path, { token, now });
            assert.equal(response.text, expected.text, now);
        }
    });

    test("TIME_TRAVEL=0 switches the clock header off elsewhere", async () => {
        const service = await serviceOf({ TIME_TRAVEL: "0" });
        const options = { token: TOKENS["LP-A"], now: "nonsense" };
        assert.equal((await get(service, "/api/v3/statements", options)).status, 200);
    });

    test("SANDBOX_PAGE=0 and =1 win over the environment", async () => {
        assert.equal((await get(await serviceOf({ SANDBOX_PAGE: "0" }), "/sandbox")).status, 404);
        const env = { APP_ENV: "production", TOKEN_HASH_SECRET: SECRET, FORCE_HTTPS: "0" };
        const service = await serviceOf({ ...env, SANDBOX_PAGE: "1" });
        assert.equal((await get(service, "/sandbox")).status, 200);
    });

    test("a development secret is said to be one in the log", async () => {
        const service = await serviceOf({});
        assert.ok(service.logs().some((line) => /TOKEN_HASH_SECRET/.test(line.message)));
        const deployed = await serviceOf({ APP_ENV: "review", TOKEN_HASH_SECRET: SECRET });
        assert.ok(!deployed.logs().some((line) => /TOKEN_HASH_SECRET/.test(line.message)));
    });
});

describe("where the database is", () => {
    // On a socket nobody asks for TLS, whatever DB_SSLMODE is; over TCP a deployed environment does.
    const bound = (uri) => JSON.stringify({ postgres: [{ credentials: { uri } }] });
    const ready = async (env) => {
        const service = await serviceOf({ DATABASE_URL: undefined, ...env });
        const headers = { "X-Forwarded-Proto": "https" };
        return (await get(service, "/healthcheck", { headers })).json.database.connected;
    };

    test("a bound service says it", async () => {
        const deployed = { APP_ENV: "production", TOKEN_HASH_SECRET: SECRET };
        assert.equal(await ready({ ...deployed, VCAP_SERVICES: bound(database) }), true);
    });

    test("five variables say it, whatever is in them", async () => {
        const url = new URL(database);
        const parts = {
            DB_HOSTNAME: url.searchParams.get("host"),
            DB_PORT: "5432",
            DB_USERNAME: url.searchParams.get("user"),
            DB_PASSWORD: "it's a \\ ",
            DB_DATABASE: url.pathname.slice(1),
        };
        assert.equal(await ready(parts), true);
    });

    test("a password that does not help is in no log", async () => {
        const uri = `postgres://nobody:${encodeURIComponent(SECRET)}@127.0.0.1:1/nothing`;
        const env = { VCAP_SERVICES: bound(uri) };
        assert.equal(await ready(env), false);
        const service = await serviceOf({ DATABASE_URL: undefined, ...env });
        assert.ok(service.logs().some((line) => line.fault !== undefined));
        const text = JSON.stringify(service.logs());
        assert.ok(!text.includes(SECRET) && !text.includes(encodeURIComponent(SECRET)));
    });
});

describe("FORCE_HTTPS=1", () => {
    const FORCED = { FORCE_HTTPS: "1" };
    const token = TOKENS["LP-A"];
    const ask = async (method, path, options = {}) =>
        request(await serviceOf(FORCED), method, path, { ...options, check: false });

    for (const [method, status] of [
        ["GET", 301],
        ["HEAD", 301],
        ["POST", 308],
        ["PUT", 308],
        ["PATCH", 308],
        ["DELETE", 308],
    ])
        test(`${method} is sent on with ${status}`, async () => {
            const path = "/api/v3/statements?filter[cohort]=2024&x=%20";
            const headers = { Host: "api.example:8080" };
            const response = await ask(method, path, { token, headers });
            assert.equal(response.status, status);
            assert.equal(response.headers.location, `https://api.example:8080${path}`);
            assert.equal(response.text, "");
            assert.equal(response.headers["strict-transport-security"], HSTS);
            assertSecurityHeaders(response);
        });

    for (const path of [
        "/",
        "/healthcheck",
        "/api-docs",
        "/api/v3/nothing",
        "/nothing",
        "/api/v3/statements?x=/check",
        "/api/v3/statements?x=%",
    ])
        test(`${path} is sent on`, async () => {
            const response = await ask("GET", path);
            assert.equal(response.status, 301);
            assert.match(response.headers.location, /^https:\/\/127\.0\.0\.1:\d+\//);
            assert.ok(response.headers.location.endsWith(path));
        });

    for (const [path, status] of [
        ["/check", 200],
        ["/check?x=1", 200],
        ["/api/check", 404],
        ["/checks", 404],
    ])
        test(`${path} is not`, async () => {
            assert.equal((await ask("GET", path)).status, status);
        });

    test("X-Forwarded-Proto says that it was HTTPS, in any case", async () => {
        for (const value of ["https", "HTTPS"]) {
            const headers = { "X-Forwarded-Proto": value };
            const response = await ask("GET", "/api/v3/statements", { token, headers });
            assert.equal(response.status, 200);
            assert.equal(response.headers["strict-transport-security"], HSTS);
        }
        for (const value of ["http", "", "httpsx", "x"]) {
            const headers = { "X-Forwarded-Proto": value };
            assert.equal((await ask("GET", "/api/v3/statements", { token, headers })).status, 301);
        }
    });

    for (const [path, options, status] of [
        ["/api/v3/statements", {}, 401],
        ["/api/v3/statements", { token: FORBIDDEN_TOKENS[1] }, 403],
        ["/api/v3/nothing", {}, 404],
        ["/nothing", {}, 404],
        ["/api/v3/statements?x=%", {}, 400],
    ])
        test(`an answer of ${status} asks for HTTPS as well`, async () => {
            const headers = { "X-Forwarded-Proto": "https" };
            const response = await ask("GET", path, { ...options, headers });
            assert.equal(response.status, status);
            assert.equal(response.headers["strict-transport-security"], HSTS);
        });

    test("no line can be smuggled into the answer by way of Host", async () => {
        const text = await sendBytes(
            await serviceOf(FORCED),
            "GET /x%0d%0aX-Evil:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        );
        assert.match(text, /^HTTP\/1\.1 301 /);
        assert.doesNotMatch(text, /^X-Evil/im);
    });
});

describe("MAINTENANCE=1", () => {
    test("the API and the pages say so, /check does not", async () => {
        const service = await serviceOf({ MAINTENANCE: "1" });
        const options = { token: TOKENS["LP-A"], check: false };
        const response = await get(service, "/api/v3/statements", options);
        assert.deepEqual([response.status, response.json], [503, { error: "Service unavailable" }]);
        assert.equal(response.headers["retry-after"], "300");
        assertSecurityHeaders(response);
        assert.equal((await get(service, "/", { check: false })).status, 503);
        assert.equal((await get(service, "/check")).status, 200);
    });
});
