/* The gate of the rate limits: counts a request and says so in the answer's headers. */
#pragma once

#include "api/request.h"
#include "http/ratelimit.h"

/* False if the request is one too many: then it is answered with 429. caller: who sent it, NULL
 * where that is not known; then its address counts. */
bool rate_gate_pass(const struct service *service, enum rate_rule rule, const struct caller *caller,
                    struct request *request, struct response *response);

/* A source of metrics (metrics_add_source): what was refused. context: the struct service. */
void rate_gate_report(void *context);
