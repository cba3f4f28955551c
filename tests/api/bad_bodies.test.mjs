// What clients may send and should not: platform.md 4.2, rules.md 0, 2.4 and 10. For each write
// operation: never a fault, and nothing is kept but the attempt where the contract says so.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
    assertNotFound,
    assertRefused,
    DECLARATIONS,
    declarationOf,
    declared,
    PARTICIPANTS,
    PARTNERSHIPS,
    serveCases,
} from "../support/cases.mjs";
import { request } from "../support/client.mjs";
import { M } from "../support/messages.mjs";
import { id, TOKENS } from "../support/world.mjs";

const world = serveCases();
const NOW = "2024-10-02T09:00:00Z";
const NONE = "f3c1b1b0-7a6e-4d53-9f3a-0d4c5d1b2a39";
const W1 = declarationOf("E24", "started", "2024-10-01T10:00:00Z");
const ECT = { course_identifier: "ecf-induction" };
const MISSING_DATA = { errors: [{ title: "Bad request", detail: M.M17 }] };

const NO_COURSE = ["course_identifier", M.M13, M.M18];
const participant = (action, valid, ...missing) => ({
    name: action,
    method: "PUT",
    path: `${PARTICIPANTS}/${id("E24")}/${action}`,
    valid: { ...ECT, ...valid },
    missing: [NO_COURSE, ...missing],
});
const update = (method) => ({
    name: `${method} partnership`,
    method,
    path: `${PARTNERSHIPS}/${id("partnership S1 2024")}`,
    valid: { delivery_partner_id: id("DP-1") },
    missing: [["delivery_partner_id", M.P10]],
});

// Every write but the void, whose body nobody looks at. `missing`: the errors of no attributes at all.
const OPERATIONS = [
    {
        name: "declare",
        method: "POST",
        path: DECLARATIONS,
        valid: W1,
        missing: [
            ["participant_id", M.M01],
            ["declaration_date", M.M03],
            ["declaration_type", M.M04],
        ],
    },
    participant("withdraw", { reason: "other" }),
    participant("defer", { reason: "other" }, ["reason", M.M19, M.M20]),
    participant("resume", {}),
    participant("change-schedule", { schedule_identifier: "ecf-standard-january" }, [
        "schedule_identifier",
        M.M24,
    ]),
    {
        name: "report",
        method: "POST",
        path: PARTNERSHIPS,
        valid: { cohort: "2024", school_id: id("S1"), delivery_partner_id: id("DP-1") },
        missing: [
            ["cohort", M.P01],
            ["school_id", M.P03],
            ["delivery_partner_id", M.P10],
        ],
    },
    update("PUT"),
    update("PATCH"),
];

const send = (
    operation,
    body,
    { as = "LP-A", type = "application/json", path = operation.path, ...options } = {},
) =>
    request(world.service, operation.method, path, {
        token: TOKENS[as],
        now: NOW,
        body: typeof body === "object" && !Buffer.isBuffer(body) ? JSON.stringify(body) : body,
        raw: true,
        headers: { "Content-Type": type ?? undefined },
        ...options,
    });

const wrap = (attributes) => ({ data: { type: "x", attributes } });
const deep = (depth) => `{"data":{"attributes":${"[".repeat(depth - 2)}${"]".repeat(depth - 2)}}}`;

