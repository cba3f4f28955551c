/* The SQL calls of declarations. */
#pragma once

#include "domain/declaration.h"
#include "resources/exporting.h"
#include "resources/reading.h"
#include "resources/writing.h"

/* What a list of declarations is narrowed to; NULL and absent filters do not narrow. */
struct declaration_filters {
    bool is_v3; /* versions 1 and 2 see less */
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
                           const struct list_request *list,
                           const struct declaration_filters *filters) MUST_CHECK;

/* All of them as CSV; the arena, in which the filters' values are, is taken over. */
enum err declarations_export(const struct service *service, const struct request *request,
                             struct arena *arena, const struct list_request *list,
                             const struct declaration_filters *filters, struct response *response)
    MUST_CHECK;

/* Begins the transaction of a new declaration: locks, then loads what decides. */
enum err declaration_begin(struct db_tx *tx, const struct writer *writer,
                           const struct declaration_request *request, struct arena *arena,
                           struct declaration_facts *out) MUST_CHECK;

/* Writes the declaration under this id, reads it back as the provider sees it, and commits. */
enum err declaration_write(struct db_tx *tx, const struct writer *writer,
                           const struct declaration_request *request,
                           const struct declaration_facts *facts,
                           const struct declaration_decision *decision, struct arena *arena,
                           struct reading *out) MUST_CHECK;

/* Keeps a refused attempt, and commits. */
enum err declaration_write_attempt(struct db_tx *tx, const struct writer *writer,
                                   const struct declaration_request *request,
                                   const struct uuid *participant_id) MUST_CHECK;

/* The same for a void; is_own is false if the declaration is not the provider's own. */
enum err void_begin(struct db_tx *tx, const struct writer *writer, const struct uuid *id,
                    struct arena *arena, struct void_facts *out, bool *is_own) MUST_CHECK;
enum err void_write(struct db_tx *tx, const struct writer *writer, const struct uuid *id,
                    const struct void_facts *facts, const struct void_decision *decision,
                    struct arena *arena, struct reading *out) MUST_CHECK;
