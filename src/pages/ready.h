/* GET /ready: should requests be sent to this instance? */
#pragma once

#include "api/request.h"

/* 200 {"ready":true,...} or 503 with what is wrong: database, migration, pool, draining. Asks the
 * database nothing itself, so it answers at once. Maintenance is none of it: an instance that is
 * closed on purpose answers as it should. */
void ready_show(const struct service *service, const struct request *request,
                struct response *response);
