/* Opaque tokens. */
#include "api/token.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct token_digester {
    EVP_MAC_CTX *keyed; /* copied for each digest, so that no thread waits for another */
};

struct token_digester *token_digester_new(const char *secret)
{
    char hash[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0),
                                 OSSL_PARAM_END};
    struct token_digester *digester = calloc(1, sizeof(*digester));
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

    if (digester == NULL || (digester->keyed = EVP_MAC_CTX_new(hmac)) == NULL ||
        EVP_MAC_init(digester->keyed, (const unsigned char *)secret, strlen(secret), params) != 1)
        abort();
    EVP_MAC_free(hmac);
    return digester;
}

void token_digester_free(struct token_digester *digester)
{
    EVP_MAC_CTX_free(digester->keyed);
    free(digester);
}

void token_digester_take(const struct token_digester *digester, const char *token,
                         uint8_t out[static TOKEN_DIGEST_SIZE])
{
    EVP_MAC_CTX *hmac = EVP_MAC_CTX_dup(digester->keyed);
    size_t length = 0;

    if (hmac == NULL || EVP_MAC_update(hmac, (const unsigned char *)token, strlen(token)) != 1 ||
        EVP_MAC_final(hmac, out, &length, TOKEN_DIGEST_SIZE) != 1 || length != TOKEN_DIGEST_SIZE)
        abort();
    EVP_MAC_CTX_free(hmac);
}

void token_digest(const char *secret, const char *token, uint8_t out[static TOKEN_DIGEST_SIZE])
{
    struct token_digester *digester = token_digester_new(secret);

    token_digester_take(digester, token, out);
    token_digester_free(digester);
}

/* Without the four characters that people take for others; 0 and O, l and I. */
static const char ALPHABET[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

enum { LETTERS = sizeof(ALPHABET) - 1, RANDOM_LENGTH = 32, CHECKSUM_LENGTH = 6 };

static const size_t PREFIX_LENGTH = sizeof(TOKEN_PREFIX) - 1;

/* Each character as likely as every other: of six random bits, what is too large is thrown away. */
static char random_letter(void)
{
    uint8_t random;

    do
        if (getrandom(&random, 1, 0) != 1)
            abort();
    while ((random & 63) >= LETTERS);
    return ALPHABET[random & 63];
}

/* As zlib, PNG and others have it. */
static uint32_t crc32_of(const char *bytes, size_t length)
{
    static const uint32_t polynomial = 0xedb88320;
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < length; i++) {
        crc ^= (uint8_t)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? polynomial : 0);
    }
    return ~crc;
}

/* Of the random part, most significant character first. */
static void write_checksum(const char *random, char out[static CHECKSUM_LENGTH])
{
    uint32_t crc = crc32_of(random, RANDOM_LENGTH);

    for (size_t i = CHECKSUM_LENGTH; i-- > 0; crc /= LETTERS)
        out[i] = ALPHABET[crc % LETTERS];
}

void token_generate(char out[static TOKEN_TEXT_SIZE])
{
    char *random = out + PREFIX_LENGTH;

    memcpy(out, TOKEN_PREFIX, PREFIX_LENGTH);
    for (size_t i = 0; i < RANDOM_LENGTH; i++)
        random[i] = random_letter();
    write_checksum(random, random + RANDOM_LENGTH);
    random[RANDOM_LENGTH + CHECKSUM_LENGTH] = '\0';
}

bool token_has_form(const char *text)
{
    const char *random = text + PREFIX_LENGTH;
    char checksum[CHECKSUM_LENGTH];

    if (strncmp(text, TOKEN_PREFIX, PREFIX_LENGTH) != 0 ||
        strlen(random) != RANDOM_LENGTH + CHECKSUM_LENGTH ||
        strspn(random, ALPHABET) != RANDOM_LENGTH + CHECKSUM_LENGTH)
        return false;
    write_checksum(random, checksum);
    return memcmp(random + RANDOM_LENGTH, checksum, CHECKSUM_LENGTH) == 0;
}
