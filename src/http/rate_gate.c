/* What a client sees of the rate limits. */
#include "http/rate_gate.h"

#include <inttypes.h>

#include "base/date.h"
#include "base/metrics.h"
#include "log.h"

/* The fields of the IETF's draft "RateLimit header fields for HTTP". */
static void add_headers(struct arena *arena, const char *name, const struct rate_verdict *verdict,
                        struct response *response)
{
    response_add_header(
        response, "RateLimit-Policy",
        arena_printf(arena, "\"%s\";q=%d;w=%d", name, verdict->limit, verdict->period));
    response_add_header(response, "RateLimit",
                        arena_printf(arena, "\"%s\";r=%" PRId64 ";t=%" PRId64, name,
                                     verdict->remaining, verdict->seconds_left));
    if (verdict->is_refused)
        response_add_header(response, "Retry-After",
                            arena_printf(arena, "%" PRId64, verdict->seconds_left));
}

/* One line for all refusals of a window: a flood is not to fill the log as well. */
static void note_refusal(const char *name, const struct rate_verdict *verdict,
                         const struct caller *caller, const struct request *request)
{
    bool is_provider = caller != NULL && !uuid_is_none(&caller->lead_provider_id);
    char id[UUID_TEXT_SIZE];

    LOG(LOG_LEVEL_WARN, "rate limit exceeded", LOG_T("rule", name), LOG_N("limit", verdict->limit),
        LOG_N("seconds_left", verdict->seconds_left), LOG_T("request_id", request->request_id),
        LOG_T("remote_ip", request->remote_ip),
        LOG_T("current_user_id", is_provider ? uuid_format(&caller->lead_provider_id, id) : NULL));
}

bool rate_gate_pass(const struct service *service, enum rate_rule rule, const struct caller *caller,
                    struct request *request, struct response *response)
{
    const char *name = rate_rule_name(rule);
    struct address address = {0};
    struct rate_verdict verdict;
    struct rate_key key;

    (void)address_parse(request->remote_ip, &address);
    key = caller != NULL ? rate_key_of_caller(rule, caller) : rate_key_of_address(rule, &address);
    verdict = rate_limits_take(service->rate_limits, &key, instant_now());
    add_headers(&request->arena, name, &verdict, response);
    if (verdict.is_first_refusal)
        note_refusal(name, &verdict, caller, request);
    if (!verdict.is_refused)
        return true;
    response->content_type = "text/plain";
    refuse(&response->problems, NULL, PROBLEM_RATE_LIMITED);
    return false;
}

void rate_gate_report(void *context)
{
    const struct service *service = context;

    for (enum rate_rule rule = 0; rule < RATE_RULES; rule++)
        metrics_set(service->metrics, METRIC_RATE_LIMITED, METRIC_LABELS(rate_rule_name(rule)),
                    rate_limits_refused(service->rate_limits, rule));
}
