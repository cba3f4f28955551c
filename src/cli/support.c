/* What several subcommands need: a connection, their usage, a lead provider by its name. */
#include "cli/support.h"

#include <stdio.h>

#include "base/str.h"
#include "cli/cli.h"
#include "db/queries.h"
#include "resources/analytics.h"

struct db_pool *cli_pool_new(const char *url, const char *command)
{
    return db_pool_new(
        &(struct db_pool_options){.url = url, .size = 1, .wait_ms = 1000, .name = command});
}

struct db_pool *cli_writing_pool_new(const struct config *config, const char *command)
{
    return db_pool_new(&(struct db_pool_options){.url = config->database_url,
                                                 .size = 1,
                                                 .wait_ms = 1000,
                                                 .name = command,
                                                 .settings = analytics_settings(config)});
}

int cli_usage(const char *usage, int argc, char **argv)
{
    bool wants_help = argc >= 2 && str_equal(argv[argc - 1], "--help");

    fputs(usage, wants_help ? stdout : stderr);
    return wants_help ? CLI_DONE : CLI_USAGE;
}

enum err cli_find_lead_provider(struct db_tx *tx, const char *name_or_id, struct uuid *out)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct db_value value = db_text(name_or_id);

    TRY(db_run_once(tx, &sql_lead_providers_find, &value, 1, &rows));
    if (rows.count != 1) {
        fprintf(stderr, "%s lead provider has the name or id %s\n",
                rows.count == 0 ? "no" : "more than one", name_or_id);
        return ERR_INPUT;
    }
    *out = db_get_uuid(&rows, 0, 0);
    return ERR_OK;
}
