// GET participant-declarations: contract v3.md 3.8.1 and 3.8.2.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BAD_UPDATED_SINCE, check_list, NOT_FOUND } from "../support/check_list.mjs";
import { get } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import {
    apiToken,
    declaration,
    deliveryPartner,
    FORBIDDEN_TOKENS,
    id,
    partnership,
    schoolCohort,
    statement,
    TOKENS,
    trainee,
} from "../support/world.mjs";

const PATH = "/api/v3/participant-declarations";
const token = TOKENS["LP-A"];
const START = "2024-06-01T00:00:00Z";
const DATE = "2024-09-20T10:00:00Z";
const JANUARY = statement("LP-A", 2024, "January 2025");
const MAY = statement("LP-A", 2024, "May 2025");

const person = (name, options = {}) => trainee(name, { start: START, ...options });
const declared = (name, members = {}, options = {}) =>
    declaration(name, { date: DATE, at: "2024-09-21T08:00:00Z", name, ...options, members });

// --- What is shown, by state ---------------------------------------------------------------------

// [stored state, shown, members, statement_id, clawback_statement_id]
const STATES = [
    ["submitted", "submitted", {}, null, null],
    ["eligible", "eligible", { statement_id: JANUARY }, JANUARY, null],
    ["payable", "payable", { statement_id: JANUARY }, JANUARY, null],
    ["paid", "paid", { statement_id: JANUARY }, JANUARY, null],
    ["voided", "voided", { statement_id: JANUARY }, null, null],
    ["ineligible", "ineligible", { statement_id: JANUARY }, null, null],
    [
        "awaiting_clawback",
        "awaiting-clawback",
        { statement_id: JANUARY, clawback_statement_id: MAY },
        JANUARY,
        MAY,
    ],
    [
        "clawed_back",
        "clawed-back",
        { statement_id: JANUARY, clawback_statement_id: MAY },
        JANUARY,
        MAY,
    ],
];

// [what, members, course, type, shown]
const UPLIFTED = { sparsity_uplift: true };
const UPLIFTS = [
    ["sparsity", UPLIFTED, "paid", "ecf-induction", "started", true],
    ["pupil premium", { pupil_premium_uplift: true }, "paid", "ecf-induction", "started", true],
    ["both", { ...UPLIFTED, pupil_premium_uplift: true }, "paid", "ecf-induction", "started", true],
    ["neither", {}, "paid", "ecf-induction", "started", false],
    ["awaiting clawback", UPLIFTED, "awaiting_clawback", "ecf-induction", "started", true],
    ["clawed back", UPLIFTED, "clawed_back", "ecf-induction", "started", true],
    ["submitted", UPLIFTED, "submitted", "ecf-induction", "started", false],
    ["eligible", UPLIFTED, "eligible", "ecf-induction", "started", false],
    ["payable", UPLIFTED, "payable", "ecf-induction", "started", false],
    ["voided", UPLIFTED, "voided", "ecf-induction", "started", false],
    ["ineligible", UPLIFTED, "ineligible", "ecf-induction", "started", false],
    ["of a mentor", UPLIFTED, "paid", "ecf-mentor", "started", false],
    ["not the start", UPLIFTED, "paid", "ecf-induction", "retained-1", false],
];

const REASONS = [
    ["ineligible", "duplicate", "duplicate_declaration"],
    ["ineligible", null, null],
    ["voided", "duplicate", null],
    ["eligible", "duplicate", null],
];

// --- Who sees another's ---------------------------------------------------------------------------

const ours = (members) => ({ start: START, programme: "S1 2024", ...members });
const theirs = (members) => ({ start: START, programme: "S2 2024", ...members });
const END = "2024-09-20T10:00:00Z";

// [what, induction records, state of LP-B's declaration, does LP-A see it?]
const OTHERS = [
    ...["submitted", "eligible", "payable", "paid"].map((state) => [
        `${state}, active`,
        [ours()],
        state,
        true,
    ]),
    ...["voided", "ineligible", "awaiting_clawback", "clawed_back"].map((state) => [
        `${state}, active`,
        [ours()],
        state,
        false,
    ]),
    ["completed", [ours({ status: "completed" })], "paid", true],
    ["active and ended", [ours({ end: START })], "paid", true],
    ["changed only", [ours({ status: "changed" })], "paid", false],
    ["withdrawn only", [ours({ status: "withdrawn" })], "paid", false],
    [
        "changed, but once active",
        [ours({ end: "2024-07-01T00:00:00Z" }), ours({ start: "2024-07-01T00:00:00Z", status: "changed" })],
        "paid",
        true,
    ],
    ["active in a challenged partnership", [ours({ programme: "declared challenged" })], "paid", true],
    ["active in one made by the school", [ours({ programme: "declared relationship" })], "paid", true],
    ["leaving without an end", [ours({ status: "leaving" })], "paid", true],
    ["leaving, declared at its end", [ours({ status: "leaving", end: END })], "paid", true],
    [
        "leaving, declared after its end",
        [ours({ status: "leaving", end: "2024-09-20T09:59:59.999999Z" })],
        "paid",
        false,
    ],
    ["leaving, voided", [ours({ status: "leaving" })], "voided", false],
    ["only with the other", [theirs()], "paid", false],
    ["without a partnership", [ours({ programme: "declared core" })], "paid", false],
    [
        "gone to the other",
        [ours({ status: "changed", end: START }), theirs({ transfer: true })],
        "paid",
        false,
    ],
];

