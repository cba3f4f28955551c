/* The JSON body of a write. Contract platform.md 4.2 and 5.5. */
#pragma once

#include <stddef.h>

struct json_t;

/* A body as a document, a new reference; NULL where it is no JSON or nested over 64 levels. */
struct json_t *body_parse(const char *body, size_t length);

/* data.attributes of a body, a new reference; an empty object where attributes is missing or not an
 * object. NULL where there is no usable data: another content type, no JSON, nested over 64 levels,
 * invalid UTF-8, NUL, data that is missing, empty or not an object. */
struct json_t *body_attributes(const char *content_type, const char *body, size_t length);
