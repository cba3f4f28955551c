// The reference data that `cpd-api migrate` loads, and the statements made from its calendar.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { ROOT } from "../support/environment.mjs";
import { runCommand } from "../support/service.mjs";

const PROVIDER = "33333333-3333-4333-8333-333333333333";
let database;

before(async () => {
    database = await createDatabase();
    await psql(
        database,
        `INSERT INTO lead_providers (id, name, cpd_name) VALUES ('${PROVIDER}', 'Example Institute', 'Example Group'),
                (gen_random_uuid(), 'Twin', 'One'), (gen_random_uuid(), 'Twin', 'Two')`,
    );
});
after(() => dropDatabase(database));

const count = async (from) => (await psql(database, `SELECT count(*)::int AS n FROM ${from}`))[0].n;
const migrate = () => runCommand(["migrate"], { database });

describe("migrate", () => {
    test("loads every line of every shipped file", async () => {
        for (const table of [
            ...["cohorts", "schedules", "milestones"],
            ...["statement_calendar", "evidence_rules", "training_status_reasons"],
        ]) {
            const text = readFileSync(join(ROOT, "db/reference", `${table}.csv`), "utf8");
            assert.equal(await count(table), text.trim().split("\n").length - 1, table);
        }
        const [milestone] = await psql(
            database,
            `SELECT start_date, milestone_date FROM milestones
              WHERE (cohort, schedule_identifier, declaration_type) = (2024, 'ecf-standard-september', 'retained-1')`,
        );
        assert.deepEqual(milestone, { start_date: "2025-01-01", milestone_date: "2025-03-31" });
    });

    test("keeps what was changed since, and adds what is missing", async () => {
        await psql(
            database,
            `UPDATE cohorts SET payments_frozen_at = '2030-01-01' WHERE start_year = 2022;
             DELETE FROM training_status_reasons WHERE reason = 'career-break'`,
        );
        assert.equal((await migrate()).status, 0);
        assert.equal(await count("cohorts WHERE start_year = 2022 AND payments_frozen_at = '2030-01-01'"), 1);
        assert.equal(await count("training_status_reasons WHERE reason = 'career-break'"), 1);
    });

    test("brings a newer file's values in, touching nothing else", async () => {
        await psql(database, "UPDATE reference_loads SET digest = 'of an older file'");
        const before = await psql(database, "SELECT start_year, updated_at FROM cohorts WHERE start_year <> 2022");
        assert.equal((await migrate()).status, 0);
        assert.equal(await count("cohorts WHERE start_year = 2022 AND payments_frozen_at IS NULL"), 1);
        assert.deepEqual(
            await psql(database, "SELECT start_year, updated_at FROM cohorts WHERE start_year <> 2022"),
            before,
        );
    });
});

describe("statements create", () => {
    const create = (...args) => runCommand(["statements", "create", ...args], { database });

    test("gives a provider one cohort's statements, then the rest, then none", async () => {
        const calendar = await count("statement_calendar");
        const cohort = await count("statement_calendar WHERE cohort = 2024");
        assert.equal((await create("--lead-provider", "example group", "--cohort", "2024")).status, 0);
        assert.equal(await count("statements"), cohort);
        assert.equal((await create("--lead-provider", PROVIDER)).stdout, `${calendar - cohort} statements created\n`);
        assert.equal((await create("--lead-provider", "Example Institute")).stdout, "0 statements created\n");
        assert.equal(await count(`statements WHERE lead_provider_id = '${PROVIDER}'`), calendar);
    });

    test("starts them in the state of the day", async () => {
        assert.equal(
            await count(
                `statements WHERE state <> CASE WHEN payment_date < current_date THEN 'paid'
                                                WHEN deadline_date <= current_date THEN 'payable' ELSE 'open' END`,
            ),
            0,
        );
    });

    test("leaves those that exist as they are", async () => {
        await psql(database, "UPDATE statements SET state = 'open' WHERE name = 'January 2025' AND cohort = 2024");
        await create("--lead-provider", PROVIDER);
        assert.equal(await count("statements WHERE name = 'January 2025' AND cohort = 2024 AND state = 'open'"), 1);
    });

    test("refuses a provider that is unknown or not the only one, and bad usage", async () => {
        assert.equal((await create("--lead-provider", "Nobody")).status, 1);
        const twin = await create("--lead-provider", "Twin");
        assert.equal(twin.status, 1);
        assert.match(twin.stderr, /more than one/);
        for (const args of [[], ["--lead-provider"], ["--cohort", "2024"], ["--lead-provider", PROVIDER, "--cohort", "x"]])
            assert.equal((await create(...args)).status, 64, args.join(" "));
    });
});
