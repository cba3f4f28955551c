/* Documents with which the service must not start. They take the place of the embedded ones. */
#include "api/openapi.h"

#include "base/str.h"
#include "embedded.h"
#include "support.h"

static char document[16384];
static size_t document_size;
static const size_t other_size = 8;

/* openapi.c finds these instead of what the build embedded. */
const struct embedded embedded_openapi[] = {
    {"notes.yml", "not JSON", &other_size},
    {"v3.json", document, &document_size},
    {0},
};

static enum err handle(const struct service *service, const struct request *request,
                       struct response *response)
{
    (void)service;
    (void)request;
    (void)response;
    return ERR_OK;
}

static const struct handler handlers[] = {{"things_index", handle}, {0}};
static const struct handler *const tables[] = {handlers, NULL};
static char said[4096];

static struct openapi *bind(const char *text)
{
    FILE *err = fmemopen(said, sizeof(said), "w");
    struct openapi *openapi;

    document_size = strlen(text);
    memcpy(document, text, document_size + 1);
    openapi = openapi_new(tables, err);
    fclose(err);
    return openapi;
}

#define SECURE "\"security\":[{\"bearer\":[]}],"
#define HANDLED "\"x-handler\":\"things_index\","
#define ACCESS "\"x-access\":\"ecf\","
#define PATH(path, operation) "{\"paths\":{\"" path "\":{\"get\":{" operation "\"responses\":{}}}}}"
#define UNUSED "openapi: no operation names the handler things_index\n"

