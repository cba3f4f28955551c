// GET participants/ecf: contract v3.md 2 and 3.5. Each test has people of its own: see GIVEN.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BAD_PAGE, BAD_UPDATED_SINCE, check_list, NOT_FOUND } from "../support/check_list.mjs";
import { get } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import { startService } from "../support/service.mjs";
import {
    apiToken,
    deliveryPartner,
    email,
    FORBIDDEN_TOKENS,
    fullName,
    id,
    inductionOf,
    leadProvider,
    partneredSchool,
    partnership,
    recordOf,
    schedule,
    school,
    schoolCohort,
    TOKENS,
    trainee,
} from "../support/world.mjs";

const PATH = "/api/v3/participants/ecf";
const token = TOKENS["LP-A"];
const START = "2024-06-01T00:00:00Z";
const BAD_STATUS = {
    errors: [
        {
            title: "Bad request",
            detail: `The filter '#/training_status' must be ["active", "deferred", "withdrawn"]`,
        },
    ],
};

// --- The people ----------------------------------------------------------------------------------

const person = (name, options = {}) => trainee(name, { start: START, ...options });
const of = (name, ...records) => person(name, { records });
const at = (programme, members = {}) => ({ start: START, programme, ...members });
const identifiedBy = (scheduleIdentifier, members) => ({ start: START, scheduleIdentifier, ...members });

/** The schedule tells which induction record was taken: the wanted one is on the extended one. */
const WANTED = "ecf-extended-september";
const wanted = (members) => identifiedBy(WANTED, members);
const unwanted = (members) => identifiedBy("ecf-standard-september", members);

const LATEST = {
    "open before ended, though older": [
        wanted({ start: "2022-01-01T00:00:00Z" }),
        unwanted({ start: "2024-01-01T00:00:00Z", end: "2024-06-01T00:00:00Z" }),
    ],
    "open before one that ends in the future": [
        wanted({ start: "2022-01-01T00:00:00Z" }),
        unwanted({ start: "2024-01-01T00:00:00Z", end: "2099-06-01T00:00:00Z" }),
    ],
    "of open ones the last to start": [
        wanted({ start: "2024-01-02T00:00:00Z" }),
        unwanted({ start: "2024-01-01T00:00:00Z" }),
    ],
    "of ended ones the last to start": [
        wanted({ start: "2024-01-02T00:00:00Z", end: "2024-02-01T00:00:00Z" }),
        unwanted({ start: "2024-01-01T00:00:00Z", end: "2024-03-01T00:00:00Z" }),
    ],
    "of those that started together the last to end": [
        wanted({ end: "2024-12-01T00:00:00Z" }),
        unwanted({ end: "2024-11-01T00:00:00Z" }),
    ],
    "of those that started together the last made": [
        wanted({ members: { created_at: "2024-07-02T00:00:00Z" } }),
        unwanted({ members: { created_at: "2024-07-01T00:00:00Z" } }),
    ],
    "one of a challenged partnership is not looked at": [
        wanted({ start: "2022-01-01T00:00:00Z", end: "2023-01-01T00:00:00Z" }),
        unwanted({ programme: "challenged" }),
    ],
    "nor one with a reason of challenge only": [
        wanted({ end: "2024-12-01T00:00:00Z" }),
        unwanted({ programme: "reason only" }),
    ],
    "nor one with a date of challenge only": [
        wanted({ end: "2024-12-01T00:00:00Z" }),
        unwanted({ programme: "date only" }),
    ],
    "nor one of another provider": [
        wanted({ end: "2024-12-01T00:00:00Z" }),
        unwanted({ programme: "S2 2024" }),
    ],
    "nor one without a partnership": [
        wanted({ end: "2024-12-01T00:00:00Z" }),
        unwanted({ programme: "core" }),
    ],
    "one of a pending partnership is": [unwanted({ end: START }), wanted({ programme: "pending" })],
    "one of a partnership made by the school is": [
        unwanted({ end: START }),
        wanted({ programme: "relationship" }),
    ],
};

// [what, the induction record, is the person seen?]
const VISIBILITY = [
    ...["active", "withdrawn", "changed", "leaving", "completed"].map((status) => [
        `induction ${status}`,
        { status },
        true,
    ]),
    ...["active", "deferred", "withdrawn"].map((trainingStatus) => [
        `training ${trainingStatus}`,
        { trainingStatus },
        true,
    ]),
    ["long gone", { status: "leaving", end: "2024-06-02T00:00:00Z" }, true],
    ["not yet there", { start: "2099-01-01T00:00:00Z" }, true],
    ["in a pending partnership", at("pending"), true],
    ["in one made by the school", at("relationship"), true],
    ["in a challenged one", at("challenged"), false],
    ["in one with a reason only", at("reason only"), false],
    ["in one with a date only", at("date only"), false],
    ["without a partnership", at("core"), false],
    ["of another provider", at("S2 2024"), false],
];

