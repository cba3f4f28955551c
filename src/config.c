/* The table of environment variables and the checks between them. */
#include "config.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/str.h"

enum kind {
    KIND_TEXT,
    KIND_NUMBER,
    KIND_SWITCH,
    KIND_ENVIRONMENT,
    KIND_LEVEL,
    KIND_RANGES,
    KIND_SSLMODE,
};

struct setting {
    const char *variable;
    enum kind kind;
    size_t offset;
    const char *standard; /* as the variable would be written; NULL: by environment, or none */
    const char *help;
    int min;
    int max;
};

#define PRIVATE_NETWORKS                                                                           \
    "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,fc00::/7,fe80::/10"

#define AT(member) offsetof(struct config, member)

static const struct setting settings[] = {
    {"APP_ENV", KIND_ENVIRONMENT, AT(environment), "development",
     "production, sandbox, staging, review, development or test", 0, 0},
    {"PORT", KIND_NUMBER, AT(port), "3000", "port to listen on", 1, 65535},
    {"BIND_ADDRESS", KIND_TEXT, AT(bind_address), "0.0.0.0", "IPv4 address to listen on", 0, 0},
    {"DATABASE_URL", KIND_TEXT, AT(database_url), NULL,
     "PostgreSQL, as the service's role (default: DB_HOSTNAME, else VCAP_SERVICES, else postgresql:///cpd)",
     0, 0},
    {"MIGRATION_DATABASE_URL", KIND_TEXT, AT(migration_database_url), NULL,
     "PostgreSQL, as the schema's owner (default: DATABASE_URL)", 0, 0},
    {"DB_HOSTNAME", KIND_TEXT, AT(db_hostname), NULL,
     "host of PostgreSQL where DATABASE_URL is not set; the next four go with it", 0, 0},
    {"DB_PORT", KIND_NUMBER, AT(db_port), "5432", "its port", 1, 65535},
    {"DB_USERNAME", KIND_TEXT, AT(db_username), NULL, "the service's role", 0, 0},
    {"DB_PASSWORD", KIND_TEXT, AT(db_password), NULL, "its password", 0, 0},
    {"DB_DATABASE", KIND_TEXT, AT(db_database), NULL, "the database (default: cpd)", 0, 0},
    {"VCAP_SERVICES", KIND_TEXT, AT(vcap_services), NULL,
     "bound services, as Cloud Foundry gives them: postgres[0].credentials.uri is read", 0, 0},
    {"DB_SSLMODE", KIND_SSLMODE, AT(db_sslmode), NULL,
     "disable, allow, prefer, require, verify-ca or verify-full, where the URL names none (default: require in "
     "production, staging and sandbox); no matter on a socket",
     0, 0},
    {"DB_POOL", KIND_NUMBER, AT(db_pool), "5", "database connections of the service", 1, 200},
    {"DB_WAIT_MS", KIND_NUMBER, AT(db_wait_ms), "5000", "longest wait for a free connection", 1,
     600000},
    {"DB_STATEMENT_MS", KIND_NUMBER, AT(db_statement_ms), "20000", "longest statement of a request",
     1, 3600000},
    {"TOKEN_HASH_SECRET", KIND_TEXT, AT(token_hash_secret), NULL,
     "key of the token digests, at least 32 characters; required in production, staging and sandbox",
     0, 0},
    {"TOKEN_SIGNING_KEY", KIND_TEXT, AT(token_signing_key), NULL,
     "P-256 private key, PEM or the path of a file: token create --signed (default: none)", 0, 0},
    {"TOKEN_VERIFY_KEYS", KIND_TEXT, AT(token_verify_keys), NULL,
     "P-256 public keys of signed tokens, PEM or the path of a file (default: none are known)", 0,
     0},
    {"TOKEN_ISSUER", KIND_TEXT, AT(token_issuer), "cpd-api", "issuer (iss) of signed tokens", 0, 0},
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
    {"MAINTENANCE", KIND_SWITCH, AT(maintenance), "0",
     "1: this instance is closed; all of them: cpd-api maintenance", 0, 0},
    {"ANALYTICS", KIND_SWITCH, AT(analytics), "0", "1: keep analytics events", 0, 0},
    {"REQUEST_RECORDING", KIND_SWITCH, AT(request_recording), "1",
     "1: keep a record of each request to the API", 0, 0},
    {"REQUEST_RETENTION_DAYS", KIND_NUMBER, AT(request_retention_days), "90",
     "days after which the worker deletes the record of a request", 1, 3650},
    {"LOG_LEVEL", KIND_LEVEL, AT(log_level), NULL,
     "debug, info, warn or error (default: info; review and test warn, development debug)", 0, 0},
    {"TLS_CERTIFICATE", KIND_TEXT, AT(tls_certificate), NULL,
     "PEM file; with TLS_KEY the service speaks HTTPS", 0, 0},
    {"TLS_KEY", KIND_TEXT, AT(tls_key), NULL, "PEM file", 0, 0},
    {"CONNECTION_LIMIT", KIND_NUMBER, AT(connection_limit), "1200", "client connections at most", 1,
     100000},
    {"REQUEST_TIMEOUT", KIND_NUMBER, AT(request_timeout), "30",
     "seconds a client may take to send a request", 1, 3600},
    {"RATE_LIMIT_API", KIND_NUMBER, AT(rate_limit_api), "1000",
     "requests under /api of one token owner in a period", 1, 1000000000},
    {"RATE_LIMIT_WEB", KIND_NUMBER, AT(rate_limit_web), "300",
     "other requests of one address in a period", 1, 1000000000},
    {"RATE_LIMIT_PERIOD", KIND_NUMBER, AT(rate_limit_period), "300", "seconds of a period", 1,
     86400},
    {"TRUSTED_PROXIES", KIND_RANGES, AT(trusted_proxies), PRIVATE_NETWORKS,
     "addresses and CIDR ranges, separated by commas, whose X-Forwarded headers are believed; none: nobody's",
     0, 0},
    {"METRICS_ALLOW", KIND_RANGES, AT(metrics_allow), PRIVATE_NETWORKS,
     "addresses and networks that may read /metrics, separated by commas; or none", 0, 0},
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

static const char *const sslmodes[] = {"disable", "allow",     "prefer",
                                       "require", "verify-ca", "verify-full"};

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
    case KIND_RANGES:
        return address_ranges_parse(text, member);
    case KIND_SSLMODE:
        *(const char **)member = text;
        return find_name(sslmodes, sizeof(sslmodes) / sizeof(sslmodes[0]), text, &index);
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
    config->db_sslmode = config_is_deployed(config) ? "require" : NULL;
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

/* ---- where the database is
 * --------------------------------------------------------------------------------------- */

/* keyword='value' of a libpq connection text, with its quotes and backslashes escaped; nothing
 * without a value. */
static void add_keyword(FILE *out, const char *keyword, const char *value)
{
    if (value == NULL)
        return;
    fprintf(out, "%s='", keyword);
    for (; *value != '\0'; value++)
        fprintf(out, strchr("'\\", *value) != NULL ? "\\%c" : "%c", *value);
    fputs("' ", out);
}

/* Of the variables DB_...; false if they are too long. */
static bool compose_url(struct config *config)
{
    FILE *out = fmemopen(config->composed_url, sizeof(config->composed_url), "w");
    bool is_whole;

    if (out == NULL)
        abort();
    setvbuf(out, NULL, _IONBF, 0);
    add_keyword(out, "host", config->db_hostname);
    fprintf(out, "port=%d ", config->db_port);
    add_keyword(out, "user", config->db_username);
    add_keyword(out, "password", config->db_password);
    add_keyword(out, "dbname", config->db_database != NULL ? config->db_database : "cpd");
    is_whole = ferror(out) == 0;
    fclose(out);
    config->database_url = config->composed_url;
    return is_whole;
}

/* The address of the first PostgreSQL that is bound; false for what cannot be read. Bound services
 * without a PostgreSQL are as none. */
static bool take_bound_service(struct config *config)
{
    json_auto_t *services = json_loads(config->vcap_services, 0, NULL);
    const json_t *postgres = json_object_get(services, "postgres");
    const json_t *credentials = json_object_get(json_array_get(postgres, 0), "credentials");
    const char *uri = json_string_value(json_object_get(credentials, "uri"));

    if (json_is_object(services) && postgres == NULL)
        return true;
    if (uri == NULL || strlen(uri) >= sizeof(config->composed_url) ||
        !(str_starts_with(uri, "postgres://") || str_starts_with(uri, "postgresql://")))
        return false;
    memcpy(config->composed_url, uri, strlen(uri) + 1);
    config->database_url = config->composed_url;
    return true;
}

/* What is said first is taken: DATABASE_URL, DB_HOSTNAME, a bound service, this machine. */
static bool find_database(struct config *config, FILE *err)
{
    const char *wrong = NULL;

    if (config->database_url != NULL)
        return true;
    if (config->db_hostname != NULL && !compose_url(config))
        wrong = "DB_HOSTNAME and its companions: too long";
    else if (config->db_hostname == NULL &&
             (config->db_username != NULL || config->db_password != NULL ||
              config->db_database != NULL))
        wrong = "DB_HOSTNAME: must be set with DB_USERNAME, DB_PASSWORD and DB_DATABASE";
    else if (config->db_hostname == NULL && config->vcap_services != NULL &&
             !take_bound_service(config))
        wrong = "VCAP_SERVICES: has no address of PostgreSQL at postgres[0].credentials.uri";
    if (wrong != NULL)
        fprintf(err, "%s\n", wrong);
    if (config->database_url == NULL)
        config->database_url = "postgresql:///cpd";
    return wrong == NULL;
}

/* Does the address name this machine? What goes to it passes no network, and its PostgreSQL has
 * seldom a certificate. */
static bool is_on_this_machine(const char *url)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    const char *host = strstr(url, "://");
    const char *user_end;
    size_t length;

    if (host == NULL)
        return false;
    host += strlen("://");
    length = strcspn(host, "/?");
    user_end = memrchr(host, '@', length);
    if (user_end != NULL) {
        length -= (size_t)(user_end + 1 - host);
        host = user_end + 1;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strncmp(host, names[i], strlen(names[i])) == 0 &&
            (strlen(names[i]) == length || host[strlen(names[i])] == ':'))
            return true;
    return false;
}

/* libpq looks here where a URL says nothing. Its own variable wins over our default, not over
 * DB_SSLMODE. */
static void hand_over_sslmode(struct config *config)
{
    bool is_said = !str_is_blank(getenv("DB_SSLMODE"));

    if (!is_said && config->db_sslmode != NULL && is_on_this_machine(config->database_url))
        config->db_sslmode = "prefer";
    if (config->db_sslmode != NULL && setenv("PGSSLMODE", config->db_sslmode, is_said) != 0)
        abort();
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
    if (!find_database(config, err))
        return false;
    hand_over_sslmode(config);
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
