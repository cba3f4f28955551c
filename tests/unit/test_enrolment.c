/* The state of an enrolment: v3.md 3.5.3. */
#include "domain/enrolment.h"

#include "support.h"

static void the_first_row_of_the_contract_that_fits_decides(void **state)
{
    enum { NOW = 1000, BEFORE = 999, AFTER = 1001 };
    static const struct {
        int64_t start;
        int64_t end;
        const char *induction_status;
        const char *shown; /* NULL: null */
    } cases[] = {
        {BEFORE, AFTER, "active", "leaving"},
        {AFTER, AFTER, "active", "leaving"},
        {BEFORE, AFTER, "withdrawn", "leaving"},
        {BEFORE, NOW, "active", "left"},
        {BEFORE, BEFORE, "leaving", "left"},
        {AFTER, BEFORE, "changed", "left"},
        {AFTER, INSTANT_NONE, "active", "joining"},
        {AFTER, INSTANT_NONE, "withdrawn", "joining"},
        {AFTER, INSTANT_NONE, "leaving", "joining"},
        {NOW, INSTANT_NONE, "active", "active"},
        {BEFORE, INSTANT_NONE, "completed", "active"},
        {BEFORE, INSTANT_NONE, "withdrawn", "withdrawn"},
        {BEFORE, INSTANT_NONE, "changed", "withdrawn"},
        {BEFORE, INSTANT_NONE, "leaving", NULL},
        {NOW, INSTANT_NONE, "leaving", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *shown =
            participant_status(cases[i].start, cases[i].end, cases[i].induction_status, NOW);

        CHECK((shown == NULL) == (cases[i].shown == NULL), "case %zu", i);
        CHECK(shown == NULL || strcmp(shown, cases[i].shown) == 0, "case %zu: %s", i, shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_row_of_the_contract_that_fits_decides),
    };

    return RUN_TESTS(tests);
}
