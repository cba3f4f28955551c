// Declarations of versions 1 and 2: contract v1-v2.md 4, 12 and 13. What version 3 has in common with them
// (rules, texts, statements) is tested there, and here only held against version 3.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertRefused, declarationOf, serveCases } from "../support/cases.mjs";
import {
    BAD_PAGE,
    BAD_UPDATED_SINCE,
    check_list,
    FILTER_NO_HASH,
    NOT_FOUND,
    UNAUTHORISED,
} from "../support/check_list.mjs";
import { envelope, get, post, put, request } from "../support/client.mjs";
import { dropDatabase } from "../support/database.mjs";
import { closed, M } from "../support/messages.mjs";
import { serveWorld } from "../support/served.mjs";
import { startService } from "../support/service.mjs";
import {
    apiToken,
    declaration,
    deliveryPartner,
    FORBIDDEN_TOKENS,
    id,
    importRecords,
    leadProvider,
    partneredSchool,
    partnership,
    recordOf,
    schedule,
    schoolCohort,
    stamped,
    statement,
    TOKENS,
    trainee,
    worldDatabase,
} from "../support/world.mjs";

const VERSIONS = ["v1", "v2"];
const JSON_TYPE = "application/vnd.api+json";
const token = TOKENS["LP-A"];
const FORBIDDEN = FORBIDDEN_TOKENS.filter((each) => each !== TOKENS["LP-N"]);
const START = "2024-06-01T00:00:00Z";
const DATE = "2024-09-20T10:00:00Z";
const JANUARY = statement("LP-A", 2024, "January 2025");
const MAY = statement("LP-A", 2024, "May 2025");
const HEADERS = {
    v1: "id,participant_id,declaration_type,course_identifier,eligible_for_payment,declaration_date,updated_at,voided,state,has_passed",
    v2: "id,participant_id,declaration_type,course_identifier,declaration_date,updated_at,state,has_passed",
};
const namesOf = (version) => HEADERS[version].split(",").slice(1);

/** What the version shows of everything it could: {...all} in its own order. */
const shown = (version, all) => Object.fromEntries(namesOf(version).map((name) => [name, all[name]]));

const person = (name, options = {}) => trainee(name, { start: START, ...options });
const declared = (name, members = {}, options = {}) =>
    declaration(name, { date: DATE, at: "2024-09-21T08:00:00Z", name, ...options, members });
const ours = (members) => ({ start: START, programme: "S1 2024", ...members });
const theirs = (members) => ({ start: START, programme: "S2 2024", ...members });

// [stored, shown, eligible_for_payment, voided, members]
const STATES = [
    ["submitted", "submitted", false, false, {}],
    ["eligible", "eligible", true, false, { statement_id: JANUARY }],
    ["payable", "payable", true, false, { statement_id: JANUARY }],
    ["paid", "paid", false, false, { statement_id: JANUARY }],
    ["voided", "voided", false, true, {}],
    ["ineligible", "ineligible", false, false, {}],
    ["awaiting_clawback", "awaiting-clawback", false, false, { statement_id: JANUARY, clawback_statement_id: MAY }],
    ["clawed_back", "clawed-back", false, false, { statement_id: JANUARY, clawback_statement_id: MAY }],
];

// Another's: [what, induction records, state of LP-B's declaration, does LP-A see it?]
const OTHERS = [
    ...["submitted", "eligible", "payable", "paid"].map((state) => [`${state}, active`, [ours()], state, true]),
    ...["voided", "ineligible", "awaiting_clawback", "clawed_back"].map((state) => [`${state}, active`, [ours()], state, false]),
    ["completed", [ours({ status: "completed" })], "paid", true],
    ["active and ended", [ours({ end: START })], "paid", true],
    ["leaving", [ours({ status: "leaving" })], "paid", false], // version 3 shows it
    ["leaving, declared before its end", [ours({ status: "leaving", end: "2025-01-01T00:00:00Z" })], "paid", false],
    ["changed", [ours({ status: "changed" })], "paid", false],
    ["withdrawn", [ours({ status: "withdrawn" })], "paid", false],
    [
        "changed, but once active",
        [ours({ end: "2024-07-01T00:00:00Z" }), ours({ start: "2024-07-01T00:00:00Z", status: "changed" })],
        "paid",
        true,
    ],
    ["active in a challenged partnership", [ours({ programme: "v1 challenged" })], "paid", true],
    ["active in one made by the school", [ours({ programme: "v1 relationship" })], "paid", true],
    ["only with the other", [theirs()], "paid", false],
    ["trained by the school itself", [ours({ programme: "v1 core" })], "paid", false],
    ["dated long before", [ours({ start: "2024-12-01T00:00:00Z" })], "paid", true],
];

