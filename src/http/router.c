/* The gates. */
#include "http/router.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "api/body.h"
#include "api/openapi.h"
#include "api/versions.h"
#include "base/address.h"
#include "base/date.h"
#include "base/field.h"
#include "base/problem_document.h"
#include "base/str.h"
#include "config.h"
#include "domain/service_mode.h"
#include "http/auth.h"
#include "http/condition.h"
#include "http/encoding.h"
#include "http/rate_gate.h"
#include "http/url.h"
#include "pages/notify.h"
#include "pages/pages.h"
#include "resources/availability.h"

enum { URI_MAX = 8 * 1024, HEADERS_MAX = 32 * 1024, REQUEST_ID_MAX = 255 };

/* A request on its way through the gates. */
struct passage {
    const struct service *service;
    const struct raw_request *raw;
    struct request *request;
    struct response *response;
    struct url url;
    enum url_result path_result; /* whether the path could be decoded: told at its gate */
    enum err identity_fault;     /* why the caller of an API request could not be identified */
    bool is_identified;
    struct condition condition;
};

static const char *header(const struct passage *passage, const char *name)
{
    return passage->raw->header(passage->raw->context, name);
}

static bool refuse_here(struct passage *passage, enum problem problem)
{
    refuse(&passage->response->problems, NULL, problem);
    return false;
}

/* A gate returns false when it has answered. */

static bool pass_framing(struct passage *passage)
{
    const char *length = header(passage, "Content-Length");
    bool is_broken = header(passage, "Host") == NULL ||
                     (length != NULL && strspn(length, "0123456789") != strlen(length)) ||
                     (length != NULL && header(passage, "Transfer-Encoding") != NULL);

    passage->response->must_close = is_broken || passage->raw->is_body_too_large;
    return !is_broken || refuse_here(passage, PROBLEM_MALFORMED);
}

/* Before anybody is authenticated, but counted like every request. */
static bool pass_sizes(struct passage *passage)
{
    if (strlen(passage->raw->url) > URI_MAX)
        return refuse_here(passage, PROBLEM_URI_TOO_LONG);
    if (passage->raw->header_length > HEADERS_MAX)
        return refuse_here(passage, PROBLEM_HEADERS_TOO_LARGE);
    if (passage->raw->is_body_too_large)
        return refuse_here(passage, PROBLEM_BODY_TOO_LARGE);
    return true;
}

static bool is_get(const struct passage *passage)
{
    return str_equal(passage->request->method, "GET");
}

/* Probes come without HTTPS. */
static bool has_check_in_path(const char *url)
{
    const char *found = strstr(url, "/check");

    return found != NULL && found < url + strcspn(url, "?");
}

static bool pass_https(struct passage *passage)
{
    struct response *response = passage->response;

    if (passage->raw->is_secure || !passage->service->config->force_https ||
        has_check_in_path(passage->raw->url) || url_is_probe(passage->raw->url))
        return true;
    response->status = is_get(passage) ? 301 : 308;
    response_add_header(response, "Location",
                        arena_printf(&passage->request->arena, "https://%s%s",
                                     header(passage, "Host"), passage->raw->url));
    return false;
}

