// The driver of bin/bench: prepares, measures in rounds, judges, reports. The wrapper has started PostgreSQL.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { judge } from "./lib/bars.mjs";
import { chapters } from "./lib/chapters.mjs";
import { countStatements, Database } from "./lib/database.mjs";
import { pgbench, wrk } from "./lib/load.mjs";
import { cpuOf, cpuOfPostgres, forgetPeak, freePort, peakMib, residentMib, startServer, stop, stopAll } from "./lib/machine.mjs";
import { chart, printBars, printRows, summarise } from "./lib/report.mjs";
import { rows } from "./lib/rows.mjs";
import { WriteSupply } from "./lib/supply.mjs";

const {
    BENCH_ROOT: ROOT, BENCH_VAR: VAR, BENCH_SOCKET: SOCKET, BENCH_DAY: DAY, BENCH_POSTGRES_LOG: LOG,
} = process.env;
const POSTMASTER = Number(process.env.BENCH_POSTMASTER);
const API = join(ROOT ?? ".", "build/cpd-api");
const HERE = new URL(".", import.meta.url).pathname;
const say = (text) => console.log(`bench: ${text}`);

function parseOptions(args) {
    const has = (name) => args.includes(name);
    const only = has("--only") ? args[args.indexOf("--only") + 1].split(",") : [""];
    const names = [...rows.map((row) => row.name), ...Object.keys(chapters)];
    const isWanted = (name) => only.some((one) => (names.includes(one) ? name === one : name.startsWith(one)));
    const scale = has("--quick") ? { rounds: 1, seconds: 2, spread: false }
        : has("--short") ? { rounds: 3, seconds: 1, spread: false } : { rounds: 3, seconds: 4, spread: true };
    return { ...scale, isQuick: has("--quick"), isWanted };
}

/** A quick run asks at 8 connections only; a short one does so for rows that do not say otherwise. */
function connectionsOf(row, options) {
    if (options.isQuick) return [row.connections?.includes(8) === false ? row.connections[0] : 8];
    return row.connections ?? (options.spread ? [1, 8, 32] : [8]);
}

// ---- the machinery of a run ---------------------------------------------------------------------

async function startService(database, name) {
    const port = await freePort();
    const env = { PORT: String(port), BIND_ADDRESS: "127.0.0.1", DATABASE_URL: database.url };
    return startServer(API, ["serve"], env, port, join(VAR, `${name}.log`));
}

async function startRulers(run) {
    const [bare, peer] = [await freePort(), await freePort()];
    run.bare = await startServer(join(VAR, "bare"), [String(bare)], {}, bare, join(VAR, "bare.log"));
    const env = { PORT: String(peer), DATABASE_URL: run.database.url, PEER_TOKEN: run.tokens.provider,
        PEER_PROVIDER: run.facts.provider, NODE_ENV: "production" };
    run.peer = await startServer(process.execPath, [join(HERE, "peers/server.mjs")], env, peer, join(VAR, "peer.log"));
}

function newToken(database, provider) {
    const env = { ...process.env, DATABASE_URL: database.url };
    const out = execFileSync(API, ["token", "create", "--lead-provider", provider], { env, encoding: "utf8" });
    return out.trim().split("\n").at(-1);
}

function gatherFacts(database) {
    const [provider, name] = database.ask(
        "SELECT l.id, l.name FROM lead_providers l JOIN provider_enrolments e ON e.lead_provider_id = l.id" +
        " GROUP BY l.id ORDER BY count(*) DESC LIMIT 1")[0];
    const of = `lead_provider_id = '${provider}'`;
    const changed = `provider_enrolments WHERE ${of} AND is_latest ORDER BY participant_updated_at DESC`;
    return {
        provider,
        name,
        nobody: database.value("SELECT id FROM lead_providers WHERE name = 'Bench Nobody'"),
        participants: Number(database.value(`SELECT count(DISTINCT participant_id) FROM provider_enrolments WHERE ${of} AND is_latest`)),
        participant: database.value(`SELECT participant_id FROM provider_enrolments WHERE ${of} AND is_latest ORDER BY participant_created_at LIMIT 1 OFFSET 5000`),
        declaration: database.value(`SELECT declaration_id FROM provider_declarations WHERE ${of} ORDER BY created_at LIMIT 1 OFFSET 5000`),
        since: database.value(`SELECT to_char(participant_updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM ${changed} LIMIT 1 OFFSET 49`),
        changed: database.value(`SELECT string_agg(participant_id::text, ',') FROM (SELECT participant_id FROM ${changed} LIMIT 50) newest`),
        now: `${DAY}T12:00:00Z`,
    };
}

