/* CSV documents out of the same field tables as JSON. */
#include <stdlib.h>
#include <string.h>

#include "api/render.h"

/* A field is quoted if it is empty or holds what would be misread. */
static void add_cell(struct buf *out, const char *text, size_t length)
{
    bool is_quoted = length == 0;

    for (size_t i = 0; i < length && !is_quoted; i++)
        is_quoted = text[i] == ',' || text[i] == '"' || text[i] == '\r' || text[i] == '\n';
    if (!is_quoted) {
        buf_add(out, text, length);
        return;
    }
    buf_add_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, text[i]);
    }
    buf_add_char(out, '"');
}

/* U+0000 to U+FFFF as UTF-8. */
static void add_code_point(struct buf *out, unsigned code)
{
    if (code < 0x80) {
        buf_add_char(out, (char)code);
        return;
    }
    if (code >= 0x800) {
        buf_add_char(out, (char)(0xE0 | code >> 12));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
    } else {
        buf_add_char(out, (char)(0xC0 | code >> 6));
    }
    buf_add_char(out, (char)(0x80 | (code & 0x3F)));
}

/* Undoes the escapes of buf_add_json_string(). */
static void unescape(struct buf *out, const char *json, size_t length)
{
    static const char names[] = "btnfr", values[] = "\b\t\n\f\r";

    for (size_t i = 0; i < length; i++) {
        const char *name;

        if (json[i] != '\\') {
            buf_add_char(out, json[i]);
            continue;
        }
        i++;
        name = strchr(names, json[i]);
        if (json[i] == 'u') {
            const char digits[5] = {json[i + 1], json[i + 2], json[i + 3], json[i + 4], '\0'};

            add_code_point(out, (unsigned)strtoul(digits, NULL, 16));
            i += 4;
        } else {
            buf_add_char(out, name != NULL ? values[name - names] : json[i]);
        }
    }
}

/* A JSON scalar as a cell: null is empty, texts lose their quotes. */
static void add_value(struct buf *out, const struct buf *json, struct buf *scratch)
{
    if (json->data[0] != '"') {
        bool is_null = json->data[0] == 'n';

        add_cell(out, json->data, is_null ? 0 : json->length);
        return;
    }
    scratch->length = 0;
    unescape(scratch, json->data + 1, json->length - 2);
    add_cell(out, scratch->data, scratch->length);
}

static size_t key_length(const struct field *field)
{
    return field->key_length - strlen("\"\":");
}

void render_csv_header(struct buf *out, const struct view *view, const struct view_context *context)
{
    BUF_LITERAL(out, "id");
    for (size_t i = 0; i < view->field_count; i++) {
        if ((view->fields[i].versions & context->version) == 0)
            continue;
        buf_add_char(out, ',');
        buf_add(out, view->fields[i].key + 1, key_length(&view->fields[i]));
    }
    buf_add_char(out, '\n');
}

void render_csv_row(struct buf *out, const struct view *view, const void *row,
                    const struct view_context *context)
{
    char id[UUID_TEXT_SIZE];
    struct buf json = {0};
    struct buf scratch = {0};

    buf_add_text(out, uuid_format((const void *)((const char *)row + view->id_offset), id));
    for (size_t i = 0; i < view->field_count; i++) {
        if ((view->fields[i].versions & context->version) == 0)
            continue;
        buf_add_char(out, ',');
        json.length = 0;
        render_value(&json, &view->fields[i], row, context);
        add_value(out, &json, &scratch);
    }
    buf_add_char(out, '\n');
    buf_finish(&json);
    buf_finish(&scratch);
}
