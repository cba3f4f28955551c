/* The SQL calls of declarations. Reads have one statement per way into the projection; writes take
 * two round trips. */
#include "store.h"

#include "db/queries.h"
#include "view.h"

/* One value, in the order of shown_declaration() (db/functions), and the name beside it. */
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

#define DECLARATION_QUERY(sql)                                                                     \
    PACKED_QUERY(sql, columns, COUNT_OF(columns) - 1, struct declaration_row)

static const struct query page = DECLARATION_QUERY(sql_declarations_page);
static const struct query page_far = DECLARATION_QUERY(sql_declarations_page_far);
static const struct query page_since = DECLARATION_QUERY(sql_declarations_page_since);
static const struct query page_participants = DECLARATION_QUERY(sql_declarations_page_participants);
static const struct query page_partners = DECLARATION_QUERY(sql_declarations_page_partners);
static const struct query after = DECLARATION_QUERY(sql_declarations_after);
static const struct query show = DECLARATION_QUERY(sql_declarations_show);

enum err declarations_page(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct list_request *list,
                           const struct declaration_filters *filters)
{
    struct db_value provider = db_uuid(lead_provider);
    struct db_value cohorts = reading_cohorts(list);
    struct db_value since = reading_since(list);
    struct db_value participants = db_uuids(filters->participants, filters->participant_count);
    struct db_value partners =
        db_uuids(filters->delivery_partners, filters->delivery_partner_count);
    struct db_value limit = db_int(list->limit);
    struct db_value offset = db_int(list->offset);
    struct db_value is_v3 = db_bool(filters->is_v3);
    const struct db_value plain[] = {provider, cohorts, limit, offset, is_v3};
    const struct db_value changed[] = {provider, cohorts, since, limit, offset, is_v3};
    const struct db_value of_participants[] = {provider, cohorts, participants, partners,
                                               since,    limit,   offset,       is_v3};
    const struct db_value of_partners[] = {provider, cohorts, partners, since,
                                           limit,    offset,  is_v3};

    if (filters->participants != NULL)
        return reading_run(out, service, arena, &page_participants, of_participants,
                           COUNT_OF(of_participants));
    if (filters->delivery_partners != NULL)
        return reading_run(out, service, arena, &page_partners, of_partners, COUNT_OF(of_partners));
    if (list->has_updated_since)
        return reading_run(out, service, arena, &page_since, changed, COUNT_OF(changed));
    return reading_run(out, service, arena, reading_is_far(list) ? &page_far : &page, plain,
                       COUNT_OF(plain));
}

enum err declarations_find(struct reading *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct uuid *id,
                           const struct list_request *list,
                           const struct declaration_filters *filters)
{
    const struct db_value values[] = {db_uuid(lead_provider),
                                      db_uuid(id),
                                      reading_cohorts(list),
                                      reading_since(list),
                                      db_uuids(filters->participants, filters->participant_count),
                                      db_bool(filters->is_v3)};

    return reading_run(out, service, arena, &show, values, COUNT_OF(values));
}

enum err declarations_export(const struct service *service, const struct request *request,
                             struct arena *arena, const struct list_request *list,
                             const struct declaration_filters *filters, struct response *response)
{
    static const struct export_plan plan = {&after, &declarations_view,
                                            offsetof(struct declaration_row, created_at),
                                            offsetof(struct declaration_row, id)};
    const struct db_value values[] = {
        db_uuid(&request->caller.lead_provider_id), reading_since(list),
        db_uuids(filters->participants, filters->participant_count), db_bool(filters->is_v3)};

    return export_begin(service, request, &plan, values, COUNT_OF(values), arena, response);
}

/* ---- writes
 * ------------------------------------------------------------------------------------------------
 */

