// `cpd-api seed`: the sample data is the same for the same seed and day, and obeys the contract's rules.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { runCommand } from "../support/service.mjs";

const AS_OF = "2025-11-21";
const databases = [];

async function newDatabase() {
    const database = await createDatabase();
    databases.push(database);
    return database;
}

const seed = (database, args, env) => runCommand(["seed", ...args], { database, env });

async function seeded(profile, args = [], env) {
    const database = await newDatabase();
    const result = await seed(database, ["--profile", profile, "--as-of", AS_OF, ...args], env);
    assert.equal(result.status, 0, result.stderr);
    return database;
}

/** One digest over every row of every table, but for the numbers of changes, which take random steps. */
async function digestOf(database) {
    const tables = await psql(
        database,
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'change_numbers' ORDER BY tablename",
    );
    const digests = tables.map(
        ({ name }) =>
            `SELECT '${name}' AS name, md5(string_agg(row, '' ORDER BY row)) AS digest FROM (SELECT md5(t::text) AS row FROM "${name}" t) rows`,
    );
    return psql(database, `${digests.join(" UNION ALL ")} ORDER BY name`);
}

const count = async (database, from) =>
    (await psql(database, `SELECT count(*)::int AS n FROM ${from}`))[0].n;

/** Each query finds what breaks a rule, and so must find nothing. */
const VIOLATIONS = {
    "a declaration's state and its line items tell the same story": `
        SELECT d.id FROM declarations d
          LEFT JOIN statement_line_items li ON li.declaration_id = d.id
          LEFT JOIN statements s ON s.id = li.statement_id
         WHERE CASE WHEN d.state = 'submitted' THEN li.id IS NOT NULL
                    WHEN d.state = 'eligible' THEN (li.state, s.state) IS DISTINCT FROM ('eligible', 'open')
                    WHEN d.state IN ('payable', 'paid')
                    THEN (li.state, s.state) IS DISTINCT FROM (d.state, d.state)
                    WHEN d.state = 'voided' THEN li.state <> 'voided'
                    WHEN d.state = 'ineligible' THEN li.state IS DISTINCT FROM 'ineligible'
                    ELSE li.state IS NULL OR li.state NOT IN ('paid', d.state)
                      OR li.state = 'paid' AND s.state <> 'paid'
                      OR li.state = 'clawed_back' AND s.state <> 'paid'
                      OR li.state = 'awaiting_clawback' AND s.state = 'paid' END`,
    "every billable declaration has one billable line item": `
        SELECT d.id FROM declarations d
         WHERE d.state IN ('eligible', 'payable', 'paid')
           AND (SELECT count(*) FROM statement_line_items li
                 WHERE li.declaration_id = d.id AND li.state = d.state) <> 1`,
    "line items stand on an output fee statement of provider and cohort that was open then": `
        SELECT li.id FROM statement_line_items li
          JOIN statements s ON s.id = li.statement_id
          JOIN declarations d ON d.id = li.declaration_id
         WHERE (s.lead_provider_id, s.cohort) <> (d.lead_provider_id, d.cohort) OR NOT s.output_fee
            OR s.deadline_date < li.created_at::date`,
    "statements are open up to their deadline": `
        SELECT s.id FROM statements s CROSS JOIN seed_runs r
         WHERE (s.state = 'open') <> (s.deadline_date >= r.as_of) OR s.state = 'paid' AND s.payment_date >= r.as_of`,
    "declarations are dated inside the milestone of their schedule": `
        SELECT d.id FROM declarations d
          JOIN training_records tr ON tr.id = d.training_record_id
          LEFT JOIN milestones m
            ON (m.cohort, m.declaration_type) = (d.cohort, d.declaration_type)
           AND m.schedule_identifier = CASE WHEN tr.cohort_changed_after_payments_frozen AND d.cohort < tr.schedule_cohort
                                            THEN 'ecf-standard-september' ELSE tr.schedule_identifier END
         WHERE m.cohort IS NULL OR d.declaration_date < m.start_date OR d.declaration_date >= m.milestone_date + 1`,
    "evidence is what the cohort asks for": `
        SELECT d.id FROM declarations d
          JOIN training_records tr ON tr.id = d.training_record_id
          JOIN cohorts c ON c.start_year = d.cohort
          JOIN evidence_rules e ON (e.detailed_evidence_types, e.kind, e.declaration_type)
                                 = (c.detailed_evidence_types, tr.kind, d.declaration_type)
         WHERE CASE e.rule WHEN 'ignored' THEN d.evidence_held IS NOT NULL
                           WHEN 'optional' THEN d.evidence_held <> ALL (e.allowed_values)
                           WHEN 'required' THEN (d.evidence_held = ANY (e.allowed_values)) IS NOT TRUE
                           ELSE true END`,
    "nothing is declared after a withdrawal": `
        SELECT d.id FROM declarations d
          JOIN training_states t USING (training_record_id, lead_provider_id)
         WHERE t.state = 'withdrawn' AND t.created_at <= d.declaration_date`,
    "duplicates follow the declaration of somebody else with the same teacher number": `
        SELECT d.id FROM declarations d
          LEFT JOIN declarations first ON first.id = d.superseded_by_id
          LEFT JOIN participants other ON other.user_id = first.participant_id
          LEFT JOIN participants p ON p.user_id = d.participant_id
         WHERE (d.state = 'ineligible') <> (d.superseded_by_id IS NOT NULL)
            OR d.state = 'ineligible'
               AND (p.user_id = other.user_id OR p.trn IS DISTINCT FROM other.trn OR d.created_at < first.created_at)`,
    "a training record has at most one open induction record, and none that ends before it starts": `
        SELECT training_record_id FROM induction_records GROUP BY 1
        HAVING count(*) FILTER (WHERE end_date IS NULL) > 1 OR bool_or(end_date <= start_date)`,
    "a training record stands as its newest induction record does": `
        SELECT tr.id FROM training_records tr CROSS JOIN seed_runs r
         CROSS JOIN LATERAL (SELECT * FROM induction_records ir
                              WHERE ir.training_record_id = tr.id AND ir.created_at <= ir.start_date + interval '1 year'
                                AND (ir.start_date < r.as_of OR NOT ir.school_transfer)
                              ORDER BY ir.end_date IS NOT NULL, ir.start_date DESC LIMIT 1) newest
         WHERE newest.training_status <> tr.training_status
            OR (newest.schedule_cohort, newest.schedule_identifier) <> (tr.schedule_cohort, tr.schedule_identifier)`,
    "mentors who completed were declared to have": `
        SELECT tr.id FROM training_records tr
         WHERE tr.mentor_completion_reason = 'completed_declaration_received'
           AND tr.mentor_completion_date IS DISTINCT FROM
               (SELECT max(d.declaration_date)::date FROM declarations d
                 WHERE d.training_record_id = tr.id AND d.declaration_type = 'completed'
                   AND d.state IN ('submitted', 'eligible', 'payable', 'paid'))`,
    "a change is stamped on the record and the person above it": `
        SELECT ir.id FROM induction_records ir
          JOIN training_records tr ON tr.id = ir.training_record_id
          JOIN users u ON u.id = tr.participant_id
         WHERE ir.updated_at > tr.updated_at OR tr.updated_at > u.updated_at OR ir.updated_at < ir.created_at`,
    "nothing is stamped after the day": `
        SELECT id FROM users, seed_runs WHERE greatest(users.created_at, users.updated_at) > as_of
         UNION ALL
        SELECT id FROM declarations, seed_runs WHERE greatest(declarations.created_at, declarations.updated_at) > as_of
         UNION ALL
        SELECT id FROM induction_records i, seed_runs WHERE greatest(i.created_at, i.updated_at) > as_of`,
    "everybody is invented": "SELECT id FROM users WHERE email NOT LIKE '%@example.com'",
};

