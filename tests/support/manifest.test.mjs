// What is deployed: both applications, their health checks, enough instances, and no secret.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { ROOT } from "./environment.mjs";

const text = (name) => readFileSync(join(ROOT, name), "utf8");
const read = (name) => parse(text(name), { merge: true });
const ENVIRONMENTS = ["production", "sandbox", "staging", "review"];
const GIVEN_WHEN_PUSHED = ["image", "sha", "release"];

function manifestOf(environment) {
    const variables = { ...read(`vars/${environment}.yml`), image: "i", sha: "s", release: "r" };
    const filled = text("manifest.yml").replace(/\(\((\w+)\)\)/g, (_, name) => {
        assert.ok(name in variables, `${environment} does not set ${name}`);
        return String(variables[name]);
    });
    const [web, worker] = parse(filled, { merge: true }).applications;
    return { web, worker };
}

for (const environment of ENVIRONMENTS)
    test(`${environment}: a web application and a worker from one image`, () => {
        const { web, worker } = manifestOf(environment);
        assert.equal(web.name, `cpd-${environment}`);
        assert.equal(web["health-check-type"], "http");
        assert.equal(web["health-check-http-endpoint"], "/check");
        assert.equal(web.routes.length, 1);
        assert.equal(worker.name, `cpd-${environment}-worker`);
        assert.equal(worker["health-check-type"], "process");
        assert.equal(worker["no-route"], true);
        assert.match(web.command, /^if \[ "\$\{CF_INSTANCE_INDEX:-0\}" = 0 \]; then cpd-api migrate \|\| exit 1; fi;/);
        assert.doesNotMatch(worker.command, /migrate/);
        for (const application of [web, worker]) {
            for (const name of ["DATABASE_URL", "DB_HOSTNAME", "DB_SSLMODE"])
                assert.ok(!(name in application.env), `${name}: the bound service says it`);
            assert.equal(application.env.APP_ENV, environment);
            assert.deepEqual(application.services, [
                `cpd-postgres-${environment}`,
                `cpd-logs-${environment}`,
            ]);
            assert.equal(application.timeout, 180);
        }
    });

test("production has at least two instances, and nothing that is for testing", () => {
    const { web } = manifestOf("production");
    assert.ok(web.instances >= 2);
    assert.equal(String(web.env.TIME_TRAVEL), "0");
    assert.equal(String(web.env.SANDBOX_PAGE), "0");
    assert.equal(String(web.env.FORCE_HTTPS), "1");
});

test("the files of every environment set the same variables", () => {
    const names = new Set([...text("manifest.yml").matchAll(/\(\((\w+)\)\)/g)].map((match) => match[1]));
    for (const name of GIVEN_WHEN_PUSHED) names.delete(name);
    for (const environment of ENVIRONMENTS)
        assert.deepEqual(Object.keys(read(`vars/${environment}.yml`)).sort(), [...names].sort());
});

test("no file that deploys holds a secret", () => {
    const files = ["manifest.yml", "Dockerfile", "docker-compose.yml"];
    for (const name of [...files, ...ENVIRONMENTS.map((each) => `vars/${each}.yml`)]) {
        assert.doesNotMatch(text(name), /(SECRET|PASSWORD|TOKEN|PRIVATE_KEY)\w*[ \t]*[:=][ \t]*["']?\w/i, name);
        assert.doesNotMatch(text(name), /:\/\/[^\s/@]+:[^\s/@]+@/, name);
    }
});

test("compose: one image, and the service starts when the data is there", () => {
    const { services } = read("docker-compose.yml");
    assert.match(services.db.image, /^postgres:15/);
    assert.deepEqual(services.web.ports, ["3000:3000"]);
    assert.equal(services.web.image, services.worker.image);
    for (const name of ["web", "worker"])
        assert.equal(services[name].depends_on.setup.condition, "service_completed_successfully");
});