const GIVEN = [
    ...deliveryPartner("DP-X", { leadProvider: "LP-A" }),
    ...["declared challenged", "declared relationship"].flatMap((name, i) =>
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
        id: id("programme declared core"),
        school_id: id("S1"),
        cohort: 2024,
        training_programme: "core_induction_programme",
    },
    schoolCohort("S2", 2020),

    // another company, under two names
    {
        type: "lead_provider",
        id: id("LP-D"),
        name: "LP-D",
        cpd_name: "LP-D Institute & Sons",
        created_at: START,
        updated_at: START,
    },
    apiToken("lp-d-token", "lead_provider", "LP-D"),

    ...person("Their mentor", { kind: "mentor" }),
    ...person("Whole"),
    declared(
        "Whole",
        {
            statement_id: JANUARY,
            delivery_partner_id: id("DP-X"),
            mentor_id: id("Their mentor"),
            evidence_held: "training-event-attended",
            declaration_date: "2024-09-20T10:00:00.999999Z",
            created_at: "2024-09-21T08:00:05.5Z",
            updated_at: "2024-09-22T08:00:00.5Z",
        },
        { type: "retained-1", state: "paid" },
    ),
    ...person("Bare", { kind: "mentor" }),
    declared("Bare", {}, { state: "submitted", course: "ecf-mentor", type: "completed" }),

    ...STATES.flatMap(([state, , members]) => [
        ...person(`state ${state}`),
        declared(`state ${state}`, members, { state }),
    ]),
    ...UPLIFTS.flatMap(([what, members, state, course, type]) => [
        ...person(`uplift ${what}`, { kind: course === "ecf-mentor" ? "mentor" : "ect" }),
        declared(`uplift ${what}`, members, { state, course, type }),
    ]),
    ...REASONS.flatMap(([state, reason]) => [
        ...person(`reason ${state} ${reason}`),
        declared(`reason ${state} ${reason}`, { state_reason: reason }, { state }),
    ]),
    ...OTHERS.flatMap(([what, records, state]) => [
        ...person(`other ${what}`, { records }),
        declared(`other ${what}`, {}, { state, leadProvider: "LP-B" }),
    ]),
    ...person("By the institute"),
    declared("By the institute", {}, { leadProvider: "LP-D" }),

    // cohorts and changes
    ...[2020, 2022, 2023].flatMap((cohort, i) => [
        ...person(`cohort ${cohort}`),
        declared(`cohort ${cohort}`, {}, { cohort, at: `2019-01-0${i + 1}T00:00:00Z` }),
    ]),
    ...person("Two of them"),
    declared("Two of them", { delivery_partner_id: id("DP-1") }),
    declared(
        "Two of them",
        { updated_at: "2024-11-01T00:00:00.123456Z" },
        { type: "retained-1", name: "Two of them 2" },
    ),
];

const service = serveWorld(GIVEN);

// --- Asking --------------------------------------------------------------------------------------

const idOf = (name) => id(`declaration ${name}`);
const list = (query = "", options = {}) =>
    get(service(), `${PATH}?page[per_page]=3000&${query}`, { token, ...options });
const show = (name, query = "", options = {}) =>
    get(service(), `${PATH}/${idOf(name)}${query}`, { token, ...options });
const idsOf = (response) => response.json.data.map((item) => item.id);
const attributesOf = async (name) => (await show(name)).json.data.attributes;

/** Is the declaration in the list, and shown? It must be the same. */
async function isSeen(name, options = {}) {
    const inList = idsOf(await list("", options)).includes(idOf(name));
    const response = await show(name, "", options);
    assert.equal(response.status, inList ? 200 : 404, response.text);
    if (!inList) assert.deepEqual(response.json, NOT_FOUND);
    return inList;
}

check_list({
    name: "v3 declarations",
    service,
    path: PATH,
    type: "participant-declaration",
    token,
    forbidden: FORBIDDEN_TOKENS.filter((each) => each !== TOKENS["LP-N"]),
    order: (item) => item.attributes.created_at,
    updated_since: (item) => item.attributes.updated_at,
    cohort: "all",
    id_filters: ["participant_id", "delivery_partner_id"],
});

