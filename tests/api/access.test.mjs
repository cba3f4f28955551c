// Who may call what: every route of every version, with every kind of token. Contract platform.md 3.4,
// v1-v2.md 2.1, decisions.md 5 and 15. A route that the documents have and this table has not fails.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { NOT_FOUND, UNAUTHORISED } from "../support/check_list.mjs";
import { request } from "../support/client.mjs";
import { internalDocument } from "../support/openapi.mjs";
import { serveWorld } from "../support/served.mjs";
import { apiToken, id, TOKENS } from "../support/world.mjs";

// Token -> which kinds of route let it in.
const CALLERS = {
    "lead provider": [TOKENS["LP-A"], ["ecf", "ecf-or-npq"]],
    "another lead provider": [TOKENS["LP-B"], ["ecf", "ecf-or-npq"]],
    "company with an NPQ side only": [TOKENS["LP-N"], ["ecf-or-npq"]],
    "engage and learn": [TOKENS.engage_and_learn, ["private"]],
    "data studio": [TOKENS.data_studio, ["private"]],
    "NPQ registration": [TOKENS.npq_registration, ["private"]],
    "lead provider with the private flag": ["flagged-lead-provider", ["ecf", "ecf-or-npq", "private"]],
    "NPQ company with the private flag": ["flagged-npq-company", ["ecf-or-npq", "private"]],
    "engage and learn without the flag": ["plain-engage-and-learn", []],
    "NPQ registration without the flag": ["plain-npq-registration", []],
};
const GIVEN = [
    { ...apiToken("flagged-lead-provider", "lead_provider", "LP-A"), private_api_access: true },
    { ...apiToken("flagged-npq-company", "lead_provider", "LP-N"), private_api_access: true },
    { ...apiToken("plain-engage-and-learn", "engage_and_learn"), private_api_access: false },
    { ...apiToken("plain-npq-registration", "npq_registration"), private_api_access: false },
];
const NOBODY = { "no token": undefined, "an unknown token": "unknown", "a blank token": " " };

// Each route as METHOD PATH, the versions that have it, who may call it, and what it answers to a
// caller it lets in who sends no body, no filter and the id of nothing.
const ROUTES = [
    ["GET /statements", ["v3"], "ecf-or-npq", 200],
    ["GET /statements/{id}", ["v3"], "ecf-or-npq", 404],
    ["GET /delivery-partners", ["v3"], "ecf", 200],
    ["GET /delivery-partners/{id}", ["v3"], "ecf", 404],
    ["GET /schools/ecf", ["v3"], "ecf", 400],
    ["GET /schools/ecf/{id}", ["v3"], "ecf", 400],
    ["GET /partnerships/ecf", ["v3"], "ecf", 200],
    ["POST /partnerships/ecf", ["v3"], "ecf", 400],
    ["GET /partnerships/ecf/{id}", ["v3"], "ecf", 404],
    ["PUT /partnerships/ecf/{id}", ["v3"], "ecf", 404],
    ["PATCH /partnerships/ecf/{id}", ["v3"], "ecf", 404],
    ["GET /participants/ecf", ["v1", "v2", "v3"], "ecf", 200],
    ["GET /participants/ecf/{id}", ["v1", "v2", "v3"], "ecf", 404],
    ["GET /participants/ecf/transfers", ["v3"], "ecf", 200],
    ["GET /participants/ecf/{id}/transfers", ["v3"], "ecf", 404],
    ["PUT /participants/ecf/{id}/withdraw", ["v1", "v2", "v3"], "ecf", 400],
    ["PUT /participants/ecf/{id}/defer", ["v1", "v2", "v3"], "ecf", 400],
    ["PUT /participants/ecf/{id}/resume", ["v1", "v2", "v3"], "ecf", 400],
    ["PUT /participants/ecf/{id}/change-schedule", ["v1", "v2", "v3"], "ecf", 400],
    ["GET /participants", ["v1", "v2"], "ecf", 200],
    ["PUT /participants/{id}/withdraw", ["v1"], "ecf", 400],
    ["PUT /participants/{id}/defer", ["v1"], "ecf", 400],
    ["PUT /participants/{id}/resume", ["v1"], "ecf", 400],
    ["PUT /participants/{id}/change-schedule", ["v1"], "ecf", 400],
    ["GET /unfunded-mentors/ecf", ["v3"], "ecf", 200],
    ["GET /unfunded-mentors/ecf/{id}", ["v3"], "ecf", 404],
    ["GET /participant-declarations", ["v1", "v2", "v3"], "ecf-or-npq", 200],
    ["POST /participant-declarations", ["v1", "v2", "v3"], "ecf-or-npq", 400],
    ["GET /participant-declarations/{id}", ["v1", "v2", "v3"], "ecf-or-npq", 404],
    ["PUT /participant-declarations/{id}/void", ["v1", "v2", "v3"], "ecf-or-npq", 404],
    ["GET /users", ["v1", "v2"], "private", 200],
    ["POST /users", ["v1", "v2"], "private", 400],
    ["GET /ecf-users", ["v1", "v2"], "private", 200],
    ["POST /ecf-users", ["v1", "v2"], "private", 400],
    ["GET /requests", ["v3"], "ecf-or-npq", 200],
    ["GET /data-studio/school-rollout", ["v1"], "private", 200],
];
const CSV = ["/participants/ecf", "/participants", "/participant-declarations"];

