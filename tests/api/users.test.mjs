// users: contract v1-v2.md 5. The same in versions 1 and 2.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check_list } from "../support/check_list.mjs";
import { get, post, request } from "../support/client.mjs";
import { literal, psql } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { apiToken, email, fullName, id, TOKENS, trainee, world } from "../support/world.mjs";

const VERSIONS = ["v1", "v2"];
const token = TOKENS.engage_and_learn;
const LEAD_PROVIDERS = [TOKENS["LP-A"], TOKENS["LP-B"], TOKENS["LP-N"]];
const JSON_TYPE = "application/vnd.api+json";
const AT = "2022-03-01T00:00:00Z";

const NO_DATA = {
    errors: [
        { title: "Bad request", detail: "correct json data structure required. See API docs for reference" },
    ],
};
const IN_USE = { errors: [{ status: "409", title: "Email This email address is already in use" }] };
const refused = (detail) => ({ errors: [{ title: "Invalid action", detail: `Validation failed: ${detail}` }] });
const NO_NAME = "Full name Enter a full name";
const BAD_EMAIL = "Email Enter an email address in the correct format, like name@example.com";

const user = (name, members = {}) => ({
    type: "user",
    id: id(name),
    full_name: fullName(name),
    email: email(name),
    created_at: AT,
    updated_at: AT,
    ...members,
});
const identity = (label, members = {}) => ({
    id: id(label),
    email: email(label),
    external_identifier: id(label),
    created_at: AT,
    updated_at: AT,
    ...members,
});

const GIVEN = [
    user("Plain one", { created_at: "2019-01-02T00:00:00Z", updated_at: "2024-02-01T00:00:00.5Z" }),
    user("Plain two", { created_at: "2019-01-01T00:00:00Z", updated_at: "2024-03-01T00:00:00Z" }),
    user("Plain three", { created_at: "2019-01-03T00:00:00Z", updated_at: "2024-01-01T00:00:00Z" }),
    ...trainee("Two addresses", {
        start: "2024-06-01T00:00:00Z",
        person: {
            identities: [
                identity("first of two", { email: email("Two addresses"), external_identifier: id("Two addresses") }),
                identity("Second of two", { email: "Second.Of.Two@private.example" }),
            ],
        },
    }),
    { type: "induction_tutor", id: id("Tutor"), full_name: fullName("Tutor"), email: email("Tutor"), school_ids: [id("S1")] },
    // any token with the flag will do, and none without it
    { ...apiToken("flagged-token", "lead_provider", "LP-A"), private_api_access: true },
    { ...apiToken("plain-engage-token", "engage_and_learn"), private_api_access: false },
];

const service = serveWorld(GIVEN);
const pathOf = (version) => `/api/${version}/users`;
const list = (version, query = "", options = {}) =>
    get(service(), `${pathOf(version)}?page[per_page]=3000&${query}`, { token, ...options });
const idsOf = (response) => {
    assert.equal(response.status, 200, response.text);
    return response.json.data.map((each) => each.id);
};
const create = (version, attributes, options = {}) =>
    post(service(), pathOf(version), { data: { type: "user", attributes } }, { token, ...options });
const count = async () => (await psql(service().database, "SELECT count(*)::int AS n FROM users"))[0].n;

for (const version of VERSIONS)
    check_list({
        name: `${version} users`,
        service,
        path: pathOf(version),
        type: "user",
        token,
        forbidden: LEAD_PROVIDERS,
    });

