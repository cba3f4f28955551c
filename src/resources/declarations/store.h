/* The SQL calls of declarations. */
#pragma once

#include "resources/reading.h"

/* What a list of declarations is narrowed to; NULL and absent filters do not narrow. */
struct declaration_filters {
    const struct uuid *participants;
    size_t participant_count;
    const struct uuid *delivery_partners;
    size_t delivery_partner_count;
};

enum err declarations_page(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct list_request *list,
                           const struct declaration_filters *filters) MUST_CHECK;

enum err declarations_find(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct uuid *id,
                           const struct list_request *list) MUST_CHECK;