const BROKEN = {
    "no body": undefined,
    "an empty body": "",
    blanks: " \n",
    "no members": "{}",
    "another member": '{"attributes":{}}',
    "data null": '{"data":null}',
    "data {}": '{"data":{}}',
    "data []": '{"data":[]}',
    "data [{}]": '{"data":[{"attributes":{}}]}',
    "data a text": '{"data":"x"}',
    "data an empty text": '{"data":""}',
    "data a number": '{"data":1}',
    "data true": '{"data":true}',
    "an array": "[]",
    "an array of data": '[{"data":{"attributes":{}}}]',
    "a text": '"x"',
    "a number": "1",
    null: "null",
    truncated: '{"data":{"attributes":{"a":1}}',
    NaN: '{"data":{"attributes":{"a":NaN}}}',
    "a byte order mark": '\ufeff{"data":{"attributes":{}}}',
    "trailing garbage": '{"data":{"attributes":{}}} x',
    "two documents": '{"data":{"attributes":{}}}{}',
    "a trailing comma": '{"data":{"attributes":{"a":1,}}}',
    "single quotes": "{'data':{'attributes':{}}}",
    "a comment": '{"data":{"attributes":{}}/* x */}',
    "a raw line feed in a text": '{"data":{"attributes":{"reason":"a\nb"}}}',
    "a raw NUL": '{"data":{"attributes":{"reason":"a\0b"}}}',
    "an escaped NUL": '{"data":{"attributes":{"reason":"a\\u0000b"}}}',
    "an escaped NUL in a name": '{"data":{"attributes":{"rea\\u0000son":"a"}}}',
    "a lone surrogate": '{"data":{"attributes":{"reason":"\\ud83d"}}}',
    "a lone low surrogate": '{"data":{"attributes":{"reason":"\\ude00 x"}}}',
    "a wrong escape": '{"data":{"attributes":{"reason":"\\x41"}}}',
    "no UTF-8": Buffer.from('{"data":{"attributes":{"reason":"\xe9"}}}', "latin1"),
    "a surrogate in UTF-8": Buffer.from(
        '{"data":{"attributes":{"reason":"\xed\xa0\x80"}}}',
        "latin1",
    ),
    "UTF-16": Buffer.from('{"data":{"attributes":{}}}', "utf16le"),
    "65 levels": deep(65),
    "100000 levels": deep(100000),
    "100000 open brackets": "[".repeat(100000),
    "the last data counts": `{"data":{"attributes":${JSON.stringify(W1)}},"data":null}`,
    "form-encoded": "data%5Battributes%5D%5Breason%5D=other",
};

const TYPES = [
    null,
    "",
    "text/plain",
    "application/xml",
    "garbage",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
];

async function refusesAll(bodies, step) {
    const { changes } = await world.during(async () => {
        for (const [what, body] of bodies) await step(what, body);
    });
    assert.deepEqual(changes, {}, "nothing is kept");
}

