/* What the service is open for: names, ends, who is admitted, when to come back. */
#include "domain/service_mode.h"

#include "base/date.h"
#include "base/str.h"
#include "support.h"

static const int64_t NOW = INT64_C(1700000000) * INSTANT_SECOND;

static void each_mode_has_a_name(void **state)
{
    static const char *const known[] = {"open", "read_only", "maintenance"};
    static const char *const unknown[] = {"", "closed", "Open", "read-only"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct service_mode mode = {.ends_at = INSTANT_NONE};

        CHECK(service_mode_parse(known[i], &mode.openness), "%s", known[i]);
        CHECK(mode.openness == (enum service_openness)i, "%s", known[i]);
        CHECK(str_equal(service_mode_name(&mode), known[i]), "%s", known[i]);
    }
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        enum service_openness openness;

        CHECK(!service_mode_parse(unknown[i], &openness), "%s", unknown[i]);
    }
}

static void a_mode_is_over_when_its_end_has_come(void **state)
{
    static const struct {
        struct service_mode mode;
        enum service_openness expected;
    } cases[] = {
        {{SERVICE_OPEN, INSTANT_NONE}, SERVICE_OPEN},
        {{SERVICE_OPEN, INT64_MAX}, SERVICE_OPEN},
        {{SERVICE_CLOSED, INSTANT_NONE}, SERVICE_CLOSED},
        {{SERVICE_READ_ONLY, INSTANT_NONE}, SERVICE_READ_ONLY},
        {{SERVICE_CLOSED, INT64_C(1700000000000001)}, SERVICE_CLOSED},
        {{SERVICE_CLOSED, INT64_C(1700000000000000)}, SERVICE_OPEN},
        {{SERVICE_READ_ONLY, INT64_C(1699999999999999)}, SERVICE_OPEN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct service_mode found = service_mode_at(&cases[i].mode, NOW);

        CHECK(found.openness == cases[i].expected, "case %zu", i);
        CHECK(found.ends_at ==
                  (found.openness == SERVICE_OPEN ? INSTANT_NONE : cases[i].mode.ends_at),
              "case %zu", i);
    }
}

static void reading_goes_on_while_nothing_may_change(void **state)
{
    static const struct {
        const char *method;
        bool is_api;
        bool when_open;
        bool when_read_only;
    } cases[] = {
        {"GET", true, true, true},      {"HEAD", true, true, true},  {"OPTIONS", true, true, true},
        {"POST", true, true, false},    {"PUT", true, true, false},  {"PATCH", true, true, false},
        {"DELETE", true, true, false},  {"POST", false, true, true}, {"GET", false, true, true},
        {"NONSENSE", true, true, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct service_mode open = {SERVICE_OPEN, INSTANT_NONE};
        const struct service_mode read_only = {SERVICE_READ_ONLY, INSTANT_NONE};
        const struct service_mode closed = {SERVICE_CLOSED, INSTANT_NONE};

        CHECK(service_mode_admits(&open, cases[i].method, cases[i].is_api) == cases[i].when_open,
              "%s", cases[i].method);
        CHECK(service_mode_admits(&read_only, cases[i].method, cases[i].is_api) ==
                  cases[i].when_read_only,
              "%s", cases[i].method);
        CHECK(!service_mode_admits(&closed, cases[i].method, cases[i].is_api), "%s",
              cases[i].method);
    }
}

static void clients_are_told_when_to_come_back(void **state)
{
    static const struct {
        int64_t left; /* microseconds until the end */
        int64_t expected;
    } cases[] = {
        {-INSTANT_SECOND, 1},          {0, 1}, {1, 1}, {INSTANT_SECOND, 1}, {INSTANT_SECOND + 1, 2},
        {3600 * INSTANT_SECOND, 3600},
    };
    const struct service_mode open_end = {SERVICE_CLOSED, INSTANT_NONE};

    (void)state;
    assert_int_equal(service_mode_retry_after(&open_end, NOW), 300);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct service_mode mode = {SERVICE_CLOSED, NOW + cases[i].left};

        CHECK(service_mode_retry_after(&mode, NOW) == cases[i].expected, "case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mode_has_a_name),
        cmocka_unit_test(a_mode_is_over_when_its_end_has_come),
        cmocka_unit_test(reading_goes_on_while_nothing_may_change),
        cmocka_unit_test(clients_are_told_when_to_come_back),
    };

    return RUN_TESTS(tests);
}
