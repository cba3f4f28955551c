/* Shared by all that is kept for a time. */
#include "resources/purging.h"

enum { ROWS_AT_ONCE = 10000 };

enum err purge(struct db_pool *pool, const struct sql *sql, int64_t before, int64_t *count)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    const struct db_value values[] = {db_instant(before), db_int(ROWS_AT_ONCE)};
    int64_t deleted;

    *count = 0;
    TRY(db_tx_borrow(&tx, pool));
    do {
        AUTO(db_rows_finish) struct db_rows rows = {0};

        TRY(db_run(&tx, sql, values, 2, &rows));
        deleted = db_get_int(&rows, 0, 0);
        *count += deleted;
    } while (deleted > 0);
    return ERR_OK;
}
