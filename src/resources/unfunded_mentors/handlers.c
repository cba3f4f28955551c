/* GET unfunded-mentors/ecf. */
#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
#include "view.h"

static const struct column columns[] = {
    COLUMN(unfunded_mentor_row, id, UUID),
    COLUMN(unfunded_mentor_row, full_name, TEXT),
    COLUMN(unfunded_mentor_row, email, TEXT),
    COLUMN(unfunded_mentor_row, teacher_reference_number, TEXT),
    COLUMN(unfunded_mentor_row, created_at, INSTANT),
    COLUMN(unfunded_mentor_row, updated_at, INSTANT),
};

static const struct query page =
    QUERY(sql_unfunded_mentors_page, columns, struct unfunded_mentor_row);
static const struct query page_sorted =
    QUERY(sql_unfunded_mentors_page_sorted, columns, struct unfunded_mentor_row);
static const struct query show =
    QUERY(sql_unfunded_mentors_show, columns, struct unfunded_mentor_row);

static enum err read_page(struct reading *reading, const struct service *service,
                          const struct request *request, struct arena *arena,
                          const struct list_request *list)
{
    const struct uuid *provider = &request->caller.lead_provider_id;
    const struct db_value plain[] = {db_uuid(provider), db_int(list->limit), db_int(list->offset)};
    const struct db_value sorted[] = {
        db_uuid(provider),      reading_since(list), db_text(list->sort[0]), db_text(list->sort[1]),
        db_text(list->sort[2]), db_int(list->limit), db_int(list->offset)};

    if (list->has_updated_since || list->sort[0] != NULL)
        return reading_run(reading, service, arena, &page_sorted, sorted, COUNT_OF(sorted));
    return reading_run(reading, service, arena, &page, plain, COUNT_OF(plain));
}

static enum err unfunded_mentors_index(const struct service *service, const struct request *request,
                                       struct response *response)
{
    static const char *const sortable[] = {"created_at", "updated_at", "full_name",
                                           "email",      "id",         NULL};
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};

    list_parse_filters(request, &arena, &list, &response->problems);
    list_parse_page(request, &list, &response->problems);
    list_parse_sort(request, &arena, sortable, &list);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(read_page(&reading, service, request, &arena, &list));
    reading_show_list(service, request, &reading, &unfunded_mentors_view, page.row_size, response);
    return ERR_OK;
}

static enum err unfunded_mentors_show(const struct service *service, const struct request *request,
                                      struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};
    struct uuid id;

    list_parse_filters(request, &arena, &list, &response->problems);
    if (response->problems.count > 0 || !reading_id(request, response, &id))
        return ERR_OK;
    const struct db_value values[] = {db_uuid(&request->caller.lead_provider_id), db_uuid(&id),
                                      reading_since(&list)};
    TRY(reading_run(&reading, service, &arena, &show, values, COUNT_OF(values)));
    reading_show_one(service, request, &reading, &unfunded_mentors_view, response);
    return ERR_OK;
}

const struct handler unfunded_mentors_handlers[] = {
    {"unfunded_mentors_index", unfunded_mentors_index},
    {"unfunded_mentors_show", unfunded_mentors_show},
    {0},
};
