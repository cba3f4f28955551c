/* users and ecf-users, for the learning platform. */
#include "actions.h"
#include "api/attributes.h"
#include "resources/registry.h"
#include "store.h"
#include "view.h"

typedef enum err users_query(struct reading *out, const struct service *service,
                             struct arena *arena, const char *email,
                             const struct list_request *list);

static enum err show_list(const struct service *service, const struct request *request,
                          struct response *response, users_query *query, const struct view *view,
                          size_t row_size)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct list_request list = {0};

    list_parse_filters(request, &arena, &list, &response->problems);
    list_parse_page(request, &list, &response->problems);
    if (response->problems.count > 0)
        return ERR_OK;
    TRY(query(&reading, service, &arena, list_filter(request, "email"), &list));
    reading_show_list(service, request, &reading, view, row_size, response);
    return ERR_OK;
}

static enum err users_index(const struct service *service, const struct request *request,
                            struct response *response)
{
    return show_list(service, request, response, users_page, &users_view, sizeof(struct user_row));
}

static enum err ecf_users_index(const struct service *service, const struct request *request,
                                struct response *response)
{
    return show_list(service, request, response, ecf_users_page, &ecf_users_view,
                     sizeof(struct ecf_user_row));
}

static enum err users_create(const struct service *service, const struct request *request,
                             struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    struct writer writer = writer_of(service, request, &arena);
    const struct user_request asked = {
        .full_name = attribute_text(request->attributes, "full_name", &arena),
        .email = attribute_text(request->attributes, "email", &arena),
    };

    refuse_if(&response->problems, !attributes_are_given(request->attributes), NULL, PROBLEM_DATA);
    if (response->problems.count > 0)
        return ERR_OK;
    writer.actor = "private token";
    TRY(user_create(&writer, &asked, &arena, &reading, &response->problems));
    if (response->problems.count > 0)
        return ERR_OK;
    response->status = 201;
    reading_show_one(service, request, &reading, &users_view, response);
    return ERR_OK;
}

const struct handler users_handlers[] = {
    {"users_index", users_index},
    {"users_create", users_create},
    {"ecf_users_index", ecf_users_index},
    {0},
};
