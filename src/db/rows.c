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

static int64_t read_8(const char *bytes)
{
    uint64_t value;

    memcpy(&value, bytes, sizeof(value));
    return (int64_t)be64toh(value);
}

static int32_t read_4(const char *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof(value));
    return (int32_t)be32toh(value);
}

static int16_t read_2(const char *bytes)
{
    uint16_t value;

    memcpy(&value, bytes, sizeof(value));
    return (int16_t)be16toh(value);
}

int64_t db_get_int(const struct db_rows *rows, int row, int column)
{
    const char *bytes = PQgetvalue(rows->result, row, column);

    switch (PQgetlength(rows->result, row, column)) {
    case 2:
        return read_2(bytes);
    case 4:
        return read_4(bytes);
    default:
        assert(PQgetlength(rows->result, row, column) == 8);
        return read_8(bytes);
    }
}

bool db_get_bool(const struct db_rows *rows, int row, int column)
{
    return PQgetvalue(rows->result, row, column)[0] != 0;
}

struct uuid db_get_uuid(const struct db_rows *rows, int row, int column)
{
    struct uuid uuid;

    assert(PQgetlength(rows->result, row, column) == (int)sizeof(uuid.bytes));
    memcpy(uuid.bytes, PQgetvalue(rows->result, row, column), sizeof(uuid.bytes));
    return uuid;
}

int64_t db_get_instant(const struct db_rows *rows, int row, int column)
{
    assert(PQgetlength(rows->result, row, column) == 8);
    return read_8(PQgetvalue(rows->result, row, column)) + EPOCH_SHIFT_US;
}

int32_t db_get_day(const struct db_rows *rows, int row, int column)
{
    assert(PQgetlength(rows->result, row, column) == 4);
    return read_4(PQgetvalue(rows->result, row, column)) + EPOCH_SHIFT_DAYS;
}
