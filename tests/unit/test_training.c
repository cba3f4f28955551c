/* Withdraw, defer, resume, change-schedule: rules.md 4. */
#include "domain/training.h"

#include "refusals.h"

static const struct training_request asked = {.participant_id = "x",
                                              .course_identifier = "ecf-induction",
                                              .reason = "other",
                                              .schedule_identifier = "ecf-standard-january"};

static struct training_facts in_training(const char *status)
{
    return (struct training_facts){.participant_id = {{1}},
                                   .training_record_id = {{2}},
                                   .induction_record_id = {{3}},
                                   .training_status = status,
                                   .is_reason_allowed = true};
}

typedef void check_function(const struct training_request *request,
                            const struct training_facts *facts, struct problems *problems);

static void check(check_function *function, const struct training_request *request,
                  const struct training_facts *facts, const char *expected)
{
    struct problems problems = {0};

    function(request, facts, &problems);
    check_refusals(&problems, expected);
}

static void each_action_is_possible_from_its_states(void **state)
{
    static const struct {
        const char *status;
        const char *withdraw;
        const char *defer;
        const char *resume;
    } cases[] = {
        {"active", "", "", "participant_profile M23"},
        {"deferred", "", "participant_profile M22", ""},
        {"withdrawn", "participant_profile M21", "participant_profile M21", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct training_facts facts = in_training(cases[i].status);

        check(withdraw_check, &asked, &facts, cases[i].withdraw);
        check(defer_check, &asked, &facts, cases[i].defer);
        check(resume_check, &asked, &facts, cases[i].resume);
    }
}

static void participant_and_course_come_first(void **state)
{
    static check_function *const functions[] = {withdraw_check, defer_check, resume_check};
    const struct training_facts nobody = {.is_reason_allowed = true};
    struct training_facts no_record = nobody, not_ours = in_training("active");
    struct training_request no_course = asked;

    (void)state;
    no_record.participant_id = (struct uuid){{1}};
    not_ours.induction_record_id = UUID_NONE;
    no_course.course_identifier = " ";
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        check(functions[i], &asked, &nobody, "participant_id M01");
        check(functions[i], &asked, &no_record, "course_identifier M13");
        check(functions[i], &no_course, &no_record, "course_identifier M13; course_identifier M18");
        check(functions[i], &no_course, &nobody, "participant_id M01; course_identifier M18");
        check(functions[i], &asked, &not_ours, "participant_id M01");
    }
}

static void a_reason_must_be_there_and_allowed(void **state)
{
    struct training_facts facts = in_training("active"), nobody = {0};
    struct training_request request = asked;

    (void)state;
    facts.is_reason_allowed = false;
    check(withdraw_check, &request, &facts, "reason M20");
    check(defer_check, &request, &facts, "reason M20");
    check(resume_check, &request, &facts, "participant_profile M23");
    request.reason = NULL;
    check(withdraw_check, &request, &facts, "reason M19; reason M20");
    check(defer_check, &request, &facts, "reason M19; reason M20");
    /* a deferral's reason is looked at even for an unknown participant, a withdrawal's is not */
    check(withdraw_check, &request, &nobody, "participant_id M01");
    check(defer_check, &request, &nobody, "participant_id M01; reason M19; reason M20");
}

static void an_empty_withdrawal_of_a_known_participant(void **state)
{
    const struct training_request empty = {0};
    const struct training_facts known = {.participant_id = {{1}}};

    (void)state;
    check(withdraw_check, &empty, &known, "course_identifier M13; course_identifier M18");
    check(resume_check, &empty, &known, "course_identifier M13; course_identifier M18");
    check(defer_check, &empty, &known,
          "course_identifier M13; course_identifier M18; reason M19; reason M20");
}

/* A move to another schedule of the same cohort, good in all respects. */
static struct schedule_facts move(void)
{
    return (struct schedule_facts){.training = in_training("active"),
                                   .kind = "ect",
                                   .has_schedule = true,
                                   .target_cohort = 2024,
                                   .current_cohort = 2024,
                                   .has_partnership = true,
                                   .has_school_cohort = true,
                                   .default_programme_id = {{7}}};
}

static void check_move(const struct training_request *request, const struct schedule_facts *facts,
                       const char *expected)
{
    struct problems problems = {0};

    change_schedule_check(request, facts, &problems);
    check_refusals(&problems, expected);
}

static void a_good_change_of_schedule_is_not_refused(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    check_move(&asked, &facts, "");
    facts.target_cohort = 2025;
    check_move(&asked, &facts, "");
}

static void the_schedule_must_be_named_and_new(void **state)
{
    struct training_request request = asked;
    struct schedule_facts facts = move();

    (void)state;
    facts.is_on_schedule = true;
    check_move(&request, &facts, "");
    facts.is_record_on_schedule = true;
    check_move(&request, &facts, "schedule_identifier M27");
    facts.has_schedule = false;
    check_move(&request, &facts, "");
    request.schedule_identifier = "";
    check_move(&request, &facts, "schedule_identifier M24");
}

