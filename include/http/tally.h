/* What each request adds to the metrics: platform.md 14. */
#pragma once

#include "api/request.h"

struct metrics;

/* Shows at 0 what is watched and may take long to occur. */
void tally_prepare(struct metrics *metrics);

/* Counts an answered request, once, whatever became of it. The duration is in microseconds. */
void tally_request(struct metrics *metrics, const struct request *request,
                   const struct response *response, int64_t duration);
