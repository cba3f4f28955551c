/* Which induction records make a transfer. Pure. Contract v3.md 3.6. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"

/* One induction record, as far as transfers look at it. */
struct transfer_record {
    struct uuid training_record_id;
    bool is_leaving;
    bool is_school_transfer;
    struct uuid school_id;
    struct uuid lead_provider_id; /* UUID_NONE without a partnership */
    int64_t start_date;
    int64_t end_date; /* INSTANT_NONE: none */
};

/* Indices into the records; joining is NO_RECORD when nobody knows where the participant went. */
struct transfer {
    size_t leaving;
    size_t joining;
};

enum { NO_RECORD = -1 };

/* Pairs the records of one training record, which must be in the order in which they were created.
 * out has room for one transfer per record; returns how many of them concern the lead provider. */
size_t transfers_pair(const struct transfer_record *records, size_t count,
                      const struct uuid *lead_provider, struct transfer *out);

/* new_provider, new_school or unknown. joining is NULL if there is none. */
const char *transfer_type(const struct transfer_record *leaving,
                          const struct transfer_record *joining);

/* complete once the later of the two dates is not after today's beginning. */
const char *transfer_status(const struct transfer_record *leaving,
                            const struct transfer_record *joining, int64_t now);
