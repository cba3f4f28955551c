/* A statement as it is read and shown. Contract v3.md 3.1. */
#pragma once

#include "api/render.h"

struct statement_row {
    struct uuid id;
    const char *month;
    const char *year;
    int16_t cohort;
    int32_t cut_off_date;
    int32_t payment_date;
    int8_t paid;
    int64_t created_at;
    int64_t updated_at;
};

extern const struct view statements_view;
