/* Calendar arithmetic and the date texts of the contract. */
#include "base/date.h"

#include <stdio.h>
#include <time.h>

int64_t instant_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * INSTANT_SECOND + now.tv_nsec / 1000;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar; years are counted from
 * March, so that the leap day is the last of its year. */
static int32_t days_from_civil(int year, int month, int day)
{
    int shifted = month <= 2 ? year - 1 : year;
    int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int32_t days, int *year, int *month, int *day)
{
    int shifted = days + 719468;
    int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

/* Years have four digits, in UTC too: what was read can be written. */
static bool has_four_digit_year(int64_t instant)
{
    return instant >= day_start(days_from_civil(1, 1, 1)) &&
           instant < day_start(days_from_civil(10000, 1, 1));
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Reads exactly count digits and moves on. */
static bool read_digits(const char **cursor, int count, int *out)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (!is_digit((*cursor)[i]))
            return false;
        value = value * 10 + ((*cursor)[i] - '0');
    }
    *cursor += count;
    *out = value;
    return true;
}

static bool read_char(const char **cursor, char wanted)
{
    if (**cursor != wanted)
        return false;
    (*cursor)++;
    return true;
}

static bool read_day(const char **cursor, int32_t *out)
{
    int year, month, day;

    if (!read_digits(cursor, 4, &year) || !read_char(cursor, '-') ||
        !read_digits(cursor, 2, &month) || !read_char(cursor, '-') || !read_digits(cursor, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *out = days_from_civil(year, month, day);
    return true;
}

/* An optional fraction of a second; what is finer than a microsecond is cut off. */
static bool read_fraction(const char **cursor, int64_t *microseconds)
{
    int64_t scale = INSTANT_SECOND / 10;

    if (**cursor != '.' && **cursor != ',')
        return true;
    (*cursor)++;
    if (!is_digit(**cursor))
        return false;
    for (; is_digit(**cursor); (*cursor)++, scale /= 10)
        *microseconds += (**cursor - '0') * scale;
    return true;
}

static int64_t time_of(int64_t hours, int64_t minutes, int64_t seconds)
{
    return ((hours * 60 + minutes) * 60 + seconds) * INSTANT_SECOND;
}

/* hh:mm:ss[.fraction] as microseconds of the day; leniently, hh:mm is enough. */
static bool read_time(const char **cursor, bool is_lenient, int64_t *out)
{
    int hour, minute, second = 0;
    int64_t fraction = 0;

    if (!read_digits(cursor, 2, &hour) || !read_char(cursor, ':') ||
        !read_digits(cursor, 2, &minute))
        return false;
    if ((!is_lenient || **cursor == ':') &&
        (!read_char(cursor, ':') || !read_digits(cursor, 2, &second) ||
         !read_fraction(cursor, &fraction)))
        return false;
    if (hour > 24 || minute > 59 || second > 60 ||
        (hour == 24 && (minute > 0 || second > 0 || fraction > 0)))
        return false;
    *out = time_of(hour, minute, second) + fraction;
    return true;
}

/* Z, +hh, +hhmm, +hh:mm or nothing, as microseconds east of UTC. */
static bool read_zone(const char **cursor, int64_t *out)
{
    int hours = 0, minutes = 0;
    char sign = **cursor;

    *out = 0;
    if (sign == 'Z' || sign == 'z') {
        (*cursor)++;
        return true;
    }
    if (sign != '+' && sign != '-')
        return true;
    (*cursor)++;
    if (!read_digits(cursor, 2, &hours))
        return false;
    if (**cursor == ':')
        (*cursor)++;
    else if (!is_digit(**cursor))
        goto done;
    if (!read_digits(cursor, 2, &minutes))
        return false;
done:
    if (hours > 23 || minutes > 59)
        return false;
    *out = time_of(hours, minutes, 0) * (sign == '-' ? -1 : 1);
    return true;
}

static bool parse_instant(const char *text, bool is_lenient, int64_t *out)
{
    const char *cursor = text;
    int32_t day;
    int64_t time = 0, zone = 0;

    while (is_blank(*cursor))
        cursor++;
    if (!read_day(&cursor, &day))
        return false;
    if (*cursor == 'T' || *cursor == 't' || (is_lenient && *cursor == ' ' && is_digit(cursor[1]))) {
        cursor++;
        if (!read_time(&cursor, is_lenient, &time) || !read_zone(&cursor, &zone))
            return false;
    } else if (!is_lenient) {
        return false;
    }
    while (is_blank(*cursor))
        cursor++;
    if (*cursor != '\0')
        return false;
    *out = day_start(day) + time - zone;
    return has_four_digit_year(*out);
}

bool instant_parse(const char *text, int64_t *out)
{
    return parse_instant(text, false, out);
}

bool instant_parse_lenient(const char *text, int64_t *out)
{
    return parse_instant(text, true, out);
}

bool day_parse(const char *text, int32_t *out)
{
    const char *cursor = text;

    return read_day(&cursor, out) && *cursor == '\0';
}

int32_t day_of(int64_t instant)
{
    int64_t day = instant / INSTANT_DAY;

    return (int32_t)(instant % INSTANT_DAY < 0 ? day - 1 : day);
}

int64_t day_start(int32_t day)
{
    return day * INSTANT_DAY;
}

static char *put_digits(char *out, int value, int count)
{
    for (int i = count - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + count;
}

static char *put_day(char *out, int32_t day)
{
    int year, month, day_of_month;

    civil_from_days(day, &year, &month, &day_of_month);
    out = put_digits(out, year, 4);
    *out++ = '-';
    out = put_digits(out, month, 2);
    *out++ = '-';
    return put_digits(out, day_of_month, 2);
}

/* Date and time of day with this many digits of a fraction, without the zone. */
static void put_instant(char *out, int64_t instant, int fraction_digits)
{
    int32_t day = day_of(instant);
    int64_t time = instant - day_start(day);
    int seconds = (int)(time / INSTANT_SECOND);
    int fraction = (int)(time % INSTANT_SECOND);

    out = put_day(out, day);
    *out++ = 'T';
    out = put_digits(out, seconds / 3600, 2);
    *out++ = ':';
    out = put_digits(out, seconds / 60 % 60, 2);
    *out++ = ':';
    out = put_digits(out, seconds % 60, 2);
    if (fraction_digits > 0) {
        *out++ = '.';
        out = put_digits(out, fraction_digits == 3 ? fraction / 1000 : fraction, fraction_digits);
    }
    *out++ = 'Z';
    *out = '\0';
}

const char *instant_format(int64_t instant, char out[static DATE_TEXT_SIZE])
{
    put_instant(out, instant, 0);
    return out;
}

const char *instant_format_ms(int64_t instant, char out[static DATE_TEXT_SIZE])
{
    put_instant(out, instant, 3);
    return out;
}

const char *instant_format_us(int64_t instant, char out[static DATE_TEXT_SIZE])
{
    put_instant(out, instant, 6);
    return out;
}

const char *day_format(int32_t day, char out[static DATE_TEXT_SIZE])
{
    *put_day(out, day) = '\0';
    return out;
}
