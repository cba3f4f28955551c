/* cpd-api statements: a table of subcommands, each a step in the life of a statement. */
#include <stdio.h>

#include "base/date.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"

static const char USAGE[] =
    "usage: cpd-api statements create --lead-provider NAME_OR_ID [--cohort YYYY]\n\n"
    "create gives a lead provider its statements from the calendar, of one cohort or of all. They start paid, payable\n"
    "or open by today's date. Statements that exist already are left as they are.\n";

struct create_options {
    const char *lead_provider;
    int64_t cohort; /* 0: all */
};

static bool parse_create(struct create_options *options, int argc, char **argv)
{
    for (int i = 2; i + 1 < argc; i += 2) {
        if (str_equal(argv[i], "--lead-provider"))
            options->lead_provider = argv[i + 1];
        else if (!str_equal(argv[i], "--cohort") ||
                 !str_parse_int(argv[i + 1], 2020, 2100, &options->cohort))
            return false;
    }
    return argc % 2 == 0 && !str_is_blank(options->lead_provider);
}

static enum err write_statements(struct db_pool *pool, const struct create_options *options,
                                 int32_t today)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows created = {0};
    struct uuid lead_provider;

    TRY(db_tx_begin(&tx, pool));
    TRY(cli_find_lead_provider(&tx, options->lead_provider, &lead_provider));
    const struct db_value values[] = {
        db_uuid(&lead_provider),
        options->cohort == 0 ? db_null() : db_int(options->cohort),
        db_day(today),
    };
    TRY(db_run_once(&tx, &sql_statements_create, values, 3, &created));
    TRY(db_tx_commit(&tx));
    printf("%d statements created\n", created.count);
    return ERR_OK;
}

static int statements_create(const struct config *config, int argc, char **argv)
{
    struct create_options options = {0};
    struct db_pool *pool;
    enum err err;

    if (!parse_create(&options, argc, argv))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api statements");
    err = write_statements(pool, &options, day_of(instant_now()));
    db_pool_free(pool);
    return cli_report(err);
}

static const struct {
    const char *name;
    int (*run)(const struct config *config, int argc, char **argv);
} subcommands[] = {
    {"create", statements_create},
};

int cli_statements(const struct config *config, int argc, char **argv)
{
    for (size_t i = 0; argc >= 2 && i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
        if (str_equal(argv[1], subcommands[i].name))
            return subcommands[i].run(config, argc, argv);
    return cli_usage(USAGE, argc, argv);
}
