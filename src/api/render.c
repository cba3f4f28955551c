/* Rendering rows through their field tables. */
#include "api/render.h"

#include <string.h>

#include "base/date.h"

/* About as long as the shortest resources: longer ones double the buffer once or twice. */
enum { LIST_SIZE = 16, RESOURCE_SIZE = 512 };

void render_text(struct buf *out, const char *text)
{
    if (text == NULL)
        BUF_LITERAL(out, "null");
    else
        buf_add_json_string(out, text, strlen(text));
}

void render_uuid(struct buf *out, const struct uuid *uuid)
{
    char text[UUID_TEXT_SIZE + 2];

    if (uuid_is_none(uuid)) {
        BUF_LITERAL(out, "null");
        return;
    }
    text[0] = '"';
    uuid_format(uuid, text + 1);
    text[UUID_TEXT_SIZE] = '"';
    buf_add(out, text, UUID_TEXT_SIZE + 1);
}

/* Adds a text that needs no escaping, in quotes. */
static void add_quoted(struct buf *out, const char *text)
{
    buf_add_char(out, '"');
    buf_add_text(out, text);
    buf_add_char(out, '"');
}

void render_instant(struct buf *out, int64_t instant)
{
    char text[DATE_TEXT_SIZE];

    if (instant == INSTANT_NONE)
        BUF_LITERAL(out, "null");
    else
        add_quoted(out, instant_format(instant, text));
}

static void render_instant_ms(struct buf *out, int64_t instant)
{
    char text[DATE_TEXT_SIZE];

    if (instant == INSTANT_NONE)
        BUF_LITERAL(out, "null");
    else
        add_quoted(out, instant_format_ms(instant, text));
}

void render_day(struct buf *out, int32_t day)
{
    char text[DATE_TEXT_SIZE];

    if (day == DAY_NONE)
        BUF_LITERAL(out, "null");
    else
        add_quoted(out, day_format(day, text));
}

static void render_bool(struct buf *out, int8_t value)
{
    if (value == TRIBOOL_NONE)
        BUF_LITERAL(out, "null");
    else if (value == TRIBOOL_TRUE)
        BUF_LITERAL(out, "true");
    else
        BUF_LITERAL(out, "false");
}

static void render_year(struct buf *out, int16_t year)
{
    buf_add_char(out, '"');
    buf_add_int(out, year);
    buf_add_char(out, '"');
}

void render_value(struct buf *out, const struct field *field, const void *row,
                  const struct view_context *context)
{
    const void *member = (const char *)row + field->offset;

    switch (field->shown_as) {
    case SHOWN_TEXT:
        render_text(out, *(const char *const *)member);
        break;
    case SHOWN_BOOL:
        render_bool(out, *(const int8_t *)member);
        break;
    case SHOWN_UUID:
        render_uuid(out, member);
        break;
    case SHOWN_INSTANT:
        render_instant(out, *(const int64_t *)member);
        break;
    case SHOWN_INSTANT_MS:
        render_instant_ms(out, *(const int64_t *)member);
        break;
    case SHOWN_DAY:
        render_day(out, *(const int32_t *)member);
        break;
    case SHOWN_YEAR:
        render_year(out, *(const int16_t *)member);
        break;
    case SHOWN_NULL:
        BUF_LITERAL(out, "null");
        break;
    case SHOWN_FROM:
        field->write(out, row, context);
        break;
    }
}

void render_attributes(struct buf *out, const struct field *fields, size_t count, const void *row,
                       const struct view_context *context)
{
    char separator = '{';

    for (size_t i = 0; i < count; i++) {
        if ((fields[i].versions & context->version) == 0)
            continue;
        buf_add_char(out, separator);
        buf_add(out, fields[i].key, fields[i].key_length);
        render_value(out, &fields[i], row, context);
        separator = ',';
    }
    buf_add_char(out, '}');
}

void render_resource(struct buf *out, const struct view *view, const void *row,
                     const struct view_context *context)
{
    BUF_LITERAL(out, "{\"id\":");
    render_uuid(out, (const void *)((const char *)row + view->id_offset));
    BUF_LITERAL(out, ",\"type\":");
    add_quoted(out, view->type);
    BUF_LITERAL(out, ",\"attributes\":");
    render_attributes(out, view->fields, view->field_count, row, context);
    buf_add_char(out, '}');
}

void render_list(struct buf *out, const struct view *view, const void *rows, size_t count,
                 size_t row_size, const struct view_context *context)
{
    buf_reserve(out, LIST_SIZE + count * RESOURCE_SIZE);
    BUF_LITERAL(out, "{\"data\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        render_resource(out, view, (const char *)rows + i * row_size, context);
    }
    BUF_LITERAL(out, "]}");
}

void render_one(struct buf *out, const struct view *view, const void *row,
                const struct view_context *context)
{
    BUF_LITERAL(out, "{\"data\":");
    render_resource(out, view, row, context);
    buf_add_char(out, '}');
}
