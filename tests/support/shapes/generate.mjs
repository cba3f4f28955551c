// Writes ecf-v1.json, ecf-v2.json or ecf-v3.json: what each resource of the version shows, as names and
// types, from the published document.
//   node tests/support/shapes/generate.mjs v1|v2|v3 PUBLISHED_DOCUMENT.json
// The rows of EXCEPTIONS are where the service behaves otherwise than that document says.
import { readFileSync, writeFileSync } from "node:fs";

const NULL = { nullable: true };

// Resources that the published document does not have.
const ADDED = {
    v3: {
        api_request: {
            created_at: { type: "string", format: "timestamp-ms" },
            method: { type: "string" },
            path: { type: "string" },
            status: { type: "number" },
            error_titles: { type: "array", items: { type: "string" } },
            duration_ms: { type: "number" },
            request_id: { type: "string" },
        },
    },
};

// resource.attribute (a dot descends into an array's items or an object) -> what replaces the facts.
// Next to each, where it is not plain: why.
const V3 = {
    // nullable columns that the document does not mark
    "statement.cut_off_date": NULL,
    "statement.payment_date": NULL,
    "partnership.delivery_partner_id": NULL,
    "partnership.delivery_partner_name": NULL, // a discarded partner has no name
    "partnership.challenged_reason": NULL,
    "partnership.induction_tutor_name": NULL,
    "partnership.induction_tutor_email": NULL,
    "participant.teacher_reference_number": NULL,
    "participant.ecf_enrolments.participant_status": NULL, // an open record that is leaving
    "participant.ecf_enrolments.teacher_reference_number_validated": NULL,
    "participant.ecf_enrolments.schedule_identifier": NULL,
    "participant.ecf_enrolments.delivery_partner_id": NULL,
    "participant.ecf_enrolments.induction_end_date": NULL,
    "participant.ecf_enrolments.mentor_funding_end_date": NULL,
    "participant.ecf_enrolments.mentor_ineligible_for_funding_reason": NULL,
    "participant.ecf_enrolments.withdrawal.reason": { nullable: true, enum: undefined }, // historic
    "participant.ecf_enrolments.deferral.reason": { nullable: true },
    // the stored values too, as sent while PROGRAMME_TYPES_2025 is off
    "school.induction_programme_choice": {
        enum: [
            "provider_led",
            "school_led",
            "no_early_career_teachers",
            "not_yet_known",
            "full_induction_programme",
            "core_induction_programme",
            "design_our_own",
            "school_funded_fip",
        ],
    },
    "participant-transfer.transfers.leaving.provider": NULL, // a programme without partnership
    "participant-transfer.transfers.leaving.date": NULL,
    "participant-transfer.transfers.joining.provider": NULL,
    "unfunded-mentor.teacher_reference_number": NULL,
    "participant-declaration.delivery_partner_id": NULL,
    "participant-declaration.statement_id": NULL,
    "participant-declaration.clawback_statement_id": NULL,
    "participant-declaration.ineligible_for_funding_reason": NULL,
    "participant-declaration.mentor_id": NULL,
    "participant-declaration.evidence_held": { nullable: true },
    "participant-declaration.lead_provider_name": NULL,
    // always null, whatever the document says
    "participant-declaration.has_passed": { type: "null" },
    // the one timestamp with milliseconds
    "partnership.challenged_at": { type: "string", format: "timestamp-ms", nullable: true },
};

// The published states end before the clawback of declarations (contract v1-v2.md 11).
const STATES = [
    "submitted",
    "eligible",
    "payable",
    "paid",
    "voided",
    "ineligible",
    "awaiting-clawback",
    "clawed-back",
];

// Milliseconds in the document's examples are no fact here: timestamps have whole seconds in any case.
const V1_AND_V2 = {
    "participant.email": { nullable: undefined }, // that of a withdrawn participant is shown
    "participant.teacher_reference_number": NULL,
    "participant.teacher_reference_number_validated": NULL,
    "participant-declaration.state": { enum: STATES },
    "participant-declaration.has_passed": { type: "null", nullable: undefined }, // always null
};

const EXCEPTIONS = { v1: V1_AND_V2, v2: V1_AND_V2, v3: V3 }[process.argv[2]];
if (!EXCEPTIONS) throw new Error("usage: generate.mjs v1|v2|v3 PUBLISHED_DOCUMENT.json");

const document = JSON.parse(readFileSync(process.argv[3], "utf8"));
const { schemas } = document.components;
const resolve = (schema) => (schema.$ref ? schemas[schema.$ref.split("/").pop()] : schema);

// Days, not instants, though all are texts; timestamps have whole seconds.
const DATES = /^(cut_off_date|payment_date|induction_end_date|mentor_funding_end_date)$/;

function facts(path, name, source) {
    let schema = resolve(source);
    let nullable = schema.nullable === true;
    const alternative = schema.anyOf ?? schema.allOf ?? schema.oneOf;
    if (alternative) schema = { ...resolve(alternative[0]) };
    nullable ||= schema.nullable === true;

    const fact = { type: schema.type };
    if (nullable) fact.nullable = true;
    if (schema.enum) fact.enum = schema.enum.filter((value) => value !== null);
    if (schema.format === "uuid") fact.format = "uuid";
    if (schema.format === "date-time" && !/\.(leaving|joining)\.date$/.test(path))
        fact.format = "timestamp";
    if (DATES.test(name) || /\.(leaving|joining)\.date$/.test(path)) fact.format = "date";
    if (schema.properties) {
        fact.type = "object";
        fact.properties = members(path, schema);
    }
    if (schema.type === "array") fact.items = facts(path, name, schema.items);
    const exception = EXCEPTIONS[path];
    if (exception) Object.assign(fact, exception);
    used.add(path);
    return JSON.parse(JSON.stringify(fact)); // without what is undefined
}

function members(path, schema) {
    return Object.fromEntries(
        Object.entries(schema.properties).map(([name, member]) => [
            name,
            facts(`${path}.${name}`, name, member),
        ]),
    );
}

const used = new Set();
const resources = {};
for (const schema of Object.values(schemas)) {
    const { id, type, attributes } = schema.properties ?? {};
    if (!id || !type || !attributes) continue;
    const name = type.example ?? type.enum[0];
    // Answers of actions are documented apart, with fewer attributes than they have.
    resources[name] = { ...members(name, resolve(attributes)), ...resources[name] };
}
for (const path of Object.keys(EXCEPTIONS))
    if (!used.has(path)) throw new Error(`the exception ${path} names nothing`);

Object.assign(resources, ADDED[process.argv[2]]);
const sorted = Object.fromEntries(Object.entries(resources).sort());
writeFileSync(new URL(`ecf-${process.argv[2]}.json`, import.meta.url), `${JSON.stringify(sorted, null, 2)}\n`);
