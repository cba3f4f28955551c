// GET schools/ecf: contract v3.md 3.3.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BAD_UPDATED_SINCE, check_list, COHORT_REQUIRED, NOT_FOUND } from "../support/check_list.mjs";
import { get } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import { startService } from "../support/service.mjs";
import { FORBIDDEN_TOKENS, id, partnership, school, schoolCohort, TOKENS } from "../support/world.mjs";

const PATH = "/api/v3/schools/ecf";
const token = TOKENS["LP-A"];
const CHOICES = {
    full_induction_programme: "provider_led",
    school_funded_fip: "provider_led",
    core_induction_programme: "school_led",
    design_our_own: "school_led",
    no_early_career_teachers: "no_early_career_teachers",
    not_yet_known: "not_yet_known",
};
const ELIGIBLE_TYPES = [
    1, 2, 3, 5, 6, 7, 8, 12, 14, 15, 18, 28, 31, 32, 33, 34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 45,
    46, 47, 48, 57,
];
const OTHER_TYPES = [4, 9, 10, 11, 13, 16, 29, 30, 37, 49, 56, 99, null];

let urn = 200000;
const place = (name, members) => school(name, String(urn++), members);
const closed = { status_code: 2 };
const partnered = (name, members = {}) =>
    partnership({ school: name, cohort: 2024, leadProvider: "LP-B", deliveryPartner: "DP-3", ...members });

// Whether a school with these facts, and no partnership, is listed.
const ELIGIBILITY = [
    ["open", {}, true],
    ["closed", closed, false],
    ["about to close", { status_code: 3 }, true],
    ["proposed", { status_code: 4 }, false],
    ["without a status", { status_code: null }, false],
    ["in England", { district_code: "E1" }, true],
    ["in England, in lower case", { district_code: "e07" }, true],
    ["in district 9999", { district_code: "9999" }, true],
    ["in district 99990", { district_code: "99990" }, false],
    ["in Wales", { district_code: "W06000015" }, false],
    ["in no district", { district_code: null }, false],
    ["of section 41", { type_code: 9, section_41_approved: true }, true],
    ["closed, of section 41", { ...closed, type_code: 9, section_41_approved: true }, false],
    ["in Wales, of section 41", { district_code: "W1", section_41_approved: true }, false],
    ...[10, 11, 30, 37].map((type_code) => [
        `of section 41 and type ${type_code}`,
        { type_code, section_41_approved: true },
        false,
    ]),
    ...ELIGIBLE_TYPES.map((type_code) => [`of type ${type_code}`, { type_code }, true]),
    ...OTHER_TYPES.map((type_code) => [`of type ${type_code}`, { type_code }, false]),
];

// Whether a closed school with such a partnership in 2024 is listed.
const PARTNERED = [
    ["partnered", {}, true],
    ["pending", { pending: true }, true],
    ["made by the school", { relationship: true }, false],
    ["challenged", { challenge_reason: "mistake", challenged_at: "2024-07-01T00:00:00Z" }, false],
    ["with a reason of challenge only", { challenge_reason: "no_ects" }, false],
    ["with a date of challenge only", { challenged_at: "2024-07-01T00:00:00Z" }, false],
    ["in another cohort", { cohort: 2023 }, false],
];

// in_partnership of an eligible school with such a partnership in 2024.
const IN_PARTNERSHIP = PARTNERED.map(([what, members, isListed]) => [
    what,
    members,
    isListed || what === "made by the school",
]);

const service = serveWorld([
    ...ELIGIBILITY.map(([what, members]) => place(`school ${what}`, members)),
    ...PARTNERED.flatMap(([what, members]) => [
        place(`closed ${what}`, closed),
        ...partnered(`closed ${what}`, members),
    ]),
    ...IN_PARTNERSHIP.flatMap(([what, members]) => [
        place(`open ${what}`),
        ...partnered(`open ${what}`, members),
    ]),
    ...Object.keys(CHOICES).flatMap((choice) => [
        place(`choice ${choice}`),
        schoolCohort(`choice ${choice}`, 2024, { choice }),
    ]),
    {
        ...school("Whole", "209999", { name: "St <Whole> & 'Sons' \u2028 Ō" }),
        created_at: "2022-05-06T07:08:09.987Z",
        updated_at: "2022-06-01T00:00:00.5Z",
    },
    place("Between", { at: "2022-06-15T00:00:00Z" }),
    schoolCohort("Whole", 2023, { choice: "not_yet_known", at: "2023-07-01T00:00:00Z" }),
    schoolCohort("Whole", 2024, { choice: "design_our_own", at: "2022-07-01T10:20:30.999Z" }),
    ...partnered("Whole"),
]);

