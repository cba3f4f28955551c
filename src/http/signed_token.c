/* Signed tokens: reading, verifying, issuing. The only code that includes libjwt. */
#include "http/signed_token.h"

#include <errno.h>
#include <jwt.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/err.h"
#include "base/field.h"
#include "base/str.h"

enum { KEYS_MAX = 8, KEY_ID_BYTES = 16, KEY_ID_SIZE = 2 * KEY_ID_BYTES + 1, PEM_MAX = 1024 };

/* The library decodes on the stack, whose size is bounded; ours are shorter than 500. */
enum { TOKEN_MAX = 2048 };

static const int64_t LAST_SECOND = INT64_C(253402300799); /* of the year 9999 */

struct token_key {
    char id[KEY_ID_SIZE]; /* kid */
    char pem[PEM_MAX];
    size_t length;
};

struct token_keys {
    const char *issuer;
    const char *audience;
    size_t count;
    struct token_key items[KEYS_MAX];
};

/* ---- keys
 * --------------------------------------------------------------------------------------------------
 */

static void finish_bio(BIO **bio)
{
    BIO_free(*bio);
}

static void finish_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

/* A setting holds PEM itself, or the path of a file with it. NULL: no such file. */
static BIO *open_pem(const char *setting)
{
    bool is_pem = strstr(setting, "-----BEGIN ") != NULL;

    return is_pem ? BIO_new_mem_buf(setting, -1) : BIO_new_file(setting, "r");
}

/* An encrypted key is refused; the library would ask for its password at the terminal. */
static int no_password(char *out, int size, int is_writing, void *context)
{
    (void)out;
    (void)size;
    (void)is_writing;
    (void)context;
    return -1;
}

static bool is_p256(const EVP_PKEY *key)
{
    char group[64];
    size_t length;

    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof(group), &length) == 1 &&
           str_equal(group, "prime256v1");
}

static bool copy_pem(BIO *from, struct token_key *out)
{
    char *data;
    long length = BIO_get_mem_data(from, &data);

    if (length <= 0 || length >= PEM_MAX)
        return false;
    memcpy(out->pem, data, (size_t)length);
    out->length = (size_t)length;
    return true;
}

/* A key is known by the digest of what it is, so nobody has to name it. */
static bool fill_key(const EVP_PKEY *key, struct token_key *out)
{
    AUTO(finish_bio) BIO *pem = BIO_new(BIO_s_mem());
    uint8_t digest[SHA256_DIGEST_LENGTH];
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(key, &der);

    if (pem == NULL || length <= 0)
        return false;
    SHA256(der, (size_t)length, digest);
    OPENSSL_free(der);
    for (size_t i = 0; i < KEY_ID_BYTES; i++)
        snprintf(out->id + 2 * i, 3, "%02x", digest[i]);
    return PEM_write_bio_PUBKEY(pem, key) == 1 && copy_pem(pem, out);
}

static void finish_bytes(unsigned char **bytes)
{
    OPENSSL_free(*bytes);
}

static void finish_text(char **text)
{
    OPENSSL_free(*text);
}

/* Adds the next key of a text with several; is_end where there is none. What is wrong, or NULL. A
 * private key is wrong, too: the service has no use for one. */
static const char *read_key(struct token_keys *keys, BIO *pem, bool *is_end)
{
    AUTO(finish_text) char *name = NULL;
    AUTO(finish_text) char *header = NULL;
    AUTO(finish_bytes) unsigned char *der = NULL;
    const unsigned char *cursor;
    long length;

    if (PEM_read_bio(pem, &name, &header, &der, &length) != 1) {
        *is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        return *is_end ? NULL : "holds something that is no public key";
    }
    cursor = der;
    AUTO(finish_key)
    EVP_PKEY *key = str_equal(name, PEM_STRING_PUBLIC) ? d2i_PUBKEY(NULL, &cursor, length) : NULL;
    if (key == NULL)
        return "holds something that is no public key";
    if (keys->count == KEYS_MAX)
        return "holds more than 8 keys";
    if (!is_p256(key) || !fill_key(key, &keys->items[keys->count]))
        return "holds a key that is not of the curve P-256";
    keys->count++;
    return NULL;
}

/* What is wrong with the public keys of a setting, or NULL. */
static const char *read_keys(struct token_keys *keys, const char *setting)
{
    AUTO(finish_bio) BIO *pem = open_pem(setting);
    const char *wrong = NULL;
    bool is_end = false;

    if (pem == NULL)
        return "cannot be read";
    while (wrong == NULL && !is_end)
        wrong = read_key(keys, pem, &is_end);
    return wrong == NULL && keys->count == 0 ? "holds no public key" : wrong;
}

