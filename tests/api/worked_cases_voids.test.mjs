// The worked cases V and T of the contract (rules.md 11.3), in its order and with its names.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    acted,
    assertChangedAt,
    assertDeclared,
    assertNotFound,
    assertRefused,
    DECLARATIONS,
    declarationOf,
    declared,
    eventBy,
    eventOf,
    isoSeconds,
    OWN,
    PARTICIPANTS,
    serveCases,
} from "../support/cases.mjs";
import { closed, M } from "../support/messages.mjs";
import { declaration, id, recordOf, stamped, statement, trainee } from "../support/world.mjs";

const world = serveCases();

const W1 = declarationOf("E24", "started", "2024-10-01T10:00:00Z");
const W1_NOW = "2024-10-02T09:00:00Z";
const JANUARY = statement("LP-A", 2024, "January 2025");
const APRIL = statement("LP-A", 2024, "April 2025");
const w1 = () => declared(world, W1, W1_NOW);

const byName = (a, b) => (a.name < b.name ? -1 : 1);
const byState = (a, b) => (a[0] < b[0] ? -1 : 1);

async function show(declaration, now, options) {
    const answer = await world.get(`${DECLARATIONS}/${declaration.id}`, { now, ...options });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.data;
}

/**
 * Voids `before` (its data as last shown) and expects it back with what `expected` replaces, the rows
 * of that change and no others. `items` are the changed line items as [state, statement, state before].
 */
async function voids(before, { now, items = [], also = [], seen = OWN, ...expected }) {
    const since = Date.now();
    const { result, changes } = await world.during(() => world.void(before.id, { now }));
    assert.equal(result.status, 200, result.text);
    const { data } = result.json;
    assertChangedAt(data.attributes.updated_at, now, since);
    const attributes = {
        ...before.attributes,
        updated_at: data.attributes.updated_at,
        ...expected,
    };
    assert.equal(JSON.stringify(data), JSON.stringify({ ...before, attributes }));

    const state = expected.state.replaceAll("-", "_");
    const tables = [
        "declarations",
        "declaration_states",
        "events",
        ...(items.length > 0 ? ["statement_line_items"] : []),
    ];
    assert.deepEqual(Object.keys(changes).sort(), [...tables, ...also].sort());
    assert.deepEqual(
        changes.declarations.map((row) => [row.id, row.state]),
        [[before.id, state]],
    );
    assert.deepEqual(
        changes.declaration_states.map((row) => [
            row.declaration_id,
            row.state,
            row.reason,
            isoSeconds(row.created_at),
        ]),
        [[before.id, state, null, now]],
    );
    assert.deepEqual(
        (changes.statement_line_items ?? [])
            .map((row) => [row.state, row.statement_id, row.was?.state])
            .sort(byState),
        items,
    );
    assert.deepEqual(
        changes.events
            .filter((event) => event.subject_type === "declaration")
            .map(eventOf)
            .sort(byName),
        [`declaration ${state}`, ...items.map(([each]) => `line item ${each}`)].map((name) =>
            eventBy("LP-A", name, before.id),
        ),
    );
    await world.agrees(DECLARATIONS, data, { now, seen });
    return { data, changes };
}

async function refuses(declaration, now, ...texts) {
    const { result, changes } = await world.during(() => world.void(declaration.id, { now }));
    assertRefused(result, ["Invalid action", ...texts]);
    assert.deepEqual(changes, {});
}

const pay = async (date, statementId, now) => {
    await world.command("statements", "mark-payable", "--date", date);
    await world.command("statements", "mark-paid", statementId, "--now", now);
};

/** W1, and its statement is paid. */
async function paid() {
    const { id: declaration } = await w1();
    await pay("2025-01-01", JANUARY, "2025-01-20T09:00:00Z");
    return show({ id: declaration }, "2025-02-01T09:00:00Z");
}

const V3_NOW = "2025-02-03T09:00:00Z";

async function clawedBack() {
    const answer = await world.void((await paid()).id, { now: V3_NOW });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.data;
}

const V1_NOW = "2024-10-03T09:00:00Z";

test("V1", async () => {
    const w4 = await declared(
        world,
        declarationOf("E24N", "started", "2024-10-01T10:00:00Z"),
        W1_NOW,
    );
    await voids(w4, { now: V1_NOW, state: "voided" });
});

test("V2", async () => {
    await voids(await w1(), {
        now: V1_NOW,
        state: "voided",
        statement_id: null,
        items: [["voided", JANUARY, "eligible"]],
    });
});

