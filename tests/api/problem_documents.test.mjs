// application/problem+json (RFC 9457) for those who name it in Accept, and what everybody else gets: docs/problems.md.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { get, post, put, request, sendBytes } from "../support/client.mjs";
import { dropDatabase } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { id, TOKENS, worldDatabase } from "../support/world.mjs";

const TYPE = "application/problem+json";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const service = serveWorld();
const token = TOKENS["LP-A"];
let readOnly;
/** One refusal of each kind: [what, status, code of each error, how to ask for it]. */
const body = (attributes) => ({ data: { type: "x", attributes } });
const BIG = Buffer.alloc(1024 * 1024 + 1, " ");
const CASES = [
    ["no token", 401, ["unauthorised"], (all) => ["GET", "/api/v3/participants/ecf", all]],
    ["an unknown token", 401, ["unauthorised"], (all) => ["GET", "/api/v3/participants/ecf", { ...all, token: "x" }]],
    ["a token of another kind", 403, ["forbidden"], (all) => ["GET", "/api/v3/statements", { ...all, token: TOKENS.data_studio }]],
    ["a token that may only read", 403, ["token_read_only"],
        (all) => ["PUT", `/api/v3/participants/ecf/${id("E24")}/defer`, { ...all, token: readOnly }]],
    ["no such route", 404, ["not_found"], (all) => ["GET", "/api/v3/nothing", { ...all, token }]],
    ["no version", 404, ["not_found"], (all) => ["GET", "/api/participants/ecf", { ...all, token }]],
    ["OPTIONS", 404, ["not_found"], (all) => ["OPTIONS", "/api/v3/participants/ecf", { ...all, token }]],
    ["no such record", 404, ["not_found"], (all) => ["GET", `/api/v3/participants/ecf/${id("nobody")}`, { ...all, token }]],
    ["a verb that is none", 405, ["method_not_known"], (all) => ["SEARCH", "/api/v3/participants/ecf", { ...all, token }]],
    ["another extension", 406, ["extension_not_supported"], (all) => ["GET", "/api/v1/participants/ecf.xml", { ...all, token }]],
    ["a broken query", 400, ["query_malformed"], (all) => ["GET", "/api/v3/participants/ecf?a=%zz", { ...all, token }]],
    ["a clock that is none", 400, ["server_date_invalid"], (all) => ["GET", "/api/v3/participants/ecf", { ...all, token, now: "x" }]],
    ["a filter that is none", 400, ["filter_not_a_hash"], (all) => ["GET", "/api/v3/participants/ecf?filter=1", { ...all, token }]],
    ["a filter that is missing", 400, ["filter_missing"], (all) => ["GET", "/api/v3/schools/ecf", { ...all, token }]],
    ["two things wrong with the query", 400, ["updated_since_invalid"],
        (all) => ["GET", "/api/v3/participants/ecf?filter[updated_since]=x&page[page]=0", { ...all, token }]],
    ["a page that is none", 400, ["page_invalid"], (all) => ["GET", "/api/v3/statements?page[page]=0", { ...all, token }]],
    ["no body", 400, ["data_missing"], (all) => ["POST", "/api/v3/participant-declarations", { ...all, token }]],
    ["a broken body", 400, ["data_missing"], (all) => ["POST", "/api/v3/participant-declarations", { ...all, token, body: "{" }]],
    ["a body too large", 413, ["body_too_large"], (all) => ["POST", "/api/v3/participant-declarations", { ...all, token, body: BIG }]],
    ["an address too long", 414, ["uri_too_long"], (all) => ["GET", `/api/v3/statements?a=${"x".repeat(9000)}`, { ...all, token }]],
    ["headers too large", 431, ["headers_too_large"],
        (all) => ["GET", "/api/v3/statements", { ...all, token, headers: { ...all.headers, ...Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`X-${i}`, "x".repeat(7000)])) } }]],
    ["a declaration of nothing", 422, ["participant_not_recognised", "declaration_date_missing", "declaration_type_missing"],
        (all) => ["POST", "/api/v3/participant-declarations", { ...all, token, body: body({}) }]],
    ["a user who exists", 409, ["email_in_use"],
        (all) => ["POST", "/api/v1/users", { ...all, token: TOKENS.engage_and_learn, body: body({ full_name: "A B", email: "known@example.com" }) }]],
    ["a user without a name", 422, ["full_name_missing_and_email_invalid"],
        (all) => ["POST", "/api/v1/users", { ...all, token: TOKENS.engage_and_learn, body: body({ full_name: "" }) }]],
];

