// ecf-users: contract v1-v2.md 6. The same in versions 1 and 2.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check_list } from "../support/check_list.mjs";
import { get, post } from "../support/client.mjs";
import { psql } from "../support/database.mjs";
import { serveWorld } from "../support/served.mjs";
import { email, fullName, id, inductionOf, recordOf, TOKENS, trainee } from "../support/world.mjs";

const VERSIONS = ["v1", "v2"];
const token = TOKENS.data_studio;
const START = "2024-06-01T00:00:00Z";
const AT = "2022-01-01T00:00:00Z";
const LEAD_PROVIDERS = [TOKENS["LP-A"], TOKENS["LP-B"], TOKENS["LP-N"]];

const person = (name, options = {}) => trainee(name, { start: START, at: AT, ...options });

// --- Which record counts: the wanted one is of cohort 2021, the others are of 2024 ---------------

const WANTED = 2021;
const at = (cohort, members) => ({ start: START, programme: `S1 ${cohort}`, ...members });
const wanted = (members) => at(WANTED, members);
const other = (members) => at(2024, members);
const CHOSEN = {
    "open before ended": [wanted({ start: "2024-01-01T00:00:00Z" }), other({ start: "2022-01-01T00:00:00Z", end: START })],
    "open before one that ends in the future": [wanted(), other({ start: "2022-01-01T00:00:00Z", end: "2099-01-01T00:00:00Z" })],
    "of open ones the first to start": [wanted({ start: "2022-01-01T00:00:00Z" }), other()],
    "of ended ones the first to end": [
        wanted({ start: "2023-02-01T00:00:00Z", end: "2023-03-01T00:00:00Z" }),
        other({ start: "2023-01-01T00:00:00Z", end: "2023-04-01T00:00:00Z" }),
    ],
    "of those that ended together the first to start": [
        wanted({ start: "2023-01-01T00:00:00Z", end: START }),
        other({ start: "2023-02-01T00:00:00Z", end: START }),
    ],
    "of those that started together the first made": [
        wanted({ members: { created_at: "2024-07-01T00:00:00Z" } }),
        other({ members: { created_at: "2024-07-02T00:00:00Z" } }),
    ],
    "whatever became of it": [wanted({ start: "2022-01-01T00:00:00Z", status: "changed" }), other()],
};

// --- What is shown ---------------------------------------------------------------------------------

const MATERIALS = [
    ["Ambition Institute", "ambition"],
    ["Education Development Trust", "edt"],
    ["Teach First", "teach_first"],
    ["UCL Institute of Education", "ucl"],
    ["Somebody else", "none"],
    ["ambition institute", "none"],
    [null, "none"],
];
const PROGRAMMES = ["full_induction_programme", "core_induction_programme", "design_our_own", "school_funded_fip"];
const programme = (name, training_programme, materials = null) => ({
    type: "induction_programme",
    id: id(`programme ${name}`),
    school_id: id("S1"),
    cohort: 2023,
    training_programme,
    core_induction_programme: materials,
});
const GONE = [
    ["gone", "withdrawn", "withdrawn", true],
    ["let go by the provider", "withdrawn", "active", false],
    ["let go by the school", "active", "withdrawn", false],
    ["with both leaving", "leaving", "withdrawn", false],
];
const REGISTERED = [
    ["eligible", { status: "eligible", reason: "none" }, null, true],
    ["ineligible", { status: "ineligible", reason: "active_flags" }, null, true],
    ["only validated", null, { trn: "1000701" }, true],
    ["validated without a number", null, { full_name: "Privatename given" }, true],
    ["neither", null, null, false],
];
const identity = (label, members = {}) => ({
    id: id(label),
    email: email(label),
    external_identifier: id(label),
    created_at: AT,
    updated_at: AT,
    ...members,
});
const own = (name) => identity(`identity ${name}`, { email: email(name), external_identifier: id(name) });

/** A second training record of a person. */
const also = (name, label, options) =>
    person(label, options)
        .slice(1)
        .map((each) => (each.type === "training_record" ? { ...each, participant_id: id(name) } : each));

const stampedAt = (name, { user = AT, record = AT, induction = AT }) =>
    person(name).map((each) => ({
        ...each,
        updated_at: { participant: user, training_record: record, induction_record: induction }[each.type],
    }));

