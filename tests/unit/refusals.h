/* Refusals of writes as short texts, such as "participant_id M01; declaration_date M03", to compare
 * them with. */
#pragma once

#include "base/problem.h"
#include "support.h"

/* The code of rules.md 0.4. */
static inline const char *code_of(enum problem problem)
{
    static const char *const codes[PROBLEM_COUNT_] = {
        [PROBLEM_UNKNOWN_PARTICIPANT] = "M01",
        [PROBLEM_WITHDRAWN_BEFORE] = "M02",
        [PROBLEM_NO_DATE] = "M03",
        [PROBLEM_NO_TYPE] = "M04",
        [PROBLEM_FUTURE_DATE] = "M05",
        [PROBLEM_DATE_FORMAT] = "M06",
        [PROBLEM_BEFORE_MILESTONE] = "M07",
        [PROBLEM_AFTER_MILESTONE] = "M08",
        [PROBLEM_COHORT_CLOSED] = "M09",
        [PROBLEM_NO_MILESTONE] = "M10",
        [PROBLEM_SLOT_TAKEN] = "M11",
        [PROBLEM_MENTOR_TYPE] = "M12",
        [PROBLEM_UNKNOWN_COURSE] = "M13",
        [PROBLEM_NO_EVIDENCE] = "M14",
        [PROBLEM_WRONG_EVIDENCE] = "M15",
        [PROBLEM_NO_COURSE] = "M18",
        [PROBLEM_NO_REASON] = "M19",
        [PROBLEM_WRONG_REASON] = "M20",
        [PROBLEM_ALREADY_WITHDRAWN] = "M21",
        [PROBLEM_ALREADY_DEFERRED] = "M22",
        [PROBLEM_ALREADY_ACTIVE] = "M23",
        [PROBLEM_NO_SCHEDULE] = "M24",
        [PROBLEM_WITHDRAWN_PARTICIPANT] = "M25",
        [PROBLEM_DECLARATIONS_INVALIDATED] = "M26",
        [PROBLEM_SAME_SCHEDULE] = "M27",
        [PROBLEM_SCHEDULE_COURSE] = "M28",
        [PROBLEM_COHORT_CHANGE] = "M29",
        [PROBLEM_NO_PARTNERSHIP] = "M30",
        [PROBLEM_ALREADY_VOIDED] = "M31",
        [PROBLEM_CLAWED_BACK] = "M32",
        [PROBLEM_SCHEDULE_MISSING] = "M33",
        [PROBLEM_NO_COHORT] = "P01",
        [PROBLEM_UNKNOWN_COHORT] = "P02",
        [PROBLEM_NO_SCHOOL] = "P03",
        [PROBLEM_UNKNOWN_SCHOOL] = "P04",
        [PROBLEM_SCHOOL_LED_ONLY] = "P05",
        [PROBLEM_SCHOOL_INELIGIBLE] = "P06",
        [PROBLEM_ALREADY_PARTNERED] = "P07",
        [PROBLEM_PARTNERED_ELSEWHERE] = "P08",
        [PROBLEM_SCHOOL_UNCONFIRMED] = "P09",
        [PROBLEM_NO_DELIVERY_PARTNER] = "P10",
        [PROBLEM_UNKNOWN_DELIVERY_PARTNER] = "P11",
        [PROBLEM_UNRELATED_DELIVERY_PARTNER] = "P12",
        [PROBLEM_PARTNERSHIP_CHALLENGED] = "P13",
        [PROBLEM_RELATIONSHIP_EXISTS] = "P14",
        [PROBLEM_SCHOOL_COHORT_MISSING] = "no school cohort",
        [PROBLEM_PROGRAMME_MISSING] = "no programme",
        [PROBLEM_CLAWBACK_REFUNDED] = "refunded",
        [PROBLEM_CLAWBACK_COHORT_CLOSED] = "closed for clawbacks",
    };

    return codes[problem] != NULL ? codes[problem] : "?";
}

/* In the order in which they were found. Empties the problems. */
static inline void check_refusals(struct problems *problems, const char *expected)
{
    struct buf text = {0};

    for (size_t i = 0; i < problems->count; i++) {
        const char *title = problems->items[i].title;

        buf_printf(&text, "%s%s%s%s", i > 0 ? "; " : "", title != NULL ? title : "",
                   title != NULL ? " " : "", code_of(problems->items[i].problem));
    }
    check_buf(&text, expected, "refusals");
    buf_finish(&text);
    *problems = (struct problems){0};
}
