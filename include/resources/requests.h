/* The record of requests to the API: what is kept of each, and for how long. Contract platform.md
 * 11.1. */
#pragma once

#include "api/request.h"
#include "db/feed.h"

/* Headers as the HTTP library has them. */
struct header_list {
    const char *const *names;
    const char *const *values;
    size_t count;
};

/* A request and its answer, with what only the HTTP library's wrapper knows of them. */
struct exchange {
    struct request *request;
    const struct response *response; /* its body may have been handed over already */
    const char *http_version;
    struct header_list received;
    struct header_list sent;
    const struct buf *always_sent; /* beside these, as members of a JSON object: "a":"b","c":"d" */
    const char *refusal;           /* the body of an answer that is no success; NULL or JSON */
    int64_t ended_at;              /* by the wall clock */
    int64_t duration;              /* microseconds */
};

/* The queue in front of the table. NULL, which all others accept: nothing is recorded. */
struct recorder;
struct recorder *recorder_start(const struct config *config, struct db_pool *pool);
void recorder_note(struct recorder *recorder, const struct exchange *exchange);
struct feed_counts recorder_count(struct recorder *recorder);

/* Headers as members of a JSON object, which may be made once and kept. */
void recorder_add_headers(struct buf *out, const struct header_list *headers, struct arena *arena);
void recorder_stop(struct recorder *recorder);

/* Deletes what is older than the instant; counts it. */
enum err requests_purge(struct db_pool *pool, int64_t before, int64_t *count) MUST_CHECK;