struct token_keys *token_keys_new(const struct config *config, FILE *err)
{
    struct token_keys *keys = calloc(1, sizeof(*keys));
    const char *wrong = NULL;

    if (keys == NULL)
        abort();
    keys->issuer = config->token_issuer;
    keys->audience = config->environment_name;
    if (config->token_verify_keys != NULL)
        wrong = read_keys(keys, config->token_verify_keys);
    ERR_clear_error();
    if (wrong == NULL)
        return keys;
    fprintf(err, "TOKEN_VERIFY_KEYS: %s\n", wrong);
    token_keys_free(keys);
    return NULL;
}

void token_keys_free(struct token_keys *keys)
{
    free(keys);
}

static const struct token_key *find_key(const struct token_keys *keys, const char *id)
{
    for (size_t i = 0; i < keys->count && id != NULL; i++)
        if (str_equal(keys->items[i].id, id))
            return &keys->items[i];
    return NULL;
}

/* ---- reading
 * -----------------------------------------------------------------------------------------------
 */

static void finish_jwt(jwt_t **jwt)
{
    jwt_free(*jwt);
}

bool signed_token_is_meant(const char *token)
{
    size_t dots = 0;

    for (; *token != '\0'; token++)
        dots += *token == '.';
    return dots == 2;
}

/* The library stops at the first character that is no base64url, and takes what stands before. */
static bool is_well_formed(const char *token)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t length = strnlen(token, TOKEN_MAX + 1);

    return length > 0 && length <= TOKEN_MAX && strspn(token, alphabet) == length &&
           token[0] != '.' && token[length - 1] != '.' && strstr(token, "..") == NULL &&
           signed_token_is_meant(token);
}

enum claim { CLAIM_MISSING, CLAIM_WRONG, CLAIM_GOOD };

/* A grant that is an instant: a whole number of seconds. The library says 0 where it is none. */
static enum claim read_instant(jwt_t *jwt, const char *name, int64_t *out)
{
    long seconds;

    errno = 0;
    seconds = jwt_get_grant_int(jwt, name);
    if (errno == ENOENT)
        return CLAIM_MISSING;
    if (errno != 0 || seconds <= 0 || seconds > LAST_SECOND)
        return CLAIM_WRONG;
    *out = seconds * INSTANT_SECOND;
    return CLAIM_GOOD;
}

/* The header: our algorithm and one of our keys, and nothing that we would have to understand. */
static bool read_header(const struct token_keys *keys, jwt_t *jwt, struct signed_token *out)
{
    const struct token_key *key = find_key(keys, jwt_get_header(jwt, "kid"));
    const char *algorithm = jwt_get_header(jwt, "alg");
    bool has_critical;

    errno = 0;
    (void)jwt_get_header(jwt, "crit");
    has_critical = errno != ENOENT;
    if (algorithm == NULL || !str_equal(algorithm, "ES256") || key == NULL || has_critical)
        return false;
    out->key = (size_t)(key - keys->items);
    return true;
}

static bool is_ours(const struct token_keys *keys, jwt_t *jwt)
{
    const char *issuer = jwt_get_grant(jwt, "iss");
    const char *audience = jwt_get_grant(jwt, "aud");

    return issuer != NULL && str_equal(issuer, keys->issuer) && audience != NULL &&
           str_equal(audience, keys->audience);
}

static bool read_times(jwt_t *jwt, int64_t now, struct signed_token *out)
{
    int64_t begins = 0;

    return read_instant(jwt, "nbf", &begins) != CLAIM_WRONG && begins <= now &&
           read_instant(jwt, "exp", &out->expires_at) == CLAIM_GOOD && out->expires_at > now;
}

static bool read_scope_and_id(jwt_t *jwt, struct signed_token *out)
{
    const char *scope = jwt_get_grant(jwt, "scope");
    const char *id = jwt_get_grant(jwt, "jti");

    if (scope == NULL || id == NULL || !uuid_parse(id, &out->id))
        return false;
    out->can_write = str_equal(scope, "read-write");
    return out->can_write || str_equal(scope, "read");
}

bool signed_token_read(const struct token_keys *keys, const char *token, int64_t now,
                       struct signed_token *out)
{
    AUTO(finish_jwt) jwt_t *jwt = NULL;

