// What the rules say beside their worked cases (rules.md 1.2, 1.3, 2.3, 2.8, 2.13, 4 and 5).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
    acted,
    assertRefused,
    DECLARATIONS,
    declarationOf,
    declared,
    isoSeconds,
    OWN,
    PARTICIPANTS,
    serveCases,
} from "../support/cases.mjs";
import { closed, M } from "../support/messages.mjs";
import {
    declaration,
    id,
    inductionOf,
    inductionRecord,
    partneredSchool,
    partnership,
    recordOf,
    school,
    schoolCohort,
    stamped,
    statement,
    trainee,
} from "../support/world.mjs";

const world = serveCases();
const NOW = "2024-10-02T09:00:00Z";
const LATER = "2025-01-10T09:00:00Z";
const START = "2024-06-01T00:00:00Z";
const JANUARY = "ecf-standard-january";
const W1 = declarationOf("E24", "started", "2024-10-01T10:00:00Z");
const ECT = { course_identifier: "ecf-induction" };

const enrolmentsOf = async (name, { as = "LP-A", now = LATER } = {}) => {
    const { status, json } = await world.get(`${PARTICIPANTS}/${id(name)}`, { as, now });
    return status === 404 ? null : json.data.attributes.ecf_enrolments;
};
const recordsOf = (name) =>
    world.sql(`SELECT id, programme_id, start_date, end_date, training_status, induction_status, school_transfer
                 FROM induction_records WHERE training_record_id = '${recordOf(name)}' ORDER BY start_date, created_at`);

describe("declarations", () => {
    test("a record that the school has withdrawn does not count", async () => {
        await world.given(
            stamped({ type: "training_record", id: recordOf("E24"), status: "withdrawn" }),
        );
        assertRefused(await world.declare(W1, { now: NOW }), ["course_identifier", M.M13]);
    });

    test("after a transfer the old provider may send what it owes", async () => {
        const now = "2024-11-20T09:00:00Z";
        const theirs = await declared(
            world,
            declarationOf("T24", "started", "2024-09-20T10:00:00Z"),
            now,
            { as: "LP-B" },
        );
        assert.deepEqual(
            [theirs.attributes.delivery_partner_id, theirs.attributes.lead_provider_name],
            [id("DP-3"), "LP-B"],
        );
        await world.agrees(DECLARATIONS, theirs, { now, seen: { "LP-A": "same", "LP-B": "same" } });
    });

    test("a closed cohort is said before the slot", async () => {
        const on = statement("LP-A", 2021, "November 2021");
        await world.given(
            declaration("E21", {
                date: "2021-10-01T10:00:00Z",
                cohort: 2021,
                state: "eligible",
                members: { statement_id: on },
            }),
        );
        for (const date of ["2021-10-01T10:00:00Z", "2021-10-02T10:00:00Z"])
            assertRefused(
                await world.declare(declarationOf("E21", "started", date), {
                    now: "2024-08-01T09:00:00Z",
                }),
                ["cohort", closed(2021)],
                ["base", M.M11],
            );
    });

    test("a duplicate needs an open statement, even where nothing would be paid", async () => {
        const on = statement("LP-A", 2021, "November 2021");
        await world.given(
            declaration("E21", {
                date: "2021-10-01T10:00:00Z",
                cohort: 2021,
                state: "eligible",
                members: { statement_id: on },
            }),
            stamped({ type: "participant", id: id("E21N"), trn: "1000005" }),
        );
        const answer = await world.declare(
            declarationOf("E21N", "started", "2021-10-01T10:00:00Z"),
            { now: "2024-08-01T09:00:00Z" },
        );
        assertRefused(answer, ["cohort", closed(2021)]);
    });

    test("a duplicate of somebody who is not fundable is ineligible, and free again once it is voided", async () => {
        await world.given(stamped({ type: "participant", id: id("E24N"), trn: "1000001" }));
        const first = await declared(world, W1, NOW);
        const request = declarationOf("E24N", "started", "2024-10-01T10:00:00Z");
        const duplicate = await declared(world, request, NOW);
        assert.equal(duplicate.attributes.state, "ineligible");
        assert.equal((await world.void(first.id, { now: NOW })).status, 200);
        const { json } = await world.get(`${DECLARATIONS}/${duplicate.id}`);
        assert.equal(json.data.attributes.state, "ineligible", "it stays so");
        assert.equal((await world.void(duplicate.id, { now: NOW })).status, 200);
        assert.equal((await declared(world, request, NOW)).attributes.state, "submitted");
    });

    test("who is teacher and mentor is declared in both courses", async () => {
        await world.given(
            stamped({
                type: "training_record",
                id: recordOf("E24 as mentor"),
                participant_id: id("E24"),
                kind: "mentor",
                school_id: id("S1"),
                cohort: 2024,
                schedule: { cohort: 2024, identifier: "ecf-standard-september" },
                eligibility: { status: "eligible", reason: "none" },
            }),
            inductionRecord("E24 as mentor", { start: START, programme: "S1 2024" }),
        );
        await declared(world, W1, NOW);
        const mentoring = await declared(world, { ...W1, course_identifier: "ecf-mentor" }, NOW);
        assert.deepEqual(
            [mentoring.attributes.state, mentoring.attributes.mentor_id],
            ["eligible", null],
        );
        const enrolments = await enrolmentsOf("E24");
        assert.deepEqual(enrolments.map((each) => each.participant_type).sort(), ["ect", "mentor"]);
        await acted(
            world,
            "E24",
            "withdraw",
            { course_identifier: "ecf-mentor", reason: "other" },
            LATER,
        );
        assert.deepEqual(
            (await enrolmentsOf("E24"))
                .map((each) => [each.participant_type, each.training_status])
                .sort(),
            [
                ["ect", "active"],
                ["mentor", "withdrawn"],
            ],
        );
    });

    test("a mentor of the early roll-out is completed by that", async () => {
        await world.given({ type: "early_roll_out_mentor", trn: "1000002" });
        const request = declarationOf("M24", "completed", "2026-04-15T10:00:00Z", "other");
        const { id: completed } = await declared(world, request, "2026-04-16T09:00:00Z");
        const reasons = async () => {
            const [enrolment] = await enrolmentsOf("M24");
            return [
                enrolment.mentor_funding_end_date,
                enrolment.mentor_ineligible_for_funding_reason,
            ];
        };
        assert.deepEqual(await reasons(), ["2021-04-19", "completed_during_early_roll_out"]);
        assert.equal((await world.void(completed, { now: "2026-04-17T09:00:00Z" })).status, 200);
        assert.deepEqual(await reasons(), ["2021-04-19", "completed_during_early_roll_out"]);
    });

    test("a provider that was challenged can still declare", async () => {
        await world.given(
            stamped({
                type: "partnership",
                id: id("partnership S1 2024"),
                challenge_reason: "mistake",
                challenged_at: NOW,
            }),
        );
        const data = await declared(world, W1, NOW);
        await world.agrees(DECLARATIONS, data, { now: NOW, seen: OWN });
    });
});