describe("to those who ask for it", () => {
    before(async () => {
        const { stdout } = await runCommand(["token", "create", "--lead-provider", "LP-A", "--scope", "read"], {
            database: service().database,
        });
        readOnly = stdout.trim();
        await request(service(), "POST", "/api/v1/users", {
            token: TOKENS.engage_and_learn,
            body: body({ full_name: "A B", email: "known@example.com" }),
        });
    });

    for (const [what, status, codes, how] of CASES)
        test(`${status} ${codes[0]}: ${what}`, async () => {
            const answers = [];
            for (const headers of [{}, { Accept: "*/*" }, { Accept: "application/vnd.api+json" }, { Accept: `application/vnd.api+json, ${TYPE}` }])
                answers.push(await request(service(), ...how({ headers })));
            const asked = answers.pop();

            // Everybody else gets the same bytes, whatever else they accept.
            for (const answer of answers) {
                assert.equal(answer.status, status);
                assert.equal(answer.text, answers[0].text);
                assert.ok(!/problem/.test(answer.headers["content-type"] ?? ""));
                assert.ok(!answer.text.includes('"code"'));
                assert.equal(answer.headers.vary, "Accept-Encoding, Accept");
            }

            assert.deepEqual([asked.status, asked.headers["content-type"]], [status, TYPE]);
            assert.equal(asked.headers.vary, "Accept-Encoding, Accept");
            const sameHeaders = ["cache-control", "www-authenticate", "retry-after", "content-security-policy", "x-frame-options"];
            for (const name of sameHeaders) assert.equal(asked.headers[name], answers[0].headers[name], name);

            const { type, title, detail, instance, code, errors, ...others } = asked.json;
            assert.deepEqual(others, { status });
            assert.deepEqual([type, code], [`/problems/${codes[0]}`, codes[0]]);
            assert.equal(title, codes[0].replace(/_/g, " ").replace(/^./, (c) => c.toUpperCase()));
            assert.equal(instance, `/requests/${asked.headers["x-request-id"]}`);
            assert.match(asked.headers["x-request-id"], UUID);
            assert.deepEqual(errors.map((error) => error.code), codes);
            assert.equal(detail, errors[0].detail);

            // The texts are those of the plain body.
            const plain = answers[0].json;
            if (plain?.error) assert.equal(detail, plain.error);
            if (plain?.errors && status !== 409) {
                assert.deepEqual(errors.map((error) => error.title), plain.errors.map((error) => error.title));
                assert.deepEqual(errors.map((error) => error.detail), plain.errors.map((error) => error.detail));
            }
        });

    test("a refused attribute of the body is pointed at, another is not", async () => {
        const headers = { Accept: TYPE };
        const pointersOf = async (participant, attributes) => {
            const path = `/api/v3/participants/ecf/${id(participant)}/withdraw`;
            const { status, json } = await put(service(), path, body(attributes), { token, headers });
            assert.equal(status, 422);
            return json.errors.map(({ code, pointer }) => [code, pointer]);
        };
        assert.deepEqual(await pointersOf("nobody", {}), [
            ["participant_not_recognised", undefined],
            ["course_missing", "#/data/attributes/course_identifier"],
        ]);
        assert.deepEqual(await pointersOf("E24", { reason: "boredom", course_identifier: "ecf-induction" }), [
            ["reason_invalid", "#/data/attributes/reason"],
        ]);
    });

    test("several refusals of one attribute stand apart", async () => {
        const attributes = { participant_id: id("E24"), declaration_type: "started", declaration_date: "yesterday", course_identifier: "ecf-induction" };
        const path = "/api/v3/participant-declarations";
        const plain = await post(service(), path, body(attributes), { token });
        const { json } = await post(service(), path, body(attributes), { token, headers: { Accept: TYPE } });
        const dates = json.errors.filter(({ title }) => title === "declaration_date");
        assert.deepEqual(dates.map(({ code }) => code), ["declaration_date_missing", "declaration_date_invalid"]);
        assert.equal(plain.json.errors.find(({ title }) => title === "declaration_date").detail, dates.map(({ detail }) => detail).join(", "));
    });

    test("the answer to HEAD has no body", async () => {
        const { status, headers, text } = await request(service(), "HEAD", "/api/v3/statements", { headers: { Accept: TYPE } });
        assert.deepEqual([status, headers["content-type"], text], [401, TYPE, ""]);
    });

    test("receipts of Notify are refused alike", async () => {
        const other = await startService({ database: service().database, env: { NOTIFY_CALLBACK_TOKEN: "secret" } });
        const [plain, asked] = [
            await request(other, "POST", "/api/notify-callback", {}),
            await request(other, "POST", "/api/notify-callback", { headers: { Accept: TYPE } }),
        ];
        await other.stop();
        assert.deepEqual(
            [plain.status, plain.text, plain.headers["content-type"]],
            [401, "HTTP Token: Access denied.\n", "text/plain; charset=utf-8"],
        );
        assert.deepEqual([asked.status, asked.json.code, asked.headers["content-type"]], [401, "callback_unauthorised", TYPE]);
    });

    test("a request that cannot be trusted is refused alike", async () => {
        const text = await sendBytes(service(), `GET /api/v3/statements HTTP/1.1\r\nAccept: ${TYPE}\r\n\r\n`);
        assert.match(text, /^HTTP\/1\.1 400 /);
        assert.match(text, /Content-Type: application\/problem\+json\r\n/i);
        assert.match(text, /"code":"request_malformed"/);
    });

    test("a fault is told alike, and says no more", async () => {
        const headers = { Accept: TYPE };
        const database = await worldDatabase([]);
        const other = await startService({ database, env: { DB_WAIT_MS: "200" } });
        await dropDatabase(database);
        const answer = await get(other, "/api/v3/statements", { token, headers });
        await other.stop();
        assert.deepEqual([answer.status, answer.headers["content-type"], answer.headers["retry-after"]], [503, TYPE, "5"]);
        assert.deepEqual([answer.json.code, answer.json.detail], ["service_unavailable", "Service unavailable"]);
    });
});

