/* Signed tokens: what is believed, and everything that is not. The tokens are made here with
 * OpenSSL alone, so that they are no echo of the library that reads them. */
#include "http/signed_token.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/str.h"
#include "support.h"

#define ID "3d6f0a6e-2f0b-4c5c-9a5e-1f2e3d4c5b6a"

enum { TEXT_SIZE = 8192 };

static const int64_t NOW = INT64_C(1750000000) * INSTANT_SECOND;

/* A pair of keys as PEM; the id is as the program works it out. */
struct pair {
    EVP_PKEY *key;
    char private[1024];
    char public[1024];
    char id[33];
};

static struct pair ours, next, strange, other_curve;
static char said[1024];

/* ---- keys and tokens
 * -------------------------------------------------------------------------------------------- */

static void read_all(BIO *bio, char out[static 1024])
{
    int length = BIO_read(bio, out, 1023);

    assert_true(length > 0);
    out[length] = '\0';
    BIO_free(bio);
}

static void make_pair(struct pair *pair, const char *curve)
{
    BIO *private = BIO_new(BIO_s_mem()), *public = BIO_new(BIO_s_mem());
    unsigned char *der = NULL, digest[32];
    int length;

    pair->key = EVP_EC_gen(curve);
    assert_non_null(pair->key);
    PEM_write_bio_PrivateKey(private, pair->key, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_PUBKEY(public, pair->key);
    read_all(private, pair->private);
    read_all(public, pair->public);
    length = i2d_PUBKEY(pair->key, &der);
    EVP_Digest(der, (size_t)length, digest, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
    for (size_t i = 0; i < 16; i++)
        snprintf(pair->id + 2 * i, 3, "%02x", digest[i]);
}

static int make_keys(void **state)
{
    (void)state;
    make_pair(&ours, "P-256");
    make_pair(&next, "P-256");
    make_pair(&strange, "P-256");
    make_pair(&other_curve, "P-384");
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(ours.key);
    EVP_PKEY_free(next.key);
    EVP_PKEY_free(strange.key);
    EVP_PKEY_free(other_curve.key);
    return 0;
}

static void add_base64url(char *out, const unsigned char *bytes, size_t length)
{
    char text[TEXT_SIZE];
    size_t at = strlen(out);

    assert_true(length < TEXT_SIZE / 2);
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    for (const char *c = text; *c != '\0' && *c != '='; c++)
        out[at++] = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
    out[at] = '\0';
}

/* As JOSE has it: r and s, 32 bytes each. */
static void sign_es256(EVP_PKEY *key, const char *text, unsigned char out[static 64])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char der[256];
    const unsigned char *cursor = der;
    size_t length = sizeof(der);
    ECDSA_SIG *signature;

    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
    assert_int_equal(
        EVP_DigestSign(context, der, &length, (const unsigned char *)text, strlen(text)), 1);
    signature = d2i_ECDSA_SIG(NULL, &cursor, (long)length);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32);
    ECDSA_SIG_free(signature);
    EVP_MD_CTX_free(context);
}

static void begin(char *out, const char *header, const char *payload)
{
    out[0] = '\0';
    add_base64url(out, (const unsigned char *)header, strlen(header));
    strcat(out, ".");
    add_base64url(out, (const unsigned char *)payload, strlen(payload));
}

static void make(char *out, const char *header, const char *payload, EVP_PKEY *key)
{
    unsigned char signature[64];

    begin(out, header, payload);
    sign_es256(key, out, signature);
    strcat(out, ".");
    add_base64url(out, signature, sizeof(signature));
}

