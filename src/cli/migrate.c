/* cpd-api migrate: schema and reference data. */
#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "cli/cli.h"
#include "db/migrate.h"
#include "db/queries.h"
#include "resources/jobs.h"

static const char USAGE[] =
    "usage: cpd-api migrate [--status]\n\n"
    "Applies what is missing of schema, functions and reference data; waits for another migration.\n"
    "--status prints the newest migration of the program and of the database; exit status 1 if they differ.\n";

static struct db_pool *open_pool(const char *url)
{
    return db_pool_new(&(struct db_pool_options){
        .url = url, .size = 1, .wait_ms = 1000, .name = "cpd-api migrate"});
}

static enum err show_status(struct db_pool *pool, bool *is_current)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    int64_t applied;

    TRY(db_tx_borrow(&tx, pool));
    TRY(migrate_applied(&tx, &applied));
    *is_current = applied == migrate_newest();
    printf("program %" PRId64 ", database %" PRId64 "\n", migrate_newest(), applied);
    return ERR_OK;
}

/* The role that DATABASE_URL connects as. */
static enum err find_role(const char *url, struct arena *arena, const char **out)
{
    struct db_pool *pool = open_pool(url);
    enum err err;

    {
        AUTO(db_tx_finish) struct db_tx tx = {0};
        AUTO(db_rows_finish) struct db_rows rows = {0};

        err = db_tx_borrow(&tx, pool);
        if (err == ERR_OK)
            err = db_run_once(&tx, &sql_migrate_role, NULL, 0, &rows);
        if (err == ERR_OK)
            *out = arena_strdup(arena, db_get_text(&rows, 0, 0));
    }
    db_pool_free(pool);
    return err;
}

static enum err migrate(const struct config *config, struct db_pool *pool)
{
    AUTO(arena_finish) struct arena arena = {0};
    const char *service_role = NULL;

    if (!str_equal(config->database_url, config->migration_database_url))
        TRY(find_role(config->database_url, &arena, &service_role));
    TRY(migrate_run(pool, service_role));
    return jobs_know(pool);
}

int cli_migrate(const struct config *config, int argc, char **argv)
{
    bool wants_status = argc == 2 && str_equal(argv[1], "--status");
    struct db_pool *pool;
    bool is_current = true;
    enum err err;

    if (argc > 1 && !wants_status) {
        bool wants_help = str_equal(argv[1], "--help");

        fputs(USAGE, wants_help ? stdout : stderr);
        return wants_help ? CLI_DONE : CLI_USAGE;
    }
    pool = open_pool(config->migration_database_url);
    err = wants_status ? show_status(pool, &is_current) : migrate(config, pool);
    db_pool_free(pool);
    return err == ERR_OK && !is_current ? CLI_FAILED : cli_report(err);
}
