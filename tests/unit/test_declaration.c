/* Declaring and voiding: rules.md 2 and 3, branch by branch. */
#include "domain/declaration.h"

#include "base/date.h"
#include "problems.h"

static const struct uuid SOMEBODY = {.bytes = {1}};
static const struct uuid RECORD = {.bytes = {2}};
static const struct uuid STATEMENT = {.bytes = {3}};
static const struct uuid ANOTHER = {.bytes = {4}};

static int64_t at(const char *text)
{
    int64_t instant;

    assert_true(instant_parse(text, &instant));
    return instant;
}

static int32_t on(const char *text)
{
    int32_t day;

    assert_true(day_parse(text, &day));
    return day;
}

struct scene {
    struct declaration_request request;
    struct declaration_facts facts;
    int64_t now;
};

/* An eligible teacher who started in time; each case changes what it is about. */
static struct scene plain(void)
{
    return (struct scene){
        .request = {.participant_id = "p",
                    .declaration_type = "started",
                    .course_identifier = "ecf-induction",
                    .is_date_well_formed = true,
                    .declaration_date = at("2024-10-01T10:00:00Z")},
        .facts = {.participant_id = SOMEBODY,
                  .training_record_id = RECORD,
                  .kind = "ect",
                  .cohort = 2024,
                  .is_fundable = true,
                  .has_milestone = true,
                  .milestone_start = on("2024-06-01"),
                  .milestone_end = on("2024-12-31"),
                  .statement_id = STATEMENT,
                  .has_dated_record = true,
                  .dated_training_status = "active",
                  .is_trained_on_schedule = true,
                  .evidence_rule = "ignored",
                  .evidence_values = "",
                  .mentor = {.completion_date = DAY_NONE, .latest_completed = INSTANT_NONE}},
        .now = at("2024-10-02T09:00:00Z"),
    };
}

static struct scene of_retained(void)
{
    struct scene scene = plain();

    scene.request.declaration_type = "retained-1";
    scene.facts.evidence_rule = "required";
    scene.facts.evidence_values = "training-event-attended self-study-material-completed other";
    return scene;
}

static struct scene of_mentor(void)
{
    struct scene scene = plain();

    scene.request.course_identifier = "ecf-mentor";
    scene.request.declaration_type = "completed";
    scene.facts.kind = "mentor";
    return scene;
}

static void check_scene(const struct scene *scene, const struct expected *expected, int line)
{
    struct problems problems = {0};

    declaration_check(&scene->request, &scene->facts, scene->now, &problems);
    check_problems(&problems, expected, line);
}

#define REFUSED(scene, ...) check_scene(&(scene), PROBLEMS(__VA_ARGS__), __LINE__)
#define ACCEPTED(scene) check_scene(&(scene), NO_PROBLEMS, __LINE__)

