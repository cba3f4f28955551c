// GET unfunded-mentors/ecf: contract v3.md 3.7.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BAD_UPDATED_SINCE, check_list, NOT_FOUND } from "../support/check_list.mjs";
import { get } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import {
    email,
    FORBIDDEN_TOKENS,
    fullName,
    id,
    partnership,
    recordOf,
    schoolCohort,
    TOKENS,
    trainee,
} from "../support/world.mjs";

const PATH = "/api/v3/unfunded-mentors/ecf";
const token = TOKENS["LP-A"];
const START = "2024-06-01T00:00:00Z";

const record = (members) => ({ start: START, programme: "S1 2024", ...members });
const theirs = (members) => record({ programme: "S2 2024", ...members });

let minute = 0;
const mentor = (name, records, options = {}) =>
    trainee(name, {
        kind: "mentor",
        at: `2022-01-01T00:${String(minute++).padStart(2, "0")}:00Z`,
        records,
        ...options,
    });
const mentee = (name, mentorName, records = [record()]) =>
    trainee(`mentee ${name}`, { mentor: mentorName, records });

// [what, the mentor's own records, the records of the one they mentor, are they unfunded?]
const CASES = [
    ["with the other provider", [theirs()], [record()], true],
    ["without any record", [], [record()], true],
    ["without a partnership", [record({ programme: "mentor core" })], [record()], true],
    ["with us", [record()], [record()], false],
    ["with us once", [record({ end: START, status: "leaving" }), theirs()], [record()], false],
    ["with us in a challenged partnership", [record({ programme: "mentor challenged" })], [record()], true],
    ["with us in one made by the school", [record({ programme: "mentor relationship" })], [record()], false],
    ["of one with the other provider", [theirs()], [theirs()], false],
    ["of one in a challenged partnership", [theirs()], [record({ programme: "mentor challenged" })], false],
    ["of one who left", [theirs()], [record({ end: START, status: "leaving" })], true],
    ["of one who withdrew", [theirs()], [record({ status: "withdrawn", trainingStatus: "withdrawn" })], true],
    [
        "of one who has another mentor now",
        [theirs()],
        [
            record({ end: "2024-07-01T00:00:00Z", status: "changed" }),
            record({ start: "2024-07-01T00:00:00Z", mentor: "E24N" }),
        ],
        false,
    ],
    [
        "of one who has no mentor now",
        [theirs()],
        [
            record({ end: "2024-07-01T00:00:00Z", status: "changed" }),
            record({ start: "2024-07-01T00:00:00Z", members: { mentor_training_record_id: null } }),
        ],
        false,
    ],
    [
        "of one who went to the other provider",
        [theirs()],
        [
            record({ end: "2024-07-01T00:00:00Z", status: "leaving" }),
            theirs({ start: "2024-07-01T00:00:00Z", transfer: true }),
        ],
        true,
    ],
    ["of one whose schedule is of 2020", [theirs()], [record({ cohort: 2020 })], true],
];

const identity = (label, address) => ({
    id: id(label),
    email: address,
    external_identifier: id(label),
    created_at: "2022-01-01T00:00:00Z",
    updated_at: "2022-01-01T00:00:00Z",
});
const prefers = (label) => ({ members: { preferred_identity_id: label && id(label) } });
const withIdentities = (name) => ({
    person: {
        identities: [
            { ...identity(`identity ${name}`, email(name)), external_identifier: id(name) },
            identity(`${name} one`, `${email(`${name} one`)}`),
            identity(`${name} two`, `${email(`${name} two`)}`),
        ],
    },
});

// [what, the mentor's own TRN, that of the validation, shown]
const TRNS = [
    ["own", "1000401", null, "1000401"],
    ["own before given", "1000402", "1000403", "1000402"],
    ["given", null, "1000404", "1000404"],
    ["blank, given", " ", "1000405", "1000405"],
    ["none", null, null, null],
];

