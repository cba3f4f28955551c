// The years of one cohort, played through the API and the commands month by month: declared, voided,
// clawed back, released by eligibility, withdrawn, paid. Played twice, the second time in another
// order of people, it ends the same, and as reckoned by hand.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
    assertConsistent,
    assertRefused,
    DECLARATIONS,
    declarationOf,
    PARTICIPANTS,
} from "../support/cases.mjs";
import { get, post, put } from "../support/client.mjs";
import { dropDatabase } from "../support/database.mjs";
import { withdrawnAt } from "../support/messages.mjs";
import { runCommand, startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { id, importRecords, recordOf, TOKENS, trainee, worldDatabase } from "../support/world.mjs";

const START = "2024-06-01T00:00:00Z";
const OF_A = ["Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Y8", "Y9", "M1"];
const OF_B = ["Z1", "Z2"];
const PEOPLE = [
    ...OF_A.map((name) =>
        trainee(name, {
            start: START,
            kind: name.startsWith("M") ? "mentor" : "ect",
            ...(name === "Y7" && { eligibility: null }),
        }),
    ),
    ...OF_B.map((name) => trainee(name, { start: START, school: "S2" })),
];

// [declared at, type, declaration_date]
const OUTPUTS = [
    ["2024-10-05T09:00:00Z", "started", "2024-10-01T10:00:00Z"],
    ["2025-02-05T09:00:00Z", "retained-1", "2025-02-01T10:00:00Z"],
    ["2025-05-05T09:00:00Z", "retained-2", "2025-05-01T10:00:00Z"],
    ["2025-09-05T09:00:00Z", "retained-3", "2025-09-01T10:00:00Z"],
    ["2026-02-05T09:00:00Z", "retained-4", "2026-02-01T10:00:00Z"],
    ["2026-05-05T09:00:00Z", "completed", "2026-05-01T10:00:00Z"],
];

class Play {
    async start() {
        this.database = await worldDatabase(PEOPLE.flat());
        this.service = await startService({ database: this.database });
        this.session = openSession(this.database);
    }

    async stop() {
        await this.session?.close();
        await this.service?.stop();
        await dropDatabase(this.database);
    }

    options(name, now) {
        return { token: TOKENS[OF_B.includes(name) ? "LP-B" : "LP-A"], now };
    }

    declare(name, type, date, now) {
        const attributes = declarationOf(
            name,
            type,
            date,
            type === "started" ? undefined : "other",
        );
        return post(this.service, DECLARATIONS, { data: { attributes } }, this.options(name, now));
    }

    async declared(name, type, date, now) {
        const answer = await this.declare(name, type, date, now);
        assert.equal(answer.status, 200, `${name} ${type}: ${answer.text}`);
    }

    async voided(name, type, now) {
        const path = `${DECLARATIONS}?filter[participant_id]=${id(name)}`;
        const { json } = await get(this.service, path, this.options(name, now));
        const live = json.data.filter(
            ({ attributes }) =>
                attributes.declaration_type === type &&
                /^(eligible|payable|paid)$/.test(attributes.state),
        );
        assert.equal(live.length, 1);
        const answer = await put(
            this.service,
            `${DECLARATIONS}/${live[0].id}/void`,
            undefined,
            this.options(name, now),
        );
        assert.equal(answer.status, 200, answer.text);
    }

    async acted(name, action, attributes, now) {
        const body = {
            data: { attributes: { course_identifier: "ecf-induction", ...attributes } },
        };
        const answer = await put(
            this.service,
            `${PARTICIPANTS}/${id(name)}/${action}`,
            body,
            this.options(name, now),
        );
        assert.equal(answer.status, 200, answer.text);
    }

    async command(...args) {
        const result = await runCommand(args, { database: this.database });
        assert.equal(result.status, 0, `cpd-api ${args.join(" ")}: ${result.stderr}`);
    }

    /** The nightly job of the first, and finance on the twentieth. */
    async month(year, month) {
        const first = `${year}-${String(month).padStart(2, "0")}-01`;
        await this.command("statements", "mark-payable", "--date", first);
        const due = await this.session.run(`
            SELECT s.id FROM statements s
             WHERE s.state = 'payable' AND s.output_fee
               AND EXISTS (SELECT FROM statement_line_items li WHERE li.statement_id = s.id AND li.state = 'payable')`);
        const ids = due.map((row) => row.id);
        if (ids.length > 0)
            await this.command(
                "statements",
                "mark-paid",
                ...ids,
                "--now",
                `${first.slice(0, 8)}20T09:00:00Z`,
            );
        await assertConsistent(this.session);
    }

    /** What happens on a day beside the outputs, by its month. */
    async meanwhile(month) {
        const story = {
            "2024-10": async () => {
                await this.voided("Y2", "started", "2024-10-10T09:00:00Z");
                await this.declared(
                    "Y2",
                    "started",
                    "2024-10-01T10:00:00Z",
                    "2024-10-12T09:00:00Z",
                );
            },
            "2025-02": async () => {
                await this.voided("Y3", "started", "2025-02-07T09:00:00Z");
                await importRecords(
                    this.database,
                    [
                        {
                            type: "training_record",
                            id: recordOf("Y7"),
                            eligibility: { status: "eligible", reason: "none" },
                        },
                    ],
                    { now: "2025-02-10T09:00:00Z" },
                );
                await this.acted(
                    "Y8",
                    "defer",
                    { reason: "parental-leave" },
                    "2025-02-12T09:00:00Z",
                );
                await this.declared(
                    "Y3",
                    "started",
                    "2024-10-01T10:00:00Z",
                    "2025-02-20T09:00:00Z",
                );
            },
            "2025-05": () =>
                this.acted(
                    "Y9",
                    "withdraw",
                    { reason: "left-teaching-profession" },
                    "2025-05-10T09:00:00Z",
                ),
            "2025-06": () => this.acted("Y8", "resume", {}, "2025-06-02T09:00:00Z"),
        };
        await story[month]?.();
    }

    async run(people) {
        for (
            let year = 2024, month = 10;
            year < 2027;
            month === 12 ? (year++, (month = 1)) : month++
        ) {
            const name = `${year}-${String(month).padStart(2, "0")}`;
            await this.month(year, month);
            for (const [now, type, date] of OUTPUTS.filter(([now]) => now.startsWith(name)))
                for (const person of people)
                    if (person === "Y9" && now > "2025-05-10") {
                        const answer = await this.declare(person, type, date, now);
                        assertRefused(answer, [
                            "participant_id",
                            withdrawnAt("2025-05-10T09:00:00Z"),
                        ]);
                    } else await this.declared(person, type, date, now);
            await this.meanwhile(name);
        }
    }

    async summary() {
        const names = new Map([...OF_A, ...OF_B].map((name) => [id(name), name]));
        const counts = await this.session.run(`
            SELECT lp.name AS provider, s.cohort, s.name, s.state, li.state AS items, count(*) AS count
              FROM statement_line_items li JOIN statements s ON s.id = li.statement_id
              JOIN lead_providers lp ON lp.id = s.lead_provider_id
             GROUP BY lp.name, s.id, li.state ORDER BY lp.name, s.deadline_date, li.state`);
        const declarations = await this.session.run(`
            SELECT d.participant_id, d.declaration_type AS type, d.state, d.declaration_date, d.created_at, d.evidence_held,
                   (SELECT json_agg(h.state ORDER BY h.id) FROM declaration_states h WHERE h.declaration_id = d.id) AS history,
                   (SELECT json_agg(ARRAY[s.name, li.state] ORDER BY s.name, li.state) FROM statement_line_items li
                      JOIN statements s ON s.id = li.statement_id WHERE li.declaration_id = d.id) AS items
              FROM declarations d ORDER BY d.participant_id, d.declaration_date, d.created_at`);
        const training = await this.session.run(`
            SELECT tr.participant_id, tr.training_status, tr.mentor_completion_date, tr.mentor_completion_reason,
                   (SELECT json_agg(ARRAY[ts.state, ts.reason] ORDER BY ts.created_at) FROM training_states ts
                     WHERE ts.training_record_id = tr.id) AS said
              FROM training_records tr ORDER BY tr.participant_id`);
        const paid = await this.session.run(`SELECT count(*) FROM statements WHERE state = 'paid'`);
        const [{ count: attempts }] = await this.session.run(
            "SELECT count(*) FROM declaration_attempts",
        );
        return {
            counts,
            declarations: declarations.map((row) => ({
                ...row,
                participant_id: names.get(row.participant_id),
            })),
            training: training.map((row) => ({
                ...row,
                participant_id: names.get(row.participant_id) ?? row.participant_id,
            })),
            paid,
            attempts,
        };
    }

    /** Per statement of a provider: what the API says is on it. */
    async shown(provider) {
        const { json } = await get(this.service, `${DECLARATIONS}?page[per_page]=3000`, {
            token: TOKENS[provider],
        });
        const shown = {};
        for (const { attributes } of json.data)
            for (const member of ["statement_id", "clawback_statement_id"])
                if (attributes[member])
                    shown[attributes[member]] = (shown[attributes[member]] ?? 0) + 1;
        const statements = await get(this.service, "/api/v3/statements?page[per_page]=3000", {
            token: TOKENS[provider],
        });
        return statements.json.data
            .filter((each) => each.id in shown)
            .map(({ id: own, attributes }) => [
                attributes.month,
                attributes.year,
                attributes.paid,
                shown[own],
            ]);
    }
}

describe("the years of one cohort", () => {
    const first = new Play();
    const second = new Play();
    before(async () => {
        await first.start();
        await second.start();
        await Promise.all([
            first.run([...OF_A, ...OF_B]),
            second.run([...OF_A, ...OF_B].reverse()),
        ]);
    });
    after(async () => {
        await first.stop();
        await second.stop();
    });

    // By hand: nine start (Y7 is only submitted), Y2 twice; in spring Y7's two and Y3's second start join
    // the retained ones of all ten; ten are retained till Y9 leaves; nine go on to the end.
    const PAID = {
        "January 2025": 9,
        "April 2025": 13,
        "August 2025": 10,
        "October 2025": 9,
        "April 2026": 9,
        "August 2026": 9,
    };

    test("statements hold what was reckoned by hand", async () => {
        const { counts, attempts } = await first.summary();
        const of = (provider) =>
            counts
                .filter((row) => row.provider === provider)
                .map(({ cohort, name, state, items, count }) => [
                    cohort,
                    name,
                    state,
                    items,
                    count,
                ]);
        assert.deepEqual(
            of("LP-A"),
            Object.entries(PAID).flatMap(([name, count]) => [
                ...(name === "April 2025" ? [[2024, name, "paid", "clawed_back", 1]] : []),
                [2024, name, "paid", "paid", name === "April 2025" ? count - 1 : count],
                ...(name === "January 2025" ? [[2024, name, "paid", "voided", 1]] : []),
            ]),
        );
        assert.deepEqual(
            of("LP-B"),
            Object.keys(PAID).map((name) => [2024, name, "paid", "paid", 2]),
        );
        assert.equal(attempts, 12 * 6 + 2, "72 outputs, of which three are refused, and two again");
    });

    test("the API shows the same on each statement", async () => {
        const shown = (await first.shown("LP-A")).sort((a, b) => a[1] - b[1]);
        assert.deepEqual(
            shown.map(([month, year, paid, count]) => [`${month} ${year}`, paid, count]).sort(),
            Object.entries(PAID)
                .map(([name, count]) => [name, true, count])
                .sort(),
        );
    });

    test("everybody ends as the story says", async () => {
        const { training, declarations } = await first.summary();
        const of = (name) => training.find((row) => row.participant_id === name);
        assert.deepEqual(of("Y9").said, [["withdrawn", "left-teaching-profession"]]);
        assert.deepEqual(of("Y8").said, [
            ["deferred", "parental-leave"],
            ["active", null],
        ]);
        assert.deepEqual(
            [of("M1").mentor_completion_date, of("M1").mentor_completion_reason],
            ["2026-05-01", "completed_declaration_received"],
        );
        const histories = (name) =>
            declarations
                .filter((row) => row.participant_id === name && row.type === "started")
                .map((row) => row.history);
        const paid = ["submitted", "eligible", "payable", "paid"];
        assert.deepEqual(histories("Y1"), [paid]);
        assert.deepEqual(histories("Y2"), [["submitted", "eligible", "voided"], paid]);
        assert.deepEqual(histories("Y3"), [[...paid, "awaiting_clawback", "clawed_back"], paid]);
        assert.deepEqual(histories("Y7"), [paid]);
    });

    test("played again it ends the same", async () => {
        assert.deepEqual(await second.summary(), await first.summary());
        assert.deepEqual(await second.shown("LP-B"), await first.shown("LP-B"));
    });

    test("a verification finds no difference", async () => {
        for (const play of [first, second]) {
            const result = await runCommand(["verify"], { database: play.database });
            assert.deepEqual(
                [result.status, /0 differences/.test(result.stdout)],
                [0, true],
                result.stdout,
            );
        }
    });
});
