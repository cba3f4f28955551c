/* cpd-api token: create, list, rotate, revoke. */
#include <stdio.h>

#include "api/token.h"
#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/support.h"
#include "db/queries.h"
#include "http/signed_token.h"

static const char USAGE[] =
    "usage: cpd-api token create --lead-provider NAME_OR_ID [--kind KIND] [--private] [--scope SCOPE]\n"
    "                            [--expires-in DAYS] [--signed]\n"
    "       cpd-api token list\n"
    "       cpd-api token rotate ID_OR_TOKEN [--overlap HOURS]\n"
    "       cpd-api token revoke ID_OR_TOKEN\n\n"
    "KIND is lead_provider (default), engage_and_learn, data_studio or npq_registration; only the first needs a lead\n"
    "provider. SCOPE is read-write (default) or read. A token lives until it is revoked, or DAYS; a signed one (a JWT,\n"
    "made with TOKEN_SIGNING_KEY) 90 days unless DAYS says otherwise.\n"
    "rotate issues a token for the same holder and the same time; the old one ends after HOURS (24).\n"
    "The last line that create and rotate print is the token; it is kept nowhere and cannot be shown again.\n";

enum { SIGNED_DAYS = 90, OVERLAP_HOURS = 24, OVERLAP_MAX = 24 * 366 };

static const int64_t INSTANT_HOUR = 3600 * INSTANT_SECOND;

struct create_options {
    const char *lead_provider;
    const char *kind;
    bool is_private;
    bool is_signed;
    bool can_write;
    int64_t expires_in; /* days; 0: never */
};

struct options {
    struct create_options create;
    const char *id_or_token;
    int64_t overlap; /* hours */
};

