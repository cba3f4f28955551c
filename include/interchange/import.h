/* Reads records into the database: contract import.md. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "db/db.h"

struct import_options {
    FILE *in;
    const char *name;         /* of the file, for messages */
    FILE *err;                /* where problems are listed */
    FILE *progress;           /* NULL: none is shown */
    const int64_t *now;       /* the clock for effects; NULL: the wall clock */
    const char *token_secret; /* NULL refuses tokens */
};

struct import_counts {
    int64_t lines;
    int64_t inserted; /* rows of all tables */
    int64_t changed;
    int64_t deleted;
};

/* Does everything but commit, in a transaction that the caller has begun: a dry run finishes it
 * instead. ERR_INPUT after having listed what is wrong; the transaction is of no more use then. */
enum err import_run(struct db_tx *tx, const struct import_options *options,
                    struct import_counts *out) MUST_CHECK;
