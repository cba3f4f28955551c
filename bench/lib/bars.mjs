// The bars: each a ratio inside one run, or a number of its own; undecided when its ruler moved.
import { hasMoved } from "./report.mjs";

const text = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

function bar(what, wanted, value, isMet, isSure = true) {
    return { what, wanted, got: text(value), met: isSure ? isMet(value) : null };
}
const atLeast = (what, limit, value, isSure) => bar(what, `>= ${limit}`, value, (got) => got >= limit, isSure);
const atMost = (what, limit, value, isSure) => bar(what, `<= ${limit}`, value, (got) => got <= limit, isSure);

/** A share of a ruler at a number of connections; none if that was not measured. */
function share(table, name, ruler, limit, connections = 8) {
    const cell = table.find((one) => one.name === name && one.connections === connections);
    if (cell?.rulers[ruler] === undefined) return [];
    const value = cell.requests_per_second / cell.rulers[ruler];
    return [atLeast(`${name} / ${ruler}`, limit, value, !hasMoved(cell, ruler))];
}

const when = (value, make) => (value === undefined ? [] : make(value));
const find = (table, name, connections = 8) => table.find((cell) => cell.name === name && cell.connections === connections);

function ofRows(table) {
    const others = ["schools", "partnerships", "transfers", "unfunded-mentors", "statements", "participants-v1"];
    const [none, empty] = [find(table, "participants-since-none"), find(table, "empty")];
    return [
        ...share(table, "participants", "peer", 10),
        ...share(table, "participants", "pgbench", 0.6),
        ...when(find(table, "participants"), (cell) => [
            atMost("participants: CPU of a request, ms", 0.45, (cell.cpu_service_us + cell.cpu_postgres_us) / 1000)]),
        ...when(find(table, "participants-304") && find(table, "participants"), () => [
            atLeast("participants-304 / participants", 5,
                find(table, "participants-304").requests_per_second / find(table, "participants").requests_per_second)]),
        ...share(table, "participants-3000", "peer", 10),
        ...when(none && empty, () => [
            atLeast("participants-since-none / empty", 0.6, none.requests_per_second / empty.requests_per_second)]),
        ...share(table, "declarations", "peer", 5),
        ...others.flatMap((name) => share(table, name, "pgbench", 0.5)),
        ...share(table, "declare", "pgbench", 0.5),
        ...when(find(table, "declare"), (cell) => [atMost("declare: p99 / p50", 5, cell.p99_ms / cell.p50_ms)]),
        ...["refused", "unknown-token", "empty"].flatMap((name) => share(table, name, "bare", 0.4)),
        ...["unauthorised", "not-found"].flatMap((name) => share(table, name, "bare", 0.75)),
        ...when(find(table, "participants-csv", 1), (cell) => [
            atLeast("participants-csv: rows a second", 200000, cell.requests_per_second * cell.items)]),
        ...share(table, "participants", "documents", 1).map((one) => ({ ...one, what: `stretch: ${one.what}` })),
    ];
}

function ofGrowth({ sizes, rows }) {
    const factor = (to, of) => (sizes[to][of] / sizes[to - 1][of]).toFixed(1);
    return Object.entries(rows).flatMap(([name, [small, other, main]]) => [
        atLeast(`${name}: ${factor(1, "all")} x all, ${factor(1, "own")} x own`, 0.8, other / small),
        atLeast(`${name}: ${factor(2, "own")} x own`, 0.8, main / other),
    ]);
}

function ofChapters({ walk, memory, growth }) {
    return [
        ...when(walk, () => [
            atMost("walk: mean page / first page", 1.5, walk.walk_mean_ms / walk.first_mean_ms),
            atMost("walk: last page, ms", 10, walk.last_p50_ms)]),
        ...when(memory, () => [
            atMost("participants-3000: MiB a request in flight", 16, memory.per_request_in_flight_mib),
            atMost("participants-csv: growth, MiB", 8, memory.csv_growth_mib)]),
        ...when(growth, () => ofGrowth(growth)),
    ];
}

export function judge(run, table) {
    const [, second, third] = run.resident;
    return [
        ...ofRows(table),
        ...ofChapters(run.measures),
        ...when(run.resident.at(-1), (last) => [atMost("service after the rounds, MiB", 40, last)]),
        ...when(third, () => [atMost("growth from round 2 to round 3, MiB", 1, third - second)]),
    ];
}
