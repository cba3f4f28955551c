/* What tags spare. */
#include "http/condition.h"

#include <stdlib.h>
#include <string.h>

#include "api/openapi.h"
#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "config.h"
#include "db/queries.h"
#include "db/row.h"
#include "http/encoding.h"
#include "http/page_cache.h"

struct conditions {
    struct digest program;
    struct page_cache *pages;
};

struct conditions *conditions_new(const struct config *config)
{
    struct conditions *conditions = calloc(1, sizeof(*conditions));

    if (conditions == NULL)
        abort();
    conditions->program = digest_of_program();
    conditions->pages = page_cache_new((size_t)config->page_cache_mib * 1024 * 1024);
    return conditions;
}

void conditions_free(struct conditions *conditions)
{
    if (conditions == NULL)
        return;
    page_cache_free(conditions->pages);
    free(conditions);
}

void condition_finish(struct condition *condition)
{
    db_rows_finish(&condition->rows);
}

static bool is_get(const struct request *request)
{
    return str_equal(request->method, "GET");
}

/* Who asks, of which program with which settings, for what. */
static struct digest subject_of(const struct service *service, const struct request *request)
{
    const struct caller *caller = &request->caller;
    const uint8_t settings[] = {(uint8_t)caller->kind,
                                service->config->programme_types_2025 ? 1 : 0};
    const struct part parts[] = {
        {&service->conditions->program, sizeof(service->conditions->program)},
        {settings, sizeof(settings)},
        {&caller->lead_provider_id, sizeof(caller->lead_provider_id)},
        {request->url, strlen(request->url)},
    };

    return digest_of(parts, COUNT_OF(parts));
}

/* Values that the clock turns at an instant are told by the last one that has passed; others change
 * with the day. */
static struct tag counted_tag(const struct condition *condition, const struct request *request)
{
    const struct db_rows *rows = &condition->rows;
    bool has_clock = request->operation->changes == CHANGES_OF_PROVIDER_AND_CLOCK;
    const int64_t state[] = {
        day_of(request->now),
        db_get_int(rows, 0, 0),
        has_clock ? db_instant_or_none(rows, 0, 1) : INSTANT_NONE,
        has_clock ? db_instant_or_none(rows, 0, 2) : INSTANT_NONE,
    };
    const struct part parts[] = {{&condition->subject, sizeof(condition->subject)},
                                 {state, sizeof(state)}};

    return tag_of(parts, COUNT_OF(parts));
}

void condition_begin(struct condition *condition, const struct service *service,
                     struct request *request)
{
    enum changes changes = request->operation->changes;
    bool has_clock = changes == CHANGES_OF_PROVIDER_AND_CLOCK;
    bool is_own = has_clock || changes == CHANGES_OF_PROVIDER;

    condition->is_counted = is_get(request) && changes != CHANGES_UNCOUNTED;
    if (!condition->is_counted)
        return;
    condition->subject = subject_of(service, request);
    condition->values[0] = db_uuid(is_own ? &request->caller.lead_provider_id : &UUID_NONE);
    condition->values[1] = db_instant(request->now);
    condition->prelude.step =
        (struct db_step){has_clock ? &sql_change_numbers_read_at : &sql_change_numbers_read,
                         condition->values, has_clock ? 2 : 1, &condition->rows};
    request->prelude = &condition->prelude;
}

static void answer_unchanged(struct response *response)
{
    response_drop_body(response);
    response->status = 304;
    response->content_type = NULL;
}

static bool find_kept(struct condition *condition, const struct service *service,
                      const struct tag *tag, struct response *response)
{
    if (!page_cache_find(service->conditions->pages, &condition->subject, tag, &response->body))
        return false;
    condition->is_kept = true;
    response->status = 200;
    response->content_type = CONTENT_JSON_API;
    return true;
}

/* Whether "*" fits is known after the handler only. */
enum err condition_answer(struct condition *condition, const struct service *service,
                          const struct request *request, struct response *response,
                          bool *is_answered)
{
    bool has_tags = condition->if_none_match != NULL && !tag_is_any_named(condition->if_none_match);
    bool may_be_kept = condition->accepts_gzip &&
                       page_cache_knows(service->conditions->pages, &condition->subject);
    char text[TAG_TEXT_SIZE];
    struct tag tag;

    *is_answered = false;
    if (!condition->is_counted || (!has_tags && !may_be_kept))
        return ERR_OK;
    TRY(prelude_run(service, request));
    tag = counted_tag(condition, request);
    *is_answered = true;
    if (has_tags && tag_is_named(condition->if_none_match, tag_text(&tag, text)))
        answer_unchanged(response);
    else
        *is_answered = may_be_kept && find_kept(condition, service, &tag, response);
    return ERR_OK;
}

/* An answer without a number, or outside the API, is known by its content. One that is made while
 * it is sent, or whose number was not read before it, has no tag. */
static bool find_tag(const struct condition *condition, const struct request *request,
                     const struct response *response, struct tag *out)
{
    const struct part content = {response->body.data, response->body.length};

    if (condition->is_counted && condition->prelude.is_done)
        *out = counted_tag(condition, request);
    else if (!condition->is_counted && response->rest.next == NULL && content.length > 0)
        *out = tag_of(&content, 1);
    else
        return false;
    return true;
}

static void compress(const struct condition *condition, const struct service *service,
                     const struct tag *tag, struct response *response)
{
    bool is_stream = response->rest.next != NULL;

    if (!condition->is_kept && (!condition->accepts_gzip || response->status == 304 ||
                                !encoding_is_text(response->content_type) ||
                                (!is_stream && response->body.length <= ENCODING_FROM)))
        return;
    response_add_header(response, "Content-Encoding", "gzip");
    response->packs_rest = is_stream;
    if (is_stream || condition->is_kept)
        return;
    encoding_gzip(&response->body);
    if (condition->is_counted && tag != NULL && str_equal(response->content_type, CONTENT_JSON_API))
        page_cache_keep(service->conditions->pages, &condition->subject, tag, &response->body);
}

void condition_end(struct condition *condition, const struct service *service,
                   struct request *request, struct response *response)
{
    bool is_storable =
        response->cache_control != NULL && !str_equal(response->cache_control, "no-cache");
    bool has_tag;
    struct tag tag;
    char *text;

    if (response->status != 200 && response->status != 201 && response->status != 304)
        return;
    has_tag = is_storable && find_tag(condition, request, response, &tag);
    if (has_tag) {
        text = arena_alloc(&request->arena, TAG_TEXT_SIZE);
        response_add_header(response, "ETag", tag_text(&tag, text));
        if (is_get(request) && (tag_is_any_named(condition->if_none_match) ||
                                tag_is_named(condition->if_none_match, text)))
            answer_unchanged(response);
    }
    compress(condition, service, has_tag ? &tag : NULL, response);
}
