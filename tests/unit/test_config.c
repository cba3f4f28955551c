/* The environment: each variable good and bad, and what must not be combined. */
#include "config.h"

#include <stdlib.h>

#include "base/str.h"
#include "support.h"

static const char SECRET[] = "0123456789abcdef0123456789abcdef";
static const char *const variables[] = {
    "APP_ENV",
    "PORT",
    "BIND_ADDRESS",
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "DB_HOSTNAME",
    "DB_PORT",
    "DB_USERNAME",
    "DB_PASSWORD",
    "DB_DATABASE",
    "VCAP_SERVICES",
    "DB_SSLMODE",
    "DB_POOL",
    "DB_WAIT_MS",
    "DB_STATEMENT_MS",
    "TOKEN_HASH_SECRET",
    "TOKEN_SIGNING_KEY",
    "TOKEN_VERIFY_KEYS",
    "TOKEN_ISSUER",
    "FORCE_HTTPS",
    "TIME_TRAVEL",
    "SANDBOX_PAGE",
    "PROGRAMME_TYPES_2025",
    "MAINTENANCE",
    "ANALYTICS",
    "REQUEST_RECORDING",
    "REQUEST_RETENTION_DAYS",
    "LOG_LEVEL",
    "TLS_CERTIFICATE",
    "TLS_KEY",
    "CONNECTION_LIMIT",
    "REQUEST_TIMEOUT",
    "RATE_LIMIT_API",
    "RATE_LIMIT_WEB",
    "RATE_LIMIT_PERIOD",
    "TRUSTED_PROXIES",
    "METRICS_ALLOW",
    "PAGE_CACHE_MIB",
    "RELEASE_VERSION",
    "SHA",
};
static char said[4096];

static int forget_the_environment(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        unsetenv(variables[i]);
    unsetenv("PGSSLMODE");
    return 0;
}

static bool load(struct config *config)
{
    FILE *err = fmemopen(said, sizeof(said), "w");
    bool is_good = config_load(config, err);

    fclose(err);
    return is_good;
}

static void an_empty_environment_is_that_of_a_developer(void **state)
{
    struct config config;

    (void)state;
    assert_true(load(&config));
    assert_int_equal(config.environment, ENV_DEVELOPMENT);
    assert_string_equal(config.environment_name, "development");
    assert_int_equal(config.port, 3000);
    assert_string_equal(config.bind_address, "0.0.0.0");
    assert_string_equal(config.database_url, "postgresql:///cpd");
    assert_string_equal(config.migration_database_url, config.database_url);
    assert_true(config.has_default_secret);
    assert_true(strlen(config.token_hash_secret) >= 32);
    assert_false(config.force_https);
    assert_true(config.time_travel);
    assert_true(config.sandbox_page);
    assert_true(config.programme_types_2025);
    assert_false(config.maintenance);
    assert_false(config.analytics);
    assert_true(config.request_recording);
    assert_int_equal(config.request_retention_days, 90);
    assert_int_equal(config.log_level, LOG_LEVEL_DEBUG);
    assert_int_equal(config.rate_limit_api, 1000);
    assert_int_equal(config.rate_limit_web, 300);
    assert_int_equal(config.rate_limit_period, 300);
    assert_null(config.db_sslmode);
    assert_null(getenv("PGSSLMODE"));
    assert_null(config.tls_certificate);
    assert_null(config.tls_key);
    assert_null(config.token_signing_key);
    assert_null(config.token_verify_keys);
    assert_string_equal(config.token_issuer, "cpd-api");
    assert_int_equal(config.page_cache_mib, 4);
    assert_string_equal(config.sha, "none");
    assert_string_equal(config.release_version, "-");
    assert_string_equal(said, "");
}

