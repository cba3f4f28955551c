/* cpd-api seed: fills an empty database with invented data, the same for the same seed and day. */
#include <inttypes.h>
#include <stdio.h>

#include "api/token.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "embedded.h"

static const char USAGE[] =
    "usage: cpd-api seed [--profile minimal|sandbox|load] [--seed N] [--as-of DATE]\n\n"
    "Fills an empty database with invented data, as it would stand on that day (default: today):\n"
    "  minimal  one school and a handful of people for each lead provider, and every state of a\n"
    "           declaration once\n"
    "  sandbox  five schools of fifty people for each lead provider and cohort (the default)\n"
    "  load     over 100,000 participants and 300,000 declarations\n"
    "The same profile, seed and day make the same data, ids included. Seeding again changes\n"
    "nothing. Refused in production, and where there is other data.\n";

struct seed_options {
    const char *profile;
    int64_t seed;
    int32_t as_of;
    bool has_as_of;
};

static bool is_known_profile(const char *profile)
{
    return str_equal(profile, "minimal") || str_equal(profile, "sandbox") ||
           str_equal(profile, "load");
}

static bool parse_option(struct seed_options *options, const char *name, const char *value)
{
    if (str_equal(name, "--profile")) {
        options->profile = value;
        return is_known_profile(value);
    }
    if (str_equal(name, "--seed"))
        return str_parse_int(value, 0, INT64_MAX, &options->seed);
    options->has_as_of = true;
    return str_equal(name, "--as-of") && day_parse(value, &options->as_of);
}

static bool parse_options(struct seed_options *options, int argc, char **argv)
{
    *options = (struct seed_options){.profile = "sandbox", .seed = 1};
    for (int i = 1; i + 1 < argc; i += 2)
        if (!parse_option(options, argv[i], argv[i + 1]))
            return false;
    return argc % 2 == 1;
}

/* The sample data begins with the first participants of the first cohort, and needs a past. */
static bool is_too_early(int32_t as_of)
{
    int32_t earliest = 0;

    return day_parse("2021-09-01", &earliest) && as_of < earliest;
}

static bool is_same_run(const struct seed_options *options, const struct db_rows *standing)
{
    return str_equal(options->profile, db_get_text(standing, 0, 0)) &&
           options->seed == db_get_int(standing, 0, 1) &&
           (!options->has_as_of || options->as_of == db_get_day(standing, 0, 2));
}

/* Whether there is anything to do; ERR_INPUT when this database is not to be touched. */
static enum err check_standing(struct db_tx *tx, const struct seed_options *options, bool *is_due)
{
    AUTO(db_rows_finish) struct db_rows standing = {0};
    char day[DATE_TEXT_SIZE];

    TRY(db_script(tx, "LOCK TABLE seed_runs IN EXCLUSIVE MODE"));
    TRY(db_run_once(tx, &sql_seed_standing, NULL, 0, &standing));
    *is_due = db_is_null(&standing, 0, 0);
    if (*is_due && !db_get_bool(&standing, 0, 3))
        return ERR_OK;
    if (*is_due) {
        fputs("this database holds data that was not seeded; seed an empty one\n", stderr);
        return ERR_INPUT;
    }
    printf("this database holds the %s profile, seed %" PRId64 ", as of %s\n",
           db_get_text(&standing, 0, 0), db_get_int(&standing, 0, 1),
           day_format(db_get_day(&standing, 0, 2), day));
    if (is_same_run(options, &standing))
        return ERR_OK;
    fputs("nothing was changed: other data needs an empty database\n", stderr);
    return ERR_INPUT;
}

static enum err run_scripts(struct db_tx *tx, const struct seed_options *options)
{
    const struct db_value settings[] = {db_text(options->profile), db_int(options->seed),
                                        db_day(options->as_of)};

    TRY(db_run_once(tx, &sql_seed_settings, settings, 3, NULL));
    for (const struct embedded *script = embedded_seeds; script->name != NULL; script++)
        TRY(db_script(tx, script->data));
    return ERR_OK;
}

