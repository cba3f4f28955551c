/* Lines of the interchange format, and the table of record types: contract import.md. */
#include "support.h"

#include <jansson.h>
#include <stdio.h>

#include "api/token.h"
#include "base/str.h"
#include "interchange/export.h"
#include "interchange/lines.h"
#include "interchange/record.h"
#include "interchange/value.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define ID "01234567-89ab-4cde-8f01-23456789abcd"
#define OTHER_ID "11234567-89ab-4cde-8f01-23456789abcd"

/* The rows, as "table{...} table{...}"; then the problems, as " | member: text". */
static const char *parse(struct record *record, struct buf *out, const char *line,
                         const char *secret)
{
    out->length = 0;
    record_parse(record, line, strlen(line), secret);
    for (size_t i = 0; i < record->row_count; i++) {
        buf_add_text(out, i > 0 ? " " : "");
        buf_add_text(out, record->rows[i].target);
        buf_add(out, record->rows[i].document.data, record->rows[i].document.length);
    }
    for (size_t i = 0; i < record->problem_count; i++)
        buf_printf(out, " | %s: %s",
                   record->problems[i].member != NULL ? record->problems[i].member : "-",
                   record->problems[i].text);
    return buf_terminate(out);
}

struct line_case {
    const char *line;
    const char *expected;
};

static void check_lines(const struct line_case *cases, size_t count)
{
    AUTO(record_finish) struct record record = {0};
    AUTO(buf_finish) struct buf out = {0};

    for (size_t i = 0; i < count; i++)
        assert_string_equal(parse(&record, &out, cases[i].line, SECRET), cases[i].expected);
}

#define CHECK_LINES(cases) check_lines((cases), sizeof(cases) / sizeof((cases)[0]))

static void a_record_becomes_rows_with_the_columns_of_its_tables(void **state)
{
    static const struct line_case cases[] = {
        {"{\"type\":\"lead_provider\",\"id\":\"" ID "\",\"name\":\"A \\\"b\\\"\",\"ecf\":true}",
         "lead_providers{\"id\":\"" ID "\",\"name\":\"A \\\"b\\\"\",\"ecf\":true}"},
        {"{\"type\":\"delivery_partner\",\"discarded_at\":null,\"id\":\"01234567-89AB-4CDE-8F01-23456789ABCD\"}",
         "delivery_partners{\"id\":\"" ID "\",\"discarded_at\":null}"},
        {"{\"type\":\"cohort\",\"start_year\":2024,\"registration_start_date\":\"2024-04-03\","
         "\"payments_frozen_at\":\"2025-08-01T01:00:00+01:00\"}",
         "cohorts{\"start_year\":2024,\"registration_start_date\":\"2024-04-03T00:00:00.000000Z\","
         "\"payments_frozen_at\":\"2025-08-01T00:00:00.000000Z\"}"},
        {"{\"type\":\"milestone\",\"schedule\":{\"cohort\":2024,\"identifier\":\"x\"},"
         "\"declaration_type\":\"started\",\"milestone_date\":\"2024-12-31\"}",
         "milestones{\"cohort\":2024,\"schedule_identifier\":\"x\",\"declaration_type\":\"started\","
         "\"milestone_date\":\"2024-12-31\"}"},
        {"{\"type\":\"training_record\",\"id\":\"" ID
         "\",\"schedule\":{\"cohort\":2024,\"identifier\":\"x\"},"
         "\"eligibility\":{\"status\":\"eligible\"},\"validation\":{\"trn\":\"1\"},\"sparsity_uplift\":null}",
         "training_records{\"id\":\"" ID
         "\",\"schedule_cohort\":2024,\"schedule_identifier\":\"x\","
         "\"sparsity_uplift\":false,\"eligibility_status\":\"eligible\",\"eligibility_reason\":\"none\","
         "\"is_validated\":true,\"validation_trn\":\"1\",\"validation_full_name\":null,"
         "\"validation_date_of_birth\":null}"},
        {"{\"type\":\"training_record\",\"id\":\"" ID
         "\",\"eligibility\":null,\"validation\":null}",
         "training_records{\"id\":\"" ID
         "\",\"eligibility_status\":null,\"eligibility_reason\":null,"
         "\"is_validated\":false,\"validation_trn\":null,\"validation_full_name\":null,"
         "\"validation_date_of_birth\":null}"},
        {"{\"type\":\"statement\",\"id\":\"" ID
         "\",\"name\":\"January 2025\",\"updated_at\":\"2025-01-01\"}",
         "statements{\"id\":\"" ID
         "\",\"name\":\"January 2025\",\"updated_at\":\"2025-01-01T00:00:00.000000Z\"}"},
        {"{\"type\":\"school_cohort\",\"school_id\":\"" ID "\",\"cohort\":2024,\"deleted\":true}",
         "school_cohorts{\"school_id\":\"" ID "\",\"cohort\":2024}"},
        {"{\"type\":\"early_roll_out_mentor\",\"trn\":\"1234567\",\"deleted\":false}",
         "early_roll_out_mentors{\"trn\":\"1234567\"}"},
    };

    (void)state;
    CHECK_LINES(cases);
}

