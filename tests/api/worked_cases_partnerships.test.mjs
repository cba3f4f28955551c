// The worked cases R of the contract (rules.md 11.5), in its order and with its names.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    assertChangedAt,
    assertNotFound,
    assertRefused,
    eventBy,
    eventOf,
    isoSeconds,
    OWN,
    PARTICIPANTS,
    PARTNERSHIPS,
    serveCases,
} from "../support/cases.mjs";
import { M } from "../support/messages.mjs";
import {
    email,
    id,
    partneredSchool,
    partnership,
    school,
    schoolCohort,
    stamped,
} from "../support/world.mjs";

const world = serveCases([
    school("S5", "100005"),
    schoolCohort("S5", 2024, { choice: "not_yet_known" }),
]);

const NOW = "2025-01-10T09:00:00Z";
const NONE = "f3c1b1b0-7a6e-4d53-9f3a-0d4c5d1b2a39";
const S1_2024 = id("partnership S1 2024");
const report = (cohort, place, partner) => ({
    cohort,
    school_id: id(place),
    delivery_partner_id: id(partner),
});

const partnershipOf = (partnershipId, { updated_at, created_at, ...expected }) => ({
    id: partnershipId,
    type: "partnership",
    attributes: {
        cohort: "2024",
        urn: "100001",
        school_id: id("S1"),
        delivery_partner_id: id("DP-1"),
        delivery_partner_name: "DP-1",
        status: "active",
        challenged_reason: null,
        challenged_at: null,
        induction_tutor_name: null,
        induction_tutor_email: email("contact S1"),
        created_at,
        updated_at,
        ...expected,
    },
});

async function refuses(step, ...errors) {
    const { result, changes } = await world.during(step);
    assertRefused(result, ...errors);
    assert.deepEqual(changes, {});
}
const refusesReport = (attributes, ...errors) =>
    refuses(() => world.report(attributes, { now: NOW }), ...errors);
const refusesUpdate = (attributes, ...errors) =>
    refuses(() => world.updatePartnership(S1_2024, attributes, { now: NOW }), ...errors);

test("R1", async () => {
    const since = Date.now();
    const { result, changes } = await world.during(() =>
        world.report(report("2024", "S5", "DP-1"), { now: NOW }),
    );
    assert.equal(result.status, 200, result.text);
    const { data } = result.json;
    const { updated_at } = data.attributes;
    assertChangedAt(updated_at, NOW, since);
    assert.equal(
        JSON.stringify(data),
        JSON.stringify(
            partnershipOf(data.id, {
                urn: "100005",
                school_id: id("S5"),
                induction_tutor_email: email("contact S5"),
                created_at: NOW,
                updated_at,
            }),
        ),
    );
    await world.agrees(PARTNERSHIPS, data, { now: NOW, seen: OWN });

    assert.deepEqual(Object.keys(changes).sort(), [
        "events",
        "induction_programmes",
        "partnerships",
        "school_cohorts",
    ]);
    const [made] = changes.partnerships;
    assert.deepEqual(
        [made.id, made.relationship, made.pending, isoSeconds(made.challenge_deadline)],
        [data.id, false, false, "2025-01-24T09:00:00Z"],
    );
    assert.match(made.report_id, /^[0-9a-f-]{36}$/);
    const [programme] = changes.induction_programmes;
    assert.deepEqual(
        [programme.partnership_id, programme.training_programme],
        [data.id, "full_induction_programme"],
    );
    assert.deepEqual(
        changes.school_cohorts.map((row) => [
            row.school_id,
            row.cohort,
            row.induction_programme_choice,
            row.default_programme_id,
        ]),
        [[id("S5"), 2024, "full_induction_programme", programme.id]],
    );
    const events = changes.events.map(eventOf);
    assert.ok(events.length >= 1);
    for (const event of events)
        assert.deepEqual(event, eventBy("LP-A", "partnership changed", data.id));
});

test("R2", async () => {
    const errors = [
        ["cohort", M.P01],
        ["school_id", M.P03],
        ["delivery_partner_id", M.P10],
    ];
    await refusesReport({ cohort: null, school_id: null, delivery_partner_id: null }, ...errors);
    await refusesReport({}, ...errors);
    await refusesReport({ cohort: "", school_id: " ", delivery_partner_id: "" }, ...errors);
});

test("R3", () => refusesReport(report("2024", "S1", "DP-1"), ["school_id", M.P07]));

test("R4", () => refusesReport(report("2024", "S2", "DP-1"), ["school_id", M.P08]));

test("R5", () => refusesReport(report("2024", "S5", "DP-3"), ["delivery_partner_id", M.P12]));

test("R6", async () => {
    await world.given(
        partneredSchool("S6", "100006", {
            leadProvider: "LP-B",
            deliveryPartner: "DP-3",
            cohorts: [2024],
        }),
    );
    await refusesReport(report("2025", "S6", "DP-1"), ["school_id", M.P09]);
});

test("R7", async () => {
    await world.given(school("S7", "100007", { type_code: 11 }));
    await refusesReport(report("2024", "S7", "DP-1"), ["school_id", M.P05]);
});

test("R8", () =>
    refusesReport(
        { cohort: "abcd", school_id: NONE, delivery_partner_id: NONE },
        ["cohort", M.P02],
        ["school_id", M.P04],
        ["delivery_partner_id", M.P11],
    ));