// participant_status: [what, the record, at 2025-01-01T12:00:00Z]
const NOW = "2025-01-01T12:00:00Z";
const STATUS = [
    ["leaves in a second", { end: "2025-01-01T12:00:01Z" }, "leaving"],
    ["leaves now", { end: NOW }, "left"],
    ["left", { end: "2024-12-01T00:00:00Z" }, "left"],
    ["left and withdrawn", { end: "2024-12-01T00:00:00Z", status: "withdrawn" }, "left"],
    ["leaves, changed", { end: "2025-02-01T00:00:00Z", status: "changed" }, "leaving"],
    ["starts and leaves later", { start: "2025-02-01T00:00:00Z", end: "2025-03-01T00:00:00Z" }, "leaving"],
    ["starts in a second", { start: "2025-01-01T12:00:01Z" }, "joining"],
    ["starts later, withdrawn", { start: "2025-02-01T00:00:00Z", status: "withdrawn" }, "joining"],
    ["starts now", { start: NOW }, "active"],
    ["active", { status: "active" }, "active"],
    ["completed", { status: "completed" }, "active"],
    ["withdrawn", { status: "withdrawn" }, "withdrawn"],
    ["changed", { status: "changed" }, "withdrawn"],
    ["leaving without an end", { status: "leaving" }, null],
].map(([what, members, shown]) => [what, { start: START, ...members }, shown]);

// teacher_reference_number_validated: [own TRN, validation's TRN, eligibility, validated]
const ELIGIBLE = { status: "eligible", reason: "none" };
const INELIGIBLE = { status: "ineligible", reason: "active_flags" };
const DIFFERENT = { status: "manual_check", reason: "different_trn" };
const VALIDATED = [
    [null, null, null, null],
    [null, null, ELIGIBLE, null],
    [null, null, DIFFERENT, null],
    ["1000101", null, null, false],
    [null, "1000102", null, false],
    ["1000103", null, DIFFERENT, false],
    [null, "1000104", DIFFERENT, false],
    ["1000105", null, ELIGIBLE, true],
    ["1000106", null, INELIGIBLE, true],
    ["1000107", "1000108", { status: "matched", reason: "no_qts" }, true],
    [null, "1000109", { status: "manual_check", reason: "none" }, true],
];
const validatedName = (i) => `validated ${i}`;

const FUNDING = [
    ["eligible", "none", true],
    ["eligible", "exempt_from_induction", true],
    ["ineligible", "previous_induction", false],
    ["ineligible", "duplicate_profile", false],
    ["matched", "none", null],
    ["manual_check", "no_qts", null],
];

// withdrawal and deferral: [what, training status of the record, [[provider, state, reason, at]...], shown]
const said = (provider, state, reason, created_at) => ({ provider, state, reason, created_at });
const STATES = [
    [
        "withdrawn by us",
        "withdrawn",
        [said("LP-A", "withdrawn", "moved-school", "2024-07-01T10:11:12.9Z")],
        { withdrawal: { reason: "moved-school", date: "2024-07-01T10:11:12Z" } },
    ],
    [
        "withdrawn twice: the last",
        "withdrawn",
        [
            said("LP-A", "withdrawn", "other", "2024-07-03T00:00:00Z"),
            said("LP-A", "withdrawn", "moved-school", "2024-07-02T00:00:00Z"),
        ],
        { withdrawal: { reason: "other", date: "2024-07-03T00:00:00Z" } },
    ],
    [
        "withdrawn by us, and later by others",
        "withdrawn",
        [
            said("LP-A", "withdrawn", "other", "2024-07-01T00:00:00Z"),
            said("LP-B", "withdrawn", "moved-school", "2024-07-02T00:00:00Z"),
            said(null, "withdrawn", "moved-school", "2024-07-03T00:00:00Z"),
        ],
        { withdrawal: { reason: "other", date: "2024-07-01T00:00:00Z" } },
    ],
    ["withdrawn by others", "withdrawn", [said("LP-B", "withdrawn", "other", START)], {}],
    ["withdrawn by nobody", "withdrawn", [], {}],
    ["withdrawn, but deferred was said", "withdrawn", [said("LP-A", "deferred", "other", START)], {}],
    [
        "withdrawn without a reason",
        "withdrawn",
        [said("LP-A", "withdrawn", null, START)],
        { withdrawal: { reason: null, date: START } },
    ],
    [
        "withdrawn by an old reason",
        "withdrawn",
        [said("LP-A", "withdrawn", "school-left-fip", START)],
        { withdrawal: { reason: "switched-to-school-led", date: START } },
    ],
    [
        "withdrawn by a reason of history",
        "withdrawn",
        [said("LP-A", "withdrawn", "career-break", START)],
        { withdrawal: { reason: "career-break", date: START } },
    ],
    [
        "deferred by us",
        "deferred",
        [
            said("LP-A", "deferred", "bereavement", "2024-07-01T00:00:00Z"),
            said("LP-A", "active", null, "2024-07-02T00:00:00Z"),
        ],
        { deferral: { reason: "bereavement", date: "2024-07-01T00:00:00Z" } },
    ],
    ["deferred by others", "deferred", [said("LP-B", "deferred", "bereavement", START)], {}],
    ["active, though once withdrawn", "active", [said("LP-A", "withdrawn", "other", START)], {}],
    ["active, though once deferred", "active", [said("LP-A", "deferred", "other", START)], {}],
];

