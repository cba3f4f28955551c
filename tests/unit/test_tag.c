/* Tags and If-None-Match: platform.md 5.4, 5.6. */
#include "http/tag.h"

#include "support.h"

static const char TAG[] = "W/\"000102030405060708090a0b0c0d0eff\"";

static void a_tag_is_weak_and_has_32_digits(void **state)
{
    struct tag tag = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255}};
    char text[TAG_TEXT_SIZE];

    (void)state;
    assert_string_equal(tag_text(&tag, text), TAG);
}

/* printf abc | sha256sum */
static void a_tag_is_the_start_of_a_digest_of_all_parts(void **state)
{
    static const struct part parts[] = {{"a", 1}, {NULL, 0}, {"bc", 2}};
    struct hasher *hasher = hasher_new();
    struct tag tag = tag_of(hasher, parts, COUNT_OF(parts));
    char text[TAG_TEXT_SIZE];

    (void)state;
    assert_string_equal(tag_text(&tag, text), "W/\"ba7816bf8f01cfea414140de5dae2223\"");
    hasher_free(hasher);
}

static void a_program_is_the_same_at_each_start(void **state)
{
    struct hasher *hasher = hasher_new();
    struct digest digest = digest_of_program(hasher), again = digest_of_program(hasher);

    (void)state;
    assert_memory_equal(&digest, &again, sizeof(digest));
    hasher_free(hasher);
}

static void tags_are_compared_weakly(void **state)
{
    static const struct {
        const char *header;
        bool is_named;
    } cases[] = {
        {NULL, false},
        {"", false},
        {"W/\"000102030405060708090a0b0c0d0eff\"", true},
        {"\"000102030405060708090a0b0c0d0eff\"", true},
        {" \t W/\"000102030405060708090a0b0c0d0eff\" ", true},
        {"\"x\", W/\"000102030405060708090a0b0c0d0eff\"", true},
        {"W/\"a,b\",\"000102030405060708090a0b0c0d0eff\"", true},
        {"\"x\"W/\"000102030405060708090a0b0c0d0eff\"", false},
        {"x, \"000102030405060708090a0b0c0d0eff\"", true},
        {",,\"000102030405060708090a0b0c0d0eff\",", true},
        {"000102030405060708090a0b0c0d0eff", false},
        {"\"000102030405060708090a0b0c0d0ef\"", false},
        {"\"000102030405060708090a0b0c0d0eff", false},
        {"\"00102030405060708090a0b0c0d0eff\"", false},
        {"\", 000102030405060708090a0b0c0d0eff\"", false},
        {"w/\"000102030405060708090a0b0c0d0eff\"", false},
        {"\"", false},
        {"W/", false},
        {"W/\"", false},
        {"*", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(tag_is_named(cases[i].header, TAG) == cases[i].is_named, "%s",
              cases[i].header == NULL ? "none" : cases[i].header);
}

static void a_star_names_any(void **state)
{
    (void)state;
    assert_true(tag_is_any_named("*"));
    assert_true(tag_is_any_named(" * "));
    assert_false(tag_is_any_named(NULL));
    assert_false(tag_is_any_named(""));
    assert_false(tag_is_any_named("\"*\""));
    assert_false(tag_is_any_named("\"x\", *"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_weak_and_has_32_digits),
        cmocka_unit_test(a_tag_is_the_start_of_a_digest_of_all_parts),
        cmocka_unit_test(a_program_is_the_same_at_each_start),
        cmocka_unit_test(tags_are_compared_weakly),
        cmocka_unit_test(a_star_names_any),
    };

    return RUN_TESTS(tests);
}
