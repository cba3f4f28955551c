// The worked cases of the contract: a service over the fixture world, which is as new for each test.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { get, post, put } from "./client.mjs";
import { dropDatabase, literal } from "./database.mjs";
import { runCommand, startService } from "./service.mjs";
import { openSession } from "./session.mjs";
import { id, importRecords, TOKENS, worldDatabase } from "./world.mjs";

export const API = "/api/v3";
export const DECLARATIONS = `${API}/participant-declarations`;
export const PARTICIPANTS = `${API}/participants/ecf`;
export const PARTNERSHIPS = `${API}/partnerships/ecf`;

// What a write may leave behind, and what identifies a row of it.
const WRITTEN = {
    declarations: ["id"],
    statement_line_items: ["id"],
    declaration_states: ["id"],
    declaration_attempts: ["id"],
    statements: ["id"],
    training_records: ["id"],
    training_states: ["training_record_id", "lead_provider_id", "created_at"],
    induction_records: ["id"],
    schedule_changes: ["id"],
    partnerships: ["id"],
    induction_programmes: ["id"],
    school_cohorts: ["school_id", "cohort"],
    events: ["id"],
};

const VERIFY = `SELECT * FROM projection_differences(ARRAY(SELECT user_id FROM participants))`;

// Sums that always hold: whatever a declaration's state, its line items and its history agree with it.
const BOOKS = `
    SELECT d.id, d.state, 'line items' AS what FROM declarations d
     WHERE (SELECT array_agg(li.state ORDER BY li.state) FROM statement_line_items li
             WHERE li.declaration_id = d.id AND li.state NOT IN ('voided', 'ineligible'))
           IS DISTINCT FROM
           CASE WHEN d.state IN ('eligible', 'payable', 'paid') THEN ARRAY[d.state]
                WHEN d.state IN ('awaiting_clawback', 'clawed_back') THEN ARRAY[d.state, 'paid'] END
    UNION ALL
    SELECT d.id, d.state, 'history' FROM declarations d
     WHERE EXISTS (SELECT FROM declaration_states s WHERE s.declaration_id = d.id)
       AND (SELECT s.state FROM declaration_states s WHERE s.declaration_id = d.id ORDER BY s.id DESC LIMIT 1) <> d.state
    UNION ALL
    SELECT d.id, d.state, 'statement ' || st.state FROM declarations d
      JOIN statement_line_items li ON li.declaration_id = d.id AND li.state = d.state
      JOIN statements st ON st.id = li.statement_id
     WHERE (li.state, st.state) NOT IN (('eligible', 'open'), ('payable', 'payable'), ('paid', 'paid'),
           ('awaiting_clawback', 'open'), ('awaiting_clawback', 'payable'), ('clawed_back', 'paid'))
       AND li.state NOT IN ('voided', 'ineligible')`;

class World {
    #added;
    #env;

    constructor(added, env) {
        this.#added = added;
        this.#env = env;
    }

