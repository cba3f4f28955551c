/* GET participants/ecf/transfers and participants/ecf/{id}/transfers. */
#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(transfer_row, participant_id, UUID),
    COLUMN(transfer_row, participant_updated_at, INSTANT),
    COLUMN(transfer_row, training_record_id, UUID),
    COLUMN(transfer_row, id, UUID),
    COLUMN(transfer_row, is_leaving, BOOL),
    COLUMN(transfer_row, is_school_transfer, BOOL),
    COLUMN(transfer_row, school_id, UUID),
    COLUMN(transfer_row, school_urn, TEXT),
    COLUMN(transfer_row, lead_provider_id, UUID),
    COLUMN(transfer_row, lead_provider_name, TEXT),
    COLUMN(transfer_row, start_date, INSTANT),
    COLUMN(transfer_row, end_date, INSTANT),
    COLUMN(transfer_row, created_at, INSTANT),
    COLUMN(transfer_row, updated_at, INSTANT),
};

static const struct query page = QUERY(sql_transfers_page, columns, struct transfer_row);
static const struct query page_since =
    QUERY(sql_transfers_page_since, columns, struct transfer_row);
static const struct query show = QUERY(sql_transfers_show, columns, struct transfer_row);

static struct transfer_record *records_of(struct arena *arena, const struct transfer_row *rows,
                                          size_t count)
{
    struct transfer_record *records = ARENA_ARRAY(arena, struct transfer_record, count);

    for (size_t i = 0; i < count; i++)
        records[i] = (struct transfer_record){.training_record_id = rows[i].training_record_id,
                                              .is_leaving = rows[i].is_leaving == TRIBOOL_TRUE,
                                              .is_school_transfer =
                                                  rows[i].is_school_transfer == TRIBOOL_TRUE,
                                              .school_id = rows[i].school_id,
                                              .lead_provider_id = rows[i].lead_provider_id,
                                              .start_date = rows[i].start_date,
                                              .end_date = rows[i].end_date};
    return records;
}

/* Pairs each training record's rows by themselves; indices count from the participant's first row.
 */
static void pair_rows(struct arena *arena, struct transferred_participant *participant,
                      size_t count, const struct uuid *lead_provider)
{
    struct transfer *transfers = ARENA_ARRAY(arena, struct transfer, count);
    size_t start = 0;

    participant->transfers = transfers;
    while (start < count) {
        struct transfer *found = transfers + participant->transfer_count;
        size_t end = start + 1;
        size_t found_count;

        while (end < count && uuid_equal(&participant->rows[end].training_record_id,
                                         &participant->rows[start].training_record_id))
            end++;
        found_count =
            transfers_pair(participant->records + start, end - start, lead_provider, found);
        for (size_t i = 0; i < found_count; i++) {
            found[i].leaving += start;
            if (found[i].joining != (size_t)NO_RECORD)
                found[i].joining += start;
        }
        participant->transfer_count += found_count;
        start = end;
    }
}

/* The newest change of any record in a reported pair; the participant's own without one. */
static int64_t newest_change(const struct transferred_participant *participant)
{
    int64_t newest = INSTANT_NONE;

    for (size_t i = 0; i < participant->transfer_count; i++) {
        const struct transfer *transfer = &participant->transfers[i];

        if (participant->rows[transfer->leaving].updated_at > newest)
            newest = participant->rows[transfer->leaving].updated_at;
        if (transfer->joining != (size_t)NO_RECORD &&
            participant->rows[transfer->joining].updated_at > newest)
            newest = participant->rows[transfer->joining].updated_at;
    }
    return newest == INSTANT_NONE ? participant->rows[0].participant_updated_at : newest;
}

/* Groups the rows by participant. */
static struct transferred_participant *group(struct arena *arena, const struct reading *reading,
                                             const struct uuid *lead_provider, size_t *count)
{
    const struct transfer_row *rows = reading->rows;
    struct transfer_record *records = records_of(arena, rows, reading->count);
    struct transferred_participant *participants =
        ARENA_ARRAY(arena, struct transferred_participant, reading->count);

    *count = 0;
    for (size_t start = 0, end; start < reading->count; start = end) {
        struct transferred_participant *participant = &participants[(*count)++];

        for (end = start + 1; end < reading->count; end++)
            if (!uuid_equal(&rows[end].participant_id, &rows[start].participant_id))
                break;
        participant->id = rows[start].participant_id;
        participant->rows = rows + start;
        participant->records = records + start;
        pair_rows(arena, participant, end - start, lead_provider);
        participant->updated_at = newest_change(participant);
    }
    return participants;
}

static enum err read_page(struct reading *reading, const struct service *service,
                          const struct uuid *provider, struct arena *arena,
                          const struct list_request *list)
{
    const struct db_value plain[] = {db_uuid(provider), db_int(list->limit), db_int(list->offset)};
    const struct db_value since[] = {db_uuid(provider), reading_since(list), db_int(list->limit),
                                     db_int(list->offset)};

    if (list->has_updated_since)
        return reading_run(reading, service, arena, &page_since, since, COUNT_OF(since));
    return reading_run(reading, service, arena, &page, plain, COUNT_OF(plain));
}

static enum err transfers_index(const struct service *service, const struct request *request,
                                struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct view_context context = view_context_of(service, request);
    const struct uuid *provider = &request->caller.lead_provider_id;
    struct transferred_participant *participants;
    struct list_request list = {0};
    size_t count;

    list_parse_filters(request, &arena, &list, &response->problems);
    list_parse_page(request, &list, &response->problems);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(read_page(&reading, service, provider, &arena, &list));
    participants = group(&arena, &reading, provider, &count);
    render_list(&response->body, &transfers_view, participants, count, sizeof(*participants),
                &context);
    return ERR_OK;
}

static enum err transfers_show(const struct service *service, const struct request *request,
                               struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct view_context context = view_context_of(service, request);
    const struct uuid *provider = &request->caller.lead_provider_id;
    struct transferred_participant *participants;
    struct list_request list = {0};
    struct uuid id;
    size_t count;

    list_parse_filters(request, &arena, &list, &response->problems);
    if (response->problems.count > 0 || !reading_id(request, response, &id))
        return ERR_OK;
    const struct db_value values[] = {db_uuid(provider), reading_since(&list), db_uuid(&id)};
    TRY(reading_run(&reading, service, &arena, &show, values, COUNT_OF(values)));
    participants = group(&arena, &reading, provider, &count);
    if (count == 0)
        refuse(&response->problems, NULL, PROBLEM_NOT_FOUND);
    else
        render_one(&response->body, &transfers_view, participants, &context);
    return ERR_OK;
}

const struct handler transfers_handlers[] = {
    {"transfers_index", transfers_index},
    {"transfers_show", transfers_show},
    {0},
};
