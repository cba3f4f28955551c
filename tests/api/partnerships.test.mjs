// GET partnerships/ecf: contract v3.md 3.4.1.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check_list, NOT_FOUND } from "../support/check_list.mjs";
import { envelope, get, request } from "../support/client.mjs";
import { serveWorld } from "../support/served.mjs";
import {
    deliveryPartner,
    email,
    FORBIDDEN_TOKENS,
    fullName,
    id,
    partnership,
    school,
    TOKENS,
} from "../support/world.mjs";

const PATH = "/api/v3/partnerships/ecf";
const token = TOKENS["LP-A"];

let urn = 300000;
const place = (name, { updated = "2022-01-01T00:00:00Z", ...members } = {}) => ({
    ...school(name, String(urn++), members),
    updated_at: updated,
});
const tutor = (name, schools, at, updated = at) => ({
    type: "induction_tutor",
    id: id(name),
    full_name: fullName(name),
    email: email(name),
    school_ids: schools.map(id),
    created_at: at,
    updated_at: updated,
});
const agreed = (name, { updated = "2022-01-02T00:00:00Z", ...members } = {}) => {
    const [own] = partnership({
        school: name,
        name,
        cohort: 2024,
        leadProvider: "LP-A",
        deliveryPartner: "DP-X",
        at: "2022-01-02T03:04:05.678Z",
        ...members,
    });
    return { ...own, updated_at: updated };
};

const service = serveWorld([
    ...deliveryPartner("DP-X", { leadProvider: "LP-A", at: "2021-12-01T00:00:00Z" }),
    ...deliveryPartner("DP-Y", { leadProvider: "LP-A", at: "2022-04-01T00:00:00.5Z" }),
    ...deliveryPartner("DP-Gone", { leadProvider: "LP-A", at: "2022-08-01T00:00:00Z" }).map(
        (record) => ({ ...record, discarded_at: "2022-08-01T00:00:00Z" }),
    ),

    place("Plain"),
    agreed("Plain"),
    tutor("Second tutor", ["Plain"], "2022-01-01T00:00:02Z", "2022-09-09T00:00:00Z"),
    tutor("First tutor", ["Plain", "Other plain"], "2022-01-01T00:00:01Z", "2022-03-03T01:02:03.9Z"),
    place("Other plain"),
    agreed("Other plain", { deliveryPartner: "DP-Y" }),

    place("Own change"),
    agreed("Own change", { updated: "2022-05-05T05:05:05Z" }),
    place("School change", { updated: "2022-06-06T06:06:06Z" }),
    agreed("School change"),
    place("Partner change"),
    agreed("Partner change", { deliveryPartner: "DP-Y" }),

    place("Challenged"),
    agreed("Challenged", { challenge_reason: "no_ects", challenged_at: "2023-01-01T01:02:03.5Z" }),
    place("Reason only"),
    agreed("Reason only", { challenge_reason: "mistake" }),
    place("Date only"),
    agreed("Date only", { challenged_at: "2023-02-01T01:02:03.123999Z" }),
    place("Pending"),
    agreed("Pending", { pending: true }),
    place("Relationship"),
    agreed("Relationship", { relationship: true }),
    place("Of 2020"),
    agreed("Of 2020", { cohort: 2020 }),
    place("No partner"),
    agreed("No partner", { deliveryPartner: null }),
    place("Partner gone"),
    agreed("Partner gone", { deliveryPartner: "DP-Gone" }),
    place("Of another"),
    agreed("Of another", { leadProvider: "LP-B", deliveryPartner: "DP-3" }),

    place("Two contacts", { primary_contact_email: "one@s.example", secondary_contact_email: "two@s.example" }),
    agreed("Two contacts"),
    place("Blank contact", { primary_contact_email: " ", secondary_contact_email: "two@s.example" }),
    agreed("Blank contact"),
    place("Second contact", { primary_contact_email: null, secondary_contact_email: "two@s.example" }),
    agreed("Second contact"),
    place("No contact", { primary_contact_email: null, secondary_contact_email: null }),
    agreed("No contact"),
]);

const idOf = (name) => id(`partnership ${name}`);
const list = (query = "") => get(service(), `${PATH}?page[per_page]=3000&${query}`, { token });
const show = (name, query = "", options = {}) =>
    get(service(), `${PATH}/${idOf(name)}${query}`, { token, ...options });
const attributesOf = async (name) => (await show(name)).json.data.attributes;
const idsOf = (response) => response.json.data.map((item) => item.id);
const changed = async (at) => {
    const ids = idsOf(await list(`filter[updated_since]=${at}`));
    return (name) => ids.includes(idOf(name));
};

