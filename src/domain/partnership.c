/* The rules of partnerships, in the contract's order. */
#include "domain/partnership.h"

#include "base/str.h"

/* The first of the school's problems; those of the cohort's partnerships only where there is a
 * cohort. */
static void check_school(const struct partnership_facts *facts, struct problems *problems)
{
    enum problem problem;

    if (!facts->has_school)
        problem = PROBLEM_UNKNOWN_SCHOOL;
    else if (!facts->is_school_eligible)
        problem = facts->is_school_led_only ? PROBLEM_SCHOOL_LED_ONLY : PROBLEM_SCHOOL_INELIGIBLE;
    else if (!facts->has_cohort)
        return;
    else if (!uuid_is_none(&facts->confirmed_provider))
        problem = uuid_equal(&facts->confirmed_provider, &facts->lead_provider_id)
                      ? PROBLEM_ALREADY_PARTNERED
                      : PROBLEM_PARTNERED_ELSEWHERE;
    else if (facts->was_confirmed_before && !facts->has_school_cohort)
        problem = PROBLEM_SCHOOL_UNCONFIRMED;
    else
        return;
    refuse(problems, "school_id", problem);
}

void partnership_create_check(const struct partnership_request *request,
                              const struct partnership_facts *facts, struct problems *problems)
{
    bool has_cohort = !str_is_blank(request->cohort);
    bool has_school = !str_is_blank(request->school_id);
    bool has_partner = !str_is_blank(request->delivery_partner_id);

    refuse_if(problems, !has_cohort, "cohort", PROBLEM_NO_COHORT);
    refuse_if(problems, !has_school, "school_id", PROBLEM_NO_SCHOOL);
    refuse_if(problems, !has_partner, "delivery_partner_id", PROBLEM_NO_DELIVERY_PARTNER);
    refuse_if(problems, has_cohort && !facts->has_cohort, "cohort", PROBLEM_UNKNOWN_COHORT);
    if (has_school)
        check_school(facts, problems);
    if (has_partner && !facts->has_delivery_partner)
        refuse(problems, "delivery_partner_id", PROBLEM_UNKNOWN_DELIVERY_PARTNER);
    else if (has_partner && !facts->is_partner_related)
        refuse(problems, "delivery_partner_id", PROBLEM_UNRELATED_DELIVERY_PARTNER);
}

void partnership_update_check(const struct partnership_request *request,
                              const struct partnership_update_facts *facts,
                              struct problems *problems)
{
    enum problem problem;

    if (str_is_blank(request->delivery_partner_id))
        problem = PROBLEM_NO_DELIVERY_PARTNER;
    else if (!facts->has_delivery_partner)
        problem = PROBLEM_UNKNOWN_DELIVERY_PARTNER;
    else if (!facts->is_partner_related)
        problem = PROBLEM_UNRELATED_DELIVERY_PARTNER;
    else if (facts->is_challenged)
        problem = PROBLEM_PARTNERSHIP_CHALLENGED;
    else if (facts->has_other)
        problem = PROBLEM_RELATIONSHIP_EXISTS;
    else
        return;
    refuse(problems, "delivery_partner_id", problem);
}
