/* Closing and paying statements. */
#include "resources/statements.h"

#include "base/field.h"
#include "db/queries.h"
#include "db/row.h"

enum { TRIES = 5 };

/* Runs one function on one statement in a transaction of its own, again if another transaction
 * undid it. */
static enum err run_once(struct db_pool *pool, const struct sql *sql, const struct uuid *id,
                         int64_t now, struct db_rows *out)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    const struct db_value begin[] = {db_instant(now), db_text("system"), db_null(), db_null()};
    const struct db_value values[] = {db_uuid(id), db_instant(now)};
    const struct db_step said = {&sql_writing_begin, begin, COUNT_OF(begin), NULL};
    const struct db_step step = {sql, values, COUNT_OF(values), out};

    TRY(db_tx_begin_with(&tx, pool, &said, 1));
    return db_tx_commit_with(&tx, &step, 1);
}

static enum err run(struct db_pool *pool, const struct sql *sql, const struct uuid *id, int64_t now,
                    struct db_rows *out)
{
    enum err err = ERR_DB_CONFLICT;

    for (int i = 0; i < TRIES && err == ERR_DB_CONFLICT; i++) {
        db_rows_finish(out);
        err = run_once(pool, sql, id, now, out);
    }
    return err;
}

static enum err find_due(struct db_pool *pool, int32_t day, struct db_rows *out)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    const struct db_value value = db_day(day);

    TRY(db_tx_borrow(&tx, pool));
    return db_run(&tx, &sql_statements_due, &value, 1, out);
}

enum err statements_mark_payable(struct db_pool *pool, int32_t day, int64_t now, int *statements,
                                 int64_t *declarations)
{
    AUTO(db_rows_finish) struct db_rows due = {0};

    *statements = 0;
    *declarations = 0;
    TRY(find_due(pool, day, &due));
    for (int row = 0; row < due.count; row++) {
        AUTO(db_rows_finish) struct db_rows closed = {0};
        struct uuid id = db_get_uuid(&due, row, 0);

        TRY(run(pool, &sql_statements_close, &id, now, &closed));
        if (db_is_null(&closed, 0, 0))
            continue;
        (*statements)++;
        *declarations += db_get_int(&closed, 0, 0);
    }
    return ERR_OK;
}

enum err statement_mark_paid(struct db_pool *pool, const struct uuid *id, int64_t now,
                             struct arena *arena, const char **refusal)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(run(pool, &sql_statements_pay, id, now, &rows));
    *refusal = db_text_copy(&rows, 0, 0, arena);
    return ERR_OK;
}
