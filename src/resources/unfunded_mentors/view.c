/* The attributes of an unfunded mentor. */
#include "view.h"

static const struct field fields[] = {
    FIELD(unfunded_mentor_row, full_name, TEXT, V3),
    FIELD(unfunded_mentor_row, email, TEXT, V3),
    FIELD(unfunded_mentor_row, teacher_reference_number, TEXT, V3),
    FIELD(unfunded_mentor_row, created_at, INSTANT, V3),
    FIELD(unfunded_mentor_row, updated_at, INSTANT, V3),
};

const struct view unfunded_mentors_view = {
    "unfunded-mentor", offsetof(struct unfunded_mentor_row, id), fields, COUNT_OF(fields)};
