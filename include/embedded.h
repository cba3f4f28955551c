/* Files that the build puts into the program (src/cmake/embed.cmake). */
#pragma once

#include <stddef.h>

struct embedded {
    const char *name; /* path below its folder; a table ends with a NULL name */
    const char *data; /* followed by a NUL that size does not count */
    const size_t *size;
};

extern const struct embedded
    embedded_migrations[]; /* in the order of their numbers, so is the next */
extern const struct embedded embedded_functions[];
extern const struct embedded embedded_reference[];
extern const struct embedded embedded_seeds[];
extern const struct embedded embedded_openapi[]; /* v3.json, v3.yml */
extern const struct embedded embedded_assets[];  /* pages, styles and scripts of our own */
extern const struct embedded embedded_swagger_ui[];

/* NULL if there is no such name. */
const struct embedded *embedded_find(const struct embedded *table, const char *name);
