/* Reading data.attributes of a body: scalars only; objects and arrays count as missing (contract
 * platform.md 4.2). */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

struct json_t;

/* The attribute as text, in the arena: numbers and booleans as they are written. NULL if missing or
 * null. */
const char *attribute_text(const struct json_t *attributes, const char *name, struct arena *arena);

/* Is the attribute a JSON string? */
bool attribute_is_string(const struct json_t *attributes, const char *name);

/* Were any attributes sent at all? */
bool attributes_are_given(const struct json_t *attributes);
