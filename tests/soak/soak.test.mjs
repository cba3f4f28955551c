// Mixed work for SOAK_MINUTES (2, or as long as bin/soak says), at a bounded rate. At the end nothing
// has leaked, nothing has grown, the projections are right, and what the service counted in /metrics
// is what this client counted.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { assertConsistent, declarationOf } from "../support/cases.mjs";
import { request } from "../support/client.mjs";
import { people, recordsOf } from "../support/crowd.mjs";
import { dropDatabase } from "../support/database.mjs";
import { labelsText, parseMetrics } from "../support/prometheus_text.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { id, TOKENS, worldDatabase } from "../support/world.mjs";

const SECONDS = 60 * Number(process.env.SOAK_MINUTES || 2);
const RATE = 60; // requests a second, of all clients together
const CLIENTS = 8;
const NOW = "2024-10-02T09:00:00Z";
const PEOPLE = people(300);
const MIB = 1024; // as /proc counts, in KiB

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The same numbers in every run, so that a run that fails can be run again. */
function randomNumbers(seed) {
    let state = seed;
    return (below) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
}

let database;
let service;
let session;
before(async () => {
    database = await worldDatabase(recordsOf(PEOPLE));
    service = await startService({ database });
    session = openSession(database);
});
after(async () => {
    await service?.stop();
    await session?.close();
    await dropDatabase(database);
});

// ---- what is asked ---------------------------------------------------------------------------------

const A = TOKENS["LP-A"];

/** What a client may do next: {method, path, route, version, options, status, then}. */
class Work {
    constructor(random) {
        this.random = random;
        this.free = [...PEOPLE]; // nobody has a declaration for them
        this.declared = []; // {name, id, version}
        this.accepted = 0;
        this.voided = 0;
        this.declarations = []; // the labels of declarations_total
    }

    #pick(list) {
        return list[this.random(list.length)];
    }

    #take(list) {
        return list.splice(this.random(list.length), 1)[0];
    }

    #read() {
        const [path, route, version, options] = this.#pick(READS);
        return { method: this.random(20) === 0 ? "HEAD" : "GET", path, route, version, status: 200, options };
    }

    #declare() {
        const version = this.#pick(["v1", "v2", "v3"]);
        const name = this.#take(this.free);
        return {
            ...this.#attempt(name, version, 200),
            then: (answer) => {
                this.accepted++;
                this.declared.push({ name, id: answer.json.data.id });
                this.declarations.push({ version, type: "started", result: "accepted" });
            },
        };
    }

    #attempt(name, version, status) {
        const attributes = declarationOf(name, "started", "2024-10-01T10:00:00Z");
        const path = `/api/${version}/participant-declarations`;
        const options = { token: A, now: NOW, body: { data: { attributes } } };
        return { method: "POST", path, route: path, version, status, options };
    }

    #void() {
        const version = this.#pick(["v1", "v2", "v3"]);
        const { name, id: declaration } = this.#take(this.declared);
        const path = `/api/${version}/participant-declarations/${declaration}/void`;
        const route = `/api/${version}/participant-declarations/{id}/void`;
        return {
            method: "PUT",
            path,
            route,
            version,
            status: 200,
            options: { token: A, now: NOW },
            then: () => {
                this.voided++;
                this.free.push(name);
                this.declarations.push({ version, type: "started", result: "voided" });
            },
        };
    }

    /** Nobody knows such a participant. */
    #refused() {
        const version = this.#pick(["v1", "v2", "v3"]);
        return {
            ...this.#attempt("nobody at all", version, 422),
            then: () => this.declarations.push({ version, type: "started", result: "refused" }),
        };
    }

    #wrong() {
        const [method, path, route, version, status, options = {}] = this.#pick(REFUSALS);
        return { method, path, route, version, status, options };
    }

    next() {
        const dice = this.random(100);
        if (dice < 10 && this.free.length > 0) return this.#declare();
        if (dice < 18 && this.declared.length > 0) return this.#void();
        if (dice < 22) return this.#refused();
        if (dice < 34) return this.#wrong();
        return this.#read();
    }
}

const list = (version, path, more = "", options = {}) => [
    `/api/${version}/${path}${more}`,
    `/api/${version}/${path.replace(/\.csv$/, "")}`,
    version,
    { token: A, ...options },
];
const page = (path) => [path, path, "none", {}];
const SINCE = `filter[updated_since]=${encodeURIComponent("2024-01-01T00:00:00Z")}`;

