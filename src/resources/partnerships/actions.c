/* Reporting partnerships. */
#include "actions.h"

#include "base/str.h"
#include "store.h"

struct reporting {
    const struct uuid *id; /* of the partnership that changes; NULL for a new one */
    const struct partnership_request *request;
    struct arena *arena;
    struct reading *out;
};

static struct uuid id_of(const char *text)
{
    struct uuid id;

    return text != NULL && uuid_parse(text, &id) ? id : UUID_NONE;
}

static int16_t cohort_of(const char *text)
{
    int64_t year = str_is_blank(text) ? 0 : str_leading_int(text);

    return year > 0 && year <= INT16_MAX ? (int16_t)year : 0;
}

static enum err create(const struct writer *writer, void *context, struct problems *problems)
{
    const struct reporting *reporting = context;
    const struct partnership_request *request = reporting->request;
    const struct partnership_ids ids = {cohort_of(request->cohort), id_of(request->school_id),
                                        id_of(request->delivery_partner_id)};
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct partnership_facts facts;
    struct uuid id;

    TRY(partnership_begin(&tx, writer, &ids, &facts));
    partnership_create_check(request, &facts, problems);
    if (problems->count > 0)
        return ERR_OK;
    TRY(partnership_report(&tx, writer, &ids, &UUID_NONE, &id));
    return partnership_commit(&tx, writer, &id, reporting->arena, reporting->out);
}

enum err partnership_create(const struct writer *writer, const struct partnership_request *request,
                            struct arena *arena, struct reading *out, struct problems *problems)
{
    struct reporting reporting = {NULL, request, arena, out};

    return writing_run(create, writer, &reporting, problems);
}

static enum err update(const struct writer *writer, void *context, struct problems *problems)
{
    const struct reporting *reporting = context;
    const struct partnership_request *request = reporting->request;
    struct uuid partner = id_of(request != NULL ? request->delivery_partner_id : NULL);
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct partnership_update_facts facts;
    bool is_own;
    struct uuid id = *reporting->id;

    TRY(partnership_begin_update(&tx, writer, &id, &partner, &facts, &is_own));
    refuse_if(problems, !is_own, NULL, PROBLEM_NOT_FOUND);
    refuse_if(problems, is_own && request == NULL, NULL, PROBLEM_DATA);
    if (problems->count == 0)
        partnership_update_check(request, &facts, problems);
    if (problems->count > 0)
        return ERR_OK;
    if (!uuid_equal(&partner, &facts.delivery_partner_id)) {
        const struct partnership_ids ids = {facts.cohort, facts.school_id, partner};

        TRY(partnership_report(&tx, writer, &ids, reporting->id, &id));
    }
    return partnership_commit(&tx, writer, &id, reporting->arena, reporting->out);
}

enum err partnership_update(const struct writer *writer, const struct uuid *id,
                            const struct partnership_request *request, struct arena *arena,
                            struct reading *out, struct problems *problems)
{
    struct reporting reporting = {id, request, arena, out};

    return writing_run(update, writer, &reporting, problems);
}
