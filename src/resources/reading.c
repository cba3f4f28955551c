/* Shared by the reads of all resources. */
#include "resources/reading.h"

#include "api/openapi.h"
#include "base/str.h"
#include "config.h"

void reading_finish(struct reading *reading)
{
    db_rows_finish(&reading->result);
}

static bool is_wanted(const struct prelude *prelude)
{
    return prelude != NULL && !prelude->is_done;
}

enum err prelude_run(const struct service *service, const struct request *request)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct prelude *prelude = request->prelude;

    if (!is_wanted(prelude))
        return ERR_OK;
    TRY(db_tx_borrow(&tx, service->pool));
    TRY(db_run(&tx, prelude->step.sql, prelude->step.values, prelude->step.count,
               prelude->step.out));
    prelude->is_done = true;
    return ERR_OK;
}

/* The prelude comes first, and each statement sees what was committed when its turn came. */
static enum err run_behind(struct db_tx *tx, struct prelude *prelude, const struct db_step *step)
{
    const struct db_step steps[] = {prelude->step, *step};

    TRY(db_run_steps(tx, steps, 2));
    prelude->is_done = true;
    return ERR_OK;
}

enum err reading_run(struct reading *reading, const struct service *service, struct arena *arena,
                     const struct query *query, const struct db_value *values, size_t value_count)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};

    TRY(db_tx_borrow(&tx, service->pool));
    if (is_wanted(reading->prelude))
        TRY(run_behind(&tx, reading->prelude,
                       &(struct db_step){query->sql, values, value_count, &reading->result}));
    else
        TRY(db_run(&tx, query->sql, values, value_count, &reading->result));
    db_tx_finish(&tx);
    reading_take(reading, arena, query);
    return ERR_OK;
}

void reading_take(struct reading *reading, struct arena *arena, const struct query *query)
{
    reading->rows = db_rows_read(&reading->result, arena, query);
    reading->count = (size_t)reading->result.count;
}

struct view_context view_context_of(const struct service *service, const struct request *request)
{
    return (struct view_context){.version = request->version,
                                 .now = request->now,
                                 .programme_types_2025 = service->config->programme_types_2025};
}

bool reading_wants_csv(const struct request *request)
{
    return request->operation->has_csv && request->extension != NULL &&
           str_equal(request->extension, "csv");
}

bool reading_id(const struct request *request, struct response *response, struct uuid *out)
{
    bool is_uuid = request->id != NULL && uuid_parse(request->id, out);

    refuse_if(&response->problems, !is_uuid, NULL, PROBLEM_NOT_FOUND);
    return is_uuid;
}

void reading_show_list(const struct service *service, const struct request *request,
                       const struct reading *reading, const struct view *view, size_t row_size,
                       struct response *response)
{
    struct view_context context = view_context_of(service, request);

    render_list(&response->body, view, reading->rows, reading->count, row_size, &context);
}

void reading_show_one(const struct service *service, const struct request *request,
                      const struct reading *reading, const struct view *view,
                      struct response *response)
{
    struct view_context context = view_context_of(service, request);

    if (reading->count == 0)
        refuse(&response->problems, NULL, PROBLEM_NOT_FOUND);
    else
        render_one(&response->body, view, reading->rows, &context);
}

bool reading_is_far(const struct list_request *list)
{
    enum { FAR = 250 };

    return list->offset >= FAR;
}

struct db_value reading_cohorts(const struct list_request *list)
{
    return db_ints(list->cohorts, list->cohort_count);
}

struct db_value reading_since(const struct list_request *list)
{
    return list->has_updated_since ? db_instant(list->updated_since) : db_null();
}
