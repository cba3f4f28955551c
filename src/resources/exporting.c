/* CSV in batches. */
#include "resources/exporting.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000, VALUES_MAX = 8 };

/* Rows that were read, and what became of reading them. */
struct batch {
    struct arena arena;
    struct reading reading;
    enum err err;
};

struct csv_export {
    const struct service *service;
    const struct export_plan *plan;
    struct prelude *prelude; /* of the first batch */
    struct view_context context;
    struct arena arena; /* of what the values point to */
    struct db_value values[VALUES_MAX + 3];
    size_t count; /* without the last three: the place reached, and the limit */
    int64_t after_at;
    struct uuid after_id;
    bool is_begun;
    bool is_done;
    bool is_fetching; /* the fetcher runs, and next_batch is its */
    pthread_t fetcher;
    struct batch next_batch;
};

static void batch_finish(struct batch *batch)
{
    reading_finish(&batch->reading);
    arena_finish(&batch->arena);
}

static void *fetch(void *context)
{
    struct csv_export *export = context;
    struct batch *batch = &export->next_batch;

    export->values[export->count] = db_instant(export->after_at);
    export->values[export->count + 1] = db_uuid(&export->after_id);
    export->values[export->count + 2] = db_int(BATCH);
    *batch = (struct batch){.reading.prelude = export->prelude};
    batch->err = reading_run(&batch->reading, export->service, &batch->arena, export->plan->query,
                             export->values, export->count + 3);
    return NULL;
}

/* The next batch is read while this one is written and sent. */
static void fetch_ahead(struct csv_export *export)
{
    export->is_fetching = pthread_create(&export->fetcher, NULL, fetch, export) == 0;
}

static struct batch take_batch(struct csv_export *export)
{
    if (export->is_fetching)
        pthread_join(export->fetcher, NULL);
    else
        fetch(export);
    export->is_fetching = false;
    export->prelude = NULL;
    return export->next_batch;
}

static void finish(void *context)
{
    struct csv_export *export = context;
    struct batch unread;

    if (export->is_fetching) {
        unread = take_batch(export);
        batch_finish(&unread);
    }
    arena_finish(&export->arena);
    free(export);
}

/* How far the list was read. */
static void note_place(struct csv_export *export, const struct reading *reading)
{
    const struct export_plan *plan = export->plan;
    const char *last;

    export->is_done = reading->count < BATCH;
    if (reading->count == 0)
        return;
    last = (const char *)reading->rows + (reading->count - 1) * plan->query->row_size;
    memcpy(&export->after_at, last + plan->at_offset, sizeof(export->after_at));
    memcpy(&export->after_id, last + plan->id_offset, sizeof(export->after_id));
}

static void write_rows(struct csv_export *export, const struct reading *reading, struct buf *out)
{
    const struct export_plan *plan = export->plan;
    const char *row = reading->rows;

    if (reading->count > 0 && !export->is_begun)
        render_csv_header(out, plan->view, &export->context);
    export->is_begun = true;
    for (size_t i = 0; i < reading->count; i++, row += plan->query->row_size)
        render_csv_row(out, plan->view, row, &export->context);
}

static enum err next(void *context, struct buf *out)
{
    struct csv_export *export = context;
    AUTO(batch_finish) struct batch batch = {0};

    if (export->is_done)
        return ERR_OK;
    batch = take_batch(export);
    TRY(batch.err);
    note_place(export, &batch.reading);
    if (!export->is_done)
        fetch_ahead(export);
    write_rows(export, &batch.reading, out);
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
