// Who is at the other end: X-Forwarded-For and X-Forwarded-Proto are believed where a trusted proxy
// says them. Contract platform.md 6, 19.3.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { get, sendBytes } from "../support/client.mjs";
import { createDatabase, dropDatabase } from "../support/database.mjs";
import { startService } from "../support/service.mjs";

let database;
before(async () => {
    database = await createDatabase();
});
after(() => dropDatabase(database));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let count = 0;

/** The address that a request with these headers is logged with. */
async function addressOf(service, headers) {
    const id = `proxies-${++count}`;
    await get(service, "/nothing", { headers: { ...headers, "X-Request-Id": id } });
    for (const deadline = Date.now() + 5000; Date.now() < deadline; await pause(10)) {
        const line = service.logs().find((each) => each.request_id === id && "status" in each);
        if (line) return line.remote_ip;
    }
    return assert.fail("the request is not in the log");
}

function serve(env) {
    let service;
    before(async () => {
        service = await startService({ database, env: { LOG_LEVEL: "info", ...env } });
    });
    after(() => service?.stop());
    return () => service;
}

describe("a proxy on this machine is trusted unless others are named", () => {
    const service = serve({ FORCE_HTTPS: "1" });
    const https = { "X-Forwarded-Proto": "https" };

    for (const [forwarded, expected] of [
        [undefined, "127.0.0.1"],
        ["203.0.113.7", "203.0.113.7"],
        ["198.51.100.1, 203.0.113.7", "203.0.113.7"],
        ["198.51.100.1, 203.0.113.7, 10.1.2.3, 192.168.0.1", "203.0.113.7"],
        ["10.0.0.1, 10.0.0.2", "10.0.0.1"],
        ["203.0.113.7, nonsense", "127.0.0.1"],
        ["2001:DB8::7", "2001:db8::7"],
        // two lines are one list, in their order
        [["198.51.100.1", "203.0.113.7"], "203.0.113.7"],
    ])
        test(`X-Forwarded-For: ${forwarded}`, async () => {
            const headers = { ...https, "X-Forwarded-For": forwarded };
            assert.equal(await addressOf(service(), headers), expected);
        });

    test("two spellings of a header say nothing, for one of them is the client's", async () => {
        const lower = { ...https, "x-forwarded-for": "198.51.100.1" };
        assert.equal(await addressOf(service(), lower), "198.51.100.1");
        const id = "proxies-two-spellings";
        const lines = [
            "GET /nothing HTTP/1.1",
            "Host: x",
            "Connection: close",
            `X-Request-Id: ${id}`,
            "X-Forwarded-Proto: https",
            "X-Forwarded-For: 203.0.113.7",
            "x-forwarded-for: 198.51.100.1",
        ];
        const raw = await sendBytes(service(), `${lines.join("\r\n")}\r\n\r\n`);
        assert.match(raw, /^HTTP\/1\.1 404 /);
        const line = service().logs().find((each) => each.request_id === id);
        assert.equal(line.remote_ip, "127.0.0.1");
    });

    test("X-Forwarded-Proto is believed", async () => {
        assert.equal((await get(service(), "/nothing", { headers: https })).status, 404);
    });
});

for (const [trusted, isTrusted] of [
    ["127.0.0.1", true],
    ["203.0.113.0/24, 127.0.0.0/8", true],
    ["203.0.113.0/24", false],
    ["none", false],
])
    describe(`TRUSTED_PROXIES=${trusted}`, () => {
        const service = serve({ FORCE_HTTPS: "1", TRUSTED_PROXIES: trusted });
        const headers = { "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1" };

        test(`a peer on this machine is ${isTrusted ? "" : "not "}believed`, async () => {
            const response = await get(service(), "/nothing", { headers });
            assert.equal(response.status, isTrusted ? 404 : 301);
            const expected = isTrusted ? "198.51.100.1" : "127.0.0.1";
            assert.equal(await addressOf(service(), headers), expected);
        });
    });