const GIVEN = [
    ...["v1 challenged", "v1 relationship"].flatMap((name, i) =>
        partnership({
            school: "S2",
            cohort: 2024 - i,
            leadProvider: "LP-A",
            deliveryPartner: "DP-1",
            name,
            ...(i === 0 ? { challenge_reason: "mistake", challenged_at: START } : { relationship: true }),
        }),
    ),
    {
        type: "induction_programme",
        id: id("programme v1 core"),
        school_id: id("S1"),
        cohort: 2024,
        training_programme: "core_induction_programme",
    },
    schoolCohort("S2", 2020),
    ...person("Whole"),
    declared(
        "Whole",
        {
            statement_id: JANUARY,
            evidence_held: "training-event-attended",
            declaration_date: "2024-09-20T10:00:00.999999Z",
            created_at: "2024-09-21T08:00:05.5Z",
            updated_at: "2024-09-22T08:00:00.5Z",
        },
        { type: "retained-1", state: "payable" },
    ),
    ...STATES.flatMap(([state, , , , members]) => [...person(`state ${state}`), declared(`state ${state}`, members, { state })]),
    ...OTHERS.flatMap(([what, records, state]) => [
        ...person(`other ${what}`, { records }),
        declared(`other ${what}`, {}, { state, leadProvider: "LP-B" }),
    ]),

    // a transferred participant: each provider declares, the first one's record became leaving
    ...person("Transferred", { records: [theirs({ end: "2024-11-01T00:00:00Z", status: "leaving" }), ours({ start: "2024-11-01T00:00:00Z" })] }),
    declared("Transferred", {}, { name: "Transferred before", leadProvider: "LP-B", state: "paid" }),
    declared("Transferred", {}, { name: "Transferred voided", leadProvider: "LP-B", state: "voided", type: "retained-1" }),
    declared("Transferred", {}, { name: "Transferred after", type: "retained-2" }),

    // filters and order
    ...person("Two of them"),
    declared("Two of them", { updated_at: "2024-10-01T00:00:00Z", created_at: "2019-01-02T00:00:00Z" }),
    declared(
        "Two of them",
        { updated_at: "2024-11-01T00:00:00.123456Z", created_at: "2019-01-01T00:00:00Z" },
        { type: "retained-1", name: "Two of them 2" },
    ),
    ...person("Merged declared", {
        person: {
            identities: [
                { id: id("identity merged"), email: "merged@private.example", external_identifier: id("Merged declared") },
                { id: id("retired declared"), email: "retired@private.example", external_identifier: id("retired declared") },
            ],
        },
    }),
    declared("Merged declared"),
    ...[2020, 2023].flatMap((cohort) => [...person(`cohort ${cohort}`), declared(`cohort ${cohort}`, {}, { cohort })]),

    // providers whose CSV is known whole
    leadProvider("LP-C"),
    apiToken("lp-c-token", "lead_provider", "LP-C"),
    ...deliveryPartner("DP-C", { leadProvider: "LP-C" }),
    ...partneredSchool("S6", "400006", { leadProvider: "LP-C", deliveryPartner: "DP-C", cohorts: [2024] }),
    ...person("Few", { school: "S6" }),
    declared("Few", { created_at: "2024-09-21T00:00:00Z" }, { leadProvider: "LP-C", state: "eligible" }),
    declared("Few", { created_at: "2024-09-20T00:00:00Z" }, { leadProvider: "LP-C", state: "voided", name: "Few voided" }),
    leadProvider("LP-E"),
    apiToken("lp-e-token", "lead_provider", "LP-E"),
];

const service = serveWorld(GIVEN);

const base = (version) => `/api/${version}/participant-declarations`;
const idOf = (name) => id(`declaration ${name}`);
const list = (version, query = "", options = {}) =>
    get(service(), `${base(version)}?page[per_page]=3000&${query}`, { token, ...options });
