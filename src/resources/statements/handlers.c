/* GET statements. */
#include "base/str.h"
#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(statement_row, id, UUID),
    COLUMN(statement_row, month, TEXT),
    COLUMN(statement_row, year, TEXT),
    COLUMN(statement_row, cohort, YEAR),
    COLUMN(statement_row, cut_off_date, DAY),
    COLUMN(statement_row, payment_date, DAY),
    COLUMN(statement_row, paid, BOOL),
    COLUMN(statement_row, created_at, INSTANT),
    COLUMN(statement_row, updated_at, INSTANT),
};

static const struct query page = QUERY(sql_statements_page, columns, struct statement_row);
static const struct query show = QUERY(sql_statements_show, columns, struct statement_row);

/* filter[type]: everything there is, is ecf. */
static bool is_type_wanted(const struct request *request)
{
    const char *type = param_text(request->filter, "type");

    return type == NULL || str_equal(type, "ecf");
}

static enum err statements_index(const struct service *service, const struct request *request,
                                 struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};

    list_parse_filters(request, &arena, &list, &response->problems);
    list_parse_page(request, &list, &response->problems);
    if (response->problems.count > 0)
        return ERR_OK;
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id),
                                      reading_cohorts(&list), reading_since(&list),
                                      db_int(list.limit), db_int(list.offset)};
    if (is_type_wanted(request))
        TRY(reading_run(&reading, service, &arena, &page, values, COUNT_OF(values)));
    else
        TRY(prelude_run(service, request));
    reading_show_list(service, request, &reading, &statements_view, page.row_size, response);
    return ERR_OK;
}

static enum err statements_show(const struct service *service, const struct request *request,
                                struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct uuid id;

    if (!reading_id(request, response, &id))
        return ERR_OK;
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id), db_uuid(&id)};
    if (is_type_wanted(request))
        TRY(reading_run(&reading, service, &arena, &show, values, COUNT_OF(values)));
    reading_show_one(service, request, &reading, &statements_view, response);
    return ERR_OK;
}

const struct handler statements_handlers[] = {
    {"statements_index", statements_index},
    {"statements_show", statements_show},
    {0},
};
