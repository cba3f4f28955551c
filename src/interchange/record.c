/* One line of the interchange format, read into rows. */
#include "interchange/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "api/token.h"
#include "base/err.h"
#include "base/str.h"
#include "value.h"

enum { SHOWN_MAX = 120, IDENTITIES_MAX = 100, NO_ROW = -1 };

struct reading {
    struct record *record;
    const json_t *json;
    const char *token_secret;
    int part_row[RECORD_PARTS_MAX]; /* index of the row of each part */
    struct buf id;
    struct buf value;
};

static void reading_finish(struct reading *reading)
{
    buf_finish(&reading->id);
    buf_finish(&reading->value);
}

static void add_problem(struct record *record, const char *member, const char *text)
{
    if (record->problem_count < RECORD_PROBLEMS_MAX)
        record->problems[record->problem_count++] = (struct record_problem){member, text};
}

/* Text of the file that may stand in a message: short, and of characters that names and ids are made of. */
static const char *shown(struct record *record, const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/:.";

    if (*text == '\0' || strlen(text) > SHOWN_MAX || text[strspn(text, allowed)] != '\0')
        return "(unprintable)";
    return arena_strdup(&record->arena, text);
}

const char *record_shown_id(const struct record_type *type, const char *id, struct arena *arena)
{
    struct record record = {0};
    const char *text;

    if (type == NULL || type->has_private_key || id == NULL)
        return "-";
    text = arena_strdup(arena, shown(&record, id));
    arena_finish(&record.arena);
    return text;
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

static int add_row(struct record *record, const char *target)
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

static void put_column(struct buf *document, const char *column, const char *json, size_t length)
{
    if (document->length > 1)
        buf_add_char(document, ',');
    buf_add_json_string(document, column, strlen(column));
    buf_add_char(document, ':');
    buf_add(document, json, length);
}

static void put_text(struct buf *document, const char *column, const char *text)
{
    put_column(document, column, text, strlen(text));
}

/* The row of a part, begun with the record's key where there are several parts. */
static struct buf *part_document(struct reading *reading, size_t part)
{
    const struct record_part *of = &reading->record->type->parts[part];

    if (reading->part_row[part] == NO_ROW) {
        reading->part_row[part] = add_row(reading->record, of->target);
        if (of->key_column != NULL) {
            struct buf *document = &reading->record->rows[reading->part_row[part]].document;

            put_column(document, of->key_column, "\"", 1);
            buf_add(document, reading->id.data, reading->id.length);
            buf_add_char(document, '"');
        }
    }
    return &reading->record->rows[reading->part_row[part]].document;
}

/* The value just written goes to the member's column in each of its parts. */
static void put_member(struct reading *reading, const struct record_member *member, unsigned parts)
{
    for (size_t part = 0; part < RECORD_PARTS_MAX; part++)
        if (((parts == 0 ? 1U : parts) & (1U << part)) != 0)
            put_column(part_document(reading, part), member->column != NULL ? member->column : member->name,
                       reading->value.data, reading->value.length);
}

/* ---- members ----------------------------------------------------------------------------------------------- */

static bool write_value(struct reading *reading, const struct record_member *member, const json_t *value,
                        const char *shown_name)
{
    const char *problem;

    reading->value.length = 0;
    problem = value_write(&reading->value, member, value, &reading->record->arena);
    if (problem != NULL)
        add_problem(reading->record, shown_name, problem);
    return problem == NULL;
}

static const struct record_member *find_inner(const struct record_member *members, const char *name)
{
    while (members->name != NULL && !str_equal(members->name, name))
        members++;
    return members->name != NULL ? members : NULL;
}

static void refuse_unknown_inner(struct reading *reading, const struct record_member *member, const json_t *object)
{
    void *at = json_object_iter((json_t *)(uintptr_t)object); /* jansson's iterators take no const */

    for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)object, at))
        if (find_inner(member->members, json_object_iter_key(at)) == NULL)
            add_problem(reading->record,
                        arena_printf(&reading->record->arena, "%s.%s", member->name,
                                     shown(reading->record, json_object_iter_key(at))),
                        "unknown member");
}

/* One member inside an object; what is left out is null, as the whole object is replaced. */
static void read_inner(struct reading *reading, const struct record_member *outer,
                       const struct record_member *inner, const json_t *value)
{
    const char *name = arena_printf(&reading->record->arena, "%s.%s", outer->name, inner->name);

    if (value != NULL && !write_value(reading, inner, value, name))
        return;
    if (value == NULL && inner->absent == NULL) {
        add_problem(reading->record, name, "is required");
        return;
    }
    if (value == NULL) {
        reading->value.length = 0;
        buf_add_text(&reading->value, inner->absent);
    }
    put_member(reading, inner, outer->parts);
}

static void clear_object(struct reading *reading, const struct record_member *member)
{
    for (const struct record_member *inner = member->members; inner->name != NULL; inner++)
        put_text(part_document(reading, 0), inner->column, "null");
}