const service = serveWorld(GIVEN);
const VERSIONS = ["v1", "v2", "v3"];
const METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE"];

const call = (method, version, path, token, body) =>
    request(service(), method, `/api/${version}${path.replace("{id}", id("nothing"))}`, { token, body });

function assertForbidden(response, what) {
    assert.deepEqual([response.status, response.text], [403, ""], what);
    assert.equal(response.headers["content-type"], "text/html", what);
}

describe("the table", () => {
    let documented;
    before(async () => {
        const documents = [internalDocument().json];
        for (const version of VERSIONS) {
            const path = `/lead-providers/api-docs/${version}/api_spec.json`;
            documents.push((await request(service(), "GET", path)).json);
        }
        documented = documents.flatMap(({ paths }) =>
            Object.entries(paths).flatMap(([template, item]) =>
                METHODS.filter((method) => item[method.toLowerCase()]).map((method) => {
                    const [, version, path] = /^\/api\/(v\d)(\/.*)$/.exec(template);
                    return [`${version} ${method} ${path}`, item[method.toLowerCase()]["x-access"]];
                }),
            ),
        );
    });

    test("has a row for every route of the documents, and no other", () => {
        const rows = ROUTES.flatMap(([route, versions]) => versions.map((version) => `${version} ${route}`));
        assert.deepEqual(documented.map(([route]) => route).sort(), rows.sort());
    });

    test("lets in whom the documents let in", () => {
        const access = new Map(documented);
        for (const [route, versions, expected] of ROUTES)
            for (const version of versions) assert.equal(access.get(`${version} ${route}`), expected, `${version} ${route}`);
    });
});

for (const [route, versions, access, status] of ROUTES) {
    const [method, path] = route.split(" ");
    for (const version of VERSIONS)
        if (!versions.includes(version))
            test(`${version} has no ${route}`, async () => {
                // What one version spells out, another takes for an id: without a token that is 401.
                const [first, ...others] = isTakenForId(version, method, path)
                    ? [401, 404, 403]
                    : [404, 404, 404];
                const answers = [];
                for (const token of [undefined, TOKENS["LP-A"], TOKENS.data_studio])
                    answers.push(await call(method, version, path, token));
                assert.deepEqual(answers.map((answer) => answer.status), [first, ...others]);
                assert.deepEqual(answers[1].json, NOT_FOUND);
            });
    for (const version of versions)
        describe(`${version} ${route}`, () => {
            for (const [who, token] of Object.entries(NOBODY))
                test(`${who}: 401`, async () => {
                    const response = await call(method, version, path, token);
                    assert.deepEqual([response.status, response.json], [401, UNAUTHORISED]);
                    assert.equal(response.headers["www-authenticate"], 'Token realm="Application"');
                });
            for (const [who, [token, doors]] of Object.entries(CALLERS))
                test(`${who}: ${doors.includes(access) ? status : 403}`, async () => {
                    const response = await call(method, version, path, token);
                    if (doors.includes(access)) assert.equal(response.status, status, response.text);
                    else assertForbidden(response);
                });
            if (method !== "GET")
                test("a body of more than 1 MiB: 413, whoever sends it", async () => {
                    const body = Buffer.alloc(1024 * 1024 + 1, " ");
                    for (const token of [undefined, TOKENS["LP-A"]])
                        assert.equal((await call(method, version, path, token, body)).status, 413);
                });
            if (method === "GET" && CSV.includes(path) && version !== "v3")
                for (const [who, [token, doors]] of Object.entries(CALLERS))
                    test(`${who}, as CSV: ${doors.includes(access) ? 200 : 403}`, async () => {
                        const response = await call(method, version, `${path}.csv`, token);
                        if (!doors.includes(access)) return assertForbidden(response);
                        assert.deepEqual([response.status, response.headers["content-type"]], [200, "text/csv"]);
                    });
        });
}

/** Does a route of this version take part of this path for an id? */
function isTakenForId(version, method, path) {
    const parts = path.split("/");
    return ROUTES.some(([route, versions]) => {
        const [other, template] = route.split(" ");
        const segments = template.split("/");
        return (
            other === method &&
            versions.includes(version) &&
            segments.length === parts.length &&
            segments.every((segment, i) => segment === parts[i] || (segment === "{id}" && parts[i] !== "{id}"))
        );
    });
}
