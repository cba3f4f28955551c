/* Rows as CSV: v1-v2.md 2.6. */
#include "api/render.h"

#include "support.h"

struct sample {
    struct uuid id;
    const char *text;
    int8_t yes;
    struct uuid other_id;
    int64_t at;
    int16_t year;
};

static void write_number(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    buf_add_int(out, ((const struct sample *)row)->year);
}

static const struct field fields[] = {
    FIELD(sample, text, TEXT, V1 | V2),
    FIELD(sample, yes, BOOL, V1 | V2),
    FIELD_AS("other", sample, other_id, UUID, V1 | V2),
    FIELD(sample, at, INSTANT, V1 | V2),
    FIELD(sample, year, YEAR, V1 | V2),
    FIELD_NULL("nothing", V1 | V2),
    FIELD_FROM("number", write_number, V2),
    FIELD_AS("of_v3_only", sample, text, TEXT, V3),
};

static const struct view view = {"sample", offsetof(struct sample, id), fields, COUNT_OF(fields)};
static const struct view_context in_v1 = {.version = V1}, in_v2 = {.version = V2};

static void the_header_names_the_attributes_of_the_version(void **state)
{
    struct buf out = {0};

    (void)state;
    render_csv_header(&out, &view, &in_v1);
    check_buf(&out, "id,text,yes,other,at,year,nothing\n", "v1");
    render_csv_header(&out, &view, &in_v2);
    check_buf(&out, "id,text,yes,other,at,year,nothing,number\n", "v2");
    buf_finish(&out);
}

static void each_kind_of_value_is_a_cell(void **state)
{
    const struct sample whole = {.id = {{0xAB}},
                                 .text = "x",
                                 .yes = TRIBOOL_TRUE,
                                 .other_id = {{0x01}},
                                 .at = INT64_C(1668338515123999),
                                 .year = 2022};
    const struct sample empty = {.yes = TRIBOOL_NONE, .at = INSTANT_NONE, .year = 2021};
    struct buf out = {0};

    (void)state;
    render_csv_row(&out, &view, &whole, &in_v2);
    check_buf(&out,
              "ab000000-0000-0000-0000-000000000000,x,true,01000000-0000-0000-0000-000000000000,"
              "2022-11-13T11:21:55Z,2022,\"\",2022\n",
              "whole");
    render_csv_row(&out, &view, &empty, &in_v1);
    check_buf(&out, "00000000-0000-0000-0000-000000000000,\"\",\"\",\"\",\"\",2021,\"\"\n",
              "empty");
    buf_finish(&out);
}

static void texts_are_quoted_only_where_they_must_be(void **state)
{
    static const struct {
        const char *text;
        const char *cell;
    } cases[] = {
        {"plain", "plain"},
        {"", "\"\""},
        {NULL, "\"\""},
        {"null", "null"},
        {" blanks ", " blanks "},
        {"\ttab", "\ttab"},
        {"a,b", "\"a,b\""},
        {"say \"x\"", "\"say \"\"x\"\"\""},
        {"\"", "\"\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"two\rlines", "\"two\rlines\""},
        {"back\\slash", "back\\slash"},
        {"\\u0041\\n", "\\u0041\\n"},
        {"=1+1", "=1+1"},
        {"<&>'", "<&>'"},
        {"caf\xc3\xa9 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xf0\x9f\x98\x80"},
        {"\xe2\x80\xa8\xe2\x80\xa9", "\xe2\x80\xa8\xe2\x80\xa9"},
        {"\x01\x08\x0c\x1f", "\x01\x08\x0c\x1f"},
    };
    static const struct field only[] = {FIELD(sample, text, TEXT, V1)};
    static const struct view only_view = {"sample", offsetof(struct sample, id), only, 1};
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct sample row = {.text = cases[i].text};
        char expected[128];

        snprintf(expected, sizeof(expected), "00000000-0000-0000-0000-000000000000,%s\n",
                 cases[i].cell);
        render_csv_row(&out, &only_view, &row, &in_v1);
        check_buf(&out, expected, cases[i].cell);
    }
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_the_attributes_of_the_version),
        cmocka_unit_test(each_kind_of_value_is_a_cell),
        cmocka_unit_test(texts_are_quoted_only_where_they_must_be),
    };

    return RUN_TESTS(tests);
}
