// Compressed answers that are long: made while they are sent, or sent block by block. Contract platform.md 5.6.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { get, request } from "../support/client.mjs";
import { dropDatabase } from "../support/database.mjs";
import { startService } from "../support/service.mjs";
import { TOKENS, trainee, worldDatabase } from "../support/world.mjs";

const PEOPLE = 2300; // CSV is made in batches of 1,000; a page of them all is longer than 256 KiB
const token = TOKENS["LP-A"];
const start = "2024-06-01T00:00:00Z";
const packed = { "Accept-Encoding": "gzip" };
const LONG = [
    "/api/v1/participants/ecf.csv",
    "/api/v2/participants/ecf.csv?filter[updated_since]=2020-01-01T00:00:00Z",
    "/api/v3/participants/ecf?page[per_page]=3000",
    "/api/v1/participants/ecf?page[per_page]=3000",
];

let database;
let keeping;
let forgetful;

before(async () => {
    const people = Array.from({ length: PEOPLE }, (_, i) => trainee(`P${i}`, { start }));
    database = await worldDatabase(people.flat());
    [keeping, forgetful] = await Promise.all(
        ["1", "0"].map((PAGE_CACHE_MIB) => startService({ database, env: { PAGE_CACHE_MIB } })),
    );
});
after(async () => {
    await Promise.all([keeping?.stop(), forgetful?.stop()]);
    await dropDatabase(database);
});

describe("a long answer says the same with gzip", () => {
    for (const path of LONG)
        test(path, async () => {
            for (const service of [keeping, forgetful]) {
                const plain = await get(service, path, { token });
                assert.ok(plain.body.length > 256 * 1024, `${plain.body.length} bytes`);
                assert.equal(plain.headers["content-encoding"], undefined);
                for (let i = 0; i < 2; i++) {
                    const zipped = await get(service, path, { token, headers: packed });
                    assert.equal(zipped.headers["content-encoding"], "gzip");
                    assert.ok(zipped.body.length < plain.body.length / 3, `${zipped.body.length} bytes`);
                    assert.equal(zipped.text, plain.text);
                    assert.equal(zipped.headers.etag, plain.headers.etag);
                }
                const unchanged = { ...packed, "If-None-Match": plain.headers.etag };
                const none = await get(service, path, { token, headers: unchanged });
                assert.equal(none.status, 304);
                assert.equal(none.body.length, 0);
                const any = { ...packed, "If-None-Match": "*" };
                assert.equal((await get(service, path, { token, headers: any })).status, 304);
                const head = await request(service, "HEAD", path, { token, headers: packed });
                assert.equal(head.headers["content-encoding"], "gzip");
                assert.equal(head.headers.etag, plain.headers.etag);
            }
        });
});

test("however many pages are asked for, each comes out as it is", async () => {
    const pages = Array.from({ length: 60 }, (_, i) => `/api/v3/participants/ecf?page[page]=${1 + (i % 23)}&x=${i}`);
    const wanted = await Promise.all(pages.map((path) => get(forgetful, path, { token })));
    for (let round = 0; round < 3; round++) {
        const got = await Promise.all(pages.map((path) => get(keeping, path, { token, headers: packed })));
        got.forEach((answer, i) => assert.equal(answer.text, wanted[i].text, pages[i]));
    }
});

test("a client that ends in the middle of a packed answer harms nobody", async () => {
    for (let i = 0; i < 5; i++) {
        const abort = new AbortController();
        const url = `${keeping.url}/api/v1/participants/ecf.csv`;
        const headers = { Authorization: `Bearer ${token}`, ...packed };
        const answer = await fetch(url, { headers, signal: abort.signal });
        assert.equal(answer.status, 200);
        abort.abort();
    }
    assert.equal((await get(keeping, "/check")).status, 200);
});
