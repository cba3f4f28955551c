// The record of requests: contract platform.md 11.1.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { check_list } from "../support/check_list.mjs";
import { get, request, sendBytes } from "../support/client.mjs";
import { dropDatabase, literal, psql } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { FORBIDDEN_TOKENS, fullName, id, leadProvider, TOKENS, worldDatabase } from "../support/world.mjs";

const PATH = "/api/v3/requests";
const token = TOKENS["LP-A"];
const DECLARATIONS = "/api/v3/participant-declarations";

const service = serveWorld();
const sql = (text) => psql(service().database, text);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks until there is an answer that is not empty, for as long as a slow machine may take. */
async function eventually(ask, what) {
    const deadline = Date.now() + 20_000;
    for (;;) {
        const found = await ask();
        if (found) return found;
        assert.ok(Date.now() < deadline, `${what} did not come about`);
        await pause(50);
    }
}

let count = 0;

/** Asks, and gives the row that it leaves in the table. */
async function recorded(method, path, options = {}) {
    const name = `recorded-${++count}`;
    const headers = { "X-Request-Id": name, ...options.headers };
    const response = await request(service(), method, path, { check: false, ...options, headers });
    const rows = await eventually(async () => {
        const found = await sql(`SELECT * FROM api_requests WHERE request_id = '${name}'`);
        return found.length > 0 && found;
    }, `the record of ${method} ${path}`);
    assert.equal(rows.length, 1, "one row a request");
    return { response, row: rows[0] };
}

