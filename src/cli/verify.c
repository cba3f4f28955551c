/* cpd-api verify: works out again what every stored projection stands for, and compares. */
#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"

enum { SLICE = 2000, SHOWN_MAX = 100 };

static const char USAGE[] =
    "usage: cpd-api verify\n\n"
    "Works out for every participant what each lead provider sees, and compares it with what is\n"
    "stored. Prints up to 100 differences and their number; exit status 1 unless there are none.\n";

static void show(const struct db_rows *differences, int64_t *count)
{
    char provider[UUID_TEXT_SIZE];
    char id[UUID_TEXT_SIZE];

    for (int row = 0; row < differences->count; row++) {
        struct uuid provider_id = db_get_uuid(differences, row, 1);
        struct uuid row_id = db_get_uuid(differences, row, 2);

        if ((*count)++ < SHOWN_MAX)
            printf("%s of lead provider %s, %s %s\n", db_get_text(differences, row, 0),
                   uuid_format(&provider_id, provider), uuid_format(&row_id, id),
                   db_get_text(differences, row, 3));
    }
}

/* Leaves the last participant looked at in *last; *found is 0 behind the last one of all. */
static enum err verify_slice(struct db_tx *tx, struct uuid *last, size_t *found, int64_t *count)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(db_rows_finish) struct db_rows people = {0};
    AUTO(db_rows_finish) struct db_rows differences = {0};
    const struct db_value after[] = {db_uuid(*found == 0 ? NULL : last), db_int(SLICE)};
    struct db_value value;
    struct uuid *ids;

    TRY(db_run_once(tx, &sql_verify_slice, after, 2, &people));
    *found = (size_t)people.count;
    if (*found == 0)
        return ERR_OK;
    ids = ARENA_ARRAY(&arena, struct uuid, *found);
    for (int row = 0; row < people.count; row++)
        ids[row] = db_get_uuid(&people, row, 0);
    *last = ids[*found - 1];
    value = db_uuids(ids, *found);
    TRY(db_run(tx, &sql_verify_differences, &value, 1, &differences));
    show(&differences, count);
    return ERR_OK;
}

static enum err verify(struct db_pool *pool, int64_t *count)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows strays = {0};
    struct uuid last = {0};
    size_t found = 0;

    TRY(db_tx_borrow(&tx, pool));
    do
        TRY(verify_slice(&tx, &last, &found, count));
    while (found > 0);
    TRY(db_run_once(&tx, &sql_verify_strays, NULL, 0, &strays));
    show(&strays, count);
    printf("%" PRId64 " differences\n", *count);
    return ERR_OK;
}

int cli_verify(const struct config *config, int argc, char **argv)
{
    struct db_pool *pool;
    int64_t count = 0;
    enum err err;

    if (argc != 1)
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api verify");
    err = verify(pool, &count);
    db_pool_free(pool);
    return err == ERR_OK && count > 0 ? CLI_FAILED : cli_report(err);
}
