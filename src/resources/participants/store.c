/* The SQL calls of participants. Reads have one statement per way into the projection, and a second
 * one for those who are known by other ids; writes take two round trips. */
#include "store.h"

#include "base/str.h"
#include "config.h"
#include "db/queries.h"
#include "domain/declaration.h"
#include "paging.h"

/* The columns that all versions read: one value, in the order of shown_enrolment() (db/functions).
 */
#define ENROLMENT_COLUMNS                                                                          \
    COLUMN(enrolment_row, participant_id, UUID), COLUMN(enrolment_row, full_name, TEXT),           \
        COLUMN(enrolment_row, trn, TEXT), COLUMN(enrolment_row, participant_updated_at, INSTANT),  \
        COLUMN(enrolment_row, has_id_changes, BOOL),                                               \
        COLUMN(enrolment_row, training_record_id, UUID), COLUMN(enrolment_row, email, TEXT),       \
        COLUMN(enrolment_row, mentor_id, UUID), COLUMN(enrolment_row, school_urn, TEXT),           \
        COLUMN(enrolment_row, participant_type, TEXT), COLUMN(enrolment_row, cohort, YEAR),        \
        COLUMN(enrolment_row, training_status, TEXT),                                              \
        COLUMN(enrolment_row, induction_status, TEXT), COLUMN(enrolment_row, start_date, INSTANT), \
        COLUMN(enrolment_row, end_date, INSTANT),                                                  \
        COLUMN(enrolment_row, teacher_reference_number_validated, BOOL),                           \
        COLUMN(enrolment_row, eligible_for_funding, BOOL),                                         \
        COLUMN(enrolment_row, pupil_premium_uplift, BOOL),                                         \
        COLUMN(enrolment_row, sparsity_uplift, BOOL),                                              \
        COLUMN(enrolment_row, schedule_identifier, TEXT),                                          \
        COLUMN(enrolment_row, delivery_partner_id, UUID),                                          \
        COLUMN(enrolment_row, state_reason, TEXT), COLUMN(enrolment_row, state_at, INSTANT),       \
        COLUMN(enrolment_row, created_at, INSTANT),                                                \
        COLUMN(enrolment_row, induction_end_date, DAY),                                            \
        COLUMN(enrolment_row, mentor_funding_end_date, DAY),                                       \
        COLUMN(enrolment_row, cohort_changed_after_payments_frozen, BOOL),                         \
        COLUMN(enrolment_row, mentor_completion_reason, TEXT),                                     \
        COLUMN(enrolment_row, first_trained_at, INSTANT)

static const struct column columns[] = {ENROLMENT_COLUMNS};

static const struct column listed_columns[] = {
    ENROLMENT_COLUMNS,
    COLUMN(enrolment_row, is_listed, BOOL),
};

static const struct column flat_columns[] = {
    ENROLMENT_COLUMNS,
    COLUMN(enrolment_row, validation_trn, TEXT),
    COLUMN(enrolment_row, updated_at, INSTANT),
    COLUMN(enrolment_row, induction_record_id, UUID),
    COLUMN(enrolment_row, person_created_at, INSTANT),
    COLUMN(enrolment_row, person_updated_at, INSTANT),
};

static const struct column id_change_columns[] = {
    COLUMN(id_change_row, participant_id, UUID),
    COLUMN(id_change_row, from_participant_id, UUID),
    COLUMN(id_change_row, to_participant_id, UUID),
    COLUMN(id_change_row, changed_at, INSTANT),
};

#define ENROLMENT_QUERY(sql) PACKED_QUERY(sql, columns, COUNT_OF(columns), struct enrolment_row)

static const struct query page =
    PACKED_QUERY(sql_participants_page, listed_columns, COUNT_OF(columns), struct enrolment_row);
static const struct query page_filtered = ENROLMENT_QUERY(sql_participants_page_filtered);
static const struct query rows_of = ENROLMENT_QUERY(sql_participants_rows);
static const struct query page_sorted = ENROLMENT_QUERY(sql_participants_page_sorted);
static const struct query show = ENROLMENT_QUERY(sql_participants_show);
static const struct query acted = ENROLMENT_QUERY(sql_participants_acted);
#define FLAT_QUERY(sql) PACKED_QUERY(sql, flat_columns, COUNT_OF(columns), struct enrolment_row)

