// What one transaction stores of another's people: unfunded mentors hang on mentees and mentor, who are locked one by one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { runCommand } from "../support/service.mjs";

let database;
before(async () => {
    database = await createDatabase();
    const result = await runCommand(["seed", "--profile", "sandbox", "--as-of", "2025-11-21"], { database });
    assert.equal(result.status, 0, result.stderr);
});
after(() => dropDatabase(database));

const KEY = 4242;

/** Polls until SQL counts at least so many. */
async function until(sql, count) {
    const deadline = Date.now() + 30_000;
    while ((await psql(database, sql))[0].n < count)
        assert.ok(Date.now() < deadline, "the sessions did not come to wait in time");
}

const holders = `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY} AND granted`;
const waiters = `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;

/** Runs SQL in a transaction that stays open until a row stands in the table gate. */
async function hold(sql) {
    const gate = psql(
        database,
        `SELECT pg_advisory_lock(${KEY});
        DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$;`,
    );
    await until(holders, 1);
    return [gate, psql(database, `BEGIN; ${sql}; SELECT pg_advisory_lock(${KEY}); COMMIT;`)];
}

test("two mentees leave one unfunded mentor at once: nobody is left on the list", async () => {
    await psql(database, "CREATE TABLE gate (is_open boolean)");
    const [pair] = await psql(
        database,
        "SELECT lead_provider_id AS provider, training_record_id AS mentor FROM provider_unfunded_mentors ORDER BY 2 LIMIT 1",
    );
    const named = `SELECT induction_record_id AS id FROM provider_enrolments
        WHERE is_latest AND lead_provider_id = '${pair.provider}' AND mentor_training_record_id = '${pair.mentor}'`;
    await psql(
        database,
        `UPDATE induction_records SET mentor_training_record_id = '${pair.mentor}'
          WHERE id IN (SELECT e.induction_record_id FROM provider_enrolments e
                        WHERE e.is_latest AND e.kind = 'ect' AND e.lead_provider_id = '${pair.provider}'
                          AND e.mentor_training_record_id IS DISTINCT FROM '${pair.mentor}' LIMIT 2)`,
    );
    const [first, second, ...others] = await psql(database, named);
    const leave = ({ id }) => `UPDATE induction_records SET mentor_training_record_id = NULL WHERE id = '${id}'`;
    for (const other of others) await psql(database, leave(other));
    const held = await hold(leave(first));
    await until(waiters, 1);
    const late = psql(database, leave(second));
    await until(waiters, 2);
    await psql(database, "INSERT INTO gate VALUES (true)");
    await Promise.all([...held, late]);

    const left = await psql(
        database,
        `SELECT 1 FROM provider_unfunded_mentors
          WHERE lead_provider_id = '${pair.provider}' AND training_record_id = '${pair.mentor}'`,
    );
    assert.equal(left.length, 0);
    assert.equal((await runCommand(["verify"], { database })).stdout, "0 differences\n");
});