/* An id that came in is kept, cleaned; otherwise there is a new one. */
static void set_request_id(struct passage *passage)
{
    const char *given = header(passage, "X-Request-Id");
    char *id;
    size_t length = 0;

    if (given != NULL) {
        id = arena_alloc(&passage->request->arena, REQUEST_ID_MAX + 1);
        for (; *given != '\0' && length < REQUEST_ID_MAX; given++)
            if (strspn(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@-") >
                0)
                id[length++] = *given;
    }
    if (length == 0) {
        struct uuid random = uuid_random();

        id = arena_alloc(&passage->request->arena, UUID_TEXT_SIZE);
        uuid_format(&random, id);
    }
    passage->request->request_id = id;
}

/* Who sends an API request. The rate limit wants to know first; the answer to a wrong token waits
 * for its gate, for an unknown route wins over it. */
static void identify(struct passage *passage)
{
    struct request *request = passage->request;
    const char *token = auth_header_token(&request->arena, header(passage, "Authorization"));
    struct problems problems = {0};

    if (token == NULL)
        return;
    passage->identity_fault = auth_identify(passage->service, token, &request->caller, &problems);
    passage->is_identified = passage->identity_fault == ERR_OK && problems.count == 0;
}

/* A path that cannot be decoded counts by what could be read of it. */
static bool pass_rate_limit(struct passage *passage)
{
    struct request *request = passage->request;
    enum rate_rule rule;

    passage->path_result = url_parse_path(&request->arena, passage->raw->url, &passage->url);
    rule = rate_rule_of(request->method, passage->url.segments, passage->url.segment_count);
    if (rule == RATE_RULES)
        return true;
    if (rule == RATE_API)
        identify(passage);
    return passage->identity_fault != ERR_OK ||
           rate_gate_pass(passage->service, rule, passage->is_identified ? &request->caller : NULL,
                          request, passage->response);
}

/* What tells of the service itself, and what its pages are made of, is there in every mode. */
static bool is_always_open(const char *url)
{
    return url_is_probe(url) || url_is_under(url, "check") || url_is_under(url, "healthcheck") ||
           url_is_under(url, "assets");
}

static bool pass_maintenance(struct passage *passage)
{
    const char *url = passage->raw->url;
    int64_t now = instant_now();
    struct service_mode mode = availability_mode(passage->service->availability, now);

    if (is_always_open(url) ||
        service_mode_admits(&mode, passage->request->method, url_is_under(url, "api")))
        return true;
    response_add_header(
        passage->response, "Retry-After",
        arena_printf(&passage->request->arena, "%" PRId64, service_mode_retry_after(&mode, now)));
    if (url_is_under(url, "api"))
        return refuse_here(passage, PROBLEM_UNAVAILABLE);
    pages_show_unavailable(&mode, passage->response);
    return false;
}

static bool pass_url(struct passage *passage)
{
    struct request *request = passage->request;
    enum url_result result = passage->path_result;

    if (result == URL_OK)
        result = url_parse_query(&request->arena, passage->raw->url, &passage->url);
    switch (result) {
    case URL_MALFORMED:
        return refuse_here(passage, PROBLEM_QUERY);
    case URL_NULL_BYTE:
        return refuse_here(passage, PROBLEM_NULL_BYTE);
    case URL_OK:
        break;
    }
    request->params = passage->url.params;
    request->extension = passage->url.extension;
    return true;
}

static bool pass_clock(struct passage *passage)
{
    const char *date = header(passage, "X-With-Server-Date");

    passage->request->now = instant_now();
    if (date == NULL || !passage->service->config->time_travel)
        return true;
    passage->request->has_server_date = instant_parse_lenient(date, &passage->request->now);
    return passage->request->has_server_date || refuse_here(passage, PROBLEM_SERVER_DATE);
}

static bool is_api(const struct passage *passage)
{
    return passage->url.segment_count > 0 && str_equal(passage->url.segments[0], "api");
}

bool router_knows_method(const char *method)
{
    static const char *const methods[] = {"GET",     "HEAD",  "POST",     "PUT",  "PATCH", "DELETE",
                                          "OPTIONS", "TRACE", "PROPFIND", "LINK", "UNLINK"};

    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_equal(methods[i], method))
            return true;
    return false;
}

static bool pass_route(struct passage *passage)
{
    struct request *request = passage->request;
    const char *id;

    if (!router_knows_method(passage->raw->method)) {
        return refuse_here(passage, PROBLEM_UNKNOWN_METHOD);
    }
    request->operation = openapi_match(passage->service->openapi, request->method,
                                       passage->url.segments, passage->url.segment_count, &id);
    if (request->operation == NULL)
        return refuse_here(passage, PROBLEM_NOT_FOUND);
    request->route = request->operation->path;
    if (request->operation->has_csv && request->extension != NULL &&
        !str_equal(request->extension, "json") && !str_equal(request->extension, "csv")) {
        return refuse_here(passage, PROBLEM_EXTENSION);
    }
    request->id = id;
    request->version = request->operation->version;
    return true;
}

