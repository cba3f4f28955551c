/* data-studio/school-rollout, for the dashboard: all of it at once, read in batches while it is
 * sent. */
#include <stdlib.h>

#include "db/queries.h"
#include "resources/reading.h"
#include "resources/registry.h"
#include "view.h"

enum { SCHOOLS_OF_BATCH = 500 };

static const struct column columns[] = {
    COLUMN(school_rollout_row, id, UUID),
    COLUMN(school_rollout_row, name, TEXT),
    COLUMN(school_rollout_row, urn, TEXT),
    COLUMN(school_rollout_row, sent_at, TEXT),
    COLUMN(school_rollout_row, opened_at, TEXT),
    COLUMN(school_rollout_row, notify_status, TEXT),
    COLUMN(school_rollout_row, induction_tutor_nominated, BOOL),
    COLUMN(school_rollout_row, tutor_nominated_time, TEXT),
    COLUMN(school_rollout_row, induction_tutor_signed_in, BOOL),
    COLUMN(school_rollout_row, induction_programme_choice, TEXT),
    COLUMN(school_rollout_row, programme_chosen_time, TEXT),
    COLUMN(school_rollout_row, in_partnership, BOOL),
    COLUMN(school_rollout_row, partnership_time, TEXT),
    COLUMN(school_rollout_row, partnership_challenge_reason, TEXT),
    COLUMN(school_rollout_row, partnership_challenge_time, TEXT),
    COLUMN(school_rollout_row, lead_provider, TEXT),
    COLUMN(school_rollout_row, delivery_partner, TEXT),
};

static const struct query batch =
    QUERY(sql_school_rollout_batch, columns, struct school_rollout_row);

/* How far the document has come. */
struct rollout {
    const struct service *service;
    struct view_context context;
    struct prelude *prelude; /* of the first batch */
    struct arena arena;      /* of the URN reached */
    const char *urn;
    bool is_begun;
    bool is_done;
};

static void finish(void *context)
{
    struct rollout *rollout = context;

    arena_finish(&rollout->arena);
    free(rollout);
}

static void write_rows(struct rollout *rollout, const struct reading *reading, struct buf *out)
{
    const struct school_rollout_row *rows = reading->rows;

    for (size_t i = 0; i < reading->count; i++) {
        buf_add_text(out, rollout->is_begun ? "," : "{\"data\":[");
        render_resource(out, &school_rollout_view, &rows[i], &rollout->context);
        rollout->is_begun = true;
    }
}

/* A batch without a row is the end, as each school has one at least. */
static enum err next(void *context, struct buf *out)
{
    struct rollout *rollout = context;
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = rollout->prelude};
    const struct db_value values[] = {db_text(rollout->urn), db_int(SCHOOLS_OF_BATCH)};

    if (rollout->is_done)
        return ERR_OK;
    TRY(reading_run(&reading, rollout->service, &arena, &batch, values, COUNT_OF(values)));
    rollout->prelude = NULL;
    write_rows(rollout, &reading, out);
    rollout->is_done = reading.count == 0;
    if (rollout->is_done) {
        buf_add_text(out, rollout->is_begun ? "]}" : "{\"data\":[]}");
    } else {
        const struct school_rollout_row *rows = reading.rows;

        arena_finish(&rollout->arena);
        rollout->arena = (struct arena){0};
        rollout->urn = arena_strdup(&rollout->arena, rows[reading.count - 1].urn);
    }
    return ERR_OK;
}

static enum err school_rollout_index(const struct service *service, const struct request *request,
                                     struct response *response)
{
    struct rollout *rollout = calloc(1, sizeof(*rollout));
    enum err err;

    if (rollout == NULL)
        abort();
    *rollout = (struct rollout){.service = service,
                                .context = view_context_of(service, request),
                                .prelude = request->prelude,
                                .urn = ""};
    err = next(rollout, &response->body);
    if (err != ERR_OK || rollout->is_done)
        finish(rollout);
    else
        response->rest = (struct body_source){next, finish, rollout};
    return err;
}

const struct handler school_rollout_handlers[] = {
    {"school_rollout_index", school_rollout_index},
    {0},
};
