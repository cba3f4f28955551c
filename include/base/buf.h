/* A growing byte buffer, and the JSON and CSV that is written straight into it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *data; /* malloc'd; not NUL-terminated unless buf_terminate() was called */
    size_t length;
    size_t capacity;
};

/* A zeroed struct buf is empty and ready. Running out of memory ends the process. */
void buf_finish(struct buf *buf);
void buf_grow(struct buf *buf, size_t more);

/* Every answer is written a few bytes at a time: so these are inline. */
static inline void buf_reserve(struct buf *buf, size_t more)
{
    if (buf->capacity - buf->length < more)
        buf_grow(buf, more);
}

static inline void buf_add(struct buf *buf, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    buf_reserve(buf, length);
    memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
}

static inline void buf_add_char(struct buf *buf, char c)
{
    buf_reserve(buf, 1);
    buf->data[buf->length++] = c;
}

static inline void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_add_int(struct buf *buf, int64_t value);

/* Puts a NUL behind the content (not counted in length) and returns the content. */
char *buf_terminate(struct buf *buf);

/* Takes the memory over: the buffer is empty afterwards, the caller frees. */
char *buf_take(struct buf *buf, size_t *length);

/* A JSON string with its quotes; < > & U+2028 U+2029 as \u escapes (contract platform.md 5.5). */
void buf_add_json_string(struct buf *buf, const char *text, size_t length);

#define BUF_LITERAL(buf, literal) buf_add((buf), "" literal, sizeof(literal) - 1)