static void each_environment_has_its_defaults(void **state)
{
    static const struct {
        const char *name;
        enum environment environment;
        bool is_deployed;
        bool force_https;
        bool time_travel;
        bool sandbox_page;
        enum log_level log_level;
    } cases[] = {
        {"production", ENV_PRODUCTION, true, true, false, false, LOG_LEVEL_INFO},
        {"sandbox", ENV_SANDBOX, true, true, true, true, LOG_LEVEL_INFO},
        {"staging", ENV_STAGING, true, true, true, true, LOG_LEVEL_INFO},
        {"review", ENV_REVIEW, false, false, true, true, LOG_LEVEL_WARN},
        {"development", ENV_DEVELOPMENT, false, false, true, true, LOG_LEVEL_DEBUG},
        {"test", ENV_TEST, false, false, true, true, LOG_LEVEL_WARN},
    };

    (void)state;
    setenv("TOKEN_HASH_SECRET", SECRET, 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config config;

        setenv("APP_ENV", cases[i].name, 1);
        CHECK(load(&config), "%s: %s", cases[i].name, said);
        CHECK(config.environment == cases[i].environment, "%s", cases[i].name);
        CHECK(str_equal(config.environment_name, cases[i].name), "%s", cases[i].name);
        CHECK(config_is_deployed(&config) == cases[i].is_deployed, "%s", cases[i].name);
        CHECK(config.force_https == cases[i].force_https, "%s", cases[i].name);
        CHECK(config.time_travel == cases[i].time_travel, "%s", cases[i].name);
        CHECK(config.sandbox_page == cases[i].sandbox_page, "%s", cases[i].name);
        CHECK(config.log_level == cases[i].log_level, "%s", cases[i].name);
        CHECK(!config.has_default_secret, "%s", cases[i].name);
    }
}

static void texts_are_taken_as_they_are(void **state)
{
    struct config config;

    (void)state;
    setenv("BIND_ADDRESS", "127.0.0.1", 1);
    setenv("DATABASE_URL", "postgresql://a@b/c", 1);
    setenv("MIGRATION_DATABASE_URL", "postgresql://owner@b/c", 1);
    setenv("TOKEN_HASH_SECRET", SECRET, 1);
    setenv("TLS_CERTIFICATE", "/c.pem", 1);
    setenv("TLS_KEY", "/k.pem", 1);
    setenv("RELEASE_VERSION", "v7", 1);
    setenv("SHA", "abc", 1);
    assert_true(load(&config));
    assert_string_equal(config.bind_address, "127.0.0.1");
    assert_string_equal(config.database_url, "postgresql://a@b/c");
    assert_string_equal(config.migration_database_url, "postgresql://owner@b/c");
    assert_string_equal(config.token_hash_secret, SECRET);
    assert_string_equal(config.tls_certificate, "/c.pem");
    assert_string_equal(config.tls_key, "/k.pem");
    assert_string_equal(config.release_version, "v7");
    assert_string_equal(config.sha, "abc");
}

static void who_may_read_the_metrics_is_a_list_of_networks(void **state)
{
    static const struct {
        const char *set;
        size_t count;
    } good[] = {{"", 8}, {"none", 0}, {"10.0.0.0/8", 1}, {"::1 , 192.168.7.7", 2}};
    static const char *const wrong[] = {"10.0.0.0/33", "all", "10.0.0.0/8,", ",", "localhost"};
    struct config config;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        setenv("METRICS_ALLOW", good[i].set, 1);
        CHECK(load(&config) && config.metrics_allow.count == good[i].count, "%s", good[i].set);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        setenv("METRICS_ALLOW", wrong[i], 1);
        CHECK(!load(&config) && strstr(said, "METRICS_ALLOW") == said, "%s", wrong[i]);
    }
}

