/* Web requests as analytics events. */
#include <stdlib.h>
#include <string.h>

#include "api/token.h"
#include "base/str.h"
#include "config.h"
#include "db/copy_row.h"
#include "db/queries.h"
#include "resources/analytics.h"

enum {
    COLUMNS = 3, /* of analytics/copy.sql */
    ROWS_MAX = 10000,
    BYTES_MAX = 8 * 1024 * 1024,
    ROWS_WANTED = 200,
    PERIOD_MS = 500,
};

struct analytics {
    struct feed *feed;
    const char *secret;
};

struct analytics *analytics_start(const struct config *config, struct db_pool *pool)
{
    const struct feed_options options = {.pool = pool,
                                         .copy = &sql_analytics_copy,
                                         .rows_max = ROWS_MAX,
                                         .bytes_max = BYTES_MAX,
                                         .rows_wanted = ROWS_WANTED,
                                         .period_ms = PERIOD_MS};
    struct analytics *analytics;

    if (!config->analytics)
        return NULL;
    analytics = calloc(1, sizeof(*analytics));
    if (analytics == NULL)
        abort();
    analytics->secret = config->token_hash_secret;
    analytics->feed = feed_start(&options);
    return analytics;
}

struct feed_counts analytics_count(struct analytics *analytics)
{
    struct feed_counts none = {0};

    return analytics == NULL ? none : feed_count(analytics->feed);
}

void analytics_stop(struct analytics *analytics)
{
    if (analytics == NULL)
        return;
    feed_stop(analytics->feed);
    free(analytics);
}

const char *analytics_settings(const struct config *config)
{
    return config->analytics ? "-c cpd.analytics=on" : NULL;
}

static const char *received(const struct exchange *exchange, const char *name)
{
    const struct header_list *headers = &exchange->received;

    for (size_t i = 0; i < headers->count; i++)
        if (str_equal_nocase(headers->names[i], name))
            return str_clean(&exchange->request->arena, headers->values[i]);
    return NULL;
}

/* key is the name with what stands around it: ,"name": */
static void add_text(struct buf *out, const char *key, const char *text)
{
    buf_add_text(out, key);
    if (text == NULL)
        BUF_LITERAL(out, "null");
    else
        buf_add_json_string(out, text, strlen(text));
}

static void add_query(struct buf *out, struct request *request, const struct loggable *loggable)
{
    const char *separator = "";

    BUF_LITERAL(out, ",\"request_query\":[");
    for (const struct param *group = request->params; group != NULL; group = group->next)
        for (const struct param *param = group->members; param != NULL; param = param->next) {
            if (!loggable->shows(param))
                continue;
            buf_add_text(out, separator);
            add_text(out, "{\"key\":",
                     arena_printf(&request->arena, "%s[%s]", group->name, param->name));
            add_text(out, ",\"value\":[", param->value);
            BUF_LITERAL(out, "]}");
            separator = ",";
        }
    buf_add_char(out, ']');
}

/* Tells visitors apart without naming them: nobody without the secret can try addresses out. */
static void add_visitor(struct buf *out, const struct analytics *analytics,
                        const struct exchange *exchange, const char *user_agent)
{
    uint8_t digest[TOKEN_DIGEST_SIZE];
    const char *visitor =
        arena_printf(&exchange->request->arena, "visitor %s %s",
                     user_agent != NULL ? user_agent : "", exchange->request->remote_ip);

    token_digest(analytics->secret, visitor, digest);
    BUF_LITERAL(out, ",\"anonymised_user_agent_and_ip\":\"");
    for (size_t i = 0; i < sizeof(digest); i++)
        buf_printf(out, "%02x", digest[i]);
    buf_add_char(out, '"');
}

/* Queries of other sites are none of ours. */
static const char *referer_of(const struct exchange *exchange)
{
    const char *referer = received(exchange, "Referer");

    return referer == NULL
               ? NULL
               : arena_strndup(&exchange->request->arena, referer, strcspn(referer, "?#"));
}

static void add_user(struct buf *out, const struct caller *caller)
{
    char id[UUID_TEXT_SIZE];
    const struct uuid *user =
        uuid_is_none(&caller->lead_provider_id) ? &caller->token_id : &caller->lead_provider_id;

    add_text(out, ",\"user_id\":", uuid_is_none(user) ? NULL : uuid_format(user, id));
}

void analytics_note(struct analytics *analytics, const struct exchange *exchange,
                    const struct loggable *loggable)
{
    AUTO(buf_finish) struct buf row = {0};
    struct request *request = exchange->request;
    const char *user_agent = received(exchange, "User-Agent");
    size_t begun;

    copy_row_begin(&row, COLUMNS);
    copy_add_instant(&row, exchange->ended_at);
    copy_add_text(&row, "web_request");
    begun = copy_json_begin(&row);
    add_text(&row, "{\"request_uuid\":", request->request_id);
    add_text(&row, ",\"request_user_agent\":", user_agent);
    add_text(&row, ",\"request_method\":", loggable->method);
    add_text(&row, ",\"request_path\":", loggable->path);
    add_query(&row, request, loggable);
    add_text(&row, ",\"request_referer\":", referer_of(exchange));
    add_visitor(&row, analytics, exchange, user_agent);
    add_text(&row, ",\"response_content_type\":", exchange->response->content_type);
    buf_printf(&row, ",\"response_status\":%d", exchange->response->status);
    add_user(&row, &request->caller);
    buf_add_char(&row, '}');
    copy_end(&row, begun);
    feed_add(analytics->feed, &row);
}
