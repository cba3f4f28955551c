/* Transfers as they are read and shown. Contract v3.md 3.6. */
#pragma once

#include "api/render.h"
#include "domain/transfer.h"

/* One induction record of a participant who moved. */
struct transfer_row {
    struct uuid participant_id;
    int64_t participant_updated_at;
    struct uuid training_record_id;
    struct uuid id;
    int8_t is_leaving;
    int8_t is_school_transfer;
    struct uuid school_id;
    const char *school_urn;
    struct uuid lead_provider_id;
    const char *lead_provider_name;
    int64_t start_date;
    int64_t end_date;
    int64_t created_at;
    int64_t updated_at;
};

/* One participant with the transfers that concern the caller. */
struct transferred_participant {
    struct uuid id;
    int64_t updated_at;
    const struct transfer_row *rows;
    const struct transfer_record *records; /* beside the rows */
    const struct transfer *transfers;      /* indices into the rows */
    size_t transfer_count;
};

extern const struct view transfers_view;
