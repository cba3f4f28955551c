// Signed tokens, tokens that may only read, and tokens that replace one another: design.md 3, decisions.md 16.
import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { UNAUTHORISED } from "../support/check_list.mjs";
import { get, request } from "../support/client.mjs";
import { literal, psql } from "../support/database.mjs";
import { internalDocument } from "../support/openapi.mjs";
import { serveWorld } from "../support/served.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { id, TOKENS } from "../support/world.mjs";

const PATH = "/api/v3/participants/ecf";

const newPair = (namedCurve = "P-256") => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
    return {
        key: privateKey,
        private: privateKey.export({ type: "pkcs8", format: "pem" }),
        public: publicKey.export({ type: "spki", format: "pem" }),
    };
};
const ours = newPair();
const next = newPair();
const strange = newPair();
const KEYS = { TOKEN_SIGNING_KEY: ours.private, TOKEN_VERIFY_KEYS: ours.public };

const service = serveWorld([], { env: KEYS });
const started = [];
const folder = mkdtempSync(join(tmpdir(), "cpd-keys-"));
after(async () => {
    for (const each of started) await each.stop();
    rmSync(folder, { recursive: true });
});

async function instance(env = {}) {
    const other = await startService({ database: service().database, env: { ...KEYS, ...env } });
    started.push(other);
    return other;
}

const sql = (text) => psql(service().database, text);
const command = (args, env = {}) => runCommand(args, { database: service().database, env: { ...KEYS, ...env } });
const statusOf = async (token, at = service()) => (await get(at, PATH, { token })).status;

async function issue(...options) {
    const { status, stdout, stderr } = await command(["token", ...options]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\S+\n$/); // the token, and nothing else
    return stdout.trim();
}
const create = (...options) => issue("create", "--lead-provider", "LP-A", ...options);

/** Asks again and again until the status is there. */
async function becomes(status, ask, within = 1300) {
    const deadline = Date.now() + within;
    for (;;) {
        const found = await ask();
        if (found === status || Date.now() > deadline) return assert.equal(found, status);
    }
}

