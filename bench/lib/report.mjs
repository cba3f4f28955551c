// What a run says: medians, the printed tables, the chart.
export function median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const DRIFT = 4 / 3;
const spread = (numbers) => Math.max(...numbers) / Math.min(...numbers);

export function summarise(run) {
    return run.cells.map(({ name, connections, row, service, rulers }) => {
        const of = (field) => median(service.map((result) => result[field]));
        return {
            name, connections,
            requests_per_second: of("requests_per_second"), p50_ms: of("p50_ms"), p99_ms: of("p99_ms"),
            cpu_service_us: of("cpu_service_us"), cpu_postgres_us: of("cpu_postgres_us"), rss_mib: of("rss_mib"),
            statements: row.statements, bytes: row.bytes, items: row.items,
            refused: row.status ? 0 : service.reduce((sum, result) => sum + result.refused, 0),
            broken: service.reduce((sum, result) => sum + result.broken, 0),
            spread: spread(service.map((result) => result.requests_per_second)),
            rulers: Object.fromEntries(Object.entries(rulers).map(([ruler, values]) => [ruler, median(values)])),
            moved: Object.fromEntries(Object.entries(rulers).map(([ruler, values]) => [ruler, spread(values)])),
        };
    });
}

/** A ruler that moved, or never came to its end, proves nothing. */
export const hasMoved = (cell, ruler) => !((cell.moved[ruler] ?? 1) <= DRIFT) || !(cell.rulers[ruler] > 0);

const number = (value, digits = 0) => (value === undefined ? "" : value.toFixed(digits));

export function printRows(table) {
    const ratio = (cell, ruler) =>
        cell.rulers[ruler] === undefined ? ""
            : `${number(cell.requests_per_second / cell.rulers[ruler], 2)}${hasMoved(cell, ruler) ? "?" : ""}`;
    const lines = table.map((cell) => [
        cell.name, cell.connections, number(cell.requests_per_second), number(cell.p50_ms, 2), number(cell.p99_ms, 2),
        number(cell.cpu_service_us), number(cell.cpu_postgres_us), number(cell.rss_mib, 1), cell.statements ?? "",
        number(cell.bytes), ratio(cell, "bare"), ratio(cell, "pgbench"), ratio(cell, "peer"), ratio(cell, "documents"),
    ]);
    const head = ["row", "conn", "req/s", "p50 ms", "p99 ms", "svc µs", "pg µs", "MiB", "stmts", "bytes",
        "/bare", "/pgbench", "/peer", "/ready"];
    console.log("\nRequests per second as a share of each ruler's; ? where that ruler moved by more than a third.\n");
    printTable([head, ...lines]);
}

function printTable(lines) {
    const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => String(line[i]).length)));
    for (const line of lines)
        console.log(line.map((text, i) => (i ? String(text).padStart(widths[i]) : String(text).padEnd(widths[i]))).join("  ").trimEnd());
}

export function printBars(bars) {
    const word = (met) => (met === null ? "undecided" : met ? "met" : "MISSED");
    console.log("");
    printTable([["bar", "wanted", "got", ""], ...bars.map((bar) => [bar.what, bar.wanted, bar.got, word(bar.met)])]);
    const undecided = bars.filter((bar) => bar.met === null).length;
    if (undecided > 0)
        console.log(`\n${undecided} undecided: their rulers moved by more than a third, or answered nothing.`);
    console.log("");
}

// ---- the chart: requests per second at eight connections, on a logarithmic scale --------------------

const COLOURS = { service: "#1d70b8", pgbench: "#85994b", peer: "#d4351c", documents: "#f47738", bare: "#b1b4b6" };
const LABELS = { service: "cpd-api", pgbench: "pgbench, same SQL", peer: "Node.js peer",
    documents: "Node.js, ready-made JSON", bare: "bare HTTP library" };
const [LEFT, WIDTH, BAR] = [210, 620, 9];

function legend() {
    return Object.entries(LABELS).map(([name, label], i) =>
        `<rect x="${10 + i * 170}" y="34" width="10" height="10" fill="${COLOURS[name]}"/>` +
        `<text x="${24 + i * 170}" y="43">${label}</text>`);
}

export function chart(table) {
    const cells = table.filter((cell) => cell.connections === 8);
    const x = (value) => (Math.log10(Math.max(value, 1)) / 5.5) * WIDTH;
    const parts = [`<text x="10" y="20" font-size="15">Requests per second, 8 connections (logarithmic)</text>`, ...legend()];
    let y = 66;
    for (const cell of cells) {
        parts.push(`<text x="${LEFT - 8}" y="${y + 9}" text-anchor="end">${cell.name}</text>`);
        for (const [name, value] of Object.entries({ service: cell.requests_per_second, ...cell.rulers })) {
            parts.push(`<rect x="${LEFT}" y="${y}" width="${x(value).toFixed(1)}" height="${BAR}" fill="${COLOURS[name]}"/>`,
                `<text x="${LEFT + x(value) + 4}" y="${y + 8}" font-size="9">${Math.round(value)}</text>`);
            y += BAR + 1;
        }
        y += 7;
    }
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + WIDTH + 60}" height="${y + 10}" font-family="sans-serif"` +
        ` font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n${parts.join("\n")}\n</svg>\n`;
}
