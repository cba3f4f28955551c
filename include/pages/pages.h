/* Everything outside /api: start and sandbox page, Swagger UI, OpenAPI documents, health. Contract
 * platform.md 7, 9, 15. */
#pragma once

#include "api/request.h"
#include "domain/service_mode.h"

/* Answers the request, with a 404 page where there is nothing. */
void pages_handle(const struct service *service, struct request *request,
                  const char *const *segments, size_t segment_count, struct response *response);

/* The page of a service that is closed, with the time at which it opens again where that is known.
 */
void pages_show_unavailable(const struct service_mode *mode, struct response *response);
