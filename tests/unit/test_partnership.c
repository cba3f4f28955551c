/* Reporting partnerships: v3.md 3.4.3 and 3.4.4, branch by branch. */
#include "domain/partnership.h"

#include "problems.h"

static const struct uuid ME = {.bytes = {1}};
static const struct uuid ANOTHER = {.bytes = {2}};
static const struct partnership_request REQUEST = {"2024", "s", "d"};

static struct partnership_facts fine(void)
{
    return (struct partnership_facts){
        .lead_provider_id = ME,
        .has_cohort = true,
        .has_school = true,
        .is_school_eligible = true,
        .has_delivery_partner = true,
        .is_partner_related = true,
    };
}

static void check_report(const struct partnership_request *request,
                         const struct partnership_facts *facts, const struct expected *expected,
                         int line)
{
    struct problems problems = {0};

    partnership_create_check(request, facts, &problems);
    check_problems(&problems, expected, line);
}

#define REFUSED(request, facts, ...)                                                               \
    check_report(&(request), &(facts), PROBLEMS(__VA_ARGS__), __LINE__)
#define ACCEPTED(request, facts) check_report(&(request), &(facts), NO_PROBLEMS, __LINE__)

static void what_is_missing_is_said_first(void **state)
{
    struct partnership_request request = {0};
    struct partnership_facts facts = {0};

    (void)state;
    REFUSED(request, facts, {"cohort", PROBLEM_NO_COHORT}, {"school_id", PROBLEM_NO_SCHOOL},
            {"delivery_partner_id", PROBLEM_NO_DELIVERY_PARTNER});
    request = (struct partnership_request){" ", "", "\t"};
    REFUSED(request, facts, {"cohort", PROBLEM_NO_COHORT}, {"school_id", PROBLEM_NO_SCHOOL},
            {"delivery_partner_id", PROBLEM_NO_DELIVERY_PARTNER});
    REFUSED(REQUEST, facts, {"cohort", PROBLEM_UNKNOWN_COHORT},
            {"school_id", PROBLEM_UNKNOWN_SCHOOL},
            {"delivery_partner_id", PROBLEM_UNKNOWN_DELIVERY_PARTNER});
    facts = fine();
    ACCEPTED(REQUEST, facts);
}

static void without_a_cohort_the_school_is_judged_by_itself(void **state)
{
    struct partnership_facts facts = fine();
    struct partnership_request request = REQUEST;

    (void)state;
    facts.has_cohort = false;
    facts.is_partner_related = false;
    facts.confirmed_provider = ME;
    REFUSED(REQUEST, facts, {"cohort", PROBLEM_UNKNOWN_COHORT},
            {"delivery_partner_id", PROBLEM_UNRELATED_DELIVERY_PARTNER});
    request.cohort = NULL;
    REFUSED(request, facts, {"cohort", PROBLEM_NO_COHORT},
            {"delivery_partner_id", PROBLEM_UNRELATED_DELIVERY_PARTNER});
    facts.is_school_eligible = false;
    REFUSED(REQUEST, facts, {"cohort", PROBLEM_UNKNOWN_COHORT},
            {"school_id", PROBLEM_SCHOOL_INELIGIBLE},
            {"delivery_partner_id", PROBLEM_UNRELATED_DELIVERY_PARTNER});
}

static void of_the_schools_problems_the_first_is_said(void **state)
{
    struct partnership_facts facts = fine();

    (void)state;
    facts.is_school_eligible = false;
    facts.confirmed_provider = ANOTHER;
    REFUSED(REQUEST, facts, {"school_id", PROBLEM_SCHOOL_INELIGIBLE});
    facts.is_school_led_only = true;
    REFUSED(REQUEST, facts, {"school_id", PROBLEM_SCHOOL_LED_ONLY});
    facts = fine();
    facts.was_confirmed_before = true;
    REFUSED(REQUEST, facts, {"school_id", PROBLEM_SCHOOL_UNCONFIRMED});
    facts.has_school_cohort = true;
    ACCEPTED(REQUEST, facts);
    facts.was_confirmed_before = false;
    ACCEPTED(REQUEST, facts);
    facts.confirmed_provider = ANOTHER;
    REFUSED(REQUEST, facts, {"school_id", PROBLEM_PARTNERED_ELSEWHERE});
    facts.confirmed_provider = ME;
    REFUSED(REQUEST, facts, {"school_id", PROBLEM_ALREADY_PARTNERED});
}

static void the_partner_works_with_the_provider(void **state)
{
    struct partnership_facts facts = fine();

    (void)state;
    facts.is_partner_related = false;
    REFUSED(REQUEST, facts, {"delivery_partner_id", PROBLEM_UNRELATED_DELIVERY_PARTNER});
    facts.has_delivery_partner = false;
    REFUSED(REQUEST, facts, {"delivery_partner_id", PROBLEM_UNKNOWN_DELIVERY_PARTNER});
}

static void an_update_says_the_first_problem(void **state)
{
    static const struct {
        const char *partner;
        bool has_partner, is_related, is_challenged, has_other;
        enum problem problem;
    } cases[] = {
        {NULL, false, false, true, true, PROBLEM_NO_DELIVERY_PARTNER},
        {" ", true, true, false, false, PROBLEM_NO_DELIVERY_PARTNER},
        {"d", false, false, true, true, PROBLEM_UNKNOWN_DELIVERY_PARTNER},
        {"d", true, false, true, true, PROBLEM_UNRELATED_DELIVERY_PARTNER},
        {"d", true, true, true, true, PROBLEM_PARTNERSHIP_CHALLENGED},
        {"d", true, true, false, true, PROBLEM_RELATIONSHIP_EXISTS},
        {"d", true, true, false, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct partnership_request request = {.delivery_partner_id = cases[i].partner};
        const struct partnership_update_facts facts = {.is_challenged = cases[i].is_challenged,
                                                       .has_delivery_partner = cases[i].has_partner,
                                                       .is_partner_related = cases[i].is_related,
                                                       .has_other = cases[i].has_other};
        struct problems problems = {0};

        partnership_update_check(&request, &facts, &problems);
        check_problems(
            &problems,
            PROBLEMS({cases[i].problem == 0 ? NULL : "delivery_partner_id", cases[i].problem}),
            (int)i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_said_first),
        cmocka_unit_test(without_a_cohort_the_school_is_judged_by_itself),
        cmocka_unit_test(of_the_schools_problems_the_first_is_said),
        cmocka_unit_test(the_partner_works_with_the_provider),
        cmocka_unit_test(an_update_says_the_first_problem),
    };

    return RUN_TESTS(tests);
}
