/* How refusals become an answer: platform.md 4, rules.md 0.2. */
#include "base/problem.h"

#include "base/arena.h"
#include "support.h"

static void check_body(const struct problems *problems, int status, const char *body)
{
    struct buf out = {0};

    problems_write(&out, problems);
    check_buf(&out, body, body);
    buf_finish(&out);
    assert_int_equal(problems_status(problems), status);
}

/* Every code, alone: its status and its body, in the contract's words. */
static void each_problem_has_its_status_and_text(void **state)
{
#define BAD(title, detail) "{\"errors\":[{\"title\":\"" title "\",\"detail\":\"" detail "\"}]}"
    static const struct {
        enum problem problem;
        int status;
        const char *body;
    } cases[] = {
        {PROBLEM_UNAUTHORISED, 401, "{\"error\":\"HTTP Token: Access denied\"}"},
        {PROBLEM_NOT_FOUND, 404, "{\"error\":\"Resource not Found\"}"},
        {PROBLEM_BODY_TOO_LARGE, 413, "{\"error\":\"Request body too large\"}"},
        {PROBLEM_URI_TOO_LONG, 414, "{\"error\":\"Request URI too long\"}"},
        {PROBLEM_HEADERS_TOO_LARGE, 431, "{\"error\":\"Request headers too large\"}"},
        {PROBLEM_INTERNAL, 500, "{\"error\":\"Internal server error\"}"},
        {PROBLEM_UNAVAILABLE, 503, "{\"error\":\"Service unavailable\"}"},
        {PROBLEM_MALFORMED, 400, "{\"error\":\"Malformed request\"}"},
        {PROBLEM_QUERY, 400, BAD("Bad request", "Invalid query parameters")},
        {PROBLEM_NULL_BYTE, 400, BAD("Bad request", "string contains null byte")},
        {PROBLEM_SERVER_DATE, 400,
         BAD("Bad request", "The header 'X-With-Server-Date' must be a valid RFC3339 date")},
        {PROBLEM_DATA, 400,
         BAD("Bad request", "correct json data structure required. See API docs for reference")},
        {PROBLEM_FILTER_SHAPE, 400, BAD("Bad parameter", "Filter must be a hash")},
        {PROBLEM_FILTER_TOO_LONG, 400,
         BAD("Bad request", "A filter must not have more than 1000 values")},
        {PROBLEM_UPDATED_SINCE, 400,
         BAD("Bad request", "The filter '#/updated_since' must be a valid RCF3339 date")},
        {PROBLEM_TRAINING_STATUS, 400,
         BAD("Bad request",
             "The filter '#/training_status' must be [\\\"active\\\", \\\"deferred\\\", \\\"withdrawn\\\"]")},
        {PROBLEM_PAGE, 400,
         BAD("Bad request",
             "The '#/page[page]' and '#/page[per_page]' parameter values must be a valid number "
             "(equal and more than 1)")},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct problems problems = {0};

        refuse(&problems, NULL, cases[i].problem);
        check_body(&problems, cases[i].status, cases[i].body);
    }
}

