// data-studio/school-rollout: contract v1-v2.md 7. One document, for the dashboard; version 1 only.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertSecurityHeaders, BAD_QUERY, NOT_FOUND, UNAUTHORISED } from "../support/check_list.mjs";
import { get, request } from "../support/client.mjs";
import { psql } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { deliveryPartner, email, fullName, id, leadProvider, partnership, school, schoolCohort, TOKENS } from "../support/world.mjs";

const PATH = "/api/v1/data-studio/school-rollout";
const token = TOKENS.data_studio;
const AT = "2021-06-01T00:00:00Z";

// [what, members of the school, is it in the document?]
const INCLUDED = [1, 2, 3, 5, 6, 7, 8, 12, 14, 15, 18, 28, 31, 32, 33, 34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48];
const EXCLUDED = [4, 9, 10, 11, 13, 16, 27, 29, 30, 37, 49, 56, 57, null];
const SCHOOLS = [
    ...INCLUDED.map((type_code) => [`type ${type_code}`, { type_code }, true]),
    ...EXCLUDED.map((type_code) => [`type ${type_code}`, { type_code }, false]),
    ...[1, 3].map((status_code) => [`status ${status_code}`, { status_code }, true]),
    ...[2, 4, null].map((status_code) => [`status ${status_code}`, { status_code }, false]),
    ["district e in small letters", { district_code: "e06000001" }, true],
    ["district of Wales", { district_code: "W06000001" }, false],
    ["district 9999", { district_code: "9999" }, false],
    ["no district", { district_code: null }, false],
    ["section 41 is no reason", { type_code: 10, section_41_approved: true }, false],
];

const mail = (name, number, members) => ({
    type: "nomination_email",
    id: id(`mail ${name} ${number}`),
    school_id: id(name),
    created_at: AT,
    updated_at: AT,
    ...members,
});
const tutor = (name, schools, members = {}) => ({
    type: "induction_tutor",
    id: id(`tutor ${name}`),
    full_name: fullName(`tutor ${name}`),
    email: email(`tutor ${name}`),
    school_ids: schools.map(id),
    created_at: AT,
    updated_at: AT,
    ...members,
});
const partnered = (name, cohort, members) =>
    partnership({ school: name, cohort, leadProvider: "LP-A", deliveryPartner: "DP-1", name: `${name} ${cohort} ${members?.at}`, ...members });

const GIVEN = [
    ...SCHOOLS.flatMap(([what, members], i) => [school(what, `5${String(i).padStart(5, "0")}`, members)]),

    school("Whole", "600000"),
    mail("Whole", 1, {
        notify_status: "permanent-failure",
        sent_at: "2021-06-01T10:00:00Z",
        opened_at: "2021-06-05T10:00:00.120Z",
    }),
    mail("Whole", 2, { notify_status: "delivered", sent_at: "2021-06-09T12:34:56.789012Z", opened_at: "2021-06-10T00:00:00Z" }),
    tutor("whole", ["Whole"], { created_at: "2021-06-11T09:08:07.600000Z", signed_in_at: "2021-06-12T00:00:00Z" }),
    schoolCohort("Whole", 2021, { at: "2021-06-13T00:00:00Z" }),
    ...partnered("Whole", 2021, {
        at: "2021-06-14T01:02:03.000001Z",
        challenge_reason: "no_ects",
        challenged_at: "2021-06-15T23:59:59.999999Z",
    }),

    school("Bare", "600001"),
    school("Unsent", "600002"),
    mail("Unsent", 1, { notify_status: "delivered", sent_at: "2021-06-09T00:00:00Z", opened_at: "2021-06-10T00:00:00Z" }),
    mail("Unsent", 2, { notify_status: null, sent_at: null }),

    school("Often", "600003"),
    tutor("often 1", ["Often"]),
    tutor("often 2", ["Often", "Bare two"]),
    school("Bare two", "600004"),
    schoolCohort("Often", 2021, { choice: "core_induction_programme" }),
    schoolCohort("Often", 2022, { choice: "no_early_career_teachers" }),
    leadProvider("LP-R"),
    ...deliveryPartner("DP-R", { leadProvider: "LP-R" }),
    ...partnered("Often", 2021, { at: AT }),
    ...partnered("Often", 2022, { at: "2022-06-01T00:00:00Z", leadProvider: "LP-R", deliveryPartner: "DP-R" }),
    ...partnered("Often", 2023, { at: "2023-06-01T00:00:00Z", deliveryPartner: undefined }),
    { type: "delivery_partner", id: id("DP-X"), name: "DP-X", discarded_at: "2022-01-01T00:00:00Z" },
];

const service = serveWorld(GIVEN);
const ask = (options = {}) => get(service(), PATH, { token, ...options });
const all = async () => {
    const response = await ask();
    assert.equal(response.status, 200, response.text);
    return response.json.data;
};
const rowsOf = async (name) => (await all()).filter((row) => row.id === id(name));

