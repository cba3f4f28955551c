/* One value of a record, checked and written as JSON for PostgreSQL. */
#pragma once

#include <jansson.h>

#include "interchange/record.h"

/* Writes the value of a scalar member or an array of ids. Returns what is wrong with it, or NULL;
 * never a text that holds anything of the value itself. */
const char *value_write(struct buf *out, const struct record_member *member, const json_t *value,
                        struct arena *arena);

/* Valid for a whole JSON string: without NUL, so that it can be compared as a C string. */
bool value_is_month(const char *text);
