// Who may call what, and how tokens live: contract platform.md 3, decisions.md 15.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { assertSecurityHeaders, UNAUTHORISED } from "../support/check_list.mjs";
import { get, request } from "../support/client.mjs";
import { literal, psql } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { apiToken, id, leadProvider, statement, TOKENS } from "../support/world.mjs";

const PATH = "/api/v3/statements";
const BOTH = "lp-both-token";

const service = serveWorld([
    leadProvider("LP-BOTH", { npq: true }),
    apiToken(BOTH, "lead_provider", "LP-BOTH"),
    leadProvider("LP-NEITHER", { ecf: false }),
    apiToken("lp-neither-token", "lead_provider", "LP-NEITHER"),
]);

const started = [];
after(async () => {
    for (const each of started) await each.stop();
});

/** Another instance over the same database: it has seen no token yet. */
async function instance(env) {
    const other = await startService({ database: service().database, env });
    started.push(other);
    return other;
}

const statusOf = async (token, at = service()) => (await get(at, PATH, { token })).status;
const sql = (text) => psql(service().database, text);
const command = (...args) => runCommand(args, { database: service().database });

/** Asks again and again, for a second and a little, until the status is there. */
async function becomes(status, ask) {
    const deadline = Date.now() + 1300;
    for (;;) {
        const found = await ask();
        if (found === status || Date.now() > deadline) return assert.equal(found, status);
    }
}

async function newToken(...options) {
    const { status, stdout, stderr } = await command("token", "create", ...options);
    assert.equal(status, 0, stderr);
    return stdout.trim().split("\n").at(-1);
}

describe("what each kind of token may call", () => {
    const ECF = [
        "/api/v3/delivery-partners",
        `/api/v3/delivery-partners/${id("DP-1")}`,
        "/api/v3/schools/ecf?filter[cohort]=2024",
        `/api/v3/schools/ecf/${id("S1")}?filter[cohort]=2024`,
        "/api/v3/partnerships/ecf",
        `/api/v3/partnerships/ecf/${id("partnership S1 2024")}`,
        "/api/v3/participants/ecf",
        `/api/v3/participants/ecf/${id("E24")}`,
        "/api/v3/participants/ecf/transfers",
        `/api/v3/participants/ecf/${id("T24")}/transfers`,
        "/api/v3/unfunded-mentors/ecf",
        `/api/v3/unfunded-mentors/ecf/${id("M24")}`,
        "POST /api/v3/partnerships/ecf",
        `PUT /api/v3/partnerships/ecf/${id("partnership S1 2024")}`,
        `PUT /api/v3/participants/ecf/${id("E24")}/withdraw`,
        `PUT /api/v3/participants/ecf/${id("E24")}/defer`,
        `PUT /api/v3/participants/ecf/${id("E24")}/resume`,
        `PUT /api/v3/participants/ecf/${id("E24")}/change-schedule`,
    ];
    const ECF_OR_NPQ = [
        "/api/v3/statements",
        `/api/v3/statements/${statement("LP-A", 2024, "January 2025")}`,
        "/api/v3/participant-declarations",
        `/api/v3/participant-declarations/${id("nothing")}`,
        "POST /api/v3/participant-declarations",
        `PUT /api/v3/participant-declarations/${id("nothing")}/void`,
    ];
    const ALLOWED = {
        [TOKENS["LP-A"]]: [true, true],
        [BOTH]: [true, true],
        [TOKENS["LP-N"]]: [false, true],
        "lp-neither-token": [false, false],
        [TOKENS.engage_and_learn]: [false, false],
        [TOKENS.data_studio]: [false, false],
        [TOKENS.npq_registration]: [false, false],
    };

    for (const [token, allowed] of Object.entries(ALLOWED))
        [ECF, ECF_OR_NPQ].forEach((operations, group) => {
            for (const operation of operations)
                test(`${token}: ${operation.replace(/[0-9a-f-]{36}/, "{id}")}`, async () => {
                    const [method, path] = operation.includes(" ") ? operation.split(" ") : ["GET", operation];
                    const response = await request(service(), method, path, { token });
                    if (allowed[group]) return assert.ok(![401, 403].includes(response.status));
                    assert.equal(response.status, 403);
                    assert.equal(response.text, "");
                    assert.equal(response.headers["content-type"], "text/html");
                    assert.equal(response.headers["cache-control"], "no-cache");
                    assert.equal(response.headers["www-authenticate"], undefined);
                    assertSecurityHeaders(response);
                });
        });

    test("without one every operation says so", async () => {
        for (const operation of [...ECF, ...ECF_OR_NPQ]) {
            const [method, path] = operation.includes(" ") ? operation.split(" ") : ["GET", operation];
            const response = await request(service(), method, path, {});
            assert.deepEqual([response.status, response.json], [401, UNAUTHORISED], operation);
            assert.equal(response.headers["www-authenticate"], 'Token realm="Application"');
        }
    });
});

