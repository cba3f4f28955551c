// Scheduled jobs: contract platform.md 18 and 7.2.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { get } from "../support/client.mjs";
import { dropDatabase, psql } from "../support/database.mjs";
import { CPD_API } from "../support/environment.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { id, statement, worldDatabase } from "../support/world.mjs";

const JOBS = ["statements", "requests_purge", "attempts_purge", "analytics_purge", "page_marks"];

let database;
let service;
before(async () => {
    database = await worldDatabase();
    service = await startService({ database, env: { REQUEST_RECORDING: "0" } });
});
after(async () => {
    await service?.stop();
    await dropDatabase(database);
});
afterEach(() => sql("DELETE FROM job_runs; DELETE FROM jobs"));

const sql = (text) => psql(database, text);
const command = (...args) => runCommand(args, { database });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const runs = (job) => sql(`SELECT status, error, done FROM job_runs WHERE job = '${job}' ORDER BY id`);
const stateOf = async (job) =>
    (await sql(`SELECT *, extract(epoch FROM next_run_at - now())::float AS wait FROM jobs WHERE name = '${job}'`))[0];

async function eventually(ask, what) {
    const deadline = Date.now() + 20_000;
    for (;;) {
        const found = await ask();
        if (found) return found;
        assert.ok(Date.now() < deadline, `${what} did not come about`);
        await pause(50);
    }
}

async function once(expected = 0) {
    const { status, stderr, stdout } = await command("worker", "--once");
    assert.equal(status, expected, stderr + stdout);
}

async function sidekiq() {
    const response = await get(service, "/healthcheck");
    assert.equal(response.status, 200);
    return response.json.sidekiq;
}

/** The fields of a line of `tasks list`, which two blanks or more keep apart. */
async function listed() {
    const { status, stdout, stderr } = await command("tasks", "list");
    assert.equal(status, 0, stderr);
    const [head, ...lines] = stdout.trim().split("\n").map((line) => line.split(/ {2,}/));
    assert.deepEqual(head, ["name", "schedule", "command", "owner", "last run", "state"]);
    return lines;
}

describe("tasks list", () => {
    test("is the table of the run book", async () => {
        const text = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
        const section = /^## Scheduled tasks\n([^]*?)^## /m.exec(text)[1];
        const rows = [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|/gm)];
        assert.deepEqual(
            (await listed()).map(([name, schedule, , owner]) => [name, schedule, owner]),
            rows.map(([, ...cells]) => cells.map((cell) => cell.trim())),
        );
    });

    test("says how each is run by hand, and that works", async () => {
        for (const [name, , line, , last, state] of await listed()) {
            assert.deepEqual([last, state], ["never", "never ran"]);
            const [program, ...args] = line.split(" ");
            assert.equal(program, "cpd-api");
            const { status, stdout, stderr } = await command(...args);
            assert.equal(`${status} ${stdout}`, `0 ${name} done\n`, stderr);
        }
        for (const [, , , , last, state] of await listed()) {
            assert.match(last, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
            assert.equal(state, "done");
        }
    });

    test("refuses what is no task", async () => {
        for (const args of [[], ["run"], ["run", "nothing"], ["list", "x"], ["x"]])
            assert.equal((await command("tasks", ...args)).status, 64, args.join(" "));
        assert.equal((await command("tasks", "--help")).status, 0);
    });
});

