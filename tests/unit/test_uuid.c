/* UUIDs, read and written. */
#include "base/uuid.h"

#include <strings.h>

#include "support.h"

static void the_hyphenated_form_is_read_in_either_case(void **state)
{
    static const char *const cases[] = {
        "00000000-0000-0000-0000-000000000000",
        "01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89AB-CDEF-0123-456789ABCDEF",
        "ffffffff-FFFF-ffff-FFFF-ffffffffffff",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct uuid uuid, again;
        char text[UUID_TEXT_SIZE];

        CHECK(uuid_parse(cases[i], &uuid), "%s", cases[i]);
        CHECK(strcasecmp(uuid_format(&uuid, text), cases[i]) == 0, "%s became %s", cases[i], text);
        CHECK(strpbrk(text, "ABCDEF") == NULL, "%s", text);
        CHECK(uuid_parse(text, &again) && uuid_equal(&uuid, &again), "%s", text);
    }
}

static void bytes_are_in_the_order_of_the_text(void **state)
{
    static const uint8_t expected[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                         0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
    struct uuid uuid;

    (void)state;
    assert_true(uuid_parse("01234567-89ab-cdef-fedc-ba9876543210", &uuid));
    assert_memory_equal(uuid.bytes, expected, sizeof(expected));
}

static void anything_else_is_no_uuid(void **state)
{
    static const char *const cases[] = {
        "",
        "-",
        "not-a-uuid",
        "0123456789abcdef0123456789abcdef",
        "{01234567-89ab-cdef-0123-456789abcdef}",
        "01234567-89ab-cdef-0123-456789abcde",
        "01234567-89ab-cdef-0123-456789abcdeff",
        "01234567-89ab-cdef-0123-456789abcdef ",
        " 01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdeg",
        "01234567x89ab-cdef-0123-456789abcdef",
        "0123456-789ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123456789abcdef-",
        "01234567--9ab-cdef-0123-456789abcdef",
        "+1234567-89ab-cdef-0123-456789abcdef",
        "0x234567-89ab-cdef-0123-456789abcdef",
    };
    struct uuid uuid;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(!uuid_parse(cases[i], &uuid), "%s", cases[i]);
}

static void random_ones_are_of_version_four_and_differ(void **state)
{
    struct uuid last = UUID_NONE;

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct uuid uuid = uuid_random();

        assert_int_equal(uuid.bytes[6] >> 4, 4);
        assert_int_equal(uuid.bytes[8] >> 6, 2);
        assert_false(uuid_equal(&uuid, &last));
        assert_false(uuid_is_none(&uuid));
        last = uuid;
    }
}

static void no_uuid_is_known_as_such(void **state)
{
    struct uuid none = UUID_NONE, some = {{1}};

    (void)state;
    assert_true(uuid_is_none(&none));
    assert_false(uuid_is_none(&some));
    assert_false(uuid_equal(&none, &some));
}

static void those_of_an_instant_stand_in_its_order(void **state)
{
    const int64_t instant = INT64_C(1727859600123456);
    struct uuid one = uuid_at(instant), other = uuid_at(instant), later = uuid_at(instant + 1000);
    char text[UUID_TEXT_SIZE];

    (void)state;
    assert_false(uuid_equal(&one, &other));
    assert_memory_equal(uuid_format(&one, text), "01924c75-2afb-7", 15);
    assert_true(memcmp(one.bytes, later.bytes, sizeof(one.bytes)) < 0);
    assert_int_equal(one.bytes[8] & 0xC0, 0x80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hyphenated_form_is_read_in_either_case),
        cmocka_unit_test(bytes_are_in_the_order_of_the_text),
        cmocka_unit_test(anything_else_is_no_uuid),
        cmocka_unit_test(random_ones_are_of_version_four_and_differ),
        cmocka_unit_test(no_uuid_is_known_as_such),
        cmocka_unit_test(those_of_an_instant_stand_in_its_order),
    };

    return RUN_TESTS(tests);
}