/* The columns of facts.sql, in their order. */
static struct declaration_facts read_facts(const struct db_rows *rows, struct arena *arena)
{
    return (struct declaration_facts){
        .participant_id = db_uuid_or_none(rows, 0, 0),
        .training_record_id = db_uuid_or_none(rows, 0, 1),
        .kind = db_text_copy(rows, 0, 2, arena),
        .cohort = db_year_or_zero(rows, 0, 3),
        .is_fundable = db_is_true(rows, 0, 4),
        .pupil_premium_uplift = db_is_true(rows, 0, 5),
        .sparsity_uplift = db_is_true(rows, 0, 6),
        .mentor.completion_date = db_day_or_none(rows, 0, 7),
        .mentor.completion_reason = db_text_copy(rows, 0, 8, arena),
        .has_milestone = db_is_true(rows, 0, 9),
        .milestone_start = db_day_or_none(rows, 0, 10),
        .milestone_end = db_day_or_none(rows, 0, 11),
        .has_mentor_funding = db_is_true(rows, 0, 12),
        .statement_id = db_uuid_or_none(rows, 0, 14),
        .is_slot_taken = db_is_true(rows, 0, 15),
        .identical_state = db_text_copy(rows, 0, 16, arena),
        .last_state = db_text_copy(rows, 0, 17, arena),
        .last_state_at = db_instant_or_none(rows, 0, 18),
        .has_dated_record = db_is_true(rows, 0, 19),
        .dated_training_status = db_text_copy(rows, 0, 20, arena),
        .delivery_partner_id = db_uuid_or_none(rows, 0, 21),
        .mentor_id = db_uuid_or_none(rows, 0, 22),
        .is_trained_on_schedule = db_is_true(rows, 0, 23),
        .duplicate_of = db_uuid_or_none(rows, 0, 24),
        .evidence_rule = db_text_copy(rows, 0, 25, arena),
        .evidence_values = db_text_copy(rows, 0, 26, arena),
        .mentor.is_early_roll_out = db_is_true(rows, 0, 27),
        .mentor.latest_completed = db_instant_or_none(rows, 0, 28),
    };
}

enum err declaration_begin(struct db_tx *tx, const struct writer *writer,
                           const struct declaration_request *request, struct arena *arena,
                           struct declaration_facts *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct uuid participant;
    bool has_id =
        request->participant_id != NULL && uuid_parse(request->participant_id, &participant);
    const struct db_value provider = db_uuid(&writer->lead_provider_id);
    const struct db_value id = has_id ? db_uuid(&participant) : db_null();
    const struct db_value values[] = {provider,
                                      id,
                                      db_text(course_kind(request->course_identifier)),
                                      db_text(request->course_identifier),
                                      db_text(request->declaration_type),
                                      db_instant_unless_none(request->declaration_date),
                                      db_instant(writer->now)};
    const struct db_step steps[] = {
        {&sql_writing_share_statements, &provider, 1, NULL},
        {&sql_writing_lock_participant, &id, 1, NULL},
        {&sql_declarations_facts, values, COUNT_OF(values), &rows},
    };

    TRY(writing_begin(tx, writer, steps, COUNT_OF(steps)));
    *out = read_facts(&rows, arena);
    return ERR_OK;
}

enum err declaration_write_attempt(struct db_tx *tx, const struct writer *writer,
                                   const struct declaration_request *request,
                                   const struct uuid *participant_id)
{
    const struct db_value values[] = {db_uuid(participant_id),
                                      db_uuid(&writer->lead_provider_id),
                                      db_text(request->declaration_type),
                                      db_instant_unless_none(request->declaration_date),
                                      db_text(request->course_identifier),
                                      db_text(request->evidence_held),
                                      db_instant(writer->now)};
    const struct db_step step = {&sql_declarations_attempt, values, COUNT_OF(values), NULL};

    return db_tx_commit_with(tx, &step, 1);
}

/* Runs what was written, what follows for a mentor, and the read that answers. */
static enum err commit_and_show(struct db_tx *tx, const struct writer *writer,
                                const struct db_step *write, const struct uuid *training_record_id,
                                const struct mentor_completion *completion, const struct uuid *id,
                                struct arena *arena, struct reading *out)
{
    const struct db_value completed[] = {
        db_uuid(training_record_id),
        completion == NULL || completion->date == DAY_NONE ? db_null() : db_day(completion->date),
        db_text(completion == NULL ? NULL : completion->reason)};
    const struct db_value shown[] = {db_uuid(&writer->lead_provider_id),
                                     db_uuid(id),
                                     db_null(),
                                     db_null(),
                                     db_null(),
                                     db_bool(true)};
    struct db_step steps[3] = {*write};
    size_t count = 1;