static void a_person_is_split_over_the_tables_of_people(void **state)
{
    static const struct line_case cases[] = {
        {"{\"type\":\"participant\",\"id\":\"" ID "\",\"full_name\":\"A\",\"trn\":null,"
         "\"updated_at\":\"2024-01-01T00:00:00Z\",\"identities\":[{\"id\":\"" OTHER_ID
         "\",\"email\":\"e\"}]}",
         "participants{\"user_id\":\"" ID "\",\"trn\":null,\"has_identities\":true} "
         "users{\"id\":\"" ID
         "\",\"full_name\":\"A\",\"updated_at\":\"2024-01-01T00:00:00.000000Z\"} "
         "identities{\"user_id\":\"" ID "\",\"id\":\"" OTHER_ID "\",\"email\":\"e\"}"},
        {"{\"type\":\"participant\",\"id\":\"" ID "\"}",
         "participants{\"user_id\":\"" ID "\"} users{\"id\":\"" ID "\"}"},
        {"{\"type\":\"participant\",\"id\":\"" ID "\",\"deleted\":true}",
         "participants{\"user_id\":\"" ID "\"}"},
        {"{\"type\":\"induction_tutor\",\"id\":\"" ID "\",\"school_ids\":[\"" OTHER_ID "\"],"
         "\"created_at\":\"2024-01-01\"}",
         "induction_tutors{\"user_id\":\"" ID "\",\"created_at\":\"2024-01-01T00:00:00.000000Z\"} "
         "users{\"id\":\"" ID "\",\"created_at\":\"2024-01-01T00:00:00.000000Z\"} "
         "tutor_school_lists{\"user_id\":\"" ID "\",\"school_ids\":[\"" OTHER_ID "\"]}"},
        {"{\"type\":\"declaration\",\"id\":\"" ID "\",\"state\":\"paid\",\"statement_id\":null}",
         "declarations{\"id\":\"" ID "\",\"state\":\"paid\"} "
         "declaration_statements{\"declaration_id\":\"" ID "\",\"statement_id\":null}"},
    };

    (void)state;
    CHECK_LINES(cases);
}

static void a_line_that_is_no_record_leaves_nothing(void **state)
{
    static const struct line_case cases[] = {
        {"", " | -: is not valid JSON (at byte 0)"},
        {"nonsense", " | -: is not valid JSON (at byte 8)"},
        {"[]", " | -: must be a JSON object"},
        {"{}", " | type: is required"},
        {"{\"type\":1}", " | type: is required"},
        {"{\"type\":\"schools\"}", " | type: unknown type"},
        {"{\"type\":\"npq_course\",\"id\":1}", " | type: not supported yet"},
        {"{\"type\":\"school\",\"type\":\"school\"}", " | -: names a member twice"},
        {"{\"type\":\"school\"}", " | id: is required"},
        {"{\"type\":\"school\",\"id\":\"Jane\"}", " | id: must be a UUID"},
        {"{\"type\":\"school\",\"id\":\"\\ud800\"}", " | -: is not valid JSON (at byte 30)"},
        {"{\"type\":\"milestone\",\"schedule\":{\"cohort\":1},\"declaration_type\":\"x\"}",
         " | schedule.cohort: must be a start year such as 2024 | declaration_type: must be one of started, "
         "retained-1, retained-2, retained-3, retained-4, completed, extended-1, extended-2, extended-3"},
    };

    (void)state;
    CHECK_LINES(cases);
}

