/* What a list is asked for: cohorts, updated since, order, page. Contract platform.md 5.1-5.3,
 * v3.md 1.4. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/request.h"

enum { LIST_SORT_KEYS = 3, LIST_VALUES_MAX = 1000 };

struct list_request {
    const int16_t *cohorts; /* NULL: every cohort after 2020 (or, where the list says so, all) */
    size_t cohort_count;
    bool has_updated_since;
    int64_t updated_since;
    const char *
        sort[LIST_SORT_KEYS]; /* "name" or "-name" of the list's own columns; NULL after the last */
    int64_t limit;
    int64_t offset;
};

/* filter[cohort] and filter[updated_since], as far as the operation declares them. Refuses what is
 * malformed. */
void list_parse_filters(const struct request *request, struct arena *arena,
                        struct list_request *out, struct problems *problems);

/* page[page] and page[per_page]. Refuses what is not a number from 1. */
void list_parse_page(const struct request *request, struct list_request *out,
                     struct problems *problems);

/* sort, as far as it names columns of the table, which ends with NULL. */
void list_parse_sort(const struct request *request, struct arena *arena, const char *const *columns,
                     struct list_request *out);

/* A filter's text, if the operation declares the filter and it is there; else NULL. */
const char *list_filter(const struct request *request, const char *name);

/* A filter that is one UUID; what is none matches nothing. NULL if the filter is absent. */
const struct uuid *list_parse_uuid(const struct request *request, struct arena *arena,
                                   const char *filter, size_t *count);

/* A comma-separated filter of UUIDs; what is not a UUID matches nothing. NULL if the filter is
 * absent. */
const struct uuid *list_parse_uuids(const struct request *request, struct arena *arena,
                                    const char *filter, size_t *count, struct problems *problems);
