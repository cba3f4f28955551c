// What every list of the API has in common, as one set of tests: check_list() is called once for
// each resource and version, from the test file that started a service over enough data.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { get, request } from "./client.mjs";

const JSON_TYPE = "application/vnd.api+json";
const errors = (title, detail) => ({ errors: [{ title, detail }] });

export const BAD_PAGE = errors(
    "Bad request",
    "The '#/page[page]' and '#/page[per_page]' parameter values must be a valid number (equal and more than 1)",
);
export const BAD_UPDATED_SINCE = errors(
    "Bad request",
    "The filter '#/updated_since' must be a valid RCF3339 date",
);
export const FILTER_NO_HASH = errors("Bad parameter", "Filter must be a hash");
export const COHORT_REQUIRED = errors(
    "Bad parameter",
    "The filter '#/cohort' must be included in your request",
);
export const BAD_QUERY = errors("Bad request", "Invalid query parameters");
export const UNAUTHORISED = { error: "HTTP Token: Access denied" };
export const NOT_FOUND = { error: "Resource not Found" };

const BAD_PAGES = [
    "page[page]=0",
    "page[page]=-1",
    "page[page]=abc",
    "page[page]=",
    "page[page]=0x10",
    "page[per_page]=0",
    "page[per_page]=-5",
    "page[per_page]=ten",
    "page[per_page]=",
    "page=foo",
    "page=3",
    "page=",
    "page[]=1",
    "page[page][]=1",
    "page[page][x]=1",
    "page[per_page][]=1",
    "page[page]=9223372036854775807",
    "page[page]=99999999999999999999999",
];

// What is read as the second page of one item each.
const SECOND_PAGES = [
    "page[page]=2&page[per_page]=1",
    "page%5Bpage%5D=2&page%5Bper_page%5D=1",
    "page[page]=2;page[per_page]=1",
    "page[page]=2abc&page[per_page]=1",
    "page[page]=2.7&page[per_page]=1",
    "page[page]=%202&page[per_page]=1",
    "page[page]=%2B2&page[per_page]=1",
    "page[page]=2e3&page[per_page]=1",
    "page[page]=9&page[page]=2&page[per_page]=1",
];

// What changes nothing.
const IGNORED = [
    "page",
    "page[page]",
    "page[per_page]",
    "page[PAGE]=0",
    "PAGE[page]=0",
    "per_page=0",
    "filter[nonsense]=1",
    "filter[nonsense][]=1",
    "Filter[cohort]=1999",
    "nonsense=1",
    "include=everything",
    "format=csv",
    "filter[updated_since_]=x",
    "",
    "&",
];

const BAD_QUERIES = ["x=%zz", "x=%", "x=%ff", "x=%c3%28", "filter=2&filter[cohort]=1"];

const ACCEPTED_INSTANTS = [
    "2000-05-13T11:21:55Z",
    "2000-05-13T11:21:55.123456Z",
    "2000-05-13T11:21:55%2B01:00",
    "2000-05-13T11:21:55%2B0100",
    "2000-05-13T11:21:55%2B01",
    "2000-05-13T11:21:55-0000",
    "2000-05-13t11:21:55z",
    "%202000-05-13T11:21:55Z%20",
    "2000-01-01T00:00:00",
    "2000-01-01T00%253A00%253A00%252B01%253A00", // encoded twice
    "2000-01-01T00%3A00%3A00Z",
    "2000-01-01T24:00:00Z",
    "2000-12-31T23:59:60Z",
];

const REFUSED_INSTANTS = [
    "2000-01-01T00:00:00+01:00", // the plus is a blank
    "2000-01-01",
    "2000-01-01T00:00Z",
    "20000101T000000Z",
    "2000-01-01%2000:00:00Z",
    "2000-13-01T00:00:00Z",
    "2000-01-01T25:00:00Z",
    "2000-02-30T00:00:00Z",
    "2000-01-01T00:00:00%20GMT",
    "yesterday",
    "1",
];

const AS_IF_ABSENT_INSTANTS = [
    "filter[updated_since]=",
    "filter[updated_since]",
    "filter[updated_since][]=2100-01-01T00:00:00Z",
    "filter[updated_since][x]=2100-01-01T00:00:00Z",
];

const SECURITY_HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "x-xss-protection": "0",
    "x-download-options": "noopen",
    "x-permitted-cross-domain-policies": "none",
    "referrer-policy": "origin-when-cross-origin, strict-origin-when-cross-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};
