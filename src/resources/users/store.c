/* The SQL calls of accounts. */
#include "store.h"

#include "db/queries.h"
#include "view.h"

static const struct column user_columns[] = {
    COLUMN(user_row, id, UUID),
    COLUMN(user_row, email, TEXT),
    COLUMN(user_row, full_name, TEXT),
};

static const struct column ecf_user_columns[] = {
    COLUMN(ecf_user_row, id, UUID),
    COLUMN(ecf_user_row, email, TEXT),
    COLUMN(ecf_user_row, full_name, TEXT),
    COLUMN(ecf_user_row, kind, TEXT),
    COLUMN(ecf_user_row, is_gone, BOOL),
    COLUMN(ecf_user_row, materials, TEXT),
    COLUMN(ecf_user_row, programme_choice, TEXT),
    COLUMN(ecf_user_row, is_registered, BOOL),
    COLUMN(ecf_user_row, cohort, YEAR),
};

#define USER_QUERY(sql) QUERY(sql, user_columns, struct user_row)
#define ECF_USER_QUERY(sql) QUERY(sql, ecf_user_columns, struct ecf_user_row)

/* The ways into one list. */
struct ways {
    struct query all;
    struct query since;
    struct query email;
};

static const struct ways users = {USER_QUERY(sql_users_page), USER_QUERY(sql_users_page_since),
                                  USER_QUERY(sql_users_page_email)};
static const struct ways ecf_users = {ECF_USER_QUERY(sql_ecf_users_page),
                                      ECF_USER_QUERY(sql_ecf_users_page_since),
                                      ECF_USER_QUERY(sql_ecf_users_page_email)};
static const struct query created = USER_QUERY(sql_users_create);

static enum err read_page(struct reading *out, const struct service *service, struct arena *arena,
                          const struct ways *ways, const char *email,
                          const struct list_request *list)
{
    const struct db_value values[] = {db_text(email), reading_since(list), db_int(list->limit),
                                      db_int(list->offset)};

    if (email != NULL)
        return reading_run(out, service, arena, &ways->email, values, COUNT_OF(values));
    if (list->has_updated_since)
        return reading_run(out, service, arena, &ways->since, values + 1, COUNT_OF(values) - 1);
    return reading_run(out, service, arena, &ways->all, values + 2, COUNT_OF(values) - 2);
}

enum err users_page(struct reading *out, const struct service *service, struct arena *arena,
                    const char *email, const struct list_request *list)
{
    return read_page(out, service, arena, &users, email, list);
}

enum err ecf_users_page(struct reading *out, const struct service *service, struct arena *arena,
                        const char *email, const struct list_request *list)
{
    return read_page(out, service, arena, &ecf_users, email, list);
}

enum err user_begin(struct db_tx *tx, const struct writer *writer, const char *email,
                    bool *is_known)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    const struct db_value value = db_text(email);
    const struct db_step step = {&sql_users_is_known, &value, 1, &rows};

    TRY(writing_begin(tx, writer, &step, 1));
    *is_known = db_is_true(&rows, 0, 0);
    return ERR_OK;
}

enum err user_insert_and_commit(struct db_tx *tx, const struct writer *writer,
                                const struct user_request *request, struct arena *arena,
                                struct reading *out)
{
    const struct db_value values[] = {db_text(request->full_name), db_text(request->email),
                                      db_instant(writer->now)};
    const struct db_step step = {&sql_users_create, values, COUNT_OF(values), &out->result};

    TRY(db_tx_commit_with(tx, &step, 1));
    reading_take(out, arena, &created);
    return ERR_OK;
}