const decode = (token) => token.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token of these parts, signed with `key`. */
function forge(header, claims, key) {
    const text = `${encode(header)}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
}

const idOf = (token) => decode(token)[1].jti;

/** What `token list` says of a token: {column: text}. */
async function listed(tokenId) {
    const { stdout } = await command(["token", "list"]);
    const [head, ...lines] = stdout.trimEnd().split("\n");
    const line = lines.find((each) => each.startsWith(tokenId));
    assert.ok(line, stdout);
    const names = [...head.matchAll(/\S+( \S+)*/g)];
    return Object.fromEntries(
        names.map((name, i) => [name[0], line.slice(name.index, names[i + 1]?.index).trim()]),
    );
}

describe("a signed token", () => {
    let token, header, claims;
    before(async () => {
        token = await create("--signed", "--expires-in", "7");
        [header, claims] = decode(token);
    });

    test("says for which environment it is, what it may do, and until when", async () => {
        assert.deepEqual({ ...header, kid: "" }, { alg: "ES256", typ: "JWT", kid: "" });
        assert.match(header.kid, /^[0-9a-f]{32}$/);
        assert.deepEqual(
            { ...claims, iat: 0, exp: 0, jti: "" },
            { iss: "cpd-api", aud: "test", scope: "read-write", iat: 0, exp: 0, jti: "" },
        );
        assert.equal(claims.exp - claims.iat, 7 * 86400);
        const [row] = await sql(
            `SELECT kind, scope, is_signed, hint, extract(epoch FROM expires_at)::bigint AS exp FROM api_tokens
              WHERE id = ${literal(claims.jti)}`,
        );
        assert.deepEqual(row, { kind: "lead_provider", scope: "read-write", is_signed: true, hint: "jwt", exp: claims.exp });
    });

    test("gets the answers that an opaque one of the same provider gets", async () => {
        for (const [method, path] of [
            ["GET", PATH],
            ["GET", "/api/v1/participants/ecf.csv"],
            ["GET", "/api/v2/participant-declarations"],
            ["GET", "/api/v3/statements"],
            ["GET", `/api/v3/participants/ecf/${id("E24")}`],
            ["GET", "/api/v1/users"],
            ["PUT", `${PATH}/${id("E24")}/defer`],
        ]) {
            const answers = [];
            for (const each of [TOKENS["LP-A"], token]) answers.push(await request(service(), method, path, { token: each }));
            const [opaque, signed] = answers.map(({ status, text }) => ({ status, text }));
            assert.deepEqual(signed, opaque, path);
        }
    });

    test("is accepted wherever the header allows a token", async () => {
        for (const value of [`Token ${token}`, `Bearer "${token}"`, `Bearer token=${token}, x=1`])
            assert.equal((await get(service(), PATH, { headers: { Authorization: value } })).status, 200, value);
    });

    test("is unknown if any part of it is changed or missing", async () => {
        const [head, body, signature] = token.split(".");
        const wider = encode({ ...claims, exp: claims.exp + 86400 });
        const hmac = createHmac("sha256", ours.public).update(`${encode({ ...header, alg: "HS256" })}.${body}`);
        const cases = {
            "another signature": `${head}.${body}.${signature.replace(/^./, (c) => (c === "A" ? "B" : "A"))}`,
            "no signature": `${head}.${body}.`,
            "other claims": `${head}.${wider}.${signature}`,
            "the algorithm none": `${encode({ alg: "none", kid: header.kid })}.${body}.`,
            "the public key as a secret": `${encode({ ...header, alg: "HS256" })}.${body}.${hmac.digest("base64url")}`,
            "a strange key": forge(header, claims, strange.key),
            "a strange key by its own name": forge({ ...header, kid: "0".repeat(32) }, claims, strange.key),
            "another issuer": forge(header, { ...claims, iss: "someone" }, ours.key),
            "another environment": forge(header, { ...claims, aud: "production" }, ours.key),
            "an end in the past": forge(header, { ...claims, exp: claims.iat - 1 }, ours.key),
            "no end": forge(header, { ...claims, exp: undefined }, ours.key),
            "a beginning in the future": forge(header, { ...claims, nbf: claims.exp }, ours.key),
            "no id": forge(header, { ...claims, jti: undefined }, ours.key),
            "the id of nothing": forge(header, { ...claims, jti: randomUUID() }, ours.key),
            "no scope": forge(header, { ...claims, scope: undefined }, ours.key),
            "another scope": forge(header, { ...claims, scope: "admin" }, ours.key),
            "garbage": "!.?.*",
            "a long one": `${head}.${"A".repeat(6000)}.${signature}`,
        };
        for (const [what, text] of Object.entries(cases)) {
            const { status, json, headers } = await get(service(), PATH, { token: text });
            assert.deepEqual([status, json], [401, UNAUTHORISED], what);
            assert.equal(headers["www-authenticate"], 'Token realm="Application"', what);
        }
        assert.equal(await statusOf(token), 200);
    });

    test("whose id is an opaque token's is unknown, and so is an opaque one with dots", async () => {
        const [row] = await sql("SELECT id FROM api_tokens WHERE NOT is_signed LIMIT 1");
        assert.equal(await statusOf(forge(header, { ...claims, jti: row.id }, ours.key)), 401);
        assert.equal(await statusOf("a.b.c"), 401);
    });

    test("is unknown where its key is, without a word on why", async () => {
        for (const env of [{ TOKEN_VERIFY_KEYS: undefined }, { TOKEN_VERIFY_KEYS: next.public }, { TOKEN_ISSUER: "other" }])
            assert.equal(await statusOf(token, await instance(env)), 401);
    });

    test("stays good while keys are rotated", async () => {
        const both = join(folder, "keys.pem");
        writeFileSync(both, `${next.public}\n${ours.public}`);
        const env = { TOKEN_SIGNING_KEY: next.private, TOKEN_VERIFY_KEYS: both };
        const other = await instance(env);
        const { stdout } = await command(["token", "create", "--lead-provider", "LP-A", "--signed"], env);
        const later = stdout.trim();
        assert.notEqual(decode(later)[0].kid, header.kid);
        assert.deepEqual([await statusOf(token, other), await statusOf(later, other)], [200, 200]);
        assert.equal(await statusOf(later), 401);
    });

    test("lives 90 days unless told otherwise", async () => {
        const [, { iat, exp }] = decode(await create("--signed"));
        assert.equal(exp - iat, 90 * 86400);
    });

    test("that is revoked stops within a second, in every instance", async () => {
        const other = await instance();
        for (const name of [(text) => text, idOf]) {
            const mine = await create("--signed");
            assert.deepEqual([await statusOf(mine), await statusOf(mine, other)], [200, 200]);
            assert.equal((await command(["token", "revoke", name(mine)])).status, 0);
            await Promise.all([becomes(401, () => statusOf(mine)), becomes(401, () => statusOf(mine, other))]);
        }
    });

    test("ends when its row does, whatever it says itself", async () => {
        for (const change of ["UPDATE api_tokens SET expires_at = now()", "DELETE FROM api_tokens"]) {
            const mine = await create("--signed");
            assert.equal(await statusOf(mine), 200);
            await sql(`${change} WHERE id = ${literal(idOf(mine))}`);
            await becomes(401, () => statusOf(mine));
        }
    });

    test("ends when it says so, whatever its row says", async () => {
        const now = Math.floor(Date.now() / 1000);
        const short = forge(header, { ...claims, exp: now + 3 }, ours.key);
        assert.equal(await statusOf(short), 200);
        await becomes(401, () => statusOf(short), 6000);
    });

    test("has its use noted", async () => {
        const mine = await create("--signed");
        assert.equal((await listed(idOf(mine)))["last used"], "never");
        await statusOf(mine);
        assert.match((await listed(idOf(mine)))["last used"], /^\d{4}-\d\d-\d\dT/);
    });

    test("stands in no log", () => {
        const logs = JSON.stringify(service().logs());
        for (const part of token.split(".")) assert.ok(!logs.includes(part));
    });
});

describe("issuing", () => {
    for (const [what, env, said] of [
        ["without a key", { TOKEN_SIGNING_KEY: undefined }, /^TOKEN_SIGNING_KEY: is needed/],
        ["with a key that the service would not accept", { TOKEN_SIGNING_KEY: next.private }, /not among TOKEN_VERIFY_KEYS/],
        ["with a key of another curve", { TOKEN_SIGNING_KEY: newPair("P-384").private }, /P-256/],
        ["with a file that is not there", { TOKEN_SIGNING_KEY: "/nowhere" }, /^TOKEN_SIGNING_KEY:/],
    ])
        test(`${what} is refused, and leaves nothing behind`, async () => {
            const before = await sql("SELECT count(*)::int FROM api_tokens");
            const { status, stdout, stderr } = await command(["token", "create", "--lead-provider", "LP-A", "--signed"], env);
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(stderr, said);
            assert.deepEqual(await sql("SELECT count(*)::int FROM api_tokens"), before);
        });

    for (const [what, value] of [
        ["no key", "/dev/null"],
        ["a private key", ours.private],
        ["a key of another curve", newPair("P-384").public],
        ["a file that is not there", "/nowhere"],
    ])
        test(`a service whose TOKEN_VERIFY_KEYS is ${what} does not start`, async () => {
            const { status, stderr } = await runCommand(["serve"], {
                database: service().database,
                env: { PORT: "1", TOKEN_VERIFY_KEYS: value },
            });
            assert.equal(status, 1);
            assert.match(stderr, /TOKEN_VERIFY_KEYS/);
        });

    test("wants its options right", async () => {
        for (const args of [
            ["create", "--lead-provider", "LP-A", "--scope", "write"],
            ["create", "--lead-provider", "LP-A", "--scope"],
            ["create", "--lead-provider", "LP-A", "--expires-in", "0"],
            ["create", "--signed"],
            ["rotate"],
            ["rotate", "x", "--overlap"],
            ["rotate", "x", "--overlap", "-1"],
            ["rotate", "x", "--until", "1"],
            ["revoke"],
            ["renew", "x"],
        ])
            assert.equal((await command(["token", ...args])).status, 64, args.join(" "));
        for (const verb of ["create", "rotate", "revoke", "list"]) {
            const { status, stdout } = await command(["token", verb, "--help"]);
            assert.equal(status, 0, verb);
            assert.match(stdout, /^usage: cpd-api token/);
        }
    });
});

describe("a token of the scope read", () => {
    const writes = () =>
        ["v1", "v2", "v3"].flatMap((version) =>
            ["POST /participant-declarations", "PUT /participant-declarations/{id}/void"]
                .concat(["withdraw", "defer", "resume", "change-schedule"].map((action) => `PUT /participants/ecf/{id}/${action}`))
                .concat(version === "v1" ? ["PUT /participants/{id}/withdraw"] : [])
                .concat(version === "v3" ? ["POST /partnerships/ecf", "PUT /partnerships/ecf/{id}", "PATCH /partnerships/ecf/{id}"] : [])
                .concat(version === "v3" ? [] : ["POST /users", "POST /ecf-users"])
                .map((each) => each.replace(" ", ` /api/${version}`)),
        );

    for (const [form, ...options] of [["opaque"], ["signed", "--signed"]])
        test(`reads, and gets 403 at every write: ${form}`, async () => {
            const token = await create("--scope", "read", "--private", ...options);
            for (const path of [PATH, `${PATH}/${id("E24")}`, "/api/v1/participants.csv", "/api/v1/users"])
                assert.equal((await get(service(), path, { token })).status, 200, path);
            assert.equal((await request(service(), "HEAD", PATH, { token })).status, 200);
            const before = await sql("SELECT count(*)::int FROM events");
            for (const each of writes()) {
                const [method, path] = each.replace("{id}", id("E24")).split(" ");
                for (const body of [undefined, { data: { attributes: { reason: "other" } } }, "{"]) {
                    const response = await request(service(), method, path, { token, body });
                    assert.deepEqual([response.status, response.text], [403, ""], each);
                    assert.equal(response.headers["content-type"], "text/html");
                    assert.equal(response.headers["cache-control"], "no-cache");
                }
            }
            assert.deepEqual(await sql("SELECT count(*)::int FROM events"), before);
        });

    test("is no read-write token because it says so", async () => {
        const token = await create("--scope", "read", "--signed");
        const [header, claims] = decode(token);
        const wider = forge(header, { ...claims, scope: "read-write" }, ours.key);
        assert.equal((await request(service(), "PUT", `${PATH}/${id("E24")}/defer`, { token: wider })).status, 403);
    });

    test("every write of the documents is asked above", async () => {
        const documents = [internalDocument().json];
        for (const version of ["v1", "v2", "v3"])
            documents.push((await get(service(), `/lead-providers/api-docs/${version}/api_spec.json`)).json);
        const found = documents.flatMap(({ paths }) =>
            Object.entries(paths).flatMap(([path, item]) =>
                ["post", "put", "patch", "delete"].filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`),
            ),
        );
        const asked = new Set(writes());
        const isFlat = (each) => /^PUT \/api\/v1\/participants\/\{id\}\//.test(each); // one of the four stands for them
        assert.deepEqual(found.filter((each) => !asked.has(each) && !isFlat(each)), []);
    });
});

