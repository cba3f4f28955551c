/* The growing buffer and its JSON strings. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_finish(struct buf *buf)
{
    free(buf->data);
    *buf = (struct buf){0};
}

void buf_grow(struct buf *buf, size_t more)
{
    size_t capacity = buf->capacity > 0 ? buf->capacity : 256;
    char *data;

    while (capacity - buf->length < more) {
        if (capacity > SIZE_MAX / 2)
            abort();
        capacity *= 2;
    }
    data = realloc(buf->data, capacity);
    if (data == NULL)
        abort();
    buf->data = data;
    buf->capacity = capacity;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    buf_reserve(buf, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(buf->data + buf->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buf->length += (size_t)length;
}

void buf_add_int(struct buf *buf, int64_t value)
{
    char digits[24];
    char *start = digits + sizeof(digits);
    uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;

    do {
        *--start = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--start = '-';
    buf_add(buf, start, (size_t)(digits + sizeof(digits) - start));
}

char *buf_terminate(struct buf *buf)
{
    buf_reserve(buf, 1);
    buf->data[buf->length] = '\0';
    return buf->data;
}

char *buf_take(struct buf *buf, size_t *length)
{
    char *data = buf_terminate(buf);

    *length = buf->length;
    *buf = (struct buf){0};
    return data;
}

/* Bytes that a JSON string does not hold as they are; 0xE2 begins U+2028 and U+2029. */
#define EIGHT true, true, true, true, true, true, true, true
static const bool is_special[256] = {
    EIGHT,        EIGHT,        EIGHT,        EIGHT,         ['"'] = true,
    ['&'] = true, ['<'] = true, ['>'] = true, ['\\'] = true, [0xE2] = true,
};
#undef EIGHT

static void add_code(struct buf *buf, unsigned code)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[] = {
        '\\',
        'u',
        digits[code >> 12 & 15],
        digits[code >> 8 & 15],
        digits[code >> 4 & 15],
        digits[code & 15],
    };

    buf_add(buf, escape, sizeof(escape));
}

static void add_control(struct buf *buf, unsigned char c)
{
    static const char short_form[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                      ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};

    if (c < sizeof(short_form) && short_form[c] != '\0') {
        buf_add_char(buf, '\\');
        buf_add_char(buf, short_form[c]);
    } else {
        add_code(buf, c);
    }
}

/* Escapes what stands at text[0]; returns how many bytes it took. */
static size_t add_special(struct buf *buf, const char *text, size_t length)
{
    if ((unsigned char)text[0] != 0xE2) {
        add_control(buf, (unsigned char)text[0]);
        return 1;
    }
    if (length >= 3 && (unsigned char)text[1] == 0x80 && ((unsigned char)text[2] & 0xFE) == 0xA8) {
        add_code(buf, 0x2028U + ((unsigned char)text[2] & 1U));
        return 3;
    }
    buf_add_char(buf, text[0]);
    return 1;
}

void buf_add_json_string(struct buf *buf, const char *text, size_t length)
{
    size_t start = 0;
    size_t i = 0;

    buf_reserve(buf, length + 2);
    buf_add_char(buf, '"');
    while (i < length) {
        if (!is_special[(unsigned char)text[i]]) {
            i++;
            continue;
        }
        buf_add(buf, text + start, i - start);
        i += add_special(buf, text + i, length - i);
        start = i;
    }
    buf_add(buf, text + start, length - start);
    buf_add_char(buf, '"');
}
