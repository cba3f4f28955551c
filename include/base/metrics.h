/* What the service counts of itself, and how Prometheus reads it (text format 0.0.4). Contract
 * platform.md 14. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Every metric there is; the table in metrics.c has their names, types and labels. */
enum metric {
    METRIC_REQUESTS,
    METRIC_RESPONSE_TIME,
    METRIC_HTTP_IN_FLIGHT,
    METRIC_HTTP_THREADS_MAX,
    METRIC_RATE_LIMITED,
    METRIC_AUTH_FAILURES,
    METRIC_REQUESTS_RECORDED,
    METRIC_REQUESTS_DROPPED,
    METRIC_DECLARATIONS,
    METRIC_DB_POOL_SIZE,
    METRIC_DB_POOL_IN_USE,
    METRIC_DB_POOL_WAIT,
    METRIC_DB_QUERY,
    METRIC_DB_ERRORS,
    METRIC_DB_UP,
    METRIC_DB_SIZE,
    METRIC_DB_CONNECTIONS,
    METRIC_DB_DEADLOCKS,
    METRIC_DB_ROLLBACKS,
    METRIC_DB_SEQ_SCAN,
    METRIC_DB_IDX_SCAN,
    METRIC_JOBS_QUEUED,
    METRIC_JOBS_FAILED,
    METRIC_JOB_RUNS,
    METRIC_JOB_DURATION,
    METRIC_PROCESS_CPU,
    METRIC_PROCESS_MEMORY,
    METRIC_PROCESS_FDS,
    METRIC_PROCESS_START,
    METRIC_BUILD_INFO,
    METRICS,
};

enum { METRIC_LABELS_MAX = 4 };

/* The values of a metric's labels, in the order of the table; they must come from a closed set, as
 * each combination is kept for ever. A metric without labels takes NULL. */
#define METRIC_LABELS(...) ((const char *const[METRIC_LABELS_MAX]){__VA_ARGS__})

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* All may be called by any thread at any time. With metrics NULL nothing is counted, as in the
 * commands that nobody watches. Times are in microseconds. */
void metrics_count(struct metrics *metrics, enum metric metric, const char *const *labels);
void metrics_observe(struct metrics *metrics, enum metric metric, const char *const *labels,
                     int64_t duration);
void metrics_set(struct metrics *metrics, enum metric metric, const char *const *labels,
                 int64_t value);

/* Leaves a metric out until it is set again: what is not known is not shown as if it were. */
void metrics_forget(struct metrics *metrics, enum metric metric);

/* The sum over all labels, as it is now. */
int64_t metrics_total(struct metrics *metrics, enum metric metric);

/* Calls refresh(context) before each reading, from whatever thread reads: to set what is only known
 * by looking. For the start, before other threads are there. */
enum { METRICS_SOURCES_MAX = 8 };
void metrics_add_source(struct metrics *metrics, void (*refresh)(void *context), void *context);

/* What there is to look at: metrics_refresh() calls the sources, metrics_write() writes all. */
void metrics_refresh(struct metrics *metrics);
void metrics_write(struct metrics *metrics, struct buf *out);
