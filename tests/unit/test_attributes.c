/* Attributes of a body: scalars only, platform.md 4.2. */
#include "api/attributes.h"

#include <jansson.h>

#include "support.h"

static void scalars_are_texts_and_anything_else_is_missing(void **state)
{
    static const struct {
        const char *json;
        const char *text; /* NULL: missing */
        bool is_string;
    } cases[] = {
        {"{\"a\":\"x\"}", "x", true},
        {"{\"a\":\"\"}", "", true},
        {"{\"a\":\"caf\xc3\xa9 \\\"q\\\"\"}", "caf\xc3\xa9 \"q\"", true},
        {"{\"a\":2024}", "2024", false},
        {"{\"a\":-1}", "-1", false},
        {"{\"a\":true}", "true", false},
        {"{\"a\":false}", "false", false},
        {"{\"a\":1.5}", "1.5", false},
        {"{\"a\":null}", NULL, false},
        {"{\"a\":[]}", NULL, false},
        {"{\"a\":[\"x\"]}", NULL, false},
        {"{\"a\":{}}", NULL, false},
        {"{\"A\":\"x\"}", NULL, false},
        {"{}", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        json_t *attributes = json_loads(cases[i].json, 0, NULL);
        const char *text = attribute_text(attributes, "a", &arena);

        CHECK((text == NULL) == (cases[i].text == NULL), "%s", cases[i].json);
        CHECK(text == NULL || strcmp(text, cases[i].text) == 0, "%s: %s", cases[i].json, text);
        CHECK(attribute_is_string(attributes, "a") == cases[i].is_string, "%s", cases[i].json);
        json_decref(attributes);
        arena_finish(&arena);
    }
}

static void no_attributes_hold_nothing(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_null(attribute_text(NULL, "a", &arena));
    assert_false(attribute_is_string(NULL, "a"));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_are_texts_and_anything_else_is_missing),
        cmocka_unit_test(no_attributes_hold_nothing),
    };

    return RUN_TESTS(tests);
}
