/* The documents that we serve, and how handlers are bound to them. */
#include "api/openapi.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/str.h"
#include "embedded.h"
#include "resources/registry.h"
#include "support.h"

enum { HANDLERS_MAX = 256 };

/* The real handlers in a table of our own, which a test may change. */
struct own_table {
    struct handler handlers[HANDLERS_MAX + 2];
    size_t count;
    const struct handler *tables[2];
    char said[65536];
};

static struct own_table own;

static int copy_the_real_table(void **state)
{
    (void)state;
    own = (struct own_table){.tables = {own.handlers, NULL}};
    for (const struct handler *const *table = registry_handlers; *table != NULL; table++)
        for (const struct handler *handler = *table; handler->name != NULL; handler++) {
            assert_true(own.count < HANDLERS_MAX);
            own.handlers[own.count++] = *handler;
        }
    return 0;
}

/* Reads the documents with our table; what was complained about is in own.said. */
static struct openapi *bind(void)
{
    FILE *err = fmemopen(own.said, sizeof(own.said), "w");
    struct openapi *openapi = openapi_new(own.tables, err);

    fclose(err);
    return openapi;
}

static void the_real_handlers_and_documents_fit(void **state)
{
    struct openapi *openapi = bind();

    (void)state;
    if (openapi == NULL)
        fail_msg("%s", own.said);
    assert_string_equal(own.said, "");
    openapi_free(openapi);
    openapi_free(NULL);
}

static void every_operation_says_all_that_routing_needs(void **state)
{
    struct openapi *openapi = bind();
    const struct operation *operations;
    size_t count;

    (void)state;
    assert_non_null(openapi);
    operations = openapi_operations(openapi, &count);
    assert_true(count >= own.count);
    for (size_t i = 0; i < count; i++) {
        const struct operation *operation = &operations[i];

        CHECK(operation->handler != NULL, "%s", operation->path);
        CHECK(str_starts_with(operation->path, "/api/v"), "%s", operation->path);
        CHECK(operation->path[6] - '0' == (operation->version == V1   ? 1
                                           : operation->version == V2 ? 2
                                                                      : 3),
              "%s", operation->path);
        CHECK(operation->segment_count >= 3 && operation->segment_count < OPERATION_SEGMENTS_MAX,
              "%s", operation->path);
        CHECK(operation->filter_count < OPERATION_FILTERS_MAX, "%s", operation->path);
        CHECK(operation->has_body || !str_equal(operation->method, "POST"), "%s", operation->path);
        CHECK(!operation->has_body || !str_equal(operation->method, "GET"), "%s", operation->path);
        for (size_t other = 0; other < i; other++)
            CHECK(!str_equal(operations[other].path, operation->path) ||
                      !str_equal(operations[other].method, operation->method),
                  "%s %s twice", operation->method, operation->path);
    }
    openapi_free(openapi);
}

static void an_operation_without_its_handler_is_named(void **state)
{
    (void)state;
    own.handlers[0] = own.handlers[--own.count];
    own.handlers[own.count] = (struct handler){0};
    assert_null(bind());
    assert_non_null(strstr(own.said, "names no handler"));
    assert_null(strstr(strstr(own.said, "names no handler") + 1, "names no handler"));
}

static void an_unused_handler_is_named(void **state)
{
    (void)state;
    own.handlers[own.count++] = (struct handler){"nobody_calls_this", own.handlers[0].function};
    assert_null(bind());
    assert_string_equal(own.said, "openapi: no operation names the handler nobody_calls_this\n");
}

static void everything_that_is_wrong_is_named_at_once(void **state)
{
    size_t lines = 0;

    (void)state;
    own.handlers[0] = (struct handler){0};
    assert_null(bind());
    for (const char *c = own.said; *c != '\0'; c++)
        lines += *c == '\n' ? 1 : 0;
    assert_true(lines >= own.count);
}

/* What a method and a path lead to: the handler's name and the id. */
static void paths_lead_to_their_operations(void **state)
{
    static const struct {
        const char *method;
        const char *segments[6];
        const char *name; /* NULL: none */
        const char *id;
    } cases[] = {
        {"GET", {"api", "v3", "statements"}, "statements_index", NULL},
        {"GET", {"api", "v3", "statements", "x"}, "statements_show", "x"},
        {"GET", {"api", "v3", "participants", "ecf"}, "participants_index", NULL},
        {"GET", {"api", "v3", "participants", "ecf", "x"}, "participants_show", "x"},
        {"GET", {"api", "v3", "participants", "ecf", "transfers"}, "transfers_index", NULL},
        {"GET", {"api", "v3", "participants", "ecf", "x", "transfers"}, "transfers_show", "x"},
        {"GET",
         {"api", "v3", "participants", "ecf", "transfers", "transfers"},
         "transfers_show",
         "transfers"},
        {"GET", {"api", "v3", "participants", "ecf", "{id}"}, "participants_show", "{id}"},
        {"GET", {"api", "v3", "schools", "ecf", "x"}, "schools_show", "x"},
        {"GET", {"api", "v3", "participant-declarations"}, "declarations_index", NULL},
        {"DELETE", {"api", "v3", "statements"}, NULL, NULL},
        {"get", {"api", "v3", "statements"}, NULL, NULL},
        {"POST", {"api", "v3", "statements"}, NULL, NULL},
        {"GET", {"api", "v3", "Statements"}, NULL, NULL},
        {"GET", {"api", "v9", "statements"}, NULL, NULL},
        {"GET", {"api", "v3"}, NULL, NULL},
        {"GET", {"api"}, NULL, NULL},
        {"GET", {NULL}, NULL, NULL},
        {"GET", {"api", "v3", "statements", "x", "y"}, NULL, NULL},
        {"GET", {"api", "v3", "participants", "ecf", "x", "Transfers"}, NULL, NULL},
    };
    struct openapi *openapi = bind();

    (void)state;
    assert_non_null(openapi);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct operation *found;
        const char *id;
        size_t count = 0;

        while (count < 6 && cases[i].segments[count] != NULL)
            count++;
        found = openapi_match(openapi, cases[i].method, cases[i].segments, count, &id);
        CHECK((found == NULL) == (cases[i].name == NULL), "case %zu", i);
        CHECK(found == NULL || str_equal(found->name, cases[i].name), "case %zu leads to %s", i,
              found->name);
        CHECK((id == NULL) == (cases[i].id == NULL), "case %zu", i);
        CHECK(id == NULL || str_equal(id, cases[i].id), "case %zu: id %s", i, id);
    }
    openapi_free(openapi);
}