const secondRecord = (name, label, { kind = "mentor", ...options } = {}) => {
    const [, record, ...inductions] = person(label, { kind, ...options });
    return [
        { ...record, participant_id: id(name) },
        ...inductions, // trainee() names them by the label
    ];
};

const change = (owner, from, to, created_at) => ({
    type: "participant_id_change",
    participant_id: id(owner),
    from_participant_id: id(from),
    to_participant_id: id(to),
    created_at,
    updated_at: created_at,
});

const identity = (label, address, updated_at = "2021-02-01T00:00:00Z") => ({
    id: id(label),
    email: address,
    external_identifier: id(label),
    created_at: "2021-02-01T00:00:00Z",
    updated_at,
});
const firstIdentity = (name) => ({
    ...identity(`identity ${name}`, email(name)),
    external_identifier: id(name),
});

const shownChange = (name, programme) =>
    trainee(name, {
        at: "2022-01-01T00:00:00Z",
        records: [
            { start: "2022-01-01T00:00:00Z", programme: "S3 2024" },
            ...(programme ? [{ start: "2022-01-01T00:00:00Z", programme }] : []),
        ],
        school: "S3",
    });
const restamped = (records, type, updated_at) =>
    records.map((record) =>
        record.type === type && record.id !== inductionOf("changed elsewhere", 1)
            ? { ...record, updated_at }
            : record,
    );

// Provider LP-C has people in an order that differs inside a page: made, and first trained.
const ORDER = [
    ["order 1", "2022-01-01T00:00:00Z", "2022-01-09T00:00:00Z", "2023-01-03T00:00:00Z"],
    ["order 2", "2022-01-02T00:00:00Z", "2022-01-08T00:00:00Z", "2023-01-02T00:00:00Z"],
    ["order 3", "2022-01-03T00:00:00Z", "2022-01-07T00:00:00Z", "2023-01-01T00:00:00Z"],
    ["order 4", "2022-01-04T00:00:00Z", "2022-01-06T00:00:00Z", "2023-01-04T00:00:00Z"],
];