check_list({
    name: "v3 partnerships",
    service,
    path: PATH,
    type: "partnership",
    token,
    forbidden: FORBIDDEN_TOKENS,
    order: (item) => item.attributes.created_at,
    sort: {
        created_at: (item) => item.attributes.created_at,
        id: (item) => item.id,
    },
    updated_since: (item) => item.attributes.updated_at,
    cohort: "default",
    id_filters: ["delivery_partner_id"],
});

describe("a partnership", () => {
    const body = JSON.stringify({
        id: idOf("Plain"),
        type: "partnership",
        attributes: {
            cohort: "2024",
            urn: "300000",
            school_id: id("Plain"),
            delivery_partner_id: id("DP-X"),
            delivery_partner_name: "DP-X",
            status: "active",
            challenged_reason: null,
            challenged_at: null,
            induction_tutor_name: fullName("First tutor"),
            induction_tutor_email: email("First tutor"),
            created_at: "2022-01-02T03:04:05Z",
            updated_at: "2022-03-03T01:02:03Z",
        },
    });

    test("is shown whole", async () => {
        assert.equal((await show("Plain")).text, `{"data":${body}}`);
    });

    test("is the same in the list", async () => {
        assert.ok((await list()).text.includes(body));
    });
});

describe("status", () => {
    for (const [name, status, reason, at] of [
        ["Plain", "active", null, null],
        ["Pending", "active", null, null],
        ["Challenged", "challenged", "no_ects", "2023-01-01T01:02:03.500Z"],
        ["Reason only", "challenged", "mistake", null],
        ["Date only", "active", null, "2023-02-01T01:02:03.123Z"],
    ])
        test(`${name}: ${status}`, async () => {
            const attributes = await attributesOf(name);
            assert.equal(attributes.status, status);
            assert.equal(attributes.challenged_reason, reason);
            assert.equal(attributes.challenged_at, at);
        });
});

describe("the delivery partner", () => {
    for (const [name, partner, partnerName] of [
        ["No partner", null, null],
        ["Partner gone", id("DP-Gone"), null],
        ["Partner change", id("DP-Y"), "DP-Y"],
    ])
        test(`${name}`, async () => {
            const attributes = await attributesOf(name);
            assert.equal(attributes.delivery_partner_id, partner);
            assert.equal(attributes.delivery_partner_name, partnerName);
        });
});

describe("the induction tutor", () => {
    for (const [name, tutorName, tutorEmail] of [
        ["Plain", fullName("First tutor"), email("First tutor")],
        ["Other plain", fullName("First tutor"), email("First tutor")],
        ["Two contacts", null, "one@s.example"],
        ["Blank contact", null, "two@s.example"],
        ["Second contact", null, "two@s.example"],
        ["No contact", null, null],
    ])
        test(`${name}: ${tutorEmail}`, async () => {
            const attributes = await attributesOf(name);
            assert.equal(attributes.induction_tutor_name, tutorName);
            assert.equal(attributes.induction_tutor_email, tutorEmail);
        });
});

describe("updated_at", () => {
    for (const [name, shown] of [
        ["Own change", "2022-05-05T05:05:05Z"],
        ["School change", "2022-06-06T06:06:06Z"],
        ["Partner change", "2022-04-01T00:00:00Z"],
        ["Plain", "2022-03-03T01:02:03Z"],
        ["No partner", "2022-01-02T00:00:00Z"],
        ["Partner gone", "2022-01-02T00:00:00Z"],
    ])
        test(`${name}: ${shown}`, async () => {
            assert.equal((await attributesOf(name)).updated_at, shown);
        });
});

describe("which partnerships are seen", () => {
    for (const [name, isListed, status] of [
        ["Plain", true, 200],
        ["Challenged", true, 200],
        ["Reason only", true, 200],
        ["Pending", true, 200],
        ["No partner", true, 200],
        ["Relationship", false, 404],
        ["Of 2020", false, 200],
        ["Of another", false, 404],
        ["nothing", false, 404],
    ])
        test(`${name}: ${isListed ? "listed" : "not listed"}, ${status}`, async () => {
            assert.equal(idsOf(await list()).includes(idOf(name)), isListed);
            const response = await show(name);
            assert.equal(response.status, status);
            if (status === 404) assert.deepEqual(response.json, NOT_FOUND);
        });

    test("2020 is seen when asked for", async () => {
        assert.deepEqual(idsOf(await list("filter[cohort]=2020")), [idOf("Of 2020")]);
    });

    test("an id that is no UUID is not found", async () => {
        assert.deepEqual((await get(service(), `${PATH}/300000`, { token })).json, NOT_FOUND);
    });

    test("no filter applies to a single one", async () => {
        for (const query of [
            "?filter[cohort]=2021",
            `?filter[delivery_partner_id]=${id("DP-Y")}`,
            "?filter[updated_since]=2100-01-01T00:00:00Z",
            "?filter[updated_since]=x&page[page]=0",
        ])
            assert.equal((await show("Plain", query)).status, 200, query);
    });

    for (const other of [...FORBIDDEN_TOKENS, TOKENS["LP-B"]])
        test(`a single one is not shown to ${other}`, async () => {
            const status = other === TOKENS["LP-B"] ? 404 : 403;
            assert.equal((await show("Plain", "", { token: other })).status, status);
        });
});

