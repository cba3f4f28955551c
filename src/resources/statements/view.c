/* The attributes of a statement. */
#include "view.h"

static void write_type(struct buf *out, const void *row, const struct view_context *context)
{
    (void)row;
    (void)context;
    BUF_LITERAL(out, "\"ecf\"");
}

static const struct field fields[] = {
    FIELD(statement_row, month, TEXT, V3),
    FIELD(statement_row, year, TEXT, V3),
    FIELD_FROM("type", write_type, V3),
    FIELD(statement_row, cohort, YEAR, V3),
    FIELD(statement_row, cut_off_date, DAY, V3),
    FIELD(statement_row, payment_date, DAY, V3),
    FIELD(statement_row, paid, BOOL, V3),
    FIELD(statement_row, created_at, INSTANT, V3),
    FIELD(statement_row, updated_at, INSTANT, V3),
};

const struct view statements_view = {"statement", offsetof(struct statement_row, id), fields,
                                     COUNT_OF(fields)};
