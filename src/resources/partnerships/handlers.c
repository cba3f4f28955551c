/* partnerships/ecf. */
#include "actions.h"
#include "api/attributes.h"
#include "resources/registry.h"
#include "store.h"
#include "view.h"

static enum err partnerships_index(const struct service *service, const struct request *request,
                                   struct response *response)
{
    static const char *const sortable[] = {"created_at",
                                           "updated_at",
                                           "challenge_reason",
                                           "challenged_at",
                                           "challenge_deadline",
                                           "delivery_partner_id",
                                           "school_id",
                                           "id",
                                           NULL};
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};
    const struct uuid *partners;
    size_t partner_count;

    list_parse_filters(request, &arena, &list, &response->problems);
    partners = list_parse_uuids(request, &arena, "delivery_partner_id", &partner_count,
                                &response->problems);
    list_parse_page(request, &list, &response->problems);
    list_parse_sort(request, &arena, sortable, &list);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(partnerships_page(&reading, service, &arena, &request->caller.lead_provider_id, &list,
                          partners, partner_count));
    reading_show_list(service, request, &reading, &partnerships_view,
                      sizeof(struct partnership_row), response);
    return ERR_OK;
}

static enum err partnerships_show(const struct service *service, const struct request *request,
                                  struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct uuid id;

    if (!reading_id(request, response, &id))
        return ERR_OK;
    TRY(partnerships_find(&reading, service, &arena, &request->caller.lead_provider_id, &id));
    reading_show_one(service, request, &reading, &partnerships_view, response);
    return ERR_OK;
}

static enum err partnerships_create(const struct service *service, const struct request *request,
                                    struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    struct writer writer = writer_of(service, request, &arena);
    const struct partnership_request asked = {
        .cohort = attribute_text(request->attributes, "cohort", &arena),
        .school_id = attribute_text(request->attributes, "school_id", &arena),
        .delivery_partner_id = attribute_text(request->attributes, "delivery_partner_id", &arena),
    };

    refuse_if(&response->problems, request->attributes == NULL, NULL, PROBLEM_DATA);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(partnership_create(&writer, &asked, &arena, &reading, &response->problems));
    if (response->problems.count == 0)
        reading_show_one(service, request, &reading, &partnerships_view, response);
    return ERR_OK;
}

/* The record is looked up before the body is looked at. */
static enum err partnerships_update(const struct service *service, const struct request *request,
                                    struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    struct writer writer = writer_of(service, request, &arena);
    const struct partnership_request asked = {
        .delivery_partner_id = attribute_text(request->attributes, "delivery_partner_id", &arena)};
    struct uuid id;

    if (!reading_id(request, response, &id))
        return ERR_OK;
    TRY(partnership_update(&writer, &id, request->attributes != NULL ? &asked : NULL, &arena,
                           &reading, &response->problems));
    if (response->problems.count == 0)
        reading_show_one(service, request, &reading, &partnerships_view, response);
    return ERR_OK;
}

const struct handler partnerships_handlers[] = {
    {"partnerships_index", partnerships_index},
    {"partnerships_show", partnerships_show},
    {"partnerships_create", partnerships_create},
    {"partnerships_update", partnerships_update},
    {0},
};
