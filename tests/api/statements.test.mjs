// GET statements: contract v3.md 3.1.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BAD_QUERY, check_list, FILTER_NO_HASH, NOT_FOUND } from "../support/check_list.mjs";
import { get } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import { FORBIDDEN_TOKENS, id, statement, TOKENS } from "../support/world.mjs";

const PATH = "/api/v3/statements";
const token = TOKENS["LP-A"];

const added = (name, members) => ({
    type: "statement",
    id: id(`statement ${name}`),
    lead_provider_id: id("LP-A"),
    cohort: 2021,
    name,
    deadline_date: "2020-12-31",
    payment_date: "2021-01-25",
    created_at: "2021-02-01T00:00:00Z",
    updated_at: "2021-02-01T00:00:00Z",
    ...members,
});

const service = serveWorld([
    added("January 2001", {
        state: "paid",
        deadline_date: "2000-12-31",
        payment_date: "2001-01-25",
        created_at: "2021-09-01T09:00:00.999999Z",
        updated_at: "2021-11-26T10:00:00.5Z",
    }),
    added("February 2001", { state: "payable", payment_date: "2001-02-25" }),
    added("March 2001", { state: "open", payment_date: "2001-03-25" }),
    added("April 2001", { output_fee: false, payment_date: "2001-04-25" }),
    added("May 2001", { cohort: 2020, payment_date: "2001-05-25" }),
    added("June 2001", { cohort: 2020, output_fee: false, payment_date: "2001-06-25" }),
    added("July 2001", { deadline_date: null, payment_date: null }),
    added("August 2001", { lead_provider_id: id("LP-B"), payment_date: "2001-08-25" }),
]);

const idOf = (name) => id(`statement ${name}`);
const list = (query = "") => get(service(), `${PATH}?page[per_page]=3000&${query}`, { token });
const show = (name, query = "") => get(service(), `${PATH}/${idOf(name)}${query}`, { token });
const namesOf = (response) =>
    response.json.data
        .map(({ attributes }) => `${attributes.month} ${attributes.year}`)
        .filter((name) => name.endsWith("2001"));

check_list({
    name: "v3 statements",
    service,
    path: PATH,
    type: "statement",
    token,
    forbidden: FORBIDDEN_TOKENS.filter((each) => each !== TOKENS["LP-N"]),
    order: (item) => item.attributes.payment_date ?? "9999",
    updated_since: (item) => item.attributes.updated_at,
    cohort: "default",
});

describe("a statement", () => {
    const body = JSON.stringify({
        id: idOf("January 2001"),
        type: "statement",
        attributes: {
            month: "January",
            year: "2001",
            type: "ecf",
            cohort: "2021",
            cut_off_date: "2000-12-31",
            payment_date: "2001-01-25",
            paid: true,
            created_at: "2021-09-01T09:00:00Z",
            updated_at: "2021-11-26T10:00:00Z",
        },
    });

    test("is shown whole, its instants cut to seconds", async () => {
        assert.equal((await show("January 2001")).text, `{"data":${body}}`);
    });

    test("is the same in the list", async () => {
        const first = await get(service(), `${PATH}?page[per_page]=1`, { token });
        assert.equal(first.text, `{"data":[${body}]}`);
    });

    for (const [name, paid] of [
        ["January 2001", true],
        ["February 2001", false],
        ["March 2001", false],
    ])
        test(`${name} is ${paid ? "" : "not "}paid`, async () => {
            assert.equal((await show(name)).json.data.attributes.paid, paid);
        });

    test("without dates shows none, and stands last", async () => {
        const { attributes } = (await show("July 2001")).json.data;
        assert.equal(attributes.cut_off_date, null);
        assert.equal(attributes.payment_date, null);
        assert.equal((await list()).json.data.at(-1).id, idOf("July 2001"));
    });
});

describe("which statements are seen", () => {
    test("the list has those of output fees after 2020, and no one else's", async () => {
        assert.deepEqual(namesOf(await list()), [
            "January 2001",
            "February 2001",
            "March 2001",
            "July 2001",
        ]);
    });

    test("2020 is seen when asked for, without those of no output fee", async () => {
        assert.deepEqual(namesOf(await list("filter[cohort]=2020")), ["May 2001"]);
        const both = namesOf(await list("filter[cohort]=2020,2021"));
        assert.deepEqual(both.filter((name) => name === "May 2001").length, 1);
    });

    for (const [name, what] of [
        ["April 2001", "without output fee"],
        ["May 2001", "of 2020"],
        ["June 2001", "of 2020 without output fee"],
    ])
        test(`one ${what} is shown by its id`, async () => {
            const response = await show(name);
            assert.equal(response.status, 200);
            assert.equal(response.json.data.id, idOf(name));
        });

    for (const [what, path] of [
        ["of another provider", idOf("August 2001")],
        ["unknown", id("nothing")],
        ["no UUID", "123"],
        ["a word", "statements"],
        ["a broken UUID", `${idOf("January 2001")}0`],
    ])
        test(`one that is ${what} is not found`, async () => {
            const response = await get(service(), `${PATH}/${path}`, { token });
            assert.equal(response.status, 404);
            assert.deepEqual(response.json, NOT_FOUND);
        });

    test("each provider sees its own", async () => {
        const own = await get(service(), `${PATH}/${idOf("August 2001")}`, { token: TOKENS["LP-B"] });
        assert.equal(own.status, 200);
        const other = statement("LP-A", 2024, "January 2025");
        const response = await get(service(), `${PATH}/${other}`, { token: TOKENS["LP-B"] });
        assert.equal(response.status, 404);
    });

    test("a company with an NPQ side only has none", async () => {
        const options = { token: TOKENS["LP-N"] };
        assert.equal((await get(service(), PATH, options)).text, '{"data":[]}');
        const response = await get(service(), `${PATH}/${idOf("January 2001")}`, options);
        assert.equal(response.status, 404);
        assert.deepEqual(response.json, NOT_FOUND);
    });
});

describe("filter[type]", () => {
    for (const value of ["", "ecf"])
        test(`"${value}" lets everything through`, async () => {
            assert.equal((await list(`filter[type]=${value}`)).text, (await list()).text);
            assert.equal((await show("January 2001", `?filter[type]=${value}`)).status, 200);
        });

    for (const value of ["npq", "ECF", "ecf,npq", "x"])
        test(`"${value}" lets nothing through`, async () => {
            assert.equal((await list(`filter[type]=${value}`)).text, '{"data":[]}');
            const response = await show("January 2001", `?filter[type]=${value}`);
            assert.equal(response.status, 404);
            assert.deepEqual(response.json, NOT_FOUND);
        });
});

describe("of the other parameters, a single statement", () => {
    for (const query of [
        "filter[cohort]=2099",
        "filter[updated_since]=2100-01-01T00:00:00Z",
        "filter[updated_since]=x",
        "page[page]=0",
        "sort=-id",
    ])
        test(`ignores ${query}`, async () => {
            assert.equal((await show("January 2001", `?${query}`)).status, 200);
        });

    test("refuses a filter that is no hash", async () => {
        const response = await show("January 2001", "?filter=x");
        assert.equal(response.status, 400);
        assert.deepEqual(response.json, FILTER_NO_HASH);
    });

    test("refuses a query that cannot be read", async () => {
        const response = await show("January 2001", "?x=%");
        assert.equal(response.status, 400);
        assert.deepEqual(response.json, BAD_QUERY);
    });
});
