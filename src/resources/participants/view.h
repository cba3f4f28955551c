/* A participant as it is read and shown. Contract v3.md 3.5.3. */
#pragma once

#include "api/render.h"

/* One enrolment with its participant. */
struct enrolment_row {
    struct uuid participant_id;
    const char *full_name;
    const char *trn;
    int64_t participant_updated_at;
    int8_t has_id_changes;
    struct uuid training_record_id;
    const char *email;
    struct uuid mentor_id;
    const char *school_urn;
    const char *participant_type;
    int16_t cohort;
    const char *training_status;
    const char *induction_status;
    int64_t start_date;
    int64_t end_date;
    int8_t teacher_reference_number_validated;
    int8_t eligible_for_funding;
    int8_t pupil_premium_uplift;
    int8_t sparsity_uplift;
    const char *schedule_identifier;
    struct uuid delivery_partner_id;
    const char *state_reason;
    int64_t state_at;
    int64_t created_at;
    int32_t induction_end_date;
    int32_t mentor_funding_end_date;
    int8_t cohort_changed_after_payments_frozen;
    const char *mentor_completion_reason;
    int64_t first_trained_at; /* the participant; what a list is shown in the order of */
    int8_t is_listed;         /* is it a reason to be on the list without filters? */
    /* for versions 1 and 2 only */
    const char *validation_trn;
    int64_t updated_at;
    struct uuid induction_record_id;
    int64_t person_created_at;
    int64_t person_updated_at;
};

struct id_change_row {
    struct uuid participant_id;
    struct uuid from_participant_id;
    struct uuid to_participant_id;
    int64_t changed_at;
};

/* One participant with all enrolments that the caller sees. */
struct participant {
    struct uuid id;
    const char *full_name;
    const char *teacher_reference_number;
    int64_t updated_at;
    const struct enrolment_row *enrolments;
    size_t enrolment_count;
    const struct id_change_row *id_changes;
    size_t id_change_count;
};

extern const struct view participants_view;

/* Versions 1 and 2 show enrolment rows as participants. Contract v1-v2.md 3.2. */
extern const struct view flat_participants_view;
