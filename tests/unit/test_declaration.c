/* Declaring and voiding: rules.md 2 and 3. */
#include "domain/declaration.h"

#include "base/date.h"
#include "base/str.h"
#include "refusals.h"

/* A declaration that is good in all respects: each test changes what it is about. */
struct world {
    struct declaration_request request;
    struct declaration_facts facts;
    int64_t now;
};

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

static struct world good(void)
{
    struct world world = {
        .request = {.participant_id = "x",
                    .declaration_type = "retained-1",
                    .course_identifier = "ecf-induction",
                    .evidence_held = "other"},
        .facts = {.participant_id = {{1}},
                  .training_record_id = {{2}},
                  .kind = "ect",
                  .cohort = 2024,
                  .is_fundable = true,
                  .has_milestone = true,
                  .milestone_start = on("2024-09-01"),
                  .milestone_end = on("2024-12-31"),
                  .statement_id = {{3}},
                  .last_state_at = INSTANT_NONE,
                  .is_trained_on_schedule = true,
                  .evidence_rule = "required",
                  .evidence_values = "training-event-attended self-study-material-completed other",
                  .mentor = {.completion_date = DAY_NONE, .latest_completed = INSTANT_NONE}},
        .now = at("2025-03-01T12:00:00Z"),
    };

    declaration_read_date(&world.request, "2024-10-01T10:00:00Z", true);
    return world;
}

static void check(const struct world *world, const char *expected)
{
    struct arena arena = {0};
    struct problems problems = {0};

    declaration_check(&world->request, &world->facts, world->now, &arena, &problems);
    check_refusals(&problems, expected);
    arena_finish(&arena);
}

static void a_good_declaration_is_not_refused(void **state)
{
    struct world world = good();

    (void)state;
    check(&world, "");
}

static void empty_attributes_give_exactly_three_errors(void **state)
{
    struct world world = {.facts = {.last_state_at = INSTANT_NONE}};

    (void)state;
    declaration_read_date(&world.request, NULL, false);
    check(&world, "participant_id M01; declaration_date M03; declaration_type M04");
}

