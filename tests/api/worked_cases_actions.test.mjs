// The worked cases A and C of the contract (rules.md 11.4), in its order and with its names.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    acted,
    assertChangedAt,
    assertRefused,
    declarationOf,
    declared,
    eventBy,
    eventOf,
    isoSeconds,
    OWN,
    PARTICIPANTS,
    serveCases,
} from "../support/cases.mjs";
import { M } from "../support/messages.mjs";
import {
    declaration,
    fullName,
    email,
    id,
    inductionOf,
    recordOf,
    stamped,
    statement,
} from "../support/world.mjs";

const world = serveCases();

const NOW = "2025-01-10T09:00:00Z";
const ECT = "ecf-induction";
const MENTOR = "ecf-mentor";
const NOBODY = "f3c1b1b0-7a6e-4d53-9f3a-0d4c5d1b2a39";

/** The whole participant E24 as LP-A sees it, with what `enrolment` replaces. */
async function participantE24(updatedAt, enrolment) {
    const [record] = await world.sql(
        `SELECT created_at FROM training_records WHERE id = '${recordOf("E24")}'`,
    );
    return {
        id: id("E24"),
        type: "participant",
        attributes: {
            full_name: fullName("E24"),
            teacher_reference_number: "1000001",
            updated_at: updatedAt,
            ecf_enrolments: [
                {
                    training_record_id: recordOf("E24"),
                    email: email("E24"),
                    mentor_id: id("M24"),
                    school_urn: "100001",
                    participant_type: "ect",
                    cohort: "2024",
                    training_status: "active",
                    participant_status: "active",
                    teacher_reference_number_validated: true,
                    eligible_for_funding: true,
                    pupil_premium_uplift: false,
                    sparsity_uplift: false,
                    schedule_identifier: "ecf-standard-september",
                    delivery_partner_id: id("DP-1"),
                    withdrawal: null,
                    deferral: null,
                    created_at: isoSeconds(record.created_at),
                    induction_end_date: null,
                    mentor_funding_end_date: null,
                    cohort_changed_after_payments_frozen: false,
                    mentor_ineligible_for_funding_reason: null,
                    ...enrolment,
                },
            ],
            participant_id_changes: [],
        },
    };
}

/** Acts on E24, expects the whole participant back and the same in the lists; gives the changes. */
async function accepts(action, attributes, { now = NOW, ...enrolment }) {
    const since = Date.now();
    const { result, changes } = await world.during(() =>
        world.act(id("E24"), action, { course_identifier: ECT, ...attributes }, { now }),
    );
    assert.equal(result.status, 200, result.text);
    assert.deepEqual(Object.keys(result.json), ["data"]);
    const { data } = result.json;
    assertChangedAt(data.attributes.updated_at, now, since);
    assert.equal(
        JSON.stringify(data),
        JSON.stringify(await participantE24(data.attributes.updated_at, enrolment)),
    );
    await world.agrees(PARTICIPANTS, data, { now, seen: OWN });
    return changes;
}

async function refuses(participant, action, attributes, { now = NOW, as } = {}, ...errors) {
    const { result, changes } = await world.during(() =>
        world.act(participant, action, attributes, { now, as }),
    );
    assertRefused(result, ...errors);
    assert.deepEqual(changes, {});
}

/** A new induction record that goes on from `now`, and the end of the one before it. */
function assertContinued(changes, { now = NOW, ...expected }) {
    const fields = ({
        programme_id,
        schedule_cohort,
        schedule_identifier,
        end_date,
        training_status,
        induction_status,
    }) => ({
        programme_id,
        schedule_cohort,
        schedule_identifier,
        end_date: end_date && isoSeconds(end_date),
        training_status,
        induction_status,
    });
    assert.equal(changes.induction_records.length, 2);
    const [old] = changes.induction_records.filter((row) => row.was);
    const [fresh] = changes.induction_records.filter((row) => !row.was);
    assert.deepEqual(fields(old), {
        ...fields(old.was),
        end_date: now,
        induction_status: "changed",
    });
    assert.deepEqual(fields(fresh), { ...fields(old.was), ...expected });
    assert.equal(isoSeconds(fresh.start_date), now);
    assert.equal(fresh.mentor_training_record_id, old.mentor_training_record_id);
    assert.equal(fresh.preferred_identity_id, old.preferred_identity_id);
    assert.equal(fresh.school_transfer, false);
}

