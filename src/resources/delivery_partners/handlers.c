/* GET delivery-partners. */
#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(delivery_partner_row, id, UUID),
    COLUMN(delivery_partner_row, name, TEXT),
    COLUMN(delivery_partner_row, created_at, INSTANT),
    COLUMN(delivery_partner_row, updated_at, INSTANT),
    COLUMN(delivery_partner_row, cohorts, TEXT),
};

static const struct query page =
    QUERY(sql_delivery_partners_page, columns, struct delivery_partner_row);
static const struct query show =
    QUERY(sql_delivery_partners_show, columns, struct delivery_partner_row);

static enum err delivery_partners_index(const struct service *service,
                                        const struct request *request, struct response *response)
{
    static const char *const sortable[] = {"created_at", "updated_at", "name", "id", NULL};
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};

    list_parse_filters(request, &arena, &list, &response->problems);
    list_parse_page(request, &list, &response->problems);
    list_parse_sort(request, &arena, sortable, &list);
    if (response->problems.count > 0)
        return ERR_OK;
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id),
                                      reading_cohorts(&list),
                                      db_text(list.sort[0]),
                                      db_text(list.sort[1]),
                                      db_text(list.sort[2]),
                                      db_int(list.limit),
                                      db_int(list.offset)};
    TRY(reading_run(&reading, service, &arena, &page, values, COUNT_OF(values)));
    reading_show_list(service, request, &reading, &delivery_partners_view, page.row_size, response);
    return ERR_OK;
}

static enum err delivery_partners_show(const struct service *service, const struct request *request,
                                       struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct uuid id;

    if (!reading_id(request, response, &id))
        return ERR_OK;
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id), db_uuid(&id)};
    TRY(reading_run(&reading, service, &arena, &show, values, COUNT_OF(values)));
    reading_show_one(service, request, &reading, &delivery_partners_view, response);
    return ERR_OK;
}

const struct handler delivery_partners_handlers[] = {
    {"delivery_partners_index", delivery_partners_index},
    {"delivery_partners_show", delivery_partners_show},
    {0},
};
