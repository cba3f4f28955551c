/* Creating accounts. */
#include "actions.h"

#include "store.h"

struct creating {
    const struct user_request *request;
    struct arena *arena;
    struct reading *out;
};

/* Somebody else may take the address between the look and the write. */
static enum err create(const struct writer *writer, void *context, struct problems *problems)
{
    const struct creating *creating = context;
    AUTO(db_tx_finish) struct db_tx tx = {0};
    bool is_email_known;

    TRY(user_begin(&tx, writer, creating->request->email, &is_email_known));
    user_check(creating->request, is_email_known, problems);
    if (problems->count > 0)
        return ERR_OK;
    TRY(user_insert_and_commit(&tx, writer, creating->request, creating->arena, creating->out));
    refuse_if(problems, creating->out->count == 0, NULL, PROBLEM_EMAIL_KNOWN);
    return ERR_OK;
}

enum err user_create(const struct writer *writer, const struct user_request *request,
                     struct arena *arena, struct reading *out, struct problems *problems)
{
    struct user_request clean = user_request_clean(request, arena);
    struct creating creating = {&clean, arena, out};

    return writing_run(create, writer, &creating, problems);
}
