/* Memory released all at once. */
#include "base/arena.h"

#include "support.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 4096, 8192, 8193, 100000, 3};
    struct arena arena = {0};
    unsigned char *pieces[COUNT_OF(sizes)];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        pieces[i] = arena_alloc(&arena, sizes[i]);
        CHECK((uintptr_t)pieces[i] % 16 == 0, "%zu bytes", sizes[i]);
        for (size_t at = 0; at < sizes[i]; at++)
            CHECK(pieces[i][at] == 0, "byte %zu of %zu", at, sizes[i]);
        memset(pieces[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t at = 0; at < sizes[i]; at++)
            CHECK(pieces[i][at] == i + 1, "byte %zu of %zu was overwritten", at, sizes[i]);
    arena_finish(&arena);
}

static void a_reset_gives_zeroed_memory_again(void **state)
{
    struct arena arena = {0};
    unsigned char *again;

    (void)state;
    memset(arena_alloc(&arena, 9000), 0xFF, 9000);
    memset(arena_alloc(&arena, 100), 0xFF, 100);
    arena_reset(&arena);
    again = arena_alloc(&arena, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(again[i], 0);
    arena_finish(&arena);
}

static void an_empty_arena_may_be_finished_and_reset_and_used_again(void **state)
{
    struct arena arena = {0};

    (void)state;
    arena_reset(&arena);
    arena_finish(&arena);
    assert_string_equal(arena_strdup(&arena, "text"), "text");
    arena_finish(&arena);
    arena_finish(&arena);
    assert_null(arena.blocks);
}

static void copies_of_texts_are_terminated(void **state)
{
    struct arena arena = {0};
    const char bytes[] = {'a', '\0', 'b'};

    (void)state;
    assert_string_equal(arena_strdup(&arena, ""), "");
    assert_string_equal(arena_strdup(&arena, "whole"), "whole");
    assert_string_equal(arena_strndup(&arena, "partly", 4), "part");
    assert_memory_equal(arena_copy(&arena, bytes, sizeof(bytes)), bytes, sizeof(bytes));
    assert_non_null(arena_copy(&arena, NULL, 0));
    assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    assert_int_equal(strlen(arena_printf(&arena, "%9000d", 1)), 9000);
    arena_finish(&arena);
}

static void memory_of_the_callers_is_given_out_first_and_never_freed(void **state)
{
    _Alignas(max_align_t) unsigned char memory[256];
    struct arena arena = {0};
    unsigned char *first, *second;

    (void)state;
    memset(memory, 0xFF, sizeof(memory));
    arena_begin(&arena, memory, sizeof(memory));
    first = arena_alloc(&arena, 100);
    assert_true(first > memory && first + 100 <= memory + sizeof(memory));
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(first[i], 0);
    second = arena_alloc(&arena, sizeof(memory));
    assert_true(second + sizeof(memory) <= memory || second >= memory + sizeof(memory));
    arena_finish(&arena);
    assert_null(arena.blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_reset_gives_zeroed_memory_again),
        cmocka_unit_test(an_empty_arena_may_be_finished_and_reset_and_used_again),
        cmocka_unit_test(copies_of_texts_are_terminated),
        cmocka_unit_test(memory_of_the_callers_is_given_out_first_and_never_freed),
    };

    return RUN_TESTS(tests);
}
