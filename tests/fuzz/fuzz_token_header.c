/* The Authorization header. */
#include "base/str.h"
#include "fuzz.h"
#include "http/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct arena arena = {0};
    const char *token = auth_header_token(&arena, text);

    if (token != NULL) {
        PROMISE(*token != '\0' && strstr(text, token) != NULL);
        PROMISE(strpbrk(token, ",;\t") == NULL);
        PROMISE(str_starts_with(text, "Bearer ") || str_starts_with(text, "Token "));
    }
    arena_finish(&arena);
    free(text);
    return 0;
}