static void dates_are_read_as_the_contract_says(void **state)
{
    static const struct {
        const char *text;
        bool is_text;
        bool is_blank;
        bool is_well_formed;
        const char *means; /* NULL: cannot be read as a time */
    } cases[] = {
        {NULL, true, true, false, NULL},
        {NULL, false, true, false, NULL},
        {"", true, true, false, NULL},
        {" \t", true, true, false, NULL},
        {"2024-10-01T10:00:00Z", true, false, true, "2024-10-01T10:00:00Z"},
        {"2024-10-01T10:00:00", true, false, true, "2024-10-01T10:00:00Z"},
        {"2025-01-01T00:30:00+01:00", true, false, true, "2024-12-31T23:30:00Z"},
        {"2024-10-01T10:00:00,5z", true, false, true, "2024-10-01T10:00:00.5Z"},
        {"2024-10-01", true, false, false, "2024-10-01T00:00:00Z"},
        {"2021-06-21 08:46:29", true, false, false, "2021-06-21T08:46:29Z"},
        {"2021-06-21T08:46Z", true, false, false, "2021-06-21T08:46:00Z"},
        {"2023-19-01T11:21:55Z", true, false, false, NULL},
        {"2024-02-30T10:00:00Z", true, false, false, NULL},
        {"2024-10-01T24:00:00Z", true, false, false, NULL},
        {" 2024-10-01T24:00:00Z", true, false, false, NULL},
        {"2024-10-01T24:00Z", true, false, false, NULL},
        {"2024-10-01T10:00:60Z", true, false, false, NULL},
        {"hello", true, false, false, NULL},
        {"20241001", false, false, false, NULL},
        {"true", false, false, false, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct declaration_request request = {0};
        const char *name = cases[i].text == NULL ? "none" : cases[i].text;

        declaration_read_date(&request, cases[i].text, cases[i].is_text);
        CHECK(request.is_date_blank == cases[i].is_blank, "blank: %s", name);
        CHECK(request.is_date_well_formed == cases[i].is_well_formed, "well formed: %s", name);
        CHECK(request.declaration_date ==
                  (cases[i].means == NULL ? INSTANT_NONE : at(cases[i].means)),
              "value: %s", name);
    }
}

static void courses_are_of_a_kind(void **state)
{
    (void)state;
    assert_string_equal(course_kind("ecf-induction"), "ect");
    assert_string_equal(course_kind("ecf-mentor"), "mentor");
    assert_null(course_kind("ecf-nonsense"));
    assert_null(course_kind("npq-headship"));
    assert_null(course_kind(""));
    assert_null(course_kind(NULL));
    assert_true(
        declaration_is_npq(&(struct declaration_request){.course_identifier = "npq-headship"}));
    assert_true(declaration_is_npq(&(struct declaration_request){.course_identifier = "npq-"}));
    assert_false(declaration_is_npq(&(struct declaration_request){.course_identifier = "npq"}));
    assert_false(declaration_is_npq(&(struct declaration_request){.course_identifier = NULL}));
}

static void what_is_missing_is_said(void **state)
{
    struct scene scene = {.request = {.is_date_blank = true, .declaration_date = INSTANT_NONE}};

    (void)state;
    REFUSED(scene, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT},
            {"declaration_date", PROBLEM_NO_DATE}, {"declaration_type", PROBLEM_NO_TYPE});

    scene = plain();
    scene.request.declaration_type = NULL;
    scene.facts.has_milestone = false;
    REFUSED(scene, {"declaration_type", PROBLEM_NO_TYPE},
            {"declaration_type", PROBLEM_NO_MILESTONE});
    scene.request.declaration_type = " ";
    REFUSED(scene, {"declaration_type", PROBLEM_NO_TYPE},
            {"declaration_type", PROBLEM_NO_MILESTONE});

    scene = plain();
    scene.request.is_date_well_formed = false;
    REFUSED(scene, {"declaration_date", PROBLEM_DATE_FORMAT});
    scene.request.declaration_date = INSTANT_NONE;
    REFUSED(scene, {"declaration_date", PROBLEM_NO_DATE},
            {"declaration_date", PROBLEM_DATE_FORMAT});
}

static void a_date_lies_in_the_window_and_not_in_the_future(void **state)
{
    static const struct {
        const char *date;
        const char *now;
        enum problem first, second;
    } cases[] = {
        {"2024-06-01T00:00:00Z", "2025-02-01T00:00:00Z", 0, 0},
        {"2024-05-31T23:59:59.999999Z", "2025-02-01T00:00:00Z", PROBLEM_BEFORE_MILESTONE, 0},
        {"2024-12-31T23:59:59Z", "2025-02-01T00:00:00Z", 0, 0},
        {"2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z", PROBLEM_AFTER_MILESTONE, 0},
        {"2024-10-02T09:00:00Z", "2024-10-02T09:00:00Z", 0, 0},
        {"2024-10-02T09:00:00.000001Z", "2024-10-02T09:00:00Z", PROBLEM_FUTURE_DATE, 0},
        {"2025-02-01T10:00:00Z", "2024-10-02T09:00:00Z", PROBLEM_FUTURE_DATE,
         PROBLEM_AFTER_MILESTONE},
        {"2024-05-01T10:00:00Z", "2024-04-02T09:00:00Z", PROBLEM_FUTURE_DATE,
         PROBLEM_BEFORE_MILESTONE},
    };
    struct scene scene;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        scene = plain();
        scene.request.declaration_date = at(cases[i].date);
        scene.now = at(cases[i].now);
        REFUSED(scene, {cases[i].first == 0 ? NULL : "declaration_date", cases[i].first},
                {cases[i].second == 0 ? NULL : "declaration_date", cases[i].second});
    }
    scene = plain();
    scene.facts.milestone_start = DAY_NONE;
    scene.request.declaration_date = at("2020-01-01T00:00:00Z");
    ACCEPTED(scene);
    scene = plain();
    scene.facts.milestone_end = DAY_NONE;
    scene.now = at("2030-01-01T00:00:00Z");
    scene.request.declaration_date = at("2029-01-01T00:00:00Z");
    ACCEPTED(scene);
}