const list = (query = "filter[cohort]=2024") =>
    get(service(), `${PATH}?page[per_page]=3000&${query}`, { token });
const show = (name, query = "filter[cohort]=2024") =>
    get(service(), `${PATH}/${id(name)}?${query}`, { token });
const attributesOf = async (name, query) => (await show(name, query)).json.data.attributes;
let seen;
const listed = async () => {
    seen ??= new Set((await list()).json.data.map((item) => item.id));
    return seen;
};

check_list({
    name: "v3 schools",
    service,
    path: PATH,
    query: "filter[cohort]=2024",
    type: "school",
    token,
    forbidden: FORBIDDEN_TOKENS,
    requires: "cohort",
    order: (item) => item.attributes.created_at,
    sort: {
        created_at: (item) => item.attributes.created_at,
        name: (item) => item.attributes.name,
        urn: (item) => item.attributes.urn,
        id: (item) => item.id,
    },
    updated_since: (item) => item.attributes.updated_at,
});

describe("a school", () => {
    const body = JSON.stringify({
        id: id("Whole"),
        type: "school",
        attributes: {
            name: "St <Whole> & 'Sons' \u2028 Ō",
            urn: "209999",
            cohort: "2024",
            in_partnership: true,
            induction_programme_choice: "school_led",
            created_at: "2022-05-06T07:08:09Z",
            updated_at: "2022-07-01T10:20:30Z",
        },
    });

    test("is shown whole, its change the later of its own and its cohort's", async () => {
        const { text, json } = await show("Whole");
        assert.equal(JSON.stringify(json), `{"data":${body}}`);
        assert.match(text, /St \\u003cWhole\\u003e \\u0026 'Sons' \\u2028 Ō/i);
    });

    test("is the same in the list and to other providers", async () => {
        const { json } = await list("filter[cohort]=2024&filter[urn]=209999");
        assert.equal(JSON.stringify(json), `{"data":[${body}]}`);
        const other = await get(service(), `${PATH}/${id("Whole")}?filter[cohort]=2024`, {
            token: TOKENS["LP-B"],
        });
        assert.deepEqual(other.json, (await show("Whole")).json);
    });

    test("of another cohort has that cohort's facts", async () => {
        const attributes = await attributesOf("Whole", "filter[cohort]=2023");
        assert.equal(attributes.cohort, "2023");
        assert.equal(attributes.in_partnership, false);
        assert.equal(attributes.induction_programme_choice, "not_yet_known");
        assert.equal(attributes.updated_at, "2023-07-01T00:00:00Z");
        assert.equal((await attributesOf("Whole", "filter[cohort]=2022")).updated_at, "2022-06-01T00:00:00Z");
    });
});

describe("which schools are listed", () => {
    for (const [what, , isListed] of ELIGIBILITY)
        test(`one ${what}: ${isListed}`, async () => {
            assert.equal((await listed()).has(id(`school ${what}`)), isListed);
            assert.equal((await show(`school ${what}`)).status, isListed ? 200 : 404);
        });

    for (const [what, , isListed] of PARTNERED)
        test(`a closed one, ${what}: ${isListed}`, async () => {
            assert.equal((await listed()).has(id(`closed ${what}`)), isListed);
            assert.equal((await show(`closed ${what}`)).status, isListed ? 200 : 404);
        });
});

describe("in_partnership", () => {
    for (const [what, , isPartnered] of IN_PARTNERSHIP)
        test(`${what}: ${isPartnered}`, async () => {
            assert.equal((await attributesOf(`open ${what}`)).in_partnership, isPartnered);
        });
});

describe("induction_programme_choice", () => {
    for (const [stored, shown] of Object.entries(CHOICES))
        test(`${stored} is shown as ${shown}`, async () => {
            const { induction_programme_choice: choice } = await attributesOf(`choice ${stored}`);
            assert.equal(choice, shown);
        });

    test("is not yet known without a school cohort", async () => {
        const { induction_programme_choice: choice } = await attributesOf("school open");
        assert.equal(choice, "not_yet_known");
    });

    describe("with PROGRAMME_TYPES_2025=0", () => {
        let plain;
        before(async () => {
            plain = await startService({
                database: service().database,
                env: { PROGRAMME_TYPES_2025: "0" },
            });
        });
        after(() => plain?.stop());

        for (const stored of Object.keys(CHOICES))
            test(`${stored} is shown as it is stored`, async () => {
                const path = `${PATH}/${id(`choice ${stored}`)}?filter[cohort]=2024`;
                const options = { token, check: false }; // the document lists the other names
                const { json } = await get(plain, path, options);
                assert.equal(json.data.attributes.induction_programme_choice, stored);
            });
    });
});

