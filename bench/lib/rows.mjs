// What is measured: a line a row. A short run asks the bare library only where wantsBare. PATH and SQL are made of the facts of the run (run.mjs).
export const ALL = [1, 8, 32];

// As the service asks: for somewhat more enrolments than people are on the page.
const participantsPage = (facts, size, offset) => ({
    query: "participants/page",
    values: [facts.provider, offset, size + Math.floor(size / 16) + 4],
});
const list = (resource, size, page) => `/api/v3/${resource}?page%5Bper_page%5D=${size}&page%5Bpage%5D=${page}`;
const since = (instant) => `&filter%5Bupdated_since%5D=${encodeURIComponent(instant)}`;
const participants = (size, page) => list("participants/ecf", size, page);
const lastPage = (facts, size) => Math.ceil(facts.participants / size);

function participantsRow(name, size, page, peer, connections) {
    return {
        name,
        connections,
        seconds: size > 100 && peer ? 4 : 0, // the peer needs that long
        wantsBare: Boolean(peer),
        path: (facts) => participants(size, page(facts)),
        sql: (facts) => [participantsPage(facts, size, (page(facts) - 1) * size)],
        peer: peer && ((facts) => `/participants?per_page=${size}&page=${page(facts)}`),
        documents: peer && ((facts) => `/documents?per_page=${size}&page=${page(facts)}`),
    };
}

function sinceRow(name, instant, people) {
    return {
        name,
        path: (facts) => participants(100, 1) + since(instant(facts)),
        sql: (facts) => [
            { query: "participants/page_since", values: [facts.provider, null, null, instant(facts), 100, 0] },
            ...people(facts).map((ids) => ({ query: "participants/rows", values: [facts.provider, typed(`{${ids}}`, "uuid[]")] })),
        ],
    };
}

/** Lists whose only row is their first page of a hundred. */
const otherList = (name, path, query, values, seconds) => ({
    name,
    seconds, // at least
    path,
    sql: (facts) => [{ query, values: values(facts) }],
});

/** A pipelined write of the service: what its store sends, in its two round trips. */
const write = (stored, begin, commit) => [
    { text: stored, stored: true },
    { pipeline: [{ text: "BEGIN;" }, { query: "writing/begin", values: begin.settings }, ...begin.steps] },
    { pipeline: [...commit, { text: "COMMIT;" }] },
];
const it = (variable, type = "uuid") => ({ variable, type });
const typed = (value, type) => ({ value, type });
const next = (table) => `SELECT * FROM ${table} WHERE n = (SELECT nextval('bench_ruler'))`;
const settings = (facts) => [facts.now, `lead_provider ${facts.provider}`, facts.token_id, "bench"];

const declareSteps = (facts) =>
    write(
        next("bench_slots"),
        {
            settings: settings(facts),
            steps: [
                { query: "writing/share_statements", values: [facts.provider] },
                { query: "writing/lock_participant", values: [it("participant_id")] },
                {
                    query: "declarations/facts",
                    values: [facts.provider, it("participant_id"), "ect", "ecf-induction", it("declaration_type", "text"),
                        it("declared_at", "timestamptz"), facts.now],
                },
            ],
        },
        [
            {
                query: "declarations/create",
                values: [it("id"), it("training_record_id"), it("participant_id"), facts.provider,
                    it("declaration_type", "text"), it("declared_at", "timestamptz"), "ecf-induction", it("cohort", "smallint"), typed("eligible", "text"),
                    it("evidence", "text"), it("delivery_partner_id"), it("mentor_id"), null, false, false, null,
                    it("statement_id"), it("evidence", "text"), typed(facts.now, "timestamptz")],
            },
            { query: "declarations/show", values: [facts.provider, it("id"), null, null, null, true] },
        ],
    );

const voidSteps = (facts) =>
    write(
        next("bench_voids"),
        {
            settings: settings(facts),
            steps: [
                { query: "writing/share_statements", values: [facts.provider] },
                { query: "declarations/lock", values: [it("id")] },
                { query: "declarations/void_facts", values: [facts.provider, it("id"), facts.now] },
            ],
        },
        [
            { query: "declarations/void", values: [it("id"), typed("voided", "text"), null, typed(facts.now, "timestamptz")] },
            { query: "declarations/show", values: [facts.provider, it("id"), null, null, null, true] },
        ],
    );

