/* Pages about refusals, at the addresses that application/problem+json gives as their type. */
#pragma once

#include "api/request.h"

/* All refusals for NULL, else the one of that code; false if there is none. */
bool problems_show(const char *code, struct response *response);