describe("the record of a request", () => {
    test("has every column of a list that was shown, but not what it showed", async () => {
        const begun = Date.now();
        const headers = { "User-Agent": "client/7", Accept: "application/json", "Cache-Control": "no-cache", Referer: "x" };
        const { response, row } = await recorded(
            "GET",
            `/api/v3/participants/ecf?filter[cohort]=2024&page[per_page]=2&x=%C3%A9`,
            { token, headers },
        );
        assert.equal(response.status, 200);
        assert.match(response.text, /private/i, "or there is nothing to be kept out");
        assert.equal(row.request_path, "/api/v3/participants/ecf");
        assert.equal(row.request_method, "GET");
        assert.deepEqual(Object.keys(row.request_headers).sort(), [
            "HTTP_ACCEPT",
            "HTTP_CACHE_CONTROL",
            "HTTP_CONNECTION",
            "HTTP_HOST",
            "HTTP_USER_AGENT",
            "HTTP_VERSION",
            "QUERY_STRING",
        ]);
        assert.equal(row.request_headers.HTTP_USER_AGENT, "client/7");
        assert.equal(row.request_headers.HTTP_VERSION, "HTTP/1.1");
        assert.equal(row.request_headers.QUERY_STRING, "filter[cohort]=2024&page[per_page]=2&x=%C3%A9");
        assert.deepEqual(row.request_body, { filter: { cohort: "2024" }, page: { per_page: "2" }, x: "é" });
        assert.equal(row.status_code, 200);
        assert.deepEqual(row.response_body, {});
        assert.equal(row.cpd_lead_provider_id, id("LP-A"));
        assert.match(row.user_description, /^CPD lead provider: ./);
        assert.ok(Math.abs(Date.parse(row.created_at) - begun) < 60_000);
        assert.ok(row.duration_us > 0);
    });

    test("has all headers of the answer", async () => {
        const { response, row } = await recorded("GET", "/api/v3/statements", { token });
        const own = new Set(["date", "content-length", "connection", "keep-alive", "transfer-encoding"]);
        for (const [name, value] of Object.entries(response.headers)) {
            if (own.has(name)) continue; // the HTTP library's
            const kept = Object.entries(row.response_headers).find(([key]) => key.toLowerCase() === name);
            assert.equal(kept?.[1], value, name);
        }
    });

    for (const [what, method, path, options, status] of [
        ["without a token", "GET", "/api/v3/statements", {}, 401],
        ["with an unknown token", "GET", "/api/v3/statements", { token: "unknown" }, 401],
        ["of an unknown route", "GET", "/api/v3/nothing", { token }, 404],
        ["of an unknown version", "GET", "/api/v99/statements", {}, 404],
        ["of an unknown record", "GET", `/api/v3/statements/${id("nothing")}`, { token }, 404],
        ["of the wrong verb", "DELETE", "/api/v3/statements", { token }, 404],
        ["whose query cannot be read", "GET", "/api/v3/statements?x=%ff", { token }, 400],
        ["of a bad filter", "GET", "/api/v3/statements?filter=x", { token }, 400],
        ["of a declaration that is refused", "POST", DECLARATIONS, { token, body: { data: { attributes: { x: 1 } } } }, 422],
        ["of a body that is no JSON", "POST", DECLARATIONS, { token, body: "{", raw: true }, 400],
        ["in version 1", "GET", "/api/v1/participants/ecf?filter=x", { token }, 400],
    ])
        test(`${what} (${status}) keeps the answer`, async () => {
            const { response, row } = await recorded(method, path, options);
            assert.equal(response.status, status, response.text);
            assert.equal(row.status_code, status);
            assert.equal(row.request_method, method);
            assert.equal(row.request_path, path.split("?")[0]);
            assert.deepEqual(row.response_body, response.json);
        });

    test("of another kind of token names its owner", async () => {
        for (const [name, description] of [
            ["engage_and_learn", "Engage and learn application"],
            ["data_studio", "Data Studio"],
            ["npq_registration", "NPQ registration application"],
        ]) {
            const { row } = await recorded("GET", "/api/v3/statements", { token: TOKENS[name] });
            assert.equal(row.status_code, 403);
            assert.equal(row.user_description, description);
            assert.equal(row.cpd_lead_provider_id, null);
            assert.deepEqual(row.response_body, { body: "403 did not respond with JSON" });
        }
    });

    test("of somebody unknown names nobody", async () => {
        const { row } = await recorded("GET", "/api/v3/statements", {});
        assert.equal(row.user_description, null);
        assert.equal(row.cpd_lead_provider_id, null);
    });

    test("of an unknown verb, of HEAD, of doubled slashes", async () => {
        assert.equal((await recorded("FOO", "/api/v3/statements", { token })).row.status_code, 405);
        const { row } = await recorded("HEAD", "/api/v3/statements", { token });
        assert.deepEqual([row.request_method, row.status_code], ["HEAD", 200]);
        assert.equal((await recorded("GET", "//api//v3/statements", { token })).row.status_code, 200);
    });

    test("keeps the body that was sent, parsed", async () => {
        const body = { data: { type: "x", attributes: { declaration_type: `${fullName("E24")} ' \\ "`, list: [1, null] } } };
        assert.deepEqual((await recorded("POST", DECLARATIONS, { token, body })).row.request_body, body);
        for (const bad of ["{", "[1", '{"a":"\\u0000"}', '"\\ud800"', "[".repeat(100)])
            assert.deepEqual(
                (await recorded("POST", DECLARATIONS, { token, body: bad })).row.request_body,
                { error: "request data did not contain valid JSON" },
                bad,
            );
        for (const odd of ["[]", "{}", '{"data":[]}'])
            assert.deepEqual(
                (await recorded("POST", DECLARATIONS, { token, body: odd })).row.request_body,
                JSON.parse(odd),
            );
    });

    test("takes bytes that are no text", async () => {
        const line = "GET /api/v3/\xff?\xfe=1 HTTP/1.1\r\n";
        const headers = "Host: x\r\nX-Request-Id: odd-bytes\r\nUser-Agent: \xff\xfe\r\nConnection: close\r\n\r\n";
        await sendBytes(service(), Buffer.from(line + headers, "latin1"));
        const [row] = await eventually(async () => {
            const rows = await sql("SELECT * FROM api_requests WHERE request_id = 'odd-bytes'");
            return rows.length > 0 && rows;
        }, "the record");
        assert.equal(row.request_path, "/api/v3/?");
        assert.equal(row.request_headers.HTTP_USER_AGENT, "??");
    });

    test("is not made of pages", async () => {
        for (const path of ["/check", "/healthcheck", "/api-docs", "/api/notify-callback", "/apiv3/x", "/api/vx/y"])
            await request(service(), "GET", path, { check: false });
        await recorded("GET", "/api/v3/statements", { token });
        const rows = await sql("SELECT request_path FROM api_requests WHERE request_path !~ '^/+api/+v[0-9]+/'");
        assert.deepEqual(rows, []);
    });

    test("leaves out what was sent in the wrong place", async () => {
        const path = `/api/v3/statements?Access_Token=clear-one&a=1&filter[token]=clear-two&x=token&api_secret=clear-three`;
        const { row } = await recorded("GET", path, {});
        assert.equal(
            row.request_headers.QUERY_STRING,
            "Access_Token=[FILTERED]&a=1&filter[token]=[FILTERED]&x=token&api_secret=[FILTERED]",
        );
        assert.deepEqual(row.request_body, {
            Access_Token: "[FILTERED]", a: "1", filter: { token: "[FILTERED]" }, x: "token", api_secret: "[FILTERED]",
        });
        const body = { data: { attributes: { token: "clear-four", list: [{ my_password: { deep: "clear-five" } }, "token"] } } };
        const sent = await recorded("POST", DECLARATIONS, { token, body });
        assert.deepEqual(sent.row.request_body, {
            data: { attributes: { token: "[FILTERED]", list: [{ my_password: "[FILTERED]" }, "token"] } },
        });
    });

    test("of a body too large names its provider", async () => {
        const { row } = await recorded("POST", DECLARATIONS, { token, body: Buffer.alloc(1024 * 1024 + 1, " ") });
        assert.deepEqual([row.status_code, row.cpd_lead_provider_id], [413, id("LP-A")]);
    });

    test("never holds a token", async () => {
        for (const value of Object.values(TOKENS))
            for (const scheme of ["Bearer", "Token"])
                await request(service(), "POST", DECLARATIONS, { headers: { Authorization: `${scheme} ${value}` } });
        await recorded("GET", "/api/v3/statements", { token });
        for (const value of [...Object.values(TOKENS), "uthorization"]) {
            const rows = await sql(
                `SELECT request_id FROM api_requests r WHERE position(${literal(value)} in r::text) > 0`,
            );
            assert.deepEqual(rows, [], value);
        }
    });

    test("of a fault is kept, too", async () => {
        await sql("ALTER TABLE statements RENAME TO elsewhere");
        const { response, row } = await recorded("GET", "/api/v3/statements", { token }).finally(() =>
            sql("ALTER TABLE elsewhere RENAME TO statements"),
        );
        assert.equal(response.status, 500);
        assert.equal(row.status_code, 500);
        assert.deepEqual(row.response_body, { error: "Internal server error" });
    });
});

