/* COPY in and out, for import and export. */
#include "internal.h"

#include <limits.h>

static enum err start_copy(struct db_tx *tx, const char *copy, ExecStatusType wanted)
{
    PGresult *result = PQexec(tx->connection->pg, copy);

    if (PQresultStatus(result) != wanted)
        return db_fail(tx->connection, result, "copy");
    PQclear(result);
    return ERR_OK;
}

/* Reads the results that follow a COPY; the first failure is the one that counts. */
static enum err end_copy(struct db_tx *tx)
{
    enum err err = ERR_OK;
    PGresult *result;

    while ((result = PQgetResult(tx->connection->pg)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && err == ERR_OK)
            err = db_fail(tx->connection, result, "copy");
        else
            PQclear(result);
    }
    return err;
}

enum err db_copy_in_start(struct db_tx *tx, const char *copy)
{
    return start_copy(tx, copy, PGRES_COPY_IN);
}

enum err db_copy_in_data(struct db_tx *tx, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t step = length > INT_MAX ? INT_MAX : length;

        if (PQputCopyData(tx->connection->pg, bytes, (int)step) != 1) {
            TRY(end_copy(tx));
            return ERR_DB_AWAY;
        }
        bytes += step;
        length -= step;
    }
    return ERR_OK;
}

enum err db_copy_in_end(struct db_tx *tx)
{
    if (PQputCopyEnd(tx->connection->pg, NULL) != 1)
        return ERR_DB_AWAY;
    return end_copy(tx);
}

enum err db_copy_out_start(struct db_tx *tx, const char *copy)
{
    return start_copy(tx, copy, PGRES_COPY_OUT);
}

enum err db_copy_out_line(struct db_tx *tx, char **line, size_t *length)
{
    int got;

    PQfreemem(*line);
    *line = NULL;
    *length = 0;
    got = PQgetCopyData(tx->connection->pg, line, 0);
    if (got > 0) {
        *length = (size_t)got;
        return ERR_OK;
    }
    return end_copy(tx);
}
