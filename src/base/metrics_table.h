/* What each metric is called and how it is written. Private to the metrics. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/metrics.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };
enum metric_unit { METRIC_PLAIN, METRIC_SECONDS }; /* seconds are kept in microseconds */
enum { METRIC_BOUNDS_MAX = 14 };

struct metric_bounds {
    size_t count;
    int64_t upper[METRIC_BOUNDS_MAX]; /* microseconds, rising */
};

struct metric_row {
    const char *name;
    const char *help;
    enum metric_type type;
    enum metric_unit unit;
    const struct metric_bounds *bounds;    /* of a histogram */
    const char *labels[METRIC_LABELS_MAX]; /* names; NULL after the last */
};

extern const struct metric_row metrics_table[METRICS];
