// Where this run's things are: the repository, the program under test, the folder of its logs.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The program: CPD_API, or the release build. */
export const CPD_API = resolve(process.env.CPD_API || join(ROOT, "build/cpd-api"));

/** Logs of services, and what else the end of the run looks at (after_all.mjs). */
export function logFolder() {
    const folder =
        process.env.TEST_LOG_DIR || join(tmpdir(), `cpd-api-test-logs-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    return folder;
}

/** The PostgreSQL of this run, a libpq URI; bin/test starts one and says where. */
export function testDatabaseUrl() {
    const url = process.env.TEST_DATABASE_URL;
    if (!url)
        throw new Error("TEST_DATABASE_URL is not set: run the tests through bin/test -L api");
    return url;
}
