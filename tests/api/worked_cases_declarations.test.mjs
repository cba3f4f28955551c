// The worked cases W of the contract (rules.md 11.2), in its order and with its names.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    acted,
    assertChangedAt,
    assertDeclarationWritten,
    assertDeclared,
    assertOnlyAttempt,
    assertRefused,
    attempt,
    DECLARATIONS,
    declarationOf,
    declared,
    eventBy,
    eventOf,
    OWN,
    PARTICIPANTS,
    serveCases,
} from "../support/cases.mjs";
import { closed, M, withdrawnAt } from "../support/messages.mjs";
import {
    declaration,
    id,
    inductionOf,
    inductionRecord,
    partnership,
    recordOf,
    statement,
    stamped,
    trainee,
} from "../support/world.mjs";

const world = serveCases();

const W1 = declarationOf("E24", "started", "2024-10-01T10:00:00Z");
const W1_NOW = "2024-10-02T09:00:00Z";
const OF_E24 = { mentor_id: id("M24") };

/** Declares, expects 200 and the rows, and that both providers see the same ever after; gives the data. */
async function accepts(request, { as = "LP-A", now, seen = OWN, written = {}, ...expected }) {
    const since = Date.now();
    const { result, changes } = await world.during(() => world.declare(request, { as, now }));
    const data = await assertDeclared(world, result, { request, now, since, ...expected });
    assertDeclarationWritten(changes, data, { request, now, provider: as, ...written });
    await world.agrees(DECLARATIONS, data, { now, seen });
    await world.agrees(DECLARATIONS, data, {
        now,
        seen,
        query: `filter[participant_id]=${data.attributes.participant_id}`,
    });
    return { data, changes };
}

/** Declares, expects these errors, and that nothing but the attempt is kept (or not even that). */
async function refuses(request, { as = "LP-A", now, kept = true, date }, ...errors) {
    const { result, changes } = await world.during(() => world.declare(request, { as, now }));
    assertRefused(result, ...errors);
    assertOnlyAttempt(changes, kept ? attempt(request, { now, provider: as, date }) : null);
}

const w1 = () => declared(world, W1, W1_NOW);

test("W1", async () => {
    const { data, changes } = await accepts(W1, {
        now: W1_NOW,
        statement: "2024 January 2025",
        ...OF_E24,
    });
    assert.equal(data.attributes.declaration_date, "2024-10-01T10:00:00Z");
    assert.deepEqual(
        [changes.declarations[0].cohort, changes.declarations[0].training_record_id],
        [2024, recordOf("E24")],
    );
});

/** W1 in an older version: exactly these attributes, in this order. */
async function acceptsIn(version, expected) {
    const path = `/api/${version}/participant-declarations`;
    const since = Date.now();
    const { result, changes } = await world.during(() =>
        world.post(path, { data: { attributes: W1 } }, { now: W1_NOW }),
    );
    assert.equal(result.status, 200, result.text);
    const { data } = result.json;
    assertChangedAt(data.attributes.updated_at, W1_NOW, since);
    const attributes = expected(data.attributes.updated_at);
    assert.equal(
        JSON.stringify(data),
        JSON.stringify({ id: data.id, type: "participant-declaration", attributes }),
    );
    assert.deepEqual(
        [changes.declarations[0].id, changes.declaration_attempts[0].declaration_id],
        [data.id, data.id],
    );
    await world.agrees(path, data, { now: W1_NOW, seen: OWN });
}

test("W2", () =>
    acceptsIn("v1", (updated_at) => ({
        participant_id: id("E24"),
        declaration_type: "started",
        course_identifier: "ecf-induction",
        eligible_for_payment: true,
        declaration_date: "2024-10-01T10:00:00Z",
        updated_at,
        voided: false,
        state: "eligible",
        has_passed: null,
    })));

