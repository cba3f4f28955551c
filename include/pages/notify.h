/* Delivery receipts of GOV.UK Notify: POST /api/notify-callback, which has no version, no caller
 * and no OpenAPI. Contract v1-v2.md 8. */
#pragma once

#include "api/request.h"

/* Is the request such a receipt? */
bool notify_is_callback(const char *method, const char *const *segments, size_t segment_count);

/* Answers it. token is that of the Authorization header, or NULL. Only a fault of the database is
 * passed up: it is to be answered as any other, so that Notify sends the receipt again. */
enum err notify_callback(const struct service *service, const struct request *request,
                         const char *token, struct response *response) MUST_CHECK;
