// What the service is open for, switched for all instances while they run, and /ready: contract
// platform.md 7.3.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, afterEach, before, describe, test } from "node:test";
import { declarationOf, DECLARATIONS, PARTICIPANTS } from "../support/cases.mjs";
import { assertSecurityHeaders } from "../support/check_list.mjs";
import { get, request } from "../support/client.mjs";
import { Cluster } from "../support/cluster.mjs";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { id, TOKENS, worldDatabase } from "../support/world.mjs";

const token = TOKENS["LP-A"];
const SPREADS_WITHIN = 3000; // half a second, and what a slow machine adds
const UNAVAILABLE = '{"error":"Service unavailable"}';
const LIST = "/api/v3/statements";
const NOW = "2024-10-02T09:00:00Z";
const BODY = { data: { attributes: declarationOf("E24", "started", "2024-10-01T10:00:00Z") } };

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Polls until it is so; how long it took, in milliseconds. */
async function until(isSo, what, ms = 10_000) {
    const begun = Date.now();
    while (!(await isSo())) {
        if (Date.now() - begun > ms) assert.fail(`not within ${ms} ms: ${what}`);
        await pause(20);
    }
    return Date.now() - begun;
}

let database;
let services;
before(async () => {
    database = await worldDatabase();
    services = [await startService({ database }), await startService({ database })];
});
after(async () => {
    for (const service of services ?? []) await service.stop();
    await dropDatabase(database);
});

const maintenance = (...args) => runCommand(["maintenance", ...args], { database });
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

async function switchTo(...args) {
    const { status, stdout, stderr } = await maintenance(...args);
    assert.equal(status, 0, stderr);
    return stdout.trim();
}

const ask = (service, method, path, options = {}) =>
    request(service, method, path, { token, check: false, ...options });
const modeOf = async (service) => (await get(service, "/ready")).json.mode;
const allAre = (mode) =>
    until(
        async () => (await Promise.all(services.map(modeOf))).every((each) => each === mode),
        `all instances are ${mode}`,
    );

function assertUnavailable(response, retryAfter = "300") {
    assert.equal(response.status, 503, response.text);
    assert.equal(response.text, UNAVAILABLE);
    assert.equal(response.headers["content-type"], "application/vnd.api+json");
    assert.equal(response.headers["cache-control"], undefined);
    if (retryAfter !== null) assert.equal(response.headers["retry-after"], retryAfter);
    assertSecurityHeaders(response);
}

