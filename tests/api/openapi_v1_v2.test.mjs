// The documents of versions 1 and 2, and the one that is not published: contract v1-v2.md 1, 2.4, 3.2, 4.2, 11.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import YAML from "yaml";
import { get, request } from "../support/client.mjs";
import { ROOT } from "../support/environment.mjs";
import { Document, internalDocument } from "../support/openapi.mjs";
import { serveWorld } from "../support/served.mjs";

const DOCS = "/lead-providers/api-docs";
const METHODS = ["get", "put", "post", "patch", "delete"];
const JSON_TYPE = "application/vnd.api+json";

// "METHOD path": [x-handler, filters, statuses beside those of every operation, CSV]
const READ = ["400"];
const FOUND = ["400", "404"];
const WRITTEN = ["400", "413", "422"];
const PARTICIPANT_FILTERS = ["cohort", "updated_since"];
const DECLARATION_FILTERS = ["updated_since", "participant_id"];
const PUBLISHED = {
    "GET /participants/ecf": ["participants_index", PARTICIPANT_FILTERS, READ, true],
    "GET /participants/ecf/{id}": ["participants_show", PARTICIPANT_FILTERS, FOUND],
    "PUT /participants/ecf/{id}/withdraw": ["participants_withdraw", [], WRITTEN],
    "PUT /participants/ecf/{id}/defer": ["participants_defer", [], WRITTEN],
    "PUT /participants/ecf/{id}/resume": ["participants_resume", [], WRITTEN],
    "PUT /participants/ecf/{id}/change-schedule": ["participants_change_schedule", [], WRITTEN],
    "GET /participant-declarations": ["declarations_index", DECLARATION_FILTERS, READ, true],
    "POST /participant-declarations": ["declarations_create", [], WRITTEN],
    "GET /participant-declarations/{id}": ["declarations_show", DECLARATION_FILTERS, FOUND],
    "PUT /participant-declarations/{id}/void": ["declarations_void", [], ["400", "404", "413", "422"]],
};
const USER_FILTERS = ["email", "updated_since"];
const CREATED = ["400", "409", "413", "422"];
const INTERNAL = {
    ...Object.fromEntries(
        ["v1", "v2"].flatMap((version) => [
            [`GET /api/${version}/participants`, ["participants_index", PARTICIPANT_FILTERS, READ, true]],
            [`GET /api/${version}/users`, ["users_index", USER_FILTERS, READ]],
            [`POST /api/${version}/users`, ["users_create", [], CREATED]],
            [`GET /api/${version}/ecf-users`, ["ecf_users_index", USER_FILTERS, READ]],
            [`POST /api/${version}/ecf-users`, ["users_create", [], CREATED]],
        ]),
    ),
    ...Object.fromEntries(
        ["withdraw", "defer", "resume", "change-schedule"].map((action) => [
            `PUT /api/v1/participants/{id}/${action}`,
            [`participants_${action.replace("-", "_")}`, [], WRITTEN],
        ]),
    ),
    "GET /api/v1/data-studio/school-rollout": ["school_rollout_index", [], READ],
};

const PARTICIPANT_ATTRIBUTES =
    "email,full_name,mentor_id,school_urn,participant_type,cohort,status,teacher_reference_number," +
    "teacher_reference_number_validated,eligible_for_funding,pupil_premium_uplift,sparsity_uplift,training_status," +
    "training_record_id,schedule_identifier,updated_at";
const DECLARATION_ATTRIBUTES = {
    v1: "participant_id,declaration_type,course_identifier,eligible_for_payment,declaration_date,updated_at,voided,state,has_passed",
    v2: "participant_id,declaration_type,course_identifier,declaration_date,updated_at,state,has_passed",
};

const service = serveWorld();
const documents = {};

const operationsOf = ({ json }) =>
    Object.entries(json.paths).flatMap(([path, item]) =>
        METHODS.filter((method) => item[method]).map((method) => ({
            name: `${method.toUpperCase()} ${path}`,
            operation: item[method],
        })),
    );