/* rules.md 0.4, to the letter; NAME stands for what is filled in. */
static void refusals_of_writes_say_what_the_catalogue_says(void **state)
{
    static const struct {
        enum problem problem;
        const char *text;
    } cases[] = {
        {PROBLEM_UNKNOWN_PARTICIPANT,
         "Your update cannot be made as the '#/participant_id' is not recognised. Check "
         "participant details and try again."},
        {PROBLEM_WITHDRAWN_BEFORE,
         "This participant withdrew from this course on NAME. Enter a '#/declaration_date' "
         "that's on or before the withdrawal date."},
        {PROBLEM_NO_DATE, "Enter a '#/declaration_date'."},
        {PROBLEM_NO_TYPE, "Enter a '#/declaration_type'."},
        {PROBLEM_FUTURE_DATE,
         "The '#/declaration_date' value cannot be a future date. Check the date and try "
         "again."},
        {PROBLEM_DATE_FORMAT, "Enter a valid RCF3339 '#/declaration_date'."},
        {PROBLEM_BEFORE_MILESTONE,
         "Enter a '#/declaration_date' that's on or after the milestone start."},
        {PROBLEM_AFTER_MILESTONE,
         "Enter a '#/declaration_date' that's before the milestone end date."},
        {PROBLEM_COHORT_CLOSED,
         "You cannot submit or void declarations for the NAME cohort. The funding contract for"
         " this cohort has ended. Get in touch if you need to discuss this with us"},
        {PROBLEM_NO_MILESTONE,
         "The property '#/declaration_type' does not exist for this schedule."},
        {PROBLEM_SLOT_TAKEN,
         "A declaration has already been submitted that will be, or has been, paid for this "
         "event"},
        {PROBLEM_MENTOR_TYPE,
         "You cannot send retained or extended declarations for participants who began their "
         "mentor training after June 2025. Resubmit this declaration with either a started or "
         "completed declaration."},
        {PROBLEM_UNKNOWN_COURSE,
         "The entered '#/course_identifier' is not recognised for the given participant. Check"
         " details and try again."},
        {PROBLEM_NO_EVIDENCE, "Enter a '#/evidence_held' value for this participant."},
        {PROBLEM_WRONG_EVIDENCE,
         "Enter an available '#/evidence_held' type for this participant's event and course."},
        {PROBLEM_NPQ_COURSE, "NPQ Courses are no longer supported"},
        {PROBLEM_NO_COURSE, "Enter a '#/course_identifier' value for this participant."},
        {PROBLEM_NO_REASON, "The property '#/reason' must be present"},
        {PROBLEM_WRONG_REASON, "The property '#/reason' must be a valid reason"},
        {PROBLEM_ALREADY_WITHDRAWN, "The participant is already withdrawn"},
        {PROBLEM_ALREADY_DEFERRED, "The participant is already deferred"},
        {PROBLEM_ALREADY_ACTIVE, "The participant is already active"},
        {PROBLEM_NO_SCHEDULE,
         "The property '#/schedule_identifier' must be present and correspond to a valid "
         "schedule"},
        {PROBLEM_WITHDRAWN_PARTICIPANT, "Cannot perform actions on a withdrawn participant"},
        {PROBLEM_DECLARATIONS_INVALIDATED,
         "Changing schedule would invalidate existing declarations. Please void them first."},
        {PROBLEM_SAME_SCHEDULE, "Selected schedule is already on the profile"},
        {PROBLEM_SCHEDULE_COURSE, "Selected schedule is not valid for the course"},
        {PROBLEM_COHORT_CHANGE, "You cannot change the '#/cohort' field"},
        {PROBLEM_NO_PARTNERSHIP,
         "You cannot change a participant to this cohort as you do not have a partnership with"
         " the school for the cohort. Contact the DfE for assistance."},
        {PROBLEM_ALREADY_VOIDED, "This declaration has already been voided."},
        {PROBLEM_CLAWED_BACK, "This declaration has been clawed-back, so you can only view it."},
        {PROBLEM_SCHEDULE_MISSING, "Validation failed: Schedule must exist"},
        {PROBLEM_NO_COHORT, "Enter a '#/cohort'."},
        {PROBLEM_UNKNOWN_COHORT,
         "The '#/cohort' you have entered is invalid. Check cohort details and try again."},
        {PROBLEM_NO_SCHOOL, "Enter a '#/school_id'."},
        {PROBLEM_UNKNOWN_SCHOOL,
         "The '#/school_id' you have entered is invalid. Check school details and try again. "
         "Contact the DfE for support if you are unable to find the '#/school_id'."},
        {PROBLEM_SCHOOL_LED_ONLY,
         "The school you have entered has not registered to deliver DfE-funded training. "
         "Contact the school for more information."},
        {PROBLEM_SCHOOL_INELIGIBLE,
         "The school you have entered is currently ineligible for DfE funding. Contact the "
         "school for more information."},
        {PROBLEM_ALREADY_PARTNERED,
         "You are already in a confirmed partnership with this school for the entered cohort."},
        {PROBLEM_PARTNERED_ELSEWHERE,
         "Another provider is in a confirmed partnership with the school for the cohort you "
         "entered. Contact the school for more information."},
        {PROBLEM_SCHOOL_UNCONFIRMED,
         "The school you have entered has not yet confirmed they will deliver DfE-funded "
         "training. Contact the school for more information."},
        {PROBLEM_NO_DELIVERY_PARTNER, "Enter a '#/delivery_partner_id'."},
        {PROBLEM_UNKNOWN_DELIVERY_PARTNER,
         "The '#/delivery_partner_id' you have entered is invalid. Check delivery partner "
         "details and try again."},
        {PROBLEM_UNRELATED_DELIVERY_PARTNER,
         "The entered delivery partner is not recognised to be working in partnership with you"
         " for the given cohort. Contact the DfE for more information."},
        {PROBLEM_PARTNERSHIP_CHALLENGED,
         "Your update cannot be made as this partnership has been challenged by the school. If"
         " this partnership has been challenged in error, submit a new partnership "
         "confirmation using the endpoint POST /api/v3/partnerships/ecf."},
        {PROBLEM_RELATIONSHIP_EXISTS,
         "We are unable to process this request. You are already confirmed to be in "
         "partnership with the entered delivery partner. Contact the DfE for support."},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bool is_named = strstr(cases[i].text, "NAME") != NULL;
        bool has_own_title = cases[i].problem == PROBLEM_ALREADY_VOIDED ||
                             cases[i].problem == PROBLEM_CLAWED_BACK ||
                             cases[i].problem == PROBLEM_SCHEDULE_MISSING;
        struct problems problems = {0};

        if (is_named)
            refuse_naming(&problems, "a", cases[i].problem, "NAME");
        else
            refuse(&problems, has_own_title ? NULL : "a", cases[i].problem);
        check_body(&problems, 422,
                   arena_printf(&arena, "{\"errors\":[{\"title\":\"%s\",\"detail\":\"%s\"}]}",
                                has_own_title ? "Invalid action" : "a", cases[i].text));
    }
    arena_finish(&arena);
}