// [path, route, version, options], each answered with 200
const READS = [
    list("v3", "participants/ecf"),
    list("v3", "participants/ecf", `?${SINCE}&page[per_page]=20`),
    list("v3", "participants/ecf", "?sort=-updated_at"),
    list("v3", "participants/ecf/transfers"),
    list("v3", "participant-declarations"),
    list("v3", "participant-declarations", `?${SINCE}`),
    list("v3", "schools/ecf", "?filter[cohort]=2024"),
    list("v3", "partnerships/ecf"),
    list("v3", "statements"),
    list("v3", "delivery-partners"),
    list("v3", "unfunded-mentors/ecf"),
    ...["v1", "v2"].flatMap((version) => [
        list(version, "participants/ecf"),
        list(version, "participants/ecf", "?page[page]=2&page[per_page]=50"),
        list(version, "participants/ecf.csv"),
        list(version, "participant-declarations"),
        list(version, "participant-declarations.csv"),
        list(version, "ecf-users", "", { token: TOKENS.engage_and_learn }),
    ]),
    [`/api/v3/participants/ecf/${id("E24")}`, "/api/v3/participants/ecf/{id}", "v3", { token: A }],
    [`/api/v1/participants/ecf/${id("E24")}`, "/api/v1/participants/ecf/{id}", "v1", { token: A }],
    page("/"),
    page("/check"),
    page("/ready"),
    page("/healthcheck"),
    ["/lead-providers/api-docs/v3/api_spec.json", "/lead-providers/*", "none", {}],
];

const STATEMENTS = "/api/v3/statements";
const ONE = "/api/v3/participants/ecf/{id}";
// [method, path, route, version, status, options]
const REFUSALS = [
    ["GET", STATEMENTS, STATEMENTS, "v3", 401],
    ["GET", STATEMENTS, STATEMENTS, "v3", 401, { token: "nobody's" }],
    ["GET", STATEMENTS, STATEMENTS, "v3", 403, { token: TOKENS.data_studio }],
    ["GET", "/api/v3/nothing", "(unrouted)", "none", 404, { token: A }],
    ["DELETE", STATEMENTS, "(unrouted)", "none", 404, { token: A }],
    ["GET", "/nothing", "(unrouted)", "none", 404],
    ["GET", `/api/v3/participants/ecf/${id("EB")}`, ONE, "v3", 404, { token: A }],
    ["GET", `${STATEMENTS}?page[page]=0`, STATEMENTS, "v3", 400, { token: A }],
    ["GET", `${STATEMENTS}?%zz`, "(unrouted)", "none", 400, { token: A }],
    ["GET", STATEMENTS, "(unrouted)", "none", 400, { token: A, now: "not a date" }],
    ["POST", "/api/v3/participant-declarations", "/api/v3/participant-declarations", "v3", 400, { token: A, now: NOW, body: "{" }],
];

// ---- who asks, and who counts ------------------------------------------------------------------------

const range = (status) => `${Math.floor(status / 100)}xx`;

class Client {
    constructor(work) {
        this.work = work;
        this.answered = []; // {method, route, status_range, version, status} of every answer
        this.wrong = [];
    }

    async #ask(step) {
        const { method, path, route, version, options, status, then } = step;
        const answer = await request(service, method, path, { ...options, check: false }).catch((error) => ({
            status: 0,
            text: error.message,
        }));
        this.answered.push({ method, route, status_range: range(answer.status), version, status: answer.status });
        if (answer.status === status) then?.(answer);
        else this.wrong.push(`${method} ${path}: ${answer.status} instead of ${status}: ${answer.text.slice(0, 200)}`);
    }

    /** Goes on until END, not faster than its share of RATE. */
    async run(end) {
        const step = (1000 * CLIENTS) / RATE;
        for (let due = Date.now(); Date.now() < end && this.wrong.length < 10; due += step) {
            if (due > Date.now()) await pause(due - Date.now());
            else due = Date.now(); // a machine that is too slow asks less
            await this.#ask(this.work.next());
        }
    }
}

/** {labels as a text: how often}. */
function counted(labels) {
    const counts = {};
    for (const each of labels) counts[labelsText(each)] = (counts[labelsText(each)] ?? 0) + 1;
    return counts;
}

async function scrape() {
    const response = await request(service, "GET", "/metrics", { check: false });
    assert.equal(response.status, 200, "there are no metrics");
    return parseMetrics(response.text);
}

/** What a counter has grown by, series by series; those that did not grow are left out. */
function growth(name, earlier, later) {
    const was = earlier.all(name);
    const grown = Object.entries(later.all(name)).map(([labels, value]) => [labels, value - (was[labels] ?? 0)]);
    return Object.fromEntries(grown.filter(([, by]) => by !== 0));
}

// ---- what must not grow --------------------------------------------------------------------------------

const standing = () => ({
    memory: service.status("VmRSS"),
    threads: service.status("Threads"),
    files: service.status("files"),
});

/** Lets all connections go, and waits until the service has as few of everything as `few`. */
async function comesDownTo(few) {
    service.agent.destroy();
    service.agent = new http.Agent({ keepAlive: true });
    const deadline = Date.now() + 15_000;
    for (;;) {
        const { threads, files } = standing();
        if (threads <= few.threads && files <= few.files) return;
        if (Date.now() > deadline)
            assert.fail(`${threads} threads and ${files} files, not ${few.threads} and ${few.files}`);
        await pause(100);
    }
}

