// The databases of a run, and what is taken from them to ask for.
import { execFileSync } from "node:child_process";
import { openSync, closeSync, fstatSync, readSync, readFileSync } from "node:fs";
import { sleep } from "./machine.mjs";

export class Database {
    constructor(socket, name) {
        this.socket = socket;
        this.name = name;
        this.url = `postgresql:///${name}?host=${socket}&user=cpd`;
    }

    /** Rows as arrays of text. */
    ask(sql) {
        const args = ["-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", this.url];
        const options = { input: sql, encoding: "utf8", maxBuffer: 1 << 30 };
        const out = execFileSync("psql", args, options).trimEnd();
        return out === "" ? [] : out.split("\n").map((line) => line.split("\t"));
    }

    value(sql) {
        return this.ask(sql)[0]?.[0];
    }

    runFile(path, settings = {}) {
        const set = Object.entries(settings).map(([name, value]) => `\\set ${name} '${value}'\n`);
        this.ask(set.join("") + readFileSync(path, "utf8"));
    }

    /** A copy of a database that stays as it is. */
    static copy(socket, template, name) {
        const postgres = new Database(socket, "postgres");
        postgres.ask(`SET client_min_messages = warning;\nDROP DATABASE IF EXISTS ${name};\n`);
        postgres.ask(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy;\n`);
        return new Database(socket, name);
    }
}

/** How many statements reach PostgreSQL while something is done. */
export async function countStatements(database, log, action) {
    database.ask("ALTER SYSTEM SET log_statement = 'all'");
    database.ask("SELECT pg_reload_conf()");
    await sleep(150);
    const file = openSync(log, "r");
    const start = fstatSync(file).size;
    try {
        await action();
        await sleep(50);
        const text = Buffer.alloc(fstatSync(file).size - start);
        readSync(file, text, 0, text.length, start);
        return text.toString().match(/LOG: {2}(execute|statement)/g)?.length ?? 0;
    } finally {
        closeSync(file);
        database.ask("ALTER SYSTEM RESET log_statement");
        database.ask("SELECT pg_reload_conf()");
    }
}
