/* One line of the interchange format, read into rows. */
#include "interchange/record.h"

#include <stdlib.h>
#include <string.h>

#include "api/token.h"
#include "base/err.h"
#include "base/str.h"
#include "line_reading.h"

enum { HINT_CHARACTERS = 4 };

const char *record_shown_id(const struct record_type *type, const char *id, struct arena *arena)
{
    struct record record = {0};
    const char *text;

    if (type == NULL || type->has_private_key || id == NULL)
        return "-";
    text = arena_strdup(arena, line_reading_shown(&record, id));
    arena_finish(&record.arena);
    return text;
}

/* ---- the key ---- */

/* Adds the value just written to the record's key, without the quotes of a JSON string. */
static void extend_id(struct line_reading *reading)
{
    bool is_quoted = reading->value.length > 0 && reading->value.data[0] == '"';
    size_t quote = is_quoted ? 1 : 0;

    if (reading->id.length > 0)
        buf_add_char(&reading->id, '/');
    if (reading->value.length == 4 && memcmp(reading->value.data, "null", 4) == 0)
        return;
    buf_add(&reading->id, reading->value.data + quote, reading->value.length - 2 * quote);
}

static bool read_key_value(struct line_reading *reading, const struct record_member *member,
                           const json_t *value, const char *shown_name)
{
    if (value == NULL && !member->is_nullable) {
        line_reading_add_problem(reading->record, shown_name, "is required");
        return false;
    }
    if (value == NULL) {
        reading->value.length = 0;
        buf_add_text(&reading->value, "null");
    } else if (!line_reading_write(reading, member, value, shown_name)) {
        return false;
    }
    extend_id(reading);
    if (reading->record->type->parts[0].key_column == NULL)
        line_reading_put(reading, member, 0);
    return true;
}

static bool read_key_object(struct line_reading *reading, const struct record_member *member,
                            json_t *value)
{
    bool is_whole = json_is_object(value);

    if (!is_whole)
        line_reading_add_problem(reading->record, member->name,
                                 value == NULL ? "is required" : "must be an object");
    else
        line_reading_refuse_unknown(reading, member, value);
    for (const struct record_member *inner = member->members; is_whole && inner->name != NULL;
         inner++)
        is_whole = read_key_value(reading, inner, json_object_get(value, inner->name),
                                  line_reading_inner_name(reading, member, inner->name));
    return is_whole;
}

/* The bytes of the first characters of a text in UTF-8. */
static size_t length_of_first(const char *text, size_t characters)
{
    size_t length = 0;

    while (text[length] != '\0') {
        bool begins = ((unsigned char)text[length] & 0xC0) != 0x80;

        if (begins && characters-- == 0)
            break;
        length++;
    }
    return length;
}

/* The clear token becomes its digest and its first characters here, and goes no further. */
static bool read_key_token(struct line_reading *reading, const struct record_member *member,
                           const json_t *value)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[TOKEN_DIGEST_SIZE];
    const char *token = json_string_value(value);

    if (reading->token_secret == NULL) {
        line_reading_add_problem(reading->record, NULL, "tokens are not imported in production");
        return false;
    }
    if (token == NULL || str_is_blank(token)) {
        line_reading_add_problem(reading->record, member->name,
                                 value == NULL ? "is required" : "must be a text");
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
    document_put(line_reading_document(reading, 0), "digest", reading->value.data,
                 reading->value.length);
    reading->value.length = 0;
    buf_add_json_string(&reading->value, token, length_of_first(token, HINT_CHARACTERS));
    document_put(line_reading_document(reading, 0), "hint", reading->value.data,
                 reading->value.length);
    return true;
}

static bool read_key(struct line_reading *reading)
{
    bool is_whole = true;

    for (const struct record_member *member = reading->record->type->members; member->name != NULL;
         member++) {
        json_t *value = json_object_get(reading->json, member->name);

        if (!member->is_key)
            continue;
        if (member->kind == RECORD_OBJECT)
            is_whole = read_key_object(reading, member, value) && is_whole;
        else if (member->kind == RECORD_TOKEN)
            is_whole = read_key_token(reading, member, value) && is_whole;
        else
            is_whole = read_key_value(reading, member, value, member->name) && is_whole;
    }
    line_reading_document(reading, 0);
    if (is_whole)
        reading->record->id =
            arena_strndup(&reading->record->arena, reading->id.data, reading->id.length);
    return is_whole;
}

/* ---- the record ---- */

static bool is_frame(const char *name)
{
    return str_equal(name, "type") || str_equal(name, "deleted");
}

static void refuse_unknown(struct line_reading *reading)
{
    const char *name;
    json_t *value;

    json_object_foreach(reading->json, name, value) {
        const struct record_member *member = record_member_find(reading->record->type, name);

        if (is_frame(name) || (member != NULL && (!reading->record->is_deletion || member->is_key)))
            continue;
        line_reading_add_problem(reading->record, line_reading_shown(reading->record, name),
                                 member != NULL ? "a deletion has no members beside the key"
                                                : "unknown member");
    }
}

static void read_deletion(struct line_reading *reading)
{
    struct record *record = reading->record;
    const json_t *deleted = json_object_get(reading->json, "deleted");

    if (deleted != NULL && !json_is_boolean(deleted))
        line_reading_add_problem(record, "deleted", "must be true or false");
    record->is_deletion = json_is_true(deleted);
    if (record->is_deletion && !record->type->is_deletable)
        line_reading_add_problem(record, "deleted", "records of this type are never deleted");
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

static void read_record(struct line_reading *reading)
{
    struct record *record = reading->record;

    read_deletion(reading);
    refuse_unknown(reading);
    if (read_key(reading) && !record->is_deletion)
        line_reading_members(reading);
    keep_key_only(record);
    for (size_t i = 0; i < record->row_count; i++)
        buf_add_char(&record->rows[i].document, '}');
}

static bool find_type(struct record *record, const json_t *json)
{
    const char *name = json_string_value(json_object_get(json, "type"));

    if (!json_is_object(json)) {
        line_reading_add_problem(record, NULL, "must be a JSON object");
        return false;
    }
    if (name == NULL) {
        line_reading_add_problem(record, "type", "is required");
        return false;
    }
    record->type = record_type_find(name);
    record->type_name = line_reading_shown(record, name);
    if (record->type == NULL)
        line_reading_add_problem(
            record, "type", str_starts_with(name, "npq_") ? "not supported yet" : "unknown type");
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
    AUTO(line_reading_finish)
    struct line_reading reading = {.record = record,
                                   .token_secret = token_secret,
                                   .part_row = {DRAFT_NO_ROW, DRAFT_NO_ROW, DRAFT_NO_ROW}};
    json_error_t error;
    json_auto_t *json = NULL;

    reset(record);
    json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    reading.json = json;
    if (json != NULL) {
        if (find_type(record, json))
            read_record(&reading);
    } else if (json_error_code(&error) == json_error_duplicate_key) {
        line_reading_add_problem(record, NULL, "names a member twice");
    } else {
        line_reading_add_problem(
            record, NULL,
            arena_printf(&record->arena, "is not valid JSON (at byte %d)", error.position));
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