// Requests of others' making, so that the list stands still while it is looked at.
describe("GET requests", () => {
    let database;
    let quiet;
    const insert = (values) => psql(database, `
        INSERT INTO api_requests (id, request_path, request_method, request_headers, request_body, status_code,
            response_headers, response_body, cpd_lead_provider_id, user_description, request_id, duration_us, created_at)
        SELECT ${literal(values.id)}, ${literal(values.path ?? "/api/v3/statements")}, 'GET',
               '{"QUERY_STRING": "filter[email]=secret@private.example"}', '{"secret": "private"}',
               ${values.status ?? 200}, '{}', ${literal(JSON.stringify(values.body ?? {}))},
               ${literal(id(values.provider ?? "LP-A"))}, 'x', ${literal(values.request ?? "r")}, ${values.duration ?? 1500},
               ${values.at ?? "now()"}`);
    before(async () => {
        database = await worldDatabase([leadProvider("LP-X")]);
        quiet = await startService({ database, env: { REQUEST_RECORDING: "0" } });
        const titles = { errors: [{ title: "declaration_date", detail: "d" }, { title: "x", detail: "d" }] };
        await insert({ id: id("r1"), at: "now() - interval '1 hour'", status: 422, body: titles, request: "one", duration: 12_345 });
        await insert({ id: id("r2"), at: "now() - interval '2 hours'", status: 404, body: { error: "Resource not Found" } });
        await insert({ id: id("r3"), at: "now() - interval '3 hours'" });
        await insert({ id: id("r4"), at: "now() - interval '3 hours'", status: 403, body: { body: "403 did not respond with JSON" } });
        await insert({ id: id("r5"), at: "now() - interval '7 days' + interval '1 minute'" });
        await insert({ id: id("r6"), at: "now() - interval '7 days' - interval '1 minute'" });
        await insert({ id: id("r7"), at: "now() - interval '1 hour'", provider: "LP-B" });
    });
    after(async () => {
        await quiet?.stop();
        await dropDatabase(database);
    });
    const list = async (query = "", by = token) => (await get(quiet, `${PATH}?${query}`, { token: by })).json.data;
    const idsOf = async (query, by) => (await list(query, by)).map((each) => each.id);
    const ties = [id("r3"), id("r4")].sort();

    check_list({
        name: "v3 requests",
        service: () => quiet,
        path: PATH,
        type: "api_request",
        token,
        forbidden: FORBIDDEN_TOKENS.filter((each) => each !== TOKENS["LP-N"]),
        order: null,
        updated_since: (item) => item.attributes.created_at,
    });

    test("shows the last seven days, the newest first, and no one else's", async () => {
        assert.deepEqual(await idsOf(), [id("r1"), id("r2"), ...ties, id("r5")]);
        assert.deepEqual(await idsOf("", TOKENS["LP-B"]), [id("r7")]);
        assert.deepEqual(await idsOf("", TOKENS["LP-N"]), []);
    });

    test("shows a request whole, without its body and its query", async () => {
        const response = await get(quiet, `${PATH}?page[per_page]=1`, { token });
        const [{ attributes }] = response.json.data;
        const { created_at: at, ...rest } = attributes;
        assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.deepEqual(rest, {
            method: "GET",
            path: "/api/v3/statements",
            status: 422,
            error_titles: ["declaration_date", "x"],
            duration_ms: 12.345,
            request_id: "one",
        });
        assert.match(response.text, /"error_titles":\["declaration_date","x"\],"duration_ms":12\.345,/);
        assert.doesNotMatch((await get(quiet, PATH, { token })).text, /private|secret/);
    });

    test("names what was wrong", async () => {
        const titles = (await list()).map(({ attributes }) => attributes.error_titles);
        assert.deepEqual(titles, [["declaration_date", "x"], ["Resource not Found"], [], [], []]);
    });

    test("filter[status] lets that status through", async () => {
        assert.deepEqual(await idsOf("filter[status]=404"), [id("r2")]);
        assert.deepEqual(await idsOf("filter[status]=422&page[page]=2"), []);
        for (const value of ["x", "4040", "-1", "99999999999999999999"])
            assert.deepEqual(await idsOf(`filter[status]=${value}`), [], value);
        assert.equal((await idsOf("filter[status]=")).length, 5);
    });

    test("does not move with the clock header", async () => {
        const response = await get(quiet, PATH, { token, now: "2021-01-01T00:00:00Z" });
        assert.equal(response.json.data.length, 5);
    });

    test("REQUEST_RECORDING=0 keeps nothing", async () => {
        await get(quiet, "/api/v3/statements", { token });
        await pause(1200); // two ticks of a writer that should not be there
        assert.equal((await psql(database, "SELECT count(*)::int AS n FROM api_requests"))[0].n, 7);
    });

    test("a request stands in the provider's own list soon after", async () => {
        const response = await get(service(), "/api/v3/statements?filter=x", { token });
        const wanted = response.headers["x-request-id"];
        const find = async (by) =>
            (await get(service(), `${PATH}?page[per_page]=3000`, { token: by })).json.data.find(
                ({ attributes }) => attributes.request_id === wanted,
            );
        const found = await eventually(() => find(token), "the request in the list");
        assert.deepEqual(found.attributes.error_titles, ["Bad parameter"]);
        assert.equal(await find(TOKENS["LP-B"]), undefined);
    });
});

