/* Everything outside /api, in one table. */
#include "pages/pages.h"

#include <string.h>

#include "base/field.h"
#include "base/str.h"
#include "config.h"
#include "csp.h"
#include "embedded.h"
#include "health.h"
#include "metrics.h"
#include "problems.h"
#include "ready.h"

static const char *content_type_of(const char *name)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".png", "image/png"},
        {".yml", "text/yaml"},
        {".json", "application/json"},
    };

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_ends_with(name, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

/* Sends an embedded file, if there is one of that name. */
static bool send_file(struct response *response, const struct embedded *table, const char *name)
{
    const struct embedded *file = embedded_find(table, name);

    if (file == NULL)
        return false;
    response->status = 200;
    response->is_page = true;
    response->content_type = content_type_of(name);
    buf_add(&response->body, file->data, *file->size);
    return true;
}

static bool send_page(struct response *response, const char *name)
{
    return send_file(response, embedded_assets, name);
}

/* The name of a file as the path spells it: what the URL parser split off is put back. */
static const char *file_name(struct request *request, const char *last)
{
    struct arena *arena = &request->arena;

    return request->extension == NULL ? last
                                      : arena_printf(arena, "%s.%s", last, request->extension);
}

static bool show_start(const struct service *service, struct response *response)
{
    if (service->config->environment != ENV_SANDBOX)
        return send_page(response, "start.html");
    response->status = 307;
    response_add_header(response, "Location", "/sandbox");
    return true;
}

static bool show_check(struct response *response)
{
    response->status = 200;
    response->content_type = "text/html";
    response->cache_control = "no-cache";
    return true;
}

/* Documents are named by their version; one that is called otherwise is not published. */
static bool is_published(const char *name)
{
    return name[0] == 'v';
}

/* ["v1","v2","v3"]: the documents that this program publishes. */
static bool show_versions(struct response *response)
{
    char separator = '[';

    for (const struct embedded *file = embedded_openapi; file->name != NULL; file++) {
        if (!str_ends_with(file->name, ".yml") || !is_published(file->name))
            continue;
        buf_add_char(&response->body, separator);
        buf_add_json_string(&response->body, file->name, strlen(file->name) - strlen(".yml"));
        separator = ',';
    }
    buf_add_char(&response->body, ']');
    response->status = 200;
    response->content_type = "application/json";
    return true;
}

/* lead-providers/api-docs/v3/api_spec.yml and .json */
static bool show_document(struct request *request, const char *const *segments, size_t count,
                          struct response *response)
{
    struct arena *arena = &request->arena;

    if (request->extension == NULL)
        return false;
    if (count == 3 && str_equal(segments[2], "versions") && str_equal(request->extension, "json"))
        return show_versions(response);
    return count == 4 && str_equal(segments[3], "api_spec") && is_published(segments[2]) &&
           send_file(response, embedded_openapi,
                     arena_printf(arena, "%s.%s", segments[2], request->extension));
}

static bool show(const struct service *service, struct request *request,
                 const char *const *segments, size_t count, struct response *response)
{
    if (count == 0)
        return show_start(service, response);
    if (count == 1 && str_equal(segments[0], "check"))
        return show_check(response);
    if (count == 1 && str_equal(segments[0], "sandbox"))
        return service->config->sandbox_page && send_page(response, "sandbox.html");
    if (count == 1 && str_equal(segments[0], "api-docs"))
        return send_page(response, "api-docs.html");
    if (count >= 1 && count <= 2 && str_equal(segments[0], "problems"))
        return problems_show(count == 2 ? segments[1] : NULL, response);
    if (count == 2 && str_equal(segments[0], "api-docs"))
        return send_file(response, embedded_swagger_ui, file_name(request, segments[1]));
    if (count == 2 && str_equal(segments[0], "assets"))
        return send_page(response, file_name(request, segments[1]));
    if (count >= 3 && str_equal(segments[0], "lead-providers") &&
        str_equal(segments[1], "api-docs"))
        return show_document(request, segments, count, response);
    return false;
}

/* Which page it was, for who counts: its first segment is that of a page, all behind it may be
 * anything. */
static const char *route_of(struct request *request, const char *const *segments, size_t count)
{
    if (count == 0)
        return "/";
    return arena_printf(&request->arena, count == 1 ? "/%s" : "/%s/*", segments[0]);
}

static void answer(const struct service *service, struct request *request,
                   const char *const *segments, size_t segment_count, struct response *response)
{
    bool is_get = str_equal(request->method, "GET");

    if (is_get && segment_count == 1 && str_equal(segments[0], "healthcheck")) {
        health_show(service, response);
        return;
    }
    if (is_get && request->is_from_operator && segment_count == 1 &&
        str_equal(segments[0], "metrics")) {
        metrics_show(service, response);
        return;
    }
    if (is_get && segment_count == 1 && str_equal(segments[0], "ready")) {
        ready_show(service, request, response);
        return;
    }
    if (!is_get && segment_count == 1 && str_equal(segments[0], "csp_reports") &&
        str_equal(request->method, "POST")) {
        csp_receive(request, response);
        return;
    }
    if (is_get && show(service, request, segments, segment_count, response))
        return;
    send_page(response, "not-found.html");
    response->status = 404;
}

void pages_handle(const struct service *service, struct request *request,
                  const char *const *segments, size_t segment_count, struct response *response)
{
    answer(service, request, segments, segment_count, response);
    if (response->status != 404)
        request->route = route_of(request, segments, segment_count);
}
