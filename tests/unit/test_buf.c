/* The growing buffer, and the JSON strings of platform.md 5.5. */
#include "base/buf.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/str.h"
#include "support.h"

static void a_buffer_grows_and_keeps_what_it_holds(void **state)
{
    struct buf buf = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_add_char(&buf, (char)('a' + i % 26));
    assert_int_equal(buf.length, 100000);
    for (size_t i = 0; i < buf.length; i++)
        assert_int_equal(buf.data[i], 'a' + i % 26);
    buf_finish(&buf);
    assert_null(buf.data);
    buf_finish(&buf);
}

static void texts_numbers_and_formats_are_added(void **state)
{
    struct buf buf = {0};

    (void)state;
    check_buf(&buf, "", "empty");
    buf_add(&buf, NULL, 0);
    buf_add(&buf, "abc", 2);
    buf_add_text(&buf, "-");
    BUF_LITERAL(&buf, "lit");
    buf_printf(&buf, "[%s %03d]", "f", 7);
    check_buf(&buf, "ab-lit[f 007]", "all");
    buf_printf(&buf, "%300s", "x");
    assert_int_equal(buf.length, 300);
    buf_finish(&buf);
}

static void integers_are_written_to_the_ends_of_their_range(void **state)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {-1, "-1"},
                 {1234567890, "1234567890"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MIN, "-9223372036854775808"}};
    struct buf buf = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_add_int(&buf, cases[i].value);
        check_buf(&buf, cases[i].text, cases[i].text);
    }
    buf_finish(&buf);
}

static void memory_is_taken_over_with_its_length(void **state)
{
    struct buf buf = {0};
    size_t length;
    char *data;

    (void)state;
    buf_add(&buf, "a\0b", 3);
    data = buf_take(&buf, &length);
    assert_int_equal(length, 3);
    assert_memory_equal(data, "a\0b", 4);
    assert_null(buf.data);
    assert_int_equal(buf.capacity, 0);
    free(data);
    data = buf_take(&buf, &length);
    assert_int_equal(length, 0);
    assert_string_equal(data, "");
    free(data);
}

static void json_strings_are_escaped_as_the_contract_says(void **state)
{
    static const struct {
        const char *text;
        const char *json;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a/b", "\"a/b\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\""},
        {"\x01\x0b\x1f", "\"\\u0001\\u000b\\u001f\""},
        {"\x7f", "\"\x7f\""},
        {"<a href='x'>&amp;</a>", "\"\\u003ca href='x'\\u003e\\u0026amp;\\u003c/a\\u003e\""},
        {"\xe2\x80\xa8|\xe2\x80\xa9", "\"\\u2028|\\u2029\""},
        {"\xe2\x80\xa7\xe2\x80\xaa", "\"\xe2\x80\xa7\xe2\x80\xaa\""},
        {"\xe2\x82\xac\xe2\x81\xa8", "\"\xe2\x82\xac\xe2\x81\xa8\""},
        {"Zo\xc3\xab \xf0\x9f\x98\x80", "\"Zo\xc3\xab \xf0\x9f\x98\x80\""},
        {"<", "\"\\u003c\""},
        {"a<", "\"a\\u003c\""},
        {"<a", "\"\\u003ca\""},
    };
    struct buf buf = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_add_json_string(&buf, cases[i].text, strlen(cases[i].text));
        check_buf(&buf, cases[i].json, cases[i].json);
    }
    buf_finish(&buf);
}

static void a_json_string_may_hold_nul_and_end_inside_a_sequence(void **state)
{
    struct buf buf = {0};

    (void)state;
    buf_add_json_string(&buf, "a\0b", 3);
    check_buf(&buf, "\"a\\u0000b\"", "NUL");
    buf_add_json_string(&buf, "\xe2\x80\xa8", 2);
    check_buf(&buf, "\"\xe2\x80\"", "two bytes of U+2028");
    buf_add_json_string(&buf, "\xe2\x80\xa8", 1);
    check_buf(&buf, "\"\xe2\"", "one byte of U+2028");
    buf_finish(&buf);
}

static void every_character_comes_back_from_its_json_string(void **state)
{
    struct buf buf = {0};

    (void)state;
    for (int code = 1; code < 0x3000; code++) {
        char text[4] = {0};
        json_t *parsed;

        if (code < 0x80) {
            text[0] = (char)code;
        } else if (code < 0x800) {
            text[0] = (char)(0xC0 | (code >> 6));
            text[1] = (char)(0x80 | (code & 0x3F));
        } else {
            text[0] = (char)(0xE0 | (code >> 12));
            text[1] = (char)(0x80 | ((code >> 6) & 0x3F));
            text[2] = (char)(0x80 | (code & 0x3F));
        }
        buf.length = 0;
        buf_add_json_string(&buf, text, strlen(text));
        parsed = json_loadb(buf.data, buf.length, JSON_DECODE_ANY, NULL);
        CHECK(parsed != NULL && str_equal(json_string_value(parsed), text), "U+%04X",
              (unsigned)code);
        json_decref(parsed);
    }
    buf_finish(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_grows_and_keeps_what_it_holds),
        cmocka_unit_test(texts_numbers_and_formats_are_added),
        cmocka_unit_test(integers_are_written_to_the_ends_of_their_range),
        cmocka_unit_test(memory_is_taken_over_with_its_length),
        cmocka_unit_test(json_strings_are_escaped_as_the_contract_says),
        cmocka_unit_test(a_json_string_may_hold_nul_and_end_inside_a_sequence),
        cmocka_unit_test(every_character_comes_back_from_its_json_string),
    };

    return RUN_TESTS(tests);
}
