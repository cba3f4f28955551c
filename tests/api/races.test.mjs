// What happens at the same time: several connections to two services over one database. After each
// race projections, line items and histories agree with the rows (serveCases), no answer is a fault,
// and the money is that of the declarations.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    assertRefused,
    declarationOf,
    declared,
    DECLARATIONS,
    serveCases,
} from "../support/cases.mjs";
import { post } from "../support/client.mjs";
import { M } from "../support/messages.mjs";
import { openSession } from "../support/session.mjs";
import {
    id,
    inductionOf,
    recordOf,
    school,
    schoolCohort,
    statement,
    TOKENS,
    trainee,
} from "../support/world.mjs";

const many = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const START = "2024-06-01T00:00:00Z";
const CROWD = many(40, (i) => `E24 of the crowd ${i}`);
const SUBMITTERS = many(20, (i) => `E24N of the crowd ${i}`);

const world = serveCases(
    [
        trainee("E24D", { start: START, trn: "1000001" }),
        ...CROWD.map((name) => trainee(name, { start: START })),
        ...SUBMITTERS.map((name) => trainee(name, { start: START, eligibility: null })),
        school("S5", "100005"),
        schoolCohort("S5", 2024, { choice: "not_yet_known" }),
    ],
    { services: 2 },
);

const W1 = declarationOf("E24", "started", "2024-10-01T10:00:00Z");
const NOW = "2024-10-02T09:00:00Z";
const ROUNDS = 5;
const JANUARY = statement("LP-A", 2024, "January 2025");
const APRIL = statement("LP-A", 2024, "April 2025");

/** Through one service or the other, in turn. */
const declareThrough = (i, attributes, { as = "LP-A", now = NOW } = {}) =>
    post(world.services[i % 2], DECLARATIONS, { data: { attributes } }, { token: TOKENS[as], now });

/** Starts all steps at once and gives their results; an answer must not be a fault. */
async function race(...steps) {
    const results = await Promise.all(steps.map((step, i) => step(i)));
    for (const { status, text } of results.filter((each) => each.text !== undefined))
        assert.ok(status < 500, `a race ended in ${status} ${text}`);
    return results;
}

const accepted = (answers) => answers.filter((answer) => answer.status === 200);
const refused = (answers) => answers.filter((answer) => answer.status === 422);

async function rounds(step) {
    for (let i = 0; i < ROUNDS; i++) {
        await world.restore();
        await step(i);
        await world.verify();
    }
}

