// What only a whole run of the api layer can show. bin/test runs this after it, with its TEST_LOG_DIR.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { logFolder } from "./environment.mjs";
import { Document, documentFile, STATUSES_NOT_ASKED_FOR } from "./openapi.mjs";
import { personalData } from "./world.mjs";

const files = readdirSync(logFolder());
const occurred = new Set(
    files
        .filter((name) => name.startsWith("coverage-"))
        .flatMap((name) => readFileSync(join(logFolder(), name), "utf8").split("\n").filter(Boolean))
        .map((line) => JSON.parse(line))
        .map(({ version, operation, status }) => `${version} ${operation} ${status}`),
);

for (const version of ["v1", "v2", "v3", "internal"]) {
    if (!existsSync(documentFile(version))) continue;
    const { operations } = new Document(JSON.parse(readFileSync(documentFile(version), "utf8")), version);

    test(`every operation of ${version}, and every status it documents, has occurred`, () => {
        const missing = operations.flatMap(({ name, operation }) =>
            Object.keys(operation.responses)
                .filter((status) => /^\d+$/.test(status))
                .filter((status) => !STATUSES_NOT_ASKED_FOR.has(Number(status)))
                .map((status) => `${version} ${name} ${status}`)
                .filter((line) => !occurred.has(line)),
        );
        assert.deepEqual(missing, []);
    });
}

test("the api layer has run", () => {
    assert.ok(occurred.size > 0, `no answer of the API was noted in ${logFolder()}`);
});

test("no log of a service holds a name, an e-mail, a TRN, a date of birth or a token", () => {
    const logs = files.filter((name) => name.endsWith(".log"));
    const secrets = personalData();
    const leaks = logs.flatMap((name) => {
        const lines = readFileSync(join(logFolder(), name), "utf8").split("\n");
        return lines.flatMap((line, i) =>
            secrets
                .filter((secret) => secret.test(line))
                .map((secret) => `${name}:${i + 1}: ${secret.source}`),
        );
    });
    assert.deepEqual(leaks.slice(0, 20), []);
});
