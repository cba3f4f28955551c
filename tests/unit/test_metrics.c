/* Counting, and the text that Prometheus reads. */
#include "base/metrics.h"

#include <pthread.h>
#include <string.h>

#include "support.h"

/* How often a text is in the whole of what is written. */
static size_t times(struct metrics *metrics, const char *text)
{
    struct buf out = {0};
    size_t count = 0;

    metrics_write(metrics, &out);
    for (const char *at = buf_terminate(&out); (at = strstr(at, text)) != NULL; at++)
        count++;
    buf_finish(&out);
    return count;
}

static void check_line(struct metrics *metrics, const char *line)
{
    char whole[256];

    snprintf(whole, sizeof(whole), "\n%s\n", line);
    CHECK(times(metrics, whole) == 1, "%s", line);
}

static void every_metric_is_described_once(void **state)
{
    struct metrics *metrics = metrics_new();

    (void)state;
    assert_int_equal(times(metrics, "# HELP "), METRICS);
    assert_int_equal(times(metrics, "# TYPE "), METRICS);
    assert_int_equal(times(metrics, "(null)"), 0);
    metrics_free(metrics);
}

static void counters_count_by_their_labels(void **state)
{
    struct metrics *metrics = metrics_new();

    (void)state;
    for (int i = 0; i < 3; i++)
        metrics_count(metrics, METRIC_AUTH_FAILURES, METRIC_LABELS("401"));
    metrics_count(metrics, METRIC_AUTH_FAILURES, METRIC_LABELS("403"));
    metrics_count(metrics, METRIC_REQUESTS, METRIC_LABELS("GET", "/check", "2xx", "none"));
    metrics_count(metrics, METRIC_REQUESTS, METRIC_LABELS("GET", "/check", "5xx", "none"));
    check_line(metrics, "auth_failures_total{status=\"401\"} 3");
    check_line(metrics, "auth_failures_total{status=\"403\"} 1");
    check_line(
        metrics,
        "requests_total{method=\"GET\",route=\"/check\",status_range=\"2xx\",version=\"none\"} 1");
    check_line(metrics, "api_requests_dropped_total 0");
    assert_int_equal(metrics_total(metrics, METRIC_AUTH_FAILURES), 4);
    assert_int_equal(metrics_total(metrics, METRIC_REQUESTS), 2);
    metrics_free(metrics);
}

static void label_values_may_be_anything(void **state)
{
    struct metrics *metrics = metrics_new();

    (void)state;
    metrics_set(metrics, METRIC_BUILD_INFO, METRIC_LABELS("a\"b\\c\nd", ""), 1);
    metrics_set(metrics, METRIC_BUILD_INFO, METRIC_LABELS("", "a\"b\\c\nd"), 2);
    check_line(metrics, "build_info{version=\"a\\\"b\\\\c\\nd\",sha=\"\"} 1");
    check_line(metrics, "build_info{version=\"\",sha=\"a\\\"b\\\\c\\nd\"} 2");
    metrics_free(metrics);
}

static void a_histogram_counts_up_to_each_bound(void **state)
{
    struct metrics *metrics = metrics_new();
    const char *const *labels = METRIC_LABELS("/x", "2xx");

    (void)state;
    metrics_observe(metrics, METRIC_RESPONSE_TIME, labels, -5); /* the clock was put back */
    metrics_observe(metrics, METRIC_RESPONSE_TIME, labels, 10000);
    metrics_observe(metrics, METRIC_RESPONSE_TIME, labels, 10001);
    metrics_observe(metrics, METRIC_RESPONSE_TIME, labels, 10000000);
    metrics_observe(metrics, METRIC_RESPONSE_TIME, labels, 60000000);
#define X "{route=\"/x\",status_range=\"2xx\""
    check_line(metrics, "response_time_seconds_bucket" X ",le=\"0.01\"} 2");
    check_line(metrics, "response_time_seconds_bucket" X ",le=\"0.025\"} 3");
    check_line(metrics, "response_time_seconds_bucket" X ",le=\"5\"} 3");
    check_line(metrics, "response_time_seconds_bucket" X ",le=\"10\"} 4");
    check_line(metrics, "response_time_seconds_bucket" X ",le=\"+Inf\"} 5");
    check_line(metrics, "response_time_seconds_count" X "} 5");
    check_line(metrics, "response_time_seconds_sum" X "} 70.020001");
    assert_int_equal(times(metrics, "response_time_seconds_bucket"), 11);
    check_line(metrics, "db_pool_wait_seconds_bucket{le=\"0.00025\"} 0");
    check_line(metrics, "db_pool_wait_seconds_count 0");
    metrics_free(metrics);
}