describe("maintenance", () => {
    afterEach(async () => {
        await switchTo("off");
        await allAre("open");
    });

    test("reaches every instance within seconds, and ends so", async () => {
        assert.equal(await switchTo("status"), "open");
        assert.equal(await switchTo("on"), "maintenance");
        const taken = await allAre("maintenance");
        assert.ok(taken < SPREADS_WITHIN, `${taken} ms`);
        assert.equal(await switchTo("status"), "maintenance");
        assert.equal(await switchTo("off"), "open");
        const back = await allAre("open");
        assert.ok(back < SPREADS_WITHIN, `${back} ms`);
        for (const service of services)
            assert.equal((await get(service, LIST, { token })).status, 200);
    });

    test("is 503 for the API, whatever is asked and by whom", async () => {
        await switchTo("on");
        await allAre("maintenance");
        for (const service of services)
            for (const [method, path] of [
                ["GET", LIST],
                ["GET", "//api//v3/statements"],
                ["GET", "/api/v1/participants/ecf.csv"],
                ["GET", "/api/v3/nothing"],
                ["GET", "/api"],
                ["POST", DECLARATIONS],
                ["PUT", `${PARTICIPANTS}/${id("E24")}/withdraw`],
                ["DELETE", LIST],
                ["OPTIONS", LIST],
                ["POST", "/api/notify-callback"],
                ["GET", `${LIST}?x=%`],
            ]) {
                const body = method === "POST" || method === "PUT" ? BODY : undefined;
                assertUnavailable(await ask(service, method, path, { body }));
                assertUnavailable(await ask(service, method, path, { body, token: undefined }));
            }
        const head = await ask(services[0], "HEAD", LIST);
        assert.deepEqual([head.status, head.text, head.headers["retry-after"]], [503, "", "300"]);
    });

    test("shows browsers a page of its own, with what it is made of", async () => {
        await switchTo("on");
        await allAre("maintenance");
        for (const path of ["/", "/api-docs", "/sandbox", "/nothing", "/checks", "/x?api"]) {
            const response = await get(services[0], path, { check: false });
            assert.equal(response.status, 503, path);
            assert.equal(response.headers["content-type"], "text/html; charset=utf-8");
            assert.equal(response.headers["retry-after"], "300");
            assert.match(response.text, /<h1>The service is closed for maintenance<\/h1>/);
            assert.doesNotMatch(response.text, /UTC|<!--/);
            assert.match(response.headers["content-security-policy"], /^default-src 'self';/);
        }
        assert.equal((await get(services[0], "/assets/site.css")).status, 200);
    });

    test("leaves those alone who watch the service", async () => {
        await switchTo("on");
        await allAre("maintenance");
        const check = await get(services[0], "/check");
        assert.deepEqual([check.status, check.text], [200, ""]);
        assert.equal((await get(services[0], "/healthcheck")).json.database.connected, true);
        const ready = await get(services[0], "/ready");
        assert.deepEqual([ready.status, ready.json], [200, { ready: true, wrong: [], mode: "maintenance" }]);
        assert.notEqual((await get(services[0], "/metrics", { check: false })).status, 503);
    });

    test("names its end, and is over then by itself", async () => {
        const end = inSeconds(3600);
        await switchTo("on", "--until", end);
        await allAre("maintenance");
        const response = await ask(services[1], "GET", LIST);
        assertUnavailable(response, null);
        const seconds = Number(response.headers["retry-after"]);
        assert.ok(seconds > 3500 && seconds <= 3600, `${seconds}`);
        const page = await get(services[1], "/", { check: false });
        const shown = new Date(Math.ceil(Date.parse(end) / 60_000) * 60_000).toISOString();
        assert.ok(page.text.includes(`${shown.slice(11, 16)} on ${shown.slice(0, 10)}`), page.text);

        const soon = inSeconds(2);
        assert.equal(await switchTo("on", "--until", soon), `maintenance until ${soon.slice(0, 19)}Z`);
        await until(async () => (await ask(services[0], "GET", LIST)).status === 200, "it is over");
        assert.ok(Date.now() >= Date.parse(soon), "not before its end");
        await allAre("open");
        assert.equal(await switchTo("status"), "open");
    });

    test("read-only turns away what would change something", async () => {
        assert.equal(await switchTo("on", "--read-only"), "read_only");
        const taken = await allAre("read_only");
        assert.ok(taken < SPREADS_WITHIN, `${taken} ms`);
        const [{ count }] = await psql(database, "SELECT count(*) FROM declarations");
        for (const service of services) {
            for (const [method, path] of [
                ["POST", DECLARATIONS],
                ["PUT", `${PARTICIPANTS}/${id("E24")}/withdraw`],
                ["PATCH", LIST],
                ["DELETE", LIST],
                ["POST", "/api/v3/nothing"],
                ["POST", "/api/notify-callback"],
            ]) {
                const body = method === "POST" || method === "PUT" ? BODY : undefined;
                assertUnavailable(await ask(service, method, path, { body, now: NOW }));
            }
            assert.equal((await get(service, LIST, { token })).status, 200);
            assert.equal((await request(service, "HEAD", LIST, { token })).status, 200);
            assert.equal((await get(service, LIST, {})).status, 401);
            assert.equal((await get(service, "/api-docs", {})).status, 200);
            assert.equal((await ask(service, "POST", "/csp_reports")).status, 204);
            assert.equal((await get(service, "/ready")).status, 200);
        }
        assert.deepEqual(await psql(database, "SELECT count(*) FROM declarations"), [{ count }]);
    });

    test("comes before what is wrong with a request, but not before its limits", async () => {
        await switchTo("on");
        await allAre("maintenance");
        assertUnavailable(await ask(services[0], "GET", LIST, { now: "nonsense" }));
        const long = await ask(services[0], "GET", `/api/v3/${"x".repeat(9000)}`);
        assert.equal(long.status, 414);
    });

    test("leaves an event for each change, and a line in each log", async () => {
        const before = await psql(database, "SELECT coalesce(max(id), 0) AS id FROM events");
        await switchTo("on", "--read-only");
        await allAre("read_only");
        await switchTo("on", "--read-only");
        await switchTo("off");
        await allAre("open");
        const events = await psql(
            database,
            `SELECT name, subject_type, before, after FROM events WHERE id > ${before[0].id} ORDER BY id`,
        );
        assert.deepEqual(
            events.map((each) => [each.name, each.before.mode, each.after.mode]),
            [
                ["service read_only", "open", "read_only"],
                ["service open", "read_only", "open"],
            ],
        );
        for (const service of services) {
            const lines = service.logs().filter((line) => line.message === "mode");
            assert.deepEqual(
                lines.slice(-2).map((line) => line.mode),
                ["read_only", "open"],
            );
        }
    });

    test("goes on while the database is away, and when an instance starts", async (t) => {
        const cluster = new Cluster();
        t.after(() => cluster.remove());
        cluster.start();
        const own = cluster.url();
        assert.equal((await runCommand(["migrate"], { database: own })).status, 0);
        assert.equal((await runCommand(["maintenance", "on"], { database: own })).status, 0);
        const service = await startService({ database: own });
        assertUnavailable(await ask(service, "GET", LIST));
        cluster.stop("immediate");
        await until(async () => (await get(service, "/ready")).status === 503, "the database is missed");
        const ready = await get(service, "/ready");
        assert.deepEqual(ready.json, { ready: false, wrong: ["database"], mode: "maintenance" });
        assertUnavailable(await ask(service, "GET", LIST));
        await service.stop();
    });

    for (const args of [
        [],
        ["on", "now"],
        ["on", "--until"],
        ["on", "--until", "tomorrow"],
        ["on", "--until", "2020-01-01T00:00:00Z"],
        ["off", "--read-only"],
        ["status", "on"],
        ["nonsense"],
    ])
        test(`maintenance ${args.join(" ")}: bad usage, and nothing changes`, async () => {
            const result = await maintenance(...args);
            assert.equal(result.status, 64);
            assert.match(result.stderr, /^usage: cpd-api maintenance/);
            assert.equal(await switchTo("status"), "open");
        });
});

