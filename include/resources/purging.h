/* Deleting what has been kept long enough, some rows at a time. */
#pragma once

#include "db/db.h"

/* Runs a statement that takes an instant and a number of rows, deletes that many of the rows that
 * are older, and counts them, until there are none; each run is a transaction of its own. */
enum err purge(struct db_pool *pool, const struct sql *sql, int64_t before, int64_t *count)
    MUST_CHECK;