test("W3", () =>
    acceptsIn("v2", (updated_at) => ({
        participant_id: id("E24"),
        declaration_type: "started",
        course_identifier: "ecf-induction",
        declaration_date: "2024-10-01T10:00:00Z",
        updated_at,
        state: "eligible",
        has_passed: null,
    })));

test("W4", () =>
    accepts(declarationOf("E24N", "started", "2024-10-01T10:00:00Z"), {
        now: W1_NOW,
        state: "submitted",
        ...OF_E24,
    }));

const START = "2024-06-02T00:00:00Z";

test("W5", () =>
    accepts(declarationOf("E24", "started", "2024-06-01T00:00:00Z"), {
        now: START,
        statement: "2024 January 2025",
        ...OF_E24,
    }));

test("W6", () =>
    refuses(declarationOf("E24", "started", "2024-05-31T23:59:59Z"), { now: START }, [
        "declaration_date",
        M.M07,
    ]));

const BACKDATED = "2025-01-10T00:00:00Z";

test("W7", () =>
    accepts(declarationOf("E24", "started", "2024-12-31T23:59:59Z"), {
        now: BACKDATED,
        statement: "2024 April 2025",
        ...OF_E24,
    }));

test("W8", () =>
    refuses(declarationOf("E24", "started", "2025-01-01T00:00:00Z"), { now: BACKDATED }, [
        "declaration_date",
        M.M08,
    ]));

test("W9", () =>
    accepts(declarationOf("E24", "started", "2025-01-01T00:30:00+01:00"), {
        now: BACKDATED,
        statement: "2024 April 2025",
        declaration_date: "2024-12-31T23:30:00Z",
        ...OF_E24,
    }));

const AHEAD = "2024-10-01T10:00:00Z";

test("W10", () =>
    refuses(declarationOf("E24", "started", "2024-10-02T10:00:00Z"), { now: AHEAD }, [
        "declaration_date",
        M.M05,
    ]));

test("W11", () =>
    refuses(declarationOf("E24", "started", "2025-02-01T10:00:00Z"), { now: AHEAD }, [
        "declaration_date",
        M.M05,
        M.M08,
    ]));

test("W12", async () => {
    for (const now of [undefined, W1_NOW])
        await refuses(
            {},
            { now, kept: false },
            ["participant_id", M.M01],
            ["declaration_date", M.M03],
            ["declaration_type", M.M04],
        );
});

test("W13", async () => {
    for (const body of [{}, { data: {} }]) {
        const { result, changes } = await world.during(() => world.post(DECLARATIONS, body));
        assert.equal(result.status, 400);
        assert.deepEqual(result.json, { errors: [{ title: "Bad request", detail: M.M17 }] });
        assert.deepEqual(changes, {});
    }
});

test("W14", () =>
    refuses(declarationOf("E24", "started", "2024-10-01"), { now: W1_NOW }, [
        "declaration_date",
        M.M06,
    ]));

test("W15", () =>
    refuses(declarationOf("E24", "started", "2023-19-01T11:21:55Z"), { now: W1_NOW, date: null }, [
        "declaration_date",
        M.M03,
        M.M06,
    ]));

test("W16", () =>
    refuses(declarationOf("E24", "retained-9", "2024-10-01T10:00:00Z", "other"), { now: W1_NOW }, [
        "declaration_type",
        M.M10,
    ]));

test("W17", () =>
    refuses(declarationOf("E24", undefined, "2024-10-01T10:00:00Z"), { now: W1_NOW }, [
        "declaration_type",
        M.M04,
        M.M10,
    ]));

test("W18", () =>
    refuses(
        { participant_id: id("nobody"), course_identifier: "npq-headship" },
        { now: W1_NOW, kept: false },
        ["course_identifier", M.M16],
    ));

test("W19", () =>
    refuses({ ...W1, course_identifier: "ecf-mentor" }, { now: W1_NOW }, [
        "course_identifier",
        M.M13,
    ]));

