// The plan of each page query on the load data, as a kept plan: no list may read a whole large table.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { get } from "../support/client.mjs";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { runCommand, startService } from "../support/service.mjs";

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
    "provider_transfers",
    "provider_unfunded_mentors",
    "provider_page_marks",
    "api_requests",
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
    "participants/page": [PROVIDER, 50000, 120],
    "participants/page_filtered": [PROVIDER, null, null, 100, 0],
    "participants/rows": [PROVIDER, `ARRAY[${NOBODY}::uuid]`],
    "participants/page_since": [PROVIDER, null, null, SINCE, 100, 0],
    "participants/show": [PROVIDER, NOBODY, null, null, null, null],
    "participants/acted": [PROVIDER, NOBODY],
    "participants/flat_page": [PROVIDER, null, 100, 0],
    "participants/flat_page_far": [PROVIDER, null, 100, 5000],
    "participants/flat_since": [PROVIDER, null, SINCE, 100, 0],
    "participants/flat_after": [PROVIDER, null, SINCE, NOBODY, 1000],
    "participants/flat_since_after": [PROVIDER, null, SINCE, SINCE, NOBODY, 1000],
    "declarations/page": [PROVIDER, null, 100, 0, true],
    "declarations/page_far": [PROVIDER, null, 100, 5000, true],
    "declarations/page_since": [PROVIDER, null, SINCE, 100, 0, true],
    "declarations/page_participants": [PROVIDER, null, `ARRAY[${NOBODY}::uuid]`, null, null, 100, 0, true],
    "declarations/after": [PROVIDER, null, null, true, SINCE, NOBODY, 1000],
    "declarations/show": [PROVIDER, NOBODY, null, null, null, true],
    "declarations/facts": [PROVIDER, NOBODY, "'ect'", "'ecf-induction'", "'started'", SINCE, SINCE],
    "unfunded_mentors/page": [PROVIDER, 100, 0],
    "unfunded_mentors/show": [PROVIDER, NOBODY, null],
    "transfers/page": [PROVIDER, 100, 0],
    "transfers/page_since": [PROVIDER, SINCE, 100, 0],
    "transfers/show": [PROVIDER, null, NOBODY],
    "requests/page": [PROVIDER, null, null, 100, 0],
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
    await psql(
        database,
        `INSERT INTO api_requests (request_path, request_method, request_headers, request_body, status_code,
             response_headers, response_body, cpd_lead_provider_id, request_id, duration_us, created_at)
         SELECT '/api/v3/statements', 'GET', '{}', '{}', 200, '{}', '{}', CASE n % 10 WHEN 0 THEN '${provider}'::uuid END,
                n::text, 1, now() - n * interval '1 minute'
           FROM generate_series(1, 50000) n;
         ANALYZE api_requests`,
    );
});

after(() => dropDatabase(database));

/** Every node of a plan. */
function* nodes(plan) {
    yield plan;
    for (const child of plan.Plans ?? []) yield* nodes(child);
}

/** A query of db/queries/, run as the service's connections do. */
function execute(name, parameters, how = "") {
    const query = readFileSync(new URL(`../../db/queries/${name}.sql`, import.meta.url), "utf8");
    const values = parameters.map((value) => (value === PROVIDER ? `'${provider}'` : String(value)));
    return psql(
        database,
        `SET plan_cache_mode = force_generic_plan; SET max_parallel_workers_per_gather = 0; SET random_page_cost = 1.1;
        PREPARE page AS ${query.trim()} ${how} EXECUTE page (${values.join(", ")});`,
    );
}

async function planOf(name, parameters) {
    const rows = await execute(name, parameters, "EXPLAIN (FORMAT JSON)");
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

// A range of the index in the list's own order; the other one knows the time alone, and many may have come at one instant.
for (const name of ["participants/page", "participants/page_filtered"])
    test(`${name} reads its people as one range`, async () => {
        const scans = [...nodes(await planOf(name, QUERIES[name]))].filter((node) => node["Relation Name"] === "provider_enrolments");
        assert.deepEqual([...new Set(scans.map((node) => node["Index Name"]))], ["provider_enrolments_by_creation"]);
        assert.ok(scans.some((node) => /ROW\(.*>= ROW\(/.test(node["Index Cond"])), JSON.stringify(scans));
    });

for (const [near, far, parameters] of [
    ["participants/flat_page", "participants/flat_page_far", (offset) => [PROVIDER, null, 100, offset]],
    ["declarations/page", "declarations/page_far", (offset) => [PROVIDER, null, 100, offset, false]],
    ["declarations/page", "declarations/page_far", (offset) => [PROVIDER, "'{2024}'", 100, offset, true]],
])
    test(`${far} shows what ${near} does`, async () => {
        for (const offset of [0, 249, 250, 40_000, 900_000])
            assert.deepEqual(await execute(far, parameters(offset)), await execute(near, parameters(offset)), `from ${offset}`);
    });

describe("a deep page, begun at a mark", () => {
    // [page[per_page], page[page]]: behind 0, 249, 250, 251, 500, 33,333, 67,000 and everybody
    const PAGES = [[100, 1], [83, 4], [125, 3], [251, 2], [100, 6], [271, 124], [100, 671], [100, 901], [3000, 1], [3000, 22]];
    const ALL_COHORTS = "2021,2022,2023,2024,2025";
    let service;
    let token;
    before(async () => {
        service = await startService({ database });
        const made = await runCommand(["token", "create", "--lead-provider", provider], { database });
        token = made.stdout.trim().split("\n").at(-1);
    });
    after(() => service.stop());

    const page = async (size, number, filter) => {
        const path = `/api/v3/participants/ecf?page[per_page]=${size}&page[page]=${number}${filter}`;
        const response = await get(service, path, { token, check: false });
        assert.equal(response.status, 200, response.text);
        return response.json.data;
    };
    // With all cohorts named, the list is the same and is found without marks.
    const samePages = async () => {
        for (const [size, number] of PAGES)
            assert.deepEqual(
                await page(size, number, ""),
                await page(size, number, `&filter[cohort]=${ALL_COHORTS}`),
                `page ${number} of ${size}`,
            );
    };

    test("is the page that skipping finds", samePages);

    test("stays so when people leave the list, and come back", async () => {
        await psql(database, `CREATE TABLE left_programmes AS SELECT ip.id, ip.partnership_id FROM induction_programmes ip
            JOIN partnerships p ON p.id = ip.partnership_id
            WHERE p.lead_provider_id = '${provider}' ORDER BY md5(ip.id::text) LIMIT 400`);
        await psql(database, "UPDATE induction_programmes SET partnership_id = NULL WHERE id IN (SELECT id FROM left_programmes)");
        const [{ gone }] = await psql(database, "SELECT count(*) AS gone FROM provider_page_changes WHERE change = -1");
        assert.ok(gone > 100, `${gone} people left`);
        await samePages();
        await psql(database, `UPDATE induction_programmes ip SET partnership_id = l.partnership_id FROM left_programmes l
            WHERE l.id = ip.id AND l.id IN (SELECT id FROM left_programmes ORDER BY id LIMIT 250)`);
        await samePages();
    });

    test("and when the marks are set anew", async () => {
        await psql(database, `DO $$ BEGIN PERFORM set_page_marks('${provider}'); END $$`);
        const [{ left }] = await psql(database, `SELECT count(*) AS left FROM provider_page_changes WHERE lead_provider_id = '${provider}'`);
        assert.equal(left, 0);
        await samePages();
    });
});