test("MAINTENANCE=1 closes one instance, whatever the others are", async () => {
    const closed = await startService({ database, env: { MAINTENANCE: "1" } });
    assertUnavailable(await ask(closed, "GET", LIST));
    assert.equal((await get(closed, "/ready")).json.mode, "maintenance");
    assert.equal((await get(services[0], LIST, { token })).status, 200);
    await closed.stop();
});

describe("/ready", () => {
    const GOOD = { ready: true, wrong: [], mode: "open" };

    test("says so, is not logged, and asks for no HTTPS", async () => {
        const env = { FORCE_HTTPS: "1", LOG_LEVEL: "info" };
        const service = await startService({ database, env });
        for (const path of ["/ready", "/ready/", "//ready?x=1"]) {
            const response = await get(service, path);
            assert.deepEqual([response.status, response.json], [200, GOOD], path);
            assert.equal(response.headers["content-type"], "application/json");
            assert.equal(response.headers["cache-control"], "no-cache");
            assertSecurityHeaders(response);
        }
        assert.equal((await request(service, "HEAD", "/ready")).status, 200);
        assert.equal((await request(service, "POST", "/ready", { check: false })).status, 404);
        assert.equal((await get(service, "/ready/x")).status, 301);
        const paths = service.logs().map((line) => line.path);
        assert.ok(!paths.some((path) => path?.includes("ready")), `${paths}`);
        await service.stop();
    });

    test("misses a database that is away, hangs or was never migrated, at once", async (t) => {
        const cluster = new Cluster();
        t.after(() => cluster.remove());
        cluster.start();
        const service = await startService({ database: cluster.url() });
        const wrong = async () => {
            const begun = Date.now();
            const response = await get(service, "/ready");
            assert.ok(Date.now() - begun < 1000, `${Date.now() - begun} ms`);
            assert.equal(response.status, response.json.wrong.length === 0 ? 200 : 503);
            return response.json.wrong.join();
        };
        await until(async () => (await wrong()) === "migration", "an empty database is too old");
        await runCommand(["migrate"], { database: cluster.url() });
        await until(async () => (await wrong()) === "", "it was migrated");

        cluster.signal("SIGSTOP");
        await until(async () => (await wrong()) === "database", "it hangs");
        cluster.signal("SIGCONT");
        await until(async () => (await wrong()) === "", "it goes on");

        cluster.stop("immediate");
        await until(async () => (await wrong()) === "database", "it is away");
        cluster.start();
        const taken = await until(async () => (await wrong()) === "", "it is back");
        assert.ok(taken < 5000, `${taken} ms`);
        await service.stop();
        cluster.stop();
    });

    test("tells an older schema from a newer one", async (t) => {
        const own = await createDatabase();
        t.after(() => dropDatabase(own));
        const service = await startService({ database: own });
        const becomes = (expected, sql) =>
            psql(own, sql).then(() =>
                until(async () => {
                    const { status, json } = await get(service, "/ready");
                    return json.wrong.join() === expected && (status === 200) === json.ready;
                }, `${expected || "ready"} after ${sql}`),
            );
        await becomes("", "SELECT 1");
        await becomes(
            "migration",
            `CREATE TABLE taken AS SELECT * FROM schema_migrations ORDER BY version DESC LIMIT 1;
             DELETE FROM schema_migrations WHERE version IN (SELECT version FROM taken)`,
        );
        await becomes("", "INSERT INTO schema_migrations SELECT * FROM taken");
        await becomes("", "INSERT INTO schema_migrations (version, name) VALUES (9999, 'of the next release')");
        await becomes("", "UPDATE schema_functions SET digest = 'of another release'");
        await becomes("migration", "DELETE FROM schema_migrations WHERE version = 9999");
        // Functions that came after ours: the next release was there, and its functions are used.
        assert.equal((await runCommand(["migrate"], { database: own })).status, 0);
        await becomes("", "INSERT INTO schema_functions (digest) VALUES ('of the next release')");
        // Back to this release: its functions are put in again, and are the last word.
        assert.equal((await runCommand(["migrate"], { database: own })).status, 0);
        const digests = await psql(own, "SELECT digest FROM schema_functions ORDER BY applied_at");
        assert.deepEqual(
            digests.map(({ digest }) => (digest.length === 64 ? "ours" : digest)),
            ["of another release", "ours"],
        );
        await service.stop();
    });

    test("misses a pool of which nothing comes back", async (t) => {
        const env = { DB_POOL: "1", DB_WAIT_MS: "600", DB_STATEMENT_MS: "20000" };
        const service = await startService({ database, env });
        t.after(() => service.stop());
        await get(service, LIST, { token });
        const child = spawn("psql", ["-Xqt", "-d", database], { stdio: ["pipe", "pipe", "inherit"] });
        const ended = new Promise((done) => child.on("close", done));
        const locked = new Promise((done) => child.stdout.once("data", done));
        child.stdin.write("BEGIN; LOCK TABLE statements IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n");
        await locked;
        const slow = get(service, LIST, { token });
        await until(async () => (await get(service, "/ready")).json.wrong.join() === "pool", "it is stuck");
        child.stdin.end("COMMIT;\n");
        await ended;
        assert.equal((await slow).status, 200);
        assert.deepEqual((await get(service, "/ready")).json, GOOD);
    });

    test("is not what it was while the service stops", async (t) => {
        const service = await startService({ database });
        await get(service, LIST, { token });
        const child = spawn("psql", ["-Xqt", "-d", database], { stdio: ["pipe", "pipe", "inherit"] });
        t.after(() => child.kill());
        const locked = new Promise((done) => child.stdout.once("data", done));
        child.stdin.write("BEGIN; LOCK TABLE statements IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n");
        await locked;
        const slow = get(service, LIST, { token }); // keeps the service from stopping at once
        // On connections that stay; more than one, as that whose answer is under way when the stop begins is closed.
        const early = await Promise.all(Array.from({ length: 4 }, () => get(service, "/ready")));
        for (const { status } of early) assert.equal(status, 200);
        service.child.kill("SIGTERM");
        await until(async () => {
            const response = await get(service, "/ready", { check: false }).catch(() => null);
            assert.ok(response !== null, "the connections are still answered");
            return response.status === 503 && response.json.wrong.join() === "draining";
        }, "it drains");
        child.stdin.end("COMMIT;\n");
        assert.equal((await slow).status, 200);
        assert.deepEqual(await service.exited, { status: 0, signal: null });
        service.isRunning = false;
    });
});
