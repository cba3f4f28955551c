/* The headers of outdated versions: what goes into them, and what never does. */
#include "api/versions.h"

#include "api/openapi.h"
#include "support.h"

static const char ID[] = "0F6B1F0E-5f43-4b5e-9d0a-7a1f9b1f6c01";
#define CLEAN "0f6b1f0e-5f43-4b5e-9d0a-7a1f9b1f6c01"
#define LIST "/api/v3/things"
#define ONE "/api/v3/things/{id}"
#define PART "/api/v3/things/{id}/part"

static const char *header(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (strcmp(response->headers[i].name, name) == 0)
            return response->headers[i].value;
    return NULL;
}

static void check(int version, const char *successor, const char *id, const char *link)
{
    const struct operation operation = {.version = version, .successor = successor};
    struct request request = {.operation = &operation, .id = id};
    struct response response = {0};
    const char *said;

    version_headers(&response, &request);
    said = header(&response, "Link");
    CHECK((said == NULL) == (link == NULL) && (said == NULL || strcmp(said, link) == 0), "%s: %s",
          successor == NULL ? "none" : successor, said == NULL ? "none" : said);
    CHECK((header(&response, "Deprecation") != NULL) == (successor != NULL && version != V3), "%d",
          version);
    arena_finish(&request.arena);
}

#define LINK(path) "<" path ">; rel=\"successor-version\""

static void an_outdated_version_names_its_successor(void **state)
{
    (void)state;
    for (int version = V1; version <= V2; version++) {
        check(version, LIST, NULL, LINK(LIST));
        check(version, ONE, ID, LINK("/api/v3/things/" CLEAN));
        check(version, PART, ID, LINK("/api/v3/things/" CLEAN "/part"));
    }
    check(V1, NULL, NULL, NULL);
    check(V3, LIST, NULL, NULL);
    check(V3, NULL, NULL, NULL);
}

static void what_is_no_uuid_never_goes_into_a_header(void **state)
{
    (void)state;
    check(V1, ONE, "1", NULL);
    check(V1, ONE, "x>\r\nEvil: 1", NULL);
    check(V1, ONE, NULL, NULL);
}

static void before_the_operation_is_known_nothing_is_said(void **state)
{
    struct request request = {0};
    struct response response = {0};

    (void)state;
    version_headers(&response, &request);
    assert_int_equal(response.header_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outdated_version_names_its_successor),
        cmocka_unit_test(what_is_no_uuid_never_goes_into_a_header),
        cmocka_unit_test(before_the_operation_is_known_nothing_is_said),
    };

    return RUN_TESTS(tests);
}