const find = (document, name) => operationsOf(document).find((each) => each.name === name).operation;
const filtersOf = (document, operation) =>
    (operation.parameters ?? [])
        .map((parameter) => document.resolve(parameter))
        .filter(({ name }) => name === "filter")
        .flatMap(({ schema }) => Object.keys(document.resolve(schema).properties));

/** Every example of a media type, as [where, value]. */
function examplesOf(document, where, media) {
    const named = Object.entries(media.examples ?? {}).map(([name, each]) => [
        `${where} ${name}`,
        document.resolve(each).value,
    ]);
    return media.example === undefined ? named : [[where, media.example], ...named];
}

function assertOperation(document, name, [handler, filters, statuses, hasCsv = false]) {
    const operation = find(document, name);
    assert.equal(operation["x-handler"], handler);
    assert.deepEqual(filtersOf(document, operation), filters, "filters");
    assert.deepEqual(operation.security, [{ bearerAuth: [] }]);
    const good = statuses.includes("409") ? "201" : "200";
    assert.deepEqual(
        Object.keys(operation.responses).sort(),
        [good, ...statuses, ...(name.startsWith("GET ") ? ["304"] : []), "401", "403", "429", "500", "503"].sort(),
        "statuses",
    );
    const { content } = document.resolve(operation.responses[good]);
    assert.deepEqual(Object.keys(content), hasCsv ? [JSON_TYPE, "text/csv"] : [JSON_TYPE], "contents");
    assert.equal(filters.length > 0 && !name.includes("{id}"), (operation.parameters ?? []).some(({ $ref }) => /\/Page$/.test($ref)));
}

/** Every status with a body, and every request, has an example; all of them are as their schemas say. */
function assertExamples(document, name) {
    const operation = find(document, name);
    const bodies = Object.entries(operation.responses).map(([status, each]) => [status, document.resolve(each).content]);
    if (operation.requestBody) bodies.push(["request", document.resolve(operation.requestBody).content]);
    for (const [status, content] of bodies) {
        if (content === undefined) {
            assert.ok(["304", "403"].includes(status), `${name} ${status} has no body`);
            continue;
        }
        let count = 0;
        for (const [type, media] of Object.entries(content))
            for (const [where, value] of examplesOf(document, `${status} ${type}`, media)) {
                const validate = document.validator({ name }, where, media.schema);
                assert.ok(validate(value), `${name} ${where}: ${document.ajv.errorsText(validate.errors)}`);
                count++;
            }
        assert.ok(count > 0, `${name} ${status} has no example`);
    }
}

