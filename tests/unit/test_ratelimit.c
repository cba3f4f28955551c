/* Windows and counts: platform.md 6. */
#include "http/ratelimit.h"

#include <pthread.h>

#include "api/request.h"
#include "base/date.h"
#include "base/str.h"
#include "config.h"
#include "support.h"

enum { PERIOD = 300, LIMIT = 10, MANY = 40000 };

static const int64_t WINDOW = INT64_C(1700000100) * INSTANT_SECOND; /* a multiple of 300 s */
static const struct config config = {
    .rate_limit_api = LIMIT, .rate_limit_web = 3, .rate_limit_period = PERIOD};

static struct rate_key key_of(const char *text)
{
    struct address address;

    assert_true(address_parse(text, &address));
    return rate_key_of_address(RATE_API, &address);
}

static void a_window_begins_at_a_multiple_of_its_period(void **state)
{
    static const struct {
        int64_t now; /* microseconds */
        int period;  /* seconds */
        int64_t start;
        int64_t left; /* seconds */
    } cases[] = {
        {0, 300, 0, 300},
        {1, 300, 0, 300},
        {INT64_C(1000000), 300, 0, 299},
        {INT64_C(299000000), 300, 0, 1},
        {INT64_C(299000001), 300, 0, 1},
        {INT64_C(299999999), 300, 0, 1},
        {INT64_C(300000000), 300, INT64_C(300000000), 300},
        {INT64_C(1700000399999999), 300, INT64_C(1700000100000000), 1},
        {INT64_C(1700000400000000), 300, INT64_C(1700000400000000), 300},
        {INT64_C(1500000), 1, INT64_C(1000000), 1},
        {INT64_C(86399000000), 86400, 0, 1},
        {-1, 60, INT64_C(-60000000), 1},
        {INT64_C(-60000000), 60, INT64_C(-60000000), 60},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK(rate_window_start(cases[i].now, cases[i].period) == cases[i].start, "start %zu", i);
        CHECK(rate_window_left(cases[i].now, cases[i].period) == cases[i].left, "left %zu", i);
    }
}

static void each_path_has_its_rule(void **state)
{
    static const struct {
        const char *method;
        const char *segments[3];
        enum rate_rule rule;
    } cases[] = {
        {"GET", {NULL}, RATE_WEB},
        {"GET", {"api", "v3", "statements"}, RATE_API},
        {"POST", {"api", "v3", "x"}, RATE_API},
        {"GET", {"api"}, RATE_API},
        {"GET", {"api", "check"}, RATE_API},
        {"GET", {"api-docs"}, RATE_WEB},
        {"GET", {"API", "v3"}, RATE_WEB},
        {"GET", {"healthcheck"}, RATE_WEB},
        {"POST", {"csp_reports"}, RATE_CSP_REPORTS},
        {"GET", {"csp_reports"}, RATE_CSP_REPORTS},
        {"POST", {"csp_reports", "x"}, RATE_WEB},
        {"GET", {"check"}, RATE_RULES},
        {"GET", {"ready"}, RATE_RULES},
        {"GET", {"metrics"}, RATE_RULES},
        {"POST", {"check"}, RATE_WEB},
        {"GET", {"check", "x"}, RATE_WEB},
        {"GET", {"checks"}, RATE_WEB},
        {"POST", {"api", "notify-callback"}, RATE_RULES},
        {"GET", {"api", "notify-callback"}, RATE_API},
        {"POST", {"api", "notify-callback", "x"}, RATE_API},
        {"POST", {"api", "v3"}, RATE_API},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t count = 0;

        while (count < 3 && cases[i].segments[count] != NULL)
            count++;
        CHECK(rate_rule_of(cases[i].method, cases[i].segments, count) == cases[i].rule, "case %zu",
              i);
    }
}

static bool is_same(struct rate_key a, struct rate_key b)
{
    return memcmp(&a, &b, sizeof(a)) == 0;
}

static void tokens_of_one_owner_are_one_key(void **state)
{
    const struct uuid one = {{1}}, two = {{2}};
    const struct caller a = {.token_id = one, .lead_provider_id = one};
    const struct caller b = {.token_id = two, .lead_provider_id = one};
    const struct caller other = {.token_id = two, .lead_provider_id = two};
    const struct caller studio = {.token_id = one, .kind = CALLER_DATA_STUDIO};
    const struct caller studio_too = {.token_id = two, .kind = CALLER_DATA_STUDIO};
    const struct caller learn = {.token_id = one, .kind = CALLER_ENGAGE_AND_LEARN};
    struct address address = {{1}};

    (void)state;
    assert_true(is_same(rate_key_of_caller(RATE_API, &a), rate_key_of_caller(RATE_API, &b)));
    assert_false(is_same(rate_key_of_caller(RATE_API, &a), rate_key_of_caller(RATE_API, &other)));
    assert_true(
        is_same(rate_key_of_caller(RATE_API, &studio), rate_key_of_caller(RATE_API, &studio_too)));
    assert_false(
        is_same(rate_key_of_caller(RATE_API, &studio), rate_key_of_caller(RATE_API, &learn)));
    assert_false(
        is_same(rate_key_of_caller(RATE_API, &a), rate_key_of_address(RATE_API, &address)));
    assert_false(
        is_same(rate_key_of_address(RATE_WEB, &address), rate_key_of_address(RATE_API, &address)));
}