const GIVEN = [
    ...["S3", "S4"].flatMap((name, i) =>
        partneredSchool(name, `40000${i}`, {
            leadProvider: "LP-A",
            deliveryPartner: "DP-2",
            at: "2021-01-01T00:00:00Z",
        }),
    ),
    school("S5", "400005"),
    ...[
        ["pending", { pending: true }],
        ["relationship", { relationship: true }],
        ["challenged", { challenge_reason: "mistake", challenged_at: "2024-07-01T00:00:00Z" }],
        ["reason only", { challenge_reason: "mistake" }],
        ["date only", { challenged_at: "2024-07-01T00:00:00Z" }],
    ].flatMap(([name, members], i) =>
        partnership({
            school: "S5",
            cohort: 2025 - i,
            leadProvider: "LP-A",
            deliveryPartner: "DP-1",
            name,
            ...members,
        }),
    ),
    {
        type: "induction_programme",
        id: id("programme core"),
        school_id: id("S5"),
        cohort: 2024,
        training_programme: "core_induction_programme",
        created_at: START,
        updated_at: START,
    },
    ...[2021, 2022, 2023, 2024, 2025].map((cohort) => schoolCohort("S5", cohort)),

    ...Object.entries(LATEST).flatMap(([what, records]) => of(`latest ${what}`, ...records)),
    ...VISIBILITY.flatMap(([what, record]) => of(`seen ${what}`, { start: START, ...record })),
    ...STATUS.flatMap(([what, record]) => of(`status ${what}`, record)),
    ...VALIDATED.flatMap(([trn, validationTrn, eligibility], i) =>
        person(validatedName(i), {
            trn,
            eligibility,
            record: { validation: validationTrn ? { trn: validationTrn } : null },
        }),
    ),
    ...FUNDING.flatMap(([status, reason]) =>
        person(`funding ${status} ${reason}`, { eligibility: { status, reason } }),
    ),
    ...person("funding unknown", { eligibility: null }),
    ...STATES.flatMap(([what, trainingStatus, states]) => [
        ...person(what, { records: [{ start: START, trainingStatus }] }),
        ...states.map(({ provider, ...state }) => ({
            type: "training_state",
            training_record_id: recordOf(what),
            lead_provider_id: provider ? id(provider) : null,
            updated_at: state.created_at,
            ...state,
        })),
    ]),

    // cohorts
    {
        type: "schedule",
        cohort: 2020,
        identifier: "ecf-standard-september",
        name: "ECF Standard September",
    },
    ...of("schedule 2023", { start: START, programme: "S1 2024", cohort: 2023 }),
    ...of("schedule 2020", { start: START, programme: "S1 2021", cohort: 2020 }),
    ...of(
        "schedule 2022 ended",
        { start: "2022-06-01T00:00:00Z", end: START, programme: "S1 2022", cohort: 2022, status: "changed" },
        { start: START, programme: "S1 2024", cohort: 2023 },
    ),

    // a person with two records, and one whose second is with another provider
    ...person("Twice", { trn: "1000201", at: "2022-05-01T00:00:00Z" }),
    ...secondRecord("Twice", "Twice as mentor", {
        at: "2022-06-01T00:00:00Z",
        cohort: 2023,
        start: "2023-06-01T00:00:00Z",
        records: [{ start: "2023-06-01T00:00:00Z", trainingStatus: "deferred", programme: "S1 2023" }],
        record: {
            mentor_completion_date: "2024-07-31",
            mentor_completion_reason: "started_not_completed",
        },
    }),
    ...person("Half ours"),
    ...secondRecord("Half ours", "Half theirs", { records: [at("S2 2024")] }),
    ...person("Mentor with reason", {
        record: { mentor_completion_date: "2024-01-31", mentor_completion_reason: "started_not_completed" },
    }),

    // addresses
    ...person("Preferred", {
        person: {
            identities: [
                firstIdentity("Preferred"),
                identity("preferred one", "preferred-one@private.example"),
            ],
        },
        records: [{ start: START, members: { preferred_identity_id: id("preferred one") } }],
    }),

    // one person with every attribute
    ...person("Their mentor", { kind: "mentor", school: "S3", at: "2021-03-01T00:00:00Z" }),
    ...trainee("Whole", {
        school: "S3",
        at: "2021-03-02T00:00:00Z",
        trn: "1000301",
        mentor: "Their mentor",
        records: [
            {
                start: START,
                trainingStatus: "withdrawn",
                members: { updated_at: "2024-05-31T02:22:32.999999Z" },
            },
        ],
        record: {
            sparsity_uplift: true,
            pupil_premium_uplift: false,
            induction_completion_date: "2025-07-31",
            cohort_changed_after_payments_frozen: true,
            created_at: "2024-05-01T09:00:00.5Z",
        },
    }),
    {
        type: "training_state",
        training_record_id: recordOf("Whole"),
        lead_provider_id: id("LP-A"),
        state: "withdrawn",
        reason: "left-teaching-profession",
        created_at: "2024-05-31T02:22:32Z",
        updated_at: "2024-05-31T02:22:32Z",
    },
    change("Whole", "first id", "second id", "2023-09-22T02:22:32.7Z"),
    change("Whole", "second id", "Whole", "2023-09-23T02:22:32Z"),
    change("Their mentor", "mentor's first id", "Their mentor", "2023-01-01T00:00:00Z"),

    // when a person was changed
    ...restamped(shownChange("changed oneself"), "participant", "2024-08-01T00:00:00Z").map((record) =>
        record.type === "participant" ? { ...record, identities: [firstIdentity("changed oneself")] } : record,
    ),
    ...shownChange("changed identity").map((record) =>
        record.type === "participant"
            ? {
                  ...record,
                  identities: [
                      firstIdentity("changed identity"),
                      identity("changed second", "second@private.example", "2024-08-02T00:00:00Z"),
                  ],
              }
            : record,
    ),
    ...restamped(shownChange("changed record"), "training_record", "2024-08-03T00:00:00Z"),
    ...restamped(shownChange("changed induction"), "induction_record", "2024-08-04T00:00:00Z"),
    ...restamped(shownChange("changed elsewhere", "S2 2024"), "induction_record", "2024-08-05T00:00:00Z"),

    // another provider, for the order
    leadProvider("LP-C"),
    apiToken("lp-c-token", "lead_provider", "LP-C"),
    ...deliveryPartner("DP-C", { leadProvider: "LP-C" }),
    ...partneredSchool("S6", "400006", { leadProvider: "LP-C", deliveryPartner: "DP-C" }),
    ...ORDER.flatMap(([name, made, trained, updated_at]) => {
        const [own, record, ...inductions] = trainee(name, { school: "S6", at: made, start: START });
        return [{ ...own, updated_at }, { ...record, created_at: trained }, ...inductions];
    }),
];

const service = serveWorld(GIVEN);

// --- Asking --------------------------------------------------------------------------------------

const list = (query = "", options = {}) =>
    get(service(), `${PATH}?page[per_page]=3000&${query}`, { token, ...options });
const show = (name, query = "", options = {}) =>
    get(service(), `${PATH}/${id(name)}${query}`, { token, ...options });