static void read_object(struct reading *reading, const struct record_member *member, const json_t *value)
{
    if (!json_is_object(value) && !(json_is_null(value) && member->is_nullable)) {
        add_problem(reading->record, member->name, "must be an object");
        return;
    }
    if (member->flag != NULL)
        put_text(part_document(reading, 0), member->flag, json_is_null(value) ? "false" : "true");
    if (json_is_null(value)) {
        clear_object(reading, member);
        return;
    }
    refuse_unknown_inner(reading, member, value);
    for (const struct record_member *inner = member->members; inner->name != NULL; inner++)
        read_inner(reading, member, inner, json_object_get(value, inner->name));
}

/* One element of a list of rows: a row of its own, which names the record it belongs to. */
static void read_element(struct reading *reading, const struct record_member *member, const json_t *element)
{
    const struct record_part *part = &reading->record->type->parts[2];
    int row = add_row(reading->record, part->target);

    put_column(&reading->record->rows[row].document, part->key_column, "\"", 1);
    buf_add(&reading->record->rows[row].document, reading->id.data, reading->id.length);
    buf_add_char(&reading->record->rows[row].document, '"');
    refuse_unknown_inner(reading, member, element);
    for (const struct record_member *inner = member->members; inner->name != NULL; inner++) {
        const json_t *value = json_object_get(element, inner->name);
        const char *name = arena_printf(&reading->record->arena, "%s.%s", member->name, inner->name);

        if (value == NULL && inner->is_key)
            add_problem(reading->record, name, "is required");
        if (value != NULL && write_value(reading, inner, value, name))
            put_column(&reading->record->rows[row].document, inner->name, reading->value.data,
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

static void read_rows(struct reading *reading, const struct record_member *member, const json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) > IDENTITIES_MAX) {
        add_problem(reading->record, member->name, "must be an array of at most 100 objects");
        return;
    }
    put_text(part_document(reading, 0), member->flag, "true");
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_object(json_array_get(value, i)))
            add_problem(reading->record, member->name, "must be an array of objects");
        else if (has_earlier_twin(value, i))
            add_problem(reading->record, member->name, "names one id twice");
        else
            read_element(reading, member, json_array_get(value, i));
    }
}

static void read_member(struct reading *reading, const struct record_member *member)
{
    const json_t *value = json_object_get(reading->json, member->name);

    if (value == NULL || member->is_key)
        return;
    if (member->kind == RECORD_OBJECT)
        read_object(reading, member, value);
    else if (member->kind == RECORD_ROWS)
        read_rows(reading, member, value);
    else if (write_value(reading, member, value, member->name))
        put_member(reading, member, member->parts);
}

/* ---- the key ----------------------------------------------------------------------------------------------- */

/* Adds the value just written to the record's key, without the quotes of a JSON string. */
static void extend_id(struct reading *reading)
{
    bool is_quoted = reading->value.length > 0 && reading->value.data[0] == '"';
    size_t quote = is_quoted ? 1 : 0;

    if (reading->id.length > 0)
        buf_add_char(&reading->id, '/');
    if (reading->value.length == 4 && memcmp(reading->value.data, "null", 4) == 0)
        return;
    buf_add(&reading->id, reading->value.data + quote, reading->value.length - 2 * quote);
}

static bool read_key_value(struct reading *reading, const struct record_member *member, const json_t *value)
{
    if (value == NULL && !member->is_nullable) {
        add_problem(reading->record, member->name, "is required");
        return false;
    }
    if (value == NULL) {
        reading->value.length = 0;
        buf_add_text(&reading->value, "null");
    } else if (!write_value(reading, member, value, member->name)) {
        return false;
    }
    extend_id(reading);
    if (reading->record->type->parts[0].key_column == NULL)
        put_member(reading, member, 0);
    return true;
}

static bool read_key_object(struct reading *reading, const struct record_member *member, const json_t *value)
{
    bool is_whole = json_is_object(value);

    if (!is_whole)
        add_problem(reading->record, member->name, value == NULL ? "is required" : "must be an object");
    else
        refuse_unknown_inner(reading, member, value);
    for (const struct record_member *inner = member->members; is_whole && inner->name != NULL; inner++)
        is_whole = read_key_value(reading, inner, json_object_get(value, inner->name));
    return is_whole;
}

/* The clear token becomes its digest and its first characters here, and goes no further. */
static bool read_key_token(struct reading *reading, const struct record_member *member, const json_t *value)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[TOKEN_DIGEST_SIZE];
    const char *token = json_string_value(value);

    if (reading->token_secret == NULL) {
        add_problem(reading->record, NULL, "tokens are not imported in production");
        return false;
    }
    if (token == NULL || str_is_blank(token)) {
        add_problem(reading->record, member->name, value == NULL ? "is required" : "must be a text");
        return false;
    }
    token_digest(reading->token_secret, token, digest);
    reading->value.length = 0;
    buf_add_text(&reading->value, "\"\\\\x");
    for (size_t i = 0; i < TOKEN_DIGEST_SIZE; i++) {
        buf_add_char(&reading->value, digits[digest[i] >> 4]);
        buf_add_char(&reading->value, digits[digest[i] & 15]);
    }
    buf_add_char(&reading->value, '"');
    extend_id(reading);
    put_column(part_document(reading, 0), "digest", reading->value.data, reading->value.length);
    reading->value.length = 0;
    buf_add_json_string(&reading->value, token, strnlen(token, 4));
    put_column(part_document(reading, 0), "hint", reading->value.data, reading->value.length);
    return true;
}

