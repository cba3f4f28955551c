/* Rows of a result into row structs, through their table of columns. */
#pragma once

#include "base/arena.h"
#include "base/field.h"
#include "db/db.h"

/* An array of rows->count structs of this size, in the arena; the query's columns are those of the
 * table, in order. Texts point into the rows. NULL if there are none. */
void *db_rows_read(const struct db_rows *rows, struct arena *arena, const struct column *columns,
                   size_t count, size_t row_size);

/* Single cells with null as a value of base/field.h; texts are copied into the arena. */
const char *db_text_copy(const struct db_rows *rows, int row, int column, struct arena *arena);
struct uuid db_uuid_or_none(const struct db_rows *rows, int row, int column);
int64_t db_instant_or_none(const struct db_rows *rows, int row, int column);
int32_t db_day_or_none(const struct db_rows *rows, int row, int column);
int16_t db_year_or_zero(const struct db_rows *rows, int row, int column);
bool db_is_true(const struct db_rows *rows, int row, int column); /* null is false */

/* And back: those values become null parameters. */
struct db_value db_uuid_unless_none(const struct uuid *uuid);
struct db_value db_instant_unless_none(int64_t instant);