const idsOf = (response) => response.json.data.map((item) => item.id);
const enrolmentOf = async (name, options) =>
    (await show(name, "", options)).json.data.attributes.ecf_enrolments[0];

/** Is the person in the list, and shown? It must be the same. */
async function isSeen(name, query = "") {
    const inList = idsOf(await list(query)).includes(id(name));
    const response = await show(name, query === "" ? "" : `?${query}`);
    assert.equal(response.status, inList ? 200 : 404, response.text);
    if (!inList) assert.deepEqual(response.json, NOT_FOUND);
    return inList;
}

check_list({
    name: "v3 participants",
    service,
    path: PATH,
    type: "participant",
    token,
    forbidden: FORBIDDEN_TOKENS,
    sort: {},
    cohort: "default",
});

describe("a participant", () => {
    const body = JSON.stringify({
        id: id("Whole"),
        type: "participant",
        attributes: {
            full_name: fullName("Whole"),
            teacher_reference_number: "1000301",
            updated_at: "2024-05-31T02:22:32Z",
            ecf_enrolments: [
                {
                    training_record_id: recordOf("Whole"),
                    email: email("Whole"),
                    mentor_id: id("Their mentor"),
                    school_urn: "400000",
                    participant_type: "ect",
                    cohort: "2024",
                    training_status: "withdrawn",
                    participant_status: "active",
                    teacher_reference_number_validated: true,
                    eligible_for_funding: true,
                    pupil_premium_uplift: false,
                    sparsity_uplift: true,
                    schedule_identifier: "ecf-standard-september",
                    delivery_partner_id: id("DP-2"),
                    withdrawal: { reason: "left-teaching-profession", date: "2024-05-31T02:22:32Z" },
                    deferral: null,
                    created_at: "2024-05-01T09:00:00Z",
                    induction_end_date: "2025-07-31",
                    mentor_funding_end_date: null,
                    cohort_changed_after_payments_frozen: true,
                    mentor_ineligible_for_funding_reason: null,
                },
            ],
            participant_id_changes: [
                {
                    from_participant_id: id("second id"),
                    to_participant_id: id("Whole"),
                    changed_at: "2023-09-23T02:22:32Z",
                },
                {
                    from_participant_id: id("first id"),
                    to_participant_id: id("second id"),
                    changed_at: "2023-09-22T02:22:32Z",
                },
            ],
        },
    });

    test("is shown whole", async () => {
        assert.equal((await show("Whole", "", { now: NOW })).text, `{"data":${body}}`);
    });

    test("is the same in every kind of list", async () => {
        for (const query of [
            "",
            "sort=-updated_at",
            "filter[updated_since]=2021-01-01T00:00:00Z",
            "filter[cohort]=2024",
            "filter[training_status]=withdrawn",
            `filter[from_participant_id]=${id("first id")}`,
        ]) {
            const { text } = await list(query, { now: NOW });
            assert.ok(text.includes(body), query);
        }
    });

    test("without anything has nulls", async () => {
        const { attributes } = (await show("funding unknown")).json.data;
        assert.equal(attributes.teacher_reference_number, null);
        assert.deepEqual(attributes.participant_id_changes, []);
        const [enrolment] = attributes.ecf_enrolments;
        for (const name of [
            "mentor_id",
            "teacher_reference_number_validated",
            "eligible_for_funding",
            "withdrawal",
            "deferral",
            "induction_end_date",
            "mentor_funding_end_date",
            "mentor_ineligible_for_funding_reason",
        ])
            assert.equal(enrolment[name], null, name);
        for (const name of [
            "pupil_premium_uplift",
            "sparsity_uplift",
            "cohort_changed_after_payments_frozen",
        ])
            assert.equal(enrolment[name], false, name);
    });
});

describe("the induction record that counts", () => {
    for (const what of Object.keys(LATEST))
        test(what, async () => {
            assert.equal((await enrolmentOf(`latest ${what}`)).schedule_identifier, WANTED);
        });
});

describe("who is seen", () => {
    for (const [what, , expected] of VISIBILITY)
        test(`one ${what}: ${expected}`, async () => {
            assert.equal(await isSeen(`seen ${what}`), expected);
        });

    test("one who came from another provider, by both", async () => {
        const theirs = await show("T24", "", { token: TOKENS["LP-B"] });
        assert.equal(theirs.json.data.attributes.ecf_enrolments[0].participant_status, "left");
        assert.equal(theirs.json.data.attributes.ecf_enrolments[0].school_urn, "100002");
        assert.equal((await enrolmentOf("T24")).school_urn, "100001");
    });

    for (const [what, path] of [
        ["an unknown id", id("nothing")],
        ["no UUID", "E24"],
        ["an earlier id", id("first id")],
        ["a training record's id", recordOf("E24")],
    ])
        test(`${what} is not found`, async () => {
            const response = await get(service(), `${PATH}/${path}`, { token });
            assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
        });

    for (const other of FORBIDDEN_TOKENS)
        test(`a single one is refused to ${other}`, async () => {
            const response = await show("E24", "", { token: other });
            assert.deepEqual([response.status, response.text], [403, ""]);
        });
});