test("W20", () =>
    refuses(declarationOf("EB", "started", "2024-10-01T10:00:00Z"), { now: W1_NOW }, [
        "participant_id",
        M.M01,
    ]));

test("W21", () =>
    refuses(
        { ...W1, participant_id: "f3c1b1b0-7a6e-4d53-9f3a-0d4c5d1b2a39" },
        { now: W1_NOW, kept: false },
        ["participant_id", M.M01],
    ));

const RETAINED = "2025-02-01T09:00:00Z";

test("W22", () =>
    refuses(declarationOf("E24", "retained-1", "2025-01-15T10:00:00Z"), { now: RETAINED }, [
        "evidence_held",
        M.M14,
    ]));

test("W23", () =>
    refuses(
        declarationOf(
            "E24",
            "retained-1",
            "2025-01-15T10:00:00Z",
            "materials-engaged-with-offline",
        ),
        { now: RETAINED },
        ["evidence_held", M.M15],
    ));

test("W24", () =>
    accepts(
        { ...W1, evidence_held: "anything" },
        { now: W1_NOW, statement: "2024 January 2025", ...OF_E24 },
    ));

const AUTUMN = "2025-10-01T09:00:00Z";

test("W25", () =>
    accepts(declarationOf("E25", "started", "2025-09-15T10:00:00Z"), {
        now: AUTUMN,
        statement: "2025 January 2026",
    }));

test("W26", () =>
    refuses(
        declarationOf("E25", "started", "2025-09-15T10:00:00Z", "one-term-induction"),
        { now: AUTUMN },
        ["evidence_held", M.M15],
    ));

const SPRING = "2026-05-01T09:00:00Z";

test("W27", () =>
    refuses(declarationOf("E25", "retained-2", "2026-04-20T10:00:00Z", "other"), { now: SPRING }, [
        "evidence_held",
        M.M15,
    ]));

test("W28", () =>
    accepts(
        declarationOf("E25", "retained-2", "2026-04-20T10:00:00Z", "75-percent-engagement-met"),
        {
            now: SPRING,
            statement: "2025 August 2026",
            evidence_held: "75-percent-engagement-met",
        },
    ));

const WINTER = "2025-12-02T09:00:00Z";

test("W29", () =>
    accepts(declarationOf("E25", "completed", "2025-12-01T10:00:00Z", "one-term-induction"), {
        now: WINTER,
        statement: "2025 January 2026",
        evidence_held: "one-term-induction",
    }));

test("W30", () =>
    refuses(
        declarationOf("M25", "completed", "2025-12-01T10:00:00Z", "one-term-induction"),
        { now: WINTER },
        ["evidence_held", M.M15],
    ));

test("W31", () =>
    refuses(
        declarationOf("M25", "retained-1", "2026-01-15T10:00:00Z", "other"),
        { now: "2026-02-01T09:00:00Z" },
        ["declaration_type", M.M12],
    ));

test("W32", () =>
    refuses(
        declarationOf("M25", "extended-1", "2026-01-15T10:00:00Z", "other"),
        { now: "2026-02-01T09:00:00Z" },
        ["declaration_type", M.M10, M.M12],
    ));

test("W33", async () => {
    const first = await w1();
    await refuses(W1, { now: "2024-10-03T09:00:00Z" }, ["base", M.M11]);
    const attempts = await world.sql("SELECT declaration_id FROM declaration_attempts ORDER BY id");
    assert.deepEqual(
        attempts.map((row) => row.declaration_id),
        [first.id, null],
    );
});

test("W34", async () => {
    await world.given(
        declaration("T24", {
            leadProvider: "LP-B",
            date: "2024-09-20T10:00:00Z",
            members: { statement_id: statement("LP-B", 2024, "January 2025") },
        }),
    );
    await refuses(
        declarationOf("T24", "started", "2024-11-05T10:00:00Z"),
        { now: "2024-11-06T09:00:00Z" },
        ["base", M.M11],
    );
});