const GIVEN = [
    ...["mentor challenged", "mentor relationship"].flatMap((name, i) =>
        partnership({
            school: "S2",
            cohort: 2024 - i,
            leadProvider: "LP-A",
            deliveryPartner: "DP-1",
            name,
            ...(i === 0
                ? { challenge_reason: "mistake", challenged_at: START }
                : { relationship: true }),
        }),
    ),
    {
        type: "induction_programme",
        id: id("programme mentor core"),
        school_id: id("S1"),
        cohort: 2024,
        training_programme: "core_induction_programme",
    },
    schoolCohort("S1", 2020),
    {
        type: "schedule",
        cohort: 2020,
        identifier: "ecf-standard-september",
        name: "ECF Standard September",
    },
    ...CASES.flatMap(([what, own, mentees]) => [
        ...mentor(what, own),
        ...mentee(what, what, mentees),
    ]),

    ...mentor("Whole", [theirs()], { trn: "1000406" }).map((each) =>
        each.type === "participant"
            ? { ...each, created_at: "2022-03-01T01:02:03.9Z", updated_at: "2022-04-01T01:02:03.9Z" }
            : each,
    ),
    ...["1", "2", "3"].flatMap((number) => mentee(`of Whole ${number}`, "Whole")),

    // addresses: of the newest record of all
    ...mentor(
        "Open",
        [
            theirs({ ...prefers("Open one") }),
            theirs({ start: "2025-01-01T00:00:00Z", end: "2025-02-01T00:00:00Z", ...prefers("Open two") }),
        ],
        withIdentities("Open"),
    ),
    ...mentee("of Open", "Open"),
    ...mentor(
        "Last",
        [theirs({ ...prefers("Last one") }), theirs({ start: "2024-07-01T00:00:00Z", ...prefers("Last two") })],
        withIdentities("Last"),
    ),
    ...mentee("of Last", "Last"),
    ...mentor(
        "Plain",
        [theirs({ ...prefers("Plain one") }), theirs({ start: "2024-07-01T00:00:00Z", ...prefers(null) })],
        withIdentities("Plain"),
    ),
    ...mentee("of Plain", "Plain"),

    ...TRNS.flatMap(([what, trn, given]) => [
        ...mentor(`TRN ${what}`, [theirs()], {
            trn,
            record: { validation: given ? { trn: given } : null },
        }),
        ...mentee(`of TRN ${what}`, `TRN ${what}`),
    ]),

    // one person with two records as mentor, both named
    ...mentor("Twofold", [theirs()]),
    ...mentor("Twofold again", [theirs()])
        .slice(1)
        .map((each) => (each.type === "training_record" ? { ...each, participant_id: id("Twofold") } : each)),
    ...mentee("of Twofold", "Twofold"),
    ...mentee("of Twofold again", "Twofold again"),

    // an ECT who is named as mentor is none
    ...mentee("of an ECT", "EB"),
];

const service = serveWorld(GIVEN);

const list = (query = "", options = {}) =>
    get(service(), `${PATH}?page[per_page]=3000&${query}`, { token, ...options });
const show = (name, query = "", options = {}) =>
    get(service(), `${PATH}/${id(name)}${query}`, { token, ...options });
const idsOf = (response) => response.json.data.map((item) => item.id);
const attributesOf = async (name) => (await show(name)).json.data.attributes;

check_list({
    name: "v3 unfunded mentors",
    service,
    path: PATH,
    type: "unfunded-mentor",
    token,
    forbidden: FORBIDDEN_TOKENS,
    order: (item) => item.attributes.created_at,
    sort: {
        created_at: (item) => item.attributes.created_at,
        updated_at: (item) => item.attributes.updated_at,
        full_name: (item) => item.attributes.full_name,
        id: (item) => item.id,
    },
    updated_since: (item) => item.attributes.updated_at,
});

