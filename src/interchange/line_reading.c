/* What is done with a line while it is read: problems, rows, values. */
#include "line_reading.h"

#include <stdlib.h>
#include <string.h>

#include "value.h"

enum { SHOWN_MAX = 120 };

void line_reading_finish(struct line_reading *reading)
{
    buf_finish(&reading->id);
    buf_finish(&reading->value);
}

void line_reading_add_problem(struct record *record, const char *member, const char *text)
{
    if (record->problem_count < RECORD_PROBLEMS_MAX)
        record->problems[record->problem_count++] = (struct record_problem){member, text};
}

const char *line_reading_shown(struct record *record, const char *text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/:.";

    if (*text == '\0' || strlen(text) > SHOWN_MAX || text[strspn(text, allowed)] != '\0')
        return "(unprintable)";
    return arena_strdup(&record->arena, text);
}

const char *line_reading_inner_name(struct line_reading *reading, const struct record_member *outer,
                                    const char *inner)
{
    return arena_printf(&reading->record->arena, "%s.%s", outer->name, inner);
}

int line_reading_add_row(struct record *record, const char *target)
{
    if (record->row_count == record->row_capacity) {
        size_t capacity = record->row_capacity > 0 ? record->row_capacity * 2 : 8;
        struct record_row *rows = realloc(record->rows, capacity * sizeof(*rows));

        if (rows == NULL)
            abort();
        memset(rows + record->row_capacity, 0, (capacity - record->row_capacity) * sizeof(*rows));
        record->rows = rows;
        record->row_capacity = capacity;
    }
    record->rows[record->row_count].target = target;
    record->rows[record->row_count].document.length = 0;
    buf_add_char(&record->rows[record->row_count].document, '{');
    return (int)record->row_count++;
}

void document_put(struct buf *document, const char *column, const char *json, size_t length)
{
    if (document->length > 1)
        buf_add_char(document, ',');
    buf_add_json_string(document, column, strlen(column));
    buf_add_char(document, ':');
    buf_add(document, json, length);
}

void document_put_key(struct line_reading *reading, struct buf *document, const char *column)
{
    document_put(document, column, "\"", 1);
    buf_add(document, reading->id.data, reading->id.length);
    buf_add_char(document, '"');
}

struct buf *line_reading_document(struct line_reading *reading, size_t part)
{
    const struct record_part *of = &reading->record->type->parts[part];

    if (reading->part_row[part] == DRAFT_NO_ROW) {
        reading->part_row[part] = line_reading_add_row(reading->record, of->target);
        if (of->key_column != NULL)
            document_put_key(reading, &reading->record->rows[reading->part_row[part]].document,
                             of->key_column);
    }
    return &reading->record->rows[reading->part_row[part]].document;
}

bool line_reading_write(struct line_reading *reading, const struct record_member *member,
                        const json_t *value, const char *shown_name)
{
    const char *problem;

    reading->value.length = 0;
    problem = value_write(&reading->value, member, value, &reading->record->arena);
    if (problem != NULL)
        line_reading_add_problem(reading->record, shown_name, problem);
    return problem == NULL;
}

void line_reading_put(struct line_reading *reading, const struct record_member *member,
                      unsigned parts)
{
    for (size_t part = 0; part < RECORD_PARTS_MAX; part++)
        if (((parts == 0 ? 1U : parts) & (1U << part)) != 0)
            document_put(line_reading_document(reading, part),
                         member->column != NULL ? member->column : member->name,
                         reading->value.data, reading->value.length);
}
