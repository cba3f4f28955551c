/* Opaque tokens. */
#include "api/token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void token_digest(const char *secret, const char *token, uint8_t out[static TOKEN_DIGEST_SIZE])
{
    unsigned length = 0;

    if (HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)token, strlen(token),
             out, &length) == NULL ||
        length != TOKEN_DIGEST_SIZE)
        abort();
}

void token_generate(char out[static TOKEN_TEXT_SIZE])
{
    static const char alphabet[] =
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789-_wxyz";
    enum { LENGTH = 32 };
    uint8_t random[LENGTH];

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        abort();
    for (size_t i = 0; i < LENGTH; i++)
        out[i] = alphabet[random[i] & 63];
    out[LENGTH] = '\0';
}