static void numbers_stay_in_their_range(void **state)
{
    static const struct {
        const char *variable;
        size_t offset;
        int min;
        int max;
    } cases[] = {
        {"PORT", offsetof(struct config, port), 1, 65535},
        {"DB_PORT", offsetof(struct config, db_port), 1, 65535},
        {"DB_POOL", offsetof(struct config, db_pool), 1, 200},
        {"DB_WAIT_MS", offsetof(struct config, db_wait_ms), 1, 600000},
        {"DB_STATEMENT_MS", offsetof(struct config, db_statement_ms), 1, 3600000},
        {"CONNECTION_LIMIT", offsetof(struct config, connection_limit), 1, 100000},
        {"REQUEST_TIMEOUT", offsetof(struct config, request_timeout), 1, 3600},
        {"RATE_LIMIT_API", offsetof(struct config, rate_limit_api), 1, 1000000000},
        {"RATE_LIMIT_WEB", offsetof(struct config, rate_limit_web), 1, 1000000000},
        {"RATE_LIMIT_PERIOD", offsetof(struct config, rate_limit_period), 1, 86400},
        {"REQUEST_RETENTION_DAYS", offsetof(struct config, request_retention_days), 1, 3650},
    };
    static const char *const wrong[] = {"0", "-1", "x", "1x", " 1", "1.5", "99999999999999999999",
                                        "+1"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const int good[] = {cases[i].min, cases[i].max};
        struct config config;
        char text[32];

        for (size_t at = 0; at < COUNT_OF(good); at++) {
            snprintf(text, sizeof(text), "%d", good[at]);
            setenv(cases[i].variable, text, 1);
            CHECK(load(&config), "%s=%s", cases[i].variable, text);
            CHECK(memcmp((const char *)&config + cases[i].offset, &good[at], sizeof(int)) == 0,
                  "%s=%s", cases[i].variable, text);
        }
        snprintf(text, sizeof(text), "%d", cases[i].max + 1);
        setenv(cases[i].variable, text, 1);
        CHECK(!load(&config), "%s=%s", cases[i].variable, text);
        for (size_t at = 0; at < COUNT_OF(wrong); at++) {
            setenv(cases[i].variable, wrong[at], 1);
            CHECK(!load(&config) && strstr(said, cases[i].variable) == said, "%s=%s",
                  cases[i].variable, wrong[at]);
        }
        unsetenv(cases[i].variable);
    }
}

static void switches_are_zero_or_one(void **state)
{
    static const struct {
        const char *variable;
        size_t offset;
    } cases[] = {
        {"FORCE_HTTPS", offsetof(struct config, force_https)},
        {"TIME_TRAVEL", offsetof(struct config, time_travel)},
        {"SANDBOX_PAGE", offsetof(struct config, sandbox_page)},
        {"PROGRAMME_TYPES_2025", offsetof(struct config, programme_types_2025)},
        {"MAINTENANCE", offsetof(struct config, maintenance)},
        {"ANALYTICS", offsetof(struct config, analytics)},
        {"REQUEST_RECORDING", offsetof(struct config, request_recording)},
    };
    static const char *const wrong[] = {"true", "yes", "2", "-1", "on", "01", " 1"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config config;

        setenv(cases[i].variable, "1", 1);
        CHECK(load(&config) && *((const bool *)&config + cases[i].offset), "%s=1",
              cases[i].variable);
        setenv(cases[i].variable, "0", 1);
        CHECK(load(&config) && !*((const bool *)&config + cases[i].offset), "%s=0",
              cases[i].variable);
        for (size_t at = 0; at < COUNT_OF(wrong); at++) {
            setenv(cases[i].variable, wrong[at], 1);
            CHECK(!load(&config) && strstr(said, cases[i].variable) == said, "%s=%s",
                  cases[i].variable, wrong[at]);
        }
        unsetenv(cases[i].variable);
    }
}

static void names_are_of_a_closed_set(void **state)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    static const char *const wrong[] = {"x", "INFO", "Production", "prod", " info"};
    struct config config;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        setenv("LOG_LEVEL", levels[i], 1);
        CHECK(load(&config) && config.log_level == (enum log_level)i, "%s", levels[i]);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        setenv("LOG_LEVEL", wrong[i], 1);
        CHECK(!load(&config) && strstr(said, "LOG_LEVEL") == said, "%s", wrong[i]);
        unsetenv("LOG_LEVEL");
        setenv("APP_ENV", wrong[i], 1);
        CHECK(!load(&config) && strstr(said, "APP_ENV") == said, "%s", wrong[i]);
        unsetenv("APP_ENV");
    }
}

