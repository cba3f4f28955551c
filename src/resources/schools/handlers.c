/* GET schools/ecf. The list does not depend on the caller, but always on one cohort. */
#include "base/str.h"
#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(school_row, id, UUID),
    COLUMN(school_row, name, TEXT),
    COLUMN(school_row, urn, TEXT),
    COLUMN(school_row, cohort, YEAR),
    COLUMN(school_row, in_partnership, BOOL),
    COLUMN(school_row, programme_choice, TEXT),
    COLUMN(school_row, created_at, INSTANT),
    COLUMN(school_row, updated_at, INSTANT),
};

#define SCHOOL_QUERY(sql) QUERY(sql, columns, struct school_row)

static const struct query page = SCHOOL_QUERY(sql_schools_page);
static const struct query page_since = SCHOOL_QUERY(sql_schools_page_since);
static const struct query page_sorted = SCHOOL_QUERY(sql_schools_page_sorted);
static const struct query show = SCHOOL_QUERY(sql_schools_show);

/* The one cohort asked for; 0 if it is blank or no year. */
static int16_t cohort_of(const struct request *request)
{
    const char *text = param_text(request->filter, "cohort");
    int64_t year = text == NULL ? 0 : str_leading_int(text);

    return year > 0 && year <= INT16_MAX ? (int16_t)year : 0;
}

static enum err find_cohort(const struct service *service, int16_t cohort, bool *is_there)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value value = db_int(cohort);

    TRY(db_tx_borrow(&tx, service->pool));
    TRY(db_run(&tx, &sql_schools_cohort, &value, 1, &rows));
    *is_there = db_get_bool(&rows, 0, 0);
    return ERR_OK;
}

/* The cohort, and the filters that go with it. Without such a cohort it is 0, and what is wrong
 * with the other filters is not said. */
static enum err parse_filters(const struct service *service, const struct request *request,
                              struct arena *arena, int16_t *cohort, struct list_request *list,
                              struct problems *problems)
{
    bool is_there = true;

    *cohort = cohort_of(request);
    if (*cohort == 0)
        return ERR_OK;
    list_parse_filters(request, arena, list, problems);
    if (problems->count > 0) {
        TRY(prelude_run(service, request));
        TRY(find_cohort(service, *cohort, &is_there));
    }
    if (!is_there) {
        *cohort = 0;
        problems->count = 0;
    }
    return ERR_OK;
}

static enum err find_by_urn(struct reading *reading, const struct service *service,
                            struct arena *arena, int16_t cohort, const char *urn,
                            const struct list_request *list)
{
    const struct db_value values[] = {db_int(cohort), db_null(), db_text(urn), reading_since(list)};

    return list->offset > 0 ? ERR_OK
                            : reading_run(reading, service, arena, &show, values, COUNT_OF(values));
}

static enum err read_page(struct reading *reading, const struct service *service,
                          struct arena *arena, int16_t cohort, const struct list_request *list)
{
    const struct db_value values[] = {db_int(cohort), db_int(list->limit), db_int(list->offset)};
    const struct db_value since[] = {db_int(cohort), reading_since(list), db_int(list->limit),
                                     db_int(list->offset)};
    const struct db_value sorted[] = {
        db_int(cohort),         reading_since(list), db_text(list->sort[0]), db_text(list->sort[1]),
        db_text(list->sort[2]), db_int(list->limit), db_int(list->offset)};

    if (list->sort[0] != NULL)
        return reading_run(reading, service, arena, &page_sorted, sorted, COUNT_OF(sorted));
    if (list->has_updated_since)
        return reading_run(reading, service, arena, &page_since, since, COUNT_OF(since));
    return reading_run(reading, service, arena, &page, values, COUNT_OF(values));
}

static enum err schools_index(const struct service *service, const struct request *request,
                              struct response *response)
{
    static const char *const sortable[] = {"created_at", "updated_at", "name", "urn", "id", NULL};
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};
    const char *urn = param_text(request->filter, "urn");
    int16_t cohort;

    TRY(parse_filters(service, request, &arena, &cohort, &list, &response->problems));
    list_parse_page(request, &list, &response->problems);
    list_parse_sort(request, &arena, sortable, &list);
    if (response->problems.count > 0)
        return ERR_OK;
    if (cohort != 0 && urn != NULL)
        TRY(find_by_urn(&reading, service, &arena, cohort, urn, &list));
    else if (cohort != 0)
        TRY(read_page(&reading, service, &arena, cohort, &list));
    TRY(prelude_run(service, request)); /* if nothing was read */
    reading_show_list(service, request, &reading, &schools_view, page.row_size, response);
    return ERR_OK;
}

static enum err schools_show(const struct service *service, const struct request *request,
                             struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};
    struct uuid id;
    int16_t cohort;

    TRY(parse_filters(service, request, &arena, &cohort, &list, &response->problems));
    if (response->problems.count > 0 || !reading_id(request, response, &id))
        return ERR_OK;
    const struct db_value values[] = {db_int(cohort), db_uuid(&id),
                                      db_text(param_text(request->filter, "urn")),
                                      reading_since(&list)};
    TRY(reading_run(&reading, service, &arena, &show, values, COUNT_OF(values)));
    reading_show_one(service, request, &reading, &schools_view, response);
    return ERR_OK;
}

const struct handler schools_handlers[] = {
    {"schools_index", schools_index},
    {"schools_show", schools_show},
    {0},
};
