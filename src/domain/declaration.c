/* The rules of declaring and voiding, in the contract's order. */
#include "domain/declaration.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/field.h"
#include "base/str.h"

const char *const declaration_types[] = {"started",    "retained-1", "retained-2", "retained-3",
                                         "retained-4", "completed",  "extended-1", "extended-2",
                                         "extended-3", NULL};

const char *declaration_type_known(const char *type)
{
    const char *const *known = declaration_types;

    while (type != NULL && *known != NULL && !str_equal(*known, type))
        known++;
    return type == NULL ? NULL : *known;
}

/* Hour 24 and second 60 would roll over: there is no such time (2.4). */
static bool rolls_over(const char *text)
{
    size_t length;

    text += strspn(text, " \t\r\n\f\v");
    length = strlen(text);
    return (length > 12 && strncmp(text + 11, "24", 2) == 0) ||
           (length > 18 && strncmp(text + 17, "60", 2) == 0);
}

void declaration_read_date(struct declaration_request *request, const char *text, bool is_text)
{
    request->declaration_date = INSTANT_NONE;
    request->is_date_blank = text == NULL || (is_text && str_is_blank(text));
    if (request->is_date_blank || !is_text || rolls_over(text))
        return;
    request->is_date_well_formed = instant_parse(text, &request->declaration_date);
    if (!request->is_date_well_formed && !instant_parse_lenient(text, &request->declaration_date))
        request->declaration_date = INSTANT_NONE;
}

const char *course_kind(const char *course_identifier)
{
    if (course_identifier != NULL && str_equal(course_identifier, "ecf-induction"))
        return "ect";
    if (course_identifier != NULL && str_equal(course_identifier, "ecf-mentor"))
        return "mentor";
    return NULL;
}

bool declaration_is_npq(const struct declaration_request *request)
{
    return request->course_identifier != NULL &&
           str_starts_with(request->course_identifier, "npq-");
}

static bool has_date(const struct declaration_request *request)
{
    return request->declaration_date != INSTANT_NONE;
}

static bool has_record(const struct declaration_facts *facts)
{
    return !uuid_is_none(&facts->training_record_id);
}

/* Dates before the withdrawal pass, and all dates once the provider, or a school with a new record,
 * took the participant up again (2.7). */
static bool is_after_withdrawal(const struct declaration_request *request,
                                const struct declaration_facts *facts)
{
    return has_record(facts) && has_date(request) && facts->last_state != NULL &&
           str_equal(facts->last_state, "withdrawn") &&
           facts->last_state_at <= request->declaration_date &&
           !(facts->has_dated_record && str_equal(facts->dated_training_status, "active"));
}

/* A closed cohort refuses what could be paid. What was declared before in the same words counts by
 * its own state (2.8). */
static bool is_cohort_closed(const struct declaration_facts *facts)
{
    if (!has_record(facts) || !uuid_is_none(&facts->statement_id))
        return false;
    if (facts->identical_state != NULL)
        return !str_equal(facts->identical_state, "submitted");
    return facts->is_fundable;
}

static bool is_type(const struct declaration_request *request, const char *type)
{
    return request->declaration_type != NULL && str_equal(request->declaration_type, type);
}

static void refuse_cohort(struct problems *problems, const char *title, enum problem problem,
                          int16_t cohort)
{
    char year[sizeof("-32768")];

    snprintf(year, sizeof(year), "%d", cohort);
    refuse_naming(problems, title, problem, year);
}

static void check_dates(const struct declaration_request *request,
                        const struct declaration_facts *facts, int64_t now,
                        struct problems *problems)
{
    bool is_bound = has_date(request) && facts->has_milestone;

    refuse_if(problems, has_date(request) && request->declaration_date > now, "declaration_date",
              PROBLEM_FUTURE_DATE);
    refuse_if(problems, !request->is_date_blank && !request->is_date_well_formed,
              "declaration_date", PROBLEM_DATE_FORMAT);
    refuse_if(problems,
              is_bound && facts->milestone_start != DAY_NONE &&
                  request->declaration_date < day_start(facts->milestone_start),
              "declaration_date", PROBLEM_BEFORE_MILESTONE);
    refuse_if(problems,
              is_bound && facts->milestone_end != DAY_NONE &&
                  request->declaration_date >= day_start(facts->milestone_end + 1),
              "declaration_date", PROBLEM_AFTER_MILESTONE);
}

static bool is_among(const char *value, const char *values)
{
    size_t length = strlen(value);

    if (strchr(value, ' ') != NULL)
        return false;
    for (const char *found = strstr(values, value); found != NULL; found = strstr(found + 1, value))
        if ((found == values || found[-1] == ' ') &&
            (found[length] == ' ' || found[length] == '\0'))
            return true;
    return false;
}

static void check_evidence(const struct declaration_request *request,
                           const struct declaration_facts *facts, struct problems *problems)
{
    bool is_blank = str_is_blank(request->evidence_held);

    if (facts->evidence_rule == NULL || str_equal(facts->evidence_rule, "ignored"))
        return;
    if (is_blank)
        refuse_if(problems, str_equal(facts->evidence_rule, "required"), "evidence_held",
                  PROBLEM_NO_EVIDENCE);
    else
        refuse_if(problems, !is_among(request->evidence_held, facts->evidence_values),
                  "evidence_held", PROBLEM_WRONG_EVIDENCE);
}

/* What is looked at only when nothing else is wrong; each of them only when those before are right.
 */