describe("filter[cohort]", () => {
    for (const [name, query, expected] of [
        ["schedule 2023", "", true],
        ["schedule 2023", "filter[cohort]=2023", true],
        ["schedule 2023", "filter[cohort]=2024", false],
        ["schedule 2020", "", false],
        ["schedule 2020", "filter[cohort]=2021", false],
        ["schedule 2020", "filter[cohort]=2020", true],
        ["schedule 2020", "filter[cohort]=2020,2021", true],
        ["schedule 2022 ended", "filter[cohort]=2022", false],
        ["schedule 2022 ended", "filter[cohort]=2023", true],
    ])
        test(`${name}, "${query}": ${expected}`, async () => {
            assert.equal(await isSeen(name, query), expected);
        });

    test("goes by the schedule, the cohort shown by the school's", async () => {
        assert.equal((await enrolmentOf("schedule 2023")).cohort, "2024");
    });
});

describe("a person with two training records", () => {
    const both = [recordOf("Twice"), recordOf("Twice as mentor")];
    const shown = (response) =>
        response.json.data.attributes.ecf_enrolments.map((each) => each.training_record_id);

    for (const query of [
        "",
        "filter[cohort]=2024",
        "filter[cohort]=2023",
        "filter[training_status]=deferred",
        "filter[training_status]=active",
    ])
        test(`shows both, the older first: "${query}"`, async () => {
            assert.deepEqual(shown(await show("Twice", `?${query}`)), both);
            const { json } = await list(query);
            const [found] = json.data.filter((item) => item.id === id("Twice"));
            assert.deepEqual(
                found.attributes.ecf_enrolments.map((each) => each.training_record_id),
                both,
            );
        });

    for (const query of [
        "filter[cohort]=2022",
        "filter[training_status]=withdrawn",
        "filter[cohort]=2024&filter[training_status]=deferred",
        "filter[cohort]=2023&filter[training_status]=active",
    ])
        test(`is not found by what neither is: "${query}"`, async () => {
            assert.equal(await isSeen("Twice", query), false);
        });

    test("shows what each of them says", async () => {
        const [ect, mentor] = (await show("Twice")).json.data.attributes.ecf_enrolments;
        assert.deepEqual(
            [ect.participant_type, ect.cohort, ect.mentor_ineligible_for_funding_reason],
            ["ect", "2024", null],
        );
        assert.deepEqual(
            [mentor.participant_type, mentor.cohort, mentor.mentor_ineligible_for_funding_reason],
            ["mentor", "2023", "started_not_completed"],
        );
        assert.equal(mentor.mentor_funding_end_date, "2024-07-31");
        assert.equal(mentor.mentor_id, null);
    });

    test("shows only the one that is ours", async () => {
        assert.deepEqual(shown(await show("Half ours")), [recordOf("Half ours")]);
        const theirs = await show("Half ours", "", { token: TOKENS["LP-B"] });
        assert.deepEqual(shown(theirs), [recordOf("Half theirs")]);
    });

    test("an ECT has no reason of a mentor", async () => {
        const enrolment = await enrolmentOf("Mentor with reason");
        assert.equal(enrolment.mentor_ineligible_for_funding_reason, null);
        assert.equal(enrolment.mentor_funding_end_date, "2024-01-31");
    });
});

describe("participant_status", () => {
    for (const [what, , expected] of STATUS)
        test(`${what}: ${expected}`, async () => {
            const options = { now: NOW };
            assert.equal((await enrolmentOf(`status ${what}`, options)).participant_status, expected);
        });

    test("goes by the request's clock", async () => {
        const statusAt = async (now) =>
            (await enrolmentOf("status leaves in a second", { now })).participant_status;
        assert.equal(await statusAt("2025-01-01T12:00:00Z"), "leaving");
        assert.equal(await statusAt("2025-01-01T12:00:01Z"), "left");
        assert.equal(await statusAt("2025-01-01T13:00:00+01:00"), "leaving");
        const joining = async (now) => (await enrolmentOf("status starts now", { now })).participant_status;
        assert.equal(await joining("2025-01-01T11:59:59Z"), "joining");
        assert.equal(await joining("2025-01-01"), "joining");
    });
});

describe("teacher_reference_number_validated", () => {
    VALIDATED.forEach(([trn, given, eligibility, expected], i) => {
        const [status, reason] = [eligibility?.status, eligibility?.reason];
        test(`TRN ${trn}, given ${given}, ${status} ${reason}: ${expected}`, async () => {
            const { attributes } = (await show(validatedName(i))).json.data;
            assert.equal(attributes.teacher_reference_number, trn);
            assert.equal(attributes.ecf_enrolments[0].teacher_reference_number_validated, expected);
        });
    });
});

