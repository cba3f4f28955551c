// Health checks, documents and pages: contract platform.md 7.1, 7.2, 9 and 15.1.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import { get, request } from "../support/client.mjs";
import { createDatabase, databaseUrl, dropDatabase } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { startService } from "../support/service.mjs";

const service = serveWorld([], { env: { RELEASE_VERSION: "v1.2.3", SHA: "abc123" } });

const PAGE_POLICY = /^default-src 'self'/;
const SECURITY = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "x-xss-protection": "0",
    "x-download-options": "noopen",
    "x-permitted-cross-domain-policies": "none",
    "referrer-policy": "origin-when-cross-origin, strict-origin-when-cross-origin",
};
const HEALTH_KEYS = {
    database: ["connected", "populated", "migration_version"],
    sidekiq: ["job_count", "errors", "failed", "sidekiq_last_failure"],
    notify: ["incident_status"],
    puma: ["backlog", "running", "pool_capacity", "max_threads", "requests_count"],
};

describe("GET /check", () => {
    test("is empty and 200", async () => {
        for (const path of ["/check", "/check/", "//check", "/check?x=1"]) {
            const response = await get(service(), path);
            assert.deepEqual([response.status, response.text], [200, ""]);
            assert.equal(response.headers["content-type"], "text/html");
        }
    });

    test("HEAD is, too, and nothing else", async () => {
        assert.equal((await request(service(), "HEAD", "/check")).status, 200);
        for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
            assert.equal((await request(service(), method, "/check")).status, 404);
    });

    test("needs no database", async () => {
        const alone = await startService({ database: databaseUrl("there is none") });
        assert.equal((await get(alone, "/check")).status, 200);
        await alone.stop();
    });
});

describe("GET /healthcheck", () => {
    test("says what deploy checks read", async () => {
        const response = await get(service(), "/healthcheck");
        assert.equal(response.status, 200);
        assert.match(response.headers["content-type"], /^application\/json/);
        const { json } = response;
        assert.deepEqual(Object.keys(json), ["version", "sha", "environment", ...Object.keys(HEALTH_KEYS)]);
        for (const [name, keys] of Object.entries(HEALTH_KEYS))
            assert.deepEqual(Object.keys(json[name]), keys, name);
        assert.deepEqual([json.version, json.sha, json.environment], ["v1.2.3", "abc123", "test"]);
        assert.deepEqual([json.database.connected, json.database.populated], [true, true]);
        assert.ok(Number.isInteger(json.database.migration_version) && json.database.migration_version > 0);
        assert.equal(json.notify.incident_status, "none");
        for (const name of ["job_count", "errors", "failed"]) assert.ok(Number.isInteger(json.sidekiq[name]));
    });

    test("HEAD has the same status", async () => {
        const response = await request(service(), "HEAD", "/healthcheck");
        assert.deepEqual([response.status, response.text], [200, ""]);
    });

    describe("without what it takes", () => {
        const databases = [];
        const services = [];
        const health = async (database, env) => {
            const other = await startService({ database, env });
            services.push(other);
            const begun = Date.now();
            const response = await get(other, "/healthcheck");
            assert.ok(Date.now() - begun < 1000, "within a second");
            assert.equal(response.status, 500);
            for (const [name, keys] of Object.entries(HEALTH_KEYS))
                assert.deepEqual(Object.keys(response.json[name]), keys, name);
            return response.json;
        };
        after(async () => {
            for (const each of services) await each.stop();
            for (const each of databases) await dropDatabase(each);
        });

        test("names: - and none", async () => {
            const json = await health(databaseUrl("there is none"));
            assert.deepEqual([json.version, json.sha], ["-", "none"]);
        });

        test("a school: 500, not populated", async () => {
            databases.push(await createDatabase());
            const { database } = await health(databases.at(-1));
            assert.equal(database.connected, true);
            assert.equal(database.populated, false);
            assert.ok(Number.isInteger(database.migration_version));
        });

        test("a schema: 500, migration failed", async () => {
            databases.push(await createDatabase(undefined, { template: "template1" }));
            const { database } = await health(databases.at(-1));
            assert.deepEqual(database, { connected: true, populated: false, migration_version: "FAIL" });
        });

        test("a database: 500, nothing works", async () => {
            const { database } = await health(databaseUrl("there is none"));
            assert.deepEqual(database, { connected: false, populated: false, migration_version: "FAIL" });
        });
    });
});