static void dates_after_a_withdrawal_are_refused(void **state)
{
    struct scene scene = plain();

    (void)state;
    scene.facts.last_state = "withdrawn";
    scene.facts.last_state_at = at("2024-09-30T12:00:00Z");
    scene.facts.dated_training_status = "withdrawn";
    REFUSED(scene, {"participant_id", PROBLEM_WITHDRAWN_BEFORE});
    scene.facts.last_state_at = scene.request.declaration_date;
    REFUSED(scene, {"participant_id", PROBLEM_WITHDRAWN_BEFORE});
    scene.facts.last_state_at = scene.request.declaration_date + 1;
    ACCEPTED(scene);
    scene.facts.last_state_at = at("2024-09-30T12:00:00Z");
    scene.facts.dated_training_status = "active";
    ACCEPTED(scene);
    scene.facts.has_dated_record = false;
    scene.facts.dated_training_status = NULL;
    REFUSED(scene, {"participant_id", PROBLEM_WITHDRAWN_BEFORE});
    scene.facts.last_state = "deferred";
    ACCEPTED(scene);
    scene.facts.last_state = "active";
    ACCEPTED(scene);

    scene.facts.last_state = "withdrawn";
    scene.request.is_date_blank = true;
    scene.request.declaration_date = INSTANT_NONE;
    REFUSED(scene, {"declaration_date", PROBLEM_NO_DATE});
    scene = plain();
    scene.facts.last_state = "withdrawn";
    scene.facts.training_record_id = UUID_NONE;
    REFUSED(scene, {"course_identifier", PROBLEM_UNKNOWN_COURSE});
}

static void a_closed_cohort_refuses_what_could_be_paid(void **state)
{
    struct scene scene = plain();

    (void)state;
    scene.facts.statement_id = UUID_NONE;
    REFUSED(scene, {"cohort", PROBLEM_COHORT_CLOSED});
    scene.facts.is_fundable = false;
    ACCEPTED(scene);

    scene.facts.is_slot_taken = true;
    REFUSED(scene, {"base", PROBLEM_SLOT_TAKEN});
    scene.facts.identical_state = "submitted";
    REFUSED(scene, {"base", PROBLEM_SLOT_TAKEN});
    scene.facts.identical_state = "paid";
    REFUSED(scene, {"cohort", PROBLEM_COHORT_CLOSED}, {"base", PROBLEM_SLOT_TAKEN});
    scene.facts.is_fundable = true;
    scene.facts.identical_state = "submitted";
    REFUSED(scene, {"base", PROBLEM_SLOT_TAKEN});
    scene.facts.identical_state = NULL;
    REFUSED(scene, {"cohort", PROBLEM_COHORT_CLOSED}, {"base", PROBLEM_SLOT_TAKEN});

    scene = plain();
    scene.facts.statement_id = UUID_NONE;
    scene.facts.training_record_id = UUID_NONE;
    REFUSED(scene, {"course_identifier", PROBLEM_UNKNOWN_COURSE});

    scene = plain(); /* a duplicate needs a statement even if it is not fundable */
    scene.facts.statement_id = UUID_NONE;
    scene.facts.is_fundable = false;
    scene.facts.duplicate_of = ANOTHER;
    REFUSED(scene, {"cohort", PROBLEM_COHORT_CLOSED});
    scene.facts.statement_id = STATEMENT;
    ACCEPTED(scene);
}

static void mentors_whose_funding_is_flat_only_start_and_complete(void **state)
{
    static const char *const types[] = {"started", "completed", "retained-1", "extended-1"};
    struct scene scene;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        scene = of_mentor();
        scene.request.declaration_type = types[i];
        ACCEPTED(scene);
        scene.facts.has_mentor_funding = true;
        REFUSED(scene, {i < 2 ? NULL : "declaration_type", i < 2 ? 0 : PROBLEM_MENTOR_TYPE});
        scene.facts.kind = "ect";
        ACCEPTED(scene);
    }
    scene = of_mentor();
    scene.request.declaration_type = NULL;
    scene.facts.has_mentor_funding = true;
    REFUSED(scene, {"declaration_type", PROBLEM_NO_TYPE},
            {"declaration_type", PROBLEM_MENTOR_TYPE});
}

