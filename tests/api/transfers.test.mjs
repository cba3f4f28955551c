// GET participants/ecf/transfers and participants/ecf/{id}/transfers: contract v3.md 3.6.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BAD_UPDATED_SINCE, check_list, NOT_FOUND } from "../support/check_list.mjs";
import { get } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import {
    apiToken,
    deliveryPartner,
    FORBIDDEN_TOKENS,
    id,
    inductionOf,
    leadProvider,
    partneredSchool,
    partnership,
    recordOf,
    schoolCohort,
    TOKENS,
    trainee,
} from "../support/world.mjs";

const PATH = "/api/v3/participants/ecf/transfers";
const token = TOKENS["LP-A"];
const START = "2024-06-01T00:00:00Z";
const MOVED = "2024-11-01T00:00:00Z";

// Schools S1 and A2 are LP-A's, S2 and B2 LP-B's, C1 and C2 LP-C's; "core" has no provider.
const URNS = { S1: "100001", S2: "100002", A2: "500001", B2: "500002", C1: "500003", C2: "500004" };
const record = (programme, members) => ({
    start: START,
    programme: `${programme} 2024`,
    ...members,
});
const leaving = (programme, members) => record(programme, { end: MOVED, status: "leaving", ...members });
const joining = (programme, members) => record(programme, { start: MOVED, transfer: true, ...members });

const end = (place, provider, date) => ({ school_urn: URNS[place], provider, date });
const left = (place, provider, date = "2024-11-01") => end(place, provider, date);
const joined = (place, provider, date = "2024-11-01") => end(place, provider, date);
const CORE = { school_urn: URNS.S1, provider: null, date: "2024-11-01" };

// What LP-A is shown of each: [induction records in the order in which they were made, the
// transfers as [type, leaving, joining], or null where the person is not found].
const CASES = {
    "from us to another provider": [
        [leaving("S1"), joining("S2")],
        [["new_provider", left("S1", "LP-A"), joined("S2", "LP-B")]],
    ],
    "from another provider to us": [
        [leaving("S2"), joining("S1")],
        [["new_provider", left("S2", "LP-B"), joined("S1", "LP-A")]],
    ],
    "from one of our schools to another": [
        [leaving("S1"), joining("A2")],
        [["new_school", left("S1", "LP-A"), joined("A2", "LP-A")]],
    ],
    "from us to no provider": [
        [leaving("A2"), joining("core")],
        [["new_school", left("A2", "LP-A"), CORE]],
    ],
    "from no provider to us": [
        [leaving("core"), joining("A2")],
        [["new_school", CORE, joined("A2", "LP-A")]],
    ],
    "left, and joined nowhere": [[leaving("S1")], [["unknown", left("S1", "LP-A"), null]]],
    "left us, and another provider later": [
        [leaving("S1"), leaving("S2", { start: MOVED })],
        [["unknown", left("S1", "LP-A"), null]],
    ],
    "left without an end": [
        [leaving("S1", { end: null })],
        [["unknown", left("S1", "LP-A", null), null]],
    ],
    "left without an end, and joined": [
        [leaving("S1", { end: null }), joining("S2")],
        [["new_provider", left("S1", "LP-A", null), joined("S2", "LP-B")]],
    ],
    "joining was made before leaving": [
        [joining("S1"), leaving("S2")],
        [["new_provider", left("S2", "LP-B"), joined("S1", "LP-A")]],
    ],
    "joining within the school does not count": [
        [leaving("S1"), joining("S1")],
        [["unknown", left("S1", "LP-A"), null]],
    ],
    "joining that is no transfer does not count": [
        [leaving("S1"), record("S2", { start: MOVED })],
        [["unknown", left("S1", "LP-A"), null]],
    ],
    "joining and leaving again": [
        [leaving("S1"), leaving("S2", { start: MOVED, transfer: true })],
        [["unknown", left("S1", "LP-A"), null]],
    ],
    "the first that fits is taken": [
        [leaving("S1"), joining("S2"), joining("A2", { start: "2024-12-01T00:00:00Z" })],
        [["new_provider", left("S1", "LP-A"), joined("S2", "LP-B")]],
    ],
    "each joining is taken once": [
        [
            leaving("S1"),
            leaving("S2", { end: "2024-12-01T00:00:00Z" }),
            joining("B2"),
            joining("A2", { start: "2024-12-01T00:00:00Z" }),
        ],
        [
            ["new_provider", left("S1", "LP-A"), joined("B2", "LP-B")],
            ["new_provider", left("S2", "LP-B", "2024-12-01"), joined("A2", "LP-A", "2024-12-01")],
        ],
    ],
    "a pair of others is used up, but not shown": [
        [leaving("S2"), leaving("S1"), joining("C1"), joining("A2")],
        [["new_school", left("S1", "LP-A"), joined("A2", "LP-A")]],
    ],
    "seen, though no pair is ours": [
        [leaving("S2"), joining("C1"), joining("S1", { start: "2024-12-01T00:00:00Z" })],
        [],
    ],
    "there and back": [
        [leaving("S1"), joining("S2", { status: "changed" }), leaving("S2", { start: MOVED }), joining("A2")],
        [
            ["new_provider", left("S1", "LP-A"), joined("S2", "LP-B")],
            ["new_provider", left("S2", "LP-B"), joined("A2", "LP-A")],
        ],
    ],
    "left us in a challenged partnership": [
        [leaving("challenged"), joining("S2")],
        [["new_provider", left("B2", "LP-A"), joined("S2", "LP-B")]],
    ],
    "left us in one made by the school": [
        [leaving("relationship"), joining("S2")],
        [["new_provider", left("B2", "LP-A"), joined("S2", "LP-B")]],
    ],

    "between other providers": [[leaving("S2"), joining("C1")], null],
    "joined us, and left nowhere": [[joining("S1")], null],
    "left another, and is with us without a transfer": [[leaving("S2"), record("S1", { start: MOVED })], null],
    "with us, and left no provider": [[leaving("core"), record("A2", { start: MOVED })], null],
    "never moved": [[record("S1")], null],
};

