/* participants/ecf and the participant actions. */
#include "actions.h"
#include "api/attributes.h"
#include "base/str.h"
#include "resources/registry.h"

/* Of a participant as JSON, about: the room that a page is given at once. */
enum { SHOWN_SIZE = 1000 };

static void parse_filters(const struct request *request, struct participant_filters *out,
                          struct problems *problems)
{
    const char *earlier_id = list_filter(request, "from_participant_id");

    out->training_status = list_filter(request, "training_status");
    refuse_if(problems,
              out->training_status != NULL && !str_equal(out->training_status, "active") &&
                  !str_equal(out->training_status, "deferred") &&
                  !str_equal(out->training_status, "withdrawn"),
              NULL, PROBLEM_TRAINING_STATUS);
    out->has_earlier_id = earlier_id != NULL;
    if (out->has_earlier_id && !uuid_parse(earlier_id, &out->earlier_id))
        out->earlier_id = UUID_NONE;
}

/* Versions 1 and 2: a row a training record, as JSON or CSV. */
static enum err flat_index(const struct service *service, const struct request *request,
                           struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};

    list_parse_filters(request, &arena, &list, &response->problems);
    if (!reading_wants_csv(request))
        list_parse_page(request, &list, &response->problems);
    if (response->problems.count > 0)
        return ERR_OK;
    if (reading_wants_csv(request))
        return flat_participants_export(service, request, &arena, &list, response);
    TRY(flat_participants_page(&reading, service, &arena, &request->caller.lead_provider_id,
                               &list));
    reading_show_list(service, request, &reading, &flat_participants_view,
                      sizeof(struct enrolment_row), response);
    return ERR_OK;
}

static enum err flat_show(const struct service *service, const struct request *request,
                          struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};
    struct uuid id;

    list_parse_filters(request, &arena, &list, &response->problems);
    if (response->problems.count > 0 || !reading_id(request, response, &id))
        return ERR_OK;
    TRY(flat_participants_find(&reading, service, &arena, &request->caller.lead_provider_id, &id,
                               &list));
    reading_show_one(service, request, &reading, &flat_participants_view, response);
    return ERR_OK;
}

static enum err participants_index(const struct service *service, const struct request *request,
                                   struct response *response)
{
    static const char *const sortable[] = {"created_at", "updated_at", "id", NULL};
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(participant_list_finish)
    struct participant_list found = {.enrolments.prelude = request->prelude};
    struct view_context context = view_context_of(service, request);
    struct participant_filters filters = {0};
    struct list_request list = {0};

    if (request->version != V3)
        return flat_index(service, request, response);
    list_parse_filters(request, &arena, &list, &response->problems);
    parse_filters(request, &filters, &response->problems);
    list_parse_page(request, &list, &response->problems);
    list_parse_sort(request, &arena, sortable, &list);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(participants_page(&found, service, &arena, &request->caller.lead_provider_id, &list,
                          &filters));
    buf_reserve(&response->body, found.count * SHOWN_SIZE);
    render_list(&response->body, &participants_view, found.participants, found.count,
                sizeof(struct participant), &context);
    return ERR_OK;
}

static enum err participants_show(const struct service *service, const struct request *request,
                                  struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(participant_list_finish)
    struct participant_list found = {.enrolments.prelude = request->prelude};
    struct view_context context = view_context_of(service, request);
    struct participant_filters filters = {0};
    struct list_request list = {0};
    struct uuid id;

    if (request->version != V3)
        return flat_show(service, request, response);
    list_parse_filters(request, &arena, &list, &response->problems);
    parse_filters(request, &filters, &response->problems);
    if (response->problems.count > 0 || !reading_id(request, response, &id))
        return ERR_OK;
    TRY(participants_find(&found, service, &arena, &request->caller.lead_provider_id, &id, &list,
                          &filters));
    if (found.count == 0)
        refuse(&response->problems, NULL, PROBLEM_NOT_FOUND);
    else
        render_one(&response->body, &participants_view, found.participants, &context);
    return ERR_OK;
}

typedef enum err participant_action(const struct writer *writer,
                                    const struct training_request *request, struct arena *arena,
                                    struct participant_list *out, struct problems *problems);

/* Versions 1 and 2 answer an action with the training record that was acted on. */
static enum err flat_answer(const struct service *service, const struct request *request,
                            const struct participant_list *acted, struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};

    TRY(flat_participants_acted(&reading, service, &arena, &request->caller.lead_provider_id,
                                &acted->participants[0].id, &acted->acted_on));
    reading_show_one(service, request, &reading, &flat_participants_view, response);
    return ERR_OK;
}

/* All four actions read the same attributes; those of another action are not looked at by its
 * rules. */
static enum err run_action(const struct service *service, const struct request *request,
                           struct response *response, participant_action *action)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(participant_list_finish) struct participant_list found = {0};
    struct view_context context = view_context_of(service, request);
    struct writer writer = writer_of(service, request, &arena);
    const struct json_t *attributes = request->attributes;
    const struct training_request asked = {
        .participant_id = request->id,
        .course_identifier = attribute_text(attributes, "course_identifier", &arena),
        .reason = attribute_text(attributes, "reason", &arena),
        .schedule_identifier = attribute_text(attributes, "schedule_identifier", &arena),
        .cohort = attribute_text(attributes, "cohort", &arena),
    };

    refuse_if(&response->problems, attributes == NULL, NULL, PROBLEM_DATA);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(action(&writer, &asked, &arena, &found, &response->problems));
    if (response->problems.count > 0)
        return ERR_OK;
    if (request->version != V3)
        return flat_answer(service, request, &found, response);
    render_one(&response->body, &participants_view, found.participants, &context);
    return ERR_OK;
}

static enum err participants_withdraw(const struct service *service, const struct request *request,
                                      struct response *response)
{
    return run_action(service, request, response, participant_withdraw);
}

static enum err participants_defer(const struct service *service, const struct request *request,
                                   struct response *response)
{
    return run_action(service, request, response, participant_defer);
}

static enum err participants_resume(const struct service *service, const struct request *request,
                                    struct response *response)
{
    return run_action(service, request, response, participant_resume);
}

static enum err participants_change_schedule(const struct service *service,
                                             const struct request *request,
                                             struct response *response)
{
    return run_action(service, request, response, participant_change_schedule);
}

const struct handler participants_handlers[] = {
    {"participants_index", participants_index},
    {"participants_show", participants_show},
    {"participants_withdraw", participants_withdraw},
    {"participants_defer", participants_defer},
    {"participants_resume", participants_resume},
    {"participants_change_schedule", participants_change_schedule},
    {0},
};
