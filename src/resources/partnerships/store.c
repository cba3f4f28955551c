/* The SQL calls of partnerships. */
#include "store.h"

#include "db/queries.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(partnership_row, id, UUID),
    COLUMN(partnership_row, cohort, YEAR),
    COLUMN(partnership_row, urn, TEXT),
    COLUMN(partnership_row, school_id, UUID),
    COLUMN(partnership_row, delivery_partner_id, UUID),
    COLUMN(partnership_row, delivery_partner_name, TEXT),
    COLUMN(partnership_row, challenged_reason, TEXT),
    COLUMN(partnership_row, challenged_at, INSTANT),
    COLUMN(partnership_row, induction_tutor_name, TEXT),
    COLUMN(partnership_row, induction_tutor_email, TEXT),
    COLUMN(partnership_row, created_at, INSTANT),
    COLUMN(partnership_row, updated_at, INSTANT),
};

static const struct query page = QUERY(sql_partnerships_page, columns, struct partnership_row);
static const struct query page_sorted =
    QUERY(sql_partnerships_page_sorted, columns, struct partnership_row);
static const struct query show = QUERY(sql_partnerships_show, columns, struct partnership_row);

enum err partnerships_page(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct list_request *list,
                           const struct uuid *delivery_partners, size_t delivery_partner_count)
{
    struct db_value provider = db_uuid(lead_provider);
    struct db_value cohorts = reading_cohorts(list);
    struct db_value partners = db_uuids(delivery_partners, delivery_partner_count);
    struct db_value limit = db_int(list->limit);
    struct db_value offset = db_int(list->offset);
    const struct db_value plain[] = {provider, cohorts, partners, limit, offset};
    const struct db_value sorted[] = {provider,
                                      cohorts,
                                      partners,
                                      reading_since(list),
                                      db_text(list->sort[0]),
                                      db_text(list->sort[1]),
                                      db_text(list->sort[2]),
                                      limit,
                                      offset};

    if (list->sort[0] != NULL || list->has_updated_since)
        return reading_run(out, service, arena, &page_sorted, sorted, COUNT_OF(sorted));
    return reading_run(out, service, arena, &page, plain, COUNT_OF(plain));
}

enum err partnerships_find(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct uuid *id)
{
    const struct db_value values[] = {db_uuid(lead_provider), db_uuid(id)};

    return reading_run(out, service, arena, &show, values, COUNT_OF(values));
}

enum err partnership_begin(struct db_tx *tx, const struct writer *writer,
                           const struct partnership_ids *ids, struct partnership_facts *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value school = db_uuid_unless_none(&ids->school_id);
    const struct db_value values[] = {db_uuid(&writer->lead_provider_id),
                                      ids->cohort == 0 ? db_null() : db_int(ids->cohort), school,
                                      db_uuid_unless_none(&ids->delivery_partner_id)};
    const struct db_step steps[] = {
        {&sql_partnerships_lock_school, &school, 1, NULL},
        {&sql_partnerships_create_facts, values, COUNT_OF(values), &rows},
    };

    TRY(writing_begin(tx, writer, steps, COUNT_OF(steps)));
    *out = (struct partnership_facts){
        .lead_provider_id = writer->lead_provider_id,
        .has_cohort = !db_is_null(&rows, 0, 0),
        .has_school = db_is_true(&rows, 0, 1),
        .is_school_eligible = db_is_true(&rows, 0, 2),
        .is_school_led_only = db_is_true(&rows, 0, 3),
        .confirmed_provider = db_uuid_or_none(&rows, 0, 4),
        .was_confirmed_before = db_is_true(&rows, 0, 5),
        .has_school_cohort = db_is_true(&rows, 0, 6),
        .has_delivery_partner = db_is_true(&rows, 0, 7),
        .is_partner_related = db_is_true(&rows, 0, 8),
    };
    return ERR_OK;
}

enum err partnership_begin_update(struct db_tx *tx, const struct writer *writer,
                                  const struct uuid *id, const struct uuid *delivery_partner_id,
                                  struct partnership_update_facts *out, bool *is_own)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value partnership = db_uuid(id);
    const struct db_value values[] = {db_uuid(&writer->lead_provider_id), partnership,
                                      db_uuid_unless_none(delivery_partner_id)};
    const struct db_step steps[] = {
        {&sql_partnerships_lock_school_of, &partnership, 1, NULL},
        {&sql_partnerships_update_facts, values, COUNT_OF(values), &rows},
    };

    TRY(writing_begin(tx, writer, steps, COUNT_OF(steps)));
    *is_own = rows.count > 0;
    if (*is_own)
        *out = (struct partnership_update_facts){
            .school_id = db_get_uuid(&rows, 0, 0),
            .cohort = db_year_or_zero(&rows, 0, 1),
            .delivery_partner_id = db_uuid_or_none(&rows, 0, 2),
            .is_challenged = db_is_true(&rows, 0, 3),
            .has_delivery_partner = db_is_true(&rows, 0, 4),
            .is_partner_related = db_is_true(&rows, 0, 5),
            .has_other = db_is_true(&rows, 0, 6),
        };
    return ERR_OK;
}

enum err partnership_report(struct db_tx *tx, const struct writer *writer,
                            const struct partnership_ids *ids, const struct uuid *existing,
                            struct uuid *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value values[] = {db_uuid(&writer->lead_provider_id),
                                      db_uuid(&ids->school_id),
                                      db_int(ids->cohort),
                                      db_uuid(&ids->delivery_partner_id),
                                      db_instant(writer->now),
                                      db_uuid_unless_none(existing)};

    TRY(db_run(tx, &sql_partnerships_report, values, COUNT_OF(values), &rows));
    *out = db_get_uuid(&rows, 0, 0);
    return ERR_OK;
}

enum err partnership_commit(struct db_tx *tx, const struct writer *writer, const struct uuid *id,
                            struct arena *arena, struct reading *out)
{
    const struct db_value values[] = {db_uuid(&writer->lead_provider_id), db_uuid(id)};
    const struct db_step step = {&sql_partnerships_show, values, COUNT_OF(values), &out->result};

    TRY(db_tx_commit_with(tx, &step, 1));
    reading_take(out, arena, &show);
    return ERR_OK;
}
