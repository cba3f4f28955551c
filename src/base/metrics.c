/* Counters, gauges and histograms. A series is made once and stays, so that it is found and counted
 * in without a lock. */
#include "base/metrics.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "metrics_table.h"

enum { BUCKETS = 64 };

/* One combination of label values. */
struct series {
    struct series *next;
    const char *labels[METRIC_LABELS_MAX]; /* in texts */
    char *texts;
    atomic_bool is_hidden;
    atomic_int_fast64_t value; /* of a counter or gauge; the sum of a histogram */
    atomic_int_fast64_t buckets[METRIC_BOUNDS_MAX + 1]; /* each by itself: summed up when written */
};

struct metrics {
    pthread_mutex_t mutex; /* of whoever adds a series */
    _Atomic(struct series *) series[METRICS][BUCKETS];
    size_t source_count;
    struct {
        void (*refresh)(void *context);
        void *context;
    } sources[METRICS_SOURCES_MAX];
};

/* ---- series ---- */

static size_t label_count(enum metric metric)
{
    size_t count = 0;

    while (count < METRIC_LABELS_MAX && metrics_table[metric].labels[count] != NULL)
        count++;
    return count;
}

/* FNV-1a over the texts and their ends. */
static size_t bucket_of(const char *const *labels, size_t count)
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < count; i++) {
        const char *at = labels[i];

        do
            hash = (hash ^ (unsigned char)*at) * 16777619U;
        while (*at++ != '\0');
    }
    return (hash ^ hash >> 16) % BUCKETS;
}

static struct series *search(struct series *first, const char *const *labels, size_t count)
{
    for (struct series *series = first; series != NULL; series = series->next) {
        size_t same = 0;

        while (same < count && str_equal(series->labels[same], labels[same]))
            same++;
        if (same == count)
            return series;
    }
    return NULL;
}

static struct series *make_series(const char *const *labels, size_t count)
{
    struct series *series = calloc(1, sizeof(*series));
    struct buf texts = {0};
    size_t start[METRIC_LABELS_MAX] = {0};

    if (series == NULL)
        abort();
    for (size_t i = 0; i < count; i++) {
        start[i] = texts.length;
        buf_add(&texts, labels[i], strlen(labels[i]) + 1);
    }
    series->texts = buf_take(&texts, &(size_t){0});
    for (size_t i = 0; i < count; i++)
        series->labels[i] = series->texts + start[i];
    return series;
}

/* Looks without the mutex, and again with it before it adds one. */
static struct series *find(struct metrics *metrics, enum metric metric, const char *const *labels)
{
    static const char *const none[METRIC_LABELS_MAX] = {0};
    size_t count = label_count(metric);
    _Atomic(struct series *) *head;
    struct series *series;

    assert(count == 0 || labels != NULL);
    if (labels == NULL)
        labels = none;
    head = &metrics->series[metric][bucket_of(labels, count)];
    series = search(atomic_load_explicit(head, memory_order_acquire), labels, count);
    if (series != NULL)
        return series;
    pthread_mutex_lock(&metrics->mutex);
    series = search(atomic_load_explicit(head, memory_order_acquire), labels, count);
    if (series == NULL) {
        series = make_series(labels, count);
        series->next = atomic_load_explicit(head, memory_order_relaxed);
        atomic_store_explicit(head, series, memory_order_release);
    }
    pthread_mutex_unlock(&metrics->mutex);
    return series;
}

static void add(atomic_int_fast64_t *cell, int64_t value)
{
    atomic_fetch_add_explicit(cell, value, memory_order_relaxed);
}

static int64_t read_cell(const atomic_int_fast64_t *cell)
{
    return atomic_load_explicit(cell, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, enum metric metric, const char *const *labels)
{
    if (metrics != NULL)
        add(&find(metrics, metric, labels)->value, 1);
}

void metrics_observe(struct metrics *metrics, enum metric metric, const char *const *labels,
                     int64_t duration)
{
    const struct metric_bounds *bounds = metrics_table[metric].bounds;
    struct series *series;
    size_t i = 0;

    if (metrics == NULL)
        return;
    if (duration < 0) /* the clock was put back */
        duration = 0;
    while (i < bounds->count && duration > bounds->upper[i])
        i++;
    series = find(metrics, metric, labels);
    add(&series->value, duration);
    add(&series->buckets[i], 1);
}

void metrics_set(struct metrics *metrics, enum metric metric, const char *const *labels,
                 int64_t value)
{
    struct series *series;

    if (metrics == NULL)
        return;
    series = find(metrics, metric, labels);
    atomic_store_explicit(&series->value, value, memory_order_relaxed);
    atomic_store_explicit(&series->is_hidden, false, memory_order_relaxed);
}

/* ---- reading ---- */

/* Calls look(series, context) for each series of a metric. */
static void each(struct metrics *metrics, enum metric metric,
                 void (*look)(struct series *series, void *context), void *context)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct series *series =
                 atomic_load_explicit(&metrics->series[metric][i], memory_order_acquire);
             series != NULL; series = series->next)
            look(series, context);
}

static void hide(struct series *series, void *context)
{
    (void)context;
    atomic_store_explicit(&series->is_hidden, true, memory_order_relaxed);
}

