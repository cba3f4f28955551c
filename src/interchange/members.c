/* The members of a record: scalars, objects, lists of rows. */
#include "line_reading.h"

#include <string.h>

#include "base/str.h"

enum { IDENTITIES_MAX = 100 };

static const struct record_member *find_inner(const struct record_member *members, const char *name)
{
    while (members->name != NULL && !str_equal(members->name, name))
        members++;
    return members->name != NULL ? members : NULL;
}

void line_reading_refuse_unknown(struct line_reading *reading, const struct record_member *member,
                                 json_t *object)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
        if (find_inner(member->members, name) == NULL)
            line_reading_add_problem(
                reading->record,
                line_reading_inner_name(reading, member, line_reading_shown(reading->record, name)),
                "unknown member");
}

static void put_text(struct buf *document, const char *column, const char *text)
{
    document_put(document, column, text, strlen(text));
}

/* One member inside an object; what is left out is null, as the whole object is replaced. */
static void read_inner(struct line_reading *reading, const struct record_member *outer,
                       const struct record_member *inner, const json_t *value)
{
    const char *name = line_reading_inner_name(reading, outer, inner->name);

    if (value != NULL && !line_reading_write(reading, inner, value, name))
        return;
    if (value == NULL && inner->absent == NULL) {
        line_reading_add_problem(reading->record, name, "is required");
        return;
    }
    if (value == NULL) {
        reading->value.length = 0;
        buf_add_text(&reading->value, inner->absent);
    }
    line_reading_put(reading, inner, outer->parts);
}

static void clear_object(struct line_reading *reading, const struct record_member *member)
{
    for (const struct record_member *inner = member->members; inner->name != NULL; inner++)
        put_text(line_reading_document(reading, 0), inner->column, "null");
}

static void read_object(struct line_reading *reading, const struct record_member *member,
                        json_t *value)
{
    if (!json_is_object(value) && !(json_is_null(value) && member->is_nullable)) {
        line_reading_add_problem(reading->record, member->name, "must be an object");
        return;
    }
    if (member->flag != NULL)
        put_text(line_reading_document(reading, 0), member->flag,
                 json_is_null(value) ? "false" : "true");
    if (json_is_null(value)) {
        clear_object(reading, member);
        return;
    }
    line_reading_refuse_unknown(reading, member, value);
    for (const struct record_member *inner = member->members; inner->name != NULL; inner++)
        read_inner(reading, member, inner, json_object_get(value, inner->name));
}

/* One element of a list of rows: a row of its own, which names the record it belongs to. */
static void read_element(struct line_reading *reading, const struct record_member *member,
                         json_t *element)
{
    const struct record_part *part = &reading->record->type->parts[2];
    int row = line_reading_add_row(reading->record, part->target);

    document_put_key(reading, &reading->record->rows[row].document, part->key_column);
    line_reading_refuse_unknown(reading, member, element);
    for (const struct record_member *inner = member->members; inner->name != NULL; inner++) {
        const json_t *value = json_object_get(element, inner->name);
        const char *name = line_reading_inner_name(reading, member, inner->name);

        if (value == NULL && inner->is_key)
            line_reading_add_problem(reading->record, name, "is required");
        if (value != NULL && line_reading_write(reading, inner, value, name))
            document_put(&reading->record->rows[row].document, inner->name, reading->value.data,
                         reading->value.length);
    }
}

static bool has_earlier_twin(const json_t *list, size_t index)
{
    const char *id = json_string_value(json_object_get(json_array_get(list, index), "id"));

    for (size_t i = 0; id != NULL && i < index; i++) {
        const char *other = json_string_value(json_object_get(json_array_get(list, i), "id"));

        if (other != NULL && str_equal_nocase(id, other))
            return true;
    }
    return false;
}

static void read_rows(struct line_reading *reading, const struct record_member *member,
                      json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) > IDENTITIES_MAX) {
        line_reading_add_problem(reading->record, member->name,
                                 "must be an array of at most 100 objects");
        return;
    }
    put_text(line_reading_document(reading, 0), member->flag, "true");
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_object(json_array_get(value, i)))
            line_reading_add_problem(reading->record, member->name, "must be an array of objects");
        else if (has_earlier_twin(value, i))
            line_reading_add_problem(reading->record, member->name, "names one id twice");
        else
            read_element(reading, member, json_array_get(value, i));
    }
}

static void read_member(struct line_reading *reading, const struct record_member *member)
{
    json_t *value = json_object_get(reading->json, member->name);

    if (value == NULL || member->is_key)
        return;
    if (member->kind == RECORD_OBJECT)
        read_object(reading, member, value);
    else if (member->kind == RECORD_ROWS)
        read_rows(reading, member, value);
    else if (line_reading_write(reading, member, value, member->name))
        line_reading_put(reading, member, member->parts);
}

void line_reading_members(struct line_reading *reading)
{
    const struct record_type *type = reading->record->type;

    if (type->parts[1].target != NULL)
        line_reading_document(reading, 1);
    for (const struct record_member *member = type->members; member->name != NULL; member++)
        read_member(reading, member);
    for (const struct record_member *member = record_common_members; member->name != NULL; member++)
        if (record_member_find(type, member->name) == member)
            read_member(reading, member);
}