describe("filter[delivery_partner_id]", () => {
    const found = async (...partners) =>
        idsOf(await list(`filter[delivery_partner_id]=${partners.map(id)}`)).sort();
    const OF_Y = ["Other plain", "Partner change"].map(idOf).sort();

    test("takes one", async () => {
        assert.deepEqual(await found("DP-Y"), OF_Y);
    });

    test("takes a list, and ignores what is unknown in it", async () => {
        const expected = [...OF_Y, idOf("Partner gone")].sort();
        assert.deepEqual(await found("DP-Gone", "DP-Y"), expected);
        const query = `filter[delivery_partner_id]=x,${id("DP-Y")},${id("nothing")}`;
        assert.deepEqual(idsOf(await list(query)).sort(), OF_Y);
    });

    test("goes with the other filters", async () => {
        const query = `filter[delivery_partner_id]=${id("DP-Y")}&filter[updated_since]=2022-03-03T00:00:00Z`;
        assert.deepEqual(idsOf(await list(`${query}&filter[cohort]=2024`)).sort(), OF_Y);
        assert.deepEqual(idsOf(await list(`${query}&filter[cohort]=2023`)), []);
    });
});

describe("filter[updated_since] looks at", () => {
    for (const [what, at, name, isFound] of [
        ["the partnership", "2022-05-05T05:05:05Z", "Own change", true],
        ["the partnership", "2022-05-05T05:05:06Z", "Own change", false],
        ["the school", "2022-06-06T06:06:06Z", "School change", true],
        ["the school", "2022-06-06T06:06:07Z", "School change", false],
        ["the delivery partner", "2022-04-01T00:00:00.5Z", "Partner change", true],
        ["the delivery partner", "2022-04-01T00:00:00.500001Z", "Partner change", false],
        ["the first tutor", "2022-03-03T01:02:03.9Z", "Other plain", true],
        ["any other tutor", "2022-09-09T00:00:00Z", "Plain", true],
        ["any other tutor", "2022-09-09T00:00:01Z", "Plain", false],
    ])
        test(`${what}, ${at}: ${isFound}`, async () => {
            assert.equal((await changed(at))(name), isFound);
        });
});

describe("sort", () => {
    /** These partnerships in the order that the list has them in. */
    const sorted = async (by, names) => {
        const ids = idsOf(await list(`sort=${by}`));
        return [...names].sort((a, b) => ids.indexOf(idOf(a)) - ids.indexOf(idOf(b)));
    };

    test("updated_at is the partnership's own, not the one that is shown", async () => {
        const names = ["Own change", "School change"];
        assert.deepEqual(await sorted("updated_at", names), ["School change", "Own change"]);
        assert.deepEqual(await sorted("-updated_at", names), ["Own change", "School change"]);
    });

    for (const column of ["challenge_reason", "challenged_at", "delivery_partner_id", "school_id"])
        test(`takes ${column}`, async () => {
            const up = idsOf(await list(`sort=${column},id`));
            assert.deepEqual([...up].sort(), idsOf(await list()).sort());
            assert.notDeepEqual(up, idsOf(await list("sort=id")));
        });

    test("challenge_reason goes by the text", async () => {
        const names = ["Challenged", "Reason only"]; // no_ects, mistake
        assert.deepEqual(await sorted("challenge_reason", names), ["Reason only", "Challenged"]);
        assert.deepEqual(await sorted("-challenge_reason", names), ["Challenged", "Reason only"]);
    });
});

test("PATCH is as good as PUT: the same partner changes nothing", async () => {
    const expected = (await show("Plain")).text;
    for (const method of ["PATCH", "PUT"]) {
        const body = envelope("ecf-partnership-update", { delivery_partner_id: id("DP-X") });
        const path = `${PATH}/${idOf("Plain")}`;
        const response = await request(service(), method, path, { token, body });
        assert.deepEqual([response.status, response.text], [200, expected]);
    }
});
