/* cpd-api worker: the jobs that time brings about. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "log.h"
#include "resources/statements.h"

static const char USAGE[] =
    "usage: cpd-api worker [--once]\n\n"
    "Runs the scheduled jobs, one worker at a time (a second one exits with status 75), until SIGTERM.\n"
    "--once runs what is due and ends.\n\n"
    "  statements  every minute: statements whose deadline has passed become payable\n";

enum { SECONDS_BETWEEN_RUNS = 60 };

static enum err run_statements(struct db_pool *pool, int64_t now)
{
    int64_t declarations;
    int statements;

    TRY(statements_mark_payable(pool, day_of(now), now, &statements, &declarations));
    if (statements > 0)
        LOG(LOG_LEVEL_INFO, "job", LOG_T("job", "statements"), LOG_N("statements", statements),
            LOG_N("declarations", declarations));
    return ERR_OK;
}

/* Each job looks for itself what is due, and running it again does no harm. */
static const struct {
    const char *name;
    enum err (*run)(struct db_pool *pool, int64_t now);
} jobs[] = {
    {"statements", run_statements},
};

static enum err run_jobs(struct db_pool *pool)
{
    enum err first = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        enum err err = jobs[i].run(pool, instant_now());

        if (err != ERR_OK)
            LOG(LOG_LEVEL_ERROR, "job failed", LOG_T("job", jobs[i].name),
                LOG_T("fault", err_name(err)));
        if (first == ERR_OK)
            first = err;
    }
    return first;
}

/* True once SIGTERM or SIGINT has come; waits for it until the next run. */
static bool is_stopped(const sigset_t *signals)
{
    const struct timespec pause = {.tv_sec = SECONDS_BETWEEN_RUNS};

    return sigtimedwait(signals, NULL, &pause) > 0;
}

static enum err work(struct db_pool *pool, bool is_once)
{
    sigset_t signals;
    enum err err;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    do
        err = run_jobs(pool);
    while (!is_once && !is_stopped(&signals));
    return is_once ? err : ERR_OK;
}

/* The lock lives on a connection of its own, for as long as the worker does. */
static enum err run_alone(struct db_pool *lock_pool, struct db_pool *pool, bool is_once)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_tx_borrow(&tx, lock_pool));
    TRY(db_run_once(&tx, &sql_writing_lock_worker, NULL, 0, &rows));
    return db_get_bool(&rows, 0, 0) ? work(pool, is_once) : ERR_LOCKED;
}

int cli_worker(const struct config *config, int argc, char **argv)
{
    bool is_once = argc == 2 && str_equal(argv[1], "--once");
    struct db_pool *lock_pool, *pool;
    enum err err;

    if (argc > 1 && !is_once)
        return cli_usage(USAGE, argc, argv);
    lock_pool = cli_pool_new(config->database_url, "cpd-api worker lock");
    pool = cli_pool_new(config->database_url, "cpd-api worker");
    err = run_alone(lock_pool, pool, is_once);
    db_pool_free(pool);
    db_pool_free(lock_pool);
    return cli_report(err);
}