for (const operation of OPERATIONS)
    describe(operation.name, () => {
        test("a body without data is refused", () =>
            refusesAll(Object.entries(BROKEN), async (what, body) => {
                const answer = await send(operation, body);
                assert.equal(answer.status, 400, `${what}: ${answer.text}`);
                assert.deepEqual(answer.json, MISSING_DATA, what);
            }));

        test("a body of another type is not read", () =>
            refusesAll(
                TYPES.map((type) => [type, wrap(operation.valid)]),
                async (type, body) => {
                    const answer = await send(operation, body, { type });
                    assert.equal(answer.status, 400, `${type}: ${answer.text}`);
                    assert.deepEqual(answer.json, MISSING_DATA, type);
                },
            ));

        test("attributes that are none are as if there were none", () =>
            refusesAll(
                [
                    ["missing", { data: { type: "x" } }],
                    ...[null, [], [operation.valid], "x", "", 1, 1.5, true, false, {}].map(
                        (each) => [JSON.stringify(each), wrap(each)],
                    ),
                    [
                        "all null",
                        wrap(
                            Object.fromEntries(
                                Object.keys(operation.valid).map((name) => [name, null]),
                            ),
                        ),
                    ],
                    [
                        "all arrays",
                        wrap(
                            Object.fromEntries(
                                Object.keys(operation.valid).map((name) => [name, ["x"]]),
                            ),
                        ),
                    ],
                    [
                        "all objects",
                        wrap(
                            Object.fromEntries(
                                Object.keys(operation.valid).map((name) => [name, { x: 1 }]),
                            ),
                        ),
                    ],
                    [
                        "all blank",
                        wrap(
                            Object.fromEntries(
                                Object.keys(operation.valid).map((name) => [name, " \t"]),
                            ),
                        ),
                    ],
                    [
                        "other members",
                        wrap({ x: 1, "": 2, "a b": null, __proto__: 3, constructor: 4 }),
                    ],
                    ["64 levels", deep(64)],
                    [
                        "the last attributes count",
                        `{"data":{"attributes":${JSON.stringify(operation.valid)},"attributes":[]}}`,
                    ],
                ],
                async (what, body) => {
                    const answer = await send(operation, body);
                    assert.equal(answer.status, 422, `${what}: ${answer.text}`);
                    assertRefused(answer, ...operation.missing);
                },
            ));

        test("whatever a value is, it is no fault", async () => {
            const values = [
                0,
                -1,
                1,
                2024.5,
                1e300,
                -1e-300,
                9223372036854775807n,
                -9223372036854775808n,
                2147483648,
                32768,
                99999,
                true,
                false,
                "0",
                "-1",
                "2024 ",
                " 2024",
                "2024abc",
                "99999999999999999999999999",
                "x".repeat(200000),
                "\ud83d\ude00",
                "'; DROP TABLE users; --",
                "%s%n",
                "\\",
                "null",
                "{}",
                "\u202e",
                "é".repeat(1000),
                id("EB"),
                NONE,
                NONE.toUpperCase(),
                `{${NONE}}`,
                NONE.replaceAll("-", ""),
            ];
            for (const name of Object.keys(operation.valid))
                for (const value of values) {
                    const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
                    const others = Object.entries(operation.valid).filter(
                        ([each]) => each !== name,
                    );
                    const members = [
                        ...others.map(([each, own]) => `"${each}":${JSON.stringify(own)}`),
                        `"${name}":${text}`,
                    ];
                    const answer = await send(
                        operation,
                        `{"data":{"attributes":{${members.join()}}}}`,
                    );
                    const what = `${name} ${text.slice(0, 40)}: ${answer.text.slice(0, 200)}`;
                    assert.ok(
                        answer.status === 422 || (answer.status === 200 && name === "cohort"),
                        `${answer.status} ${what}`,
                    );
                    if (answer.status === 200) await world.restore();
                }
        });

        test("a number that fits nowhere is refused", async () => {
            for (const number of ["9223372036854775808", "1e999", "-99999999999999999999999"])
                assert.equal(
                    (await send(operation, `{"data":{"attributes":{"cohort":${number}}}}`)).status,
                    400,
                );
        });

        test("a body above 1 MiB is refused", async () => {
            const body = JSON.stringify(
                wrap({ ...operation.valid, padding: "x".repeat(1024 * 1024) }),
            );
            const { result, changes } = await world.during(() => send(operation, body));
            assert.equal(result.status, 413, result.text);
            assert.deepEqual(changes, {});
        });

        test("the token is looked at before the body", async () => {
            const answer = await send(operation, "{", { token: "unknown" });
            assert.equal(answer.status, 401, answer.text);
        });
    });

// --- The void ------------------------------------------------------------------------------------

test("the body of a void is ignored, whatever it is", async () => {
    const bodies = [
        ...Object.values(BROKEN).filter((body) => body !== undefined),
        wrap({ state: "paid" }),
    ];
    for (const body of bodies) {
        await world.restore();
        const { id: declaration } = await declared(world, W1, NOW);
        for (const type of ["application/json", null, "garbage"]) {
            const operation = { method: "PUT", path: `${DECLARATIONS}/${declaration}/void` };
            const answer = await send(operation, body, { type });
            if (type === "application/json") {
                assert.equal(answer.status, 200, answer.text);
                assert.equal(answer.json.data.attributes.state, "voided");
            } else assertRefused(answer, ["Invalid action", M.M31]);
        }
    }
});

// --- Duplicate and foreign members ---------------------------------------------------------------

test("of equal names the last one counts", async () => {
    const body = `{"data":{"attributes":{"reason":"nonsense","course_identifier":"x","course_identifier":"ecf-induction","reason":"other"}}}`;
    const answer = await send(OPERATIONS[1], body);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.data.attributes.ecf_enrolments[0].withdrawal.reason, "other");
});

