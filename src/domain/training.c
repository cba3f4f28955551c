/* The rules of the participant actions, in the contract's order. */
#include "domain/training.h"

#include "base/field.h"
#include "base/str.h"

static bool has_record(const struct training_facts *facts)
{
    return !uuid_is_none(&facts->training_record_id);
}

static bool has_induction_record(const struct training_facts *facts)
{
    return !uuid_is_none(&facts->induction_record_id);
}

static bool is_status(const struct training_facts *facts, const char *status)
{
    return has_induction_record(facts) && str_equal(facts->training_status, status);
}

/* What all four actions check first: the participant, the course, and that the provider trains them
 * in it. */
static void check_participant(const struct training_request *request,
                              const struct training_facts *facts, struct problems *problems)
{
    refuse_if(problems, uuid_is_none(&facts->participant_id), "participant_id",
              PROBLEM_UNKNOWN_PARTICIPANT);
    if (problems->count == 0)
        refuse_if(problems, !has_record(facts), "course_identifier", PROBLEM_UNKNOWN_COURSE);
    refuse_if(problems, str_is_blank(request->course_identifier), "course_identifier",
              PROBLEM_NO_COURSE);
    if (problems->count == 0)
        refuse_if(problems, !has_induction_record(facts), "participant_id",
                  PROBLEM_UNKNOWN_PARTICIPANT);
}

static void check_reason(const struct training_request *request, const struct training_facts *facts,
                         struct problems *problems)
{
    refuse_if(problems, str_is_blank(request->reason), "reason", PROBLEM_NO_REASON);
    refuse_if(problems, !facts->is_reason_allowed, "reason", PROBLEM_WRONG_REASON);
}

void withdraw_check(const struct training_request *request, const struct training_facts *facts,
                    struct problems *problems)
{
    check_participant(request, facts, problems);
    if (has_record(facts))
        check_reason(request, facts, problems);
    refuse_if(problems, is_status(facts, "withdrawn"), "participant_profile",
              PROBLEM_ALREADY_WITHDRAWN);
}

void defer_check(const struct training_request *request, const struct training_facts *facts,
                 struct problems *problems)
{
    check_participant(request, facts, problems);
    check_reason(request, facts, problems);
    refuse_if(problems, is_status(facts, "deferred"), "participant_profile",
              PROBLEM_ALREADY_DEFERRED);
    refuse_if(problems, is_status(facts, "withdrawn"), "participant_profile",
              PROBLEM_ALREADY_WITHDRAWN);
}

void resume_check(const struct training_request *request, const struct training_facts *facts,
                  struct problems *problems)
{
    check_participant(request, facts, problems);
    refuse_if(problems, is_status(facts, "active"), "participant_profile", PROBLEM_ALREADY_ACTIVE);
}

/* A relationship counts only for another schedule within the same cohort. */
static bool uses_relationship(const struct schedule_facts *facts)
{
    return !facts->has_partnership && facts->has_relationship &&
           facts->target_cohort == facts->current_cohort && !facts->is_record_on_schedule;
}

static bool is_for_mentors_only(const char *schedule_identifier)
{
    return schedule_identifier != NULL && str_starts_with(schedule_identifier, "ecf-replacement-");
}

static bool is_mentor_course(const char *course_identifier)
{
    return course_identifier != NULL && str_equal(course_identifier, "ecf-mentor");
}

void change_schedule_check(const struct training_request *request,
                           const struct schedule_facts *facts, struct problems *problems)
{
    const struct training_facts *training = &facts->training;

    check_participant(request, training, problems);
    refuse_if(problems, str_is_blank(request->schedule_identifier), "schedule_identifier",
              PROBLEM_NO_SCHEDULE);
    refuse_if(problems, is_status(training, "withdrawn"), "participant_id",
              PROBLEM_WITHDRAWN_PARTICIPANT);
    refuse_if(problems,
              facts->has_schedule && !facts->is_frozen_move && facts->invalidates_declarations,
              "schedule_identifier", PROBLEM_DECLARATIONS_INVALIDATED);
    refuse_if(problems,
              facts->has_schedule && facts->is_on_schedule &&
                  (!has_induction_record(training) || facts->is_record_on_schedule),
              "schedule_identifier", PROBLEM_SAME_SCHEDULE);
    refuse_if(problems,
              facts->has_schedule && is_for_mentors_only(request->schedule_identifier) &&
                  !is_mentor_course(request->course_identifier),
              "schedule_identifier", PROBLEM_SCHEDULE_COURSE);
    refuse_if(problems,
              !facts->is_frozen_move && facts->has_live_declarations &&
                  has_induction_record(training) && facts->target_cohort != facts->current_cohort,
              "cohort", PROBLEM_COHORT_CHANGE);
    refuse_if(problems,
              has_record(training) && !facts->has_partnership && !uses_relationship(facts),
              "cohort", PROBLEM_NO_PARTNERSHIP);
}

struct schedule_decision change_schedule_decide(const struct schedule_facts *facts,
                                                struct problems *problems)
{
    bool keeps_programme = uses_relationship(facts);
    bool changes_cohort = facts->target_cohort != facts->current_cohort;

    if (!facts->has_schedule)
        refuse(problems, NULL, PROBLEM_SCHEDULE_MISSING);
    else if (!facts->has_school_cohort)
        refuse(problems, NULL, PROBLEM_SCHOOL_COHORT_MISSING);
    else if (!keeps_programme && uuid_is_none(&facts->default_programme_id))
        refuse(problems, NULL, PROBLEM_PROGRAMME_MISSING);
    return (struct schedule_decision){
        .programme_id = keeps_programme ? UUID_NONE : facts->default_programme_id,
        .is_flagged =
            facts->is_frozen_move && changes_cohort ? !facts->is_flagged : facts->is_flagged,
    };
}
