// One session of a database that stays open: transactions whose steps a test interleaves itself, and
// queries without the cost of a psql each.
import { spawn } from "node:child_process";

const END = "--- end of answer ---";
const isQuery = (sql) => /^\s*(select|values|table|with)\b/i.test(sql);

class Session {
    constructor(child) {
        this.child = child;
        this.text = "";
        this.waiting = [];
        child.stdout.setEncoding("utf8").on("data", (text) => {
            this.text += text;
            this.#take();
        });
        child.stdin.on("error", () => {});
        child.on("close", () => {
            for (const { fail } of this.waiting) fail(new Error(`psql ended: ${this.text}`));
            this.waiting = [];
        });
    }

    #take() {
        for (let end = this.text.indexOf(END); end >= 0; end = this.text.indexOf(END)) {
            const answer = this.text.slice(0, end).trim();
            this.text = this.text.slice(end + END.length);
            const { done, fail, sql } = this.waiting.shift();
            if (/^(psql:[^\n]*)?(ERROR|FATAL):/m.test(answer)) fail(new Error(`${answer}\n${sql}`));
            else done(answer);
        }
    }

    /** Runs one SQL statement, or a script; a query gives its rows as objects with JSON's types. */
    async run(sql) {
        const plain = sql.replace(/;\s*$/, "");
        const query = isQuery(sql)
            ? `SELECT coalesce(json_agg(q), '[]') FROM (${plain}\n) q`
            : plain;
        const answer = await new Promise((done, fail) => {
            this.waiting.push({ done, fail, sql });
            this.child.stdin.write(`${query};\n\\warn '${END}'\n`);
        });
        return isQuery(sql) ? JSON.parse(answer) : answer;
    }

    /** Is a statement of this session still waiting for its answer? */
    get isBusy() {
        return this.waiting.length > 0;
    }

    async close() {
        this.child.stdin.end();
        await new Promise((done) => this.child.on("close", done));
    }
}

/** A session with the database URL. */
export function openSession(url) {
    const command = 'exec psql -XqAt -d "$0" 2>&1'; // one stream, so that errors keep their place
    return new Session(spawn("sh", ["-c", command, url], { stdio: ["pipe", "pipe", "inherit"] }));
}