async function assertNoViolation(database) {
    for (const [rule, query] of Object.entries(VIOLATIONS))
        assert.equal(await count(database, `(${query}) broken`), 0, rule);
    const verified = await runCommand(["verify"], { database });
    assert.equal(verified.stdout, "0 differences\n");
    assert.equal(verified.status, 0);
}

after(() => Promise.all(databases.map(dropDatabase)));

describe("the sandbox profile", () => {
    let database;
    before(async () => (database = await seeded("sandbox")));

    test("obeys the rules", () => assertNoViolation(database));

    test("has five schools of fifty for each of seven lead providers and five cohorts", async () => {
        const [classes] = await psql(
            database,
            `SELECT count(*)::int AS classes, min(people)::int AS people
               FROM (SELECT count(DISTINCT tr.id) AS people
                       FROM training_records tr
                       JOIN schools s ON s.id = tr.school_id AND s.urn BETWEEN '400001' AND '400175'
                      GROUP BY tr.school_id, tr.cohort HAVING count(*) > 20) c`,
        );
        assert.equal(classes.classes, 175);
        const people = await count(database, "participants");
        assert.ok(people > 9000 && people < 11000, `${people} participants`);
        assert.equal(await count(database, "lead_providers WHERE ecf"), 7);
    });

    test("shows every state and story", async () => {
        for (const from of [
            "(SELECT DISTINCT state FROM declarations) s HAVING count(*) = 8",
            "training_records WHERE training_status = 'deferred'",
            "training_records WHERE cohort_changed_after_payments_frozen",
            "induction_records WHERE school_transfer",
            "induction_records WHERE induction_status = 'leaving' AND end_date > '2025-11-21'",
            "partnerships WHERE challenge_reason IS NOT NULL",
            "partnerships WHERE relationship",
            "participant_id_changes",
            "(SELECT participant_id FROM training_records GROUP BY 1 HAVING count(*) = 2) in_both_roles",
            "users WHERE full_name = 'VLAD IMPALOR'",
        ])
            assert.ok((await count(database, from)) > 0, from);
    });

    test("is the same again for the same seed and day, and another for another seed", async () => {
        const [first, second, other] = await Promise.all([
            digestOf(database),
            seeded("sandbox").then(digestOf),
            seeded("sandbox", ["--seed", "2"]).then(digestOf),
        ]);
        assert.deepEqual(second, first);
        const digest = (digests, table) => digests.find(({ name }) => name === table).digest;
        for (const table of ["users", "schools", "declarations", "induction_records"])
            assert.notEqual(digest(other, table), digest(first, table), table);
        assert.equal(digest(other, "lead_providers"), digest(first, "lead_providers"));
    });

    test("changes nothing when it is seeded again", async () => {
        const before = await digestOf(database);
        for (const args of [["--as-of", AS_OF], []]) {
            const again = await seed(database, ["--profile", "sandbox", ...args]);
            assert.equal(again.status, 0, again.stderr);
        }
        assert.deepEqual(await digestOf(database), before);
    });

    test("refuses another profile, seed or day on top of it", async () => {
        for (const args of [
            ["--profile", "minimal"],
            ["--seed", "2"],
            ["--as-of", "2025-11-22"],
        ])
            assert.equal((await seed(database, args)).status, 1, args.join(" "));
    });
});

