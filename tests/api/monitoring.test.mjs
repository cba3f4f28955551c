// monitoring/ with the real Prometheus: contract platform.md 14. Each rule and each dashboard asks
// only for what the service says, and gets an answer.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse, stringify } from "yaml";
import { get, post } from "../support/client.mjs";
import { dropDatabase } from "../support/database.mjs";
import { ROOT } from "../support/environment.mjs";
import { parseMetrics } from "../support/prometheus_text.mjs";
import { startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { TOKENS, worldDatabase } from "../support/world.mjs";

const FOLDER = join(ROOT, "monitoring");
const text = (name) => readFileSync(join(FOLDER, name), "utf8");
const token = TOKENS["LP-A"];

const rules = () => parse(text("alerts.yml")).groups.flatMap((group) => group.rules);
const dashboards = () =>
    readdirSync(join(FOLDER, "dashboards")).map((name) => ({ name, ...JSON.parse(text(`dashboards/${name}`)) }));

/** Every expression, and where it stands. */
const expressions = () => [
    ...rules().map(({ alert, expr }) => ({ where: alert, expr })),
    ...dashboards().flatMap(({ name, panels }) =>
        panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `${name}: ${title}`, expr }))),
    ),
];

function run(program, ...args) {
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", cwd: ROOT });
    assert.equal(error, undefined, `${program}: bin/test installs it (packages.txt)`);
    assert.equal(status, 0, `${program} ${args.join(" ")}:\n${stdout}${stderr}`);
}

describe("promtool", () => {
    test("accepts the configuration and its rules", () => {
        run("promtool", "check", "config", join(FOLDER, "prometheus.yml"));
        run("promtool", "check", "rules", join(FOLDER, "alerts.yml"));
    });

    test("raises each alert when it must, and none without a reason", () => {
        const file = join(ROOT, "tests/support/monitoring/alerts_test.yml");
        run("promtool", "test", "rules", file);
        const raised = parse(readFileSync(file, "utf8")).tests.flatMap(({ alert_rule_test: cases = [] }) =>
            cases.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
        );
        assert.deepEqual([...new Set(raised)].sort(), rules().map(({ alert }) => alert).sort());
    });
});

describe("the files", () => {
    test("an instance has the memory that rules and dashboards divide by", () => {
        const { applications } = parse(readFileSync(join(ROOT, "manifest.yml"), "utf8"), { merge: true });
        assert.equal(applications[0].memory, "256M");
        for (const { where, expr } of expressions())
            if (/process_resident_memory_bytes.*\//.test(expr)) assert.match(expr, /\/ \(256 \* 1024 \* 1024\)/, where);
    });

    test("dashboards have unique panels, none on another", () => {
        const names = dashboards().map(({ name }) => name);
        assert.deepEqual(names.sort(), ["application.json", "database.json"]);
        for (const { name, uid, panels } of dashboards()) {
            assert.equal(uid, `cpd-api-${name.replace(".json", "")}`);
            const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
            assert.equal(new Set(places).size, panels.length, name);
            assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, name);
            for (const { title, datasource, targets } of panels) {
                assert.deepEqual(datasource, { type: "prometheus", uid: "${datasource}" }, title);
                assert.ok(targets.length > 0, title);
            }
        }
    });

    test("compose mounts what is there", () => {
        const { services } = parse(readFileSync(join(ROOT, "docker-compose.yml"), "utf8"), { merge: true });
        for (const name of ["prometheus", "grafana"]) {
            assert.deepEqual(services[name].profiles, ["monitoring"]);
            for (const volume of services[name].volumes) readdirOrFile(join(ROOT, volume.split(":")[0]));
        }
        const [job] = parse(text("prometheus.yml")).scrape_configs;
        assert.deepEqual(job.static_configs, [{ targets: ["web:3000"] }]);
        assert.ok("web" in services);
    });

    function readdirOrFile(path) {
        try {
            readFileSync(path);
        } catch (error) {
            if (error.code !== "EISDIR") throw error;
        }
    }
});