describe("filter[cohort]", () => {
    test("is one year: of a list the first counts", async () => {
        assert.equal((await list("filter[cohort]=2023,2024")).text, (await list("filter[cohort]=2023")).text);
    });

    test("of 2020 is a cohort like others", async () => {
        const { json } = await list("filter[cohort]=2020");
        assert.ok(json.data.length > 1);
        assert.equal(json.data[0].attributes.cohort, "2020");
    });

    for (const value of ["", "1999", "abc", "%20"])
        test(`"${value}" lets nothing through, and no other filter is looked at`, async () => {
            const query = `filter[cohort]=${value}`;
            for (const more of ["", "&filter[updated_since]=x"]) {
                assert.equal((await list(query + more)).text, '{"data":[]}');
                const response = await show("Whole", query + more);
                assert.equal(response.status, 404);
                assert.deepEqual(response.json, NOT_FOUND);
            }
        });

    for (const query of ["", "filter[urn]=1", "filter", "sort=name"])
        test(`is asked for on a single school, too: "${query}"`, async () => {
            const response = await show("Whole", query);
            assert.equal(response.status, 400);
            assert.deepEqual(response.json, COHORT_REQUIRED);
        });

    test("is asked for before the school is looked up", async () => {
        assert.equal((await show("nothing", "")).status, 400);
    });
});

describe("filter[urn]", () => {
    const found = async (value) =>
        (await list(`filter[cohort]=2024&filter[urn]=${value}`)).json.data.map((item) => item.id);

    for (const [value, expected] of [
        ["209999", ["Whole"]],
        ["100001", ["S1"]],
        ["209999,100001", []],
        ["20999", []],
        ["0209999", []],
        ["x", []],
    ])
        test(`${value} finds ${expected.length}`, async () => {
            assert.deepEqual(await found(value), expected.map(id));
        });

    test("blank is as if absent", async () => {
        assert.equal((await found("")).length, (await listed()).size);
    });

    test("does not find a school that is not listed", async () => {
        assert.deepEqual(await found("200001"), []);
    });

    test("holds for a single school as well", async () => {
        assert.equal((await show("Whole", "filter[cohort]=2024&filter[urn]=209999")).status, 200);
        assert.equal((await show("Whole", "filter[cohort]=2024&filter[urn]=100001")).status, 404);
    });

    test("goes with pages and updated_since", async () => {
        const of = (more) => list(`filter[cohort]=2024&filter[urn]=209999&${more}`);
        assert.equal((await of("page[page]=2")).text, '{"data":[]}');
        assert.equal((await of("filter[updated_since]=2022-07-01T10:20:31Z")).json.data.length, 1);
        assert.equal((await of("filter[updated_since]=2023-07-01T00:00:01Z")).json.data.length, 0);
    });
});

describe("filter[updated_since]", () => {
    test("finds a school by a school cohort of any year, and shows what is so", async () => {
        const { json } = await list("filter[cohort]=2024&filter[updated_since]=2023-07-01T00:00:00Z");
        const found = json.data.find((item) => item.id === id("Whole"));
        assert.equal(found.attributes.induction_programme_choice, "school_led");
        assert.equal(found.attributes.updated_at, "2022-07-01T10:20:30Z");
    });

    test("holds for a single school as well", async () => {
        const of = (value) => show("Whole", `filter[cohort]=2024&filter[updated_since]=${value}`);
        assert.equal((await of("2023-07-01T00:00:00Z")).status, 200);
        assert.equal((await of("2023-07-01T00:00:01Z")).status, 404);
        assert.deepEqual((await of("x")).json, BAD_UPDATED_SINCE);
    });
});

test("sort=updated_at goes by the school's own change, not by what is shown", async () => {
    const sorted = async (by) =>
        (await list(`filter[cohort]=2024&sort=${by}`)).json.data
            .map((item) => item.id)
            .filter((each) => [id("Whole"), id("Between")].includes(each));
    assert.deepEqual(await sorted("updated_at"), [id("Whole"), id("Between")]);
    assert.deepEqual(await sorted("-updated_at"), [id("Between"), id("Whole")]);
});

test("an id that is no UUID is not found", async () => {
    const response = await get(service(), `${PATH}/200000?filter[cohort]=2024`, { token });
    assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
});
