/* The headers of an answer, written into the map that the HTTP library reads. Private to src/http,
 * as it names a type of that library. */
#pragma once

#include <stddef.h>
#include <ulfius.h>

/* Makes room for so many more. */
void headers_reserve(struct _u_map *headers, size_t more);

/* Adds one that is not there yet, where room was made. What u_map_put() does, but for its search
 * for the same name and its growing of three arrays by one, which cost a tenth of an answer that
 * says little. The texts are copied. */
void headers_add(struct _u_map *headers, const char *name, const char *value);