describe("the documents", () => {
    before(async () => {
        for (const version of ["v1", "v2", "v3"]) {
            const { json } = await get(service(), `${DOCS}/${version}/api_spec.json`);
            documents[version] = new Document(json, version);
        }
        documents.internal = internalDocument();
    });

    describe("what is published", () => {
        test("is versions 1, 2 and 3", async () => {
            assert.deepEqual((await get(service(), `${DOCS}/versions.json`)).json, ["v1", "v2", "v3"]);
            for (const name of ["internal", "v0", "v4", "../v1", "V1"])
                for (const suffix of ["json", "yml"]) {
                    const response = await request(service(), "GET", `${DOCS}/${name}/api_spec.${suffix}`);
                    assert.equal(response.status, 404, `${name} ${suffix}`);
                }
        });

        for (const version of ["v1", "v2"]) {
            test(`${version} is YAML as well, with the same content`, async () => {
                const response = await get(service(), `${DOCS}/${version}/api_spec.yml`);
                assert.match(response.headers["content-type"], /^text\/yaml/);
                assert.deepEqual(YAML.parse(response.text), documents[version].json);
            });

            test(`${version} says its name`, () => {
                const { openapi, info } = documents[version].json;
                assert.equal(openapi, "3.0.1");
                assert.equal(info.title, `Lead provider API - ${version[1]}.0.0`);
                assert.equal(info.version, `${version[1]}.0.0`);
            });
        }
    });

    for (const version of ["v1", "v2"])
        describe(version, () => {
            const full = (route) => route.replace(" ", ` /api/${version}`);

            test("has the lead providers' operations, and no other", () => {
                const names = operationsOf(documents[version]).map(({ name }) => name);
                assert.deepEqual(names.sort(), Object.keys(PUBLISHED).map(full).sort());
            });

            for (const [route, expected] of Object.entries(PUBLISHED)) {
                test(`${route} is as the contract says`, () => assertOperation(documents[version], full(route), expected));
                test(`${route} has examples that hold`, () => assertExamples(documents[version], full(route)));
            }

            test("lists say how to get CSV", () => {
                for (const [route, [, , , hasCsv]] of Object.entries(PUBLISHED))
                    assert.equal(/`\.csv`/.test(find(documents[version], full(route)).description), hasCsv === true, route);
            });

            test("CSV has the attributes in their order", () => {
                for (const [route, attributes] of [
                    ["GET /participants/ecf", PARTICIPANT_ATTRIBUTES],
                    ["GET /participant-declarations", DECLARATION_ATTRIBUTES[version]],
                ]) {
                    const { responses } = find(documents[version], full(route));
                    const { content } = documents[version].resolve(responses["200"]);
                    assert.equal(content["text/csv"].example.split("\n")[0], `id,${attributes}`);
                    const [item] = content[JSON_TYPE].example.data;
                    assert.equal(Object.keys(item.attributes).join(), attributes);
                }
            });

            test("refusals are those of version 3", () => {
                for (const route of Object.keys(PUBLISHED)) {
                    const refusals = (document, name) =>
                        document.resolve(find(document, name).responses["422"])?.content[JSON_TYPE].examples;
                    const latest = refusals(documents.v3, route.replace(" ", " /api/v3"));
                    assert.deepEqual(refusals(documents[version], full(route)), latest, route);
                }
            });

            test("schemas and shapes name the same attributes", () => {
                const shape = JSON.parse(readFileSync(join(ROOT, `tests/support/shapes/ecf-${version}.json`), "utf8"));
                const { schemas } = documents[version].json.components;
                const names = (schema) => Object.keys(schemas[schema].properties).sort();
                assert.deepEqual(names("FlatParticipantAttributes"), Object.keys(shape.participant).sort());
                assert.deepEqual(
                    names(`Declaration${version.toUpperCase()}Attributes`),
                    Object.keys(shape["participant-declaration"]).sort(),
                );
            });
        });

    describe("what is not published", () => {
        test("has all the rest, and nothing twice", () => {
            const names = operationsOf(documents.internal).map(({ name }) => name);
            assert.deepEqual(names.sort(), Object.keys(INTERNAL).sort());
            const others = ["v1", "v2", "v3"].flatMap((version) => operationsOf(documents[version]).map(({ name }) => name));
            assert.deepEqual(names.filter((name) => others.includes(name)), []);
        });

        for (const [name, expected] of Object.entries(INTERNAL)) {
            test(`${name} is as the contract says`, () => assertOperation(documents.internal, name, expected));
            test(`${name} has examples that hold`, () => assertExamples(documents.internal, name));
        }
    });

    test("every component is used by some document", () => {
        const folder = join(ROOT, "openapi/components");
        const unused = readdirSync(folder).flatMap((file) =>
            Object.entries(YAML.parse(readFileSync(join(folder, file), "utf8"))).flatMap(([section, components]) =>
                Object.keys(components)
                    .filter((name) => !Object.values(documents).some(({ json }) => json.components[section]?.[name]))
                    .map((name) => `${file}: ${section}/${name}`),
            ),
        );
        assert.deepEqual(unused, []);
    });
});