// status at NOW: [end of leaving, start of joining, shown]
const NOW = "2024-11-01T12:00:00Z";
const STATUSES = [
    ["2024-10-31T23:59:59Z", "2024-10-31T23:59:59Z", "complete"],
    ["2024-11-01T00:00:00Z", "2024-11-01T00:00:00Z", "complete"],
    ["2024-11-01T00:00:01Z", "2024-10-01T00:00:00Z", "incomplete"],
    ["2024-10-01T00:00:00Z", "2024-11-01T11:00:00Z", "incomplete"],
    ["2024-10-01T00:00:00Z", "2025-01-01T00:00:00Z", "incomplete"],
    ["2025-01-01T00:00:00Z", "2024-10-01T00:00:00Z", "incomplete"],
    ["2024-10-01T00:00:00Z", null, "complete"],
    ["2024-11-02T00:00:00Z", null, "incomplete"],
    [null, null, "incomplete"],
    [null, "2024-10-01T00:00:00Z", "complete"],
    [null, "2024-11-02T00:00:00Z", "incomplete"],
];
const statusName = (i) => `status ${i}`;

const inOther = (name, provider, cohort, members) =>
    partnership({
        school: "B2",
        cohort,
        leadProvider: provider,
        deliveryPartner: "DP-1",
        name: `${name} 2024`,
        ...members,
    });
const second = (name, label, options) => {
    const [, own, ...inductions] = trainee(label, options);
    return [{ ...own, participant_id: id(name) }, ...inductions];
};