const csv = (version, query = "", options = {}) => get(service(), `${base(version)}.csv${query}`, { token, ...options });
const show = (version, name, query = "", options = {}) =>
    get(service(), `${base(version)}/${idOf(name)}${query}`, { token, ...options });
const idsOf = (response) => {
    assert.equal(response.status, 200, response.text);
    return response.json.data.map((item) => item.id);
};

/** Is the declaration in the list, in the CSV, and shown? It must be the same. */
async function isSeen(version, name, query = "", options = {}) {
    const listed = idsOf(await list(version, query, options)).includes(idOf(name));
    const { text } = await csv(version, query && `?${query}`, options);
    assert.equal(text.split("\n").some((line) => line.startsWith(idOf(name))), listed, "in the CSV");
    const response = await show(version, name, query && `?${query}`, options);
    assert.equal(response.status, listed ? 200 : 404, response.text);
    if (!listed) assert.deepEqual(response.json, NOT_FOUND);
    return listed;
}

const toCsv = (version, items) => {
    const cell = (value) => (value === null ? '""' : String(value));
    const lines = items.map((item) => [item.id, ...namesOf(version).map((name) => item.attributes[name])].map(cell).join(","));
    return items.length === 0 ? "" : [HEADERS[version], ...lines].map((line) => `${line}\n`).join("");
};

for (const version of VERSIONS)
    check_list({
        name: `${version} declarations`,
        service,
        path: base(version),
        type: "participant-declaration",
        token,
        forbidden: FORBIDDEN,
        csv: true,
    });

for (const version of VERSIONS)
    describe(`${version} visibility`, () => {
        for (const [state] of STATES)
            test(`one's own: ${state}`, async () => {
                assert.equal(await isSeen(version, `state ${state}`), true);
            });

        for (const [what, , , expected] of OTHERS)
            test(`another's: ${what}: ${expected}`, async () => {
                assert.equal(await isSeen(version, `other ${what}`), expected);
                assert.equal(await isSeen(version, `other ${what}`, "", { token: TOKENS["LP-B"] }), true);
            });

        test("after a transfer the new provider sees the live ones of the old one, and not the reverse", async () => {
            for (const [name, here, there] of [["before", true, true], ["voided", false, true], ["after", true, false]]) {
                assert.equal(await isSeen(version, `Transferred ${name}`), here, name);
                assert.equal(await isSeen(version, `Transferred ${name}`, "", { token: TOKENS["LP-B"] }), there, name);
            }
        });

        test("each is there once, by creation, then id", async () => {
            const { data } = (await list(version)).json;
            assert.equal(new Set(data.map((item) => item.id)).size, data.length);
            const ids = data.map((item) => item.id);
            assert.deepEqual(ids.slice(0, 2), [idOf("Two of them 2"), idOf("Two of them")]);
            const together = STATES.map(([state]) => idOf(`state ${state}`));
            assert.deepEqual(ids.filter((each) => together.includes(each)), [...together].sort());
        });

        for (const [what, path] of [
            ["an unknown id", id("nothing")],
            ["no UUID", "1"],
            ["a participant's id", id("Whole")],
        ])
            test(`${what} is not found`, async () => {
                const response = await get(service(), `${base(version)}/${path}`, { token });
                assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
            });

        test("a company with an NPQ side only has none", async () => {
            const options = { token: TOKENS["LP-N"] };
            assert.equal((await list(version, "", options)).text, '{"data":[]}');
            assert.equal((await csv(version, "", options)).text, "");
            assert.equal((await show(version, "Whole", "", options)).status, 404);
        });
    });

for (const version of VERSIONS)
    describe(`${version} attributes`, () => {
        test("of one whole, in list and alone", async () => {
            const attributes = shown(version, {
                participant_id: id("Whole"),
                declaration_type: "retained-1",
                course_identifier: "ecf-induction",
                eligible_for_payment: true,
                declaration_date: "2024-09-20T10:00:00Z",
                updated_at: "2024-09-22T08:00:00Z",
                voided: false,
                state: "payable",
                has_passed: null,
            });
            const item = JSON.stringify({ id: idOf("Whole"), type: "participant-declaration", attributes });
            assert.equal((await show(version, "Whole")).text, `{"data":${item}}`);
            assert.ok((await list(version)).text.includes(item));
            assert.ok((await list(version, `filter[participant_id]=${id("Whole")}`)).text === `{"data":[${item}]}`);
        });

        for (const [stored, state, isPayable, isVoided] of STATES)
            test(`${stored} is shown as ${state}`, async () => {
                const { attributes } = (await show(version, `state ${stored}`)).json.data;
                assert.deepEqual(Object.keys(attributes), namesOf(version));
                assert.equal(attributes.state, state);
                assert.equal(attributes.eligible_for_payment, version === "v1" ? isPayable : undefined);
                assert.equal(attributes.voided, version === "v1" ? isVoided : undefined);
                assert.equal(attributes.has_passed, null);
            });
    });