function assertStatusWritten(changes, status, reason, now = NOW) {
    assert.deepEqual(Object.keys(changes).sort(), [
        "events",
        "induction_records",
        "training_records",
        "training_states",
    ]);
    assert.deepEqual(
        changes.training_states.map((row) => [
            row.training_record_id,
            row.lead_provider_id,
            row.state,
            row.reason,
            isoSeconds(row.created_at),
        ]),
        [[recordOf("E24"), id("LP-A"), status, reason, now]],
    );
    assert.deepEqual(
        changes.training_records.map((row) => [row.id, row.training_status]),
        [[recordOf("E24"), status]],
    );
    assertContinued(changes, { now, training_status: status });
    assert.deepEqual(changes.events.map(eventOf), [
        eventBy("LP-A", `training ${status}`, recordOf("E24")),
    ]);
}

const withdrawn = () => acted(world, "E24", "withdraw", { reason: "moved-school" }, NOW);

// --- Withdraw, defer, resume ---------------------------------------------------------------------

test("A1", async () => {
    const changes = await accepts(
        "withdraw",
        { reason: "moved-school" },
        {
            training_status: "withdrawn",
            withdrawal: { reason: "moved-school", date: NOW },
        },
    );
    assertStatusWritten(changes, "withdrawn", "moved-school");
});

test("A2", () =>
    refuses(id("E24"), "withdraw", { course_identifier: ECT, reason: "" }, {}, [
        "reason",
        M.M19,
        M.M20,
    ]));

test("A3", () =>
    refuses(id("E24"), "withdraw", { course_identifier: ECT, reason: "erroneous-reason" }, {}, [
        "reason",
        M.M20,
    ]));

test("A4", () =>
    refuses(id("E24"), "withdraw", { course_identifier: ECT, reason: "school-left-fip" }, {}, [
        "reason",
        M.M20,
    ]));

test("A5", () =>
    accepts(
        "withdraw",
        { reason: "switched-to-school-led" },
        {
            training_status: "withdrawn",
            withdrawal: { reason: "switched-to-school-led", date: NOW },
        },
    ));

test("A6", async () => {
    await withdrawn();
    await refuses(id("E24"), "withdraw", { course_identifier: ECT, reason: "other" }, {}, [
        "participant_profile",
        M.M21,
    ]);
});

test("A7", () =>
    refuses(NOBODY, "withdraw", {}, {}, ["participant_id", M.M01], ["course_identifier", M.M18]));

test("A8", () =>
    refuses(id("E24"), "withdraw", { reason: "other" }, {}, ["course_identifier", M.M13, M.M18]));

test("A9", () =>
    refuses(id("EB"), "withdraw", { course_identifier: ECT, reason: "other" }, {}, [
        "participant_id",
        M.M01,
    ]));

test("A10", async () => {
    await withdrawn();
    const now = "2025-01-11T09:00:00Z";
    assertStatusWritten(await accepts("resume", {}, { now }), "active", null, now);
});

test("A11", () =>
    refuses(id("E24"), "resume", { course_identifier: ECT }, {}, ["participant_profile", M.M23]));

test("A12", async () => {
    await withdrawn();
    await refuses(id("E24"), "defer", { course_identifier: ECT, reason: "career-break" }, {}, [
        "participant_profile",
        M.M21,
    ]);
});

test("A13", () =>
    refuses(id("E24"), "defer", { course_identifier: ECT }, {}, ["reason", M.M19, M.M20]));

test("A14", async () => {
    const changes = await accepts(
        "defer",
        { reason: "parental-leave" },
        {
            training_status: "deferred",
            deferral: { reason: "parental-leave", date: NOW },
        },
    );
    assertStatusWritten(changes, "deferred", "parental-leave");
});

// --- Change-schedule -----------------------------------------------------------------------------

const JANUARY = "ecf-standard-january";
const SEPTEMBER = "ecf-standard-september";
const w1 = () =>
    declared(
        world,
        declarationOf("E24", "started", "2024-10-01T10:00:00Z"),
        "2024-10-02T09:00:00Z",
    );
const change = (identifier, attributes) => ({
    course_identifier: ECT,
    schedule_identifier: identifier,
    ...attributes,
});

