/* PostgreSQL's binary COPY format: network byte order, each value after its length. */
#include "db/copy_row.h"

#include <endian.h>
#include <string.h>

/* PostgreSQL counts instants from 2000-01-01. */
static const int64_t EPOCH_SHIFT_US = INT64_C(946684800000000);

enum { JSONB_VERSION = 1 };

const char COPY_HEADER[COPY_HEADER_SIZE + 1] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
const char COPY_TRAILER[COPY_TRAILER_SIZE + 1] = "\377\377";

static void add_4(struct buf *out, int32_t value)
{
    uint32_t bytes = htobe32((uint32_t)value);

    buf_add(out, (const char *)&bytes, sizeof(bytes));
}

static void add_null(struct buf *out)
{
    add_4(out, -1);
}

void copy_row_begin(struct buf *out, int16_t columns)
{
    uint16_t bytes = htobe16((uint16_t)columns);

    buf_add(out, (const char *)&bytes, sizeof(bytes));
}

void copy_add_text(struct buf *out, const char *text)
{
    size_t length;

    if (text == NULL) {
        add_null(out);
        return;
    }
    length = strlen(text);
    add_4(out, (int32_t)length);
    buf_add(out, text, length);
}

void copy_add_int(struct buf *out, int32_t value)
{
    add_4(out, sizeof(value));
    add_4(out, value);
}

void copy_add_uuid(struct buf *out, const struct uuid *uuid)
{
    if (uuid_is_none(uuid)) {
        add_null(out);
        return;
    }
    add_4(out, sizeof(uuid->bytes));
    buf_add(out, (const char *)uuid->bytes, sizeof(uuid->bytes));
}

void copy_add_instant(struct buf *out, int64_t instant)
{
    uint64_t bytes = htobe64((uint64_t)(instant - EPOCH_SHIFT_US));

    add_4(out, sizeof(bytes));
    buf_add(out, (const char *)&bytes, sizeof(bytes));
}

size_t copy_text_begin(struct buf *out)
{
    add_4(out, 0); /* the length, once it is known */
    return out->length;
}

size_t copy_json_begin(struct buf *out)
{
    size_t begun = copy_text_begin(out);

    buf_add_char(out, JSONB_VERSION);
    return begun;
}

void copy_end(struct buf *out, size_t begun)
{
    uint32_t length = htobe32((uint32_t)(out->length - begun));

    memcpy(out->data + begun - sizeof(length), &length, sizeof(length));
}
