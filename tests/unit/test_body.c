/* Bodies of writes: platform.md 4.2 and 5.5. */
#include "api/body.h"

#include <jansson.h>
#include <stdlib.h>

#include "support.h"

static const char JSON[] = "application/json";

static json_t *attributes_of(const char *body)
{
    return body_attributes(JSON, body, strlen(body));
}

static void json_is_read_under_three_content_types(void **state)
{
    static const struct {
        const char *type;
        bool is_read;
    } cases[] = {
        {"application/json", true},
        {"application/vnd.api+json", true},
        {"text/x-json", true},
        {"application/json; charset=utf-8", true},
        {"application/json;charset=utf-8", true},
        {"application/json ; charset=utf-8", true},
        {"application/json\t", true},
        {"Application/JSON", true},
        {"application/vnd.api+json; ext=x", true},
        {NULL, false},
        {"", false},
        {"garbage", false},
        {"text/plain", false},
        {"application/xml", false},
        {"application/jsonp", false},
        {"application/json,text/plain", false},
        {" application/json", false},
        {"application", false},
        {"application/x-www-form-urlencoded", false},
        {"text/json", false},
    };
    static const char body[] = "{\"data\":{\"attributes\":{\"a\":1}}}";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        json_t *attributes = body_attributes(cases[i].type, body, strlen(body));

        CHECK((attributes != NULL) == cases[i].is_read, "%s",
              cases[i].type == NULL ? "none" : cases[i].type);
        json_decref(attributes);
    }
}

/* The attributes as compact JSON; NULL: 400. */
static void attributes_are_found_or_the_body_is_refused(void **state)
{
    static const struct {
        const char *body;
        const char *attributes;
    } cases[] = {
        {"{\"data\":{\"attributes\":{\"a\":\"x\",\"b\":null}}}", "{\"a\":\"x\",\"b\":null}"},
        {" \t\r\n{\"data\" : {\"attributes\" : {}}}\n", "{}"},
        {"{\"data\":{\"type\":\"x\"}}", "{}"},
        {"{\"data\":{\"attributes\":null}}", "{}"},
        {"{\"data\":{\"attributes\":[1]}}", "{}"},
        {"{\"data\":{\"attributes\":\"x\"}}", "{}"},
        {"{\"data\":{\"attributes\":1}}", "{}"},
        {"{\"data\":{\"other\":1},\"more\":[]}", "{}"},
        /* the last of equal keys wins, at every level */
        {"{\"data\":{\"attributes\":{\"a\":1,\"a\":2}}}", "{\"a\":2}"},
        {"{\"data\":1,\"data\":{\"attributes\":{\"a\":1}}}", "{\"a\":1}"},
        {"{\"data\":{\"attributes\":{\"a\":1}},\"data\":null}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":1},\"attributes\":{\"b\":2}}}", "{\"b\":2}"},
        /* characters */
        {"{\"data\":{\"attributes\":{\"a\":\"\\ud83d\\ude00\"}}}", "{\"a\":\"\xf0\x9f\x98\x80\"}"},
        {"{\"data\":{\"attributes\":{\"a\":\"\\u00e9\"}}}", "{\"a\":\"\xc3\xa9\"}"},
        {"{\"data\":{\"attributes\":{\"a\":\"\\ud83d\"}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":\"\\ude00\"}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":\"\\ud83d\\u0041\"}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":\"\\u0000\"}}}", NULL},
        {"{\"data\":{\"attributes\":{\"\\u0000\":1}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":\"\xff\"}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":\"\xed\xa0\x80\"}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":\"\n\"}}}", NULL},
        /* no usable data */
        {"", NULL},
        {" ", NULL},
        {"{}", NULL},
        {"{\"data\":null}", NULL},
        {"{\"data\":{}}", NULL},
        {"{\"data\":[]}", NULL},
        {"{\"data\":[{\"attributes\":{}}]}", NULL},
        {"{\"data\":\"x\"}", NULL},
        {"{\"data\":1}", NULL},
        {"{\"data\":true}", NULL},
        {"{\"Data\":{\"attributes\":{}}}", NULL},
        {"[]", NULL},
        {"[{\"data\":{\"a\":1}}]", NULL},
        {"null", NULL},
        {"1", NULL},
        {"\"data\"", NULL},
        /* no JSON */
        {"{", NULL},
        {"{\"data\":{\"attributes\":{\"a\":1}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":1}}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":1}}}x", NULL},
        {"{\"data\":{\"attributes\":{\"a\":1}}} {}", NULL},
        {"\xef\xbb\xbf{\"data\":{\"attributes\":{\"a\":1}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":NaN}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":Infinity}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":01}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":.5}}}", NULL},
        {"{\"data\":{\"attributes\":{\"a\":1,}}}", NULL},
        {"{'data':{'attributes':{'a':1}}}", NULL},
        {"{data:{attributes:{a:1}}}", NULL},
        {"/* c */{\"data\":{\"attributes\":{\"a\":1}}}", NULL},
        {"data[attributes][a]=1", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        json_t *attributes = attributes_of(cases[i].body);
        char *text = attributes == NULL ? NULL : json_dumps(attributes, JSON_COMPACT);

        CHECK((text == NULL) == (cases[i].attributes == NULL), "%s", cases[i].body);
        CHECK(text == NULL || strcmp(text, cases[i].attributes) == 0, "%s: %s", cases[i].body,
              text);
        free(text);
        json_decref(attributes);
    }
}