const count = async (table, condition = "true") =>
    (await world.sql(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`))[0].n;

/** One step is a command beside requests. */
const command =
    (...args) =>
    () =>
        world.command(...args);

test("fifty identical declarations: one is accepted", async () => {
    const answers = await race(...many(50, () => (i) => declareThrough(i, W1)));
    assert.equal(accepted(answers).length, 1);
    assert.equal(refused(answers).length, 49);
    for (const answer of refused(answers)) assertRefused(answer, ["base", M.M11]);
    assert.equal(await count("declarations"), 1);
    assert.equal(await count("statement_line_items"), 1);
    assert.equal(await count("declaration_attempts"), 50);
    assert.equal(await count("declaration_attempts", "declaration_id IS NOT NULL"), 1);
    assert.equal(await count("declaration_states"), 2);
});

test("two providers declare the same: one is accepted", () =>
    rounds(async () => {
        const now = "2024-11-06T09:00:00Z";
        const answers = await race(
            ...many(
                6,
                (i) => () =>
                    declareThrough(
                        i,
                        declarationOf(
                            "T24",
                            "started",
                            i % 3 === 0 ? "2024-10-05T10:00:00Z" : "2024-11-05T10:00:00Z",
                        ),
                        {
                            as: i < 3 ? "LP-A" : "LP-B",
                            now,
                        },
                    ),
            ),
        );
        assert.equal(accepted(answers).length, 1);
        for (const answer of refused(answers)) assertRefused(answer, ["base", M.M11]);
        assert.equal(await count("declarations"), 1);
    }));

test("two people with one teacher reference number: one is eligible, the other superseded", () =>
    rounds(async () => {
        const answers = await race(
            (i) => declareThrough(i, W1),
            (i) => declareThrough(i, declarationOf("E24D", "started", "2024-10-01T10:00:00Z")),
        );
        assert.equal(accepted(answers).length, 2);
        const rows = await world.sql(
            "SELECT id, state, state_reason, superseded_by_id FROM declarations ORDER BY state",
        );
        assert.deepEqual(
            rows.map((row) => [row.state, row.state_reason]),
            [
                ["eligible", null],
                ["ineligible", "duplicate"],
            ],
        );
        assert.deepEqual(
            rows.map((row) => row.superseded_by_id),
            [null, rows[0].id],
        );
    }));

test("many voids of one declaration: one is accepted", async () => {
    const { id: declaration } = await declared(world, W1, NOW);
    const voidIt = (i) => world.void(declaration, { now: NOW, service: i });
    const answers = await race(...many(20, () => voidIt));
    assert.equal(accepted(answers).length, 1);
    for (const answer of refused(answers)) assertRefused(answer, ["Invalid action", M.M31]);
    assert.equal(await count("declaration_states", "state = 'voided'"), 1);
    assert.equal(await count("statement_line_items", "state = 'voided'"), 1);
});

test("void and declare again: never two that are billable", () =>
    rounds(async () => {
        const { id: declaration } = await declared(world, W1, NOW);
        const answers = await race(
            () => world.void(declaration, { now: NOW }),
            ...many(4, () => (i) => declareThrough(i, W1)),
        );
        assert.equal(answers[0].status, 200);
        const others = accepted(answers).length - 1;
        assert.ok(others <= 1);
        assert.equal(await count("declarations", "state = 'eligible'"), others);
    }));

test("void, and the statement is paid: paid and clawed back, or never paid", () =>
    rounds(async () => {
        const ids = [];
        for (const name of CROWD.slice(0, 6))
            ids.push(
                (await declared(world, declarationOf(name, "started", "2024-10-01T10:00:00Z"), NOW))
                    .id,
            );
        const kept = await declared(world, W1, NOW);
        await world.command("statements", "mark-payable", "--date", "2025-01-01");
        const now = "2025-02-03T09:00:00Z";
        const answers = await race(
            ...ids.map((each) => () => world.void(each, { now })),
            command("statements", "mark-paid", JANUARY, "--now", "2025-01-20T09:00:00Z"),
        );
        for (const answer of answers.slice(0, -1)) {
            assert.equal(answer.status, 200, answer.text);
            assert.match(answer.json.data.attributes.state, /^(voided|awaiting-clawback)$/);
        }
        assert.equal(await count("declarations", `state = 'paid' AND id = '${kept.id}'`), 1);
        assert.equal(
            await count("declarations", "state IN ('voided', 'awaiting_clawback')"),
            ids.length,
        );
        assert.equal(
            await count("statement_line_items", "state = 'paid'"),
            1 +
                (await count(
                    "statement_line_items",
                    `state = 'awaiting_clawback' AND statement_id = '${APRIL}'`,
                )),
        );
    }));

test("declare and change the schedule: one of them is refused", () =>
    rounds(async () => {
        const attributes = {
            course_identifier: "ecf-induction",
            schedule_identifier: "ecf-standard-january",
        };
        const [declaration, change] = await race(
            (i) => declareThrough(i, W1),
            () => world.act(id("E24"), "change-schedule", attributes, { now: NOW }),
        );
        if (declaration.status === 200) assertRefused(change, ["schedule_identifier", M.M26]);
        else assertRefused(declaration, ["declaration_date", M.M07]);
        assert.equal(await count("declarations"), declaration.status === 200 ? 1 : 0);
    }));

test("declare on the deadline, and the statement becomes payable: none is left behind or lost", () =>
    rounds(async () => {
        const now = "2024-12-31T23:59:59Z";
        const answers = await race(
            ...CROWD.map(
                (name) => (i) =>
                    declareThrough(i, declarationOf(name, "started", "2024-12-01T10:00:00Z"), {
                        now,
                    }),
            ),
            command("statements", "mark-payable", "--date", "2025-01-01"),
        );
        assert.equal(accepted(answers).length, CROWD.length);
        assert.equal(
            await count("statement_line_items", "state IN ('eligible', 'payable')"),
            CROWD.length,
        );
        const places = await world.sql(`
            SELECT DISTINCT d.state, li.statement_id FROM declarations d JOIN statement_line_items li ON li.declaration_id = d.id`);
        for (const { state, statement_id } of places)
            assert.equal(
                statement_id,
                state === "payable" ? JANUARY : APRIL,
                `${state} on ${statement_id}`,
            );
    }));

test("statements become payable twice at once, and are paid twice at once: once is enough", async () => {
    await declared(world, W1, NOW);
    const payable = command("statements", "mark-payable", "--date", "2025-01-01");
    await race(payable, payable, payable);
    assert.equal(await count("declaration_states", "state = 'payable'"), 1);
    const paid = () =>
        world
            .command("statements", "mark-paid", JANUARY, "--now", "2025-01-20T09:00:00Z")
            .catch((error) => error);
    await race(paid, paid);
    assert.equal(await count("declaration_states", "state = 'paid'"), 1);
    assert.equal(await count("declarations", "state = 'paid'"), 1);
});

test("two providers report a partnership with one school: one is accepted", () =>
    rounds(async () => {
        const report = (as, partner) => () =>
            world.report(
                { cohort: "2024", school_id: id("S5"), delivery_partner_id: id(partner) },
                { as, now: NOW },
            );
        const answers = await race(
            report("LP-A", "DP-1"),
            report("LP-B", "DP-3"),
            report("LP-A", "DP-2"),
            report("LP-B", "DP-3"),
        );
        assert.equal(accepted(answers).length, 1);
        const winner = answers[0].status === 200 || answers[2].status === 200 ? "LP-A" : "LP-B";
        answers.forEach((answer, i) => {
            if (answer.status !== 200)
                assertRefused(answer, [
                    "school_id",
                    (i % 2 === 0 ? "LP-A" : "LP-B") === winner ? M.P07 : M.P08,
                ]);
        });
        assert.equal(await count("partnerships", `school_id = '${id("S5")}'`), 1);
        assert.equal(await count("induction_programmes", `school_id = '${id("S5")}'`), 1);
    }));

test("declare, and an import makes the participants eligible: all become eligible", () =>
    rounds(async () => {
        const answers = await race(
            ...SUBMITTERS.map(
                (name) => (i) =>
                    declareThrough(i, declarationOf(name, "started", "2024-10-01T10:00:00Z")),
            ),
            () =>
                world.import(
                    SUBMITTERS.map((name) => ({
                        type: "training_record",
                        id: recordOf(name),
                        eligibility: { status: "eligible", reason: "none" },
                    })),
                    NOW,
                ),
        );
        assert.equal(accepted(answers).length, SUBMITTERS.length);
        assert.equal(await count("declarations", "state = 'eligible'"), SUBMITTERS.length);
        assert.equal(await count("statement_line_items", "state = 'eligible'"), SUBMITTERS.length);
    }));

test("an import makes participants eligible, and the statement becomes payable: none is left behind", () =>
    rounds(async () => {
        for (const name of SUBMITTERS)
            await declared(world, declarationOf(name, "started", "2024-10-01T10:00:00Z"), NOW);
        await race(command("statements", "mark-payable", "--date", "2025-01-01"), () =>
            world.import(
                SUBMITTERS.map((name) => ({
                    type: "training_record",
                    id: recordOf(name),
                    eligibility: { status: "eligible", reason: "none" },
                })),
                "2024-12-31T12:00:00Z",
            ),
        );
        assert.equal(
            await count("declarations", "state IN ('eligible', 'payable')"),
            SUBMITTERS.length,
        );
    }));

test("actions on one participant at once: each sees what the other left", () =>
    rounds(async () => {
        const attributes = { course_identifier: "ecf-induction", reason: "other" };
        const answers = await race(
            ...many(4, () => () => world.act(id("E24"), "withdraw", attributes, { now: NOW })),
            ...many(4, () => () => world.act(id("E24"), "defer", attributes, { now: NOW })),
        );
        const withdrawals = accepted(answers.slice(0, 4)).length;
        const deferrals = accepted(answers.slice(4)).length;
        assert.equal(withdrawals, 1);
        assert.ok(deferrals <= 1);
        assert.equal(await count("training_states"), withdrawals + deferrals);
        assert.equal(
            await count(
                "induction_records",
                `training_record_id = '${recordOf("E24")}' AND end_date IS NULL`,
            ),
            1,
        );
    }));

test("partners change while participants withdraw", () =>
    rounds(async (round) => {
        const partner = { delivery_partner_id: id("DP-2") };
        const attributes = { course_identifier: "ecf-induction", reason: "other" };
        const answers = await race(
            ...CROWD.slice(0, 10).map(
                (name) => () => world.act(id(name), "withdraw", attributes, { now: NOW }),
            ),
            () => world.updatePartnership(id("partnership S1 2024"), partner, { now: NOW }),
            ...CROWD.slice(10, 20).map(
                (name) => (i) =>
                    declareThrough(
                        i + round,
                        declarationOf(name, "started", "2024-10-01T10:00:00Z"),
                    ),
            ),
        );
        assert.equal(accepted(answers).length, answers.length);
    }));

// --- Projections ---------------------------------------------------------------------------------

const E24 = id("E24");
const AN_ITEM = `INSERT INTO declarations (training_record_id, participant_id, lead_provider_id, declaration_type,
    declaration_date, course_identifier, cohort, state)
    VALUES ('${recordOf("E24")}', '${E24}', '${id("LP-A")}', 'started', '${NOW}', 'ecf-induction', 2024, 'submitted')`;
// Each touches E24 through a table of its own.
const TOUCHES = {
    users: `UPDATE users SET full_name = 'Privatename changed' WHERE id = '${E24}'`,
    participants: `UPDATE participants SET trn = '7654321' WHERE user_id = '${E24}'`,
    identities: `UPDATE identities SET email = 'changed@private.example' WHERE user_id = '${E24}'`,
    training_records: `UPDATE training_records SET sparsity_uplift = true WHERE id = '${recordOf("E24")}'`,
    training_states: `INSERT INTO training_states (training_record_id, lead_provider_id, state, reason, created_at)
        VALUES ('${recordOf("E24")}', '${id("LP-A")}', 'deferred', 'other', '${NOW}')`,
    induction_records: `UPDATE induction_records SET training_status = 'deferred' WHERE id = '${inductionOf("E24")}'`,
    declarations: AN_ITEM,
    partnerships: `UPDATE partnerships SET delivery_partner_id = '${id("DP-2")}' WHERE id = '${id("partnership S1 2024")}'`,
    induction_programmes: `UPDATE induction_programmes SET partnership_id = NULL WHERE id = '${id("programme S1 2024")}'`,
    schools: `UPDATE schools SET urn = '999999' WHERE id = '${id("S1")}'`,
    id_changes: `INSERT INTO participant_id_changes (participant_id, from_participant_id, to_participant_id, created_at)
        VALUES ('${E24}', '${id("O")}', '${E24}', '${NOW}')`,
};

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

test("two transactions that change one person through different tables end with what both wrote", async () => {
    const names = Object.keys(TOUCHES);
    const one = openSession(world.database);
    const two = openSession(world.database);
    for (const a of names)
        for (const b of names.filter((name) => name !== a)) {
            await world.restore();
            await one.run("BEGIN");
            await two.run("BEGIN");
            await two.run("SELECT count(*) FROM users"); // it has begun to read before the other writes
            await one.run(TOUCHES[a]);
            const waiting = two.run(TOUCHES[b]);
            for (let i = 0; i < 3 && two.isBusy; i++) await pause(2);
            await one.run("COMMIT");
            await waiting;
            await two.run("COMMIT");
            await world.verify().catch((error) => assert.fail(`${a}, then ${b}: ${error.message}`));
        }
    await one.close();
    await two.close();
});
