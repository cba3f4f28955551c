// Counts the test cases behind a ctest run: node count.mjs JUNIT_FILE CTEST_STATUS
// prints "PASSED FAILED SKIPPED" on its last line, and before it one line for each failed test.
//
// ctest knows executables only; what ran inside them stands in their output: cmocka's groups,
// node's summary, TAP. An executable without any of these is one case. Whatever the texts say, a
// test that ctest calls failed counts at least one failure.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const unescape = (text) =>
    text
        .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
        .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
        .replace(/&lt;/g, "<")
        .replace(/&gt;/g, ">")
        .replace(/&quot;/g, '"')
        .replace(/&apos;/g, "'")
        .replace(/&amp;/g, "&");

const sum = (text, pattern) =>
    [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
const lines = (text, pattern) => [...text.matchAll(pattern)].length;

/** The cases that one test's output reports, or null when it reports none. */
export function casesOf(output) {
    // node --test, either reporter: "# pass 3" or "ℹ pass 3"; a file may print several summaries.
    if (/^[#ℹ] pass \d+$/m.test(output) && /^[#ℹ] fail \d+$/m.test(output))
        return {
            passed: sum(output, /^[#ℹ] pass (\d+)$/gm),
            failed: sum(output, /^[#ℹ] fail (\d+)$/gm) + sum(output, /^[#ℹ] cancelled (\d+)$/gm),
            skipped: sum(output, /^[#ℹ] (?:skipped|todo) (\d+)$/gm),
        };
    // cmocka: a failed set-up is named in an ERROR line only, and in no total.
    if (/^\[==========\] \d+ test\(s\) run\.$/m.test(output))
        return {
            passed: sum(output, /^\[  PASSED  \] (\d+) test\(s\)\.$/gm),
            failed:
                sum(output, /^\[  FAILED  \] (\d+) test\(s\)/gm) +
                lines(output, /^\[  ERROR   \] (?!---)/gm),
            skipped: sum(output, /^\[  SKIPPED \] (\d+) test\(s\)/gm),
        };
    // TAP, top level only
    if (/^1\.\.\d+/m.test(output)) {
        const skipped = lines(output, /^(?:not )?ok \d+.*# SKIP/gim);
        return {
            passed: lines(output, /^ok \d+(?!.*# SKIP)/gim),
            failed: lines(output, /^not ok \d+(?!.*# SKIP)/gim),
            skipped,
        };
    }
    return null;
}

/** The totals of a JUnit report as ctest writes it, and the names of the tests that failed. */
export function countReport(xml) {
    const total = { passed: 0, failed: 0, skipped: 0, failures: [] };
    for (const [, attributes, content] of xml.matchAll(
        /<testcase\s([^>]*)>([\s\S]*?)<\/testcase>/g,
    )) {
        const name = unescape(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? "?");
        const status = /\bstatus="([^"]*)"/.exec(attributes)?.[1];
        const reason = /<skipped message="([^"]*)"/.exec(content)?.[1] ?? "";
        const output = unescape(/<system-out>([\s\S]*?)<\/system-out>/.exec(content)?.[1] ?? "");
        const isSkipped =
            status === "disabled" || (status === "notrun" && reason.startsWith("SKIP_"));
        const cases = casesOf(output) ?? {
            passed: status === "run" ? 1 : 0,
            failed: 0,
            skipped: isSkipped ? 1 : 0,
        };

        if (status !== "run" && !isSkipped && cases.failed === 0) cases.failed = 1;
        total.passed += cases.passed;
        total.failed += cases.failed;
        total.skipped += cases.skipped;
        if (cases.failed > 0) total.failures.push(`${name}: ${cases.failed} failed`);
    }
    return total;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    let total = { passed: 0, failed: 0, skipped: 0, failures: [] };
    try {
        total = countReport(readFileSync(process.argv[2], "utf8"));
    } catch (error) {
        total.failures.push(`no report of ctest: ${error.message}`);
    }
    // ctest failed though no test did (none found, say), or it was ended before it could report.
    if (process.argv[3] !== "0" && total.failed === 0) {
        total.failed = 1;
        total.failures.push(`ctest ended with status ${process.argv[3]}`);
    }
    for (const failure of total.failures) console.log(`FAILED ${failure}`);
    console.log(`${total.passed} ${total.failed} ${total.skipped}`);
}
