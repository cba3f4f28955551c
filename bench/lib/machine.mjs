// Processes: starting and stopping them, and what /proc says of their time and memory.
import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

const TICK_US = 10_000; // a hundred ticks a second on every Linux that Debian builds
const started = new Set();

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function freePort() {
    return new Promise((done) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}

async function answers(port) {
    try {
        await fetch(`http://127.0.0.1:${port}/check`);
        return true;
    } catch {
        return false;
    }
}

/** Starts a program that listens on a port, and waits until it answers there. */
export async function startServer(command, args, env, port, log) {
    const out = openSync(log, "w");
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", out, out] });
    closeSync(out);
    child.ended = new Promise((done) => child.once("exit", done));
    child.port = port;
    started.add(child);
    for (let tries = 0; tries < 200; tries++) {
        if (child.exitCode !== null) break;
        if (await answers(port)) return child;
        await sleep(50);
    }
    throw new Error(`${command} does not answer: see ${log}`);
}

export async function stop(child) {
    if (!started.delete(child)) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await child.ended;
    clearTimeout(late);
}

export const stopAll = () => Promise.all([...started].map(stop));

/** The fields of /proc/PID/stat behind the name, or none if the process has gone. */
function stat(pid) {
    try {
        const text = readFileSync(`/proc/${pid}/stat`, "utf8");
        return text.slice(text.lastIndexOf(")") + 2).split(" ");
    } catch {
        return [];
    }
}

const own = (fields) => (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_US;
const ofChildren = (fields) => (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * TICK_US;

/** Microseconds of processor time that a process has used. */
export const cpuOf = (pid) => own(stat(pid));

/** The same of a postmaster and all its processes, those that have ended included. */
export function cpuOfPostgres(postmaster) {
    let total = own(stat(postmaster)) + ofChildren(stat(postmaster));
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        const fields = stat(pid);
        if (Number(fields[1]) === postmaster) total += own(fields);
    }
    return total;
}

const mib = (pid, field) =>
    Number(readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${field}:\\s+(\\d+)`, "m"))[1]) / 1024;

export const residentMib = (pid) => mib(pid, "VmRSS");
export const peakMib = (pid) => mib(pid, "VmHWM");
export const forgetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5");
