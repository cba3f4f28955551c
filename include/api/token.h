/* Opaque tokens: what is issued, and the digest that is kept. Contract platform.md 3.5. */
#pragma once

#include <stdint.h>

enum { TOKEN_DIGEST_SIZE = 32, TOKEN_TEXT_SIZE = 40 };

/* HMAC-SHA-256 of the clear token under the secret. */
void token_digest(const char *secret, const char *token, uint8_t out[static TOKEN_DIGEST_SIZE]);

/* A new random token of letters, digits, - and _. */
void token_generate(char out[static TOKEN_TEXT_SIZE]);