/* The operation of version 3 that has this handler; earlier versions share some of them. */
static const struct operation *find(struct openapi *openapi, const char *name)
{
    const struct operation *operations;
    size_t count;

    operations = openapi_operations(openapi, &count);
    for (size_t i = 0; i < count; i++)
        if (operations[i].version == V3 && str_equal(operations[i].name, name))
            return &operations[i];
    fail_msg("no %s", name);
    return NULL;
}

static bool holds(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(names[i], name))
            return true;
    return false;
}

/* v3.md 1.4, 3 and platform.md 3.4. */
static void access_and_filters_are_those_of_the_contract(void **state)
{
    static const struct {
        const char *name;
        enum access access;
        const char *filters[5];
        const char *required;
    } cases[] = {
        {"statements_index", ACCESS_ECF_OR_NPQ, {"cohort", "updated_since", "type"}, NULL},
        {"delivery_partners_index", ACCESS_ECF, {"cohort"}, NULL},
        {"schools_index", ACCESS_ECF, {"cohort", "urn", "updated_since"}, "cohort"},
        {"schools_show", ACCESS_ECF, {"cohort", "urn", "updated_since"}, "cohort"},
        {"partnerships_index",
         ACCESS_ECF,
         {"cohort", "delivery_partner_id", "updated_since"},
         NULL},
        {"participants_index",
         ACCESS_ECF,
         {"cohort", "training_status", "from_participant_id", "updated_since"},
         NULL},
        {"transfers_index", ACCESS_ECF, {"updated_since"}, NULL},
        {"unfunded_mentors_index", ACCESS_ECF, {"updated_since"}, NULL},
        {"declarations_index",
         ACCESS_ECF_OR_NPQ,
         {"cohort", "participant_id", "delivery_partner_id", "updated_since"},
         NULL},
    };
    struct openapi *openapi = bind();

    (void)state;
    assert_non_null(openapi);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct operation *operation = find(openapi, cases[i].name);

        CHECK(operation->access == cases[i].access, "%s", cases[i].name);
        for (size_t at = 0; at < 5 && cases[i].filters[at] != NULL; at++)
            CHECK(holds(operation->filters, operation->filter_count, cases[i].filters[at]),
                  "%s: %s", cases[i].name, cases[i].filters[at]);
        CHECK(operation->required_filter_count == (cases[i].required == NULL ? 0 : 1), "%s",
              cases[i].name);
        CHECK(cases[i].required == NULL ||
                  str_equal(operation->required_filters[0], cases[i].required),
              "%s", cases[i].name);
    }
    openapi_free(openapi);
}

/* The documents themselves: each operation has security, access, a handler, and documents the
 * answers of every gate. */
static void each_documented_operation_is_whole(void **state)
{
    static const char *const members[] = {"operationId", "summary",  "security",
                                          "x-handler",   "x-access", "responses"};
    size_t documents = 0;

    (void)state;
    for (const struct embedded *file = embedded_openapi; file->name != NULL; file++) {
        json_t *document, *item, *node;
        const char *path, *method;

        if (!str_ends_with(file->name, ".json"))
            continue;
        document = json_loadb(file->data, *file->size, JSON_REJECT_DUPLICATES, NULL);
        CHECK(document != NULL, "%s", file->name);
        documents++;
        json_object_foreach(json_object_get(document, "paths"), path, item) {
            json_object_foreach(item, method, node) {
                if (str_equal(method, "parameters"))
                    continue;
                for (size_t i = 0; i < COUNT_OF(members); i++)
                    CHECK(json_object_get(node, members[i]) != NULL, "%s %s has no %s", method,
                          path, members[i]);
                CHECK(json_object_get(json_object_get(node, "responses"), "200") != NULL ||
                          json_object_get(json_object_get(node, "responses"), "201") != NULL,
                      "%s %s", method, path);
                CHECK(json_object_get(json_object_get(node, "responses"), "401") != NULL, "%s %s",
                      method, path);
            }
        }
        json_decref(document);
    }
    assert_true(documents >= 1);
}

#define TEST(function) cmocka_unit_test_setup(function, copy_the_real_table)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_real_handlers_and_documents_fit),
        TEST(every_operation_says_all_that_routing_needs),
        TEST(an_operation_without_its_handler_is_named),
        TEST(an_unused_handler_is_named),
        TEST(everything_that_is_wrong_is_named_at_once),
        TEST(paths_lead_to_their_operations),
        TEST(access_and_filters_are_those_of_the_contract),
        cmocka_unit_test(each_documented_operation_is_whole),
    };

    return RUN_TESTS(tests);
}