static void course_ownership_and_evidence_are_looked_at_last(void **state)
{
    struct scene scene = of_retained();

    (void)state;
    scene.facts.is_trained_on_schedule = false;
    REFUSED(scene, {"participant_id", PROBLEM_UNKNOWN_PARTICIPANT});
    scene.facts.training_record_id = UUID_NONE;
    scene.facts.is_slot_taken = true;
    scene.facts.has_milestone = false;
    REFUSED(scene, {"course_identifier", PROBLEM_UNKNOWN_COURSE});
    scene.request.is_date_well_formed = false;
    REFUSED(scene, {"declaration_date", PROBLEM_DATE_FORMAT});
}

static void evidence_is_of_the_list(void **state)
{
    static const struct {
        const char *rule;
        const char *evidence;
        enum problem problem;
    } cases[] = {
        {"required", NULL, PROBLEM_NO_EVIDENCE},
        {"required", " ", PROBLEM_NO_EVIDENCE},
        {"required", "other", 0},
        {"required", "training-event-attended", 0},
        {"required", "self-study-material-completed", 0},
        {"required", "self-study", PROBLEM_WRONG_EVIDENCE},
        {"required", "material-completed", PROBLEM_WRONG_EVIDENCE},
        {"required", "other ", PROBLEM_WRONG_EVIDENCE},
        {"required", "training-event-attended self-study-material-completed",
         PROBLEM_WRONG_EVIDENCE},
        {"optional", NULL, 0},
        {"optional", "other", 0},
        {"optional", "nothing", PROBLEM_WRONG_EVIDENCE},
        {"ignored", NULL, 0},
        {"ignored", "nothing", 0},
        {NULL, "nothing", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scene scene = of_retained();

        scene.facts.evidence_rule = cases[i].rule;
        scene.request.evidence_held = cases[i].evidence;
        REFUSED(scene, {cases[i].problem == 0 ? NULL : "evidence_held", cases[i].problem});
    }
}

static struct declaration_decision decide(const struct scene *scene)
{
    return declaration_decide(&scene->request, &scene->facts, scene->now);
}

static void what_is_declared_is_eligible_submitted_or_a_duplicate(void **state)
{
    struct scene scene = of_retained();
    struct declaration_decision decision = decide(&scene);

    (void)state;
    assert_string_equal(decision.state, "eligible");
    assert_null(decision.state_reason);
    assert_true(uuid_equal(&decision.statement_id, &STATEMENT));
    assert_true(uuid_is_none(&decision.superseded_by));
    assert_null(decision.evidence_held);
    assert_false(decision.completes_mentor);

    scene.facts.is_fundable = false;
    scene.request.evidence_held = "other";
    decision = decide(&scene);
    assert_string_equal(decision.state, "submitted");
    assert_true(uuid_is_none(&decision.statement_id));
    assert_string_equal(decision.evidence_held, "other");

    scene.facts.duplicate_of = ANOTHER;
    decision = decide(&scene);
    assert_string_equal(decision.state, "ineligible");
    assert_string_equal(decision.state_reason, "duplicate");
    assert_true(uuid_equal(&decision.superseded_by, &ANOTHER));
    assert_true(uuid_equal(&decision.statement_id, &STATEMENT));

    scene.facts.evidence_rule = "ignored";
    assert_null(decide(&scene).evidence_held);
    scene.facts.evidence_rule = NULL;
    assert_null(decide(&scene).evidence_held);
    scene.facts.evidence_rule = "optional";
    scene.request.evidence_held = "";
    assert_null(decide(&scene).evidence_held);
}

static void a_mentor_completes_with_the_latest_declaration(void **state)
{
    struct scene scene = of_mentor();
    struct declaration_decision decision = decide(&scene);

    (void)state;
    assert_true(decision.completes_mentor);
    assert_int_equal(decision.completion.date, on("2024-10-01"));
    assert_string_equal(decision.completion.reason, "completed_declaration_received");

    scene.facts.mentor.latest_completed = at("2024-11-05T00:00:00Z");
    assert_int_equal(decide(&scene).completion.date, on("2024-11-05"));

    scene.facts.mentor.is_early_roll_out = true;
    decision = decide(&scene);
    assert_int_equal(decision.completion.date, on("2021-04-19"));
    assert_string_equal(decision.completion.reason, "completed_during_early_roll_out");

    scene.facts.mentor.completion_date = on("2024-08-01");
    scene.facts.mentor.completion_reason = "started_not_completed";
    assert_false(decide(&scene).completes_mentor);
    scene.now = at("2024-07-30T23:59:59Z");
    assert_true(decide(&scene).completes_mentor);
    scene.now = at("2024-07-31T00:00:00Z");
    assert_false(decide(&scene).completes_mentor);
    scene.facts.mentor.completion_reason = NULL;
    assert_true(decide(&scene).completes_mentor);
    scene.facts.mentor.completion_reason = "completed_declaration_received";
    assert_true(decide(&scene).completes_mentor);
    scene.facts.mentor.completion_date = DAY_NONE;
    assert_true(decide(&scene).completes_mentor);

    scene.request.declaration_type = "started";
    assert_false(decide(&scene).completes_mentor);
    scene = of_mentor();
    scene.facts.kind = "ect";
    assert_false(decide(&scene).completes_mentor);

    scene = of_mentor(); /* a duplicate completes nobody */
    scene.facts.duplicate_of = ANOTHER;
    decision = decide(&scene);
    assert_true(decision.completes_mentor);
    assert_int_equal(decision.completion.date, DAY_NONE);
    assert_null(decision.completion.reason);
}

static void voids_depend_on_the_state(void **state)
{
    static const struct {
        const char *state;
        bool has_refund;
        bool has_statement;
        enum problem first, second;
    } cases[] = {
        {"submitted", false, false, 0, 0},
        {"eligible", false, false, 0, 0},
        {"payable", true, false, 0, 0},
        {"ineligible", false, false, 0, 0},
        {"paid", false, true, 0, 0},
        {"paid", false, false, PROBLEM_CLAWBACK_COHORT_CLOSED, 0},
        {"paid", true, true, PROBLEM_CLAWBACK_REFUNDED, 0},
        {"paid", true, false, PROBLEM_CLAWBACK_REFUNDED, PROBLEM_CLAWBACK_COHORT_CLOSED},
        {"voided", false, true, PROBLEM_ALREADY_VOIDED, 0},
        {"awaiting_clawback", true, true, PROBLEM_CLAWED_BACK, 0},
        {"clawed_back", true, true, PROBLEM_CLAWED_BACK, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct problems problems = {0};
        const struct void_facts facts = {.state = cases[i].state,
                                         .cohort = 2024,
                                         .statement_id =
                                             cases[i].has_statement ? STATEMENT : UUID_NONE,
                                         .has_refund = cases[i].has_refund};

        void_check(&facts, &problems);
        check_problems(&problems, PROBLEMS({NULL, cases[i].first}, {NULL, cases[i].second}),
                       (int)i);
    }
}

static void a_void_is_a_clawback_once_it_was_paid(void **state)
{
    struct void_facts facts = {
        .state = "eligible",
        .statement_id = STATEMENT,
        .declaration_type = "completed",
        .kind = "ect",
        .mentor = {.completion_date = on("2024-10-01"), .latest_completed = INSTANT_NONE}};
    struct void_decision decision = void_decide(&facts, at("2024-10-02T09:00:00Z"));

    (void)state;
    assert_string_equal(decision.state, "voided");
    assert_true(uuid_is_none(&decision.statement_id));
    assert_false(decision.completes_mentor);

    facts.state = "paid";
    facts.kind = "mentor";
    decision = void_decide(&facts, at("2024-10-02T09:00:00Z"));
    assert_string_equal(decision.state, "awaiting_clawback");
    assert_true(uuid_equal(&decision.statement_id, &STATEMENT));
    assert_true(decision.completes_mentor);
    assert_int_equal(decision.completion.date, DAY_NONE);
    assert_null(decision.completion.reason);

    facts.mentor.latest_completed = at("2024-09-05T00:00:00Z");
    assert_int_equal(void_decide(&facts, at("2024-10-02T09:00:00Z")).completion.date,
                     on("2024-09-05"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_as_the_contract_says),
        cmocka_unit_test(courses_are_of_a_kind),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(a_date_lies_in_the_window_and_not_in_the_future),
        cmocka_unit_test(dates_after_a_withdrawal_are_refused),
        cmocka_unit_test(a_closed_cohort_refuses_what_could_be_paid),
        cmocka_unit_test(mentors_whose_funding_is_flat_only_start_and_complete),
        cmocka_unit_test(course_ownership_and_evidence_are_looked_at_last),
        cmocka_unit_test(evidence_is_of_the_list),
        cmocka_unit_test(what_is_declared_is_eligible_submitted_or_a_duplicate),
        cmocka_unit_test(a_mentor_completes_with_the_latest_declaration),
        cmocka_unit_test(voids_depend_on_the_state),
        cmocka_unit_test(a_void_is_a_clawback_once_it_was_paid),
    };

    return RUN_TESTS(tests);
}