static bool fault_here(struct passage *passage, enum err err)
{
    struct response *response = passage->response;

    if (err == ERR_OK)
        return true;
    buf_finish(&response->body);
    response->problems.count = 0;
    if (err == ERR_DB_AWAY || err == ERR_DB_BUSY || err == ERR_DB_CONFLICT) {
        response_add_header(response, "Retry-After", "5");
        return refuse_here(passage, PROBLEM_UNAVAILABLE);
    }
    return refuse_here(passage, PROBLEM_INTERNAL);
}

static bool pass_authentication(struct passage *passage)
{
    return fault_here(passage, passage->identity_fault) &&
           (passage->is_identified || refuse_here(passage, PROBLEM_UNAUTHORISED));
}

static bool has_access(const struct caller *caller, enum access access)
{
    bool is_provider =
        caller->kind == CALLER_LEAD_PROVIDER && !uuid_is_none(&caller->lead_provider_id);

    switch (access) {
    case ACCESS_ECF:
        return is_provider && caller->has_ecf;
    case ACCESS_ECF_OR_NPQ:
        return is_provider && (caller->has_ecf || caller->has_npq);
    case ACCESS_PRIVATE:
        return caller->has_private_access;
    }
    return false;
}

/* The answer has no body, but a type. */
static bool forbid(struct passage *passage, enum problem problem)
{
    passage->response->content_type = "text/html";
    return refuse_here(passage, problem);
}

static bool pass_scope(struct passage *passage)
{
    const struct caller *caller = &passage->request->caller;

    if (!has_access(caller, passage->request->operation->access))
        return forbid(passage, PROBLEM_FORBIDDEN);
    return is_get(passage) || caller->can_write || forbid(passage, PROBLEM_READ_ONLY_TOKEN);
}

/* filter must be a hash, and have what the operation requires. */
static bool pass_filter(struct passage *passage)
{
    struct request *request = passage->request;
    const struct operation *operation = request->operation;
    const struct param *filter = param_find(request->params, "filter");

    if (filter != NULL && (filter->type == PARAM_SCALAR || filter->type == PARAM_ARRAY))
        return refuse_here(passage, PROBLEM_FILTER_SHAPE);
    request->filter = filter == NULL ? NULL : filter->members;
    for (size_t i = 0; i < operation->required_filter_count; i++) {
        if (param_find(request->filter, operation->required_filters[i]) != NULL)
            continue;
        refuse_naming(&passage->response->problems, NULL, PROBLEM_FILTER_REQUIRED,
                      operation->required_filters[i]);
        return false;
    }
    return true;
}

/* The JSON body, where the operation has one. Whether data must be there is the handler's to say,
 * after it has looked its record up. */
static bool pass_body(struct passage *passage)
{
    struct request *request = passage->request;

    request->content_type = header(passage, "Content-Type");
    if (request->operation->has_body)
        request->attributes =
            body_attributes(request->content_type, request->body, request->body_length);
    return true;
}

/* What the client has already need not be read. */
static bool pass_condition(struct passage *passage)
{
    bool is_answered = false;

    condition_begin(&passage->condition, passage->service, passage->request);
    return fault_here(passage,
                      condition_answer(&passage->condition, passage->service, passage->request,
                                       passage->response, &is_answered)) &&
           !is_answered;
}

static void run_handler(struct passage *passage)
{
    struct response *response = passage->response;
    const struct operation *operation = passage->request->operation;

    response->content_type = CONTENT_JSON_API;
    if (fault_here(passage, operation->handler(passage->service, passage->request, response)) &&
        response->status == 0)
        response->status = 200;
}

/* Receipts of e-mails come without a version, and with a token of their own. */
static void receive_receipt(struct passage *passage)
{
    const char *token =
        auth_header_token(&passage->request->arena, header(passage, "Authorization"));

    (void)fault_here(passage,
                     notify_callback(passage->service, passage->request, token, passage->response));
}

