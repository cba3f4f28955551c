/* The participant actions: rules.md 4, branch by branch. */
#include "domain/training.h"

#include "problems.h"

static const struct uuid SOMEBODY = {.bytes = {1}};
static const struct uuid RECORD = {.bytes = {2}};
static const struct uuid INDUCTION_RECORD = {.bytes = {3}};
static const struct uuid PROGRAMME = {.bytes = {4}};

static const struct training_request REQUEST = {.participant_id = "p",
                                                .course_identifier = "ecf-induction",
                                                .reason = "other",
                                                .schedule_identifier = "ecf-x"};

static struct training_facts facts_of(const char *status)
{
    return (struct training_facts){SOMEBODY, RECORD, INDUCTION_RECORD, status, true};
}

typedef void check(const struct training_request *request, const struct training_facts *facts,
                   struct problems *problems);

static void check_action(check *check_it, const struct training_request *request,
                         const struct training_facts *facts, const struct expected *expected,
                         int line)
{
    struct problems problems = {0};

    check_it(request, facts, &problems);
    check_problems(&problems, expected, line);
}

#define REFUSED(action, request, facts, ...)                                                       \
    check_action(action, &(request), &(facts), PROBLEMS(__VA_ARGS__), __LINE__)
#define ACCEPTED(action, request, facts)                                                           \
    check_action(action, &(request), &(facts), NO_PROBLEMS, __LINE__)

static void participant_and_course_come_first(void **state)
{
    static check *const actions[] = {withdraw_check, defer_check, resume_check};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        struct training_facts facts = facts_of(i == 2 ? "deferred" : "active");
        struct training_request request = REQUEST;

        ACCEPTED(actions[i], request, facts);
        facts.induction_record_id = UUID_NONE;
        facts.training_status = NULL;
        REFUSED(actions[i], request, facts, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT});
        facts.training_record_id = UUID_NONE;
        REFUSED(actions[i], request, facts, {"course_identifier", PROBLEM_UNKNOWN_COURSE});
        request.course_identifier = " ";
        REFUSED(actions[i], request, facts, {"course_identifier", PROBLEM_UNKNOWN_COURSE},
                {"course_identifier", PROBLEM_NO_COURSE});
        facts.participant_id = UUID_NONE;
        request.course_identifier = NULL;
        REFUSED(actions[i], request, facts, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT},
                {"course_identifier", PROBLEM_NO_COURSE});
        request.course_identifier = "ecf-induction";
        REFUSED(actions[i], request, facts, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT});
    }
}

static void reasons_are_needed_and_of_the_list(void **state)
{
    struct training_facts facts = facts_of("active");
    struct training_request request = REQUEST;
    struct training_facts nobody = {.is_reason_allowed = false};

    (void)state;
    facts.is_reason_allowed = false;
    REFUSED(withdraw_check, request, facts, {"reason", PROBLEM_WRONG_REASON});
    REFUSED(defer_check, request, facts, {"reason", PROBLEM_WRONG_REASON});
    request.reason = " ";
    REFUSED(withdraw_check, request, facts, {"reason", PROBLEM_NO_REASON},
            {"reason", PROBLEM_WRONG_REASON});
    REFUSED(defer_check, request, facts, {"reason", PROBLEM_NO_REASON},
            {"reason", PROBLEM_WRONG_REASON});
    request.reason = NULL;
    REFUSED(withdraw_check, request, nobody, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT});
    REFUSED(defer_check, request, nobody, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT},
            {"reason", PROBLEM_NO_REASON}, {"reason", PROBLEM_WRONG_REASON});
}

static void actions_depend_on_the_status(void **state)
{
    const struct training_facts active = facts_of("active"), deferred = facts_of("deferred");
    const struct training_facts withdrawn = facts_of("withdrawn");

    (void)state;
    ACCEPTED(withdraw_check, REQUEST, active);
    ACCEPTED(withdraw_check, REQUEST, deferred);
    REFUSED(withdraw_check, REQUEST, withdrawn, {"participant_profile", PROBLEM_ALREADY_WITHDRAWN});
    ACCEPTED(defer_check, REQUEST, active);
    REFUSED(defer_check, REQUEST, deferred, {"participant_profile", PROBLEM_ALREADY_DEFERRED});
    REFUSED(defer_check, REQUEST, withdrawn, {"participant_profile", PROBLEM_ALREADY_WITHDRAWN});
    REFUSED(resume_check, REQUEST, active, {"participant_profile", PROBLEM_ALREADY_ACTIVE});
    ACCEPTED(resume_check, REQUEST, deferred);
    ACCEPTED(resume_check, REQUEST, withdrawn);
}

