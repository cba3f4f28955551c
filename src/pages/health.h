/* GET /healthcheck. Contract platform.md 7.2. */
#pragma once

#include "api/request.h"

/* 200 when the database is connected and populated, else 500; the body is complete either way. */
void health_show(const struct service *service, struct response *response);
