// The numbers that tell whether anything shown has changed (db/functions/42_change_numbers.sql): raised by every
// change, by every writer for itself, and by nothing else.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { createDatabase, dropDatabase } from "../support/database.mjs";
import { openSession } from "../support/session.mjs";
import { id, importRecords, world } from "../support/world.mjs";

const NIL = "00000000-0000-0000-0000-000000000000";
const QUERIES = new URL("../../db/queries/", import.meta.url);

let database;
let sessions = [];

before(async () => {
    database = await createDatabase();
    await importRecords(database, world());
    sessions = [openSession(database), openSession(database)];
});
after(async () => {
    for (const session of sessions) await session.close();
    await dropDatabase(database);
});
beforeEach(() => Promise.all(sessions.map((session) => session.run("ROLLBACK").catch(() => {}))));

const sql = (text) => sessions[0].run(text);
const rename = (name) => `UPDATE users SET full_name = full_name || ' x' WHERE id = '${id(name)}'`;

async function numbers() {
    const rows = await sessions[1].run("SELECT scope, sum(number)::text AS number FROM change_numbers GROUP BY scope");
    return Object.fromEntries(rows.map(({ scope, number }) => [scope, number]));
}

/** The scopes whose numbers STEP raises; none may fall. */
async function raisedBy(step) {
    const earlier = await numbers();
    await step();
    const now = await numbers();
    for (const [scope, number] of Object.entries(earlier)) assert.ok(BigInt(now[scope]) >= BigInt(number), scope);
    return Object.keys(now).filter((scope) => now[scope] !== earlier[scope]).sort();
}
const scopes = (...names) => names.map((name) => (name === NIL ? NIL : id(name))).sort();

describe("a change", () => {
    for (const [what, text, expected] of [
        ["of a person", rename("E24"), [NIL, "LP-A"]],
        ["of a person whom two providers see", rename("T24"), [NIL, "LP-A", "LP-B"]],
        ["of a school's name", `UPDATE schools SET name = name || ' x' WHERE id = '${id("S1")}'`, [NIL]],
        ["of a provider's name", "UPDATE lead_providers SET cpd_name = cpd_name || ' x'", [NIL, "LP-A", "LP-B", "LP-N"]],
        [
            "made in bulk",
            `BEGIN; SET LOCAL cpd.bulk = 'on'; ${rename("E24")}; SELECT refresh_participants(ARRAY['${id("E24")}']::uuid[]); COMMIT`,
            [NIL, "LP-A"],
        ],
        ["of what nobody is shown", "UPDATE api_tokens SET last_used_at = now()", []],
        ["that is undone", `BEGIN; ${rename("E24")}; ROLLBACK`, []],
        ["after another was undone", `BEGIN; SAVEPOINT s; ${rename("E24")}; ROLLBACK TO s; ${rename("EB")}; COMMIT`, [NIL, "LP-B"]],
        ["that was undone and made again", `BEGIN; SAVEPOINT s; ${rename("E24")}; ROLLBACK TO s; ${rename("E24")}; COMMIT`, [NIL, "LP-A"]],
        ["of everything stored", "SELECT rebuild_projections()", []],
        ["of a projection that was emptied", "BEGIN; TRUNCATE provider_declarations; COMMIT", [NIL, "LP-A", "LP-B", "LP-N"]],
    ])
        test(what, async () => {
            assert.deepEqual(await raisedBy(() => sql(text)), scopes(...expected));
        });
});

test("a transaction raises a number once", async () => {
    const shard = "SELECT xmin::text, ctid::text, number FROM change_numbers WHERE scope = '" + id("LP-A") + "' ORDER BY shard";
    await sql("BEGIN");
    await sql(rename("E24"));
    const first = await sql(shard);
    await sql(rename("E24"));
    await sql(rename("E25"));
    assert.deepEqual(await sql(shard), first);
    await sql("COMMIT");
});