static void what_is_not_known_is_not_shown(void **state)
{
    struct metrics *metrics = metrics_new();

    (void)state;
    assert_int_equal(times(metrics, "\ndbsize_byte "), 0);
    metrics_set(metrics, METRIC_DB_SIZE, NULL, 12);
    check_line(metrics, "dbsize_byte 12");
    metrics_forget(metrics, METRIC_DB_SIZE);
    assert_int_equal(times(metrics, "\ndbsize_byte "), 0);
    metrics_set(metrics, METRIC_DB_SIZE, NULL, 13);
    check_line(metrics, "dbsize_byte 13");
    metrics_set(metrics, METRIC_PROCESS_CPU, NULL, 1500000);
    check_line(metrics, "process_cpu_seconds_total 1.500000");
    metrics_free(metrics);
}

static void refresh(void *context)
{
    metrics_set(context, METRIC_HTTP_IN_FLIGHT, NULL, 7);
}

static void sources_are_asked_before_a_reading(void **state)
{
    struct metrics *metrics = metrics_new();

    (void)state;
    metrics_add_source(metrics, refresh, metrics);
    metrics_refresh(metrics);
    check_line(metrics, "http_in_flight 7");
    metrics_free(metrics);
}

enum { THREADS = 8, ROUNDS = 20000 };

static void *count_much(void *metrics)
{
    static const char *const routes[] = {"/a", "/b", "/c", "/d", "/e"};

    for (size_t i = 0; i < ROUNDS; i++) {
        const char *route = routes[i % COUNT_OF(routes)];

        metrics_count(metrics, METRIC_REQUESTS, METRIC_LABELS("GET", route, "2xx", "v3"));
        metrics_observe(metrics, METRIC_RESPONSE_TIME, METRIC_LABELS(route, "2xx"), (int64_t)i);
    }
    return NULL;
}

static void nothing_is_lost_among_threads(void **state)
{
    struct metrics *metrics = metrics_new();
    pthread_t threads[THREADS];

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_much, metrics), 0);
    for (int i = 0; i < 20; i++) /* readers disturb nobody */
        assert_true(times(metrics, "# TYPE ") == METRICS);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(metrics_total(metrics, METRIC_REQUESTS), THREADS * ROUNDS);
    assert_int_equal(times(metrics, "\nrequests_total{"), 5);
    check_line(metrics, "response_time_seconds_count{route=\"/a\",status_range=\"2xx\"} 32000");
    metrics_free(metrics);
}

static void commands_count_nothing(void **state)
{
    (void)state;
    metrics_count(NULL, METRIC_DB_ERRORS, METRIC_LABELS("08"));
    metrics_observe(NULL, METRIC_DB_POOL_WAIT, NULL, 1);
    metrics_set(NULL, METRIC_DB_UP, NULL, 1);
    metrics_forget(NULL, METRIC_DB_UP);
    metrics_add_source(NULL, refresh, NULL);
    metrics_refresh(NULL);
    assert_int_equal(metrics_total(NULL, METRIC_DB_UP), 0);
    metrics_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_is_described_once),
        cmocka_unit_test(counters_count_by_their_labels),
        cmocka_unit_test(label_values_may_be_anything),
        cmocka_unit_test(a_histogram_counts_up_to_each_bound),
        cmocka_unit_test(what_is_not_known_is_not_shown),
        cmocka_unit_test(sources_are_asked_before_a_reading),
        cmocka_unit_test(nothing_is_lost_among_threads),
        cmocka_unit_test(commands_count_nothing),
    };

    return RUN_TESTS(tests);
}
