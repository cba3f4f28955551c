/* The attributes of a delivery partner. */
#include "view.h"

#include <string.h>

static void write_cohorts(struct buf *out, const void *row, const struct view_context *context)
{
    const char *cohorts = ((const struct delivery_partner_row *)row)->cohorts;
    const char *separator = "[\"";

    (void)context;
    while (*cohorts != '\0') {
        size_t length = strcspn(cohorts, ",");

        buf_add_text(out, separator);
        buf_add(out, cohorts, length);
        cohorts += length + (cohorts[length] == ',' ? 1 : 0);
        separator = "\",\"";
    }
    BUF_LITERAL(out, "\"]");
}

static const struct field fields[] = {
    FIELD(delivery_partner_row, name, TEXT, V3),
    FIELD(delivery_partner_row, created_at, INSTANT, V3),
    FIELD(delivery_partner_row, updated_at, INSTANT, V3),
    FIELD_FROM("cohort", write_cohorts, V3),
};

const struct view delivery_partners_view = {
    "delivery-partner", offsetof(struct delivery_partner_row, id), fields, COUNT_OF(fields)};