const GIVEN = [
    leadProvider("LP-C"),
    apiToken("lp-c-token", "lead_provider", "LP-C"),
    ...deliveryPartner("DP-C", { leadProvider: "LP-C" }),
    ...[
        ["A2", "LP-A", "DP-1"],
        ["B2", "LP-B", "DP-3"],
        ["C1", "LP-C", "DP-C"],
        ["C2", "LP-C", "DP-C"],
    ].flatMap(([name, provider, partner]) =>
        partneredSchool(name, URNS[name], { leadProvider: provider, deliveryPartner: partner }),
    ),
    {
        type: "induction_programme",
        id: id("programme core 2024"),
        school_id: id("S1"),
        cohort: 2024,
        training_programme: "core_induction_programme",
    },
    schoolCohort("S1", 2020),
    ...inOther("challenged", "LP-A", 2023, { challenge_reason: "mistake", challenged_at: START }),
    ...inOther("relationship", "LP-A", 2022, { relationship: true }),

    ...Object.entries(CASES).flatMap(([what, [records]], i) =>
        trainee(what, { records, at: `2022-01-01T00:${String(i).padStart(2, "0")}:00Z` }),
    ),
    ...STATUSES.flatMap(([leftAt, joinedAt], i) =>
        trainee(statusName(i), {
            at: "2022-01-02T00:00:00Z",
            records: [
                leaving("S1", { end: leftAt }),
                ...(joinedAt === null ? [] : [joining("S2", { start: joinedAt })]),
            ],
        }),
    ),

    // every attribute
    ...trainee("Whole", {
        at: "2022-01-03T00:00:00Z",
        records: [
            leaving("S1", {
                end: "2024-11-01T23:59:59.9Z",
                members: {
                    created_at: "2024-05-01T02:22:32.9Z",
                    updated_at: "2024-05-31T02:22:32.9Z",
                },
            }),
            joining("S2", {
                members: {
                    created_at: "2024-05-02T00:00:00Z",
                    updated_at: "2024-05-30T00:00:00Z",
                },
            }),
            record("S2", { start: MOVED, members: { updated_at: "2025-05-30T00:00:00Z" } }),
        ],
    }),
    // two records, the younger first in the file; the older moved later
    ...trainee("Twice", { at: "2022-01-05T00:00:00Z", records: [leaving("S1"), joining("A2")] }),
    ...second("Twice", "Twice as mentor", {
        kind: "mentor",
        at: "2022-01-04T00:00:00Z",
        records: [leaving("A2", { members: { updated_at: "2024-06-06T06:06:06Z" } })],
    }),

    // whose changes tell another order
    ...["2023-01-03", "2023-01-01", "2023-01-02"].flatMap((day, i) => {
        const [own, ...others] = trainee(`order ${i}`, {
            school: "C1",
            at: `2022-02-0${i + 1}T00:00:00Z`,
            records: [leaving("C1"), joining("C2")],
        });
        return [{ ...own, updated_at: `${day}T00:00:00Z` }, ...others];
    }),
];

const service = serveWorld(GIVEN);

// --- Asking --------------------------------------------------------------------------------------

const list = (query = "", options = {}) =>
    get(service(), `${PATH}?page[per_page]=3000&${query}`, { token, ...options });
const show = (name, query = "", options = {}) =>
    get(service(), `/api/v3/participants/ecf/${id(name)}/transfers${query}`, { token, ...options });
const idsOf = (response) => response.json.data.map((item) => item.id);
const transfersOf = async (name, options) =>
    (await show(name, "", options)).json.data.attributes.transfers;

check_list({
    name: "v3 transfers",
    service,
    path: PATH,
    type: "participant-transfer",
    token,
    forbidden: FORBIDDEN_TOKENS,
});

describe("a transfer", () => {
    const body = JSON.stringify({
        id: id("Whole"),
        type: "participant-transfer",
        attributes: {
            updated_at: "2024-05-31T02:22:32Z",
            transfers: [
                {
                    training_record_id: recordOf("Whole"),
                    transfer_type: "new_provider",
                    status: "complete",
                    created_at: "2024-05-01T02:22:32Z",
                    leaving: { school_urn: "100001", provider: "LP-A", date: "2024-11-01" },
                    joining: { school_urn: "100002", provider: "LP-B", date: "2024-11-01" },
                },
            ],
        },
    });

    test("is shown whole, changed when its records were", async () => {
        assert.equal((await show("Whole")).text, `{"data":${body}}`);
    });

    test("is the same in the list, and to the other provider", async () => {
        assert.ok((await list()).text.includes(body));
        assert.ok((await list("filter[updated_since]=2022-01-03T00:00:00Z")).text.includes(body));
        assert.equal((await show("Whole", "", { token: TOKENS["LP-B"] })).text, `{"data":${body}}`);
    });

    test("without a pair shows when the person was changed", async () => {
        const { attributes } = (await show("seen, though no pair is ours")).json.data;
        assert.deepEqual(attributes, { updated_at: "2022-01-01T00:16:00Z", transfers: [] });
    });
});

