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
    "DB_POOL",
    "DB_WAIT_MS",
    "DB_STATEMENT_MS",
    "TOKEN_HASH_SECRET",
    "FORCE_HTTPS",
    "TIME_TRAVEL",
    "SANDBOX_PAGE",
    "PROGRAMME_TYPES_2025",
    "MAINTENANCE",
    "ANALYTICS",
    "LOG_LEVEL",
    "TLS_CERTIFICATE",
    "TLS_KEY",
    "CONNECTION_LIMIT",
    "REQUEST_TIMEOUT",
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
    assert_int_equal(config.log_level, LOG_LEVEL_DEBUG);
    assert_null(config.tls_certificate);
    assert_null(config.tls_key);
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

static void numbers_stay_in_their_range(void **state)
{
    static const struct {
        const char *variable;
        size_t offset;
        int min;
        int max;
    } cases[] = {
        {"PORT", offsetof(struct config, port), 1, 65535},
        {"DB_POOL", offsetof(struct config, db_pool), 1, 200},
        {"DB_WAIT_MS", offsetof(struct config, db_wait_ms), 1, 600000},
        {"DB_STATEMENT_MS", offsetof(struct config, db_statement_ms), 1, 3600000},
        {"CONNECTION_LIMIT", offsetof(struct config, connection_limit), 1, 100000},
        {"REQUEST_TIMEOUT", offsetof(struct config, request_timeout), 1, 3600},
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
        TEST(numbers_stay_in_their_range),
        TEST(switches_are_zero_or_one),
        TEST(names_are_of_a_closed_set),
        TEST(an_empty_variable_counts_as_absent),
        TEST(unsafe_combinations_do_not_start),
        TEST(what_is_said_never_shows_a_secret),
        TEST(the_help_names_every_variable),
    };

    return RUN_TESTS(tests);
}
