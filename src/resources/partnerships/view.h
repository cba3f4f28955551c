/* A partnership as it is read and shown. Contract v3.md 3.4.1. */
#pragma once

#include "api/render.h"

struct partnership_row {
    struct uuid id;
    int16_t cohort;
    const char *urn;
    struct uuid school_id;
    struct uuid delivery_partner_id;
    const char *delivery_partner_name;
    const char *challenged_reason;
    int64_t challenged_at;
    const char *induction_tutor_name;
    const char *induction_tutor_email;
    int64_t created_at;
    int64_t updated_at;
};

extern const struct view partnerships_view;
