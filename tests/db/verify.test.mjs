// `cpd-api verify` and `cpd-api explain`: what is stored is what the rules say, and why.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { runCommand } from "../support/service.mjs";

let database;

before(async () => {
    database = await createDatabase();
    const result = await runCommand(["seed", "--profile", "minimal", "--as-of", "2025-11-21"], { database });
    assert.equal(result.status, 0, result.stderr);
});
after(() => dropDatabase(database));

const one = async (sql) => Object.values((await psql(database, sql))[0])[0];
const explain = (provider, id) => runCommand(["explain", provider, id], { database });

describe("verify", () => {
    const verify = () => runCommand(["verify"], { database });

    test("finds nothing after a seed", async () => {
        const result = await verify();
        assert.equal(result.stdout, "0 differences\n");
        assert.equal(result.status, 0);
    });

    test("finds what is missing, too much, out of date, or of nobody", async () => {
        const stray = "11111111-1111-4111-8111-111111111111";
        await psql(
            database,
            `CREATE TABLE kept AS SELECT * FROM provider_enrolments;
             DELETE FROM provider_enrolments WHERE training_record_id = (SELECT min(training_record_id::text)::uuid FROM kept);
             UPDATE provider_enrolments SET school_urn = 'changed'
              WHERE training_record_id = (SELECT max(training_record_id::text)::uuid FROM kept);
             INSERT INTO provider_enrolments
             SELECT (jsonb_populate_record(k, jsonb_build_object('lead_provider_id', '${stray}'))).* FROM kept k
              WHERE training_record_id = (SELECT max(training_record_id::text)::uuid FROM kept) LIMIT 1;
             INSERT INTO provider_enrolments
             SELECT (jsonb_populate_record(k, jsonb_build_object('participant_id', '${stray}',
                                                                 'lead_provider_id', '${stray}'))).* FROM kept k
              WHERE training_record_id = (SELECT min(training_record_id::text)::uuid FROM kept) LIMIT 1`,
        );
        const result = await verify();
        assert.equal(result.status, 1);
        for (const what of [/is missing/, /is out of date/, /should not be there\n/, /no such participant/])
            assert.match(result.stdout, what);
        assert.match(result.stdout, /\n[1-9][0-9]* differences\n$/);

        await psql(
            database,
            "TRUNCATE provider_enrolments; INSERT INTO provider_enrolments SELECT * FROM kept; DROP TABLE kept",
        );
        assert.equal((await verify()).status, 0);
    });

    test("finds nothing after a change by a session with another encoding", async () => {
        await psql(
            database,
            `SET client_encoding TO LATIN1;
             UPDATE users SET full_name = full_name || chr(233)
              WHERE id = (SELECT min(participant_id::text)::uuid FROM provider_enrolments)`,
        );
        const found = await one(
            "SELECT count(*) FROM provider_enrolments WHERE full_name LIKE '%' || chr(233) AND position(convert_to(full_name, 'UTF8') in shown) > 0",
        );
        assert.ok(found > 0, "what is shown is UTF-8");
        assert.equal((await verify()).stdout, "0 differences\n");
    });

    // [what is wrong, how it became so, what is said]
    const TAMPERED = [
        ["a transfer is missing", "DELETE FROM provider_transfers", /provider_transfers.*is missing/],
        ["a transfer is old", "UPDATE provider_transfers SET participant_updated_at = '2001-01-01'", /provider_transfers.*is out of date/],
        ["a transfer of nobody", "UPDATE provider_transfers SET participant_id = gen_random_uuid()", /provider_transfers.*no such participant/],
        ["an unfunded mentor is missing", "DELETE FROM provider_unfunded_mentors", /provider_unfunded_mentors.*is missing/],
        ["an unfunded mentor is old", "UPDATE provider_unfunded_mentors SET participant_updated_at = '2001-01-01'", /provider_unfunded_mentors.*is out of date/],
        ["an unfunded mentor too many", `INSERT INTO provider_unfunded_mentors
            SELECT e.lead_provider_id, e.training_record_id, e.participant_id, now(), now() FROM provider_enrolments e
             WHERE e.kind = 'mentor' AND NOT EXISTS (SELECT FROM provider_unfunded_mentors u
                        WHERE (u.lead_provider_id, u.training_record_id) = (e.lead_provider_id, e.training_record_id))
             LIMIT 1`, /provider_unfunded_mentors.*should not be there/],
        ["a mark is out of place", "UPDATE provider_page_marks SET position = position + 1", /provider_page_marks.*is out of place/],
    ];
    for (const [what, sql, said] of TAMPERED)
        test(`finds that ${what}, and a rebuild mends it`, async () => {
            await psql(database, sql);
            const result = await verify();
            assert.equal(result.status, 1);
            assert.match(result.stdout, said);
            await psql(database, "DO $$ BEGIN PERFORM rebuild_projections(); END $$");
            assert.equal((await verify()).stdout, "0 differences\n");
        });

    test("takes no arguments", async () => {
        assert.equal((await runCommand(["verify", "x"], { database })).status, 64);
    });
});