const bearer = (run, who) => (who === "nameless" ? "" : `Bearer ${run.tokens[who] ?? "unknown-to-everybody"}`);

async function ask(run, path, who = "provider", port = run.service.port, headers = {}) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: bearer(run, who), ...headers } });
    return { status: answer.status, body: await answer.text(), tag: answer.headers.get("etag") };
}

/** Ready-made documents for the stretch goal: what the service answers, cut into participants. */
async function storeDocuments(run) {
    const lines = [];
    for (let page = 1; ; page++) {
        const { body } = await ask(run, `/api/v3/participants/ecf?page%5Bper_page%5D=3000&page%5Bpage%5D=${page}`);
        const { data } = JSON.parse(body);
        for (const document of data) lines.push(JSON.stringify(document));
        if (data.length < 3000) break;
    }
    const escape = (text) => text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t");
    const copy = lines.map((line, i) => `${run.facts.provider}\t${i + 1}\t${escape(line)}`).join("\n");
    run.database.ask(`COPY bench_documents FROM STDIN;\n${copy}\n\\.\nVACUUM ANALYZE bench_documents;\n`);
}

async function prepare(options) {
    say("copying the data");
    const prepared = Database.copy(SOCKET, "cpd_load", "cpd_prepared");
    const provider = gatherFacts(prepared).provider;
    prepared.runFile(join(HERE, "prepare.sql"), { provider, day: DAY });
    const facts = gatherFacts(prepared);
    const tokens = { provider: newToken(prepared, facts.name), nobody: newToken(prepared, "Bench Nobody") };
    facts.token_id = prepared.value(`SELECT id FROM api_tokens WHERE lead_provider_id = '${facts.provider}' ORDER BY created_at DESC LIMIT 1`);
    prepared.ask("VACUUM ANALYZE");
    prepared.ask("CHECKPOINT");
    const database = Database.copy(SOCKET, "cpd_prepared", "cpd_bench");
    database.runFile(join(HERE, "peers/indexes.sql"));
    database.ask("ANALYZE");
    const run = { options, facts, tokens, database, cells: [], measures: {}, resident: [], startService, ask, bearer,
        socket: SOCKET, postmaster: POSTMASTER, say, newToken, api: API };
    run.service = await startService(database, "service");
    if (rows.some((row) => row.documents && options.isWanted(row.name))) await storeDocuments(run);
    await stop(run.service); // what follows is measured on a young process
    run.service = await startService(database, "service");
    database.ask("CHECKPOINT");
    await startRulers(run);
    return run;
}

/** The peer is only a ruler if it says the same. */
async function checkPeer(run) {
    const same = [
        ["/participants?per_page=100&page=1", "/api/v3/participants/ecf"],
        ["/documents?per_page=100&page=1", "/api/v3/participants/ecf"],
        ["/declarations?per_page=100&page=1", "/api/v3/participant-declarations"],
    ];
    for (const [theirs, ours] of same) {
        const one = await ask(run, theirs, "provider", run.peer.port);
        const other = await ask(run, ours);
        if (other.status !== 200) throw new Error(`${ours} answers ${other.status}: ${other.body}`);
        if (one.body === other.body || one.body === '{"data":[]}') continue;
        writeFileSync(join(VAR, "theirs.json"), one.body);
        writeFileSync(join(VAR, "ours.json"), other.body);
        throw new Error(`the peer's ${theirs} is not ${ours}: compare theirs.json and ours.json in ${VAR}`);
    }
    say("the peer's first pages equal the service's, byte for byte");
}

