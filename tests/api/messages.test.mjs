// Every message of the catalogue (rules.md 0.4), to the letter, each from a request that brings about
// that message alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { acted, DECLARATIONS, declarationOf, declared, serveCases } from "../support/cases.mjs";
import { closed, M, withdrawnAt } from "../support/messages.mjs";
import {
    declaration,
    id,
    partneredSchool,
    partnership,
    school,
    schoolCohort,
    stamped,
    statement,
} from "../support/world.mjs";

const world = serveCases([
    school("S5", "100005"),
    schoolCohort("S5", 2024, { choice: "not_yet_known" }),
    ...partneredSchool("S6", "100006", {
        leadProvider: "LP-B",
        deliveryPartner: "DP-3",
        cohorts: [2024],
    }),
    school("S7", "100007", { type_code: 11 }),
    school("S8", "100008", { status_code: 2 }),
]);

const NONE = "f3c1b1b0-7a6e-4d53-9f3a-0d4c5d1b2a39";
const NOW = "2024-10-02T09:00:00Z";
const LATER = "2025-01-10T09:00:00Z";
const W1 = declarationOf("E24", "started", "2024-10-01T10:00:00Z");
const JANUARY = "ecf-standard-january";
const ECT = { course_identifier: "ecf-induction" };

const declare = (members, now = NOW) => world.declare({ ...W1, ...members }, { now });
const act = (action, attributes, name = "E24") =>
    world.act(id(name), action, { ...ECT, ...attributes }, { now: LATER });
const report = (cohort, place, partner) =>
    world.report(
        { cohort, school_id: id(place), delivery_partner_id: id(partner) },
        { now: LATER },
    );
const update = (partner) =>
    world.updatePartnership(
        id("partnership S1 2024"),
        { delivery_partner_id: partner && id(partner) },
        { now: LATER },
    );
const withdrawn = (now = LATER) => acted(world, "E24", "withdraw", { reason: "other" }, now);

async function voided(times) {
    const { id: started } = await declared(world, W1, NOW);
    for (let i = 1; i < times; i++)
        assert.equal((await world.void(started, { now: NOW })).status, 200);
    return world.void(started, { now: NOW });
}

/** A paid declaration, as another system hands it over; its statement is of the cohort's beginning. */
async function paid(name, cohort, members = {}) {
    const on = statement("LP-A", cohort, cohort === 2021 ? "November 2021" : "January 2025");
    await world.given(
        stamped({ type: "statement", id: on, state: "paid" }),
        declaration(name, {
            date: `${cohort}-10-01T10:00:00Z`,
            cohort,
            state: "paid",
            members: { statement_id: on, ...members },
        }),
    );
    return id(`declaration ${name} started`);
}

