/* cpd-api analytics: the outbox of events. */
#include <stdio.h>

#include "base/date.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "resources/analytics.h"

static const char USAGE[] =
    "usage: cpd-api analytics export --since INSTANT\n\n"
    "Writes the analytics events from that instant on to standard output, one JSON object a line.\n"
    "Events are kept while ANALYTICS is 1, and for 30 days.\n";

int cli_analytics(const struct config *config, int argc, char **argv)
{
    struct db_pool *pool;
    int64_t since;
    enum err err;

    if (argc != 4 || !str_equal(argv[1], "export") || !str_equal(argv[2], "--since") ||
        !instant_parse_lenient(argv[3], &since))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api analytics");
    err = analytics_export(pool, config, since, stdout);
    db_pool_free(pool);
    if (err == ERR_IO)
        fputs("standard output cannot be written\n", stderr);
    return cli_report(err);
}