describe("rotating", () => {
    for (const [form, ...options] of [["opaque"], ["signed", "--signed"]])
        describe(`an ${form} token`.replace("an signed", "a signed"), () => {
            test("gives a successor for the same; the old one goes on for the overlap", async () => {
                const old = await create("--scope", "read", "--private", "--expires-in", "30", ...options);
                const fresh = await issue("rotate", old, "--overlap", "2");
                assert.notEqual(fresh, old);
                assert.deepEqual([await statusOf(old), await statusOf(fresh)], [200, 200]);

                const [row] = await sql(
                    `SELECT to_jsonb(o) AS old, to_jsonb(n) AS new,
                            extract(epoch FROM o.expires_at - now()) / 3600 AS hours,
                            extract(epoch FROM n.expires_at - now()) / 86400 AS days
                       FROM api_tokens o JOIN api_tokens n ON n.id = o.successor_id
                      ORDER BY n.created_at DESC LIMIT 1`,
                );
                for (const same of ["kind", "lead_provider_id", "private_api_access", "scope", "is_signed"])
                    assert.deepEqual(row.new[same], row.old[same], same);
                assert.equal(row.new.scope, "read");
                assert.equal(row.new.is_signed, form === "signed");
                assert.ok(row.hours > 1.9 && row.hours <= 2, `${row.hours} hours`);
                assert.ok(row.days > 29.9 && row.days <= 30.1, `${row.days} days`);
                const shown = await listed(row.old.id);
                assert.deepEqual([shown.state, shown.successor], ["replaced", row.new.id]);

                await sql(`UPDATE api_tokens SET expires_at = now() WHERE id = ${literal(row.old.id)}`);
                await becomes(401, () => statusOf(old));
                assert.equal(await statusOf(fresh), 200);
                assert.equal((await listed(row.old.id)).state, "expired");
            });

            test("without overlap ends it within a second, everywhere", async () => {
                const old = await create(...options);
                const other = await instance();
                assert.deepEqual([await statusOf(old), await statusOf(old, other)], [200, 200]);
                const fresh = await issue("rotate", old, "--overlap", "0");
                await Promise.all([becomes(401, () => statusOf(old)), becomes(401, () => statusOf(old, other))]);
                assert.deepEqual([await statusOf(fresh), await statusOf(fresh, other)], [200, 200]);
            });
        });

    test("goes by the id as well, and a day is the overlap unless told otherwise", async () => {
        await create();
        const [{ id: tokenId }] = await sql("SELECT id FROM api_tokens ORDER BY created_at DESC LIMIT 1");
        await issue("rotate", tokenId.toUpperCase());
        const [row] = await sql(
            `SELECT extract(epoch FROM o.expires_at - now()) / 3600 AS hours, n.expires_at
               FROM api_tokens o JOIN api_tokens n ON n.id = o.successor_id WHERE o.id = ${literal(tokenId)}`,
        );
        assert.ok(row.hours > 23.9 && row.hours <= 24, `${row.hours} hours`);
        assert.equal(row.expires_at, null);
    });

    test("never lengthens a life", async () => {
        const old = await create("--signed", "--expires-in", "1");
        await issue("rotate", old, "--overlap", "1000");
        const [row] = await sql(`SELECT extract(epoch FROM expires_at)::bigint AS exp FROM api_tokens WHERE id = ${literal(idOf(old))}`);
        assert.equal(row.exp, decode(old)[1].exp);
    });

    test("what is unknown, revoked, or replaced already is refused", async () => {
        const revoked = await create();
        await command(["token", "revoke", revoked]);
        const replaced = await create();
        await issue("rotate", replaced);
        const count = await sql("SELECT count(*)::int FROM api_tokens");
        for (const [token, said] of [
            ["never seen", /no valid token/],
            [randomUUID(), /no valid token/],
            [revoked, /no valid token/],
            [replaced, /replaced already/],
        ]) {
            const { status, stdout, stderr } = await command(["token", "rotate", token]);
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(stderr, said);
        }
        assert.deepEqual(await sql("SELECT count(*)::int FROM api_tokens"), count);
    });

    test("a signed token without the key changes nothing", async () => {
        const old = await create("--signed");
        const { status } = await command(["token", "rotate", old], { TOKEN_SIGNING_KEY: undefined });
        assert.equal(status, 1);
        const [row] = await sql(`SELECT successor_id FROM api_tokens WHERE id = ${literal(idOf(old))}`);
        assert.equal(row.successor_id, null);
    });
});