function assertScheduleWritten(
    changes,
    name,
    { now = NOW, cohort = 2024, identifier, programme = `S1 ${cohort}`, flagged = false },
) {
    assert.deepEqual(Object.keys(changes).sort(), [
        "events",
        "induction_records",
        "schedule_changes",
        "training_records",
    ]);
    assert.deepEqual(
        changes.schedule_changes.map((row) => [
            row.training_record_id,
            row.schedule_cohort,
            row.schedule_identifier,
            isoSeconds(row.created_at),
        ]),
        [[recordOf(name), cohort, identifier, now]],
    );
    const [record] = changes.training_records;
    assert.equal(changes.training_records.length, 1);
    assert.deepEqual(
        [
            record.id,
            record.cohort,
            record.schedule_cohort,
            record.schedule_identifier,
            record.cohort_changed_after_payments_frozen,
        ],
        [recordOf(name), cohort, cohort, identifier, flagged],
    );
    assertContinued(changes, {
        now,
        programme_id: id(`programme ${programme}`),
        schedule_cohort: cohort,
        schedule_identifier: identifier,
    });
    assert.deepEqual(changes.events.map(eventOf), [
        eventBy("LP-A", "training record changed", recordOf(name)),
    ]);
}

test("C1", async () => {
    const changes = await accepts(
        "change-schedule",
        { schedule_identifier: JANUARY },
        { schedule_identifier: JANUARY },
    );
    assertScheduleWritten(changes, "E24", { identifier: JANUARY });
});

test("C2", () =>
    refuses(id("E24"), "change-schedule", change(SEPTEMBER), {}, ["schedule_identifier", M.M27]));

test("C3", () =>
    refuses(id("E24"), "change-schedule", change("ecf-nonsense"), {}, ["Invalid action", M.M33]));

test("C4", () =>
    refuses(id("E24"), "change-schedule", change("ecf-replacement-april"), {}, [
        "schedule_identifier",
        M.M28,
    ]));

test("C4, for M24", async () => {
    const { result, changes } = await world.during(() =>
        world.act(
            id("M24"),
            "change-schedule",
            change("ecf-replacement-april", { course_identifier: MENTOR }),
            { now: NOW },
        ),
    );
    assert.equal(result.status, 200, result.text);
    assert.equal(
        result.json.data.attributes.ecf_enrolments[0].schedule_identifier,
        "ecf-replacement-april",
    );
    assertScheduleWritten(changes, "M24", { identifier: "ecf-replacement-april" });
    await world.agrees(PARTICIPANTS, result.json.data, { now: NOW, seen: OWN });
});

test("C5", async () => {
    await w1();
    await refuses(id("E24"), "change-schedule", change(JANUARY), {}, [
        "schedule_identifier",
        M.M26,
    ]);
});

test("C6", async () => {
    await w1();
    await refuses(
        id("E24"),
        "change-schedule",
        change(SEPTEMBER, { cohort: 2025 }),
        {},
        ["schedule_identifier", M.M26],
        ["cohort", M.M29],
    );
    await refuses(
        id("E24"),
        "change-schedule",
        change(SEPTEMBER, { cohort: "2025" }),
        {},
        ["schedule_identifier", M.M26],
        ["cohort", M.M29],
    );
});

test("C7", async () => {
    await world.given(
        { type: "school_cohort", school_id: id("S1"), cohort: 2023, deleted: true },
        { type: "induction_programme", id: id("programme S1 2023"), deleted: true },
        { type: "partnership", id: id("partnership S1 2023"), deleted: true },
    );
    await refuses(id("E24"), "change-schedule", change(SEPTEMBER, { cohort: "2023" }), {}, [
        "cohort",
        M.M30,
    ]);
});

test("C8", () =>
    refuses(id("E24"), "change-schedule", change(JANUARY, { cohort: 2050 }), {}, [
        "cohort",
        M.M30,
    ]));

test("C9", () =>
    refuses(
        id("E24"),
        "change-schedule",
        {},
        {},
        ["course_identifier", M.M13, M.M18],
        ["schedule_identifier", M.M24],
    ));

test("C10", async () => {
    await withdrawn();
    await refuses(id("E24"), "change-schedule", change(JANUARY), {}, ["participant_id", M.M25]);
});

test("C11", () =>
    refuses(
        id("EB"),
        "change-schedule",
        change(JANUARY),
        {},
        ["participant_id", M.M01],
        ["cohort", M.M30],
    ));

