/* What the files of src/db/ share; the only header that includes libpq. */
#pragma once

#include <libpq-fe.h>

#include "db/db.h"

enum { DB_STATEMENTS_MAX = 512 };

struct db_connection {
    PGconn *pg;
    struct metrics *metrics; /* of its pool */
    bool is_broken;
    char constraint[64];
    char sqlstate[6];
    char message[512];
    const struct sql *prepared[DB_STATEMENTS_MAX]; /* a hash table of those prepared here */
};

/* Opens a connection, with the settings of the options. */
enum err db_connection_open(const struct db_pool_options *options, struct db_connection **out)
    MUST_CHECK;
void db_connection_close(struct db_connection *connection);

/* Keeps what a failed result says, logs it and names the fault. Clears the result. */
enum err db_fail(struct db_connection *connection, PGresult *result, const char *where);

/* Counts a failed statement, or connection where sqlstate is NULL or empty. */
void db_count_error(struct metrics *metrics, const char *sqlstate);

/* Counts a statement, with the microseconds that it took. */
void db_count_statement(const struct db_connection *connection, const char *name, int64_t taken);

/* One value in PostgreSQL's binary form. Bytes may be anything where the length says null. */
enum { DB_CELL_NULL = -1 };

struct db_cell {
    const char *bytes;
    int length;
};

struct db_cell db_cell_at(const struct db_rows *rows, int row, int column);

/* The values of a row that is a value itself, as record_send() writes it: how many there are, then
 * one after another. */
size_t db_cell_count(const char **cursor);
struct db_cell db_cell_next(const char **cursor);

/* None of them null. */
int64_t db_cell_int(struct db_cell cell);
bool db_cell_bool(struct db_cell cell);
struct uuid db_cell_uuid(struct db_cell cell);
int64_t db_cell_instant(struct db_cell cell);
int32_t db_cell_day(struct db_cell cell);