describe("actions", () => {
    test("a participant of a challenged partnership is withdrawn, and not shown", async () => {
        await world.given(
            stamped({
                type: "partnership",
                id: id("partnership S1 2024"),
                challenge_reason: "mistake",
                challenged_at: NOW,
            }),
        );
        const data = await acted(world, "E24", "withdraw", { reason: "other" }, LATER);
        assert.deepEqual([data.id, data.attributes.ecf_enrolments], [id("E24"), []]);
        assert.equal(await enrolmentsOf("E24"), null);
    });

    test("a retired id acts on the person it was merged into", async () => {
        await world.given(
            stamped({
                type: "participant",
                id: id("E24"),
                identities: [
                    {
                        id: id("identity O"),
                        email: "o@private.example",
                        external_identifier: id("O"),
                    },
                ],
            }),
            stamped({
                type: "training_record",
                id: recordOf("E24"),
                identity_id: id("identity O"),
            }),
        );
        for (const meant of [id("O"), id("E24"), id("O").toUpperCase()]) {
            const answer = await world.act(
                meant,
                "defer",
                { ...ECT, reason: "other" },
                { now: LATER },
            );
            assert.equal(answer.status, 200, answer.text);
            assert.equal(answer.json.data.id, id("E24"));
            assert.equal((await world.act(meant, "resume", ECT, { now: LATER })).status, 200);
        }
    });

    test("a record that has not begun is changed in place", async () => {
        await world.given(
            stamped({
                type: "induction_record",
                id: inductionOf("E24"),
                start_date: "2025-02-01T00:00:00Z",
            }),
        );
        const data = await acted(world, "E24", "defer", { reason: "other" }, LATER);
        const [enrolment] = data.attributes.ecf_enrolments;
        assert.deepEqual(
            [enrolment.training_status, enrolment.participant_status],
            ["deferred", "joining"],
        );
        const records = await recordsOf("E24");
        assert.deepEqual(
            records.map((row) => [row.training_status, row.induction_status]),
            [["deferred", "active"]],
        );
    });

    test("a transfer that is to come goes with the record that goes on", async () => {
        const end = "2025-03-01T00:00:00Z";
        await world.given(
            stamped({
                type: "induction_record",
                id: inductionOf("E24"),
                end_date: end,
                induction_status: "leaving",
                school_transfer: true,
            }),
        );
        const data = await acted(world, "E24", "defer", { reason: "other" }, LATER);
        assert.equal(data.attributes.ecf_enrolments[0].participant_status, "leaving");
        assert.deepEqual(
            (await recordsOf("E24")).map((row) => [
                isoSeconds(row.end_date),
                row.induction_status,
                row.school_transfer,
            ]),
            [
                [LATER, "changed", false],
                [end, "leaving", true],
            ],
        );
    });

    test("a declaration at the very start of the new schedule's window blocks the change, a second later it does not", async () => {
        const change = { ...ECT, schedule_identifier: "ecf-reduced-september" };
        const { id: first } = await declared(
            world,
            { ...W1, declaration_date: "2024-09-01T00:00:00Z" },
            NOW,
        );
        assertRefused(await world.act(id("E24"), "change-schedule", change, { now: LATER }), [
            "schedule_identifier",
            M.M26,
        ]);
        assert.equal((await world.void(first, { now: NOW })).status, 200);
        await declared(world, { ...W1, declaration_date: "2024-09-01T00:00:01Z" }, NOW);
        await acted(world, "E24", "change-schedule", change, LATER);
    });

    test("the schedule of the record may follow that of the profile", async () => {
        await world.given(
            stamped({
                type: "training_record",
                id: recordOf("E24"),
                schedule: { cohort: 2024, identifier: JANUARY },
            }),
        );
        const data = await acted(
            world,
            "E24",
            "change-schedule",
            { schedule_identifier: JANUARY },
            LATER,
        );
        assert.equal(data.attributes.ecf_enrolments[0].schedule_identifier, JANUARY);
    });

    test("a change of schedule moves to the school's default programme", async () => {
        await world.given(
            partnership({
                school: "S1",
                cohort: 2024,
                leadProvider: "LP-A",
                deliveryPartner: "DP-2",
                name: "S1 beside",
            }),
            inductionRecord("E24", { start: START, programme: "S1 beside" }),
        );
        assert.equal((await enrolmentsOf("E24"))[0].delivery_partner_id, id("DP-2"));
        const data = await acted(
            world,
            "E24",
            "change-schedule",
            { schedule_identifier: JANUARY },
            LATER,
        );
        assert.equal(data.attributes.ecf_enrolments[0].delivery_partner_id, id("DP-1"));
    });

    test("a change of cohort without declarations is free", async () => {
        const data = await acted(
            world,
            "E24",
            "change-schedule",
            { schedule_identifier: "ecf-standard-september", cohort: "2025" },
            LATER,
        );
        const [enrolment] = data.attributes.ecf_enrolments;
        assert.deepEqual(
            [enrolment.cohort, enrolment.cohort_changed_after_payments_frozen],
            ["2025", false],
        );
        const listed = await world.get(`${PARTICIPANTS}?filter[cohort]=2025&page[per_page]=3000`, {
            now: LATER,
        });
        assert.ok(listed.json.data.some((each) => each.id === id("E24")));
    });

    test("a mentor with declarations stays in a frozen cohort", async () => {
        const on = statement("LP-A", 2022, "November 2022");
        await world.given(
            trainee("M22", { kind: "mentor", cohort: 2022, start: "2022-06-01T00:00:00Z" }),
            stamped({ type: "statement", id: on, state: "payable" }),
            declaration("M22", {
                course: "ecf-mentor",
                date: "2022-10-01T10:00:00Z",
                cohort: 2022,
                state: "payable",
                members: { statement_id: on },
            }),
        );
        const attributes = {
            course_identifier: "ecf-mentor",
            schedule_identifier: "ecf-extended-september",
            cohort: 2024,
        };
        const answer = await world.act(id("M22"), "change-schedule", attributes, {
            now: "2025-09-10T09:00:00Z",
        });
        assertRefused(answer, ["schedule_identifier", M.M26], ["cohort", M.M29]);
    });
});