static const char *header_of(const char *kid)
{
    static char text[256];

    snprintf(text, sizeof(text), "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid);
    return text;
}

/* ---- asking
 * ----------------------------------------------------------------------------------------------------
 */

static struct token_keys *open_keys(const char *public_keys)
{
    const struct config config = {
        .environment_name = "sandbox", .token_issuer = "cpd-api", .token_verify_keys = public_keys};
    FILE *err = fmemopen(said, sizeof(said), "w");
    struct token_keys *keys = token_keys_new(&config, err);

    fclose(err);
    return keys;
}

/* Read and verified, as the service does it. */
static bool is_believed(const struct token_keys *keys, const char *token, struct signed_token *out)
{
    return signed_token_read(keys, token, NOW, out) && signed_token_is_genuine(keys, token, out);
}

static bool is_believed_by_ours(const char *token)
{
    struct token_keys *keys = open_keys(ours.public);
    struct signed_token claims;
    bool is_good;

    assert_non_null(keys);
    is_good = is_believed(keys, token, &claims);
    token_keys_free(keys);
    return is_good;
}

#define GOOD "\"iss\":\"cpd-api\",\"aud\":\"sandbox\",\"exp\":1750000060,\"jti\":\"" ID "\","

static void a_good_token_says_who_what_and_until_when(void **state)
{
    struct token_keys *keys = open_keys(ours.public);
    struct signed_token claims;
    char token[TEXT_SIZE], id[UUID_TEXT_SIZE];

    (void)state;
    make(token, header_of(ours.id), "{" GOOD "\"scope\":\"read-write\"}", ours.key);
    assert_true(is_believed(keys, token, &claims));
    assert_true(claims.can_write);
    assert_true(claims.expires_at == NOW + 60 * INSTANT_SECOND);
    assert_string_equal(uuid_format(&claims.id, id), ID);

    make(token, header_of(ours.id), "{" GOOD "\"scope\":\"read\",\"nbf\":1750000000}", ours.key);
    assert_true(is_believed(keys, token, &claims));
    assert_false(claims.can_write);
    token_keys_free(keys);
}

static void a_token_whose_claims_are_missing_or_wrong_is_unknown(void **state)
{
#define ISS "\"iss\":\"cpd-api\","
#define AUD "\"aud\":\"sandbox\","
#define EXP "\"exp\":1750000060,"
#define JTI "\"jti\":\"" ID "\","
#define SCOPE "\"scope\":\"read\""
    static const char *const payloads[] = {
        "{" AUD EXP JTI SCOPE "}",
        "{\"iss\":\"cpd\"," AUD EXP JTI SCOPE "}",
        "{\"iss\":\"cpd-api \"," AUD EXP JTI SCOPE "}",
        "{\"iss\":[\"cpd-api\"]," AUD EXP JTI SCOPE "}",
        "{\"iss\":null," AUD EXP JTI SCOPE "}",
        "{" ISS EXP JTI SCOPE "}",
        "{" ISS "\"aud\":\"production\"," EXP JTI SCOPE "}",
        "{" ISS "\"aud\":\"Sandbox\"," EXP JTI SCOPE "}",
        "{" ISS "\"aud\":[\"sandbox\",\"production\"]," EXP JTI SCOPE "}",
        "{" ISS AUD JTI SCOPE "}",
        "{" ISS AUD "\"exp\":1750000000," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":1749999999," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":0," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":-1," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":\"1750000060\"," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":1750000060.5," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":true," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":null," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":253402300800," JTI SCOPE "}",
        "{" ISS AUD "\"exp\":9223372036854775807," JTI SCOPE "}",
        "{" ISS AUD EXP "\"nbf\":1750000001," JTI SCOPE "}",
        "{" ISS AUD EXP "\"nbf\":\"1\"," JTI SCOPE "}",
        "{" ISS AUD EXP "\"nbf\":1.5," JTI SCOPE "}",
        "{" ISS AUD EXP "\"nbf\":-1," JTI SCOPE "}",
        "{" ISS AUD EXP "\"nbf\":null," JTI SCOPE "}",
        "{" ISS AUD EXP SCOPE "}",
        "{" ISS AUD EXP "\"jti\":\"\"," SCOPE "}",
        "{" ISS AUD EXP "\"jti\":\"7\"," SCOPE "}",
        "{" ISS AUD EXP "\"jti\":7," SCOPE "}",
        "{" ISS AUD EXP "\"jti\":\"" ID "\"}",
        "{" ISS AUD EXP JTI "\"scope\":\"\"}",
        "{" ISS AUD EXP JTI "\"scope\":\"write\"}",
        "{" ISS AUD EXP JTI "\"scope\":\"read read-write\"}",
        "{" ISS AUD EXP JTI "\"scope\":\"READ\"}",
        "{" ISS AUD EXP JTI "\"scope\":[\"read\"]}",
        "{" ISS AUD EXP JTI "\"scope\":true}",
        "{}",
        "[]",
        "7",
        "\"text\"",
        "not JSON",
        "{" ISS AUD EXP JTI SCOPE,
        "",
    };
    char token[TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(payloads); i++) {
        make(token, header_of(ours.id), payloads[i], ours.key);
        CHECK(!is_believed_by_ours(token), "%s", payloads[i]);
    }
}

static void the_algorithm_is_the_keys_own_whatever_the_header_says(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"kid\":\"%s\"}",
        "{\"alg\":\"None\",\"kid\":\"%s\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"HS512\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES384\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES512\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256K\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":7,\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWE\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\",\"crit\":null}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\",\"crit\":\"exp\"}",
        "{\"alg\":\"es256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
    };
    static const char payload[] = "{" GOOD "\"scope\":\"read\"}";
    char header[256], token[TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        unsigned char mac[EVP_MAX_MD_SIZE];
        unsigned length = 0;

        snprintf(header, sizeof(header), "%s", headers[i]);
        *strstr(header, "%s") = '\0';
        snprintf(header + strlen(header), sizeof(header) - strlen(header), "%s%s", ours.id,
                 strstr(headers[i], "%s") + 2);
        make(token, header, payload, ours.key);
        CHECK(!is_believed_by_ours(token), "signed, but %s", header);

        /* with the public key as the secret, as those would do who know it */
        begin(token, header, payload);
        HMAC(EVP_sha256(), ours.public, (int)strlen(ours.public), (const unsigned char *)token,
             strlen(token), mac, &length);
        strcat(token, ".");
        add_base64url(token, mac, length);
        CHECK(!is_believed_by_ours(token), "public key as the secret: %s", header);

        begin(token, header, payload);
        strcat(token, ".");
        CHECK(!is_believed_by_ours(token), "no signature: %s", header);
    }
}

