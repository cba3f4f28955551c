/* The participant actions. */
#include "actions.h"

/* Withdraw, defer and resume differ in their rules and in the state they leave. */
struct training_action {
    const char *state;
    bool has_reason;
    void (*check)(const struct training_request *request, const struct training_facts *facts,
                  struct problems *problems);
};

static const struct training_action withdrawal = {"withdrawn", true, withdraw_check};
static const struct training_action deferral = {"deferred", true, defer_check};
static const struct training_action resumption = {"active", false, resume_check};

struct acting {
    const struct training_action *action;
    const struct training_request *request;
    struct arena *arena;
    struct participant_list *out;
};

static enum err act(const struct writer *writer, void *context, struct problems *problems)
{
    const struct acting *acting = context;
    const struct training_action *action = acting->action;
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct training_facts facts;

    TRY(training_begin(&tx, writer, acting->request, action->state, acting->arena, &facts));
    action->check(acting->request, &facts, problems);
    if (problems->count > 0)
        return ERR_OK;
    return training_write(&tx, writer, &facts, action->state,
                          action->has_reason ? acting->request->reason : NULL, acting->arena,
                          acting->out);
}

enum err participant_withdraw(const struct writer *writer, const struct training_request *request,
                              struct arena *arena, struct participant_list *out,
                              struct problems *problems)
{
    return writing_run(act, writer, &(struct acting){&withdrawal, request, arena, out}, problems);
}

enum err participant_defer(const struct writer *writer, const struct training_request *request,
                           struct arena *arena, struct participant_list *out,
                           struct problems *problems)
{
    return writing_run(act, writer, &(struct acting){&deferral, request, arena, out}, problems);
}

enum err participant_resume(const struct writer *writer, const struct training_request *request,
                            struct arena *arena, struct participant_list *out,
                            struct problems *problems)
{
    return writing_run(act, writer, &(struct acting){&resumption, request, arena, out}, problems);
}

static enum err change_schedule(const struct writer *writer, void *context,
                                struct problems *problems)
{
    const struct acting *acting = context;
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct schedule_decision decision;
    struct schedule_facts facts;
    struct uuid school_id;

    TRY(schedule_begin(&tx, writer, acting->request, acting->arena, &facts, &school_id));
    change_schedule_check(acting->request, &facts, problems);
    if (problems->count > 0)
        return ERR_OK;
    decision = change_schedule_decide(&facts, problems);
    if (problems->count > 0)
        return ERR_OK;
    return schedule_write(&tx, writer, &facts, &decision, acting->request->schedule_identifier,
                          &school_id, acting->arena, acting->out);
}

enum err participant_change_schedule(const struct writer *writer,
                                     const struct training_request *request, struct arena *arena,
                                     struct participant_list *out, struct problems *problems)
{
    return writing_run(change_schedule, writer, &(struct acting){NULL, request, arena, out},
                       problems);
}