// ---- one measurement ----------------------------------------------------------------------------

async function measureService(run, service, target, connections, seconds) {
    forgetPeak(service.pid);
    const before = { service: cpuOf(service.pid), postgres: cpuOfPostgres(POSTMASTER) };
    const result = await wrk({ port: service.port, ...target }, connections, seconds);
    const per = (now, then) => (now - then) / result.requests;
    return {
        requests_per_second: result.requests_per_second, requests: result.requests, refused: result.refused,
        broken: result.broken, p50_ms: result.p50_ms, p99_ms: result.p99_ms,
        cpu_service_us: per(cpuOf(service.pid), before.service),
        cpu_postgres_us: per(cpuOfPostgres(POSTMASTER), before.postgres),
        rss_mib: peakMib(service.pid),
    };
}

function cellOf(run, row, connections) {
    let cell = run.cells.find((one) => one.name === row.name && one.connections === connections);
    if (!cell) run.cells.push((cell = { name: row.name, connections, row, service: [], rulers: {} }));
    return cell;
}

const keep = (cell, ruler, result) => (cell.rulers[ruler] ??= []).push(result.requests_per_second);

async function measureRead(run, row, connections) {
    const seconds = Math.max(run.options.seconds, row.seconds ?? 0);
    const cell = cellOf(run, row, connections);
    const target = { path: row.path(run.facts), authorization: bearer(run, row.as ?? "provider"), headers: row.headers };
    cell.service.push(await measureService(run, run.service, target, connections, seconds));
    if (row.wantsBare || (run.options.spread && !row.isWhole)) keep(cell, "bare", await wrk({ port: run.bare.port, path: `/${row.bytes}` }, connections, seconds));
    if (row.sql) keep(cell, "pgbench", await pgbench(run.database, row.sql(run.facts), connections, seconds, join(VAR, "ruler.sql")));
    for (const ruler of ["peer", "documents"]) {
        if (!row[ruler]) continue;
        const theirs = { port: run.peer.port, path: row[ruler](run.facts), authorization: bearer(run, "provider") };
        keep(cell, ruler, await wrk(theirs, connections, seconds));
    }
}

async function measureWrite(run, row, connections, supply) {
    const { seconds } = run.options;
    const cell = cellOf(run, row, connections);
    const requests = supply.take(row.writes, connections, seconds, join(VAR, "requests.txt"));
    const target = { requests, authorization: bearer(run, "provider"), clock: run.facts.now };
    const result = await measureService(run, supply.service, target, connections, seconds);
    supply.used(row.writes, result.requests + connections);
    cell.service.push(result);
    if (row.status) {
        keep(cell, "bare", await wrk({ port: run.bare.port, path: `/${row.bytes ?? 300}` }, connections, seconds));
        return;
    }
    if (result.refused > result.requests / 100)
        say(`${row.name} at ${connections}: ${result.refused} of ${result.requests} were refused`);
    if (!row.sql) return;
    supply.placeRuler(row.writes);
    const ruler = await pgbench(supply.database, row.sql(run.facts), connections, seconds, join(VAR, "ruler.sql"));
    supply.rulerUsed(row.writes, ruler.requests_per_second * (seconds + 0.5) + connections);
    keep(cell, "pgbench", ruler);
}

// ---- rounds -------------------------------------------------------------------------------------

/** What a row answers, how long that is, and how many statements it takes; also warms everything up. */
async function inspect(run, row) {
    const path = row.path(run.facts);
    const get = () => ask(run, path, row.as, run.service.port, row.headers);
    if (row.isConditional) row.headers = { "If-None-Match": (await get()).tag };
    for (let i = 0; i < (row.isWhole ? 1 : 4); i++) await Promise.all(Array.from({ length: 8 }, get));
    const { status, body } = await get();
    if (status !== (row.status ?? 200)) throw new Error(`${row.name}: ${path} answers ${status}: ${body.slice(0, 300)}`);
    row.bytes = Buffer.byteLength(body);
    row.items = row.isWhole ? body.trimEnd().split("\n").length - 1 : undefined;
    if (row.isWhole) return;
    await get(); // so that the token is remembered
    row.statements = await countStatements(run.database, LOG, get);
}

