/* Reading declarations: one statement per way into the projection. */
#include "store.h"

#include "db/queries.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(declaration_row, id, UUID),
    COLUMN(declaration_row, participant_id, UUID),
    COLUMN(declaration_row, declaration_type, TEXT),
    COLUMN(declaration_row, course_identifier, TEXT),
    COLUMN(declaration_row, declaration_date, INSTANT),
    COLUMN(declaration_row, mentor_id, UUID),
    COLUMN(declaration_row, state, TEXT),
    COLUMN(declaration_row, updated_at, INSTANT),
    COLUMN(declaration_row, created_at, INSTANT),
    COLUMN(declaration_row, delivery_partner_id, UUID),
    COLUMN(declaration_row, statement_id, UUID),
    COLUMN(declaration_row, clawback_statement_id, UUID),
    COLUMN(declaration_row, state_reason, TEXT),
    COLUMN(declaration_row, has_uplift, BOOL),
    COLUMN(declaration_row, evidence_held, TEXT),
    COLUMN(declaration_row, lead_provider_name, TEXT),
};

#define DECLARATION_QUERY(sql) {&(sql), columns, COUNT_OF(columns), sizeof(struct declaration_row)}

static const struct query page = DECLARATION_QUERY(sql_declarations_page);
static const struct query page_since = DECLARATION_QUERY(sql_declarations_page_since);
static const struct query page_participants = DECLARATION_QUERY(sql_declarations_page_participants);
static const struct query page_partners = DECLARATION_QUERY(sql_declarations_page_partners);
static const struct query show = DECLARATION_QUERY(sql_declarations_show);

enum err declarations_page(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct list_request *list,
                           const struct declaration_filters *filters)
{
    struct db_value provider = db_uuid(lead_provider);
    struct db_value cohorts = reading_cohorts(list);
    struct db_value since = reading_since(list);
    struct db_value participants = db_uuids(filters->participants, filters->participant_count);
    struct db_value partners = db_uuids(filters->delivery_partners, filters->delivery_partner_count);
    struct db_value limit = db_int(list->limit);
    struct db_value offset = db_int(list->offset);
    const struct db_value plain[] = {provider, cohorts, limit, offset};
    const struct db_value changed[] = {provider, cohorts, since, limit, offset};
    const struct db_value of_participants[] = {provider, cohorts, participants, partners, since, limit, offset};
    const struct db_value of_partners[] = {provider, cohorts, partners, since, limit, offset};

    if (filters->participants != NULL)
        return reading_run(out, service, arena, &page_participants, of_participants, COUNT_OF(of_participants));
    if (filters->delivery_partners != NULL)
        return reading_run(out, service, arena, &page_partners, of_partners, COUNT_OF(of_partners));
    if (list->has_updated_since)
        return reading_run(out, service, arena, &page_since, changed, COUNT_OF(changed));
    return reading_run(out, service, arena, &page, plain, COUNT_OF(plain));
}

enum err declarations_find(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct uuid *id, const struct list_request *list)
{
    const struct db_value values[] = {db_uuid(lead_provider), db_uuid(id), reading_cohorts(list)};

    return reading_run(out, service, arena, &show, values, COUNT_OF(values));
}
