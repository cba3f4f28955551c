// The API documentation as a browser shows it: contract platform.md 15.1. With SCREENSHOT=FILE the
// page is kept as a picture, an answer in it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { serveWorld } from "../support/served.mjs";
import { statement, TOKENS } from "../support/world.mjs";

const CHROMIUM = "/usr/bin/chromium";
const OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

const service = serveWorld();

describe("/api-docs in a browser", { skip: !existsSync(CHROMIUM) && `there is no ${CHROMIUM}` }, () => {
    let browser;
    let page;
    const requests = [];
    const problems = [];

    before(async () => {
        browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: OPTIONS });
        page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
        page.setDefaultTimeout(15_000);
        page.on("request", (request) => requests.push(request.url()));
        page.on("console", (message) => {
            if (["error", "warning"].includes(message.type())) problems.push(message.text());
        });
        page.on("pageerror", (error) => problems.push(String(error)));
        await page.goto(`${service().url}/api-docs`);
        await page.waitForSelector(".opblock");
    });
    after(async () => {
        await browser?.close();
    });

    test("shows the newest version, and every operation of it", async () => {
        assert.match(await page.title(), /API documentation/);
        assert.match(await page.textContent(".info .title"), /Lead provider API - 3\.0\.0/);
        const address = `${service().url}/lead-providers/api-docs/v3/api_spec.json`;
        const document = await (await fetch(address)).json();
        const operations = Object.values(document.paths).flatMap((item) =>
            Object.keys(item).filter((key) => ["get", "put", "post", "patch", "delete"].includes(key)),
        );
        assert.equal(await page.locator(".opblock").count(), operations.length);
    });

    test("offers every version", async () => {
        const address = `${service().url}/lead-providers/api-docs/versions.json`;
        const versions = await (await fetch(address)).json();
        const options = page.locator(".topbar select option");
        assert.deepEqual(await options.allTextContents(), versions);
        for (const version of versions.filter((each) => each !== "v3")) {
            await page.selectOption(".topbar select", { label: version });
            const title = page.locator(".info .title", { hasText: `Lead provider API - ${version.slice(1)}.` });
            await title.waitFor();
        }
        if (versions.length > 1) await page.selectOption(".topbar select", { label: "v3" });
        await page.locator(".info .title", { hasText: "Lead provider API - 3." }).waitFor();
    });

    test("takes a token, and shows what the service answers with it", async () => {
        assert.equal(await page.locator(".servers select").inputValue(), "/");
        await page.click(".auth-wrapper .btn.authorize");
        await page.fill(".modal-ux input", TOKENS["LP-A"]);
        await page.click(".modal-ux .btn.authorize");
        await page.click(".modal-ux .btn-done");

        const block = page.locator(".opblock", {
            has: page.locator('[data-path="/api/v3/statements"]'),
        });
        await block.locator(".opblock-summary").first().click();
        await block.locator(".try-out__btn").click();
        await block.locator("textarea").first().fill('{"cohort": "2024"}');
        await block.locator(".btn.execute").click();
        const answer = block.locator(".live-responses-table");
        await answer.waitFor();
        assert.match(await answer.locator(".response .response-col_status").first().textContent(), /^\s*200/);
        const body = await answer.locator(".response .highlight-code").first().textContent();
        assert.ok(body.includes(statement("LP-A", 2024, "January 2025")), body.slice(0, 500));
        const asked = requests.findLast((address) => address.includes("/api/v3/statements"));
        assert.match(decodeURIComponent(asked), /filter\[cohort\]=2024/);
        if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
    });

    test("says so when the token is not good", async () => {
        await page.click(".auth-wrapper .btn.authorize");
        await page.click(".modal-ux .btn.modal-btn.auth >> text=Logout");
        await page.click(".modal-ux .btn-done");
        const block = page.locator(".opblock", {
            has: page.locator('[data-path="/api/v3/statements"]'),
        });
        await block.locator(".btn.execute").click();
        const status = block.locator(".live-responses-table .response .response-col_status").first();
        await status.filter({ hasText: "401" }).waitFor();
    });

    test("asks nobody else, and breaks none of its own rules", () => {
        const others = requests.filter(
            (address) => !address.startsWith(`${service().url}/`) && !address.startsWith("data:"),
        );
        assert.deepEqual(others, []);
        const unexpected = problems.filter((text) => !/status of 401/.test(text));
        assert.deepEqual(unexpected, []);
    });
});
