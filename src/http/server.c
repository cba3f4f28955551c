/* The HTTP library, wrapped. What libmicrohttpd and Ulfius do not do is done here: see
 * docs/architecture.md. */
#include "http/server.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <ulfius.h>
#include <unistd.h>

#include "api/openapi.h"
#include "base/address.h"
#include "base/date.h"
#include "base/field.h"
#include "base/metrics.h"
#include "base/str.h"
#include "config.h"
#include "db/db.h"
#include "headers.h"
#include "http/access_log.h"
#include "http/router.h"
#include "http/tally.h"
#include "http/url.h"
#include "log.h"
#include "resources/analytics.h"
#include "stream.h"
#include "watch.h"

enum {
    BODY_MAX = 1024 * 1024,
    HEADERS_OF_OURS = 16, /* that an answer has beside its own */
    LIBRARY_BUFFER = 64 * 1024,
    STACK_SIZE = 512 * 1024,
};

struct server {
    const struct service *service;
    struct _u_instance instance;
    atomic_bool is_draining;
    struct watch *watch;
    struct buf always_sent; /* the constant headers as the recorder wants them */
    size_t always_sent_count;
};

/* ---- requests and responses
 * -------------------------------------------------------------------------------- */

static const char *get_header(const void *context, const char *name)
{
    return u_map_get_case((const struct _u_map *)context, name);
}

static size_t header_length(const struct _u_map *headers)
{
    size_t length = 0;

    for (int i = 0; i < headers->nb_values; i++)
        length += strlen(headers->keys[i]) + headers->lengths[i] + 4;
    return length;
}

/* The value of a header whose sender matters; NULL if it came in two spellings, for then nobody
 * knows which of them a proxy wrote last. */
static const char *forwarded_header(const struct _u_map *headers, const char *name)
{
    const char *value = NULL;

    for (int i = 0; i < headers->nb_values; i++) {
        if (!str_equal_nocase(headers->keys[i], name))
            continue;
        if (value != NULL)
            return NULL;
        value = headers->values[i];
    }
    return value;
}

/* All that was forwarded: a client's own spelling must not hide a proxy's. */
static const char *forwarded_for(struct arena *arena, const struct _u_map *headers)
{
    const char *all = NULL;

    for (int i = 0; i < headers->nb_values; i++)
        if (str_equal_nocase(headers->keys[i], "X-Forwarded-For"))
            all = all == NULL ? headers->values[i]
                              : arena_printf(arena, "%s,%s", all, headers->values[i]);
    return all;
}

static struct address peer_address(const struct sockaddr *peer)
{
    const struct sockaddr_in *from = (const void *)peer;

    if (peer == NULL || peer->sa_family != AF_INET)
        return (struct address){0};
    return address_of_ipv4((const uint8_t *)&from->sin_addr);
}

/* Who is at the other end, as far as those can be trusted who say so. */
static void read_client(const struct server *server, struct arena *arena,
                        const struct _u_request *from, struct raw_request *raw)
{
    const struct config *config = server->service->config;
    struct address peer = peer_address(from->client_address);
    struct address client = address_of_client(
        &config->trusted_proxies, &peer, forwarded_header(from->map_header, "X-Forwarded-For"));
    const char *proto = forwarded_header(from->map_header, "X-Forwarded-Proto");

    raw->remote_ip = address_format(&client, arena_alloc(arena, ADDRESS_TEXT_SIZE));
    raw->peer = peer;
    raw->forwarded_for = forwarded_for(arena, from->map_header);
    raw->is_secure =
        config->tls_certificate != NULL || (proto != NULL && str_equal_nocase(proto, "https") &&
                                            address_ranges_have(&config->trusted_proxies, &peer));
}

static struct raw_request read_request(const struct server *server, struct arena *arena,
                                       const struct _u_request *from)
{
    const char *length = u_map_get_case(from->map_header, "Content-Length");
    int64_t announced = length == NULL ? 0 : str_leading_int(length);

    struct raw_request raw = {
        .method = from->http_verb,
        .url = from->http_url,
        .body = from->binary_body,
        .body_length = from->binary_body_length,
        .is_body_too_large = announced > BODY_MAX || from->binary_body_length > BODY_MAX,
        .header_length = header_length(from->map_header),
        .is_draining = atomic_load(&server->is_draining),
        .header = get_header,
        .context = from->map_header,
    };

    read_client(server, arena, from, &raw);
    return raw;
}

/* The same for every answer. Nothing that differs from request to request belongs here, for the
 * record of requests has them written down once. */