test("R9", async () => {
    const since = Date.now();
    const { result, changes } = await world.during(() =>
        world.updatePartnership(S1_2024, { delivery_partner_id: id("DP-2") }, { now: NOW }),
    );
    assert.equal(result.status, 200, result.text);
    const { data } = result.json;
    const [row] = await world.sql(`SELECT created_at FROM partnerships WHERE id = '${S1_2024}'`);
    assertChangedAt(data.attributes.updated_at, NOW, since);
    assert.equal(
        JSON.stringify(data),
        JSON.stringify(
            partnershipOf(S1_2024, {
                delivery_partner_id: id("DP-2"),
                delivery_partner_name: "DP-2",
                created_at: isoSeconds(row.created_at),
                updated_at: data.attributes.updated_at,
            }),
        ),
    );
    await world.agrees(PARTNERSHIPS, data, { now: NOW, seen: OWN });

    assert.deepEqual(Object.keys(changes).sort(), ["events", "partnerships", "training_records"]);
    assert.deepEqual(
        changes.partnerships.map((each) => [each.id, each.delivery_partner_id]),
        [[S1_2024, id("DP-2")]],
    );
    assert.notEqual(changes.partnerships[0].report_id, changes.partnerships[0].was.report_id);
    assert.deepEqual(changes.events.map(eventOf), [
        eventBy("LP-A", "partnership changed", S1_2024),
    ]);
    const { json } = await world.get(`${PARTICIPANTS}/${id("E24")}`, { now: NOW });
    assert.equal(
        json.data.attributes.ecf_enrolments[0].delivery_partner_id,
        id("DP-2"),
        "participants follow",
    );
});

test("R10", async () => {
    await world.given(
        stamped({
            type: "partnership",
            id: S1_2024,
            challenge_reason: "mistake",
            challenged_at: "2024-10-01T00:00:00Z",
        }),
    );
    await refusesUpdate({ delivery_partner_id: id("DP-2") }, ["delivery_partner_id", M.P13]);
});

test("R11", async () => {
    const before = await world.get(`${PARTNERSHIPS}/${S1_2024}`, { now: NOW });
    const { result, changes } = await world.during(() =>
        world.updatePartnership(S1_2024, { delivery_partner_id: id("DP-1") }, { now: NOW }),
    );
    assert.equal(result.status, 200, result.text);
    assert.deepEqual(result.json, before.json);
    assert.deepEqual(changes, {});
});

test("R12", async () => {
    for (const partnershipId of [id("partnership S2 2024"), NONE, "incorrect-id"]) {
        const { result, changes } = await world.during(() =>
            world.updatePartnership(
                partnershipId,
                { delivery_partner_id: id("DP-2") },
                { now: NOW },
            ),
        );
        assertNotFound(result);
        assert.deepEqual(changes, {});
    }
});

test("R13", () => refusesUpdate({}, ["delivery_partner_id", M.P10]));

test("R14", async () => {
    await world.given(
        partnership({
            school: "S1",
            cohort: 2024,
            leadProvider: "LP-A",
            deliveryPartner: "DP-2",
            name: "kept",
            relationship: true,
        }),
    );
    await refusesUpdate({ delivery_partner_id: id("DP-2") }, ["delivery_partner_id", M.P14]);
});

test("a report that takes up a challenged partnership keeps its id", async () => {
    await world.given(
        stamped({
            type: "partnership",
            id: S1_2024,
            challenge_reason: "mistake",
            challenged_at: "2024-10-01T00:00:00Z",
        }),
    );
    const before = await world.get(`${PARTNERSHIPS}/${S1_2024}`, { now: NOW });
    assert.equal(before.json.data.attributes.status, "challenged");
    const { result } = await world.during(() =>
        world.report(report("2024", "S1", "DP-2"), { now: NOW }),
    );
    assert.equal(result.status, 200, result.text);
    assert.equal(result.json.data.id, S1_2024);
    assert.equal(result.json.data.attributes.created_at, before.json.data.attributes.created_at);
    assert.deepEqual(
        [result.json.data.attributes.status, result.json.data.attributes.challenged_reason],
        ["active", null],
    );
    await world.agrees(PARTNERSHIPS, result.json.data, { now: NOW, seen: OWN });
});

test("a report that promotes a relationship keeps its id", async () => {
    const name = {
        school: "S5",
        cohort: 2024,
        leadProvider: "LP-A",
        deliveryPartner: "DP-2",
        name: "S5 kept",
    };
    await world.given(partnership({ ...name, relationship: true }));
    const { result } = await world.during(() =>
        world.report(report(2024, "S5", "DP-2"), { now: NOW }),
    );
    assert.equal(result.status, 200, result.text);
    assert.equal(result.json.data.id, id("partnership S5 kept"));
    await world.agrees(PARTNERSHIPS, result.json.data, { now: NOW, seen: OWN });
});

test("a partner with whom the provider has a challenged partnership at the school is refused, too", async () => {
    await world.given(
        partnership({
            school: "S1",
            cohort: 2024,
            leadProvider: "LP-A",
            deliveryPartner: "DP-2",
            name: "challenged",
            challenge_reason: "mistake",
            challenged_at: "2024-10-01T00:00:00Z",
        }),
    );
    await refusesUpdate({ delivery_partner_id: id("DP-2") }, ["delivery_partner_id", M.P14]);
});
