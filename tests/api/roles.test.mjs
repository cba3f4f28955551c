// Two roles: one owns the schema, the other serves and owns nothing (docs/architecture.md, decision 29).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { get, put } from "../support/client.mjs";
import { Cluster } from "../support/cluster.mjs";
import { psql } from "../support/database.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { id, importRecords, TOKENS, world } from "../support/world.mjs";

const token = TOKENS["LP-A"];

describe("the service's role", () => {
    let cluster;
    let database;
    let service;
    const run = (...args) => runCommand(args, { database });
    before(async () => {
        cluster = new Cluster();
        cluster.start();
        const owner = cluster.url();
        await psql(owner, "CREATE ROLE serving LOGIN");
        database = owner.replace("user=cpd", "user=serving");
        const migrated = await runCommand(["migrate"], { database, env: { MIGRATION_DATABASE_URL: owner } });
        assert.equal(migrated.status, 0, migrated.stderr);
        await importRecords(database, world());
        service = await startService({ database });
    });
    after(async () => {
        await service?.stop();
        cluster?.remove();
    });

    for (const path of [
        "participants/ecf", "participants/ecf?page[page]=9", "participants/ecf?filter[updated_since]=2020-01-01T00:00:00Z",
        "participants/ecf/transfers", "unfunded-mentors/ecf", "participant-declarations", "schools/ecf?filter[cohort]=2024",
        "partnerships/ecf", "delivery-partners", "statements", "requests",
    ])
        test(`reads ${path}`, async () => {
            const response = await get(service, `/api/v3/${path}`, { token });
            assert.equal(response.status, 200, response.text);
        });

    test("writes", async () => {
        const body = { data: { attributes: { reason: "bereavement", course_identifier: "ecf-induction" } } };
        const response = await put(service, `/api/v3/participants/ecf/${id("E24")}/defer`, body, { token });
        assert.equal(response.status, 200, response.text);
    });

    for (const args of [
        ["verify"], ["worker", "--once"], ["tasks", "list"], ["requests", "list"], ["requests", "purge", "--older-than", "90d"],
        ["maintenance", "on", "--read-only"], ["maintenance", "off"], ["token", "list"], ["export"],
    ])
        test(args.join(" "), async () => {
            const { status, stderr } = await run(...args);
            assert.equal(status, 0, stderr);
        });

    test("changes neither the schema nor what has happened", async () => {
        for (const sql of [
            "CREATE TABLE mine (x int)", "ALTER TABLE users ADD COLUMN x int", "DELETE FROM events",
            "UPDATE events SET name = 'x'", "DELETE FROM schema_migrations",
        ])
            await assert.rejects(psql(database, sql), /permission denied|must be owner/, sql);
    });
});