static bool read_key(struct reading *reading)
{
    bool is_whole = true;

    for (const struct record_member *member = reading->record->type->members; member->name != NULL; member++) {
        const json_t *value = json_object_get(reading->json, member->name);

        if (!member->is_key)
            continue;
        if (member->kind == RECORD_OBJECT)
            is_whole = read_key_object(reading, member, value) && is_whole;
        else if (member->kind == RECORD_TOKEN)
            is_whole = read_key_token(reading, member, value) && is_whole;
        else
            is_whole = read_key_value(reading, member, value) && is_whole;
    }
    part_document(reading, 0);
    if (is_whole)
        reading->record->id = arena_strndup(&reading->record->arena, reading->id.data, reading->id.length);
    return is_whole;
}

/* ---- the record -------------------------------------------------------------------------------------------- */

static void read_members(struct reading *reading)
{
    const struct record_type *type = reading->record->type;

    if (type->parts[1].target != NULL)
        part_document(reading, 1);
    for (const struct record_member *member = type->members; member->name != NULL; member++)
        read_member(reading, member);
    for (const struct record_member *member = record_common_members; member->name != NULL; member++)
        if (record_member_find(type, member->name) == member)
            read_member(reading, member);
}

static bool is_frame(const char *name)
{
    return str_equal(name, "type") || str_equal(name, "deleted");
}

static void refuse_unknown(struct reading *reading)
{
    const struct record_type *type = reading->record->type;
    void *at = json_object_iter((json_t *)(uintptr_t)reading->json);

    for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)reading->json, at)) {
        const char *name = json_object_iter_key(at);
        const struct record_member *member = record_member_find(type, name);

        if (is_frame(name) || (member != NULL && (!reading->record->is_deletion || member->is_key)))
            continue;
        add_problem(reading->record, shown(reading->record, name),
                    member != NULL ? "a deletion has no members beside the key" : "unknown member");
    }
}

static void read_deletion(struct reading *reading)
{
    struct record *record = reading->record;
    const json_t *deleted = json_object_get(reading->json, "deleted");

    if (deleted != NULL && !json_is_boolean(deleted))
        add_problem(record, "deleted", "must be true or false");
    record->is_deletion = json_is_true(deleted);
    if (record->is_deletion && !record->type->is_deletable)
        add_problem(record, "deleted", "records of this type are never deleted");
}

/* A line with problems leaves its key behind, so that references to it are no further problem. */
static void keep_key_only(struct record *record)
{
    if (record->problem_count == 0)
        return;
    record->row_count = record->id != NULL ? 1 : 0;
    if (record->id != NULL) {
        record->rows[0].target = record->type->parts[0].target;
        record->rows[0].document.length = 0;
        BUF_LITERAL(&record->rows[0].document, "{");
    }
}

static void read_record(struct reading *reading)
{
    struct record *record = reading->record;

    read_deletion(reading);
    refuse_unknown(reading);
    if (read_key(reading) && !record->is_deletion)
        read_members(reading);
    keep_key_only(record);
    for (size_t i = 0; i < record->row_count; i++)
        buf_add_char(&record->rows[i].document, '}');
}

static bool find_type(struct record *record, const json_t *json)
{
    const char *name = json_string_value(json_object_get(json, "type"));

    if (!json_is_object(json)) {
        add_problem(record, NULL, "must be a JSON object");
        return false;
    }
    if (name == NULL) {
        add_problem(record, "type", "is required");
        return false;
    }
    record->type = record_type_find(name);
    record->type_name = shown(record, name);
    if (record->type == NULL)
        add_problem(record, "type", str_starts_with(name, "npq_") ? "not supported yet" : "unknown type");
    return record->type != NULL;
}

static void reset(struct record *record)
{
    arena_reset(&record->arena);
    record->type = NULL;
    record->type_name = "-";
    record->id = NULL;
    record->is_deletion = false;
    record->row_count = 0;
    record->problem_count = 0;
}

void record_parse(struct record *record, const char *line, size_t length, const char *token_secret)
{
    AUTO(reading_finish) struct reading reading = {
        .record = record, .token_secret = token_secret, .part_row = {NO_ROW, NO_ROW, NO_ROW}};
    json_error_t error;
    json_auto_t *json = NULL;

    reset(record);
    json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    reading.json = json;
    if (json != NULL) {
        if (find_type(record, json))
            read_record(&reading);
    } else if (json_error_code(&error) == json_error_duplicate_key) {
        add_problem(record, NULL, "names a member twice");
    } else {
        add_problem(record, NULL, arena_printf(&record->arena, "is not valid JSON (at byte %d)", error.position));
    }
}

void record_finish(struct record *record)
{
    for (size_t i = 0; i < record->row_capacity; i++)
        buf_finish(&record->rows[i].document);
    free(record->rows);
    arena_finish(&record->arena);
    *record = (struct record){0};
}
