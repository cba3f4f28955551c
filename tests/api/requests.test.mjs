// What every request passes before a resource sees it: contract platform.md 2, 4, 5 and 8.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import {
    assertSecurityHeaders,
    BAD_QUERY,
    FILTER_NO_HASH,
    NOT_FOUND,
    UNAUTHORISED,
} from "../support/check_list.mjs";
import { internalJson } from "../support/openapi.mjs";
import { get, request, sendBytes } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import { FORBIDDEN_TOKENS, id, statement, TOKENS } from "../support/world.mjs";

const JSON_TYPE = "application/vnd.api+json";
const PATH = "/api/v3/statements";
const ONE = `${PATH}/${statement("LP-A", 2024, "January 2025")}`;
const token = TOKENS["LP-A"];
const BAD_CLOCK = {
    errors: [
        {
            title: "Bad request",
            detail: "The header 'X-With-Server-Date' must be a valid RFC3339 date",
        },
    ],
};
const NULL_BYTE = { errors: [{ title: "Bad request", detail: "string contains null byte" }] };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const service = serveWorld();

function assertAnswer(response, status, body) {
    assert.equal(response.status, status, response.text);
    assert.deepEqual(response.json, body);
    assert.equal(response.headers["content-type"], JSON_TYPE);
    assertSecurityHeaders(response);
}