static void only_the_key_that_the_header_names_counts(void **state)
{
    static const char payload[] = "{" GOOD "\"scope\":\"read\"}";
    char token[TEXT_SIZE];

    (void)state;
    make(token, header_of(ours.id), payload, strange.key);
    assert_false(is_believed_by_ours(token));
    make(token, header_of(strange.id), payload, ours.key);
    assert_false(is_believed_by_ours(token));
    make(token, header_of(strange.id), payload, strange.key);
    assert_false(is_believed_by_ours(token));
    make(token, header_of(""), payload, ours.key);
    assert_false(is_believed_by_ours(token));
    make(token, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", payload, ours.key);
    assert_false(is_believed_by_ours(token));
}

static void several_keys_are_good_at_once(void **state)
{
    static const char payload[] = "{" GOOD "\"scope\":\"read\"}";
    char both[2048], token[TEXT_SIZE];
    struct signed_token claims;
    struct token_keys *keys;

    (void)state;
    snprintf(both, sizeof(both), "%s\n%s", ours.public, next.public);
    keys = open_keys(both);
    assert_non_null(keys);
    make(token, header_of(ours.id), payload, ours.key);
    assert_true(is_believed(keys, token, &claims));
    make(token, header_of(next.id), payload, next.key);
    assert_true(is_believed(keys, token, &claims));
    make(token, header_of(next.id), payload, ours.key);
    assert_false(is_believed(keys, token, &claims));
    make(token, header_of(strange.id), payload, strange.key);
    assert_false(is_believed(keys, token, &claims));
    token_keys_free(keys);
}

static void a_changed_token_is_unknown(void **state)
{
    static const char payload[] = "{" GOOD "\"scope\":\"read\"}";
    static const char wider[] = "{" GOOD "\"scope\":\"read-write\"}";
    char token[TEXT_SIZE], other[TEXT_SIZE];
    size_t length;

    (void)state;
    make(token, header_of(ours.id), payload, ours.key);
    assert_true(is_believed_by_ours(token));
    length = strlen(token);
    /* The last character carries bits that stand for nothing: it is left out. */
    for (size_t i = 0; i + 1 < length; i++) {
        memcpy(other, token, length + 1);
        other[i] = other[i] == 'A' ? 'B' : other[i] == '.' ? 'A' : 'A';
        CHECK(!is_believed_by_ours(other), "character %zu changed", i);
        memmove(other + i, token + i + 1, length - i);
        CHECK(!is_believed_by_ours(other), "character %zu left out", i);
    }
    begin(other, header_of(ours.id), wider);
    strcat(other, strrchr(token, '.'));
    assert_false(is_believed_by_ours(other));
}

static void what_is_no_token_is_unknown(void **state)
{
    static const char *const texts[] = {
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "a..c",
        ".b.c",
        "a.b.",
        "a.b",
        "a",
        "a.b.c.d",
        "e30.e30.e30",
        "!!!.???.///",
        "e30=.e30=.e30=",
        "e30 .e30.e30",
        "e30.e30.\n",
        "\xff.\xff.\xff",
    };
    char token[TEXT_SIZE], payload[4096] = "{" GOOD "\"scope\":\"read\",\"x\":\"";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CHECK(!is_believed_by_ours(texts[i]), "%s", texts[i]);

    make(token, header_of(ours.id), "{" GOOD "\"scope\":\"read\"}", ours.key);
    strcat(token, "=");
    assert_false(is_believed_by_ours(token));

    /* well signed, but longer than any of ours */
    memset(payload + strlen(payload), 'x', 2000);
    strcpy(payload + strlen("{" GOOD "\"scope\":\"read\",\"x\":\"") + 2000, "\"}");
    make(token, header_of(ours.id), payload, ours.key);
    assert_false(is_believed_by_ours(token));
}

static void three_parts_make_a_signed_token(void **state)
{
    (void)state;
    assert_true(signed_token_is_meant("a.b.c"));
    assert_true(signed_token_is_meant(".."));
    assert_false(signed_token_is_meant("a.b"));
    assert_false(signed_token_is_meant("a.b.c.d"));
    assert_false(signed_token_is_meant("ambition-token"));
    assert_false(signed_token_is_meant(""));
}

static void without_keys_no_signed_token_is_known(void **state)
{
    struct token_keys *keys = open_keys(NULL);
    struct signed_token claims;
    char token[TEXT_SIZE];

    (void)state;
    assert_non_null(keys);
    make(token, header_of(ours.id), "{" GOOD "\"scope\":\"read\"}", ours.key);
    assert_false(signed_token_read(keys, token, NOW, &claims));
    token_keys_free(keys);
}

static void keys_that_cannot_be_used_are_refused(void **state)
{
    char broken[1024];

    (void)state;
    assert_null(open_keys(other_curve.public));
    assert_string_equal(said, "TOKEN_VERIFY_KEYS: holds a key that is not of the curve P-256\n");
    assert_null(open_keys(ours.private));
    assert_string_equal(said, "TOKEN_VERIFY_KEYS: holds something that is no public key\n");
    assert_null(open_keys("/dev/null"));
    assert_string_equal(said, "TOKEN_VERIFY_KEYS: holds no public key\n");
    assert_null(open_keys("/nowhere/keys.pem"));
    assert_string_equal(said, "TOKEN_VERIFY_KEYS: cannot be read\n");
    snprintf(broken, sizeof(broken), "%s", ours.public);
    broken[40] = '!';
    assert_null(open_keys(broken));
    assert_string_equal(said, "TOKEN_VERIFY_KEYS: holds something that is no public key\n");
}

static const char *issue(struct arena *arena, const char *signing_key, const char *public_keys)
{
    const struct config config = {.environment_name = "sandbox",
                                  .token_issuer = "cpd-api",
                                  .token_signing_key = signing_key,
                                  .token_verify_keys = public_keys};
    struct signed_token claims = {.can_write = true, .expires_at = NOW + INSTANT_DAY};
    FILE *err = fmemopen(said, sizeof(said), "w");
    const char *token;

    assert_true(uuid_parse(ID, &claims.id));
    token = signed_token_issue(&config, &claims, NOW, arena, err);
    fclose(err);
    return token;
}

static void what_is_issued_is_believed(void **state)
{
    struct arena arena = {0};
    struct token_keys *keys = open_keys(ours.public);
    struct signed_token claims;
    const char *token = issue(&arena, ours.private, ours.public);
    char id[UUID_TEXT_SIZE];

    (void)state;
    assert_non_null(token);
    assert_true(is_believed(keys, token, &claims));
    assert_string_equal(uuid_format(&claims.id, id), ID);
    assert_true(claims.can_write && claims.expires_at == NOW + INSTANT_DAY);
    token_keys_free(keys);
    arena_finish(&arena);
}

static void nothing_is_issued_that_would_not_be_believed(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_null(issue(&arena, NULL, ours.public));
    assert_string_equal(said, "TOKEN_SIGNING_KEY: is needed for signed tokens\n");
    assert_null(issue(&arena, ours.private, next.public));
    assert_string_equal(said,
                        "TOKEN_SIGNING_KEY: its public half is not among TOKEN_VERIFY_KEYS\n");
    assert_null(issue(&arena, ours.private, NULL));
    assert_null(issue(&arena, other_curve.private, ours.public));
    assert_string_equal(said, "TOKEN_SIGNING_KEY: holds a key that is not of the curve P-256\n");
    assert_null(issue(&arena, ours.public, ours.public));
    assert_string_equal(said, "TOKEN_SIGNING_KEY: holds no private key without a password\n");
    assert_null(issue(&arena, ours.private, "nowhere.pem"));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_token_says_who_what_and_until_when),
        cmocka_unit_test(a_token_whose_claims_are_missing_or_wrong_is_unknown),
        cmocka_unit_test(the_algorithm_is_the_keys_own_whatever_the_header_says),
        cmocka_unit_test(only_the_key_that_the_header_names_counts),
        cmocka_unit_test(several_keys_are_good_at_once),
        cmocka_unit_test(a_changed_token_is_unknown),
        cmocka_unit_test(what_is_no_token_is_unknown),
        cmocka_unit_test(three_parts_make_a_signed_token),
        cmocka_unit_test(without_keys_no_signed_token_is_known),
        cmocka_unit_test(keys_that_cannot_be_used_are_refused),
        cmocka_unit_test(what_is_issued_is_believed),
        cmocka_unit_test(nothing_is_issued_that_would_not_be_believed),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