for (const version of VERSIONS)
    describe(`${version} filters`, () => {
        for (const [at, expected] of [
            ["2024-11-01T00:00:00.123455Z", true],
            ["2024-11-01T00:00:00.123456Z", false], // strictly after
            ["2024-11-01T01:00:00.123455%2B01:00", true],
            ["2024-11-01T00:00:00.123457Z", false],
        ])
            test(`updated_since ${at}: ${expected}`, async () => {
                assert.equal(await isSeen(version, "Two of them 2", `filter[updated_since]=${at}`), expected);
            });

        test("updated_since keeps the order of creation", async () => {
            const ids = idsOf(await list(version, "filter[updated_since]=2024-09-22T00:00:00Z"));
            assert.deepEqual(ids.slice(0, 2), [idOf("Two of them 2"), idOf("Two of them")]);
            assert.ok(ids.includes(idOf("Whole")));
        });

        for (const [what, value, expected] of [
            ["one", id("Two of them"), ["Two of them 2", "Two of them"]],
            ["in capitals", id("Two of them").toUpperCase(), ["Two of them 2", "Two of them"]],
            ["an unknown one", id("nothing"), []],
            ["a list of them", `${id("Two of them")},${id("Whole")}`, []],
            ["no UUID", "x", []],
            ["a retired id", id("retired declared"), []],
            ["a training record's", recordOf("Whole"), []],
        ])
            test(`participant_id: ${what}`, async () => {
                const response = await list(version, `filter[participant_id]=${value}`);
                assert.deepEqual(idsOf(response), expected.map(idOf));
                const { data } = response.json;
                assert.equal((await csv(version, `?filter[participant_id]=${value}`)).text, toCsv(version, data));
            });

        test("participant_id: blank or no text is as if absent", async () => {
            const { text } = await list(version);
            for (const query of ["filter[participant_id]=", "filter[participant_id]", "filter[participant_id][]=x"])
                assert.equal((await list(version, query)).text, text, query);
        });

        test("both hold, for a single one too", async () => {
            const query = (name, at) => `filter[participant_id]=${id(name)}&filter[updated_since]=${at}`;
            assert.equal(await isSeen(version, "Two of them 2", query("Two of them", "2024-10-15T00:00:00Z")), true);
            assert.equal(await isSeen(version, "Two of them", query("Two of them", "2024-10-15T00:00:00Z")), false);
            assert.equal(await isSeen(version, "Two of them 2", query("Whole", "2024-10-15T00:00:00Z")), false);
            const refused = await show(version, "Whole", "?filter[updated_since]=x");
            assert.deepEqual([refused.status, refused.json], [400, BAD_UPDATED_SINCE]);
            const shapeless = await show(version, "Whole", "?filter=x");
            assert.deepEqual([shapeless.status, shapeless.json], [400, FILTER_NO_HASH]);
        });

        test("there is no filter of cohorts or delivery partners, and no sort", async () => {
            const { text } = await list(version);
            for (const query of ["filter[cohort]=2023", "filter[cohort]=1999", `filter[delivery_partner_id]=${id("nothing")}`, "sort=-created_at"])
                assert.equal((await list(version, query)).text, text, query);
            assert.equal((await show(version, "cohort 2020", "?filter[cohort]=2023")).status, 200);
        });

        test("updated_since wins over a bad page", async () => {
            assert.deepEqual((await list(version, "filter[updated_since]=x&page[page]=0")).json, BAD_UPDATED_SINCE);
            assert.deepEqual((await get(service(), `${base(version)}?page=2`, { token })).json, BAD_PAGE);
        });
    });