async function inspectWrite(run, row, supply) {
    if (row.statements !== undefined) return;
    const [method, path, body] = supply.peek(row.writes, 3);
    const send = () => {
        const [verb, where, text] = supply.one(row.writes);
        return fetch(`http://127.0.0.1:${supply.service.port}${where}`, { method: verb, body: text || undefined,
            headers: { Authorization: bearer(run, "provider"), "Content-Type": "application/json", "X-With-Server-Date": run.facts.now } });
    };
    await send();
    const answer = await send();
    const text = await answer.text();
    if (answer.status !== (row.status ?? 200)) throw new Error(`${row.name}: ${method} ${path} ${body} answers ${answer.status}: ${text.slice(0, 300)}`);
    row.bytes = Buffer.byteLength(text);
    row.statements = await countStatements(supply.database, LOG, send);
}

async function readingRound(run, wanted) {
    for (const row of wanted)
        for (const connections of connectionsOf(row, run.options)) await measureRead(run, row, connections);
    run.resident.push(residentMib(run.service.pid));
}

/** Writes change what they measure: each round has a fresh copy, and a service of its own. */
async function writingRound(run, wanted) {
    const supply = new WriteSupply(Database.copy(SOCKET, "cpd_prepared", "cpd_write"), run.facts);
    supply.service = await startService(supply.database, "writing");
    for (const row of wanted) {
        await inspectWrite(run, row, supply);
        for (const connections of connectionsOf(row, run.options)) await measureWrite(run, row, connections, supply);
    }
    await stop(supply.service);
}

async function measureAll(run) {
    const wanted = rows.filter((row) => run.options.isWanted(row.name));
    const reads = wanted.filter((row) => !row.writes);
    const writes = wanted.filter((row) => row.writes);
    for (const row of reads) await inspect(run, row);
    for (let round = 1; round <= run.options.rounds; round++) {
        say(`round ${round} of ${run.options.rounds}`);
        await readingRound(run, reads);
        if (writes.length > 0) await writingRound(run, writes);
    }
    for (const [name, chapter] of Object.entries(chapters))
        if (run.options.isWanted(name)) {
            say(`${name}`);
            run.measures[name] = await chapter(run, { measureService, Database });
        }
}

// ---- main ---------------------------------------------------------------------------------------

async function main(options) {
    const startedAt = new Date();
    if (![...rows.map((row) => row.name), ...Object.keys(chapters)].some(options.isWanted))
        throw new Error("no row has such a name: bin/bench --list prints them");
    const run = await prepare(options);
    await checkPeer(run);
    await measureAll(run);
    const table = summarise(run);
    const bars = judge(run, table);
    printRows(table);
    printBars(bars);
    if (options.rounds === 1) say("one round only: an indication, no result");
    const version = execFileSync("git", ["-C", ROOT, "rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
    const results = { started_at: startedAt.toISOString(), version, rounds: options.rounds, seconds: options.seconds,
        load: readFileSync("/proc/loadavg", "utf8").trim(), participants: run.facts.participants,
        resident_after_rounds_mib: run.resident, rows: table, chapters: run.measures, bars };
    writeFileSync(join(ROOT, "bench-results.json"), `${JSON.stringify(results, null, 2)}\n`);
    writeFileSync(join(ROOT, "bench-results.svg"), chart(table));
    say(`${Math.round((Date.now() - startedAt) / 1000)} s; see bench-results.json and bench-results.svg`);
}

const args = process.argv.slice(2);
if (args.includes("--list")) {
    console.log([...rows.map((row) => row.name), ...Object.keys(chapters)].join("\n"));
} else {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
        process.on(signal, () => stopAll().then(() => process.exit(130)));
    try {
        await main(parseOptions(args));
    } catch (error) {
        console.error(`bench: ${error.stack}`);
        process.exitCode = 1;
    }
    await stopAll();
}
