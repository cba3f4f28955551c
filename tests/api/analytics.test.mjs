// Analytics events: contract platform.md 12.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { get, request } from "../support/client.mjs";
import { dropDatabase, psql } from "../support/database.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { declaration, fullName, id, personalData, TOKENS, worldDatabase } from "../support/world.mjs";

const token = TOKENS["LP-A"];
const MEMBERS = [
    "environment",
    "occurred_at",
    "event_type",
    "request_uuid",
    "request_user_agent",
    "request_method",
    "request_path",
    "request_query",
    "request_referer",
    "anonymised_user_agent_and_ip",
    "response_content_type",
    "response_status",
    "user_id",
    "entity_table_name",
    "data",
    "hidden_data",
];
const NOW = "2025-01-10T10:00:00Z";

let database;
before(async () => {
    database = await worldDatabase([
        declaration("E24", { date: "2024-09-10T00:00:00Z", state: "eligible", type: "retained-1" }),
    ]);
});
after(() => dropDatabase(database));

async function exported(since = "2020-01-01T00:00:00Z", env = {}) {
    const { status, stdout, stderr } = await runCommand(["analytics", "export", "--since", since], { database, env });
    assert.equal(status, 0, stderr);
    return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

async function eventually(ask, what) {
    const deadline = Date.now() + 20_000;
    for (;;) {
        const found = await ask();
        if (found) return found;
        assert.ok(Date.now() < deadline, `${what} did not come about`);
        await new Promise((done) => setTimeout(done, 50));
    }
}

const pairs = (list) => Object.fromEntries(list.map(({ key, value }) => [key, value]));
const declare = (service, type = "started") =>
    request(service, "POST", "/api/v3/participant-declarations", {
        token,
        now: NOW,
        headers: { "X-Request-Id": `declare-${type}` },
        body: {
            data: {
                type: "participant-declaration",
                attributes: {
                    participant_id: id("E24"),
                    declaration_type: type,
                    declaration_date: "2024-10-01T00:00:00Z",
                    course_identifier: "ecf-induction",
                    evidence_held: "training-event-attended",
                },
            },
        },
    });

test("are not kept unless they are asked for", async () => {
    const service = await startService({ database });
    assert.equal((await declare(service)).status, 200);
    await get(service, "/api/v3/statements", { token });
    await service.stop(); // writes whatever waits
    assert.deepEqual(await exported(), []);
    await psql(database, "UPDATE declarations SET state = 'voided' WHERE declaration_type = 'started'");
    assert.deepEqual(await exported(), []);
});

describe("with ANALYTICS=1", () => {
    let service;
    before(async () => {
        service = await startService({ database, env: { ANALYTICS: "1" } });
    });
    after(() => service?.stop());

    let count = 0;
    async function eventOf(method, path, options = {}) {
        const name = `analytics-${++count}`;
        const headers = { "X-Request-Id": name, ...options.headers };
        await request(service, method, path, { check: false, ...options, headers });
        return eventually(
            async () => (await exported()).find((event) => event.request_uuid === name && event.event_type === "web_request"),
            `the event of ${method} ${path}`,
        );
    }

    test("a web request has every member, and London's time", async () => {
        const headers = { "User-Agent": "client/7", Referer: "https://x.example/a?secret=1" };
        const event = await eventOf("GET", "/api/v3/statements?filter[cohort]=2024&filter[type]=private&page[page]=1", { token, headers });
        assert.deepEqual(Object.keys(event).sort(), [...MEMBERS].sort());
        const { occurred_at: at, anonymised_user_agent_and_ip: visitor, request_uuid: uuid, ...rest } = event;
        assert.deepEqual(rest, {
            environment: "test",
            event_type: "web_request",
            request_user_agent: "client/7",
            request_method: "GET",
            request_path: "/api/v3/statements",
            request_query: [
                { key: "filter[cohort]", value: ["2024"] },
                { key: "page[page]", value: ["1"] },
            ],
            request_referer: "https://x.example/a",
            response_content_type: "application/vnd.api+json",
            response_status: 200,
            user_id: id("LP-A"),
            entity_table_name: null,
            data: [],
            hidden_data: [],
        });
        assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0[01]:00$/);
        assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
        assert.match(visitor, /^[0-9a-f]{64}$/);
    });

    test("of pages, of refusals, of strangers, but not of /check", async () => {
        assert.equal((await eventOf("GET", "/healthcheck")).request_path, "/healthcheck");
        const refused = await eventOf("POST", "/api/v3/participant-declarations", {});
        assert.deepEqual([refused.response_status, refused.user_id], [401, null]);
        assert.equal((await eventOf("GET", `/api/v3/${fullName("E24").replace(" ", "%20")}`)).request_path, "(unrouted)");
        await get(service, "/check", { headers: { "X-Request-Id": "checked" } });
        await eventOf("GET", "/healthcheck");
        assert.equal((await exported()).find((event) => event.request_uuid === "checked"), undefined);
    });

    test("the same visitor has the same hash, another one another", async () => {
        const of = async (headers) => (await eventOf("GET", "/healthcheck", { headers })).anonymised_user_agent_and_ip;
        const one = await of({ "User-Agent": "a" });
        assert.equal(await of({ "User-Agent": "a" }), one);
        assert.notEqual(await of({ "User-Agent": "b" }), one);
        assert.notEqual(await of({ "User-Agent": "a", "X-Forwarded-For": "203.0.113.9" }), one);
    });

    test("a declaration made and changed is told, with its request", async () => {
        const made = await declare(service);
        assert.equal(made.status, 200, made.text);
        const entities = async () =>
            (await exported()).filter((event) => event.entity_table_name === "participant_declarations");
        const [first, ...others] = await entities();
        assert.deepEqual(Object.keys(first).sort(), [...MEMBERS].sort());
        assert.equal(first.event_type, "create_entity");
        assert.equal(first.request_uuid, "declare-started");
        assert.equal(first.user_id, id("LP-A"));
        assert.equal(first.request_path, null);
        assert.deepEqual(pairs(first.data).id, [made.json.data.id]);
        assert.deepEqual(pairs(first.data).declaration_type, ["started"]);
        assert.deepEqual(Object.keys(pairs(first.hidden_data)), ["evidence_held"]);
        assert.equal("evidence_held" in pairs(first.data), false);
        assert.ok(others.every(({ event_type: type }) => type === "update_entity"));

        const before = (await entities()).length;
        const path = `/api/v3/participant-declarations/${made.json.data.id}/void`;
        assert.equal((await request(service, "PUT", path, { token, now: NOW })).status, 200);
        const after = (await entities()).slice(before);
        assert.ok(after.length > 0);
        assert.ok(after.every(({ event_type: type }) => type === "update_entity"));
        assert.deepEqual(pairs(after.at(-1).data).state, ["voided"]);
    });

    test("what the worker changes is told, too", async () => {
        const made = await declare(service);
        assert.equal(made.status, 200, made.text);
        await psql(database, `UPDATE statements SET deadline_date = current_date - 1
            WHERE state = 'open' AND id IN (SELECT statement_id FROM statement_line_items WHERE declaration_id = '${made.json.data.id}')`);
        const since = new Date().toISOString();
        const { status } = await runCommand(["worker", "--once"], { database, env: { ANALYTICS: "1" } });
        assert.equal(status, 0);
        const told = (await exported(since)).filter(({ data }) => pairs(data).id?.[0] === made.json.data.id);
        assert.ok(told.length > 0);
        assert.deepEqual(pairs(told.at(-1).data).state, ["payable"]);
    });

    test("nothing names a person, and no token is told", async () => {
        const headers = { Authorization: `Bearer ${token}` };
        await eventOf("GET", `/api/v3/participants/ecf?filter[email]=x@private.example&token=${token}`, { headers });
        const body = { data: { attributes: { participant_id: fullName("E24") } } };
        await eventOf("POST", "/api/v3/participant-declarations", { token, body });
        const text = JSON.stringify(await exported());
        for (const value of Object.values(TOKENS)) assert.ok(!text.includes(value));
        for (const pattern of personalData()) assert.doesNotMatch(text, pattern);
    });

    test("--since cuts, in order, over more than one batch", async () => {
        await psql(database, `INSERT INTO analytics_events (occurred_at, event_type, event)
            SELECT '2019-07-01T12:00:00Z'::timestamptz + (n / 2) * interval '1 second', 'web_request', jsonb_build_object('response_status', n)
              FROM generate_series(0, 2999) n`);
        const events = (await exported("2019-07-01T12:00:10Z")).filter(({ occurred_at: at }) => at < "2020");
        assert.deepEqual(events.map(({ response_status: n }) => n), Array.from({ length: 2980 }, (_, i) => i + 20));
        assert.equal(events[0].occurred_at, "2019-07-01T13:00:10.000000+01:00");
        await psql(database, "DELETE FROM analytics_events WHERE occurred_at < '2020-01-01'");
    });
});

test("the command says how it is meant", async () => {
    for (const args of [[], ["export"], ["export", "--since"], ["export", "--since", "x"], ["x", "--since", NOW]])
        assert.equal((await runCommand(["analytics", ...args], { database })).status, 64, args.join(" "));
    assert.equal((await runCommand(["analytics", "--help"], { database })).status, 0);
});
