/* GET participants/ecf. */
#include "base/str.h"
#include "resources/registry.h"
#include "store.h"

static void parse_filters(const struct request *request, struct participant_filters *out, struct problems *problems)
{
    const char *earlier_id = param_text(request->filter, "from_participant_id");

    out->training_status = param_text(request->filter, "training_status");
    refuse_if(problems,
              out->training_status != NULL && !str_equal(out->training_status, "active") &&
                  !str_equal(out->training_status, "deferred") && !str_equal(out->training_status, "withdrawn"),
              NULL, PROBLEM_TRAINING_STATUS);
    out->has_earlier_id = earlier_id != NULL;
    if (out->has_earlier_id && !uuid_parse(earlier_id, &out->earlier_id))
        out->earlier_id = UUID_NONE;
}

static enum err participants_index(const struct service *service, const struct request *request,
                                   struct response *response)
{
    static const char *const sortable[] = {"created_at", "updated_at", "id", NULL};
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(participant_list_finish) struct participant_list found = {0};
    struct view_context context = view_context_of(service, request);
    struct participant_filters filters = {0};
    struct list_request list = {0};

    list_parse_filters(request, &arena, &list, &response->problems);
    parse_filters(request, &filters, &response->problems);
    list_parse_page(request, &list, &response->problems);
    list_parse_sort(request, &arena, sortable, &list);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(participants_page(&found, service, &arena, &request->caller.lead_provider_id, &list, &filters));
    render_list(&response->body, &participants_view, found.participants, found.count, sizeof(struct participant),
                &context);
    return ERR_OK;
}

static enum err participants_show(const struct service *service, const struct request *request,
                                  struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(participant_list_finish) struct participant_list found = {0};
    struct view_context context = view_context_of(service, request);
    struct participant_filters filters = {0};
    struct list_request list = {0};
    struct uuid id;

    list_parse_filters(request, &arena, &list, &response->problems);
    parse_filters(request, &filters, &response->problems);
    if (response->problems.count > 0 || !reading_id(request, response, &id))
        return ERR_OK;
    TRY(participants_find(&found, service, &arena, &request->caller.lead_provider_id, &id, &list, &filters));
    if (found.count == 0)
        refuse(&response->problems, NULL, PROBLEM_NOT_FOUND);
    else
        render_one(&response->body, &participants_view, found.participants, &context);
    return ERR_OK;
}

const struct handler participants_handlers[] = {
    {"participants_index", participants_index},
    {"participants_show", participants_show},
    {0},
};
