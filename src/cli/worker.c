/* cpd-api worker: the jobs that time brings about. */
#include <signal.h>
#include <stdio.h>

#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "log.h"
#include "resources/jobs.h"

static const char USAGE[] =
    "usage: cpd-api worker [--once]\n\n"
    "Runs the scheduled jobs, one worker at a time (a second one exits with status 75), until SIGTERM.\n"
    "--once runs what is due and ends. cpd-api tasks list shows the jobs.\n";

enum { SECONDS_BETWEEN_LOOKS = 60 };

/* A job that somebody runs by hand is left to them. */
static enum err run_jobs(const struct config *config, const struct job_pools *pools, bool is_once)
{
    enum err first = ERR_OK;

    for (size_t i = 0; i < job_count; i++) {
        enum job_occasion occasion = is_once && jobs[i].finds_due_itself ? JOB_NOW : JOB_IF_DUE;
        enum err err = job_run(&jobs[i], config, pools, occasion, instant_now());

        if (first == ERR_OK && err != ERR_LOCKED)
            first = err;
    }
    return first;
}

/* True once SIGTERM or SIGINT has come; waits for it until the next run. */
static bool is_stopped(const sigset_t *signals)
{
    const struct timespec pause = {.tv_sec = SECONDS_BETWEEN_LOOKS};

    return sigtimedwait(signals, NULL, &pause) > 0;
}

static enum err work(const struct config *config, const struct job_pools *pools, bool is_once)
{
    sigset_t signals;
    enum err err;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    LOG_PLAIN(LOG_LEVEL_INFO, "worker started");
    do
        err = run_jobs(config, pools, is_once);
    while (!is_once && !is_stopped(&signals));
    LOG_PLAIN(LOG_LEVEL_INFO, "worker stopped");
    return is_once ? err : ERR_OK;
}

/* The lock lives on a connection of its own, for as long as the worker does. */
static enum err run_alone(const struct config *config, struct db_pool *lock_pool,
                          const struct job_pools *pools, bool is_once)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_tx_borrow(&tx, lock_pool));
    TRY(db_run_once(&tx, &sql_writing_lock_worker, NULL, 0, &rows));
    return db_get_bool(&rows, 0, 0) ? work(config, pools, is_once) : ERR_LOCKED;
}

int cli_worker(const struct config *config, int argc, char **argv)
{
    bool is_once = argc == 2 && str_equal(argv[1], "--once");
    struct db_pool *lock_pool;
    struct job_pools pools;
    enum err err;

    if (argc > 1 && !is_once)
        return cli_usage(USAGE, argc, argv);
    lock_pool = cli_pool_new(config->database_url, "cpd-api worker lock");
    pools.claim = cli_pool_new(config->database_url, "cpd-api worker claim");
    pools.work = cli_writing_pool_new(config, "cpd-api worker");
    err = run_alone(config, lock_pool, &pools, is_once);
    db_pool_free(pools.work);
    db_pool_free(pools.claim);
    db_pool_free(lock_pool);
    return cli_report(err);
}
