/* The text of a signed token. The private half of the key is kept nowhere. */
#include "config.h"
#include "fuzz.h"
#include "http/signed_token.h"

static const char PUBLIC_KEY[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnpcthnd4kQ0Z9/WIQg4C5iDTcAl6\n"
    "SG8x6pJ+2eELGiw3TLA+/ZhpIk3obT77A0AanlYyrv5Mi+QR5BcCSwbEFA==\n"
    "-----END PUBLIC KEY-----\n";

static const int64_t NOW = INT64_C(1750000000) * 1000000;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct config config = {
        .environment_name = "test", .token_issuer = "cpd-api", .token_verify_keys = PUBLIC_KEY};
    struct token_keys *keys = token_keys_new(&config, stderr);
    char *text = fuzz_text(data, size);
    struct signed_token claims;

    PROMISE(keys != NULL);
    if (signed_token_read(keys, text, NOW, &claims)) {
        PROMISE(signed_token_is_meant(text));
        PROMISE(claims.key == 0 && claims.expires_at > NOW);
        (void)signed_token_is_genuine(keys, text, &claims);
    }
    token_keys_free(keys);
    free(text);
    return 0;
}
