// What a row of wrk does not show: walking all pages, memory in flight, and how costs grow.
import { Agent, request } from "node:http";
import { median } from "./report.mjs";
import { forgetPeak, peakMib, residentMib, sleep, stop } from "./machine.mjs";
import { wrk } from "./load.mjs";

const page = (size, number) => `/api/v3/participants/ecf?page%5Bper_page%5D=${size}&page%5Bpage%5D=${number}`;
const CSV = "/api/v1/participants/ecf.csv";

function timed(agent, port, path, authorization) {
    const start = process.hrtime.bigint();
    return new Promise((done, fail) => {
        request({ agent, host: "127.0.0.1", port, path, headers: { Authorization: authorization } }, (answer) => {
            answer.on("data", () => {});
            answer.on("end", () => done(Number(process.hrtime.bigint() - start) / 1e6));
        }).on("error", fail).end();
    });
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** One client reads every page in order, then the first and the last page as often. */
async function walk(run) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const authorization = run.bearer(run, "provider");
    const pages = Math.ceil(run.facts.participants / 100);
    const get = (number) => timed(agent, run.service.port, page(100, number), authorization);
    const series = async (count, number) => {
        const times = [];
        for (let i = 1; i <= count; i++) times.push(await get(number ?? i));
        return times;
    };
    await series(50, 1);
    const first = await series(200, 1);
    const all = await series(pages);
    const last = await series(50, pages);
    agent.destroy();
    return { pages, first_mean_ms: mean(first), walk_mean_ms: mean(all), last_p50_ms: median(last),
        first_p50_ms: median(first), walk_p50_ms: median(all) };
}

/** Peak memory above the resting one, of a process that has done nothing else. */
async function memory(run) {
    const authorization = run.bearer(run, "provider");
    const service = await run.startService(run.database, "memory");
    const peak = async (path, connections) => {
        forgetPeak(service.pid);
        await wrk({ port: service.port, path, authorization }, connections, 2);
        return peakMib(service.pid);
    };
    await peak(page(100, 1), 8);
    const resting = residentMib(service.pid);
    const csv = await peak(CSV, 1);
    const one = await peak(page(3000, 1), 1);
    const four = await peak(page(3000, 1), 4);
    const eight = await peak(page(3000, 1), 8);
    await sleep(500);
    const after = residentMib(service.pid);
    await stop(service);
    return { resting_mib: resting, csv_growth_mib: csv - resting, pages_3000_at_1_mib: one, pages_3000_at_4_mib: four,
        pages_3000_at_8_mib: eight, per_request_in_flight_mib: (eight - one) / 7, first_page_3000_mib: one - resting,
        after_mib: after };
}

const SLOW = new Set(["transfers", "unfunded-mentors"]);
const grown = {
    participants: () => page(100, 1),
    "participants-1000": () => page(1000, 1),
    "participants-since-none": (run) => `${page(100, 1)}&filter%5Bupdated_since%5D=${run.facts.now}`,
    participant: (run, one) => `/api/v3/participants/ecf/${one.participant}`,
    declarations: () => "/api/v3/participant-declarations?page%5Bper_page%5D=100",
    statements: () => "/api/v3/statements",
    // of ten: the smallest provider has no more, and pages of other lengths do not compare
    partnerships: () => "/api/v3/partnerships/ecf?page%5Bper_page%5D=10",
    transfers: () => "/api/v3/participants/ecf/transfers?page%5Bper_page%5D=10",
    "unfunded-mentors": () => "/api/v3/unfunded-mentors/ecf?page%5Bper_page%5D=100",
    schools: () => "/api/v3/schools/ecf?page%5Bper_page%5D=100&filter%5Bcohort%5D=2024",
};

/** A provider as one of the sizes: how much it has, among how much. */
function sized(run, database, service, name) {
    const id = database.value(`SELECT id FROM lead_providers WHERE name = '${name}' ORDER BY id LIMIT 1`);
    const own = `provider_enrolments WHERE lead_provider_id = '${id}' AND is_latest`;
    return { provider: name, service, authorization: `Bearer ${run.newToken(database, name)}`,
        participant: database.value(`SELECT participant_id FROM ${own} ORDER BY participant_created_at LIMIT 1 OFFSET 500`),
        own: Number(database.value(`SELECT count(*) FROM ${own}`)),
        all: Number(database.value("SELECT count(*) FROM participants")),
        schools: Number(database.value("SELECT count(*) FROM schools")) };
}

async function growth(run, { measureService, Database }) {
    const database = Database.copy(run.socket, "cpd_small", "cpd_growth");
    const small = await run.startService(database, "growth");
    const sizes = [
        sized(run, database, small, "Teach First"),
        sized(run, run.database, run.service, "Teach First"),
        sized(run, run.database, run.service, run.facts.name),
    ];
    const rows = {};
    for (const [name, path] of Object.entries(grown)) {
        const results = sizes.map(() => []);
        for (let round = 0; round < run.options.rounds; round++)
            for (const [i, one] of sizes.entries()) {
                const target = { path: path(run, one), authorization: one.authorization };
                results[i].push(await measureService(run, one.service, target, 8, SLOW.has(name) ? 3 : 1));
            }
        rows[name] = results.map((list) => median(list.map((result) => result.requests_per_second)));
    }
    await stop(small);
    return { sizes: sizes.map(({ provider, own, all, schools }) => ({ provider, own, all, schools })), rows };
}

export const chapters = { walk, memory, growth };
