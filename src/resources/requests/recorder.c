/* What is kept of a request, as a row of api_requests. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/body.h"
#include "base/field.h"
#include "base/str.h"
#include "config.h"
#include "db/copy_row.h"
#include "db/queries.h"
#include "resources/requests.h"

enum {
    COLUMNS = 13, /* of requests/copy.sql */
    ROW_SIZE = 4096,
    ROWS_MAX = 10000,
    BYTES_MAX = 8 * 1024 * 1024,
    ROWS_WANTED = 200,
    PERIOD_MS = 500,
    DEPTH_MAX = 16, /* of a query's brackets; what is deeper is null */
};

struct recorder {
    struct feed *feed;
};

struct recorder *recorder_start(const struct config *config, struct db_pool *pool)
{
    const struct feed_options options = {.pool = pool,
                                         .copy = &sql_requests_copy,
                                         .rows_max = ROWS_MAX,
                                         .bytes_max = BYTES_MAX,
                                         .rows_wanted = ROWS_WANTED,
                                         .period_ms = PERIOD_MS};
    struct recorder *recorder;

    if (!config->request_recording)
        return NULL;
    recorder = calloc(1, sizeof(*recorder));
    if (recorder == NULL)
        abort();
    recorder->feed = feed_start(&options);
    return recorder;
}

struct feed_counts recorder_count(struct recorder *recorder)
{
    struct feed_counts none = {0};

    return recorder == NULL ? none : feed_count(recorder->feed);
}

void recorder_stop(struct recorder *recorder)
{
    if (recorder == NULL)
        return;
    feed_stop(recorder->feed);
    free(recorder);
}

/* /api/v and digits; slashes may be doubled, as the router allows. */
static bool is_recorded(const char *url)
{
    if (*url != '/')
        return false;
    url += strspn(url, "/");
    if (!str_starts_with(url, "api/"))
        return false;
    url += strlen("api/");
    url += strspn(url, "/");
    if (*url != 'v' || strspn(url + 1, "0123456789") == 0)
        return false;
    url += 1 + strspn(url + 1, "0123456789");
    return *url == '/';
}

/* key is the name with its quotes and colon, and a comma where one is due. */
static void add_member(struct buf *out, const char *key, const char *value)
{
    buf_add_text(out, key);
    buf_add_json_string(out, value, strlen(value));
}

void recorder_add_headers(struct buf *out, const struct header_list *headers, struct arena *arena)
{
    for (size_t i = 0; i < headers->count; i++) {
        buf_add_text(out, i == 0 ? "\"" : ",\"");
        buf_add_text(out, headers->names[i]); /* ours, and plain */
        BUF_LITERAL(out, "\":");
        buf_add_json_string(out, str_clean(arena, headers->values[i]), strlen(headers->values[i]));
    }
}

/* Of a request these headers are kept and no others: authorization least of all. */
static const char *key_of(const char *name)
{
    static const struct {
        const char *name;
        const char *key;
    } kept[] = {
        {"Host", ",\"HTTP_HOST\":"},
        {"User-Agent", ",\"HTTP_USER_AGENT\":"},
        {"Accept", ",\"HTTP_ACCEPT\":"},
        {"Accept-Encoding", ",\"HTTP_ACCEPT_ENCODING\":"},
        {"Connection", ",\"HTTP_CONNECTION\":"},
        {"Cache-Control", ",\"HTTP_CACHE_CONTROL\":"},
    };

    for (size_t i = 0; i < COUNT_OF(kept); i++)
        if ((*name | 0x20) == (kept[i].name[0] | 0x20) && str_equal_nocase(name, kept[i].name))
            return kept[i].key;
    return NULL;
}