describe("a declaration", () => {
    const body = JSON.stringify({
        id: idOf("Whole"),
        type: "participant-declaration",
        attributes: {
            participant_id: id("Whole"),
            declaration_type: "retained-1",
            course_identifier: "ecf-induction",
            declaration_date: "2024-09-20T10:00:00Z",
            mentor_id: id("Their mentor"),
            state: "paid",
            updated_at: "2024-09-22T08:00:00Z",
            created_at: "2024-09-21T08:00:05Z",
            delivery_partner_id: id("DP-X"),
            statement_id: JANUARY,
            clawback_statement_id: null,
            ineligible_for_funding_reason: null,
            uplift_paid: false,
            evidence_held: "training-event-attended",
            has_passed: null,
            lead_provider_name: "LP-A",
        },
    });
    const bare = JSON.stringify({
        id: idOf("Bare"),
        type: "participant-declaration",
        attributes: {
            participant_id: id("Bare"),
            declaration_type: "completed",
            course_identifier: "ecf-mentor",
            declaration_date: DATE,
            mentor_id: null,
            state: "submitted",
            updated_at: "2024-09-21T08:00:00Z",
            created_at: "2024-09-21T08:00:00Z",
            delivery_partner_id: null,
            statement_id: null,
            clawback_statement_id: null,
            ineligible_for_funding_reason: null,
            uplift_paid: false,
            evidence_held: null,
            has_passed: null,
            lead_provider_name: "LP-A",
        },
    });

    test("is shown whole", async () => {
        assert.equal((await show("Whole")).text, `{"data":${body}}`);
        assert.equal((await show("Bare")).text, `{"data":${bare}}`);
    });

    test("is the same in every kind of list", async () => {
        for (const query of [
            "",
            "filter[cohort]=2024",
            "filter[updated_since]=2024-09-22T08:00:00Z",
            `filter[participant_id]=${id("Whole")}`,
            `filter[delivery_partner_id]=${id("DP-X")}`,
        ])
            assert.ok((await list(query)).text.includes(body), query);
    });
});

describe("state and statements", () => {
    for (const [stored, shown, , statementId, clawbackId] of STATES)
        test(`${stored} is shown as ${shown}`, async () => {
            const attributes = await attributesOf(`state ${stored}`);
            assert.equal(attributes.state, shown);
            assert.equal(attributes.statement_id, statementId);
            assert.equal(attributes.clawback_statement_id, clawbackId);
        });
});

describe("uplift_paid", () => {
    for (const [what, , , , , expected] of UPLIFTS)
        test(`${what}: ${expected}`, async () => {
            assert.equal((await attributesOf(`uplift ${what}`)).uplift_paid, expected);
        });
});

describe("ineligible_for_funding_reason", () => {
    for (const [state, reason, expected] of REASONS)
        test(`${state}, ${reason}: ${expected}`, async () => {
            const { ineligible_for_funding_reason: shown } = await attributesOf(`reason ${state} ${reason}`);
            assert.equal(shown, expected);
        });
});

describe("whose declarations are seen", () => {
    for (const [state] of STATES)
        test(`one's own: ${state}`, async () => {
            assert.equal(await isSeen(`state ${state}`), true);
        });

    for (const [what, , , expected] of OTHERS)
        test(`another's: ${what}: ${expected}`, async () => {
            assert.equal(await isSeen(`other ${what}`), expected);
            assert.equal(await isSeen(`other ${what}`, { token: TOKENS["LP-B"] }), true);
        });

    test("not by a third provider", async () => {
        assert.equal(await isSeen("other submitted, active", { token: "lp-d-token" }), false);
        assert.equal(await isSeen("By the institute", { token: "lp-d-token" }), true);
    });

    test("another's is shown under the other's name as a company", async () => {
        assert.equal((await attributesOf("By the institute")).lead_provider_name, "LP-D Institute & Sons");
        assert.equal((await attributesOf("other paid, active")).lead_provider_name, "LP-B");
    });

    for (const [what, path] of [
        ["an unknown id", id("nothing")],
        ["no UUID", "1"],
        ["a participant's id", id("Whole")],
    ])
        test(`${what} is not found`, async () => {
            const response = await get(service(), `${PATH}/${path}`, { token });
            assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
        });

    test("a company with an NPQ side only has none", async () => {
        const options = { token: TOKENS["LP-N"] };
        assert.equal((await get(service(), PATH, options)).text, '{"data":[]}');
        assert.equal((await show("Whole", "", options)).status, 404);
    });

    for (const other of FORBIDDEN_TOKENS.filter((each) => each !== TOKENS["LP-N"]))
        test(`a single one is refused to ${other}`, async () => {
            const response = await show("Whole", "", { token: other });
            assert.deepEqual([response.status, response.text], [403, ""]);
        });
});