static void a_record_with_problems_leaves_its_key(void **state)
{
    static const struct line_case cases[] = {
        {"{\"type\":\"school\",\"id\":\"" ID
         "\",\"colour\":1,\"urn\":\" \",\"name\":null,\"status_code\":1.5}",
         "schools{} | colour: unknown member | urn: must not be blank | name: must not be null | "
         "status_code: must be a whole number"},
        {"{\"type\":\"school\",\"id\":\"" ID "\",\"Jane Doe\":1}",
         "schools{} | (unprintable): unknown member"},
        {"{\"type\":\"school\",\"id\":\"" ID "\",\"deleted\":true}",
         "schools{} | deleted: records of this type are never deleted"},
        {"{\"type\":\"partnership\",\"id\":\"" ID
         "\",\"deleted\":1,\"challenged_at\":\"2024-02-30T00:00:00Z\"}",
         "partnerships{} | deleted: must be true or false | challenged_at: must be a timestamp such as "
         "2024-09-01T09:00:00Z"},
        {"{\"type\":\"partnership\",\"id\":\"" ID "\",\"deleted\":true,\"pending\":true}",
         "partnerships{} | pending: a deletion has no members beside the key"},
        {"{\"type\":\"statement\",\"id\":\"" ID
         "\",\"name\":\"Jan 2025\",\"deadline_date\":\"0101-01-01\","
         "\"output_fee\":1}",
         "statements{} | name: must be a month and a year such as January 2025 | deadline_date: must be a date "
         "between 1900-01-01 and 2199-12-31 | output_fee: must be true or false"},
        {"{\"type\":\"training_record\",\"id\":\"" ID
         "\",\"schedule\":null,\"eligibility\":{\"x\":1},"
         "\"validation\":[]}",
         "training_records{} | schedule: must be an object | eligibility.x: unknown member | eligibility.status: "
         "is required | validation: must be an object"},
        {"{\"type\":\"participant\",\"id\":\"" ID "\",\"identities\":[1,{},{\"id\":\"" OTHER_ID
         "\"},{\"id\":\"" OTHER_ID "\"}],\"date_of_birth\":\"x\"}",
         "participants{} | date_of_birth: must be a date such as 2024-09-01 | identities: must be an array of "
         "objects | identities.id: is required | identities: names one id twice"},
        {"{\"type\":\"participant\",\"id\":\"" ID "\",\"identities\":{}}",
         "participants{} | identities: must be an array of at most 100 objects"},
        {"{\"type\":\"induction_tutor\",\"id\":\"" ID "\",\"school_ids\":[\"x\"]}",
         "induction_tutors{} | school_ids: must be an array of UUIDs"},
    };

    (void)state;
    CHECK_LINES(cases);
}

static void a_key_of_several_members_is_joined(void **state)
{
    AUTO(record_finish) struct record record = {0};
    AUTO(buf_finish) struct buf out = {0};

    (void)state;
    parse(&record, &out,
          "{\"type\":\"training_state\",\"training_record_id\":\"" ID
          "\",\"lead_provider_id\":null,"
          "\"created_at\":\"2024-01-01\",\"state\":\"active\"}",
          SECRET);
    assert_string_equal(record.id, ID "//2024-01-01T00:00:00.000000Z");
    parse(&record, &out, "{\"type\":\"schedule\",\"cohort\":2024,\"identifier\":\"x\"}", SECRET);
    assert_string_equal(record.id, "2024/x");
}

