/* The attributes of a partnership. */
#include "view.h"

static void write_status(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    render_text(out, ((const struct partnership_row *)row)->challenged_reason != NULL ? "challenged"
                                                                                      : "active");
}

static const struct field fields[] = {
    FIELD(partnership_row, cohort, YEAR, V3),
    FIELD(partnership_row, urn, TEXT, V3),
    FIELD(partnership_row, school_id, UUID, V3),
    FIELD(partnership_row, delivery_partner_id, UUID, V3),
    FIELD(partnership_row, delivery_partner_name, TEXT, V3),
    FIELD_FROM("status", write_status, V3),
    FIELD(partnership_row, challenged_reason, TEXT, V3),
    FIELD(partnership_row, challenged_at, INSTANT_MS, V3),
    FIELD(partnership_row, induction_tutor_name, TEXT, V3),
    FIELD(partnership_row, induction_tutor_email, TEXT, V3),
    FIELD(partnership_row, created_at, INSTANT, V3),
    FIELD(partnership_row, updated_at, INSTANT, V3),
};

const struct view partnerships_view = {"partnership", offsetof(struct partnership_row, id), fields,
                                       COUNT_OF(fields)};
