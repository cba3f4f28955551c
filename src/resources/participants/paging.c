/* Cutting and ordering pages of people. */
#include "paging.h"

#include <stdlib.h>
#include <string.h>

/* How many rows the first person has, and whether one of them puts them on the list. */
static size_t rows_of_first(const struct enrolment_row *rows, size_t count, bool *is_listed)
{
    size_t i = 0;

    *is_listed = false;
    for (; i < count && uuid_equal(&rows[i].participant_id, &rows[0].participant_id); i++)
        *is_listed = *is_listed || rows[i].is_listed == TRIBOOL_TRUE;
    return i;
}

bool paging_cut(struct enrolment_row *rows, size_t *count, size_t people, bool is_end)
{
    size_t kept = 0, next = 0;

    while (next < *count && people > 0) {
        bool is_listed;
        size_t taken = rows_of_first(&rows[next], *count - next, &is_listed);

        if (is_listed) {
            if (kept < next)
                memmove(&rows[kept], &rows[next], taken * sizeof(*rows));
            kept += taken;
            people--;
        }
        next += taken;
    }
    is_end = is_end || next < *count;
    *count = kept;
    return is_end;
}

static int by_first_training(const void *left, const void *right)
{
    const struct enrolment_row *a = left, *b = right;
    int order =
        (a->first_trained_at > b->first_trained_at) - (a->first_trained_at < b->first_trained_at);

    if (order == 0)
        order = uuid_compare(&a->participant_id, &b->participant_id);
    if (order == 0)
        order = (a->created_at > b->created_at) - (a->created_at < b->created_at);
    return order != 0 ? order : uuid_compare(&a->training_record_id, &b->training_record_id);
}

void paging_order(struct enrolment_row *rows, size_t count)
{
    if (count > 0)
        qsort(rows, count, sizeof(*rows), by_first_training);
}