describe("filter[cohort] goes by the declaration's own cohort", () => {
    test("and without it there are all, the first made first", async () => {
        const expected = [2020, 2022, 2023].map((cohort) => idOf(`cohort ${cohort}`));
        assert.deepEqual(idsOf(await list()).slice(0, 3), expected);
    });

    test("one or several", async () => {
        assert.deepEqual(idsOf(await list("filter[cohort]=2022")), [idOf("cohort 2022")]);
        assert.deepEqual(idsOf(await list("filter[cohort]=2023,2020")), [
            idOf("cohort 2020"),
            idOf("cohort 2023"),
        ]);
    });

    test("holds for a single declaration, and no other filter does", async () => {
        assert.equal((await show("cohort 2022", "?filter[cohort]=2022,2023")).status, 200);
        const response = await show("cohort 2022", "?filter[cohort]=2023");
        assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
        for (const query of [
            `filter[participant_id]=${id("nothing")}`,
            `filter[delivery_partner_id]=${id("nothing")}`,
            "filter[updated_since]=2100-01-01T00:00:00Z",
            "filter[updated_since]=x",
            "page[page]=0",
            "filter[cohort]=",
        ])
            assert.equal((await show("cohort 2022", `?${query}`)).status, 200, query);
    });
});

describe("filter[participant_id]", () => {
    const found = async (value) => idsOf(await list(`filter[participant_id]=${value}`)).sort();
    const TWO = [idOf("Two of them"), idOf("Two of them 2")].sort(); // made together: by id

    for (const [what, value, expected] of [
        ["one", id("Two of them"), TWO],
        ["one in capitals", id("Two of them").toUpperCase(), TWO],
        ["several", `${id("Whole")},${id("Bare")}`, [idOf("Whole"), idOf("Bare")].sort()],
        ["one of them no id", `x,${id("Whole")},${id("nothing")}`, [idOf("Whole")]],
        ["one whose declaration is not seen", id("other changed only"), []],
        ["a training record's", id("training record Whole"), []],
    ])
        test(what, async () => {
            assert.deepEqual(await found(value), expected);
        });

    test("goes with the other filters", async () => {
        const of = async (more) =>
            idsOf(await list(`filter[participant_id]=${id("Two of them")}&${more}`));
        assert.deepEqual(await of(`filter[delivery_partner_id]=${id("DP-1")}`), [idOf("Two of them")]);
        assert.deepEqual(await of("filter[updated_since]=2024-11-01T00:00:00Z"), [idOf("Two of them 2")]);
        assert.deepEqual(await of("filter[cohort]=2023"), []);
        for (const page of [1, 2, 3])
            assert.deepEqual(
                await of(`page[page]=${page}&page[per_page]=1`),
                TWO.slice(page - 1, page),
            );
    });
});

describe("filter[delivery_partner_id]", () => {
    const found = async (value) => idsOf(await list(`filter[delivery_partner_id]=${value}`)).sort();

    test("goes by the declaration's own partner", async () => {
        assert.deepEqual(await found(id("DP-X")), [idOf("Whole")]);
        assert.deepEqual(await found(id("DP-1")), [idOf("Two of them")]);
        const both = [idOf("Whole"), idOf("Two of them")].sort();
        assert.deepEqual(await found(`${id("DP-1")},x,${id("DP-X")}`), both);
        assert.deepEqual(await found(id("DP-2")), []);
    });

    test("goes with the other filters", async () => {
        const of = async (more) => idsOf(await list(`filter[delivery_partner_id]=${id("DP-X")}&${more}`));
        assert.deepEqual(await of("filter[updated_since]=2024-09-22T08:00:00Z"), [idOf("Whole")]);
        assert.deepEqual(await of("filter[updated_since]=2024-09-22T08:00:01Z"), []);
        assert.deepEqual(await of("filter[cohort]=2023"), []);
        assert.deepEqual(await of(`filter[participant_id]=${id("Bare")}`), []);
    });
});

describe("filter[updated_since]", () => {
    for (const [at, expected] of [
        ["2024-11-01T00:00:00.123456Z", true],
        ["2024-11-01T01:00:00.123456%2B01:00", true],
        ["2024-11-01T00:00:00.123457Z", false],
    ])
        test(`${at}: ${expected}`, async () => {
            const ids = idsOf(await list(`filter[updated_since]=${at}`));
            assert.equal(ids.includes(idOf("Two of them 2")), expected);
        });

    test("wins over a bad page, whatever other filters there are", async () => {
        for (const more of [`filter[participant_id]=${id("Bare")}`, `filter[delivery_partner_id]=x`])
            assert.deepEqual(
                (await list(`filter[updated_since]=x&page[page]=0&${more}`)).json,
                BAD_UPDATED_SINCE,
            );
    });
});
