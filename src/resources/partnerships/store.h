/* The SQL calls of partnerships. */
#pragma once

#include "domain/partnership.h"
#include "resources/reading.h"
#include "resources/writing.h"

enum err partnerships_page(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct list_request *list,
                           const struct uuid *delivery_partners, size_t delivery_partner_count)
    MUST_CHECK;
enum err partnerships_find(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct uuid *id) MUST_CHECK;

/* What a partnership is to be, as ids; UUID_NONE and 0 where a text named none. */
struct partnership_ids {
    int16_t cohort;
    struct uuid school_id;
    struct uuid delivery_partner_id;
};

/* Begins the transaction of a new partnership: locks the school, then loads what decides. */
enum err partnership_begin(struct db_tx *tx, const struct writer *writer,
                           const struct partnership_ids *ids, struct partnership_facts *out)
    MUST_CHECK;

/* The same for a change of the partner; is_own is false if the partnership is not the provider's
 * own. */
enum err partnership_begin_update(struct db_tx *tx, const struct writer *writer,
                                  const struct uuid *id, const struct uuid *delivery_partner_id,
                                  struct partnership_update_facts *out, bool *is_own) MUST_CHECK;

/* Reports the partnership (existing: UUID_NONE for a new report) and gives its id. */
enum err partnership_report(struct db_tx *tx, const struct writer *writer,
                            const struct partnership_ids *ids, const struct uuid *existing,
                            struct uuid *out) MUST_CHECK;

/* Reads a partnership as it is now, and commits. */
enum err partnership_commit(struct db_tx *tx, const struct writer *writer, const struct uuid *id,
                            struct arena *arena, struct reading *out) MUST_CHECK;
