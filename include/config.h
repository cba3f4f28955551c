/* The environment, read once. Every variable is in the table of config.c, with its default and its
 * help. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/address.h"

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
    const char *db_hostname;            /* with its companions another way to say database_url */
    int db_port;
    const char *db_username;
    const char *db_password;
    const char *db_database;
    const char *db_sslmode; /* of every connection whose URL names none; NULL: libpq's own */
    const char *vcap_services;
    char composed_url[2048]; /* what database_url points to where DATABASE_URL is not set */
    int db_pool;
    int db_wait_ms;
    int db_statement_ms;
    const char *token_hash_secret;
    bool has_default_secret;
    const char *token_signing_key; /* PEM or a path of it; NULL: no signed tokens are issued */
    const char *token_verify_keys; /* PEM or a path of it; NULL: no signed tokens are known */
    const char *token_issuer;
    const char *notify_callback_token; /* NULL: receipts are taken from anybody */
    bool force_https;
    bool time_travel;
    bool sandbox_page;
    bool programme_types_2025;
    bool maintenance;
    bool analytics;
    bool request_recording;
    int request_retention_days;
    enum log_level log_level;
    const char *tls_certificate; /* NULL: plain HTTP */
    const char *tls_key;
    int connection_limit;
    int request_timeout;                   /* seconds a client may take to send one request */
    int rate_limit_api;                    /* requests of one token owner in a period */
    int rate_limit_web;                    /* requests of one address elsewhere */
    int rate_limit_period;                 /* seconds */
    struct address_ranges trusted_proxies; /* whose X-Forwarded headers are believed */
    struct address_ranges metrics_allow;   /* who may read /metrics */
    int page_cache_mib;                    /* of compressed pages; 0: none are kept */
    const char *release_version;
    const char *sha;
};

/* Reads the environment. False, with what is wrong and which variable on err, for an unknown value
 * or an unsafe combination; what is said holds no credentials. Texts point into the environment or
 * into the struct, which stays where it is. PGSSLMODE is set from DB_SSLMODE, for libpq. */
bool config_load(struct config *config, FILE *err);

/* The table of variables, for serve --help. */
void config_print_help(FILE *out);

/* Deployed environments have no known tokens, default secrets or plain HTTP. */
bool config_is_deployed(const struct config *config);