const NEVER_SENT = ["set-cookie", "server", "warning", "access-control-allow-origin"];

const ids = (response) => response.json.data.map((each) => each.id);
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The headers of every answer of the API, of errors too. */
export function assertSecurityHeaders(response) {
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
        assert.equal(response.headers[name], value, name);
    for (const name of NEVER_SENT) assert.equal(response.headers[name], undefined, name);
    // An outdated version names the later one; nothing else has links.
    const { link, deprecation } = response.headers;
    assert.equal(deprecation ?? "@0", /^@\d+$/.exec(deprecation ?? "@0")?.[0]);
    if (deprecation === undefined) assert.equal(link, undefined);
    else assert.match(link ?? '</api/v3/>; rel="successor-version"', /^<\/api\/v3\/[^>]*>; rel="successor-version"$/);
    assert.match(response.headers["x-request-id"] ?? "", /^[A-Za-z0-9_@-]{1,255}$/);
}

function assertError(response, status, body) {
    assert.equal(response.status, status, response.text);
    assert.equal(response.headers["content-type"], JSON_TYPE);
    assert.deepEqual(response.json, body);
    assertSecurityHeaders(response);
}

/**
 * Declares the tests of one list, as the group "NAME: what all lists share":
 *
 *   name        for messages, "v3 schools"
 *   service     () => the service, started by the test file's before()
 *   path        "/api/v3/schools/ecf"
 *   query       what each request must carry, "filter[cohort]=2024"; default none
 *   type        the `type` of its resources
 *   token       of a provider that sees at least two rows
 *   forbidden   tokens that exist and are refused with 403
 *   requires    "cohort" where that filter is compulsory
 *   order       item => its key in the default order (keys compare as texts; ties by id), or null
 *               where the order cannot be told from what is shown
 *   sort        {column: item => key} of the columns it can be sorted by; null: `sort` is ignored
 *   updated_since  false where the list has no such filter; true, or item => the instant compared,
 *               where that is one the item shows: then the edge is checked to be inclusive
 *   cohort      "default" (absent: all but 2020), "all" (absent: no restriction), or absent: no list
 *   id_filters  names of filters that take a list of ids, ["delivery_partner_id"]
 *   csv         true for v1 and v2 lists that also exist as CSV
 */
