/* cpd-api import: records from a file. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "interchange/import.h"

static const char USAGE[] =
    "usage: cpd-api import [--dry-run] [--now INSTANT] FILE|-\n\n"
    "Reads records, one JSON object a line, from a file or from standard input, and writes all of them or, where one\n"
    "has a problem, none. docs/import.md lists the record types.\n\n"
    "--dry-run      checks everything and writes nothing\n"
    "--now INSTANT  the clock for what follows from changes of eligibility (not in production)\n";

struct arguments {
    const char *file;
    bool is_dry_run;
    bool has_now;
    int64_t now;
};

static bool parse_arguments(struct arguments *out, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (str_equal(argv[i], "--dry-run"))
            out->is_dry_run = true;
        else if (str_equal(argv[i], "--now") && i + 1 < argc &&
                 instant_parse_lenient(argv[i + 1], &out->now))
            out->has_now = ++i > 0;
        else if (out->file == NULL && (argv[i][0] != '-' || str_equal(argv[i], "-")))
            out->file = argv[i];
        else
            return false;
    }
    return out->file != NULL;
}

static enum err open_file(const char *file, FILE **out)
{
    *out = str_equal(file, "-") ? stdin : fopen(file, "re");
    if (*out != NULL)
        return ERR_OK;
    fprintf(stderr, "%s: cannot be opened\n", file);
    return ERR_INPUT;
}

static enum err import_file(const struct config *config, struct db_pool *pool,
                            const struct arguments *arguments, FILE *in)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct import_counts counts;
    const struct import_options options = {
        .in = in,
        .name = arguments->file,
        .err = stderr,
        .progress = isatty(STDERR_FILENO) ? stderr : NULL,
        .now = arguments->has_now ? &arguments->now : NULL,
        .token_secret = config->environment == ENV_PRODUCTION ? NULL : config->token_hash_secret,
    };

    TRY(db_tx_begin(&tx, pool));
    TRY(import_run(&tx, &options, &counts));
    if (!arguments->is_dry_run)
        TRY(db_tx_commit(&tx));
    printf("%" PRId64 " lines: %" PRId64 " rows new, %" PRId64 " changed, %" PRId64 " deleted%s\n",
           counts.lines, counts.inserted, counts.changed, counts.deleted,
           arguments->is_dry_run ? "; nothing was written" : "");
    return ERR_OK;
}

int cli_import(const struct config *config, int argc, char **argv)
{
    struct arguments arguments = {0};
    struct db_pool *pool;
    FILE *in = NULL;
    enum err err;

    if (!parse_arguments(&arguments, argc, argv))
        return cli_usage(USAGE, argc, argv);
    if (arguments.has_now && config->environment == ENV_PRODUCTION) {
        fputs("--now is refused in production\n", stderr);
        return CLI_FAILED;
    }
    err = open_file(arguments.file, &in);
    if (err != ERR_OK)
        return cli_report(err);
    pool = cli_pool_new(config->database_url, "cpd-api import");
    err = import_file(config, pool, &arguments, in);
    db_pool_free(pool);
    if (in != stdin)
        fclose(in);
    return cli_report(err);
}
