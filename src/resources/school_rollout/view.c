/* The attributes of the dashboard's rows. */
#include "view.h"

static const struct field fields[] = {
    FIELD(school_rollout_row, name, TEXT, V1),
    FIELD(school_rollout_row, urn, TEXT, V1),
    FIELD(school_rollout_row, sent_at, TEXT, V1),
    FIELD(school_rollout_row, opened_at, TEXT, V1),
    FIELD(school_rollout_row, notify_status, TEXT, V1),
    FIELD(school_rollout_row, induction_tutor_nominated, BOOL, V1),
    FIELD(school_rollout_row, tutor_nominated_time, TEXT, V1),
    FIELD(school_rollout_row, induction_tutor_signed_in, BOOL, V1),
    FIELD(school_rollout_row, induction_programme_choice, TEXT, V1),
    FIELD(school_rollout_row, programme_chosen_time, TEXT, V1),
    FIELD(school_rollout_row, in_partnership, BOOL, V1),
    FIELD(school_rollout_row, partnership_time, TEXT, V1),
    FIELD(school_rollout_row, partnership_challenge_reason, TEXT, V1),
    FIELD(school_rollout_row, partnership_challenge_time, TEXT, V1),
    FIELD(school_rollout_row, lead_provider, TEXT, V1),
    FIELD(school_rollout_row, delivery_partner, TEXT, V1),
};

const struct view school_rollout_view = {"school_rollout", offsetof(struct school_rollout_row, id),
                                         fields, COUNT_OF(fields)};