describe("the minimal profile", () => {
    test("has every state of a declaration once for each lead provider", async () => {
        const database = await seeded("minimal");
        await assertNoViolation(database);
        const states = await psql(
            database,
            `SELECT lead_provider_id, array_agg(state ORDER BY state) AS states FROM declarations GROUP BY 1`,
        );
        assert.equal(states.length, 7);
        for (const { states: found } of states)
            assert.deepEqual(found, [
                ...["awaiting_clawback", "clawed_back", "eligible", "ineligible"],
                ...["paid", "payable", "submitted", "voided"],
            ]);
        assert.equal(await count(database, "participants"), 49);
        assert.equal(await count(database, "partnerships WHERE challenge_reason IS NOT NULL"), 7);
        assert.equal(await count(database, "participant_id_changes"), 7);
        assert.equal(await count(database, "induction_records WHERE school_transfer"), 7);
    });

    for (const day of ["2021-09-01", "2022-03-01", "2024-02-29", "2026-01-01", "2029-01-01"])
        test(`obeys the rules as of ${day}`, async () => {
            const database = await newDatabase();
            const result = await seed(database, ["--profile", "minimal", "--as-of", day]);
            assert.equal(result.status, 0, result.stderr);
            await assertNoViolation(database);
        });
});

describe("refusals", () => {
    const DEPLOYED = { TOKEN_HASH_SECRET: "a secret for tests of forty characters..", FORCE_HTTPS: "1" };

    test("production is never seeded", async () => {
        const database = await newDatabase();
        const result = await seed(database, ["--profile", "minimal"], { ...DEPLOYED, APP_ENV: "production" });
        assert.equal(result.status, 1);
        assert.match(result.stderr, /production/);
        assert.equal(await count(database, "participants"), 0);
    });

    test("the sandbox has no known tokens, a test environment has six", async () => {
        const open = await seeded("minimal");
        const deployed = await seeded("minimal", [], { ...DEPLOYED, APP_ENV: "sandbox" });
        assert.equal(await count(open, "api_tokens"), 6);
        assert.equal(await count(deployed, "api_tokens"), 0);
    });

    test("a database that holds other data is left alone", async () => {
        const database = await newDatabase();
        await psql(database, "INSERT INTO schools (urn, name) VALUES ('123456', 'A School')");
        const result = await seed(database, ["--profile", "minimal"]);
        assert.equal(result.status, 1);
        assert.match(result.stderr, /seed an empty one/);
        assert.equal(await count(database, "lead_providers"), 0);
    });

    test("bad usage is 64, a day before the data begins 1", async () => {
        const database = await newDatabase();
        for (const args of [["--profile", "huge"], ["--seed", "x"], ["--as-of", "2025-02-30"], ["--profile"], ["more"]])
            assert.equal((await seed(database, args)).status, 64, args.join(" "));
        assert.equal((await seed(database, ["--as-of", "2021-08-31"])).status, 1);
        assert.equal((await seed(database, ["--help"])).status, 0);
    });
});
