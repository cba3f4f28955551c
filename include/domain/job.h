/* When scheduled work is due: daily at a time of day, again after a failure, given up for a while.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { JOB_TRIES = 8 }; /* failures in a row after which a job waits for its next regular time */

/* A time of day in UTC. */
struct job_time {
    int hour;
    int minute;
};

/* What is known of a job; a zeroed one, with next_run_at INSTANT_NONE, has never run. */
struct job_state {
    int64_t next_run_at;
    int failures; /* since it last succeeded */
    bool is_dead;
};

/* A time that has passed without a run is made up for: once, however many there were. */
bool job_is_due(const struct job_state *state, int64_t now);

/* The first such time of day after now. */
int64_t job_next_time(struct job_time time, int64_t now);

/* The state after a run that ended now. */
struct job_state job_after_success(struct job_time time, int64_t now);
struct job_state job_after_failure(const struct job_state *before, struct job_time time,
                                   int64_t now);
