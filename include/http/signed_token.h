/* Signed tokens: JWTs of ES256 keys, beside the opaque ones. Contract: design.md 3, decisions.md
 * 16. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/uuid.h"
#include "config.h"

/* The public keys that this environment believes, and what its tokens must say. */
struct token_keys;

/* Reads TOKEN_VERIFY_KEYS; without it there are no keys, and no signed token is known. NULL, with
 * the reason on err, if it is no list of P-256 public keys. */
struct token_keys *token_keys_new(const struct config *config, FILE *err);
void token_keys_free(struct token_keys *keys); /* accepts NULL */

/* What a signed token says of itself. */
struct signed_token {
    size_t key;     /* which of the keys must have signed it */
    struct uuid id; /* jti: the row that says who holds it and whether it was revoked */
    bool can_write; /* scope read-write */
    int64_t expires_at;
};

/* Three parts between dots: such a token is never looked for among the opaque ones. */
bool signed_token_is_meant(const char *token);

/* Reads the token; false unless algorithm, key, issuer, environment, times, scope and id are all
 * there and right at now. Cheap, and nothing of it is to be believed before
 * signed_token_is_genuine(). */
bool signed_token_read(const struct token_keys *keys, const char *token, int64_t now,
                       struct signed_token *out);

/* Checks the signature; the library parses the key each time, so this takes half a millisecond. */
bool signed_token_is_genuine(const struct token_keys *keys, const char *token,
                             const struct signed_token *claims);

/* A new token in the arena, signed with TOKEN_SIGNING_KEY. NULL, with the reason on err, if that is
 * missing or no P-256 private key, or TOKEN_VERIFY_KEYS would not accept its tokens. The key in
 * claims is not looked at; whole seconds of expires_at count. */
const char *signed_token_issue(const struct config *config, const struct signed_token *claims,
                               int64_t now, struct arena *arena, FILE *err);