// code: [title, request, text if it names something]
const PRODUCED = {
    M01: ["participant_id", () => declare({ participant_id: NONE })],
    M02: [
        "participant_id",
        async () => {
            await withdrawn("2024-09-30T12:00:00Z");
            return declare();
        },
        withdrawnAt("2024-09-30T12:00:00Z"),
    ],
    M03: ["declaration_date", () => declare({ declaration_date: null })],
    M04: [
        "declaration_type",
        () =>
            declare({
                declaration_type: "",
                participant_id: id("E24"),
                course_identifier: "ecf-mentor",
            }),
    ],
    M05: ["declaration_date", () => declare({ declaration_date: "2024-10-02T09:00:01Z" })],
    M06: ["declaration_date", () => declare({ declaration_date: "2024-10-01 10:00:00" })],
    M07: ["declaration_date", () => declare({ declaration_date: "2024-05-31T23:59:59Z" })],
    M08: ["declaration_date", () => declare({ declaration_date: "2025-01-01T00:00:00Z" }, LATER)],
    M09: [
        "cohort",
        () =>
            world.declare(declarationOf("E21", "started", "2021-10-01T10:00:00Z"), {
                now: "2024-08-01T09:00:00Z",
            }),
        closed(2021),
    ],
    M10: ["declaration_type", () => declare({ declaration_type: "extended-1" })],
    M11: ["base", async () => (await declared(world, W1, NOW)) && declare()],
    M12: [
        "declaration_type",
        () =>
            world.declare(declarationOf("M25", "retained-1", "2025-09-15T10:00:00Z", "other"), {
                now: "2025-10-01T00:00:00Z",
            }),
    ],
    M13: ["course_identifier", () => declare({ course_identifier: "ecf-nonsense" })],
    M14: [
        "evidence_held",
        () =>
            declare(
                { declaration_type: "retained-1", declaration_date: "2025-01-05T00:00:00Z" },
                LATER,
            ),
    ],
    M15: [
        "evidence_held",
        () =>
            declare(
                {
                    declaration_type: "retained-1",
                    declaration_date: "2025-01-05T00:00:00Z",
                    evidence_held: "a letter",
                },
                LATER,
            ),
    ],
    M16: ["course_identifier", () => declare({ course_identifier: "npq-senco" })],
    M17: ["Bad request", () => world.post(DECLARATIONS, { data: null })],
    M18: ["course_identifier", () => world.act(NONE, "resume", {})],
    M19: ["reason", () => world.act(NONE, "defer", { reason: null, ...ECT })],
    M20: ["reason", () => act("withdraw", { reason: "just so" })],
    M21: [
        "participant_profile",
        async () => (await withdrawn()) && act("withdraw", { reason: "other" }),
    ],
    M22: [
        "participant_profile",
        async () =>
            (await acted(world, "E24", "defer", { reason: "other" }, LATER)) &&
            act("defer", { reason: "other" }),
    ],
    M23: ["participant_profile", () => act("resume", {})],
    M24: ["schedule_identifier", () => act("change-schedule", { schedule_identifier: "" })],
    M25: [
        "participant_id",
        async () => (await withdrawn()) && act("change-schedule", { schedule_identifier: JANUARY }),
    ],
    M26: [
        "schedule_identifier",
        async () =>
            (await declared(world, W1, NOW)) &&
            act("change-schedule", { schedule_identifier: JANUARY }),
    ],
    M27: [
        "schedule_identifier",
        () => act("change-schedule", { schedule_identifier: "ecf-standard-september" }),
    ],
    M28: [
        "schedule_identifier",
        () => act("change-schedule", { schedule_identifier: "ecf-replacement-january" }),
    ],
    M29: [
        "cohort",
        async () =>
            (await declared(world, W1, NOW)) &&
            act("change-schedule", { schedule_identifier: "no such", cohort: "2023" }),
    ],
    M30: ["cohort", () => act("change-schedule", { schedule_identifier: JANUARY, cohort: "2050" })],
    M31: ["Invalid action", () => voided(2)],
    M32: [
        "Invalid action",
        async () => {
            const paidOne = await paid("E24", 2024);
            assert.equal((await world.void(paidOne, { now: LATER })).status, 200);
            return world.void(paidOne, { now: LATER });
        },
    ],
    M33: ["Invalid action", () => act("change-schedule", { schedule_identifier: "no such" })],
    P01: [
        "cohort",
        () => world.report({ cohort: "", school_id: id("S7"), delivery_partner_id: id("DP-1") }),
    ],
    P02: ["cohort", () => report("1999", "S7", "DP-1")],
    P03: ["school_id", () => world.report({ cohort: "2024", delivery_partner_id: id("DP-1") })],
    P04: ["school_id", () => report("2024", "no such school", "DP-1")],
    P05: ["school_id", () => report("2024", "S7", "DP-1")],
    P06: ["school_id", () => report("2024", "S8", "DP-1")],
    P07: ["school_id", () => report("2024", "S1", "DP-1")],
    P08: ["school_id", () => report("2024", "S2", "DP-1")],
    P09: ["school_id", () => report("2025", "S6", "DP-1")],
    P10: ["delivery_partner_id", () => update(null)],
    P11: ["delivery_partner_id", () => update("no such partner")],
    P12: ["delivery_partner_id", () => update("DP-3")],
    P13: [
        "delivery_partner_id",
        async () => {
            const challenged = { challenge_reason: "mistake", challenged_at: NOW };
            await world.given(
                stamped({ type: "partnership", id: id("partnership S1 2024"), ...challenged }),
            );
            return update("DP-2");
        },
    ],
    P14: [
        "delivery_partner_id",
        async () => {
            const kept = {
                leadProvider: "LP-A",
                deliveryPartner: "DP-2",
                name: "kept",
                relationship: true,
            };
            await world.given(partnership({ school: "S1", cohort: 2024, ...kept }));
            return update("DP-2");
        },
    ],
    SCHOOL_COHORT: [
        "Invalid action",
        async () => {
            await world.given(
                { type: "school_cohort", school_id: id("S1"), cohort: 2023, deleted: true },
                { type: "induction_programme", id: id("programme S1 2023"), deleted: true },
            );
            return act("change-schedule", { schedule_identifier: JANUARY, cohort: "2023" });
        },
    ],
    PROGRAMME: [
        "Invalid action",
        async () => {
            await world.given(
                stamped({
                    type: "school_cohort",
                    school_id: id("S1"),
                    cohort: 2023,
                    default_programme_id: null,
                }),
            );
            return act("change-schedule", { schedule_identifier: JANUARY, cohort: "2023" });
        },
    ],
    // Only a declaration that was moved about by hand is paid and refunded.
    REFUNDED: [
        "Invalid action",
        async () => {
            const paidOne = await paid("E24", 2024);
            await world.sql(`INSERT INTO statement_line_items (statement_id, declaration_id, state)
                VALUES ('${statement("LP-A", 2024, "April 2025")}', '${paidOne}', 'awaiting_clawback')`);
            const answer = await world.void(paidOne, { now: LATER });
            await world.sql(`DELETE FROM statement_line_items WHERE state = 'awaiting_clawback'`);
            return answer;
        },
    ],
};

