/* The attributes of a participant's transfers. */
#include "view.h"

#include "base/date.h"

/* Where the participant was, or is, at one end of a transfer. */
static void write_end(struct buf *out, const struct transfer_row *row, int64_t date)
{
    BUF_LITERAL(out, "{\"school_urn\":");
    render_text(out, row->school_urn);
    BUF_LITERAL(out, ",\"provider\":");
    render_text(out, row->lead_provider_name);
    BUF_LITERAL(out, ",\"date\":");
    render_day(out, date == INSTANT_NONE ? DAY_NONE : day_of(date));
    buf_add_char(out, '}');
}

static void write_transfer(struct buf *out, const struct transferred_participant *participant,
                           const struct transfer *transfer, int64_t now)
{
    bool has_joining = transfer->joining != (size_t)NO_RECORD;
    const struct transfer_row *row = &participant->rows[transfer->leaving];
    const struct transfer_record *leaving = &participant->records[transfer->leaving];
    const struct transfer_record *joining =
        has_joining ? &participant->records[transfer->joining] : NULL;

    BUF_LITERAL(out, "{\"training_record_id\":");
    render_uuid(out, &row->training_record_id);
    BUF_LITERAL(out, ",\"transfer_type\":");
    render_text(out, transfer_type(leaving, joining));
    BUF_LITERAL(out, ",\"status\":");
    render_text(out, transfer_status(leaving, joining, now));
    BUF_LITERAL(out, ",\"created_at\":");
    render_instant(out, row->created_at);
    BUF_LITERAL(out, ",\"leaving\":");
    write_end(out, row, row->end_date);
    BUF_LITERAL(out, ",\"joining\":");
    if (joining != NULL)
        write_end(out, &participant->rows[transfer->joining], joining->start_date);
    else
        BUF_LITERAL(out, "null");
    buf_add_char(out, '}');
}

static void write_transfers(struct buf *out, const void *row, const struct view_context *context)
{
    const struct transferred_participant *participant = row;

    buf_add_char(out, '[');
    for (size_t i = 0; i < participant->transfer_count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        write_transfer(out, participant, &participant->transfers[i], context->now);
    }
    buf_add_char(out, ']');
}

static const struct field fields[] = {
    FIELD(transferred_participant, updated_at, INSTANT, V3),
    FIELD_FROM("transfers", write_transfers, V3),
};

const struct view transfers_view = {
    "participant-transfer", offsetof(struct transferred_participant, id), fields, COUNT_OF(fields)};
