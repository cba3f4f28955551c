/* Cells of a binary result. */
#include "internal.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

/* PostgreSQL counts instants and days from 2000-01-01. */
static const int64_t EPOCH_SHIFT_US = INT64_C(946684800000000);
static const int32_t EPOCH_SHIFT_DAYS = 10957;

void db_rows_finish(struct db_rows *rows)
{
    PQclear(rows->result);
    *rows = (struct db_rows){0};
}

bool db_is_null(const struct db_rows *rows, int row, int column)
{
    return PQgetisnull(rows->result, row, column) == 1;
}

const char *db_get_text(const struct db_rows *rows, int row, int column)
{
    return db_is_null(rows, row, column) ? NULL : PQgetvalue(rows->result, row, column);
}

static uint32_t read_4(const char *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof(value));
    return be32toh(value);
}

static int64_t read_8(const char *bytes)
{
    uint64_t value;

    memcpy(&value, bytes, sizeof(value));
    return (int64_t)be64toh(value);
}

static int16_t read_2(const char *bytes)
{
    uint16_t value;

    memcpy(&value, bytes, sizeof(value));
    return (int16_t)be16toh(value);
}

struct db_cell db_cell_at(const struct db_rows *rows, int row, int column)
{
    return (struct db_cell){PQgetvalue(rows->result, row, column),
                            db_is_null(rows, row, column) ? DB_CELL_NULL
                                                          : PQgetlength(rows->result, row, column)};
}

struct db_cell db_cell_next(const char **cursor)
{
    const char *at = *cursor + sizeof(uint32_t); /* behind its type */
    struct db_cell cell = {at + sizeof(uint32_t), (int32_t)read_4(at)};

    *cursor = cell.length == DB_CELL_NULL ? cell.bytes : cell.bytes + cell.length;
    return cell;
}

size_t db_cell_count(const char **cursor)
{
    size_t count = read_4(*cursor);

    *cursor += sizeof(uint32_t);
    return count;
}

int64_t db_cell_int(struct db_cell cell)
{
    switch (cell.length) {
    case 2:
        return read_2(cell.bytes);
    case 4:
        return (int32_t)read_4(cell.bytes);
    default:
        assert(cell.length == 8);
        return read_8(cell.bytes);
    }
}

bool db_cell_bool(struct db_cell cell)
{
    return cell.bytes[0] != 0;
}

struct uuid db_cell_uuid(struct db_cell cell)
{
    struct uuid uuid;

    assert(cell.length == (int)sizeof(uuid.bytes));
    memcpy(uuid.bytes, cell.bytes, sizeof(uuid.bytes));
    return uuid;
}

int64_t db_cell_instant(struct db_cell cell)
{
    assert(cell.length == 8);
    return read_8(cell.bytes) + EPOCH_SHIFT_US;
}

int32_t db_cell_day(struct db_cell cell)
{
    assert(cell.length == 4);
    return (int32_t)read_4(cell.bytes) + EPOCH_SHIFT_DAYS;
}

int64_t db_get_int(const struct db_rows *rows, int row, int column)
{
    return db_cell_int(db_cell_at(rows, row, column));
}

bool db_get_bool(const struct db_rows *rows, int row, int column)
{
    return db_cell_bool(db_cell_at(rows, row, column));
}

struct uuid db_get_uuid(const struct db_rows *rows, int row, int column)
{
    return db_cell_uuid(db_cell_at(rows, row, column));
}

int64_t db_get_instant(const struct db_rows *rows, int row, int column)
{
    return db_cell_instant(db_cell_at(rows, row, column));
}

int32_t db_get_day(const struct db_rows *rows, int row, int column)
{
    return db_cell_day(db_cell_at(rows, row, column));
}
