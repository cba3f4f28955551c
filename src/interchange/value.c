/* One value of a record, checked and written. */
#include "value.h"

#include <string.h>

#include "base/date.h"
#include "base/str.h"
#include "base/uuid.h"

/* Whoever was born before the first or trained after the second is a typing mistake. */
#define FIRST_DAY "1900-01-01"
#define LAST_DAY "2199-12-31"

static bool is_plausible(int32_t day)
{
    int32_t first, last;

    return day_parse(FIRST_DAY, &first) && day_parse(LAST_DAY, &last) && day >= first &&
           day <= last;
}

static void add_string(struct buf *out, const char *text)
{
    buf_add_json_string(out, text, strlen(text));
}

static const char *write_text(struct buf *out, const struct record_member *member,
                              const json_t *value, struct arena *arena)
{
    (void)arena;
    if (!json_is_string(value))
        return "must be a text";
    if (member->kind == RECORD_NAME && str_is_blank(json_string_value(value)))
        return "must not be blank";
    buf_add_json_string(out, json_string_value(value), json_string_length(value));
    return NULL;
}

static const char *write_uuid(struct buf *out, const struct record_member *member,
                              const json_t *value, struct arena *arena)
{
    char text[UUID_TEXT_SIZE];
    struct uuid uuid;

    (void)member;
    (void)arena;
    if (!json_is_string(value) || !uuid_parse(json_string_value(value), &uuid))
        return "must be a UUID";
    add_string(out, uuid_format(&uuid, text));
    return NULL;
}

static const char *write_instant(struct buf *out, const struct record_member *member,
                                 const json_t *value, struct arena *arena)
{
    char text[DATE_TEXT_SIZE];
    int64_t instant;
    int32_t day;

    (void)member;
    (void)arena;
    if (!json_is_string(value))
        return "must be a timestamp such as 2024-09-01T09:00:00Z";
    if (day_parse(json_string_value(value), &day))
        instant = day_start(day);
    else if (!instant_parse(json_string_value(value), &instant))
        return "must be a timestamp such as 2024-09-01T09:00:00Z";
    if (!is_plausible(day_of(instant)))
        return "must be a timestamp between " FIRST_DAY " and " LAST_DAY;
    add_string(out, instant_format_us(instant, text));
    return NULL;
}

static const char *write_day(struct buf *out, const struct record_member *member,
                             const json_t *value, struct arena *arena)
{
    char text[DATE_TEXT_SIZE];
    int32_t day;

    (void)member;
    (void)arena;
    if (!json_is_string(value) || !day_parse(json_string_value(value), &day))
        return "must be a date such as 2024-09-01";
    if (!is_plausible(day))
        return "must be a date between " FIRST_DAY " and " LAST_DAY;
    add_string(out, day_format(day, text));
    return NULL;
}

static const char *write_bool(struct buf *out, const struct record_member *member,
                              const json_t *value, struct arena *arena)
{
    (void)arena;
    if (!json_is_boolean(value) && !(member->kind == RECORD_FLAG && json_is_null(value)))
        return "must be true or false";
    buf_add_text(out, json_is_true(value) ? "true" : "false");
    return NULL;
}

static const char *write_int(struct buf *out, const struct record_member *member,
                             const json_t *value, struct arena *arena)
{
    bool is_cohort = member->kind == RECORD_COHORT;
    json_int_t number = json_integer_value(value);

    (void)arena;
    if (!json_is_integer(value) || number < (is_cohort ? 2020 : INT32_MIN) ||
        number > (is_cohort ? 2100 : INT32_MAX))
        return is_cohort ? "must be a start year such as 2024" : "must be a whole number";
    buf_add_int(out, number);
    return NULL;
}

static const char *name_allowed(const char *const *allowed, struct arena *arena)
{
    const char *text = arena_printf(arena, "must be one of %s", allowed[0]);

    for (size_t i = 1; allowed[i] != NULL; i++)
        text = arena_printf(arena, "%s, %s", text, allowed[i]);
    return text;
}

static const char *write_enum(struct buf *out, const struct record_member *member,
                              const json_t *value, struct arena *arena)
{
    for (size_t i = 0; json_is_string(value) && member->allowed[i] != NULL; i++) {
        if (!str_equal(member->allowed[i], json_string_value(value)))
            continue;
        add_string(out, member->allowed[i]);
        return NULL;
    }
    return name_allowed(member->allowed, arena);
}

bool value_is_month(const char *text)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int64_t year;

    for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++) {
        size_t length = strlen(months[i]);

        if (str_starts_with(text, months[i]) && text[length] == ' ')
            return strlen(text) == length + 5 &&
                   str_parse_int(text + length + 1, 2000, 2199, &year);
    }
    return false;
}

static const char *write_month(struct buf *out, const struct record_member *member,
                               const json_t *value, struct arena *arena)
{
    (void)member;
    (void)arena;
    if (!json_is_string(value) || !value_is_month(json_string_value(value)))
        return "must be a month and a year such as January 2025";
    add_string(out, json_string_value(value));
    return NULL;
}

static const char *write_uuids(struct buf *out, const struct record_member *member,
                               const json_t *value, struct arena *arena)
{
    if (!json_is_array(value))
        return "must be an array of UUIDs";
    buf_add_char(out, '[');
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (i > 0)
            buf_add_char(out, ',');
        if (write_uuid(out, member, json_array_get(value, i), arena) != NULL)
            return "must be an array of UUIDs";
    }
    buf_add_char(out, ']');
    return NULL;
}

/* The record's own code writes the kinds that are not here. */
static const char *(*const writers[])(struct buf *out, const struct record_member *member,
                                      const json_t *value, struct arena *arena) = {
    [RECORD_TEXT] = write_text,       [RECORD_NAME] = write_text,   [RECORD_UUID] = write_uuid,
    [RECORD_INSTANT] = write_instant, [RECORD_DAY] = write_day,     [RECORD_BOOL] = write_bool,
    [RECORD_FLAG] = write_bool,       [RECORD_INT] = write_int,     [RECORD_COHORT] = write_int,
    [RECORD_ENUM] = write_enum,       [RECORD_MONTH] = write_month, [RECORD_UUIDS] = write_uuids,
};

const char *value_write(struct buf *out, const struct record_member *member, const json_t *value,
                        struct arena *arena)
{
    if (json_is_null(value) && member->is_nullable) {
        buf_add_text(out, "null");
        return NULL;
    }
    if (json_is_null(value) && member->kind != RECORD_FLAG)
        return "must not be null";
    return writers[member->kind](out, member, value, arena);
}