const scheduleSteps = (facts) =>
    write(
        next("bench_schedules"),
        {
            settings: settings(facts),
            steps: [
                { query: "writing/share_statements", values: [facts.provider] },
                { query: "writing/lock_participant", values: [it("participant_id")] },
                {
                    query: "participants/schedule_facts",
                    values: [facts.provider, it("participant_id"), it("kind", "text"), it("schedule", "text"), null, facts.now],
                },
            ],
        },
        [
            {
                query: "participants/change_schedule",
                values: [it("training_record_id"), it("induction_record_id"), it("cohort", "smallint"), it("schedule", "text"),
                    null, false, it("school_id"), typed(facts.now, "timestamptz")],
            },
            { query: "participants/acted", values: [facts.provider, it("participant_id")] },
        ],
    );

export const rows = [
    participantsRow("participants", 100, () => 1, true, ALL),
    { name: "participants-304", isConditional: true, status: 304, path: () => participants(100, 1) },
    { name: "participants-gzip", headers: { "Accept-Encoding": "gzip" }, path: () => participants(100, 1) },
    participantsRow("participants-middle", 100, (facts) => Math.ceil(lastPage(facts, 100) / 2)),
    participantsRow("participants-last", 100, (facts) => lastPage(facts, 100)),
    participantsRow("participants-2000", 2000, () => 1),
    participantsRow("participants-3000", 3000, () => 1, true),
    participantsRow("participants-3000-last", 3000, (facts) => lastPage(facts, 3000)),
    sinceRow("participants-since-none", (facts) => facts.now, () => []),
    sinceRow("participants-since-50", (facts) => facts.since, (facts) => [facts.changed]),
    {
        name: "participant",
        path: (facts) => `/api/v3/participants/ecf/${facts.participant}`,
        sql: (facts) => [
            { query: "participants/show", values: [facts.provider, facts.participant, null, null, null, null] },
        ],
    },
    {
        name: "declarations",
        connections: ALL,
        path: () => list("participant-declarations", 100, 1),
        sql: (facts) => [{ query: "declarations/page", values: [facts.provider, null, 100, 0, true] }],
        peer: () => "/declarations?per_page=100&page=1",
    },
    {
        name: "declaration",
        path: (facts) => `/api/v3/participant-declarations/${facts.declaration}`,
        sql: (facts) => [
            { query: "declarations/show", values: [facts.provider, facts.declaration, null, null, null, true] },
        ],
    },
    otherList("schools", () => `${list("schools/ecf", 100, 1)}&filter%5Bcohort%5D=2024`, "schools/page", () => [2024, 100, 0]),
    otherList("partnerships", () => list("partnerships/ecf", 100, 1), "partnerships/page",
        (facts) => [facts.provider, null, null, 100, 0]),
    otherList("transfers", () => list("participants/ecf/transfers", 100, 1), "transfers/page",
        (facts) => [facts.provider, 100, 0], 4),
    otherList("unfunded-mentors", () => list("unfunded-mentors/ecf", 100, 1), "unfunded_mentors/page",
        (facts) => [facts.provider, 100, 0]),
    otherList("statements", () => list("statements", 100, 1), "statements/page",
        (facts) => [facts.provider, null, null, 100, 0]),
    otherList("participants-v1", () => "/api/v1/participants/ecf?page%5Bper_page%5D=100", "participants/flat_page",
        (facts) => [facts.provider, null, 100, 0]),
    { name: "participants-csv", connections: [1], seconds: 5, path: () => "/api/v1/participants/ecf.csv", isWhole: true },
    { name: "empty", wantsBare: true, connections: ALL, path: () => list("statements", 100, 1), as: "nobody",
        sql: (facts) => [{ query: "statements/page", values: [facts.nobody, null, null, 100, 0] }] },
    { name: "unauthorised", wantsBare: true, status: 401, path: () => list("statements", 100, 1), as: "nameless" },
    { name: "unknown-token", wantsBare: true, status: 401, path: () => list("statements", 100, 1), as: "stranger" },
    { name: "not-found", wantsBare: true, status: 404, path: () => "/api/v3/nothing" },
    { name: "refused", status: 422, post: true, writes: "refusals" },
    { name: "declare", connections: ALL, writes: "slots", sql: declareSteps },
    { name: "void", writes: "voids", sql: voidSteps },
    { name: "change-schedule", writes: "schedules", sql: scheduleSteps },
];
