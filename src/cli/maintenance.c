/* cpd-api maintenance: opens and closes the service, for all instances. */
#include <stdio.h>

#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "db/row.h"
#include "domain/service_mode.h"

static const char USAGE[] =
    "usage: cpd-api maintenance on [--until INSTANT] [--read-only]\n"
    "       cpd-api maintenance off\n"
    "       cpd-api maintenance status\n\n"
    "on closes the service in every instance within a second: 503 for the API, a page for browsers.\n"
    "With --read-only GET and HEAD go on, and only what would change something gets 503. At INSTANT\n"
    "(2026-03-01T17:30:00Z) it is over by itself; clients are told with Retry-After.\n"
    "off opens it again. status prints what is in force.\n";

/* Reads what follows "on"; the end must be still to come. */
static bool parse_on(struct service_mode *mode, int argc, char **argv, int64_t now)
{
    *mode = (struct service_mode){.openness = SERVICE_CLOSED, .ends_at = INSTANT_NONE};
    for (int i = 2; i < argc; i++) {
        if (str_equal(argv[i], "--read-only"))
            mode->openness = SERVICE_READ_ONLY;
        else if (!str_equal(argv[i], "--until") || ++i == argc ||
                 !instant_parse(argv[i], &mode->ends_at) || mode->ends_at <= now)
            return false;
    }
    return true;
}

static bool parse(struct service_mode *mode, int argc, char **argv, int64_t now)
{
    *mode = (struct service_mode){.openness = SERVICE_OPEN, .ends_at = INSTANT_NONE};
    if (argc < 2)
        return false;
    if (str_equal(argv[1], "on"))
        return parse_on(mode, argc, argv, now);
    return argc == 2 && (str_equal(argv[1], "off") || str_equal(argv[1], "status"));
}

static enum err set(struct db_tx *tx, const struct service_mode *mode)
{
    const struct db_value values[] = {db_text(service_mode_name(mode)),
                                      db_instant_unless_none(mode->ends_at)};

    return db_run_once(tx, &sql_service_mode_set, values, 2, NULL);
}

static enum err show(struct db_tx *tx, int64_t now)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct service_mode mode = {.ends_at = INSTANT_NONE};
    char end[DATE_TEXT_SIZE];

    TRY(db_run_once(tx, &sql_service_mode_show, NULL, 0, &rows));
    if (rows.count > 0 && service_mode_parse(db_get_text(&rows, 0, 0), &mode.openness))
        mode.ends_at = db_instant_or_none(&rows, 0, 1);
    mode = service_mode_at(&mode, now);
    printf("%s%s%s\n", service_mode_name(&mode), mode.ends_at == INSTANT_NONE ? "" : " until ",
           mode.ends_at == INSTANT_NONE ? "" : instant_format(mode.ends_at, end));
    return ERR_OK;
}

static enum err run(struct db_pool *pool, const struct service_mode *mode, bool is_question,
                    int64_t now)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};

    TRY(db_tx_borrow(&tx, pool));
    if (!is_question)
        TRY(set(&tx, mode));
    return show(&tx, now);
}

int cli_maintenance(const struct config *config, int argc, char **argv)
{
    int64_t now = instant_now();
    struct service_mode mode;
    struct db_pool *pool;
    enum err err;

    if (!parse(&mode, argc, argv, now))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api maintenance");
    err = run(pool, &mode, str_equal(argv[1], "status"), now);
    db_pool_free(pool);
    return cli_report(err);
}
