// What presses the service and its rulers: wrk over HTTP, pgbench on the SQL alone.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const BENCH = new URL("..", import.meta.url).pathname;
const QUERIES = new URL("../../db/queries/", import.meta.url).pathname;

/** wrk on one address, or on a file of requests. TARGET: port, path, authorization, headers, clock, requests. */
export async function wrk(target, connections, seconds) {
    const url = `http://127.0.0.1:${target.port}${target.path ?? "/"}`;
    const env = { ...process.env, BENCH_AUTHORIZATION: target.authorization ?? "" };
    if (target.clock) env.BENCH_CLOCK = target.clock;
    if (target.headers) env.BENCH_HEADERS = Object.entries(target.headers).map(([name, value]) => `${name}: ${value}`).join("\n");
    if (target.requests) env.BENCH_REQUESTS = target.requests;
    const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "30s", "-s", join(BENCH, "wrk.lua"), url];
    const { stdout } = await run("wrk", args, { env });
    const line = stdout.split("\n").find((text) => text.startsWith("@{"));
    if (!line) throw new Error(`wrk says nothing of ${url}: ${stdout}`);
    const result = JSON.parse(line.slice(1));
    return { ...result, requests_per_second: result.requests / result.seconds };
}

const statement = (name) =>
    readFileSync(join(QUERIES, `${name}.sql`), "utf8")
        .replace(/^\s*--.*$/gm, "")
        .replace(/ -- .*$/gm, "")
        .trim()
        .replace(/;$/, "");

/**
 * A query with its parameters: NULL stands in the text, everything else is a variable of pgbench. To pgbench each place
 * is a parameter of its own; where PostgreSQL cannot tell its type, the value says it: {value, type}.
 */
function bind(step, index, variables) {
    if (step.text) return step.text;
    return statement(step.query).replace(/\$(\d+)/g, (_, number) => {
        const value = step.values[number - 1];
        if (value === null) return "NULL";
        if (value?.variable) return `:${value.variable}::${value.type}`;
        const name = `p${index}_${number}`;
        variables[name] = String(value?.value ?? value);
        return value?.type ? `:${name}::${value.type}` : `:${name}`;
    });
}

/** STEPS: {query, values}, {text}, or {pipeline: [steps]}, in which nothing is waited for. */
function script(steps, variables, prefix = "") {
    return steps
        .map((step, index) =>
            step.pipeline
                ? `\\startpipeline\n${script(step.pipeline, variables, `${prefix}${index}_`)}\\endpipeline\n`
                : `${bind(step, `${prefix}${index}`, variables)}${step.stored ? ` \\gset` : ";"}\n`,
        )
        .join("");
}

export async function pgbench(database, steps, connections, seconds, file) {
    const variables = {};
    writeFileSync(file, script(steps, variables));
    const settings = "-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 -c TimeZone=UTC";
    const args = ["-n", "-M", "prepared", "-c", connections, "-j", 1, "-T", seconds, "-f", file];
    for (const [name, value] of Object.entries(variables)) args.push("-D", `${name}=${value}`);
    const env = { ...process.env, PGOPTIONS: settings, PGHOST: database.socket, PGUSER: "cpd" };
    const { stdout } = await run("pgbench", [...args.map(String), database.name], { env });
    return { requests_per_second: Number(stdout.match(/^tps = ([\d.]+)/m)[1]) };
}
