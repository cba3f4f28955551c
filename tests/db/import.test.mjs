// `cpd-api import` and `cpd-api export` against databases: contract import.md.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createDatabase, dropDatabase, psql } from "../support/database.mjs";
import { runCommand } from "../support/service.mjs";
import {
    declaration,
    deliveryPartner,
    email,
    fullName,
    id,
    importRecords,
    inductionOf,
    inductionRecord,
    partnership,
    personalData,
    recordOf,
    schedule,
    statement,
    toNdjson,
    trainee,
    world,
    worldDatabase,
} from "../support/world.mjs";

const AT = "2021-02-01T00:00:00Z";
const OLD = "2021-02-01T00:00:00.000000Z";

const importText = (database, input, args = [], env) =>
    runCommand(["import", ...args, "-"], { database, input, env });

const tryImport = (database, records, args, env) => importText(database, toNdjson(records), args, env);

async function exportOf(database, ...args) {
    const result = await runCommand(["export", ...args], { database });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
}

const recordsOf = (ndjson) => ndjson.trimEnd().split("\n").map((line) => JSON.parse(line));

async function verify(database) {
    const result = await runCommand(["verify"], { database });
    assert.equal(result.stdout.trim().split("\n").at(-1), "0 differences", result.stdout);
}

// It counts what may have changed, by random steps: an import that turns out to change nothing may raise it as well.
const COUNTED = "change_numbers";

/** Every row of every table but OTHERS, as one text. */
async function contents(database, others = [COUNTED]) {
    const tables = await psql(
        database,
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    );
    const parts = tables.filter(({ name }) => !others.includes(name)).map(
        ({ name }) =>
            `SELECT '${name}' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM ${name} t`,
    );
    return psql(database, parts.map((part) => `SELECT * FROM (${part}) x`).join(" UNION ALL "));
}

/** Imports records that must be refused; gives what was said about each, without the file's name. */
async function refusal(database, records, args, env) {
    const before = await contents(database, []);
    const text = typeof records === "string" ? records : toNdjson(records);
    const result = await importText(database, text, args, env);
    assert.equal(result.status, 1, result.stdout);
    assert.deepEqual(await contents(database, []), before, "something was written");
    for (const secret of personalData()) assert.doesNotMatch(result.stderr, secret);
    return result.stderr
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/^-:/, ""));
}

async function withWorld(run, ...added) {
    const database = await worldDatabase(added);
    try {
        await run(database);
        await verify(database);
    } finally {
        await dropDatabase(database);
    }
}

async function withEmpty(run) {
    const database = await createDatabase();
    try {
        await run(database);
        await verify(database);
    } finally {
        await dropDatabase(database);
    }
}

const one = async (database, sql, variables) => (await psql(database, sql, variables))[0];

const updatedAt = (database, table, key, column = "id") =>
    one(
        database,
        `SELECT to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM ${table}
          WHERE ${column}::text = :'key'`,
        { key },
    ).then((row) => row?.at);