/* Private networks are believed unless others are named: a router in front is in one of them. */
static void proxies_are_trusted_by_their_addresses(void **state)
{
    static const struct {
        const char *set;
        const char *address;
        bool is_trusted;
    } cases[] = {
        {"", "127.0.0.1", true},
        {"", "::1", true},
        {"", "10.255.0.1", true},
        {"", "172.31.0.1", true},
        {"", "192.168.7.7", true},
        {"", "169.254.1.1", true},
        {"", "fd00::1", true},
        {"", "fe80::1", true},
        {"", "172.32.0.1", false},
        {"", "203.0.113.7", false},
        {"", "2001:db8::1", false},
        {"203.0.113.0/24, 2001:db8::1", "203.0.113.7", true},
        {"203.0.113.0/24, 2001:db8::1", "2001:db8::1", true},
        {"203.0.113.0/24, 2001:db8::1", "127.0.0.1", false},
        {"none", "127.0.0.1", false},
    };
    static const char *const wrong[] = {"x", "10.0.0.0/33", "10.0.0.0/8 ::1", ",", "*"};
    struct config config;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct address address;

        setenv("TRUSTED_PROXIES", cases[i].set, 1);
        CHECK(load(&config), "%s", said);
        assert_true(address_parse(cases[i].address, &address));
        CHECK(address_ranges_have(&config.trusted_proxies, &address) == cases[i].is_trusted,
              "%s in \"%s\"", cases[i].address, cases[i].set);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        setenv("TRUSTED_PROXIES", wrong[i], 1);
        CHECK(!load(&config) && strstr(said, "TRUSTED_PROXIES") == said, "%s", wrong[i]);
    }
}

static void an_empty_variable_counts_as_absent(void **state)
{
    struct config config;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        setenv(variables[i], "", 1);
    assert_true(load(&config));
    assert_int_equal(config.port, 3000);
    assert_null(config.tls_key);
    assert_true(config.has_default_secret);
}