/* Contract platform.md 3.5: never where others could use them. */
static enum err add_known_tokens(struct db_tx *tx, const struct config *config, int32_t as_of)
{
    static const struct {
        const char *provider;
        const char *token;
    } known[] = {
        {"Ambition Institute", "ambition-token"},
        {"Best Practice Network", "best-practice-token"},
        {"Capita", "capita-token"},
        {"Education Development Trust", "edt-token"},
        {"Teach First", "teach-first-token"},
        {"UCL Institute of Education", "ucl-token"},
    };
    AUTO(arena_finish) struct arena arena = {0};

    if (config->environment == ENV_PRODUCTION || config->environment == ENV_SANDBOX)
        return ERR_OK;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        uint8_t digest[TOKEN_DIGEST_SIZE];
        const struct db_value values[] = {
            db_text(known[i].provider),
            db_bytes(digest, sizeof(digest)),
            db_text(arena_strndup(&arena, known[i].token, 4)),
            db_day(as_of),
        };

        token_digest(config->token_hash_secret, known[i].token, digest);
        TRY(db_run_once(tx, &sql_seed_token, values, 4, NULL));
    }
    return ERR_OK;
}

static enum err print_summary(struct db_tx *tx)
{
    AUTO(db_rows_finish) struct db_rows summary = {0};

    TRY(db_run_once(tx, &sql_seed_summary, NULL, 0, &summary));
    printf("seeded %" PRId64 " lead providers, %" PRId64 " schools, %" PRId64
           " participants, %" PRId64 " declarations\n",
           db_get_int(&summary, 0, 0), db_get_int(&summary, 0, 1), db_get_int(&summary, 0, 2),
           db_get_int(&summary, 0, 3));
    return ERR_OK;
}

static enum err seed_in(struct db_tx *tx, const struct config *config,
                        const struct seed_options *options, bool *is_due)
{
    TRY(check_standing(tx, options, is_due));
    if (!*is_due)
        return ERR_OK;
    TRY(run_scripts(tx, options));
    TRY(add_known_tokens(tx, config, options->as_of));
    TRY(db_script(tx, "SELECT rebuild_projections()"));
    TRY(print_summary(tx));
    return db_tx_commit(tx);
}

static enum err seed(struct db_pool *pool, const struct config *config,
                     const struct seed_options *options, bool *is_due)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    enum err err;

    TRY(db_tx_begin(&tx, pool));
    err = seed_in(&tx, config, options, is_due);
    if (err != ERR_OK && err != ERR_INPUT)
        fprintf(stderr, "%s\n", db_message(&tx));
    return err;
}

/* Index-only scans need what a vacuum writes down, and a vacuum cannot be part of a transaction. */
static enum err tidy(struct db_pool *pool)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows vacuum = {0};

    TRY(db_tx_borrow(&tx, pool));
    TRY(db_run_once(&tx, &sql_seed_tidy, NULL, 0, &vacuum));
    return db_script(&tx, db_get_text(&vacuum, 0, 0));
}

int cli_seed(const struct config *config, int argc, char **argv)
{
    struct seed_options options;
    struct db_pool *pool;
    bool is_due = false;
    enum err err;

    if (!parse_options(&options, argc, argv))
        return cli_usage(USAGE, argc, argv);
    if (config->environment == ENV_PRODUCTION) {
        fputs("sample data is refused in production\n", stderr);
        return CLI_FAILED;
    }
    if (!options.has_as_of)
        options.as_of = day_of(instant_now());
    if (is_too_early(options.as_of)) {
        fputs("--as-of is too early: the sample data begins on 2021-09-01\n", stderr);
        return CLI_FAILED;
    }
    pool = cli_pool_new(config->migration_database_url, "cpd-api seed");
    err = seed(pool, config, &options, &is_due);
    if (err == ERR_OK && is_due)
        err = tidy(pool);
    db_pool_free(pool);
    return cli_report(err);
}