/* ---- change-schedule ---- */

/* A move to another schedule of the same cohort that nothing hinders. */
static struct schedule_facts move(void)
{
    return (struct schedule_facts){
        .training = facts_of("active"),
        .kind = "ect",
        .has_schedule = true,
        .target_cohort = 2024,
        .current_cohort = 2024,
        .has_partnership = true,
        .has_school_cohort = true,
        .default_programme_id = PROGRAMME,
    };
}

static void check_move(const struct training_request *request, const struct schedule_facts *facts,
                       const struct expected *expected, int line)
{
    struct problems problems = {0};

    change_schedule_check(request, facts, &problems);
    check_problems(&problems, expected, line);
}

#define MOVE_REFUSED(request, facts, ...)                                                          \
    check_move(&(request), &(facts), PROBLEMS(__VA_ARGS__), __LINE__)
#define MOVE_ACCEPTED(request, facts) check_move(&(request), &(facts), NO_PROBLEMS, __LINE__)

static void a_schedule_is_needed_of_somebody_who_trains(void **state)
{
    struct schedule_facts facts = move();
    struct training_request request = REQUEST;

    (void)state;
    MOVE_ACCEPTED(request, facts);
    facts.training.training_status = "withdrawn";
    MOVE_REFUSED(request, facts, {"participant_id", PROBLEM_WITHDRAWN_PARTICIPANT});
    facts.training.training_status = "deferred";
    MOVE_ACCEPTED(request, facts);

    request = (struct training_request){.participant_id = "p"};
    facts = (struct schedule_facts){.training = {.participant_id = SOMEBODY}};
    MOVE_REFUSED(request, facts, {"course_identifier", PROBLEM_UNKNOWN_COURSE},
                 {"course_identifier", PROBLEM_NO_COURSE},
                 {"schedule_identifier", PROBLEM_NO_SCHEDULE});

    facts = move(); /* another provider's participant */
    facts.training.induction_record_id = UUID_NONE;
    facts.has_partnership = false;
    MOVE_REFUSED(REQUEST, facts, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT},
                 {"cohort", PROBLEM_NO_PARTNERSHIP});
}

static void live_declarations_hold_schedule_and_cohort(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    facts.has_live_declarations = true;
    MOVE_ACCEPTED(REQUEST, facts);
    facts.invalidates_declarations = true;
    MOVE_REFUSED(REQUEST, facts, {"schedule_identifier", PROBLEM_DECLARATIONS_INVALIDATED});
    facts.target_cohort = 2025;
    MOVE_REFUSED(REQUEST, facts, {"schedule_identifier", PROBLEM_DECLARATIONS_INVALIDATED},
                 {"cohort", PROBLEM_COHORT_CHANGE});
    facts.is_frozen_move = true;
    MOVE_ACCEPTED(REQUEST, facts);
    facts.is_frozen_move = false;
    facts.has_schedule = false;
    facts.target_cohort = 0;
    MOVE_REFUSED(REQUEST, facts, {"cohort", PROBLEM_COHORT_CHANGE});
    facts.training.induction_record_id = UUID_NONE;
    MOVE_REFUSED(REQUEST, facts, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT});
    facts = move();
    facts.target_cohort = 2025;
    MOVE_ACCEPTED(REQUEST, facts);
}

static void the_same_schedule_is_refused_unless_the_record_has_another(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    facts.is_on_schedule = true;
    facts.is_record_on_schedule = true;
    MOVE_REFUSED(REQUEST, facts, {"schedule_identifier", PROBLEM_SAME_SCHEDULE});
    facts.is_record_on_schedule = false;
    MOVE_ACCEPTED(REQUEST, facts);
    facts.training.induction_record_id = UUID_NONE;
    MOVE_REFUSED(REQUEST, facts, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT},
                 {"schedule_identifier", PROBLEM_SAME_SCHEDULE});
    facts = move();
    facts.is_record_on_schedule = true;
    MOVE_ACCEPTED(REQUEST, facts);
}