static void requests_up_to_the_limit_pass_and_those_after_it_do_not(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key key = key_of("203.0.113.7");

    (void)state;
    for (int i = 1; i <= 2 * LIMIT; i++) {
        struct rate_verdict verdict = rate_limits_take(limits, &key, WINDOW + i * INSTANT_SECOND);

        CHECK(verdict.is_refused == (i > LIMIT), "request %d", i);
        CHECK(verdict.is_first_refusal == (i == LIMIT + 1), "request %d", i);
        CHECK(verdict.remaining == (i > LIMIT ? 0 : LIMIT - i), "request %d", i);
        CHECK(verdict.seconds_left == PERIOD - i, "request %d", i);
        CHECK(verdict.limit == LIMIT && verdict.period == PERIOD, "request %d", i);
    }
    assert_int_equal(rate_limits_refused(limits, RATE_API), LIMIT);
    assert_int_equal(rate_limits_refused(limits, RATE_WEB), 0);
    rate_limits_free(limits);
}

static void the_next_window_starts_from_nothing(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key key = key_of("203.0.113.7");

    (void)state;
    for (int i = 0; i < LIMIT + 5; i++)
        (void)rate_limits_take(limits, &key, WINDOW + PERIOD * INSTANT_SECOND - 1);
    assert_true(rate_limits_take(limits, &key, WINDOW + PERIOD * INSTANT_SECOND - 1).is_refused);
    assert_int_equal(rate_limits_take(limits, &key, WINDOW + PERIOD * INSTANT_SECOND).remaining,
                     LIMIT - 1);
    rate_limits_free(limits);
}

static void keys_do_not_hinder_one_another(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key one = key_of("203.0.113.7");
    struct rate_key two = key_of("203.0.113.8");

    (void)state;
    for (int i = 0; i <= LIMIT; i++)
        (void)rate_limits_take(limits, &one, WINDOW);
    assert_true(rate_limits_take(limits, &one, WINDOW).is_refused);
    assert_int_equal(rate_limits_take(limits, &two, WINDOW).remaining, LIMIT - 1);
    rate_limits_free(limits);
}

static void *take_many(void *context)
{
    struct rate_limits *limits = context;
    struct rate_key key = key_of("203.0.113.7");
    intptr_t passed = 0;

    for (int i = 0; i < 1000; i++)
        passed += !rate_limits_take(limits, &key, WINDOW).is_refused;
    return (void *)passed;
}

static void exactly_as_many_pass_when_threads_race(void **state)
{
    const struct config wide = {
        .rate_limit_api = 2345, .rate_limit_web = 1, .rate_limit_period = PERIOD};
    struct rate_limits *limits = rate_limits_new(&wide);
    pthread_t threads[4];
    intptr_t passed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_many, limits), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *result;

        pthread_join(threads[i], &result);
        passed += (intptr_t)result;
    }
    assert_int_equal(passed, 2345);
    assert_int_equal(rate_limits_refused(limits, RATE_API), 4000 - 2345);
    rate_limits_free(limits);
}

/* Another instance's part in the count, as the database tells it. */
static void learn(struct rate_limits *limits, int64_t now, int64_t others)
{
    struct rate_count counts[4];
    size_t count = rate_limits_gather(limits, now, counts, COUNT_OF(counts));

    for (size_t i = 0; i < count; i++)
        counts[i].others = others;
    rate_limits_learn(limits, counts, count);
}

static void what_other_instances_counted_counts_here(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key key = key_of("203.0.113.7");

    (void)state;
    assert_int_equal(rate_limits_take(limits, &key, WINDOW).remaining, LIMIT - 1);
    learn(limits, WINDOW, 4);
    assert_int_equal(rate_limits_take(limits, &key, WINDOW).remaining, LIMIT - 6);
    learn(limits, WINDOW, 1); /* the table was lost */
    assert_int_equal(rate_limits_take(limits, &key, WINDOW).remaining, LIMIT - 7);
    learn(limits, WINDOW, 6);
    assert_false(rate_limits_take(limits, &key, WINDOW).is_refused);
    assert_true(rate_limits_take(limits, &key, WINDOW).is_refused);
    rate_limits_free(limits);
}

static void what_is_learned_of_a_window_that_is_over_counts_no_more(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key key = key_of("203.0.113.7");
    int64_t next = WINDOW + PERIOD * INSTANT_SECOND;
    struct rate_count late;

    (void)state;
    (void)rate_limits_take(limits, &key, next - 1);
    assert_int_equal(rate_limits_gather(limits, next - 1, &late, 1), 1);
    late.others = 100;
    assert_int_equal(rate_limits_take(limits, &key, next).remaining, LIMIT - 1);
    rate_limits_learn(limits, &late, 1);
    assert_int_equal(rate_limits_take(limits, &key, next).remaining, LIMIT - 2);
    rate_limits_free(limits);
}