describe("explain", () => {
    const SEEN = "pass  so the lead provider sees";
    const UNSEEN = "fail  so the lead provider sees";
    const SAME = "pass  the stored projection says the same";

    test("agrees with what each provider sees, of every participant", async () => {
        const people = await psql(
            database,
            `SELECT tr.id, lp.id AS provider, EXISTS (SELECT FROM provider_enrolments e
                        WHERE (e.training_record_id, e.lead_provider_id) = (tr.id, lp.id)) AS is_seen
               FROM training_records tr CROSS JOIN lead_providers lp
              WHERE lp.name IN ('Capita', 'Teach First') AND tr.kind = 'ect'`,
        );
        for (const { id, provider, is_seen } of people) {
            const { stdout, status } = await explain(provider, id);
            assert.equal(status, 0);
            assert.ok(stdout.includes(is_seen ? SEEN : UNSEEN), stdout);
            assert.ok(stdout.includes(SAME), stdout);
        }
    });

    test("tells why another provider's declaration is not seen", async () => {
        const voided = await one(
            `SELECT d.id FROM declarations d JOIN lead_providers lp ON lp.id = d.lead_provider_id
              WHERE d.state = 'voided' AND lp.name <> 'Capita' LIMIT 1`,
        );
        const { stdout } = await explain("capita", voided);
        assert.match(stdout, /^fail {2}it was made by this lead provider$/m);
        assert.match(stdout, /^fail {2}or: it is submitted, eligible, payable or paid,$/m);
        assert.ok(stdout.includes(UNSEEN) && stdout.includes(SAME), stdout);
    });

    test("knows every kind of record", async () => {
        for (const sql of [
            "SELECT user_id FROM participants LIMIT 1",
            "SELECT from_participant_id FROM participant_id_changes LIMIT 1",
            "SELECT id FROM training_records LIMIT 1",
            "SELECT id FROM declarations LIMIT 1",
            "SELECT id FROM partnerships LIMIT 1",
            "SELECT id FROM schools LIMIT 1",
            "SELECT id FROM statements LIMIT 1",
            "SELECT id FROM delivery_partners LIMIT 1",
        ]) {
            const { status, stdout, stderr } = await explain("Capita", await one(sql));
            assert.equal(status, 0, `${sql}\n${stderr}`);
            assert.match(stdout, /^(pass|fail) {2}/m, sql);
        }
    });

    test("prints no personal data", async () => {
        const people = await psql(
            database,
            "SELECT u.id, u.full_name, u.email, p.trn FROM users u JOIN participants p ON p.user_id = u.id LIMIT 10",
        );
        for (const { id, full_name, email, trn } of people) {
            const { stdout } = await explain("Capita", id);
            for (const value of [full_name, email, trn]) assert.ok(!stdout.includes(value), stdout);
        }
    });

    test("refuses what it cannot explain", async () => {
        const id = await one("SELECT id FROM training_records LIMIT 1");
        assert.equal((await explain("Nobody at all", id)).status, 1);
        assert.equal((await explain("Capita", "22222222-2222-4222-8222-222222222222")).status, 1);
        assert.equal((await explain("Capita", "not-an-id")).status, 64);
    });
});
