// The plan of each page query on the load data, as a kept plan: no list may read a whole large table.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { runCommand } from "../support/service.mjs";

// Tables that grow with the programme. Those with a row for each provider, cohort or partner may be read whole.
const LARGE = new Set([
    "users",
    "participants",
    "identities",
    "training_records",
    "induction_records",
    "induction_programmes",
    "schools",
    "school_cohorts",
    "partnerships",
    "declarations",
    "statement_line_items",
    "provider_enrolments",
    "provider_declarations",
]);

const PROVIDER = ":provider";
const SINCE = "'2025-11-01T00:00:00Z'";
const NOBODY = "'00000000-0000-4000-8000-000000000000'";

// Query file → its parameters, in their order.
const QUERIES = {
    "statements/page": [PROVIDER, null, null, 100, 0],
    "statements/show": [PROVIDER, NOBODY],
    "schools/page": [2024, 100, 0],
    "schools/page_since": [2024, SINCE, 100, 0],
    "schools/show": [2024, NOBODY, null, null],
    "partnerships/page": [PROVIDER, null, null, 100, 0],
    "partnerships/show": [PROVIDER, NOBODY],
    "participants/page": [PROVIDER, null, null, 100, 0],
    "participants/page_since": [PROVIDER, null, null, SINCE, 100, 0],
    "participants/show": [PROVIDER, NOBODY, null, null, null, null],
    "participants/acted": [PROVIDER, NOBODY],
    "participants/flat_page": [PROVIDER, null, 100, 0],
    "participants/flat_since": [PROVIDER, null, SINCE, 100, 0],
    "participants/flat_after": [PROVIDER, null, SINCE, NOBODY, 1000],
    "declarations/page": [PROVIDER, null, 100, 0, true],
    "declarations/page_since": [PROVIDER, null, SINCE, 100, 0, true],
    "declarations/page_participants": [PROVIDER, null, `ARRAY[${NOBODY}::uuid]`, null, null, 100, 0, true],
    "declarations/after": [PROVIDER, null, null, true, SINCE, NOBODY, 1000],
    "declarations/show": [PROVIDER, NOBODY, null, null, null, true],
    "declarations/facts": [PROVIDER, NOBODY, "'ect'", "'ecf-induction'", "'started'", SINCE, SINCE],
    "unfunded_mentors/page": [PROVIDER, null, null, null, null, 100, 0],
    "unfunded_mentors/show": [PROVIDER, NOBODY, null],
    "transfers/show": [PROVIDER, null, NOBODY],
    "change_numbers/read": [PROVIDER],
    "change_numbers/turns": [PROVIDER, SINCE],
};

let database;
let provider;

before(async () => {
    database = await createDatabase();
    const seeded = await runCommand(["seed", "--profile", "load", "--as-of", "2025-11-21"], { database });
    assert.equal(seeded.status, 0, seeded.stderr);
    [{ id: provider }] = await psql(
        database,
        "SELECT lead_provider_id AS id FROM provider_enrolments GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    );
});

after(() => dropDatabase(database));

/** Every node of a plan. */
function* nodes(plan) {
    yield plan;
    for (const child of plan.Plans ?? []) yield* nodes(child);
}

async function planOf(name, parameters) {
    const query = readFileSync(new URL(`../../db/queries/${name}.sql`, import.meta.url), "utf8");
    const values = parameters.map((value) => (value === PROVIDER ? `'${provider}'` : String(value)));
    const text = `SET plan_cache_mode = force_generic_plan; SET max_parallel_workers_per_gather = 0;
        PREPARE page AS ${query.trim()} EXPLAIN (FORMAT JSON) EXECUTE page (${values.join(", ")});`;
    const rows = await psql(database, text);
    const plan = Object.values(rows[0])[0];
    return (typeof plan === "string" ? JSON.parse(plan) : plan)[0].Plan;
}

for (const [name, parameters] of Object.entries(QUERIES)) {
    test(`${name} reads no large table whole`, async () => {
        const whole = [...nodes(await planOf(name, parameters))]
            .filter((node) => node["Node Type"] === "Seq Scan" && LARGE.has(node["Relation Name"]))
            .map((node) => node["Relation Name"]);
        assert.deepEqual(whole, []);
    });
}