static void add_constant_headers(const struct server *server, struct _u_map *headers)
{
    static const char *const always[][2] = {
        {"X-Frame-Options", "DENY"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-XSS-Protection", "0"},
        {"X-Download-Options", "noopen"},
        {"X-Permitted-Cross-Domain-Policies", "none"},
        {"Referrer-Policy", "origin-when-cross-origin, strict-origin-when-cross-origin"},
    };

    for (size_t i = 0; i < COUNT_OF(always); i++)
        headers_add(headers, always[i][0], always[i][1]);
    if (server->service->config->force_https)
        headers_add(headers, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}

static void add_common_headers(const struct server *server, const struct request *request,
                               const struct response *response, struct _u_map *headers)
{
    static const char page_policy[] =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "report-uri /csp_reports";

    headers_add(headers, "Content-Security-Policy",
                response->is_page ? page_policy : "default-src 'none'; frame-ancestors 'none'");
    headers_add(headers, "X-Request-Id", request->request_id);
    headers_add(headers, "Vary", response->vary != NULL ? response->vary : "Accept-Encoding");
    if (response->must_close || atomic_load(&server->is_draining))
        headers_add(headers, "Connection", "close");
}

static void write_response(const struct server *server, const struct request *request,
                           struct response *response, struct _u_response *to)
{
    to->status = response->status;
    headers_reserve(to->map_header, HEADERS_OF_OURS + response->header_count);
    add_constant_headers(server, to->map_header);
    if (response->content_type != NULL)
        headers_add(to->map_header, "Content-Type", response->content_type);
    if (response->cache_control != NULL)
        headers_add(to->map_header, "Cache-Control", response->cache_control);
    for (size_t i = 0; i < response->header_count; i++)
        headers_add(to->map_header, response->headers[i].name, response->headers[i].value);
    add_common_headers(server, request, response, to->map_header);
    /* The library ends a chunked answer to HEAD with a chunk that no client expects. */
    if (request->is_head && response->rest.next != NULL)
        response_drop_body(response);
    stream_hand_over(response, to);
}

static struct header_list list_headers(const struct _u_map *headers, size_t from)
{
    /* what is only read may be more constant than it is there */
    return (struct header_list){.names = (const char *const *)headers->keys + from,
                                .values = (const char *const *)headers->values + from,
                                .count = (size_t)headers->nb_values - from};
}

/* The constant headers are the first ones of every answer. */
static void note_constant_headers(struct server *server)
{
    AUTO(arena_finish) struct arena arena = {0};
    struct _u_map headers;
    struct header_list list;

    u_map_init(&headers);
    headers_reserve(&headers, HEADERS_OF_OURS);
    add_constant_headers(server, &headers);
    list = list_headers(&headers, 0);
    recorder_add_headers(&server->always_sent, &list, &arena);
    server->always_sent_count = list.count;
    u_map_clean(&headers);
}

/* Tells recorder and analytics of the answer as it goes out. The refusal was copied before the
 * buffer went. */
static void record(const struct server *server, const struct _u_request *from,
                   const struct _u_response *to, const char *refusal, struct request *request,
                   const struct response *response, int64_t start)
{
    const struct service *service = server->service;
    int64_t now = instant_now();
    const struct exchange exchange = {
        .request = request,
        .response = response,
        .http_version = from->http_protocol,
        .received = list_headers(from->map_header, 0),
        .sent = list_headers(to->map_header, server->always_sent_count),
        .always_sent = &server->always_sent,
        .refusal = refusal,
        .ended_at = now,
        .duration = now - start,
    };

    recorder_note(service->recorder, &exchange);
    if (service->analytics != NULL && !url_is_probe(request->url))
        analytics_note(service->analytics, &exchange,
                       &(struct loggable){.method = access_log_method(request),
                                          .path = access_log_path(request, response),
                                          .shows = access_log_shows});
}

static const char *copy_refusal(struct request *request, const struct response *response)
{
    if (response->status < 300 || response->body.length == 0)
        return NULL;
    return arena_strndup(&request->arena, response->body.data, response->body.length);
}

static int on_request(const struct _u_request *from, struct _u_response *to, void *context)
{
    struct server *server = context;
    _Alignas(max_align_t) unsigned char memory[ARENA_BLOCK_SIZE];
    struct request request = {0};
    struct response response = {0};
    int64_t start = instant_now();
    int64_t db_start = db_thread_time();
    struct raw_request raw;
    int64_t duration;
    const char *refusal;

    arena_begin(&request.arena, memory, sizeof(memory));
    raw = read_request(server, &request.arena, from);
    watch_request_begun();
    router_handle(server->service, &raw, &request, &response);
    duration = instant_now() - start;
    tally_request(server->service->metrics, &request, &response, duration);
    if (!url_is_probe(raw.url))
        access_log_write(&request, &response, duration, db_thread_time() - db_start);
    refusal = copy_refusal(&request, &response);
    write_response(server, &request, &response, to);
    record(server, from, to, refusal, &request, &response, start);
    watch_request_answered();
    json_decref(request.attributes);
    buf_finish(&response.body);
    arena_finish(&request.arena);
    return U_CALLBACK_COMPLETE;
}

/* ---- start and stop
 * ---------------------------------------------------------------------------------------- */

/* What the library says goes through our log; only the format, for arguments may be a client's. */
static void on_library_log(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)arguments;
    LOG(LOG_LEVEL_DEBUG, "http library", LOG_T("detail", format));
}

static bool read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "r");
    char block[4096];
    size_t got;

    if (file == NULL)
        return false;
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        buf_add(out, block, got);
    fclose(file);
    buf_terminate(out);
    return out->length > 0;
}

