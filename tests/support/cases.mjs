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

/** Projections, line items and histories of a database agree with its rows. */
export async function assertConsistent(session) {
    assert.deepEqual(await session.run(VERIFY), [], "projections that differ");
    assert.deepEqual(
        await session.run(BOOKS),
        [],
        "declarations that their line items or history contradict",
    );
}

class World {
    #added;
    #env;

    #count;

    constructor(added, env, count) {
        this.#added = added;
        this.#env = env;
        this.#count = count;
    }

    async start() {
        this.database = await worldDatabase(this.#added);
        this.session = openSession(this.database);
        await this.#keep();
        this.services = [];
        for (let i = 0; i < this.#count; i++)
            this.services.push(await startService({ database: this.database, env: this.#env }));
        [this.service] = this.services;
    }

    async stop() {
        try {
            for (const service of this.services ?? []) await service.stop();
        } finally {
            await this.session?.close(); // or the test file would never end
            await dropDatabase(this.database);
        }
    }

    // A copy of every table, and the script that puts it back: a database per test costs more.
    async #keep() {
        const tables = await this.session.run(
            `SELECT table_name AS name FROM information_schema.tables
              WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                AND table_name NOT IN ('api_tokens', 'schema_migrations', 'rate_limit_counts')`,
        );
        await this.session.run("CREATE SCHEMA kept");
        for (const { name } of tables)
            await this.session.run(`CREATE TABLE kept.${name} AS TABLE ${name}`);
        const restore = tables.map(
            ({ name }) => `
                DELETE FROM ${name} x WHERE x::text NOT IN (SELECT k::text FROM kept.${name} k);
                INSERT INTO ${name} OVERRIDING SYSTEM VALUE
                SELECT * FROM kept.${name} k WHERE k::text NOT IN (SELECT x::text FROM ${name} x);`,
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

    /** The same, by the clock `now`. */
    import(records, now) {
        return importRecords(this.database, records.flat(), { now });
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
        await assertConsistent(this.session);
    }

    get(path, { as = "LP-A", ...options } = {}) {
        return get(this.service, path, { token: TOKENS[as], ...options });
    }

    post(path, body, { as = "LP-A", ...options } = {}) {
        return post(this.service, path, body, { token: TOKENS[as], ...options });
    }

    /** POST of a declaration. */
    declare(attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: "participant-declaration", attributes } };
        return post(this.service, DECLARATIONS, body, { token: TOKENS[as], ...options });
    }

    void(declaration, { as = "LP-A", ...options } = {}) {
        return put(this.service, `${DECLARATIONS}/${declaration}/void`, undefined, {
            token: TOKENS[as],
            ...options,
        });
    }

    /** PUT of a participant action. */
    act(participant, action, attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: `participant-${action}`, attributes } };
        return put(this.service, `${PARTICIPANTS}/${participant}/${action}`, body, {
            token: TOKENS[as],
            ...options,
        });
    }

    report(attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: "ecf-partnership", attributes } };
        return post(this.service, PARTNERSHIPS, body, { token: TOKENS[as], ...options });
    }

    updatePartnership(partnership, attributes, { as = "LP-A", ...options } = {}) {
        const body = { data: { type: "ecf-partnership-update", attributes } };
        return put(this.service, `${PARTNERSHIPS}/${partnership}`, body, {
            token: TOKENS[as],
            ...options,
        });
    }