static const struct query flat_page = FLAT_QUERY(sql_participants_flat_page);
static const struct query flat_page_far = FLAT_QUERY(sql_participants_flat_page_far);
static const struct query flat_since = FLAT_QUERY(sql_participants_flat_since);
static const struct query flat_after = FLAT_QUERY(sql_participants_flat_after);
static const struct query flat_since_after = FLAT_QUERY(sql_participants_flat_since_after);
static const struct query flat_show = FLAT_QUERY(sql_participants_flat_show);
static const struct query flat_acted = FLAT_QUERY(sql_participants_flat_acted);
/* A participant of a page, before more is known. */
struct key_row {
    struct uuid id;
};

static const struct column key_columns[] = {COLUMN(key_row, id, UUID)};
static const struct query page_since =
    QUERY(sql_participants_page_since, key_columns, struct key_row);
static const struct query id_changes =
    QUERY(sql_participants_id_changes, id_change_columns, struct id_change_row);

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
        if (!uuid_is_none(&rows[i].training_record_id))
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
static enum err add_id_changes(struct participant_list *list, const struct service *service,
                               struct arena *arena)
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

/* First who is on the page, then their rows: a poll finds mostly nobody. */
static enum err read_changed(struct reading *out, const struct service *service,
                             struct arena *arena, const struct db_value *values, size_t count)
{
    AUTO(reading_finish) struct reading keys = {.prelude = out->prelude};

    TRY(reading_run(&keys, service, arena, &page_since, values, count));
    if (keys.count == 0)
        return ERR_OK;
    const struct db_value shown[] = {values[0], db_uuids(keys.rows, keys.count)};
    return reading_run(out, service, arena, &rows_of, shown, COUNT_OF(shown));
}

/* A page of the list without filters: nearly everybody has one enrolment, so somewhat more rows
 * than people are asked for, and more again in the rare case that these did not do. */
static enum err read_listed(struct reading *out, const struct service *service, struct arena *arena,
                            const struct db_value *provider, const struct list_request *list)
{
    for (int64_t rows = list->limit + list->limit / 16 + 4;; rows *= 4) {
        const struct db_value values[] = {*provider, db_int(list->offset), db_int(rows)};

        TRY(reading_run(out, service, arena, &page, values, COUNT_OF(values)));
        if (paging_cut(out->rows, &out->count, (size_t)list->limit, (int64_t)out->count < rows))
            break;
        db_rows_finish(&out->result);
    }
    paging_order(out->rows, out->count);
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
    const struct db_value filtered[] = {provider, cohorts, status, limit, offset};
    const struct db_value changed[] = {provider, cohorts, status, since, limit, offset};
    const struct db_value sorted[] = {provider,
                                      cohorts,
                                      status,
                                      since,
                                      earlier_id(filters),
                                      db_text(list->sort[0]),
                                      db_text(list->sort[1]),
                                      db_text(list->sort[2]),
                                      limit,
                                      offset};

    if (list->sort[0] != NULL || filters->has_earlier_id)
        return reading_run(out, service, arena, &page_sorted, sorted, COUNT_OF(sorted));
    if (list->has_updated_since)
        return read_changed(out, service, arena, changed, COUNT_OF(changed));
    if (list->cohorts == NULL && filters->training_status == NULL)
        return read_listed(out, service, arena, &provider, list);
    return reading_run(out, service, arena, &page_filtered, filtered, COUNT_OF(filtered));
}

enum err participants_page(struct participant_list *out, const struct service *service,
                           struct arena *arena, const struct uuid *lead_provider,
                           const struct list_request *list,
                           const struct participant_filters *filters)
{
    TRY(read_page(&out->enrolments, service, arena, lead_provider, list, filters));
    group(out, arena);
    return add_id_changes(out, service, arena);
}

enum err participants_find(struct participant_list *out, const struct service *service,
                           struct arena *arena, const struct uuid *lead_provider,
                           const struct uuid *id, const struct list_request *list,
                           const struct participant_filters *filters)
{
    const struct db_value values[] = {db_uuid(lead_provider), db_uuid(id),
                                      reading_cohorts(list),  db_text(filters->training_status),
                                      reading_since(list),    earlier_id(filters)};

    TRY(reading_run(&out->enrolments, service, arena, &show, values, COUNT_OF(values)));
    group(out, arena);
    return add_id_changes(out, service, arena);
}

/* ---- versions 1 and 2
 * -------------------------------------------------------------------------------------- */

