/* Log lines: one JSON object each, with the fields that were given and no others. */
#include "log.h"

#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"
#include "base/str.h"
#include "support.h"

static const struct config config = {
    .environment_name = "test", .release_version = "v7", .log_level = LOG_LEVEL_INFO};
static int real_stdout = -1;
static FILE *captured;

/* What is logged goes to a file of its own until finish(). */
static void begin(void)
{
    fflush(stdout);
    real_stdout = dup(STDOUT_FILENO);
    captured = tmpfile();
    dup2(fileno(captured), STDOUT_FILENO);
}

static void finish(struct buf *out)
{
    int c;

    fflush(stdout);
    dup2(real_stdout, STDOUT_FILENO);
    close(real_stdout);
    rewind(captured);
    while ((c = fgetc(captured)) != EOF)
        buf_add_char(out, (char)c);
    fclose(captured);
    buf_terminate(out);
}

/* The only line that was logged, parsed. */
static json_t *finish_line(void)
{
    struct buf out = {0};
    json_t *line;

    finish(&out);
    assert_true(out.length > 0 && out.data[out.length - 1] == '\n');
    assert_null(memchr(out.data, '\n', out.length - 1));
    line = json_loadb(out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
    if (line == NULL)
        fail_msg("no JSON: %s", out.data);
    buf_finish(&out);
    return line;
}

static int start(void **state)
{
    (void)state;
    log_start(&config);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    log_stop();
    return 0;
}

static const char *text_of(const json_t *line, const char *name)
{
    return json_string_value(json_object_get(line, name));
}

static void a_line_holds_what_it_was_given_and_nothing_else(void **state)
{
    int64_t at;
    json_t *line;

    (void)state;
    begin();
    LOG(LOG_LEVEL_WARN, "something", LOG_T("text", "x"), LOG_N("number", -7),
        LOG_MS("duration", 12345), LOG_J("params", "{\"a\":[1]}"), LOG_T("absent", NULL),
        LOG_J("nothing", NULL));
    line = finish_line();
    assert_true(instant_parse(text_of(line, "@timestamp"), &at));
    assert_string_equal(text_of(line, "level"), "warn");
    assert_string_equal(text_of(line, "message"), "something");
    assert_string_equal(text_of(line, "environment"), "test");
    assert_string_equal(text_of(line, "release"), "v7");
    assert_string_equal(text_of(line, "text"), "x");
    assert_int_equal(json_integer_value(json_object_get(line, "number")), -7);
    assert_true(json_real_value(json_object_get(line, "duration")) == 12.345);
    assert_int_equal(json_array_size(json_object_get(json_object_get(line, "params"), "a")), 1);
    assert_true(json_is_null(json_object_get(line, "absent")));
    assert_true(json_is_null(json_object_get(line, "nothing")));
    assert_int_equal(json_object_size(line), 11);
    json_decref(line);
}

static void no_field_stays_behind_for_the_next_line(void **state)
{
    struct buf first = {0};
    json_t *line;

    (void)state;
    begin();
    LOG(LOG_LEVEL_INFO, "first", LOG_T("one", "x"));
    finish(&first);
    buf_finish(&first);
    begin();
    LOG_PLAIN(LOG_LEVEL_INFO, "second");
    line = finish_line();
    assert_int_equal(json_object_size(line), 5);
    assert_null(json_object_get(line, "one"));
    json_decref(line);
}

static void whatever_the_text_is_the_line_stays_one_json_object(void **state)
{
    static const struct {
        const char *text;
        const char *logged;
    } cases[] = {
        {"", ""},
        {"two\nlines\r\n", "two\nlines\r\n"},
        {"\"},{\"level\":\"forged\"", "\"},{\"level\":\"forged\""},
        {"%s %n %d %%", "%s %n %d %%"},
        {"\\", "\\"},
        {"\x01\x1b[31m", "\x01\x1b[31m"},
        {"<&>", "<&>"},
        {"caf\xc3\xa9 \xe2\x80\xa8", "caf\xc3\xa9 \xe2\x80\xa8"},
        {"\xff\xfe", "(not UTF-8)"},
        {"a\xc3", "(not UTF-8)"},
        {"\xed\xa0\x80", "(not UTF-8)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        json_t *line;

        begin();
        LOG(LOG_LEVEL_ERROR, cases[i].text, LOG_T("text", cases[i].text));
        line = finish_line();
        assert_int_equal(json_object_size(line), 6);
        assert_string_equal(text_of(line, "text"), cases[i].logged);
        assert_string_equal(text_of(line, "message"), cases[i].logged);
        assert_string_equal(text_of(line, "level"), "error");
        json_decref(line);
    }
}

static void long_texts_are_logged_whole(void **state)
{
    enum { LENGTH = 100000 };
    char *text = malloc(LENGTH + 1);
    json_t *line;

    (void)state;
    memset(text, 'x', LENGTH);
    text[LENGTH] = '\0';
    begin();
    LOG(LOG_LEVEL_INFO, "long", LOG_T("text", text));
    line = finish_line();
    assert_string_equal(text_of(line, "text"), text);
    json_decref(line);
    free(text);
}

static void *log_a_hundred_lines(void *name)
{
    for (int i = 0; i < 100; i++)
        LOG(LOG_LEVEL_INFO, "threaded", LOG_T("thread", name), LOG_N("line", i));
    return NULL;
}

static void lines_of_several_threads_stay_whole(void **state)
{
    static char names[][2] = {"a", "b", "c", "d"};
    pthread_t threads[COUNT_OF(names)];
    struct buf out = {0};
    size_t lines = 0;

    (void)state;
    begin();
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_a_hundred_lines, names[i]), 0);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        pthread_join(threads[i], NULL);
    finish(&out);
    for (char *line = strtok(out.data, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++) {
        json_t *parsed = json_loads(line, 0, NULL);

        CHECK(json_object_size(parsed) == 7, "%s", line);
        json_decref(parsed);
    }
    assert_int_equal(lines, 400);
    buf_finish(&out);
}

static void durations_are_milliseconds_and_never_negative(void **state)
{
    static const struct {
        int64_t microseconds;
        const char *text;
    } cases[] = {{0, ":0.000"},
                 {1, ":0.001"},
                 {999, ":0.999"},
                 {1000, ":1.000"},
                 {61000007, ":61000.007"},
                 {-1, ":0.000"},
                 {-5000, ":0.000"},
                 {INT64_MIN, ":0.000"}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = {0};

        begin();
        LOG(LOG_LEVEL_INFO, "timed", LOG_MS("duration", cases[i].microseconds));
        finish(&out);
        CHECK(strstr(out.data, cases[i].text) != NULL, "%s", out.data);
        buf_finish(&out);
    }
}

static void what_is_below_the_level_is_left_out(void **state)
{
    struct buf out = {0};

    (void)state;
    begin();
    LOG_PLAIN(LOG_LEVEL_DEBUG, "too quiet");
    finish(&out);
    assert_int_equal(out.length, 0);
    begin();
    LOG_PLAIN(LOG_LEVEL_INFO, "loud enough");
    finish(&out);
    assert_non_null(strstr(out.data, "loud enough"));
    buf_finish(&out);
}

static void a_fault_is_logged_and_passed_up(void **state)
{
    json_t *line;

    (void)state;
    begin();
    assert_int_equal(log_fault(ERR_DB_AWAY, "pool", "refused"), ERR_DB_AWAY);
    line = finish_line();
    assert_string_equal(text_of(line, "level"), "error");
    assert_string_equal(text_of(line, "fault"), "database away");
    assert_string_equal(text_of(line, "where"), "pool");
    assert_string_equal(text_of(line, "detail"), "refused");
    json_decref(line);
    begin();
    assert_int_equal(log_fault(ERR_DB_CONFLICT, "tx", NULL), ERR_DB_CONFLICT);
    line = finish_line();
    assert_string_equal(text_of(line, "level"), "info");
    json_decref(line);
}

static void every_fault_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = ERR_OK; i <= ERR_LOCKED; i++)
        for (int other = ERR_OK; other < i; other++)
            assert_string_not_equal(err_name((enum err)i), err_name((enum err)other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_holds_what_it_was_given_and_nothing_else),
        cmocka_unit_test(no_field_stays_behind_for_the_next_line),
        cmocka_unit_test(whatever_the_text_is_the_line_stays_one_json_object),
        cmocka_unit_test(long_texts_are_logged_whole),
        cmocka_unit_test(lines_of_several_threads_stay_whole),
        cmocka_unit_test(durations_are_milliseconds_and_never_negative),
        cmocka_unit_test(what_is_below_the_level_is_left_out),
        cmocka_unit_test(a_fault_is_logged_and_passed_up),
        cmocka_unit_test(every_fault_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
