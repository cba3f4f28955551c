// POST notify-callback: contract v1-v2.md 8. Receipts of GOV.UK Notify.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertSecurityHeaders, NOT_FOUND } from "../support/check_list.mjs";
import { post, request } from "../support/client.mjs";
import { literal, psql } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { startService } from "../support/service.mjs";
import { id, TOKENS } from "../support/world.mjs";

const PATH = "/api/notify-callback";
const SECRET = "notify-secret-token";
const mail = (name, members) => ({
    type: "nomination_email",
    id: id(`mail ${name}`),
    school_id: id("S1"),
    notify_id: id(`notify ${name}`),
    sent_at: "2021-06-01T00:00:00Z",
    ...members,
});
const service = serveWorld([mail("one"), mail("two"), mail("three"), mail("unnamed", { notify_id: null })], {
    env: { NOTIFY_CALLBACK_TOKEN: SECRET },
});

const receipt = (name, members = {}) => ({
    id: id(`notify ${name}`),
    reference: null,
    to: "somebody@private.example",
    status: "delivered",
    created_at: "2021-06-01T10:00:00.000000Z",
    completed_at: "2021-06-01T10:00:02.000000Z",
    sent_at: "2021-06-01T10:00:01.234567Z",
    notification_type: "email",
    template_id: id("template"),
    template_version: 1,
    ...members,
});
const send = (body, options = {}) => post(service(), PATH, body, { token: SECRET, ...options });
const stateOf = async (name) => {
    const [row] = await psql(
        service().database,
        `SELECT notify_status AS status, to_char(delivered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at
           FROM nomination_emails WHERE id = ${literal(id(`mail ${name}`))}`,
    );
    return row;
};
function assertTaken(response) {
    assert.deepEqual([response.status, response.text], [204, ""], response.text);
    assert.equal(response.headers["content-type"], undefined);
    assertSecurityHeaders(response);
}

describe("a receipt", () => {
    for (const status of ["sending", "delivered", "permanent-failure", "temporary-failure", "technical-failure", "something new"])
        test(`${status} is kept`, async () => {
            assertTaken(await send(receipt("one", { status })));
            assert.deepEqual(await stateOf("one"), { status, at: "2021-06-01T10:00:01.234567" });
            assert.deepEqual(await stateOf("two"), { status: null, at: null });
        });

    test("without a time, or with one that is none, says so", async () => {
        for (const sent_at of [null, undefined, "soon", 7]) {
            assertTaken(await send(receipt("one", { sent_at })));
            assert.deepEqual(await stateOf("one"), { status: "delivered", at: null });
        }
    });

    for (const [what, body] of [
        ["of an unknown e-mail", receipt("nothing")],
        ["without an id", receipt("three", { id: undefined })],
        ["whose id is null", receipt("three", { id: null })],
        ["whose id is no UUID", receipt("three", { id: "x" })],
        ["whose id is a number", receipt("three", { id: 7 })],
        ["without members", {}],
        ["that is a list", [receipt("three")]],
        ["that is no JSON", "{"],
        ["that is empty", ""],
        ["of bytes", Buffer.from([0xff, 0, 1])],
    ])
        test(`${what} changes nothing`, async () => {
            assertTaken(await send(body));
            assert.deepEqual(await stateOf("three"), { status: null, at: null });
            assert.deepEqual(await stateOf("unnamed"), { status: null, at: null });
        });

    test("is read whatever its content type, and its path written", async () => {
        const headers = { "Content-Type": "text/plain" };
        assertTaken(await send(JSON.stringify(receipt("two")), { headers }));
        assert.equal((await stateOf("two")).status, "delivered");
        for (const path of [`${PATH}/`, `/${PATH}`, `${PATH}?filter=x`])
            assertTaken(await post(service(), path, receipt("two", { status: "sending" }), { token: SECRET }));
        assert.equal((await stateOf("two")).status, "sending");
    });

    test("of a failure leaves a warning, one of success does not", async () => {
        const warnings = () => service().logs().filter((line) => /not delivered/.test(line.message ?? "")).length;
        const earlier = warnings();
        await send(receipt("two", { status: "delivered" }));
        await send(receipt("two", { status: "sending" }));
        assert.equal(warnings(), earlier);
        await send(receipt("two", { status: "permanent-failure" }));
        assert.equal(warnings(), earlier + 1);
        await send(receipt("two", { status: "somebody@private.example" }));
        assert.equal(warnings(), earlier + 2, "whose text stays out of the log");
    });
});

describe("its token", () => {
    for (const [what, authorization] of [
        ["none", undefined],
        ["an empty one", ""],
        ["without a token", "Bearer "],
        ["a wrong one", "Bearer wrong"],
        ["a shorter one", `Bearer ${SECRET.slice(0, -1)}`],
        ["a longer one", `Bearer ${SECRET}x`],
        ["twice", `Bearer ${SECRET}${SECRET}`],
        ["a lead provider's", `Bearer ${TOKENS["LP-A"]}`],
        ["a private one", `Bearer ${TOKENS.data_studio}`],
        ["another scheme", `Basic ${SECRET}`],
    ])
        test(`${what} is refused in plain text`, async () => {
            const earlier = await stateOf("one");
            const headers = { Authorization: authorization };
            const body = receipt("one", { status: "forged" });
            const response = await post(service(), PATH, body, { headers });
            assert.deepEqual([response.status, response.text], [401, "HTTP Token: Access denied.\n"]);
            assert.match(response.headers["content-type"], /^text\/plain/);
            assert.equal(response.headers["www-authenticate"], 'Token realm="Application"');
            assertSecurityHeaders(response);
            assert.deepEqual(await stateOf("one"), earlier);
        });

    for (const authorization of [`Bearer ${SECRET}`, `Token ${SECRET}`, `Token token="${SECRET}"`])
        test(`${authorization} is accepted`, async () => {
            assertTaken(await post(service(), PATH, receipt("one"), { headers: { Authorization: authorization } }));
        });

    test("opens nothing else", async () => {
        const response = await request(service(), "GET", "/api/v1/users", { token: SECRET });
        assert.equal(response.status, 401);
    });

    describe("where none is set", () => {
        let open;
        before(async () => {
            open = await startService({ database: service().database });
        });
        after(() => open?.stop());

        test("everybody may send", async () => {
            for (const options of [{}, { token: "x" }]) {
                const body = receipt("one", { status: "sending" });
                assertTaken(await post(open, PATH, body, options));
            }
            assert.equal((await stateOf("one")).status, "sending");
        });
    });
});

for (const [method, path] of [
    ["GET", PATH],
    ["PUT", PATH],
    ["DELETE", PATH],
    ["POST", `${PATH}/x`],
    ["POST", "/api/v1/notify-callback"],
    ["POST", "/api/v3/notify-callback"],
    ["POST", "/api/Notify-callback"],
])
    test(`there is no ${method} ${path}`, async () => {
        const response = await request(service(), method, path, { token: SECRET, check: false });
        assert.deepEqual([response.status, response.json], [404, NOT_FOUND]);
    });

test("no log of the service holds the address or the secret", () => {
    const text = JSON.stringify(service().logs());
    assert.doesNotMatch(text, /private\.example/);
    assert.ok(!text.includes(SECRET));
});
