/* Content-Encoding: whether a client takes gzip, and making it. Contract platform.md 5.6. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

enum { ENCODING_FROM = 2 * 1024 }; /* bytes: what is not longer is sent as it is */

/* Does this Accept-Encoding (NULL: there is none) take gzip, and not rather a plain body? Pure. */
bool encoding_accepts_gzip(const char *accept);

/* Is it a text, which gets shorter? NULL is none. Pure. */
bool encoding_is_text(const char *content_type);

/* Replaces the content with its gzip form. */
void encoding_gzip(struct buf *body);