describe("pages", () => {
    for (const [path, type, content] of [
        ["/", /^text\/html/, /<title>[^<]*Manage training for early career teachers/],
        ["/sandbox", /^text\/html/, /Use our sandbox environment/],
        ["/api-docs", /^text\/html/, /swagger-ui/],
        ["/api-docs/", /^text\/html/, /swagger-ui/],
        ["/api-docs/swagger-ui-bundle.js", /javascript/, /SwaggerUIBundle/],
        ["/api-docs/swagger-ui.css", /^text\/css/, /\.swagger-ui/],
        ["/assets/site.css", /^text\/css/, /\{/],
    ])
        test(`${path} is there`, async () => {
            const response = await get(service(), path);
            assert.equal(response.status, 200);
            assert.match(response.headers["content-type"], type);
            assert.match(response.text, content);
            assert.match(response.headers["content-security-policy"], PAGE_POLICY);
            for (const [name, value] of Object.entries(SECURITY))
                assert.equal(response.headers[name], value, name);
            assert.equal(response.headers["set-cookie"], undefined);
            const head = await request(service(), "HEAD", path);
            assert.deepEqual([head.status, head.text], [200, ""]);
        });

    test("load nothing from elsewhere", async () => {
        for (const path of ["/", "/sandbox", "/api-docs"]) {
            const { text } = await get(service(), path);
            for (const [, address] of text.matchAll(/(?:src|href)="([^"]+)"/g))
                assert.match(address, /^(\/|mailto:|#)/, address);
            assert.doesNotMatch(text, /<script>|<style>| on[a-z]+=/, "and nothing in line");
        }
    });

    for (const path of [
        "/nothing",
        "/assets/nothing.css",
        "/assets/..%2fmain.c",
        "/assets/../../etc/passwd",
        "/api-docs/..%2f..%2fetc%2fpasswd",
        "/api-docs/nothing",
        "/API-DOCS",
        "/lead-providers",
        "/lead-providers/api-docs",
        "/apiv3",
    ])
        test(`${path} is not`, async () => {
            const response = await get(service(), path);
            assert.equal(response.status, 404);
            assert.match(response.headers["content-type"], /^text\/html/);
            assert.match(response.text, /Page not found/);
            for (const [name, value] of Object.entries(SECURITY))
                assert.equal(response.headers[name], value, name);
        });

    test("reports of the browser about the policy are taken and answered with 204", async () => {
        const response = await request(service(), "POST", "/csp_reports", {
            body: { "csp-report": { "blocked-uri": "https://evil.example" } },
        });
        assert.deepEqual([response.status, response.text], [204, ""]);
        assert.equal((await get(service(), "/csp_reports")).status, 404);
    });
});

describe("OpenAPI documents", () => {
    const path = (version, extension) => `/lead-providers/api-docs/${version}/api_spec.${extension}`;
    let versions;
    before(async () => {
        versions = (await get(service(), "/lead-providers/api-docs/versions.json")).json;
    });

    test("there is one of version 3", () => {
        assert.ok(versions.includes("v3"));
        for (const version of versions) assert.match(version, /^v[123]$/);
    });

    test("are YAML and JSON of the same, without a token", async () => {
        for (const version of versions) {
            const yaml = await get(service(), path(version, "yml"));
            assert.equal(yaml.status, 200);
            assert.match(yaml.headers["content-type"], /^text\/yaml/);
            const json = await get(service(), path(version, "json"));
            assert.equal(json.status, 200);
            assert.match(json.headers["content-type"], /^application\/json/);
            assert.deepEqual(parse(yaml.text), json.json);
        }
    });

    test("say what the contract says they do", async () => {
        const { json } = await get(service(), path("v3", "json"));
        assert.equal(json.openapi, "3.0.1");
        assert.equal(json.info.title, "Lead provider API - 3.0.0");
        assert.deepEqual(
            json.servers.map((server) => server.url),
            [
                "https://sb.manage-training-for-early-career-teachers.education.gov.uk",
                "/",
                "https://manage-training-for-early-career-teachers.education.gov.uk",
            ],
        );
        assert.deepEqual(
            [json.components.securitySchemes.bearerAuth.type, json.components.securitySchemes.bearerAuth.scheme],
            ["http", "bearer"],
        );
        const operations = Object.values(json.paths).flatMap((item) =>
            Object.values(item).filter((each) => each.responses),
        );
        const names = operations.map((each) => each.operationId).filter(Boolean);
        assert.equal(new Set(names).size, names.length, "each operation id once");
    });

    for (const version of ["v0", "v1.2", "v4", "V3", "latest", "v3x", "..", ""])
        test(`there is none of ${version}`, async () => {
            for (const extension of ["yml", "json"])
                assert.equal((await get(service(), path(version, extension))).status, 404);
        });

    for (const wrong of [
        "/lead-providers/api-docs/v3/api_spec",
        "/lead-providers/api-docs/v3/api_spec.xml",
        "/lead-providers/api-docs/v3/other.yml",
        "/lead-providers/api-docs/v3",
    ])
        test(`there is no ${wrong}`, async () => {
            assert.equal((await get(service(), wrong)).status, 404);
        });
});
