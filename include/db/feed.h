/* Rows that are written to the database beside everything else: kept in memory for a moment, sent
 * in batches, dropped and counted where there is no room. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "db/db.h"

struct feed;

struct feed_options {
    struct db_pool *pool;
    const struct sql *copy; /* COPY ... FROM STDIN (FORMAT binary); its rows stay single where they
                             * bring their key, else a lost confirmation can double them */
    size_t rows_max;        /* how many may wait, those under way included */
    size_t bytes_max;
    size_t rows_wanted; /* as soon as so many wait, they are sent */
    int period_ms;      /* else after so long */
};

struct feed_counts {
    int64_t written;
    int64_t dropped;
    int64_t waiting;
};

struct feed *feed_start(const struct feed_options *options);

/* Takes a copy of one row, made with db/copy_row.h. Never waits for the database. */
void feed_add(struct feed *feed, const struct buf *row);

/* Since the start. */
struct feed_counts feed_count(struct feed *feed);

/* Writes what is left, trying once, and ends. NULL is accepted. */
void feed_stop(struct feed *feed);