void metrics_forget(struct metrics *metrics, enum metric metric)
{
    if (metrics != NULL)
        each(metrics, metric, hide, NULL);
}

static void add_value(struct series *series, void *context)
{
    *(int64_t *)context += read_cell(&series->value);
}

int64_t metrics_total(struct metrics *metrics, enum metric metric)
{
    int64_t total = 0;

    if (metrics != NULL)
        each(metrics, metric, add_value, &total);
    return total;
}

/* ---- the text ---- */

struct writing {
    struct buf *out;
    enum metric metric;
};

static void write_label(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "%s=\"", name);
    for (; *value != '\0'; value++) {
        if (*value == '\n') {
            BUF_LITERAL(out, "\\n");
            continue;
        }
        if (*value == '"' || *value == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *value);
    }
    buf_add_char(out, '"');
}

/* NAME{label="value",...,le="bound"} and a blank. */
static void write_name(const struct writing *writing, const struct series *series,
                       const char *suffix, const char *le)
{
    struct buf *out = writing->out;
    size_t count = label_count(writing->metric);

    buf_printf(out, "%s%s", metrics_table[writing->metric].name, suffix);
    for (size_t i = 0; i < count; i++) {
        buf_add_char(out, i == 0 ? '{' : ',');
        write_label(out, metrics_table[writing->metric].labels[i], series->labels[i]);
    }
    if (le != NULL) {
        buf_add_char(out, count == 0 ? '{' : ',');
        write_label(out, "le", le);
    }
    if (count > 0 || le != NULL)
        buf_add_char(out, '}');
    buf_add_char(out, ' ');
}

static void write_value(struct buf *out, enum metric_unit unit, int64_t value)
{
    if (unit == METRIC_SECONDS)
        buf_printf(out, "%.6f\n", (double)value / 1e6);
    else
        buf_printf(out, "%lld\n", (long long)value);
}

/* The count is the last bucket's, so that the two agree also while requests come in. */
static void write_histogram(const struct writing *writing, const struct series *series)
{
    const struct metric_bounds *bounds = metrics_table[writing->metric].bounds;
    int64_t total = 0;
    char le[32];

    for (size_t i = 0; i <= bounds->count; i++) {
        if (i < bounds->count)
            snprintf(le, sizeof(le), "%g", (double)bounds->upper[i] / 1e6);
        total += read_cell(&series->buckets[i]);
        write_name(writing, series, "_bucket", i < bounds->count ? le : "+Inf");
        write_value(writing->out, METRIC_PLAIN, total);
    }
    write_name(writing, series, "_sum", NULL);
    write_value(writing->out, METRIC_SECONDS, read_cell(&series->value));
    write_name(writing, series, "_count", NULL);
    write_value(writing->out, METRIC_PLAIN, total);
}

static void write_series(struct series *series, void *context)
{
    const struct writing *writing = context;

    if (atomic_load_explicit(&series->is_hidden, memory_order_relaxed))
        return;
    if (metrics_table[writing->metric].type == METRIC_HISTOGRAM) {
        write_histogram(writing, series);
        return;
    }
    write_name(writing, series, "", NULL);
    write_value(writing->out, metrics_table[writing->metric].unit, read_cell(&series->value));
}

void metrics_write(struct metrics *metrics, struct buf *out)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};

    for (enum metric metric = 0; metric < METRICS; metric++) {
        struct writing writing = {out, metric};

        buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metrics_table[metric].name,
                   metrics_table[metric].help, metrics_table[metric].name,
                   types[metrics_table[metric].type]);
        each(metrics, metric, write_series, &writing);
    }
}

/* ---- all of them ---- */

/* A counter or histogram without labels is there from the start: at 0, not unknown. */
struct metrics *metrics_new(void)
{
    struct metrics *metrics = calloc(1, sizeof(*metrics));

    if (metrics == NULL)
        abort();
    pthread_mutex_init(&metrics->mutex, NULL);
    for (enum metric metric = 0; metric < METRICS; metric++)
        if (metrics_table[metric].type != METRIC_GAUGE && label_count(metric) == 0)
            find(metrics, metric, NULL);
    return metrics;
}

static void free_series(struct series *series)
{
    while (series != NULL) {
        struct series *next = series->next;

        free(series->texts);
        free(series);
        series = next;
    }
}

void metrics_free(struct metrics *metrics)
{
    if (metrics == NULL)
        return;
    for (size_t metric = 0; metric < METRICS; metric++)
        for (size_t i = 0; i < BUCKETS; i++)
            free_series(atomic_load(&metrics->series[metric][i]));
    pthread_mutex_destroy(&metrics->mutex);
    free(metrics);
}

void metrics_add_source(struct metrics *metrics, void (*refresh)(void *context), void *context)
{
    if (metrics == NULL)
        return;
    assert(metrics->source_count < METRICS_SOURCES_MAX);
    metrics->sources[metrics->source_count].refresh = refresh;
    metrics->sources[metrics->source_count++].context = context;
}

void metrics_refresh(struct metrics *metrics)
{
    if (metrics == NULL)
        return;
    for (size_t i = 0; i < metrics->source_count; i++)
        metrics->sources[i].refresh(metrics->sources[i].context);
}
