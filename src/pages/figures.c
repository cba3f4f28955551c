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

struct figures {
    struct metrics *metrics;
    struct db_pool *pool;
    atomic_int_fast64_t read_at;
    struct ticker *ticker;
};

/* In the order of the statement's columns. */
static const enum metric columns[] = {
    METRIC_DB_CONNECTIONS, METRIC_DB_SIZE,     METRIC_DB_DEADLOCKS,
    METRIC_DB_ROLLBACKS,   METRIC_DB_SEQ_SCAN, METRIC_DB_IDX_SCAN,
};

static enum err read_database(const struct figures *figures)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_tx_borrow(&tx, figures->pool));
    TRY(db_run(&tx, &sql_metrics_database, NULL, 0, &rows));
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        metrics_set(figures->metrics, columns[i], NULL, db_get_int(&rows, 0, (int)i));
    return ERR_OK;
}

static void forget(const struct figures *figures)
{
    metrics_set(figures->metrics, METRIC_DB_UP, NULL, 0);
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        metrics_forget(figures->metrics, columns[i]);
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
