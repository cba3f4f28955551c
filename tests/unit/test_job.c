/* When scheduled work is due. */
#include "domain/job.h"

#include "base/date.h"
#include "base/field.h"
#include "support.h"

static const struct job_time TWO_TEN = {2, 10};
static const int64_t MINUTE = 60 * INSTANT_SECOND;

static int64_t at(const char *text)
{
    int64_t instant = 0;

    assert_true(instant_parse(text, &instant));
    return instant;
}

static void the_next_time_is_later_today_or_tomorrow(void **state)
{
    static const struct {
        const char *now;
        const char *next;
    } cases[] = {
        {"2025-03-01T00:00:00Z", "2025-03-01T02:10:00Z"},
        {"2025-03-01T02:09:59Z", "2025-03-01T02:10:00Z"},
        {"2025-03-01T02:10:00Z", "2025-03-02T02:10:00Z"},
        {"2025-03-01T23:59:59Z", "2025-03-02T02:10:00Z"},
        {"2024-12-31T12:00:00Z", "2025-01-01T02:10:00Z"},
        {"2024-02-28T12:00:00Z", "2024-02-29T02:10:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(job_next_time(TWO_TEN, at(cases[i].now)) == at(cases[i].next), "%s", cases[i].now);
}

static void what_never_ran_or_was_missed_is_due(void **state)
{
    int64_t now = at("2025-03-01T02:10:00Z");

    (void)state;
    assert_true(job_is_due(&(struct job_state){.next_run_at = INSTANT_NONE}, now));
    assert_true(job_is_due(&(struct job_state){.next_run_at = now}, now));
    assert_true(job_is_due(&(struct job_state){.next_run_at = now - 9 * INSTANT_DAY}, now));
    assert_false(job_is_due(&(struct job_state){.next_run_at = now + 1}, now));
}

static void success_forgets_failures(void **state)
{
    struct job_state after = job_after_success(TWO_TEN, at("2025-03-01T05:00:00Z"));

    (void)state;
    assert_int_equal(after.next_run_at, at("2025-03-02T02:10:00Z"));
    assert_int_equal(after.failures, 0);
    assert_false(after.is_dead);
}

static void failures_are_tried_again_ever_later_and_then_given_up(void **state)
{
    static const int minutes[] = {1, 2, 4, 8, 16, 32, 60};
    int64_t now = at("2025-03-01T05:00:00Z");
    struct job_state job = {.next_run_at = INSTANT_NONE};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(minutes); i++) {
        job = job_after_failure(&job, TWO_TEN, now);
        CHECK(job.next_run_at == now + minutes[i] * MINUTE, "failure %zu", i + 1);
        CHECK(job.failures == (int)i + 1 && !job.is_dead, "failure %zu", i + 1);
    }
    job = job_after_failure(&job, TWO_TEN, now);
    assert_true(job.is_dead);
    assert_int_equal(job.failures, JOB_TRIES);
    assert_int_equal(job.next_run_at, at("2025-03-02T02:10:00Z"));
    job = job_after_failure(&job, TWO_TEN, now); /* its regular time came, and it failed again */
    assert_false(job.is_dead);
    assert_int_equal(job.failures, 1);
    assert_int_equal(job.next_run_at, now + MINUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_time_is_later_today_or_tomorrow),
        cmocka_unit_test(what_never_ran_or_was_missed_is_due),
        cmocka_unit_test(success_forgets_failures),
        cmocka_unit_test(failures_are_tried_again_ever_later_and_then_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
