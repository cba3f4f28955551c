/* URLs taken apart: platform.md 5.1. */
#include "http/url.h"

#include <stdlib.h>

#include "support.h"

/* The tree of parameters as text: a=1, f={b=2,c=[],d}, which is short to compare. */
static void describe(struct buf *out, const struct param *param)
{
    for (; param != NULL; param = param->next) {
        buf_add_text(out, param->name);
        if (param->type == PARAM_SCALAR)
            buf_printf(out, "=%s", param->value);
        else if (param->type == PARAM_ARRAY)
            buf_add_text(out, "=[]");
        if (param->type == PARAM_HASH) {
            buf_add_text(out, "={");
            describe(out, param->members);
            buf_add_char(out, '}');
        }
        if (param->next != NULL)
            buf_add_char(out, ',');
    }
}

static void describe_path(struct buf *out, const struct url *url)
{
    for (size_t i = 0; i < url->segment_count; i++)
        buf_printf(out, "/%s", url->segments[i]);
    if (url->extension != NULL)
        buf_printf(out, " .%s", url->extension);
}

static void paths_are_split_at_their_slashes(void **state)
{
    static const struct {
        const char *url;
        const char *path;
    } cases[] = {
        {"", ""},
        {"/", ""},
        {"//", ""},
        {"/api/v3/statements", "/api/v3/statements"},
        {"/api/v3/statements/", "/api/v3/statements"},
        {"//api///v3//statements//", "/api/v3/statements"},
        {"api", "/api"},
        {"/API/v3", "/API/v3"},
        {"/a%20b/c+d", "/a b/c+d"},
        {"/a%2Fb/c", "/a/b/c"},
        {"/a%3Fb?x=1", "/a?b"},
        {"/a?/b/c", "/a"},
        {"/a;b&c", "/a;b&c"},
        {"/caf%C3%A9", "/caf\xc3\xa9"},
        {"/caf\xc3\xa9", "/caf\xc3\xa9"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct buf text = {0};
        struct url url;

        CHECK(url_parse(&arena, cases[i].url, &url) == URL_OK, "%s", cases[i].url);
        describe_path(&text, &url);
        check_buf(&text, cases[i].path, cases[i].url);
        buf_finish(&text);
        arena_finish(&arena);
    }
}

static void a_slash_inside_a_segment_does_not_split_it(void **state)
{
    struct arena arena = {0};
    struct url url;

    (void)state;
    assert_int_equal(url_parse(&arena, "/x/a%2Fb", &url), URL_OK);
    assert_int_equal(url.segment_count, 2);
    assert_string_equal(url.segments[1], "a/b");
    arena_finish(&arena);
}

static void the_extension_comes_off_the_last_segment(void **state)
{
    static const struct {
        const char *url;
        const char *path;
    } cases[] = {
        {"/statements.json", "/statements .json"},
        {"/statements.csv?page=1", "/statements .csv"},
        {"/statements.json/", "/statements .json"},
        {"/a.json/b", "/a.json/b"},
        {"/a.b.json", "/a.b .json"},
        {"/a.", "/a."},
        {"/.json", "/.json"},
        {"/a.j-n", "/a.j-n"},
        {"/a.j%20n", "/a.j n"},
        {"/a.JSON", "/a .JSON"},
        {"/a%2Ejson", "/a .json"},
        {"/a.json%20", "/a.json "},
        {"/a.7z", "/a .7z"},
        {"/a.{x}", "/a.{x}"},
        {"/a.[x", "/a.[x"},
        {"/a.x@", "/a.x@"},
        {"/a.caf%C3%A9", "/a.caf\xc3\xa9"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct buf text = {0};
        struct url url;

        CHECK(url_parse(&arena, cases[i].url, &url) == URL_OK, "%s", cases[i].url);
        describe_path(&text, &url);
        check_buf(&text, cases[i].path, cases[i].url);
        buf_finish(&text);
        arena_finish(&arena);
    }
}

/* No path that is served is that long; all of it must be well-formed nevertheless. */
static void at_most_sixteen_segments_are_kept(void **state)
{
    struct arena arena = {0};
    struct url url;

    (void)state;
    assert_int_equal(url_parse(&arena, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", &url), URL_OK);
    assert_int_equal(url.segment_count, 16);
    assert_string_equal(url.segments[15], "16");
    assert_int_equal(url_parse(&arena, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/", &url), URL_OK);
    assert_int_equal(url_parse(&arena, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18", &url),
                     URL_OK);
    assert_int_equal(url.segment_count, 16);
    assert_string_equal(url.segments[15], "16");
    assert_int_equal(url_parse(&arena, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/%zz", &url),
                     URL_MALFORMED);
    arena_finish(&arena);
}

static void queries_become_trees(void **state)
{
    static const struct {
        const char *query;
        const char *tree;
    } cases[] = {
        {"", ""},
        {"&", ""},
        {"&&;;&", ""},
        {"a=1", "a=1"},
        {"a=1&b=2", "a=1,b=2"},
        {"a=1;b=2", "a=1,b=2"},
        {"a=1&&b=2", "a=1,b=2"},
        {"a=1&a=2", "a=2"},
        {"a=1&A=2", "a=1,A=2"},
        {"a", "a"},
        {"a=", "a="},
        {"a==", "a=="},
        {"a=1=2", "a=1=2"},
        {"a=b?c", "a=b?c"},
        {"a=1&a", "a"},
        {"=1", ""},
        {"=", ""},
        {"a=x+y%20z%2B", "a=x y z+"},
        {"a+b=1", "a b=1"},
        {"a=%26%3B%3D", "a=&;="},
        {"a=%e2%82%AC", "a=\xe2\x82\xac"},
        {"filter[cohort]=2021", "filter={cohort=2021}"},
        {"filter%5Bcohort%5D=2021", "filter={cohort=2021}"},
        {"filter%5bcohort%5d=2021,2022", "filter={cohort=2021,2022}"},
        {"filter[a]=1&filter[b]=2", "filter={a=1,b=2}"},
        {"filter[a]=1&filter[a]=2", "filter={a=2}"},
        {"filter[a]", "filter={a}"},
        {"filter[a]=", "filter={a=}"},
        {"filter", "filter"},
        {"filter=", "filter="},
        {"filter[]=1", "filter=[]"},
        {"filter[]=1&filter[]=2", "filter=[]"},
        {"filter[a][]=1", "filter={a=[]}"},
        {"filter[a][b]=1", "filter={a={b=1}}"},
        {"filter[a][b]=1&filter[a][c]=2", "filter={a={b=1,c=2}}"},
        {"filter&filter[a]=1", "filter={a=1}"},
        {"filter[a]=1&filter", "filter"},
        {"filter[a]=1&filter=2", "filter=2"},
        {"page[page]=1&page[per_page]=2&sort=-a", "page={page=1,per_page=2},sort=-a"},
        {"[a]=1", ""},
        {"[]=1", ""},
        {"a[b=1", "a"},
        {"a[b][c=1", "a={b}"},
        {"a]=1", "a]=1"},
        {"a[b]x=1", "a={b=1}"},
        {"a[[b]]=1", "a={[b=1}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct buf text = {0};
        struct url url;

        CHECK(url_parse(&arena, arena_printf(&arena, "/x?%s", cases[i].query), &url) == URL_OK,
              "%s", cases[i].query);
        describe(&text, url.params);
        check_buf(&text, cases[i].tree, cases[i].query);
        buf_finish(&text);
        arena_finish(&arena);
    }
}

static void what_cannot_be_understood_is_malformed(void **state)
{
    static const char *const cases[] = {
        "/%",
        "/%4",
        "/%zz",
        "/%4g",
        "/a?%",
        "/a?b=%",
        "/a?b=%1",
        "/a?b=%G0",
        "/a?b=1%",
        "/a?%zz=1",
        "/\xff",
        "/a?b=\xff",
        "/a?\xc3=1",
        "/%ff",
        "/a?b=%ff",
        "/a?b=%c3%28",
        "/a?b=%ed%a0%80",
        "/a?b=%c0%80",
        "/a?filter=2&filter[cohort]=1",
        "/a?filter[]=1&filter[a]=1",
        "/a?filter[a]=1&filter[]=1",
        "/a?filter=1&filter[]=1",
        "/a?filter[a]=1&filter[a][b]=1",
        "/a?filter[a][]=1&filter[a][b]=2",
        "/a?filter=&filter[cohort]=1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct url url;

        CHECK(url_parse(&arena, cases[i], &url) == URL_MALFORMED, "%s", cases[i]);
        arena_finish(&arena);
    }
}

static void a_null_byte_is_said_to_be_one(void **state)
{
    static const char *const cases[] = {"/a%00",      "/%00/b",   "/a?b=%00",
                                        "/a?b=1%002", "/a?%00=1", "/a?b%00=1"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct url url;

        CHECK(url_parse(&arena, cases[i], &url) == URL_NULL_BYTE, "%s", cases[i]);
        arena_finish(&arena);
    }
}

/* 8 kB of brackets is what the server lets through. */
static void deep_brackets_are_no_danger(void **state)
{
    enum { LEVELS = 2500 };
    struct arena arena = {0};
    struct buf text = {0};
    struct url url;

    (void)state;
    buf_add_text(&text, "/x?a");
    for (int i = 0; i < LEVELS; i++)
        buf_add_text(&text, "[b]");
    buf_add_text(&text, "=1");
    assert_int_equal(url_parse(&arena, buf_terminate(&text), &url), URL_OK);
    assert_int_equal(url.params->type, PARAM_HASH);
    buf_finish(&text);
    arena_finish(&arena);
}

static void decoding_says_how_long_its_result_is(void **state)
{
    static const struct {
        const char *text;
        bool plus_is_blank;
        bool is_good;
        size_t length;
        const char *decoded;
    } cases[] = {
        {"", true, true, 0, ""},         {"abc", true, true, 3, "abc"},
        {"a+b", true, true, 3, "a b"},   {"a+b", false, true, 3, "a+b"},
        {"%41%6a", true, true, 2, "Aj"}, {"%00x", true, true, 2, "\0x"},
        {"%2", true, false, 0, NULL},    {"%", true, false, 0, NULL},
        {"a%4", true, false, 0, NULL},   {"%%41", true, false, 0, NULL},
        {"%4%31", true, false, 0, NULL}, {"%+1", true, false, 0, NULL},
    };
    char out[16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t length = 0;
        bool is_good =
            url_decode(cases[i].text, strlen(cases[i].text), cases[i].plus_is_blank, out, &length);

        CHECK(is_good == cases[i].is_good, "%s", cases[i].text);
        CHECK(!is_good || (length == cases[i].length && memcmp(out, cases[i].decoded, length) == 0),
              "%s", cases[i].text);
    }
}

static void probes_are_known_by_their_raw_path(void **state)
{
    static const struct {
        const char *url;
        bool is_probe;
    } cases[] = {
        {"/check", true},      {"/check/", true},
        {"//check?x=1", true}, {"/metrics", true},
        {"/metrics/?x", true}, {"/metrics.csv", false},
        {"/metrics/x", false}, {"/healthcheck", false},
        {"/api/check", false}, {"/checks", false},
        {"/", false},          {"", false},
        {"/?x=/check", false}, {"/%63heck", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(url_is_probe(cases[i].url) == cases[i].is_probe, "%s", cases[i].url);
    assert_true(url_is_under("/metrics/x", "metrics"));
    assert_false(url_is_under("/metricsx", "metrics"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_split_at_their_slashes),
        cmocka_unit_test(a_slash_inside_a_segment_does_not_split_it),
        cmocka_unit_test(the_extension_comes_off_the_last_segment),
        cmocka_unit_test(at_most_sixteen_segments_are_kept),
        cmocka_unit_test(queries_become_trees),
        cmocka_unit_test(what_cannot_be_understood_is_malformed),
        cmocka_unit_test(a_null_byte_is_said_to_be_one),
        cmocka_unit_test(deep_brackets_are_no_danger),
        cmocka_unit_test(decoding_says_how_long_its_result_is),
        cmocka_unit_test(probes_are_known_by_their_raw_path),
    };

    return RUN_TESTS(tests);
}
