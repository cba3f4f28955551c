/* Reporting partnerships: rules.md 5. */
#include "domain/partnership.h"

#include "refusals.h"

static const struct uuid ours = {{1}}, anothers = {{2}};

static const struct partnership_request whole = {"2024", "school", "partner"};
static const struct partnership_facts fine = {.lead_provider_id = {{1}},
                                              .has_cohort = true,
                                              .has_school = true,
                                              .is_school_eligible = true,
                                              .has_school_cohort = true,
                                              .has_delivery_partner = true,
                                              .is_partner_related = true};

static void check(const struct partnership_request *request, const struct partnership_facts *facts,
                  const char *expected)
{
    struct problems problems = {0};

    partnership_create_check(request, facts, &problems);
    check_refusals(&problems, expected);
}

static void a_good_report_is_not_refused(void **state)
{
    (void)state;
    check(&whole, &fine, "");
}

static void what_is_blank_is_said_first(void **state)
{
    const struct partnership_facts nothing = {0};
    const struct partnership_request no_partner = {"2024", "x", NULL},
                                     no_school = {"2024", "", "x"}, no_cohort = {" ", "x", "x"},
                                     empty = {NULL, NULL, NULL};

    (void)state;
    check(&empty, &nothing, "cohort P01; school_id P03; delivery_partner_id P10");
    check(&no_partner, &nothing, "delivery_partner_id P10; cohort P02; school_id P04");
    check(&no_school, &nothing, "school_id P03; cohort P02; delivery_partner_id P11");
    check(&no_cohort, &nothing, "cohort P01; school_id P04; delivery_partner_id P11");
}

static void the_schools_first_problem_is_said(void **state)
{
    struct partnership_facts facts = fine;

    (void)state;
    facts.was_confirmed_before = true;
    check(&whole, &facts, "");
    facts.has_school_cohort = false;
    check(&whole, &facts, "school_id P09");
    facts.confirmed_provider = anothers;
    check(&whole, &facts, "school_id P08");
    facts.confirmed_provider = ours;
    check(&whole, &facts, "school_id P07");
    facts.is_school_eligible = false;
    check(&whole, &facts, "school_id P06");
    facts.is_school_led_only = true;
    check(&whole, &facts, "school_id P05");
    facts.has_school = false;
    check(&whole, &facts, "school_id P04");
}

static void a_new_school_needs_no_earlier_confirmation(void **state)
{
    struct partnership_facts facts = fine;

    (void)state;
    facts.has_school_cohort = false;
    check(&whole, &facts, "");
}

/* rules.md 5.1, as recommended: the school's own problems are said, those with the cohort are not.
 */
static void without_a_cohort_the_school_is_judged_alone(void **state)
{
    struct partnership_facts facts = fine;

    (void)state;
    facts.has_cohort = false;
    facts.is_partner_related = false;
    facts.confirmed_provider = anothers;
    check(&whole, &facts, "cohort P02; delivery_partner_id P12");
    facts.is_school_eligible = false;
    check(&whole, &facts, "cohort P02; school_id P06; delivery_partner_id P12");
}

static void the_delivery_partner_must_be_known_and_related(void **state)
{
    struct partnership_facts facts = fine;

    (void)state;
    facts.is_partner_related = false;
    check(&whole, &facts, "delivery_partner_id P12");
    facts.has_delivery_partner = false;
    check(&whole, &facts, "delivery_partner_id P11");
}

static void an_update_says_its_first_problem(void **state)
{
    static const struct {
        const char *partner;
        bool is_known;
        bool is_related;
        bool is_challenged;
        bool has_other;
        const char *refusals;
    } cases[] = {
        {"x", true, true, false, false, ""},
        {"x", true, true, false, true, "delivery_partner_id P14"},
        {"x", true, true, true, true, "delivery_partner_id P13"},
        {"x", true, false, true, true, "delivery_partner_id P12"},
        {"x", false, false, true, true, "delivery_partner_id P11"},
        {NULL, true, true, false, false, "delivery_partner_id P10"},
        {" ", false, false, true, true, "delivery_partner_id P10"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct partnership_request request = {.delivery_partner_id = cases[i].partner};
        const struct partnership_update_facts facts = {.has_delivery_partner = cases[i].is_known,
                                                       .is_partner_related = cases[i].is_related,
                                                       .is_challenged = cases[i].is_challenged,
                                                       .has_other = cases[i].has_other};
        struct problems problems = {0};

        partnership_update_check(&request, &facts, &problems);
        check_refusals(&problems, cases[i].refusals);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_report_is_not_refused),
        cmocka_unit_test(what_is_blank_is_said_first),
        cmocka_unit_test(the_schools_first_problem_is_said),
        cmocka_unit_test(a_new_school_needs_no_earlier_confirmation),
        cmocka_unit_test(without_a_cohort_the_school_is_judged_alone),
        cmocka_unit_test(the_delivery_partner_must_be_known_and_related),
        cmocka_unit_test(an_update_says_its_first_problem),
    };

    return RUN_TESTS(tests);
}
