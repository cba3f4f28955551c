// The fixture world of the worked cases, as records of `cpd-api import`.
//
// world() gives LP-A and LP-B, their delivery partners DP-1, DP-2 and DP-3, the schools S1 and S2,
// the people E24, E24N, M24, E25, M25, E21, E21N, E22, EB and T24, every statement of the calendar
// for each provider, and tokens. Every id is id(name), so a test can name anything:
//   id("E24")                             the participant
//   id("training record E24")             recordOf("E24")
//   id("induction record E24 1")          the first of them, in order of start
//   id("partnership S1 2024"), id("programme S1 2024"), statement("LP-A", 2024, "January 2025")
// The functions that build it build a test's own "Given" as well: see trainee(), school(), declaration().
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createDatabase, filledTemplate } from "./database.mjs";
import { runCommand } from "./service.mjs";

export const COHORTS = [2021, 2022, 2023, 2024, 2025];
export const SEPTEMBER = "ecf-standard-september";

export const TOKENS = {
    "LP-A": "lp-a-token",
    "LP-B": "lp-b-token",
    "LP-N": "lp-n-token", // a company with an NPQ side only
    engage_and_learn: "engage-and-learn-token",
    data_studio: "data-studio-token",
    npq_registration: "npq-registration-token",
};

/** Tokens that exist and that no list of the ECF side accepts. */
export const FORBIDDEN_TOKENS = ["LP-N", "engage_and_learn", "data_studio", "npq_registration"].map(
    (owner) => TOKENS[owner],
);

/** A UUID for a name: always the same one. */
export function id(name) {
    const hex = createHash("sha256").update(`cpd-api world ${name}`).digest("hex");
    const variant = ((parseInt(hex[16], 16) & 3) | 8).toString(16);
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `5${hex.slice(13, 16)}`,
        variant + hex.slice(17, 20),
        hex.slice(20, 32),
    ].join("-");
}

export const recordOf = (name) => id(`training record ${name}`);
export const inductionOf = (name, number = 1) => id(`induction record ${name} ${number}`);
export const fullName = (name) => `Privatename ${name}`;
export const email = (name) => `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}@private.example`;
export const statement = (provider, cohort, name) => id(`statement ${provider} ${cohort} ${name}`);
export const schedule = (cohort, identifier = SEPTEMBER) => ({ cohort, identifier });

// When the records of the world were made. What a test adds is made later, unless it says when.
const WORLD_MADE_AT = Date.UTC(2021, 0, 1);
const ADDED_AT = "2021-02-01T00:00:00Z";
const instant = (ms) => new Date(ms).toISOString().replace(".000Z", "Z");
const later = (at, seconds) => instant(Date.parse(at) + 1000 * seconds);
export const stamped = (record, at = ADDED_AT) => ({ created_at: at, updated_at: at, ...record });

