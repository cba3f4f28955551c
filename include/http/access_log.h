/* The line that a request leaves in the log: platform.md 10. */
#pragma once

#include "api/request.h"

/* Whatever a client sends, nothing of it is written that is not of a known form: a route, a UUID, a
 * year, an instant, a small number. Durations are in microseconds. */
void access_log_write(struct request *request, const struct response *response, int64_t duration,
                      int64_t db);

/* Its parts, for whatever else tells of requests: what may be written of the path, of the method,
 * and whether a parameter may be. */
const char *access_log_path(struct request *request, const struct response *response);
const char *access_log_method(const struct request *request);
bool access_log_shows(const struct param *param);