test("W35", async () => {
    const first = await w1();
    assert.equal((await world.void(first.id, { now: "2024-10-03T09:00:00Z" })).status, 200);
    const { data } = await accepts(W1, {
        now: "2024-10-04T09:00:00Z",
        statement: "2024 January 2025",
        ...OF_E24,
    });
    assert.notEqual(data.id, first.id);
});

test("W36", async () => {
    await world.given(
        trainee("E24D", { start: "2024-06-01T00:00:00Z", trn: "1000001", mentor: "M24" }),
    );
    const first = await w1();
    const { data, changes } = await accepts(
        declarationOf("E24D", "started", "2024-10-01T10:00:00Z"),
        {
            now: "2024-10-05T09:00:00Z",
            state: "ineligible",
            ineligible_for_funding_reason: "duplicate_declaration",
            written: { itemState: "ineligible", reason: "duplicate" },
            ...OF_E24,
        },
    );
    assert.equal(changes.declarations[0].superseded_by_id, first.id);
    assert.equal(
        changes.statement_line_items[0].statement_id,
        statement("LP-A", 2024, "January 2025"),
    );
    assert.equal(data.attributes.statement_id, null);
});

test("W37", () =>
    refuses(
        declarationOf("E21", "started", "2021-10-01T10:00:00Z"),
        { now: "2024-08-01T09:00:00Z" },
        ["cohort", closed(2021)],
    ));

test("W38", () =>
    accepts(declarationOf("E21N", "started", "2021-10-01T10:00:00Z"), {
        now: "2024-08-01T09:00:00Z",
        state: "submitted",
    }));

const WITHDRAWN = "2024-10-10T12:00:00Z";
const withdraw = () => acted(world, "E24", "withdraw", { reason: "moved-school" }, WITHDRAWN);

test("W39", async () => {
    await withdraw();
    await refuses(
        declarationOf("E24", "started", "2024-10-11T09:00:00Z"),
        { now: "2024-10-12T09:00:00Z" },
        ["participant_id", withdrawnAt(WITHDRAWN)],
    );
});

test("W40", async () => {
    await withdraw();
    await accepts(declarationOf("E24", "started", "2024-10-10T11:59:59Z"), {
        now: "2024-10-12T09:00:00Z",
        statement: "2024 January 2025",
        ...OF_E24,
    });
});

test("W41", async () => {
    await withdraw();
    await acted(world, "E24", "resume", {}, "2024-10-15T12:00:00Z");
    await accepts(declarationOf("E24", "started", "2024-10-12T09:00:00Z"), {
        now: "2024-10-20T09:00:00Z",
        statement: "2024 January 2025",
        ...OF_E24,
    });
});

test("W42", async () => {
    await acted(world, "E24", "defer", { reason: "career-break" }, "2024-09-15T12:00:00Z");
    await accepts(W1, { now: W1_NOW, statement: "2024 January 2025", ...OF_E24 });
});

test("W43", async () => {
    await world.given(
        stamped({
            type: "participant",
            id: id("E24"),
            identities: [
                { id: id("E24"), email: "own@private.example", external_identifier: id("E24") },
                { id: id("identity O"), email: "o@private.example", external_identifier: id("O") },
            ],
        }),
        stamped({ type: "training_record", id: recordOf("E24"), identity_id: id("identity O") }),
        stamped({
            type: "participant_id_change",
            participant_id: id("E24"),
            from_participant_id: id("O"),
            to_participant_id: id("E24"),
        }),
    );
    await accepts(
        { ...W1, participant_id: id("O") },
        {
            now: W1_NOW,
            participant_id: id("E24"),
            statement: "2024 January 2025",
            ...OF_E24,
        },
    );
});

