/* What browsers report of pages that broke their policy: POST /csp_reports. Contract platform.md
 * 5.4. */
#pragma once

#include "api/request.h"

/* Logs what is known of a report's members, and nothing of a body that is none. */
void csp_receive(struct request *request, struct response *response);