/* A token about to be issued. */
struct new_token {
    struct uuid id;
    const char *kind;
    struct uuid lead_provider_id; /* UUID_NONE: of nobody */
    bool is_private;
    bool is_signed;
    bool can_write;
    int64_t expires_at; /* INSTANT_NONE: never */
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

static bool parse_scope(const char *text, bool *can_write)
{
    *can_write = str_equal(text, "read-write");
    return *can_write || str_equal(text, "read");
}

/* An option with a value. */
static bool parse_valued(struct create_options *options, const char *name, const char *value)
{
    if (str_equal(name, "--lead-provider"))
        options->lead_provider = value;
    else if (str_equal(name, "--kind"))
        options->kind = value;
    else if (str_equal(name, "--scope"))
        return parse_scope(value, &options->can_write);
    else
        return str_equal(name, "--expires-in") &&
               str_parse_int(value, 1, 36500, &options->expires_in);
    return true;
}

static bool parse_create(struct create_options *options, int argc, char **argv)
{
    *options = (struct create_options){.kind = "lead_provider", .can_write = true};
    for (int i = 2; i < argc; i++) {
        if (str_equal(argv[i], "--private"))
            options->is_private = true;
        else if (str_equal(argv[i], "--signed"))
            options->is_signed = true;
        else if (i + 1 < argc && parse_valued(options, argv[i], argv[i + 1]))
            i++;
        else
            return false;
    }
    if (options->is_signed && options->expires_in == 0)
        options->expires_in = SIGNED_DAYS;
    return is_known_kind(options->kind) &&
           (options->lead_provider != NULL || !str_equal(options->kind, "lead_provider"));
}

static bool parse_rotate(struct options *options, int argc, char **argv)
{
    options->overlap = OVERLAP_HOURS;
    options->id_or_token = argc >= 3 ? argv[2] : NULL;
    return argc == 3 || (argc == 5 && str_equal(argv[3], "--overlap") &&
                         str_parse_int(argv[4], 0, OVERLAP_MAX, &options->overlap));
}

/* The clear token, in the arena; NULL if it cannot be signed. */
static const char *make_text(const struct config *config, const struct new_token *token,
                             int64_t now, struct arena *arena)
{
    const struct signed_token claims = {
        .id = token->id, .can_write = token->can_write, .expires_at = token->expires_at};
    char opaque[TOKEN_TEXT_SIZE];

    if (token->is_signed)
        return signed_token_issue(config, &claims, now, arena, stderr);
    token_generate(opaque);
    return arena_strdup(arena, opaque);
}

/* What people tell tokens apart by: all signed ones begin alike, and are told apart by their id. */
static const char *hint_of(const struct new_token *token, const char *text, struct arena *arena)
{
    enum { SHOWN = 4 };

    return token->is_signed ? "jwt" : arena_strndup(arena, text, sizeof(TOKEN_PREFIX) - 1 + SHOWN);
}

static enum err store(struct db_tx *tx, const struct config *config, const struct new_token *token,
                      int64_t now, struct arena *arena, const char **text)
{
    uint8_t digest[TOKEN_DIGEST_SIZE];

    *text = make_text(config, token, now, arena);
    if (*text == NULL)
        return ERR_INPUT;
    token_digest(config->token_hash_secret, *text, digest);
    const struct db_value values[] = {
        db_uuid(&token->id),
        db_text(token->kind),
        db_uuid(uuid_is_none(&token->lead_provider_id) ? NULL : &token->lead_provider_id),
        db_bytes(digest, sizeof(digest)),
        db_text(hint_of(token, *text, arena)),
        db_bool(token->is_private),
        token->expires_at == INSTANT_NONE ? db_null() : db_instant(token->expires_at),
        db_text(token->can_write ? "read-write" : "read"),
        db_bool(token->is_signed),
    };
    return db_run_once(tx, &sql_tokens_create, values, COUNT_OF(values), NULL);
}

/* A JWT knows whole seconds only, and its row shall say the same. */
static int64_t after(int64_t now, int64_t life)
{
    return (now + life) / INSTANT_SECOND * INSTANT_SECOND;
}

static enum err token_create(struct db_tx *tx, const struct config *config,
                             const struct create_options *options, int64_t now)
{
    AUTO(arena_finish) struct arena arena = {0};
    struct new_token token = {
        .id = uuid_random(),
        .kind = options->kind,
        .is_private = options->is_private || !str_equal(options->kind, "lead_provider"),
        .is_signed = options->is_signed,
        .can_write = options->can_write,
        .expires_at =
            options->expires_in > 0 ? after(now, options->expires_in * INSTANT_DAY) : INSTANT_NONE,
    };
    const char *text;

    if (options->lead_provider != NULL)
        TRY(cli_find_lead_provider(tx, options->lead_provider, &token.lead_provider_id));
    TRY(store(tx, config, &token, now, &arena, &text));
    printf("%s\n", text);
    return ERR_OK;
}

static enum err refuse_token(void)
{
    fputs("no valid token is meant by that\n", stderr);
    return ERR_INPUT;
}

/* The token to replace, locked; its successor is for the same holder and lives as long. */
static enum err plan_successor(const struct db_rows *old, int64_t now, struct new_token *out)
{
    if (old->count == 0)
        return refuse_token();
    if (!db_is_null(old, 0, 7)) {
        fprintf(stderr, "that token has been replaced already, by %s\n", db_get_text(old, 0, 7));
        return ERR_INPUT;
    }
    *out = (struct new_token){
        .id = uuid_random(),
        .kind = db_get_text(old, 0, 1),
        .lead_provider_id = db_is_null(old, 0, 2) ? UUID_NONE : db_get_uuid(old, 0, 2),
        .is_private = db_get_bool(old, 0, 3),
        .can_write = str_equal(db_get_text(old, 0, 4), "read-write"),
        .is_signed = db_get_bool(old, 0, 5),
        .expires_at = db_is_null(old, 0, 6) ? INSTANT_NONE : after(now, db_get_int(old, 0, 6)),
    };
    return ERR_OK;
}

static enum err token_rotate(struct db_pool *pool, const struct config *config,
                             const struct options *options, int64_t now)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows old = {0};
    uint8_t digest[TOKEN_DIGEST_SIZE];
    struct new_token token;
    const char *text;

