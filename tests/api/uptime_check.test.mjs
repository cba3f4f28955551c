// bin/uptime-check: contract platform.md 14, what a monitor outside asks.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { dropDatabase } from "../support/database.mjs";
import { ROOT } from "../support/environment.mjs";
import { startService } from "../support/service.mjs";
import { worldDatabase } from "../support/world.mjs";

const TITLE = "Manage training for early career teachers";

async function check(args, env = {}) {
    const child = spawn(join(ROOT, "bin/uptime-check"), args, { env: { PATH: process.env.PATH, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (output += part));
    const status = await new Promise((done) => child.on("close", done));
    const down = output.split("\n").filter((line) => line.startsWith("down"));
    return { status, output, down: down.map((line) => line.slice(5)) };
}

/** A server that answers paths with [status, text]; gives its address. */
async function serve(t, answers) {
    const server = createServer((request, response) => {
        const [status, text] = answers[request.url] ?? [404, "not found"];
        response.writeHead(status).end(text);
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    t.after(() => server.close());
    return `http://127.0.0.1:${server.address().port}`;
}

describe("bin/uptime-check", () => {
    let database;
    before(async () => {
        database = await worldDatabase();
    });
    after(() => dropDatabase(database));

    for (const APP_ENV of ["test", "sandbox"])
        test(`is content with a service (${APP_ENV}), and not with none`, async () => {
            const env = { APP_ENV, FORCE_HTTPS: "0", TOKEN_HASH_SECRET: "x".repeat(32) };
            const service = await startService({ database, env });
            const up = await check([service.url]);
            assert.deepEqual([up.status, up.down], [0, []], up.output);
            assert.equal((await check([`${service.url}/`])).status, 0);
            await service.stop();
            const down = await check([service.url]);
            assert.equal(down.status, 1);
            assert.equal(down.down.length, 3, down.output);
        });

    test("sees each thing that may be wrong", async (t) => {
        const good = { "/": [200, `<h1>${TITLE}</h1>`], "/check": [204, ""], "/-/healthy": [200, "OK"] };
        const cases = [
            [{}, []],
            [{ "/check": [500, ""] }, ["GET /check is 2xx"]],
            [{ "/check": [301, ""] }, ["GET /check is 2xx"]],
            [{ "/": [200, "another page"] }, ["the home page shows its title"]],
            [{ "/": [500, `${TITLE}: 500 Internal Server Error`] }, ["the home page shows no error"]],
            [{ "/-/healthy": [503, "no"] }, ["the Alertmanager is healthy"]],
        ];
        for (const [wrong, expected] of cases) {
            const url = await serve(t, { ...good, ...wrong });
            const { status, down, output } = await check(["--alertmanager", url, url]);
            assert.deepEqual([status, down], [expected.length > 0 ? 1 : 0, expected], output);
        }
    });

    test("looks at the certificate", async () => {
        const folder = mkdtempSync(join(tmpdir(), "cpd-uptime-"));
        const [TLS_KEY, TLS_CERTIFICATE] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
        execFileSync(
            "openssl",
            [
                ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 5".split(" "),
                ...["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                ...["-keyout", TLS_KEY, "-out", TLS_CERTIFICATE],
            ],
            { stdio: "ignore" },
        );
        const service = await startService({ database, env: { TLS_CERTIFICATE, TLS_KEY } });
        const url = `https://127.0.0.1:${service.port}`;
        const env = { CURL_CA_BUNDLE: TLS_CERTIFICATE };
        const trusted = await check(["--days", "3", url], env);
        assert.deepEqual([trusted.status, trusted.down], [0, []], trusted.output);
        const soon = await check([url], env);
        assert.deepEqual([soon.status, soon.down], [1, ["the certificate is valid for 14 days"]], soon.output);
        assert.equal((await check(["--days", "3", url])).down.length, 4, "a certificate that nobody knows");
        await service.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    test("says how it is used", async () => {
        for (const args of [[], ["--days"], ["--days", "x", "http://127.0.0.1"], ["ftp://127.0.0.1"], ["--what"]])
            assert.equal((await check(args)).status, 64, args.join(" "));
        assert.equal((await check(["--help"])).status, 0);
    });
});
