/* Kept pages: which are found, and how many there can be. */
#include "http/page_cache.h"

#include "support.h"

static struct digest subject(unsigned number)
{
    struct digest digest = {{0}};

    memcpy(digest.bytes, &number, sizeof(number));
    return digest;
}

static struct tag tag(unsigned char number)
{
    return (struct tag){{number}};
}

static void keep(struct page_cache *cache, unsigned of, unsigned char state, size_t length)
{
    struct digest digest = subject(of);
    struct tag now = tag(state);
    struct buf page = {0};

    for (size_t i = 0; i < length; i++)
        buf_add_char(&page, (char)('a' + of % 26));
    page_cache_keep(cache, &digest, &now, &page);
    buf_finish(&page);
}

static bool finds(struct page_cache *cache, unsigned of, unsigned char state, size_t length)
{
    struct digest digest = subject(of);
    struct tag now = tag(state);
    struct buf page = {0};
    bool is_found = page_cache_find(cache, &digest, &now, &page);

    if (is_found) {
        assert_int_equal(page.length, length);
        assert_int_equal(page.data[length - 1], 'a' + of % 26);
    }
    buf_finish(&page);
    return is_found;
}

static bool knows(struct page_cache *cache, unsigned of)
{
    struct digest digest = subject(of);

    return page_cache_knows(cache, &digest);
}

static void a_page_is_found_under_its_own_tag_alone(void **state)
{
    struct page_cache *cache = page_cache_new(10000);

    (void)state;
    assert_false(knows(cache, 1));
    keep(cache, 1, 1, 100);
    assert_true(knows(cache, 1));
    assert_true(finds(cache, 1, 1, 100));
    assert_false(finds(cache, 1, 2, 100));
    assert_false(finds(cache, 2, 1, 100));
    assert_false(finds(cache, 1 + 1024, 1, 100)); /* of the same bucket */
    page_cache_free(cache);
}

static void a_later_page_takes_the_place_of_the_earlier(void **state)
{
    struct page_cache *cache = page_cache_new(10000);
    size_t held;

    (void)state;
    keep(cache, 1, 1, 100);
    held = page_cache_bytes(cache);
    keep(cache, 1, 2, 100);
    assert_int_equal(page_cache_bytes(cache), held);
    assert_false(finds(cache, 1, 1, 100));
    assert_true(finds(cache, 1, 2, 100));
    page_cache_free(cache);
}

static void what_was_not_asked_for_longest_goes_first(void **state)
{
    struct page_cache *cache = page_cache_new(3500);

    (void)state;
    for (unsigned i = 1; i <= 3; i++)
        keep(cache, i, 1, 1000);
    assert_true(finds(cache, 1, 1, 1000));
    keep(cache, 4, 1, 1000);
    assert_true(knows(cache, 1));
    assert_false(knows(cache, 2));
    assert_true(knows(cache, 3));
    assert_true(knows(cache, 4));
    page_cache_free(cache);
}

static void it_never_holds_more_than_it_may(void **state)
{
    enum { MAX = 50000 };
    struct page_cache *cache = page_cache_new(MAX);

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        keep(cache, i * 512 % 7001, (unsigned char)(i % 3), 1 + i * 37 % 3000);
        assert_true(page_cache_bytes(cache) <= MAX);
    }
    assert_true(page_cache_bytes(cache) > MAX / 2);
    page_cache_free(cache);
}

static void what_is_too_long_is_not_kept(void **state)
{
    struct page_cache *small = page_cache_new(1000);
    struct page_cache *large = page_cache_new((size_t)8 * PAGE_MAX);
    struct page_cache *none = page_cache_new(0);

    (void)state;
    keep(small, 1, 1, 1000);
    assert_false(knows(small, 1));
    keep(large, 1, 1, PAGE_MAX);
    assert_true(knows(large, 1));
    keep(large, 2, 1, PAGE_MAX + 1);
    assert_false(knows(large, 2));
    keep(none, 1, 1, 1);
    assert_false(knows(none, 1));
    assert_int_equal(page_cache_bytes(none), 0);
    page_cache_free(small);
    page_cache_free(large);
    page_cache_free(none);
    page_cache_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_found_under_its_own_tag_alone),
        cmocka_unit_test(a_later_page_takes_the_place_of_the_earlier),
        cmocka_unit_test(what_was_not_asked_for_longest_goes_first),
        cmocka_unit_test(it_never_holds_more_than_it_may),
        cmocka_unit_test(what_is_too_long_is_not_kept),
    };

    return RUN_TESTS(tests);
}
