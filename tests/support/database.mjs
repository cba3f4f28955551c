// Databases for tests: each test file takes a copy of a template that was migrated once per run.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CPD_API, testDatabaseUrl } from "./environment.mjs";
import { runCommand } from "./service.mjs";

let count = 0;

/** The URL of the database NAME beside the run's own. */
export function databaseUrl(name) {
    const url = new URL(testDatabaseUrl());
    url.pathname = `/${name}`;
    return url.href;
}

const quoteName = (name) => `"${name.replace(/"/g, '""')}"`;

/** VALUE as an SQL literal; null and undefined are NULL. */
export function literal(value) {
    if (value === null || value === undefined) return "NULL";
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return `'${String(value).replace(/'/g, "''")}'`;
}

function parseCsv(text) {
    const rows = [];
    let row = [];
    for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
        row.push(quoted === undefined ? plain || null : quoted.replace(/""/g, '"'));
        if (end === ",") continue;
        if (row.length > 1 || row[0] !== null) rows.push(row);
        row = [];
        if (end === "") break;
    }
    const [names = [], ...values] = rows;
    return values.map((fields) => Object.fromEntries(names.map((name, i) => [name, fields[i]])));
}

/**
 * Runs SQL in the database URL. A query (select, values, table, with) gives its rows as objects
 * with JSON's types; anything else gives the rows it RETURNs, as texts (NULL: null), or none.
 * VARIABLES are psql's: {id} stands in the SQL as :'id'.
 */
export async function psql(url, sql, variables = {}) {
    const isQuery = /^\s*(select|values|table|with)\b/i.test(sql) && !/;\s*\S/.test(sql);
    const statement = isQuery
        ? `SELECT coalesce(json_agg(q), '[]') FROM (${sql.replace(/;\s*$/, "")}\n) q;`
        : sql;
    const settings = Object.entries(variables).flatMap(([name, value]) => ["-v", `${name}=${value}`]);
    const output = isQuery ? ["-At"] : ["--csv"];
    const child = spawn("psql", ["-Xq", ...output, "-v", "ON_ERROR_STOP=1", ...settings, "-d", url]);
    let out = "";
    let problem = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (problem += text));
    child.stdin.on("error", () => {}); // psql may end before it has read everything
    child.stdin.end(statement);
    const status = await new Promise((done, fail) => child.on("error", fail).on("close", done));
    if (status !== 0) throw new Error(`psql: ${problem.trim()}\n${sql}`);
    return isQuery ? JSON.parse(out) : parseCsv(out);
}

const admin = (sql) => psql(testDatabaseUrl(), sql);

/**
 * The template NAME, made by `fill(url)` unless this run has it already. Test files run side by
 * side: each fills a database of its own, and the first to finish gives it the name.
 */
async function template(name, source, fill) {
    const exists = await admin(`SELECT 1 FROM pg_database WHERE datname = ${literal(name)}`);
    if (exists.length > 0) return name;

    const draft = `${name}_${process.pid}`;
    await admin(`CREATE DATABASE ${quoteName(draft)} TEMPLATE ${quoteName(source)}`);
    await fill(databaseUrl(draft));
    try {
        await admin(`ALTER DATABASE ${quoteName(draft)} RENAME TO ${quoteName(name)}`);
    } catch (error) {
        if (!/already exists|duplicate key/.test(error.message)) throw error;
        await dropDatabase(draft);
    }
    return name;
}

const digest = (...parts) => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest("hex").slice(0, 12);
};

let migrated;

function migratedTemplate() {
    migrated ??= template(`cpd_template_${digest(readFileSync(CPD_API))}`, "template1", async (url) => {
        const result = await runCommand(["migrate"], { env: { DATABASE_URL: url } });
        if (result.status !== 0)
            throw new Error(`cpd-api migrate ended with ${result.status}: ${result.stderr}`);
    });
    return migrated;
}

const filled = new Map();

/** A template that starts from the migrated one and was filled by `fill(url)`, known by KEY. */
export function filledTemplate(key, fill) {
    if (!filled.has(key))
        filled.set(
            key,
            migratedTemplate().then((source) =>
                template(`cpd_filled_${digest(source, key)}`, source, fill),
            ),
        );
    return filled.get(key);
}

/**
 * A new database: a copy of the migrated template, or of `template`; gives its URL.
 * Without a name it gets one of its own.
 */
export async function createDatabase(name, { template: source } = {}) {
    const database = name ?? `cpd_test_${process.pid}_${++count}`;
    const from = source ?? (await migratedTemplate());
    await admin(`CREATE DATABASE ${quoteName(database)} TEMPLATE ${quoteName(from)}`);
    return databaseUrl(database);
}

/** Drops a database, given by its name or URL, and ends the sessions in it. */
export async function dropDatabase(nameOrUrl) {
    if (!nameOrUrl) return; // it was never made
    const name = nameOrUrl.includes("://") ? new URL(nameOrUrl).pathname.slice(1) : nameOrUrl;
    await admin(`DROP DATABASE IF EXISTS ${quoteName(name)} WITH (FORCE)`);
}