/* rules.md 0.2: in the order of each attribute's first problem, its texts joined, the same text
 * once. */
static void problems_are_grouped_by_attribute_and_joined(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse(&problems, "declaration_date", PROBLEM_NO_DATE);
    refuse(&problems, "declaration_type", PROBLEM_NO_TYPE);
    refuse(&problems, "declaration_date", PROBLEM_DATE_FORMAT);
    refuse(&problems, "declaration_date", PROBLEM_NO_DATE);
    refuse(&problems, "course_identifier", PROBLEM_NO_TYPE);
    refuse(&problems, "declaration_type", PROBLEM_NO_TYPE);
    check_body(&problems, 422,
               "{\"errors\":["
               "{\"title\":\"declaration_date\",\"detail\":\"Enter a '#/declaration_date'., "
               "Enter a valid RCF3339 '#/declaration_date'.\"},"
               "{\"title\":\"declaration_type\",\"detail\":\"Enter a '#/declaration_type'.\"},"
               "{\"title\":\"course_identifier\",\"detail\":\"Enter a '#/declaration_type'.\"}]}");
}

static void texts_with_names_filled_in_are_the_same_only_if_the_names_are(void **state)
{
    struct problems problems = {0};
    struct buf out = {0};
    const char *second;

    (void)state;
    refuse_naming(&problems, "cohort", PROBLEM_COHORT_CLOSED, "2021");
    refuse_naming(&problems, "cohort", PROBLEM_COHORT_CLOSED, "2021");
    refuse_naming(&problems, "cohort", PROBLEM_COHORT_CLOSED, "2022");
    problems_write(&out, &problems);
    second = strstr(buf_terminate(&out), "2022");
    assert_non_null(second);
    assert_non_null(strstr(out.data, "2021"));
    assert_null(strstr(strstr(out.data, "2021") + 1, "2021"));
    assert_null(strstr(out.data, "},{"));
    buf_finish(&out);
}

static void titles_and_texts_are_escaped(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse_naming(&problems, NULL, PROBLEM_FILTER_REQUIRED, "<\"&");
    check_body(
        &problems, 400,
        BAD("Bad parameter", "The filter '#/\\u003c\\\"\\u0026' must be included in your request"));
}

static void a_name_is_filled_into_the_text(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse_naming(&problems, NULL, PROBLEM_FILTER_REQUIRED, "cohort");
    check_body(&problems, 400,
               BAD("Bad parameter", "The filter '#/cohort' must be included in your request"));
}

static void a_refusal_counts_only_if_something_is_wrong(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse_if(&problems, false, NULL, PROBLEM_PAGE);
    assert_int_equal(problems.count, 0);
    refuse_if(&problems, true, NULL, PROBLEM_PAGE);
    assert_int_equal(problems.count, 1);
}

/* v3.md 1.4: filter errors win over page errors. */
static void a_bad_request_says_only_what_was_found_first(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse(&problems, NULL, PROBLEM_UPDATED_SINCE);
    refuse(&problems, NULL, PROBLEM_PAGE);
    refuse(&problems, NULL, PROBLEM_FILTER_SHAPE);
    check_body(&problems, 400,
               BAD("Bad request", "The filter '#/updated_since' must be a valid RCF3339 date"));
}

static void an_error_of_one_text_wins_when_it_comes_first(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse(&problems, NULL, PROBLEM_NOT_FOUND);
    refuse(&problems, NULL, PROBLEM_PAGE);
    check_body(&problems, 404, "{\"error\":\"Resource not Found\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_problem_has_its_status_and_text),
        cmocka_unit_test(refusals_of_writes_say_what_the_catalogue_says),
        cmocka_unit_test(problems_are_grouped_by_attribute_and_joined),
        cmocka_unit_test(texts_with_names_filled_in_are_the_same_only_if_the_names_are),
        cmocka_unit_test(titles_and_texts_are_escaped),
        cmocka_unit_test(a_name_is_filled_into_the_text),
        cmocka_unit_test(a_refusal_counts_only_if_something_is_wrong),
        cmocka_unit_test(a_bad_request_says_only_what_was_found_first),
        cmocka_unit_test(an_error_of_one_text_wins_when_it_comes_first),
    };

    return RUN_TESTS(tests);
}
