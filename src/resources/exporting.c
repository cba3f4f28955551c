/* CSV in batches. */
#include "resources/exporting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000, VALUES_MAX = 8 };

struct csv_export {
    const struct service *service;
    const struct export_plan *plan;
    struct prelude *prelude; /* of the first batch */
    struct view_context context;
    struct arena arena; /* of what the values point to */
    struct db_value values[VALUES_MAX];
    size_t count;
    int64_t after_at;
    struct uuid after_id;
    bool is_begun;
    bool is_done;
};

static void finish(void *context)
{
    struct csv_export *export = context;

    arena_finish(&export->arena);
    free(export);
}

static void write_rows(struct csv_export *export, const struct reading *reading, struct buf *out)
{
    const struct export_plan *plan = export->plan;
    const char *row = reading->rows;

    if (reading->count > 0 && !export->is_begun)
        render_csv_header(out, plan->view, &export->context);
    export->is_begun = true;
    for (size_t i = 0; i < reading->count; i++, row += plan->query->row_size) {
        render_csv_row(out, plan->view, row, &export->context);
        memcpy(&export->after_at, row + plan->at_offset, sizeof(export->after_at));
        memcpy(&export->after_id, row + plan->id_offset, sizeof(export->after_id));
    }
    export->is_done = reading->count < BATCH;
}

static enum err next(void *context, struct buf *out)
{
    struct csv_export *export = context;
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = export->prelude};
    struct db_value values[VALUES_MAX + 3];

    if (export->is_done)
        return ERR_OK;
    memcpy(values, export->values, sizeof(export->values));
    values[export->count] = db_instant(export->after_at);
    values[export->count + 1] = db_uuid(&export->after_id);
    values[export->count + 2] = db_int(BATCH);
    TRY(reading_run(&reading, export->service, &arena, export->plan->query, values,
                    export->count + 3));
    export->prelude = NULL;
    write_rows(export, &reading, out);
    return ERR_OK;
}

enum err export_begin(const struct service *service, const struct request *request,
                      const struct export_plan *plan, const struct db_value *values, size_t count,
                      struct arena *arena, struct response *response)
{
    struct csv_export *export = calloc(1, sizeof(*export));
    enum err err;

    if (export == NULL)
        abort();
    assert(count <= VALUES_MAX);
    *export = (struct csv_export){.service = service,
                                  .plan = plan,
                                  .prelude = request->prelude,
                                  .context = view_context_of(service, request),
                                  .arena = *arena,
                                  .count = count};
    *arena = (struct arena){0};
    memcpy(export->values, values, count * sizeof(*values));
    response->content_type = "text/csv";
    err = next(export, &response->body);
    if (err != ERR_OK || export->is_done)
        finish(export);
    else
        response->rest = (struct body_source){next, finish, export};
    return err;
}
