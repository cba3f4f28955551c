/* Pairing the records of transfers. */
#include "domain/transfer.h"

#include "base/date.h"
#include "base/field.h"

static bool is_used(const struct transfer *pairs, size_t count, size_t record)
{
    for (size_t i = 0; i < count; i++)
        if (pairs[i].joining == record)
            return true;
    return false;
}

/* The first record that may be the other end of a leaving one; it may have been created earlier. */
static size_t find_joining(const struct transfer_record *records, size_t count, size_t leaving,
                           const struct transfer *pairs, size_t pair_count)
{
    for (size_t i = 0; i < count; i++)
        if (!records[i].is_leaving && records[i].is_school_transfer &&
            !uuid_equal(&records[i].school_id, &records[leaving].school_id) &&
            !is_used(pairs, pair_count, i))
            return i;
    return (size_t)NO_RECORD;
}

static bool is_of(const struct transfer_record *record, const struct uuid *lead_provider)
{
    return uuid_equal(&record->lead_provider_id, lead_provider);
}

static bool concerns(const struct transfer_record *records, const struct transfer *pair,
                     const struct uuid *lead_provider)
{
    return is_of(&records[pair->leaving], lead_provider) ||
           (pair->joining != (size_t)NO_RECORD && is_of(&records[pair->joining], lead_provider));
}

size_t transfers_pair(const struct transfer_record *records, size_t count,
                      const struct uuid *lead_provider, struct transfer *out)
{
    size_t pair_count = 0;
    size_t kept = 0;

    /* A pair uses its records up whether it is reported or not, so all are made first. */
    for (size_t i = 0; i < count; i++) {
        if (!records[i].is_leaving)
            continue;
        out[pair_count] = (struct transfer){i, find_joining(records, count, i, out, pair_count)};
        pair_count++;
    }
    for (size_t i = 0; i < pair_count; i++)
        if (concerns(records, &out[i], lead_provider))
            out[kept++] = out[i];
    return kept;
}

const char *transfer_type(const struct transfer_record *leaving,
                          const struct transfer_record *joining)
{
    if (joining == NULL)
        return "unknown";
    if (!uuid_is_none(&leaving->lead_provider_id) && !uuid_is_none(&joining->lead_provider_id) &&
        !uuid_equal(&leaving->lead_provider_id, &joining->lead_provider_id))
        return "new_provider";
    return "new_school";
}

const char *transfer_status(const struct transfer_record *leaving,
                            const struct transfer_record *joining, int64_t now)
{
    int64_t date = leaving->end_date;

    if (joining != NULL && joining->start_date > date)
        date = joining->start_date;
    return date == INSTANT_NONE || date > day_start(day_of(now)) ? "incomplete" : "complete";
}
