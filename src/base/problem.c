/* The table of refusals and the bodies made of them. */
#include "base/problem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum shape { SHAPE_ERROR, SHAPE_ERRORS, SHAPE_STATUS, SHAPE_PLAIN, SHAPE_EMPTY };

static const struct {
    const char *code; /* for machines: once released, it stays */
    int status;
    enum shape shape;
    const char *title;
    const char *text;
} table[PROBLEM_COUNT_] = {
    [PROBLEM_UNAUTHORISED] = {"unauthorised", 401, SHAPE_ERROR, NULL, "HTTP Token: Access denied"},
    [PROBLEM_NOT_FOUND] = {"not_found", 404, SHAPE_ERROR, NULL, "Resource not Found"},
    [PROBLEM_BODY_TOO_LARGE] = {"body_too_large", 413, SHAPE_ERROR, NULL, "Request body too large"},
    [PROBLEM_URI_TOO_LONG] = {"uri_too_long", 414, SHAPE_ERROR, NULL, "Request URI too long"},
    [PROBLEM_HEADERS_TOO_LARGE] = {"headers_too_large", 431, SHAPE_ERROR, NULL,
                                   "Request headers too large"},
    [PROBLEM_INTERNAL] = {"internal_error", 500, SHAPE_ERROR, NULL, "Internal server error"},
    [PROBLEM_UNAVAILABLE] = {"service_unavailable", 503, SHAPE_ERROR, NULL, "Service unavailable"},
    [PROBLEM_MALFORMED] = {"request_malformed", 400, SHAPE_ERROR, NULL, "Malformed request"},
    [PROBLEM_UNAUTHORISED_CALLBACK] = {"callback_unauthorised", 401, SHAPE_PLAIN, NULL,
                                       "HTTP Token: Access denied."},
    [PROBLEM_RATE_LIMITED] = {"rate_limited", 429, SHAPE_PLAIN, NULL, "Retry later"},
    [PROBLEM_FORBIDDEN] = {"forbidden", 403, SHAPE_EMPTY, NULL,
                           "The token is not for this resource."},
    [PROBLEM_READ_ONLY_TOKEN] = {"token_read_only", 403, SHAPE_EMPTY, NULL,
                                 "The token may only read."},
    [PROBLEM_UNKNOWN_METHOD] = {"method_not_known", 405, SHAPE_EMPTY, NULL,
                                "The method of the request is not known."},
    [PROBLEM_EXTENSION] = {"extension_not_supported", 406, SHAPE_EMPTY, NULL,
                           "The resource can be had as JSON or as CSV."},
    [PROBLEM_EMAIL_KNOWN] = {"email_in_use", 409, SHAPE_STATUS, NULL,
                             "Email This email address is already in use"},
    [PROBLEM_QUERY] = {"query_malformed", 400, SHAPE_ERRORS, "Bad request",
                       "Invalid query parameters"},
    [PROBLEM_NULL_BYTE] = {"null_byte", 400, SHAPE_ERRORS, "Bad request",
                           "string contains null byte"},
    [PROBLEM_SERVER_DATE] = {"server_date_invalid", 400, SHAPE_ERRORS, "Bad request",
                             "The header 'X-With-Server-Date' must be a valid RFC3339 date"},
    [PROBLEM_DATA] = {"data_missing", 400, SHAPE_ERRORS, "Bad request",
                      "correct json data structure required. See API docs for reference"},
    [PROBLEM_FILTER_SHAPE] = {"filter_not_a_hash", 400, SHAPE_ERRORS, "Bad parameter",
                              "Filter must be a hash"},
    [PROBLEM_FILTER_REQUIRED] = {"filter_missing", 400, SHAPE_ERRORS, "Bad parameter",
                                 "The filter '#/%s' must be included in your request"},
    [PROBLEM_FILTER_TOO_LONG] = {"filter_too_long", 400, SHAPE_ERRORS, "Bad request",
                                 "A filter must not have more than 1000 values"},
    [PROBLEM_UPDATED_SINCE] = {"updated_since_invalid", 400, SHAPE_ERRORS, "Bad request",
                               "The filter '#/updated_since' must be a valid RCF3339 date"},
    [PROBLEM_TRAINING_STATUS] = {"training_status_invalid", 400, SHAPE_ERRORS, "Bad request",
                                 "The filter '#/training_status' must be "
                                 "[\"active\", \"deferred\", \"withdrawn\"]"},
    [PROBLEM_PAGE] =
        {"page_invalid", 400, SHAPE_ERRORS, "Bad request",
         "The '#/page[page]' and '#/page[per_page]' parameter values must be a valid number "
         "(equal and more than 1)"},
    [PROBLEM_UNKNOWN_PARTICIPANT] =
        {"participant_not_recognised", 422, SHAPE_ERRORS, NULL,
         "Your update cannot be made as the '#/participant_id' is not recognised. Check "
         "participant details and try again."},
    [PROBLEM_WITHDRAWN_BEFORE] = {"declaration_date_after_withdrawal", 422, SHAPE_ERRORS, NULL,
                                  "This participant withdrew from this course on %s. Enter a "
                                  "'#/declaration_date' that's on or before the withdrawal date."},
    [PROBLEM_NO_DATE] = {"declaration_date_missing", 422, SHAPE_ERRORS, NULL,
                         "Enter a '#/declaration_date'."},
    [PROBLEM_NO_TYPE] = {"declaration_type_missing", 422, SHAPE_ERRORS, NULL,
                         "Enter a '#/declaration_type'."},
    [PROBLEM_FUTURE_DATE] =
        {"declaration_date_in_future", 422, SHAPE_ERRORS, NULL,
         "The '#/declaration_date' value cannot be a future date. Check the date and "
         "try again."},
    [PROBLEM_DATE_FORMAT] = {"declaration_date_invalid", 422, SHAPE_ERRORS, NULL,
                             "Enter a valid RCF3339 '#/declaration_date'."},
    [PROBLEM_BEFORE_MILESTONE] =
        {"declaration_date_before_milestone", 422, SHAPE_ERRORS, NULL,
         "Enter a '#/declaration_date' that's on or after the milestone start."},
    [PROBLEM_AFTER_MILESTONE] =
        {"declaration_date_after_milestone", 422, SHAPE_ERRORS, NULL,
         "Enter a '#/declaration_date' that's before the milestone end date."},
    [PROBLEM_COHORT_CLOSED] =
        {"cohort_closed", 422, SHAPE_ERRORS, NULL,
         "You cannot submit or void declarations for the %s cohort. The funding "
         "contract for this cohort has ended. Get in touch if you need to discuss this "
         "with us"},
    [PROBLEM_NO_MILESTONE] =
        {"declaration_type_not_on_schedule", 422, SHAPE_ERRORS, NULL,
         "The property '#/declaration_type' does not exist for this schedule."},
    [PROBLEM_SLOT_TAKEN] =
        {"declaration_exists", 422, SHAPE_ERRORS, NULL,
         "A declaration has already been submitted that will be, or has been, paid for "
         "this event"},
    [PROBLEM_MENTOR_TYPE] =
        {"declaration_type_not_for_mentors", 422, SHAPE_ERRORS, NULL,
         "You cannot send retained or extended declarations for participants who began "
         "their mentor training after June 2025. Resubmit this declaration with either "
         "a started or completed declaration."},
    [PROBLEM_UNKNOWN_COURSE] = {"course_not_recognised", 422, SHAPE_ERRORS, NULL,
                                "The entered '#/course_identifier' is not recognised for the given "
                                "participant. Check details and try again."},
    [PROBLEM_NO_EVIDENCE] = {"evidence_missing", 422, SHAPE_ERRORS, NULL,
                             "Enter a '#/evidence_held' value for this participant."},
    [PROBLEM_WRONG_EVIDENCE] =
        {"evidence_not_available", 422, SHAPE_ERRORS, NULL,
         "Enter an available '#/evidence_held' type for this participant's event and "
         "course."},
    [PROBLEM_NPQ_COURSE] = {"course_not_supported", 422, SHAPE_ERRORS, NULL,
                            "NPQ Courses are no longer supported"},
    [PROBLEM_NO_COURSE] = {"course_missing", 422, SHAPE_ERRORS, NULL,
                           "Enter a '#/course_identifier' value for this participant."},
    [PROBLEM_NO_REASON] = {"reason_missing", 422, SHAPE_ERRORS, NULL,
                           "The property '#/reason' must be present"},
    [PROBLEM_WRONG_REASON] = {"reason_invalid", 422, SHAPE_ERRORS, NULL,
                              "The property '#/reason' must be a valid reason"},
    [PROBLEM_ALREADY_WITHDRAWN] = {"participant_already_withdrawn", 422, SHAPE_ERRORS, NULL,
                                   "The participant is already withdrawn"},
    [PROBLEM_ALREADY_DEFERRED] = {"participant_already_deferred", 422, SHAPE_ERRORS, NULL,
                                  "The participant is already deferred"},
    [PROBLEM_ALREADY_ACTIVE] = {"participant_already_active", 422, SHAPE_ERRORS, NULL,
                                "The participant is already active"},
    [PROBLEM_NO_SCHEDULE] =
        {"schedule_invalid", 422, SHAPE_ERRORS, NULL,
         "The property '#/schedule_identifier' must be present and correspond to a "
         "valid schedule"},
    [PROBLEM_WITHDRAWN_PARTICIPANT] = {"participant_withdrawn", 422, SHAPE_ERRORS, NULL,
                                       "Cannot perform actions on a withdrawn participant"},
    [PROBLEM_DECLARATIONS_INVALIDATED] =
        {"declarations_invalidated", 422, SHAPE_ERRORS, NULL,
         "Changing schedule would invalidate existing declarations. Please void them "
         "first."},
    [PROBLEM_SAME_SCHEDULE] = {"schedule_unchanged", 422, SHAPE_ERRORS, NULL,
                               "Selected schedule is already on the profile"},
    [PROBLEM_SCHEDULE_COURSE] = {"schedule_not_for_course", 422, SHAPE_ERRORS, NULL,
                                 "Selected schedule is not valid for the course"},
    [PROBLEM_COHORT_CHANGE] = {"cohort_not_changeable", 422, SHAPE_ERRORS, NULL,
                               "You cannot change the '#/cohort' field"},
    [PROBLEM_NO_PARTNERSHIP] =
        {"partnership_missing", 422, SHAPE_ERRORS, NULL,
         "You cannot change a participant to this cohort as you do not have a "
         "partnership with the school for the cohort. Contact the DfE for assistance."},
    [PROBLEM_ALREADY_VOIDED] = {"declaration_already_voided", 422, SHAPE_ERRORS, "Invalid action",
                                "This declaration has already been voided."},
    [PROBLEM_CLAWED_BACK] = {"declaration_clawed_back", 422, SHAPE_ERRORS, "Invalid action",
                             "This declaration has been clawed-back, so you can only view it."},
    [PROBLEM_SCHEDULE_MISSING] = {"schedule_missing", 422, SHAPE_ERRORS, "Invalid action",
                                  "Validation failed: Schedule must exist"},
    [PROBLEM_NO_COHORT] = {"cohort_missing", 422, SHAPE_ERRORS, NULL, "Enter a '#/cohort'."},
    [PROBLEM_UNKNOWN_COHORT] =
        {"cohort_invalid", 422, SHAPE_ERRORS, NULL,
         "The '#/cohort' you have entered is invalid. Check cohort details and try "
         "again."},
    [PROBLEM_NO_SCHOOL] = {"school_missing", 422, SHAPE_ERRORS, NULL, "Enter a '#/school_id'."},
    [PROBLEM_UNKNOWN_SCHOOL] =
        {"school_invalid", 422, SHAPE_ERRORS, NULL,
         "The '#/school_id' you have entered is invalid. Check school details and try "
         "again. Contact the DfE for support if you are unable to find the "
         "'#/school_id'."},
    [PROBLEM_SCHOOL_LED_ONLY] =
        {"school_not_registered", 422, SHAPE_ERRORS, NULL,
         "The school you have entered has not registered to deliver DfE-funded "
         "training. Contact the school for more information."},
    [PROBLEM_SCHOOL_INELIGIBLE] =
        {"school_ineligible", 422, SHAPE_ERRORS, NULL,
         "The school you have entered is currently ineligible for DfE funding. Contact "
         "the school for more information."},
    [PROBLEM_ALREADY_PARTNERED] =
        {"partnership_exists", 422, SHAPE_ERRORS, NULL,
         "You are already in a confirmed partnership with this school for the entered "
         "cohort."},
    [PROBLEM_PARTNERED_ELSEWHERE] =
        {"school_partnered_elsewhere", 422, SHAPE_ERRORS, NULL,
         "Another provider is in a confirmed partnership with the school for the cohort "
         "you entered. Contact the school for more information."},
    [PROBLEM_SCHOOL_UNCONFIRMED] =
        {"school_unconfirmed", 422, SHAPE_ERRORS, NULL,
         "The school you have entered has not yet confirmed they will deliver "
         "DfE-funded training. Contact the school for more information."},
    [PROBLEM_NO_DELIVERY_PARTNER] = {"delivery_partner_missing", 422, SHAPE_ERRORS, NULL,
                                     "Enter a '#/delivery_partner_id'."},
    [PROBLEM_UNKNOWN_DELIVERY_PARTNER] =
        {"delivery_partner_invalid", 422, SHAPE_ERRORS, NULL,
         "The '#/delivery_partner_id' you have entered is invalid. Check delivery "
         "partner details and try again."},
    [PROBLEM_UNRELATED_DELIVERY_PARTNER] =
        {"delivery_partner_unrelated", 422, SHAPE_ERRORS, NULL,
         "The entered delivery partner is not recognised to be working in partnership "
         "with you for the given cohort. Contact the DfE for more information."},
    [PROBLEM_PARTNERSHIP_CHALLENGED] =
        {"partnership_challenged", 422, SHAPE_ERRORS, NULL,
         "Your update cannot be made as this partnership has been challenged by the "
         "school. If this partnership has been challenged in error, submit a new "
         "partnership confirmation using the endpoint POST /api/v3/partnerships/ecf."},
    [PROBLEM_RELATIONSHIP_EXISTS] =
        {"delivery_partner_unchanged", 422, SHAPE_ERRORS, NULL,
         "We are unable to process this request. You are already confirmed to be in "
         "partnership with the entered delivery partner. Contact the DfE for support."},
    [PROBLEM_SCHOOL_COHORT_MISSING] = {"school_cohort_missing", 422, SHAPE_ERRORS, "Invalid action",
                                       "Validation failed: School cohort must exist"},
    [PROBLEM_PROGRAMME_MISSING] = {"induction_programme_missing", 422, SHAPE_ERRORS,
                                   "Invalid action",
                                   "Validation failed: Induction programme must exist"},
    [PROBLEM_CLAWBACK_REFUNDED] = {"declaration_refunded", 422, SHAPE_ERRORS, "Invalid action",
                                   "Participant declaration will or has been be refunded"},
    [PROBLEM_CLAWBACK_COHORT_CLOSED] =
        {"clawback_cohort_closed", 422, SHAPE_ERRORS, "Invalid action",
         "Participant declaration You cannot submit or void declarations for the %s "
         "cohort. The funding contract for this cohort has ended. Get in touch if you "
         "need to discuss this with us"},
    [PROBLEM_NO_NAME] = {"full_name_missing", 422, SHAPE_ERRORS, "Invalid action",
                         "Validation failed: Full name Enter a full name"},
    [PROBLEM_WRONG_EMAIL] =
        {"email_invalid", 422, SHAPE_ERRORS, "Invalid action",
         "Validation failed: Email Enter an email address in the correct format, like "
         "name@example.com"},
    [PROBLEM_NO_NAME_NOR_EMAIL] =
        {"full_name_missing_and_email_invalid", 422, SHAPE_ERRORS, "Invalid action",
         "Validation failed: Full name Enter a full name, Email Enter an email address "
         "in the correct format, like name@example.com"},
};

