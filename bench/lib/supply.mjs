// Requests that write, each on something that no request has touched: slots, voids, schedules, refusals.
import { writeFileSync } from "node:fs";

const json = (type, attributes) => JSON.stringify({ data: { type, attributes } });

const kinds = {
    slots: {
        sql: "SELECT participant_id, declaration_type, declared_at, evidence FROM bench_slots ORDER BY n",
        line: ([participant_id, declaration_type, declaration_date, evidence_held]) => [
            "POST", "/api/v3/participant-declarations",
            json("participant-declaration", { participant_id, declaration_type, declaration_date,
                course_identifier: "ecf-induction", ...(evidence_held ? { evidence_held } : {}) }),
        ],
    },
    // In the future of the request: refused by the rules, after the facts were read.
    refusals: {
        sql: "SELECT participant_id, declaration_type, evidence FROM bench_slots ORDER BY n DESC LIMIT 2000",
        line: ([participant_id, declaration_type, evidence_held]) => [
            "POST", "/api/v3/participant-declarations",
            json("participant-declaration", { participant_id, declaration_type, evidence_held,
                declaration_date: "2030-01-01T00:00:00Z", course_identifier: "ecf-induction" }),
        ],
        repeats: true,
    },
    voids: {
        sql: "SELECT id FROM bench_voids ORDER BY n",
        line: ([id]) => ["PUT", `/api/v3/participant-declarations/${id}/void`, ""],
    },
    schedules: {
        sql: "SELECT participant_id, kind, schedule FROM bench_schedules ORDER BY n",
        line: ([participant_id, kind, schedule_identifier]) => [
            "PUT", `/api/v3/participants/ecf/${participant_id}/change-schedule`,
            json("participant-change-schedule", { schedule_identifier,
                course_identifier: kind === "ect" ? "ecf-induction" : "ecf-mentor" }),
        ],
    },
};

const PER_SECOND = 8000; // more than any machine will write

export class WriteSupply {
    constructor(database, facts) {
        this.database = database;
        this.facts = facts;
        this.stock = {};
        database.ask("CREATE SEQUENCE bench_ruler");
    }

    of(kind) {
        const { sql, line } = kinds[kind];
        return (this.stock[kind] ??= { lines: this.database.ask(sql).map(line), next: 0, ruler: 0 });
    }

    peek(kind) {
        const stock = this.of(kind);
        return stock.lines[stock.next];
    }

    one(kind) {
        const stock = this.of(kind);
        return stock.lines[stock.next++];
    }

    /** Writes the next requests to a file: the first half of the stock is the service's, the second the ruler's. */
    take(kind, connections, seconds, file) {
        const stock = this.of(kind);
        const wanted = seconds * PER_SECOND + connections;
        let lines = stock.lines.slice(stock.next, stock.next + wanted);
        if (kinds[kind].repeats) lines = Array.from({ length: wanted * 2 }, (_, i) => stock.lines[i % stock.lines.length]);
        writeFileSync(file, lines.map((line) => line.join("\t")).join("\n") + "\n");
        return file;
    }

    used(kind, count) {
        if (!kinds[kind].repeats) this.of(kind).next += count;
    }

    /** pgbench takes its own from the far half, by number. */
    placeRuler(kind) {
        const stock = this.of(kind);
        const first = Math.floor(stock.lines.length / 2) + stock.ruler + 1;
        const table = { slots: "bench_slots", voids: "bench_voids", schedules: "bench_schedules" }[kind];
        this.database.ask(`SELECT setval('bench_ruler', (SELECT n FROM ${table} ORDER BY n OFFSET ${first} LIMIT 1), false)`);
    }

    rulerUsed(kind, count) {
        this.of(kind).ruler += Math.ceil(count);
    }
}