/* The peer is in the ranges, and everybody for whom it says that it speaks: a proxy in our own
 * network does not open the door for those outside. */
static bool is_from_operator(const struct passage *passage)
{
    const struct raw_request *raw = passage->raw;
    const struct address_ranges *allowed = &passage->service->config->metrics_allow;

    return url_is_under(raw->url, "metrics") && address_ranges_have(allowed, &raw->peer) &&
           (raw->forwarded_for == NULL || address_ranges_have_each(allowed, raw->forwarded_for));
}

static void walk_gates(struct passage *passage)
{
    if (!pass_framing(passage) || !pass_https(passage) || !pass_rate_limit(passage) ||
        !pass_sizes(passage) || !pass_maintenance(passage) || !pass_url(passage))
        return;
    if (!is_api(passage)) {
        passage->request->is_from_operator = is_from_operator(passage);
        pages_handle(passage->service, passage->request, passage->url.segments,
                     passage->url.segment_count, passage->response);
        return;
    }
    if (notify_is_callback(passage->request->method, passage->url.segments,
                           passage->url.segment_count)) {
        passage->request->route = "/api/notify-callback";
        receive_receipt(passage);
        return;
    }
    if (pass_clock(passage) && pass_route(passage) && pass_authentication(passage) &&
        pass_scope(passage) && pass_filter(passage) && pass_body(passage) &&
        pass_condition(passage))
        run_handler(passage);
}

/* The body of refusals: the contract's, unless the client asks for RFC 9457 by name. A type that
 * was set before goes with a body that is none, or plain text. */
static void tell_problems(struct passage *passage)
{
    struct response *response = passage->response;
    const struct operation *operation = passage->request->operation;
    const struct problem_place place = {
        .request_id = passage->request->request_id,
        .attributes = operation == NULL ? NULL : operation->attributes,
    };

    response->status = problems_status(&response->problems);
    response->vary = "Accept-Encoding, Accept";
    buf_finish(&response->body);
    if (problem_document_is_wanted(passage->request->accept)) {
        response->content_type = CONTENT_PROBLEM_JSON;
        problem_document_write(&response->body, &response->problems, &place);
        return;
    }
    problems_write(&response->body, &response->problems);
    if (problems_are_json(&response->problems))
        response->content_type = CONTENT_JSON_API;
}

/* Refusals become the body; errors say how they may be cached. */
static void finish_answer(struct passage *passage)
{
    struct response *response = passage->response;
    bool is_error_layer, is_success;

    if (response->problems.count > 0)
        tell_problems(passage);
    version_headers(response, passage->request);
    if (response->status == 401)
        response_add_header(response, "WWW-Authenticate", "Token realm=\"Application\"");
    is_success = response->status == 200 || response->status == 201 || response->status == 304;
    is_error_layer = response->status == 404 || response->status >= 500;
    if (response->cache_control == NULL && !is_error_layer)
        response->cache_control = is_success ? "max-age=0, private, must-revalidate" : "no-cache";
}

void router_handle(const struct service *service, const struct raw_request *raw,
                   struct request *request, struct response *response)
{
    struct passage passage = {
        .service = service, .raw = raw, .request = request, .response = response};
    struct condition *condition = &passage.condition;

    request->is_head = str_equal(raw->method, "HEAD");
    request->method = request->is_head ? "GET" : raw->method;
    request->url = raw->url;
    request->body = raw->body;
    request->body_length = raw->body_length;
    request->remote_ip = raw->remote_ip;
    request->is_draining = raw->is_draining;
    request->accept = raw->header(raw->context, "Accept");
    set_request_id(&passage);
    condition->if_none_match = header(&passage, "If-None-Match");
    condition->accepts_gzip = encoding_accepts_gzip(header(&passage, "Accept-Encoding"));
    walk_gates(&passage);
    finish_answer(&passage);
    condition_end(condition, service, request, response);
    condition_finish(condition);
    request->prelude = NULL;
}