test("writers at the same time have shards of their own, and give them back", async () => {
    const [one, two] = sessions;
    const shardOf = async (session) => (await session.run("SELECT change_shard() AS shard"))[0].shard;
    await one.run("BEGIN");
    await two.run("BEGIN");
    assert.equal(await shardOf(one), 0);
    assert.equal(await shardOf(two), 1);
    assert.equal(await shardOf(one), 0);
    await one.run("COMMIT");
    await two.run("COMMIT");
    assert.equal(await shardOf(two), 0);
});

test("when all shards are taken, a process has one of its own", async () => {
    const [one, two] = sessions;
    await one.run("BEGIN");
    await one.run("SELECT pg_advisory_xact_lock(hashtext('cpd-api change_numbers'), i) FROM generate_series(0, 63) i");
    await two.run("BEGIN");
    const [{ shard, pid }] = await two.run("SELECT change_shard() AS shard, pg_backend_pid() AS pid");
    assert.equal(shard, 64 + pid);
    await two.run(rename("EB"));
    await two.run("COMMIT");
    await one.run("COMMIT");
});

describe("every table that is read for an answer", () => {
    const OF_PROVIDERS = ["participants", "declarations"];
    const OTHERS = [
        "delivery_partners", "ecf_users", "partnerships", "school_rollout", "schools", "statements", "transfers",
        "unfunded_mentors", "users",
    ];
    // They follow from tables that are counted, in the same transaction; marks and changes of pages show nothing.
    const DERIVED = new Set(["provider_transfers", "provider_unfunded_mentors", "provider_page_marks", "provider_page_changes"]);
    const READS = /^(page|show|after|batch|cohort|id_changes|flat_(page|show|since|after))/;

    /** The tables that the queries of a folder read, functions included. */
    async function tablesOf(folder) {
        const files = readdirSync(new URL(`${folder}/`, QUERIES)).filter((name) => READS.test(name));
        const functions = await sql(
            `SELECT proname AS name, prosrc AS text FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
        );
        const tables = await sql("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace");
        const plain = (text) => text.replace(/--.*/g, "");
        let text = files.map((name) => plain(readFileSync(new URL(`${folder}/${name}`, QUERIES), "utf8"))).join("\n");
        const called = new Set();
        for (let isNew = true; isNew; ) {
            isNew = false;
            for (const { name, text: body } of functions)
                if (!called.has(name) && new RegExp(`\\b${name}\\(`).test(text)) {
                    called.add(name);
                    text += plain(body);
                    isNew = true;
                }
        }
        assert.ok(files.length > 0, folder);
        return tables.map(({ name }) => name).filter((name) => !DERIVED.has(name) && new RegExp(`\\b(FROM|JOIN)\\s+${name}\\b`, "i").test(text));
    }

    const triggersOf = async (table, counter) => {
        const [{ count }] = await sql(
            `SELECT count(*)::int FROM information_schema.triggers
              WHERE event_object_table = '${table}' AND action_statement ~ '\\m(${counter})\\(' AND action_orientation = 'STATEMENT'`,
        );
        return count;
    };

    for (const folder of OF_PROVIDERS)
        test(`${folder}: raises the providers' numbers`, async () => {
            const tables = await tablesOf(folder);
            assert.ok(tables.includes(`provider_${folder === "participants" ? "enrolments" : "declarations"}`));
            for (const table of tables)
                assert.equal(await triggersOf(table, "count_projection_change|count_id_change|count_change_for_all"), 3, table);
        });

    for (const folder of OTHERS)
        test(`${folder}: raises the shared number`, async () => {
            const tables = await tablesOf(folder);
            assert.ok(tables.length > 0, folder);
            for (const table of tables) {
                const counter = table === "provider_enrolments" ? "count_projection_change" : "count_shared_change|count_change_for_all";
                assert.equal(await triggersOf(table, counter), 3, table);
            }
        });
});