test("V2, of a payable declaration", async () => {
    const { id: declaration } = await w1();
    await world.command("statements", "mark-payable", "--date", "2025-01-01");
    await voids(await show({ id: declaration }, "2025-01-02T09:00:00Z"), {
        now: "2025-01-02T09:00:00Z",
        state: "voided",
        statement_id: null,
        items: [["voided", JANUARY, "payable"]],
    });
});

test("V3", async () => {
    const declaration = await paid();
    assert.deepEqual(
        [declaration.attributes.state, declaration.attributes.statement_id],
        ["paid", JANUARY],
    );
    await voids(declaration, {
        now: V3_NOW,
        state: "awaiting-clawback",
        clawback_statement_id: APRIL,
        items: [["awaiting_clawback", APRIL, undefined]],
    });
});

test("V4", async () => {
    const declaration = await w1();
    assert.equal((await world.void(declaration.id, { now: V1_NOW })).status, 200);
    for (const now of [V1_NOW, "2024-11-01T00:00:00Z", undefined])
        await refuses(declaration, now, M.M31);
});

test("V5", async () => {
    const declaration = await clawedBack();
    for (const now of [V3_NOW, "2025-02-04T00:00:00Z"]) await refuses(declaration, now, M.M32);
});

const oldStart = (state) =>
    declaration("E21", {
        date: "2021-10-01T10:00:00Z",
        cohort: 2021,
        state,
        members: {
            statement_id: statement("LP-A", 2021, "November 2021"),
            delivery_partner_id: id("DP-1"),
        },
    });
const OLD = { id: id("declaration E21 started") };

test("V6", async () => {
    await world.given(
        stamped({ type: "statement", id: statement("LP-A", 2021, "November 2021"), state: "paid" }),
        oldStart("paid"),
    );
    await refuses(OLD, "2024-08-01T09:00:00Z", `Participant declaration ${closed(2021)}`);
    assert.equal((await show(OLD, "2024-08-01T09:00:00Z")).attributes.state, "paid");
});

test("V7", async () => {
    await world.given(oldStart("eligible"));
    await voids(await show(OLD, "2024-08-01T09:00:00Z"), {
        now: "2024-08-01T09:00:00Z",
        state: "voided",
        statement_id: null,
        items: [["voided", statement("LP-A", 2021, "November 2021"), "eligible"]],
    });
});

test("V8", async () => {
    const theirs = await declared(
        world,
        declarationOf("T24", "started", "2024-09-20T10:00:00Z"),
        W1_NOW,
        { as: "LP-B" },
    );
    assert.equal(
        (await show(theirs, W1_NOW)).attributes.lead_provider_name,
        "LP-B",
        "LP-A sees it",
    );
    for (const declaration of [theirs.id, id("no such declaration"), "incorrect-id"]) {
        const { result, changes } = await world.during(() =>
            world.void(declaration, { now: "2024-10-04T09:00:00Z" }),
        );
        assertNotFound(result);
        assert.deepEqual(changes, {});
    }
});

test("V9", async () => {
    const w47 = declarationOf("M24", "completed", "2026-04-15T10:00:00Z", "other");
    const declaration = await declared(world, w47, "2026-04-16T09:00:00Z");
    const now = "2026-04-20T09:00:00Z";
    const { changes } = await voids(declaration, {
        now,
        state: "voided",
        statement_id: null,
        items: [["voided", declaration.attributes.statement_id, "eligible"]],
        also: ["training_records"],
    });
    assert.deepEqual(
        changes.training_records.map((row) => [
            row.id,
            row.mentor_completion_date,
            row.mentor_completion_reason,
        ]),
        [[recordOf("M24"), null, null]],
    );
    const { json } = await world.get(`${PARTICIPANTS}/${id("M24")}`, { now });
    const [enrolment] = json.data.attributes.ecf_enrolments;
    assert.equal(enrolment.mentor_funding_end_date, null);
    assert.equal(enrolment.mentor_ineligible_for_funding_reason, null);
});

test("V10", async () => {
    await world.given(
        trainee("E24D", { start: "2024-06-01T00:00:00Z", trn: "1000001", mentor: "M24" }),
    );
    await w1();
    const w36 = declarationOf("E24D", "started", "2024-10-01T10:00:00Z");
    const duplicate = await declared(world, w36, "2024-10-05T09:00:00Z");
    assert.equal(duplicate.attributes.state, "ineligible");
    await voids(duplicate, {
        now: "2024-10-06T09:00:00Z",
        state: "voided",
        ineligible_for_funding_reason: null,
        items: [["voided", JANUARY, "ineligible"]],
    });
});