describe("import of a file", () => {
    test("brings a whole world, and the same again changes nothing", () =>
        withEmpty(async (database) => {
            const first = await tryImport(database, world());
            assert.equal(first.status, 0, first.stderr);
            assert.match(first.stdout, /^\d+ lines: \d+ rows new, 1 changed, 0 deleted\n$/);
            const before = await contents(database);
            const second = await tryImport(database, world());
            assert.match(second.stdout, /: 0 rows new, 0 changed, 0 deleted\n$/);
            assert.deepEqual(await contents(database), before);
        }));

    test("takes the records in any order", () =>
        withEmpty(async (database) => {
            const other = await createDatabase();
            await importRecords(database, world());
            await importRecords(other, world().reverse());
            const stable = (text) => text.split("\n").filter((line) => !line.startsWith('{"type":"cohort"'));
            assert.deepEqual(stable(await exportOf(other)), stable(await exportOf(database)));
            await verify(other);
            await dropDatabase(other);
        }));

    test("reads a file as well as standard input, with and without a last line feed", () =>
        withEmpty(async (database) => {
            const folder = mkdtempSync(join(tmpdir(), "cpd-import-"));
            const file = join(folder, "records.ndjson");
            writeFileSync(file, `\n${toNdjson([{ type: "early_roll_out_mentor", trn: "1" }])}\r\n{"type":"early_roll_out_mentor","trn":"2"}`);
            const result = await runCommand(["import", file], { database });
            rmSync(folder, { recursive: true });
            assert.equal(result.status, 0, result.stderr);
            assert.equal((await psql(database, "SELECT trn FROM early_roll_out_mentors")).length, 2);
        }));

    test("takes every example of docs/import.md, one of each type", () =>
        withEmpty(async (database) => {
            const page = readFileSync(new URL("../../docs/import.md", import.meta.url), "utf8");
            const examples = page.split("\n").filter((line) => line.startsWith("{"));
            const result = await importText(database, examples.join("\n"));
            assert.equal(result.status, 0, result.stderr);
            const documented = [...page.matchAll(/^### `(\w+)`/gm)].map(([, type]) => type);
            assert.deepEqual(examples.map((line) => JSON.parse(line).type), documented);
            assert.equal(documented.length, 22);
        }));

    test("says how it is used, and that a file is missing", async () => {
        for (const args of [[], ["a", "b"], ["--now", "soon", "a"], ["--what", "a"]])
            assert.equal((await runCommand(["import", ...args])).status, 64);
        assert.equal((await runCommand(["import", "--help"])).status, 0);
        const missing = await runCommand(["import", "/nowhere/records.ndjson"]);
        assert.equal(missing.status, 1);
        assert.match(missing.stderr, /^\/nowhere\/records\.ndjson: cannot be opened\n/);
    });

    test("checks everything and writes nothing when it is only tried", () =>
        withWorld(async (database) => {
            const before = await contents(database);
            const result = await tryImport(database, trainee("New", { start: AT }), ["--dry-run"]);
            assert.equal(result.status, 0, result.stderr);
            assert.match(result.stdout, /5 rows new, 0 changed, 0 deleted; nothing was written\n$/);
            assert.deepEqual(await contents(database), before);
        }));

    test("waits for another import", () =>
        withEmpty(async (database) => {
            const results = await Promise.all([1, 2, 3].map(() => tryImport(database, world())));
            const counts = results.map(({ stdout }) => /: (\d+) rows new/.exec(stdout)?.[1]);
            assert.equal(counts.filter((count) => count === "0").length, 2, counts.join());
        }));
});

describe("members", () => {
    const school = (members) => [{ type: "school", id: id("S1"), ...members }];

    test("that are absent keep their value, null empties, and only a real change is stamped", () =>
        withWorld(async (database) => {
            const row = () =>
                one(database, "SELECT name, urn, district_code, updated_at FROM schools WHERE id = :'school'", {
                    school: id("S1"),
                });
            const before = await row();
            await importRecords(database, school({ name: "School S1" }));
            assert.deepEqual(await row(), before);
            await importRecords(database, school({ district_code: null }));
            const after = await row();
            assert.deepEqual({ ...after, updated_at: 0 }, { ...before, district_code: null, updated_at: 0 });
            assert.ok(Date.now() - Date.parse(after.updated_at) < 60_000);
        }));

    test("created_at and updated_at are those given, to the microsecond", () =>
        withWorld(async (database) => {
            const at = "2022-03-04T05:06:07.123456Z";
            await importRecords(database, school({ created_at: at, updated_at: "2022-03-05" }));
            assert.equal(await updatedAt(database, "schools", id("S1")), "2022-03-05T00:00:00.000000Z");
            const [record] = recordsOf(await exportOf(database, "--type", "school")).filter(
                (each) => each.id === id("S1"),
            );
            assert.equal(record.created_at, at);
        }));

    test("left out of a new record have their defaults", () =>
        withEmpty(async (database) => {
            await importRecords(database, [
                { type: "lead_provider", id: id("LP"), name: "A name" },
                { type: "statement", id: id("st"), lead_provider_id: id("LP"), cohort: 2024, name: "May 2025" },
            ]);
            const provider = await one(database, "SELECT name, cpd_name, ecf, npq FROM lead_providers");
            assert.deepEqual(provider, { name: "A name", cpd_name: "A name", ecf: true, npq: false });
            const made = await one(database, "SELECT output_fee, state, deadline_date FROM statements");
            assert.deepEqual(made, { output_fee: true, state: "open", deadline_date: null });
            await importRecords(database, [{ type: "lead_provider", id: id("LP"), name: "Another" }]);
            const renamed = await one(database, "SELECT name, cpd_name FROM lead_providers");
            assert.deepEqual(renamed, { name: "Another", cpd_name: "A name" });
        }));

    test("of an object are replaced together", () =>
        withWorld(async (database) => {
            const change = (members) =>
                importRecords(database, [{ type: "training_record", id: recordOf("E24"), ...members }]);
            const row = () =>
                one(
                    database,
                    `SELECT eligibility_status AS status, eligibility_reason AS reason, is_validated, validation_trn AS trn,
                            validation_date_of_birth AS born, schedule_identifier AS schedule
                       FROM training_records WHERE id = :'record'`,
                    { record: recordOf("E24") },
                );
            await change({
                eligibility: { status: "eligible" },
                validation: { trn: "1000001", date_of_birth: "1977-07-07" },
                schedule: schedule(2024, "ecf-standard-january"),
            });
            assert.deepEqual(await row(), {
                status: "eligible",
                reason: "none",
                is_validated: true,
                trn: "1000001",
                born: "1977-07-07",
                schedule: "ecf-standard-january",
            });
            await change({ eligibility: null, validation: { full_name: "Privatename" } });
            const { status, reason, is_validated: isValidated, trn, born } = await row();
            assert.deepEqual([status, reason, isValidated, trn, born], [null, null, true, null, null]);
            await change({ validation: null });
            assert.equal((await row()).is_validated, false);
        }));
});

describe("people", () => {
    const identities = (database, name) =>
        psql(
            database,
            "SELECT id, email, external_identifier FROM identities WHERE user_id = :'user' ORDER BY email",
            { user: id(name) },
        );
    const person = (name, members) => ({
        type: "participant",
        id: id(name),
        full_name: fullName(name),
        email: email(name),
        ...members,
    });

    test("a new participant has one identity, which stays when the e-mail changes", () =>
        withEmpty(async (database) => {
            await importRecords(database, [person("P")]);
            const own = [{ id: id("P"), email: email("P"), external_identifier: id("P") }];
            assert.deepEqual(await identities(database, "P"), own);
            await importRecords(database, [person("P", { email: email("Q") })]);
            assert.deepEqual(await identities(database, "P"), own);
        }));

    test("identities are merged by their ids, and move to another participant", () =>
        withEmpty(async (database) => {
            const extra = { id: id("extra"), email: "a@private.example", external_identifier: id("old") };
            await importRecords(database, [person("P"), person("Q", { identities: [extra] }), person("R", { identities: [] })]);
            assert.deepEqual(await identities(database, "R"), []);
            await importRecords(database, [{ type: "participant", id: id("P"), identities: [{ id: id("extra") }] }]);
            assert.deepEqual((await identities(database, "P")).map((each) => each.id), [id("extra"), id("P")]);
            assert.deepEqual(await identities(database, "Q"), []);
        }));

    test("one identity, e-mail or external identifier is one participant's", () =>
        withEmpty(async (database) => {
            const identity = (name, members) => ({
                id: id(name),
                email: email(name),
                external_identifier: id(`external ${name}`),
                ...members,
            });
            const said = await refusal(database, [
                person("P", { identities: [identity("i")] }),
                person("Q", { identities: [identity("i", { email: email("j") })] }),
                person("R", { identities: [identity("k", { email: email("I") })] }),
                person("S", { identities: [identity("l", { external_identifier: id("external i") })] }),
                person("T", { identities: [{ id: id("m") }] }),
                { ...person("U", { identities: [] }), email: email("p").toUpperCase() },
            ]);
            assert.deepEqual(said, [
                `2: participant ${id("Q")}: identities: duplicate of line 1`,
                `3: participant ${id("R")}: email: the same email as line 1`,
                `4: participant ${id("S")}: identities: the same external_identifier as line 1`,
                `5: participant ${id("T")}: email: is required on a new record`,
                `5: participant ${id("T")}: identities: is required on a new record`,
                `6: participant ${id("U")}: email: the same email as line 1`,
            ]);
        }));

    test("a training record takes the participant's own identity, else the oldest", () =>
        withWorld(async (database) => {
            const identity = (name, at, external) => ({
                id: id(name),
                email: email(name),
                external_identifier: external ?? id(`external ${name}`),
                created_at: at,
            });
            const at = { start: AT };
            await importRecords(database, [
                ...trainee("P", { ...at, person: { identities: [identity("p1", "2020-01-01"), identity("p2", "2021-01-01", id("P"))] } }),
                ...trainee("Q", { ...at, person: { identities: [identity("q1", "2021-01-01"), identity("q2", "2020-01-01")] } }),
            ]);
            const of = (name) =>
                one(database, "SELECT identity_id AS id FROM training_records WHERE id = :'record'", {
                    record: recordOf(name),
                });
            assert.equal((await of("P")).id, id("p2"));
            assert.equal((await of("Q")).id, id("q2"));
            assert.match(
                (await refusal(database, trainee("R", { ...at, person: { identities: [] } }))).join("\n"),
                /^2: training_record [-0-9a-f]+: identity_id: the participant has no identity$/m,
            );
        }));

    const tutor = (members) => ({
        type: "induction_tutor",
        id: id("E24"),
        full_name: fullName("E24"),
        email: email("E24"),
        school_ids: [id("S1"), id("S2")],
        ...members,
    });

    test("one person may be participant and tutor", () =>
        withWorld(async (database) => {
            const before = await one(database, "SELECT created_at FROM users WHERE id = :'user'", { user: id("E24") });
            await importRecords(database, [tutor({ created_at: "2019-01-01", updated_at: AT })]);
            const schools = () => psql(database, "SELECT school_id FROM induction_tutor_schools ORDER BY 1");
            assert.equal((await schools()).length, 2);
            const after = await one(database, "SELECT created_at FROM users WHERE id = :'user'", { user: id("E24") });
            assert.deepEqual(after, before, "clients see the participant's created_at");
            await importRecords(database, [{ type: "induction_tutor", id: id("E24"), school_ids: [id("S2")] }]);
            assert.deepEqual(await schools(), [{ school_id: id("S2") }]);
            assert.notEqual(await updatedAt(database, "users", id("E24")), OLD);

            const both = [person("B"), { ...tutor(), id: id("B"), full_name: fullName("B"), email: email("B") }];
            await importRecords(database, both);
            const differing = [{ ...both[0], full_name: "Privatename" }, { ...both[1], full_name: "Privatename B" }];
            assert.deepEqual(await refusal(database, differing), [
                `2: induction_tutor ${id("B")}: full_name: differs from line 1`,
            ]);
        }));

    test("e-mails may be swapped in one file", () =>
        withWorld(async (database) => {
            const swap = (name, other) => ({ type: "participant", id: id(name), email: email(other), identities: [{ id: id(name), email: email(other) }] });
            await importRecords(database, [swap("E24", "E25"), swap("E25", "M25"), swap("M25", "E24")]);
            const { email: now } = await one(database, "SELECT email FROM users WHERE id = :'user'", { user: id("E25") });
            assert.equal(now, email("M25"));
        }));
});

describe("updated_at goes up the chain", () => {
    const touched = async (database, ...names) => {
        const found = {};
        for (const name of names) {
            const at = {
                record: await updatedAt(database, "training_records", recordOf(name)),
                user: await updatedAt(database, "users", id(name)),
            };
            found[name] = Object.keys(at).filter((key) => Date.now() - Date.parse(at[key]) < 60_000);
        }
        return found;
    };
    const cases = {
        "an induction record": {
            records: [{ type: "induction_record", id: inductionOf("E24"), training_status: "deferred" }],
            expected: { E24: ["record", "user"], M24: [], E25: [] },
        },
        "an induction record that names another mentor": {
            records: [{ type: "induction_record", id: inductionOf("E24"), mentor_training_record_id: recordOf("M25") }],
            expected: { E24: ["record", "user"], M25: ["user"], M24: [] },
        },
        "a new training state": {
            records: [
                {
                    type: "training_state",
                    training_record_id: recordOf("E24"),
                    lead_provider_id: id("LP-A"),
                    created_at: "2024-10-01T00:00:00Z",
                    state: "withdrawn",
                    reason: "other",
                },
            ],
            expected: { E24: ["record", "user"], E25: [] },
        },
        "an eligibility": {
            records: [{ type: "training_record", id: recordOf("E24"), eligibility: null }],
            expected: { E24: ["record", "user"] },
        },
        "a participant": {
            records: [{ type: "participant", id: id("E24"), trn: null }],
            expected: { E24: ["user"] },
        },
        "an identity": {
            records: [{ type: "participant", id: id("E24"), identities: [{ id: id("E24"), email: "new@private.example" }] }],
            expected: { E24: ["user"] },
        },
        "an id change": {
            records: [
                {
                    type: "participant_id_change",
                    participant_id: id("E24"),
                    from_participant_id: id("gone"),
                    to_participant_id: id("E24"),
                    created_at: AT,
                },
            ],
            expected: { E24: ["user"], E25: [] },
        },
        "a partnership": {
            records: [{ type: "partnership", id: id("partnership S1 2021"), pending: true }],
            expected: { E24: ["record", "user"], E21: ["record", "user"], EB: [] },
        },
        "a school cohort": {
            records: [{ type: "school_cohort", school_id: id("S1"), cohort: 2024, opt_out_of_updates: true }],
            expected: { E24: ["record", "user"], E21: [] },
        },
        "an induction programme": {
            records: [{ type: "induction_programme", id: id("programme S2 2024"), core_induction_programme: "x" }],
            expected: { EB: ["record", "user"], T24: [], E24: [] },
        },
        "a school": {
            records: [{ type: "school", id: id("S1"), urn: "100009" }],
            expected: { E24: [] },
        },
        "nothing new": {
            records: [{ type: "induction_record", id: inductionOf("E24"), training_status: "active" }],
            expected: { E24: [] },
        },
    };
    for (const [name, { records, expected }] of Object.entries(cases))
        test(name, () =>
            withWorld(async (database) => {
                await importRecords(database, records);
                assert.deepEqual(await touched(database, ...Object.keys(expected)), expected);
            }),
        );

    test("but an updated_at of the file is kept", () =>
        withWorld(async (database) => {
            await importRecords(database, [
                { type: "induction_record", id: inductionOf("E24"), training_status: "deferred" },
                { type: "training_record", id: recordOf("E24"), updated_at: AT },
                { type: "induction_record", id: inductionOf("E25"), training_status: "deferred" },
                { type: "participant", id: id("E25"), updated_at: AT },
            ]);
            assert.deepEqual(await touched(database, "E24", "E25"), { E24: ["user"], E25: ["record"] });
        }));
});

describe("declarations and their places on statements", () => {
    const ON = statement("LP-A", 2024, "January 2025");
    const BACK = statement("LP-A", 2024, "April 2025");
    const started = (members) =>
        declaration("E24", { date: "2024-10-01T10:00:00Z", state: members.state ?? "eligible", members });
    const items = (database) =>
        psql(database, "SELECT state, statement_id FROM statement_line_items ORDER BY state, statement_id");
    const again = (members) => ({ type: "declaration", id: id("declaration E24 started"), ...members });

    for (const [state, expected] of Object.entries({
        submitted: [],
        eligible: [["eligible", ON]],
        payable: [["payable", ON]],
        paid: [["paid", ON]],
        voided: [["voided", ON]],
        ineligible: [["ineligible", ON]],
        awaiting_clawback: [["awaiting_clawback", BACK], ["paid", ON]],
        clawed_back: [["clawed_back", BACK], ["paid", ON]],
    }))
        test(`${state} is on ${expected.length} statements`, () =>
            withWorld(async (database) => {
                const isBack = expected.length === 2;
                const members = {
                    state,
                    statement_id: expected.length > 0 ? ON : null,
                    clawback_statement_id: isBack ? BACK : null,
                };
                await importRecords(database, [started(members)]);
                assert.deepEqual((await items(database)).map((item) => Object.values(item)), expected);
                const before = await contents(database);
                await importRecords(database, [started(members)]);
                assert.deepEqual(await contents(database), before);
                const [record] = recordsOf(await exportOf(database, "--type", "declaration"));
                assert.equal(record.statement_id, members.statement_id);
                assert.equal(record.clawback_statement_id, members.clawback_statement_id);
            }));

    test("items follow the state, and no second one is ever billable", () =>
        withWorld(async (database) => {
            const states = async () => (await items(database)).map((item) => item.state);
            await importRecords(database, [started({ state: "eligible", statement_id: ON })]);
            for (const state of ["payable", "paid"]) {
                await importRecords(database, [again({ state })]);
                assert.deepEqual(await states(), [state]);
            }
            await importRecords(database, [again({ state: "awaiting_clawback", clawback_statement_id: BACK })]);
            assert.deepEqual(await states(), ["awaiting_clawback", "paid"]);
            await importRecords(database, [again({ state: "clawed_back" })]);
            assert.deepEqual(await states(), ["clawed_back", "paid"]);
            await importRecords(database, [again({ state: "paid" })]);
            assert.deepEqual(await states(), ["paid"]);
            await importRecords(database, [again({ state: "submitted", statement_id: null })]);
            assert.deepEqual(await states(), []);
            const logged = await psql(
                database,
                "SELECT name, actor FROM events WHERE subject_id = :'id' AND name NOT LIKE 'line item%' ORDER BY events.id",
                { id: id("declaration E24 started") },
            );
            assert.deepEqual(
                logged,
                ["eligible", "payable", "paid", "awaiting_clawback", "clawed_back", "paid", "submitted"].map((state) => ({
                    name: `declaration ${state}`,
                    actor: "import",
                })),
            );
        }));

    test("a move to another statement is a change of the declaration", () =>
        withWorld(async (database) => {
            await importRecords(database, [{ ...started({ statement_id: ON }), updated_at: AT }]);
            assert.equal(await updatedAt(database, "declarations", id("declaration E24 started")), OLD);
            await importRecords(database, [again({ statement_id: BACK })]);
            assert.notEqual(await updatedAt(database, "declarations", id("declaration E24 started")), OLD);
            assert.deepEqual(await items(database), [{ state: "eligible", statement_id: BACK }]);
        }));

    test("a statement that cannot be right is refused", () =>
        withWorld(async (database) => {
            const theirs = statement("LP-B", 2024, "January 2025");
            const said = async (members) =>
                (await refusal(database, [started(members)])).map((line) => line.split(": ").slice(2).join(": "));
            assert.deepEqual(await said({ state: "submitted", statement_id: ON }), [
                "statement_id: a submitted declaration is on no statement",
            ]);
            assert.deepEqual(await said({ statement_id: ON, clawback_statement_id: BACK }), [
                "clawback_statement_id: only a declaration that is clawed back has one",
            ]);
            assert.deepEqual(await said({ statement_id: theirs }), [
                "statement_id: is a statement of another lead provider",
            ]);
            assert.deepEqual(await said({ statement_id: id("none") }), [
                `statement_id: there is no statement ${id("none")}`,
            ]);
        }));

    test("one event is declared once: by another record, by another line", () =>
        withWorld(async (database) => {
            const twin = (name) => declaration("E24", { name, date: "2024-10-02T10:00:00Z" });
            const same = "declaration_type: the same participant_id, course_identifier, declaration_type as";
            await importRecords(database, [started({})]);
            assert.deepEqual(await refusal(database, [twin("twin")]), [
                `1: declaration ${id("declaration twin")}: ${same} declaration ${id("declaration E24 started")}`,
            ]);
            assert.deepEqual(await refusal(database, [again({ state: "voided" }), twin("twin"), twin("third")]), [
                `3: declaration ${id("declaration third")}: ${same} line 2`,
            ]);
            await importRecords(database, [twin("twin"), again({ state: "voided" })]);
            await importRecords(database, [{ ...again({}), id: id("declaration twin"), state: "voided" }, again({ state: "eligible" })]);
        }));

    test("a null uplift of the former service is none", () =>
        withWorld(async (database) => {
            await importRecords(database, [started({ pupil_premium_uplift: null, sparsity_uplift: true })]);
            const row = await one(database, "SELECT pupil_premium_uplift AS pp, sparsity_uplift AS sp FROM declarations");
            assert.deepEqual(row, { pp: false, sp: true });
        }));
});

describe("a change of eligibility", () => {
    const NOW = "2024-12-31T23:00:00Z";
    const submitted = [
        declaration("E24N", { date: "2024-10-01T10:00:00Z", state: "submitted" }),
        declaration("E24N", { type: "retained-1", date: "2024-11-01T10:00:00Z", state: "submitted" }),
        declaration("E21N", { cohort: 2021, date: "2021-10-01T10:00:00Z", state: "submitted" }),
    ];
    const becomes = (name, status = "eligible") => ({
        type: "training_record",
        id: recordOf(name),
        eligibility: { status, reason: "none" },
    });
    const found = (database, name) =>
        psql(
            database,
            `SELECT d.declaration_type AS type, d.state, s.name AS statement, li.state AS item
               FROM declarations d
               LEFT JOIN statement_line_items li ON li.declaration_id = d.id
               LEFT JOIN statements s ON s.id = li.statement_id
              WHERE d.participant_id = :'person' ORDER BY 1`,
            { person: id(name) },
        );

    test("makes submitted declarations eligible, on the next statement by the import's clock", () =>
        withWorld(async (database) => {
            await importRecords(database, [becomes("E24N")], { now: NOW });
            const promoted = { state: "eligible", statement: "January 2025", item: "eligible" };
            assert.deepEqual(await found(database, "E24N"), [
                { type: "retained-1", ...promoted },
                { type: "started", ...promoted },
            ]);
            const logged = await psql(database, "SELECT DISTINCT name, actor, before FROM events WHERE name LIKE '%eligible' ORDER BY 1");
            assert.deepEqual(logged, [
                { name: "declaration eligible", actor: "import", before: { state: "submitted" } },
                { name: "line item eligible", actor: "import", before: null },
            ]);
            const history = await psql(
                database,
                "SELECT string_agg(s.state, ' ' ORDER BY s.id) AS states FROM declaration_states s GROUP BY declaration_id ORDER BY 1",
            );
            assert.deepEqual(history.map((each) => each.states), ["submitted", "submitted eligible", "submitted eligible"]);
            await importRecords(database, [becomes("E24N", "ineligible")], { now: NOW });
            assert.equal((await found(database, "E24N"))[0].state, "eligible");
        }, ...submitted));

    test("on the deadline's next day it is the statement after", () =>
        withWorld(async (database) => {
            await importRecords(database, [becomes("E24N")], { now: "2025-01-01T00:00:00Z" });
            assert.equal((await found(database, "E24N"))[0].statement, "April 2025");
        }, ...submitted));

    test("without an open statement they stay submitted", () =>
        withWorld(async (database) => {
            await importRecords(database, [becomes("E21N")], { now: "2024-09-01T00:00:00Z" });
            assert.deepEqual(await found(database, "E21N"), [
                { type: "started", state: "submitted", statement: null, item: null },
            ]);
        }, ...submitted));

    test("leaves alone declarations whose state the file itself gives", () =>
        withWorld(async (database) => {
            const file = [becomes("E24N"), submitted[0]];
            await importRecords(database, file, { now: NOW });
            assert.deepEqual(
                (await found(database, "E24N")).map(({ state }) => state),
                ["eligible", "submitted"],
            );
            const before = await contents(database);
            await importRecords(database, file, { now: NOW });
            assert.deepEqual(await contents(database), before);
        }, ...submitted));

    test("has no effects on a new record, nor where nothing changes", () =>
        withWorld(async (database) => {
            await importRecords(
                database,
                [...trainee("New", { start: AT }), declaration("New", { date: AT, state: "submitted" })],
                { now: NOW },
            );
            assert.equal((await found(database, "New"))[0].state, "submitted");
            await importRecords(database, [becomes("New")], { now: NOW });
            assert.equal((await found(database, "New"))[0].state, "submitted");
        }));

    test("--now is refused in production", async () => {
        const result = await runCommand(["import", "--now", NOW, "-"], {
            env: {
                APP_ENV: "production",
                DATABASE_URL: "postgresql:///nowhere",
                TOKEN_HASH_SECRET: "0123456789abcdef0123456789abcdef",
            },
        });
        assert.equal(result.status, 1);
        assert.match(result.stderr, /--now is refused in production/);
    });
});

describe("deletion", () => {
    const gone = (type, key) => ({ type, ...(typeof key === "string" ? { id: key } : key), deleted: true });
    const count = async (database, table) =>
        (await one(database, `SELECT count(*)::int AS number FROM ${table}`)).number;

    test("takes away a person with everything that hangs on it, in one file", () =>
        withWorld(async (database) => {
            const before = await count(database, "users");
            const moved = { type: "training_record", id: recordOf("E25"), schedule: schedule(2025, "ecf-standard-january") };
            await importRecords(database, [moved]);
            assert.equal(await count(database, "schedule_changes"), 1);
            await importRecords(database, [
                gone("participant", id("E25")),
                gone("training_record", recordOf("E25")),
                gone("induction_record", inductionOf("E25")),
            ]);
            assert.equal(await count(database, "users"), before - 1);
            assert.equal(await count(database, "identities"), before - 1);
            const again = await tryImport(database, [gone("participant", id("E25"))]);
            assert.match(again.stdout, /0 deleted/);
        }));

    test("keeps the user of a participant who is a tutor, and of a tutor who is a participant", () =>
        withEmpty(async (database) => {
            const person = { id: id("P"), full_name: fullName("P"), email: email("P") };
            const school = { type: "school", id: id("S"), urn: "1", name: "S" };
            const both = [
                school,
                { type: "participant", ...person },
                { type: "induction_tutor", ...person, school_ids: [id("S")] },
            ];
            for (const [first, second] of [["participant", "induction_tutor"], ["induction_tutor", "participant"]]) {
                await importRecords(database, both);
                await importRecords(database, [gone(first, id("P"))]);
                assert.equal(await count(database, "users"), 1);
                await importRecords(database, [gone(second, id("P"))]);
                assert.equal(await count(database, "users"), 0);
            }
            await importRecords(database, both);
            await importRecords(database, [gone("participant", id("P")), gone("induction_tutor", id("P"))]);
            assert.equal(await count(database, "users"), 0);
        }));

    test("of relationships, school cohorts, partnerships, programmes and id changes", () =>
        withWorld(
            async (database) => {
                const relationship = { lead_provider_id: id("LP-B"), delivery_partner_id: id("DP-3"), cohort: 2023 };
                const change = { participant_id: id("E24"), from_participant_id: id("o"), to_participant_id: id("E24") };
                await importRecords(database, [
                    gone("provider_relationship", relationship),
                    gone("school_cohort", { school_id: id("S2"), cohort: 2023 }),
                    gone("induction_programme", id("programme S2 2023")),
                    gone("partnership", id("partnership S2 2023")),
                    gone("participant_id_change", change),
                ]);
                assert.equal(await count(database, "participant_id_changes"), 0);
                assert.notEqual(await updatedAt(database, "users", id("E24")), OLD);
                assert.notEqual(await updatedAt(database, "schools", id("S2")), OLD);
            },
            {
                type: "participant_id_change",
                participant_id: id("E24"),
                from_participant_id: id("o"),
                to_participant_id: id("E24"),
                created_at: AT,
            },
        ));

    test("is refused while others refer to the record, and names them", () =>
        withWorld(async (database) => {
            assert.deepEqual(await refusal(database, [gone("partnership", id("partnership S1 2021"))]), [
                `1: partnership ${id("partnership S1 2021")}: deleted: induction_programme ` +
                    `${id("programme S1 2021")} still refers to it`,
            ]);
            assert.deepEqual(await refusal(database, [gone("participant", id("EB"))]), [
                `1: participant ${id("EB")}: deleted: training_record ${recordOf("EB")} still refers to it`,
            ]);
            assert.match(
                (await refusal(database, [gone("school_cohort", { school_id: id("S2"), cohort: 2024 })])).join("\n"),
                new RegExp(`^1: school_cohort ${id("S2")}/2024: deleted: induction_programme ${id("programme S2 2024")} still refers`, "m"),
            );
            const mentor = await refusal(database, [gone("induction_record", inductionOf("M24")), gone("training_record", recordOf("M24"))]);
            assert.match(mentor[0], /^2: training_record .*: deleted: induction_record .* still refers to it, and 1 more$/);
        }));

    test("is refused for other types, and with members beside the key", () =>
        withWorld(async (database) => {
            assert.deepEqual(
                await refusal(database, [
                    gone("school", id("S1")),
                    { ...gone("partnership", id("p")), pending: true },
                    { type: "partnership", id: id("q"), deleted: "yes" },
                ]),
                [
                    `1: school ${id("S1")}: deleted: records of this type are never deleted`,
                    `2: partnership ${id("p")}: pending: a deletion has no members beside the key`,
                    `3: partnership ${id("q")}: deleted: must be true or false`,
                ],
            );
        }));
});

describe("refusals", () => {
    const school = (name, urn, members) => ({ type: "school", id: id(name), urn, name, ...members });

    test("list every problem with its line and write nothing", () =>
        withWorld(async (database) => {
            const person = { type: "user", full_name: "Privatename", email: email("E24") };
            const said = await refusal(database, [
                { ...school("A", "900001"), colour: "red" },
                { ...person, id: "Privatename" },
                { ...person, id: id("B"), full_name: 1000001 },
                { ...person, id: id("C") },
                { type: "participants", id: id("D") },
                { type: "npq_application", id: id("D") },
                { type: "partnership", id: id("E"), challenge_reason: "why", cohort: "2024" },
                school("F", "900002"),
                school("G", "900002"),
                school("H", "100001"),
                { type: "school", id: id("I"), name: "I" },
                school("F", "900003"),
                { type: "statement", id: id("J"), name: "Jan 25", deadline_date: "2024-02-30", output_fee: null },
                { type: "training_record", id: id("K"), schedule: { cohort: 2024 }, eligibility: { state: "x" } },
            ]);
            const months = "must be a month and a year such as January 2025";
            assert.deepEqual(said, [
                `1: school ${id("A")}: colour: unknown member`,
                "2: user -: id: must be a UUID",
                `3: user ${id("B")}: full_name: must be a text`,
                "5: participants -: type: unknown type",
                "6: npq_application -: type: not supported yet",
                `7: partnership ${id("E")}: cohort: must be a start year such as 2024`,
                `7: partnership ${id("E")}: challenge_reason: must be one of another_provider, not_confirmed, ` +
                    "do_not_recognise, no_ects, mistake",
                `13: statement ${id("J")}: name: ${months}`,
                `13: statement ${id("J")}: deadline_date: must be a date such as 2024-09-01`,
                `13: statement ${id("J")}: output_fee: must not be null`,
                `14: training_record ${id("K")}: schedule.identifier: is required`,
                `14: training_record ${id("K")}: eligibility.state: unknown member`,
                `14: training_record ${id("K")}: eligibility.status: is required`,
                `4: user ${id("C")}: email: the same email as user ${id("E24")}`,
                `9: school ${id("G")}: urn: the same urn as line 8`,
                `10: school ${id("H")}: urn: the same urn as school ${id("S1")}`,
                `11: school ${id("I")}: urn: is required on a new record`,
                `12: school ${id("F")}: duplicate of line 8`,
            ]);
        }));

    test("name both ends of a reference that leads nowhere, but not of one to a refused record", () =>
        withWorld(async (database) => {
            const nowhere = id("nowhere");
            const said = await refusal(database, [
                { type: "participant", id: id("P"), full_name: "", email: email("P") },
                ...trainee("P", { start: AT }).slice(1, 2),
                { type: "induction_record", id: inductionOf("E24"), programme_id: nowhere, preferred_identity_id: nowhere },
                { type: "training_record", id: recordOf("E24"), schedule: schedule(2024, "ecf-nothing") },
                { type: "declaration", id: id("d"), training_record_id: nowhere, lead_provider_id: id("LP-A"),
                  declaration_type: "started", declaration_date: AT, course_identifier: "ecf-induction",
                  cohort: 2024, state: "eligible" },
                { type: "training_record", id: recordOf("E25"), participant_id: nowhere },
                { type: "school_cohort", school_id: nowhere, cohort: 2031, induction_programme_choice: "not_yet_known" },
            ]);
            assert.deepEqual(said, [
                `1: participant ${id("P")}: full_name: must not be blank`,
                `3: induction_record ${inductionOf("E24")}: preferred_identity_id: there is no identity ${nowhere}`,
                `3: induction_record ${inductionOf("E24")}: programme_id: there is no induction_programme ${nowhere}`,
                `4: training_record ${recordOf("E24")}: schedule: there is no schedule 2024/ecf-nothing`,
                `5: declaration ${id("d")}: training_record_id: there is no training_record ${nowhere}`,
                `6: training_record ${recordOf("E25")}: participant_id: there is no participant ${nowhere}`,
                `7: school_cohort ${nowhere}/2031: cohort: there is no cohort 2031`,
                `7: school_cohort ${nowhere}/2031: school_id: there is no school ${nowhere}`,
            ]);
        }));

    test("stop at a hundred", () =>
        withEmpty(async (database) => {
            const many = Array.from({ length: 250 }, () => ({ type: "what" }));
            const said = await refusal(database, many);
            assert.equal(said.length, 101);
            assert.match(said.at(-1), /there is more; only the first 100 problems are listed$/);
            const schools = Array.from({ length: 250 }, (_, i) => ({ type: "school", id: id(`${i}`), name: "x" }));
            assert.equal((await refusal(database, schools)).length, 101);
        }));

    test("of lines that are no records", () =>
        withEmpty(async (database) => {
            const lines = [
                "Privatename",
                "[]",
                "{}",
                '{"type":"school","id":1,"id":2}',
                '{"type":7}',
                `{"type":"school","id":"${id("a")}","name":"${"x".repeat(1024 * 1024)}"}`,
                '{"type":"user","full_name":"\\u0000"}',
                '{"type":"Privatename, 07/07/1977"}',
            ];
            assert.deepEqual(await refusal(database, lines.join("\n")), [
                "1: - -: is not valid JSON (at byte 11)",
                "2: - -: must be a JSON object",
                "3: - -: type: is required",
                "4: - -: names a member twice",
                "5: - -: type: is required",
                "6: - -: is longer than 1 MiB",
                "7: - -: is not valid JSON (at byte 35)",
                "8: (unprintable) -: type: unknown type",
            ]);
            const bytes = await runCommand(["import", "-"], { database, input: Buffer.from('{"type":"\xff"}', "latin1") });
            assert.match(bytes.stderr, /^-:1: - -: is not valid JSON/);
        }));
});

describe("tokens", () => {
    const token = { type: "api_token", token: "clear-lp-a-token", kind: "data_studio" };

    test("are kept as digests, with the access of their kind, and never exported", () =>
        withWorld(async (database) => {
            await importRecords(database, [token]);
            const row = await one(
                database,
                "SELECT octet_length(digest) AS size, hint, private_api_access AS private FROM api_tokens WHERE hint = 'clea'",
            );
            assert.deepEqual(row, { size: 32, hint: "clea", private: true });
            const own = await one(database, "SELECT private_api_access AS private FROM api_tokens WHERE kind = 'lead_provider'");
            assert.equal(own.private, false);
            assert.doesNotMatch(await exportOf(database), /api_token|clear-lp/);
            assert.match((await tryImport(database, [token])).stdout, /0 rows new, 0 changed/);
            const twice = await refusal(database, [token, token, { ...token, token: "b", kind: "lead_provider" }]);
            assert.deepEqual(twice, [
                "2: api_token -: duplicate of line 1",
                "3: api_token -: breaks the rule ((kind <> 'lead_provider'::text) OR (lead_provider_id IS NOT NULL))",
            ]);
        }));

    test("are refused in production", () =>
        withEmpty(async (database) => {
            const env = { APP_ENV: "production", TOKEN_HASH_SECRET: "0123456789abcdef0123456789abcdef" };
            assert.deepEqual(await refusal(database, [token], [], env), [
                "1: api_token -: tokens are not imported in production",
            ]);
        }));
});

describe("export", () => {
    const more = [
        { type: "user", id: id("U"), full_name: fullName("U"), email: email("U"), signed_in_at: AT },
        {
            type: "induction_tutor",
            id: id("T"),
            full_name: fullName("T"),
            email: email("T"),
            school_ids: [id("S1"), id("S2")],
            created_at: AT,
        },
        { type: "nomination_email", id: id("N"), school_id: id("S1"), notify_status: "delivered", sent_at: AT },
        { type: "early_roll_out_mentor", trn: "1000002" },
        {
            type: "participant",
            id: id("E24"),
            full_name: 'Privatename "quoted", \\ back\tslash\u2028 <é>',
            identities: [{ id: id("i"), email: "i@private.example", external_identifier: id("o") }],
        },
        { type: "training_state", training_record_id: recordOf("E24"), lead_provider_id: null, created_at: AT, state: "active" },
        declaration("E24", {
            date: "2024-10-01T10:00:00Z",
            state: "clawed_back",
            members: {
                statement_id: statement("LP-A", 2024, "January 2025"),
                clawback_statement_id: statement("LP-A", 2024, "April 2025"),
                mentor_id: id("M24"),
                delivery_partner_id: id("DP-1"),
            },
        }),
        declaration("E25", { cohort: 2025, date: "2025-10-01T10:00:00Z", state: "ineligible",
                             members: { superseded_by_id: id("declaration E24 started"), state_reason: "duplicate",
                                        statement_id: statement("LP-A", 2025, "January 2026") } }),
        { type: "training_record", id: recordOf("E25"), validation: { trn: "1000003" }, eligibility: { status: "ineligible", reason: "no_qts" } },
        { type: "induction_record", id: inductionOf("E25"), preferred_identity_id: id("i") },
    ];

    test("imported into an empty database and exported again is the same, byte for byte", () =>
        withWorld(async (database) => {
            const text = await exportOf(database);
            const types = new Set(recordsOf(text).map((record) => record.type));
            assert.equal(types.size, 20, [...types].join());
            const copy = await createDatabase();
            assert.equal((await importText(copy, text)).status, 0);
            assert.equal(await exportOf(copy), text);
            await verify(copy);
            for (const projection of ["provider_enrolments", "provider_declarations"]) {
                const rows = `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${projection} t`;
                assert.deepEqual(await psql(copy, rows), await psql(database, rows));
            }
            const same = await importText(database, text);
            assert.match(same.stdout, /: 0 rows new, 0 changed, 0 deleted/);
            await dropDatabase(copy);
        }, ...more));

    test("of sample data, for all and for one lead provider, can be imported and is the same", () =>
        withEmpty(async (database) => {
            const seeded = await runCommand(["seed", "--profile", "minimal"], { database });
            assert.equal(seeded.status, 0, seeded.stderr);
            const [{ name }] = await psql(database, "SELECT name FROM lead_providers WHERE ecf ORDER BY name LIMIT 1");
            for (const args of [[], ["--lead-provider", name]]) {
                const text = await exportOf(database, ...args);
                const copy = await createDatabase();
                const result = await importText(copy, text);
                assert.equal(result.status, 0, result.stderr);
                assert.equal(await exportOf(copy, ...args), text);
                await verify(copy);
                await dropDatabase(copy);
            }
        }));

    test("of one type", () =>
        withWorld(async (database) => {
            const schools = recordsOf(await exportOf(database, "--type", "school"));
            assert.deepEqual(schools.map((each) => each.id), [id("S1"), id("S2")].sort());
            for (const type of ["api_token", "identity"])
                assert.equal((await runCommand(["export", "--type", type], { database })).status, 1);
            assert.equal((await runCommand(["export", "--what"], { database })).status, 64);
        }));

    test("of one lead provider holds what it sees, and can be imported by itself", () =>
        withWorld(async (database) => {
            const text = await exportOf(database, "--lead-provider", "LP-B");
            const ids = (type) => recordsOf(text).filter((each) => each.type === type).map((each) => each.id);
            assert.deepEqual(ids("participant").sort(), [id("EB"), id("T24")].sort());
            assert.deepEqual(ids("school").sort(), [id("S1"), id("S2")].sort());
            const copy = await createDatabase();
            const result = await importText(copy, text);
            assert.equal(result.status, 0, result.stderr);
            await verify(copy);
            const seen = `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM provider_enrolments t
                           WHERE lead_provider_id = :'provider'`;
            const provider = { provider: id("LP-B") };
            assert.deepEqual(await psql(copy, seen, provider), await psql(database, seen, provider));
            await dropDatabase(copy);
            const nobody = await runCommand(["export", "--lead-provider", "Nobody"], { database });
            assert.equal(nobody.status, 1);
        }));

    test("of a lead provider includes mentors and the partners of others at its schools", () =>
        withWorld(
            async (database) => {
                const text = await exportOf(database, "--lead-provider", id("LP-A"));
                const copy = await createDatabase();
                const result = await importText(copy, text);
                assert.equal(result.status, 0, result.stderr);
                await dropDatabase(copy);
            },
            ...more,
            ...deliveryPartner("DP-9", { leadProvider: "LP-B", cohorts: [2024] }),
            ...partnership({ school: "S1", cohort: 2023, leadProvider: "LP-B", deliveryPartner: "DP-9", name: "other" }),
            inductionRecord("E24", { number: 2, start: "2024-10-01", programme: "other" }),
        ));
});
