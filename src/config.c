/* The table of environment variables and the checks between them. */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum kind { KIND_TEXT, KIND_NUMBER, KIND_SWITCH, KIND_ENVIRONMENT, KIND_LEVEL };

struct setting {
    const char *variable;
    enum kind kind;
    size_t offset;
    const char *standard; /* as the variable would be written; NULL: by environment, or none */
    const char *help;
    int min;
    int max;
};

#define AT(member) offsetof(struct config, member)

static const struct setting settings[] = {
    {"APP_ENV", KIND_ENVIRONMENT, AT(environment), "development",
     "production, sandbox, staging, review, development or test", 0, 0},
    {"PORT", KIND_NUMBER, AT(port), "3000", "port to listen on", 1, 65535},
    {"BIND_ADDRESS", KIND_TEXT, AT(bind_address), "0.0.0.0", "IPv4 address to listen on", 0, 0},
    {"DATABASE_URL", KIND_TEXT, AT(database_url), "postgresql:///cpd",
     "PostgreSQL, as the service's role", 0, 0},
    {"MIGRATION_DATABASE_URL", KIND_TEXT, AT(migration_database_url), NULL,
     "PostgreSQL, as the schema's owner (default: DATABASE_URL)", 0, 0},
    {"DB_POOL", KIND_NUMBER, AT(db_pool), "4", "database connections of the service", 1, 200},
    {"DB_WAIT_MS", KIND_NUMBER, AT(db_wait_ms), "5000", "longest wait for a free connection", 1,
     600000},
    {"DB_STATEMENT_MS", KIND_NUMBER, AT(db_statement_ms), "20000", "longest statement of a request",
     1, 3600000},
    {"TOKEN_HASH_SECRET", KIND_TEXT, AT(token_hash_secret), NULL,
     "key of the token digests, at least 32 characters; required in production, staging and sandbox",
     0, 0},
    {"NOTIFY_CALLBACK_TOKEN", KIND_TEXT, AT(notify_callback_token), NULL,
     "token of GOV.UK Notify's delivery receipts (default: none is asked for)", 0, 0},
    {"FORCE_HTTPS", KIND_SWITCH, AT(force_https), NULL,
     "1: redirect plain HTTP and send HSTS (default: 1 in production, staging and sandbox)", 0, 0},
    {"TIME_TRAVEL", KIND_SWITCH, AT(time_travel), NULL,
     "1: honour X-With-Server-Date (default: 1, refused in production)", 0, 0},
    {"SANDBOX_PAGE", KIND_SWITCH, AT(sandbox_page), NULL,
     "1: serve /sandbox (default: 1, production 0)", 0, 0},
    {"PROGRAMME_TYPES_2025", KIND_SWITCH, AT(programme_types_2025), "1",
     "1: provider-led and school-led, as the programme is named since 2025", 0, 0},
    {"MAINTENANCE", KIND_SWITCH, AT(maintenance), "0", "1: answer 503 to everything but /check", 0,
     0},
    {"ANALYTICS", KIND_SWITCH, AT(analytics), "0", "1: keep analytics events", 0, 0},
    {"LOG_LEVEL", KIND_LEVEL, AT(log_level), NULL,
     "debug, info, warn or error (default: info; review and test warn, development debug)", 0, 0},
    {"TLS_CERTIFICATE", KIND_TEXT, AT(tls_certificate), NULL,
     "PEM file; with TLS_KEY the service speaks HTTPS", 0, 0},
    {"TLS_KEY", KIND_TEXT, AT(tls_key), NULL, "PEM file", 0, 0},
    {"CONNECTION_LIMIT", KIND_NUMBER, AT(connection_limit), "1200", "client connections at most", 1,
     100000},
    {"REQUEST_TIMEOUT", KIND_NUMBER, AT(request_timeout), "30",
     "seconds a client may take to send a request", 1, 3600},
    {"PAGE_CACHE_MIB", KIND_NUMBER, AT(page_cache_mib), "4",
     "memory for compressed pages that nothing has changed; 0: none is kept", 0, 1024},
    {"RELEASE_VERSION", KIND_TEXT, AT(release_version), "-", "shown by /healthcheck and in the log",
     0, 0},
    {"SHA", KIND_TEXT, AT(sha), "none", "git commit, shown by /healthcheck", 0, 0},
};

enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static const char *const environments[] = {
    [ENV_PRODUCTION] = "production", [ENV_SANDBOX] = "sandbox",         [ENV_STAGING] = "staging",
    [ENV_REVIEW] = "review",         [ENV_DEVELOPMENT] = "development", [ENV_TEST] = "test",
};

