/* The attributes of a declaration. */
#include "view.h"

#include "base/str.h"

static const struct declaration_row *declaration(const void *row)
{
    return row;
}

/* Stored with underscores, shown with hyphens. */
static void write_state(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    buf_add_char(out, '"');
    for (const char *c = declaration(row)->state; *c != '\0'; c++)
        buf_add_char(out, *c == '_' ? '-' : *c);
    buf_add_char(out, '"');
}

static void write_ineligible_reason(struct buf *out, const void *row,
                                    const struct view_context *context)
{
    const char *reason = declaration(row)->state_reason;

    (void)context;
    if (!str_equal(declaration(row)->state, "ineligible"))
        reason = NULL;
    else if (reason != NULL && str_equal(reason, "duplicate"))
        reason = "duplicate_declaration";
    render_text(out, reason);
}

static bool is_or_was_paid(const char *state)
{
    return str_equal(state, "paid") || str_equal(state, "awaiting_clawback") ||
           str_equal(state, "clawed_back");
}

static void write_uplift_paid(struct buf *out, const void *row, const struct view_context *context)
{
    const struct declaration_row *shown = declaration(row);
    bool is_paid = shown->has_uplift == TRIBOOL_TRUE &&
                   str_equal(shown->course_identifier, "ecf-induction") &&
                   str_equal(shown->declaration_type, "started") && is_or_was_paid(shown->state);

    (void)context;
    buf_add_text(out, is_paid ? "true" : "false");
}

static void write_eligible_for_payment(struct buf *out, const void *row,
                                       const struct view_context *context)
{
    const char *state = declaration(row)->state;

    (void)context;
    buf_add_text(out,
                 str_equal(state, "eligible") || str_equal(state, "payable") ? "true" : "false");
}

static void write_voided(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    buf_add_text(out, str_equal(declaration(row)->state, "voided") ? "true" : "false");
}

static const struct field fields[] = {
    FIELD(declaration_row, participant_id, UUID, ALL_VERSIONS),
    FIELD(declaration_row, declaration_type, TEXT, ALL_VERSIONS),
    FIELD(declaration_row, course_identifier, TEXT, ALL_VERSIONS),
    FIELD_FROM("eligible_for_payment", write_eligible_for_payment, V1),
    FIELD(declaration_row, declaration_date, INSTANT, ALL_VERSIONS),
    FIELD(declaration_row, mentor_id, UUID, V3),
    FIELD(declaration_row, updated_at, INSTANT, V1 | V2),
    FIELD_FROM("voided", write_voided, V1),
    FIELD_FROM("state", write_state, ALL_VERSIONS),
    FIELD(declaration_row, updated_at, INSTANT, V3),
    FIELD(declaration_row, created_at, INSTANT, V3),
    FIELD(declaration_row, delivery_partner_id, UUID, V3),
    FIELD(declaration_row, statement_id, UUID, V3),
    FIELD(declaration_row, clawback_statement_id, UUID, V3),
    FIELD_FROM("ineligible_for_funding_reason", write_ineligible_reason, V3),
    FIELD_FROM("uplift_paid", write_uplift_paid, V3),
    FIELD(declaration_row, evidence_held, TEXT, V3),
    FIELD_NULL("has_passed", ALL_VERSIONS),
    FIELD(declaration_row, lead_provider_name, TEXT, V3),
};

const struct view declarations_view = {
    "participant-declaration", offsetof(struct declaration_row, id), fields, COUNT_OF(fields)};
