/* PostgreSQL for everybody else: a pool, transactions, statements of db/queries/, rows in binary.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/uuid.h"

/* ---- statements
 * -------------------------------------------------------------------------------------------- */

/* One file of db/queries/, embedded at build time: db/queries/schools/page.sql is sql_schools_page,
 * declared in the generated header "db/queries.h". */
struct sql {
    const char *name; /* also the name of the prepared statement */
    const char *text;
};

enum db_type {
    DB_NULL,
    DB_TEXT,
    DB_INT, /* bigint */
    DB_BOOL,
    DB_UUID,
    DB_INSTANT, /* timestamptz */
    DB_DAY,     /* date */
    DB_INTS,    /* smallint[] */
    DB_UUIDS,   /* uuid[] */
    DB_BYTES,   /* bytea */
};

/* A parameter; made with the functions below. Texts and arrays are borrowed until the call returns.
 */
struct db_value {
    enum db_type type;
    union {
        const char *text;
        int64_t integer;
        bool boolean;
        struct uuid uuid;
        int64_t instant;
        int32_t day;
        struct {
            const void *items; /* int16_t or struct uuid; or bytes */
            size_t count;
        } array;
    } as;
};

struct db_value db_null(void);
struct db_value
db_text(const char *text); /* NULL becomes null, so in all others that take a pointer */
struct db_value db_int(int64_t value);
struct db_value db_bool(bool value);
struct db_value db_uuid(const struct uuid *uuid);
struct db_value db_instant(int64_t instant);
struct db_value db_instant_or_null(const int64_t *instant);
struct db_value db_day(int32_t day);
struct db_value db_ints(const int16_t *items, size_t count);
struct db_value db_uuids(const struct uuid *items, size_t count);
struct db_value db_bytes(const void *bytes, size_t count);

/* ---- pool and transactions
 * --------------------------------------------------------------------------------- */

struct db_pool;
struct metrics;

struct db_pool_options {
    const char *url;      /* libpq URI or key=value text */
    int size;             /* connections at most; they are opened when first needed */
    int wait_ms;          /* how long to wait for a free one: ERR_DB_BUSY */
    int statement_ms;     /* statement_timeout; 0: none */
    const char *name;     /* application_name */
    const char *settings; /* more of them, as -c name=value; NULL: none */
    bool
        keeps_plans; /* a statement is planned once per connection, without looking at its values */
    struct metrics *metrics; /* where waits, statements and errors are counted; NULL: nowhere */
};

struct db_pool *db_pool_new(const struct db_pool_options *options);
void db_pool_free(struct db_pool *pool); /* accepts NULL */

/* How busy the pool is at this moment. */
struct db_pool_use {
    int size;
    int in_use;
    int waiting; /* threads in its queue */
};

struct db_pool_use db_pool_look(struct db_pool *pool);
/* Are all connections lent, and has none come back for half of the time that anybody would wait?
 * A pool that is merely busy is not stuck. */
bool db_pool_is_stuck(struct db_pool *pool);

/* One connection, taken from the pool when begun and given back when finished. Finishing rolls back
 * what was not committed. A zeroed struct may be finished. */
struct db_tx {
    struct db_pool *pool;
    struct db_connection *connection;
    bool is_open;
};

enum err db_tx_begin(struct db_tx *tx, struct db_pool *pool) MUST_CHECK;

/* A connection without BEGIN: for reads of one statement, which need no transaction block. */
enum err db_tx_borrow(struct db_tx *tx, struct db_pool *pool) MUST_CHECK;
enum err db_tx_commit(struct db_tx *tx) MUST_CHECK;
void db_tx_finish(struct db_tx *tx);

/* ---- running statements
 * ------------------------------------------------------------------------------------ */

/* Rows of one result, in binary; finished with db_rows_finish(). A zeroed struct may be finished.
 */
struct db_rows {
    void *result;
    int count;
};

void db_rows_finish(struct db_rows *rows);

/* Prepares on first use per connection, runs, hands the rows over. out may be NULL where no rows
 * are wanted. */
enum err db_run(struct db_tx *tx, const struct sql *sql, const struct db_value *values,
                size_t count, struct db_rows *out) MUST_CHECK;

/* As db_run, without preparing: for what runs once. */
enum err db_run_once(struct db_tx *tx, const struct sql *sql, const struct db_value *values,
                     size_t count, struct db_rows *out) MUST_CHECK;

/* Several statements in one network round trip (libpq's pipeline mode). The first that fails ends
 * the call, and the transaction with it. */
struct db_step {
    const struct sql *sql;
    const struct db_value *values;
    size_t count;
    struct db_rows *out; /* may be NULL */
};

/* Runs the steps on a connection without BEGIN; each sees what was committed when its turn came. */
enum err db_run_steps(struct db_tx *tx, const struct db_step *steps, size_t count) MUST_CHECK;

/* Begins a transaction and runs the steps. Finish it also when this fails. */
enum err db_tx_begin_with(struct db_tx *tx, struct db_pool *pool, const struct db_step *steps,
                          size_t count) MUST_CHECK;

/* Runs the steps and commits. */
enum err db_tx_commit_with(struct db_tx *tx, const struct db_step *steps, size_t count) MUST_CHECK;

/* Microseconds that this thread has spent waiting for PostgreSQL, ever. */
int64_t db_thread_time(void);

/* SQL text without parameters, several statements allowed: migrations, SET, savepoints. */
enum err db_script(struct db_tx *tx, const char *text) MUST_CHECK;

/* Of the last failed statement on this connection, for store functions that map constraints to
 * problems and for commands; never for clients. "" if unknown. */
const char *db_constraint(const struct db_tx *tx);
const char *db_message(const struct db_tx *tx);
const char *db_sqlstate(const struct db_tx *tx);

/* COPY ... FROM STDIN: start, data as often as needed, end. COPY ... TO STDOUT: start with *line
 * NULL, then rows until *line is NULL again (a line is valid until the next call, which frees it).
 */
enum err db_copy_in_start(struct db_tx *tx, const char *copy) MUST_CHECK;
enum err db_copy_in_data(struct db_tx *tx, const char *bytes, size_t length) MUST_CHECK;
enum err db_copy_in_end(struct db_tx *tx) MUST_CHECK;
enum err db_copy_out_start(struct db_tx *tx, const char *copy) MUST_CHECK;
enum err db_copy_out_line(struct db_tx *tx, char **line, size_t *length) MUST_CHECK;

/* Cells by position. The type must be the column's; texts are NUL-terminated and live as long as
 * the rows. */
bool db_is_null(const struct db_rows *rows, int row, int column);
const char *db_get_text(const struct db_rows *rows, int row,
                        int column); /* NULL if null; json and text types */
int64_t db_get_int(const struct db_rows *rows, int row, int column); /* smallint, integer, bigint */
bool db_get_bool(const struct db_rows *rows, int row, int column);
struct uuid db_get_uuid(const struct db_rows *rows, int row, int column);
int64_t db_get_instant(const struct db_rows *rows, int row, int column);
int32_t db_get_day(const struct db_rows *rows, int row, int column);
