/* Reading participants: one statement per way into the projection, a second one for those known by other ids. */
#include "store.h"

#include "db/queries.h"

static const struct column columns[] = {
    COLUMN(enrolment_row, participant_id, UUID),
    COLUMN(enrolment_row, full_name, TEXT),
    COLUMN(enrolment_row, trn, TEXT),
    COLUMN(enrolment_row, participant_updated_at, INSTANT),
    COLUMN(enrolment_row, has_id_changes, BOOL),
    COLUMN(enrolment_row, training_record_id, UUID),
    COLUMN(enrolment_row, email, TEXT),
    COLUMN(enrolment_row, mentor_id, UUID),
    COLUMN(enrolment_row, school_urn, TEXT),
    COLUMN(enrolment_row, participant_type, TEXT),
    COLUMN(enrolment_row, cohort, YEAR),
    COLUMN(enrolment_row, training_status, TEXT),
    COLUMN(enrolment_row, induction_status, TEXT),
    COLUMN(enrolment_row, start_date, INSTANT),
    COLUMN(enrolment_row, end_date, INSTANT),
    COLUMN(enrolment_row, teacher_reference_number_validated, BOOL),
    COLUMN(enrolment_row, eligible_for_funding, BOOL),
    COLUMN(enrolment_row, pupil_premium_uplift, BOOL),
    COLUMN(enrolment_row, sparsity_uplift, BOOL),
    COLUMN(enrolment_row, schedule_identifier, TEXT),
    COLUMN(enrolment_row, delivery_partner_id, UUID),
    COLUMN(enrolment_row, state_reason, TEXT),
    COLUMN(enrolment_row, state_at, INSTANT),
    COLUMN(enrolment_row, created_at, INSTANT),
    COLUMN(enrolment_row, induction_end_date, DAY),
    COLUMN(enrolment_row, mentor_funding_end_date, DAY),
    COLUMN(enrolment_row, cohort_changed_after_payments_frozen, BOOL),
    COLUMN(enrolment_row, mentor_completion_reason, TEXT),
};

static const struct column id_change_columns[] = {
    COLUMN(id_change_row, participant_id, UUID),
    COLUMN(id_change_row, from_participant_id, UUID),
    COLUMN(id_change_row, to_participant_id, UUID),
    COLUMN(id_change_row, changed_at, INSTANT),
};

#define ENROLMENT_QUERY(sql) {&(sql), columns, COUNT_OF(columns), sizeof(struct enrolment_row)}

static const struct query page = ENROLMENT_QUERY(sql_participants_page);
static const struct query page_since = ENROLMENT_QUERY(sql_participants_page_since);
static const struct query page_sorted = ENROLMENT_QUERY(sql_participants_page_sorted);
static const struct query show = ENROLMENT_QUERY(sql_participants_show);
static const struct query id_changes = {&sql_participants_id_changes, id_change_columns, COUNT_OF(id_change_columns),
                                        sizeof(struct id_change_row)};

void participant_list_finish(struct participant_list *list)
{
    reading_finish(&list->enrolments);
    reading_finish(&list->id_changes);
}

/* Rows of one participant follow one another. */
static void group(struct participant_list *list, struct arena *arena)
{
    const struct enrolment_row *rows = list->enrolments.rows;
    size_t count = list->enrolments.count;

    list->participants = ARENA_ARRAY(arena, struct participant, count);
    for (size_t i = 0; i < count; i++) {
        bool is_new = i == 0 || !uuid_equal(&rows[i].participant_id, &rows[i - 1].participant_id);

        if (is_new)
            list->participants[list->count++] = (struct participant){
                .id = rows[i].participant_id,
                .full_name = rows[i].full_name,
                .teacher_reference_number = rows[i].trn,
                .updated_at = rows[i].participant_updated_at,
                .enrolments = &rows[i],
            };
        list->participants[list->count - 1].enrolment_count++;
    }
}

static void attach_id_changes(struct participant_list *list, struct participant *participant)
{
    const struct id_change_row *rows = list->id_changes.rows;

    for (size_t i = 0; i < list->id_changes.count; i++) {
        if (!uuid_equal(&rows[i].participant_id, &participant->id))
            continue;
        if (participant->id_change_count++ == 0)
            participant->id_changes = &rows[i];
    }
}

/* Few participants were ever known by another id; only for those there is a second query. */
static enum err add_id_changes(struct participant_list *list, const struct service *service, struct arena *arena)
{
    struct uuid *ids = ARENA_ARRAY(arena, struct uuid, list->count);
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        if (list->participants[i].enrolments[0].has_id_changes == TRIBOOL_TRUE)
            ids[count++] = list->participants[i].id;
    if (count == 0)
        return ERR_OK;
    const struct db_value value = db_uuids(ids, count);
    TRY(reading_run(&list->id_changes, service, arena, &id_changes, &value, 1));
    for (size_t i = 0; i < list->count; i++)
        if (list->participants[i].enrolments[0].has_id_changes == TRIBOOL_TRUE)
            attach_id_changes(list, &list->participants[i]);
    return ERR_OK;
}

static struct db_value earlier_id(const struct participant_filters *filters)
{
    return filters->has_earlier_id ? db_uuid(&filters->earlier_id) : db_null();
}

static enum err read_page(struct reading *out, const struct service *service, struct arena *arena,
                          const struct uuid *lead_provider, const struct list_request *list,
                          const struct participant_filters *filters)
{
    struct db_value provider = db_uuid(lead_provider);
    struct db_value cohorts = reading_cohorts(list);
    struct db_value status = db_text(filters->training_status);
    struct db_value since = reading_since(list);
    struct db_value limit = db_int(list->limit);
    struct db_value offset = db_int(list->offset);
    const struct db_value plain[] = {provider, cohorts, status, limit, offset};
    const struct db_value changed[] = {provider, cohorts, status, since, limit, offset};
    const struct db_value sorted[] = {
        provider, cohorts, status, since, earlier_id(filters), db_text(list->sort[0]), db_text(list->sort[1]),
        db_text(list->sort[2]), limit, offset};

    if (list->sort[0] != NULL || filters->has_earlier_id)
        return reading_run(out, service, arena, &page_sorted, sorted, COUNT_OF(sorted));
    if (list->has_updated_since)
        return reading_run(out, service, arena, &page_since, changed, COUNT_OF(changed));
    return reading_run(out, service, arena, &page, plain, COUNT_OF(plain));
}

enum err participants_page(struct participant_list *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct list_request *list,
                           const struct participant_filters *filters)
{
    TRY(read_page(&out->enrolments, service, arena, lead_provider, list, filters));
    group(out, arena);
    return add_id_changes(out, service, arena);
}

enum err participants_find(struct participant_list *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct uuid *id, const struct list_request *list,
                           const struct participant_filters *filters)
{
    const struct db_value values[] = {db_uuid(lead_provider),
                                      db_uuid(id),
                                      reading_cohorts(list),
                                      db_text(filters->training_status),
                                      reading_since(list),
                                      earlier_id(filters)};

    TRY(reading_run(&out->enrolments, service, arena, &show, values, COUNT_OF(values)));
    group(out, arena);
    return add_id_changes(out, service, arena);
}