enum err flat_participants_page(struct reading *out, const struct service *service,
                                struct arena *arena, const struct uuid *lead_provider,
                                const struct list_request *list)
{
    struct db_value provider = db_uuid(lead_provider);
    struct db_value cohorts = reading_cohorts(list);
    struct db_value limit = db_int(list->limit);
    struct db_value offset = db_int(list->offset);
    const struct db_value plain[] = {provider, cohorts, limit, offset};
    const struct db_value changed[] = {provider, cohorts, reading_since(list), limit, offset};

    if (list->has_updated_since)
        return reading_run(out, service, arena, &flat_since, changed, COUNT_OF(changed));
    return reading_run(out, service, arena, reading_is_far(list) ? &flat_page_far : &flat_page,
                       plain, COUNT_OF(plain));
}

enum err flat_participants_find(struct reading *out, const struct service *service,
                                struct arena *arena, const struct uuid *lead_provider,
                                const struct uuid *id, const struct list_request *list)
{
    const struct db_value values[] = {db_uuid(lead_provider), db_uuid(id), reading_cohorts(list),
                                      reading_since(list)};

    return reading_run(out, service, arena, &flat_show, values, COUNT_OF(values));
}

enum err flat_participants_export(const struct service *service, const struct request *request,
                                  struct arena *arena, const struct list_request *list,
                                  struct response *response)
{
    static const struct export_plan all = {&flat_after, &flat_participants_view,
                                           offsetof(struct enrolment_row, person_created_at),
                                           offsetof(struct enrolment_row, induction_record_id)};
    static const struct export_plan changed = {&flat_since_after, &flat_participants_view,
                                               offsetof(struct enrolment_row, person_updated_at),
                                               offsetof(struct enrolment_row, induction_record_id)};
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id),
                                      reading_cohorts(list), reading_since(list)};

    return export_begin(service, request, list->has_updated_since ? &changed : &all, values,
                        list->has_updated_since ? 3 : 2, arena, response);
}

enum err flat_participants_acted(struct reading *out, const struct service *service,
                                 struct arena *arena, const struct uuid *lead_provider,
                                 const struct uuid *participant, const struct uuid *training_record)
{
    const struct db_value values[] = {db_uuid(lead_provider), db_uuid(participant),
                                      db_uuid(training_record)};

    return reading_run(out, service, arena, &flat_acted, values, COUNT_OF(values));
}

/* ---- writes
 * ------------------------------------------------------------------------------------------------
 */

/* The id of a request as a parameter; a text that is no UUID means nobody. */
static struct db_value participant_value(const struct training_request *request)
{
    struct uuid id;

    return request->participant_id != NULL && uuid_parse(request->participant_id, &id)
               ? db_uuid(&id)
               : db_null();
}

enum err training_begin(struct db_tx *tx, const struct writer *writer,
                        const struct training_request *request, const char *state,
                        struct arena *arena, struct training_facts *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value participant = participant_value(request);
    const struct db_value values[] = {db_uuid(&writer->lead_provider_id),
                                      participant,
                                      db_text(course_kind(request->course_identifier)),
                                      db_text(state),
                                      db_text(request->reason),
                                      db_bool(writer->service->config->programme_types_2025)};
    const struct db_step steps[] = {
        {&sql_writing_lock_participant, &participant, 1, NULL},
        {&sql_participants_acting_facts, values, COUNT_OF(values), &rows},
    };

    TRY(writing_begin(tx, writer, steps, COUNT_OF(steps)));
    *out = (struct training_facts){
        .participant_id = db_uuid_or_none(&rows, 0, 0),
        .training_record_id = db_uuid_or_none(&rows, 0, 1),
        .induction_record_id = db_uuid_or_none(&rows, 0, 2),
        .training_status = db_text_copy(&rows, 0, 3, arena),
        .is_reason_allowed = db_is_true(&rows, 0, 4),
    };
    return ERR_OK;
}

/* Commits a write together with the read that answers. */
static enum err commit_and_show(struct db_tx *tx, const struct writer *writer,
                                const struct db_step *write, const struct training_facts *facts,
                                struct arena *arena, struct participant_list *out)
{
    const struct db_value shown[] = {db_uuid(&writer->lead_provider_id),
                                     db_uuid(&facts->participant_id)};
    const struct db_step steps[] = {
        *write, {&sql_participants_acted, shown, COUNT_OF(shown), &out->enrolments.result}};

