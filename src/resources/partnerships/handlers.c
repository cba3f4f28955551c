/* GET partnerships/ecf. */
#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
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

static const struct query page = {&sql_partnerships_page, columns, COUNT_OF(columns), sizeof(struct partnership_row)};
static const struct query show = {&sql_partnerships_show, columns, COUNT_OF(columns), sizeof(struct partnership_row)};

static enum err partnerships_index(const struct service *service, const struct request *request,
                                   struct response *response)
{
    static const char *const sortable[] = {"created_at",         "updated_at",          "challenge_reason",
                                           "challenged_at",      "challenge_deadline",  "delivery_partner_id",
                                           "school_id",          "id",                  NULL};
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    struct list_request list = {0};
    const struct uuid *partners;
    size_t partner_count;

    list_parse_filters(request, &arena, &list, &response->problems);
    partners = list_parse_uuids(request, &arena, "delivery_partner_id", &partner_count, &response->problems);
    list_parse_page(request, &list, &response->problems);
    list_parse_sort(request, &arena, sortable, &list);
    if (response->problems.count > 0)
        return ERR_OK;
    const struct db_value values[] = {
        db_uuid(&request->caller.lead_provider_id), reading_cohorts(&list), db_uuids(partners, partner_count),
        reading_since(&list), db_text(list.sort[0]), db_text(list.sort[1]), db_text(list.sort[2]),
        db_int(list.limit), db_int(list.offset)};
    TRY(reading_run(&reading, service, &arena, &page, values, COUNT_OF(values)));
    reading_show_list(service, request, &reading, &partnerships_view, page.row_size, response);
    return ERR_OK;
}

static enum err partnerships_show(const struct service *service, const struct request *request,
                                  struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    struct uuid id;

    if (!reading_id(request, response, &id))
        return ERR_OK;
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id), db_uuid(&id)};
    TRY(reading_run(&reading, service, &arena, &show, values, COUNT_OF(values)));
    reading_show_one(service, request, &reading, &partnerships_view, response);
    return ERR_OK;
}

const struct handler partnerships_handlers[] = {
    {"partnerships_index", partnerships_index},
    {"partnerships_show", partnerships_show},
    {0},
};
