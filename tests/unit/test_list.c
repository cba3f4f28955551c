/* Page, filter and sort parameters: v3.md 1.4, platform.md 5.1 to 5.3. */
#include "api/list.h"

#include <stdlib.h>

#include "api/openapi.h"
#include "base/date.h"
#include "base/str.h"
#include "http/url.h"
#include "support.h"

static const struct operation operation = {.filters = {"cohort", "updated_since", "participant_id"},
                                           .filter_count = 3};
static const struct operation bare_operation = {0};

/* A list request read from a query, as the router passes it on. */
struct asked {
    struct request request;
    struct list_request list;
    struct problems problems;
};

static void ask(struct asked *asked, const char *query)
{
    struct url url;
    const struct param *filter;

    *asked = (struct asked){0};
    asked->request.operation = &operation;
    if (url_parse(&asked->request.arena, arena_printf(&asked->request.arena, "/x?%s", query),
                  &url) != URL_OK)
        fail_msg("%s is malformed", query);
    filter = param_find(url.params, "filter");
    asked->request.params = url.params;
    asked->request.filter = filter == NULL ? NULL : filter->members;
}

static void finish(struct asked *asked)
{
    arena_finish(&asked->request.arena);
}

static void pages_are_read_as_the_contract_says(void **state)
{
    static const struct {
        const char *query;
        int64_t limit; /* 0: 400 */
        int64_t offset;
    } cases[] = {
        {"", 100, 0},
        {"page[page]=1", 100, 0},
        {"page[page]=2", 100, 100},
        {"page[page]=3&page[per_page]=10", 10, 20},
        {"page[per_page]=3000", 3000, 0},
        {"page[per_page]=3001", 3000, 0},
        {"page[page]=2&page[per_page]=99999999999999999999", 3000, 3000},
        {"page[page]=3abc", 100, 200},
        {"page[page]=2.7", 100, 100},
        {"page[page]=%202", 100, 100},
        {"page[page]=%2B2", 100, 100},
        {"page[page]=+2", 100, 100},
        {"page[page]=1_000", 100, 99900},
        {"page[page]=1e3", 100, 0},
        {"page[page]=0002", 100, 100},
        {"page[page]=92233720368547758", 100, INT64_C(9223372036854775700)},
        {"page[page]", 100, 0},
        {"page", 100, 0},
        {"page[PAGE]=7", 100, 0},
        {"per_page=7", 100, 0},
        {"page[size]=7", 100, 0},
        {"page[page]=1&page[page]=2", 100, 100},
        {"page[page]=0", 0, 0},
        {"page[page]=-1", 0, 0},
        {"page[page]=", 0, 0},
        {"page[page]=abc", 0, 0},
        {"page[page]=0x10", 0, 0},
        {"page[page]=_1", 0, 0},
        {"page[per_page]=0", 0, 0},
        {"page[per_page]=-5", 0, 0},
        {"page[per_page]=", 0, 0},
        {"page[per_page]=abc", 0, 0},
        {"page[page]=1&page[per_page]=0", 0, 0},
        {"page=3", 0, 0},
        {"page=", 0, 0},
        {"page=foo", 0, 0},
        {"page[]=1", 0, 0},
        {"page[page][]=1", 0, 0},
        {"page[page][x]=1", 0, 0},
        {"page[per_page][]=1", 0, 0},
        {"page[page]=92233720368547759&page[per_page]=100", 100, INT64_C(9223372036854775800)},
        {"page[page]=92233720368547760", 0, 0},
        {"page[page]=9223372036854775807&page[per_page]=3000", 0, 0},
        {"page[page]=99999999999999999999999", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asked asked;

        ask(&asked, cases[i].query);
        list_parse_page(&asked.request, &asked.list, &asked.problems);
        CHECK((asked.problems.count == 0) == (cases[i].limit > 0), "%s", cases[i].query);
        if (cases[i].limit > 0)
            CHECK(asked.list.limit == cases[i].limit && asked.list.offset == cases[i].offset, "%s",
                  cases[i].query);
        else
            CHECK(asked.problems.count == 1 && asked.problems.items[0].problem == PROBLEM_PAGE,
                  "%s", cases[i].query);
        finish(&asked);
    }
}

/* The cohorts as a text; "-" for every cohort, "" for none. */
static void cohorts_are_read_one_by_one(void **state)
{
    static const struct {
        const char *query;
        const char *cohorts;
    } cases[] = {
        {"", "-"},
        {"filter[cohort]=", "-"},
        {"filter[cohort]", "-"},
        {"filter[cohort]=%20", "-"},
        {"filter[cohort][]=2021", "-"},
        {"filter[cohort][a]=2021", "-"},
        {"filter[Cohort]=2021", "-"},
        {"cohort=2021", "-"},
        {"filter[cohort]=2021", "2021"},
        {"filter[cohort]=2021,2022", "2021 2022"},
        {"filter[cohort]=2022,2021,2022", "2022 2021 2022"},
        {"filter[cohort]=%202021%20,%202022%20", "2021 2022"},
        {"filter[cohort]=+2021", "2021"},
        {"filter[cohort]=2021x", "2021"},
        {"filter[cohort]=2021%2C2022", "2021 2022"},
        {"filter[cohort]=2021,,2022,", "2021 2022"},
        {"filter[cohort]=,", ""},
        {"filter[cohort]=abc", ""},
        {"filter[cohort]=0", ""},
        {"filter[cohort]=-2021", ""},
        {"filter[cohort]=32767,32768,65536,99999999999999999999", "32767"},
        {"filter[cohort]=abc,2021", "2021"},
        {"filter[cohort]=2021&filter[cohort]=2022", "2022"},
        {"filter[cohort]=1999", "1999"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf text = {0};
        struct asked asked;

        ask(&asked, cases[i].query);
        list_parse_filters(&asked.request, &asked.request.arena, &asked.list, &asked.problems);
        CHECK(asked.problems.count == 0, "%s", cases[i].query);
        if (asked.list.cohorts == NULL)
            buf_add_char(&text, '-');
        for (size_t at = 0; at < asked.list.cohort_count; at++)
            buf_printf(&text, at > 0 ? " %d" : "%d", asked.list.cohorts[at]);
        check_buf(&text, cases[i].cohorts, cases[i].query);
        buf_finish(&text);
        finish(&asked);
    }
}

static void updated_since_is_a_timestamp(void **state)
{
    static const struct {
        const char *query;
        const char *since; /* NULL: absent; "": 400 */
    } cases[] = {
        {"", NULL},
        {"filter[updated_since]=", NULL},
        {"filter[updated_since]=+", NULL},
        {"filter[updated_since]", NULL},
        {"filter[updated_since][]=2021-05-13T11:21:55Z", NULL},
        {"filter[updated_since]=2021-05-13T11:21:55Z", "2021-05-13T11:21:55.000000Z"},
        {"filter[updated_since]=2021-05-13T11:21:55", "2021-05-13T11:21:55.000000Z"},
        {"filter[updated_since]=+2021-05-13T11:21:55Z+", "2021-05-13T11:21:55.000000Z"},
        {"filter[updated_since]=2021-05-13t11:21:55.123456z", "2021-05-13T11:21:55.123456Z"},
        {"filter[updated_since]=2021-05-13T11%3A21%3A55%2B01%3A00", "2021-05-13T10:21:55.000000Z"},
        {"filter[updated_since]=2021-05-13T11:21:55%2B0100", "2021-05-13T10:21:55.000000Z"},
        {"filter[updated_since]=2021-05-13T11:21:55-01", "2021-05-13T12:21:55.000000Z"},
        /* encoded twice */
        {"filter[updated_since]=2021-05-13T11%253A21%253A55%252B01%253A00",
         "2021-05-13T10:21:55.000000Z"},
        {"filter[updated_since]=2021-05-13T11%253a21%253a55%252b01%253a00",
         "2021-05-13T10:21:55.000000Z"},
        {"filter[updated_since]=2021-05-13T11%253A21%253A55Z", "2021-05-13T11:21:55.000000Z"},
        {"filter[updated_since]=%252B2021-05-13T11%253A21%253A55Z", ""},
        {"filter[updated_since]=2021-05-13T11%25253A21%25253A55Z", ""},
        {"filter[updated_since]=2021-05-13T11%253A21%253A55%2B01%253A00", ""},
        {"filter[updated_since]=2021-05-13T11:21:55Z%25", ""},
        {"filter[updated_since]=2021-05-13T11:21:55Z%252", ""},
        {"filter[updated_since]=2021-05-13T11:21:55Z%25zz", ""},
        {"filter[updated_since]=2021-05-13T11:21:55Z%2500", ""},
        {"filter[updated_since]=2021-05-13T11:21:55Z%2500x", ""},
        {"filter[updated_since]=%2541", ""},
        {"filter[updated_since]=%25-1", ""},
        {"filter[updated_since]=%25", ""},
        /* not accepted */
        {"filter[updated_since]=2021-05-13T11:21:55+01:00", ""},
        {"filter[updated_since]=2021-05-13", ""},
        {"filter[updated_since]=2021-05-13T11:21Z", ""},
        {"filter[updated_since]=20210513T112155Z", ""},
        {"filter[updated_since]=2021-05-13+11:21:55", ""},
        {"filter[updated_since]=2021-13-13T11:21:55Z", ""},
        {"filter[updated_since]=2021-02-30T11:21:55Z", ""},
        {"filter[updated_since]=hello", ""},
        {"filter[updated_since]=2021-05-13T11:21:55Z,2022-05-13T11:21:55Z", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asked asked;
        char text[DATE_TEXT_SIZE] = "";

        ask(&asked, cases[i].query);
        list_parse_filters(&asked.request, &asked.request.arena, &asked.list, &asked.problems);
        if (asked.list.has_updated_since)
            instant_format_us(asked.list.updated_since, text);
        CHECK((asked.problems.count > 0) == (cases[i].since != NULL && *cases[i].since == '\0'),
              "%s", cases[i].query);
        CHECK(asked.problems.count == 0 || asked.problems.items[0].problem == PROBLEM_UPDATED_SINCE,
              "%s", cases[i].query);
        CHECK(strcmp(text, cases[i].since == NULL ? "" : cases[i].since) == 0, "%s: %s",
              cases[i].query, text);
        finish(&asked);
    }
}

static void filters_that_the_operation_does_not_declare_are_ignored(void **state)
{
    struct asked asked;
    size_t count;

    (void)state;
    ask(&asked,
        "filter[cohort]=2021&filter[updated_since]=nonsense&filter[participant_id]=x&filter[other]=1");
    asked.request.operation = &bare_operation;
    list_parse_filters(&asked.request, &asked.request.arena, &asked.list, &asked.problems);
    assert_null(asked.list.cohorts);
    assert_false(asked.list.has_updated_since);
    assert_null(list_parse_uuids(&asked.request, &asked.request.arena, "participant_id", &count,
                                 &asked.problems));
    assert_int_equal(asked.problems.count, 0);
    finish(&asked);
}

static void a_filter_error_is_found_before_a_page_error(void **state)
{
    struct asked asked;

    (void)state;
    ask(&asked, "page[page]=0&filter[updated_since]=x");
    list_parse_filters(&asked.request, &asked.request.arena, &asked.list, &asked.problems);
    list_parse_page(&asked.request, &asked.list, &asked.problems);
    assert_int_equal(asked.problems.items[0].problem, PROBLEM_UPDATED_SINCE);
    finish(&asked);
}

static void sort_keys_are_columns_with_a_direction(void **state)
{
    static const char *const columns[] = {"created_at", "updated_at", "name", "id", NULL};
    static const struct {
        const char *query;
        const char *keys;
    } cases[] = {
        {"", ""},
        {"sort=", ""},
        {"sort", ""},
        {"sort[]=name", ""},
        {"sort[name]=1", ""},
        {"sort=name", "name"},
        {"sort=-name", "-name"},
        {"sort=%2Bname", "name"},
        {"sort=+name", "name"},
        {"sort=-created_at,name", "-created_at name"},
        {"sort=name,-updated_at,id,created_at", "name -updated_at id"},
        {"sort=unknown", ""},
        {"sort=unknown,-name", "-name"},
        {"sort=a,b,c,d,name", "name"},
        {"sort=Name", ""},
        {"sort=--name", ""},
        {"sort=-", ""},
        {"sort=,", ""},
        {"sort=name,", "name"},
        {"sort=name%20", ""},
        {"sort=name%20desc", ""},
        {"sort=name;drop", "name"},
        {"sort=name,-name", "name -name"},
        {"sort=name&sort=id", "id"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf text = {0};
        struct asked asked;

        ask(&asked, cases[i].query);
        list_parse_sort(&asked.request, &asked.request.arena, columns, &asked.list);
        for (size_t at = 0; at < LIST_SORT_KEYS && asked.list.sort[at] != NULL; at++)
            buf_printf(&text, at > 0 ? " %s" : "%s", asked.list.sort[at]);
        check_buf(&text, cases[i].keys, cases[i].query);
        buf_finish(&text);
        finish(&asked);
    }
}

#define ID_1 "01234567-89ab-cdef-0123-456789abcdef"
#define ID_2 "11234567-89ab-cdef-0123-456789abcdef"

static void id_filters_keep_what_is_an_id(void **state)
{
    static const struct {
        const char *query;
        int count; /* -1: no filter */
    } cases[] = {
        {"", -1},
        {"filter[participant_id]=", -1},
        {"filter[participant_id][]=" ID_1, -1},
        {"filter[participant_id]=" ID_1, 1},
        {"filter[participant_id]=" ID_1 "," ID_2, 2},
        {"filter[participant_id]=" ID_1 ",nonsense," ID_2, 2},
        {"filter[participant_id]=nonsense", 0},
        {"filter[participant_id]=,", 0},
        {"filter[participant_id]=01234567-89AB-CDEF-0123-456789ABCDEF", 1},
        {"filter[participant_id]=" ID_1 "x", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asked asked;
        const struct uuid *ids;
        struct uuid first;
        size_t count;

        ask(&asked, cases[i].query);
        ids = list_parse_uuids(&asked.request, &asked.request.arena, "participant_id", &count,
                               &asked.problems);
        CHECK((ids == NULL) == (cases[i].count < 0), "%s", cases[i].query);
        CHECK(count == (size_t)(cases[i].count < 0 ? 0 : cases[i].count), "%s", cases[i].query);
        CHECK(count == 0 || (uuid_parse(ID_1, &first) && uuid_equal(&ids[0], &first)), "%s",
              cases[i].query);
        CHECK(asked.problems.count == 0, "%s", cases[i].query);
        finish(&asked);
    }
}

/* A filter of so many values. */
static const char *many(struct arena *arena, const char *filter, const char *value, int count)
{
    struct buf text = {0};
    const char *result;

    buf_printf(&text, "filter[%s]=%s", filter, value);
    for (int i = 1; i < count; i++)
        buf_printf(&text, ",%s", value);
    result = arena_strdup(arena, buf_terminate(&text));
    buf_finish(&text);
    return result;
}

static void a_thousand_values_are_taken_and_no_more(void **state)
{
    struct arena arena = {0};
    struct asked asked;
    size_t count;

    (void)state;
    ask(&asked, many(&arena, "cohort", "2021", 1000));
    list_parse_filters(&asked.request, &asked.request.arena, &asked.list, &asked.problems);
    assert_int_equal(asked.list.cohort_count, 1000);
    assert_int_equal(asked.problems.count, 0);
    finish(&asked);
    ask(&asked, many(&arena, "cohort", "2021", 1001));
    list_parse_filters(&asked.request, &asked.request.arena, &asked.list, &asked.problems);
    assert_int_equal(asked.problems.items[0].problem, PROBLEM_FILTER_TOO_LONG);
    finish(&asked);
    ask(&asked, many(&arena, "participant_id", ID_1, 1000));
    assert_non_null(list_parse_uuids(&asked.request, &asked.request.arena, "participant_id", &count,
                                     &asked.problems));
    assert_int_equal(count, 1000);
    finish(&asked);
    ask(&asked, many(&arena, "participant_id", ID_1, 1001));
    assert_null(list_parse_uuids(&asked.request, &asked.request.arena, "participant_id", &count,
                                 &asked.problems));
    assert_int_equal(asked.problems.items[0].problem, PROBLEM_FILTER_TOO_LONG);
    assert_int_equal(count, 0);
    finish(&asked);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_read_as_the_contract_says),
        cmocka_unit_test(cohorts_are_read_one_by_one),
        cmocka_unit_test(updated_since_is_a_timestamp),
        cmocka_unit_test(filters_that_the_operation_does_not_declare_are_ignored),
        cmocka_unit_test(a_filter_error_is_found_before_a_page_error),
        cmocka_unit_test(sort_keys_are_columns_with_a_direction),
        cmocka_unit_test(id_filters_keep_what_is_an_id),
        cmocka_unit_test(a_thousand_values_are_taken_and_no_more),
    };

    return RUN_TESTS(tests);
}
