/* cpd-api token: create, list, revoke. */
#include <stdio.h>

#include "api/token.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"

static const char USAGE[] =
    "usage: cpd-api token create --lead-provider NAME_OR_ID [--kind KIND] [--private] [--expires-in DAYS]\n"
    "       cpd-api token list\n"
    "       cpd-api token revoke ID_OR_TOKEN\n\n"
    "KIND is lead_provider (default), engage_and_learn, data_studio or npq_registration; only the first needs a lead\n"
    "provider. The last line that create prints is the token; it is kept nowhere and cannot be shown again.\n";

struct create_options {
    const char *lead_provider;
    const char *kind;
    bool is_private;
    int64_t expires_in; /* days; 0: never */
};

static bool is_known_kind(const char *kind)
{
    static const char *const kinds[] = {"lead_provider", "engage_and_learn", "data_studio",
                                        "npq_registration"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (str_equal(kinds[i], kind))
            return true;
    return false;
}

static bool parse_create(struct create_options *options, int argc, char **argv)
{
    *options = (struct create_options){.kind = "lead_provider"};
    for (int i = 2; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;

        if (str_equal(argv[i], "--private")) {
            options->is_private = true;
            continue;
        }
        if (value == NULL)
            return false;
        if (str_equal(argv[i], "--lead-provider"))
            options->lead_provider = value;
        else if (str_equal(argv[i], "--kind"))
            options->kind = value;
        else if (!str_equal(argv[i], "--expires-in") ||
                 !str_parse_int(value, 1, 36500, &options->expires_in))
            return false;
        i++;
    }
    return is_known_kind(options->kind) &&
           (options->lead_provider != NULL || !str_equal(options->kind, "lead_provider"));
}

static enum err token_create(struct db_tx *tx, const struct config *config,
                             const struct create_options *options)
{
    AUTO(arena_finish) struct arena arena = {0};
    char token[TOKEN_TEXT_SIZE];
    uint8_t digest[TOKEN_DIGEST_SIZE];
    struct uuid provider;

    if (options->lead_provider != NULL)
        TRY(cli_find_lead_provider(tx, options->lead_provider, &provider));
    token_generate(token);
    token_digest(config->token_hash_secret, token, digest);
    const struct db_value values[] = {
        db_text(options->kind),
        db_uuid(options->lead_provider != NULL ? &provider : NULL),
        db_bytes(digest, sizeof(digest)),
        db_text(arena_strndup(&arena, token, 4)),
        db_bool(options->is_private || !str_equal(options->kind, "lead_provider")),
        options->expires_in > 0 ? db_int(options->expires_in) : db_null(),
    };
    TRY(db_run_once(tx, &sql_tokens_create, values, 6, NULL));
    printf("%s\n", token);
    return ERR_OK;
}

static const char *text_or(const struct db_rows *rows, int row, int column, const char *otherwise)
{
    const char *text = db_get_text(rows, row, column);

    return text != NULL ? text : otherwise;
}

static enum err token_list(struct db_tx *tx)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_run_once(tx, &sql_tokens_list, NULL, 0, &rows));
    printf("%-36s  %-5s %-16s %-8s %-10s  %-20s  %-8s %s\n", "id", "token", "kind", "private",
           "created", "last used", "state", "lead provider");
    for (int row = 0; row < rows.count; row++)
        printf("%-36s  %s… %-16s %-8s %-10s  %-20s  %-8s %s\n", db_get_text(&rows, row, 0),
               db_get_text(&rows, row, 1), db_get_text(&rows, row, 2),
               db_get_bool(&rows, row, 4) ? "yes" : "no", db_get_text(&rows, row, 5),
               text_or(&rows, row, 6, "never"), db_get_text(&rows, row, 7),
               text_or(&rows, row, 3, "-"));
    return ERR_OK;
}

static enum err token_revoke(struct db_tx *tx, const struct config *config, const char *id_or_token)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    uint8_t digest[TOKEN_DIGEST_SIZE];

    token_digest(config->token_hash_secret, id_or_token, digest);
    const struct db_value values[] = {db_text(id_or_token), db_bytes(digest, sizeof(digest))};
    TRY(db_run_once(tx, &sql_tokens_revoke, values, 2, &rows));
    if (rows.count > 0)
        return ERR_OK;
    fputs("no valid token is meant by that\n", stderr);
    return ERR_INPUT;
}

static enum err run(struct db_pool *pool, const struct config *config,
                    const struct create_options *options, int argc, char **argv)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};

    TRY(db_tx_borrow(&tx, pool));
    if (str_equal(argv[1], "list"))
        return token_list(&tx);
    if (str_equal(argv[1], "revoke"))
        return token_revoke(&tx, config, argv[argc - 1]);
    return token_create(&tx, config, options);
}

static bool is_well_formed(struct create_options *options, int argc, char **argv)
{
    if (argc < 2)
        return false;
    return (str_equal(argv[1], "create") && parse_create(options, argc, argv)) ||
           (str_equal(argv[1], "list") && argc == 2) || (str_equal(argv[1], "revoke") && argc == 3);
}

int cli_token(const struct config *config, int argc, char **argv)
{
    struct create_options options = {0};
    struct db_pool *pool;
    enum err err;

    if (!is_well_formed(&options, argc, argv))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api token");
    err = run(pool, config, &options, argc, argv);
    db_pool_free(pool);
    return cli_report(err);
}