/* A client that sends its token where none is looked for must not leave it here. */
static bool is_secret(const char *name, size_t length)
{
    static const char *const words[] = {"token", "authorization", "password", "secret"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        for (size_t at = 0; at + strlen(words[i]) <= length; at++)
            if (strncasecmp(name + at, words[i], strlen(words[i])) == 0)
                return true;
    return false;
}

static const char FILTERED[] = "[FILTERED]";

/* The query as it came, but for values of secrets. */
static void add_query(struct buf *out, const char *query)
{
    AUTO(buf_finish) struct buf shown = {0};

    while (*query != '\0') {
        size_t name = strcspn(query, "=&"), pair = strcspn(query, "&");

        if (name < pair && is_secret(query, name)) {
            buf_add(&shown, query, name + 1);
            buf_add_text(&shown, FILTERED);
        } else {
            buf_add(&shown, query, pair);
        }
        query += pair;
        if (*query == '&')
            buf_add_char(&shown, *query++);
    }
    buf_add_json_string(out, shown.data, shown.length);
}

static void add_request_headers(struct buf *out, const struct exchange *exchange)
{
    const struct header_list *received = &exchange->received;
    struct arena *arena = &exchange->request->arena;
    const char *query = strchr(exchange->request->url, '?');
    size_t begun = copy_json_begin(out);

    add_member(out, "{\"HTTP_VERSION\":", exchange->http_version);
    for (size_t i = 0; i < received->count; i++) {
        const char *key = key_of(received->names[i]);

        if (key != NULL)
            add_member(out, key, str_clean(arena, received->values[i]));
    }
    BUF_LITERAL(out, ",\"QUERY_STRING\":");
    add_query(out, query == NULL ? "" : str_clean(arena, query + 1));
    buf_add_char(out, '}');
    copy_end(out, begun);
}

/* The body without the values of secrets, however deep; the parser has bounded that. */
static void filter_body(json_t *value)
{
    const char *name;
    json_t *member;
    size_t i;

    json_object_foreach(value, name, member) {
        if (is_secret(name, strlen(name)))
            json_object_set_new(value, name, json_string(FILTERED));
        else
            filter_body(member);
    }
    json_array_foreach(value, i, member)
        filter_body(member);
}

/* A client can nest a query as deep as its URL is long; nobody who means something does. */
static void add_params(struct buf *out, const struct param *first, int depth)
{
    char separator = '{';

    if (first == NULL)
        buf_add_char(out, separator);
    for (const struct param *param = first; param != NULL; param = param->next) {
        buf_add_char(out, separator);
        separator = ',';
        buf_add_json_string(out, param->name, strlen(param->name));
        buf_add_char(out, ':');
        if (is_secret(param->name, strlen(param->name)))
            buf_add_json_string(out, FILTERED, strlen(FILTERED));
        else if (param->type == PARAM_HASH && depth < DEPTH_MAX)
            add_params(out, param->members, depth + 1);
        else if (param->type == PARAM_HASH || param->value == NULL)
            BUF_LITERAL(out, "null");
        else
            buf_add_json_string(out, param->value, strlen(param->value));
    }
    buf_add_char(out, '}');
}

static void add_request_body(struct buf *out, const struct request *request)
{
    size_t begun = copy_json_begin(out);
    json_auto_t *document = NULL;
    char *text = NULL;

    if (request->body_length == 0) {
        add_params(out, request->params, 1);
    } else {
        document = body_parse(request->body, request->body_length);
        filter_body(document);
        text = document == NULL ? NULL : json_dumps(document, JSON_COMPACT | JSON_ENCODE_ANY);
        buf_add_text(out, text != NULL ? text
                                       : "{\"error\":\"request data did not contain valid JSON\"}");
        free(text);
    }
    copy_end(out, begun);
}

static void add_response_headers(struct buf *out, const struct exchange *exchange)
{
    size_t begun = copy_json_begin(out);

    buf_add_char(out, '{');
    recorder_add_headers(out, &exchange->sent, &exchange->request->arena);
    if (exchange->sent.count > 0)
        buf_add_char(out, ',');
    buf_add(out, exchange->always_sent->data, exchange->always_sent->length);
    buf_add_char(out, '}');
    copy_end(out, begun);
}

static bool is_json(const char *content_type)
{
    return content_type != NULL && strstr(content_type, "json") != NULL;
}

/* Of a success nothing is kept, for it shows people. */
static void add_response_body(struct buf *out, const struct exchange *exchange)
{
    int status = exchange->response->status;
    size_t begun = copy_json_begin(out);

    if (status < 300)
        BUF_LITERAL(out, "{}");
    else if (exchange->refusal != NULL && *exchange->refusal != '\0' &&
             is_json(exchange->response->content_type))
        buf_add_text(out, exchange->refusal);
    else
        buf_printf(out, "{\"body\":\"%d did not respond with JSON\"}", status);
    copy_end(out, begun);
}

/* The owner of the token, as contract platform.md 3.4 names it. */
static void add_description(struct buf *out, const struct caller *caller)
{
    static const char *const owners[] = {
        [CALLER_LEAD_PROVIDER] = "CPD lead provider: ",
        [CALLER_ENGAGE_AND_LEARN] = "Engage and learn application",
        [CALLER_DATA_STUDIO] = "Data Studio",
        [CALLER_NPQ_REGISTRATION] = "NPQ registration application",
    };
    size_t begun;

    if (uuid_is_none(&caller->token_id)) {
        copy_add_text(out, NULL);
        return;
    }
    begun = copy_text_begin(out);
    buf_add_text(out, owners[caller->kind]);
    if (caller->kind == CALLER_LEAD_PROVIDER)
        buf_add_text(out, caller->lead_provider_name);
    copy_end(out, begun);
}

static const struct uuid *provider_of(const struct caller *caller)
{
    static const struct uuid none = {0};

    return caller->kind == CALLER_LEAD_PROVIDER ? &caller->lead_provider_id : &none;
}

static int32_t bounded(int64_t microseconds)
{
    return microseconds > INT32_MAX ? INT32_MAX : (int32_t)microseconds;
}

void recorder_note(struct recorder *recorder, const struct exchange *exchange)
{
    AUTO(buf_finish) struct buf row = {0};
    struct request *request = exchange->request;
    struct arena *arena = &request->arena;
    struct uuid id;

    if (recorder == NULL || !is_recorded(request->url))
        return;
    buf_reserve(&row, ROW_SIZE);
    copy_row_begin(&row, COLUMNS);
    id = uuid_at(exchange->ended_at);
    copy_add_uuid(&row, &id);
    copy_add_text(&row,
                  str_clean(arena, arena_strndup(arena, request->url, strcspn(request->url, "?"))));
    copy_add_text(&row, request->is_head ? "HEAD" : str_clean(arena, request->method));
    add_request_headers(&row, exchange);
    add_request_body(&row, request);
    copy_add_int(&row, exchange->response->status);
    add_response_headers(&row, exchange);
    add_response_body(&row, exchange);
    copy_add_uuid(&row, provider_of(&request->caller));
    add_description(&row, &request->caller);
    copy_add_text(&row, request->request_id);
    copy_add_int(&row, bounded(exchange->duration));
    copy_add_instant(&row, exchange->ended_at);
    feed_add(recorder->feed, &row);
}