static void replacement_schedules_are_for_mentors(void **state)
{
    struct training_request request = asked;
    struct schedule_facts facts = move();

    (void)state;
    request.schedule_identifier = "ecf-replacement-april";
    check_move(&request, &facts, "schedule_identifier M28");
    request.course_identifier = "ecf-mentor";
    check_move(&request, &facts, "");
}

static void withdrawn_participants_stay_where_they_are(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    facts.training.training_status = "withdrawn";
    check_move(&asked, &facts, "participant_id M25");
    facts.training.training_status = "deferred";
    check_move(&asked, &facts, "");
}

static void live_declarations_hold_the_cohort(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    facts.has_live_declarations = true;
    check_move(&asked, &facts, "");
    facts.invalidates_declarations = true;
    check_move(&asked, &facts, "schedule_identifier M26");
    facts.target_cohort = 2025;
    check_move(&asked, &facts, "schedule_identifier M26; cohort M29");
    facts.is_frozen_move = true;
    check_move(&asked, &facts, "");
    facts.is_frozen_move = false;
    facts.has_schedule = false;
    facts.target_cohort = 0;
    check_move(&asked, &facts, "cohort M29");
}

static void a_partnership_in_the_target_cohort_is_needed(void **state)
{
    struct schedule_facts facts = move();

    (void)state;
    facts.has_partnership = false;
    check_move(&asked, &facts, "cohort M30");
    facts.has_relationship = true;
    check_move(&asked, &facts, "");
    facts.target_cohort = 2025;
    check_move(&asked, &facts, "cohort M30");
    facts.target_cohort = 2024;
    facts.is_record_on_schedule = true;
    check_move(&asked, &facts, "cohort M30");
    facts.training.induction_record_id = UUID_NONE;
    check_move(&asked, &facts, "participant_id M01; cohort M30");
    facts.training.training_record_id = UUID_NONE;
    check_move(&asked, &facts, "course_identifier M13");
}

static void what_would_fail_while_writing_is_an_invalid_action(void **state)
{
    static const struct {
        bool has_schedule;
        bool has_school_cohort;
        bool has_programme;
        bool is_relationship;
        const char *refusals;
    } cases[] = {
        {true, true, true, false, ""},
        {false, true, true, false, "M33"},
        {false, false, false, false, "M33"},
        {true, false, false, false, "no school cohort"},
        {true, true, false, false, "no programme"},
        {true, true, false, true, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct schedule_facts facts = move();
        struct problems problems = {0};
        struct schedule_decision decision;

        facts.has_schedule = cases[i].has_schedule;
        facts.has_school_cohort = cases[i].has_school_cohort;
        facts.has_partnership = !cases[i].is_relationship;
        facts.has_relationship = cases[i].is_relationship;
        if (!cases[i].has_programme)
            facts.default_programme_id = UUID_NONE;
        decision = change_schedule_decide(&facts, &problems);
        check_refusals(&problems, cases[i].refusals);
        CHECK(uuid_is_none(&decision.programme_id) ==
                  (!cases[i].has_programme || cases[i].is_relationship),
              "case %zu", i);
    }
}

static void a_frozen_move_turns_the_flag_when_the_cohort_changes(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        bool is_frozen_move = (i & 1) != 0, changes_cohort = (i & 2) != 0,
             was_flagged = (i & 4) != 0;
        struct schedule_facts facts = move();
        struct problems problems = {0};

        facts.is_frozen_move = is_frozen_move;
        facts.target_cohort = changes_cohort ? 2025 : 2024;
        facts.is_flagged = was_flagged;
        CHECK(change_schedule_decide(&facts, &problems).is_flagged ==
                  (was_flagged != (is_frozen_move && changes_cohort)),
              "case %d", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_action_is_possible_from_its_states),
        cmocka_unit_test(participant_and_course_come_first),
        cmocka_unit_test(a_reason_must_be_there_and_allowed),
        cmocka_unit_test(an_empty_withdrawal_of_a_known_participant),
        cmocka_unit_test(a_good_change_of_schedule_is_not_refused),
        cmocka_unit_test(the_schedule_must_be_named_and_new),
        cmocka_unit_test(replacement_schedules_are_for_mentors),
        cmocka_unit_test(withdrawn_participants_stay_where_they_are),
        cmocka_unit_test(live_declarations_hold_the_cohort),
        cmocka_unit_test(a_partnership_in_the_target_cohort_is_needed),
        cmocka_unit_test(what_would_fail_while_writing_is_an_invalid_action),
        cmocka_unit_test(a_frozen_move_turns_the_flag_when_the_cohort_changes),
    };

    return RUN_TESTS(tests);
}
