/* Opaque tokens: platform.md 3.5. */
#include "api/token.h"

#include "support.h"

/* The first is test case 2 of RFC 4231; all are those of
 * printf %s TOKEN | openssl dgst -sha256 -hmac SECRET. */
static void a_digest_is_the_hmac_of_the_token(void **state)
{
    static const struct {
        const char *secret;
        const char *token;
        const char *digest;
    } cases[] = {
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"key", "The quick brown fox jumps over the lazy dog",
         "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"},
        {"", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint8_t digest[TOKEN_DIGEST_SIZE];
        char text[2 * TOKEN_DIGEST_SIZE + 1];

        token_digest(cases[i].secret, cases[i].token, digest);
        for (size_t at = 0; at < sizeof(digest); at++)
            snprintf(text + 2 * at, 3, "%02x", digest[at]);
        assert_string_equal(text, cases[i].digest);
    }
}

static void a_digester_gives_each_token_the_digest_of_its_own(void **state)
{
    static const char *const tokens[] = {"one", "another", "", "one"};
    struct token_digester *digester = token_digester_new("secret");
    uint8_t digest[TOKEN_DIGEST_SIZE], wanted[TOKEN_DIGEST_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        token_digester_take(digester, tokens[i], digest);
        token_digest("secret", tokens[i], wanted);
        assert_memory_equal(digest, wanted, sizeof(digest));
    }
    token_digester_free(digester);
}

static void secret_and_token_both_count(void **state)
{
    uint8_t digest[TOKEN_DIGEST_SIZE], other[TOKEN_DIGEST_SIZE];

    (void)state;
    token_digest("secret", "token", digest);
    token_digest("secret", "Token", other);
    assert_memory_not_equal(digest, other, sizeof(digest));
    token_digest("Secret", "token", other);
    assert_memory_not_equal(digest, other, sizeof(digest));
    token_digest("secret", "token", other);
    assert_memory_equal(digest, other, sizeof(digest));
}

static void new_tokens_are_long_and_of_the_alphabet(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last[TOKEN_TEXT_SIZE] = "";
    bool seen[256] = {false};
    size_t distinct = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        char token[TOKEN_TEXT_SIZE];

        token_generate(token);
        assert_in_range(strlen(token), 20, TOKEN_TEXT_SIZE - 1);
        assert_int_equal(strspn(token, alphabet), strlen(token));
        assert_null(strpbrk(token, "lIO0"));
        assert_string_not_equal(token, last);
        assert_memory_equal(token, "cpd_", 4);
        for (const char *c = token; *c != '\0'; c++)
            seen[(unsigned char)*c] = true;
        memcpy(last, token, sizeof(last));
    }
    for (size_t i = 0; i < COUNT_OF(seen); i++)
        distinct += seen[i] ? 1 : 0;
    assert_int_equal(distinct, 59); /* 26 + 26 + 10, less four, and the prefix's mark */
}

/* The checksums are those of Python: zlib.crc32 of the 32 characters in the middle, in base 58. */
static void a_scanner_can_tell_a_token_from_what_looks_like_one(void **state)
{
    static const struct {
        const char *text;
        bool has_form;
    } cases[] = {
        {"cpd_111111111111111111111111111111116cqvG8", true},
        {"cpd_abcdefghijkmnopqrstuvwxyz123456757fWvt", true},
        {"cpd_abcdefghijkmnopqrstuvwxyz123456857fWvt", false},
        {"cpd_bacdefghijkmnopqrstuvwxyz123456757fWvt", false},
        {"cpd_abcdefghijkmnopqrstuvwxyz1234567", false},
        {"cpd_abcdefghijkmnopqrstuvwxyz123456757fWvtx", false},
        {"cpe_abcdefghijkmnopqrstuvwxyz123456757fWvt", false},
        {"cpd_lllllllllllllllllllllllllllllllllabcde", false},
        {"cpd_", false},
        {"cpd", false},
        {"", false},
        {"ambition-token", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(token_has_form(cases[i].text) == cases[i].has_form, "%s", cases[i].text);
    for (int i = 0; i < 1000; i++) {
        char token[TOKEN_TEXT_SIZE];

        token_generate(token);
        CHECK(token_has_form(token), "%s", token);
        token[4 + i % 38] = token[4 + i % 38] == 'a' ? 'b' : 'a';
        CHECK(!token_has_form(token), "%s", token);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_digest_is_the_hmac_of_the_token),
        cmocka_unit_test(a_digester_gives_each_token_the_digest_of_its_own),
        cmocka_unit_test(secret_and_token_both_count),
        cmocka_unit_test(new_tokens_are_long_and_of_the_alphabet),
        cmocka_unit_test(a_scanner_can_tell_a_token_from_what_looks_like_one),
    };

    return RUN_TESTS(tests);
}