static void only_what_changed_is_news(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key key = key_of("203.0.113.7");
    struct rate_count count;

    (void)state;
    assert_int_equal(rate_limits_gather(limits, WINDOW, &count, 1), 0);
    (void)rate_limits_take(limits, &key, WINDOW);
    assert_int_equal(rate_limits_gather(limits, WINDOW, &count, 1), 1);
    assert_true(is_same(count.key, key));
    assert_int_equal(count.window, WINDOW);
    assert_int_equal(count.own, 1);
    assert_true(count.is_news);
    (void)rate_limits_take(limits, &key, WINDOW); /* while it is told */
    rate_limits_learn(limits, &count, 1);
    assert_int_equal(rate_limits_gather(limits, WINDOW, &count, 1), 1);
    assert_int_equal(count.own, 2);
    assert_true(count.is_news);
    rate_limits_learn(limits, &count, 1);
    assert_int_equal(rate_limits_gather(limits, WINDOW, &count, 1), 1);
    assert_false(count.is_news);
    rate_limits_free(limits);
}

static void what_is_not_used_is_not_asked_for(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key key = key_of("203.0.113.7");
    struct rate_count count;

    (void)state;
    (void)rate_limits_take(limits, &key, WINDOW);
    assert_int_equal(rate_limits_gather(limits, WINDOW + 9 * INSTANT_SECOND, &count, 1), 1);
    assert_int_equal(rate_limits_gather(limits, WINDOW + 60 * INSTANT_SECOND, &count, 1), 0);
    (void)rate_limits_take(limits, &key, WINDOW + PERIOD * INSTANT_SECOND - 1);
    assert_int_equal(rate_limits_gather(limits, WINDOW + PERIOD * INSTANT_SECOND, &count, 1), 0);
    rate_limits_free(limits);
}

static struct rate_key numbered(uint32_t number)
{
    struct address address = {{0x20, 0x01}};

    memcpy(address.bytes + 12, &number, sizeof(number));
    return rate_key_of_address(RATE_API, &address);
}

/* More addresses than are remembered: those that come again and again are not forgotten, nor is any
 * owner of a token. */
static void a_flood_of_addresses_takes_no_more_memory_and_washes_nobody_away(void **state)
{
    const struct caller caller = {.lead_provider_id = {{7}}};
    struct rate_limits *limits = rate_limits_new(&config);
    struct rate_key owner = rate_key_of_caller(RATE_API, &caller);
    struct rate_key busy = key_of("203.0.113.7");
    static struct rate_count counts[MANY];

    (void)state;
    for (int i = 0; i <= LIMIT; i++)
        (void)rate_limits_take(limits, &owner, WINDOW);
    for (uint32_t i = 0; i < MANY; i++) {
        struct rate_key key = numbered(i);

        (void)rate_limits_take(limits, &key, WINDOW);
        if (i % 1000 == 0)
            (void)rate_limits_take(limits, &busy, WINDOW);
    }
    assert_true(rate_limits_take(limits, &owner, WINDOW).is_refused);
    assert_true(rate_limits_take(limits, &busy, WINDOW).is_refused);
    assert_true(rate_limits_gather(limits, WINDOW, counts, MANY) < 20000);
    assert_true(is_same(counts[0].key, owner));
    assert_true(is_same(counts[1].key, busy));
    rate_limits_free(limits);
}

static void old_windows_are_those_before_the_longest_that_runs(void **state)
{
    struct rate_limits *limits = rate_limits_new(&config);

    (void)state;
    assert_int_equal(rate_limits_oldest_window(limits, WINDOW + 299 * INSTANT_SECOND), WINDOW);
    rate_limits_free(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_begins_at_a_multiple_of_its_period),
        cmocka_unit_test(each_path_has_its_rule),
        cmocka_unit_test(tokens_of_one_owner_are_one_key),
        cmocka_unit_test(requests_up_to_the_limit_pass_and_those_after_it_do_not),
        cmocka_unit_test(the_next_window_starts_from_nothing),
        cmocka_unit_test(keys_do_not_hinder_one_another),
        cmocka_unit_test(exactly_as_many_pass_when_threads_race),
        cmocka_unit_test(what_other_instances_counted_counts_here),
        cmocka_unit_test(what_is_learned_of_a_window_that_is_over_counts_no_more),
        cmocka_unit_test(only_what_changed_is_news),
        cmocka_unit_test(what_is_not_used_is_not_asked_for),
        cmocka_unit_test(a_flood_of_addresses_takes_no_more_memory_and_washes_nobody_away),
        cmocka_unit_test(old_windows_are_those_before_the_longest_that_runs),
    };

    return RUN_TESTS(tests);
}