describe("an unfunded mentor", () => {
    const body = JSON.stringify({
        id: id("Whole"),
        type: "unfunded-mentor",
        attributes: {
            full_name: fullName("Whole"),
            email: email("Whole"),
            teacher_reference_number: "1000406",
            created_at: "2022-03-01T01:02:03Z",
            updated_at: "2022-04-01T01:02:03Z",
        },
    });

    test("is shown whole", async () => {
        assert.equal((await show("Whole")).text, `{"data":${body}}`);
    });

    test("is the same in the list, once", async () => {
        const { text, json } = await list();
        assert.ok(text.includes(body));
        assert.equal(json.data.filter((item) => item.id === id("Whole")).length, 1);
    });

    for (const [name, shown] of [
        ["Open", email("Open one")],
        ["Last", email("Last two")],
        ["Plain", email("Plain")],
        ["without any record", email("without any record")],
    ])
        test(`${name} has the address ${shown}`, async () => {
            assert.equal((await attributesOf(name)).email, shown);
        });

    for (const [what, , , shown] of TRNS)
        test(`TRN ${what}: ${shown}`, async () => {
            assert.equal((await attributesOf(`TRN ${what}`)).teacher_reference_number, shown);
        });

    test("with two records is one row", async () => {
        assert.equal(idsOf(await list()).filter((each) => each === id("Twofold")).length, 1);
        assert.equal((await show("Twofold")).status, 200);
    });
});

describe("who is an unfunded mentor", () => {
    for (const [what, , , expected] of CASES)
        test(`one ${what}: ${expected}`, async () => {
            assert.equal(idsOf(await list()).includes(id(what)), expected);
            const response = await show(what);
            assert.equal(response.status, expected ? 200 : 404);
            if (!expected) assert.deepEqual(response.json, NOT_FOUND);
        });

    for (const [what, path] of [
        ["somebody who mentors nobody", id("M25")],
        ["an ECT who is named as mentor", id("EB")],
        ["an unknown id", id("nothing")],
        ["no UUID", "1"],
        ["a training record's id", recordOf("Whole")],
    ])
        test(`${what} is not found`, async () => {
            const response = await get(service(), `${PATH}/${path}`, { token });
            assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
        });

    test("the other provider sees those of its own", async () => {
        const options = { token: TOKENS["LP-B"] };
        assert.equal((await show("of one with the other provider", "", options)).status, 404);
        assert.equal((await show("with us", "", options)).status, 404);
        assert.equal((await show("Whole", "", options)).status, 404);
    });

    for (const other of FORBIDDEN_TOKENS)
        test(`a single one is refused to ${other}`, async () => {
            assert.equal((await show("Whole", "", { token: other })).status, 403);
        });
});

describe("filter[updated_since]", () => {
    for (const [at, expected] of [
        ["2022-04-01T01:02:03.9Z", true],
        ["2022-04-01T01:02:03.900001Z", false],
    ])
        test(`${at}: ${expected}`, async () => {
            const query = `filter[updated_since]=${at}`;
            assert.equal(idsOf(await list(query)).includes(id("Whole")), expected);
            assert.equal((await show("Whole", `?${query}`)).status, expected ? 200 : 404);
        });

    test("is checked for a single mentor", async () => {
        const response = await show("Whole", "?filter[updated_since]=x");
        assert.deepEqual([response.status, response.json], [400, BAD_UPDATED_SINCE]);
    });
});

test("sort=email goes by the person's address", async () => {
    const addresses = new Map((await list()).json.data.map((item) => [item.id, item.attributes.email]));
    const ids = idsOf(await list("sort=email"));
    assert.deepEqual(idsOf(await list("sort=-email")), [...ids].reverse());
    const plain = ids.filter((each) => ![id("Open"), id("Last")].includes(each));
    const shown = plain.map((each) => addresses.get(each));
    assert.deepEqual(shown, [...shown].sort());
});
