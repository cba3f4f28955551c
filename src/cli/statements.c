/* cpd-api statements: a table of subcommands, each a step in the life of a statement. */
#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "resources/statements.h"

static const char USAGE[] =
    "usage: cpd-api statements create --lead-provider NAME_OR_ID [--cohort YYYY]\n"
    "       cpd-api statements mark-payable [--date YYYY-MM-DD]\n"
    "       cpd-api statements mark-paid STATEMENT_ID... [--now INSTANT]\n\n"
    "create gives a lead provider its statements from the calendar, of one cohort or of all. They\n"
    "start paid, payable or open by today's date. Those that exist already are left as they are.\n"
    "mark-payable does what the nightly job of a day does (default: today): open statements whose\n"
    "deadline has passed become payable, and what is eligible on them. Doing it again changes\n"
    "nothing.\n"
    "mark-paid authorises payable statements: their payable declarations are paid, their\n"
    "clawbacks are done.\n";

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

static int statements_mark_payable_command(const struct config *config, int argc, char **argv)
{
    int64_t now = instant_now();
    int32_t day = day_of(now);
    struct db_pool *pool;
    int64_t declarations;
    int statements;
    enum err err;

    if (argc == 4 && str_equal(argv[2], "--date") && day_parse(argv[3], &day))
        now = day_start(day);
    else if (argc != 2)
        return cli_usage(USAGE, argc, argv);
    pool = cli_writing_pool_new(config, "cpd-api statements");
    err = statements_mark_payable(pool, day, now, &statements, &declarations);
    db_pool_free(pool);
    if (err == ERR_OK)
        printf("%d statements payable, %" PRId64 " declarations\n", statements, declarations);
    return cli_report(err);
}

/* One statement named on the command line. */
static void pay(struct db_pool *pool, const char *text, int64_t now, int *status)
{
    AUTO(arena_finish) struct arena arena = {0};
    const char *refusal = "that is no id";
    struct uuid id;
    enum err err =
        uuid_parse(text, &id) ? statement_mark_paid(pool, &id, now, &arena, &refusal) : ERR_OK;

    if (err != ERR_OK)
        *status = cli_report(err);
    else if (refusal != NULL)
        *status = CLI_FAILED;
    if (err == ERR_OK && refusal != NULL)
        fprintf(stderr, "%s cannot be paid: %s\n", text, refusal);
    else if (err == ERR_OK)
        printf("%s paid\n", text);
}

static int statements_mark_paid_command(const struct config *config, int argc, char **argv)
{
    int64_t now = instant_now();
    int end = argc;
    int status = CLI_DONE;
    struct db_pool *pool;

    if (argc >= 5 && str_equal(argv[argc - 2], "--now") &&
        instant_parse_lenient(argv[argc - 1], &now))
        end = argc - 2;
    if (end < 3 || str_starts_with(argv[2], "--") || (end < argc && !config->time_travel))
        return cli_usage(USAGE, argc, argv);
    pool = cli_writing_pool_new(config, "cpd-api statements");
    for (int i = 2; i < end; i++)
        pay(pool, argv[i], now, &status);
    db_pool_free(pool);
    return status;
}

static const struct {
    const char *name;
    int (*run)(const struct config *config, int argc, char **argv);
} subcommands[] = {
    {"create", statements_create},
    {"mark-payable", statements_mark_payable_command},
    {"mark-paid", statements_mark_paid_command},
};

int cli_statements(const struct config *config, int argc, char **argv)
{
    for (size_t i = 0; argc >= 2 && i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
        if (str_equal(argv[1], subcommands[i].name))
            return subcommands[i].run(config, argc, argv);
    return cli_usage(USAGE, argc, argv);
}