static const char *const levels[] = {
    [LOG_LEVEL_DEBUG] = "debug",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_ERROR] = "error",
};

static const char DEVELOPMENT_SECRET[] = "development-only-token-hash-secret";

static bool find_name(const char *const *names, size_t count, const char *text, int *out)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(names[i], text)) {
            *out = (int)i;
            return true;
        }
    }
    return false;
}

/* Puts a value into the struct; false if the text is not of the setting's kind. */
static bool set_value(struct config *config, const struct setting *setting, const char *text)
{
    void *member = (char *)config + setting->offset;
    int64_t number;
    int index;

    switch (setting->kind) {
    case KIND_TEXT:
        *(const char **)member = text;
        return true;
    case KIND_NUMBER:
        if (!str_parse_int(text, setting->min, setting->max, &number))
            return false;
        *(int *)member = (int)number;
        return true;
    case KIND_SWITCH:
        *(bool *)member = str_equal(text, "1");
        return str_equal(text, "0") || str_equal(text, "1");
    case KIND_ENVIRONMENT:
        if (!find_name(environments, sizeof(environments) / sizeof(environments[0]), text, &index))
            return false;
        config->environment = (enum environment)index;
        config->environment_name = environments[index];
        return true;
    case KIND_LEVEL:
        if (!find_name(levels, sizeof(levels) / sizeof(levels[0]), text, &index))
            return false;
        config->log_level = (enum log_level)index;
        return true;
    }
    return false;
}

bool config_is_deployed(const struct config *config)
{
    return config->environment == ENV_PRODUCTION || config->environment == ENV_SANDBOX ||
           config->environment == ENV_STAGING;
}

/* What depends on the environment, set before the variables are looked at. */
static void set_by_environment(struct config *config)
{
    bool is_production = config->environment == ENV_PRODUCTION;

    config->force_https = config_is_deployed(config);
    config->time_travel = !is_production;
    config->sandbox_page = !is_production;
    config->log_level = LOG_LEVEL_INFO;
    if (config->environment == ENV_REVIEW || config->environment == ENV_TEST)
        config->log_level = LOG_LEVEL_WARN;
    if (config->environment == ENV_DEVELOPMENT)
        config->log_level = LOG_LEVEL_DEBUG;
}

static bool read_variable(struct config *config, const struct setting *setting, FILE *err)
{
    const char *text = getenv(setting->variable);

    if (text == NULL || *text == '\0')
        text = setting->standard;
    if (text == NULL || set_value(config, setting, text))
        return true;
    fprintf(err, "%s: \"%s\" is not one of its values: %s\n", setting->variable, text,
            setting->help);
    return false;
}

/* Combinations that must not run. */
static bool check(const struct config *config, FILE *err)
{
    const char *wrong = NULL;

    if (config->environment == ENV_PRODUCTION && config->time_travel)
        wrong = "TIME_TRAVEL: must be 0 in production";
    else if (config->has_default_secret && config_is_deployed(config))
        wrong = "TOKEN_HASH_SECRET: must be set in this environment";
    else if (strlen(config->token_hash_secret) < 32)
        wrong = "TOKEN_HASH_SECRET: must have at least 32 characters";
    else if ((config->tls_certificate == NULL) != (config->tls_key == NULL))
        wrong = "TLS_CERTIFICATE and TLS_KEY: set both or neither";
    if (wrong != NULL)
        fprintf(err, "%s\n", wrong);
    return wrong == NULL;
}

bool config_load(struct config *config, FILE *err)
{
    *config = (struct config){0};
    if (!read_variable(config, &settings[0], err))
        return false;
    set_by_environment(config);
    for (size_t i = 1; i < SETTINGS; i++)
        if (!read_variable(config, &settings[i], err))
            return false;
    if (config->migration_database_url == NULL)
        config->migration_database_url = config->database_url;
    if (config->token_hash_secret == NULL)
        config->token_hash_secret = DEVELOPMENT_SECRET;
    config->has_default_secret = str_equal(config->token_hash_secret, DEVELOPMENT_SECRET);
    return check(config, err);
}

void config_print_help(FILE *out)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        fprintf(out, "  %-24s %s", settings[i].variable, settings[i].help);
        if (settings[i].standard != NULL)
            fprintf(out, " (default: %s)", settings[i].standard);
        fputc('\n', out);
    }
}
