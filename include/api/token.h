/* Opaque tokens: what is issued, and the digest that is kept. Contract platform.md 3.5. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { TOKEN_DIGEST_SIZE = 32, TOKEN_TEXT_SIZE = 48 };

/* The first characters of every new token, for those who look for secrets where none should be. */
#define TOKEN_PREFIX "cpd_"

/* HMAC-SHA-256 of the clear token under the secret. */
void token_digest(const char *secret, const char *token, uint8_t out[static TOKEN_DIGEST_SIZE]);

/* The same for many tokens: what hangs on the secret alone, which is most of it, is done once. */
struct token_digester;
struct token_digester *token_digester_new(const char *secret);
void token_digester_free(struct token_digester *digester);
void token_digester_take(const struct token_digester *digester, const char *token,
                         uint8_t out[static TOKEN_DIGEST_SIZE]);

/* A new random token: the prefix, 32 letters and digits, and a checksum of six that lets a scanner
 * tell it from what only looks like one (docs/operations.md). */
void token_generate(char out[static TOKEN_TEXT_SIZE]);

/* Has the text the form of a new token, checksum included? Older tokens have no such form and are
 * as good. */
bool token_has_form(const char *text);
