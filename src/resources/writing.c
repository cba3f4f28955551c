/* Shared by the writes of all resources. */
#include "resources/writing.h"

#include <assert.h>
#include <string.h>

#include "base/field.h"
#include "db/queries.h"

struct writer writer_of(const struct service *service, const struct request *request,
                        struct arena *arena)
{
    char id[UUID_TEXT_SIZE];

    return (struct writer){
        .service = service,
        .lead_provider_id = request->caller.lead_provider_id,
        .actor = arena_printf(arena, "lead_provider %s",
                              uuid_format(&request->caller.lead_provider_id, id)),
        .token_id = request->caller.token_id,
        .request_id = request->request_id,
        .now = request->now,
    };
}

enum err writing_begin(struct db_tx *tx, const struct writer *writer, const struct db_step *steps,
                       size_t count)
{
    const struct db_value values[] = {db_instant(writer->now), db_text(writer->actor),
                                      uuid_is_none(&writer->token_id) ? db_null()
                                                                      : db_uuid(&writer->token_id),
                                      db_text(writer->request_id)};
    struct db_step all[WRITING_STEPS_MAX] = {{&sql_writing_begin, values, COUNT_OF(values), NULL}};

    assert(count < WRITING_STEPS_MAX);
    if (count > 0)
        memcpy(all + 1, steps, count * sizeof(*steps));
    return db_tx_begin_with(tx, writer->service->pool, all, count + 1);
}

enum err writing_run(writing_attempt *attempt, const struct writer *writer, void *context,
                     struct problems *problems)
{
    enum err err = ERR_DB_CONFLICT;

    for (int i = 0; i < WRITING_TRIES && err == ERR_DB_CONFLICT; i++) {
        problems->count = 0;
        err = attempt(writer, context, problems);
    }
    return err;
}