    token_digest(config->token_hash_secret, options->id_or_token, digest);
    const struct db_value meant[] = {db_text(options->id_or_token),
                                     db_bytes(digest, sizeof(digest))};
    TRY(db_tx_begin(&tx, pool));
    TRY(db_run_once(&tx, &sql_tokens_lock, meant, COUNT_OF(meant), &old));
    TRY(plan_successor(&old, now, &token));
    TRY(store(&tx, config, &token, now, &arena, &text));
    struct uuid old_id = db_get_uuid(&old, 0, 0);
    const struct db_value values[] = {db_uuid(&old_id), db_uuid(&token.id),
                                      db_instant(now + options->overlap * INSTANT_HOUR)};
    TRY(db_run_once(&tx, &sql_tokens_replace, values, COUNT_OF(values), NULL));
    TRY(db_tx_commit(&tx));
    printf("%s\n", text);
    return ERR_OK;
}

static const char *text_or(const struct db_rows *rows, int row, int column, const char *otherwise)
{
    const char *text = db_get_text(rows, row, column);

    return text != NULL ? text : otherwise;
}

static enum err token_list(struct db_tx *tx)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    TRY(db_run_once(tx, &sql_tokens_list, NULL, 0, &rows));
    printf("%-36s  %-9s %-7s %-16s %-8s %-10s %-10s  %-20s  %-8s  %-20s  %-36s  %s\n", "id",
           "token", "form", "kind", "private", "scope", "created", "last used", "state", "ends",
           "successor", "lead provider");
    for (int row = 0; row < rows.count; row++)
        /* the mark after the first characters is one column wide, but three bytes long */
        printf("%-36s  %-11s %-7s %-16s %-8s %-10s %-10s  %-20s  %-8s  %-20s  %-36s  %s\n",
               db_get_text(&rows, row, 0), arena_printf(&arena, "%s…", db_get_text(&rows, row, 1)),
               db_get_text(&rows, row, 8), db_get_text(&rows, row, 2),
               db_get_bool(&rows, row, 4) ? "yes" : "no", db_get_text(&rows, row, 9),
               db_get_text(&rows, row, 5), text_or(&rows, row, 6, "never"),
               db_get_text(&rows, row, 7), text_or(&rows, row, 10, "-"),
               text_or(&rows, row, 11, "-"), text_or(&rows, row, 3, "-"));
    return ERR_OK;
}

static enum err token_revoke(struct db_tx *tx, const struct config *config, const char *id_or_token)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    uint8_t digest[TOKEN_DIGEST_SIZE];

    token_digest(config->token_hash_secret, id_or_token, digest);
    const struct db_value values[] = {db_text(id_or_token), db_bytes(digest, sizeof(digest))};
    TRY(db_run_once(tx, &sql_tokens_revoke, values, 2, &rows));
    return rows.count > 0 ? ERR_OK : refuse_token();
}

static enum err run(struct db_pool *pool, const struct config *config,
                    const struct options *options, const char *verb)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    int64_t now = instant_now();

    if (str_equal(verb, "rotate"))
        return token_rotate(pool, config, options, now);
    TRY(db_tx_borrow(&tx, pool));
    if (str_equal(verb, "list"))
        return token_list(&tx);
    if (str_equal(verb, "revoke"))
        return token_revoke(&tx, config, options->id_or_token);
    return token_create(&tx, config, &options->create, now);
}

static bool is_well_formed(struct options *options, int argc, char **argv)
{
    if (argc < 2 || str_equal(argv[argc - 1], "--help"))
        return false;
    if (str_equal(argv[1], "create"))
        return parse_create(&options->create, argc, argv);
    if (str_equal(argv[1], "rotate"))
        return parse_rotate(options, argc, argv);
    options->id_or_token = argv[argc - 1];
    return (str_equal(argv[1], "list") && argc == 2) || (str_equal(argv[1], "revoke") && argc == 3);
}

int cli_token(const struct config *config, int argc, char **argv)
{
    struct options options = {0};
    struct db_pool *pool;
    enum err err;

    if (!is_well_formed(&options, argc, argv))
        return cli_usage(USAGE, argc, argv);
    pool = cli_pool_new(config->database_url, "cpd-api token");
    err = run(pool, config, &options, argv[1]);
    db_pool_free(pool);
    return cli_report(err);
}
