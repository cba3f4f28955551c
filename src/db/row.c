/* Filling row structs. */
#include "db/row.h"

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

static void read_cell(const struct db_rows *rows, int row, int column, enum member_type type,
                      void *member)
{
    switch (type) {
    case MEMBER_TEXT:
        *(const char **)member = db_get_text(rows, row, column);
        break;
    case MEMBER_BOOL:
        *(int8_t *)member =
            (int8_t)(db_is_null(rows, row, column) ? TRIBOOL_NONE : db_get_bool(rows, row, column));
        break;
    case MEMBER_UUID:
        *(struct uuid *)member = db_uuid_or_none(rows, row, column);
        break;
    case MEMBER_INSTANT:
        *(int64_t *)member = db_instant_or_none(rows, row, column);
        break;
    case MEMBER_DAY:
        *(int32_t *)member = db_day_or_none(rows, row, column);
        break;
    case MEMBER_YEAR:
        *(int16_t *)member = db_year_or_zero(rows, row, column);
        break;
    }
}

void *db_rows_read(const struct db_rows *rows, struct arena *arena, const struct column *columns,
                   size_t count, size_t row_size)
{
    char *structs;

    if (rows->count == 0)
        return NULL;
    structs = arena_alloc(arena, row_size * (size_t)rows->count);
    for (int row = 0; row < rows->count; row++)
        for (size_t i = 0; i < count; i++)
            read_cell(rows, row, (int)i, columns[i].type,
                      structs + (size_t)row * row_size + columns[i].offset);
    return structs;
}
