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
#include "http/turns.h"

struct conditions {
    struct hasher *hasher;
    struct digest program;
    struct page_cache *pages;
    struct turns *turns;
};

struct conditions *conditions_new(const struct config *config)
{
    struct conditions *conditions = calloc(1, sizeof(*conditions));

    if (conditions == NULL)
        abort();
    conditions->hasher = hasher_new();
    conditions->program = digest_of_program(conditions->hasher);
    conditions->pages = page_cache_new((size_t)config->page_cache_mib * 1024 * 1024);
    conditions->turns = turns_new();
    return conditions;
}

void conditions_free(struct conditions *conditions)
{
    if (conditions == NULL)
        return;
    turns_free(conditions->turns);
    page_cache_free(conditions->pages);
    hasher_free(conditions->hasher);
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

    return digest_of(service->conditions->hasher, parts, COUNT_OF(parts));
}

static int64_t number_of(const struct db_rows *shards)
{
    int64_t number = 0;

    for (int i = 0; i < shards->count; i++)
        number += db_get_int(shards, i, 0);
    return number;
}

/* Asked for by itself, and only when a write or the clock has come past what is remembered. If
 * there was another write since the number was read, the two do not belong together. */
static enum err look_for_turn(const struct service *service, const struct request *request,
                              int64_t number, int64_t *last, bool *is_known)
{
    const struct uuid *provider = &request->caller.lead_provider_id;
    const struct db_value values[] = {db_uuid(provider), db_instant(request->now)};
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct turn turn;

    *is_known = turns_find(service->conditions->turns, provider, number, request->now, last);
    if (*is_known)
        return ERR_OK;
    TRY(db_tx_borrow(&tx, service->pool));
    TRY(db_run(&tx, &sql_change_numbers_turns, values, COUNT_OF(values), &rows));
    turn = (struct turn){db_get_int(&rows, 0, 0), db_instant_or_none(&rows, 0, 1),
                         db_instant_or_none(&rows, 0, 2)};
    turns_keep(service->conditions->turns, provider, &turn);
    *last = turn.last;
    *is_known = turn.number == number;
    return ERR_OK;
}

/* Values that the clock turns at an instant are told by the last that has passed; others change
 * with the day. */
static enum err counted_tag(const struct condition *condition, const struct service *service,
                            const struct request *request, struct tag *out, bool *is_known)
{
    int64_t state[] = {day_of(request->now), number_of(&condition->rows), INSTANT_NONE};
    const struct part parts[] = {{&condition->subject, sizeof(condition->subject)},
                                 {state, sizeof(state)}};

    *is_known = true;
    if (request->operation->changes == CHANGES_OF_PROVIDER_AND_CLOCK)
        TRY(look_for_turn(service, request, state[1], &state[2], is_known));
    *out = tag_of(service->conditions->hasher, parts, COUNT_OF(parts));
    return ERR_OK;
}

void condition_begin(struct condition *condition, const struct service *service,
                     struct request *request)
{
    enum changes changes = request->operation->changes;
    bool is_own = changes == CHANGES_OF_PROVIDER || changes == CHANGES_OF_PROVIDER_AND_CLOCK;

    condition->is_counted = is_get(request) && changes != CHANGES_UNCOUNTED;
    if (!condition->is_counted)
        return;
    condition->subject = subject_of(service, request);
    condition->scope = db_uuid(is_own ? &request->caller.lead_provider_id : &UUID_NONE);
    condition->prelude.step =
        (struct db_step){&sql_change_numbers_read, &condition->scope, 1, &condition->rows};
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
    bool is_known;

    *is_answered = false;
    if (!condition->is_counted || (!has_tags && !may_be_kept))
        return ERR_OK;
    TRY(prelude_run(service, request));
    TRY(counted_tag(condition, service, request, &tag, &is_known));
    if (!is_known)
        return ERR_OK;
    *is_answered = true;
    if (has_tags && tag_is_named(condition->if_none_match, tag_text(&tag, text)))
        answer_unchanged(response);
    else
        *is_answered = may_be_kept && find_kept(condition, service, &tag, response);
    return ERR_OK;
}

/* An answer without a number, or outside the API, is known by its content. One that is made while
 * it is sent, or whose number could not be read before it, has no tag. */
static bool find_tag(const struct condition *condition, const struct service *service,
                     const struct request *request, const struct response *response,
                     struct tag *out)
{
    const struct part content = {response->body.data, response->body.length};
    bool is_known = false;

    if (condition->is_counted)
        return condition->prelude.is_done &&
               counted_tag(condition, service, request, out, &is_known) == ERR_OK && is_known;
    if (response->rest.next != NULL || content.length == 0)
        return false;
    *out = tag_of(service->conditions->hasher, &content, 1);
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
    has_tag = is_storable && find_tag(condition, service, request, response, &tag);
    if (has_tag) {
        text = arena_alloc(&request->arena, TAG_TEXT_SIZE);
        response_add_header(response, "ETag", tag_text(&tag, text));
        if (is_get(request) && (tag_is_any_named(condition->if_none_match) ||
                                tag_is_named(condition->if_none_match, text)))
            answer_unchanged(response);
    }
    compress(condition, service, has_tag ? &tag : NULL, response);
}
