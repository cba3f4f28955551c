/* GET requests: what a lead provider has asked lately. */
#include "base/str.h"
#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(api_request_row, id, UUID),          COLUMN(api_request_row, created_at, INSTANT),
    COLUMN(api_request_row, method, TEXT),      COLUMN(api_request_row, path, TEXT),
    COLUMN(api_request_row, status, TEXT),      COLUMN(api_request_row, error_titles, TEXT),
    COLUMN(api_request_row, duration_ms, TEXT), COLUMN(api_request_row, request_id, TEXT),
};

static const struct query page = QUERY(sql_requests_page, columns, struct api_request_row);

/* filter[status]: what is no status matches nothing. */
static struct db_value status_wanted(const struct request *request)
{
    const char *text = list_filter(request, "status");
    int64_t status;

    if (text == NULL)
        return db_null();
    return db_int(str_parse_int(text, 100, 599, &status) ? status : 0);
}

static enum err requests_index(const struct service *service, const struct request *request,
                               struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    struct list_request list = {0};

    list_parse_filters(request, &arena, &list, &response->problems);
    list_parse_page(request, &list, &response->problems);
    if (response->problems.count > 0)
        return ERR_OK;
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id),
                                      reading_since(&list), status_wanted(request),
                                      db_int(list.limit), db_int(list.offset)};
    TRY(reading_run(&reading, service, &arena, &page, values, COUNT_OF(values)));
    reading_show_list(service, request, &reading, &api_requests_view, page.row_size, response);
    return ERR_OK;
}

const struct handler requests_handlers[] = {
    {"requests_index", requests_index},
    {0},
};
