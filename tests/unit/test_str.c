/* Questions about text; the numbers of platform.md 5.2. */
#include "base/str.h"

#include "support.h"

static void texts_are_compared(void **state)
{
    (void)state;
    assert_true(str_equal("a", "a"));
    assert_false(str_equal("a", "A"));
    assert_false(str_equal("a", "ab"));
    assert_true(str_equal_nocase("HTTPS", "https"));
    assert_false(str_equal_nocase("http", "https"));
    assert_true(str_starts_with("Bearer x", "Bearer "));
    assert_true(str_starts_with("x", ""));
    assert_false(str_starts_with("Bear", "Bearer"));
    assert_true(str_ends_with("v3.json", ".json"));
    assert_true(str_ends_with("x", ""));
    assert_false(str_ends_with("json", ".json"));
    assert_false(str_ends_with("v3.yml", ".json"));
}

static void white_space_alone_is_blank(void **state)
{
    (void)state;
    assert_true(str_is_blank(NULL));
    assert_true(str_is_blank(""));
    assert_true(str_is_blank(" \t\n\v\f\r"));
    assert_false(str_is_blank(" x"));
    assert_false(str_is_blank("\xc2\xa0"));
}

static void whole_numbers_are_read_within_their_range(void **state)
{
    static const struct {
        const char *text;
        int64_t min;
        int64_t max;
        bool is_read;
        int64_t value;
    } cases[] = {
        {"0", 0, 9, true, 0},
        {"007", 0, 9, true, 7},
        {"-0", 0, 9, true, 0},
        {"9", 0, 9, true, 9},
        {"10", 0, 9, false, 0},
        {"-1", 0, 9, false, 0},
        {"-1", -1, 9, true, -1},
        {"9223372036854775807", 0, INT64_MAX, true, INT64_MAX},
        {"-9223372036854775807", INT64_MIN, 0, true, -INT64_MAX},
        {"9223372036854775808", 0, INT64_MAX, false, 0},
        {"99999999999999999999999", INT64_MIN, INT64_MAX, false, 0},
        {"", 0, 9, false, 0},
        {"-", -9, 9, false, 0},
        {"+1", 0, 9, false, 0},
        {" 1", 0, 9, false, 0},
        {"1 ", 0, 9, false, 0},
        {"1x", 0, 9, false, 0},
        {"0x1", 0, 9, false, 0},
        {"1e3", 0, 9999, false, 0},
        {"1_0", 0, 99, false, 0},
        {"--1", -9, 9, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 4711;
        bool is_read = str_parse_int(cases[i].text, cases[i].min, cases[i].max, &value);

        CHECK(is_read == cases[i].is_read, "\"%s\"", cases[i].text);
        CHECK(value == (is_read ? cases[i].value : 4711), "\"%s\" is %lld", cases[i].text,
              (long long)value);
    }
}

static void leading_numbers_are_read_as_the_contract_says(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {
        {"3abc", 3},
        {"2.7", 2},
        {" 2", 2},
        {"\t\n2", 2},
        {"+2", 2},
        {"-3", -3},
        {"- 3", 0},
        {"+-3", 0},
        {"1_000", 1000},
        {"1__000", 1},
        {"1_", 1},
        {"_1", 0},
        {"-_1", 0},
        {"1e3", 1},
        {"0x10", 0},
        {"abc", 0},
        {"", 0},
        {" ", 0},
        {"0005", 5},
        {"2021x", 2021},
        {"3000", 3000},
        {"9223372036854775807", INT64_MAX},
        {"9223372036854775808", INT64_MAX},
        {"123456789012345678901234567890", INT64_MAX},
        {"-123456789012345678901234567890", -INT64_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(str_leading_int(cases[i].text) == cases[i].value, "\"%s\" is %lld", cases[i].text,
              (long long)str_leading_int(cases[i].text));
}

static void utf8_is_told_from_other_bytes(void **state)
{
    static const struct {
        const char *bytes;
        bool is_utf8;
    } cases[] = {
        {"", true},
        {"ascii \x01\x7f", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xef\xbf\xbf", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"a\xc3\xa9z", true},
        {"\x80", false}, /* a continuation alone */
        {"\xbf", false},
        {"\xc0\x80", false}, /* overlong */
        {"\xc1\xbf", false},
        {"\xe0\x9f\xbf", false},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xed\xa0\x80", false}, /* surrogates */
        {"\xed\xbf\xbf", false},
        {"\xf4\x90\x80\x80", false}, /* over U+10FFFF */
        {"\xf5\x80\x80\x80", false},
        {"\xff", false},
        {"\xfe", false},
        {"\xc3", false}, /* cut short */
        {"\xe2\x82", false},
        {"\xf0\x9f\x98", false},
        {"\xc3(", false}, /* a continuation missing */
        {"\xe2(\xac", false},
        {"\xe2\x82(", false},
        {"\xf0\x9f\x98(", false},
        {"\xc3\xa9\xc3", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(str_is_utf8(cases[i].bytes, strlen(cases[i].bytes)) == cases[i].is_utf8, "%zu", i);
    assert_false(str_is_utf8("a\0b", 3));
    assert_false(str_is_utf8("\0", 1));
    assert_true(str_is_utf8("\xc3\xa9\xff", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_compared),
        cmocka_unit_test(white_space_alone_is_blank),
        cmocka_unit_test(whole_numbers_are_read_within_their_range),
        cmocka_unit_test(leading_numbers_are_read_as_the_contract_says),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
    };

    return RUN_TESTS(tests);
}
