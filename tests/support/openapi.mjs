// Holds every answer of the API against the OpenAPI document that the service itself serves, and
// its resources against the published shapes (shapes/); notes what has occurred. What is routed but not
// published stands in internal.json, which is not served: it is read from the build folder.
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { dirname, join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { CPD_API, logFolder } from "./environment.mjs";

const METHODS = ["get", "put", "post", "patch", "delete", "head", "options"];

// Answers of the edge, before any operation is known or whatever it is: no document has to list
// them. 304 answers a conditional request.
const STATUSES_OF_THE_EDGE = new Set([304, 405, 406, 413, 414, 429, 431, 500, 503]);

/** Statuses that need not occur in a run even where a document lists them: they need a fault. */
export const STATUSES_NOT_ASKED_FOR = new Set([500, 503]);

const SHAPES = Object.fromEntries(
    ["v1", "v2", "v3"].map((version) => {
        const file = new URL(`shapes/ecf-${version}.json`, import.meta.url);
        return [version, JSON.parse(readFileSync(file, "utf8"))];
    }),
);

const FORMATS = {
    uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    "timestamp-ms": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    date: /^\d{4}-\d\d-\d\d$/,
};

// --- Documents -----------------------------------------------------------------------------------

/** Where the files of this run are that after_all.mjs reads. */
export const documentFile = (version) => join(logFolder(), `openapi-${version}.json`);
export const coverageFile = () => join(logFolder(), `coverage-${process.pid}.ndjson`);

const documents = new Map();

function fetchJson(service, path) {
    return new Promise((done, fail) => {
        const { host, port } = service;
        http.get({ host, port, path, agent: false }, (response) => {
            let text = "";
            response.setEncoding("utf8").on("data", (part) => (text += part));
            response.on("end", () => {
                if (response.statusCode !== 200)
                    return fail(new Error(`GET ${path}: ${response.statusCode} instead of a document`));
                try {
                    done(JSON.parse(text));
                } catch (error) {
                    fail(new Error(`GET ${path}: ${error.message}`));
                }
            });
        }).on("error", fail);
    });
}

function keepDocument(version, json) {
    writeFileSync(documentFile(version), JSON.stringify(json));
    documents.set(version, new Document(json, version));
    return documents.get(version);
}

async function documentOf(service, version) {
    const path = `/lead-providers/api-docs/${version}/api_spec.json`;
    return documents.get(version) ?? keepDocument(version, await fetchJson(service, path));
}

/** What is routed but not published, as this build of the program has it. */
export const internalJson = () =>
    JSON.parse(readFileSync(join(dirname(CPD_API), "generated/openapi/internal.json"), "utf8"));

export function internalDocument() {
    return documents.get("internal") ?? keepDocument("internal", internalJson());
}

/** The document that declares the operation, and the operation there; null if none does. */
async function declarationOf(service, version, method, path) {
    for (const document of [await documentOf(service, version), internalDocument()]) {
        const found = document.find(method, path);
        if (found) return { document, found };
    }
    return null;
}

/** OpenAPI's dialect as JSON Schema; an object shows no property that it does not declare. */
function toJsonSchema(schema, isPart = false) {
    if (Array.isArray(schema)) return schema.map((each) => toJsonSchema(each));
    if (schema === null || typeof schema !== "object") return schema;
    const { nullable, example, examples, discriminator, xml, externalDocs, ...rest } = schema;
    for (const word of ["properties", "patternProperties"])
        if (rest[word])
            rest[word] = Object.fromEntries(
                Object.entries(rest[word]).map(([name, each]) => [name, toJsonSchema(each)]),
            );
    for (const word of ["items", "additionalProperties", "not"])
        if (rest[word]) rest[word] = toJsonSchema(rest[word]);
    for (const word of ["allOf", "anyOf", "oneOf"])
        if (rest[word]) rest[word] = rest[word].map((each) => toJsonSchema(each, word === "allOf"));
    if (rest.properties && rest.additionalProperties === undefined && !isPart && !rest.allOf)
        rest.additionalProperties = false;
    for (const word of Object.keys(rest)) if (word.startsWith("x-")) delete rest[word];
    return nullable === true ? { anyOf: [{ type: "null" }, rest] } : rest;
}

export class Document {
    constructor(json, version) {
        this.json = json;
        this.version = version;
        const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
        addFormats(ajv);
        this.ajv = ajv;
        this.validators = new Map();
        const schemas = Object.entries(json.components?.schemas ?? {});
        this.components = {
            schemas: Object.fromEntries(schemas.map(([name, each]) => [name, toJsonSchema(each)])),
        };
        this.operations = Object.entries(json.paths).flatMap(([template, item]) =>
            METHODS.filter((method) => item[method]).map((method) => ({
                method: method.toUpperCase(),
                template,
                name: `${method.toUpperCase()} ${template}`,
                pattern: new RegExp(
                    `^${template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+")}$`,
                ),
                variables: (template.match(/\{/g) ?? []).length,
                operation: item[method],
            })),
        );
        // What is spelt out wins over what a variable would take.
        this.operations.sort((a, b) => a.variables - b.variables);
    }

    resolve(thing) {
        if (!thing?.$ref) return thing;
        return thing.$ref
            .slice(2)
            .split("/")
            .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"))
            .reduce((value, part) => value?.[part], this.json);
    }

    find(method, path) {
        const plain = path
            .split("?")[0]
            .replace(/\/{2,}/g, "/")
            .replace(/(.)\/$/, "$1");
        const wanted = method === "HEAD" ? "GET" : method;
        const candidates = [plain, plain.replace(/\.(json|csv)$/, "")];
        return this.operations.find(
            ({ method: own, pattern }) =>
                own === wanted && candidates.some((candidate) => pattern.test(candidate)),
        );
    }

    responseOf(found, status) {
        const { responses } = found.operation;
        return this.resolve(responses[String(status)] ?? responses.default);
    }

    validator(found, status, schema) {
        const key = `${found.name} ${status}`;
        if (!this.validators.has(key)) {
            const whole = { ...toJsonSchema(schema), components: this.components };
            this.validators.set(key, this.ajv.compile(whole));
        }
        return this.validators.get(key);
    }
}

// --- What occurred -------------------------------------------------------------------------------

const seen = new Set();

function note(version, name, status) {
    const line = JSON.stringify({ version, operation: name, status });
    if (seen.has(line)) return;
    seen.add(line);
    appendFileSync(coverageFile(), `${line}\n`);
}

// --- Shapes --------------------------------------------------------------------------------------

function shapeProblems(fact, value, path) {
    if (value === null)
        return fact.nullable || fact.type === "null" ? [] : [`${path} is null`];
    const type = Array.isArray(value) ? "array" : typeof value;
    if (type !== fact.type) return [`${path} is of type ${type}, not ${fact.type}`];
    if (fact.enum && !fact.enum.includes(value)) return [`${path} is ${value}, which is no known value`];
    if (fact.format && !FORMATS[fact.format].test(value))
        return [`${path} is "${value}", which is no ${fact.format}`];
    if (fact.items) return value.flatMap((each, i) => shapeProblems(fact.items, each, `${path}[${i}]`));
    if (fact.properties) return memberProblems(fact.properties, value, path);
    return [];
}

function memberProblems(properties, value, path) {
    const missing = Object.keys(properties).filter((name) => !(name in value));
    const unknown = Object.keys(value).filter((name) => !(name in properties));
    return [
        ...missing.map((name) => `${path}.${name} is missing`),
        ...unknown.map((name) => `${path}.${name} is not part of the shape`),
        ...Object.entries(properties)
            .filter(([name]) => name in value)
            .flatMap(([name, fact]) => shapeProblems(fact, value[name], `${path}.${name}`)),
    ];
}

/** What is wrong with one resource ({id, type, attributes}) of this version, as texts. */
export function resourceProblems(version, resource) {
    const shape = SHAPES[version]?.[resource?.type];
    if (!SHAPES[version]) return [];
    if (!shape) return [`there is no resource of type ${resource?.type}`];
    const { id, type, attributes, ...others } = resource;
    const problems = Object.keys(others).map((name) => `${type} has a member ${name}`);
    if (!FORMATS.uuid.test(id)) problems.push(`${type} has the id ${id}`);
    return [...problems, ...memberProblems(shape, attributes ?? {}, type)];
}

// --- The check -----------------------------------------------------------------------------------

/** Fails when the answer is not one that the OpenAPI document of its version declares. */
export async function checkResponse(service, method, path, response) {
    const version = /^\/+api\/+(v\d+)\//.exec(path)?.[1];
    if (!version) return;
    const { status, headers, text, json } = response;
    const declaration = await declarationOf(service, version, method, path);
    const what = `${method} ${path}: ${status}`;
    if (!declaration) {
        assert.ok(
            status >= 400,
            `${what}, but the document of ${version} declares no such operation\n${text}`,
        );
        return;
    }

    const { document, found } = declaration;
    const declared = document.responseOf(found, status);
    if (!declared && STATUSES_OF_THE_EDGE.has(status)) return;
    note(document.version, found.name, status);
    assert.ok(declared, `${what} is not documented for ${found.name}\n${text}`);
    const contents = declared.content ?? {};
    if (method === "HEAD") {
        assert.equal(text, "", `${what}: HEAD has no body`);
        return;
    }
    if (Object.keys(contents).length === 0) {
        assert.equal(text, "", `${what}: documented without a body`);
        return;
    }
    const type = (headers["content-type"] ?? "").split(";")[0];
    const content =
        contents[type] ?? contents["application/vnd.api+json"] ?? contents["application/json"];
    if (!content?.schema || !/json$/.test(type)) {
        assert.ok(contents[type], `${what}: Content-Type ${type} is not documented`);
        if (content?.schema?.maxLength === 0) assert.equal(text, "", `${what}: documented without a body`);
        return;
    }
    assert.notEqual(json, undefined, `${what}: the body is no JSON\n${text}`);
    const validate = document.validator(found, `${status} ${type}`, content.schema);
    assert.ok(
        validate(json),
        `${what}: not as documented: ${document.ajv.errorsText(validate.errors, { dataVar: "body" })}\n${text.slice(0, 2000)}`,
    );
    if (status < 300) {
        const problems = [json.data].flat().flatMap((each) => resourceProblems(document.version, each));
        assert.deepEqual(problems, [], `${what}: not the published shape`);
    }
}