const toSecondPartner = () =>
    world.given(
        partnership({
            school: "S1",
            cohort: 2024,
            leadProvider: "LP-A",
            deliveryPartner: "DP-2",
            name: "S1 DP-2",
        }),
        inductionRecord("E24", {
            start: "2024-06-01T00:00:00Z",
            end: "2024-11-01T00:00:00Z",
            status: "changed",
            programme: "S1 2024",
            mentor: "M24",
        }),
        inductionRecord("E24", {
            number: 2,
            start: "2024-11-01T00:00:00Z",
            programme: "S1 DP-2",
            mentor: "M24",
        }),
    );

test("W44", async () => {
    await toSecondPartner();
    await accepts(declarationOf("E24", "started", "2024-10-15T10:00:00Z"), {
        now: "2024-11-20T09:00:00Z",
        statement: "2024 January 2025",
        ...OF_E24,
    });
});

test("W44, with the later date", async () => {
    await toSecondPartner();
    await accepts(declarationOf("E24", "started", "2024-11-15T10:00:00Z"), {
        now: "2024-11-20T09:00:00Z",
        statement: "2024 January 2025",
        delivery_partner_id: id("DP-2"),
        ...OF_E24,
    });
});

test("W45", async () => {
    await world.given(
        stamped({
            type: "induction_record",
            id: inductionOf("E24"),
            start_date: "2024-11-20T00:00:00Z",
        }),
    );
    await accepts(declarationOf("E24", "started", "2024-10-15T10:00:00Z"), {
        now: "2024-11-25T09:00:00Z",
        statement: "2024 January 2025",
        delivery_partner_id: null,
    });
});

test("W46", async () => {
    await acted(
        world,
        "T24",
        "change-schedule",
        { schedule_identifier: "ecf-standard-january" },
        "2025-01-05T09:00:00Z",
    );
    await refuses(
        declarationOf("T24", "started", "2025-01-05T10:00:00Z"),
        { as: "LP-B", now: "2025-01-06T09:00:00Z" },
        ["participant_id", M.M01],
    );
});

test("W47", async () => {
    const now = "2026-04-16T09:00:00Z";
    const { data, changes } = await accepts(
        declarationOf("M24", "completed", "2026-04-15T10:00:00Z", "other"),
        {
            now,
            statement: "2024 August 2026",
            evidence_held: "other",
        },
    );
    assert.deepEqual(
        changes.training_records.map((row) => [
            row.id,
            row.mentor_completion_date,
            row.mentor_completion_reason,
        ]),
        [[recordOf("M24"), "2026-04-15", "completed_declaration_received"]],
    );
    assert.deepEqual(changes.events.filter((event) => event.subject_id !== data.id).map(eventOf), [
        eventBy("LP-A", "training record changed", recordOf("M24")),
    ]);
    const { json } = await world.get(`${PARTICIPANTS}/${id("M24")}`, { now });
    const [enrolment] = json.data.attributes.ecf_enrolments;
    assert.equal(enrolment.mentor_funding_end_date, "2026-04-15");
    assert.equal(enrolment.mentor_ineligible_for_funding_reason, "completed_declaration_received");
});

test("W48", async () => {
    await world.given(
        stamped({ type: "training_record", id: recordOf("E24"), pupil_premium_uplift: true }),
    );
    const { data } = await accepts(W1, { now: W1_NOW, statement: "2024 January 2025", ...OF_E24 });
    const upliftAt = async (now) => {
        const { json } = await world.get(`${DECLARATIONS}/${data.id}`, { now });
        return [json.data.attributes.state, json.data.attributes.uplift_paid];
    };
    assert.deepEqual(await upliftAt(W1_NOW), ["eligible", false]);
    await world.command("statements", "mark-payable", "--date", "2025-01-01");
    assert.deepEqual(await upliftAt("2025-01-02T00:00:00Z"), ["payable", false]);
    await world.command(
        "statements",
        "mark-paid",
        data.attributes.statement_id,
        "--now",
        "2025-01-20T09:00:00Z",
    );
    assert.deepEqual(await upliftAt("2025-01-21T00:00:00Z"), ["paid", true]);
});