describe("eligible_for_funding", () => {
    for (const [status, reason, expected] of FUNDING)
        test(`${status}, ${reason}: ${expected}`, async () => {
            const { eligible_for_funding: shown } = await enrolmentOf(`funding ${status} ${reason}`);
            assert.equal(shown, expected);
        });

    test("not known: null", async () => {
        assert.equal((await enrolmentOf("funding unknown")).eligible_for_funding, null);
    });
});

describe("withdrawal and deferral", () => {
    for (const [what, status, , expected] of STATES)
        test(what, async () => {
            const { training_status, withdrawal, deferral } = await enrolmentOf(what);
            assert.equal(training_status, status);
            assert.deepEqual({ withdrawal, deferral }, { withdrawal: null, deferral: null, ...expected });
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

        test("an old reason is shown as it is stored", async () => {
            const path = `${PATH}/${id("withdrawn by an old reason")}`;
            const { json } = await get(plain, path, { token, check: false });
            const [enrolment] = json.data.attributes.ecf_enrolments;
            assert.equal(enrolment.withdrawal.reason, "school-left-fip");
        });
    });
});

describe("email and updated_at", () => {
    test("the preferred identity's address wins", async () => {
        assert.equal((await enrolmentOf("Preferred")).email, "preferred-one@private.example");
        assert.equal((await enrolmentOf("E24")).email, email("E24"));
    });

    for (const [name, shown] of [
        ["changed oneself", "2024-08-01T00:00:00Z"],
        ["changed identity", "2024-08-02T00:00:00Z"],
        ["changed record", "2024-08-03T00:00:00Z"],
        ["changed induction", "2024-08-04T00:00:00Z"],
        ["changed elsewhere", "2024-08-05T00:00:00Z"],
    ])
        test(`${name}: ${shown}`, async () => {
            assert.equal((await show(name)).json.data.attributes.updated_at, shown);
        });
});

describe("filter[updated_since]", () => {
    for (const [name, at, expected] of [
        ["changed oneself", "2024-08-01T00:00:00Z", true],
        ["changed oneself", "2024-08-01T00:00:00.000001Z", false],
        ["changed oneself", "2024-08-01T01:00:00%2B01:00", true],
        ["changed record", "2024-08-03T00:00:00Z", false], // only the person's own change counts
        ["order 1", "2020-01-01T00:00:00Z", false],
    ])
        test(`${name}, ${at}: ${expected}`, async () => {
            assert.equal(await isSeen(name, `filter[updated_since]=${at}`), expected);
        });

    test("goes with the other filters", async () => {
        const query = "filter[updated_since]=2024-08-01T00:00:00Z&filter[cohort]=2023";
        assert.equal(await isSeen("changed oneself", query), false);
        const both = "filter[updated_since]=2024-08-01T00:00:00Z&filter[training_status]=deferred";
        assert.equal(await isSeen("changed oneself", both), false);
    });

    test("holds for a single participant", async () => {
        const response = await show("E24", "?filter[updated_since]=x");
        assert.deepEqual([response.status, response.json], [400, BAD_UPDATED_SINCE]);
    });
});

describe("filter[training_status]", () => {
    for (const value of ["active", "deferred", "withdrawn"])
        test(`${value} lets those through`, async () => {
            const { json } = await list(`filter[training_status]=${value}`);
            assert.ok(json.data.length > 0);
            for (const { attributes } of json.data)
                assert.ok(attributes.ecf_enrolments.some((each) => each.training_status === value));
        });

    for (const value of ["x", "ACTIVE", "active,deferred", "%20active"])
        test(`${value} is refused`, async () => {
            for (const response of [
                await list(`filter[training_status]=${value}`),
                await show("E24", `?filter[training_status]=${value}`),
            ])
                assert.deepEqual([response.status, response.json], [400, BAD_STATUS]);
        });

    test("blank, a list or a hash is as if absent", async () => {
        const { text } = await list();
        for (const query of ["[]=x", "=", "[x]=y", "=%20", ""])
            assert.equal((await list(`filter[training_status]${query}`)).text, text, query);
    });

    test("updated_since wins over it, and it wins over a page", async () => {
        const wrong = "filter[training_status]=x&page[page]=0";
        assert.deepEqual((await list(wrong)).json, BAD_STATUS);
        assert.deepEqual((await list(`filter[updated_since]=x&${wrong}`)).json, BAD_UPDATED_SINCE);
        assert.deepEqual((await list("page[page]=0")).json, BAD_PAGE);
    });
});