static void replacement_schedules_are_for_mentors(void **state)
{
    struct schedule_facts facts = move();
    struct training_request request = REQUEST;

    (void)state;
    request.schedule_identifier = "ecf-replacement-april";
    MOVE_REFUSED(request, facts, {"schedule_identifier", PROBLEM_SCHEDULE_COURSE});
    facts.has_schedule = false;
    MOVE_ACCEPTED(request, facts);
    facts.has_schedule = true;
    request.course_identifier = "ecf-mentor";
    MOVE_ACCEPTED(request, facts);
    request.course_identifier = NULL;
    MOVE_REFUSED(request, facts, {"course_identifier", PROBLEM_NO_COURSE},
                 {"schedule_identifier", PROBLEM_SCHEDULE_COURSE});
    request.schedule_identifier = NULL;
    MOVE_REFUSED(request, facts, {"course_identifier", PROBLEM_NO_COURSE},
                 {"schedule_identifier", PROBLEM_NO_SCHEDULE});
}

static void a_partnership_is_needed_and_a_relationship_counts_within_the_cohort(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    facts.has_partnership = false;
    MOVE_REFUSED(REQUEST, facts, {"cohort", PROBLEM_NO_PARTNERSHIP});
    facts.has_relationship = true;
    MOVE_ACCEPTED(REQUEST, facts);
    facts.is_record_on_schedule = true;
    MOVE_REFUSED(REQUEST, facts, {"cohort", PROBLEM_NO_PARTNERSHIP});
    facts.is_record_on_schedule = false;
    facts.target_cohort = 2025;
    MOVE_REFUSED(REQUEST, facts, {"cohort", PROBLEM_NO_PARTNERSHIP});
    facts.training.training_record_id = UUID_NONE;
    facts.training.induction_record_id = UUID_NONE;
    MOVE_REFUSED(REQUEST, facts, {"course_identifier", PROBLEM_UNKNOWN_COURSE});
}

static void decide(const struct schedule_facts *facts, const struct expected *expected,
                   bool keeps_programme, bool is_flagged, int line)
{
    struct problems problems = {0};
    struct schedule_decision decision = change_schedule_decide(facts, &problems);

    check_problems(&problems, expected, line);
    CHECK(uuid_is_none(&decision.programme_id) == keeps_programme, "line %d: programme", line);
    CHECK(decision.is_flagged == is_flagged, "line %d: flag", line);
}

static void what_would_fail_while_writing_is_refused(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    decide(&facts, NO_PROBLEMS, false, false, __LINE__);
    facts.has_schedule = false;
    facts.has_school_cohort = false;
    decide(&facts, PROBLEMS({NULL, PROBLEM_SCHEDULE_MISSING}), false, false, __LINE__);
    facts.has_schedule = true;
    decide(&facts, PROBLEMS({NULL, PROBLEM_SCHOOL_COHORT_MISSING}), false, false, __LINE__);
    facts.has_school_cohort = true;
    facts.default_programme_id = UUID_NONE;
    decide(&facts, PROBLEMS({NULL, PROBLEM_PROGRAMME_MISSING}), true, false, __LINE__);
    facts.has_partnership = false;
    facts.has_relationship = true;
    decide(&facts, NO_PROBLEMS, true, false, __LINE__);
    facts.default_programme_id = PROGRAMME;
    decide(&facts, NO_PROBLEMS, true, false, __LINE__);
}

static void the_flag_goes_with_a_move_out_of_a_frozen_cohort_and_back(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    facts.is_frozen_move = true;
    decide(&facts, NO_PROBLEMS, false, false, __LINE__); /* within its cohort */
    facts.current_cohort = 2022;
    decide(&facts, NO_PROBLEMS, false, true, __LINE__);
    facts.is_flagged = true;
    decide(&facts, NO_PROBLEMS, false, false, __LINE__);
    facts.is_frozen_move = false;
    decide(&facts, NO_PROBLEMS, false, true, __LINE__);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(participant_and_course_come_first),
        cmocka_unit_test(reasons_are_needed_and_of_the_list),
        cmocka_unit_test(actions_depend_on_the_status),
        cmocka_unit_test(a_schedule_is_needed_of_somebody_who_trains),
        cmocka_unit_test(live_declarations_hold_schedule_and_cohort),
        cmocka_unit_test(the_same_schedule_is_refused_unless_the_record_has_another),
        cmocka_unit_test(replacement_schedules_are_for_mentors),
        cmocka_unit_test(a_partnership_is_needed_and_a_relationship_counts_within_the_cohort),
        cmocka_unit_test(what_would_fail_while_writing_is_refused),
        cmocka_unit_test(the_flag_goes_with_a_move_out_of_a_frozen_cohort_and_back),
    };

    return RUN_TESTS(tests);
}
