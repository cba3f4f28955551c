/* Filling row structs. */
#include "db/row.h"

static void read_cell(const struct db_rows *rows, int row, int column, enum member_type type, void *member)
{
    bool is_null = db_is_null(rows, row, column);

    switch (type) {
    case MEMBER_TEXT:
        *(const char **)member = db_get_text(rows, row, column);
        break;
    case MEMBER_BOOL:
        *(int8_t *)member = (int8_t)(is_null ? TRIBOOL_NONE : db_get_bool(rows, row, column));
        break;
    case MEMBER_UUID:
        *(struct uuid *)member = is_null ? UUID_NONE : db_get_uuid(rows, row, column);
        break;
    case MEMBER_INSTANT:
        *(int64_t *)member = is_null ? INSTANT_NONE : db_get_instant(rows, row, column);
        break;
    case MEMBER_DAY:
        *(int32_t *)member = is_null ? DAY_NONE : db_get_day(rows, row, column);
        break;
    case MEMBER_YEAR:
        *(int16_t *)member = (int16_t)db_get_int(rows, row, column);
        break;
    }
}

void *db_rows_read(const struct db_rows *rows, struct arena *arena, const struct column *columns, size_t count,
                   size_t row_size)
{
    char *structs;

    if (rows->count == 0)
        return NULL;
    structs = arena_alloc(arena, row_size * (size_t)rows->count);
    for (int row = 0; row < rows->count; row++)
        for (size_t i = 0; i < count; i++)
            read_cell(rows, row, (int)i, columns[i].type, structs + (size_t)row * row_size + columns[i].offset);
    return structs;
}
