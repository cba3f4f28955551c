/* Rows of a binary COPY, written straight into a buffer: nothing is escaped here nor parsed there.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/uuid.h"

/* Begins a row; as many values follow. */
void copy_row_begin(struct buf *out, int16_t columns);

/* One value each. Texts are valid UTF-8; a NULL text and UUID_NONE become null. */
void copy_add_text(struct buf *out, const char *text);
void copy_add_int(struct buf *out, int32_t value);
void copy_add_uuid(struct buf *out, const struct uuid *uuid);
void copy_add_instant(struct buf *out, int64_t instant);

/* A text, or a value of type jsonb: what is added to the buffer until the end. */
size_t copy_text_begin(struct buf *out);
size_t copy_json_begin(struct buf *out);
void copy_end(struct buf *out, size_t begun);

/* What stands before the first row and after the last one. */
extern const char COPY_HEADER[];
extern const char COPY_TRAILER[];
enum { COPY_HEADER_SIZE = 19, COPY_TRAILER_SIZE = 2 };
