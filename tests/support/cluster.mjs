// A PostgreSQL of one test's own, which it may crash.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BIN = "/usr/lib/postgresql/15/bin";

// PostgreSQL does not run as root.
const asUser = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--"] : [];

function run(program, ...args) {
    return runWith({}, program, ...args);
}

function runWith(env, program, ...args) {
    const [command, ...rest] = [...asUser, join(BIN, program), ...args];
    // Its output goes nowhere: a server that starts would keep our pipes open.
    const result = spawnSync(command, rest, {
        stdio: ["ignore", "ignore", "inherit"],
        cwd: "/",
        timeout: 60_000,
        env: { ...process.env, ...env },
    });
    assert.equal(result.status, 0, `${program} ${args.join(" ")}`);
}

const ownerOf = (name) => Number(spawnSync("id", ["-u", name]).stdout.toString());

export class Cluster {
    constructor() {
        this.folder = mkdtempSync(join(tmpdir(), "cpd-cluster-"));
        chmodSync(this.folder, 0o700);
        if (asUser.length > 0) chownSync(this.folder, ownerOf("postgres"), -1);
        this.data = join(this.folder, "data");
        run(
            "initdb",
            "-D",
            this.data,
            "-U",
            "cpd",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        );
    }

    /** Unix socket only; fsync is on, as a crash is what it is for. `env` adds variables. */
    start(env = {}) {
        const options = `-k ${this.folder} -c listen_addresses= -c fsync=on -c max_connections=60`;
        runWith(
            env,
            "pg_ctl",
            "-D",
            this.data,
            "-w",
            "-t",
            "60",
            "-l",
            join(this.folder, "log"),
            "-o",
            options,
            "start",
        );
    }

    stop(mode = "fast") {
        run("pg_ctl", "-D", this.data, "-m", mode, "-w", "-t", "60", "stop");
    }

    /** Sends a signal to the server and to everything that works for it. */
    signal(name) {
        const server = Number(readFileSync(join(this.data, "postmaster.pid"), "utf8").split("\n")[0]);
        const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8");
        for (const pid of [server, ...children.split(" ").filter(Boolean).map(Number)])
            try {
                process.kill(pid, name);
            } catch (error) {
                if (error.code !== "ESRCH") throw error; // it has just ended
            }
    }

    url(database = "postgres") {
        return `postgresql:///${database}?host=${this.folder}&user=cpd`;
    }

    /** Ends the server, should it run, and takes its files away. */
    remove() {
        if (existsSync(join(this.data, "postmaster.pid"))) this.stop("immediate");
        rmSync(this.folder, { recursive: true, force: true });
    }
}
