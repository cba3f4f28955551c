/* The outbox, as lines. */
#include "base/field.h"
#include "config.h"
#include "db/queries.h"
#include "resources/analytics.h"

enum { ROWS_AT_ONCE = 1000 };

enum err analytics_export(struct db_pool *pool, const struct config *config, int64_t since,
                          FILE *out)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    int64_t at = since, id = 0;
    int count;

    TRY(db_tx_borrow(&tx, pool));
    do {
        AUTO(db_rows_finish) struct db_rows rows = {0};
        const struct db_value values[] = {db_text(config->environment_name), db_instant(at),
                                          db_int(id), db_int(ROWS_AT_ONCE)};

        TRY(db_run(&tx, &sql_analytics_export, values, COUNT_OF(values), &rows));
        count = rows.count;
        for (int row = 0; row < count; row++) {
            at = db_get_instant(&rows, row, 0);
            id = db_get_int(&rows, row, 1);
            if (fprintf(out, "%s\n", db_get_text(&rows, row, 2)) < 0)
                return ERR_IO;
        }
    } while (count == ROWS_AT_ONCE);
    return fflush(out) == 0 ? ERR_OK : ERR_IO;
}