describe("routing", () => {
    for (const path of [
        "/api",
        "/api/",
        "/api/v3",
        "/api/v0/statements",
        "/api/v4/statements",
        "/api/V3/statements",
        "/api/v3/nothing",
        "/api/v3/statements/1/2",
        "/api/v3/participants",
        "/api/v3/participants/ecf/1/nothing",
        "/api/v3/schools",
        "/api/statements",
        `/api/v3/${"x/".repeat(14)}x`,
        `/api/v3/${"x/".repeat(40)}x`,
        "/api/v3/statements.d/1",
    ])
        test(`no ${path.slice(0, 40)}`, async () => {
            for (const options of [{}, { token }, { headers: { Accept: "text/html" } }]) {
                const response = await get(service(), path, { ...options, check: false });
                assertAnswer(response, 404, NOT_FOUND);
                assert.equal(response.headers["cache-control"], undefined);
            }
        });

    for (const [method, path] of [
        ["POST", PATH],
        ["PUT", PATH],
        ["PATCH", PATH],
        ["DELETE", PATH],
        ["OPTIONS", PATH],
        ["TRACE", PATH],
        ["PUT", ONE],
        ["DELETE", ONE],
        ["OPTIONS", "/api/v3/nothing"],
        ["POST", "/api/v3/participants/ecf"],
        ["GET", `/api/v3/participants/ecf/${id("E24")}/withdraw`],
        ["POST", `/api/v3/participants/ecf/${id("E24")}/withdraw`],
        ["GET", `/api/v3/participant-declarations/${id("E24")}/void`],
    ])
        test(`no ${method} ${path}`, async () => {
            assertAnswer(await request(service(), method, path, {}), 404, NOT_FOUND);
        });

    for (const method of ["FOO", "get", "BREW"])
        test(`${method} is no method`, async () => {
            const response = await sendBytes(
                service(),
                `${method} ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
            );
            assert.match(response, /^HTTP\/1\.1 405 /);
            assert.match(response, /\r\n\r\n$/, "no body");
        });

    test("HEAD of what is not there", async () => {
        const response = await request(service(), "HEAD", "/api/v3/nothing", {});
        assert.deepEqual([response.status, response.text], [404, ""]);
    });

    for (const path of [
        `${PATH}/`,
        `//api//v3///statements//`,
        `${PATH}.json`,
        `${PATH}.xml`,
        `${PATH}.csv`,
        `${ONE}.json`,
        `${ONE}/`,
        `${ONE}.anything`,
    ])
        test(`${path.slice(0, 60)} is tolerated`, async () => {
            const plain = path.includes(ONE) ? ONE : PATH;
            const expected = await get(service(), plain, { token });
            const response = await get(service(), path, { token, check: false });
            assert.equal(response.status, 200);
            assert.equal(response.text, expected.text);
            assert.equal(response.headers["content-type"], JSON_TYPE);
        });

    for (const [path, body] of [
        ["/api/v3/%zz", BAD_QUERY],
        ["/api/v3/statements/%", BAD_QUERY],
        ["/api/v3/statements/%ff", BAD_QUERY],
        ["/api/v3/statements/a%00b", NULL_BYTE],
    ])
        test(`${path} cannot be read`, async () => {
            assertAnswer(await get(service(), path, { token }), 400, body);
        });

    for (const path of [`${PATH}/a%2fb`, `${PATH}/%3f`, `${PATH}/%C3%A9`, `${PATH}/%20`, `${PATH}/..`])
        test(`${path} is no id`, async () => {
            assertAnswer(await get(service(), path, { token }), 404, NOT_FOUND);
        });
});

describe("the order of refusals", () => {
    const forbidden = FORBIDDEN_TOKENS[1];

    for (const [what, method, path, options, status, body] of [
        ["a bad query before the route", "GET", "/api/v3/nothing?x=%", {}, 400, BAD_QUERY],
        ["a bad clock before the route", "GET", "/api/v3/nothing", { now: "x" }, 400, BAD_CLOCK],
        ["a bad clock before the token", "GET", PATH, { now: "x" }, 400, BAD_CLOCK],
        ["the route before the token", "GET", "/api/v3/nothing", { token: "x" }, 404, NOT_FOUND],
        ["the token before the id", "GET", `${PATH}/1`, { token: "x" }, 401, UNAUTHORISED],
        ["the token before the filter", "GET", `${PATH}?filter=x`, { token: "x" }, 401, UNAUTHORISED],
        ["the kind before the filter", "GET", `${PATH}?filter=x`, { token: forbidden }, 403, undefined],
        ["the kind before the id", "GET", `${PATH}/1`, { token: forbidden }, 403, undefined],
        ["the filter before the page", "GET", `${PATH}?filter=x&page=0`, { token }, 400, FILTER_NO_HASH],
        ["the filter before the id", "GET", `${PATH}/1?filter=x`, { token }, 400, FILTER_NO_HASH],
        [
            "the token before the body",
            "POST",
            "/api/v3/participant-declarations",
            { token: "x", body: "{" },
            401,
            UNAUTHORISED,
        ],
        [
            "the kind before the body",
            "POST",
            "/api/v3/participant-declarations",
            { token: forbidden, body: "{" },
            403,
            undefined,
        ],
    ])
        test(what, async () => {
            const response = await request(service(), method, path, options);
            assert.equal(response.status, status, response.text);
            assert.deepEqual(response.json, body);
        });
});

describe("every operation of every document", () => {
    const METHODS = ["get", "put", "post", "patch", "delete"];
    const operations = [];
    before(async () => {
        const json = async (path) => (await get(service(), `/lead-providers/api-docs/${path}`)).json;
        const published = (await json("versions.json")).map((version) => json(`${version}/api_spec.json`));
        for (const { paths } of [...(await Promise.all(published)), internalJson()])
            for (const [template, item] of Object.entries(paths))
                for (const method of METHODS.filter((each) => item[each]))
                    operations.push({ method: method.toUpperCase(), template, ...item[method] });
    });

    const isPrivate = (operation) => operation["x-access"] === "private";
    const allowed = (operation) => (isPrivate(operation) ? TOKENS.engage_and_learn : token);
    const forbidden = (operation) =>
        isPrivate(operation) ? token : operation.method === "GET" ? TOKENS.npq_registration : TOKENS.data_studio;

    /** Asks each operation that documents the status; all must answer with it. */
    async function all(status, options, query = "") {
        const asked = operations.filter(({ responses }) => responses[status]);
        assert.ok(asked.length > 0);
        for (const operation of asked) {
            const { method, template } = operation;
            const path = `${template.replace(/\{\w+\}/, id("nothing"))}${query}`;
            const response = await request(service(), method, path, options(operation));
            assert.equal(response.status, status, `${method} ${path}: ${response.text}`);
        }
    }

    test("asks for a token", () => all(401, () => ({})));
    test("refuses some token", () =>
        all(403, (operation) => ({ token: forbidden(operation) })));
    test("refuses a filter that is no hash, or no body", () => 
        all(400, (operation) => ({ token: allowed(operation) }), "?filter=x"));
    test("refuses a body that is too large", () =>
        all(413, (operation) => ({ token: allowed(operation), body: Buffer.alloc(1024 * 1024 + 1, " ") })));
    test("without such a thing says so", () =>
        all(404, (operation) => ({ token: allowed(operation) }), "?filter[cohort]=2024"));
});

describe("a query", () => {
    const filtered = (query) => get(service(), `${PATH}?page[per_page]=5&${query}`, { token });

    for (const [query, same] of [
        ["filter[cohort]=2024", "filter%5Bcohort%5D=2024"],
        ["filter[cohort]=2024", "filter[cohort]=2021&filter[cohort]=2024"],
        ["filter[cohort]=2024", "filter[cohort]=2021;filter[cohort]=2024"],
        ["filter[cohort]=2024", "filter[cohort]=%32024"],
        ["filter[cohort]=2024", "filter[cohort]=+2024+"],
        ["filter[cohort]=2024,2022", "filter[cohort]=2024%2C2022"],
        ["", "filter[cohort]"],
        ["", "filter[cohort"],
        ["", "[cohort]=2024"],
        ["", "=2024"],
        ["", "&&;;&"],
        ["", "?"],
        ["", "filter[COHORT]=2024"],
        ["", "Filter[cohort]=2024"],
        ["", "filter[cohort][]=2024&filter[cohort][]=2022"],
        ["", "filter[cohort][a]=2024"],
        ["", "cohort=2024"],
        ["", "filter[a][b][c]=1"],
        ["", "format=xml"],
    ])
        test(`"${same}" is read as "${query}"`, async () => {
            const response = await filtered(same);
            assert.equal(response.status, 200, response.text);
            assert.equal(response.text, (await filtered(query)).text);
        });

    for (const query of [
        "filter=1&filter[cohort]=1",
        "filter[cohort]=1&filter[cohort][x]=1&filter[cohort][]=1",
        "filter[]=1&filter[cohort]=1",
        "filter[cohort]=1&filter[]=1",
        "x[a]=1&x[]=2",
        "%zz=1",
        "x=1&y=%e9",
        "x=%c0%80",
        "x=%ed%a0%80",
        "%ff=1",
    ])
        test(`"${query}" cannot be read`, async () => {
            assertAnswer(await filtered(query), 400, BAD_QUERY);
            assertAnswer(await get(service(), `${PATH}?${query}`, {}), 400, BAD_QUERY);
        });

    test("with a NUL either is refused or finds nothing", async () => {
        const response = await filtered("filter[cohort]=2024%00");
        if (response.status === 200) assert.deepEqual(response.json.data, []);
        else assertAnswer(response, 400, NULL_BYTE);
    });

    test("nested ever deeper does no harm", async () => {
        const response = await filtered(`x${"[y]".repeat(2000)}=1`);
        assert.ok([200, 400].includes(response.status));
    });

    test("of 500 parameters is read", async () => {
        const many = Array.from({ length: 500 }, (_, i) => `a${i}=1`).join("&");
        assert.equal((await filtered(many)).status, 200);
    });

    test("of more parameters than the library can hold does no harm", async () => {
        const many = Array.from({ length: 1500 }, (_, i) => `a${i}=1`).join("&");
        const text = await sendBytes(service(), `GET ${PATH}?${many} HTTP/1.1\r\nHost: x\r\n\r\n`);
        assert.match(text, /^HTTP\/1\.1 (400|414|431) |^$/);
        const next = await sendBytes(
            service(),
            "GET /check HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        );
        assert.match(next, /^HTTP\/1\.1 200 /);
    });
});

describe("X-With-Server-Date", () => {
    const PERSON = `/api/v3/participants/ecf/${id("T24")}`;
    const statusAt = async (now) => {
        const response = await get(service(), PERSON, { token: TOKENS["LP-B"], now });
        assert.equal(response.status, 200, response.text);
        return response.json.data.attributes.ecf_enrolments[0].participant_status;
    };

    // Their record with LP-B ends at 2024-11-01T00:00:00Z.
    for (const [now, expected] of [
        ["2024-10-31T23:59:59Z", "leaving"],
        ["2024-11-01T00:00:00Z", "left"],
        ["2024-10-31T23:59:59.999999Z", "leaving"],
        ["2024-11-01T00:59:59+01:00", "leaving"],
        ["2024-11-01T01:00:00+01:00", "left"],
        ["2024-10-31T20:00:00-04:00", "left"],
        ["2024-10-31T23:59:59", "leaving"],
        ["2024-11-01T00:00:00", "left"],
        ["2024-11-01", "left"],
        ["2024-10-31", "leaving"],
        [" 2024-10-31T23:59:59Z ", "leaving"],
        ["2024-10-31t23:59:59z", "leaving"],
        [undefined, "left"],
    ])
        test(`${now}: ${expected}`, async () => {
            assert.equal(await statusAt(now), expected);
        });

    for (const now of ["yesterday", "2024-13-01", "2024-02-30", "2024-10-31T25:00:00Z", "20241031", "1730419199"])
        test(`${now} is refused`, async () => {
            assertAnswer(await get(service(), PERSON, { token, now }), 400, BAD_CLOCK);
        });

    test("holds for its own request only", async () => {
        assert.equal(await statusAt("2024-10-31T23:59:59Z"), "leaving");
        assert.equal(await statusAt(undefined), "left");
    });

    test("is not read in its spelling with underscores", async () => {
        const headers = { X_With_Server_Date: "2024-10-31T23:59:59Z" };
        const response = await get(service(), PERSON, { token: TOKENS["LP-B"], headers });
        assert.equal(response.json.data.attributes.ecf_enrolments[0].participant_status, "left");
    });

    test("means nothing to pages", async () => {
        assert.equal((await get(service(), "/check", { now: "x" })).status, 200);
    });
});

describe("X-Request-Id", () => {
    const asked = async (value) =>
        (await get(service(), PATH, { headers: { "X-Request-Id": value } })).headers["x-request-id"];

    for (const [given, kept] of [
        ["abc-DEF_123@x", "abc-DEF_123@x"],
        ["a b\tc", "abc"],
        ["<script>alert(1)</script>", "scriptalert1script"],
        ["a,b;c=d", "abcd"],
        ["x".repeat(255), "x".repeat(255)],
        ["x".repeat(300), "x".repeat(255)],
        [`${".".repeat(300)}x`, "x"],
    ])
        test(`${given.slice(0, 30)} is kept as ${kept.slice(0, 30)}`, async () => {
            assert.equal(await asked(given), kept);
        });

    for (const given of [undefined, "", "...", "é"])
        test(`${given} becomes a random one`, async () => {
            const [first, second] = [await asked(given), await asked(given)];
            assert.match(first, UUID);
            assert.notEqual(first, second);
        });
});

describe("limits", () => {
    const error = (response) => {
        assert.equal(response.headers["content-type"], JSON_TYPE);
        assert.deepEqual(Object.keys(response.json), ["error"]);
        assert.equal(typeof response.json.error, "string");
        assertSecurityHeaders(response);
    };
    const MIB = 1024 * 1024;
    const DECLARE = "/api/v3/participant-declarations";
    const pathOf = (length) => `${PATH}?x=${"y".repeat(length - PATH.length - 3)}`;

    test("a path of 8 KiB is read, a longer one is not", async () => {
        assert.equal((await get(service(), pathOf(8192), { token })).status, 200);
        for (const options of [{ token }, {}]) {
            const response = await get(service(), pathOf(8193), options);
            assert.equal(response.status, 414);
            error(response);
        }
    });

    test("headers of almost 32 KiB are read, longer ones are not", async () => {
        const headers = (length) => ({ "X-Filler": "f".repeat(length) });
        assert.equal((await get(service(), PATH, { token, headers: headers(32 * 1024 - 400) })).status, 200);
        for (const options of [{ token }, {}]) {
            const response = await get(service(), PATH, { ...options, headers: headers(32 * 1024) });
            assert.equal(response.status, 431);
            error(response);
        }
    });

    test("what the library cannot hold is refused by whomever", async () => {
        const text = await sendBytes(
            service(),
            `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        );
        assert.match(text, /^HTTP\/1\.1 (400|413|414|431) |^$/);
        assert.equal((await get(service(), PATH, { token })).status, 200, "and it lives on");
    });

    test("a body of 1 MiB is read, a longer one is not, whoever sends it", async () => {
        const body = (length) => Buffer.alloc(length, " ");
        const options = { token: "x", check: false };
        const small = await request(service(), "POST", DECLARE, { ...options, body: body(MIB) });
        assert.equal(small.status, 401);
        for (const each of [options, { token, check: false }]) {
            const large = await request(service(), "POST", DECLARE, { ...each, body: body(MIB + 1) });
            assert.equal(large.status, 413);
            error(large);
        }
    });

    test("a body in chunks counts as well", async () => {
        const chunk = "x".repeat(64 * 1024);
        const framed = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
        const text = await sendBytes(
            service(),
            `POST ${DECLARE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n` +
                `Content-Type: application/json\r\n\r\n${framed.repeat(20)}0\r\n\r\n`,
        );
        assert.match(text, /^HTTP\/1\.1 413 /);
    });

    test("a body that is announced too large is refused before it comes", async () => {
        const text = await sendBytes(
            service(),
            `POST ${DECLARE} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n`,
            { wait: 1500 },
        );
        assert.match(text, /^(HTTP\/1\.1 413 |$)/);
    });
});

describe("framing that is not to be trusted is refused, and the connection ended", () => {
    const body = '{"data":1}';
    const smuggled = `GET ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;

    for (const [what, headers, rest] of [
        ["no Host", ["Accept: */*"], ""],
        ["two lengths", ["Host: x", "Content-Length: 10", "Content-Length: 0"], body],
        ["two equal lengths", ["Host: x", "Content-Length: 10", "Content-Length: 10"], body],
        ["lengths in a list", ["Host: x", "Content-Length: 10, 10"], body],
        ["a length and chunks", ["Host: x", "Content-Length: 4", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
        ["chunks and a length", ["Host: x", "Transfer-Encoding: chunked", "Content-Length: 4"], "0\r\n\r\n"],
        ["a length that is negative", ["Host: x", "Content-Length: -1"], ""],
        ["a length with a sign", ["Host: x", "Content-Length: +10"], body],
        ["a length that is a word", ["Host: x", "Content-Length: ten"], body],
        ["a length beyond all", ["Host: x", "Content-Length: 99999999999999999999"], ""],
        ["a length in hexadecimal", ["Host: x", "Content-Length: 0xA"], body],
    ])
        test(what, async () => {
            for (const method of ["GET", "POST"]) {
                const text = await sendBytes(
                    service(),
                    `${method} ${PATH} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${rest}${smuggled}`,
                    { wait: 3000 },
                );
                assert.match(text, /^HTTP\/1\.1 (400|413) /, text);
                assert.match(text, /^connection: close\r$/im, text);
                assert.doesNotMatch(text, /HTTP\/1\.1 200/, "what followed is not answered");
            }
        });

    test("the answer is JSON where the service makes it", async () => {
        const text = await sendBytes(service(), `GET ${PATH} HTTP/1.1\r\nAccept: */*\r\n\r\n`);
        assert.match(text, /content-type: application\/vnd\.api\+json\r/i);
        assert.match(text, /\{"error":"[^"]+"\}$/);
    });

    test("requests one behind the other are all answered", async () => {
        const one = (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
        const text = await sendBytes(
            service(),
            `${one(ONE)}\r\n${one("/api/v3/nothing")}\r\n${one(ONE)}Connection: close\r\n\r\n`,
        );
        assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 200"]);
    });

    for (const version of ["HTTP/1.0", "HTTP/1.1"])
        test(`${version} is spoken`, async () => {
            const text = await sendBytes(
                service(),
                `GET /check ${version}\r\nHost: x\r\nConnection: close\r\n\r\n`,
            );
            assert.match(text, /^HTTP\/1\.[01] 200 /);
        });
});

describe("headers of answers", () => {
    test("of success", async () => {
        const { headers } = await get(service(), PATH, { token });
        assert.equal(headers["cache-control"], "max-age=0, private, must-revalidate");
        assert.equal(headers["content-type"], JSON_TYPE);
        assert.equal(headers.vary, "Accept-Encoding");
        assert.equal(headers["strict-transport-security"], undefined); // FORCE_HTTPS is 0 here
    });

    for (const [status, path, options, cache] of [
        [400, `${PATH}?filter=x`, { token }, "no-cache"],
        [401, PATH, {}, "no-cache"],
        [403, PATH, { token: FORBIDDEN_TOKENS[1] }, "no-cache"],
        [404, "/api/nothing", {}, undefined],
        [404, `${PATH}/1`, { token }, undefined],
    ])
        test(`of ${status} ${path}`, async () => {
            const response = await get(service(), path, options);
            assert.equal(response.status, status);
            assert.equal(response.headers["cache-control"], cache);
            assertSecurityHeaders(response);
        });

    test("no encoding is forced on anybody", async () => {
        for (const value of ["identity;q=0", "br", "gzip;q=0", "*;q=0"]) {
            const headers = { "Accept-Encoding": value };
            const response = await get(service(), PATH, { token, headers });
            assert.equal(response.status, 200);
            assert.equal(response.headers["content-encoding"], undefined);
        }
    });

    test("no Accept is refused", async () => {
        for (const Accept of ["text/csv", "text/html", "nonsense", "application/xml;q=1, */*;q=0"]) {
            const response = await get(service(), PATH, { token, headers: { Accept } });
            assert.equal(response.status, 200);
            assert.equal(response.headers["content-type"], JSON_TYPE);
        }
    });
});