void refuse(struct problems *problems, const char *title, enum problem problem)
{
    assert(problems->count < PROBLEMS_MAX);
    problems->items[problems->count].problem = problem;
    problems->items[problems->count].title = title;
    problems->items[problems->count].detail[0] = '\0';
    problems->count++;
}

void refuse_if(struct problems *problems, bool is_wrong, const char *title, enum problem problem)
{
    if (is_wrong)
        refuse(problems, title, problem);
}

void refuse_naming(struct problems *problems, const char *title, enum problem problem,
                   const char *name)
{
    const char *text = table[problem].text;
    const char *gap = strstr(text, "%s");
    int length;

    assert(gap != NULL);
    refuse(problems, title, problem);
    length = snprintf(problems->items[problems->count - 1].detail, PROBLEM_DETAIL_SIZE, "%.*s%s%s",
                      (int)(gap - text), text, name, gap + 2);
    assert(length < PROBLEM_DETAIL_SIZE);
    (void)length;
}

int problems_status(const struct problems *problems)
{
    assert(problems->count > 0);
    return table[problems->items[0].problem].status;
}

const char *problem_code(enum problem problem)
{
    return table[problem].code;
}

int problem_status(enum problem problem)
{
    return table[problem].status;
}

const char *problem_text(enum problem problem)
{
    return table[problem].text;
}

