/* The environment, read once. Every variable is in the table of config.c, with its default and its
 * help. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

enum environment {
    ENV_PRODUCTION,
    ENV_SANDBOX,
    ENV_STAGING,
    ENV_REVIEW,
    ENV_DEVELOPMENT,
    ENV_TEST,
};

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

struct config {
    enum environment environment;
    const char *environment_name;
    int port;
    const char *bind_address;
    const char *database_url;
    const char *migration_database_url; /* DATABASE_URL where not set */
    int db_pool;
    int db_wait_ms;
    int db_statement_ms;
    const char *token_hash_secret;
    bool has_default_secret;
    const char *notify_callback_token; /* NULL: receipts are taken from anybody */
    bool force_https;
    bool time_travel;
    bool sandbox_page;
    bool programme_types_2025;
    bool maintenance;
    bool analytics;
    enum log_level log_level;
    const char *tls_certificate; /* NULL: plain HTTP */
    const char *tls_key;
    int connection_limit;
    int page_cache_mib;  /* of compressed pages; 0: none are kept */
    int request_timeout; /* seconds a client may take to send one request */
    const char *release_version;
    const char *sha;
};

/* Reads the environment. False, with what is wrong and which variable on err, for an unknown value
 * or an unsafe combination. Texts point into the environment. */
bool config_load(struct config *config, FILE *err);

/* The table of variables, for serve --help. */
void config_print_help(FILE *out);

/* Deployed environments have no known tokens, default secrets or plain HTTP. */
bool config_is_deployed(const struct config *config);