test("attributes of other actions are ignored", async () => {
    const all = {
        ...ECT,
        participant_id: NONE,
        reason: "career-break",
        schedule_identifier: "ecf-nonsense",
        cohort: "1999",
        evidence_held: "x",
        delivery_partner_id: NONE,
        school_id: NONE,
        has_passed: { x: 1 },
        state: "paid",
        id: NONE,
    };
    const steps = [
        ["defer", {}],
        ["withdraw", { reason: "other" }],
        ["resume", {}],
        ["change-schedule", { schedule_identifier: "ecf-standard-january", cohort: "2024" }],
    ];
    for (const [action, own] of steps) {
        const answer = await world.act(id("E24"), action, { ...all, ...own }, { now: NOW });
        assert.equal(answer.status, 200, `${action}: ${answer.text}`);
    }
    await world.restore();
    const answer = await world.declare(
        { ...all, ...W1, has_passed: [1], evidence_held: { a: 1 } },
        { now: NOW },
    );
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.data.attributes.has_passed, null);
});

test("the type of the data is not looked at", async () => {
    for (const type of [undefined, null, 1, "partnership", {}, []]) {
        await world.restore();
        const answer = await send(OPERATIONS[0], {
            data: { type, id: 7, attributes: W1 },
            meta: [],
        });
        assert.equal(answer.status, 200, answer.text);
    }
});

// --- Ids -----------------------------------------------------------------------------------------

const STRANGERS = { "another provider's": id("EB"), unknown: NONE };
const MALFORMED = [
    "incorrect-id",
    "%20",
    "%00",
    "0",
    "null",
    `${id("E24")}x`,
    "a".repeat(2000),
    "%2e%2e",
    "%C3%A9",
    "-1",
];

test("another provider's participant and an unknown one get the same answer", async () => {
    for (const action of ["withdraw", "defer", "resume"])
        for (const attributes of [
            { ...ECT, reason: "other" },
            { course_identifier: "ecf-nonsense", reason: "other" },
            {},
        ]) {
            const answers = [];
            for (const stranger of Object.values(STRANGERS)) {
                const { result, changes } = await world.during(() =>
                    world.act(stranger, action, attributes, { now: NOW }),
                );
                assert.deepEqual(changes, {});
                answers.push(result.json);
            }
            if (attributes.course_identifier === "ecf-induction")
                assert.deepEqual(answers[0], answers[1], action);
        }
});

test("an id that is none means nobody", async () => {
    for (const malformed of MALFORMED)
        for (const action of ["withdraw", "defer", "resume", "change-schedule"]) {
            const attributes = {
                ...ECT,
                reason: "other",
                schedule_identifier: "ecf-standard-january",
            };
            const { result, changes } = await world.during(() =>
                world.act(malformed, action, attributes, { now: NOW }),
            );
            assert.ok(
                [422, 400].includes(result.status),
                `${malformed} ${action}: ${result.status} ${result.text}`,
            );
            if (result.status === 422) assertRefused(result, ["participant_id", M.M01]);
            assert.deepEqual(changes, {});
        }
});

test("a declaration or partnership that is another's, unknown or no id at all is not there", async () => {
    const { id: theirs } = await declared(
        world,
        declarationOf("EB", "started", "2024-10-01T10:00:00Z"),
        NOW,
        { as: "LP-B" },
    );
    const own = wrap({ delivery_partner_id: id("DP-1") });
    for (const each of [
        theirs,
        NONE,
        ...MALFORMED.filter((text) => !["%00", "%2e%2e"].includes(text)),
    ]) {
        assertNotFound(await world.void(each, { now: NOW }));
        for (const method of ["PUT", "PATCH"]) {
            const path = `${PARTNERSHIPS}/${each === theirs ? id("partnership S2 2024") : each}`;
            for (const body of [own, "{}", "{", undefined])
                assertNotFound(await send({ method }, body, { path }));
        }
    }
});

// --- Dates ---------------------------------------------------------------------------------------