static void a_private_key_is_never_shown(void **state)
{
    AUTO(record_finish) struct record record = {0};
    AUTO(buf_finish) struct buf out = {0};

    (void)state;
    parse(&record, &out, "{\"type\":\"early_roll_out_mentor\",\"trn\":\"1234567\"}", SECRET);
    assert_string_equal(record_shown_id(record.type, record.id, &record.arena), "-");
    parse(&record, &out, "{\"type\":\"schedule\",\"cohort\":2024,\"identifier\":\"Jane Doe\"}",
          SECRET);
    assert_string_equal(record_shown_id(record.type, record.id, &record.arena), "(unprintable)");
    parse(&record, &out, "{\"type\":\"school\",\"id\":\"" ID "\"}", SECRET);
    assert_string_equal(record_shown_id(record.type, record.id, &record.arena), ID);
    parse(&record, &out, "{\"type\":\"school\"}", SECRET);
    assert_string_equal(record_shown_id(record.type, record.id, &record.arena), "-");
}

static void a_token_is_kept_as_its_digest(void **state)
{
    AUTO(record_finish) struct record record = {0};
    AUTO(buf_finish) struct buf out = {0};
    static const char line[] =
        "{\"type\":\"api_token\",\"token\":\"clear-token\",\"kind\":\"data_studio\"}";
    uint8_t digest[TOKEN_DIGEST_SIZE];
    char hex[2 * TOKEN_DIGEST_SIZE + 1];
    char expected[256];

    (void)state;
    token_digest(SECRET, "clear-token", digest);
    for (size_t i = 0; i < TOKEN_DIGEST_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned)digest[i]);
    snprintf(expected, sizeof(expected),
             "api_tokens{\"digest\":\"\\\\x%s\",\"hint\":\"clea\",\"kind\":\"data_studio\"}", hex);
    assert_string_equal(parse(&record, &out, line, SECRET), expected);
    assert_non_null(strstr(
        parse(&record, &out, "{\"type\":\"api_token\",\"token\":\"abc\u00e9\u00e9\"}", SECRET),
        "\"hint\":\"abc\u00e9\""));
    assert_string_equal(parse(&record, &out, line, NULL),
                        " | -: tokens are not imported in production");
    assert_string_equal(parse(&record, &out, "{\"type\":\"api_token\",\"token\":\"\"}", SECRET),
                        " | token: must be a text");
}

static void at_most_a_hundred_problems_are_kept(void **state)
{
    AUTO(record_finish) struct record record = {0};
    AUTO(buf_finish) struct buf line = {0};

    (void)state;
    buf_add_text(&line, "{\"type\":\"school\",\"id\":\"" ID "\"");
    for (int i = 0; i < 200; i++)
        buf_printf(&line, ",\"m%d\":1", i);
    buf_add_text(&line, "}");
    record_parse(&record, line.data, line.length, SECRET);
    assert_int_equal(record.problem_count, RECORD_PROBLEMS_MAX);
}

static void deep_nesting_is_refused(void **state)
{
    AUTO(record_finish) struct record record = {0};
    AUTO(buf_finish) struct buf line = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_add_char(&line, '[');
    record_parse(&record, line.data, line.length, SECRET);
    assert_int_equal(record.problem_count, 1);
    assert_int_equal(record.row_count, 0);
}

static void months_are_named_in_full(void **state)
{
    (void)state;
    assert_true(value_is_month("January 2025"));
    assert_true(value_is_month("September 2021"));
    assert_false(value_is_month("January 25"));
    assert_false(value_is_month("January  2025"));
    assert_false(value_is_month("January 2025 "));
    assert_false(value_is_month("january 2025"));
    assert_false(value_is_month("Januar 2025"));
    assert_false(value_is_month("2025"));
    assert_false(value_is_month(""));
}

/* ---- the table ---- */

static bool is_merged(const char *table)
{
    for (size_t i = 0; record_tables[i] != NULL; i++)
        if (str_equal(record_tables[i], table))
            return true;
    return false;
}