describe("the list of tokens", () => {
    test("shows form, scope and the first characters, and never a token", async () => {
        const opaque = await create("--scope", "read");
        const signed = await create("--signed");
        assert.match(opaque, /^cpd_[1-9A-HJ-NP-Za-km-z]{38}$/);
        const [{ id: tokenId }] = await sql("SELECT id FROM api_tokens WHERE scope = 'read' ORDER BY created_at DESC LIMIT 1");
        const shown = await listed(tokenId);
        assert.deepEqual(
            [shown.token, shown.form, shown.scope, shown.kind, shown.state, shown.ends],
            [`${opaque.slice(0, 8)}…`, "opaque", "read", "lead_provider", "valid", "-"],
        );
        const other = await listed(idOf(signed));
        assert.deepEqual([other.token, other.form, other.scope], ["jwt…", "signed", "read-write"]);
        const { stdout } = await command(["token", "list"]);
        assert.ok(!stdout.includes(opaque.slice(0, 12)));
        for (const part of signed.split(".")) assert.ok(!stdout.includes(part));
    });
});

describe("unknown tokens", () => {
    test("that come again and again ask the database once a second at most", async () => {
        const other = await instance({ LOG_LEVEL: "info" });
        const start = Date.now();
        for (let i = 0; i < 300; i++) assert.equal(await statusOf("unknown to everybody", other), 401);
        const seconds = Math.ceil((Date.now() - start) / 1000) + 1;
        const answered = other.logs().filter(({ status }) => status === 401);
        const asked = answered.filter(({ db }) => db > 0).length;
        assert.equal(answered.length, 300);
        assert.ok(asked >= 1 && asked <= seconds, `${asked} look-ups in ${seconds} seconds`);
    });

    test("leave the known ones known", async () => {
        const token = await create();
        for (let i = 0; i < 40; i++) {
            assert.equal(await statusOf(`made up ${i}`), 401);
            assert.equal(await statusOf(token), 200);
        }
    });

    test("that are created after all work within a second", async () => {
        const token = await create();
        await sql("UPDATE api_tokens SET revoked_at = now() WHERE created_at = (SELECT max(created_at) FROM api_tokens)");
        const other = await instance();
        assert.equal(await statusOf(token, other), 401);
        await sql("UPDATE api_tokens SET revoked_at = NULL WHERE created_at = (SELECT max(created_at) FROM api_tokens)");
        await becomes(200, () => statusOf(token, other));
    });
});
