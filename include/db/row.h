/* Rows of a result into row structs, through their table of columns. */
#pragma once

#include "base/arena.h"
#include "base/field.h"
#include "db/db.h"

/* One query, the columns of its rows in their order, and the struct that each row becomes. The
 * first packed_count columns stand in the first value, as record_send() writes a row, with texts
 * that bring their zero byte. */
struct query {
    const struct sql *sql;
    const struct column *columns;
    size_t column_count;
    size_t row_size;
    size_t packed_count;
};

#define PACKED_QUERY(statement, table, packed, row)                                                \
    {                                                                                              \
        .sql = &(statement), .columns = (table),                                                   \
        .column_count = sizeof(table) / sizeof((table)[0]), .row_size = sizeof(row),               \
        .packed_count = (packed)                                                                   \
    }
#define QUERY(statement, table, row) PACKED_QUERY(statement, table, 0, row)

/* An array of rows->count structs, in the arena. Texts point into the rows. NULL if there are
 * none. */
void *db_rows_read(const struct db_rows *rows, struct arena *arena, const struct query *query);

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
