/* Everything outside /api: start and sandbox page, Swagger UI, OpenAPI documents, health. Contract
 * platform.md 7, 9, 15. */
#pragma once

#include "api/request.h"

/* Answers the request, with a 404 page where there is nothing. */
void pages_handle(const struct service *service, struct request *request,
                  const char *const *segments, size_t segment_count, struct response *response);
