/* cpd-api requests: the record of requests, for operators. */
#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "resources/requests.h"

static const char USAGE[] =
    "usage: cpd-api requests list [--provider NAME_OR_ID] [--status CODE] [--since INSTANT] [--limit N]\n"
    "       cpd-api requests purge --older-than DAYSd\n\n"
    "list shows the newest requests first, 100 unless told otherwise: end, status, method, path,\n"
    "milliseconds, request id, who asked. purge deletes the older ones, such as --older-than 90d.\n";

struct list_options {
    const char *provider;
    int64_t status; /* 0: any */
    int64_t since;
    bool has_since;
    int64_t limit;
};

static bool parse_list(struct list_options *options, int argc, char **argv)
{
    *options = (struct list_options){.limit = 100};
    for (int i = 2; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        bool is_good = false;

        if (value == NULL)
            return false;
        if (str_equal(argv[i], "--provider"))
            is_good = (options->provider = value) != NULL;
        else if (str_equal(argv[i], "--status"))
            is_good = str_parse_int(value, 100, 599, &options->status);
        else if (str_equal(argv[i], "--since"))
            is_good = options->has_since = instant_parse_lenient(value, &options->since);
        else if (str_equal(argv[i], "--limit"))
            is_good = str_parse_int(value, 1, 1000000, &options->limit);
        if (!is_good)
            return false;
    }
    return true;
}

static const char *text_or_dash(const struct db_rows *rows, int row, int column)
{
    const char *text = db_get_text(rows, row, column);

    return text != NULL ? text : "-";
}

static enum err print_list(struct db_pool *pool, const struct list_options *options)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct uuid provider;

    TRY(db_tx_borrow(&tx, pool));
    if (options->provider != NULL)
        TRY(cli_find_lead_provider(&tx, options->provider, &provider));
    const struct db_value values[] = {
        db_uuid(options->provider != NULL ? &provider : NULL),
        options->status == 0 ? db_null() : db_int(options->status),
        db_instant_or_null(options->has_since ? &options->since : NULL),
        db_int(options->limit),
    };
    TRY(db_run_once(&tx, &sql_requests_list, values, 4, &rows));
    for (int row = 0; row < rows.count; row++)
        printf("%s  %" PRId64 "  %-6s %s  %s ms  %s  %s\n", db_get_text(&rows, row, 0),
               db_get_int(&rows, row, 1), db_get_text(&rows, row, 2), db_get_text(&rows, row, 3),
               db_get_text(&rows, row, 4), db_get_text(&rows, row, 5), text_or_dash(&rows, row, 6));
    return ERR_OK;
}

static int requests_list(const struct config *config, int argc, char **argv)
{
    struct list_options options;
    struct db_pool *pool;
    enum err err;

    if (!parse_list(&options, argc, argv))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api requests");
    err = print_list(pool, &options);
    db_pool_free(pool);
    return cli_report(err);
}

/* A number of days, as in 90d. */
static bool parse_age(const char *text, int64_t *days)
{
    char digits[8] = "";
    int end = 0;

    return sscanf(text, "%7[0-9]d%n", digits, &end) == 1 && end > 0 && text[end] == '\0' &&
           str_parse_int(digits, 0, 36500, days);
}

static int requests_purge_command(const struct config *config, int argc, char **argv)
{
    struct db_pool *pool;
    int64_t days, count;
    enum err err;

    if (argc != 4 || !str_equal(argv[2], "--older-than") || !parse_age(argv[3], &days))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api requests");
    err = requests_purge(pool, instant_now() - days * INSTANT_DAY, &count);
    db_pool_free(pool);
    if (err == ERR_OK)
        printf("%" PRId64 " requests deleted\n", count);
    return cli_report(err);
}

int cli_requests(const struct config *config, int argc, char **argv)
{
    if (argc >= 2 && str_equal(argv[1], "list"))
        return requests_list(config, argc, argv);
    if (argc >= 2 && str_equal(argv[1], "purge"))
        return requests_purge_command(config, argc, argv);
    return cli_usage(USAGE, argc, argv);
}