static void an_incomplete_operation_is_refused(void **state)
{
    static const struct {
        const char *document;
        const char *said;
    } cases[] = {
        {PATH("/api/v3/things", SECURE HANDLED),
         "openapi: get /api/v3/things does not say in x-access who may call it\n"},
        {PATH("/api/v3/things", SECURE HANDLED "\"x-access\":\"everybody\","),
         "openapi: get /api/v3/things does not say in x-access who may call it\n"},
        {PATH("/api/v3/things", HANDLED ACCESS), "openapi: get /api/v3/things has no security\n"},
        {PATH("/api/v3/things", "\"security\":[]," HANDLED ACCESS),
         "openapi: get /api/v3/things has no security\n"},
        {PATH("/api/v3/things", SECURE ACCESS),
         "openapi: get /api/v3/things names no handler that there is in x-handler\n"},
        {PATH("/api/v3/things", SECURE ACCESS "\"x-handler\":\"things_Index\","),
         "openapi: get /api/v3/things names no handler that there is in x-handler\n"},
        {PATH("/api/v3/things", SECURE ACCESS "\"x-handler\":7,"),
         "openapi: get /api/v3/things names no handler that there is in x-handler\n"},
        {PATH("/api/v3/things", SECURE HANDLED ACCESS "\"x-changes\":\"nothing\","),
         "openapi: get /api/v3/things names nothing that there is in x-changes\n"},
        {"{\"paths\":{}}", ""},
        {"{}", ""},
        {"[]", ""},
        {"{\"paths\":{\"/x\":{\"summary\":\"no method\",\"parameters\":[]}}}", ""},
        {"not JSON", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char expected[256];

        snprintf(expected, sizeof(expected), "%s" UNUSED, cases[i].said);
        CHECK(bind(cases[i].document) == NULL, "%s", cases[i].document);
        CHECK(str_equal(said, expected), "%s: %s", cases[i].document, said);
    }
}

static const struct operation *only(struct openapi *openapi)
{
    const struct operation *operations;
    size_t count;

    if (openapi == NULL)
        fail_msg("%s", said);
    operations = openapi_operations(openapi, &count);
    assert_int_equal(count, 1);
    return operations;
}

static void a_complete_operation_is_read(void **state)
{
    static const struct {
        const char *document;
        enum access access;
        int version;
        enum changes changes;
    } cases[] = {
        {PATH("/api/v1/things", SECURE HANDLED ACCESS), ACCESS_ECF, V1, CHANGES_OF_ANYTHING},
        {PATH("/api/v2/things",
              SECURE HANDLED "\"x-access\":\"private\",\"x-changes\":\"uncounted\","),
         ACCESS_PRIVATE, V2, CHANGES_UNCOUNTED},
        {PATH("/api/v3/things", SECURE HANDLED ACCESS "\"x-changes\":\"provider-and-clock\","),
         ACCESS_ECF, V3, CHANGES_OF_PROVIDER_AND_CLOCK},
        {PATH("/api/v3/things", SECURE HANDLED ACCESS "\"x-changes\":\"provider\","), ACCESS_ECF,
         V3, CHANGES_OF_PROVIDER},
        {PATH("/api/v3/things", SECURE HANDLED "\"x-access\":\"ecf-or-npq\","), ACCESS_ECF_OR_NPQ,
         V3, CHANGES_OF_ANYTHING},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct openapi *openapi = bind(cases[i].document);
        const struct operation *operation = only(openapi);

        CHECK(operation->access == cases[i].access, "%s", cases[i].document);
        CHECK(operation->version == cases[i].version, "%s", cases[i].document);
        CHECK(operation->changes == cases[i].changes, "%s", cases[i].document);
        assert_string_equal(operation->method, "GET");
        assert_string_equal(operation->segments[2], "things");
        assert_int_equal(operation->segment_count, 3);
        assert_false(operation->has_body);
        assert_int_equal(operation->filter_count, 0);
        openapi_free(openapi);
    }
}

static void filters_and_bodies_are_found_through_references(void **state)
{
    static const char text[] =
        "{\"components\":{"
        "\"parameters\":{\"filter\":{\"name\":\"filter\",\"in\":\"query\",\"schema\":{\"$ref\":\"#/components/schemas/F\"}},"
        "\"page\":{\"name\":\"page\",\"in\":\"query\"}},"
        "\"schemas\":{\"F\":{\"properties\":{\"cohort\":{},\"urn\":{}},\"required\":[\"cohort\"]}}},"
        "\"paths\":{\"/api/v3/things/{id}/parts\":{\"put\":{" SECURE HANDLED ACCESS
        "\"requestBody\":{},\"parameters\":["
        "{\"$ref\":\"#/components/parameters/page\"},{\"$ref\":\"#/components/parameters/filter\"},"
        "{\"name\":\"filter\",\"in\":\"header\"},{\"$ref\":\"#/components/nowhere\"},"
        "{\"$ref\":\"#/components/parameters/missing\"}],\"responses\":{}}}}}";
    static const char *const segments[] = {"api", "v3", "things", "7", "parts"};
    struct openapi *openapi = bind(text);
    const struct operation *operation = only(openapi);
    const char *id;

    (void)state;
    assert_true(operation->has_body);
    assert_int_equal(operation->filter_count, 2);
    assert_string_equal(operation->filters[0], "cohort");
    assert_string_equal(operation->filters[1], "urn");
    assert_int_equal(operation->required_filter_count, 1);
    assert_string_equal(operation->required_filters[0], "cohort");
    assert_ptr_equal(openapi_match(openapi, "PUT", segments, 5, &id), operation);
    assert_string_equal(id, "7");
    openapi_free(openapi);
}

/* Whichever stands first in the document. */
static void a_literal_segment_wins_over_an_id(void **state)
{
#define THING(path) "\"" path "\":{\"get\":{" SECURE HANDLED ACCESS "\"responses\":{}}}"
    static const char *const documents[] = {
        "{\"paths\":{" THING("/api/v3/things/{id}") "," THING("/api/v3/things/moves") "}}",
        "{\"paths\":{" THING("/api/v3/things/moves") "," THING("/api/v3/things/{id}") "}}",
    };
    static const char *const moves[] = {"api", "v3", "things", "moves"}, *const other[] = {
                                                                             "api", "v3", "things",
                                                                             "x"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        struct openapi *openapi = bind(documents[i]);
        const char *id = "?";

        assert_non_null(openapi);
        assert_string_equal(openapi_match(openapi, "GET", moves, 4, &id)->path,
                            "/api/v3/things/moves");
        assert_null(id);
        assert_string_equal(openapi_match(openapi, "GET", other, 4, &id)->path,
                            "/api/v3/things/{id}");
        assert_string_equal(id, "x");
        openapi_free(openapi);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incomplete_operation_is_refused),
        cmocka_unit_test(a_complete_operation_is_read),
        cmocka_unit_test(filters_and_bodies_are_found_through_references),
        cmocka_unit_test(a_literal_segment_wins_over_an_id),
    };

    return RUN_TESTS(tests);
}
