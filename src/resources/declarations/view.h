/* A declaration as it is read and shown. Contract v3.md 3.8.2. */
#pragma once

#include "api/render.h"

struct declaration_row {
    struct uuid id;
    struct uuid participant_id;
    const char *declaration_type;
    const char *course_identifier;
    int64_t declaration_date;
    struct uuid mentor_id;
    const char *state;
    int64_t updated_at;
    int64_t created_at;
    struct uuid delivery_partner_id;
    struct uuid statement_id;
    struct uuid clawback_statement_id;
    const char *state_reason;
    int8_t has_uplift;
    const char *evidence_held;
    const char *lead_provider_name;
};

extern const struct view declarations_view;