    async statementName(statement) {
        if (statement === null) return null;
        const [row] = await this.sql(
            `SELECT name, cohort FROM statements WHERE id = ${literal(statement)}`,
        );
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
 * items and histories are held against the rows. ADDED are records on top of the fixture world; with
 * `services` there are so many services over the one database.
 */
export function serveCases(added = [], { env, services = 1 } = {}) {
    const world = new World(added.flat(), env, services);
    before(() => world.start());
    beforeEach(() => world.restore());
    afterEach(() => world.verify());
    after(() => world.stop());
    return world;
}

// --- Answers -------------------------------------------------------------------------------------

/** 422 with one element for each [title, text, ...texts]. */
export function assertRefused(answer, ...errors) {
    const body = {
        errors: errors.map(([title, ...texts]) => ({ title, detail: texts.join(", ") })),
    };
    assert.deepEqual(answer.json, body, answer.text);
    assert.equal(answer.status, 422);
    assert.equal(answer.headers["content-type"], "application/vnd.api+json");
}

export const isoSeconds = (date) => new Date(date).toISOString().replace(/\.\d+Z$/, "Z");

/** A time of change: the request's clock, or the wall's where that is later. */
export function assertChangedAt(text, now, since) {
    if (Date.parse(now) > Date.now()) assert.equal(text, isoSeconds(now));
    else
        assert.ok(
            text >= isoSeconds(since) && text <= isoSeconds(Date.now()),
            `${text} is not just now`,
        );
}

/** The ids of the world's records, for a name or null. */
export const idOrNull = (name) => (name ? id(name) : null);

/** The body of the request D(name, type, date, evidence) of the contract, with the course of `kind`. */
export function declarationOf(name, type, date, evidence) {
    return {
        participant_id: id(name),
        declaration_type: type,
        declaration_date: date,
        course_identifier: name.startsWith("M") ? "ecf-mentor" : "ecf-induction",
        ...(evidence !== undefined && { evidence_held: evidence }),
    };
}

/**
 * Holds an accepted declaration against what the contract says of it, whole, and gives its data.
 * `expected` replaces what a plain eligible declaration of LP-A at S1 has; `statement` is its
 * statement as "COHORT NAME".
 */
export async function assertDeclared(world, answer, { request, now, since, ...expected }) {
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers["content-type"], "application/vnd.api+json");
    assert.deepEqual(Object.keys(answer.json), ["data"]);
    const { data } = answer.json;
    const { statement = null, clawbackStatement = null, ...attributes } = expected;
    assert.equal(await world.statementName(data.attributes.statement_id), statement);
    assert.equal(
        await world.statementName(data.attributes.clawback_statement_id),
        clawbackStatement,
    );
    assertChangedAt(data.attributes.updated_at, now, since);
    assert.equal(
        JSON.stringify(data),
        JSON.stringify({
            id: data.id,
            type: "participant-declaration",
            attributes: {
                participant_id: request.participant_id,
                declaration_type: request.declaration_type,
                course_identifier: request.course_identifier,
                declaration_date: request.declaration_date,
                mentor_id: null,
                state: "eligible",
                updated_at: data.attributes.updated_at,
                created_at: now,
                delivery_partner_id: id("DP-1"),
                statement_id: data.attributes.statement_id,
                clawback_statement_id: data.attributes.clawback_statement_id,
                ineligible_for_funding_reason: null,
                uplift_paid: false,
                evidence_held: null,
                has_passed: null,
                lead_provider_name: "LP-A",
                ...attributes,
            },
        }),
    );
    return data;
}

const at = (instant) => (instant === null ? null : isoSeconds(instant));

/** Holds the rows that a declaration has left behind against the answer and against each other. */
export function assertDeclarationWritten(
    changes,
    data,
    { request, now, provider = "LP-A", itemState, reason = null },
) {
    const { attributes } = data;
    const state = attributes.state.replaceAll("-", "_");
    const [declared] = changes.declarations;
    const tables = ["declarations", "declaration_states", "declaration_attempts", "events"];
    const item = itemState ?? (attributes.statement_id ? state : null);

    assert.deepEqual(
        Object.keys(changes)
            .filter((name) => name !== "training_records")
            .sort(),
        [...tables, ...(item ? ["statement_line_items"] : [])].sort(),
    );
    assert.deepEqual(
        changes.declarations.map((row) => [row.id, row.state, at(row.created_at)]),
        [[data.id, state, now]],
    );
    assert.equal(at(declared.updated_at), attributes.updated_at);
    assert.deepEqual(
        changes.declaration_states.map((row) => [
            row.declaration_id,
            row.state,
            row.reason,
            at(row.created_at),
        ]),
        (state === "submitted" ? ["submitted"] : ["submitted", state]).map((each) => [
            data.id,
            each,
            each === "ineligible" ? reason : null,
            now,
        ]),
    );
    assert.deepEqual(changes.declaration_attempts.map(attemptOf), [
        attempt(request, { now, provider, user: attributes.participant_id, declaration: data.id }),
    ]);
    assert.deepEqual(
        (changes.statement_line_items ?? []).map((row) => [row.declaration_id, row.state]),
        item ? [[data.id, item]] : [],
    );
    if (attributes.statement_id)
        assert.equal(changes.statement_line_items[0].statement_id, attributes.statement_id);
    assert.deepEqual(
        changes.events
            .filter((event) => event.subject_type === "declaration")
            .map(eventOf)
            .sort(byName),
        [`declaration ${state}`, ...(item ? [`line item ${item}`] : [])].map((name) =>
            eventBy(provider, name, data.id),
        ),
    );
}

const attemptOf = (row) => ({
    user: row.user_id,
    provider: row.lead_provider_id,
    type: row.declaration_type,
    date: at(row.declaration_date),
    course: row.course_identifier,
    evidence: row.evidence_held,
    declaration: row.declaration_id,
    at: at(row.created_at),
});

/** What an attempt at REQUEST keeps. */
export const attempt = (
    request,
    { now, provider = "LP-A", user = request.participant_id, date, declaration = null },
) => ({
    user,
    provider: id(provider),
    type: request.declaration_type ?? null,
    date: date === undefined ? isoSeconds(request.declaration_date) : date,
    course: request.course_identifier ?? null,
    evidence: request.evidence_held ?? null,
    declaration,
    at: now,
});

const byName = (a, b) => (a.name < b.name ? -1 : 1);
export const eventOf = ({ name, subject_id, actor }) => ({ name, subject_id, actor });
export const eventBy = (provider, name, subject) => ({
    name,
    subject_id: subject,
    actor: `lead_provider ${id(provider)}`,
});

/** A refused declaration leaves nothing but its attempt, or nothing at all. */
export function assertOnlyAttempt(changes, expected) {
    if (expected === null) return assert.deepEqual(changes, {});
    assert.deepEqual(Object.keys(changes), ["declaration_attempts"]);
    assert.deepEqual(changes.declaration_attempts.map(attemptOf), [expected]);
}

/** What both providers see of a declaration as long as only LP-A has to do with the participant. */
export const OWN = { "LP-A": "same", "LP-B": "none" };

/** A Given: a declaration that was accepted; gives its data. */
export async function declared(world, request, now, options = {}) {
    const answer = await world.declare(request, { now, ...options });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.data;
}

/** A Given: a participant action that was accepted. */
export async function acted(world, name, action, attributes, now, options) {
    const course = name.startsWith("M") ? "ecf-mentor" : "ecf-induction";
    const answer = await world.act(
        id(name),
        action,
        { course_identifier: course, ...attributes },
        { now, ...options },
    );
    assert.equal(answer.status, 200, answer.text);
    return answer.json.data;
}

/** 404, as for a record that is not there. */
export function assertNotFound(answer) {
    assert.equal(answer.status, 404, answer.text);
    assert.deepEqual(answer.json, { error: "Resource not Found" });
}