/* What each case sets, and the variable that is blamed; NULL: it may run. */
static void unsafe_combinations_do_not_start(void **state)
{
    static const struct {
        const char *set[4];
        const char *blamed;
    } cases[] = {
        {{"APP_ENV=production"}, "TOKEN_HASH_SECRET"},
        {{"APP_ENV=staging"}, "TOKEN_HASH_SECRET"},
        {{"APP_ENV=sandbox"}, "TOKEN_HASH_SECRET"},
        {{"APP_ENV=review"}, NULL},
        {{"APP_ENV=test"}, NULL},
        {{"APP_ENV=production", "TOKEN_HASH_SECRET=0123456789abcdef0123456789abcde"},
         "TOKEN_HASH_SECRET"},
        {{"APP_ENV=development", "TOKEN_HASH_SECRET=short"}, "TOKEN_HASH_SECRET"},
        {{"APP_ENV=production", "TOKEN_HASH_SECRET=0123456789abcdef0123456789abcdef"}, NULL},
        {{"APP_ENV=production", "TOKEN_HASH_SECRET=0123456789abcdef0123456789abcdef",
          "TIME_TRAVEL=1"},
         "TIME_TRAVEL"},
        {{"APP_ENV=production", "TOKEN_HASH_SECRET=0123456789abcdef0123456789abcdef",
          "TIME_TRAVEL=0"},
         NULL},
        {{"APP_ENV=sandbox", "TOKEN_HASH_SECRET=0123456789abcdef0123456789abcdef", "TIME_TRAVEL=1"},
         NULL},
        {{"TLS_CERTIFICATE=/c.pem"}, "TLS_CERTIFICATE"},
        {{"TLS_KEY=/k.pem"}, "TLS_CERTIFICATE"},
        {{"TLS_KEY=/k.pem", "TLS_CERTIFICATE=/c.pem"}, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config config;
        bool is_good;

        forget_the_environment(NULL);
        for (size_t at = 0; at < 4 && cases[i].set[at] != NULL; at++) {
            char text[128];

            snprintf(text, sizeof(text), "%s", cases[i].set[at]);
            text[strcspn(text, "=")] = '\0';
            setenv(text, strchr(cases[i].set[at], '=') + 1, 1);
        }
        is_good = load(&config);
        CHECK(is_good == (cases[i].blamed == NULL), "case %zu: %s", i, said);
        CHECK(is_good || str_starts_with(said, cases[i].blamed), "case %zu: %s", i, said);
    }
}

static void what_is_said_never_shows_a_secret(void **state)
{
    struct config config;

    (void)state;
    setenv("TOKEN_HASH_SECRET", "hunter2", 1);
    assert_false(load(&config));
    assert_null(strstr(said, "hunter2"));
}

#define BOUND "{\"postgres\":[{\"credentials\":{\"uri\":\"postgres://u:hunter2@h/b\"}}]}"

/* What is set, and the address that comes of it; NULL: it is refused, and this variable blamed. */
static void the_database_is_where_it_is_said_first(void **state)
{
    static const struct {
        const char *set[6][2];
        const char *url;
        const char *blamed;
    } cases[] = {
        {{{"DB_HOSTNAME", "h"}}, "host='h' port=5432 dbname='cpd' ", NULL},
        {{{"DB_HOSTNAME", "h"},
          {"DB_PORT", "1"},
          {"DB_USERNAME", "u"},
          {"DB_PASSWORD", "it's a \\"},
          {"DB_DATABASE", "d"}},
         "host='h' port=1 user='u' password='it\\'s a \\\\' dbname='d' ",
         NULL},
        {{{"DATABASE_URL", "postgresql:///x"}, {"DB_HOSTNAME", "h"}, {"VCAP_SERVICES", BOUND}},
         "postgresql:///x",
         NULL},
        {{{"DATABASE_URL", "postgresql:///x"}, {"VCAP_SERVICES", "{"}}, "postgresql:///x", NULL},
        {{{"DB_HOSTNAME", "h"}, {"VCAP_SERVICES", BOUND}},
         "host='h' port=5432 dbname='cpd' ",
         NULL},
        {{{"VCAP_SERVICES", BOUND}}, "postgres://u:hunter2@h/b", NULL},
        {{{"VCAP_SERVICES",
           "{\"x\":[],\"postgres\":[{\"credentials\":{\"uri\":\"postgresql:///1\"}},"
           "{\"credentials\":{\"uri\":\"postgresql:///2\"}}]}"}},
         "postgresql:///1",
         NULL},
        {{{"VCAP_SERVICES", "{}"}}, "postgresql:///cpd", NULL},
        {{{"VCAP_SERVICES", "{\"redis\":[{}]}"}}, "postgresql:///cpd", NULL},
        {{{"VCAP_SERVICES", "hunter2"}}, NULL, "VCAP_SERVICES"},
        {{{"VCAP_SERVICES", "[]"}}, NULL, "VCAP_SERVICES"},
        {{{"VCAP_SERVICES", "{\"postgres\":[]}"}}, NULL, "VCAP_SERVICES"},
        {{{"VCAP_SERVICES", "{\"postgres\":{\"credentials\":{\"uri\":\"postgres://hunter2\"}}}"}},
         NULL,
         "VCAP_SERVICES"},
        {{{"VCAP_SERVICES", "{\"postgres\":[{\"credentials\":{\"uri\":7}}]}"}},
         NULL,
         "VCAP_SERVICES"},
        {{{"VCAP_SERVICES",
           "{\"postgres\":[{\"credentials\":{\"uri\":\"mysql://u:hunter2@h\"}}]}"}},
         NULL,
         "VCAP_SERVICES"},
        {{{"DB_PASSWORD", "hunter2"}}, NULL, "DB_HOSTNAME"},
        {{{"DB_DATABASE", "d"}, {"VCAP_SERVICES", BOUND}}, NULL, "DB_HOSTNAME"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config config;
        bool is_good;

        forget_the_environment(NULL);
        for (size_t at = 0; at < COUNT_OF(cases[i].set) && cases[i].set[at][0] != NULL; at++)
            setenv(cases[i].set[at][0], cases[i].set[at][1], 1);
        is_good = load(&config);
        CHECK(is_good == (cases[i].blamed == NULL), "case %zu: %s", i, said);
        CHECK(is_good || str_starts_with(said, cases[i].blamed), "case %zu: %s", i, said);
        CHECK(strstr(said, "hunter2") == NULL, "case %zu: %s", i, said);
        CHECK(!is_good || str_equal(config.database_url, cases[i].url), "case %zu: %s", i,
              config.database_url);
        CHECK(!is_good || config.migration_database_url == config.database_url, "case %zu", i);
    }
}

static void an_address_that_is_too_long_is_refused(void **state)
{
    char services[4096], name[3000];
    struct config config;

    (void)state;
    memset(name, 'x', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    setenv("DB_HOSTNAME", name, 1);
    assert_false(load(&config));
    assert_true(str_starts_with(said, "DB_HOSTNAME"));
    unsetenv("DB_HOSTNAME");
    snprintf(services, sizeof(services),
             "{\"postgres\":[{\"credentials\":{\"uri\":\"postgres://%s\"}}]}", name);
    setenv("VCAP_SERVICES", services, 1);
    assert_false(load(&config));
    assert_true(str_starts_with(said, "VCAP_SERVICES"));
}

static void what_is_deployed_asks_the_database_for_tls(void **state)
{
    static const struct {
        const char *environment;
        const char *said;  /* DB_SSLMODE */
        const char *libpq; /* PGSSLMODE before, and after */
        const char *expected;
        const char *url;
    } cases[] = {
        {"production", NULL, NULL, "require", "postgresql://u:p@db.internal:5432/cpd"},
        {"production", NULL, NULL, "require", "postgresql://localhost@db/cpd"},
        {"production", NULL, NULL, "require", "postgresql://localhost.example/cpd"},
        {"production", NULL, NULL, "prefer", "postgresql://u:p%40@localhost:5432/cpd"},
        {"production", NULL, NULL, "prefer", "postgresql://127.0.0.1/cpd"},
        {"production", NULL, NULL, "prefer", "postgres://[::1]:5432/cpd?x=y"},
        {"production", "require", NULL, "require", "postgresql://127.0.0.1/cpd"},
        {"production", NULL, NULL, "require", NULL},
        {"staging", NULL, NULL, "require", NULL},
        {"sandbox", NULL, NULL, "require", NULL},
        {"review", NULL, NULL, NULL, NULL},
        {"production", NULL, "verify-full", "verify-full", NULL},
        {"production", "disable", NULL, "disable", NULL},
        {"production", "prefer", "verify-full", "prefer", NULL},
        {"test", "verify-ca", NULL, "verify-ca", NULL},
    };
    struct config config;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *found;

        forget_the_environment(NULL);
        setenv("TOKEN_HASH_SECRET", SECRET, 1);
        setenv("APP_ENV", cases[i].environment, 1);
        if (cases[i].said != NULL)
            setenv("DB_SSLMODE", cases[i].said, 1);
        if (cases[i].libpq != NULL)
            setenv("PGSSLMODE", cases[i].libpq, 1);
        if (cases[i].url != NULL)
            setenv("DATABASE_URL", cases[i].url, 1);
        assert_true(load(&config));
        found = getenv("PGSSLMODE");
        CHECK(found == NULL ? cases[i].expected == NULL : str_equal(found, cases[i].expected),
              "case %zu: %s", i, found == NULL ? "none" : found);
    }
    setenv("DB_SSLMODE", "yes", 1);
    assert_false(load(&config));
    assert_true(str_starts_with(said, "DB_SSLMODE"));
}

static void the_help_names_every_variable(void **state)
{
    char help[8192] = "";
    FILE *out = fmemopen(help, sizeof(help), "w");

    (void)state;
    config_print_help(out);
    fclose(out);
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        CHECK(strstr(help, variables[i]) != NULL, "%s", variables[i]);
}

#define TEST(function) cmocka_unit_test_setup(function, forget_the_environment)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_environment_is_that_of_a_developer),
        TEST(each_environment_has_its_defaults),
        TEST(texts_are_taken_as_they_are),
        TEST(who_may_read_the_metrics_is_a_list_of_networks),
        TEST(numbers_stay_in_their_range),
        TEST(switches_are_zero_or_one),
        TEST(names_are_of_a_closed_set),
        TEST(proxies_are_trusted_by_their_addresses),
        TEST(an_empty_variable_counts_as_absent),
        TEST(unsafe_combinations_do_not_start),
        TEST(what_is_said_never_shows_a_secret),
        TEST(the_database_is_where_it_is_said_first),
        TEST(an_address_that_is_too_long_is_refused),
        TEST(what_is_deployed_asks_the_database_for_tls),
        TEST(the_help_names_every_variable),
    };

    return RUN_TESTS(tests);
}
