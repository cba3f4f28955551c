/* Tables that say what a row struct holds: its columns, for db/row.c to fill, and its attributes,
 * for api/render.c to show. Nulls are values of their own, so that a member needs no companion. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"

#define INSTANT_NONE INT64_MIN
#define DAY_NONE INT32_MIN

enum tribool { TRIBOOL_FALSE = 0, TRIBOOL_TRUE = 1, TRIBOOL_NONE = -1 };

/* What a member is; the C type beside it. */
enum member_type {
    MEMBER_TEXT,    /* const char *, NULL: null */
    MEMBER_BOOL,    /* int8_t of enum tribool */
    MEMBER_UUID,    /* struct uuid, UUID_NONE: null */
    MEMBER_INSTANT, /* int64_t, INSTANT_NONE: null */
    MEMBER_DAY,     /* int32_t, DAY_NONE: null */
    MEMBER_YEAR,    /* int16_t, never null */
};

/* One column of a query, in its order. */
struct column {
    enum member_type type;
    size_t offset;
};

#define COLUMN(row, member, kind)                                                                  \
    {                                                                                              \
        MEMBER_##kind, offsetof(struct row, member)                                                \
    }

/* API versions in which an attribute is shown. */
enum { V1 = 1, V2 = 2, V3 = 4, ALL_VERSIONS = V1 | V2 | V3 };

/* How an attribute is written. */
enum shown_as {
    SHOWN_TEXT,
    SHOWN_BOOL,
    SHOWN_UUID,
    SHOWN_INSTANT,    /* 2022-11-13T11:21:55Z */
    SHOWN_INSTANT_MS, /* 2022-11-13T11:21:55.123Z */
    SHOWN_DAY,
    SHOWN_YEAR, /* a string: "2022" */
    SHOWN_NULL, /* always null */
    SHOWN_FROM, /* by a function */
};

struct buf;

/* What a function that shows an attribute may know beside the row. */
struct view_context {
    int version;               /* one of V1, V2, V3 */
    int64_t now;               /* the request's clock */
    bool programme_types_2025; /* provider-led, school-led */
};

/* One attribute, in the contract's order. */
struct field {
    const char *key; /* "name": with its quotes and colon */
    size_t key_length;
    enum shown_as shown_as;
    size_t offset;
    int versions;
    void (*write)(struct buf *out, const void *row, const struct view_context *context);
};

#define FIELD_KEY(name) "\"" name "\":", sizeof("\"" name "\":") - 1
#define FIELD(row, member, kind, versions)                                                         \
    {                                                                                              \
        FIELD_KEY(#member), SHOWN_##kind, offsetof(struct row, member), (versions), NULL           \
    }
#define FIELD_AS(name, row, member, kind, versions)                                                \
    {                                                                                              \
        FIELD_KEY(name), SHOWN_##kind, offsetof(struct row, member), (versions), NULL              \
    }
#define FIELD_FROM(name, function, versions)                                                       \
    {                                                                                              \
        FIELD_KEY(name), SHOWN_FROM, 0, (versions), (function)                                     \
    }
#define FIELD_NULL(name, versions)                                                                 \
    {                                                                                              \
        FIELD_KEY(name), SHOWN_NULL, 0, (versions), NULL                                           \
    }

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
