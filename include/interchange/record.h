/* The record types of the interchange format (contract import.md), and one line read into rows.
 * Pure: no database, no file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

enum { RECORD_LINE_MAX = 1024 * 1024, RECORD_PARTS_MAX = 3, RECORD_PROBLEMS_MAX = 100 };

enum record_kind {
    RECORD_TEXT,
    RECORD_NAME, /* a text that is not blank */
    RECORD_UUID,
    RECORD_INSTANT,
    RECORD_DAY,
    RECORD_BOOL,
    RECORD_FLAG, /* a bool for which null means false */
    RECORD_INT,
    RECORD_COHORT,
    RECORD_ENUM,
    RECORD_MONTH, /* "January 2025" */
    RECORD_UUIDS, /* an array of ids */
    RECORD_TOKEN, /* clear text; its digest is kept */
    RECORD_OBJECT,
    RECORD_ROWS, /* an array of objects, each a row of its own */
};

/* A member of a record. It goes to the column of its own name in the record's first part, unless it
 * says otherwise; the key goes to every part. */
struct record_member {
    const char *name; /* NULL ends a table */
    const char *column;
    const char *flag;   /* of an object: the column that says whether it is there */
    const char *absent; /* inside an object: what stands for it when it is left out, as JSON */
    const char *const *allowed;          /* of an enum: its values, ended by NULL */
    const struct record_member *members; /* of an object or rows */
    enum record_kind kind;
    unsigned parts; /* bits; 0: the first */
    bool is_key;
    bool is_nullable;
};

/* A part of a record: rows of one table, known by the record's id where there are several parts. */
struct record_part {
    const char *target;
    const char *key_column;
};

struct record_type {
    const char *name; /* NULL ends the table */
    struct record_part parts[RECORD_PARTS_MAX];
    const struct record_member *members;
    bool is_deletable;
    bool has_private_key; /* never shown */
};

extern const struct record_type record_types[];

/* The tables that records reach into, in the order in which they are merged; ended by NULL. */
extern const char *const record_tables[];

/* NULL for an unknown name. */
const struct record_type *record_type_find(const char *name);

/* NULL where the type has no such member. */
const struct record_member *record_member_find(const struct record_type *type, const char *name);

/* What every record may carry beside its type's own members, which go before these. */
extern const struct record_member record_common_members[];

/* What a column of one of the type's parts is called in its records; the column itself if it is in
 * none. */
const char *record_member_of(const struct record_type *type, const char *column);

struct record_problem {
    const char *member; /* NULL: the record as a whole */
    const char *text;
};

struct record_row {
    const char *target;
    struct buf document; /* a JSON object, column by column */
};

/* One line. All texts live until the next line is read. */
struct record {
    const struct record_type *type; /* NULL if unknown */
    const char *type_name;          /* as it may be shown; "-" if there is none */
    const char *id;                 /* the key, parts joined by /; NULL if it is not whole */
    bool is_deletion;
    struct record_row *rows;
    size_t row_count;
    size_t row_capacity;
    struct record_problem problems[RECORD_PROBLEMS_MAX];
    size_t problem_count;
    struct arena arena;
};

/* Reads a line into a zeroed or used record. With problems, the only row is the key, or none where
 * the key is not whole. token_secret makes the digests of tokens; NULL refuses tokens, as
 * production does. */
void record_parse(struct record *record, const char *line, size_t length, const char *token_secret);
void record_finish(struct record *record);

/* The record's key as a message may show it: "-" when there is none or it is private. */
const char *record_shown_id(const struct record_type *type, const char *id, struct arena *arena);
