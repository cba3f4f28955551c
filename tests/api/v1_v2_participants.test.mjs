// Participants of versions 1 and 2: contract v1-v2.md 2, 3, 12 and 13. What version 3 has in common with
// them (rules of the actions, texts) is tested there, and here only held against version 3.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertRefused, serveCases } from "../support/cases.mjs";
import {
    BAD_PAGE,
    BAD_UPDATED_SINCE,
    check_list,
    FILTER_NO_HASH,
    NOT_FOUND,
    UNAUTHORISED,
} from "../support/check_list.mjs";
import { envelope, get, put, request } from "../support/client.mjs";
import { dropDatabase, psql } from "../support/database.mjs";
import { M } from "../support/messages.mjs";
import { serveWorld } from "../support/served.mjs";
import { startService } from "../support/service.mjs";
import {
    apiToken,
    deliveryPartner,
    email,
    FORBIDDEN_TOKENS,
    fullName,
    id,
    importRecords,
    leadProvider,
    partneredSchool,
    partnership,
    recordOf,
    schedule,
    school,
    schoolCohort,
    stamped,
    TOKENS,
    trainee,
    worldDatabase,
} from "../support/world.mjs";

const VERSIONS = ["v1", "v2"];
const PLACES = ["participants/ecf", "participants"];
const JSON_TYPE = "application/vnd.api+json";
const token = TOKENS["LP-A"];
const START = "2024-06-01T00:00:00Z";
const HEADER =
    "id,email,full_name,mentor_id,school_urn,participant_type,cohort,status,teacher_reference_number," +
    "teacher_reference_number_validated,eligible_for_funding,pupil_premium_uplift,sparsity_uplift,training_status," +
    "training_record_id,schedule_identifier,updated_at";
const NAMES = HEADER.split(",").slice(1);

const person = (name, options = {}) => trainee(name, { start: START, ...options });
const of = (name, ...records) => person(name, { records });
const at = (programme, members = {}) => ({ start: START, programme, ...members });
const ours = (members) => ({ start: START, programme: "S1 2024", ...members });
const theirs = (members) => ({ start: START, programme: "S2 2024", ...members });
const WANTED = "ecf-extended-september";
const wanted = (members) => ours({ scheduleIdentifier: WANTED, ...members });

const identity = (label, members = {}) => ({
    id: id(label),
    email: email(label),
    external_identifier: id(label),
    created_at: "2021-02-01T00:00:00Z",
    updated_at: "2021-02-01T00:00:00Z",
    ...members,
});
const own = (name) => identity(`identity ${name}`, { email: email(name), external_identifier: id(name) });

// --- Who is listed, and through which record ----------------------------------------------------

// [what, induction records, is the person listed?]
const VISIBILITY = [
    ...["active", "withdrawn", "changed", "leaving", "completed"].map((status) => [
        `induction ${status}`,
        [ours({ status })],
        true,
    ]),
    ...["active", "deferred", "withdrawn"].map((trainingStatus) => [
        `training ${trainingStatus}`,
        [ours({ trainingStatus })],
        true,
    ]),
    ["left for another provider", [ours({ end: START, status: "leaving" }), theirs({ transfer: true })], true],
    ["only with another", [theirs()], false],
    ["in a pending partnership", [at("flat pending")], true],
    ["in one made by the school", [at("flat relationship")], true],
    ["in a challenged one", [at("flat challenged")], false],
    ["in one with a reason only", [at("flat reason only")], false],
    ["in one with a date only", [at("flat date only")], false],
    ["trained by the school itself", [at("flat core")], false],
    ["not yet there", [ours({ start: "2099-01-01T00:00:00Z" })], true],
];

const LATEST = {
    "open before ended, though older": [
        wanted({ start: "2022-01-01T00:00:00Z" }),
        ours({ start: "2024-01-01T00:00:00Z", end: START }),
    ],
    "of open ones the last to start": [wanted({ start: "2024-01-02T00:00:00Z" }), ours({ start: "2024-01-01T00:00:00Z" })],
    "of ended ones the last to start": [
        wanted({ start: "2024-01-02T00:00:00Z", end: "2024-02-01T00:00:00Z" }),
        ours({ start: "2024-01-01T00:00:00Z", end: "2024-03-01T00:00:00Z" }),
    ],
    "of those that started together the last made": [
        wanted({ members: { created_at: "2024-07-02T00:00:00Z" } }),
        ours({ members: { created_at: "2024-07-01T00:00:00Z" } }),
    ],
    "one of a challenged partnership is not looked at": [
        wanted({ start: "2022-01-01T00:00:00Z", end: "2023-01-01T00:00:00Z" }),
        at("flat challenged"),
    ],
    "nor one of another provider": [wanted({ end: START }), theirs()],
};

// --- What is shown --------------------------------------------------------------------------------

const STATUS = [
    ["active", "active"],
    ["completed", "active"],
    ["leaving", "active"],
    ["withdrawn", "withdrawn"],
    ["changed", "withdrawn"],
];
const NONE = { status: "eligible", reason: "none" };
const DIFFERENT = { status: "manual_check", reason: "different_trn" };
// [own TRN, validation's, eligibility, shown, validated]
const TRNS = [
    [null, null, NONE, null, null],
    [null, null, DIFFERENT, null, null],
    ["1000801", null, NONE, "1000801", true],
    ["1000802", "1000803", NONE, "1000802", true],
    [null, "1000804", NONE, "1000804", true],
    [null, "1000805", null, "1000805", false],
    ["1000806", null, null, "1000806", false],
    ["1000807", null, DIFFERENT, "1000807", false],
    [null, "1000808", DIFFERENT, "1000808", false],
    ["1000809", null, { status: "ineligible", reason: "active_flags" }, "1000809", true],
];
const FUNDING = [
    ["eligible", "none", true],
    ["ineligible", "previous_induction", false],
    ["matched", "none", null],
    ["manual_check", "no_qts", null],
];

