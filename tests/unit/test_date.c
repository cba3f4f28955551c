/* Dates as the contract takes and shows them: v3.md 1.3, 1.4, platform.md 5.3, rules.md 2.4. */
#include "base/date.h"

#include "support.h"

/* What is accepted, and the instant it means. */
static void timestamps_of_the_contract_are_accepted(void **state)
{
    static const struct {
        const char *text;
        const char *means;
    } cases[] = {
        {"2021-05-13T11:21:55Z", "2021-05-13T11:21:55.000000Z"},
        {"2021-05-13t11:21:55z", "2021-05-13T11:21:55.000000Z"},
        {"2021-05-13T11:21:55", "2021-05-13T11:21:55.000000Z"},
        {"  2021-05-13T11:21:55Z\t\r\n ", "2021-05-13T11:21:55.000000Z"},
        {"2021-05-13T11:21:55.1Z", "2021-05-13T11:21:55.100000Z"},
        {"2021-05-13T11:21:55.123456Z", "2021-05-13T11:21:55.123456Z"},
        {"2021-05-13T11:21:55.123456789999Z", "2021-05-13T11:21:55.123456Z"},
        {"2021-05-13T11:21:55,5Z", "2021-05-13T11:21:55.500000Z"},
        {"2021-05-13T11:21:55.000001", "2021-05-13T11:21:55.000001Z"},
        {"2021-05-13T11:21:55+01", "2021-05-13T10:21:55.000000Z"},
        {"2021-05-13T11:21:55+0100", "2021-05-13T10:21:55.000000Z"},
        {"2021-05-13T11:21:55+01:00", "2021-05-13T10:21:55.000000Z"},
        {"2021-05-13T11:21:55-0000", "2021-05-13T11:21:55.000000Z"},
        {"2021-05-13T11:21:55-05:30", "2021-05-13T16:51:55.000000Z"},
        {"2021-05-13T00:30:00+01:00", "2021-05-12T23:30:00.000000Z"},
        {"2021-01-01T00:00:00+23:59", "2020-12-31T00:01:00.000000Z"},
        {"2021-12-31T24:00:00Z", "2022-01-01T00:00:00.000000Z"},
        {"2021-12-31T23:59:60Z", "2022-01-01T00:00:00.000000Z"},
        {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000000Z"},
        {"2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000000Z"},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[DATE_TEXT_SIZE];
        int64_t instant;

        CHECK(instant_parse(cases[i].text, &instant), "%s", cases[i].text);
        CHECK(strcmp(instant_format_us(instant, text), cases[i].means) == 0, "%s became %s",
              cases[i].text, text);
        CHECK(instant_parse_lenient(cases[i].text, &instant), "%s, leniently", cases[i].text);
        CHECK(strcmp(instant_format_us(instant, text), cases[i].means) == 0, "%s became %s",
              cases[i].text, text);
    }
}

static void anything_else_is_no_timestamp(void **state)
{
    static const char *const cases[] = {
        "",
        " ",
        "hello",
        "Z",
        "T",
        "2021",
        "2021-05",
        "2021-05-13",
        "20210513T112155Z",
        "20210101T000000Z",
        "2021-05-13T",
        "2021-05-13TZ",
        "2021-05-13T11",
        "2021-05-13T11:21",
        "2021-05-13T11:21Z",
        "2021-05-13T11:21-55Z",
        "2021-05-13T11-21:55Z",
        "2021-05-13T11:2x:55Z",
        "2021-05-13T11:21:5Z",
        "2021-05-13T1:21:55Z",
        "2021-5-13T11:21:55Z",
        "2021-05-1T11:21:55Z",
        "21-05-13T11:21:55Z",
        "12021-05-13T11:21:55Z",
        "+2021-05-13T11:21:55Z",
        "-2021-05-13T11:21:55Z",
        "2021-05-13 11:21:55Z",
        "2021-05-13T11:21:55.Z",
        "2021-05-13T11:21:55,",
        "2021-05-13T11:21:55;5",
        "2021-05-13T11:21:55 Z",
        "2021-05-13T11:21:55 01:00",
        "2021-05-13T11:21:55 +01:00",
        "2021-05-13T11:21:55+1",
        "2021-05-13T11:21:55+1:00",
        "2021-05-13T11:21:55+010",
        "2021-05-13T11:21:55+01:",
        "2021-05-13T11:21:55+01:0",
        "2021-05-13T11:21:55+01:000",
        "2021-05-13T11:21:55+24:00",
        "2021-05-13T11:21:55+01:60",
        "2021-05-13T11:21:55+",
        "2021-05-13T11:21:55ZZ",
        "2021-05-13T11:21:55Z+01",
        "2021-05-13T11:21:55BST",
        "2021-05-13T11:21:55 Europe/London",
        "2021-05-13T11:21:55Zx",
        "2021-13-01T00:00:00Z",
        "2021-00-01T00:00:00Z",
        "2021-01-00T00:00:00Z",
        "2021-01-32T00:00:00Z",
        "2021-04-31T00:00:00Z",
        "2021-02-29T00:00:00Z",
        "2021-02-30T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2021-05-13T25:00:00Z",
        "2021-05-13T24:00:01Z",
        "2021-05-13T24:01:00Z",
        "2021-05-13T24:00:00.1Z",
        "2021-05-13T11:60:00Z",
        "2021-05-13T11:21:61Z",
        "2021-05-13T-1:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T24:00:00Z",
        "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa1-05-13T11:21:55Z",
        "2021\xe2\x88\x92"
        "05\xe2\x88\x92"
        "13T11:21:55Z",
    };
    int64_t instant;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(!instant_parse(cases[i], &instant), "%s", cases[i]);
}

/* rules.md 2.4: what is readable, though not of the accepted form. */
static void a_lenient_reading_takes_dates_and_blanks(void **state)
{
    static const struct {
        const char *text;
        const char *means; /* NULL: not even so */
    } cases[] = {
        {"2024-10-01", "2024-10-01T00:00:00Z"},
        {" 2024-10-01 ", "2024-10-01T00:00:00Z"},
        {"2021-06-21 08:46:29", "2021-06-21T08:46:29Z"},
        {"2021-06-21 08:46:29+01:00", "2021-06-21T07:46:29Z"},
        {"2021-06-21 ", "2021-06-21T00:00:00Z"},
        {"2023-19-01T11:21:55Z", NULL},
        {"2024-02-30", NULL},
        {"hello", NULL},
        {"", NULL},
        {"2021-06-21  08:46:29", NULL},
        {"2021-06-21x", NULL},
        {"2021-06-21 08:46", "2021-06-21T08:46:00Z"},
        {"2021-06-21T08:46Z", "2021-06-21T08:46:00Z"},
        {"2021-06-21 08", NULL},
        {"2021-06-21 08:46:", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[DATE_TEXT_SIZE];
        int64_t instant;
        bool is_read = instant_parse_lenient(cases[i].text, &instant);

        CHECK(is_read == (cases[i].means != NULL), "%s", cases[i].text);
        if (is_read)
            CHECK(strcmp(instant_format(instant, text), cases[i].means) == 0, "%s became %s",
                  cases[i].text, text);
    }
}

static void days_are_read_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *text;
        int32_t day; /* DAY_NONE: refused */
    } cases[] = {
        {"1970-01-01", 0},         {"1970-01-02", 1},         {"1969-12-31", -1},
        {"2000-03-01", 11017},     {"2024-02-29", 19782},     {"1900-03-01", -25508},
        {"0001-01-01", -719162},   {"9999-12-31", 2932896},   {"2023-02-29", DAY_NONE},
        {"2024-13-01", DAY_NONE},  {"2024-1-01", DAY_NONE},   {"2024-01-01 ", DAY_NONE},
        {" 2024-01-01", DAY_NONE}, {"2024-01-01T", DAY_NONE}, {"", DAY_NONE},
        {"0000-12-31", DAY_NONE},  {"20240101", DAY_NONE},    {"2024/01/01", DAY_NONE},
        {"10000-01-01", DAY_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day = DAY_NONE;
        bool is_read = day_parse(cases[i].text, &day);

        CHECK(is_read == (cases[i].day != DAY_NONE), "%s", cases[i].text);
        CHECK(!is_read || day == cases[i].day, "%s is day %d", cases[i].text, (int)day);
    }
}

/* Each day between two far ones follows the one before, so months, leap years and centuries are
 * right. */
static void every_day_of_twelve_centuries_comes_back(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day;
    int year = 1500, month = 1, date = 1;

    (void)state;
    assert_true(day_parse("1500-01-01", &day));
    for (; year < 2700; day++) {
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        char text[DATE_TEXT_SIZE], expected[64];
        int32_t parsed;

        snprintf(expected, sizeof(expected), "%04d-%02d-%02d", year, month, date);
        CHECK(strcmp(day_format(day, text), expected) == 0, "%s is shown as %s", expected, text);
        CHECK(day_parse(text, &parsed) && parsed == day, "%s", text);
        if (++date > lengths[month - 1] + (month == 2 && is_leap ? 1 : 0)) {
            date = 1;
            if (++month > 12) {
                month = 1;
                year++;
            }
        }
    }
}

static void the_day_of_an_instant_is_the_one_it_falls_on(void **state)
{
    static const struct {
        int64_t instant;
        int32_t day;
    } cases[] = {{0, 0},
                 {INSTANT_DAY - 1, 0},
                 {INSTANT_DAY, 1},
                 {-1, -1},
                 {-INSTANT_DAY, -1},
                 {-INSTANT_DAY - 1, -2},
                 {-719162 * INSTANT_DAY, -719162},
                 {INT64_C(253402300799999999), 2932896}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK(day_of(cases[i].instant) == cases[i].day, "%lld", (long long)cases[i].instant);
        CHECK(day_start(cases[i].day) <= cases[i].instant, "%lld", (long long)cases[i].instant);
        CHECK(cases[i].instant - day_start(cases[i].day) < INSTANT_DAY, "%lld",
              (long long)cases[i].instant);
    }
}

static void instants_are_written_with_their_fraction_cut_off(void **state)
{
    static const struct {
        int64_t instant;
        const char *seconds;
        const char *milliseconds;
        const char *microseconds;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000000Z"},
        {-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999999Z"},
        {INT64_C(1668338515123999), "2022-11-13T11:21:55Z", "2022-11-13T11:21:55.123Z",
         "2022-11-13T11:21:55.123999Z"},
        {INT64_C(1668338515007001), "2022-11-13T11:21:55Z", "2022-11-13T11:21:55.007Z",
         "2022-11-13T11:21:55.007001Z"},
        {INT64_C(253402300799999999), "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999Z",
         "9999-12-31T23:59:59.999999Z"},
        {INT64_C(-62135596800000000), "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z",
         "0001-01-01T00:00:00.000000Z"},
    };
    char text[DATE_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(instant_format(cases[i].instant, text), cases[i].seconds);
        assert_string_equal(instant_format_ms(cases[i].instant, text), cases[i].milliseconds);
        assert_string_equal(instant_format_us(cases[i].instant, text), cases[i].microseconds);
    }
}

static void the_wall_clock_is_after_this_test_was_written(void **state)
{
    int64_t written;

    (void)state;
    assert_true(instant_parse("2025-01-01T00:00:00Z", &written));
    assert_true(instant_now() > written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps_of_the_contract_are_accepted),
        cmocka_unit_test(anything_else_is_no_timestamp),
        cmocka_unit_test(a_lenient_reading_takes_dates_and_blanks),
        cmocka_unit_test(days_are_read_whole_or_not_at_all),
        cmocka_unit_test(every_day_of_twelve_centuries_comes_back),
        cmocka_unit_test(the_day_of_an_instant_is_the_one_it_falls_on),
        cmocka_unit_test(instants_are_written_with_their_fraction_cut_off),
        cmocka_unit_test(the_wall_clock_is_after_this_test_was_written),
    };

    return RUN_TESTS(tests);
}