for (const version of VERSIONS)
    describe(`${version} CSV`, () => {
        test("is this, byte for byte", async () => {
            const line = (name, isPayable, isVoided, state) =>
                [
                    idOf(name),
                    id("Few"),
                    "started,ecf-induction",
                    ...(version === "v1" ? [isPayable] : []),
                    "2024-09-20T10:00:00Z,2024-09-21T08:00:00Z",
                    ...(version === "v1" ? [isVoided] : []),
                    state,
                    '""\n',
                ].join(",");
            const expected = `${HEADERS[version]}\n${line("Few voided", false, true, "voided")}${line("Few", true, false, "eligible")}`;
            const response = await csv(version, "", { token: "lp-c-token" });
            assert.deepEqual(response.body, Buffer.from(expected));
            assert.equal(response.headers["content-type"], "text/csv");
            assert.equal(response.headers["content-disposition"], undefined);
        });

        test("of nothing has no byte", async () => {
            for (const [query, options] of [
                ["", { token: "lp-e-token" }],
                ["?filter[updated_since]=2100-01-01T00:00:00Z", {}],
                [`?filter[participant_id]=${id("nothing")}`, {}],
            ]) {
                const response = await csv(version, query, options);
                assert.deepEqual([response.status, response.body.length], [200, 0]);
                assert.equal(response.headers["content-type"], "text/csv");
            }
        });

        test("has the records of the list, in its order, and no pages", async () => {
            for (const query of ["", "filter[updated_since]=2024-09-22T00:00:00Z"])
                assert.equal((await csv(version, `?${query}`)).text, toCsv(version, (await list(version, query)).json.data));
            const whole = (await csv(version)).text;
            for (const query of ["page[page]=2&page[per_page]=1", "page[page]=0", "page=x"])
                assert.equal((await csv(version, `?${query}`)).text, whole, query);
        });

        test("comes by the suffix only, and other suffixes are not acceptable", async () => {
            for (const [path, headers] of [[base(version), { Accept: "text/csv" }], [`${base(version)}?format=csv`, {}]])
                assert.equal((await get(service(), path, { token, headers })).headers["content-type"], JSON_TYPE);
            const response = await get(service(), `${base(version)}.xml`, { token });
            assert.deepEqual([response.status, response.text], [406, ""]);
        });

        test("is JSON for a single one, and for refusals", async () => {
            const single = await get(service(), `${base(version)}/${idOf("Whole")}.csv`, { token });
            assert.equal(single.text, (await show(version, "Whole")).text);
            for (const [query, options, status, body] of [
                ["?filter[updated_since]=x", {}, 400, BAD_UPDATED_SINCE],
                ["?filter=x", {}, 400, FILTER_NO_HASH],
                ["", { token: undefined }, 401, UNAUTHORISED],
            ]) {
                const response = await csv(version, query, options);
                assert.deepEqual([response.status, response.json], [status, body]);
                assert.equal(response.headers["content-type"], JSON_TYPE);
            }
            assert.equal((await csv(version, "", { token: TOKENS.data_studio })).status, 403);
        });
    });

