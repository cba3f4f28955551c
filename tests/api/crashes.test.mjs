// A service or its PostgreSQL dies while many write: what was acknowledged is there, once and whole;
// what was not is there whole or not at all, and can be sent again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertConsistent, DECLARATIONS, declarationOf, PARTICIPANTS } from "../support/cases.mjs";
import { post, put } from "../support/client.mjs";
import { Cluster } from "../support/cluster.mjs";
import { createDatabase } from "../support/database.mjs";
import { M } from "../support/messages.mjs";
import { startService } from "../support/service.mjs";
import { openSession } from "../support/session.mjs";
import { id, recordOf, TOKENS, trainee, worldDatabase } from "../support/world.mjs";

const NOW = "2024-10-02T09:00:00Z";
const PEOPLE = Array.from({ length: 300 }, (_, i) => `E24 of the crowd ${i}`);
const AT_ONCE = 16;

let cluster;
let template;
before(async () => {
    cluster = new Cluster();
    cluster.start();
    process.env.TEST_DATABASE_URL = cluster.url();
    const made = await worldDatabase(
        PEOPLE.map((name) => trainee(name, { start: "2024-06-01T00:00:00Z" })),
    );
    template = new URL(made).pathname.slice(1);
});
after(() => {
    cluster.remove();
});

// Each person is declared or withdrawn, in turn.
const isDeclared = (i) => i % 3 !== 0;
const send = (service, i) =>
    isDeclared(i)
        ? post(
              service,
              DECLARATIONS,
              { data: { attributes: declarationOf(PEOPLE[i], "started", "2024-10-01T10:00:00Z") } },
              { token: TOKENS["LP-A"], now: NOW, check: false },
          )
        : put(
              service,
              `${PARTICIPANTS}/${id(PEOPLE[i])}/withdraw`,
              { data: { attributes: { course_identifier: "ecf-induction", reason: "other" } } },
              { token: TOKENS["LP-A"], now: NOW, check: false },
          );

/** Sends all that is in `indexes`; gives the answers by index, null where the connection broke. */
async function sendAll(service, indexes, noticed = () => {}) {
    const answers = new Map();
    const left = [...indexes];
    const work = async () => {
        for (let i = left.shift(); i !== undefined; i = left.shift()) {
            answers.set(i, await send(service, i).catch(() => null));
            noticed(answers.size);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return answers;
}

const ALL = PEOPLE.map((_, i) => i);
const acknowledged = (answers) => [...answers].filter(([, answer]) => answer?.status === 200);

// Rows that a write left incomplete, or twice.
const HALF = `
    SELECT 'declaration' AS what, d.id FROM declarations d
     WHERE (SELECT count(*) FROM declaration_states s WHERE s.declaration_id = d.id) <> 2
        OR (SELECT count(*) FROM statement_line_items li WHERE li.declaration_id = d.id) <> 1
        OR (SELECT count(*) FROM declaration_attempts a WHERE a.declaration_id = d.id) <> 1
        OR (SELECT count(*) FROM events e WHERE e.subject_id = d.id) <> 2
        OR (SELECT count(*) FROM declarations other WHERE other.participant_id = d.participant_id) <> 1
    UNION ALL
    SELECT 'withdrawal', tr.id FROM training_records tr
     WHERE (SELECT count(*) FROM training_states s WHERE s.training_record_id = tr.id) > 1
        OR (tr.training_status = 'withdrawn')
           <> EXISTS (SELECT FROM training_states s WHERE s.training_record_id = tr.id)
        OR (tr.training_status = 'withdrawn')
           <> ((SELECT count(*) FROM induction_records ir WHERE ir.training_record_id = tr.id AND ir.end_date IS NOT NULL
                   AND ir.induction_status = 'changed') = 1)
        OR (SELECT count(*) FROM induction_records ir WHERE ir.training_record_id = tr.id AND ir.end_date IS NULL) <> 1`;

async function assertWhole(session, answers) {
    assert.deepEqual(await session.run(HALF), [], "written by half, or twice");
    await assertConsistent(session);
    const declared = new Set(
        (await session.run("SELECT id FROM declarations")).map((row) => row.id),
    );
    const withdrawn = new Set(
        (await session.run("SELECT training_record_id AS id FROM training_states")).map(
            (row) => row.id,
        ),
    );
    for (const [i, answer] of acknowledged(answers)) {
        const isThere = isDeclared(i)
            ? declared.has(answer.json.data.id)
            : withdrawn.has(recordOf(PEOPLE[i]));
        assert.ok(isThere, `${PEOPLE[i]} was acknowledged and is gone`);
    }
}

/** Everything that was not acknowledged is sent again, and then everything is there once. */
async function sendTheRest(service, session, answers) {
    const known = new Set(acknowledged(answers).map(([i]) => i));
    const again = await sendAll(
        service,
        ALL.filter((i) => !known.has(i)),
    );
    for (const [i, answer] of again) {
        assert.ok(
            [200, 422].includes(answer?.status),
            `${PEOPLE[i]}: ${answer?.status} ${answer?.text}`,
        );
        if (answer.status === 422)
            assert.equal(
                answer.json.errors[0].detail,
                isDeclared(i) ? M.M11 : M.M21,
                "it was written before the crash",
            );
    }
    assert.deepEqual(await session.run(HALF), []);
    await assertConsistent(session);
    const [{ declarations, withdrawals }] = await session.run(`
        SELECT (SELECT count(*) FROM declarations) AS declarations, (SELECT count(*) FROM training_states) AS withdrawals`);
    assert.deepEqual(
        [declarations, withdrawals],
        [ALL.filter(isDeclared).length, ALL.filter((i) => !isDeclared(i)).length],
    );
}

for (const [round, when] of [10, 80, 150].entries())
    test(`the service is killed after ${when} answers`, async () => {
        const database = await createDatabase(`killed_${round}`, { template });
        const service = await startService({ database });
        const answers = await sendAll(service, ALL, (size) => size === when && service.kill());
        assert.ok(
            acknowledged(answers).length >= when - 1 && acknowledged(answers).length < ALL.length,
        );

        const next = await startService({ database });
        const session = openSession(database);
        await assertWhole(session, answers);
        await sendTheRest(next, session, answers);
        await session.close();
        await next.stop();
    });

for (const [round, when] of [10, 120].entries())
    test(`PostgreSQL is stopped at once after ${when} answers`, async () => {
        const database = await createDatabase(`stopped_${round}`, { template });
        const service = await startService({ database });
        let isStopped = false;
        const answers = await sendAll(service, ALL, (size) => {
            if (size < when || isStopped) return;
            isStopped = true;
            cluster.stop("immediate");
        });
        const faults = [...answers.values()].filter((answer) => answer?.status !== 200);
        assert.ok(faults.length > 0);
        for (const answer of faults) {
            assert.equal(answer?.status, 503, answer?.text);
            assert.deepEqual(answer.json, { error: "Service unavailable" });
            assert.equal(answer.headers["retry-after"], "5");
        }

        cluster.start();
        const session = openSession(database);
        await assertWhole(session, answers);
        await sendTheRest(service, session, answers); // by the same service, which finds its way back
        await session.close();
        await service.stop();
    });
