/* Loads the shipped CSV files of db/reference/ into their tables. */
#include "db/reference.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "db/queries.h"
#include "embedded.h"

/* In the order that foreign keys ask for; each is the name of a file and of its table. */
static const char *const tables[] = {
    "cohorts",        "schedules",
    "milestones",     "statement_calendar",
    "evidence_rules", "training_status_reasons",
};

/* Copies the file into the temporary table "incoming", which has the columns of its first line. */
static enum err copy_file(struct db_tx *tx, const struct embedded *file, const char *table,
                          struct arena *arena)
{
    size_t header = strcspn(file->data, "\r\n");

    TRY(db_script(tx, arena_printf(arena,
                                   "DROP TABLE IF EXISTS pg_temp.incoming;"
                                   "CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS"
                                   " SELECT %.*s FROM %s WITH NO DATA",
                                   (int)header, file->data, table)));
    TRY(db_copy_in_start(tx, "COPY pg_temp.incoming FROM STDIN (FORMAT csv, HEADER)"));
    TRY(db_copy_in_data(tx, file->data, *file->size));
    return db_copy_in_end(tx);
}

static enum err load_table(struct db_tx *tx, const char *table)
{
    AUTO(arena_finish) struct arena arena = {0};
    const struct embedded *file =
        embedded_find(embedded_reference, arena_printf(&arena, "%s.csv", table));
    struct db_value values[2];

    assert(file != NULL);
    TRY(copy_file(tx, file, table, &arena));
    values[0] = db_text(table);
    values[1] = db_text(file->data);
    return db_run_once(tx, &sql_reference_merge, values, 2, NULL);
}

enum err reference_load(struct db_tx *tx)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        TRY(load_table(tx, tables[i]));
    return db_script(tx, "DROP TABLE IF EXISTS pg_temp.incoming");
}
