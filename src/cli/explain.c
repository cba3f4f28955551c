/* cpd-api explain: why a lead provider sees a record, or not. Names ids and states, never a person.
 */
#include <stdio.h>

#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"

static const char USAGE[] =
    "usage: cpd-api explain LEAD_PROVIDER ID\n\n"
    "Tells by which rules a lead provider (its name or id) sees the participant, training\n"
    "record, declaration, partnership, school, statement or delivery partner of that id, or does\n"
    "not: each rule passes or fails.\n";

/* One kind of record: the statement that tells its rules, and whether its third parameter names a
 * training record in place of the participant in the second. */
static const struct explanation {
    const char *kind;
    const struct sql *sql;
    size_t values;
    bool is_training_record;
} explanations[] = {
    {"participant", &sql_explain_training, 3, false},
    {"training record", &sql_explain_training, 3, true},
    {"declaration", &sql_explain_declaration, 2, false},
    {"partnership", &sql_explain_partnership, 2, false},
    {"school", &sql_explain_school, 2, false},
    {"statement", &sql_explain_statement, 2, false},
    {"delivery partner", &sql_explain_delivery_partner, 2, false},
};

static const struct explanation *find_explanation(const char *kind)
{
    size_t i = 0;

    while (!str_equal(explanations[i].kind, kind))
        i++;
    return &explanations[i];
}

static void print_lines(const struct db_rows *lines)
{
    for (int row = 0; row < lines->count; row++) {
        const char *mark = "    ";

        if (!db_is_null(lines, row, 0))
            mark = db_get_bool(lines, row, 0) ? "pass" : "fail";
        printf("%s  %s\n", mark, db_get_text(lines, row, 1));
    }
}

static void print_retired(const struct uuid *participant)
{
    char text[UUID_TEXT_SIZE];

    printf("      a retired id of participant %s, accepted in requests but not shown\n",
           uuid_format(participant, text));
}

static enum err explain_record(struct db_tx *tx, const struct uuid *lead_provider,
                               const struct db_rows *found)
{
    AUTO(db_rows_finish) struct db_rows lines = {0};
    const struct explanation *explanation = find_explanation(db_get_text(found, 0, 0));
    struct uuid id = db_get_uuid(found, 0, 1);
    const struct db_value values[] = {
        db_uuid(lead_provider),
        db_uuid(explanation->is_training_record ? NULL : &id),
        db_uuid(&id),
    };

    if (db_get_bool(found, 0, 2))
        print_retired(&id);
    TRY(db_run_once(tx, explanation->sql, values, explanation->values, &lines));
    print_lines(&lines);
    if (lines.count == 0)
        puts("fail  nobody trains this participant");
    return ERR_OK;
}

static enum err explain(struct db_pool *pool, const char *name_or_id, const struct uuid *id)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows found = {0};
    const struct db_value value = db_uuid(id);
    struct uuid lead_provider;

    TRY(db_tx_borrow(&tx, pool));
    TRY(cli_find_lead_provider(&tx, name_or_id, &lead_provider));
    TRY(db_run_once(&tx, &sql_explain_find, &value, 1, &found));
    if (found.count == 0) {
        fputs("there is no record of that id: to every lead provider it is unknown\n", stderr);
        return ERR_INPUT;
    }
    return explain_record(&tx, &lead_provider, &found);
}

int cli_explain(const struct config *config, int argc, char **argv)
{
    struct db_pool *pool;
    struct uuid id;
    enum err err;

    if (argc != 3 || !uuid_parse(argv[2], &id))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api explain");
    err = explain(pool, argv[1], &id);
    db_pool_free(pool);
    return cli_report(err);
}