static void check_last(const struct declaration_request *request,
                       const struct declaration_facts *facts, struct problems *problems)
{
    if (problems->count == 0)
        refuse_if(problems, !has_record(facts), "course_identifier", PROBLEM_UNKNOWN_COURSE);
    if (problems->count == 0)
        refuse_if(problems, !facts->is_trained_on_schedule, "participant_id",
                  PROBLEM_UNKNOWN_PARTICIPANT);
    if (problems->count == 0)
        check_evidence(request, facts, problems);
    if (problems->count == 0 && !uuid_is_none(&facts->duplicate_of) &&
        uuid_is_none(&facts->statement_id))
        refuse_cohort(problems, "cohort", PROBLEM_COHORT_CLOSED, facts->cohort);
}

void declaration_check(const struct declaration_request *request,
                       const struct declaration_facts *facts, int64_t now,
                       struct problems *problems)
{
    char text[DATE_TEXT_SIZE];

    refuse_if(problems, uuid_is_none(&facts->participant_id), "participant_id",
              PROBLEM_UNKNOWN_PARTICIPANT);
    if (is_after_withdrawal(request, facts))
        refuse_naming(problems, "participant_id", PROBLEM_WITHDRAWN_BEFORE,
                      instant_format(facts->last_state_at, text));
    refuse_if(problems, request->is_date_blank || !has_date(request), "declaration_date",
              PROBLEM_NO_DATE);
    refuse_if(problems, str_is_blank(request->declaration_type), "declaration_type",
              PROBLEM_NO_TYPE);
    check_dates(request, facts, now, problems);
    if (is_cohort_closed(facts))
        refuse_cohort(problems, "cohort", PROBLEM_COHORT_CLOSED, facts->cohort);
    refuse_if(problems, has_record(facts) && !facts->has_milestone, "declaration_type",
              PROBLEM_NO_MILESTONE);
    refuse_if(problems, has_record(facts) && facts->is_slot_taken, "base", PROBLEM_SLOT_TAKEN);
    refuse_if(problems,
              has_record(facts) && str_equal(facts->kind, "mentor") && facts->has_mentor_funding &&
                  !is_type(request, "started") && !is_type(request, "completed"),
              "declaration_type", PROBLEM_MENTOR_TYPE);
    check_last(request, facts, problems);
}

/* When a mentor's training ended, as of now (2.13). */
static bool decide_completion(const struct mentor_facts *facts, int64_t now,
                              struct mentor_completion *out)
{
    static const int32_t NOT_COMPLETED_SINCE = 19935; /* 2024-07-31 */
    static const int32_t EARLY_ROLL_OUT = 18736;      /* 2021-04-19 */

    if (day_of(now) >= NOT_COMPLETED_SINCE && facts->completion_date != DAY_NONE &&
        facts->completion_reason != NULL &&
        str_equal(facts->completion_reason, "started_not_completed"))
        return false;
    if (facts->is_early_roll_out)
        *out = (struct mentor_completion){EARLY_ROLL_OUT, "completed_during_early_roll_out"};
    else if (facts->latest_completed != INSTANT_NONE)
        *out = (struct mentor_completion){day_of(facts->latest_completed),
                                          "completed_declaration_received"};
    else
        *out = (struct mentor_completion){DAY_NONE, NULL};
    return true;
}

static bool concerns_completion(const char *kind, const char *declaration_type)
{
    return str_equal(kind, "mentor") && str_equal(declaration_type, "completed");
}

struct declaration_decision declaration_decide(const struct declaration_request *request,
                                               const struct declaration_facts *facts, int64_t now)
{
    bool is_duplicate = !uuid_is_none(&facts->duplicate_of);
    bool keeps_evidence = facts->evidence_rule != NULL &&
                          !str_equal(facts->evidence_rule, "ignored") &&
                          !str_is_blank(request->evidence_held);
    struct mentor_facts mentor = facts->mentor;
    struct declaration_decision decision = {
        .state = is_duplicate         ? "ineligible"
                 : facts->is_fundable ? "eligible"
                                      : "submitted",
        .state_reason = is_duplicate ? "duplicate" : NULL,
        .evidence_held = keeps_evidence ? request->evidence_held : NULL,
        .superseded_by = facts->duplicate_of,
        .statement_id = is_duplicate || facts->is_fundable ? facts->statement_id : UUID_NONE,
    };

    if (!is_duplicate && request->declaration_date > mentor.latest_completed)
        mentor.latest_completed = request->declaration_date;
    if (concerns_completion(facts->kind, request->declaration_type))
        decision.completes_mentor = decide_completion(&mentor, now, &decision.completion);
    return decision;
}

void void_check(const struct void_facts *facts, struct problems *problems)
{
    bool is_paid = str_equal(facts->state, "paid");

    refuse_if(problems, str_equal(facts->state, "voided"), NULL, PROBLEM_ALREADY_VOIDED);
    refuse_if(problems,
              str_equal(facts->state, "awaiting_clawback") ||
                  str_equal(facts->state, "clawed_back"),
              NULL, PROBLEM_CLAWED_BACK);
    refuse_if(problems, is_paid && facts->has_refund, NULL, PROBLEM_CLAWBACK_REFUNDED);
    if (is_paid && uuid_is_none(&facts->statement_id))
        refuse_cohort(problems, NULL, PROBLEM_CLAWBACK_COHORT_CLOSED, facts->cohort);
}

struct void_decision void_decide(const struct void_facts *facts, int64_t now)
{
    bool is_paid = str_equal(facts->state, "paid");
    struct void_decision decision = {
        .state = is_paid ? "awaiting_clawback" : "voided",
        .statement_id = is_paid ? facts->statement_id : UUID_NONE,
    };

    if (concerns_completion(facts->kind, facts->declaration_type))
        decision.completes_mentor = decide_completion(&facts->mentor, now, &decision.completion);
    return decision;
}
