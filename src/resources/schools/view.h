/* A school, in one cohort, as it is read and shown. Contract v3.md 3.3. */
#pragma once

#include "api/render.h"

struct school_row {
    struct uuid id;
    const char *name;
    const char *urn;
    int16_t cohort;
    int8_t in_partnership;
    const char *programme_choice; /* as stored; NULL without a school cohort */
    int64_t created_at;
    int64_t updated_at;
};

extern const struct view schools_view;
