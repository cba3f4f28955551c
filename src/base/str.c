/* Questions about text. */
#include "base/str.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"

bool str_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool str_equal_nocase(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

bool str_starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool str_ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);

    return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool str_is_blank(const char *text)
{
    if (text == NULL)
        return true;
    while (is_space(*text))
        text++;
    return *text == '\0';
}

/* Adds a digit to a number; at the end of the range it stays there and says so. */
static bool add_digit(int64_t *value, char digit)
{
    if (__builtin_mul_overflow(*value, 10, value) ||
        __builtin_add_overflow(*value, digit - '0', value)) {
        *value = INT64_MAX;
        return false;
    }
    return true;
}

bool str_parse_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
    bool is_negative = *text == '-';
    int64_t value = 0;

    if (is_negative)
        text++;
    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++)
        if (!add_digit(&value, *text))
            return false;
    if (is_negative)
        value = -value;
    if (*text != '\0' || value < min || value > max)
        return false;
    *out = value;
    return true;
}

int64_t str_leading_int(const char *text)
{
    bool is_negative;
    int64_t value = 0;

    while (is_space(*text))
        text++;
    is_negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (!is_digit(*text))
        return 0;
    for (; is_digit(*text) || (*text == '_' && is_digit(text[1])); text++)
        if (*text != '_' && !add_digit(&value, *text))
            break;
    return is_negative ? -value : value;
}

/* Length of the UTF-8 sequence at bytes, 0 if it is none. */
static size_t sequence_length(const unsigned char *bytes, size_t available)
{
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;

    if (bytes[0] == 0 || (bytes[0] >= 0x80 && bytes[0] < 0xC2) || bytes[0] > 0xF4 ||
        length > available)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    if ((bytes[0] == 0xE0 && bytes[1] < 0xA0) || (bytes[0] == 0xED && bytes[1] > 0x9F) ||
        (bytes[0] == 0xF0 && bytes[1] < 0x90) || (bytes[0] == 0xF4 && bytes[1] > 0x8F))
        return 0;
    return length;
}

bool str_is_utf8(const char *bytes, size_t length)
{
    const unsigned char *cursor = (const unsigned char *)bytes;

    while (length > 0) {
        size_t step = sequence_length(cursor, length);

        if (step == 0)
            return false;
        cursor += step;
        length -= step;
    }
    return true;
}

static bool is_ascii(const char *text, size_t length)
{
    unsigned char all = 0;

    for (size_t i = 0; i < length; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

const char *str_clean(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    char *copy;

    if (is_ascii(text, length) || str_is_utf8(text, length))
        return text;
    copy = arena_strndup(arena, text, length);
    for (char *cursor = copy; *cursor != '\0'; cursor++)
        if ((unsigned char)*cursor >= 0x80)
            *cursor = '?';
    return copy;
}
