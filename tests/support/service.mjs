// Runs the program under test: `serve` on a free port, and the other subcommands.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { CPD_API, logFolder } from "./environment.mjs";

const START_DEADLINE = 30_000;
const STOP_DEADLINE = 30_000;
const children = new Set();
let count = 0;

process.on("exit", () => {
    for (const child of children) child.kill("SIGKILL");
});

/** The program sees these variables and no others: the developer's own settings stay outside. */
function environment(extra = {}) {
    const inherited = /^(PATH|HOME|TMPDIR|LANG|LC_.*|[A-Z]+SAN_OPTIONS|TEST_LOG_DIR)$/;
    const base = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => inherited.test(name)),
    );
    const env = { ...base, APP_ENV: "test", ...extra };
    for (const name of Object.keys(env)) if (env[name] === undefined) delete env[name];
    return env;
}

function freePort() {
    return new Promise((done, fail) => {
        const server = createServer().on("error", fail);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}

/** `isTls`: the service speaks HTTPS; whose certificate it shows does not matter here. */
const statusOf = (port, path, isTls) =>
    new Promise((done) => {
        const options = { host: "127.0.0.1", port, path, agent: false, rejectUnauthorized: false };
        (isTls ? https : http)
            .get(options, (response) => {
                response.resume();
                done(response.statusCode);
            })
            .on("error", () => done(0));
    });

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const withDeadline = (promise, ms) => {
    let timer;
    const late = new Promise((done) => (timer = setTimeout(done, ms, "late")));
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/**
 * Runs `cpd-api ARGS...` to its end: {status, signal, stdout, stderr}. `input` is its standard
 * input, `database` a URL for DATABASE_URL; `env` adds variables (undefined removes one).
 */
export async function runCommand(args, { env = {}, database, input = "" } = {}) {
    const variables = environment({ ...(database && { DATABASE_URL: database }), ...env });
    const child = spawn(CPD_API, args, { env: variables });
    children.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.stdin.on("error", () => {}); // the program may end before it has read everything
    child.stdin.end(input);
    const [status, signal] = await new Promise((done, fail) =>
        child.on("error", fail).on("close", (...end) => done(end)),
    );
    children.delete(child);
    return { status, signal, stdout, stderr };
}

class Service {
    constructor({ child, port, env, database, logFile, ended }) {
        Object.assign(this, { child, port, env, database, logFile, ended });
        this.host = "127.0.0.1";
        this.url = `http://127.0.0.1:${port}`;
        this.agent = new http.Agent({ keepAlive: true });
        this.isRunning = true;
    }

    /** Its end, {status, signal}. Only who asks for it waits: a test that failed before does not. */
    get exited() {
        this.child.ref();
        return this.ended;
    }

    /** What it has logged so far: one object a line; a line that is no JSON is {text}. */
    logs() {
        return readFileSync(this.logFile, "utf8")
            .split("\n")
            .filter(Boolean)
            .map((text) => {
                try {
                    return JSON.parse(text);
                } catch {
                    return { text };
                }
            });
    }

    /** Ends it by SIGTERM and expects that it drains, reports nothing and exits with 0. */
    async stop() {
        if (!this.isRunning) return;
        this.agent.destroy();
        this.child.kill("SIGTERM");
        const end = await withDeadline(this.exited, STOP_DEADLINE);
        if (end === "late") {
            await this.kill();
            assert.fail(`the service did not stop within ${STOP_DEADLINE} ms of SIGTERM`);
        }
        this.isRunning = false;
        assert.equal(
            `${end.status} ${end.signal}`,
            "0 null",
            `exit status of the service; it wrote:\n${this.lastLines()}`,
        );
    }

    /** Ends it at once, as a crash would. */
    async kill(signal = "SIGKILL") {
        this.agent.destroy();
        this.child.kill(signal);
        this.isRunning = false;
        return this.exited;
    }

    /** A line of /proc/PID/status, as a number: VmRSS (KiB), Threads; and how many files are open. */
    status(name) {
        if (name === "files") return readdirSync(`/proc/${this.child.pid}/fd`).length;
        const text = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
        return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)[1]);
    }

    lastLines(lines = 40) {
        return readFileSync(this.logFile, "utf8").split("\n").slice(-lines).join("\n");
    }
}

/**
 * Starts `cpd-api serve` on a free port (or `port`) over `database` (a URL of createDatabase) and
 * waits until /check answers. Limits of requests are off unless `env` sets RATE_LIMIT_API.
 * `output` "pipe" leaves its log to the caller, who finds it at child.stdout.
 */
export async function startService({ env = {}, database, port: wanted, output } = {}) {
    const deadline = Date.now() + START_DEADLINE;
    for (;;) {
        const port = wanted ?? (await freePort());
        const logFile = join(logFolder(), `${basename(process.argv[1] ?? "node")}-${process.pid}-${++count}.log`);
        const variables = environment({
            PORT: String(port),
            RATE_LIMIT_API: "1000000",
            RATE_LIMIT_WEB: "1000000",
            ...(database && { DATABASE_URL: database }),
            ...env,
        });
        const log = openSync(logFile, "a");
        const child = spawn(CPD_API, ["serve"], { env: variables, stdio: ["ignore", output ?? log, log] });
        closeSync(log);
        children.add(child);
        child.unref();
        const ended = new Promise((done) => {
            child.on("error", (error) => done({ status: null, signal: error.message }));
            child.on("exit", (status, signal) => done({ status, signal }));
        }).finally(() => children.delete(child));
        const service = new Service({ child, port, env: variables, database, logFile, ended });

        let end = null;
        ended.then((value) => (end = value));
        while (end === null && Date.now() < deadline) {
            if ((await statusOf(port, "/check", "TLS_KEY" in variables)) === 200) return service;
            await pause(20);
        }
        if (end === null) await service.kill();
        // Between our look and its start, another process may have taken the port.
        const isPortTaken = /address already in use|EADDRINUSE/i.test(service.lastLines());
        if (end !== null && isPortTaken && wanted === undefined && Date.now() < deadline) continue;
        throw new Error(
            `cpd-api serve did not start (${end ? `${end.status} ${end.signal}` : "no answer to /check"}):\n` +
                service.lastLines(),
        );
    }
}
