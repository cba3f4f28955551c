/* GET /metrics, for Prometheus. Contract platform.md 14. */
#pragma once

#include "api/request.h"

/* Answers without touching the database: what is known of it was read beside the requests. */
void metrics_show(const struct service *service, struct response *response);