async function sessions() {
    const rows = await session.run(
        `SELECT application_name AS name, count(*)::int AS count FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'cpd-api%' GROUP BY 1`,
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

const SESSIONS_AT_MOST = { "cpd-api serve": 5, "cpd-api health": 1, "cpd-api background": 2 };

const average = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** Takes the memory every second, until it is told to stop; gives what was taken. */
function watchMemory() {
    const taken = [];
    const timer = setInterval(() => taken.push(service.status("VmRSS")), 1000);
    return () => {
        clearInterval(timer);
        return taken;
    };
}

test(`mixed work for ${SECONDS} s`, async (t) => {
    const random = randomNumbers(20240901);
    const work = new Work(random);
    const run = async (seconds) => {
        const end = Date.now() + seconds * 1000;
        const clients = Array.from({ length: CLIENTS }, () => new Client(work));
        await Promise.all(clients.map((client) => client.run(end)));
        assert.deepEqual(clients.flatMap((client) => client.wrong).slice(0, 10), []);
        return clients.flatMap((client) => client.answered);
    };

    // Pools are filled, statements prepared, buffers kept: what comes after must stay as it is.
    await run(SECONDS / 4);
    await comesDownTo({ threads: Infinity, files: Infinity });
    await pause(1000);
    work.declarations = [];
    const earlier = await scrape();
    const few = standing();

    const memoryTaken = watchMemory();
    const answered = await run((SECONDS * 3) / 4);
    const memory = memoryTaken();

    const later = await scrape();
    await comesDownTo({ threads: few.threads + 2, files: few.files + 2 });
    t.diagnostic(`${answered.length} requests, ${work.accepted} declarations accepted, ${work.voided} voided`);

    await t.test("every counter is what the client counted", () => {
        const scraped = { method: "GET", route: "/metrics", status_range: "2xx", version: "none" };
        const labels = answered.map(({ status: _, ...each }) => each).concat(scraped);
        assert.deepEqual(growth("requests_total", earlier, later), counted(labels));
        assert.deepEqual(
            growth("response_time_seconds_count", earlier, later),
            counted(labels.map(({ route, status_range }) => ({ route, status_range }))),
        );
        const refused = answered.filter(({ status }) => status === 401 || status === 403);
        assert.deepEqual(
            growth("auth_failures_total", earlier, later),
            counted(refused.map(({ status }) => ({ status: String(status) }))),
        );
        const malformed = answered.filter(
            ({ method, route, status }) => method === "POST" && status === 400 && route !== "(unrouted)",
        );
        assert.deepEqual(
            growth("declarations_total", earlier, later),
            counted([
                ...work.declarations,
                ...malformed.map(() => ({ version: "v3", type: "other", result: "refused" })),
            ]),
        );
        assert.deepEqual(growth("rate_limited_total", earlier, later), {});
        assert.deepEqual(growth("db_errors_total", earlier, later), {});
        assert.deepEqual(growth("api_requests_dropped_total", earlier, later), {});
    });

    await t.test("every kind of answer occurred", () => {
        const statuses = new Set(answered.map(({ status }) => status));
        assert.deepEqual([...statuses].sort(), [200, 400, 401, 403, 404, 422]);
        assert.ok(work.accepted > 10 && work.voided > 5);
    });

    await t.test("memory stays as it was", () => {
        const quarter = Math.max(1, Math.floor(memory.length / 4));
        const first = average(memory.slice(0, quarter));
        const last = average(memory.slice(-quarter));
        t.diagnostic(`memory ${Math.round(first / MIB)} MiB at first, ${Math.round(last / MIB)} MiB at last`);
        assert.ok(last < first * 1.1 + 12 * MIB, `${memory.map((each) => Math.round(each / MIB))} MiB`);
    });

    await t.test("no connection to the database is left over", async () => {
        for (const [name, count] of Object.entries(await sessions()))
            assert.ok(count <= SESSIONS_AT_MOST[name], `${count} sessions of ${name}`);
        const [{ count }] = await session.run(
            `SELECT count(*)::int AS count FROM pg_stat_activity
              WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
        );
        assert.equal(count, 0);
    });

    await t.test("what was accepted is there, and the projections are right", async () => {
        const [row] = await session.run(
            `SELECT count(*)::int AS accepted, (count(*) FILTER (WHERE state = 'voided'))::int AS voided FROM declarations`,
        );
        assert.deepEqual(row, { accepted: work.accepted, voided: work.voided });
        await assertConsistent(session);
        const verified = await runCommand(["verify"], { database });
        assert.equal(verified.status, 0, verified.stdout);
        assert.match(verified.stdout, /(^|\n)0 differences/);
    });

    await t.test("no fault stands in the log", () => {
        assert.deepEqual(service.logs().filter((line) => line.level === "error"), []);
    });
});
