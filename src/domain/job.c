/* The arithmetic of scheduled work. */
#include "domain/job.h"

#include "base/date.h"
#include "base/field.h"

static const int64_t MINUTE = 60 * INSTANT_SECOND;

bool job_is_due(const struct job_state *state, int64_t now)
{
    return state->next_run_at == INSTANT_NONE || state->next_run_at <= now;
}

int64_t job_next_time(struct job_time time, int64_t now)
{
    int64_t today = day_start(day_of(now)) + (time.hour * 60 + time.minute) * MINUTE;

    return today > now ? today : today + INSTANT_DAY;
}

struct job_state job_after_success(struct job_time time, int64_t now)
{
    return (struct job_state){.next_run_at = job_next_time(time, now)};
}

/* One minute after the first failure, then twice as long each time, up to an hour. */
static int64_t pause_after(int failures)
{
    enum { LONGEST = 60 };
    int64_t minutes = failures > 6 ? LONGEST : INT64_C(1) << (failures - 1);

    return (minutes > LONGEST ? LONGEST : minutes) * MINUTE;
}

struct job_state job_after_failure(const struct job_state *before, struct job_time time,
                                   int64_t now)
{
    struct job_state state = {.failures = before->is_dead ? 1 : before->failures + 1};

    state.is_dead = state.failures >= JOB_TRIES;
    state.next_run_at =
        state.is_dead ? job_next_time(time, now) : now + pause_after(state.failures);
    return state;
}