/** What no log may hold, for everybody that these functions make. */
export function personalData() {
    return [
        /Privatename/i,
        /@private\.example/i,
        /(?<![\d.])1000\d{3}(?![\d.])(?=["\\])/, // TRNs as texts; a number may be a duration
        /1977-07-07/,
        ...Object.values(TOKENS).map((token) => new RegExp(token)),
    ];
}

export function leadProvider(name, { ecf = true, npq = false, at } = {}) {
    return stamped({ type: "lead_provider", id: id(name), name, cpd_name: name, ecf, npq }, at);
}

/** A delivery partner, and its relationships with a provider. */
export function deliveryPartner(name, { leadProvider: provider, cohorts = COHORTS, at } = {}) {
    return [
        stamped({ type: "delivery_partner", id: id(name), name }, at),
        ...(provider ? cohorts : []).map((cohort) =>
            stamped(
                {
                    type: "provider_relationship",
                    lead_provider_id: id(provider),
                    delivery_partner_id: id(name),
                    cohort,
                },
                at,
            ),
        ),
    ];
}

/**
 * A partnership and the provider-led programme under it: `partnership NAME` and `programme NAME`,
 * where NAME is "SCHOOL COHORT" unless given. Further members (`relationship`, `pending`,
 * `challenge_reason`, ...) go to the partnership.
 */
export function partnership(
    { school, cohort, leadProvider: provider, deliveryPartner: partner, name, at, ...members },
) {
    const label = name ?? `${school} ${cohort}`;
    return [
        stamped(
            {
                type: "partnership",
                id: id(`partnership ${label}`),
                school_id: id(school),
                cohort,
                lead_provider_id: id(provider),
                delivery_partner_id: partner ? id(partner) : null,
                ...members,
            },
            at,
        ),
        stamped(
            {
                type: "induction_programme",
                id: id(`programme ${label}`),
                school_id: id(school),
                cohort,
                training_programme: "full_induction_programme",
                partnership_id: id(`partnership ${label}`),
            },
            at,
        ),
    ];
}

export function schoolCohort(school, cohort, { choice = "full_induction_programme", programme, at } = {}) {
    return stamped(
        {
            type: "school_cohort",
            school_id: id(school),
            cohort,
            induction_programme_choice: choice,
            default_programme_id: programme ? id(`programme ${programme}`) : null,
        },
        at,
    );
}

/** A school in England that is open and eligible; further members replace these. */
export function school(name, urn, { at, ...members } = {}) {
    return stamped(
        {
            type: "school",
            id: id(name),
            urn,
            name: `School ${name}`,
            status_code: 1,
            type_code: 1,
            district_code: "E09000001",
            section_41_approved: false,
            primary_contact_email: email(`contact ${name}`),
            ...members,
        },
        at,
    );
}

/** An eligible school with a default partnership and programme in each cohort. */
export function partneredSchool(
    name,
    urn,
    { leadProvider: provider, deliveryPartner: partner, cohorts = COHORTS, at, ...members },
) {
    return [
        school(name, urn, { at, ...members }),
        ...cohorts.flatMap((cohort) => [
            ...partnership({
                school: name,
                cohort,
                leadProvider: provider,
                deliveryPartner: partner,
                at,
            }),
            schoolCohort(name, cohort, { programme: `${name} ${cohort}`, at }),
        ]),
    ];
}

export const ELIGIBLE = { status: "eligible", reason: "none" };

/**
 * A person with one training record. `records` are the induction records in order of start, each
 * {start, end, status, trainingStatus, programme, cohort, schedule, transfer}; what one does not
 * say it takes from the person. `programme` names one as partnership() does ("S1 2024").
 */
export function trainee(name, options) {
    const {
        kind = "ect",
        school: place = "S1",
        cohort = 2024,
        scheduleIdentifier = SEPTEMBER,
        start,
        trn = null,
        eligibility = ELIGIBLE,
        mentor,
        at = ADDED_AT,
        records = [{ start }],
        person = {},
        record = {},
    } = options;
    return [
        stamped(
            {
                type: "participant",
                id: id(name),
                full_name: fullName(name),
                email: email(name),
                trn,
                date_of_birth: "1977-07-07",
                ...person,
            },
            at,
        ),
        stamped(
            {
                type: "training_record",
                id: recordOf(name),
                participant_id: id(name),
                kind,
                school_id: id(place),
                cohort,
                schedule: schedule(cohort, scheduleIdentifier),
                status: "active",
                training_status: "active",
                eligibility,
                ...record,
            },
            at,
        ),
        ...records.map((each, i) =>
            inductionRecord(name, {
                number: i + 1,
                programme: `${place} ${cohort}`,
                cohort,
                scheduleIdentifier,
                mentor,
                at: later(at, i), // their creation follows the order of start
                ...each,
            }),
        ),
    ];
}

/** The NUMBERth induction record of a trainee. */
export function inductionRecord(name, options) {
    const { number = 1, start, end = null, status = "active", trainingStatus = "active" } = options;
    const { programme, cohort = 2024, scheduleIdentifier = SEPTEMBER, mentor, at } = options;
    const { transfer = false, members = {} } = options; // members: as in import.md, and they win
    return stamped(
        {
            type: "induction_record",
            id: inductionOf(name, number),
            training_record_id: recordOf(name),
            programme_id: id(`programme ${programme}`),
            schedule: schedule(cohort, scheduleIdentifier),
            start_date: start,
            end_date: end,
            induction_status: status,
            training_status: trainingStatus,
            school_transfer: transfer,
            mentor_training_record_id: mentor ? recordOf(mentor) : null,
            ...members,
        },
        at,
    );
}

/** A declaration `declaration NAME` (or `name`), as another system would hand it over. */
export function declaration(of, options) {
    const { leadProvider: provider = "LP-A", type = "started", date, state = "eligible" } = options;
    const { course = "ecf-induction", cohort = 2024, name = `${of} ${type}`, at } = options;
    return stamped(
        {
            type: "declaration",
            id: id(`declaration ${name}`),
            training_record_id: recordOf(of),
            lead_provider_id: id(provider),
            declaration_type: type,
            declaration_date: date,
            course_identifier: course,
            cohort,
            state,
            ...options.members,
        },
        at ?? date,
    );
}

const CALENDAR = readFileSync(new URL("world/statements.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));

/** Every statement of the calendar for one provider, all open. */
export function statements(provider, { at, cohorts = COHORTS } = {}) {
    return CALENDAR.filter(([cohort]) => cohorts.includes(Number(cohort))).map(
        ([cohort, name, deadline, payment, outputFee]) =>
            stamped(
                {
                    type: "statement",
                    id: statement(provider, Number(cohort), name),
                    lead_provider_id: id(provider),
                    cohort: Number(cohort),
                    name,
                    deadline_date: deadline,
                    payment_date: payment,
                    output_fee: outputFee === "true",
                    state: "open",
                },
                at,
            ),
    );
}

export function apiToken(token, kind, provider) {
    return {
        type: "api_token",
        token,
        kind,
        ...(provider && { lead_provider_id: id(provider) }),
        ...(kind !== "lead_provider" && { private_api_access: true }),
    };
}

/** The whole fixture world: see the head of this file. */
export function world() {
    let minutes = 0;
    // Each group is made a minute after the one before it, so that creation gives an order.
    const next = () => instant(WORLD_MADE_AT + 60_000 * ++minutes);
    const ect = (name, options) => trainee(name, { at: next(), ...options });

    return [
        leadProvider("LP-A", { at: next() }),
        leadProvider("LP-B", { at: next() }),
        leadProvider("LP-N", { ecf: false, npq: true, at: next() }),
        { type: "cohort", start_year: 2022, payments_frozen_at: "2025-08-01T00:00:00Z" },
        ...deliveryPartner("DP-1", { leadProvider: "LP-A", at: next() }),
        ...deliveryPartner("DP-2", { leadProvider: "LP-A", at: next() }),
        ...deliveryPartner("DP-3", { leadProvider: "LP-B", at: next() }),
        ...partneredSchool("S1", "100001", {
            leadProvider: "LP-A",
            deliveryPartner: "DP-1",
            at: next(),
        }),
        ...partneredSchool("S2", "100002", {
            leadProvider: "LP-B",
            deliveryPartner: "DP-3",
            at: next(),
        }),
        ...statements("LP-A", { at: next() }),
        ...statements("LP-B", { at: next() }),

        ...ect("E24", { start: "2024-06-01T00:00:00Z", trn: "1000001", mentor: "M24" }),
        ...ect("E24N", { start: "2024-06-01T00:00:00Z", eligibility: null, mentor: "M24" }),
        ...ect("M24", { kind: "mentor", start: "2024-06-01T00:00:00Z", trn: "1000002" }),
        ...ect("E25", { cohort: 2025, start: "2025-07-01T00:00:00Z", trn: "1000003" }),
        ...ect("M25", { kind: "mentor", cohort: 2025, start: "2025-07-01T00:00:00Z", trn: "1000004" }),
        ...ect("E21", { cohort: 2021, start: "2021-09-01T00:00:00Z", trn: "1000005" }),
        ...ect("E21N", { cohort: 2021, start: "2021-09-01T00:00:00Z", eligibility: null }),
        ...ect("E22", { cohort: 2022, start: "2022-06-01T00:00:00Z", trn: "1000006" }),
        ...ect("EB", { school: "S2", start: "2024-06-01T00:00:00Z", trn: "1000007" }),
        ...ect("T24", {
            trn: "1000008",
            records: [
                {
                    start: "2024-06-01T00:00:00Z",
                    end: "2024-11-01T00:00:00Z",
                    status: "leaving",
                    programme: "S2 2024",
                },
                { start: "2024-11-01T00:00:00Z", programme: "S1 2024", transfer: true },
            ],
        }),

        apiToken(TOKENS["LP-A"], "lead_provider", "LP-A"),
        apiToken(TOKENS["LP-B"], "lead_provider", "LP-B"),
        apiToken(TOKENS["LP-N"], "lead_provider", "LP-N"),
        apiToken(TOKENS.engage_and_learn, "engage_and_learn"),
        apiToken(TOKENS.data_studio, "data_studio"),
        apiToken(TOKENS.npq_registration, "npq_registration"),
    ];
}

export const toNdjson = (records) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** Imports records into the database URL; `now` is the import's clock. Fails with what it said. */
export async function importRecords(database, records, { now, env } = {}) {
    const clock = now === undefined ? [] : ["--now", now];
    const result = await runCommand(["import", ...clock, "-"], {
        database,
        env,
        input: toNdjson(records),
    });
    if (result.status !== 0) {
        const line = Number(/:(\d+):/.exec(result.stderr)?.[1]);
        const record = records[line - 1] ? `\nline ${line}: ${JSON.stringify(records[line - 1])}` : "";
        throw new Error(`cpd-api import ended with ${result.status}: ${result.stderr}${record}`);
    }
    return result;
}

/** A new database that holds the world, and what the test adds to it; gives its URL. */
export async function worldDatabase(added = [], options) {
    const records = world();
    const template = await filledTemplate(toNdjson(records), (url) => importRecords(url, records));
    const database = await createDatabase(undefined, { template });
    if (added.length > 0) await importRecords(database, added.flat(), options);
    return database;
}