export function check_list(spec) {
    const { name, path, type, token, forbidden = [], order = null, sort = null } = spec;
    const { requires, updated_since: since = true, cohort, id_filters: idFilters = [] } = spec;
    const service = () => spec.service();
    const always = spec.query ?? "";
    const url = (...parts) => {
        const query = [always, ...parts].filter((part) => part !== undefined && part !== "").join("&");
        return query === "" ? path : `${path}?${query}`;
    };
    const bare = (query) => (query === "" ? path : `${path}?${query}`);
    const list = (...parts) => get(service(), url(...parts), { token });
    const all = () => list("page[per_page]=3000");

    async function assertSame(parts, what) {
        const [expected, actual] = [await list(), await list(...parts)];
        assert.equal(actual.status, 200, `${what}: ${actual.text}`);
        assert.equal(actual.text, expected.text, what);
    }

    function assertOrdered(items, key, direction, what) {
        for (let i = 1; i < items.length; i++) {
            const [a, b] = [items[i - 1], items[i]];
            const difference = compare(key(a) ?? "", key(b) ?? "") * direction;
            assert.ok(
                difference < 0 || (difference === 0 && a.id < b.id),
                `${what}: ${a.id} (${key(a)}) comes before ${b.id} (${key(b)})`,
            );
        }
    }

    describe(`${name}: what all lists share`, () => {
        test("answers with an envelope of data only, of its type", async () => {
            const response = await all();
            assert.equal(response.status, 200, response.text);
            assert.deepEqual(Object.keys(response.json), ["data"]);
            assert.ok(response.json.data.length >= 2, "the test data holds at least two rows");
            for (const item of response.json.data) {
                assert.deepEqual(Object.keys(item), ["id", "type", "attributes"]);
                assert.equal(item.type, type);
            }
            assert.equal(new Set(ids(response)).size, response.json.data.length, "each row once");
        });

        test("sends its content type and the security headers", async () => {
            const response = await list();
            assert.equal(response.headers["content-type"], JSON_TYPE);
            assert.equal(response.headers["cache-control"], "max-age=0, private, must-revalidate");
            assert.match(response.headers.vary ?? "", /(^|, *)Accept-Encoding(,|$)/i);
            assertSecurityHeaders(response);
        });

        test("keeps a request id that is given, without what does not belong in one", async () => {
            const headers = { "X-Request-Id": "abc<>_@-09 é" };
            const response = await get(service(), url(), { token, headers });
            assert.equal(response.headers["x-request-id"], "abc_@-09");
        });

        test("shows 100 rows unless asked, and never more than 3000", async () => {
            const [some, most, beyond] = [
                await list(),
                await all(),
                await list("page[per_page]=1000000"),
            ];
            assert.equal(some.json.data.length, Math.min(100, most.json.data.length));
            assert.deepEqual(ids(some), ids(most).slice(0, 100));
            assert.equal(beyond.text, most.text);
        });

        test("its pages, put together, are the whole list", async () => {
            const whole = ids(await all()).slice(0, 12);
            for (const size of [1, 5]) {
                const pages = [];
                for (let page = 1; pages.length < whole.length; page++) {
                    const response = await list(`page[page]=${page}`, `page[per_page]=${size}`);
                    assert.equal(response.status, 200, response.text);
                    assert.ok(response.json.data.length <= size);
                    if (response.json.data.length === 0) break;
                    pages.push(...ids(response));
                }
                assert.deepEqual(pages.slice(0, whole.length), whole, `pages of ${size}`);
            }
        });

        test("reads page numbers as leniently as the contract says", async () => {
            const second = ids(await all()).slice(1, 2);
            for (const parts of SECOND_PAGES)
                assert.deepEqual(ids(await list(parts)), second, parts);
        });

        test("is empty past its end", async () => {
            for (const page of ["1000", "100000000"]) {
                const response = await list(`page[page]=${page}`);
                assert.equal(response.status, 200);
                assert.equal(response.text, '{"data":[]}');
            }
        });

        for (const parts of BAD_PAGES)
            test(`refuses ${parts}`, async () => {
                assertError(await list(parts), 400, BAD_PAGE);
            });

        for (const parts of ["filter=foo", "filter=", "filter[]=a"])
            test(`refuses ${parts}`, async () => {
                assertError(await get(service(), bare(parts), { token }), 400, FILTER_NO_HASH);
                const both = bare(`${parts}&page[page]=0`);
                assertError(await get(service(), both, { token }), 400, FILTER_NO_HASH);
            });

        test("ignores parameters and filters that it does not know", async () => {
            for (const parts of IGNORED) await assertSame([parts], `"${parts}"`);
        });

        if (requires === undefined)
            test("takes a filter without a value as none", async () => {
                await assertSame(["filter"], "filter");
            });
        else
            test(`asks for the filter ${requires}`, async () => {
                for (const parts of ["", "filter", "filter[nonsense]=1", "page[page]=0"])
                    assertError(await get(service(), bare(parts), { token }), 400, COHORT_REQUIRED);
            });

        test("refuses a query that cannot be read, before it asks for a token", async () => {
            for (const parts of BAD_QUERIES)
                for (const options of [{ token }, {}])
                    assertError(await get(service(), bare(parts), options), 400, BAD_QUERY);
        });

        test("refuses a filter of more than 1,000 values, and no fewer", async () => {
            const names = [...(cohort ? ["cohort"] : []), ...idFilters];
            for (const filter of names) {
                const values = (count) => `filter[${filter}]=${Array(count).fill("9").join(",")}`;
                assert.equal((await get(service(), bare(values(1000)), { token })).status, 200);
                const response = await get(service(), bare(values(1001)), { token });
                assert.equal(response.status, 400, response.text);
                assert.equal(response.json.errors[0].title, "Bad request");
            }
        });

        describe("token", () => {
            const asked = (value, options = {}) =>
                get(service(), url(), { headers: { Authorization: value }, ...options });
            const assertRefused = (response) => {
                assertError(response, 401, UNAUTHORISED);
                assert.equal(response.headers["www-authenticate"], 'Token realm="Application"');
                assert.equal(response.headers["cache-control"], "no-cache");
                assert.equal(response.text, '{"error":"HTTP Token: Access denied"}');
            };

            for (const value of [
                `Bearer ${token}`,
                `Bearer   ${token}`,
                `Bearer ${token} `,
                `Bearer ${token},anything`,
                `Bearer ${token};anything`,
                `Bearer ${token}\tanything`,
                `Bearer "${token}"`,
                `Bearer token=${token}, x=1`,
                `Token ${token}`,
                `Token token="${token}"`,
            ])
                test(`accepts Authorization: ${JSON.stringify(value)}`, async () => {
                    assert.equal((await asked(value)).status, 200);
                });

            for (const value of [
                undefined,
                "",
                "Bearer",
                "Bearer ",
                "Bearer unknown",
                `Bearer ${token}x`,
                `Bearer ${token.slice(0, -1)}`,
                `Bearer ${token.toUpperCase()}`,
                `Basic ${Buffer.from(`${token}:`).toString("base64")}`,
                `Basic ${token}`,
                token,
                `Bearer${token}`,
                "Bearer a.b.c",
            ])
                test(`refuses Authorization: ${JSON.stringify(value) ?? "none"}`, async () => {
                    assertRefused(await asked(value));
                });

            test("either accepts or refuses the scheme in lower case", async () => {
                assert.ok([200, 401].includes((await asked(`bearer ${token}`)).status));
            });

            test("takes none from the query", async () => {
                for (const parameter of ["token", "access_token", "Authorization"])
                    assertRefused(await get(service(), url(`${parameter}=${token}`), {}));
            });

            test("is asked for before filters and pages are looked at", async () => {
                assertRefused(await get(service(), bare("filter=foo&page[page]=0"), {}));
            });

            for (const other of forbidden)
                test(`of another kind is refused: ${other}`, async () => {
                    for (const address of [url(), bare("filter=foo")]) {
                        const response = await get(service(), address, { token: other });
                        assert.equal(response.status, 403);
                        assert.equal(response.text, "");
                        assert.equal(response.headers["content-type"], "text/html");
                        assert.equal(response.headers["cache-control"], "no-cache");
                        assertSecurityHeaders(response);
                    }
                });
        });

        test("HEAD answers as GET does, without a body", async () => {
            const [full, head] = [await list(), await request(service(), "HEAD", url(), { token })];
            assert.equal(head.status, 200);
            assert.equal(head.text, "");
            for (const header of ["content-type", "cache-control", "vary"])
                assert.equal(head.headers[header], full.headers[header], header);
            assert.equal((await request(service(), "HEAD", url(), {})).status, 401);
        });

        test("tolerates a trailing slash, doubled slashes and .json", async () => {
            const expected = (await list()).text;
            const query = always === "" ? "" : `?${always}`;
            for (const address of [
                `${path}/${query}`,
                `${path.replace("/api/", "//api//")}${query}`,
                `${path}.json${query}`,
            ]) {
                const response = await get(service(), address, { token });
                assert.equal(response.status, 200, address);
                assert.equal(response.text, expected, address);
            }
        });

        test("exists in no other case, and for no other verb", async () => {
            const upper = path.replace(/[^/]+$/, (last) => last.toUpperCase());
            assertError(await get(service(), upper, { token }), 404, NOT_FOUND);
            for (const method of ["DELETE", "OPTIONS", "PUT"])
                assertError(await request(service(), method, url(), { token }), 404, NOT_FOUND);
            const unknown = await request(service(), "FOO", url(), { token });
            assert.equal(unknown.status, 405);
            assert.equal(unknown.text, "");
        });

        if (!spec.csv)
            test("never answers in CSV", async () => {
                const headers = { Accept: "text/csv" };
                const response = await get(service(), url(), { token, headers });
                assert.equal(response.headers["content-type"], JSON_TYPE);
            });

        describe("order", () => {
            if (order !== null)
                test("is the default one, ties by id", async () => {
                    assertOrdered((await all()).json.data, order, 1, "default order");
                });

            for (const [column, key] of Object.entries(sort ?? {})) {
                const sorted = async (value) => (await list(`sort=${value}`, "page[per_page]=3000")).json.data;

                test(`goes up and down by ${column}, ties by id`, async () => {
                    assertOrdered(await sorted(column), key, 1, `sort=${column}`);
                    assertOrdered(await sorted(`-${column}`), key, -1, `sort=-${column}`);
                });

                test(`takes +${column}, encoded or not, as ${column}`, async () => {
                    const expected = (await sorted(column)).map((item) => item.id);
                    for (const value of [`%2B${column}`, `+${column}`, `%20${column}`])
                        assert.deepEqual((await sorted(value)).map((item) => item.id), expected, value);
                });

                test(`drops names that it does not know beside ${column}`, async () => {
                    const expected = (await sorted(`-${column}`)).map((item) => item.id);
                    for (const value of [`nonsense,-${column}`, `-${column},nonsense`])
                        assert.deepEqual((await sorted(value)).map((item) => item.id), expected, value);
                });
            }

            test("is the default one when no name is known", async () => {
                const values = ["", "nonsense", "-nonsense,x", "-", "+", ",", "created_at;drop", "1"];
                if (sort === null) values.push("created_at", "-created_at", "-updated_at", "-id");
                for (const value of values)
                    await assertSame([`sort=${encodeURIComponent(value)}`], `sort=${value}`);
                await assertSame(["sort[]=-created_at"], "sort[]");
            });
        });

        if (since)
            describe("filter[updated_since]", () => {
                const changed = (value) => list(`filter[updated_since]=${value}`, "page[per_page]=3000");

                test("a past instant lets all through, a future one none", async () => {
                    const every = ids(await all()).sort();
                    assert.deepEqual(ids(await changed("2000-01-01T00:00:00Z")).sort(), every);
                    assert.deepEqual(ids(await changed("2100-01-01T00:00:00Z")), []);
                });

                for (const value of ACCEPTED_INSTANTS)
                    test(`accepts ${value}`, async () => {
                        const response = await changed(value);
                        assert.equal(response.status, 200, response.text);
                        assert.ok(response.json.data.length >= 2);
                    });

                for (const value of REFUSED_INSTANTS)
                    test(`refuses ${value}`, async () => {
                        assertError(await changed(value), 400, BAD_UPDATED_SINCE);
                    });

                test("blank, a list or a hash is as if absent", async () => {
                    for (const parts of AS_IF_ABSENT_INSTANTS) await assertSame([parts], parts);
                });

                test("wins over a bad page", async () => {
                    const response = await list("filter[updated_since]=x", "page[page]=0");
                    assertError(response, 400, BAD_UPDATED_SINCE);
                });

                if (typeof since === "function")
                    test("lets what changed at that very instant through", async () => {
                        for (const item of (await all()).json.data.slice(0, 20)) {
                            const found = ids(await changed(since(item)));
                            assert.ok(found.includes(item.id), `${item.id} of ${since(item)}`);
                        }
                    });
            });

        if (cohort)
            describe("filter[cohort]", () => {
                const years = ["2020", "2021", "2022", "2023", "2024", "2025", "2026"];
                const of = async (value) =>
                    ids(await list(`filter[cohort]=${value}`, "page[per_page]=3000")).sort();

                test("absent or blank means its default, and a list is a union", async () => {
                    await assertSame(["filter[cohort]="], "blank");
                    await assertSame(["filter[cohort]"], "no value");
                    await assertSame(["filter[cohort][]=1999"], "a list");
                    const wanted = cohort === "all" ? years : years.slice(1);
                    const union = new Set();
                    for (const year of wanted) for (const each of await of(year)) union.add(each);
                    assert.deepEqual([...union].sort(), ids(await all()).sort());
                    assert.deepEqual(await of(wanted.join(",")), [...union].sort());
                });

                test("what is no year of a cohort contributes nothing", async () => {
                    for (const value of ["1999", "abc", "99999999999999999999", "-2024", "%27"])
                        assert.deepEqual(await of(value), [], value);
                    assert.deepEqual(await of("abc,2024,1999"), await of("2024"));
                });

                test("takes spaces around years, and what follows their digits", async () => {
                    assert.deepEqual(await of("%202024%20,2023"), await of("2024,2023"));
                    assert.deepEqual(await of("2024x"), await of("2024"));
                });
            });

        for (const filter of idFilters)
            describe(`filter[${filter}]`, () => {
                test("what is no id of anything matches nothing", async () => {
                    for (const value of ["x", "1,2", "%27%3B--", "00000000-0000-4000-8000-000000000000"]) {
                        const response = await list(`filter[${filter}]=${value}`);
                        assert.equal(response.status, 200, response.text);
                        assert.deepEqual(response.json.data, [], value);
                    }
                });

                test("blank or a list is as if absent", async () => {
                    await assertSame([`filter[${filter}]=`], "blank");
                    await assertSame([`filter[${filter}][]=x`], "a list");
                });
            });
    });
}
