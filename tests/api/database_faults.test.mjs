// A database that goes and comes back: decisions.md 1, contract platform.md 7.2.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertSecurityHeaders } from "../support/check_list.mjs";
import { get, request } from "../support/client.mjs";
import { Cluster } from "../support/cluster.mjs";
import { psql } from "../support/database.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { id, importRecords, TOKENS, world } from "../support/world.mjs";

const token = TOKENS["LP-A"];
const PATH = "/api/v3/statements";

describe("a database", () => {
    let cluster;
    let database;
    let service;
    before(async () => {
        cluster = new Cluster();
        cluster.start();
        database = cluster.url();
        const migrated = await runCommand(["migrate"], { database });
        assert.equal(migrated.status, 0, migrated.stderr);
        await importRecords(database, world());
        service = await startService({ database });
    });
    after(async () => {
        await service?.stop();
        cluster?.remove();
    });

    const works = async () => {
        for (const path of [PATH, "/api/v3/participants/ecf", "/healthcheck"]) {
            const response = await get(service, path, { token });
            assert.equal(response.status, 200, `${path}: ${response.text}`);
        }
    };

    async function isAway() {
        for (const [method, path] of [
            ["GET", PATH],
            ["GET", `/api/v3/participants/ecf/${id("E24")}`],
            ["PUT", `/api/v3/participants/ecf/${id("E24")}/withdraw`],
            ["POST", "/api/v3/participant-declarations"],
        ]) {
            const begun = Date.now();
            const body = method === "GET" ? undefined : { data: { attributes: { x: 1 } } };
            const response = await request(service, method, path, { token, body });
            assert.ok(Date.now() - begun < 3000);
            assert.equal(response.status, 503, `${path}: ${response.text}`);
            assert.equal(response.text, '{"error":"Service unavailable"}');
            assert.equal(response.headers["content-type"], "application/vnd.api+json");
            assert.equal(response.headers["retry-after"], "5");
            assertSecurityHeaders(response);
        }
        const unknown = await get(service, PATH, { token: "never seen" });
        assert.equal(unknown.status, 503, "whether the token is one cannot be told");
        assert.equal((await get(service, PATH, {})).status, 401);
        assert.equal((await get(service, "/api/v3/nothing", {})).status, 404);
        assert.equal((await get(service, "/check")).status, 200);
        const health = await get(service, "/healthcheck");
        assert.equal(health.status, 500);
        assert.deepEqual(health.json.database, {
            connected: false,
            populated: false,
            migration_version: "FAIL",
        });
        assert.doesNotMatch(JSON.stringify(health.json), /socket|postgresql|FATAL/);
    }

    for (const mode of ["fast", "immediate"])
        test(`that is stopped (${mode}) is 503 until it is back`, async () => {
            await works();
            cluster.stop(mode);
            await isAway();
            cluster.start();
            await works();
        });

    test("that ends the sessions is not noticed", async () => {
        await works();
        await psql(
            database,
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name LIKE 'cpd-api%'",
        );
        await works();
    });

    test("that takes no more sessions is 503 until it does", async () => {
        await psql(database, "CREATE ROLE poor LOGIN CONNECTION LIMIT 0");
        const poor = await startService({ database: database.replace("user=cpd", "user=poor") });
        const response = await get(poor, PATH, { token });
        assert.equal(response.status, 503);
        assert.doesNotMatch(response.text, /connection/);
        await poor.stop();
    });

    test("of which a table is missing is a 500 without a word about it", async () => {
        await psql(database, "ALTER TABLE statements RENAME TO elsewhere");
        const response = await get(service, PATH, { token });
        await psql(database, "ALTER TABLE elsewhere RENAME TO statements");
        assert.equal(response.status, 500);
        assert.equal(response.text, '{"error":"Internal server error"}');
        assert.equal(response.headers["content-type"], "application/vnd.api+json");
        assertSecurityHeaders(response);
        await works();
    });

    test("that was away when the service started is used when it comes", async () => {
        cluster.stop();
        const early = await startService({ database });
        const response = await get(early, PATH, { token });
        assert.equal(response.status, 503);
        cluster.start();
        assert.equal((await get(early, PATH, { token })).status, 200);
        await early.stop();
        await works();
    });

    test("its faults stand in the log, without its words about values", async () => {
        const faults = service.logs().filter((line) => line.fault !== undefined);
        assert.ok(faults.length > 0);
        for (const line of faults) assert.ok(["warn", "error"].includes(line.level));
    });
});
