/* The scheduled jobs: what there is to run, and running it, one at a time each, with a record.
 * Contract platform.md 18. */
#pragma once

#include "config.h"
#include "db/db.h"
#include "domain/job.h"

struct job {
    const char *name;
    struct job_time time;
    const char *owner;
    const char *what;
    bool finds_due_itself; /* so that a worker that runs once may always run it */
    enum err (*run)(const struct config *config, struct db_pool *pool, int64_t now, int64_t *done);
};

extern const struct job jobs[];
extern const size_t job_count;

/* Makes all of them known, so that one that nobody runs is missed. */
enum err jobs_know(struct db_pool *pool) MUST_CHECK;

/* NULL if there is none of that name. */
const struct job *job_find(const char *name);

/* The claim on a job lasts as long as its run, on a connection of its own. */
struct job_pools {
    struct db_pool *claim;
    struct db_pool *work;
};

enum job_occasion { JOB_IF_DUE, JOB_NOW };

/* Runs a job unless it is not due. ERR_LOCKED: somebody else is running it. A fault of the job
 * itself is logged, recorded, and returned. */
enum err job_run(const struct job *job, const struct config *config, const struct job_pools *pools,
                 enum job_occasion occasion, int64_t now) MUST_CHECK;
