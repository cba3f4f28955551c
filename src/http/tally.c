/* Nothing that a client makes up becomes a label: each value is of a closed set. */
#include "http/tally.h"

#include "api/openapi.h"
#include "api/versions.h"
#include "base/metrics.h"
#include "http/access_log.h"

static const char *range_of(int status)
{
    static const char *const ranges[] = {"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"};

    return status >= 100 && status < 600 ? ranges[status / 100] : ranges[0];
}

static const char *version_of(const struct request *request)
{
    return request->operation == NULL ? "none" : version_name(request->operation->version);
}

void tally_prepare(struct metrics *metrics)
{
    metrics_set(metrics, METRIC_AUTH_FAILURES, METRIC_LABELS("401"), 0);
    metrics_set(metrics, METRIC_AUTH_FAILURES, METRIC_LABELS("403"), 0);
}

void tally_request(struct metrics *metrics, const struct request *request,
                   const struct response *response, int64_t duration)
{
    const char *route = request->route == NULL ? "(unrouted)" : request->route;
    const char *range = range_of(response->status);

    metrics_count(metrics, METRIC_REQUESTS,
                  METRIC_LABELS(access_log_method(request), route, range, version_of(request)));
    metrics_observe(metrics, METRIC_RESPONSE_TIME, METRIC_LABELS(route, range), duration);
    if (response->status == 401 || response->status == 403)
        metrics_count(metrics, METRIC_AUTH_FAILURES,
                      METRIC_LABELS(response->status == 401 ? "401" : "403"));
}