const secondRecord = (name, label, options) =>
    person(label, { kind: "mentor", ...options })
        .slice(1)
        .map((each) => (each.type === "training_record" ? { ...each, participant_id: id(name) } : each));

const shownChange = (name, stamps) =>
    person(name, { at: "2022-01-01T00:00:00Z", school: "S3" }).map((record) => ({
        ...record,
        ...(stamps[record.type] && { updated_at: stamps[record.type] }),
        ...(record.type === "participant" &&
            stamps.identity && { identities: [{ ...own(name), updated_at: stamps.identity }] }),
    }));

// A provider with few people, whose order and CSV are known whole.
const QUOTED = 'Comma, "quote"\nand \u00e9\u2028 line';
const ORDER = [
    ["order 1", "2022-01-01T00:00:00Z", "2023-01-03T00:00:00Z"],
    ["order 2", "2022-01-02T00:00:00Z", "2023-01-02T00:00:00Z"],
    ["order 3", "2022-01-03T00:00:00Z", "2023-01-01T00:00:00Z"],
];

const GIVEN = [
    ...partneredSchool("S3", "400003", { leadProvider: "LP-A", deliveryPartner: "DP-2", at: "2021-01-01T00:00:00Z" }),
    school("S5", "400005"),
    ...[
        ["flat pending", { pending: true }],
        ["flat relationship", { relationship: true }],
        ["flat challenged", { challenge_reason: "mistake", challenged_at: START }],
        ["flat reason only", { challenge_reason: "mistake" }],
        ["flat date only", { challenged_at: START }],
    ].flatMap(([name, members], i) =>
        partnership({ school: "S5", cohort: 2025 - i, leadProvider: "LP-A", deliveryPartner: "DP-1", name, ...members }),
    ),
    {
        type: "induction_programme",
        id: id("programme flat core"),
        school_id: id("S5"),
        cohort: 2024,
        training_programme: "core_induction_programme",
    },
    ...[2021, 2022, 2023, 2024, 2025].map((cohort) => schoolCohort("S5", cohort)),
    { type: "schedule", cohort: 2020, identifier: "ecf-standard-september", name: "ECF Standard September" },

    ...VISIBILITY.flatMap(([what, records]) => person(`seen ${what}`, { records })),
    ...person("seen though the school let them go", { record: { status: "withdrawn" }, records: [ours({ status: "withdrawn" })] }),
    ...Object.entries(LATEST).flatMap(([what, records]) => of(`latest ${what}`, ...records)),
    ...STATUS.flatMap(([status]) => of(`status ${status}`, ours({ status }))),
    ...TRNS.flatMap(([trn, given, eligibility], i) =>
        person(`trn ${i}`, { trn, eligibility, record: { validation: given ? { trn: given } : null } }),
    ),
    ...FUNDING.flatMap(([status, reason]) => person(`funding ${status}`, { eligibility: { status, reason } })),
    ...person("funding unknown", { eligibility: null }),
    ...person("Flagged", { record: { pupil_premium_uplift: true } }),
    ...person("Otherwise with the record", {
        record: { training_status: "withdrawn" },
        records: [ours({ trainingStatus: "deferred" })],
    }),

    // cohorts
    ...of("moved cohorts", { start: "2021-09-01T00:00:00Z", end: START, programme: "S1 2021", cohort: 2021, status: "changed" }, ours()),
    ...of("schedule 2020", { start: START, programme: "S1 2021", cohort: 2020 }),
    ...of("schedule 2023 at a school cohort of 2024", ours({ cohort: 2023 })),

    // people
    ...person("Their mentor", { kind: "mentor", school: "S2" }),
    ...person("Mentored", { mentor: "Their mentor" }),
    ...person("A mentor", { kind: "mentor", mentor: "Their mentor" }),
    ...person("Preferred", {
        person: { identities: [own("Preferred"), identity("preferred one")] },
        records: [ours({ members: { preferred_identity_id: id("preferred one") } })],
    }),
    ...person("Twice", { at: "2022-05-01T00:00:00Z" }),
    ...secondRecord("Twice", "Twice as mentor", { at: "2022-04-01T00:00:00Z", cohort: 2023, start: "2023-06-01T00:00:00Z" }),
    ...person("Merged", { person: { identities: [own("Merged"), identity("retired id")] } }),

    ...shownChange("changed oneself", { participant: "2024-08-01T00:00:00.999999Z" }),
    ...shownChange("changed identity", { identity: "2024-08-02T00:00:00Z" }),
    ...shownChange("changed record", { training_record: "2024-08-03T00:00:00Z" }),
    ...shownChange("changed induction", { induction_record: "2024-08-04T00:00:00Z" }),

    leadProvider("LP-C"),
    apiToken("lp-c-token", "lead_provider", "LP-C"),
    ...deliveryPartner("DP-C", { leadProvider: "LP-C" }),
    ...partneredSchool("S6", "400006", { leadProvider: "LP-C", deliveryPartner: "DP-C" }),
    ...ORDER.flatMap(([name, made, updated_at], i) => {
        const [own, ...others] = trainee(name, { school: "S6", at: made, start: START, eligibility: null });
        const full_name = i === 0 ? QUOTED : i === 1 ? " =1+1 " : fullName(name);
        return [{ ...own, full_name, updated_at }, ...others];
    }),
    leadProvider("LP-E"),
    apiToken("lp-e-token", "lead_provider", "LP-E"),
];

