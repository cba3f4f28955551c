// Starting, stopping, slow clients and too much work: contract platform.md 19, design.md 3.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import http from "node:http";
import net from "node:net";
import { after, before, describe, test } from "node:test";
import { get, sendBytes } from "../support/client.mjs";
import { dropDatabase } from "../support/database.mjs";
import { startService } from "../support/service.mjs";
import { TOKENS, worldDatabase } from "../support/world.mjs";

const PATH = "/api/v3/statements";
const token = TOKENS["LP-A"];
const UNAVAILABLE = { error: "Service unavailable" };

let database;
before(async () => {
    database = await worldDatabase();
});
after(() => dropDatabase(database));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function until(isSo, what, ms = 5000) {
    const deadline = Date.now() + ms;
    while (!(await isSo())) {
        if (Date.now() > deadline) assert.fail(`not within ${ms} ms: ${what}`);
        await pause(10);
    }
}

/** Holds the table `statements` so that requests for it wait, until the test t ends; () => releases it. */
async function lockStatements(t) {
    const child = spawn("psql", ["-Xqt", "-d", database], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise((done) => child.on("close", done));
    const locked = new Promise((done) => child.stdout.once("data", done));
    child.stdin.write("BEGIN; LOCK TABLE statements IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n");
    await locked;
    const release = async () => {
        child.stdin.end("COMMIT;\n");
        await ended;
    };
    t.after(release);
    return release;
}

/** A request on a connection of its own, answered some time: {status, headers, text}. */
function ask(service, path = PATH) {
    const call = { isAnswered: false };
    call.answer = new Promise((done, fail) => {
        const { host, port } = service;
        const headers = { Authorization: `Bearer ${token}` };
        http.get({ host, port, path, headers, agent: false }, (response) => {
            let text = "";
            response.setEncoding("utf8").on("data", (part) => (text += part));
            response.on("end", () => {
                call.isAnswered = true;
                done({ status: response.statusCode, headers: response.headers, text });
            });
            response.on("error", fail);
        }).on("error", fail);
    });
    call.answer.catch(() => {});
    return call;
}

/** A connection: what was received, and when it ended. */
function connect(service, bytes = "") {
    const socket = net.connect(service.port, service.host);
    const connection = { socket, text: "", isEnded: false };
    connection.ended = new Promise((done) => socket.on("close", done));
    socket.on("data", (part) => (connection.text += part));
    socket.on("error", () => {});
    socket.on("close", () => (connection.isEnded = true));
    if (bytes !== "") socket.write(bytes);
    return connection;
}

describe("starting", () => {
    test("takes less than a second, and the first answer no longer", async () => {
        const begun = Date.now();
        const service = await startService({ database });
        const response = await get(service, PATH, { token });
        const taken = Date.now() - begun;
        await service.stop();
        assert.equal(response.status, 200);
        assert.ok(taken < 1000, `${taken} ms`);
    });
});

describe("stopping", () => {
    for (const signal of ["SIGTERM", "SIGINT"])
        test(`${signal}: what was begun is answered, nothing more is taken`, async (t) => {
            const service = await startService({ database });
            assert.equal((await get(service, PATH, { token })).status, 200); // the token is known now
            const release = await lockStatements(t);
            const slow = ask(service);
            const half = connect(service, `GET /check HTTP/1.1\r\nHost: x\r\n`);
            await pause(100);
            service.child.kill(signal);
            await until(async () => {
                const refused = await sendBytes(service, "", { wait: 50 }).then(
                    () => false,
                    () => true,
                );
                return refused;
            }, "new connections are refused");
            assert.equal(slow.isAnswered, false);
            half.socket.write("\r\n");
            await release();
            const response = await slow.answer;
            assert.equal(response.status, 200);
            assert.equal(JSON.parse(response.text).data.length > 0, true);
            assert.equal(response.headers.connection, "close");
            await half.ended;
            assert.match(half.text, /^HTTP\/1\.1 200 /);
            assert.deepEqual(await service.exited, { status: 0, signal: null });
            service.isRunning = false;
        });

    test("does not wait for connections that ask nothing", async () => {
        const service = await startService({ database });
        const idle = [connect(service), connect(service, "GET /check HTTP/1.1\r\nHost: x\r\n\r\n")];
        await until(() => idle[1].text !== "", "an answer");
        const begun = Date.now();
        await service.stop();
        assert.ok(Date.now() - begun < 2000, `${Date.now() - begun} ms`);
        await Promise.all(idle.map((each) => each.ended));
    });

    test("a request that does not end is not waited for longer than ten seconds", async (t) => {
        const service = await startService({ database, env: { DB_STATEMENT_MS: "60000" } });
        await get(service, PATH, { token });
        await lockStatements(t);
        const slow = ask(service);
        await pause(100);
        const begun = Date.now();
        service.child.kill("SIGTERM");
        assert.deepEqual(await service.exited, { status: 1, signal: null });
        service.isRunning = false;
        assert.ok(Date.now() - begun < 10_000, `${Date.now() - begun} ms`);
        assert.ok(service.logs().some((line) => /unanswered/.test(line.message)));
        await assert.rejects(slow.answer);
    });
});

describe("slow clients, with REQUEST_TIMEOUT=1", () => {
    let service;
    before(async () => {
        service = await startService({ database, env: { REQUEST_TIMEOUT: "1" } });
    });
    after(() => service?.stop());

    /** Sends the bytes one after the other, a tenth of a second apart, until the other side has enough. */
    async function drip(first, rest) {
        const connection = connect(service, first);
        const begun = Date.now();
        for (const byte of rest) {
            if (connection.isEnded || Date.now() - begun > 8000) break;
            connection.socket.write(byte);
            await pause(100);
        }
        await Promise.race([connection.ended, pause(1000)]);
        connection.socket.destroy();
        assert.ok(connection.isEnded, "the connection was ended");
        return { taken: Date.now() - begun, text: connection.text };
    }

    for (const [what, first, rest] of [
        ["headers", "GET /check HTTP/1.1\r\nHost: x\r\n", "X-Slow: ".padEnd(200, "x")],
        [
            "body",
            `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n`,
            "{".padEnd(200, " "),
        ],
    ])
        test(`that send ${what} byte by byte are ended`, async () => {
            const { taken, text } = await drip(first, rest);
            assert.ok(taken >= 900 && taken < 4000, `${taken} ms`);
            assert.doesNotMatch(text, /HTTP\/1\.1 200/);
        });

    test("take nothing from others meanwhile", async () => {
        const slow = Array.from({ length: 50 }, () => connect(service, "GET /check HTTP/1.1\r\nHo"));
        const begun = Date.now();
        for (let i = 0; i < 5; i++) assert.equal((await get(service, PATH, { token })).status, 200);
        assert.ok(Date.now() - begun < 1000);
        await Promise.race([Promise.all(slow.map((each) => each.ended)), pause(5000)]);
        assert.ok(slow.every((each) => each.isEnded));
    });

    test("a request that the service is slow to answer is not ended", async (t) => {
        const release = await lockStatements(t);
        const slow = ask(service);
        await pause(2500);
        assert.equal(slow.isAnswered, false);
        await release();
        assert.equal((await slow.answer).status, 200);
    });

    test("a connection may rest between two requests", async () => {
        const connection = connect(service, "GET /check HTTP/1.1\r\nHost: x\r\n\r\n");
        await until(() => connection.text !== "", "the first answer");
        await pause(2500);
        connection.text = "";
        connection.socket.write("GET /check HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        await connection.ended;
        assert.match(connection.text, /^HTTP\/1\.1 200 /);
    });
});

describe("more work than there are connections to the database", () => {
    let service;
    before(async () => {
        service = await startService({
            database,
            env: { DB_POOL: "1", DB_WAIT_MS: "200", DB_STATEMENT_MS: "5000" },
        });
    });
    after(() => service?.stop());

    test("who waits too long is told so, and the rest goes on", async (t) => {
        await get(service, PATH, { token });
        const release = await lockStatements(t);
        const first = ask(service);
        await pause(50);
        const response = await get(service, "/api/v3/delivery-partners", { token });
        assert.deepEqual([response.status, response.json], [503, UNAVAILABLE]);
        assert.equal(response.headers["retry-after"], "5");
        assert.equal(response.headers["content-type"], "application/vnd.api+json");
        assert.equal(response.headers["cache-control"], undefined);
        assert.equal((await get(service, "/check")).status, 200);
        assert.equal((await get(service, "/healthcheck")).status, 200);
        await release();
        assert.equal((await first.answer).status, 200);
        assert.equal((await get(service, "/api/v3/delivery-partners", { token })).status, 200);
    });

    test("who waits a little is served, first come first served", async (t) => {
        const release = await lockStatements(t);
        const first = ask(service);
        await pause(20);
        const others = [1, 2, 3].map(() => ask(service, "/api/v3/delivery-partners"));
        await pause(50);
        assert.ok(others.every((each) => !each.isAnswered));
        await release();
        for (const each of [first, ...others]) assert.equal((await each.answer).status, 200);
    });
});

describe("a statement that takes too long", () => {
    test("is ended and answered with 503", async (t) => {
        const service = await startService({ database, env: { DB_STATEMENT_MS: "300" } });
        await get(service, PATH, { token });
        const release = await lockStatements(t);
        const response = await get(service, PATH, { token });
        assert.deepEqual([response.status, response.json], [503, UNAVAILABLE]);
        assert.equal(response.headers["retry-after"], "5");
        await release();
        assert.equal((await get(service, PATH, { token })).status, 200);
        await service.stop();
    });
});

describe("more connections than CONNECTION_LIMIT", () => {
    test("are not taken, and room is made by those that go", async (t) => {
        const service = await startService({ database, env: { CONNECTION_LIMIT: "3" } });
        t.after(() => service.stop());
        service.agent.destroy();
        const alive = async (connection, ms = 5000) => {
            connection.text = "";
            connection.socket.write("GET /check HTTP/1.1\r\nHost: x\r\n\r\n");
            const deadline = Date.now() + ms;
            while (connection.text === "" && !connection.isEnded && Date.now() < deadline) await pause(10);
            return /^HTTP\/1\.1 200 /.test(connection.text);
        };
        const taken = [];
        await until(async () => {
            const next = connect(service);
            if (await alive(next)) taken.push(next);
            else next.socket.destroy(); // a connection of the start has not quite gone
            return taken.length === 3;
        }, "all three connections are there");
        const late = connect(service);
        assert.equal(await alive(late, 500), false);
        late.socket.destroy();
        for (const each of taken) each.socket.destroy();
        await until(async () => {
            const next = connect(service);
            const found = await alive(next, 500);
            next.socket.destroy();
            return found;
        }, "there is room again");
    });
});
