/* Refusals as RFC 9457 has them, and their codes. */
#include "base/problem_document.h"

#include <stdlib.h>

#include "base/str.h"
#include "support.h"

static const struct problem_place NO_BODY = {.request_id = "r-1"};

static void check_document(const struct problems *problems, const struct problem_place *place,
                           const char *expected)
{
    struct buf out = {0};

    problem_document_write(&out, problems, place);
    check_buf(&out, expected, expected);
    buf_finish(&out);
}

static void it_is_sent_to_those_who_name_it(void **state)
{
    static const struct {
        const char *accept;
        bool is_wanted;
    } cases[] = {
        {"application/problem+json", true},
        {"Application/Problem+JSON", true},
        {" application/problem+json ", true},
        {"application/vnd.api+json, application/problem+json", true},
        {"application/vnd.api+json,application/problem+json", true},
        {"application/problem+json, */*", true},
        {"application/problem+json;q=0.1", true},
        {"application/problem+json ; q=1", true},
        {"application/problem+json;charset=utf-8", true},
        {"application/problem+json;charset=utf-8;q=0.001", true},
        {"application/problem+json;q=0, application/problem+json", true},
        {"application/problem+json;q=0", false},
        {"application/problem+json; Q=0.000", false},
        {"application/problem+json;charset=utf-8; q=0, */*", false},
        {"*/*", false},
        {"application/*", false},
        {"application/json", false},
        {"application/vnd.api+json", false},
        {"application/problem+xml", false},
        {"application/problem+jsonx", false},
        {"xapplication/problem+json", false},
        {"application/problem", false},
        {"application/problem+jso", false},
        {"text/html;x=application/problem+json", false},
        {",,,", false},
        {";", false},
        {"", false},
        {NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(problem_document_is_wanted(cases[i].accept) == cases[i].is_wanted, "%s",
              cases[i].accept == NULL ? "none" : cases[i].accept);
}

static void one_refusal_is_told_with_its_code(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse(&problems, NULL, PROBLEM_UNAUTHORISED);
    check_document(&problems, &NO_BODY,
                   "{\"type\":\"/problems/unauthorised\",\"title\":\"Unauthorised\",\"status\":401,"
                   "\"detail\":\"HTTP Token: Access denied\",\"instance\":\"/requests/r-1\","
                   "\"code\":\"unauthorised\",\"errors\":[{\"title\":\"Unauthorised\","
                   "\"detail\":\"HTTP Token: Access denied\",\"code\":\"unauthorised\"}]}");
}

static void what_has_no_body_otherwise_has_one_here(void **state)
{
    struct problems problems = {0};
    struct buf out = {0};

    (void)state;
    refuse(&problems, NULL, PROBLEM_READ_ONLY_TOKEN);
    problems_write(&out, &problems);
    assert_int_equal(out.length, 0);
    assert_false(problems_are_json(&problems));
    buf_finish(&out);
    check_document(&problems, &NO_BODY,
                   "{\"type\":\"/problems/token_read_only\",\"title\":\"Token read only\","
                   "\"status\":403,\"detail\":\"The token may only read.\","
                   "\"instance\":\"/requests/r-1\",\"code\":\"token_read_only\","
                   "\"errors\":[{\"title\":\"Token read only\","
                   "\"detail\":\"The token may only read.\",\"code\":\"token_read_only\"}]}");
}

static void each_refusal_stands_by_itself_and_points_into_the_body(void **state)
{
    static const char *const attributes[] = {"declaration_date", "cohort", NULL};
    const struct problem_place place = {.request_id = "r-1", .attributes = attributes};
    struct problems problems = {0};

    (void)state;
    refuse(&problems, "declaration_date", PROBLEM_NO_DATE);
    refuse(&problems, "participant_id", PROBLEM_UNKNOWN_PARTICIPANT);
    refuse(&problems, "declaration_date", PROBLEM_DATE_FORMAT);
    refuse(&problems, "declaration_date", PROBLEM_NO_DATE);
    refuse_naming(&problems, "cohort", PROBLEM_COHORT_CLOSED, "<2021>");
    check_document(
        &problems, &place,
        "{\"type\":\"/problems/declaration_date_missing\",\"title\":\"Declaration date missing\","
        "\"status\":422,\"detail\":\"Enter a '#/declaration_date'.\","
        "\"instance\":\"/requests/r-1\",\"code\":\"declaration_date_missing\",\"errors\":["
        "{\"title\":\"declaration_date\",\"detail\":\"Enter a '#/declaration_date'.\","
        "\"code\":\"declaration_date_missing\",\"pointer\":\"#/data/attributes/declaration_date\"},"
        "{\"title\":\"participant_id\",\"detail\":\"Your update cannot be made as the "
        "'#/participant_id' is not recognised. Check participant details and try again.\","
        "\"code\":\"participant_not_recognised\"},"
        "{\"title\":\"declaration_date\",\"detail\":\"Enter a valid RCF3339 "
        "'#/declaration_date'.\",\"code\":\"declaration_date_invalid\","
        "\"pointer\":\"#/data/attributes/declaration_date\"},"
        "{\"title\":\"cohort\",\"detail\":\"You cannot submit or void declarations for the "
        "\\u003c2021\\u003e cohort. The funding contract for this cohort has ended. Get in touch "
        "if you need to discuss this with us\",\"code\":\"cohort_closed\","
        "\"pointer\":\"#/data/attributes/cohort\"}]}");
}

/* As the plain body has it: v3.md 1.4. */
static void of_a_bad_request_the_first_is_told(void **state)
{
    struct problems problems = {0};

    (void)state;
    refuse(&problems, NULL, PROBLEM_UPDATED_SINCE);
    refuse(&problems, NULL, PROBLEM_PAGE);
    check_document(
        &problems, &NO_BODY,
        "{\"type\":\"/problems/updated_since_invalid\",\"title\":\"Updated since invalid\","
        "\"status\":400,\"detail\":\"The filter '#/updated_since' must be a valid RCF3339 date\","
        "\"instance\":\"/requests/r-1\",\"code\":\"updated_since_invalid\",\"errors\":["
        "{\"title\":\"Bad request\",\"detail\":\"The filter '#/updated_since' must be a valid "
        "RCF3339 date\",\"code\":\"updated_since_invalid\"}]}");
}

static void every_refusal_has_a_code_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT_; i++) {
        const char *code = problem_code((enum problem)i);

        CHECK(code != NULL && code[0] >= 'a' && code[0] <= 'z', "number %d", i);
        CHECK(strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(code), "%s", code);
        CHECK(problem_status((enum problem)i) >= 400, "%s", code);
        CHECK(!str_is_blank(problem_text((enum problem)i)), "%s", code);
        for (int other = 0; other < i; other++)
            CHECK(!str_equal(code, problem_code((enum problem)other)), "%s", code);
    }
}