const service = serveWorld(GIVEN);

const base = (version, place = "participants/ecf") => `/api/${version}/${place}`;
const list = (version, query = "", options = {}) =>
    get(service(), `${base(version)}?page[per_page]=3000&${query}`, { token, ...options });
const csv = (version, query = "", { place, ...options } = {}) =>
    get(service(), `${base(version, place)}.csv${query}`, { token, ...options });
const show = (version, name, query = "", options = {}) =>
    get(service(), `${base(version)}/${id(name)}${query}`, { token, ...options });
const rowsOf = (response, name) => {
    assert.equal(response.status, 200, response.text);
    return response.json.data.filter((item) => item.id === id(name));
};
async function attributesOf(version, name) {
    const response = await show(version, name);
    assert.equal(response.status, 200, response.text);
    return response.json.data.attributes;
}

/** Is the person in the list, in the CSV, and shown? It must be the same. */
async function isSeen(version, name, query = "", options = {}) {
    const listed = rowsOf(await list(version, query, options), name).length > 0;
    const lines = (await csv(version, query && `?${query}`, options)).text.split("\n");
    assert.equal(lines.some((line) => line.startsWith(id(name))), listed, "in the CSV");
    const response = await show(version, name, query && `?${query}`, options);
    assert.equal(response.status, listed ? 200 : 404, response.text);
    if (!listed) assert.deepEqual(response.json, NOT_FOUND);
    return listed;
}