describe("worker --once", () => {
    test("runs what has never run, and records it", async () => {
        await once();
        for (const job of JOBS) {
            assert.deepEqual((await runs(job)).map(({ status, error }) => [status, error]), [["done", null]]);
            const { wait, failures } = await stateOf(job);
            assert.ok(wait > 0 && wait <= 86_400, `${job} is due in ${wait} s`);
            assert.equal(failures, 0);
        }
    });

    test("runs what is due and nothing else, but statements always", async () => {
        await once();
        await sql("UPDATE jobs SET next_run_at = now() - interval '9 days' WHERE name = 'attempts_purge'");
        await once();
        const counts = await Promise.all(JOBS.map(async (job) => (await runs(job)).length));
        assert.deepEqual(counts, [2, 1, 2, 1, 1]);
    });

    test("makes statements payable whose deadline has passed since its last run", async () => {
        await once();
        const due = statement("LP-A", 2021, "November 2021");
        const state = async () => (await sql(`SELECT state FROM statements WHERE id = '${due}'`))[0]?.state;
        await sql(`UPDATE statements SET state = 'open', deadline_date = current_date - 1 WHERE id = '${due}'`);
        await once();
        assert.equal(await state(), "payable");
    });

    test("purges by age", async () => {
        await sql(`
            INSERT INTO api_requests (request_path, request_method, request_headers, request_body, status_code,
                response_headers, response_body, request_id, duration_us, created_at)
            SELECT '/api/v3/x', 'GET', '{}', '{}', 404, '{}', '{}', 'r', 1, now() - age
              FROM unnest(ARRAY['91 days', '89 days', '1 day']::interval[]) age;
            INSERT INTO declaration_attempts (user_id, lead_provider_id, created_at)
            SELECT '${id("E24")}', '${id("LP-A")}', now() - age FROM unnest(ARRAY['366 days', '364 days']::interval[]) age;
            INSERT INTO analytics_events (occurred_at, event_type, event)
            SELECT now() - age, 'web_request', '{}' FROM unnest(ARRAY['31 days', '29 days']::interval[]) age`);
        await once();
        const left = await sql(`SELECT (SELECT count(*)::int FROM api_requests) AS requests,
            (SELECT count(*)::int FROM declaration_attempts) AS attempts,
            (SELECT count(*)::int FROM analytics_events) AS events`);
        assert.deepEqual(left, [{ requests: 2, attempts: 1, events: 1 }]);
        assert.equal((await runs("requests_purge"))[0].done, 1);
        const shorter = await runCommand(["tasks", "run", "requests_purge"], {
            database,
            env: { REQUEST_RETENTION_DAYS: "30" },
        });
        assert.equal(shorter.status, 0);
        assert.equal((await sql("SELECT count(*)::int AS n FROM api_requests"))[0].n, 1);
    });
});

describe("a job that fails", () => {
    const broken = async (work) => {
        await sql("ALTER TABLE declaration_attempts RENAME TO elsewhere");
        try {
            await work();
        } finally {
            await sql("ALTER TABLE elsewhere RENAME TO declaration_attempts");
        }
    };

    test("is recorded, keeps no other from running, and is tried again", async () => {
        await broken(() => once(1));
        const [failed] = await runs("attempts_purge");
        assert.equal(failed.status, "failed");
        assert.match(failed.error, /^[a-z ]+$/, "a class, no text of PostgreSQL");
        assert.equal((await runs("analytics_purge"))[0].status, "done");
        const { failures, wait } = await stateOf("attempts_purge");
        assert.equal(failures, 1);
        assert.ok(wait > 0 && wait <= 60, `again in ${wait} s`);
        assert.deepEqual((await listed()).find(([name]) => name === "attempts_purge").at(-1).split(":")[0], "trying again");
        assert.equal((await sidekiq()).errors, 1);

        await once();
        assert.equal((await runs("attempts_purge")).length, 1, "not before its time");
        await sql("UPDATE jobs SET next_run_at = now() WHERE name = 'attempts_purge'");
        assert.equal((await sidekiq()).job_count, 1);
        await once();
        assert.deepEqual((await runs("attempts_purge")).map(({ status }) => status), ["failed", "done"]);
        assert.deepEqual(await sidekiq(), { job_count: 0, errors: 0, failed: 0, sidekiq_last_failure: null });
    });

    test("is given up in the end, until its next time", async () => {
        await once();
        await broken(async () => {
            await sql("UPDATE jobs SET failures = 7, next_run_at = now() WHERE name = 'attempts_purge'");
            await once(1);
        });
        const { is_dead, wait } = await stateOf("attempts_purge");
        assert.ok(is_dead && wait > 0);
        const health = await sidekiq();
        assert.deepEqual([health.errors, health.failed], [0, 1]);
        assert.ok(Math.abs(Date.parse(health.sidekiq_last_failure) - Date.now()) < 60_000);
        assert.equal((await command("tasks", "run", "attempts_purge")).status, 0);
        assert.equal((await sidekiq()).failed, 0);
    });
});