    async start() {
        this.database = await worldDatabase(this.#added);
        this.session = openSession(this.database);
        await this.#keep();
        this.service = await startService({ database: this.database, env: this.#env });
    }

    async stop() {
        await this.service?.stop();
        await this.session?.close();
        await dropDatabase(this.database);
    }

    // A copy of every table, and the script that puts it back: a database per test costs more.
    async #keep() {
        const tables = await this.session.run(
            `SELECT table_name AS name FROM information_schema.tables
              WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                AND table_name NOT IN ('api_tokens', 'schema_migrations')`,
        );
        await this.session.run("CREATE SCHEMA kept");
        for (const { name } of tables) await this.session.run(`CREATE TABLE kept.${name} AS TABLE ${name}`);
        const restore = tables.map(
            ({ name }) => `DELETE FROM ${name};
                INSERT INTO ${name} OVERRIDING SYSTEM VALUE TABLE kept.${name};`,
        );
        this.restoring = `BEGIN; SET LOCAL session_replication_role = replica; ${restore.join("\n")} COMMIT`;
    }

    restore() {
        return this.session.run(this.restoring);
    }

    sql(text) {
        return this.session.run(text);
    }

    /** Records as in import.md, on top of the world. */
    async given(...records) {
        await importRecords(this.database, records.flat());
    }

    /** `cpd-api ARGS...`; fails with what it said. */
    async command(...args) {
        const result = await runCommand(args, { database: this.database });
        assert.equal(result.status, 0, `cpd-api ${args.join(" ")}: ${result.stderr}`);
        return result;
    }

    async #rows() {
        const parts = Object.keys(WRITTEN).map(
            (name) => `'${name}', (SELECT coalesce(json_agg(t), '[]') FROM ${name} t)`,
        );
        const [row] = await this.sql(`SELECT json_build_object(${parts.join(", ")}) AS rows`);
        return row.rows;
    }

    /**
     * Runs STEP and gives {result, changes}: by table, the rows that are new ({...row}) and those that
     * are not as they were ({...row, was: {...}}), in order of their keys. Tables without any are left out.
     */
    async during(step) {
        const earlier = await this.#rows();
        const result = await step();
        const now = await this.#rows();
        const changes = {};
        for (const [name, key] of Object.entries(WRITTEN)) {
            const keyOf = (row) => key.map((member) => row[member]).join(" ");
            const known = new Map(earlier[name].map((row) => [keyOf(row), row]));
            const changed = now[name].flatMap((row) => {
                const was = known.get(keyOf(row));
                known.delete(keyOf(row));
                if (!was) return [row];
                return JSON.stringify(was) === JSON.stringify(row) ? [] : [{ ...row, was }];
            });
            assert.deepEqual([...known.keys()], [], `${name}: rows are gone`);
            if (changed.length > 0) changes[name] = changed;
        }
        return { result, changes };
    }

    /** What must hold after everything: projections, line items and histories agree with the rows. */
    async verify() {
        assert.deepEqual(await this.sql(VERIFY), [], "projections that differ");
        assert.deepEqual(await this.sql(BOOKS), [], "declarations that their line items or history contradict");
    }

    get(path, { as = "LP-A", ...options } = {}) {
        return get(this.service, path, { token: TOKENS[as], ...options });
    }

    /** POST of a declaration; `attributes` replace those that follow from the name of the participant. */
    declare(attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: "participant-declaration", attributes } };
        return post(this.service, DECLARATIONS, body, { token: TOKENS[as], ...options });
    }

    void(declaration, { as = "LP-A", ...options } = {}) {
        return put(this.service, `${DECLARATIONS}/${declaration}/void`, undefined, { token: TOKENS[as], ...options });
    }

    /** PUT of a participant action. */
    act(participant, action, attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: `participant-${action}`, attributes } };
        return put(this.service, `${PARTICIPANTS}/${participant}/${action}`, body, { token: TOKENS[as], ...options });
    }

    report(attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: "ecf-partnership", attributes } };
        return post(this.service, PARTNERSHIPS, body, { token: TOKENS[as], ...options });
    }

    updatePartnership(partnership, attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: "ecf-partnership-update", attributes } };
        return put(this.service, `${PARTNERSHIPS}/${partnership}`, body, { token: TOKENS[as], ...options });
    }

    async statementName(statement) {
        if (statement === null) return null;
        const [row] = await this.sql(`SELECT name, cohort FROM statements WHERE id = ${literal(statement)}`);
        return `${row.cohort} ${row.name}`;
    }

    /**
     * What lists and single records show must be what an answer said. `path` is the resource's, `data`
     * the answer's; `seen` says for each provider whether it sees the record: "same", "other" (it sees
     * it with content of its own) or "none".
     */
    async agrees(path, data, { now, seen, query = "page[per_page]=3000" }) {
        for (const [as, expected] of Object.entries(seen)) {
            const single = await this.get(`${path}/${data.id}`, { as, now });
            const list = await this.get(`${path}?${query}`, { as, now });
            assert.equal(list.status, 200);
            const listed = list.json.data.filter((each) => each.id === data.id);
            if (expected === "none") {
                assert.equal(single.status, 404, `${as} must not see ${data.id}`);
                assert.deepEqual(listed, [], `${as} must not find ${data.id} in the list`);
                continue;
            }
            assert.equal(single.status, 200, `${as} must see ${data.id}`);
            if (expected === "same") assert.deepEqual(single.json.data, data, `what ${as} sees`);
            assert.deepEqual(listed, [single.json.data], `what ${as} finds in the list`);
        }
    }
}

/**
 * Gives the world of this file. Before each test it is as new; after each test its projections, line
 * items and histories are held against the rows. ADDED are records on top of the fixture world.
 */
export function serveCases(added = [], { env } = {}) {
    const world = new World(added.flat(), env);
    before(() => world.start());
    beforeEach(() => world.restore());
    afterEach(() => world.verify());
    after(() => world.stop());
    return world;
}

// --- Answers -------------------------------------------------------------------------------------

/** 422 with one element for each [title, text, ...texts]. */
export function assertRefused(answer, ...errors) {
    const body = { errors: errors.map(([title, ...texts]) => ({ title, detail: texts.join(", ") })) };
    assert.deepEqual(answer.json, body, answer.text);
    assert.equal(answer.status, 422);
    assert.equal(answer.headers["content-type"], "application/vnd.api+json");
}

export const isoSeconds = (date) => new Date(date).toISOString().replace(/\.\d+Z$/, "Z");

/** A time of change: the request's clock, or the wall's where that is later. */
export function assertChangedAt(text, now, since) {
    if (Date.parse(now) > Date.now()) assert.equal(text, isoSeconds(now));
    else assert.ok(text >= isoSeconds(since) && text <= isoSeconds(Date.now()), `${text} is not just now`);
}

/** The ids of the world's records, for a name or null. */
export const idOrNull = (name) => (name ? id(name) : null);
