// Many clients at once, whose answers are counted: what a fault may do to them, and what not.
import assert from "node:assert/strict";
import { assertConsistent, DECLARATIONS, declarationOf } from "./cases.mjs";
import { get, post } from "./client.mjs";
import { M } from "./messages.mjs";
import { openSession } from "./session.mjs";
import { TOKENS, trainee } from "./world.mjs";

const NOW = "2024-10-02T09:00:00Z";
const UNAVAILABLE = '{"error":"Service unavailable"}';
const token = TOKENS["LP-A"];
const LISTS = ["/api/v3/statements", "/api/v3/participants/ecf", "/api/v1/participants/ecf.csv"];

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Records of COUNT people who may be declared. */
export const people = (count) => Array.from({ length: count }, (_, i) => `E24 of the crowd ${i}`);
export const recordsOf = (names) =>
    names.map((name) => trainee(name, { start: "2024-06-01T00:00:00Z" }));

export class Crowd {
    /** Writers declare one after the other of `names`, once each; readers read. `services` in turn. */
    constructor(services, names, { writers = 6, readers = 6 } = {}) {
        Object.assign(this, { services, names, writers, readers });
        this.counts = { ok: 0, unavailable: 0, broken: 0 };
        this.wrong = []; // answers that nobody may get
        this.accepted = new Map(); // name -> id of the declaration
        this.unsure = new Set(); // names whose declaration was sent, and may be there or not
        this.left = [...names];
        this.sent = 0;
    }

    #service() {
        return this.services[this.sent++ % this.services.length];
    }

    #judge(answer) {
        if (answer === null) this.counts.broken++;
        else if (answer.status === 200) this.counts.ok++;
        else if (
            answer.status === 503 &&
            answer.text === UNAVAILABLE &&
            /^\d+$/.test(answer.headers["retry-after"])
        )
            this.counts.unavailable++;
        else this.wrong.push(`${answer.status} ${answer.text}`);
        return answer;
    }

    async #declare(service, name) {
        const body = { data: { attributes: declarationOf(name, "started", "2024-10-01T10:00:00Z") } };
        const options = { token, now: NOW, check: false };
        const answer = await post(service, DECLARATIONS, body, options).catch(() => null);
        if (answer?.status === 200) this.accepted.set(name, answer.json.data.id);
        else this.unsure.add(name);
        return answer;
    }

    async #write() {
        while (this.isGoing && this.left.length > 0) {
            this.#judge(await this.#declare(this.#service(), this.left.shift()));
            await pause(5);
        }
    }

    async #read() {
        while (this.isGoing) {
            const path = LISTS[this.sent % LISTS.length];
            const answer = await get(this.#service(), path, { token, check: false }).catch(() => null);
            this.#judge(answer);
            await pause(5);
        }
    }

    start() {
        this.isGoing = true;
        this.work = Promise.all([
            ...Array.from({ length: this.writers }, () => this.#write()),
            ...Array.from({ length: this.readers }, () => this.#read()),
        ]);
    }

    async stop() {
        this.isGoing = false;
        await this.work;
    }

    /** Waits until `count` more answers of this kind have come. */
    async more(kind, count, ms = 20_000) {
        const wanted = this.counts[kind] + count;
        const deadline = Date.now() + ms;
        while (this.counts[kind] < wanted) {
            if (Date.now() > deadline)
                assert.fail(`not ${wanted} ${kind} within ${ms} ms: ${JSON.stringify(this.counts)} ${this.wrong}`);
            await pause(5);
        }
    }

    /** Milliseconds until each service answers a reader and a writer again; all that is sent counts. */
    async recovered(ms = 5000) {
        const begun = Date.now();
        for (const service of this.services)
            for (;;) {
                const answers = [this.#judge(await get(service, LISTS[0], { token, check: false }).catch(() => null))];
                const name = this.left.shift();
                if (name !== undefined) answers.push(this.#judge(await this.#declare(service, name)));
                if (answers.every((answer) => answer?.status === 200)) break;
                assert.ok(Date.now() - begun < ms, `not answered again within ${ms} ms`);
                await pause(50);
            }
        return Date.now() - begun;
    }

    /**
     * What must hold in the end: nobody got anything but 200 and 503; what was accepted is there; what
     * was not is there once or can be sent again; and then everybody is declared exactly once.
     */
    async settle(database) {
        assert.deepEqual(this.wrong.slice(0, 5), []);
        assert.ok(this.accepted.size > 10, "declarations were among the load");
        const session = openSession(database);
        try {
            const rows = await session.run("SELECT id FROM declarations");
            const there = new Set(rows.map(({ id }) => id));
            for (const [name, id] of this.accepted)
                assert.ok(there.has(id), `${name} was accepted, and is gone`);
            assert.ok(there.size <= this.accepted.size + this.unsure.size, "more than was sent");
            for (const name of this.names.filter((each) => !this.accepted.has(each))) {
                const wasUnsure = this.unsure.has(name);
                const answer = await this.#declare(this.services[0], name);
                if (answer?.status === 200) continue;
                assert.ok(wasUnsure, `${name} was never sent, and yet: ${answer?.status} ${answer?.text}`);
                assert.equal(answer?.status, 422, answer?.text);
                assert.equal(answer.json.errors[0].detail, M.M11, "it was written, though nobody was told");
            }
            const [{ people: declared, rows: count }] = await session.run(
                "SELECT count(DISTINCT participant_id) AS people, count(*) AS rows FROM declarations",
            );
            assert.deepEqual([declared, count], [this.names.length, this.names.length]);
            await assertConsistent(session);
        } finally {
            await session.close();
        }
    }
}