describe("the worked example", () => {
    const SHOWN = {
        v1: `{"data":{"id":"5c0d2c54-3c6b-4a35-8a53-6a2f8f0f9b03","type":"participant-declaration","attributes":{
 "participant_id":"0f6b1f0e-5f43-4b5e-9d0a-7a1f9b1f6c01","declaration_type":"started","course_identifier":"ecf-mentor",
 "eligible_for_payment":false,"declaration_date":"2024-01-20T00:00:00Z","updated_at":"2024-03-02T08:00:00Z",
 "voided":false,"state":"paid","has_passed":null}}}`,
        v2: `{"data":{"id":"5c0d2c54-3c6b-4a35-8a53-6a2f8f0f9b03","type":"participant-declaration","attributes":{
 "participant_id":"0f6b1f0e-5f43-4b5e-9d0a-7a1f9b1f6c01","declaration_type":"started","course_identifier":"ecf-mentor",
 "declaration_date":"2024-01-20T00:00:00Z","updated_at":"2024-03-02T08:00:00Z","state":"paid","has_passed":null}}}`,
    };
    const PERSON = "0f6b1f0e-5f43-4b5e-9d0a-7a1f9b1f6c01";
    const ID = "5c0d2c54-3c6b-4a35-8a53-6a2f8f0f9b03";
    const record = (members) => ({
        type: "declaration",
        training_record_id: id("record of the example"),
        lead_provider_id: id("LP-A"),
        declaration_type: "started",
        course_identifier: "ecf-mentor",
        cohort: 2023,
        ...members,
    });
    let example;
    before(async () => {
        const database = await worldDatabase([
            stamped({ type: "participant", id: PERSON, full_name: "Privatename Example", email: "example@private.example" }),
            stamped({
                type: "training_record",
                id: id("record of the example"),
                participant_id: PERSON,
                kind: "mentor",
                school_id: id("S1"),
                cohort: 2023,
                schedule: schedule(2023),
            }),
            record({
                id: ID,
                declaration_date: "2024-01-20T00:00:00Z",
                state: "paid",
                created_at: "2024-01-21T00:00:00Z",
                updated_at: "2024-03-02T08:00:00Z",
            }),
        ]);
        example = await startService({ database });
    });
    after(async () => {
        await example?.stop();
        await dropDatabase(example?.database);
    });

    for (const version of VERSIONS)
        test(`of ${version}, byte for byte but for its line ends`, async () => {
            const response = await get(example, `${base(version)}/${ID}`, { token });
            assert.equal(response.text, SHOWN[version].replace(/\n ?/g, ""));
        });

    test("is long, too: a CSV of several batches is the list", async () => {
        const voided = Array.from({ length: 2100 }, (_, i) =>
            record({
                id: id(`crowd ${i}`),
                declaration_date: "2024-01-20T00:00:00Z",
                state: "voided",
                created_at: `2024-02-01T00:${String(Math.floor(i / 60) % 60).padStart(2, "0")}:00Z`,
                updated_at: "2024-03-02T08:00:00Z",
            }),
        );
        await importRecords(example.database, voided);
        for (const query of ["", "filter[updated_since]=2024-03-01T00:00:00Z", `filter[participant_id]=${PERSON}`]) {
            const { json } = await get(example, `${base("v1")}?page[per_page]=3000&${query}`, { token });
            assert.equal(json.data.length, 2101);
            const response = await get(example, `${base("v1")}.csv?${query}`, { token });
            assert.equal(response.text, toCsv("v1", json.data), query);
        }
        const head = await request(example, "HEAD", `${base("v1")}.csv`, { token });
        assert.deepEqual([head.status, head.text], [200, ""]);
    });
});

