/* UUIDs: 16 bytes inside, lower-case hyphenated text outside. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { UUID_TEXT_SIZE = 37 };

struct uuid {
    uint8_t bytes[16];
};

/* The hyphenated form in either case, the whole text. */
bool uuid_parse(const char *text, struct uuid *out);
const char *uuid_format(const struct uuid *uuid, char out[static UUID_TEXT_SIZE]);

/* Version 4, from the kernel's random numbers. */
struct uuid uuid_random(void);

/* Version 7: begins with the instant (microseconds since 1970, not negative), in milliseconds, so
 * that rows that come one after another stand beside one another in an index. */
struct uuid uuid_at(int64_t instant);
bool uuid_equal(const struct uuid *a, const struct uuid *b);

/* Below, equal to or above zero, in the order of the texts and of PostgreSQL. */
int uuid_compare(const struct uuid *a, const struct uuid *b);

/* Stands for "no uuid" where a row member is null. */
#define UUID_NONE ((struct uuid){{0}})
bool uuid_is_none(const struct uuid *uuid);