const char *problems_title(const struct problems *problems, size_t i)
{
    return problems->items[i].title != NULL ? problems->items[i].title
                                            : table[problems->items[i].problem].title;
}

const char *problems_detail(const struct problems *problems, size_t i)
{
    return problems->items[i].detail[0] != '\0' ? problems->items[i].detail
                                                : table[problems->items[i].problem].text;
}

/* Is there one before i with the same title (and the same text)? */
static bool is_repeated(const struct problems *problems, size_t i, bool with_text)
{
    for (size_t before = 0; before < i; before++)
        if (strcmp(problems_title(problems, before), problems_title(problems, i)) == 0 &&
            (!with_text ||
             strcmp(problems_detail(problems, before), problems_detail(problems, i)) == 0))
            return true;
    return false;
}

/* All texts that stand under the title of the refusal at first. */
static void write_details(struct buf *out, const struct problems *problems, size_t first)
{
    struct buf joined = {0};

    for (size_t i = first; i < problems->count; i++) {
        if (strcmp(problems_title(problems, i), problems_title(problems, first)) != 0 ||
            is_repeated(problems, i, true) ||
            (i > first && table[problems->items[first].problem].status == 400))
            continue;
        if (joined.length > 0)
            BUF_LITERAL(&joined, ", ");
        buf_add_text(&joined, problems_detail(problems, i));
    }
    buf_add_json_string(out, joined.data, joined.length);
    buf_finish(&joined);
}

