// What versions 1 and 2 say of their age (RFC 9745), and where the same stands in version 3.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { request } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import { id, TOKENS } from "../support/world.mjs";

const service = serveWorld();
const token = TOKENS["LP-A"];
const E24 = id("E24");
const NOTHING = id("nothing");
const SINCE = `@${Date.parse("2023-06-01T00:00:00Z") / 1000}`;

async function saidOf(method, path, options = { token }) {
    const response = await request(service(), method, path, options);
    const { deprecation, link } = response.headers;
    return { status: response.status, deprecation, link };
}
const outdated = (status, successor) => ({
    status,
    deprecation: SINCE,
    link: successor && `<${successor}>; rel="successor-version"`,
});
const current = (status) => ({ status, deprecation: undefined, link: undefined });

for (const version of ["v1", "v2"])
    describe(version, () => {
        for (const [method, path, status, successor] of [
            ["GET", "/participants/ecf", 200, "/api/v3/participants/ecf"],
            ["GET", "/participants/ecf.csv", 200, "/api/v3/participants/ecf"],
            ["HEAD", "/participants/ecf", 200, "/api/v3/participants/ecf"],
            ["GET", "/participants", 200, "/api/v3/participants/ecf"],
            ["GET", "/participants/ecf?filter=x", 400, "/api/v3/participants/ecf"],
            ["GET", `/participants/ecf/${E24}`, 200, `/api/v3/participants/ecf/${E24}`],
            ["GET", `/participants/ecf/${E24.toUpperCase()}`, 200, `/api/v3/participants/ecf/${E24}`],
            ["GET", `/participants/ecf/${NOTHING}`, 404, `/api/v3/participants/ecf/${NOTHING}`],
            ["GET", "/participants/ecf/%3E%0D%0AX-Evil:%201", 404, undefined],
            ["PUT", `/participants/ecf/${E24}/withdraw`, 400, `/api/v3/participants/ecf/${E24}/withdraw`],
            ["GET", "/participant-declarations", 200, "/api/v3/participant-declarations"],
            ["POST", "/participant-declarations", 400, "/api/v3/participant-declarations"],
            ["PUT", `/participant-declarations/${NOTHING}/void`, 404, `/api/v3/participant-declarations/${NOTHING}/void`],
        ])
            test(`${method} ${path} names its successor`, async () => {
                assert.deepEqual(await saidOf(method, `/api/${version}${path}`), outdated(status, successor));
            });

        test("also to those it refuses", async () => {
            const path = `/api/${version}/participants/ecf`;
            const successor = "/api/v3/participants/ecf";
            assert.deepEqual(await saidOf("GET", path, {}), outdated(401, successor));
            assert.deepEqual(await saidOf("GET", path, { token: TOKENS["LP-N"] }), outdated(403, successor));
        });

        test("what no later version has is not outdated", async () => {
            for (const path of ["users", "ecf-users"])
                assert.deepEqual(
                    await saidOf("GET", `/api/${version}/${path}`, { token: TOKENS.data_studio }),
                    current(200),
                );
            assert.deepEqual(await saidOf("GET", `/api/${version}/nothing`), current(404));
        });
    });

test("v1's old addresses lead to the new ones", async () => {
    assert.deepEqual(
        await saidOf("PUT", `/api/v1/participants/${E24}/defer`),
        outdated(400, `/api/v3/participants/ecf/${E24}/defer`),
    );
});

test("version 3 and pages are not outdated", async () => {
    assert.deepEqual(await saidOf("GET", "/api/v3/participants/ecf"), current(200));
    assert.deepEqual(await saidOf("GET", "/api/v3/statements", {}), current(401));
    assert.deepEqual(await saidOf("GET", "/check", {}), current(200));
});