describe("school-rollout", () => {
    test("is one document of the API's type", async () => {
        const response = await ask();
        assert.equal(response.status, 200, response.text);
        assert.equal(response.headers["content-type"], "application/vnd.api+json");
        assert.deepEqual(Object.keys(response.json), ["data"]);
        assertSecurityHeaders(response);
    });

    test("shows a school whole", async () => {
        assert.equal(
            JSON.stringify(await rowsOf("Whole")),
            JSON.stringify([
                {
                    id: id("Whole"),
                    type: "school_rollout",
                    attributes: {
                        name: "School Whole",
                        urn: "600000",
                        sent_at: "2021-06-09T12:34:56.789012",
                        opened_at: "2021-06-05T10:00:00.12",
                        notify_status: "delivered",
                        induction_tutor_nominated: true,
                        tutor_nominated_time: "2021-06-11T09:08:07.6",
                        induction_tutor_signed_in: true,
                        induction_programme_choice: "full_induction_programme",
                        programme_chosen_time: "2021-06-13T00:00:00",
                        in_partnership: true,
                        partnership_time: "2021-06-14T01:02:03.000001",
                        partnership_challenge_reason: "no_ects",
                        partnership_challenge_time: "2021-06-15T23:59:59.999999",
                        lead_provider: "LP-A",
                        delivery_partner: "DP-1",
                    },
                },
            ]),
        );
    });

    test("shows a school of which nothing is known", async () => {
        const [{ attributes }, ...more] = await rowsOf("Bare");
        const { name, urn, ...rest } = attributes;
        assert.deepEqual([name, urn, more.length], ["School Bare", "600001", 0]);
        for (const [attribute, value] of Object.entries(rest))
            assert.equal(
                value,
                ["induction_tutor_nominated", "induction_tutor_signed_in", "in_partnership"].includes(attribute) ? false : null,
                attribute,
            );
    });

    test("an e-mail without a time counts as the latest sent", async () => {
        const [{ attributes }] = await rowsOf("Unsent");
        assert.deepEqual(
            [attributes.sent_at, attributes.notify_status, attributes.opened_at],
            [null, null, "2021-06-10T00:00:00"],
        );
    });

    test("repeats a school for each tutor, cohort and partnership", async () => {
        const rows = await rowsOf("Often");
        assert.equal(rows.length, 2 * 2 * 3);
        assert.equal(new Set(rows.map((row) => JSON.stringify(row))).size, 2 * 3, "tutors do not show");
        for (const choice of ["core_induction_programme", "no_early_career_teachers"])
            for (const [provider, partner] of [["LP-A", "DP-1"], ["LP-R", "DP-R"], ["LP-A", null]])
                assert.equal(
                    rows.filter(
                        ({ attributes }) =>
                            attributes.induction_programme_choice === choice &&
                            attributes.lead_provider === provider &&
                            attributes.delivery_partner === partner,
                    ).length,
                    2,
                );
    });

    test("a tutor who never signed in, and one of two schools", async () => {
        const [{ attributes }] = await rowsOf("Bare two");
        assert.deepEqual(
            [attributes.induction_tutor_nominated, attributes.induction_tutor_signed_in, attributes.tutor_nominated_time],
            [true, false, "2021-06-01T00:00:00"],
        );
    });

    for (const [what, , expected] of SCHOOLS)
        test(`a school of ${what}: ${expected}`, async () => {
            assert.equal((await rowsOf(what)).length, expected ? 1 : 0);
        });

    test("goes by unique reference number", async () => {
        const urns = (await all()).map((row) => row.attributes.urn);
        assert.deepEqual(urns, [...urns].sort());
    });

    test("knows no parameters", async () => {
        const { text } = await ask();
        for (const query of ["page[per_page]=1", "page[page]=0", "filter[cohort]=2021", "filter[updated_since]=x", "sort=-urn"])
            assert.equal((await get(service(), `${PATH}?${query}`, { token })).text, text, query);
        for (const suffix of [".json", ".csv", "/"])
            assert.equal((await get(service(), `${PATH}${suffix}`, { token })).text, text, suffix);
    });

    test("refuses a query that cannot be read", async () => {
        const response = await get(service(), `${PATH}?x=%zz`, { token });
        assert.deepEqual([response.status, response.json], [400, BAD_QUERY]);
    });

    test("HEAD has no body", async () => {
        const response = await request(service(), "HEAD", PATH, { token });
        assert.deepEqual([response.status, response.text], [200, ""]);
    });
});

describe("who may see it", () => {
    for (const owner of ["engage_and_learn", "data_studio", "npq_registration"])
        test(`${owner} may`, async () => {
            assert.equal((await ask({ token: TOKENS[owner] })).status, 200);
        });

    for (const owner of ["LP-A", "LP-N"])
        test(`${owner} may not`, async () => {
            const response = await ask({ token: TOKENS[owner] });
            assert.deepEqual([response.status, response.text], [403, ""]);
        });

    test("nobody may without a token", async () => {
        const response = await get(service(), PATH, {});
        assert.deepEqual([response.status, response.json], [401, UNAUTHORISED]);
    });

    for (const [method, path] of [
        ["GET", "/api/v2/data-studio/school-rollout"],
        ["GET", "/api/v3/data-studio/school-rollout"],
        ["GET", "/api/v1/data-studio"],
        ["POST", PATH],
    ])
        test(`there is no ${method} ${path}`, async () => {
            const response = await request(service(), method, path, { token, check: false });
            assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
        });
});

test("of thousands of schools, each is there once", async () => {
    const count = 2345; // several batches, and a bit
    await psql(
        service().database,
        `INSERT INTO schools (urn, name, status_code, type_code, district_code)
         SELECT (700000 + n)::text, repeat('x', 500) || n, 1, 1, 'E1' FROM generate_series(1, ${count}) n;`,
    );
    const urns = (await all()).map((row) => row.attributes.urn).filter((urn) => urn.startsWith("7"));
    assert.deepEqual(urns, Array.from({ length: count }, (_, i) => String(700001 + i)));
    await psql(service().database, "DELETE FROM schools WHERE urn LIKE '7%';");
});

test("without any school it is an empty list", async () => {
    await psql(service().database, "UPDATE schools SET status_code = 2;");
    assert.equal((await ask()).text, '{"data":[]}');
});
