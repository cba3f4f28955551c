/* Rows of a result into row structs, through their table of columns. */
#pragma once

#include "base/arena.h"
#include "base/field.h"
#include "db/db.h"

/* An array of rows->count structs of this size, in the arena; the query's columns are those of the table, in order.
 * Texts point into the rows. NULL if there are none. */
void *db_rows_read(const struct db_rows *rows, struct arena *arena, const struct column *columns, size_t count,
                   size_t row_size);
