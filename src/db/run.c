/* Running statements: parameters in, rows out. */
#include "internal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "log.h"

_Static_assert((int)UUID_TEXT_SIZE >= (int)DATE_TEXT_SIZE, "one buffer serves both");

enum { VALUES_MAX = 64, OID_BYTEA = 17 };

struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

struct db_value db_text(const char *text)
{
    return text == NULL ? db_null() : (struct db_value){.type = DB_TEXT, .as.text = text};
}

struct db_value db_int(int64_t value)
{
    return (struct db_value){.type = DB_INT, .as.integer = value};
}

struct db_value db_bool(bool value)
{
    return (struct db_value){.type = DB_BOOL, .as.boolean = value};
}

struct db_value db_uuid(const struct uuid *uuid)
{
    return uuid == NULL ? db_null() : (struct db_value){.type = DB_UUID, .as.uuid = *uuid};
}

struct db_value db_instant(int64_t instant)
{
    return (struct db_value){.type = DB_INSTANT, .as.instant = instant};
}

struct db_value db_instant_or_null(const int64_t *instant)
{
    return instant == NULL ? db_null() : db_instant(*instant);
}

struct db_value db_day(int32_t day)
{
    return (struct db_value){.type = DB_DAY, .as.day = day};
}

static struct db_value array_value(enum db_type type, const void *items, size_t count)
{
    if (items == NULL)
        return db_null();
    return (struct db_value){.type = type, .as.array = {items, count}};
}

struct db_value db_ints(const int16_t *items, size_t count)
{
    return array_value(DB_INTS, items, count);
}

struct db_value db_uuids(const struct uuid *items, size_t count)
{
    return array_value(DB_UUIDS, items, count);
}

struct db_value db_bytes(const void *bytes, size_t count)
{
    return array_value(DB_BYTES, bytes, count);
}

static void add_array(struct buf *buf, const struct db_value *value)
{
    char text[UUID_TEXT_SIZE];

    buf_add_char(buf, '{');
    for (size_t i = 0; i < value->as.array.count; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        if (value->type == DB_INTS)
            buf_add_int(buf, ((const int16_t *)value->as.array.items)[i]);
        else
            buf_add_text(buf, uuid_format(&((const struct uuid *)value->as.array.items)[i], text));
    }
    buf_add_char(buf, '}');
}

/* Writes the text form that PostgreSQL reads, with its NUL. */
static void add_value(struct buf *buf, const struct db_value *value)
{
    char text[UUID_TEXT_SIZE]; /* longer than any date */

    switch (value->type) {
    case DB_INT:
        buf_add_int(buf, value->as.integer);
        break;
    case DB_BOOL:
        buf_add_char(buf, value->as.boolean ? 't' : 'f');
        break;
    case DB_UUID:
        buf_add_text(buf, uuid_format(&value->as.uuid, text));
        break;
    case DB_INSTANT:
        buf_add_text(buf, instant_format_us(value->as.instant, text));
        break;
    case DB_DAY:
        buf_add_text(buf, day_format(value->as.day, text));
        break;
    case DB_INTS:
    case DB_UUIDS:
        add_array(buf, value);
        break;
    case DB_NULL:
    case DB_TEXT:
    case DB_BYTES:
        assert(false);
    }
    buf_add_char(buf, '\0');
}

/* What libpq takes. Texts are pointed at, the rest is written into one buffer, whose offsets become
 * pointers once it has stopped growing. */
struct parameters {
    const char *values[VALUES_MAX];
    int lengths[VALUES_MAX];
    int formats[VALUES_MAX];
    Oid types[VALUES_MAX];
    struct buf texts;
};

static void parameters_finish(struct parameters *parameters)
{
    buf_finish(&parameters->texts);
}

static bool is_written(enum db_type type)
{
    return type != DB_NULL && type != DB_TEXT && type != DB_BYTES;
}

