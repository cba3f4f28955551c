/* An unfunded mentor as it is read and shown. Contract v3.md 3.7. */
#pragma once

#include "api/render.h"

struct unfunded_mentor_row {
    struct uuid id;
    const char *full_name;
    const char *email;
    const char *teacher_reference_number;
    int64_t created_at;
    int64_t updated_at;
};

extern const struct view unfunded_mentors_view;