static void dates_are_judged_by_their_form_and_by_their_window(void **state)
{
    static const struct {
        const char *text;
        bool is_text;
        const char *refusals;
    } cases[] = {
        {NULL, false, "declaration_date M03"},
        {"", true, "declaration_date M03"},
        {"  ", true, "declaration_date M03"},
        {"hello", true, "declaration_date M03; declaration_date M06"},
        {"2023-19-01T11:21:55Z", true, "declaration_date M03; declaration_date M06"},
        {"2024-02-30T00:00:00Z", true, "declaration_date M03; declaration_date M06"},
        {"20241001", false, "declaration_date M03; declaration_date M06"},
        {"2024-10-01", true, "declaration_date M06"},
        {"2024-10-01 10:00:00", true, "declaration_date M06"},
        {"2024-08-01", true, "declaration_date M06; declaration_date M07"},
        {"2026-01-01", true, "declaration_date M05; declaration_date M06; declaration_date M08"},
        {"2024-10-01t10:00:00.5+01:00", true, ""},
        {"2024-09-01T00:00:00Z", true, ""},
        {"2024-08-31T23:59:59Z", true, "declaration_date M07"},
        {"2024-09-01T00:30:00+01:00", true, "declaration_date M07"},
        {"2024-12-31T23:59:59Z", true, ""},
        {"2025-01-01T00:00:00Z", true, "declaration_date M08"},
        {"2025-03-01T12:00:00Z", true, "declaration_date M08"},
        {"2025-03-01T12:00:01Z", true, "declaration_date M05; declaration_date M08"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world = good();

        world.request.is_date_well_formed = false;
        declaration_read_date(&world.request, cases[i].text, cases[i].is_text);
        check(&world, cases[i].refusals);
    }
}

static void a_window_may_be_open_at_either_side(void **state)
{
    struct world world = good();

    (void)state;
    world.facts.milestone_end = DAY_NONE;
    declaration_read_date(&world.request, "2025-02-01T00:00:00Z", true);
    check(&world, "");
    world.facts.milestone_start = DAY_NONE;
    declaration_read_date(&world.request, "2020-01-01T00:00:00Z", true);
    check(&world, "");
    world.now = world.request.declaration_date;
    check(&world, "");
    world.now--;
    check(&world, "declaration_date M05");
}

static void the_type_needs_a_milestone(void **state)
{
    struct world world = good();

    (void)state;
    world.facts.has_milestone = false;
    declaration_read_date(&world.request, "2020-01-01T00:00:00Z", true);
    check(&world, "declaration_type M10");
    world.request.declaration_type = " ";
    check(&world, "declaration_type M04; declaration_type M10");
    world.facts.training_record_id = UUID_NONE;
    check(&world, "declaration_type M04");
}

/* rules.md 2.7 */
static void a_withdrawal_blocks_the_dates_after_it(void **state)
{
    static const struct {
        const char *last_state;
        const char *last_state_at;
        const char *dated_training_status; /* NULL: no record by then */
        const char *refusals;
    } cases[] = {
        {"withdrawn", "2024-10-01T09:59:59Z", "withdrawn", "participant_id M02"},
        {"withdrawn", "2024-10-01T10:00:00Z", "withdrawn", "participant_id M02"},
        {"withdrawn", "2024-10-01T10:00:01Z", "withdrawn", ""},
        {"withdrawn", "2024-09-20T00:00:00Z", "deferred", "participant_id M02"},
        {"withdrawn", "2024-09-20T00:00:00Z", "active", ""},
        {"withdrawn", "2024-09-20T00:00:00Z", NULL, "participant_id M02"},
        {"active", "2024-09-20T00:00:00Z", "withdrawn", ""},
        {"deferred", "2024-09-20T00:00:00Z", "deferred", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world = good();

        world.facts.last_state = cases[i].last_state;
        world.facts.last_state_at = at(cases[i].last_state_at);
        world.facts.has_dated_record = cases[i].dated_training_status != NULL;
        world.facts.dated_training_status = cases[i].dated_training_status;
        check(&world, cases[i].refusals);
    }
}

static void a_withdrawal_says_nothing_without_a_date_or_a_record(void **state)
{
    struct world world = good();

    (void)state;
    world.facts.last_state = "withdrawn";
    world.facts.last_state_at = 0;
    declaration_read_date(&world.request, NULL, false);
    check(&world, "declaration_date M03");
    world = good();
    world.facts.last_state = "withdrawn";
    world.facts.last_state_at = 0;
    world.facts.training_record_id = UUID_NONE;
    check(&world, "course_identifier M13");
}

/* rules.md 2.8 and 2.9 */
static void a_closed_cohort_refuses_what_could_be_paid(void **state)
{
    static const struct {
        bool is_fundable;
        const char *identical_state;
        bool is_slot_taken;
        const char *refusals;
    } cases[] = {
        {true, NULL, false, "cohort M09"},
        {true, NULL, true, "cohort M09; base M11"},
        {true, "eligible", true, "cohort M09; base M11"},
        {false, "paid", true, "cohort M09; base M11"},
        {true, "submitted", true, "base M11"},
        {false, NULL, true, "base M11"},
        {false, NULL, false, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world = good();

        world.facts.statement_id = UUID_NONE;
        world.facts.is_fundable = cases[i].is_fundable;
        world.facts.identical_state = cases[i].identical_state;
        world.facts.is_slot_taken = cases[i].is_slot_taken;
        check(&world, cases[i].refusals);
    }
}

static void an_open_cohort_refuses_only_a_taken_slot(void **state)
{
    struct world world = good();

    (void)state;
    world.facts.is_slot_taken = true;
    world.facts.identical_state = "paid";
    check(&world, "base M11");
}

static void mentors_with_funding_start_and_complete_only(void **state)
{
    static const struct {
        const char *kind;
        const char *type;
        bool has_mentor_funding;
        const char *refusals;
    } cases[] = {
        {"mentor", "started", true, ""},
        {"mentor", "completed", true, ""},
        {"mentor", "retained-1", true, "declaration_type M12"},
        {"mentor", "extended-1", true, "declaration_type M12"},
        {"mentor", NULL, true, "declaration_type M04; declaration_type M12"},
        {"mentor", "retained-1", false, ""},
        {"ect", "retained-1", true, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world = good();

        world.facts.kind = cases[i].kind;
        world.facts.has_mentor_funding = cases[i].has_mentor_funding;
        world.request.declaration_type = cases[i].type;
        check(&world, cases[i].refusals);
    }
}

static void the_last_checks_are_made_only_when_nothing_else_is_wrong(void **state)
{
    struct world world = good();

    (void)state;
    world.facts.is_trained_on_schedule = false;
    world.request.evidence_held = "nonsense";
    check(&world, "participant_id M01");
    world.facts.training_record_id = UUID_NONE;
    check(&world, "course_identifier M13");
    world.request.declaration_type = NULL;
    check(&world, "declaration_type M04");
}

/* rules.md 2.6 */
static void evidence_is_checked_by_its_rule(void **state)
{
    static const struct {
        const char *rule;
        const char *evidence;
        const char *refusals;
        const char *kept;
    } cases[] = {
        {"required", "other", "", "other"},
        {"required", "training-event-attended", "", "training-event-attended"},
        {"required", "self-study-material-completed", "", "self-study-material-completed"},
        {"required", NULL, "evidence_held M14", NULL},
        {"required", "", "evidence_held M14", NULL},
        {"required", " \t", "evidence_held M14", NULL},
        {"required", "oth", "evidence_held M15", NULL},
        {"required", "others", "evidence_held M15", NULL},
        {"required", "ther", "evidence_held M15", NULL},
        {"required", "Other", "evidence_held M15", NULL},
        {"required", " other", "evidence_held M15", NULL},
        {"required", "self-study", "evidence_held M15", NULL},
        {"required", "material-completed", "evidence_held M15", NULL},
        {"required", "self-study-material-completed other", "evidence_held M15", NULL},
        {"required", "training-event-attended self-study-material-completed", "evidence_held M15",
         NULL},
        {"optional", "other", "", "other"},
        {"optional", NULL, "", NULL},
        {"optional", "", "", NULL},
        {"optional", "nonsense", "evidence_held M15", NULL},
        {"ignored", "nonsense", "", NULL},
        {"ignored", "other", "", NULL},
        {"ignored", NULL, "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world = good();
        struct declaration_decision decision;

        world.facts.evidence_rule = cases[i].rule;
        world.request.evidence_held = cases[i].evidence;
        check(&world, cases[i].refusals);
        if (*cases[i].refusals != '\0')
            continue;
        decision = declaration_decide(&world.request, &world.facts, world.now);
        CHECK((decision.evidence_held == NULL) == (cases[i].kept == NULL), "case %zu", i);
        CHECK(cases[i].kept == NULL || str_equal(decision.evidence_held, cases[i].kept), "case %zu",
              i);
    }
}

/* rules.md 2.8, 2.10 */
static void the_state_depends_on_funding_and_on_twins(void **state)
{
    static const struct {
        bool is_fundable;
        bool is_duplicate;
        const char *state;
        bool has_line_item;
    } cases[] = {
        {true, false, "eligible", true},
        {false, false, "submitted", false},
        {true, true, "ineligible", true},
        {false, true, "ineligible", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world = good();
        struct declaration_decision decision;

        world.facts.is_fundable = cases[i].is_fundable;
        world.facts.duplicate_of = cases[i].is_duplicate ? (struct uuid){{9}} : UUID_NONE;
        check(&world, "");
        decision = declaration_decide(&world.request, &world.facts, world.now);
        assert_string_equal(decision.state, cases[i].state);
        CHECK(uuid_is_none(&decision.statement_id) != cases[i].has_line_item, "case %zu", i);
        CHECK(uuid_equal(&decision.superseded_by, &world.facts.duplicate_of), "case %zu", i);
        CHECK((decision.state_reason != NULL) == cases[i].is_duplicate, "case %zu", i);
        assert_false(decision.completes_mentor);
    }
}

static void a_twin_in_a_closed_cohort_is_refused(void **state)
{
    struct world world = good();

    (void)state;
    world.facts.duplicate_of = (struct uuid){{9}};
    world.facts.statement_id = UUID_NONE;
    world.facts.is_fundable = false;
    check(&world, "cohort M09");
}

/* rules.md 2.13; the declaration's own date is 2024-10-01. */
static void a_mentor_completes_by_declaration(void **state)
{
    static const struct {
        const char *now;
        const char *completed_on; /* NULL: not yet */
        const char *reason;
        bool is_early_roll_out;
        bool is_duplicate;
        const char *earlier;  /* another completed declaration */
        const char *decision; /* day and reason; NULL: nothing changes */
    } cases[] = {
        {"2025-01-01T00:00:00Z", NULL, NULL, false, false, NULL,
         "2024-10-01 completed_declaration_received"},
        {"2025-01-01T00:00:00Z", NULL, NULL, false, false, "2024-11-01T00:00:00Z",
         "2024-11-01 completed_declaration_received"},
        {"2025-01-01T00:00:00Z", NULL, NULL, false, false, "2023-11-01T00:00:00Z",
         "2024-10-01 completed_declaration_received"},
        {"2025-01-01T00:00:00Z", NULL, NULL, true, false, NULL,
         "2021-04-19 completed_during_early_roll_out"},
        {"2025-01-01T00:00:00Z", "2024-07-31", "started_not_completed", true, false, NULL, NULL},
        {"2024-07-31T00:00:00Z", "2024-07-31", "started_not_completed", false, false, NULL, NULL},
        {"2024-07-30T23:59:59Z", "2024-07-31", "started_not_completed", false, false, NULL,
         "2024-10-01 completed_declaration_received"},
        {"2025-01-01T00:00:00Z", "2024-07-31", "completed_declaration_received", false, false, NULL,
         "2024-10-01 completed_declaration_received"},
        {"2025-01-01T00:00:00Z", "2024-07-31", NULL, false, false, NULL,
         "2024-10-01 completed_declaration_received"},
        {"2025-01-01T00:00:00Z", NULL, "started_not_completed", false, false, NULL,
         "2024-10-01 completed_declaration_received"},
        {"2025-01-01T00:00:00Z", NULL, NULL, false, true, NULL, "- -"},
        {"2025-01-01T00:00:00Z", NULL, NULL, false, true, "2023-11-01T00:00:00Z",
         "2023-11-01 completed_declaration_received"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world = good();
        struct declaration_decision decision;
        char day[DATE_TEXT_SIZE], text[128];

        world.request.declaration_type = "completed";
        world.facts.kind = "mentor";
        world.facts.duplicate_of = cases[i].is_duplicate ? (struct uuid){{9}} : UUID_NONE;
        world.facts.mentor = (struct mentor_facts){
            cases[i].completed_on == NULL ? DAY_NONE : on(cases[i].completed_on), cases[i].reason,
            cases[i].is_early_roll_out,
            cases[i].earlier == NULL ? INSTANT_NONE : at(cases[i].earlier)};
        decision = declaration_decide(&world.request, &world.facts, at(cases[i].now));
        CHECK(decision.completes_mentor == (cases[i].decision != NULL), "case %zu", i);
        if (cases[i].decision == NULL)
            continue;
        snprintf(text, sizeof(text), "%s %s",
                 decision.completion.date == DAY_NONE ? "-"
                                                      : day_format(decision.completion.date, day),
                 decision.completion.reason == NULL ? "-" : decision.completion.reason);
        CHECK(str_equal(text, cases[i].decision), "case %zu: %s", i, text);
    }
}

static void courses_name_their_kind(void **state)
{
    static const struct {
        const char *course;
        const char *kind;
        bool is_npq;
    } cases[] = {
        {"ecf-induction", "ect", false},
        {"ecf-mentor", "mentor", false},
        {"npq-leading-teaching", NULL, true},
        {"npq-", NULL, true},
        {"npq", NULL, false},
        {"NPQ-x", NULL, false},
        {"ecf-Induction", NULL, false},
        {"", NULL, false},
        {NULL, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct declaration_request request = {.course_identifier = cases[i].course};
        const char *kind = course_kind(cases[i].course);

        CHECK((kind == NULL) == (cases[i].kind == NULL), "case %zu", i);
        CHECK(kind == NULL || str_equal(kind, cases[i].kind), "case %zu", i);
        CHECK(declaration_is_npq(&request) == cases[i].is_npq, "case %zu", i);
    }
}

/* rules.md 3 */
static void a_void_depends_on_the_state(void **state)
{
    static const struct {
        const char *state;
        bool has_statement;
        bool has_refund;
        const char *refusals;
        const char *becomes;
    } cases[] = {
        {"submitted", false, false, "", "voided"},
        {"eligible", false, false, "", "voided"},
        {"payable", true, false, "", "voided"},
        {"ineligible", false, false, "", "voided"},
        {"paid", true, false, "", "awaiting_clawback"},
        {"paid", false, false, "closed for clawbacks", NULL},
        {"paid", true, true, "refunded", NULL},
        {"paid", false, true, "refunded; closed for clawbacks", NULL},
        {"voided", true, false, "M31", NULL},
        {"awaiting_clawback", true, false, "M32", NULL},
        {"clawed_back", true, true, "M32", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct void_facts facts = {.state = cases[i].state,
                                   .cohort = 2021,
                                   .has_refund = cases[i].has_refund,
                                   .statement_id =
                                       cases[i].has_statement ? (struct uuid){{7}} : UUID_NONE,
                                   .kind = "ect",
                                   .declaration_type = "completed"};
        struct problems problems = {0};
        struct arena arena = {0};
        struct void_decision decision;

        void_check(&facts, &arena, &problems);
        check_refusals(&problems, cases[i].refusals);
        arena_finish(&arena);
        if (cases[i].becomes == NULL)
            continue;
        decision = void_decide(&facts, 0);
        assert_string_equal(decision.state, cases[i].becomes);
        CHECK(uuid_is_none(&decision.statement_id) == !str_equal(cases[i].state, "paid"),
              "case %zu", i);
        assert_false(decision.completes_mentor);
    }
}

static void voiding_a_mentors_completion_takes_it_back(void **state)
{
    struct void_facts facts = {.state = "eligible",
                               .kind = "mentor",
                               .declaration_type = "completed",
                               .mentor = {.completion_date = 1,
                                          .completion_reason = "completed_declaration_received",
                                          .latest_completed = INSTANT_NONE}};
    struct void_decision decision = void_decide(&facts, at("2025-01-01T00:00:00Z"));

    (void)state;
    assert_true(decision.completes_mentor);
    assert_int_equal(decision.completion.date, DAY_NONE);
    assert_null(decision.completion.reason);
    facts.declaration_type = "started";
    assert_false(void_decide(&facts, 0).completes_mentor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_declaration_is_not_refused),
        cmocka_unit_test(empty_attributes_give_exactly_three_errors),
        cmocka_unit_test(dates_are_judged_by_their_form_and_by_their_window),
        cmocka_unit_test(a_window_may_be_open_at_either_side),
        cmocka_unit_test(the_type_needs_a_milestone),
        cmocka_unit_test(a_withdrawal_blocks_the_dates_after_it),
        cmocka_unit_test(a_withdrawal_says_nothing_without_a_date_or_a_record),
        cmocka_unit_test(a_closed_cohort_refuses_what_could_be_paid),
        cmocka_unit_test(an_open_cohort_refuses_only_a_taken_slot),
        cmocka_unit_test(mentors_with_funding_start_and_complete_only),
        cmocka_unit_test(the_last_checks_are_made_only_when_nothing_else_is_wrong),
        cmocka_unit_test(evidence_is_checked_by_its_rule),
        cmocka_unit_test(the_state_depends_on_funding_and_on_twins),
        cmocka_unit_test(a_twin_in_a_closed_cohort_is_refused),
        cmocka_unit_test(a_mentor_completes_by_declaration),
        cmocka_unit_test(courses_name_their_kind),
        cmocka_unit_test(a_void_depends_on_the_state),
        cmocka_unit_test(voiding_a_mentors_completion_takes_it_back),
    };

    return RUN_TESTS(tests);
}