const FROZEN_NOW = "2025-09-10T09:00:00Z";
const startedIn2022 = () => {
    const paidOn = statement("LP-A", 2022, "November 2022");
    return world.given(
        stamped({ type: "statement", id: paidOn, state: "payable" }),
        declaration("E22", {
            date: "2022-10-01T10:00:00Z",
            cohort: 2022,
            state: "payable",
            members: { statement_id: paidOn },
        }),
    );
};

async function movesE22(identifier, cohort, now, flagged) {
    const attributes = change(identifier, { cohort: String(cohort) });
    const { result, changes } = await world.during(() =>
        world.act(id("E22"), "change-schedule", attributes, { now }),
    );
    assert.equal(result.status, 200, result.text);
    const [enrolment] = result.json.data.attributes.ecf_enrolments;
    assert.deepEqual(
        [
            enrolment.cohort,
            enrolment.schedule_identifier,
            enrolment.cohort_changed_after_payments_frozen,
        ],
        [String(cohort), identifier, flagged],
    );
    assertScheduleWritten(changes, "E22", { now, cohort, identifier, flagged });
    await world.agrees(PARTICIPANTS, result.json.data, { now, seen: OWN });
}

test("C12", async () => {
    await startedIn2022();
    await movesE22("ecf-extended-september", 2024, FROZEN_NOW, true);
});

test("C12, and back", async () => {
    await startedIn2022();
    await movesE22("ecf-extended-september", 2024, FROZEN_NOW, true);
    await movesE22(SEPTEMBER, 2022, "2025-09-11T09:00:00Z", false);
});

test("C13", async () => {
    await startedIn2022();
    await refuses(
        id("E22"),
        "change-schedule",
        change("ecf-extended-september", { cohort: 2025 }),
        { now: FROZEN_NOW },
        ["schedule_identifier", M.M26],
        ["cohort", M.M29],
    );
});

test("C14", async () => {
    const { id: started } = await w1();
    assert.equal((await world.void(started, { now: "2024-10-03T09:00:00Z" })).status, 200);
    const changes = await accepts(
        "change-schedule",
        { schedule_identifier: JANUARY },
        { schedule_identifier: JANUARY },
    );
    assertScheduleWritten(changes, "E24", { identifier: JANUARY });
});

test("C15", async () => {
    await world.given(
        stamped({ type: "partnership", id: id("partnership S1 2024"), relationship: true }),
        {
            type: "induction_programme",
            id: id("another programme"),
            school_id: id("S1"),
            cohort: 2024,
            training_programme: "core_induction_programme",
        },
        {
            type: "school_cohort",
            school_id: id("S1"),
            cohort: 2024,
            default_programme_id: id("another programme"),
        },
    );
    const changes = await accepts(
        "change-schedule",
        { schedule_identifier: JANUARY },
        { schedule_identifier: JANUARY },
    );
    assertScheduleWritten(changes, "E24", { identifier: JANUARY });
});

test("an old induction record keeps its place: only the provider's latest one is changed", async () => {
    const answer = await acted(world, "T24", "withdraw", { reason: "other" }, NOW, { as: "LP-B" });
    const [enrolment] = answer.attributes.ecf_enrolments;
    assert.deepEqual(
        [enrolment.training_status, enrolment.participant_status],
        ["withdrawn", "left"],
    );
    const ours = await world.get(`${PARTICIPANTS}/${id("T24")}`, { now: NOW });
    assert.equal(ours.json.data.attributes.ecf_enrolments[0].training_status, "active");
    const [untouched] = await world.sql(
        `SELECT training_status, induction_status FROM induction_records WHERE id = '${inductionOf("T24", 2)}'`,
    );
    assert.deepEqual(untouched, { training_status: "active", induction_status: "active" });
});

test("several actions within one instant of a clock that stands still follow each other", async () => {
    await withdrawn();
    await acted(world, "E24", "resume", {}, NOW);
    await acted(world, "E24", "defer", { reason: "career-break" }, NOW);
    await acted(world, "E24", "withdraw", { reason: "other" }, NOW);
    const changes = await accepts("resume", {}, {});
    assert.deepEqual(
        changes.training_states.map((row) => row.state),
        ["active"],
    );
    await withdrawn();
    const { json } = await world.get(`${PARTICIPANTS}/${id("E24")}`, { now: NOW });
    const [{ training_status, withdrawal }] = json.data.attributes.ecf_enrolments;
    assert.deepEqual(
        [training_status, withdrawal],
        ["withdrawn", { reason: "moved-school", date: NOW }],
    );
});