describe("pairs", () => {
    for (const [what, [, expected]] of Object.entries(CASES))
        test(`${what}: ${expected === null ? "not seen" : expected.length}`, async () => {
            const isListed = idsOf(await list()).includes(id(what));
            assert.equal(isListed, expected !== null);
            const response = await show(what);
            if (expected === null)
                return assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
            const found = response.json.data.attributes.transfers.map((each) => [
                each.transfer_type,
                each.leaving,
                each.joining,
            ]);
            assert.deepEqual(found, expected);
        });

    test("of all records of a person, the older record first", async () => {
        const found = (await transfersOf("Twice")).map((each) => [
            each.training_record_id,
            each.transfer_type,
        ]);
        assert.deepEqual(found, [
            [recordOf("Twice as mentor"), "unknown"],
            [recordOf("Twice"), "new_school"],
        ]);
        const { attributes } = (await show("Twice")).json.data;
        assert.equal(attributes.updated_at, "2024-06-06T06:06:06Z");
    });

    test("between others are shown to them", async () => {
        const found = await transfersOf("between other providers", { token: "lp-c-token" });
        assert.equal(found.length, 1);
        const pair = await transfersOf("a pair of others is used up, but not shown", { token: "lp-c-token" });
        assert.deepEqual(
            pair.map((each) => [each.leaving.provider, each.joining.provider]),
            [["LP-B", "LP-C"]],
        );
    });
});

describe("status", () => {
    STATUSES.forEach(([leftAt, joinedAt, expected], i) =>
        test(`left ${leftAt}, joined ${joinedAt}: ${expected}`, async () => {
            const [transfer] = await transfersOf(statusName(i), { now: NOW });
            assert.equal(transfer.status, expected);
        }),
    );

    test("goes by the request's day", async () => {
        const at = async (now) => (await transfersOf(statusName(1), { now }))[0].status;
        assert.equal(await at("2024-10-31T23:59:59Z"), "incomplete");
        assert.equal(await at("2024-11-01T00:00:00Z"), "complete");
        assert.equal(await at("2024-11-01"), "complete");
    });
});

describe("a single participant's", () => {
    for (const [what, path] of [
        ["an unknown id", id("nothing")],
        ["no UUID", "1"],
        ["a training record's id", recordOf("Whole")],
        ["an induction record's id", inductionOf("Whole", 1)],
    ])
        test(`${what} is not found`, async () => {
            const response = await get(service(), `/api/v3/participants/ecf/${path}/transfers`, { token });
            assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
        });

    test("obeys updated_since, by the person's change", async () => {
        assert.equal((await show("Whole", "?filter[updated_since]=2022-01-03T00:00:00Z")).status, 200);
        assert.equal((await show("Whole", "?filter[updated_since]=2022-01-03T00:00:01Z")).status, 404);
        const response = await show("Whole", "?filter[updated_since]=x");
        assert.deepEqual([response.status, response.json], [400, BAD_UPDATED_SINCE]);
    });

    for (const other of FORBIDDEN_TOKENS)
        test(`are refused to ${other}`, async () => {
            assert.equal((await show("Whole", "", { token: other })).status, 403);
        });

    test("path is not taken for a participant's id", async () => {
        const response = await get(service(), PATH, { token });
        assert.equal(response.status, 200);
        assert.ok(Array.isArray(response.json.data));
    });
});

describe("order", () => {
    const names = (numbers) => numbers.map((number) => id(`order ${number}`));
    const ordered = async (query) => {
        const options = { token: "lp-c-token" };
        const response = await get(service(), `${PATH}?${query}`, options);
        return idsOf(response).filter((each) => names([0, 1, 2]).includes(each));
    };

    test("is that of creation", async () => {
        assert.deepEqual(await ordered(""), names([0, 1, 2]));
        assert.deepEqual(await ordered("sort=-updated_at"), names([0, 1, 2]));
        const made = Object.entries(CASES).filter(([, [, expected]]) => expected !== null);
        const expected = made.map(([what]) => id(what));
        assert.deepEqual(idsOf(await list()).filter((each) => expected.includes(each)), expected);
    });

    test("with updated_since it is that of change", async () => {
        assert.deepEqual(await ordered("filter[updated_since]=2022-01-01T00:00:00Z"), names([1, 2, 0]));
        assert.deepEqual(await ordered("filter[updated_since]=2023-01-02T00:00:00Z"), names([2, 0]));
    });

    test("pages follow it", async () => {
        const page = async (number) =>
            idsOf(
                await get(
                    service(),
                    `${PATH}?filter[updated_since]=2022-12-01T00:00:00Z&page[page]=${number}&page[per_page]=1`,
                    { token: "lp-c-token" },
                ),
            );
        assert.deepEqual([...(await page(1)), ...(await page(2)), ...(await page(3))], names([1, 2, 0]));
        assert.deepEqual(await page(4), []);
    });
});
