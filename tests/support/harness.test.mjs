// The harness itself: how it counts, names, finds operations and judges shapes. Needs no service.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { casesOf, countReport } from "./count.mjs";
import { literal } from "./database.mjs";
import { Document, resourceProblems } from "./openapi.mjs";
import { COHORTS, id, personalData, toNdjson, world } from "./world.mjs";

const report = (status, output, extra = "") =>
    `<testcase name="x" time="1" status="${status}">${extra}<system-out>${output}</system-out></testcase>`;

describe("the count of bin/test", () => {
    const counted = (...cases) => {
        const { passed, failed, skipped } = countReport(cases.join("\n"));
        return [passed, failed, skipped];
    };

    test("adds the groups of cmocka, and its set-ups that failed", () => {
        const output = [
            "[==========] 4 test(s) run.",
            "[  PASSED  ] 1 test(s).",
            "[  SKIPPED ] 1 test(s), listed below:",
            "[  FAILED  ] 2 test(s), listed below:",
            "[  FAILED  ] bad",
            "[==========] 2 test(s) run.",
            "[  ERROR   ] --- 0",
            "[  ERROR   ] its_set_up_failed",
            "[  PASSED  ] 1 test(s).",
        ].join("\n");
        assert.deepEqual(casesOf(output), { passed: 2, failed: 3, skipped: 1 });
    });

    test("reads node's summary in either form", () => {
        for (const mark of ["#", "ℹ"]) {
            const output = ["pass 10", "fail 1", "cancelled 2", "skipped 3", "todo 0"]
                .map((line) => `${mark} ${line}`)
                .join("\n");
            assert.deepEqual(casesOf(output), { passed: 10, failed: 3, skipped: 3 });
        }
    });

    test("reads the top level of TAP", () => {
        const output = "1..4\nok 1 - a\nnot ok 2 - b\nnot ok 3 # SKIP c\n    not ok 1 - inner\nok 4 - d";
        assert.deepEqual(casesOf(output), { passed: 2, failed: 1, skipped: 1 });
    });

    test("takes an executable that says nothing as one case", () => {
        assert.deepEqual(counted(report("run", "fine")), [1, 0, 0]);
        assert.deepEqual(counted(report("fail", "bad")), [0, 1, 0]);
    });

    test("counts a crash after cases that passed, and a missing executable", () => {
        const groups = "[==========] 2 test(s) run.\n[  PASSED  ] 2 test(s).";
        assert.deepEqual(counted(report("fail", groups)), [2, 1, 0]);
        const missing = '<skipped message="Unable to find executable"/>';
        assert.deepEqual(counted(report("notrun", "", missing)), [0, 1, 0]);
        const skipped = '<skipped message="SKIP_RETURN_CODE=77"/>';
        assert.deepEqual(counted(report("notrun", "", skipped)), [0, 0, 1]);
    });
});

describe("the fixture world", () => {
    test("is the same each time, and names each id once", () => {
        const ids = world()
            .map((record) => record.id)
            .filter(Boolean);
        assert.equal(new Set(ids).size, ids.length);
        assert.equal(toNdjson(world()), toNdjson(world()));
        assert.match(id("E24"), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    test("has every statement of the calendar, open, for both providers", () => {
        const statements = world().filter(({ type }) => type === "statement");
        assert.equal(statements.length, 2 * 163);
        for (const cohort of COHORTS) assert.ok(statements.some((each) => each.cohort === cohort));
        assert.ok(statements.every(({ state }) => state === "open"));
        assert.ok(statements.every((each) => each.deadline_date <= each.payment_date));
    });

    test("its people are recognised in a log", () => {
        for (const record of world().filter(({ type }) => type === "participant"))
            for (const value of [record.full_name, record.email, record.date_of_birth, record.trn])
                if (value !== null)
                    assert.ok(
                        personalData().some((pattern) => pattern.test(JSON.stringify({ value }))),
                        value,
                    );
    });
});

describe("the check of answers", () => {
    const operation = { responses: {} };
    const document = new Document(
        {
            paths: {
                "/api/v3/people/{id}": { get: operation, put: operation },
                "/api/v3/people/moves": { get: operation },
                "/api/v3/people": { get: operation },
            },
        },
        "v3",
    );
    const found = (method, path) => document.find(method, path)?.name;

    test("finds what is spelt out before what a variable takes", () => {
        assert.equal(found("GET", "/api/v3/people/moves?x=1"), "GET /api/v3/people/moves");
        assert.equal(found("GET", "/api/v3/people/7"), "GET /api/v3/people/{id}");
        assert.equal(found("HEAD", "//api//v3/people/"), "GET /api/v3/people");
        assert.equal(found("GET", "/api/v3/people.json"), "GET /api/v3/people");
        assert.equal(found("PUT", "/api/v3/people"), undefined);
    });

    test("names what a resource lacks, adds or gets wrong", () => {
        const attributes = {
            name: null,
            urn: 100001,
            cohort: "2024",
            in_partnership: true,
            induction_programme_choice: "nonsense",
            created_at: "2024-01-01T00:00:00.000Z",
            extra: 1,
        };
        assert.deepEqual(resourceProblems("v3", { id: id("S1"), type: "school", attributes }), [
            "school.updated_at is missing",
            "school.extra is not part of the shape",
            "school.name is null",
            "school.urn is of type number, not string",
            "school.induction_programme_choice is nonsense, which is no known value",
            'school.created_at is "2024-01-01T00:00:00.000Z", which is no timestamp',
        ]);
    });
});

test("values become SQL literals", () => {
    assert.deepEqual([null, 1, true, "it's"].map(literal), ["NULL", "1", "true", "'it''s'"]);
});