/** Stands between service and PostgreSQL, and keeps the confirmation of the first COPY to itself. */
async function breakAfterCopy(socket, host) {
    const between = { broken: false };
    between.server = createServer((client) => {
        const behind = connect(join(host, ".s.PGSQL.5432"));
        const end = () => [client, behind].forEach((end) => end.destroy());
        client.on("error", end).on("close", end).on("data", (bytes) => behind.write(bytes));
        behind.on("error", end).on("close", end).on("data", (bytes) => {
            if (between.broken || !/COPY \d+\0/.test(bytes.toString("latin1"))) return client.write(bytes);
            between.broken = true;
            end();
        });
    });
    await new Promise((done) => between.server.listen(socket, done));
    return between;
}

describe("the queue", () => {
    let database;
    let one;
    before(async () => {
        database = await worldDatabase();
    });
    after(async () => {
        await one?.kill();
        await dropDatabase(database);
    });
    const kept = async () => (await psql(database, "SELECT count(*)::int AS n FROM api_requests"))[0].n;
    const ask = async (times) => {
        for (let i = 0; i < times; i += 50)
            await Promise.all(
                Array.from({ length: Math.min(50, times - i) }, async () => {
                    assert.equal((await get(one, "/api/v3/nothing", {})).status, 404);
                }),
            );
    };

    test("keeps what it cannot write, answers meanwhile, and writes it when it can", async () => {
        one = await startService({ database });
        const session = openSession(database);
        await session.run("BEGIN");
        await session.run("LOCK TABLE api_requests IN ACCESS EXCLUSIVE MODE");
        const begun = Date.now();
        await ask(300);
        assert.equal((await get(one, "/api/v3/statements", { token })).status, 200);
        assert.ok(Date.now() - begun < 20_000, "requests do not wait for their records");
        await eventually(async () => one.logs().some((line) => line.fault), "a first attempt");
        await session.run("COMMIT");
        await session.close();
        await eventually(async () => (await kept()) === 301, "all 301 records");
        await one.stop();
    });

    test("writes once what was written and not confirmed", async () => {
        const before = await kept();
        const address = new URL(database);
        const folder = mkdtempSync(join(tmpdir(), "cpd-between-"));
        const between = await breakAfterCopy(join(folder, ".s.PGSQL.5432"), address.searchParams.get("host"));
        address.searchParams.set("host", folder);
        one = await startService({ database: address.href });
        await ask(30);
        await eventually(async () => between.broken && (await kept()) === before + 30, "all 30 records");
        await eventually(async () => (await get(one, "/metrics", {})).text.includes("\napi_requests_recorded_total 30\n"), "the service knows");
        await one.stop();
        assert.equal(await kept(), before + 30);
        between.server.close();
        rmSync(folder, { recursive: true });
    });

    test("is written at the end", async () => {
        const before = await kept();
        one = await startService({ database });
        await ask(20);
        await one.stop();
        assert.equal(await kept(), before + 20);
    });

    test("does not grow without end, and does not keep a service from stopping", async () => {
        one = await startService({ database });
        const session = openSession(database);
        await session.run("BEGIN");
        await session.run("LOCK TABLE api_requests IN ACCESS EXCLUSIVE MODE");
        const long = { data: { attributes: { x: "x".repeat(900_000) } } };
        for (let i = 0; i < 12; i++)
            assert.equal((await request(one, "POST", DECLARATIONS, { token, body: long })).status, 422);
        const { child } = one;
        child.kill("SIGTERM");
        const end = await one.exited;
        assert.deepEqual(end, { status: 0, signal: null });
        one.isRunning = false;
        await session.run("ROLLBACK");
        await session.close();
        const [line] = one.logs().filter(({ message }) => message === "not written at the end");
        assert.ok(line.rows > 0 && line.rows < 12, `${line.rows} of 12 fit into the queue`);
    });
});

