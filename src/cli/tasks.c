/* cpd-api tasks: the scheduled jobs, shown and run by hand. */
#include <stdio.h>

#include "base/date.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "resources/jobs.h"

static const char USAGE[] =
    "usage: cpd-api tasks list\n"
    "       cpd-api tasks run NAME\n\n"
    "list shows the jobs that the worker runs: when (UTC), how to run each by hand, who owns it, its\n"
    "last run and how it stands. run runs one now, whether it is due or not; status 75 if the worker\n"
    "or somebody else is running it.\n";

static enum err print_job(struct db_tx *tx, const struct job *job)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value name = db_text(job->name);
    const char *last_run = NULL, *state = "never ran", *fault = NULL;
    char command[64];

    TRY(db_run(tx, &sql_jobs_list, &name, 1, &rows));
    if (rows.count > 0) {
        last_run = db_get_text(&rows, 0, 0);
        state = db_get_text(&rows, 0, 1);
        fault = db_get_text(&rows, 0, 2);
    }
    snprintf(command, sizeof(command), "cpd-api tasks run %s", job->name);
    printf("%-16s  daily %02d:%02d  %-35s  %-12s  %-20s  %s%s%s\n", job->name, job->time.hour,
           job->time.minute, command, job->owner, last_run != NULL ? last_run : "never", state,
           fault != NULL ? ": " : "", fault != NULL ? fault : "");
    return ERR_OK;
}

static enum err tasks_list(struct db_pool *pool)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};

    TRY(db_tx_borrow(&tx, pool));
    printf("%-16s  %-11s  %-35s  %-12s  %-20s  %s\n", "name", "schedule", "command", "owner",
           "last run", "state");
    for (size_t i = 0; i < job_count; i++)
        TRY(print_job(&tx, &jobs[i]));
    return ERR_OK;
}

static enum err tasks_run(const struct config *config, struct db_pool *work, const char *name)
{
    const struct job_pools pools = {.claim = cli_pool_new(config->database_url, "cpd-api tasks"),
                                    .work = work};
    enum err err = job_run(job_find(name), config, &pools, JOB_NOW, instant_now());

    db_pool_free(pools.claim);
    if (err == ERR_OK)
        printf("%s done\n", name);
    return err;
}

int cli_tasks(const struct config *config, int argc, char **argv)
{
    bool is_list = argc == 2 && str_equal(argv[1], "list");
    bool is_run = argc == 3 && str_equal(argv[1], "run") && job_find(argv[2]) != NULL;
    struct db_pool *pool;
    enum err err;

    if (!is_list && !is_run)
        return cli_usage(USAGE, argc, argv);
    pool = cli_writing_pool_new(config, "cpd-api tasks");
    err = is_list ? tasks_list(pool) : tasks_run(config, pool, argv[2]);
    db_pool_free(pool);
    return cli_report(err);
}
