// What a team would build otherwise: fastify and pg, a process per core, a good query on the normalised tables.
// PORT, DATABASE_URL, PEER_TOKEN and PEER_PROVIDER in the environment.
import cluster from "node:cluster";
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import fastify from "fastify";
import pg from "pg";

const sql = (name) => readFileSync(new URL(`${name}.sql`, import.meta.url), "utf8");
const queries = {
    participants: sql("participants"),
    declarations: sql("declarations"),
    documents: sql("documents"),
    id_changes:
        "SELECT participant_id, from_participant_id, to_participant_id, created_at FROM participant_id_changes" +
        " WHERE participant_id = ANY ($1::uuid[]) ORDER BY participant_id, created_at DESC, from_participant_id",
};

const instant = (date) => (date === null ? null : `${date.toISOString().slice(0, 19)}Z`);

function participantStatus(row, now) {
    if (row.end_date !== null) return row.end_date > now ? "leaving" : "left";
    if (row.start_date > now) return "joining";
    if (["active", "completed"].includes(row.induction_status)) return "active";
    return ["withdrawn", "changed"].includes(row.induction_status) ? "withdrawn" : null;
}

function stateOf(row, state, reason) {
    return row.training_status === state && row.state_at !== null ? { reason, date: instant(row.state_at) } : null;
}

function enrolment(row, now) {
    const withdrawn = row.state_reason === "school-left-fip" ? "switched-to-school-led" : row.state_reason;
    return {
        training_record_id: row.training_record_id,
        email: row.email,
        mentor_id: row.mentor_id,
        school_urn: row.school_urn,
        participant_type: row.kind,
        cohort: String(row.cohort),
        training_status: row.training_status,
        participant_status: participantStatus(row, now),
        teacher_reference_number_validated: row.is_trn_validated,
        eligible_for_funding: row.is_eligible,
        pupil_premium_uplift: row.pupil_premium_uplift,
        sparsity_uplift: row.sparsity_uplift,
        schedule_identifier: row.schedule_identifier,
        delivery_partner_id: row.delivery_partner_id,
        withdrawal: stateOf(row, "withdrawn", withdrawn),
        deferral: stateOf(row, "deferred", row.state_reason),
        created_at: instant(row.created_at),
        induction_end_date: row.induction_completion_date,
        mentor_funding_end_date: row.mentor_completion_date,
        cohort_changed_after_payments_frozen: row.cohort_changed_after_payments_frozen,
        mentor_ineligible_for_funding_reason: row.kind === "mentor" ? row.mentor_completion_reason : null,
    };
}

function participants(rows, changes, now) {
    const found = new Map();
    for (const row of rows) {
        if (!found.has(row.id))
            found.set(row.id, {
                id: row.id,
                type: "participant",
                attributes: {
                    full_name: row.full_name,
                    teacher_reference_number: row.trn,
                    updated_at: instant(row.updated_at),
                    ecf_enrolments: [],
                    participant_id_changes: [],
                },
            });
        found.get(row.id).attributes.ecf_enrolments.push(enrolment(row, now));
    }
    for (const change of changes)
        found.get(change.participant_id).attributes.participant_id_changes.push({
            from_participant_id: change.from_participant_id,
            to_participant_id: change.to_participant_id,
            changed_at: instant(change.created_at),
        });
    return [...found.values()];
}

function declaration(row) {
    const wasPaid = ["paid", "awaiting_clawback", "clawed_back"].includes(row.state);
    const isStart = row.course_identifier === "ecf-induction" && row.declaration_type === "started";
    const reason = row.state_reason === "duplicate" ? "duplicate_declaration" : row.state_reason;
    return {
        id: row.id,
        type: "participant-declaration",
        attributes: {
            participant_id: row.participant_id,
            declaration_type: row.declaration_type,
            course_identifier: row.course_identifier,
            declaration_date: instant(row.declaration_date),
            mentor_id: row.mentor_id,
            state: row.state.replaceAll("_", "-"),
            updated_at: instant(row.updated_at),
            created_at: instant(row.created_at),
            delivery_partner_id: row.delivery_partner_id,
            statement_id: row.statement_id,
            clawback_statement_id: row.clawback_statement_id,
            ineligible_for_funding_reason: row.state === "ineligible" ? reason : null,
            uplift_paid: row.has_uplift && isStart && wasPaid,
            evidence_held: row.evidence_held,
            has_passed: null,
            lead_provider_name: row.cpd_name,
        },
    };
}

async function serve() {
    const pool = new pg.Pool({
        connectionString: process.env.DATABASE_URL,
        max: 4,
        options: "-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0 -c jit=off",
    });
    // A kept plan knows neither LIMIT nor OFFSET if they are parameters, and then joins all of the table.
    const paged = (text, size, offset) => text.replaceAll("$2", size).replaceAll("$3", offset);
    const run = async (name, values) => (await pool.query({ name, text: queries[name], values })).rows;
    const runPage = async (name, [provider, size, offset]) =>
        (await pool.query({ name: `${name} ${size} ${offset}`, text: paged(queries[name], size, offset), values: [provider] })).rows;
    const digest = (token) => createHash("sha256").update(token).digest();
    const known = digest(`Bearer ${process.env.PEER_TOKEN}`);
    const app = fastify({ logger: false });

    app.addHook("onRequest", async (request, reply) => {
        if (!timingSafeEqual(known, digest(request.headers.authorization ?? "")))
            return reply.code(401).send({ error: "HTTP Token: Access denied" });
    });
    const page = (request) => {
        const size = Math.min(Number(request.query.per_page ?? 100), 3000);
        return [process.env.PEER_PROVIDER, size, (Number(request.query.page ?? 1) - 1) * size];
    };
    app.get("/participants", async (request) => {
        const rows = await runPage("participants", page(request));
        const moved = rows.filter((row) => row.has_id_changes).map((row) => row.id);
        const changes = moved.length === 0 ? [] : await run("id_changes", [moved]);
        return { data: participants(rows, changes, new Date()) };
    });
    app.get("/declarations", async (request) => ({
        data: (await runPage("declarations", page(request))).map(declaration),
    }));
    app.get("/documents", async (request, reply) => {
        const rows = await runPage("documents", page(request));
        reply.type("application/json; charset=utf-8");
        return `{"data":[${rows.map((row) => row.document).join(",")}]}`;
    });
    await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
}

if (cluster.isPrimary) {
    for (let i = 0; i < availableParallelism(); i++) cluster.fork();
    process.on("SIGTERM", () => {
        for (const worker of Object.values(cluster.workers)) worker.kill("SIGKILL");
        process.exit(0);
    });
} else {
    await serve();
}
