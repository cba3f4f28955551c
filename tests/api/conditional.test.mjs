// Conditional requests: a tag with every answer, 304 while nothing has changed, and another tag as soon as what is shown
// does. Contract platform.md 5.4 and 5.6.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
    acted,
    DECLARATIONS,
    declarationOf,
    declared,
    PARTICIPANTS,
    PARTNERSHIPS,
    serveCases,
} from "../support/cases.mjs";
import { assertSecurityHeaders } from "../support/check_list.mjs";
import { get, request } from "../support/client.mjs";
import { openSession } from "../support/session.mjs";
import {
    declaration,
    email,
    fullName,
    id,
    leadProvider,
    partnership,
    school,
    stamped,
    statement,
    TOKENS,
    trainee,
} from "../support/world.mjs";

const TAG = /^W\/"[0-9a-f]{32}"$/;
const KEPT = "max-age=0, private, must-revalidate";
const GIVEN_ID = id("declaration given");
const COHORT = "filter[cohort]=2024";
const GIVEN = "2024-10-01T10:00:00Z";
const NOW = "2024-10-02T09:00:00Z";
const TURN = "2031-05-05T10:30:00Z"; // in the middle of a day

const start = { start: "2024-06-01T00:00:00Z" };
const world = serveCases(
    [
        trainee("Unfunded", { kind: "mentor", records: [{ ...start, programme: "S2 2024" }] }),
        trainee("Mentee", { mentor: "Unfunded", records: [{ ...start, programme: "S1 2024" }] }),
        trainee("Soon", { records: [{ start: TURN, programme: "S1 2024" }] }),
        declaration("E24", { name: "given", type: "started", date: GIVEN, state: "submitted" }),
        {
            type: "participant_id_change",
            participant_id: id("E24"),
            from_participant_id: id("E24 as before"),
            to_participant_id: id("E24"),
            created_at: "2024-01-01T00:00:00Z",
        },
    ],
    { services: 2 },
);

// Everything that can be read: [who, path]; each operation of each document stands here.
const READS = [
    ...["v1", "v2"].flatMap((version) => [
        ["LP-A", `/api/${version}/participants/ecf`],
        ["LP-A", `/api/${version}/participants`],
        ["LP-A", `/api/${version}/participants/ecf.csv`],
        ["LP-A", `/api/${version}/participants/ecf/${id("E24")}`],
        ["LP-A", `/api/${version}/participant-declarations`],
        ["LP-A", `/api/${version}/participant-declarations.csv`],
        ["LP-A", `/api/${version}/participant-declarations/${GIVEN_ID}`],
        ["engage_and_learn", `/api/${version}/users`],
        ["engage_and_learn", `/api/${version}/ecf-users`],
    ]),
    ["data_studio", "/api/v1/data-studio/school-rollout"],
    ["LP-A", "/api/v3/statements"],
    ["LP-A", "/api/v3/statements?filter[type]=npq"],
    ["LP-A", `/api/v3/statements/${statement("LP-A", 2024, "January 2025")}`],
    ["LP-A", "/api/v3/delivery-partners"],
    ["LP-A", `/api/v3/delivery-partners/${id("DP-1")}`],
    ["LP-A", `/api/v3/schools/ecf?${COHORT}`],
    ["LP-A", "/api/v3/schools/ecf?filter[cohort]=nothing"],
    ["LP-A", "/api/v3/schools/ecf?filter[cohort]=1999&filter[updated_since]=x"],
    ["LP-A", `/api/v3/schools/ecf?${COHORT}&filter[urn]=100001&page[page]=2`],
    ["LP-A", `/api/v3/schools/ecf/${id("S1")}?${COHORT}`],
    ["LP-A", PARTNERSHIPS],
    ["LP-A", `${PARTNERSHIPS}/${id("partnership S1 2024")}`],
    ["LP-A", PARTICIPANTS],
    ["LP-A", `${PARTICIPANTS}?sort=-updated_at`],
    ["LP-A", `${PARTICIPANTS}?filter[updated_since]=2020-01-01T00:00:00Z`],
    ["LP-A", `${PARTICIPANTS}/${id("E24")}`],
    ["LP-A", `${PARTICIPANTS}/transfers`],
    ["LP-A", `${PARTICIPANTS}/${id("T24")}/transfers`],
    ["LP-A", "/api/v3/unfunded-mentors/ecf"],
    ["LP-A", `/api/v3/unfunded-mentors/ecf/${id("Unfunded")}`],
    ["LP-A", DECLARATIONS],
    ["LP-A", `${DECLARATIONS}/${GIVEN_ID}`],
    ["LP-A", "/api/v3/requests?filter[updated_since]=2099-01-01T00:00:00Z"],
    ["LP-B", PARTICIPANTS],
    ["LP-B", "/api/v1/participants/ecf"],
    ["LP-B", DECLARATIONS],
    ["LP-B", "/api/v2/participant-declarations"],
];
const keyOf = ([as, path]) => `${as} ${path}`;