describe("declaring and voiding", () => {
    const world = serveCases();
    const NOW = "2024-10-02T09:00:00Z";
    const E24 = declarationOf("E24", "started", "2024-10-01T11:00:00+01:00");
    const declare = (version, attributes, options = {}) =>
        post(world.service, base(version), envelope("participant-declaration", attributes), { token, now: NOW, ...options });
    const voids = (version, declaration, options = {}) =>
        put(world.service, `${base(version)}/${declaration}/void`, undefined, { token, now: NOW, ...options });

    for (const version of VERSIONS) {
        const expected = (data, members = {}) => ({
            id: data.id,
            type: "participant-declaration",
            attributes: shown(version, {
                participant_id: id("E24"),
                declaration_type: "started",
                course_identifier: "ecf-induction",
                eligible_for_payment: true,
                declaration_date: "2024-10-01T10:00:00Z",
                updated_at: data.attributes.updated_at,
                voided: false,
                state: "eligible",
                has_passed: null,
                ...members,
            }),
        });

        test(`POST ${version} answers 200 with the declaration as the version shows it`, async () => {
            const response = await declare(version, { ...E24, has_passed: true, other: "x", mentor_id: id("M24"), list: [1] });
            assert.equal(response.status, 200, response.text);
            assert.equal(response.headers.location, undefined);
            assert.equal(response.headers["content-type"], JSON_TYPE);
            const { data } = response.json;
            assert.equal(response.text, JSON.stringify({ data: expected(data) }));
            const single = await get(world.service, `${base(version)}/${data.id}`, { token });
            assert.equal(single.text, response.text);
        });

        test(`POST ${version} of one not yet eligible`, async () => {
            const response = await declare(version, declarationOf("E24N", "started", "2024-10-01T10:00:00Z"));
            const { attributes } = response.json.data;
            assert.deepEqual([attributes.state, attributes.eligible_for_payment], ["submitted", version === "v1" ? false : undefined]);
        });

        test(`POST ${version}: a retired id, and any type in the body`, async () => {
            await world.given({
                type: "participant",
                id: id("E24"),
                identities: [{ id: id("more of E24"), email: "more@private.example", external_identifier: id("retired E24") }],
            });
            const body = { data: { type: "nonsense", attributes: { ...E24, participant_id: id("retired E24") } } };
            const response = await post(world.service, base(version), body, { token, now: NOW });
            assert.equal(response.status, 200, response.text);
            assert.equal(response.json.data.attributes.participant_id, id("E24"));
        });

        test(`POST ${version} with empty attributes names exactly three`, async () => {
            for (const attributes of [{}, undefined, "x", [], { unknown: "x" }]) {
                const body = { data: { type: "participant-declaration", attributes } };
                const response = await post(world.service, base(version), body, { token, now: NOW });
                assertRefused(response, ["participant_id", M.M01], ["declaration_date", M.M03], ["declaration_type", M.M04]);
            }
        });

        test(`POST ${version} of the same again is refused, and so is what is no scalar`, async () => {
            assert.equal((await declare(version, E24)).status, 200);
            assertRefused(await declare(version, E24), ["base", M.M11]);
            assertRefused(
                await declare(version, { ...E24, participant_id: [id("E24")], declaration_date: {} }),
                ["participant_id", M.M01],
                ["declaration_date", M.M03],
            );
        });

        test(`POST ${version} of an NPQ course is refused for that alone`, async () => {
            const response = await declare(version, { ...E24, course_identifier: "npq-headship", declaration_type: "x" });
            assertRefused(response, ["course_identifier", M.M16]);
        });

        for (const [what, body] of [
            ["no body", undefined],
            ["no JSON", "{"],
            ["no data", {}],
            ["empty data", { data: {} }],
            ["data that is text", { data: "x" }],
            ["data that is a list", { data: [1] }],
        ])
            test(`POST ${version}: ${what} is a bad request`, async () => {
                const response = await post(world.service, base(version), body, { token });
                assert.deepEqual([response.status, response.json], [400, { errors: [{ title: "Bad request", detail: M.M17 }] }]);
            });

        test(`POST ${version} refuses what version 3 refuses, in the same words`, async () => {
            for (const members of [
                { participant_id: id("nothing") },
                { participant_id: id("EB") },
                { declaration_date: "2024-10-01" },
                { declaration_date: "2030-01-01T00:00:00Z" },
                { declaration_date: "2020-01-01T00:00:00Z" },
                { declaration_type: "nonsense" },
                { declaration_type: "retained-1" },
                { course_identifier: "ecf-mentor" },
                { evidence_held: "nonsense", declaration_type: "retained-1", declaration_date: "2025-01-15T10:00:00Z" },
            ]) {
                const options = { now: "2025-02-01T00:00:00Z" };
                const here = await declare(version, { ...E24, ...members }, options);
                const there = await declare("v3", { ...E24, ...members }, options);
                assert.deepEqual([here.status, here.text], [422, there.text], JSON.stringify(members));
            }
        });

        test(`void ${version} of a live one`, async () => {
            const { data } = (await declare(version, E24)).json;
            for (const body of [undefined]) {
                const response = await put(world.service, `${base(version)}/${data.id}/void`, body, { token, now: NOW });
                assert.equal(response.status, 200, response.text);
                const { updated_at } = response.json.data.attributes;
                const members = { state: "voided", voided: true, eligible_for_payment: false, updated_at };
                assert.equal(response.text, JSON.stringify({ data: expected(data, members) }));
            }
        });

        test(`void ${version} ignores the body, and has no CSV`, async () => {
            const { data } = (await declare(version, E24)).json;
            const response = await put(world.service, `${base(version)}/${data.id}/void.csv`, "{", { token, now: NOW });
            assert.deepEqual([response.status, response.headers["content-type"]], [200, JSON_TYPE]);
        });

        const given = async (state, members = {}, cohort = 2024) => {
            const name = cohort === 2021 ? "E21" : "E24";
            const on = statement("LP-A", cohort, cohort === 2021 ? "November 2021" : "January 2025");
            const hasStatement = !["submitted", "ineligible"].includes(state);
            if (["paid", "awaiting_clawback", "clawed_back"].includes(state))
                await world.given(stamped({ type: "statement", id: on, state: "paid" }));
            if (state === "payable") await world.given(stamped({ type: "statement", id: on, state: "payable" }));
            await world.given(
                declaration(name, {
                    date: `${cohort}-10-01T10:00:00Z`,
                    cohort,
                    state,
                    members: { ...(hasStatement && { statement_id: on }), ...members },
                }),
            );
            return id(`declaration ${name} started`);
        };

        for (const [state, shownState] of [
            ["submitted", "voided"],
            ["eligible", "voided"],
            ["payable", "voided"],
            ["ineligible", "voided"],
            ["paid", "awaiting-clawback"],
        ])
            test(`void ${version} of a ${state} one: ${shownState}`, async () => {
                const response = await voids(version, await given(state), { now: "2025-01-10T09:00:00Z" });
                assert.equal(response.status, 200, response.text);
                const { attributes } = response.json.data;
                assert.equal(attributes.state, shownState);
                assert.equal(attributes.voided, version === "v1" ? shownState === "voided" : undefined);
                assert.equal(attributes.eligible_for_payment, version === "v1" ? false : undefined);
            });

        test(`void ${version} again is refused`, async () => {
            const { data } = (await declare(version, E24)).json;
            assert.equal((await voids(version, data.id)).status, 200);
            assertRefused(await voids(version, data.id), ["Invalid action", M.M31]);
        });

        for (const [state, statementState] of [["awaiting_clawback", "open"], ["clawed_back", "paid"]])
            test(`void ${version} of a ${state} one is refused`, async () => {
                const back = statement("LP-A", 2024, "April 2025");
                await world.given(stamped({ type: "statement", id: back, state: statementState }));
                const declaration = await given(state, { clawback_statement_id: back });
                assertRefused(await voids(version, declaration, { now: "2025-01-10T09:00:00Z" }), ["Invalid action", M.M32]);
            });

        test(`void ${version} of a paid one of a cohort that has ended is refused`, async () => {
            const declaration = await given("paid", {}, 2021);
            const response = await voids(version, declaration, { now: "2024-08-01T09:00:00Z" });
            assertRefused(response, ["Invalid action", `Participant declaration ${closed(2021)}`]);
        });

        test(`void ${version} of a paid one that was refunded is refused`, async () => {
            const declaration = await given("paid");
            await world.sql(`INSERT INTO statement_line_items (statement_id, declaration_id, state)
                VALUES ('${statement("LP-A", 2024, "April 2025")}', '${declaration}', 'awaiting_clawback')`);
            const response = await voids(version, declaration, { now: "2025-01-10T09:00:00Z" });
            await world.sql("DELETE FROM statement_line_items WHERE state = 'awaiting_clawback'");
            assertRefused(response, ["Invalid action", M.REFUNDED]);
        });

        test(`void ${version} of another's is not found, though it is seen`, async () => {
            await world.given(declaration("T24", { leadProvider: "LP-B", date: DATE, state: "eligible", members: { statement_id: statement("LP-B", 2024, "January 2025") } }));
            const declaration24 = id("declaration T24 started");
            assert.equal((await get(world.service, `${base(version)}/${declaration24}`, { token })).status, 200);
            for (const each of [declaration24, id("nothing"), "x"]) {
                const response = await voids(version, each);
                assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
            }
            assert.equal((await voids(version, declaration24, { token: TOKENS["LP-B"] })).status, 200);
        });

        test(`${version}: token and kind come before the body`, async () => {
            for (const [method, path] of [["POST", base(version)], ["PUT", `${base(version)}/${id("nothing")}/void`]]) {
                assert.equal((await request(world.service, method, path, { body: "{" })).status, 401);
                for (const other of FORBIDDEN)
                    assert.equal((await request(world.service, method, path, { body: "{", token: other })).status, 403);
                const shapeless = await request(world.service, method, `${path}?filter=x`, { body: "{", token });
                assert.deepEqual([shapeless.status, shapeless.json], [400, FILTER_NO_HASH]);
            }
        });

        for (const [method, path] of [
            ["PATCH", `/${id("nothing")}/void`],
            ["POST", `/${id("nothing")}/void`],
            ["DELETE", `/${id("nothing")}`],
            ["PUT", ""],
        ])
            test(`${version} has no ${method} ${path}`, async () => {
                const response = await request(world.service, method, base(version) + path, { token, check: false });
                assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
            });
    }
});
