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
#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "config.h"
#include "db/db.h"
#include "http/access_log.h"
#include "http/router.h"
#include "log.h"
#include "stream.h"
#include "watch.h"

enum {
    BODY_MAX = 1024 * 1024,
    LIBRARY_BUFFER = 64 * 1024,
    STACK_SIZE = 512 * 1024,
};

struct server {
    const struct service *service;
    struct _u_instance instance;
    atomic_bool is_draining;
    struct watch *watch;
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

static bool is_address(const char *text)
{
    struct in6_addr address;

    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

/* The right-most forwarded address is the one that the router in front saw. */
static const char *remote_ip(struct arena *arena, const struct _u_request *from)
{
    const char *forwarded = u_map_get_case(from->map_header, "X-Forwarded-For");
    char *text = arena_alloc(arena, INET6_ADDRSTRLEN);
    const char *last;

    if (forwarded != NULL) {
        last = strrchr(forwarded, ',');
        last = last == NULL ? forwarded : last + 1;
        last += strspn(last, " ");
        if (is_address(last))
            return arena_strdup(arena, last);
    }
    if (from->client_address != NULL && from->client_address->sa_family == AF_INET)
        inet_ntop(AF_INET,
                  &((const struct sockaddr_in *)(const void *)from->client_address)->sin_addr, text,
                  INET6_ADDRSTRLEN);
    return text;
}

static struct raw_request read_request(const struct server *server, struct arena *arena,
                                       const struct _u_request *from)
{
    const char *length = u_map_get_case(from->map_header, "Content-Length");
    int64_t announced = length == NULL ? 0 : str_leading_int(length);

    return (struct raw_request){
        .method = from->http_verb,
        .url = from->http_url,
        .body = from->binary_body,
        .body_length = from->binary_body_length,
        .is_body_too_large = announced > BODY_MAX || from->binary_body_length > BODY_MAX,
        .header_length = header_length(from->map_header),
        .is_tls = server->service->config->tls_certificate != NULL,
        .remote_ip = remote_ip(arena, from),
        .header = get_header,
        .context = from->map_header,
    };
}

static void add_common_headers(const struct server *server, const struct request *request,
                               const struct response *response, struct _u_map *headers)
{
    static const char page_policy[] =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "report-uri /csp_reports";
    static const char *const always[][2] = {
        {"Vary", "Accept-Encoding"},
        {"X-Frame-Options", "DENY"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-XSS-Protection", "0"},
        {"X-Download-Options", "noopen"},
        {"X-Permitted-Cross-Domain-Policies", "none"},
        {"Referrer-Policy", "origin-when-cross-origin, strict-origin-when-cross-origin"},
    };

    for (size_t i = 0; i < COUNT_OF(always); i++)
        u_map_put(headers, always[i][0], always[i][1]);
    u_map_put(headers, "Content-Security-Policy",
              response->is_page ? page_policy : "default-src 'none'; frame-ancestors 'none'");
    u_map_put(headers, "X-Request-Id", request->request_id);
    if (server->service->config->force_https)
        u_map_put(headers, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    if (response->must_close || atomic_load(&server->is_draining))
        u_map_put(headers, "Connection", "close");
}

static void write_response(const struct server *server, const struct request *request,
                           struct response *response, struct _u_response *to)
{
    to->status = response->status;
    if (response->content_type != NULL)
        u_map_put(to->map_header, "Content-Type", response->content_type);
    if (response->cache_control != NULL)
        u_map_put(to->map_header, "Cache-Control", response->cache_control);
    for (size_t i = 0; i < response->header_count; i++)
        u_map_put(to->map_header, response->headers[i].name, response->headers[i].value);
    add_common_headers(server, request, response, to->map_header);
    /* The library ends a chunked answer to HEAD with a chunk that no client expects. */
    if (request->is_head && response->rest.next != NULL)
        response_drop_body(response);
    stream_hand_over(response, to);
}

static bool is_logged(const char *url)
{
    url += strspn(url, "/");
    if (!str_starts_with(url, "check"))
        return true;
    url += strlen("check");
    url += strspn(url, "/");
    return *url != '\0' && *url != '?';
}

static int on_request(const struct _u_request *from, struct _u_response *to, void *context)
{
    struct server *server = context;
    struct request request = {0};
    struct response response = {0};
    int64_t start = instant_now();
    int64_t db_start = db_thread_time();
    struct raw_request raw = read_request(server, &request.arena, from);

    watch_request_begun(server->watch);
    router_handle(server->service, &raw, &request, &response);
    if (is_logged(raw.url))
        access_log_write(&request, &response, instant_now() - start, db_thread_time() - db_start);
    write_response(server, &request, &response, to);
    watch_request_answered(server->watch);
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
    if (start_listening(server))
        return server;
    watch_free(server->watch);
    ulfius_clean_instance(&server->instance);
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
    free(server);
    return true;
}