static void write_with_status(struct buf *out, const struct problems *problems)
{
    buf_printf(out, "{\"errors\":[{\"status\":\"%d\",\"title\":", problems_status(problems));
    buf_add_json_string(out, problems_detail(problems, 0), strlen(problems_detail(problems, 0)));
    BUF_LITERAL(out, "}]}");
}

bool problems_are_json(const struct problems *problems)
{
    enum shape shape = table[problems->items[0].problem].shape;

    return shape != SHAPE_PLAIN && shape != SHAPE_EMPTY;
}

void problems_write(struct buf *out, const struct problems *problems)
{
    enum shape shape = table[problems->items[0].problem].shape;
    bool is_first = true;
    bool is_single = problems_status(problems) == 400; /* the first that was found wins */

    if (shape == SHAPE_EMPTY)
        return;
    if (shape == SHAPE_PLAIN) {
        buf_add_text(out, problems_detail(problems, 0));
        buf_add_char(out, '\n');
        return;
    }
    if (shape == SHAPE_STATUS) {
        write_with_status(out, problems);
        return;
    }
    if (shape == SHAPE_ERROR) {
        BUF_LITERAL(out, "{\"error\":");
        buf_add_json_string(out, problems_detail(problems, 0),
                            strlen(problems_detail(problems, 0)));
        BUF_LITERAL(out, "}");
        return;
    }
    BUF_LITERAL(out, "{\"errors\":[");
    for (size_t i = 0; i < problems->count; i++) {
        if (is_repeated(problems, i, false) || (i > 0 && is_single))
            continue;
        buf_add_text(out, is_first ? "{\"title\":" : ",{\"title\":");
        buf_add_json_string(out, problems_title(problems, i), strlen(problems_title(problems, i)));
        BUF_LITERAL(out, ",\"detail\":");
        write_details(out, problems, i);
        BUF_LITERAL(out, "}");
        is_first = false;
    }
    BUF_LITERAL(out, "]}");
}
