// A PostgreSQL of a test's own, to be stopped and started while the service runs.
import { execFile } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const BIN = "/usr/lib/postgresql/15/bin";
const run = promisify(execFile);

/** PostgreSQL refuses to run as root: there an unprivileged account runs it. */
async function account() {
    if (process.getuid() !== 0) return {};
    for (const name of ["postgres", "nobody"])
        try {
            const number = async (option) => Number((await run("id", [option, name])).stdout);
            return { uid: await number("-u"), gid: await number("-g") };
        } catch {
            // there is no such account
        }
    throw new Error("there is neither an account postgres nor nobody");
}

export class Cluster {
    static async create() {
        const cluster = new Cluster();
        cluster.folder = mkdtempSync(join(tmpdir(), "cpd-cluster-"));
        cluster.as = await account();
        if (cluster.as.uid !== undefined) chownSync(cluster.folder, cluster.as.uid, cluster.as.gid);
        cluster.data = join(cluster.folder, "data");
        cluster.url = `postgresql:///postgres?host=${cluster.folder}&user=cpd`;
        const options = ["-A", "trust", "-U", "cpd", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
        await cluster.run("initdb", ["-D", cluster.data, ...options]);
        await cluster.start();
        return cluster;
    }

    run(program, args) {
        return new Promise((done, fail) =>
            execFile(join(BIN, program), args, { cwd: "/", ...this.as }, (error, out, problem) =>
                error ? fail(new Error(`${program}: ${problem || error.message}`)) : done(out),
            ),
        );
    }

    start() {
        const options = `-c listen_addresses='' -c unix_socket_directories='${this.folder}' -c fsync=off`;
        const log = join(this.folder, "log");
        return this.run("pg_ctl", ["-D", this.data, "-w", "-t", "30", "-l", log, "-o", options, "start"]);
    }

    /** MODE: fast ends every session, immediate is a crash. */
    stop(mode = "fast") {
        return this.run("pg_ctl", ["-D", this.data, "-w", "-t", "30", "-m", mode, "stop"]);
    }

    async remove() {
        await this.stop("immediate").catch(() => {}); // it may be stopped
        rmSync(this.folder, { recursive: true, force: true });
    }
}
