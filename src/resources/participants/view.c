/* The attributes of a participant and of an enrolment. */
#include "view.h"

#include "base/str.h"
#include "domain/enrolment.h"
#include "domain/programme.h"

static const struct enrolment_row *enrolment(const void *row)
{
    return row;
}

static void write_status(struct buf *out, const void *row, const struct view_context *context)
{
    const struct enrolment_row *shown = enrolment(row);

    render_text(out, participant_status(shown->start_date, shown->end_date, shown->induction_status,
                                        context->now));
}

/* {"reason": ..., "date": ...} if the enrolment stands in that state by this provider's word, else
 * null. */
static void write_state(struct buf *out, const struct enrolment_row *row, const char *state,
                        const char *reason)
{
    if (!str_equal(row->training_status, state) || row->state_at == INSTANT_NONE) {
        BUF_LITERAL(out, "null");
        return;
    }
    BUF_LITERAL(out, "{\"reason\":");
    render_text(out, reason);
    BUF_LITERAL(out, ",\"date\":");
    render_instant(out, row->state_at);
    buf_add_char(out, '}');
}

static void write_withdrawal(struct buf *out, const void *row, const struct view_context *context)
{
    const char *reason =
        withdrawal_reason_shown(enrolment(row)->state_reason, context->programme_types_2025);

    write_state(out, row, "withdrawn", reason);
}

static void write_deferral(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    write_state(out, row, "deferred", enrolment(row)->state_reason);
}

static void write_mentor_reason(struct buf *out, const void *row,
                                const struct view_context *context)
{
    bool is_mentor = str_equal(enrolment(row)->participant_type, "mentor");

    (void)context;
    render_text(out, is_mentor ? enrolment(row)->mentor_completion_reason : NULL);
}

static const struct field enrolment_fields[] = {
    FIELD(enrolment_row, training_record_id, UUID, V3),
    FIELD(enrolment_row, email, TEXT, V3),
    FIELD(enrolment_row, mentor_id, UUID, V3),
    FIELD(enrolment_row, school_urn, TEXT, V3),
    FIELD(enrolment_row, participant_type, TEXT, V3),
    FIELD(enrolment_row, cohort, YEAR, V3),
    FIELD(enrolment_row, training_status, TEXT, V3),
    FIELD_FROM("participant_status", write_status, V3),
    FIELD(enrolment_row, teacher_reference_number_validated, BOOL, V3),
    FIELD(enrolment_row, eligible_for_funding, BOOL, V3),
    FIELD(enrolment_row, pupil_premium_uplift, BOOL, V3),
    FIELD(enrolment_row, sparsity_uplift, BOOL, V3),
    FIELD(enrolment_row, schedule_identifier, TEXT, V3),
    FIELD(enrolment_row, delivery_partner_id, UUID, V3),
    FIELD_FROM("withdrawal", write_withdrawal, V3),
    FIELD_FROM("deferral", write_deferral, V3),
    FIELD(enrolment_row, created_at, INSTANT, V3),
    FIELD(enrolment_row, induction_end_date, DAY, V3),
    FIELD(enrolment_row, mentor_funding_end_date, DAY, V3),
    FIELD(enrolment_row, cohort_changed_after_payments_frozen, BOOL, V3),
    FIELD_FROM("mentor_ineligible_for_funding_reason", write_mentor_reason, V3),
};

static const struct field id_change_fields[] = {
    FIELD(id_change_row, from_participant_id, UUID, V3),
    FIELD(id_change_row, to_participant_id, UUID, V3),
    FIELD(id_change_row, changed_at, INSTANT, V3),
};

/* An array of objects without ids of their own. */
static void write_array(struct buf *out, const struct field *fields, size_t field_count,
                        const void *rows, size_t count, size_t row_size,
                        const struct view_context *context)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        render_attributes(out, fields, field_count, (const char *)rows + i * row_size, context);
    }
    buf_add_char(out, ']');
}

static void write_enrolments(struct buf *out, const void *row, const struct view_context *context)
{
    const struct participant *shown = row;

    write_array(out, enrolment_fields, COUNT_OF(enrolment_fields), shown->enrolments,
                shown->enrolment_count, sizeof(struct enrolment_row), context);
}

static void write_id_changes(struct buf *out, const void *row, const struct view_context *context)
{
    const struct participant *shown = row;

    write_array(out, id_change_fields, COUNT_OF(id_change_fields), shown->id_changes,
                shown->id_change_count, sizeof(struct id_change_row), context);
}

static const struct field fields[] = {
    FIELD(participant, full_name, TEXT, V3),
    FIELD(participant, teacher_reference_number, TEXT, V3),
    FIELD(participant, updated_at, INSTANT, V3),
    FIELD_FROM("ecf_enrolments", write_enrolments, V3),
    FIELD_FROM("participant_id_changes", write_id_changes, V3),
};

const struct view participants_view = {"participant", offsetof(struct participant, id), fields,
                                       COUNT_OF(fields)};

static void write_flat_status(struct buf *out, const void *row, const struct view_context *context)
{
    const char *status = enrolment(row)->induction_status;

    (void)context;
    render_text(out, str_equal(status, "withdrawn") || str_equal(status, "changed") ? "withdrawn"
                                                                                    : "active");
}

static void write_any_trn(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    render_text(out,
                enrolment(row)->trn != NULL ? enrolment(row)->trn : enrolment(row)->validation_trn);
}

static const struct field flat_fields[] = {
    FIELD(enrolment_row, email, TEXT, V1 | V2),
    FIELD(enrolment_row, full_name, TEXT, V1 | V2),
    FIELD(enrolment_row, mentor_id, UUID, V1 | V2),
    FIELD(enrolment_row, school_urn, TEXT, V1 | V2),
    FIELD(enrolment_row, participant_type, TEXT, V1 | V2),
    FIELD(enrolment_row, cohort, YEAR, V1 | V2),
    FIELD_FROM("status", write_flat_status, V1 | V2),
    FIELD_FROM("teacher_reference_number", write_any_trn, V1 | V2),
    FIELD(enrolment_row, teacher_reference_number_validated, BOOL, V1 | V2),
    FIELD(enrolment_row, eligible_for_funding, BOOL, V1 | V2),
    FIELD(enrolment_row, pupil_premium_uplift, BOOL, V1 | V2),
    FIELD(enrolment_row, sparsity_uplift, BOOL, V1 | V2),
    FIELD(enrolment_row, training_status, TEXT, V1 | V2),
    FIELD(enrolment_row, training_record_id, UUID, V1 | V2),
    FIELD(enrolment_row, schedule_identifier, TEXT, V1 | V2),
    FIELD(enrolment_row, updated_at, INSTANT, V1 | V2),
};

const struct view flat_participants_view = {"participant",
                                            offsetof(struct enrolment_row, participant_id),
                                            flat_fields, COUNT_OF(flat_fields)};