// [declaration_date, expected: 200, or the messages]
const DATES = [
    ["2024-10-01T10:00:00Z", 200],
    ["2024-10-01T10:00:00", 200],
    ["2024-10-01t10:00:00z", 200],
    ["2024-10-01T10:00:00.123456789Z", 200],
    ["2024-10-01T10:00:00,5Z", 200],
    ["2024-10-01T10:00:00+01", 200],
    ["2024-10-01T10:00:00+0100", 200],
    ["2024-10-01T10:00:00-11:30", 200],
    ["2024-10-02T09:00:00Z", 200],
    ["2024-10-02T10:00:00+01:00", 200],
    ["2024-10-02T09:00:01Z", M.M05],
    ["2024-10-02T09:00:00.001Z", M.M05],
    ["2024-10-01", M.M06],
    ["2024-10-01 10:00:00", M.M06],
    ["2024-10-01T10:00Z", M.M06],
    ["2024-10-01T24:00Z", M.M03, M.M06],
    ["2021-06-21 08:46:29", M.M06, M.M07],
    ["9999-12-31T23:59:59Z", M.M05, M.M08],
    ["0001-01-01T00:00:00Z", M.M07],
    ["2024-02-30T10:00:00Z", M.M03, M.M06],
    ["2023-02-29T10:00:00Z", M.M03, M.M06],
    ["2024-10-01T24:00:00Z", M.M03, M.M06],
    ["2024-10-01T10:00:60Z", M.M03, M.M06],
    ["2024-10-01T10:60:00Z", M.M03, M.M06],
    ["2024-13-01T10:00:00Z", M.M03, M.M06],
    ["2024-00-01T10:00:00Z", M.M03, M.M06],
    ["hello", M.M03, M.M06],
    ["2024", M.M03, M.M06],
    ["99999-10-01T10:00:00Z", M.M03, M.M06],
    ["2024-10-01T10:00:00Zx", M.M03, M.M06],
    [20241001, M.M03, M.M06],
    [1727776800, M.M03, M.M06],
    [true, M.M03, M.M06],
    [1.5, M.M03, M.M06],
    ["", M.M03],
    ["  ", M.M03],
    [null, M.M03],
    [undefined, M.M03],
    [["2024-10-01T10:00:00Z"], M.M03],
    [{ date: "2024-10-01T10:00:00Z" }, M.M03],
];

for (const [date, expected, ...more] of DATES)
    test(`declaration_date ${JSON.stringify(date)}`, async () => {
        const answer = await world.declare({ ...W1, declaration_date: date }, { now: NOW });
        if (expected === 200) assert.equal(answer.status, 200, answer.text);
        else assertRefused(answer, ["declaration_date", expected, ...more]);
        const attempts = await world.sql(
            "SELECT declaration_id IS NOT NULL AS ok FROM declaration_attempts",
        );
        assert.deepEqual(attempts, [{ ok: expected === 200 }]);
    });

// --- Evidence ------------------------------------------------------------------------------------

// [evidence_held of a retained-1 of 2024, message or 200]
const EVIDENCE = [
    ["other", 200],
    ["training-event-attended", 200],
    ["self-study-material-completed", 200],
    [undefined, M.M14],
    [null, M.M14],
    ["", M.M14],
    [" \t\n", M.M14],
    [["other"], M.M14],
    [{ other: true }, M.M14],
    ["Other", M.M15],
    [" other", M.M15],
    ["other ", M.M15],
    ["training-event-attended self-study-material-completed", M.M15],
    ["training-event-attended,other", M.M15],
    ["training", M.M15],
    ["75-percent-engagement-met", M.M15],
    [0, M.M15],
    [false, M.M15],
];

for (const [evidence, expected] of EVIDENCE)
    test(`evidence_held ${JSON.stringify(evidence)}`, async () => {
        const request = declarationOf("E24", "retained-1", "2025-01-15T10:00:00Z", evidence);
        const answer = await world.declare(request, { now: "2025-02-01T09:00:00Z" });
        if (expected === 200) assert.equal(answer.status, 200, answer.text);
        else assertRefused(answer, ["evidence_held", expected]);
    });
