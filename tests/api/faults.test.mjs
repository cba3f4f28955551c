// Faults under load, with counted outcomes: nothing but success or 503 with Retry-After, recovery
// within five seconds, nothing lost and nothing twice, memory that does not grow. What a single fault
// does to a single request is in database_faults, lifecycle and crashes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { get } from "../support/client.mjs";
import { Cluster } from "../support/cluster.mjs";
import { Crowd, people, recordsOf } from "../support/crowd.mjs";
import { createDatabase } from "../support/database.mjs";
import { ROOT } from "../support/environment.mjs";
import { startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { TOKENS, worldDatabase } from "../support/world.mjs";

const token = TOKENS["LP-A"];
const PEOPLE = people(200);
const MEMORY = 64 * 1024; // KiB that a service may have more after a fault than before
const isSanitized = Boolean(process.env.ASAN_OPTIONS || process.env.TSAN_OPTIONS);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

let cluster;
let template;
let diskIsFull; // the file that makes it so
let preload; // what PostgreSQL is started with, so that its disk can be filled

before(async () => {
    cluster = new Cluster();
    const library = join(cluster.folder, "full_disk.so");
    const source = join(ROOT, "tests/support/full_disk.c");
    const compiled = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
    assert.equal(compiled.status, 0, compiled.stderr?.toString());
    chmodSync(library, 0o755);
    diskIsFull = join(cluster.folder, "disk-is-full");
    preload = { LD_PRELOAD: library, FULL_DISK: diskIsFull };
    cluster.start(preload);
    process.env.TEST_DATABASE_URL = cluster.url();
    template = new URL(await worldDatabase(recordsOf(PEOPLE))).pathname.slice(1);
});
after(() => {
    cluster.remove();
});

/**
 * Runs `fault(crowd, services, database)` under load over `count` services; then everything that was
 * sent must be accounted for. The load goes on before and after.
 */
async function underLoad(name, { count = 1, env, ...options }, fault) {
    const database = await createDatabase(name, { template });
    const services = [];
    for (let i = 0; i < count; i++) services.push(await startService({ database, env, ...options }));
    const crowd = new Crowd(services, PEOPLE);
    crowd.start();
    await crowd.more("ok", 50);
    const memory = services.map((service) => service.status("VmRSS"));
    await fault(crowd, services, database);
    await crowd.more("ok", 50);
    await crowd.stop();
    await crowd.settle(database);
    for (const [i, service] of services.entries()) {
        if (!service.isRunning) continue;
        const grown = service.status("VmRSS") - memory[i];
        assert.ok(isSanitized || grown < MEMORY, `${grown} KiB more than before`);
        await service.stop();
    }
    return crowd;
}

const recoversInTime = async (crowd, t) => t.diagnostic(`recovered after ${await crowd.recovered()} ms`);
const report = (crowd, t) => t.diagnostic(JSON.stringify(crowd.counts));

test("the database is stopped and started", async (t) => {
    const crowd = await underLoad("stopped", { count: 2 }, async (load) => {
        cluster.stop();
        await load.more("unavailable", 100);
        cluster.start(preload);
        await recoversInTime(load, t);
    });
    assert.equal(crowd.counts.broken, 0);
    report(crowd, t);
});

test("the database does not answer, and then it does", async (t) => {
    const env = { DB_WAIT_MS: "200", DB_STATEMENT_MS: "5000" };
    const crowd = await underLoad("hanging", { env }, async (load, [service]) => {
        cluster.signal("SIGSTOP");
        await load.more("unavailable", 20);
        assert.equal((await get(service, "/check")).status, 200);
        cluster.signal("SIGCONT");
        await recoversInTime(load, t);
    });
    assert.equal(crowd.counts.broken, 0);
    report(crowd, t);
});

test("the database is slow: statements take longer than they may", async (t) => {
    const env = { DB_WAIT_MS: "300", DB_STATEMENT_MS: "300" };
    const crowd = await underLoad("slow", { env }, async (load, _, database) => {
        const session = openSession(database);
        await session.run("BEGIN; LOCK TABLE declarations IN ACCESS EXCLUSIVE MODE");
        await load.more("unavailable", 20);
        await session.run("COMMIT");
        await session.close();
        await recoversInTime(load, t);
    });
    assert.equal(crowd.counts.broken, 0);
    report(crowd, t);
});

test("the pool is exhausted", async (t) => {
    const env = { DB_POOL: "2", DB_WAIT_MS: "100", DB_STATEMENT_MS: "20000" };
    const crowd = await underLoad("exhausted", { env }, async (load, [service], database) => {
        const session = openSession(database);
        await session.run("BEGIN; LOCK TABLE statements IN ACCESS EXCLUSIVE MODE");
        await load.more("unavailable", 100); // those who wait for no lock, but for a connection
        assert.equal((await get(service, "/healthcheck")).status, 200);
        const connections = await session.run(
            `SELECT count(*)::int AS count FROM pg_stat_activity
              WHERE datname = current_database() AND application_name = 'cpd-api serve'`,
        );
        assert.deepEqual(connections, [{ count: 2 }]);
        await session.run("COMMIT");
        await session.close();
        await recoversInTime(load, t);
    });
    assert.equal(crowd.counts.broken, 0);
    report(crowd, t);
});

test("the disk of the database is full", async (t) => {
    const crowd = await underLoad("full", {}, async (load, [service]) => {
        writeFileSync(diskIsFull, "");
        await load.more("unavailable", 10);
        // What is there can still be read.
        for (let i = 0; i < 10; i++)
            assert.equal((await get(service, "/api/v3/statements", { token })).status, 200);
        rmSync(diskIsFull);
        await recoversInTime(load, t);
        const faults = service.logs().filter((line) => line.fault !== undefined);
        assert.ok(faults.some((line) => line.detail === "53100"), "the log says what it was");
    });
    assert.equal(crowd.counts.broken, 0);
    report(crowd, t);
});

test("nobody reads the log: first it is full, then its reader has gone", async (t) => {
    const env = { LOG_LEVEL: "info" };
    const crowd = await underLoad("unread", { env, output: "pipe" }, async (load, [service]) => {
        await load.more("ok", 500); // much more than a pipe takes
        let text = "";
        service.child.stdout.setEncoding("utf8").on("data", (part) => (text += part));
        const told = () => text.split("\n").find((line) => /"log lines lost"/.test(line));
        while (!told()) await load.more("ok", 1);
        assert.ok(JSON.parse(told()).count > 0);
        for (const line of text.split("\n").slice(0, -1)) assert.ok(JSON.parse(line).message);
        service.child.stdout.destroy();
        await load.more("ok", 200);
    });
    assert.deepEqual([crowd.counts.unavailable, crowd.counts.broken], [0, 0]);
    report(crowd, t);
});

test("one of two instances is killed", async (t) => {
    const crowd = await underLoad("killed", { count: 2 }, async (load, services) => {
        const [gone, other] = services;
        load.services = [gone, other];
        await gone.kill();
        load.services = [other]; // as a balancer does when /check is not answered any more
        await load.more("ok", 100);
    });
    // In flight were at most as many as there are clients, and some more found no one there.
    assert.ok(crowd.counts.broken <= 4 * (crowd.writers + crowd.readers), `${crowd.counts.broken}`);
    assert.equal(crowd.counts.unavailable, 0);
    report(crowd, t);
});

test("a thousand silent clients, and some that never finish a request", async (t) => {
    const connect = (service, bytes) =>
        new Promise((done, fail) => {
            const socket = net.connect(service.port, service.host, () => {
                if (bytes) socket.write(bytes);
                done(socket);
            });
            socket.on("error", fail);
        });
    const crowd = await underLoad("silent", {}, async (load, [service]) => {
        const threads = service.status("Threads");
        const files = service.status("files");
        const silent = [];
        for (let i = 0; i < 1000; i++)
            silent.push(await connect(service, i % 10 === 0 ? "GET /api/v3/statements HTTP/1.1\r\nHo" : ""));
        const begun = Date.now();
        await load.more("ok", 200);
        t.diagnostic(`200 answers beside them in ${Date.now() - begun} ms`);
        for (const socket of silent) socket.destroy();
        const deadline = Date.now() + 10_000;
        while (service.status("Threads") > threads + 8 || service.status("files") > files + 8) {
            assert.ok(Date.now() < deadline, "their threads and sockets are given back");
            await pause(50);
        }
    });
    assert.deepEqual([crowd.counts.unavailable, crowd.counts.broken], [0, 0]);
    report(crowd, t);
});