static bool listen_now(struct server *server, struct sockaddr_in *address,
                       const struct buf *certificate, const struct buf *key)
{
    static char tls_versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    bool is_tls = server->service->config->tls_certificate != NULL;
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                     MHD_USE_AUTO | MHD_USE_ITC | MHD_USE_ERROR_LOG | (is_tls ? MHD_USE_TLS : 0);
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_END, 0, NULL}, /* the watch's: see below */
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_library_log, NULL},
        {MHD_OPTION_SOCK_ADDR, 0, address},
        {MHD_OPTION_CONNECTION_LIMIT, server->service->config->connection_limit, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, WATCH_IDLE_TIMEOUT, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, LIBRARY_BUFFER, NULL},
        {MHD_OPTION_THREAD_STACK_SIZE, STACK_SIZE, NULL},
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
    };

    watch_options(server->watch, options);
    if (is_tls) {
        options[9] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, certificate->data};
        options[10] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, key->data};
        options[11] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, tls_versions};
    }
    return ulfius_start_framework_with_mhd_options(&server->instance, flags, options) == U_OK;
}

static bool start_listening(struct server *server)
{
    const struct config *config = server->service->config;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)config->port)};
    AUTO(buf_finish) struct buf certificate = {0};
    AUTO(buf_finish) struct buf key = {0};
    const char *wrong = NULL;

    if (inet_pton(AF_INET, config->bind_address, &address.sin_addr) != 1)
        wrong = "BIND_ADDRESS is not an IPv4 address";
    else if (config->tls_certificate != NULL &&
             (!read_file(config->tls_certificate, &certificate) ||
              !read_file(config->tls_key, &key)))
        wrong = "TLS_CERTIFICATE or TLS_KEY cannot be read";
    else if (!listen_now(server, &address, &certificate, &key))
        wrong = "cannot listen on that port: is something else using it?";
    if (wrong != NULL)
        LOG(LOG_LEVEL_ERROR, "not started", LOG_T("detail", wrong), LOG_N("port", config->port));
    return wrong == NULL;
}

static void set_gauges(void *context)
{
    const struct server *server = context;
    struct metrics *metrics = server->service->metrics;

    metrics_set(metrics, METRIC_HTTP_IN_FLIGHT, NULL, (int64_t)watch_in_flight(server->watch));
    metrics_set(metrics, METRIC_HTTP_THREADS_MAX, NULL, server->service->config->connection_limit);
}

struct server *server_start(const struct service *service)
{
    struct server *server = calloc(1, sizeof(*server));

    if (server == NULL || ulfius_init_instance(&server->instance, (unsigned)service->config->port,
                                               NULL, NULL) != U_OK)
        abort();
    server->service = service;
    server->instance.max_post_body_size = BODY_MAX + 1;
    server->instance.check_utf8 = 0;
    server->instance.allowed_post_processor = U_POST_PROCESS_NONE;
    ulfius_set_default_endpoint(&server->instance, on_request, server);
    server->watch = watch_new(service->config->request_timeout);
    metrics_add_source(service->metrics, set_gauges, server);
    tally_prepare(service->metrics);
    note_constant_headers(server);
    if (start_listening(server))
        return server;
    watch_free(server->watch);
    ulfius_clean_instance(&server->instance);
    buf_finish(&server->always_sent);
    free(server);
    return NULL;
}

/* Waits for the requests in flight. */
static bool drain(struct server *server, int seconds)
{
    enum { STEP_US = 20000 };
    int64_t deadline = instant_now() + seconds * INSTANT_SECOND;

    atomic_store(&server->is_draining, true);
    close(MHD_quiesce_daemon(server->instance.mhd_daemon));
    do
        usleep(STEP_US);
    while (watch_is_any_in_flight(server->watch) && instant_now() < deadline);
    return !watch_is_any_in_flight(server->watch);
}

bool server_stop(struct server *server, int seconds)
{
    if (!drain(server, seconds))
        return false;
    ulfius_stop_framework(&server->instance);
    ulfius_clean_instance(&server->instance);
    watch_free(server->watch);
    buf_finish(&server->always_sent);
    free(server);
    return true;
}
