/* The token of an Authorization header: platform.md 3.1. */
#include "http/auth.h"

#include "support.h"

static void tokens_are_found_in_the_headers_of_the_contract(void **state)
{
    static const struct {
        const char *header;
        const char *token; /* NULL: 401 */
    } cases[] = {
        {"Bearer T", "T"},
        {"Bearer   T", "T"},
        {"Bearer T ", "T"},
        {"Bearer T \t\r\n", "T"},
        {"Token T", "T"},
        {"Token token=\"T\"", "T"},
        {"Token token=T", "T"},
        {"Bearer token=T, x=1", "T"},
        {"Bearer token=\"T\", x=1", "T"},
        {"Bearer token=\"T\";x=1", "T"},
        {"Bearer \"T\"", "T"},
        {"Bearer T,anything", "T"},
        {"Bearer T;anything", "T"},
        {"Bearer T\tanything", "T"},
        {"Bearer T , x", "T"},
        {"Bearer aB3-_x.y~z+/=", "aB3-_x.y~z+/="},
        {"Bearer a.b.c", "a.b.c"},
        {"Bearer T U", "T U"},
        {"Bearer \"T", "\"T"},
        {"Bearer \"", "\""},
        {NULL, NULL},
        {"", NULL},
        {"Bearer", NULL},
        {"Bearer ", NULL},
        {"Bearer    ", NULL},
        {"Bearer \t", NULL},
        {"Bearer \tT", NULL},
        {"Bearer ,T", NULL},
        {"Bearer ;", NULL},
        {"Bearer \"\"", NULL},
        {"Bearer token=", NULL},
        {"Bearer token=\"\"", NULL},
        {"Token", NULL},
        {"Token token=", NULL},
        {"bearer T", NULL},
        {"BEARER T", NULL},
        {"token T", NULL},
        {"BearerT", NULL},
        {"Bearer\tT", NULL},
        {" Bearer T", NULL},
        {"Basic dXNlcjpwYXNz", NULL},
        {"Digest username=\"x\"", NULL},
        {"T", NULL},
        {"token=T", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *name = cases[i].header == NULL ? "no header" : cases[i].header;
        struct arena arena = {0};
        const char *token = auth_header_token(&arena, cases[i].header);

        CHECK((token == NULL) == (cases[i].token == NULL), "%s", name);
        CHECK(token == NULL || strcmp(token, cases[i].token) == 0, "%s: %s", name, token);
        arena_finish(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_found_in_the_headers_of_the_contract),
    };

    return RUN_TESTS(tests);
}