/** A list of JSON as CSV, in the contract's words (2.6). */
function toCsv(items, names) {
    if (items.length === 0) return "";
    const cell = (value) => {
        const text = value === null ? "" : String(value);
        return text === "" || /[,"\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    };
    const lines = items.map((item) => [item.id, ...names.map((name) => item.attributes[name])].map(cell).join(","));
    return [["id", ...names].join(","), ...lines].map((line) => `${line}\n`).join("");
}

// --- 2: what all lists share ------------------------------------------------------------------------

for (const version of VERSIONS)
    for (const place of PLACES)
        check_list({
            name: `${version} ${place}`,
            service,
            path: base(version, place),
            type: "participant",
            // As many rows as people: whoever trains twice is two rows with one id.
            token: TOKENS["LP-B"],
            forbidden: FORBIDDEN_TOKENS,
            cohort: "default",
            csv: true,
        });

for (const version of VERSIONS)
    describe(`${version} content types`, () => {
        for (const place of PLACES)
            test(`${place}: only the suffix gives CSV`, async () => {
                const path = base(version, place);
                for (const [url, headers, type] of [
                    [path, {}, JSON_TYPE],
                    [path, { Accept: "text/csv" }, JSON_TYPE],
                    [`${path}?format=csv`, {}, JSON_TYPE],
                    [`${path}.json`, { Accept: "text/csv" }, JSON_TYPE],
                    [`${path}.csv`, {}, "text/csv"],
                    [`${path}.csv`, { Accept: "application/json" }, "text/csv"],
                    [`${path}.csv?format=json`, {}, "text/csv"],
                ]) {
                    const response = await get(service(), url, { token, headers });
                    assert.deepEqual([response.status, response.headers["content-type"]], [200, type], url);
                    assert.equal(response.headers["content-disposition"], undefined);
                }
            });

        for (const suffix of ["xml", "foo", "CSV", "html"])
            test(`.${suffix} is not acceptable`, async () => {
                for (const place of PLACES) {
                    const response = await get(service(), `${base(version, place)}.${suffix}`, { token });
                    assert.deepEqual([response.status, response.text], [406, ""], place);
                    assert.equal(response.headers["content-type"], undefined);
                }
            });

        test("a single one has no CSV", async () => {
            const plain = await show(version, "E24");
            for (const suffix of [".csv", ".json"]) {
                const response = await get(service(), `${base(version)}/${id("E24")}${suffix}`, { token });
                assert.deepEqual([response.status, response.headers["content-type"]], [200, JSON_TYPE]);
                assert.equal(response.text, plain.text);
            }
        });

        test("errors of the CSV path are JSON", async () => {
            for (const [query, options, status, body] of [
                ["?filter[updated_since]=x", {}, 400, BAD_UPDATED_SINCE],
                ["?filter=x", {}, 400, FILTER_NO_HASH],
                ["", { token: undefined }, 401, UNAUTHORISED],
            ]) {
                const response = await csv(version, query, options);
                assert.deepEqual([response.status, response.json], [status, body]);
                assert.equal(response.headers["content-type"], JSON_TYPE);
            }
            const refused = await csv(version, "", { token: TOKENS["LP-N"] });
            assert.deepEqual([refused.status, refused.text], [403, ""]);
        });
    });

// --- 2.6: CSV ---------------------------------------------------------------------------------------

for (const version of VERSIONS)
    describe(`${version} CSV`, () => {
        const small = { token: "lp-c-token" };

        test("is this, byte for byte", async () => {
            const shown = (name) => (name === "order 1" ? "2023-01-03T00:00:00Z" : name === "order 2" ? "2023-01-02T00:00:00Z" : "2023-01-01T00:00:00Z");
            const line = (name, full_name) =>
                `${id(name)},${email(name)},${full_name},"",400006,ect,2024,active,"","","",false,false,active,` +
                `${recordOf(name)},ecf-standard-september,${shown(name)}\n`;
            const expected =
                `${HEADER}\n` +
                line("order 1", '"Comma, ""quote""\nand \u00e9\u2028 line"') +
                line("order 2", " =1+1 ") +
                line("order 3", fullName("order 3"));
            for (const place of PLACES) {
                const response = await csv(version, "", { place, ...small });
                assert.deepEqual(response.body, Buffer.from(expected, "utf8"));
            }
        });

        test("of nothing has no byte", async () => {
            for (const [query, options] of [
                ["", { token: "lp-e-token" }],
                ["?filter[cohort]=1999", {}],
                ["?filter[updated_since]=2100-01-01T00:00:00Z", {}],
            ]) {
                const response = await csv(version, query, options);
                assert.deepEqual([response.status, response.body.length], [200, 0], query);
                assert.equal(response.headers["content-type"], "text/csv");
            }
        });

        test("has the records of the list, in its order, with its filters", async () => {
            for (const query of [
                "",
                "filter[cohort]=2023",
                "filter[cohort]=2021,2024",
                "filter[updated_since]=2022-01-01T00:00:00Z",
                "filter[cohort]=2024&filter[updated_since]=2024-08-01T00:00:00Z",
                "filter[cohort]=2020",
            ]) {
                const { data } = (await list(version, query)).json;
                assert.equal((await csv(version, `?${query}`)).text, toCsv(data, NAMES), query);
            }
        });

        test("knows no pages", async () => {
            const whole = (await csv(version)).text;
            for (const query of ["page[page]=2&page[per_page]=1", "page[page]=0", "page=x", "page[per_page]=-1"])
                assert.equal((await csv(version, `?${query}`)).text, whole, query);
        });

        test("HEAD has no body", async () => {
            const response = await request(service(), "HEAD", `${base(version)}.csv`, { token });
            assert.deepEqual([response.status, response.text], [200, ""]);
        });
    });

// --- 3.1: selection and order -----------------------------------------------------------------------

for (const version of VERSIONS)
    describe(`${version} selection`, () => {
        for (const [what, , expected] of VISIBILITY)
            test(`one ${what}: ${expected}`, async () => {
                assert.equal(await isSeen(version, `seen ${what}`), expected);
            });

        test("one whom the school let go is listed as withdrawn", async () => {
            assert.equal(await isSeen(version, "seen though the school let them go"), true);
            assert.equal((await attributesOf(version, "seen though the school let them go")).status, "withdrawn");
        });

        test("one who changed providers is listed by both, each through its own record", async () => {
            const [theirs] = rowsOf(await list(version, "", { token: TOKENS["LP-B"] }), "T24");
            const [ours] = rowsOf(await list(version), "T24");
            assert.equal(theirs.attributes.training_record_id, ours.attributes.training_record_id);
            assert.deepEqual([theirs.attributes.school_urn, ours.attributes.school_urn], ["100002", "100001"]);
        });

        for (const what of Object.keys(LATEST))
            test(`the record that counts: ${what}`, async () => {
                assert.equal((await attributesOf(version, `latest ${what}`)).schedule_identifier, WANTED);
            });

        for (const [name, query, expected] of [
            ["moved cohorts", "", true],
            ["moved cohorts", "filter[cohort]=2021", true],
            ["moved cohorts", "filter[cohort]=2024", true],
            ["moved cohorts", "filter[cohort]=2022", false],
            ["schedule 2020", "", false],
            ["schedule 2020", "filter[cohort]=2020", true],
            ["schedule 2020", "filter[cohort]=2021", false],
            ["schedule 2023 at a school cohort of 2024", "filter[cohort]=2023", true],
            ["schedule 2023 at a school cohort of 2024", "filter[cohort]=2024", false],
        ])
            test(`${name}, "${query}": ${expected}`, async () => {
                assert.equal(await isSeen(version, name, query), expected);
            });

        test("one who changed cohorts is one row, of the cohort asked for", async () => {
            for (const [query, cohort] of [["", "2024"], ["filter[cohort]=2021", "2021"], ["filter[cohort]=2021,2024", "2024"]]) {
                const rows = rowsOf(await list(version, query), "moved cohorts");
                assert.deepEqual(rows.map((row) => row.attributes.cohort), [cohort], query);
            }
        });

        test("the cohort shown is the school's", async () => {
            assert.equal((await attributesOf(version, "schedule 2023 at a school cohort of 2024")).cohort, "2024");
        });

        test("ignores sort and training_status", async () => {
            const { text } = await list(version);
            for (const query of ["sort=-created_at", "filter[training_status]=deferred", "filter[training_status]=x", "filter[from_participant_id]=x"])
                assert.equal((await list(version, query)).text, text, query);
        });

        const ordered = async (query) => {
            const response = await get(service(), `${base(version)}?${query}`, { token: "lp-c-token" });
            return response.json.data.map((item) => item.id);
        };
        const names = (numbers) => numbers.map((number) => id(`order ${number}`));

        test("goes by the person's creation, with updated_since by their change", async () => {
            assert.deepEqual(await ordered(""), names([1, 2, 3]));
            assert.deepEqual(await ordered("filter[updated_since]=2022-01-01T00:00:00Z"), names([3, 2, 1]));
            const pages = [];
            for (const page of [1, 2, 3])
                pages.push(...(await ordered(`filter[updated_since]=2022-01-01T00:00:00Z&page[per_page]=1&page[page]=${page}`)));
            assert.deepEqual(pages, names([3, 2, 1]));
        });

        for (const [name, instant, expected] of [
            ["changed oneself", "2024-08-01T00:00:00.999999Z", true],
            ["changed oneself", "2024-08-01T00:00:01Z", false],
            ["changed record", "2024-08-03T00:00:00Z", false], // only the person's own change counts
            ["changed induction", "2024-08-04T00:00:00Z", false],
        ])
            test(`updated_since: ${name}, ${instant}: ${expected}`, async () => {
                assert.equal(await isSeen(version, name, `filter[updated_since]=${instant}`), expected);
            });

        test("updated_since wins over a bad page", async () => {
            assert.deepEqual((await list(version, "filter[updated_since]=x&page[page]=0")).json, BAD_UPDATED_SINCE);
            assert.deepEqual((await get(service(), `${base(version)}?page=2`, { token })).json, BAD_PAGE);
        });
    });

// --- 3.2: attributes --------------------------------------------------------------------------------

for (const version of VERSIONS)
    describe(`${version} attributes`, () => {
        test("are these, in this order", async () => {
            for (const item of (await list(version)).json.data) assert.deepEqual(Object.keys(item.attributes), NAMES);
        });

        test("of one whole, in list and alone", async () => {
            const attributes = {
                email: email("Mentored"),
                full_name: fullName("Mentored"),
                mentor_id: id("Their mentor"),
                school_urn: "100001",
                participant_type: "ect",
                cohort: "2024",
                status: "active",
                teacher_reference_number: null,
                teacher_reference_number_validated: null,
                eligible_for_funding: true,
                pupil_premium_uplift: false,
                sparsity_uplift: false,
                training_status: "active",
                training_record_id: recordOf("Mentored"),
                schedule_identifier: "ecf-standard-september",
                updated_at: "2021-02-01T00:00:00Z",
            };
            const item = JSON.stringify({ id: id("Mentored"), type: "participant", attributes });
            const { text } = await show(version, "Mentored");
            const shown = JSON.parse(text).data.attributes.updated_at;
            assert.equal(text, `{"data":${item.replace("2021-02-01T00:00:00Z", shown)}}`);
            assert.match(shown, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
            assert.ok((await list(version)).text.includes(text.slice('{"data":'.length, -1)));
        });

        test("email: the preferred one, else the person's", async () => {
            assert.equal((await attributesOf(version, "Preferred")).email, email("preferred one"));
            assert.equal((await attributesOf(version, "E24")).email, email("E24"));
        });

        test("mentor_id: none for mentors, nor without one", async () => {
            assert.equal((await attributesOf(version, "Mentored")).mentor_id, id("Their mentor"));
            assert.equal((await attributesOf(version, "A mentor")).mentor_id, null);
            assert.equal((await attributesOf(version, "E21")).mentor_id, null);
        });

        test("participant_type", async () => {
            assert.equal((await attributesOf(version, "E24")).participant_type, "ect");
            assert.equal((await attributesOf(version, "M24")).participant_type, "mentor");
        });

        for (const [status, shown] of STATUS)
            test(`status of ${status}: ${shown}`, async () => {
                assert.equal((await attributesOf(version, `status ${status}`)).status, shown);
            });

        for (const [i, [trn, given, eligibility, shown, validated]] of TRNS.entries())
            test(`TRN ${trn}, given ${given}, ${eligibility?.status} ${eligibility?.reason}: ${shown}, ${validated}`, async () => {
                const attributes = await attributesOf(version, `trn ${i}`);
                assert.equal(attributes.teacher_reference_number, shown);
                assert.equal(attributes.teacher_reference_number_validated, validated);
            });

        for (const [status, , shown] of FUNDING)
            test(`eligible_for_funding, ${status}: ${shown}`, async () => {
                assert.equal((await attributesOf(version, `funding ${status}`)).eligible_for_funding, shown);
            });

        test("eligible_for_funding while unknown: null", async () => {
            assert.equal((await attributesOf(version, "funding unknown")).eligible_for_funding, null);
        });

        test("uplifts are the training record's", async () => {
            const { pupil_premium_uplift, sparsity_uplift } = await attributesOf(version, "Flagged");
            assert.deepEqual([pupil_premium_uplift, sparsity_uplift], [true, false]);
        });

        test("training_status is the induction record's", async () => {
            assert.equal((await attributesOf(version, "Otherwise with the record")).training_status, "deferred");
        });

        for (const [name, shown] of [
            ["changed oneself", "2024-08-01T00:00:00Z"],
            ["changed identity", "2024-08-02T00:00:00Z"],
            ["changed record", "2024-08-03T00:00:00Z"],
            ["changed induction", "2024-08-04T00:00:00Z"],
        ])
            test(`updated_at: ${name}: ${shown}`, async () => {
                assert.equal((await attributesOf(version, name)).updated_at, shown);
            });
    });

// --- 3.3: one participant ---------------------------------------------------------------------------

for (const version of VERSIONS)
    describe(`${version} show`, () => {
        test("who trains twice is two rows, and shown as teacher", async () => {
            const rows = rowsOf(await list(version), "Twice");
            const records = rows.map((row) => row.attributes.training_record_id).sort();
            assert.deepEqual(records, [recordOf("Twice"), recordOf("Twice as mentor")].sort());
            const attributes = await attributesOf(version, "Twice");
            assert.deepEqual([attributes.participant_type, attributes.training_record_id], ["ect", recordOf("Twice")]);
        });

        test("the filters apply first", async () => {
            const response = await show(version, "Twice", "?filter[cohort]=2023");
            assert.equal(response.json.data.attributes.participant_type, "mentor");
            assert.equal((await show(version, "Twice", "?filter[cohort]=2022")).status, 404);
            assert.equal((await show(version, "E24", "?filter[updated_since]=2100-01-01T00:00:00Z")).status, 404);
            const refused = await show(version, "E24", "?filter[updated_since]=x");
            assert.deepEqual([refused.status, refused.json], [400, BAD_UPDATED_SINCE]);
            const shapeless = await show(version, "E24", "?filter=abc");
            assert.deepEqual([shapeless.status, shapeless.json], [400, FILTER_NO_HASH]);
        });

        test("takes an id in capitals", async () => {
            const path = `${base(version)}/${id("E24").toUpperCase()}`;
            assert.equal((await get(service(), path, { token })).text, (await show(version, "E24")).text);
        });

        for (const [what, path] of [
            ["an unknown id", id("nothing")],
            ["no UUID", "E24"],
            ["a retired id", id("retired id")],
            ["a training record's id", recordOf("E24")],
            ["another provider's", id("EB")],
        ])
            test(`${what} is not found`, async () => {
                const response = await get(service(), `${base(version)}/${path}`, { token });
                assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
            });
    });

// --- 1: routes ----------------------------------------------------------------------------------------

describe("routes", () => {
    for (const [method, path] of [
        ["GET", `/api/v1/participants/${id("E24")}`],
        ["GET", `/api/v2/participants/${id("E24")}`],
        ["GET", "/api/v3/participants"],
        ...["withdraw", "defer", "resume", "change-schedule"].flatMap((action) => [
            ["PUT", `/api/v2/participants/${id("E24")}/${action}`],
            ["PUT", `/api/v3/participants/${id("E24")}/${action}`],
            ["PATCH", `/api/v1/participants/ecf/${id("E24")}/${action}`],
            ["POST", `/api/v1/participants/${id("E24")}/${action}`],
        ]),
        ["GET", "/api/v1/participants/npq"],
        ["GET", "/api/v1/npq-applications"],
        ["GET", "/api/v1/participant-validation/1234567"],
    ])
        test(`there is no ${method} ${path}`, async () => {
            for (const headers of [{}, { Accept: "text/html" }]) {
                const response = await request(service(), method, path, { token, headers, check: false });
                assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
            }
        });
});

// --- 13: worked examples --------------------------------------------------------------------------------

describe("the worked example", () => {
    const LISTED = `{"data":[{"id":"0f6b1f0e-5f43-4b5e-9d0a-7a1f9b1f6c01","type":"participant","attributes":{
 "email":"asha.patel@oakfield.example","full_name":"Asha Patel","mentor_id":null,"school_urn":"123456",
 "participant_type":"mentor","cohort":"2023","status":"active","teacher_reference_number":null,
 "teacher_reference_number_validated":null,"eligible_for_funding":null,"pupil_premium_uplift":false,
 "sparsity_uplift":true,"training_status":"deferred","training_record_id":"b1a4d7f2-2f7c-4f0b-8f59-0b2c9f7e1d02",
 "schedule_identifier":"ecf-standard-january","updated_at":"2024-02-01T10:15:30Z"}}]}`;
    const LINE =
        '0f6b1f0e-5f43-4b5e-9d0a-7a1f9b1f6c01,asha.patel@oakfield.example,"Patel, Asha","",123456,mentor,2023,active,' +
        '"","","",false,true,deferred,b1a4d7f2-2f7c-4f0b-8f59-0b2c9f7e1d02,ecf-standard-january,2024-02-01T10:15:30Z';
    const PERSON = "0f6b1f0e-5f43-4b5e-9d0a-7a1f9b1f6c01";
    const RECORD = "b1a4d7f2-2f7c-4f0b-8f59-0b2c9f7e1d02";
    const AT = "2024-02-01T10:15:30Z";
    const named = (full_name) => ({
        type: "participant",
        id: PERSON,
        full_name,
        email: "asha.patel@oakfield.example",
        created_at: AT,
        updated_at: AT,
    });
    let example;
    before(async () => {
        const database = await worldDatabase([
            leadProvider("LP-W"),
            apiToken("lp-w-token", "lead_provider", "LP-W"),
            ...deliveryPartner("DP-W", { leadProvider: "LP-W" }),
            ...partneredSchool("Oakfield", "123456", { leadProvider: "LP-W", deliveryPartner: "DP-W", cohorts: [2023] }),
            named("Asha Patel"),
            stamped(
                {
                    type: "training_record",
                    id: RECORD,
                    participant_id: PERSON,
                    kind: "mentor",
                    school_id: id("Oakfield"),
                    cohort: 2023,
                    schedule: schedule(2023, "ecf-standard-january"),
                    sparsity_uplift: true,
                },
                AT,
            ),
            stamped(
                {
                    type: "induction_record",
                    id: id("induction of the example"),
                    training_record_id: RECORD,
                    programme_id: id("programme Oakfield 2023"),
                    schedule: schedule(2023, "ecf-standard-january"),
                    start_date: "2023-09-01T00:00:00Z",
                    training_status: "deferred",
                },
                AT,
            ),
        ]);
        example = await startService({ database });
    });
    after(async () => {
        await example?.stop();
        await dropDatabase(example?.database);
    });

    test("is the list, byte for byte but for its line ends", async () => {
        for (const version of VERSIONS)
            for (const place of PLACES) {
                const response = await get(example, base(version, place), { token: "lp-w-token" });
                assert.equal(response.text, LISTED.replace(/\n ?/g, ""));
            }
    });

    test("is the CSV, with a comma in the name", async () => {
        await importRecords(example.database, [named("Patel, Asha")]);
        for (const version of VERSIONS) {
            const response = await get(example, `${base(version)}.csv`, { token: "lp-w-token" });
            assert.deepEqual(response.body, Buffer.from(`${HEADER}\n${LINE}\n`));
        }
    });

    test("is long, too: a CSV of several batches is the list", async () => {
        const people = Array.from({ length: 2100 }, (_, i) =>
            trainee(`crowd ${i}`, { school: "Oakfield", cohort: 2023, start: "2023-09-01T00:00:00Z", at: "2024-01-01T00:00:00Z" }),
        );
        await importRecords(example.database, people.flat());
        for (const query of ["", "filter[updated_since]=2000-01-01T00:00:00Z", "filter[cohort]=2023"]) {
            const { json } = await get(example, `${base("v1")}?page[per_page]=3000&${query}`, { token: "lp-w-token" });
            assert.equal(json.data.length, 2101);
            const response = await get(example, `${base("v1")}.csv?${query}`, { token: "lp-w-token" });
            assert.equal(response.text, toCsv(json.data, NAMES));
        }
        const head = await request(example, "HEAD", `${base("v1")}.csv`, { token: "lp-w-token" });
        assert.deepEqual([head.status, head.text], [200, ""]);
    });
});

// --- 3.4: actions ----------------------------------------------------------------------------------------

describe("actions", () => {
    const NOW = "2025-01-10T09:00:00Z";
    const ECT = { course_identifier: "ecf-induction" };
    const world = serveCases([
        ...person("Act twice"),
        ...secondRecord("Act twice", "Act twice as mentor", {}),
        ...person("Act merged", { person: { identities: [own("Act merged"), identity("act retired")] } }),
        ...partnership({
            school: "S1",
            cohort: 2024,
            leadProvider: "LP-A",
            deliveryPartner: "DP-2",
            name: "act challenged",
            challenge_reason: "mistake",
            challenged_at: START,
        }),
        ...person("Act challenged", { records: [at("act challenged")] }),
        ...person("Act let go", { record: { status: "withdrawn" }, records: [ours({ status: "withdrawn" })] }),
    ]);
    const send = (path, participant, action, body, options = {}) =>
        put(world.service, `${path}/${participant}/${action}`, body, { token, now: NOW, ...options });
    const act = (path, name, action, attributes, options) =>
        send(path, id(name), action, envelope(`participant-${action}`, attributes), options);

    const ROUTES = ["/api/v1/participants/ecf", "/api/v2/participants/ecf", "/api/v1/participants"];
    const ACTIONS = [
        ["withdraw", { ...ECT, reason: "moved-school" }, { training_status: "withdrawn" }],
        ["defer", { ...ECT, reason: "career-break" }, { training_status: "deferred" }],
        ["change-schedule", { ...ECT, schedule_identifier: "ecf-standard-january" }, { schedule_identifier: "ecf-standard-january" }],
    ];

    for (const path of ROUTES) {
        const version = path.slice(5, 7);
        const single = async (name, options = {}) =>
            (await get(world.service, `${base(version)}/${id(name)}`, { token, ...options })).json.data;

        /** When the person was last changed, to the microsecond. */
        const stamp = async (name) =>
            (await psql(world.service.database, `SELECT updated_at FROM users WHERE id = '${id(name)}'`))[0].updated_at;

        for (const [action, attributes, expected] of ACTIONS)
            test(`${path}: ${action} answers with the flat record as it stands`, async () => {
                const earlier = await single("E24");
                const earlierStamp = await stamp("E24");
                const response = await act(path, "E24", action, attributes);
                assert.equal(response.status, 200, response.text);
                assert.equal(response.headers["content-type"], JSON_TYPE);
                const { updated_at } = response.json.data.attributes;
                assert.ok((await stamp("E24")) > earlierStamp);
                assert.ok(updated_at >= earlier.attributes.updated_at); // the same, cut to whole seconds
                const wanted = { ...earlier, attributes: { ...earlier.attributes, ...expected, updated_at } };
                assert.equal(response.text, JSON.stringify({ data: wanted }));
                assert.deepEqual(await single("E24"), wanted);
            });

        test(`${path}: resume, after a withdrawal too`, async () => {
            for (const [action, attributes] of ACTIONS.slice(0, 2)) {
                assert.equal((await act(path, "E24", action, attributes)).status, 200);
                const response = await act(path, "E24", "resume", ECT, { now: "2025-01-11T09:00:00Z" });
                assert.equal(response.status, 200, response.text);
                assert.equal(response.json.data.attributes.training_status, "active");
            }
        });

        test(`${path}: a cohort as text or as number`, async () => {
            for (const [name, cohort] of [["E24", "2023"], ["T24", 2023]]) {
                const attributes = { ...ECT, schedule_identifier: "ecf-standard-september", cohort };
                const response = await act(path, name, "change-schedule", attributes);
                assert.equal(response.status, 200, response.text);
                assert.equal(response.json.data.attributes.cohort, "2023");
            }
        });

        test(`${path}: keys of other actions, and unknown ones, are ignored`, async () => {
            const more = { reason: "nonsense", schedule_identifier: "nonsense", cohort: "1999", evidence_held: "x", other: [1] };
            const deferred = await act(path, "E24", "defer", { ...more, ...ECT, reason: "other" });
            assert.equal(deferred.status, 200, deferred.text);
            assert.equal((await act(path, "E24", "resume", { ...more, ...ECT })).status, 200);
            const moved = { ...ECT, schedule_identifier: "ecf-standard-april", reason: "nonsense" };
            assert.equal((await act(path, "E24", "change-schedule", moved)).status, 200);
        });

        test(`${path}: the type in the body is not looked at`, async () => {
            for (const type of ["nonsense", undefined, null, 7]) {
                const body = { data: { type, attributes: { ...ECT, reason: "other" } } };
                const response = await send(path, id("E24"), type === "nonsense" ? "defer" : "withdraw", body);
                assert.ok([200, 422].includes(response.status), response.text);
            }
        });

        test(`${path}: the course says which record is meant`, async () => {
            const response = await act(path, "Act twice", "defer", { course_identifier: "ecf-mentor", reason: "other" });
            assert.equal(response.status, 200, response.text);
            const { participant_type, training_record_id, training_status } = response.json.data.attributes;
            assert.deepEqual(
                [participant_type, training_record_id, training_status],
                ["mentor", recordOf("Act twice as mentor"), "deferred"],
            );
            assert.equal((await single("Act twice")).attributes.training_status, "active");
        });

        test(`${path}: a retired id is accepted, and not shown`, async () => {
            const body = envelope("participant-defer", { ...ECT, reason: "other" });
            const response = await send(path, id("act retired"), "defer", body);
            assert.equal(response.status, 200, response.text);
            assert.equal(response.json.data.id, id("Act merged"));
        });

        test(`${path}: who is not listed because of a challenge can still be acted on`, async () => {
            const listed = await get(world.service, `${base(version)}/${id("Act challenged")}`, { token });
            assert.equal(listed.status, 404);
            const response = await act(path, "Act challenged", "withdraw", { ...ECT, reason: "other" });
            assert.equal(response.status, 200, response.text);
            assert.equal(response.json.data.id, id("Act challenged"));
            assert.equal(response.json.data.attributes.training_status, "withdrawn");
        });

        test(`${path}: who was let go by the school is listed, and cannot`, async () => {
            assert.equal((await single("Act let go")).attributes.status, "withdrawn");
            const response = await act(path, "Act let go", "defer", { ...ECT, reason: "other" });
            assertRefused(response, ["course_identifier", M.M13]);
        });

        test(`${path}: an unknown participant is refused, not missing`, async () => {
            for (const participant of [id("nothing"), "x", id("EB")]) {
                const body = envelope("participant-resume", ECT);
                assertRefused(await send(path, participant, "resume", body), ["participant_id", M.M01]);
            }
        });

        test(`${path}: the worked example of a refusal, byte for byte`, async () => {
            const response = await act(path, "E24", "defer", ECT);
            assert.equal(
                response.text,
                `{"errors":[{"title":"reason","detail":"The property '#/reason' must be present, The property '#/reason' must be a valid reason"}]}`,
            );
        });

        test(`${path}: the same again is refused`, async () => {
            for (const [action, attributes] of [["resume", ECT], ...ACTIONS]) {
                if (action !== "resume") assert.equal((await act(path, action === "change-schedule" ? "T24" : "E24", action, attributes)).status, 200);
                const again = await act(path, action === "change-schedule" ? "T24" : "E24", action, attributes);
                assert.equal(again.status, 422, `${action}: ${again.text}`);
                if (action === "withdraw") await world.restore();
            }
        });

        test(`${path}: a reason of before 2025 is refused`, async () => {
            const response = await act(path, "E24", "withdraw", { ...ECT, reason: "school-left-fip" });
            assertRefused(response, ["reason", M.M20]);
        });

        for (const [what, body] of [
            ["no body", undefined],
            ["no JSON", "{"],
            ["no data", {}],
            ["empty data", { data: {} }],
            ["data that is text", { data: "x" }],
            ["data that is a list", { data: [1] }],
        ])
            test(`${path}: ${what} is a bad request`, async () => {
                for (const action of ["withdraw", "defer", "resume", "change-schedule"]) {
                    const response = await send(path, id("E24"), action, body);
                    const errors = [{ title: "Bad request", detail: M.M17 }];
                    assert.deepEqual([response.status, response.json], [400, { errors }]);
                }
            });

        test(`${path}: refuses what version 3 refuses, in the same words`, async () => {
            const bodies = [
                { data: { type: "x" } },
                { data: { type: "x", attributes: "x" } },
                { data: { attributes: {} } },
                ...[ECT, { ...ECT, reason: "x" }, { course_identifier: "x", reason: "other" }, { ...ECT, schedule_identifier: "x" }].map(
                    (attributes) => ({ data: { attributes } }),
                ),
                { data: { attributes: { ...ECT, schedule_identifier: "ecf-standard-january", cohort: "1999" } } },
            ];
            for (const action of ["withdraw", "defer", "resume", "change-schedule"])
                for (const body of bodies) {
                    const here = await send(path, id("E24N"), action, body);
                    if (here.status === 200) continue;
                    const there = await send("/api/v3/participants/ecf", id("E24N"), action, body);
                    assert.deepEqual([here.status, here.text], [there.status, there.text], `${action} ${JSON.stringify(body)}`);
                }
        });
    }

    test("without a token or of another kind: 401 and 403 before the body", async () => {
        for (const path of ROUTES) {
            assert.equal((await send(path, id("E24"), "defer", "{", { token: undefined })).status, 401);
            for (const other of FORBIDDEN_TOKENS)
                assert.equal((await send(path, id("E24"), "defer", "{", { token: other })).status, 403);
        }
    });

    test("a filter that is no hash is refused on the present addresses", async () => {
        for (const path of ROUTES.slice(0, 2)) {
            const response = await put(world.service, `${path}/${id("E24")}/defer?filter=x`, "{", { token });
            assert.deepEqual([response.status, response.json], [400, FILTER_NO_HASH]);
        }
    });
});
