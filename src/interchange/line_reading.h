/* A line while it is read: shared by record.c and members.c only. */
#pragma once

#include <jansson.h>

#include "interchange/record.h"

enum { DRAFT_NO_ROW = -1 };

struct line_reading {
    struct record *record;
    json_t *json;
    const char *token_secret;
    int part_row[RECORD_PARTS_MAX]; /* index of the row of each part; DRAFT_NO_ROW */
    struct buf id;                  /* the key so far */
    struct buf value;               /* the value just written, as JSON */
};

void line_reading_finish(struct line_reading *reading);

/* What is wrong; member NULL for the record as a whole. Both texts are kept by the record. */
void line_reading_add_problem(struct record *record, const char *member, const char *text);

/* Text of the file that may stand in a message: short, and of characters that names and ids are
 * made of; else a word instead of it. */
const char *line_reading_shown(struct record *record, const char *text);

/* The name of a member inside another, as messages have it. */
const char *line_reading_inner_name(struct line_reading *reading, const struct record_member *outer,
                                    const char *inner);

/* Adds a row and returns its index; rows may move. */
int line_reading_add_row(struct record *record, const char *target);

/* The row of a part, begun with the record's key where there are several parts. */
struct buf *line_reading_document(struct line_reading *reading, size_t part);

/* Writes a value into reading->value; false after having said what is wrong with it. */
bool line_reading_write(struct line_reading *reading, const struct record_member *member,
                        const json_t *value, const char *shown_name);

/* The value just written goes to the member's column in each of these parts (0: the first). */
void line_reading_put(struct line_reading *reading, const struct record_member *member,
                      unsigned parts);

void line_reading_refuse_unknown(struct line_reading *reading, const struct record_member *member,
                                 json_t *object);

/* Adds a column to a row: JSON text, or the record's key. */
void document_put(struct buf *document, const char *column, const char *json, size_t length);
void document_put_key(struct line_reading *reading, struct buf *document, const char *column);

/* All members but the key. */
void line_reading_members(struct line_reading *reading);
