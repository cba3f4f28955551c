/* From an Authorization header to a struct caller. Contract platform.md 3. */
#pragma once

#include <stdint.h>

#include "api/request.h"

struct auth;

struct auth *auth_new(const struct config *config);
void auth_free(struct auth *auth);

/* The token of a header value, in the arena, or NULL: "Bearer T", "Token T", "Token token="T"",
 * with what the framework of the original tolerates (platform.md 3.1). Pure. */
const char *auth_header_token(struct arena *arena, const char *header);

/* Who holds the token. A token that was looked up is remembered for a second, so that a revoked one
 * stops within a second in every instance; its use is noted at most once a minute. Refuses an
 * unknown one. */
enum err auth_identify(const struct service *service, const char *token, struct caller *out,
                       struct problems *problems) MUST_CHECK;