describe("cpd-api requests", () => {
    const command = (...args) => runCommand(["requests", ...args], { database: service().database });
    const lines = async (...args) => {
        const { status, stdout, stderr } = await command("list", ...args);
        assert.equal(status, 0, stderr);
        return stdout.split("\n").filter(Boolean);
    };

    test("lists the newest first, by provider, status, time and number", async () => {
        await recorded("GET", "/api/v3/statements", { token });
        const { row } = await recorded("GET", "/api/v3/statements?filter=x", { token: TOKENS["LP-B"] });
        const all = await lines("--limit", "1000");
        assert.ok(all[0].includes(row.request_id), all[0]);
        assert.equal((await lines("--limit", "2")).length, 2);
        const own = await lines("--provider", id("LP-B"));
        assert.ok(own.length > 0 && own.length < all.length);
        assert.ok((await lines("--status", "400")).every((line) => / 400 /.test(line)));
        assert.deepEqual(await lines("--since", "2100-01-01T00:00:00Z"), []);
        assert.equal((await command("list", "--provider", "nobody")).status, 1);
    });

    test("purges what is older", async () => {
        await recorded("GET", "/api/v3/statements", { token });
        const n = async () => (await sql("SELECT count(*)::int AS n FROM api_requests"))[0].n;
        await sql("UPDATE api_requests SET created_at = now() - interval '91 days' WHERE status_code = 401");
        const [{ old }] = await sql("SELECT count(*)::int AS old FROM api_requests WHERE status_code = 401");
        const before = await n();
        const { stdout } = await command("purge", "--older-than", "90d");
        assert.equal(stdout, `${old} requests deleted\n`);
        assert.equal(await n(), before - old);
    });

    test("says how it is meant", async () => {
        for (const args of [[], ["x"], ["list", "--x", "1"], ["list", "--status"], ["list", "--status", "x"],
            ["list", "--limit", "0"], ["list", "--since", "x"], ["purge"], ["purge", "--older-than", "90"],
            ["purge", "--older-than", "d"], ["purge", "--older-than", "90days"], ["purge", "--older-than", "-1d"]])
            assert.equal((await command(...args)).status, 64, args.join(" "));
        assert.equal((await command("--help")).status, 0);
    });
});
