/* The table of jobs; docs/operations.md shows it to operators. */
#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "db/db.h"
#include "db/queries.h"
#include "log.h"
#include "resources/jobs.h"
#include "resources/purging.h"
#include "resources/requests.h"
#include "resources/statements.h"

enum { ATTEMPT_DAYS = 365, EVENT_DAYS = 30 };

static enum err run_statements(const struct config *config, struct db_pool *pool, int64_t now,
                               int64_t *done)
{
    int64_t declarations;
    int statements;

    (void)config;
    TRY(statements_mark_payable(pool, day_of(now), now, &statements, &declarations));
    if (statements > 0)
        LOG(LOG_LEVEL_INFO, "statements payable", LOG_N("statements", statements),
            LOG_N("declarations", declarations));
    *done = statements;
    return ERR_OK;
}

static enum err run_requests_purge(const struct config *config, struct db_pool *pool, int64_t now,
                                   int64_t *done)
{
    return requests_purge(pool, now - config->request_retention_days * INSTANT_DAY, done);
}

static enum err run_attempts_purge(const struct config *config, struct db_pool *pool, int64_t now,
                                   int64_t *done)
{
    (void)config;
    return purge(pool, &sql_declarations_purge_attempts, now - ATTEMPT_DAYS * INSTANT_DAY, done);
}

static enum err run_analytics_purge(const struct config *config, struct db_pool *pool, int64_t now,
                                    int64_t *done)
{
    (void)config;
    return purge(pool, &sql_analytics_purge, now - EVENT_DAYS * INSTANT_DAY, done);
}

static enum err run_page_marks(const struct config *config, struct db_pool *pool, int64_t now,
                               int64_t *done)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    (void)config;
    (void)now;
    TRY(db_tx_borrow(&tx, pool));
    TRY(db_run_once(&tx, &sql_participants_set_page_marks, NULL, 0, &rows));
    *done = db_get_int(&rows, 0, 0);
    return ERR_OK;
}

const struct job jobs[] = {
    {"statements",
     {0, 0},
     "finance",
     "statements whose deadline has passed become payable",
     true,
     run_statements},
    {"requests_purge",
     {2, 0},
     "service team",
     "deletes records of requests after REQUEST_RETENTION_DAYS",
     false,
     run_requests_purge},
    {"attempts_purge",
     {2, 10},
     "service team",
     "deletes attempts at declarations after 365 days",
     false,
     run_attempts_purge},
    {"analytics_purge",
     {2, 20},
     "service team",
     "deletes analytics events after 30 days",
     false,
     run_analytics_purge},
    {"page_marks",
     {2, 30},
     "service team",
     "sets the marks at which deep pages begin anew, where much has changed",
     false,
     run_page_marks},
};

const size_t job_count = COUNT_OF(jobs);

const struct job *job_find(const char *name)
{
    for (size_t i = 0; i < job_count; i++)
        if (str_equal(jobs[i].name, name))
            return &jobs[i];
    return NULL;
}