const GIVEN = [
    { type: "user", id: id("Bystander"), full_name: fullName("Bystander"), email: email("Bystander") },
    ...trainee("Untrained", { records: [], at: AT }),
    ...Object.entries(CHOSEN).flatMap(([what, records]) => person(what, { records })),
    ...MATERIALS.flatMap(([name], i) => [
        programme(`materials ${i}`, "core_induction_programme", name),
        ...person(`materials ${i}`, { records: [{ start: START, programme: `materials ${i}` }] }),
    ]),
    ...PROGRAMMES.flatMap((choice) => [
        programme(choice, choice, "Teach First"),
        ...person(`programme ${choice}`, { records: [{ start: START, programme: choice }] }),
    ]),
    ...GONE.flatMap(([what, induction, record]) =>
        person(`person ${what}`, {
            kind: "mentor",
            records: [{ start: START, status: induction, programme: "core_induction_programme" }],
            record: { status: record },
        }),
    ),
    ...REGISTERED.flatMap(([what, eligibility, validation]) => person(what, { eligibility, record: { validation } })),
    ...person("A mentor", { kind: "mentor" }),

    // two roles: the mentor's training is the older one
    ...person("Both", { start: "2023-06-01T00:00:00Z", kind: "mentor" }),
    ...also("Both", "Both as teacher", { start: START }),

    // addresses
    ...person("Preferring", {
        person: { identities: [own("Preferring"), identity("Preferred one"), identity("Never preferred")] },
        records: [
            { start: "2023-01-01T00:00:00Z", members: { preferred_identity_id: id("Preferred one") } },
            { start: START, members: { preferred_identity_id: id("Never preferred") } },
        ],
    }),
    ...person("Using another", {
        person: { identities: [own("Using another"), identity("Another one")] },
        record: { identity_id: id("Another one") },
    }),

    // changes
    ...stampedAt("Changed user", { user: "2024-08-01T00:00:00.5Z" }),
    ...stampedAt("Changed record", { record: "2024-08-01T00:00:00.5Z" }),
    ...stampedAt("Changed induction", { induction: "2024-08-01T00:00:00.5Z" }),
    ...person("Changed elsewhere", {
        records: [
            { start: "2023-01-01T00:00:00Z", members: { updated_at: AT } },
            { start: START, members: { updated_at: "2099-01-01T00:00:00Z" } },
        ],
    }).map((each) => (each.type === "induction_record" ? each : { ...each, updated_at: AT })),
];

const service = serveWorld(GIVEN);
const pathOf = (version) => `/api/${version}/ecf-users`;
const list = (version, query = "", options = {}) =>
    get(service(), `${pathOf(version)}?page[per_page]=3000&${query}`, { token, ...options });
const found = (response) => {
    assert.equal(response.status, 200, response.text);
    return response.json.data;
};
const idsOf = (response) => found(response).map((each) => each.id);
const attributesOf = async (version, name) =>
    found(await list(version)).find((each) => each.id === id(name)).attributes;

for (const version of VERSIONS)
    check_list({
        name: `${version} ecf-users`,
        service,
        path: pathOf(version),
        type: "user",
        token,
        forbidden: LEAD_PROVIDERS,
    });

