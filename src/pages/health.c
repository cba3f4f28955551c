/* What deploy checks and monitoring ask. */
#include "health.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/field.h"
#include "base/metrics.h"
#include "config.h"
#include "db/db.h"
#include "db/queries.h"
#include "db/row.h"

struct health {
    bool is_connected;
    bool is_populated;
    int64_t migration;
    struct job_health {
        bool is_known;
        int64_t due;
        int64_t failing;
        int64_t given_up;
        int64_t last_given_up; /* INSTANT_NONE: never */
    } jobs;
};

static enum err look_at_jobs(struct db_tx *tx, struct job_health *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_run(tx, &sql_health_jobs, NULL, 0, &rows));
    *out = (struct job_health){.is_known = true,
                               .due = db_get_int(&rows, 0, 0),
                               .failing = db_get_int(&rows, 0, 1),
                               .given_up = db_get_int(&rows, 0, 2),
                               .last_given_up = db_instant_or_none(&rows, 0, 3)};
    return ERR_OK;
}

static enum err look(const struct service *service, struct health *out)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_tx_borrow(&tx, service->health_pool));
    out->is_connected = true;
    TRY(db_run(&tx, &sql_health_check, NULL, 0, &rows));
    out->is_populated = db_get_bool(&rows, 0, 0);
    out->migration = db_get_int(&rows, 0, 1);
    if (look_at_jobs(&tx, &out->jobs) != ERR_OK) /* logged there; the service is healthy without */
        out->jobs.is_known = false;
    return ERR_OK;
}

static void add_text(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, "\"%s\":", name);
    buf_add_json_string(out, text, strlen(text));
    buf_add_char(out, ',');
}

/* The server, in the words of the one before: requests that wait for a connection of the database,
 * requests being answered (this one among them), how many more there may be, how many were. */
static void add_server(const struct service *service, struct buf *out)
{
    int64_t running, most;

    metrics_refresh(service->metrics);
    running = metrics_total(service->metrics, METRIC_HTTP_IN_FLIGHT);
    most = metrics_total(service->metrics, METRIC_HTTP_THREADS_MAX);
    buf_printf(out,
               "\"puma\":{\"backlog\":%d,\"running\":%" PRId64 ",\"pool_capacity\":%" PRId64
               ",\"max_threads\":%" PRId64 ",\"requests_count\":%" PRId64 "}",
               db_pool_look(service->pool).waiting, running, most > running ? most - running : 0,
               most, metrics_total(service->metrics, METRIC_REQUESTS));
}

/* The worker's jobs, under the names that deploy checks know. */
static void add_jobs(struct buf *out, const struct job_health *jobs)
{
    char date[DATE_TEXT_SIZE];

    if (!jobs->is_known) {
        buf_add_text(out,
                     "\"sidekiq\":{\"job_count\":\"FAIL\",\"errors\":\"FAIL\",\"failed\":"
                     "\"FAIL\",\"sidekiq_last_failure\":null},");
        return;
    }
    buf_printf(out,
               "\"sidekiq\":{\"job_count\":%" PRId64 ",\"errors\":%" PRId64 ",\"failed\":%" PRId64
               ",\"sidekiq_last_failure\":",
               jobs->due, jobs->failing, jobs->given_up);
    if (jobs->last_given_up == INSTANT_NONE)
        buf_add_text(out, "null},");
    else
        buf_printf(out, "\"%s\"},", instant_format(jobs->last_given_up, date));
}

void health_show(const struct service *service, struct response *response)
{
    const struct config *config = service->config;
    struct buf *out = &response->body;
    struct health health = {0};
    enum err err = look(service, &health);

    response->status = err == ERR_OK && health.is_populated ? 200 : 500;
    response->content_type = "application/json";
    response->cache_control = "no-cache";
    buf_add_char(out, '{');
    add_text(out, "version", config->release_version);
    add_text(out, "sha", config->sha);
    add_text(out, "environment", config->environment_name);
    buf_printf(out, "\"database\":{\"connected\":%s,\"populated\":%s,\"migration_version\":",
               health.is_connected ? "true" : "false", health.is_populated ? "true" : "false");
    if (err == ERR_OK)
        buf_add_int(out, health.migration);
    else
        buf_add_text(out, "\"FAIL\"");
    buf_add_text(out, "},");
    add_jobs(out, &health.jobs);
    buf_add_text(out, "\"notify\":{\"incident_status\":\"none\"},");
    add_server(service, out);
    buf_add_char(out, '}');
}