static void bytes_behind_the_length_do_not_count(void **state)
{
    static const char body[] = "{\"data\":{\"attributes\":{\"a\":1}}}garbage";
    json_t *attributes = body_attributes(JSON, body, strlen(body) - strlen("garbage"));

    (void)state;
    assert_non_null(attributes);
    json_decref(attributes);
    assert_null(body_attributes(JSON, NULL, 0));
}

static void a_nul_in_the_body_is_refused(void **state)
{
    static const char after[] = "{\"data\":{\"attributes\":{\"a\":1}}}\0";
    static const char inside[] = "{\"data\":{\"attributes\":{\"a\":\"x\0y\"}}}";

    (void)state;
    assert_null(body_attributes(JSON, after, sizeof(after)));
    assert_null(body_attributes(JSON, inside, sizeof(inside) - 1));
}

/* A document of this many levels, the outermost three being the document, data and attributes. */
static json_t *parse_nested(int levels, char open, char close)
{
    struct buf body = {0};
    json_t *attributes;

    buf_add_text(&body, "{\"data\":{\"attributes\":{\"a\":");
    for (int i = 3; i < levels; i++) {
        buf_add_char(&body, open);
        if (open == '{')
            buf_add_text(&body, "\"b\":");
    }
    buf_add_text(&body, "1");
    for (int i = 3; i < levels; i++)
        buf_add_char(&body, close);
    buf_add_text(&body, "}}}");
    attributes = body_attributes(JSON, body.data, body.length);
    buf_finish(&body);
    return attributes;
}

static void sixty_four_levels_are_read_and_no_more(void **state)
{
    static const char brackets[][2] = {{'[', ']'}, {'{', '}'}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(brackets); i++) {
        json_t *attributes = parse_nested(64, brackets[i][0], brackets[i][1]);

        CHECK(attributes != NULL, "64 times %c", brackets[i][0]);
        json_decref(attributes);
        CHECK(parse_nested(65, brackets[i][0], brackets[i][1]) == NULL, "65 times %c",
              brackets[i][0]);
        CHECK(parse_nested(100000, brackets[i][0], brackets[i][1]) == NULL, "100000 times %c",
              brackets[i][0]);
    }
}

static void brackets_inside_strings_are_no_levels(void **state)
{
    struct buf body = {0};
    json_t *attributes;

    (void)state;
    buf_add_text(&body, "{\"data\":{\"attributes\":{\"a\":\"\\\\\\\"");
    for (int i = 0; i < 1000; i++)
        buf_add_char(&body, "[{"[i % 2]);
    buf_add_text(&body, "\"}}}");
    attributes = body_attributes(JSON, body.data, body.length);
    assert_non_null(attributes);
    assert_int_equal(json_string_length(json_object_get(attributes, "a")), 1002);
    json_decref(attributes);
    buf_finish(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_read_under_three_content_types),
        cmocka_unit_test(attributes_are_found_or_the_body_is_refused),
        cmocka_unit_test(bytes_behind_the_length_do_not_count),
        cmocka_unit_test(a_nul_in_the_body_is_refused),
        cmocka_unit_test(sixty_four_levels_are_read_and_no_more),
        cmocka_unit_test(brackets_inside_strings_are_no_levels),
    };

    return RUN_TESTS(tests);
}
