/* From an Authorization header to a struct caller. Contract platform.md 3. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "api/request.h"

struct auth;

/* NULL, with the reason on err, if the keys of signed tokens cannot be read. */
struct auth *auth_new(const struct config *config, FILE *err);
void auth_free(struct auth *auth); /* accepts NULL */

/* The token of a header value, in the arena, or NULL: "Bearer T", "Token T", "Token token="T"",
 * with what the framework of the original tolerates (platform.md 3.1). Pure. */
const char *auth_header_token(struct arena *arena, const char *header);

/* Who holds the token, opaque or signed. What was looked up is remembered for a second, so that a
 * revoked token stops, and a new one works, within a second in every instance; the signature of a
 * signed one is verified every ten minutes; a use is noted at most once a minute. Refuses an
 * unknown token. */
enum err auth_identify(const struct service *service, const char *token, struct caller *out,
                       struct problems *problems) MUST_CHECK;