static char *read_file(const char *name)
{
    FILE *file = fopen(name, "r");
    struct buf text = {0};
    char block[4096];
    size_t got;

    if (file == NULL)
        fail_msg("%s: run this in the folder of the sources", name);
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        buf_add(&text, block, got);
    fclose(file);
    return buf_terminate(&text);
}

/* The line of the document about a refusal; what is filled in shows as an ellipsis. */
static void write_line(struct buf *out, enum problem problem)
{
    const char *text = problem_text(problem), *gap = strstr(text, "%s");

    buf_printf(out, "\n| `%s` | %d | ", problem_code(problem), problem_status(problem));
    if (gap != NULL) {
        buf_add(out, text, (size_t)(gap - text));
        buf_add_text(out, "…");
        text = gap + 2;
    }
    buf_add_text(out, text);
    buf_add_text(out, " |\n");
}

static void every_code_is_documented_with_its_text(void **state)
{
    char *document = read_file("docs/problems.md");
    size_t lines = 0;

    (void)state;
    for (int i = 0; i < PROBLEM_COUNT_; i++) {
        struct buf line = {0};

        write_line(&line, (enum problem)i);
        CHECK(strstr(document, buf_terminate(&line)) != NULL, "docs/problems.md lacks:%s",
              line.data);
        buf_finish(&line);
    }
    for (const char *at = document; (at = strstr(at, "\n| `")) != NULL; at++)
        lines++;
    assert_int_equal(lines, PROBLEM_COUNT_);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_sent_to_those_who_name_it),
        cmocka_unit_test(one_refusal_is_told_with_its_code),
        cmocka_unit_test(what_has_no_body_otherwise_has_one_here),
        cmocka_unit_test(each_refusal_stands_by_itself_and_points_into_the_body),
        cmocka_unit_test(of_a_bad_request_the_first_is_told),
        cmocka_unit_test(every_refusal_has_a_code_of_its_own),
        cmocka_unit_test(every_code_is_documented_with_its_text),
    };

    return RUN_TESTS(tests);
}