describe("partnerships", () => {
    const report = (place, partner, options) =>
        world.report(
            { cohort: 2024, school_id: id(place), delivery_partner_id: id(partner) },
            { now: LATER, ...options },
        );
    const programme = (name, kind, place = "S9") => ({
        type: "induction_programme",
        id: id(`programme ${name}`),
        school_id: id(place),
        cohort: 2024,
        training_programme: kind,
    });

    for (const [kind, choice, moves] of [
        ["core_induction_programme", "core_induction_programme", true],
        ["full_induction_programme", "full_induction_programme", false],
    ])
        test(`a school of ${choice} comes to the provider with its participants`, async () => {
            await world.given(
                school("S9", "100009"),
                programme("S9", kind),
                schoolCohort("S9", 2024, { choice, programme: "S9" }),
                trainee("E of S9", {
                    school: "S9",
                    start: START,
                    records: [{ start: START, programme: "S9" }],
                }),
                trainee("Gone from S9", {
                    school: "S9",
                    start: START,
                    records: [
                        {
                            start: START,
                            end: "2024-09-01T00:00:00Z",
                            status: "withdrawn",
                            programme: "S9",
                        },
                    ],
                }),
            );
            assert.equal(await enrolmentsOf("E of S9"), null);
            const answer = await report("S9", "DP-1");
            assert.equal(answer.status, 200, answer.text);
            const [enrolment] = await enrolmentsOf("E of S9");
            assert.equal(enrolment.delivery_partner_id, id("DP-1"));
            assert.equal((await recordsOf("E of S9")).length, moves ? 2 : 1);
            assert.equal((await recordsOf("Gone from S9")).length, 1);
            const [cohort] = await world.sql(
                `SELECT * FROM school_cohorts WHERE school_id = '${id("S9")}'`,
            );
            assert.equal(cohort.induction_programme_choice, "full_induction_programme");
        });

    test("after a challenge another provider takes the participants over", async () => {
        await world.given(
            partneredSchool("S9", "100009", {
                leadProvider: "LP-A",
                deliveryPartner: "DP-1",
                cohorts: [2024],
            }),
            trainee("E of S9", { school: "S9", start: START }),
        );
        await declared(world, declarationOf("E of S9", "started", "2024-10-01T10:00:00Z"), NOW);
        assert.equal((await report("S9", "DP-3", { as: "LP-B" })).status, 422);
        await world.given(
            stamped({
                type: "partnership",
                id: id("partnership S9 2024"),
                challenge_reason: "mistake",
                challenged_at: "2024-12-01T00:00:00Z",
            }),
        );
        const answer = await report("S9", "DP-3", { as: "LP-B" });
        assert.equal(answer.status, 200, answer.text);
        assert.equal(
            (await enrolmentsOf("E of S9", { as: "LP-B" }))[0].delivery_partner_id,
            id("DP-3"),
        );
        assert.equal(
            await enrolmentsOf("E of S9"),
            null,
            "the challenged one does not see it any more",
        );
        const { json } = await world.get(
            `${DECLARATIONS}?filter[participant_id]=${id("E of S9")}`,
            { as: "LP-B", now: LATER },
        );
        assert.deepEqual(
            json.data.map((each) => each.attributes.lead_provider_name),
            ["LP-A"],
        );
        assertRefused(await report("S9", "DP-1"), ["school_id", M.P08]);
    });

    test("the challenge deadline is two months into the academic year, or a fortnight from now", async () => {
        const deadlineAt = async (now) => {
            await world.restore();
            await world.given(school("S9", "100009"));
            const answer = await report("S9", "DP-1", { now });
            assert.equal(answer.status, 200, answer.text);
            const [row] = await world.sql(
                `SELECT challenge_deadline AS at FROM partnerships WHERE id = '${answer.json.data.id}'`,
            );
            return isoSeconds(row.at);
        };
        assert.equal(await deadlineAt("2024-07-01T09:00:00Z"), "2024-10-31T00:00:00Z");
        assert.equal(await deadlineAt("2024-10-20T09:00:00Z"), "2024-11-03T09:00:00Z");
    });
});
