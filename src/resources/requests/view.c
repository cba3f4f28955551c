/* The attributes of a recorded request. */
#include "view.h"

/* What the query made as JSON is written as it is. */
static void write_status(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    buf_add_text(out, ((const struct api_request_row *)row)->status);
}

static void write_error_titles(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    buf_add_text(out, ((const struct api_request_row *)row)->error_titles);
}

static void write_duration(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    buf_add_text(out, ((const struct api_request_row *)row)->duration_ms);
}

static const struct field fields[] = {
    FIELD(api_request_row, created_at, INSTANT_MS, V3),
    FIELD(api_request_row, method, TEXT, V3),
    FIELD(api_request_row, path, TEXT, V3),
    FIELD_FROM("status", write_status, V3),
    FIELD_FROM("error_titles", write_error_titles, V3),
    FIELD_FROM("duration_ms", write_duration, V3),
    FIELD(api_request_row, request_id, TEXT, V3),
};

const struct view api_requests_view = {"api_request", offsetof(struct api_request_row, id), fields,
                                       COUNT_OF(fields)};
