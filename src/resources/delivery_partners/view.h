/* A delivery partner as it is read and shown. Contract v3.md 3.2. */
#pragma once

#include "api/render.h"

struct delivery_partner_row {
    struct uuid id;
    const char *name;
    int64_t created_at;
    int64_t updated_at;
    const char *cohorts; /* 2021,2022 */
};

extern const struct view delivery_partners_view;
