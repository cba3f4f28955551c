/* Declaring and voiding. */
#include "actions.h"

#include "base/str.h"
#include "store.h"

struct creation {
    const struct declaration_request *request;
    struct arena *arena;
    struct reading *out;
};

/* Of two that declare the same at once, one wins; the other gets what it would have got a moment
 * later. */
static enum err lose_race(const struct writer *writer, const struct creation *creation,
                          const struct declaration_facts *facts, struct problems *problems)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};

    refuse(problems, "base", PROBLEM_SLOT_TAKEN);
    TRY(writing_begin(&tx, writer, NULL, 0));
    return declaration_write_attempt(&tx, writer, creation->request, &facts->participant_id);
}

static enum err create(const struct writer *writer, void *context, struct problems *problems)
{
    const struct creation *creation = context;
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct declaration_decision decision;
    struct declaration_facts facts;
    enum err err;

    TRY(declaration_begin(&tx, writer, creation->request, creation->arena, &facts));
    declaration_check(creation->request, &facts, writer->now, problems);
    if (problems->count > 0 && uuid_is_none(&facts.participant_id))
        return ERR_OK;
    if (problems->count > 0)
        return declaration_write_attempt(&tx, writer, creation->request, &facts.participant_id);

    decision = declaration_decide(creation->request, &facts, writer->now);
    err = declaration_write(&tx, writer, creation->request, &facts, &decision, creation->arena,
                            creation->out);
    if (err != ERR_DB || !str_equal(db_constraint(&tx), "declarations_billable_slot"))
        return err;
    db_tx_finish(&tx);
    return lose_race(writer, creation, &facts, problems);
}

enum err declaration_create(const struct writer *writer, const struct declaration_request *request,
                            struct arena *arena, struct reading *out, struct problems *problems)
{
    struct creation creation = {request, arena, out};

    if (declaration_is_npq(request)) {
        refuse(problems, "course_identifier", PROBLEM_NPQ_COURSE);
        return ERR_OK;
    }
    return writing_run(create, writer, &creation, problems);
}

struct voiding {
    const struct uuid *id;
    struct arena *arena;
    struct reading *out;
};

static enum err void_once(const struct writer *writer, void *context, struct problems *problems)
{
    const struct voiding *voiding = context;
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct void_decision decision;
    struct void_facts facts;
    bool is_own;

    TRY(void_begin(&tx, writer, voiding->id, voiding->arena, &facts, &is_own));
    if (!is_own) {
        refuse(problems, NULL, PROBLEM_NOT_FOUND);
        return ERR_OK;
    }
    void_check(&facts, problems);
    if (problems->count > 0)
        return ERR_OK;
    decision = void_decide(&facts, writer->now);
    return void_write(&tx, writer, voiding->id, &facts, &decision, voiding->arena, voiding->out);
}

enum err declaration_void(const struct writer *writer, const struct uuid *id, struct arena *arena,
                          struct reading *out, struct problems *problems)
{
    struct voiding voiding = {id, arena, out};

    return writing_run(void_once, writer, &voiding, problems);
}