    TRY(db_tx_commit_with(tx, steps, COUNT_OF(steps)));
    db_tx_finish(tx);
    out->acted_on = facts->training_record_id;
    reading_take(&out->enrolments, arena, &acted);
    group(out, arena);
    return add_id_changes(out, writer->service, arena);
}

enum err training_write(struct db_tx *tx, const struct writer *writer,
                        const struct training_facts *facts, const char *status, const char *reason,
                        struct arena *arena, struct participant_list *out)
{
    const struct db_value values[] = {db_uuid(&facts->training_record_id),
                                      db_uuid(&facts->induction_record_id),
                                      db_uuid(&writer->lead_provider_id),
                                      db_text(status),
                                      db_text(reason),
                                      db_instant(writer->now)};
    const struct db_step write = {&sql_participants_set_training_status, values, COUNT_OF(values),
                                  NULL};

    return commit_and_show(tx, writer, &write, facts, arena, out);
}

/* The columns of schedule_facts.sql, in their order. */
static struct schedule_facts read_schedule_facts(const struct db_rows *rows, struct arena *arena)
{
    return (struct schedule_facts){
        .training = {.participant_id = db_uuid_or_none(rows, 0, 0),
                     .training_record_id = db_uuid_or_none(rows, 0, 1),
                     .induction_record_id = db_uuid_or_none(rows, 0, 2),
                     .training_status = db_text_copy(rows, 0, 3, arena)},
        .kind = db_text_copy(rows, 0, 4, arena),
        .has_schedule = db_is_true(rows, 0, 5),
        .target_cohort = db_year_or_zero(rows, 0, 6),
        .current_cohort = db_year_or_zero(rows, 0, 7),
        .is_on_schedule = db_is_true(rows, 0, 8),
        .is_record_on_schedule = db_is_true(rows, 0, 9),
        .has_live_declarations = db_is_true(rows, 0, 10),
        .invalidates_declarations = db_is_true(rows, 0, 11),
        .is_frozen_move = db_is_true(rows, 0, 12),
        .has_partnership = db_is_true(rows, 0, 13),
        .has_relationship = db_is_true(rows, 0, 14),
        .has_school_cohort = db_is_true(rows, 0, 15),
        .default_programme_id = db_uuid_or_none(rows, 0, 16),
        .is_flagged = db_is_true(rows, 0, 17),
    };
}

enum err schedule_begin(struct db_tx *tx, const struct writer *writer,
                        const struct training_request *request, struct arena *arena,
                        struct schedule_facts *out, struct uuid *school_id)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value participant = participant_value(request);
    const struct db_value provider = db_uuid(&writer->lead_provider_id);
    const struct db_value values[] = {
        provider,
        participant,
        db_text(course_kind(request->course_identifier)),
        db_text(request->schedule_identifier),
        str_is_blank(request->cohort) ? db_null() : db_int(str_leading_int(request->cohort)),
        db_instant(writer->now)};
    const struct db_step steps[] = {
        {&sql_writing_share_statements, &provider, 1, NULL},
        {&sql_writing_lock_participant, &participant, 1, NULL},
        {&sql_participants_schedule_facts, values, COUNT_OF(values), &rows},
    };

    TRY(writing_begin(tx, writer, steps, COUNT_OF(steps)));
    *out = read_schedule_facts(&rows, arena);
    *school_id = db_uuid_or_none(&rows, 0, 18);
    return ERR_OK;
}

enum err schedule_write(struct db_tx *tx, const struct writer *writer,
                        const struct schedule_facts *facts,
                        const struct schedule_decision *decision, const char *schedule_identifier,
                        const struct uuid *school_id, struct arena *arena,
                        struct participant_list *out)
{
    const struct db_value values[] = {db_uuid(&facts->training.training_record_id),
                                      db_uuid(&facts->training.induction_record_id),
                                      db_int(facts->target_cohort),
                                      db_text(schedule_identifier),
                                      db_uuid_unless_none(&decision->programme_id),
                                      db_bool(decision->is_flagged),
                                      db_uuid(school_id),
                                      db_instant(writer->now)};
    const struct db_step write = {&sql_participants_change_schedule, values, COUNT_OF(values),
                                  NULL};

    return commit_and_show(tx, writer, &write, &facts->training, arena, out);
}
