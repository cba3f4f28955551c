/* One connection to PostgreSQL and what its failures mean. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/metrics.h"
#include "base/str.h"
#include "log.h"

/* libpq hands notices to standard error unless told otherwise. */
static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

static PGconn *connect(const struct db_pool_options *options)
{
    char settings[512];
    /* What stands before dbname may be said otherwise in the URL. A server that vanished without a
     * word is noticed within half a minute. */
    const char *const names[] = {
        "keepalives_idle",  "keepalives_interval", "keepalives_count", "tcp_user_timeout", "dbname",
        "application_name", "connect_timeout",     "client_encoding",  "options",          NULL};
    const char *const values[] = {"10",          "5", "3",    "25000",  options->url,
                                  options->name, "2", "UTF8", settings, NULL};

    snprintf(
        settings, sizeof(settings),
        "-c statement_timeout=%d -c idle_in_transaction_session_timeout=%d -c TimeZone=UTC -c DateStyle=ISO "
        "-c jit=off%s %s",
        options->statement_ms, options->statement_ms > 0 ? 10000 : 0,
        options->keeps_plans
            ? " -c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0"
              " -c random_page_cost=1.1" /* what is read all day lies in memory */
            : "",
        options->settings != NULL ? options->settings : "");
    return PQconnectdbParams(names, values, 1);
}

enum err db_connection_open(const struct db_pool_options *options, struct db_connection **out)
{
    struct db_connection *connection;
    PGconn *pg = connect(options);

    if (PQstatus(pg) != CONNECTION_OK) {
        enum err err = log_fault(ERR_DB_AWAY, "connect", PQerrorMessage(pg));

        db_count_error(options->metrics, NULL);
        PQfinish(pg);
        return err;
    }
    connection = calloc(1, sizeof(*connection));
    if (connection == NULL)
        abort();
    connection->pg = pg;
    connection->metrics = options->metrics;
    PQsetNoticeReceiver(pg, ignore_notice, NULL);
    *out = connection;
    return ERR_OK;
}

void db_connection_close(struct db_connection *connection)
{
    PQfinish(connection->pg);
    free(connection);
}

/* Which fault an SQLSTATE stands for. */
static enum err fault_of(const char *sqlstate)
{
    static const struct {
        const char *start;
        enum err err;
    } faults[] = {
        {"08", ERR_DB_AWAY},     {"57P0", ERR_DB_AWAY},  {"57014", ERR_DB_BUSY},
        {"53", ERR_DB_BUSY},     {"55P03", ERR_DB_BUSY}, {"25P03", ERR_DB_BUSY},
        {"40", ERR_DB_CONFLICT},
    };

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (str_starts_with(sqlstate, faults[i].start))
            return faults[i].err;
    return ERR_DB;
}

/* The class is the first two characters; without a state the connection was lost or never there. */
void db_count_error(struct metrics *metrics, const char *sqlstate)
{
    char class[3] = "08";

    if (sqlstate != NULL && strlen(sqlstate) == 5)
        snprintf(class, sizeof(class), "%.2s", sqlstate);
    metrics_count(metrics, METRIC_DB_ERRORS, METRIC_LABELS(class));
}

void db_count_statement(const struct db_connection *connection, const char *name, int64_t taken)
{
    metrics_observe(connection->metrics, METRIC_DB_QUERY, METRIC_LABELS(name), taken);
}

static void keep(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "");
}

enum err db_fail(struct db_connection *connection, PGresult *result, const char *where)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    /* The server gives every refusal a state; a failure without one is libpq's own: a write that
     * failed leaves the status as it was until a read has failed, too. */
    bool is_lost = PQstatus(connection->pg) != CONNECTION_OK || sqlstate == NULL;
    enum err err = is_lost ? ERR_DB_AWAY : fault_of(sqlstate);

    keep(connection->sqlstate, sizeof(connection->sqlstate), sqlstate);
    db_count_error(connection->metrics, sqlstate);
    keep(connection->constraint, sizeof(connection->constraint),
         PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));
    keep(connection->message, sizeof(connection->message),
         PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    connection->is_broken = connection->is_broken || is_lost;
    PQclear(result);
    /* A broken constraint is data for the caller; its message would name values. */
    if (str_starts_with(connection->sqlstate, "23"))
        return err;
    return log_fault(err, where, connection->sqlstate);
}