describe("a job runs once at a time", () => {
    test("two that look at the same moment do not both run it", async () => {
        await once();
        for (let round = 0; round < 3; round++) {
            await sql("UPDATE jobs SET next_run_at = now() WHERE name = 'requests_purge'");
            const before = (await runs("requests_purge")).length;
            const session = openSession(database); // holds the job up while it runs
            await session.run("BEGIN");
            await session.run("LOCK TABLE api_requests IN ACCESS EXCLUSIVE MODE");
            const first = command("tasks", "run", "requests_purge");
            await eventually(
                async () => (await runs("requests_purge")).at(-1).status === "running",
                "the first run",
            );
            assert.equal((await listed())[1].at(-1), "running");
            const others = await Promise.all([
                command("tasks", "run", "requests_purge"),
                command("tasks", "run", "requests_purge"),
                command("worker", "--once"),
            ]);
            assert.deepEqual(others.map(({ status }) => status), [75, 75, 0]);
            await session.run("ROLLBACK");
            await session.close();
            assert.equal((await first).status, 0);
            assert.equal((await runs("requests_purge")).length, before + 1);
        }
    });

    test("two workers: the second is sent away", async () => {
        const child = spawn(CPD_API, ["worker"], {
            env: { PATH: process.env.PATH, APP_ENV: "test", DATABASE_URL: database },
            stdio: "ignore",
        });
        try {
            await eventually(async () => (await runs("analytics_purge")).length === 1, "the first worker");
            await once(75);
        } finally {
            child.kill("SIGTERM");
        }
        const status = await new Promise((done) => child.on("exit", done));
        assert.equal(status, 0);
        assert.equal((await runs("analytics_purge")).length, 1);
    });

    test("a run that was killed is known to have been, and its job is free", async () => {
        await once();
        const session = openSession(database);
        await session.run("BEGIN");
        await session.run("LOCK TABLE api_requests IN ACCESS EXCLUSIVE MODE");
        const child = spawn(CPD_API, ["tasks", "run", "requests_purge"], {
            env: { PATH: process.env.PATH, APP_ENV: "test", DATABASE_URL: database },
            stdio: "ignore",
        });
        await eventually(async () => (await runs("requests_purge")).at(-1).status === "running", "the run");
        const exited = new Promise((done) => child.on("exit", done));
        child.kill("SIGKILL");
        await exited;
        await session.run("ROLLBACK");
        await session.close();
        await eventually(
            async () => (await command("tasks", "run", "requests_purge")).status === 0,
            "that PostgreSQL has noticed",
        );
        assert.deepEqual(
            (await runs("requests_purge")).slice(1).map(({ status, error }) => [status, error]),
            [["failed", "interrupted"], ["done", null]],
        );
    });
});

describe("/healthcheck", () => {
    test("counts jobs that are overdue", async () => {
        await once();
        assert.equal((await sidekiq()).job_count, 0);
        await sql("UPDATE jobs SET next_run_at = now() - interval '1 hour' WHERE name <> 'statements'");
        assert.equal((await sidekiq()).job_count, JOBS.length - 1);
    });

    test("answers within a second while the table of jobs is locked", async () => {
        const session = openSession(database);
        await session.run("BEGIN");
        await session.run("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE");
        const begun = Date.now();
        assert.deepEqual(await sidekiq(), {
            job_count: "FAIL",
            errors: "FAIL",
            failed: "FAIL",
            sidekiq_last_failure: null,
        });
        assert.ok(Date.now() - begun < 1000, `${Date.now() - begun} ms`);
        await session.run("ROLLBACK");
        await session.close();
    });
});