static void parameters_init(struct parameters *parameters, const struct db_value *values,
                            size_t count)
{
    size_t offset[VALUES_MAX] = {0};

    assert(count <= VALUES_MAX);
    for (size_t i = 0; i < count; i++) {
        offset[i] = parameters->texts.length;
        parameters->types[i] = values[i].type == DB_BYTES ? OID_BYTEA : 0;
        if (is_written(values[i].type))
            add_value(&parameters->texts, &values[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (is_written(values[i].type))
            parameters->values[i] = parameters->texts.data + offset[i];
        else if (values[i].type == DB_TEXT)
            parameters->values[i] = values[i].as.text;
        if (values[i].type == DB_BYTES) {
            parameters->values[i] = values[i].as.array.items;
            parameters->lengths[i] = (int)values[i].as.array.count;
            parameters->formats[i] = 1;
        }
    }
}

/* The place of a statement in the table of those prepared on this connection. */
static const struct sql **find_prepared(struct db_connection *connection, const struct sql *sql)
{
    size_t place = (size_t)((uintptr_t)sql >> 4) % DB_STATEMENTS_MAX;

    while (connection->prepared[place] != NULL && connection->prepared[place] != sql)
        place = (place + 1) % DB_STATEMENTS_MAX;
    return &connection->prepared[place];
}

static _Thread_local int64_t thread_time;

int64_t db_thread_time(void)
{
    return thread_time;
}

static enum err prepare(struct db_connection *connection, const struct sql *sql, const Oid *types,
                        size_t count)
{
    const struct sql **place = find_prepared(connection, sql);
    PGresult *result;

    if (*place == sql)
        return ERR_OK;
    result = PQprepare(connection->pg, sql->name, sql->text, (int)count, types);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return db_fail(connection, result, sql->name);
    PQclear(result);
    *place = sql;
    return ERR_OK;
}

static enum err take_result(struct db_tx *tx, PGresult *result, const char *where,
                            struct db_rows *out)
{
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        return db_fail(tx->connection, result, where);
    if (out == NULL)
        PQclear(result);
    else
        *out = (struct db_rows){.result = result, .count = PQntuples(result)};
    return ERR_OK;
}

enum err db_run(struct db_tx *tx, const struct sql *sql, const struct db_value *values,
                size_t count, struct db_rows *out)
{
    AUTO(parameters_finish) struct parameters parameters = {0};
    int64_t start = instant_now();
    PGresult *result;
    int64_t taken;

    parameters_init(&parameters, values, count);
    TRY(prepare(tx->connection, sql, parameters.types, count));
    result = PQexecPrepared(tx->connection->pg, sql->name, (int)count, parameters.values,
                            parameters.lengths, parameters.formats, 1);
    taken = instant_now() - start;
    thread_time += taken;
    db_count_statement(tx->connection, sql->name, taken);
    return take_result(tx, result, sql->name, out);
}

enum err db_run_once(struct db_tx *tx, const struct sql *sql, const struct db_value *values,
                     size_t count, struct db_rows *out)
{
    AUTO(parameters_finish) struct parameters parameters = {0};

    parameters_init(&parameters, values, count);
    return take_result(tx,
                       PQexecParams(tx->connection->pg, sql->text, (int)count, parameters.types,
                                    parameters.values, parameters.lengths, parameters.formats, 1),
                       sql->name, out);
}

enum err db_script(struct db_tx *tx, const char *text)
{
    return take_result(tx, PQexec(tx->connection->pg, text), "script", NULL);
}

/* ---- several in one round trip ---- */

static bool send_step(PGconn *pg, const struct db_step *step)
{
    AUTO(parameters_finish) struct parameters parameters = {0};

    parameters_init(&parameters, step->values, step->count);
    return PQsendQueryPrepared(pg, step->sql->name, (int)step->count, parameters.values,
                               parameters.lengths, parameters.formats, 1) == 1;
}

static bool send_command(PGconn *pg, const char *command)
{
    return command == NULL || PQsendQueryParams(pg, command, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

/* The result of the next statement; each is followed by a NULL. */
static PGresult *next_result(PGconn *pg)
{
    PGresult *result = PQgetResult(pg);

    if (result != NULL && PQresultStatus(result) != PGRES_PIPELINE_SYNC)
        PQclear(PQgetResult(pg));
    return result;
}

/* Takes one result; after a failure the others have not run. */
static void take_step(struct db_tx *tx, const char *where, struct db_rows *out, enum err *err)
{
    PGresult *result = next_result(tx->connection->pg);

    if (*err != ERR_OK)
        PQclear(result);
    else if (result == NULL)
        *err = db_fail(tx->connection, result, where);
    else
        *err = take_result(tx, result, where, out);
}

/* The answers of one round trip come together, so all its time counts for one statement: what a
 * commit ends begins with the write, else what matters comes last. */
static void count_steps(const struct db_connection *connection, const struct db_step *steps,
                        size_t count, bool is_commit, int64_t taken)
{
    const struct db_step *main = is_commit ? &steps[0] : &steps[count - 1];

    for (const struct db_step *step = steps; step < steps + count; step++)
        db_count_statement(connection, step->sql->name, step == main ? taken : 0);
}

static enum err prepare_steps(struct db_tx *tx, const struct db_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        AUTO(parameters_finish) struct parameters parameters = {0};

        parameters_init(&parameters, steps[i].values, steps[i].count);
        TRY(prepare(tx->connection, steps[i].sql, parameters.types, steps[i].count));
    }
    return ERR_OK;
}

/* first and last are commands without parameters, or NULL. */
static enum err run_pipeline(struct db_tx *tx, const char *first, const struct db_step *steps,
                             size_t count, const char *last)
{
    PGconn *pg = tx->connection->pg;
    int64_t start = instant_now();
    enum err err = ERR_OK;
    bool is_sent;

    TRY(prepare_steps(tx, steps, count));
    is_sent = PQenterPipelineMode(pg) == 1 && send_command(pg, first);
    for (size_t i = 0; i < count && is_sent; i++)
        is_sent = send_step(pg, &steps[i]);
    if (!is_sent || !send_command(pg, last) || PQpipelineSync(pg) != 1) {
        tx->connection->is_broken = true;
        db_count_error(tx->connection->metrics, NULL);
        return log_fault(ERR_DB_AWAY, "pipeline", "cannot send");
    }
    if (first != NULL)
        take_step(tx, first, NULL, &err);
    for (size_t i = 0; i < count; i++)
        take_step(tx, steps[i].sql->name, steps[i].out, &err);
    if (last != NULL)
        take_step(tx, last, NULL, &err);
    PQclear(next_result(pg));
    if (PQexitPipelineMode(pg) != 1)
        tx->connection->is_broken = true;
    if (count > 0)
        count_steps(tx->connection, steps, count, last != NULL, instant_now() - start);
    return err;
}

enum err db_run_steps(struct db_tx *tx, const struct db_step *steps, size_t count)
{
    int64_t start = instant_now();
    enum err err = run_pipeline(tx, NULL, steps, count, NULL);

    thread_time += instant_now() - start;
    return err;
}

enum err db_tx_begin_with(struct db_tx *tx, struct db_pool *pool, const struct db_step *steps,
                          size_t count)
{
    int64_t start = instant_now();
    enum err err;

    TRY(db_tx_borrow(tx, pool));
    err = run_pipeline(tx, "BEGIN", steps, count, NULL);
    tx->is_open = true;
    thread_time += instant_now() - start;
    return err;
}

enum err db_tx_commit_with(struct db_tx *tx, const struct db_step *steps, size_t count)
{
    int64_t start = instant_now();
    enum err err = run_pipeline(tx, NULL, steps, count, "COMMIT");

    tx->is_open = false;
    thread_time += instant_now() - start;
    return err;
}

const char *db_constraint(const struct db_tx *tx)
{
    return tx->connection == NULL ? "" : tx->connection->constraint;
}

const char *db_message(const struct db_tx *tx)
{
    return tx->connection == NULL ? "" : tx->connection->message;
}

const char *db_sqlstate(const struct db_tx *tx)
{
    return tx->connection == NULL ? "" : tx->connection->sqlstate;
}