static void every_part_but_the_derived_ones_is_a_merged_table(void **state)
{
    (void)state;
    for (const struct record_type *type = record_types; type->name != NULL; type++)
        for (size_t i = 0; i < RECORD_PARTS_MAX; i++) {
            const char *target = type->parts[i].target;

            if (target != NULL && !str_equal(target, "tutor_school_lists") &&
                !str_equal(target, "declaration_statements"))
                assert_true(is_merged(target));
        }
}

static void check_member(const struct record_member *member)
{
    assert_true((member->kind == RECORD_ENUM) == (member->allowed != NULL));
    assert_true((member->kind == RECORD_OBJECT || member->kind == RECORD_ROWS) ==
                (member->members != NULL));
    for (const struct record_member *inner = member->members; inner != NULL && inner->name != NULL;
         inner++)
        check_member(inner);
}

static void every_member_has_what_its_kind_needs(void **state)
{
    (void)state;
    for (const struct record_type *type = record_types; type->name != NULL; type++) {
        assert_ptr_equal(record_type_find(type->name), type);
        assert_true(type->members[0].is_key);
        for (const struct record_member *member = type->members; member->name != NULL; member++)
            check_member(member);
    }
}

static void every_type_but_tokens_is_exported(void **state)
{
    (void)state;
    for (const struct record_type *type = record_types; type->name != NULL; type++)
        assert_int_equal(export_is_type(type->name), !str_equal(type->name, "api_token"));
}

static void columns_are_called_by_their_members(void **state)
{
    const struct record_type *training_record = record_type_find("training_record");

    (void)state;
    assert_string_equal(record_member_of(training_record, "kind"), "kind");
    assert_string_equal(record_member_of(training_record, "schedule_cohort"), "schedule");
    assert_string_equal(record_member_of(training_record, "eligibility_status"), "eligibility");
    assert_string_equal(record_member_of(record_type_find("participant"), "external_identifier"),
                        "identities");
    assert_string_equal(record_member_of(record_type_find("participant"), "user_id"), "id");
    assert_string_equal(record_member_of(record_type_find("participant"), "deleted"), "deleted");
}

/* ---- lines ---- */

static void lines_are_read_one_by_one_and_bounded(void **state)
{
    static const struct {
        const char *text;
        bool is_too_long;
    } expected[] = {
        {"a", false}, {"", false}, {"12345678", false}, {"12345678", true}, {"end", false}};
    char text[] = "a\n\n12345678\n123456789\nend";
    AUTO(lines_finish) struct lines lines = {.in = fmemopen(text, strlen(text), "r"), .max = 8};
    bool is_there;

    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(lines_next(&lines, &is_there), ERR_OK);
        assert_true(is_there);
        assert_string_equal(buf_terminate(&lines.line), expected[i].text);
        assert_int_equal(lines.is_too_long, expected[i].is_too_long);
        assert_int_equal(lines.number, i + 1);
    }
    assert_int_equal(lines_next(&lines, &is_there), ERR_OK);
    assert_false(is_there);
    fclose(lines.in);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_becomes_rows_with_the_columns_of_its_tables),
        cmocka_unit_test(a_person_is_split_over_the_tables_of_people),
        cmocka_unit_test(a_line_that_is_no_record_leaves_nothing),
        cmocka_unit_test(a_record_with_problems_leaves_its_key),
        cmocka_unit_test(a_key_of_several_members_is_joined),
        cmocka_unit_test(a_private_key_is_never_shown),
        cmocka_unit_test(a_token_is_kept_as_its_digest),
        cmocka_unit_test(at_most_a_hundred_problems_are_kept),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(months_are_named_in_full),
        cmocka_unit_test(every_part_but_the_derived_ones_is_a_merged_table),
        cmocka_unit_test(every_member_has_what_its_kind_needs),
        cmocka_unit_test(every_type_but_tokens_is_exported),
        cmocka_unit_test(columns_are_called_by_their_members),
        cmocka_unit_test(lines_are_read_one_by_one_and_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
