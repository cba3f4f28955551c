/* JSON:API documents, written straight into a buffer. */
#pragma once

#include "base/buf.h"
#include "base/field.h"

/* How one resource is shown. */
struct view {
    const char *type;
    size_t id_offset; /* of a struct uuid in the row */
    const struct field *fields;
    size_t field_count;
};

/* {"data":[...]} and {"data":{...}}. */
void render_list(struct buf *out, const struct view *view, const void *rows, size_t count,
                 size_t row_size, const struct view_context *context);
void render_one(struct buf *out, const struct view *view, const void *row,
                const struct view_context *context);

/* {"id":...,"type":...,"attributes":{...}}, for a list that is written piece by piece. */
void render_resource(struct buf *out, const struct view *view, const void *row,
                     const struct view_context *context);

/* {"name":value,...}: the attributes of one row. */
void render_attributes(struct buf *out, const struct field *fields, size_t count, const void *row,
                       const struct view_context *context);

/* The same as CSV: a header line, and a line per row. Contract v1-v2.md 2.6. */
void render_csv_header(struct buf *out, const struct view *view,
                       const struct view_context *context);
void render_csv_row(struct buf *out, const struct view *view, const void *row,
                    const struct view_context *context);

/* The value of one attribute. */
void render_value(struct buf *out, const struct field *field, const void *row,
                  const struct view_context *context);

/* Single values, for functions that show an attribute; the null values become null. */
void render_text(struct buf *out, const char *text);
void render_uuid(struct buf *out, const struct uuid *uuid);
void render_instant(struct buf *out, int64_t instant);
void render_day(struct buf *out, int32_t day);