const read = (as, path, { service = world.service, method = "GET", ...options } = {}) =>
    request(service, method, path, { token: TOKENS[as], ...options });
const tagOf = async (as, path, options) => {
    const answer = await read(as, path, options);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    assert.match(answer.headers.etag ?? "none", TAG, path);
    return answer.headers.etag;
};
const asking = (tag, others = {}) => ({ headers: { "If-None-Match": tag, ...others } });

function assertUnchanged(answer, tag) {
    assert.equal(answer.status, 304);
    assert.equal(answer.text, "");
    assert.equal(answer.headers["content-type"], undefined);
    assert.equal(answer.headers["content-encoding"], undefined);
    assert.equal(answer.headers.etag, tag);
    assert.equal(answer.headers["cache-control"], KEPT);
    assert.match(answer.headers.vary, /Accept-Encoding/);
    assertSecurityHeaders(answer);
}

describe("every GET", () => {
    for (const [as, path] of READS)
        test(`${as} ${path}`, async () => {
            const first = await read(as, path);
            assert.equal(first.status, 200, first.text);
            assert.equal(first.headers["cache-control"], KEPT);
            const tag = await tagOf(as, path);
            assert.equal(tag, first.headers.etag, "the same twice");
            assert.equal(await tagOf(as, path, { service: world.services[1] }), tag, "and elsewhere");

            assertUnchanged(await read(as, path, asking(tag)), tag);
            assertUnchanged(await read(as, path, { ...asking(tag), method: "HEAD" }), tag);
            assertUnchanged(await read(as, path, asking(tag, { "Accept-Encoding": "gzip" })), tag);
            assertUnchanged(await read(as, path, asking("*")), tag);
            const head = await read(as, path, { method: "HEAD" });
            assert.equal(head.status, 200);
            assert.equal(head.headers.etag, tag);

            const other = await read(as, path, asking('W/"00000000000000000000000000000000"'));
            assert.equal(other.status, 200);
            assert.equal(other.headers.etag, tag);
            assert.equal(other.text, first.text);
        });

    test("stands above", async () => {
        for (const version of ["v1", "v2", "v3"]) {
            const document = await get(world.service, `/lead-providers/api-docs/${version}/api_spec.json`);
            const templates = Object.entries(document.json.paths).filter(([, item]) => item.get);
            for (const [template] of templates) {
                const pattern = new RegExp(`^${template.replace(/\{id\}/g, "[0-9a-f-]{36}")}$`);
                assert.ok(READS.some(([, path]) => pattern.test(path.split("?")[0])), template);
            }
        }
    });

    test("If-None-Match is a list, and compared weakly", async () => {
        const tag = await tagOf("LP-A", PARTICIPANTS);
        const strong = tag.replace("W/", "");
        const unlike = tag.replace(/..."$/, '"');
        for (const value of [strong, `"x", ${tag}`, `"x" ,W/"a,b",${strong}`, ` ${tag}`, `${tag},`])
            assert.equal((await read("LP-A", PARTICIPANTS, asking(value))).status, 304, value);
        for (const value of ['""', "x", unlike, tag.slice(3, -1), `"x${tag}"`, `"*"`, ","])
            assert.equal((await read("LP-A", PARTICIPANTS, asking(value))).status, 200, value);
    });

    test("a tag is of one caller, one address", async () => {
        const tags = [
            await tagOf("LP-A", PARTICIPANTS),
            await tagOf("LP-B", PARTICIPANTS),
            await tagOf("LP-A", `${PARTICIPANTS}?page[per_page]=1`),
            await tagOf("LP-A", `${PARTICIPANTS}?page[per_page]=2`),
            await tagOf("LP-A", `${PARTICIPANTS}.json`),
            await tagOf("LP-A", "/api/v1/participants/ecf"),
            await tagOf("LP-A", "/api/v2/participants/ecf"),
        ];
        assert.equal(new Set(tags).size, tags.length);
    });

    test("refusals have none, and none turns into 304", async () => {
        const refused = [
            [`${PARTICIPANTS}?page[page]=0`, 400],
            [`${PARTICIPANTS}?filter=x`, 400],
            [`${PARTICIPANTS}/${id("nobody")}`, 404],
            [`${DECLARATIONS}/nonsense`, 404],
            ["/api/v3/nothing", 404],
        ];
        for (const [path, status] of refused)
            for (const value of [undefined, "*", 'W/"00000000000000000000000000000000"']) {
                const answer = await read("LP-A", path, asking(value));
                assert.equal(answer.status, status, path);
                assert.equal(answer.headers.etag, undefined);
            }
        const anonymous = await get(world.service, PARTICIPANTS, asking("*"));
        assert.equal(anonymous.status, 401);
        assert.equal((await read("LP-N", PARTICIPANTS, asking("*"))).status, 403);
    });
});

// ---- changes ---------------------------------------------------------------------------------------

const texts = async (service) => {
    const answers = await Promise.all(READS.map(([as, path]) => read(as, path, { service })));
    return new Map(READS.map((each, i) => [keyOf(each), answers[i]]));
};

// [what, the write, those of READS that must change, what must not]
const WRITES = [
    [
        "a declaration",
        () => declared(world, declarationOf("M24", "started", GIVEN), NOW),
        [`LP-A ${DECLARATIONS}`, "LP-A /api/v1/participant-declarations.csv"],
        [`LP-B ${PARTICIPANTS}`, "LP-B /api/v1/participants/ecf", `LP-B ${DECLARATIONS}`, "LP-A /api/v3/statements"],
    ],
    ["a void", () => world.void(GIVEN_ID, { now: NOW }), [`LP-A ${DECLARATIONS}/${GIVEN_ID}`], [`LP-B ${DECLARATIONS}`]],
    [
        "a withdrawal",
        () => acted(world, "E24", "withdraw", { reason: "other" }, NOW),
        [`LP-A ${PARTICIPANTS}`, `LP-A ${PARTICIPANTS}/${id("E24")}`, "LP-A /api/v2/participants/ecf.csv"],
        [`LP-B ${PARTICIPANTS}`, `LP-B ${DECLARATIONS}`],
    ],
    [
        "another schedule",
        () => acted(world, "E24N", "change-schedule", { schedule_identifier: "ecf-extended-september" }, NOW),
        [`LP-A ${PARTICIPANTS}`],
        [`LP-B ${PARTICIPANTS}`],
    ],
    [
        "another provider's write",
        () => world.act(id("EB"), "defer", { reason: "bereavement", course_identifier: "ecf-induction" }, { as: "LP-B", now: NOW }),
        [`LP-B ${PARTICIPANTS}`],
        [`LP-A ${PARTICIPANTS}`, `LP-A ${PARTICIPANTS}/${id("E24")}`, "LP-A /api/v1/participants/ecf", `LP-A ${DECLARATIONS}`],
    ],
    [
        "another provider's declaration, which this one sees",
        () => declared(world, declarationOf("T24", "started", GIVEN), NOW, { as: "LP-B" }),
        [`LP-A ${DECLARATIONS}`, `LP-B ${DECLARATIONS}`],
        ["LP-A /api/v3/statements"],
    ],
    [
        "another delivery partner",
        () => world.updatePartnership(id("partnership S1 2024"), { delivery_partner_id: id("DP-2") }, { now: NOW }),
        [`LP-A ${PARTNERSHIPS}`, `LP-A ${PARTICIPANTS}`],
        [],
    ],
    [
        "a payable statement",
        () => world.command("statements", "mark-payable", "--date", "2026-12-31"),
        ["LP-A /api/v3/statements"],
        [],
    ],
    [
        "a paid statement",
        async () => {
            const { attributes } = await declared(world, declarationOf("M24", "started", GIVEN), NOW);
            await world.command("statements", "mark-payable", "--date", "2026-12-31");
            await world.command("statements", "mark-paid", attributes.statement_id);
        },
        ["LP-A /api/v3/statements", `LP-A ${DECLARATIONS}`],
        [],
    ],
    [
        "an account",
        () => world.post("/api/v1/users", { data: { attributes: { full_name: fullName("new"), email: email("new") } } }, { as: "engage_and_learn" }),
        ["engage_and_learn /api/v1/users"],
        [`LP-A ${PARTICIPANTS}`, `LP-A ${DECLARATIONS}`],
    ],
    ["an imported school", () => world.given(school("New", "100009")), [`LP-A /api/v3/schools/ecf?${COHORT}`], [`LP-A ${PARTICIPANTS}`]],
    [
        "an imported person",
        () => world.given(trainee("New one", { records: [{ ...start, programme: "S1 2024" }] })),
        [`LP-A ${PARTICIPANTS}`, "engage_and_learn /api/v2/ecf-users"],
        [`LP-B ${PARTICIPANTS}`],
    ],
    [
        "an imported change of an id, whatever else the file says",
        () =>
            world.given({
                type: "participant_id_change",
                participant_id: id("E24"),
                from_participant_id: id("E24 long ago"),
                to_participant_id: id("E24"),
                created_at: "2023-01-01T00:00:00Z",
            }),
        [`LP-A ${PARTICIPANTS}/${id("E24")}`],
        [`LP-B ${PARTICIPANTS}`],
    ],
    ["a changed id, and nothing of the person", () => world.sql(`
        SET cpd.bulk = 'on';
        UPDATE participant_id_changes SET created_at = created_at + interval '1 day';
        RESET cpd.bulk`), [`LP-A ${PARTICIPANTS}`], [`LP-B ${PARTICIPANTS}`]],
    ["another name of a provider", () => world.given({ ...leadProvider("LP-A"), cpd_name: "LP-A renamed" }), [`LP-A ${DECLARATIONS}`], []],
    ["a challenged partnership", () => world.given(partnership({
        school: "S1", cohort: 2024, leadProvider: "LP-A", deliveryPartner: "DP-1", challenge_reason: "mistake",
    }).slice(0, 1)), [`LP-A ${PARTICIPANTS}`, `LP-A ${PARTNERSHIPS}`], []],
    ["an induction tutor", () => world.given(stamped({
        type: "induction_tutor", id: id("tutor"), full_name: fullName("tutor"), email: email("tutor"), school_ids: [id("S1")],
    })), [`LP-A ${PARTNERSHIPS}`, "data_studio /api/v1/data-studio/school-rollout"], [`LP-A ${PARTICIPANTS}`]],
];

describe("a write", () => {
    for (const [what, write, changed, kept] of WRITES)
        test(what, async () => {
            const earlier = await texts();
            const result = await write();
            if (result?.status) assert.ok(result.status < 300, result.text);
            const here = await texts();
            const there = await texts(world.services[1]);
            for (const [key, was] of earlier) {
                const now = here.get(key);
                assert.equal(now.headers.etag, there.get(key).headers.etag, `${key}: elsewhere`);
                assert.equal(now.text, there.get(key).text, `${key}: elsewhere`);
                if (now.text !== was.text)
                    assert.notEqual(now.headers.etag, was.headers.etag, `${key} has changed, its tag has not`);
            }
            for (const key of changed) {
                assert.notEqual(here.get(key).text, earlier.get(key).text, `${key} should show it`);
                const [as, path] = key.split(" ");
                const again = await read(as, path, asking(earlier.get(key).headers.etag));
                assert.equal(again.status, 200, key);
            }
            for (const key of kept) assert.equal(here.get(key).headers.etag, earlier.get(key).headers.etag, key);
        });

    test("that is refused, or undone, changes no tag", async () => {
        const earlier = await texts();
        assert.equal((await world.declare(declarationOf("E24", "started", GIVEN), { now: GIVEN.replace("2024", "2023") })).status, 422);
        await world.sql(`BEGIN; UPDATE users SET full_name = full_name || ' x'; ROLLBACK`);
        for (const [key, { headers }] of await texts()) assert.equal(headers.etag, earlier.get(key).headers.etag, key);
    });

    test("a tag is answered with the write: its body has one, too", async () => {
        const answer = await world.declare(declarationOf("M24", "started", GIVEN), { now: NOW });
        assert.match(answer.headers.etag, TAG);
        const refused = await world.declare(declarationOf("M24", "started", GIVEN), { now: GIVEN.replace("2024", "2023") });
        assert.equal(refused.headers.etag, undefined);
    });

    test("writers side by side do not wait for one another, and both count", async () => {
        const [one, two] = [openSession(world.database), openSession(world.database)];
        try {
            const before = await tagOf("LP-A", PARTICIPANTS);
            const change = (name) => `UPDATE users SET full_name = full_name || ' x' WHERE id = '${id(name)}'`;
            await one.run("BEGIN");
            await one.run(change("E24"));
            await two.run("BEGIN");
            await two.run("SET LOCAL lock_timeout = '5s'");
            await two.run(change("E25"));
            assert.equal(await tagOf("LP-A", PARTICIPANTS), before, "nothing is committed yet");
            await two.run("COMMIT");
            const between = await tagOf("LP-A", PARTICIPANTS);
            await one.run("COMMIT");
            const after = await tagOf("LP-A", PARTICIPANTS);
            assert.equal(new Set([before, between, after]).size, 3);
        } finally {
            await one.close();
            await two.close();
        }
    });
});

// A body may be newer than its tag, never older: while writers commit, whoever is told that nothing is new has what
// was there when the number was read.
test("no tag outlives its body, however reads and writes race", async () => {
    const path = `${PARTICIPANTS}/${id("E24")}`;
    const session = openSession(world.database);
    const bodies = new Map();
    let committed = 0;
    let isOver = false;

    const write = async () => {
        for (let i = 1; i <= 60; i++) {
            await session.run(`UPDATE users SET full_name = '${fullName("E24")} ${i}' WHERE id = '${id("E24")}'`);
            committed = i;
        }
        isOver = true;
    };
    const reader = async (service, headers) => {
        let own = { tag: undefined, version: 0 };
        while (!isOver) {
            const least = committed;
            const answer = await read("LP-A", path, { service, headers: { ...headers, "If-None-Match": own.tag } });
            if (answer.status === 200) {
                own = { tag: answer.headers.etag, version: Number(/ (\d+)$/.exec(answer.json.data.attributes.full_name)?.[1] ?? 0) };
                const lowest = Math.min(bodies.get(own.tag) ?? Infinity, own.version);
                bodies.set(own.tag, lowest);
            }
            assert.ok(own.version >= least, `version ${own.version} was shown after ${least} was committed`);
        }
    };
    try {
        await Promise.all([
            write(),
            ...world.services.flatMap((service) => [reader(service, {}), reader(service, { "Accept-Encoding": "gzip" })]),
        ]);
    } finally {
        await session.close();
    }
    assert.ok(bodies.size > 1, "tags were seen to change");
});

describe("the clock", () => {
    test("another day is another tag", async () => {
        for (const path of [PARTICIPANTS, "/api/v3/statements", `${PARTICIPANTS}/transfers`, "/api/v1/participants/ecf"]) {
            const [evening, later, night] = ["2031-03-01T23:59:58Z", "2031-03-01T23:59:59Z", "2031-03-02T00:00:00Z"];
            const tag = await tagOf("LP-A", path, { now: evening });
            assert.equal(await tagOf("LP-A", path, { now: later }), tag);
            assert.notEqual(await tagOf("LP-A", path, { now: night }), tag);
            assert.equal((await read("LP-A", path, { ...asking(tag), now: night })).status, 200);
            assert.equal((await read("LP-A", path, { ...asking(tag), now: evening })).status, 304);
        }
    });

    test("so is the instant at which a status turns, and the one before it comes back", async () => {
        const path = `${PARTICIPANTS}/${id("Soon")}`;
        const at = (now) => read("LP-A", path, { now });
        const statusOf = ({ json }) => json.data.attributes.ecf_enrolments[0].participant_status;
        const second = (by) => new Date(Date.parse(TURN) + 1000 * by).toISOString();
        const [early, before, turned, late] = [await at(second(-60)), await at(second(-1)), await at(TURN), await at(second(60))];
        assert.deepEqual([early, before, turned, late].map(statusOf), ["joining", "joining", "active", "active"]);
        assert.equal(before.headers.etag, early.headers.etag);
        assert.notEqual(turned.headers.etag, before.headers.etag);
        assert.equal(late.headers.etag, turned.headers.etag);
        assert.equal((await at(second(-1))).headers.etag, early.headers.etag);
        assert.equal((await read("LP-A", path, { ...asking(early.headers.etag), now: TURN })).status, 200);
        assert.equal((await read("LP-A", path, { ...asking(late.headers.etag), now: TURN })).status, 304);
    });
});

describe("outside the API", () => {
    for (const path of ["/api-docs", "/lead-providers/api-docs/v3/api_spec.yml", "/lead-providers/api-docs/versions.json", "/api-docs/swagger-ui.css"])
        test(path, async () => {
            const first = await get(world.service, path);
            assert.equal(first.status, 200);
            const { etag } = first.headers;
            assert.match(etag, TAG);
            const again = await get(world.service, path, asking(etag));
            assert.equal(again.status, 304);
            assert.equal(again.text, "");
            assert.equal((await get(world.service, path, asking('"x"'))).status, 200);
        });

    test("what must not be kept has no tag", async () => {
        for (const path of ["/check", "/healthcheck"])
            assert.equal((await get(world.service, path)).headers.etag, undefined);
        assert.equal((await get(world.service, "/nothing")).headers.etag, undefined);
    });
});

// ---- compression -----------------------------------------------------------------------------------

const packed = { headers: { "Accept-Encoding": "gzip" } };

describe("gzip", () => {
    test("is sent to those who take it, from 2 KiB on, and says the same", async () => {
        for (const [as, path] of READS) {
            const plain = await read(as, path);
            const zipped = await read(as, path, packed);
            assert.equal(zipped.text, plain.text, path);
            assert.equal(zipped.headers.etag, plain.headers.etag, path);
            assert.equal(zipped.headers["content-type"], plain.headers["content-type"]);
            assert.equal(plain.headers["content-encoding"], undefined);
            const isLong = plain.body.length > 2048;
            assert.equal(zipped.headers["content-encoding"], isLong ? "gzip" : undefined, path);
            if (isLong) assert.ok(zipped.body.length < plain.body.length / 2, path);
            for (const answer of [plain, zipped]) assert.equal(answer.headers.vary, "Accept-Encoding");
        }
    });

    test("HEAD says what GET would", async () => {
        for (const path of [PARTICIPANTS, "/api/v1/participants/ecf.csv", "/api/v3/delivery-partners"]) {
            const shown = await read("LP-A", path, packed);
            const head = await read("LP-A", path, { ...packed, method: "HEAD" });
            for (const name of ["content-encoding", "content-length", "content-type", "etag", "vary"])
                assert.equal(head.headers[name], shown.headers[name], `${path}: ${name}`);
        }
    });

    test("documents are packed, pictures are not, and errors neither", async () => {
        const encodingOf = async (path) => {
            const [plain, zipped] = [await get(world.service, path), await get(world.service, path, packed)];
            assert.deepEqual(zipped.text, plain.text);
            return zipped.headers["content-encoding"];
        };
        assert.equal(await encodingOf("/lead-providers/api-docs/v3/api_spec.yml"), "gzip");
        assert.equal(await encodingOf("/lead-providers/api-docs/v3/api_spec.json"), "gzip");
        assert.equal(await encodingOf("/api-docs/swagger-ui-bundle.js"), "gzip");
        assert.equal(await encodingOf("/api-docs/favicon-32x32.png"), undefined);
        assert.equal(await encodingOf("/nothing"), undefined);
    });

    test("a kept page is not shown once anything has changed, nor to anybody else", async () => {
        const first = await read("LP-A", PARTICIPANTS, packed);
        assert.equal((await read("LP-A", PARTICIPANTS, packed)).text, first.text);
        await world.sql(`UPDATE users SET full_name = '${fullName("renamed")}' WHERE id = '${id("E24")}'`);
        for (const service of world.services) {
            const now = await read("LP-A", PARTICIPANTS, { ...packed, service });
            assert.match(now.text, /Privatename renamed/);
            assert.notEqual(now.headers.etag, first.headers.etag);
        }
        const theirs = await read("LP-B", PARTICIPANTS, packed);
        assert.equal(theirs.text, (await read("LP-B", PARTICIPANTS)).text);
        assert.doesNotMatch(theirs.text, /Privatename renamed/);
    });

    test("a revoked token reads no kept page", async () => {
        assert.equal((await read("LP-A", PARTICIPANTS, packed)).status, 200);
        assert.equal((await get(world.service, PARTICIPANTS, { ...packed, token: "nobody's" })).status, 401);
    });
});