for (const version of VERSIONS)
    describe(`GET ${version} ecf-users`, () => {
        test("shows everybody who trains once, by creation, and nobody else", async () => {
            const ids = idsOf(await list(version));
            const trained = await psql(
                service().database,
                `SELECT u.id FROM users u
                  WHERE EXISTS (SELECT FROM training_records tr JOIN induction_records ir
                                    ON ir.training_record_id = tr.id WHERE tr.participant_id = u.id)
                  ORDER BY u.created_at, u.id`,
            );
            assert.deepEqual(ids, trained.map((each) => each.id));
            for (const name of ["E24", "EB", "Both", "programme design_our_own"]) assert.ok(ids.includes(id(name)), name);
            for (const name of ["Bystander", "Untrained"]) assert.ok(!ids.includes(id(name)), name);
        });

        test("shows one whole", async () => {
            const { text } = await list(version, `filter[email]=${email("Preferred one")}`);
            const attributes = {
                email: email("Preferred one"),
                full_name: fullName("Preferring"),
                user_type: "early_career_teacher",
                core_induction_programme: "none",
                induction_programme_choice: "full_induction_programme",
                registration_completed: true,
                cohort: 2024,
            };
            assert.equal(text, JSON.stringify({ data: [{ id: id("Preferring"), type: "user", attributes }] }));
        });

        for (const what of Object.keys(CHOSEN))
            test(`the record that counts: ${what}`, async () => {
                assert.equal((await attributesOf(version, what)).cohort, WANTED);
            });

        test("of two roles the older training counts", async () => {
            assert.equal((await attributesOf(version, "Both")).user_type, "mentor");
        });

        for (const [i, [name, shown]] of MATERIALS.entries())
            test(`materials of ${name}: ${shown}`, async () => {
                assert.equal((await attributesOf(version, `materials ${i}`)).core_induction_programme, shown);
            });

        for (const choice of PROGRAMMES)
            test(`the programme ${choice} is shown as it is stored`, async () => {
                const attributes = await attributesOf(version, `programme ${choice}`);
                assert.equal(attributes.induction_programme_choice, choice);
                assert.equal(attributes.core_induction_programme, "teach_first");
                assert.equal(attributes.cohort, 2023);
            });

        for (const [what, , , isGone] of GONE)
            test(`one ${what} is ${isGone ? "not " : ""}shown with the training`, async () => {
                const { email: address, full_name, ...rest } = await attributesOf(version, `person ${what}`);
                assert.deepEqual([address, full_name], [email(`person ${what}`), fullName(`person ${what}`)]);
                assert.deepEqual(
                    rest,
                    isGone
                        ? {
                              user_type: "other",
                              core_induction_programme: "none",
                              induction_programme_choice: null,
                              registration_completed: null,
                              cohort: null,
                          }
                        : {
                              user_type: "mentor",
                              core_induction_programme: "teach_first",
                              induction_programme_choice: "core_induction_programme",
                              registration_completed: true,
                              cohort: 2023,
                          },
                );
            });

        for (const [what, , , shown] of REGISTERED)
            test(`registration_completed, ${what}: ${shown}`, async () => {
                assert.equal((await attributesOf(version, what)).registration_completed, shown);
            });

        test("a mentor is one", async () => {
            assert.equal((await attributesOf(version, "A mentor")).user_type, "mentor");
        });

        test("without a preferred address, that of the training record is shown", async () => {
            assert.equal((await attributesOf(version, "Using another")).email, email("Another one"));
            assert.equal((await attributesOf(version, "E24")).email, email("E24"));
        });

        for (const [what, address, names] of [
            ["the preferred one", email("Preferred one"), ["Preferring"]],
            ["in capitals", email("Preferred one").toUpperCase(), ["Preferring"]],
            ["preferred by a record that does not count", email("Never preferred"), []],
            ["the person's own", email("Preferring"), []],
            ["of a training record, but not preferred", email("Another one"), []],
            ["of somebody who prefers none", email("E24"), []],
            ["of nobody", "nobody@private.example", []],
        ])
            test(`filter[email]: ${what}`, async () => {
                assert.deepEqual(idsOf(await list(version, `filter[email]=${address}`)), names.map(id));
            });

        for (const [name, instant, expected] of [
            ["Changed user", "2024-08-01T00:00:00.499999Z", true],
            ["Changed user", "2024-08-01T00:00:00.5Z", false],
            ["Changed record", "2024-08-01T00:00:00.499999Z", true],
            ["Changed record", "2024-08-01T00:00:00.5Z", false],
            ["Changed induction", "2024-08-01T00:00:00.499999Z", true],
            ["Changed induction", "2024-08-01T00:00:00.5Z", false],
            ["Changed elsewhere", "2022-02-01T00:00:00Z", false],
        ])
            test(`filter[updated_since]: ${name} after ${instant}: ${expected}`, async () => {
                const ids = idsOf(await list(version, `filter[updated_since]=${instant}`));
                assert.equal(ids.includes(id(name)), expected);
            });

        test("filter[updated_since] keeps the order", async () => {
            const all = idsOf(await list(version));
            const some = idsOf(await list(version, "filter[updated_since]=2024-01-01T00:00:00Z"));
            assert.deepEqual(some, all.filter((each) => some.includes(each)));
            assert.ok(some.length >= 3);
        });

        test("both filters may be given", async () => {
            const both = (instant) => list(version, `filter[email]=${email("Preferred one")}&filter[updated_since]=${instant}`);
            assert.deepEqual(idsOf(await both("2000-01-01T00:00:00Z")), [id("Preferring")]);
            assert.deepEqual(idsOf(await both("2100-01-01T00:00:00Z")), []);
        });

        test("has no CSV", async () => {
            const response = await get(service(), `${pathOf(version)}.csv`, { token });
            assert.equal(response.headers["content-type"], "application/vnd.api+json");
        });
    });

for (const version of VERSIONS)
    describe(`POST ${version} ecf-users`, () => {
        const create = (attributes) =>
            post(service(), pathOf(version), { data: { type: "user", attributes } }, { token });

        test("creates a bare user, with the attributes of one", async () => {
            const address = `bare-${version}@private.example`;
            const response = await create({ full_name: "Privatename bare", email: address });
            assert.equal(response.status, 201, response.text);
            const { data } = response.json;
            assert.deepEqual(data, { id: data.id, type: "user", attributes: { email: address, full_name: "Privatename bare" } });
            const users = await get(service(), `/api/${version}/users?filter[email]=${address}`, { token });
            assert.deepEqual(users.json.data, [data]);
            assert.ok(!idsOf(await list(version)).includes(data.id));
        });

        test("refuses as users does", async () => {
            assert.equal((await create({ full_name: "Privatename x", email: email("E24") })).status, 409);
            assert.equal((await create({ full_name: "", email: "x@private.example" })).status, 422);
            assert.equal((await create({})).status, 400);
            const options = { token: LEAD_PROVIDERS[0] };
            assert.equal((await post(service(), pathOf(version), "{", options)).status, 403);
            assert.equal((await post(service(), pathOf(version), "{", {})).status, 401);
        });
    });

test("the ids of records lead nowhere", async () => {
    for (const each of [id("E24"), recordOf("E24"), inductionOf("E24")]) {
        const response = await get(service(), `${pathOf("v1")}/${each}`, { token, check: false });
        assert.equal(response.status, 404);
    }
});
