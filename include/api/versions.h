/* What an answer says of its version's age: RFC 9745 and RFC 5829. */
#pragma once

#include "api/request.h"

/* Adds Deprecation and, where the address can be told, Link with rel="successor-version" to the
 * answer of an operation that a later version has, too. Adds nothing before the request has found
 * its operation. */
void version_headers(struct response *response, struct request *request);

/* v1, v2 or v3, as paths spell it. */
const char *version_name(int version);
