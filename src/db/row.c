/* Filling row structs. */
#include "db/row.h"

#include <assert.h>

#include "internal.h"

const char *db_text_copy(const struct db_rows *rows, int row, int column, struct arena *arena)
{
    const char *text = db_get_text(rows, row, column);

    return text == NULL ? NULL : arena_strdup(arena, text);
}

struct uuid db_uuid_or_none(const struct db_rows *rows, int row, int column)
{
    return db_is_null(rows, row, column) ? UUID_NONE : db_get_uuid(rows, row, column);
}

int64_t db_instant_or_none(const struct db_rows *rows, int row, int column)
{
    return db_is_null(rows, row, column) ? INSTANT_NONE : db_get_instant(rows, row, column);
}

int32_t db_day_or_none(const struct db_rows *rows, int row, int column)
{
    return db_is_null(rows, row, column) ? DAY_NONE : db_get_day(rows, row, column);
}

int16_t db_year_or_zero(const struct db_rows *rows, int row, int column)
{
    return (int16_t)(db_is_null(rows, row, column) ? 0 : db_get_int(rows, row, column));
}

bool db_is_true(const struct db_rows *rows, int row, int column)
{
    return !db_is_null(rows, row, column) && db_get_bool(rows, row, column);
}

struct db_value db_uuid_unless_none(const struct uuid *uuid)
{
    return uuid_is_none(uuid) ? db_null() : db_uuid(uuid);
}

struct db_value db_instant_unless_none(int64_t instant)
{
    return instant == INSTANT_NONE ? db_null() : db_instant(instant);
}

/* With null as a value of base/field.h. */
static void read_cell(struct db_cell cell, enum member_type type, void *member)
{
    bool is_null = cell.length == DB_CELL_NULL;

    switch (type) {
    case MEMBER_TEXT:
        *(const char **)member = is_null ? NULL : cell.bytes;
        break;
    case MEMBER_BOOL:
        *(int8_t *)member = (int8_t)(is_null ? TRIBOOL_NONE : db_cell_bool(cell));
        break;
    case MEMBER_UUID:
        *(struct uuid *)member = is_null ? UUID_NONE : db_cell_uuid(cell);
        break;
    case MEMBER_INSTANT:
        *(int64_t *)member = is_null ? INSTANT_NONE : db_cell_instant(cell);
        break;
    case MEMBER_DAY:
        *(int32_t *)member = is_null ? DAY_NONE : db_cell_day(cell);
        break;
    case MEMBER_YEAR:
        *(int16_t *)member = (int16_t)(is_null ? 0 : db_cell_int(cell));
        break;
    }
}

/* The columns that stand in one value. */
static void read_packed(struct db_cell cell, const struct column *columns, size_t count, char *out)
{
    const char *cursor = cell.bytes;

    assert(cell.length != DB_CELL_NULL);
    if (db_cell_count(&cursor) != count)
        assert(false);
    for (size_t i = 0; i < count; i++)
        read_cell(db_cell_next(&cursor), columns[i].type, out + columns[i].offset);
}

void *db_rows_read(const struct db_rows *rows, struct arena *arena, const struct query *query)
{
    const size_t before = query->packed_count > 0 ? 1 : 0;
    char *structs;

    if (rows->count == 0)
        return NULL;
    structs = arena_alloc(arena, query->row_size * (size_t)rows->count);
    for (int row = 0; row < rows->count; row++) {
        char *out = structs + (size_t)row * query->row_size;

        if (before > 0)
            read_packed(db_cell_at(rows, row, 0), query->columns, query->packed_count, out);
        for (size_t i = query->packed_count; i < query->column_count; i++)
            read_cell(db_cell_at(rows, row, (int)(before + i - query->packed_count)),
                      query->columns[i].type, out + query->columns[i].offset);
    }
    return structs;
}