describe("filter[from_participant_id]", () => {
    for (const [value, expected] of [
        [id("first id"), ["Whole"]],
        [id("second id"), ["Whole"]],
        [id("first id").toUpperCase(), ["Whole"]],
        [id("mentor's first id"), ["Their mentor"]],
        [id("Whole"), []],
        [id("nothing"), []],
        [`${id("first id")},${id("second id")}`, []],
        ["x", []],
    ])
        test(`${value.slice(0, 8)}... finds ${expected}`, async () => {
            const query = `filter[from_participant_id]=${value}`;
            assert.deepEqual(idsOf(await list(query)), expected.map(id));
            assert.deepEqual(idsOf(await list(`${query}&sort=-created_at`)), expected.map(id));
        });

    test("holds for a single participant", async () => {
        assert.equal(await isSeen("Whole", `filter[from_participant_id]=${id("first id")}`), true);
        assert.equal(await isSeen("Whole", `filter[from_participant_id]=${id("nothing")}`), false);
        assert.equal(await isSeen("E24", `filter[from_participant_id]=${id("first id")}`), false);
    });

    test("does not show another provider's", async () => {
        const options = { token: TOKENS["LP-B"] };
        const query = `filter[from_participant_id]=${id("first id")}`;
        assert.deepEqual(idsOf(await list(query, options)), []);
    });
});

// Pages ask for somewhat more enrolments than people: here that is never enough.
describe("a list on which everybody has two training records, and some are not listed", () => {
    const people = Array.from({ length: 40 }, (_, i) => `of LP-D ${String(i).padStart(2, "0")}`);
    const isListed = (i) => i % 5 !== 3; // the others are in schedules of 2020 only
    const listed = people.filter((_, i) => isListed(i));
    const service = serveWorld([
        leadProvider("LP-D"),
        apiToken("lp-d-token", "lead_provider", "LP-D"),
        ...deliveryPartner("DP-D", { leadProvider: "LP-D" }),
        ...partneredSchool("S7", "400007", { leadProvider: "LP-D", deliveryPartner: "DP-D" }),
        { type: "schedule", cohort: 2020, identifier: "ecf-standard-september", name: "ECF Standard September" },
        ...people.flatMap((name, i) => {
            const at = `2023-03-${10 + Math.floor(i / 4)}T00:00:00Z`; // four at one instant
            const records = [{ start: START, cohort: isListed(i) ? 2024 : 2020 }];
            return [
                ...trainee(name, { school: "S7", at, start: START, records }),
                ...secondRecord(name, `${name} as mentor`, { school: "S7", at, start: START, records }),
            ];
        }),
    ]);
    const idsOn = async (page, size) => {
        const { json } = await get(service(), `${PATH}?page[page]=${page}&page[per_page]=${size}`, { token: "lp-d-token" });
        for (const { attributes } of json.data) assert.equal(attributes.ecf_enrolments.length, 2);
        return json.data.map((item) => item.id);
    };

    for (const size of [1, 2, 3, 5, 7, 16, 31, 32, 33, 100])
        test(`pages of ${size} are the list, without gaps and without twins`, async () => {
            const found = [];
            for (let page = 1; page <= Math.ceil(32 / size); page++) {
                const ids = await idsOn(page, size);
                assert.equal(ids.length, Math.min(size, 32 - found.length), `page ${page}`);
                found.push(...ids);
            }
            assert.deepEqual([...found].sort(), listed.map(id).sort());
            assert.deepEqual(await idsOn(Math.ceil(32 / size) + 1, size), []);
        });
});

describe("order", () => {
    const names = (numbers) => numbers.map((number) => id(`order ${number}`));
    const page = async (query) =>
        idsOf(await get(service(), `${PATH}?${query}`, { token: "lp-c-token" }));
    const pages = async (query) => {
        const found = [];
        for (let number = 1; number <= 4; number++)
            found.push(...(await page(`page[page]=${number}&page[per_page]=1&${query}`)));
        return found;
    };

    for (const [query, members] of [
        ["", [1, 2, 3, 4]],
        ["sort=created_at", [1, 2, 3, 4]],
        ["sort=-created_at", [4, 3, 2, 1]],
        ["sort=updated_at", [3, 2, 1, 4]],
        ["sort=-updated_at", [4, 1, 2, 3]],
        ["sort=full_name", [1, 2, 3, 4]],
        ["sort=-email", [1, 2, 3, 4]],
        ["sort=nonsense,-updated_at,created_at", [4, 1, 2, 3]],
        ["sort=%2Bupdated_at", [3, 2, 1, 4]],
        ["filter[updated_since]=2022-01-01T00:00:00Z", [1, 2, 3, 4]],
    ])
        test(`"${query}" says who is on a page`, async () => {
            assert.deepEqual(await pages(query), names(members));
        });

    for (const query of [
        "",
        "sort=-updated_at",
        "sort=-created_at",
        "filter[updated_since]=2022-01-01T00:00:00Z",
    ])
        test(`on a page those who were first trained come first: "${query}"`, async () => {
            assert.deepEqual(await page(query), names([4, 3, 2, 1]));
        });

    test("by id, as text", async () => {
        assert.deepEqual(await pages("sort=id"), names([1, 2, 3, 4]).sort());
        assert.deepEqual(await pages("sort=-id"), names([1, 2, 3, 4]).sort().reverse());
    });
});
