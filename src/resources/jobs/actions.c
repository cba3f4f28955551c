/* Running a job: claim, begin, work, end. */
#include "base/date.h"
#include "base/field.h"
#include "db/queries.h"
#include "db/row.h"
#include "log.h"
#include "resources/jobs.h"

/* One statement in a transaction of its own. */
static enum err run_apart(struct db_pool *pool, const struct sql *sql,
                          const struct db_value *values, size_t count, struct db_rows *out)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};

    TRY(db_tx_borrow(&tx, pool));
    return db_run(&tx, sql, values, count, out);
}

enum err jobs_know(struct db_pool *pool)
{
    for (size_t i = 0; i < job_count; i++) {
        const struct db_value name = db_text(jobs[i].name);

        TRY(run_apart(pool, &sql_jobs_know, &name, 1, NULL));
    }
    return ERR_OK;
}

static enum err claim(struct db_tx *tx, const struct job *job, struct job_state *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value name = db_text(job->name);

    TRY(db_run(tx, &sql_jobs_claim, &name, 1, &rows));
    if (rows.count == 0)
        return ERR_LOCKED;
    *out = (struct job_state){.next_run_at = db_instant_or_none(&rows, 0, 0),
                              .failures = (int)db_get_int(&rows, 0, 1),
                              .is_dead = db_get_bool(&rows, 0, 2)};
    return ERR_OK;
}

static enum err begin(struct db_pool *pool, const struct job *job, int64_t now, int64_t *run)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value values[] = {db_text(job->name), db_instant(now)};

    TRY(run_apart(pool, &sql_jobs_begin, values, COUNT_OF(values), &rows));
    *run = db_get_int(&rows, 0, 0);
    return ERR_OK;
}

struct outcome {
    int64_t run;
    enum err err;
    int64_t done;
    int64_t ended_at;
    struct job_state after;
};

static enum err end(struct db_tx *tx, const struct job *job, const struct outcome *outcome)
{
    const struct db_value values[] = {
        db_text(job->name),
        db_int(outcome->run),
        db_instant(outcome->ended_at),
        db_text(outcome->err == ERR_OK ? NULL : err_name(outcome->err)),
        db_int(outcome->done),
        db_instant(outcome->after.next_run_at),
        db_int(outcome->after.failures),
        db_bool(outcome->after.is_dead),
    };

    TRY(db_run(tx, &sql_jobs_end, values, COUNT_OF(values), NULL));
    return db_tx_commit(tx);
}

static void say(const struct job *job, const struct outcome *outcome)
{
    if (outcome->err != ERR_OK)
        LOG(LOG_LEVEL_ERROR, "job failed", LOG_T("job", job->name),
            LOG_T("fault", err_name(outcome->err)), LOG_N("failures", outcome->after.failures));
    else
        LOG(LOG_LEVEL_INFO, "job", LOG_T("job", job->name), LOG_N("done", outcome->done));
}

enum err job_run(const struct job *job, const struct config *config, const struct job_pools *pools,
                 enum job_occasion occasion, int64_t now)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    const struct db_value name = db_text(job->name);
    struct job_state state;
    struct outcome outcome = {0};

    TRY(run_apart(pools->work, &sql_jobs_know, &name, 1, NULL));
    TRY(db_tx_begin(&tx, pools->claim));
    TRY(claim(&tx, job, &state));
    if (occasion == JOB_IF_DUE && !job_is_due(&state, now))
        return ERR_OK;
    TRY(begin(pools->work, job, now, &outcome.run));
    outcome.err = job->run(config, pools->work, now, &outcome.done);
    outcome.ended_at = instant_now();
    outcome.after = outcome.err == ERR_OK ? job_after_success(job->time, outcome.ended_at)
                                          : job_after_failure(&state, job->time, outcome.ended_at);
    say(job, &outcome);
    TRY(end(&tx, job, &outcome));
    return outcome.err;
}