for (const version of VERSIONS)
    describe(`GET ${version} users`, () => {
        test("shows everybody: participants, tutors, and who is neither", async () => {
            const found = idsOf(await list(version));
            const people = world().filter((record) => record.type === "participant");
            for (const { id: expected } of people) assert.ok(found.includes(expected));
            for (const name of ["Plain one", "Two addresses", "Tutor"]) assert.ok(found.includes(id(name)), name);
            const users = await psql(service().database, "SELECT id FROM users ORDER BY created_at, id");
            assert.deepEqual(found, users.map((each) => each.id));
        });

        test("shows one whole", async () => {
            const response = await list(version, `filter[email]=${email("Plain one")}`);
            const attributes = { email: email("Plain one"), full_name: fullName("Plain one") };
            assert.equal(response.text, JSON.stringify({ data: [{ id: id("Plain one"), type: "user", attributes }] }));
        });

        for (const [what, address, found] of [
            ["an address of one's own", email("Plain two"), ["Plain two"]],
            ["in capitals", email("Plain two").toUpperCase(), ["Plain two"]],
            ["one under which somebody trains", "second.of.two@private.example", ["Two addresses"]],
            ["of a tutor", email("Tutor"), ["Tutor"]],
            ["of nobody", "nobody@private.example", []],
            ["a part of one", "private.example", []],
            ["a pattern", "%25", []],
            ["with a comma", `${email("Plain one")},${email("Plain two")}`, []],
        ])
            test(`filter[email]: ${what}`, async () => {
                const response = await list(version, `filter[email]=${address}`);
                assert.deepEqual(idsOf(response), found.map(id));
                for (const each of response.json.data)
                    assert.equal(each.attributes.email, email(found[0]), "the own address is shown");
            });

        test("filter[email]: blank, or no text, is as if absent", async () => {
            const all = (await list(version)).text;
            for (const query of ["filter[email]=", "filter[email]", "filter[email][]=x", "filter[email][x]=y"])
                assert.equal((await list(version, query)).text, all, query);
        });

        test("filter[updated_since] is strict, and orders by change", async () => {
            const changed = async (at) => idsOf(await list(version, `filter[updated_since]=${at}`));
            const plain = ["Plain three", "Plain one", "Plain two"].map(id);
            const among = (ids) => ids.filter((each) => plain.includes(each));
            assert.deepEqual(among(await changed("2023-01-01T00:00:00Z")), plain);
            assert.deepEqual(among(await changed("2024-02-01T00:00:00.5Z")), [id("Plain two")]);
            assert.deepEqual(among(await changed("2024-02-01T00:00:00.499999Z")), plain.slice(1));
            assert.deepEqual(among(await changed("2024-03-01T00:00:00Z")), []);
        });

        test("both filters may be given", async () => {
            const both = (at) => list(version, `filter[email]=${email("Plain one")}&filter[updated_since]=${at}`);
            assert.deepEqual(idsOf(await both("2024-01-31T00:00:00Z")), [id("Plain one")]);
            assert.deepEqual(idsOf(await both("2024-02-01T00:00:00.5Z")), []);
            assert.equal((await both("x")).status, 400);
        });

        test("has no CSV", async () => {
            for (const path of [`${pathOf(version)}.csv`, `${pathOf(version)}.json`, `${pathOf(version)}?format=csv`]) {
                const response = await get(service(), path, { token });
                assert.equal(response.headers["content-type"], JSON_TYPE, path);
                assert.ok(Array.isArray(response.json.data));
            }
        });

        test("takes every private token, whatever its kind", async () => {
            for (const each of [TOKENS.data_studio, TOKENS.npq_registration, "flagged-token"])
                assert.equal((await list(version, "", { token: each })).status, 200, each);
            const response = await list(version, "", { token: "plain-engage-token" });
            assert.deepEqual([response.status, response.text], [403, ""]);
        });
    });