for (const [code, [title, request, text = M[code]]] of Object.entries(PRODUCED))
    test(code, async () => {
        const answer = await request();
        assert.equal(answer.status, code === "M17" ? 400 : 422, answer.text);
        const named = answer.json.errors.filter((error) => error.title === title);
        assert.equal(named.length, 1, answer.text);
        const texts = named[0].detail.startsWith(text) ? named[0].detail.slice(text.length) : null;
        assert.ok(
            named[0].detail === text ||
                texts?.startsWith(", ") ||
                named[0].detail.endsWith(`, ${text}`),
            `${named[0].detail}\ninstead of\n${text}`,
        );
    });

test("several problems of a clawback are joined", async () => {
    const paidOne = await paid("E21", 2021);
    await world.sql(`INSERT INTO statement_line_items (statement_id, declaration_id, state)
        VALUES ('${statement("LP-A", 2021, "February 2022")}', '${paidOne}', 'awaiting_clawback')`);
    const answer = await world.void(paidOne, { now: "2024-08-01T00:00:00Z" });
    await world.sql(`DELETE FROM statement_line_items WHERE state = 'awaiting_clawback'`);
    const detail = `${M.REFUNDED}, Participant declaration ${closed(2021)}`;
    assert.deepEqual(answer.json, { errors: [{ title: "Invalid action", detail }] });
});

test("reasons are those of the programme's lists", async () => {
    const lists = {
        withdraw: [
            "left-teaching-profession",
            "moved-school",
            "mentor-no-longer-being-mentor",
            "switched-to-school-led",
            "other",
        ],
        defer: ["bereavement", "long-term-sickness", "parental-leave", "career-break", "other"],
    };
    for (const [action, reasons] of Object.entries(lists))
        for (const reason of [...reasons, "school-left-fip", "Other", " other", "other "]) {
            await world.restore();
            const answer = await act(action, { reason });
            assert.equal(
                answer.status,
                reasons.includes(reason) ? 200 : 422,
                `${action} ${reason}: ${answer.text}`,
            );
        }
});

test("no message is left out", () => {
    assert.deepEqual(
        Object.keys(M).filter((code) => !(code in PRODUCED)),
        [],
    );
});
