/* When the clock turns what is shown: how long that is remembered. */
#include "http/turns.h"

#include "support.h"

static const struct uuid PROVIDER = {{1, [15] = 7}};
static const struct uuid OTHER = {{2, [15] = 7}}; /* of the same place */

static void a_turn_holds_for_its_number_and_until_the_next(void **state)
{
    static const struct {
        const char *name;
        struct turn turn;
        int64_t number;
        int64_t now;
        bool holds;
    } cases[] = {
        {"between", {5, 100, 200}, 5, 150, true},
        {"at the last", {5, 100, 200}, 5, 100, true},
        {"before the last", {5, 100, 200}, 5, 99, false},
        {"just before the next", {5, 100, 200}, 5, 199, true},
        {"at the next", {5, 100, 200}, 5, 200, false},
        {"another number", {5, 100, 200}, 6, 150, false},
        {"nothing has turned", {5, INSTANT_NONE, 200}, 5, -150, true},
        {"nothing will turn", {5, 100, INSTANT_NONE}, 5, 1000000, true},
        {"nothing turns", {0, INSTANT_NONE, INSTANT_NONE}, 0, 0, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct turns *turns = turns_new();
        int64_t last = 1;

        assert_false(turns_find(turns, &PROVIDER, cases[i].number, cases[i].now, &last));
        turns_keep(turns, &PROVIDER, &cases[i].turn);
        CHECK(turns_find(turns, &PROVIDER, cases[i].number, cases[i].now, &last) == cases[i].holds,
              "%s", cases[i].name);
        CHECK(!cases[i].holds || last == cases[i].turn.last, "%s", cases[i].name);
        turns_free(turns);
    }
}

static void providers_are_told_apart(void **state)
{
    struct turns *turns = turns_new();
    int64_t last;

    (void)state;
    turns_keep(turns, &PROVIDER, &(struct turn){5, 100, 200});
    assert_false(turns_find(turns, &OTHER, 5, 150, &last));
    turns_keep(turns, &OTHER, &(struct turn){5, 120, 200});
    assert_true(turns_find(turns, &OTHER, 5, 150, &last));
    assert_int_equal(last, 120);
    assert_false(turns_find(turns, &PROVIDER, 5, 150, &last));
    turns_free(turns);
    turns_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_holds_for_its_number_and_until_the_next),
        cmocka_unit_test(providers_are_told_apart),
    };

    return RUN_TESTS(tests);
}