// --- Against a service --------------------------------------------------------------------------

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function freePort() {
    return new Promise((done, fail) => {
        const server = createServer().on("error", fail);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}

const fetchJson = (port, path) =>
    new Promise((done, fail) => {
        http.get({ host: "127.0.0.1", port, path, agent: false }, (response) => {
            let body = "";
            response.setEncoding("utf8").on("data", (part) => (body += part));
            response.on("end", () => {
                try {
                    done({ status: response.statusCode, json: JSON.parse(body) });
                } catch {
                    done({ status: response.statusCode, json: undefined });
                }
            });
        }).on("error", fail);
    });

/** Words of PromQL that name no metric. Functions are those before a bracket. */
const KEYWORDS = new Set(["by", "without", "or", "and", "unless", "on", "ignoring", "bool", "offset"]);

/** Which metrics an expression reads, and which labels of theirs it names. */
function named(expr) {
    const labels = [];
    const plain = expr
        .replace(/"(?:[^"\\]|\\.)*"/g, '""')
        .replace(/\{([^}]*)\}/g, (_, matchers) => {
            labels.push(...[...matchers.matchAll(/([a-z_]+)\s*[!=]/g)].map(([, name]) => name));
            return "";
        })
        .replace(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g, (_, list) => {
            labels.push(...list.split(",").map((name) => name.trim()));
            return "";
        })
        .replace(/\[[^\]]*\]/g, "");
    const metrics = [...plain.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\(|[a-zA-Z0-9_:])/g)]
        .map(([name]) => name)
        .filter((name) => !KEYWORDS.has(name));
    return { metrics, labels };
}

