// GET delivery-partners: contract v3.md 3.2.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check_list, NOT_FOUND } from "../support/check_list.mjs";
import { get } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import { deliveryPartner, FORBIDDEN_TOKENS, id, TOKENS } from "../support/world.mjs";

const PATH = "/api/v3/delivery-partners";
const token = TOKENS["LP-A"];

const partner = (name, cohorts, { at = "2022-03-04T05:06:07.891Z", ...members } = {}) => {
    const [own, ...relationships] = deliveryPartner(name, { leadProvider: "LP-A", cohorts, at });
    return [{ ...own, ...members }, ...relationships];
};
const discardedFor = (name, cohort) => ({
    type: "provider_relationship",
    lead_provider_id: id("LP-A"),
    delivery_partner_id: id(name),
    cohort,
    discarded_at: "2022-01-01T00:00:00Z",
});

const service = serveWorld([
    ...partner("Both", [2024, 2020], { updated_at: "2022-12-31T23:59:59.999Z" }),
    ...partner("Only 2020", [2020], { at: "2022-03-05T00:00:00Z" }),
    ...partner("Discarded", [2024], { discarded_at: "2022-06-01T00:00:00Z" }),
    ...partner("No longer", []),
    discardedFor("No longer", 2024),
    ...partner("Partly", [2023], { at: "2022-03-06T00:00:00Z" }),
    discardedFor("Partly", 2024),
    ...partner("A name", [2022], { at: "2022-03-07T00:00:00Z" }),
]);

const list = (query = "") => get(service(), `${PATH}?${query}`, { token });
const show = (name, { query = "", ...options } = {}) =>
    get(service(), `${PATH}/${id(name)}${query}`, { token, ...options });
const names = (response) => response.json.data.map(({ attributes }) => attributes.name);

check_list({
    name: "v3 delivery partners",
    service,
    path: PATH,
    type: "delivery-partner",
    token,
    forbidden: FORBIDDEN_TOKENS,
    order: (item) => item.attributes.created_at,
    sort: {
        created_at: (item) => item.attributes.created_at,
        updated_at: (item) => item.attributes.updated_at,
        name: (item) => item.attributes.name,
        id: (item) => item.id,
    },
    updated_since: false,
    cohort: "default",
});

describe("a delivery partner", () => {
    const body = JSON.stringify({
        id: id("Both"),
        type: "delivery-partner",
        attributes: {
            name: "Both",
            created_at: "2022-03-04T05:06:07Z",
            updated_at: "2022-12-31T23:59:59Z",
            cohort: ["2020", "2024"],
        },
    });

    test("is shown whole, with the cohorts in order", async () => {
        assert.equal((await show("Both")).text, `{"data":${body}}`);
    });

    test("is the same in the list, whichever cohort was asked for", async () => {
        for (const year of ["2024", "2020"]) {
            const { text } = await list(`filter[cohort]=${year}`);
            assert.ok(text.includes(body), text);
        }
    });

    test("shows no cohort of a relationship that was discarded", async () => {
        assert.deepEqual((await show("Partly")).json.data.attributes.cohort, ["2023"]);
    });
});

describe("which delivery partners are seen", () => {
    test("the list has the provider's own, without those of 2020 only", async () => {
        assert.deepEqual(names(await list()), ["DP-1", "DP-2", "Both", "Partly", "A name"]);
    });

    test("2020 is seen when asked for", async () => {
        assert.deepEqual(names(await list("filter[cohort]=2020")), ["Both", "Only 2020"]);
    });

    test("a relationship that was discarded does not count", async () => {
        assert.ok(!names(await list("filter[cohort]=2024")).includes("Partly"));
        assert.ok(names(await list("filter[cohort]=2023")).includes("Partly"));
    });

    test("each one once, however many cohorts it has", async () => {
        const found = names(await list("filter[cohort]=2020,2021,2022,2023,2024,2025"));
        assert.deepEqual(found, ["DP-1", "DP-2", "Both", "Only 2020", "Partly", "A name"]);
    });

    test("one of 2020 is shown by its id, whatever the filters say", async () => {
        for (const query of ["", "?filter[cohort]=2024", "?page[page]=0"])
            assert.equal((await show("Only 2020", { query })).status, 200);
    });

    for (const name of ["Discarded", "No longer", "DP-3", "nothing"])
        test(`${name} is not found`, async () => {
            const response = await show(name);
            assert.equal(response.status, 404);
            assert.deepEqual(response.json, NOT_FOUND);
        });

    test("an id that is no UUID is not found", async () => {
        assert.deepEqual((await get(service(), `${PATH}/1`, { token })).json, NOT_FOUND);
    });

    test("another provider sees others", async () => {
        const response = await get(service(), PATH, { token: TOKENS["LP-B"] });
        assert.deepEqual(names(response), ["DP-3"]);
        assert.equal((await show("Both", { token: TOKENS["LP-B"] })).status, 404);
    });

    for (const other of FORBIDDEN_TOKENS)
        test(`a single one is refused to ${other}`, async () => {
            assert.equal((await show("Both", { token: other })).status, 403);
        });
});

test("several sort keys are taken one after another", async () => {
    const byName = ["A name", "Both", "DP-1", "DP-2", "Partly"];
    assert.deepEqual(names(await list("sort=name,-updated_at")), byName);
    const byChange = ["Both", "A name", "Partly", "DP-2", "DP-1"];
    assert.deepEqual(names(await list("sort=-updated_at,name")), byChange);
});
