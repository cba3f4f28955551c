/* A reading that is missing or old is not shown: db_up is 0 then, and the others are left out. */
#include "pages/figures.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/field.h"
#include "base/metrics.h"
#include "base/ticker.h"
#include "db/db.h"
#include "db/queries.h"

enum { PERIOD_MS = 5000, STALE_AFTER = 15 }; /* seconds */

/* Seconds until the end of a run is looked at: its worker's clock may differ, and its transaction
 * must have committed. */
enum { JOB_RUNS_LAG = 15 };

struct figures {
    struct metrics *metrics;
    struct db_pool *pool;
    atomic_int_fast64_t read_at;
    int64_t job_runs_until; /* those that ended until then are counted */
    struct ticker *ticker;
};

/* In the order of the statement's columns. */
static const enum metric columns[] = {
    METRIC_DB_CONNECTIONS, METRIC_DB_SIZE,     METRIC_DB_DEADLOCKS,
    METRIC_DB_ROLLBACKS,   METRIC_DB_SEQ_SCAN, METRIC_DB_IDX_SCAN,
};

static const enum metric job_gauges[] = {METRIC_JOBS_QUEUED, METRIC_JOBS_FAILED};

/* Due; and to be tried again, or given up. */
static enum err read_jobs(const struct figures *figures, struct db_tx *tx)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_run(tx, &sql_health_jobs, NULL, 0, &rows));
    metrics_set(figures->metrics, METRIC_JOBS_QUEUED, NULL, db_get_int(&rows, 0, 0));
    metrics_set(figures->metrics, METRIC_JOBS_FAILED, NULL,
                db_get_int(&rows, 0, 1) + db_get_int(&rows, 0, 2));
    return ERR_OK;
}

static enum err count_job_runs(struct figures *figures, struct db_tx *tx, int64_t now)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    int64_t until = now - JOB_RUNS_LAG * INSTANT_SECOND;
    const struct db_value values[] = {db_instant(figures->job_runs_until), db_instant(until)};

    TRY(db_run(tx, &sql_metrics_job_runs, values, COUNT_OF(values), &rows));
    for (int i = 0; i < rows.count; i++) {
        metrics_count(figures->metrics, METRIC_JOB_RUNS,
                      METRIC_LABELS(db_get_text(&rows, i, 0), db_get_text(&rows, i, 1)));
        metrics_observe(figures->metrics, METRIC_JOB_DURATION, NULL, db_get_int(&rows, i, 2));
    }
    figures->job_runs_until = until;
    return ERR_OK;
}

static enum err read_database(struct figures *figures)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_tx_borrow(&tx, figures->pool));
    TRY(db_run(&tx, &sql_metrics_database, NULL, 0, &rows));
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        metrics_set(figures->metrics, columns[i], NULL, db_get_int(&rows, 0, (int)i));
    TRY(read_jobs(figures, &tx));
    return count_job_runs(figures, &tx, instant_now());
}

static void forget(const struct figures *figures)
{
    metrics_set(figures->metrics, METRIC_DB_UP, NULL, 0);
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        metrics_forget(figures->metrics, columns[i]);
    for (size_t i = 0; i < COUNT_OF(job_gauges); i++)
        metrics_forget(figures->metrics, job_gauges[i]);
}

static void look(void *context)
{
    struct figures *figures = context;

    if (read_database(figures) != ERR_OK) {
        forget(figures);
        return;
    }
    metrics_set(figures->metrics, METRIC_DB_UP, NULL, 1);
    atomic_store(&figures->read_at, instant_now());
}

/* A database that does not answer holds the reader, but not who asks for the metrics. */
static void check_age(void *context)
{
    const struct figures *figures = context;

    if (instant_now() - atomic_load(&figures->read_at) > STALE_AFTER * INSTANT_SECOND)
        forget(figures);
}

struct figures *figures_start(const struct service *service)
{
    struct figures *figures = calloc(1, sizeof(*figures));

    if (figures == NULL)
        abort();
    figures->metrics = service->metrics;
    figures->pool = service->background_pool;
    figures->job_runs_until = instant_now() - JOB_RUNS_LAG * INSTANT_SECOND;
    look(figures);
    figures->ticker = ticker_start(PERIOD_MS, look, figures);
    metrics_add_source(figures->metrics, check_age, figures);
    return figures;
}

void figures_stop(struct figures *figures)
{
    if (figures == NULL)
        return;
    ticker_stop(figures->ticker);
    free(figures);
}
