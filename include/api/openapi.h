/* The OpenAPI documents: which operations there are, who may call them, what they take. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "api/request.h"

enum access { ACCESS_ECF, ACCESS_ECF_OR_NPQ, ACCESS_PRIVATE };

/* What tells that a GET has something new to show (x-changes): any change of the shared data, which
 * is the safe choice; one of the participants and declarations that the caller sees; the same, or
 * the clock; or nothing that is counted, so that the answer itself must be looked at. */
enum changes {
    CHANGES_OF_ANYTHING,
    CHANGES_OF_PROVIDER,
    CHANGES_OF_PROVIDER_AND_CLOCK,
    CHANGES_UNCOUNTED
};

enum { OPERATION_SEGMENTS_MAX = 8, OPERATION_FILTERS_MAX = 8, OPERATION_ATTRIBUTES_MAX = 8 };

struct operation {
    const char *method; /* upper case */
    const char *path;   /* template: /api/v3/statements/{id} */
    const char *segments[OPERATION_SEGMENTS_MAX];
    size_t segment_count;
    int version;
    const char *name; /* x-handler */
    handler_function *handler;
    enum access access;
    enum changes changes;
    const char *filters[OPERATION_FILTERS_MAX]; /* names that the operation declares */
    size_t filter_count;
    const char *required_filters[OPERATION_FILTERS_MAX];
    size_t required_filter_count;
    bool has_body;
    const char *attributes[OPERATION_ATTRIBUTES_MAX + 1]; /* that the body declares; NULL ends */
    bool has_csv;          /* its 200 answer has text/csv among its contents */
    const char *successor; /* template of the same operation in a later version; NULL: none */
};

/* A resource's handlers, by their x-handler names; a table ends with a NULL name. */
struct handler {
    const char *name;
    handler_function *function;
};

struct openapi;

/* Reads the embedded documents and binds the handlers. NULL, with each reason on err, if a handler
 * is missing or unused, or an operation has no security or no access. */
struct openapi *openapi_new(const struct handler *const *tables, FILE *err);
void openapi_free(struct openapi *openapi);

/* The operation of a path, or NULL. A template's literal segment wins over {id}, whose text goes to
 * *id (NULL where there is none). */
const struct operation *openapi_match(const struct openapi *openapi, const char *method,
                                      const char *const *segments, size_t segment_count,
                                      const char **id);

/* All operations, for tests. */
const struct operation *openapi_operations(const struct openapi *openapi, size_t *count);
