/* Refusals: what is said to a client whose request cannot be served. One table holds every text, status and
 * shape, in the contract's words (platform.md 4, rules.md 0.4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

enum problem {
    /* shape {"error": ...} */
    PROBLEM_UNAUTHORISED,
    PROBLEM_NOT_FOUND,
    PROBLEM_BODY_TOO_LARGE,
    PROBLEM_URI_TOO_LONG,
    PROBLEM_HEADERS_TOO_LARGE,
    PROBLEM_INTERNAL,
    PROBLEM_UNAVAILABLE,
    PROBLEM_MALFORMED,
    /* shape {"errors": [{"title": ..., "detail": ...}]} */
    PROBLEM_QUERY,
    PROBLEM_NULL_BYTE,
    PROBLEM_SERVER_DATE,
    PROBLEM_DATA,
    PROBLEM_FILTER_SHAPE,
    PROBLEM_FILTER_REQUIRED, /* detail names the filter */
    PROBLEM_FILTER_TOO_LONG,
    PROBLEM_UPDATED_SINCE,
    PROBLEM_TRAINING_STATUS,
    PROBLEM_PAGE,
    PROBLEM_COUNT_,
};

enum { PROBLEMS_MAX = 16 };

/* The refusals of one request, in the order in which they were found. A zeroed struct is empty. */
struct problems {
    size_t count;
    struct {
        enum problem problem;
        const char *title;  /* attribute; NULL where the table has the title */
        const char *detail; /* NULL where the table's text needs nothing filled in */
    } items[PROBLEMS_MAX];
};

/* Adds a refusal. The title is the attribute at fault, or NULL. */
void refuse(struct problems *problems, const char *title, enum problem problem);
void refuse_if(struct problems *problems, bool is_wrong, const char *title, enum problem problem);

/* Adds a refusal whose text names something: the one %s of the table's text. */
void refuse_naming(struct problems *problems, struct arena *arena, const char *title, enum problem problem,
                   const char *name);

/* The status of the answer: that of the first refusal. */
int problems_status(const struct problems *problems);

/* The body of the answer. One element per title, in the order of each title's first refusal; texts of one title are
 * joined, the same text once (rules.md 0.2). */
void problems_write(struct buf *out, const struct problems *problems);