    if (completion != NULL)
        steps[count++] = (struct db_step){&sql_declarations_complete_mentor, completed,
                                          COUNT_OF(completed), NULL};
    steps[count++] = (struct db_step){&sql_declarations_show, shown, COUNT_OF(shown), &out->result};
    TRY(db_tx_commit_with(tx, steps, count));
    reading_take(out, arena, &show);
    return ERR_OK;
}

enum err declaration_write(struct db_tx *tx, const struct writer *writer,
                           const struct declaration_request *request,
                           const struct declaration_facts *facts,
                           const struct declaration_decision *decision, struct arena *arena,
                           struct reading *out)
{
    struct uuid id = uuid_random();
    const struct db_value values[] = {db_uuid(&id),
                                      db_uuid(&facts->training_record_id),
                                      db_uuid(&facts->participant_id),
                                      db_uuid(&writer->lead_provider_id),
                                      db_text(request->declaration_type),
                                      db_instant(request->declaration_date),
                                      db_text(request->course_identifier),
                                      db_int(facts->cohort),
                                      db_text(decision->state),
                                      db_text(decision->evidence_held),
                                      db_uuid_unless_none(&facts->delivery_partner_id),
                                      db_uuid_unless_none(&facts->mentor_id),
                                      db_uuid_unless_none(&decision->superseded_by),
                                      db_bool(facts->pupil_premium_uplift),
                                      db_bool(facts->sparsity_uplift),
                                      db_text(decision->state_reason),
                                      db_uuid_unless_none(&decision->statement_id),
                                      db_text(request->evidence_held),
                                      db_instant(writer->now)};
    const struct db_step write = {&sql_declarations_create, values, COUNT_OF(values), NULL};

    return commit_and_show(tx, writer, &write, &facts->training_record_id,
                           decision->completes_mentor ? &decision->completion : NULL, &id, arena,
                           out);
}

enum err void_begin(struct db_tx *tx, const struct writer *writer, const struct uuid *id,
                    struct arena *arena, struct void_facts *out, bool *is_own)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value provider = db_uuid(&writer->lead_provider_id);
    const struct db_value declaration = db_uuid(id);
    const struct db_value values[] = {provider, declaration, db_instant(writer->now)};
    const struct db_step steps[] = {
        {&sql_writing_share_statements, &provider, 1, NULL},
        {&sql_declarations_lock, &declaration, 1, NULL},
        {&sql_declarations_void_facts, values, COUNT_OF(values), &rows},
    };

    TRY(writing_begin(tx, writer, steps, COUNT_OF(steps)));
    *is_own = rows.count > 0;
    if (*is_own)
        *out = (struct void_facts){
            .state = db_text_copy(&rows, 0, 0, arena),
            .cohort = db_year_or_zero(&rows, 0, 1),
            .statement_id = db_uuid_or_none(&rows, 0, 2),
            .training_record_id = db_uuid_or_none(&rows, 0, 3),
            .declaration_type = db_text_copy(&rows, 0, 4, arena),
            .kind = db_text_copy(&rows, 0, 5, arena),
            .has_refund = db_is_true(&rows, 0, 6),
            .mentor = {db_day_or_none(&rows, 0, 7), db_text_copy(&rows, 0, 8, arena),
                       db_is_true(&rows, 0, 9), db_instant_or_none(&rows, 0, 10)},
        };
    return ERR_OK;
}

enum err void_write(struct db_tx *tx, const struct writer *writer, const struct uuid *id,
                    const struct void_facts *facts, const struct void_decision *decision,
                    struct arena *arena, struct reading *out)
{
    const struct db_value values[] = {db_uuid(id), db_text(decision->state),
                                      db_uuid_unless_none(&decision->statement_id),
                                      db_instant(writer->now)};
    const struct db_step write = {&sql_declarations_void, values, COUNT_OF(values), NULL};

    return commit_and_show(tx, writer, &write, &facts->training_record_id,
                           decision->completes_mentor ? &decision->completion : NULL, id, arena,
                           out);
}
