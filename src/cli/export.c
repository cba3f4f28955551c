/* cpd-api export: records to standard output. */
#include <stdio.h>

#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "interchange/export.h"

static const char USAGE[] =
    "usage: cpd-api export [--type TYPE] [--lead-provider NAME_OR_ID]\n\n"
    "Writes all records, or those of one type, to standard output, as import reads them: one JSON object a line, each\n"
    "complete, in an order that stays the same. Tokens are never exported.\n\n"
    "--lead-provider  only what this lead provider sees, and what that refers to\n";

struct arguments {
    const char *type;
    const char *lead_provider;
};

static bool parse_arguments(struct arguments *out, int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;

        if (value == NULL)
            return false;
        if (str_equal(argv[i], "--type"))
            out->type = value;
        else if (str_equal(argv[i], "--lead-provider"))
            out->lead_provider = value;
        else
            return false;
    }
    return true;
}

static enum err export_all(struct db_pool *pool, const struct arguments *arguments)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct export_options options = {.out = stdout, .type = arguments->type};
    struct uuid lead_provider;

    if (arguments->lead_provider != NULL) {
        TRY(db_tx_borrow(&tx, pool));
        TRY(cli_find_lead_provider(&tx, arguments->lead_provider, &lead_provider));
        db_tx_finish(&tx);
        options.lead_provider = &lead_provider;
    }
    TRY(db_tx_begin(&tx, pool));
    return export_run(&tx, &options);
}

int cli_export(const struct config *config, int argc, char **argv)
{
    struct arguments arguments = {0};
    struct db_pool *pool;
    enum err err;

    if (!parse_arguments(&arguments, argc, argv))
        return cli_usage(USAGE, argc, argv);
    if (arguments.type != NULL && !export_is_type(arguments.type)) {
        fprintf(stderr, "%s is no type that can be exported; docs/import.md lists them\n",
                arguments.type);
        return CLI_FAILED;
    }
    pool = cli_pool_new(config->database_url, "cpd-api export");
    err = export_all(pool, &arguments);
    db_pool_free(pool);
    if (err == ERR_IO)
        fputs("standard output cannot be written\n", stderr);
    return cli_report(err);
}