test("V11", async () => {
    const first = await clawedBack();
    const now = "2025-02-04T09:00:00Z";
    const since = Date.now();
    const second = await assertDeclared(world, await world.declare(W1, { now }), {
        request: W1,
        now,
        since,
        statement: "2024 April 2025",
        mentor_id: id("M24"),
    });
    assert.notEqual(second.id, first.id);
    await world.agrees(DECLARATIONS, second, { now, seen: OWN });
    await world.agrees(DECLARATIONS, first, { now, seen: OWN });
});

// --- Time ----------------------------------------------------------------------------------------

const isPaid = async (statementId, now) => {
    const { json } = await world.get(`/api/v3/statements/${statementId}`, { now });
    return json.data.attributes.paid;
};

test("T1", async () => {
    const declaration = await w1();
    const { changes } = await world.during(() =>
        world.command("statements", "mark-payable", "--date", "2025-01-01"),
    );
    assert.deepEqual(
        changes.declarations.map((row) => [row.id, row.state]),
        [[declaration.id, "payable"]],
    );
    assert.deepEqual(
        changes.statement_line_items.map((row) => [row.statement_id, row.state, row.was.state]),
        [[JANUARY, "payable", "eligible"]],
    );
    assert.deepEqual(
        changes.declaration_states.map((row) => [row.declaration_id, row.state]),
        [[declaration.id, "payable"]],
    );
    assert.ok(
        changes.statements.every((row) => row.state === "payable" && row.was.state === "open"),
    );
    assert.ok(changes.statements.every((row) => row.deadline_date < "2025-01-01"));
    const shown = await show(declaration, "2025-01-01T00:00:00Z");
    assert.deepEqual([shown.attributes.state, shown.attributes.statement_id], ["payable", JANUARY]);
    assert.equal(await isPaid(JANUARY), false);
});

test("T2", async () => {
    const declaration = await w1();
    await world.command("statements", "mark-payable", "--date", "2025-01-01");
    const { changes } = await world.during(() =>
        world.command("statements", "mark-paid", JANUARY, "--now", "2025-01-20T09:00:00Z"),
    );
    assert.deepEqual(
        changes.declarations.map((row) => [row.id, row.state]),
        [[declaration.id, "paid"]],
    );
    assert.deepEqual(
        changes.statement_line_items.map((row) => [row.statement_id, row.state, row.was.state]),
        [[JANUARY, "paid", "payable"]],
    );
    assert.deepEqual(
        changes.declaration_states.map((row) => [row.declaration_id, row.state]),
        [[declaration.id, "paid"]],
    );
    assert.deepEqual(
        changes.statements.map((row) => [row.id, row.state]),
        [[JANUARY, "paid"]],
    );
    assert.equal(isoSeconds(changes.statements[0].marked_as_paid_at), "2025-01-20T09:00:00Z");
    assert.equal((await show(declaration)).attributes.state, "paid");
    assert.equal(await isPaid(JANUARY), true);
});

test("T3", async () => {
    const declaration = await clawedBack();
    await world.command("statements", "mark-payable", "--date", "2025-04-01");
    assert.deepEqual(
        await show(declaration),
        declaration,
        "a clawback waits until its statement is paid",
    );
    const { changes } = await world.during(() =>
        world.command("statements", "mark-paid", APRIL, "--now", "2025-04-22T09:00:00Z"),
    );
    assert.deepEqual(
        changes.declaration_states.map((row) => [row.declaration_id, row.state]),
        [[declaration.id, "clawed_back"]],
    );
    assert.deepEqual(
        changes.statement_line_items.map((row) => [row.statement_id, row.state, row.was.state]),
        [[APRIL, "clawed_back", "awaiting_clawback"]],
    );
    const shown = await show(declaration);
    const { state, statement_id, clawback_statement_id } = shown.attributes;
    assert.deepEqual([state, statement_id, clawback_statement_id], ["clawed-back", JANUARY, APRIL]);
    assert.equal(await isPaid(APRIL), true);
    await refuses(declaration, "2025-04-23T09:00:00Z", M.M32);
});

test("T4", async () => {
    const declaration = await w1();
    const { changes } = await world.during(() => show(declaration, "2025-02-01T00:00:00Z"));
    assert.deepEqual(changes, {});
    assert.deepEqual(await show(declaration, "2025-02-01T00:00:00Z"), declaration);
});