describe("a token", () => {
    test("is kept as a digest only", async () => {
        const [row] = await sql("SELECT json_agg(t)::text AS all FROM api_tokens t");
        for (const token of Object.values(TOKENS)) assert.ok(!row.all.includes(token), token);
    });

    test("of the command line works at once, and says itself once", async () => {
        const token = await newToken("--lead-provider", "LP-A");
        assert.match(token, /^[A-Za-z0-9_-]{20,}$/);
        assert.equal(await statusOf(token), 200);
        const { stdout } = await command("token", "list");
        assert.ok(!stdout.includes(token));
    });

    test("is worth nothing under another secret", async () => {
        const other = await instance({ TOKEN_HASH_SECRET: "another secret of 32 characters!" });
        assert.equal(await statusOf(TOKENS["LP-A"], other), 401);
        assert.equal(await statusOf(TOKENS["LP-A"]), 200);
    });

    test("that is revoked stops within a second, in every instance", async () => {
        const token = await newToken("--lead-provider", "LP-A");
        const other = await instance();
        assert.deepEqual([await statusOf(token), await statusOf(token, other)], [200, 200]);
        assert.equal((await command("token", "revoke", token)).status, 0);
        await Promise.all([
            becomes(401, () => statusOf(token)),
            becomes(401, () => statusOf(token, other)),
        ]);
        assert.deepEqual((await get(service(), PATH, { token })).json, UNAUTHORISED);
    });

    test("that is deleted or has expired stops within a second", async () => {
        for (const change of [
            "UPDATE api_tokens SET expires_at = now() WHERE id = ",
            "DELETE FROM api_tokens WHERE id = ",
        ]) {
            const token = await newToken("--lead-provider", "LP-A", "--expires-in", "1");
            const [{ id: tokenId }] = await sql("SELECT id FROM api_tokens ORDER BY created_at DESC LIMIT 1");
            assert.equal(await statusOf(token), 200);
            await sql(change + literal(tokenId));
            await becomes(401, () => statusOf(token));
        }
    });

    test("whose provider loses its ECF side is refused within a second", async () => {
        assert.equal((await get(service(), "/api/v3/participants/ecf", { token: BOTH })).status, 200);
        await sql(`UPDATE lead_providers SET ecf = false WHERE id = ${literal(id("LP-BOTH"))}`);
        await becomes(403, async () => (await get(service(), "/api/v3/participants/ecf", { token: BOTH })).status);
        assert.equal(await statusOf(BOTH), 200);
    });
});

describe("the last use of a token", () => {
    const usedAt = async (name) => {
        const [row] = await sql(
            `SELECT extract(epoch FROM now() - last_used_at) AS ago, last_used_at FROM api_tokens t
              WHERE ${name}`,
        );
        return row;
    };
    const ofKind = (kind) => `t.kind = ${literal(kind)}`;

    test("is noted, also when it was refused", async () => {
        const mine = ofKind("data_studio");
        await sql(`UPDATE api_tokens t SET last_used_at = NULL WHERE ${mine}`);
        const other = await instance();
        assert.equal(await statusOf(TOKENS.data_studio, other), 403);
        const { ago } = await usedAt(mine);
        assert.ok(ago >= 0 && ago < 5, `${ago} s`);
    });

    test("is noted at most once a minute, by however many instances", async () => {
        const mine = ofKind("engage_and_learn");
        await sql(`UPDATE api_tokens t SET last_used_at = now() - interval '50 seconds' WHERE ${mine}`);
        const before = (await usedAt(mine)).last_used_at;
        for (const other of [await instance(), await instance()])
            for (let i = 0; i < 3; i++) assert.equal(await statusOf(TOKENS.engage_and_learn, other), 403);
        assert.equal((await usedAt(mine)).last_used_at, before);

        await sql(`UPDATE api_tokens t SET last_used_at = now() - interval '61 seconds' WHERE ${mine}`);
        await statusOf(TOKENS.engage_and_learn, await instance());
        const { ago } = await usedAt(mine);
        assert.ok(ago < 5, `${ago} s`);
    });

    test("is not that of a token that is unknown", async () => {
        const [{ count }] = await sql("SELECT count(*)::int FROM api_tokens");
        assert.equal(await statusOf("never seen"), 401);
        assert.deepEqual(await sql("SELECT count(*)::int FROM api_tokens"), [{ count }]);
    });
});
