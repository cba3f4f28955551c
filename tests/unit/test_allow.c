/* Who may read the metrics. */
#include "base/address.h"

#include "support.h"

static void the_peer_and_all_for_whom_it_speaks_must_be_on_the_list(void **state)
{
    static const char inside[] = "127.0.0.0/8, 10.0.0.0/8,fc00::/7";
    static const struct {
        const char *list;
        const char *peer;
        const char *forwarded_for;
        bool is_allowed;
    } cases[] = {
        {inside, "127.0.0.1", NULL, true},
        {inside, "10.1.2.3", NULL, true},
        {inside, "fd00::1", NULL, true},
        {inside, "11.0.0.1", NULL, false},
        {inside, "", NULL, false},
        {inside, "10.1.2.3", "10.9.9.9", true},
        {inside, "10.1.2.3", "10.9.9.9 , 127.0.0.1", true},
        {inside, "10.1.2.3", "81.2.69.142", false},
        {inside, "10.1.2.3", "10.9.9.9, 81.2.69.142", false},
        {inside, "10.1.2.3", "81.2.69.142, 10.9.9.9", false},
        {inside, "81.2.69.142", "127.0.0.1", false},
        {inside, "10.1.2.3", "", false},
        {inside, "10.1.2.3", "10.9.9.9,", false},
        {inside, "10.1.2.3", "unknown", false},
        {inside, "10.1.2.3",
         "10.9.9.99999999999999999999999999999999999999999999999999999999999999", false},
        {"none", "127.0.0.1", NULL, false},
        {"127.0.0.2", "127.0.0.1", NULL, false},
        {"127.0.0.2", "127.0.0.2", NULL, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct address_ranges ranges;

        CHECK(address_ranges_parse(cases[i].list, &ranges), "%s", cases[i].list);
        CHECK((address_ranges_have_each(&ranges, cases[i].peer) &&
               (cases[i].forwarded_for == NULL ||
                address_ranges_have_each(&ranges, cases[i].forwarded_for))) == cases[i].is_allowed,
              "%s of %s for %s", cases[i].list, cases[i].peer,
              cases[i].forwarded_for == NULL ? "itself" : cases[i].forwarded_for);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_peer_and_all_for_whom_it_speaks_must_be_on_the_list),
    };

    return RUN_TESTS(tests);
}