describe("Prometheus", () => {
    let database;
    let service;
    let folder;
    let prometheus;
    let port;
    let output = "";

    /** One answer of each kind, so that every series there can be is there. */
    async function traffic() {
        for (const version of ["v1", "v2", "v3"]) await get(service, `/api/${version}/participants/ecf`, { token });
        for (const path of ["/", "/api/v3/statements", "/api/v3/nothing"]) await get(service, path, { token });
        await get(service, "/api/v3/statements", { token: "wrong" });
        await post(service, "/api/v3/participant-declarations", { data: { attributes: {} } }, { token });
        const session = await openSession(database);
        await session.run("BEGIN; LOCK TABLE statements IN ACCESS EXCLUSIVE MODE");
        assert.equal((await get(service, "/api/v3/statements", { token })).status, 503);
        await session.run("ROLLBACK");
        await session.run("INSERT INTO jobs (name) VALUES ('test') ON CONFLICT (name) DO NOTHING");
        await session.run(
            "INSERT INTO job_runs (job, status, started_at, finished_at) SELECT 'test', 'done', t, t FROM (SELECT now() - interval '13 seconds') AS ago (t)",
        );
        await session.close();
    }

    const query = (expr) => fetchJson(port, `/api/v1/query?query=${encodeURIComponent(expr)}`);

    async function until(isSo, what, ms = 60_000) {
        const deadline = Date.now() + ms;
        for (;;) {
            if (prometheus.exitCode !== null) assert.fail(`prometheus ended:\n${output}`);
            if (await isSo().catch(() => false)) return;
            if (Date.now() > deadline) assert.fail(`not within ${ms} ms: ${what}\n${output}`);
            await pause(100);
        }
    }

    before(async () => {
        database = await worldDatabase();
        service = await startService({ database, env: { DB_STATEMENT_MS: "500" } });
        await traffic();

        folder = mkdtempSync(join(tmpdir(), "cpd-prometheus-"));
        const config = parse(text("prometheus.yml"));
        config.global = { scrape_interval: "1s", evaluation_interval: "1s" };
        config.scrape_configs[0].static_configs[0].targets = [`127.0.0.1:${service.port}`];
        writeFileSync(join(folder, "prometheus.yml"), stringify(config));
        copyFileSync(join(FOLDER, "alerts.yml"), join(folder, "alerts.yml"));
        port = await freePort();
        prometheus = spawn(
            "prometheus",
            [
                `--config.file=${join(folder, "prometheus.yml")}`,
                `--storage.tsdb.path=${join(folder, "data")}`,
                `--web.listen-address=127.0.0.1:${port}`,
                "--log.level=warn",
            ],
            { stdio: ["ignore", "pipe", "pipe"] },
        );
        for (const stream of [prometheus.stdout, prometheus.stderr])
            stream.setEncoding("utf8").on("data", (part) => (output += part));
        prometheus.on("error", (error) => (output += error.message));
        await until(async () => {
            const { json } = await query('min_over_time(up{job="cpd-api"}[1h])');
            return json.data.result.length === 1 && json.data.result[0].value[1] === "1";
        }, "a first scrape");
        await until(async () => (await query("job_runs_total")).json.data.result.length > 0, "a run of a job");
        const count = 'count_over_time(up{job="cpd-api"}[1h])';
        await traffic(); // once more, for what is counted between two scrapes
        const { json } = await query(count);
        const wanted = Number(json.data.result[0].value[1]) + 2;
        await until(async () => Number((await query(count)).json.data.result[0].value[1]) >= wanted, "more scrapes");
    });
    after(async () => {
        if (prometheus?.pid !== undefined && prometheus.exitCode === null) {
            const ended = new Promise((done) => prometheus.on("exit", done));
            prometheus.kill("SIGTERM");
            await ended;
        }
        await service?.stop();
        await dropDatabase(database);
        if (folder) rmSync(folder, { recursive: true, force: true });
    });

    test("scrapes without an error", async () => {
        const { json } = await fetchJson(port, "/api/v1/targets");
        const [target, ...others] = json.data.activeTargets;
        assert.deepEqual(others, []);
        assert.deepEqual([target.health, target.lastError], ["up", ""]);
        assert.equal((await query('max_over_time(scrape_duration_seconds[1h]) < 10')).json.data.result.length, 1);
    });

    test("keeps every sample that this parser reads", async () => {
        const metrics = parseMetrics((await get(service, "/metrics")).text);
        const { json } = await fetchJson(port, "/api/v1/label/__name__/values");
        const kept = new Set(json.data);
        for (const [, { samples }] of metrics.families)
            for (const { name } of samples) assert.ok(kept.has(name), name);
        const { json: kinds } = await fetchJson(port, "/api/v1/metadata");
        for (const [name, { type, help }] of metrics.families)
            assert.deepEqual(kinds.data[name], [{ type, help, unit: "" }], name);
    });

    test("rules and dashboards name metrics and labels that there are", async () => {
        const metrics = parseMetrics((await get(service, "/metrics")).text);
        const names = new Set([...metrics.names(), "up"]);
        for (const { where, expr } of expressions()) {
            const asked = named(expr);
            assert.ok(asked.metrics.length > 0, `${where}: ${expr}`);
            for (const name of asked.metrics) assert.ok(names.has(name), `${where}: ${name}`);
            const labels = new Set(["job", "instance", "le"]);
            for (const name of asked.metrics)
                for (const sample of metrics.families.get(name.replace(/_(bucket|sum|count)$/, ""))?.samples ?? [])
                    // Prometheus has a job of its own, the scrape
                    Object.keys(sample.labels).forEach((label) => labels.add(label === "job" ? "exported_job" : label));
            for (const name of asked.labels)
                assert.ok(labels.has(name), `${where}: label ${name}`);
        }
    });

    test("rules are evaluated without an error", async () => {
        let evaluated = [];
        await until(async () => {
            const { json } = await fetchJson(port, "/api/v1/rules");
            evaluated = json.data.groups.flatMap((group) => group.rules);
            return evaluated.length > 0 && evaluated.every(({ health }) => health !== "unknown");
        }, "all rules were evaluated");
        assert.deepEqual(
            evaluated.map(({ name, health, lastError = "" }) => [name, health, lastError]),
            rules().map(({ alert }) => [alert, "ok", ""]),
        );
    });

    for (const { where, expr } of expressions())
        test(`${where}: ${expr.replace(/\s+/g, " ").slice(0, 100)}`, async () => {
            // What an alert is compared with need not be so; what is compared must be known.
            const isRule = rules().some(({ alert }) => alert === where);
            const [, measured, bound] = /^([^]*\S)\s(?:>|>=|==)\s(\S+)\s*$/.exec(expr) ?? [null, expr, ""];
            assert.ok(!isRule || bound !== "", "a rule compares");
            const { status, json } = await query(expr);
            assert.deepEqual([status, json.status], [200, "success"], json.error);
            const values = (await query(isRule ? measured : expr)).json;
            assert.equal(values.status, "success", values.error);
            assert.ok(values.data.result.length > 0, "no data");
            for (const { value } of values.data.result) assert.ok(value[1] !== "NaN" || /quantile/.test(expr), JSON.stringify(value));
        });
});