    *out = (struct signed_token){0};
    if (keys->count == 0 || !is_well_formed(token) || jwt_decode(&jwt, token, NULL, 0) != 0)
        return false;
    return read_header(keys, jwt, out) && is_ours(keys, jwt) && read_times(jwt, now, out) &&
           read_scope_and_id(jwt, out);
}

bool signed_token_is_genuine(const struct token_keys *keys, const char *token,
                             const struct signed_token *claims)
{
    AUTO(finish_jwt) jwt_t *jwt = NULL;
    const struct token_key *key = &keys->items[claims->key];
    bool is_genuine =
        jwt_decode(&jwt, token, (const unsigned char *)key->pem, (int)key->length) == 0 &&
        jwt_get_alg(jwt) == JWT_ALG_ES256;

    ERR_clear_error(); /* of a signature that is wrong */
    return is_genuine;
}

/* ---- issuing
 * -----------------------------------------------------------------------------------------------
 */

/* The private key as PEM, and its public half. What is wrong with it, or NULL. */
static const char *read_signing_key(const char *setting, struct token_key *private,
                                    struct token_key *public)
{
    AUTO(finish_bio) BIO *pem = setting == NULL ? NULL : open_pem(setting);
    AUTO(finish_bio) BIO *out = BIO_new(BIO_s_mem());
    AUTO(finish_key)
    EVP_PKEY *key = pem == NULL ? NULL : PEM_read_bio_PrivateKey(pem, NULL, no_password, NULL);

    if (setting == NULL)
        return "is needed for signed tokens";
    if (key == NULL)
        return "holds no private key without a password";
    if (!is_p256(key) || !fill_key(key, public) || out == NULL ||
        PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, no_password, NULL) != 1 ||
        !copy_pem(out, private))
        return "holds a key that is not of the curve P-256";
    return NULL;
}

static char *encode(const struct token_keys *keys, const struct token_key *private, const char *kid,
                    const struct signed_token *claims, int64_t now)
{
    AUTO(finish_jwt) jwt_t *jwt = NULL;
    char id[UUID_TEXT_SIZE];

    if (jwt_new(&jwt) != 0 || jwt_add_header(jwt, "kid", kid) != 0 ||
        jwt_add_grant(jwt, "iss", keys->issuer) != 0 ||
        jwt_add_grant(jwt, "aud", keys->audience) != 0 ||
        jwt_add_grant(jwt, "jti", uuid_format(&claims->id, id)) != 0 ||
        jwt_add_grant(jwt, "scope", claims->can_write ? "read-write" : "read") != 0 ||
        jwt_add_grant_int(jwt, "iat", now / INSTANT_SECOND) != 0 ||
        jwt_add_grant_int(jwt, "exp", claims->expires_at / INSTANT_SECOND) != 0 ||
        jwt_set_alg(jwt, JWT_ALG_ES256, (const unsigned char *)private->pem,
                    (int)private->length) != 0)
        return NULL;
    return jwt_encode_str(jwt);
}

/* Only what the service will accept is issued. */
static const char *issue(const struct token_keys *keys, const struct config *config,
                         const struct signed_token *claims, int64_t now, char **token)
{
    struct token_key private = {0}, public = {0};
    const char *wrong = read_signing_key(config->token_signing_key, &private, &public);
    struct signed_token check;

    if (wrong == NULL && find_key(keys, public.id) == NULL)
        wrong = "its public half is not among TOKEN_VERIFY_KEYS";
    if (wrong == NULL) {
        *token = encode(keys, &private, public.id, claims, now);
        if (*token == NULL || !signed_token_read(keys, *token, now, &check) ||
            !signed_token_is_genuine(keys, *token, &check))
            wrong = "makes no token that TOKEN_VERIFY_KEYS accepts";
    }
    OPENSSL_cleanse(&private, sizeof(private));
    ERR_clear_error();
    return wrong;
}

const char *signed_token_issue(const struct config *config, const struct signed_token *claims,
                               int64_t now, struct arena *arena, FILE *err)
{
    struct token_keys *keys = token_keys_new(config, err);
    const char *copy = NULL, *wrong;
    char *token = NULL;

    if (keys == NULL)
        return NULL;
    wrong = issue(keys, config, claims, now, &token);
    if (wrong != NULL)
        fprintf(err, "TOKEN_SIGNING_KEY: %s\n", wrong);
    else
        copy = arena_strdup(arena, token);
    free(token);
    token_keys_free(keys);
    return copy;
}
