/* Rows as JSON:API documents: v3.md 1.3. */
#include "api/render.h"

#include "support.h"

struct sample {
    struct uuid id;
    const char *text;
    int8_t yes;
    struct uuid other_id;
    int64_t at;
    int64_t at_ms;
    int32_t day;
    int16_t year;
};

static void write_from(struct buf *out, const void *row, const struct view_context *context)
{
    buf_printf(out, "[%d,%d]", ((const struct sample *)row)->year, context->version);
}

static const struct field fields[] = {
    FIELD(sample, text, TEXT, ALL_VERSIONS),
    FIELD(sample, yes, BOOL, ALL_VERSIONS),
    FIELD_AS("other", sample, other_id, UUID, ALL_VERSIONS),
    FIELD(sample, at, INSTANT, ALL_VERSIONS),
    FIELD(sample, at_ms, INSTANT_MS, ALL_VERSIONS),
    FIELD(sample, day, DAY, ALL_VERSIONS),
    FIELD(sample, year, YEAR, ALL_VERSIONS),
    FIELD_NULL("nothing", ALL_VERSIONS),
    FIELD_FROM("from", write_from, ALL_VERSIONS),
    FIELD_AS("old", sample, yes, BOOL, V1 | V2),
    FIELD_AS("new", sample, yes, BOOL, V3),
};

static const struct view view = {"sample-type", offsetof(struct sample, id), fields,
                                 COUNT_OF(fields)};
static const struct view_context in_v3 = {.version = V3};

static const struct sample whole = {
    .id = {{0xAB}},
    .text = "O'Neill <&> \"\xc3\xa9\"",
    .yes = TRIBOOL_TRUE,
    .other_id = {{0x01, [15] = 0xFF}},
    .at = INT64_C(1668338515123999),
    .at_ms = INT64_C(1668338515123999),
    .day = 19309,
    .year = 2022,
};

static const struct sample empty = {
    .yes = TRIBOOL_NONE,
    .at = INSTANT_NONE,
    .at_ms = INSTANT_NONE,
    .day = DAY_NONE,
    .year = 2021,
};

#define WHOLE_COMMON                                                                               \
    "{\"text\":\"O'Neill \\u003c\\u0026\\u003e \\\"\xc3\xa9\\\"\",\"yes\":true,"                   \
    "\"other\":\"01000000-0000-0000-0000-0000000000ff\",\"at\":\"2022-11-13T11:21:55Z\","          \
    "\"at_ms\":\"2022-11-13T11:21:55.123Z\",\"day\":\"2022-11-13\",\"year\":\"2022\","             \
    "\"nothing\":null,"
#define EMPTY                                                                                      \
    "{\"text\":null,\"yes\":null,\"other\":null,\"at\":null,\"at_ms\":null,\"day\":null,"          \
    "\"year\":\"2021\",\"nothing\":null,\"from\":[2021,4],\"new\":null}"
#define RESOURCE(id, attributes)                                                                   \
    "{\"id\":" id ",\"type\":\"sample-type\",\"attributes\":" attributes "}"
#define WHOLE_ID "\"ab000000-0000-0000-0000-000000000000\""

static void each_kind_of_value_is_shown(void **state)
{
    struct buf out = {0};

    (void)state;
    render_attributes(&out, fields, COUNT_OF(fields), &whole, &in_v3);
    check_buf(&out, WHOLE_COMMON "\"from\":[2022,4],\"new\":true}", "whole");
    buf_finish(&out);
}

static void what_is_unknown_is_null_and_still_there(void **state)
{
    struct buf out = {0};

    (void)state;
    render_attributes(&out, fields, COUNT_OF(fields), &empty, &in_v3);
    check_buf(&out, EMPTY, "empty");
    buf_finish(&out);
}

static void an_attribute_is_shown_in_its_versions_only(void **state)
{
    const struct view_context in_v1 = {.version = V1}, in_v2 = {.version = V2};
    struct buf out = {0};

    (void)state;
    render_attributes(&out, fields, COUNT_OF(fields), &whole, &in_v1);
    check_buf(&out, WHOLE_COMMON "\"from\":[2022,1],\"old\":true}", "v1");
    render_attributes(&out, fields, COUNT_OF(fields), &whole, &in_v2);
    check_buf(&out, WHOLE_COMMON "\"from\":[2022,2],\"old\":true}", "v2");
    buf_finish(&out);
}

static void false_is_neither_true_nor_null(void **state)
{
    static const struct field only[] = {FIELD(sample, yes, BOOL, V3)};
    struct sample row = {.yes = TRIBOOL_FALSE};
    struct buf out = {0};

    (void)state;
    render_attributes(&out, only, 1, &row, &in_v3);
    check_buf(&out, "{\"yes\":false}", "false");
    buf_finish(&out);
}

static void lists_hold_their_rows_in_order(void **state)
{
    const struct sample rows[] = {whole, empty};
    struct buf out = {0};

    (void)state;
    render_list(&out, &view, NULL, 0, sizeof(rows[0]), &in_v3);
    check_buf(&out, "{\"data\":[]}", "no row");
    render_list(&out, &view, rows, 2, sizeof(rows[0]), &in_v3);
    check_buf(
        &out,
        "{\"data\":[" RESOURCE(WHOLE_ID, WHOLE_COMMON
                               "\"from\":[2022,4],\"new\":true}") "," RESOURCE("null", EMPTY) "]}",
        "two rows");
    buf_finish(&out);
}

static void one_row_is_an_object(void **state)
{
    struct buf out = {0};

    (void)state;
    render_one(&out, &view, &whole, &in_v3);
    check_buf(&out,
              "{\"data\":" RESOURCE(WHOLE_ID, WHOLE_COMMON "\"from\":[2022,4],\"new\":true}") "}",
              "one");
    buf_finish(&out);
}

static void single_values_and_their_nulls_are_written(void **state)
{
    const struct uuid none = UUID_NONE;
    struct buf out = {0};

    (void)state;
    render_text(&out, NULL);
    check_buf(&out, "null", "text");
    render_text(&out, "");
    check_buf(&out, "\"\"", "empty text");
    render_uuid(&out, &none);
    check_buf(&out, "null", "uuid");
    render_instant(&out, INSTANT_NONE);
    check_buf(&out, "null", "instant");
    render_instant(&out, 0);
    check_buf(&out, "\"1970-01-01T00:00:00Z\"", "the epoch");
    render_day(&out, DAY_NONE);
    check_buf(&out, "null", "day");
    render_day(&out, 0);
    check_buf(&out, "\"1970-01-01\"", "the first day");
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_value_is_shown),
        cmocka_unit_test(what_is_unknown_is_null_and_still_there),
        cmocka_unit_test(an_attribute_is_shown_in_its_versions_only),
        cmocka_unit_test(false_is_neither_true_nor_null),
        cmocka_unit_test(lists_hold_their_rows_in_order),
        cmocka_unit_test(one_row_is_an_object),
        cmocka_unit_test(single_values_and_their_nulls_are_written),
    };

    return RUN_TESTS(tests);
}