describe("others are left alone", () => {
    for (const accept of ["*/*", "application/*", "application/json", `${TYPE};q=0, */*`, "text/csv", ""])
        test(`Accept: ${accept}`, async () => {
            const answer = await get(service(), "/api/v3/statements", { headers: { Accept: accept } });
            assert.equal(answer.text, '{"error":"HTTP Token: Access denied"}');
            assert.equal(answer.headers["content-type"], "application/vnd.api+json");
        });

    test("what succeeds does not depend on Accept", async () => {
        const answers = [];
        for (const headers of [{}, { Accept: TYPE }]) answers.push(await get(service(), "/api/v3/statements", { token, headers }));
        assert.equal(answers[0].status, 200);
        assert.equal(answers[1].text, answers[0].text);
        assert.deepEqual(answers.map(({ headers }) => headers.vary), ["Accept-Encoding", "Accept-Encoding"]);
    });
});

describe("the pages that types lead to", () => {
    test("show one refusal, or all of them", async () => {
        const all = await get(service(), "/problems");
        assert.equal(all.status, 200);
        assert.match(all.headers["content-type"], /^text\/html/);
        for (const [, , [code]] of CASES) {
            const one = await get(service(), `/problems/${code}`);
            assert.equal(one.status, 200, code);
            for (const page of [one, all]) assert.ok(page.text.includes(`<code>${code}</code>`), code);
            assert.equal(one.text.match(/<tr><td>/g).length, 1);
        }
    });

    test("are not there for anything else", async () => {
        for (const path of ["/problems/nothing", "/problems/Forbidden", "/problems/forbidden/x"])
            assert.equal((await get(service(), path)).status, 404, path);
    });
});
