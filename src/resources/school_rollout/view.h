/* How far a school has come, as it is read and shown. Contract v1-v2.md 7. */
#pragma once

#include "api/render.h"

/* Instants are texts here: their form is this resource's own. */
struct school_rollout_row {
    struct uuid id;
    const char *name;
    const char *urn;
    const char *sent_at;
    const char *opened_at;
    const char *notify_status;
    int8_t induction_tutor_nominated;
    const char *tutor_nominated_time;
    int8_t induction_tutor_signed_in;
    const char *induction_programme_choice;
    const char *programme_chosen_time;
    int8_t in_partnership;
    const char *partnership_time;
    const char *partnership_challenge_reason;
    const char *partnership_challenge_time;
    const char *lead_provider;
    const char *delivery_partner;
};

extern const struct view school_rollout_view;