for (const version of VERSIONS)
    describe(`POST ${version} users`, () => {
        test("creates an account, and shows it", async () => {
            const address = `new-${version}@private.example`;
            const asked = { full_name: "  Privatename \t of   somebody ", email: ` ${address}\n` };
            const response = await create(version, asked, { now: "2025-01-02T03:04:05Z" });
            assert.equal(response.status, 201, response.text);
            assert.equal(response.headers["content-type"], JSON_TYPE);
            assert.equal(response.headers["cache-control"], "max-age=0, private, must-revalidate");
            const attributes = { email: address, full_name: "Privatename of somebody" };
            const { data } = response.json;
            assert.equal(response.text, JSON.stringify({ data: { id: data.id, type: "user", attributes } }));
            assert.deepEqual((await list(version, `filter[email]=${address}`)).json.data, [data]);
            const [row] = await psql(
                service().database,
                `SELECT created_at = '2025-01-02T03:04:05Z' AS at, updated_at > now() - interval '1 minute' AS changed,
                        EXISTS (SELECT FROM identities i WHERE i.user_id = u.id) AS has_identity,
                        EXISTS (SELECT FROM participants p WHERE p.user_id = u.id) AS is_participant
                   FROM users u WHERE id = ${literal(data.id)}`,
            );
            assert.deepEqual(row, { at: true, changed: true, has_identity: false, is_participant: false });
        });

        test("and it does not train", async () => {
            const address = `idle-${version}@private.example`;
            const { json } = await create(version, { full_name: "Privatename idle", email: address });
            const path = `/api/${version}/ecf-users?page[per_page]=3000`;
            assert.ok(!idsOf(await get(service(), path, { token })).includes(json.data.id));
        });

        test("also under .json, and with any type in the body", async () => {
            const attributes = { full_name: "Privatename suffix", email: `suffix-${version}@private.example` };
            const body = { data: { type: "nonsense", attributes } };
            assert.equal((await post(service(), `${pathOf(version)}.json`, body, { token })).status, 201);
        });

        for (const [what, address] of [
            ["a user's address", email("Plain one")],
            ["in capitals and blanks", `  ${email("Plain one").toUpperCase()} `],
            ["a participant's", email("E24")],
            ["one under which somebody trains", "SECOND.of.two@private.example"],
        ])
            test(`refuses ${what}`, async () => {
                const before = await count();
                for (const name of ["Privatename other", ""]) {
                    const response = await create(version, { full_name: name, email: address });
                    assert.equal(response.status, 409, response.text);
                    assert.equal(response.text, JSON.stringify(IN_USE));
                    assert.equal(response.headers["content-type"], JSON_TYPE);
                }
                assert.equal(await count(), before);
            });

        for (const [what, attributes, detail] of [
            ["no name", { email: "a@private.example" }, NO_NAME],
            ["a blank name", { full_name: " \t\n", email: "a@private.example" }, NO_NAME],
            ["a name that is null", { full_name: null, email: "a@private.example" }, NO_NAME],
            ["a name that is a list", { full_name: ["x"], email: "a@private.example" }, NO_NAME],
            ["no address", { full_name: "Privatename x" }, BAD_EMAIL],
            ...["x", "a@b", "@private.example", "a b@private.example", "a@private..example", "a@-x.example", "a@x.1", "a.@x.example"].map(
                (address) => [`the address ${address}`, { full_name: "Privatename x", email: address }, BAD_EMAIL],
            ),
            ["neither", { other: "x" }, `${NO_NAME}, ${BAD_EMAIL}`],
        ])
            test(`refuses ${what}`, async () => {
                const before = await count();
                const response = await create(version, attributes);
                assert.deepEqual([response.status, response.json], [422, refused(detail)]);
                assert.equal(await count(), before);
            });

        for (const [what, body] of [
            ["no body", undefined],
            ["no JSON", "{"],
            ["a list", []],
            ["no data", {}],
            ["data without members", { data: {} }],
            ["data that is text", { data: "x" }],
            ["no attributes", { data: { type: "user" } }],
            ["attributes without members", { data: { type: "user", attributes: {} } }],
            ["attributes that are a list", { data: { type: "user", attributes: ["x"] } }],
        ])
            test(`refuses ${what}`, async () => {
                const response = await post(service(), pathOf(version), body, { token });
                assert.deepEqual([response.status, response.json], [400, NO_DATA]);
            });

        test("refuses a filter that is no hash", async () => {
            const body = { data: { attributes: { full_name: "x", email: "filter@private.example" } } };
            const response = await post(service(), `${pathOf(version)}?filter=x`, body, { token });
            assert.equal(response.status, 400);
        });

        for (const other of LEAD_PROVIDERS)
            test(`refuses ${other}`, async () => {
                const response = await create(version, { full_name: "x", email: "y@private.example" }, { token: other });
                assert.deepEqual([response.status, response.text], [403, ""]);
            });

        test("asks for a token before it looks at the body", async () => {
            const response = await post(service(), pathOf(version), "{", {});
            assert.equal(response.status, 401);
        });

        test("of two at once for one address creates one", async () => {
            const address = `race-${version}@private.example`;
            const names = ["a", "b", "c", "d", "e", "f"];
            const answers = await Promise.all(
                names.map((name) =>
                    create(version, { full_name: `Privatename ${name}`, email: name === "b" ? address.toUpperCase() : address }),
                ),
            );
            assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
            for (const answer of answers.filter(({ status }) => status === 409)) assert.deepEqual(answer.json, IN_USE);
            assert.equal(idsOf(await list(version, `filter[email]=${address}`)).length, 1);
        });
    });

test("version 3 has no users, and nobody changes or removes one", async () => {
    for (const [method, path] of [
        ["GET", "/api/v3/users"],
        ["POST", "/api/v3/users"],
        ["GET", `/api/v1/users/${id("Plain one")}`],
        ["PUT", `/api/v1/users/${id("Plain one")}`],
        ["DELETE", `/api/v1/users/${id("Plain one")}`],
        ["PATCH", "/api/v1/users"],
    ])
        assert.equal((await request(service(), method, path, { token, check: false })).status, 404, `${method} ${path}`);
});
