/* cpd-api serve: everything put together, until SIGTERM. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/openapi.h"
#include "base/date.h"
#include "base/metrics.h"
#include "base/str.h"
#include "cli/cli.h"
#include "db/db.h"
#include "http/auth.h"
#include "http/condition.h"
#include "http/rate_gate.h"
#include "http/ratelimit.h"
#include "http/ratelimit_sharing.h"
#include "http/server.h"
#include "log.h"
#include "pages/figures.h"
#include "resources/analytics.h"
#include "resources/availability.h"
#include "resources/registry.h"
#include "resources/requests.h"

enum { DRAIN_SECONDS = 8 };

/* glibc would otherwise give the memory of each page back and fault it in again at the next one. */
static void keep_freed_memory(void)
{
    mallopt(M_TOP_PAD, 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    mallopt(M_MMAP_THRESHOLD, 8 * 1024 * 1024);
    mallopt(M_ARENA_MAX, 4);
}

static void wait_for_signal(const sigset_t *signals)
{
    int received;

    sigwait(signals, &received);
    LOG(LOG_LEVEL_INFO, "stopping", LOG_N("signal", received));
}

/* Blocked before any thread exists, so that only sigwait sees them. */
static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* What requests use; false, with the reason on standard error, if the program or its configuration
 * does not allow it. */
static bool make_parts(struct service *service)
{
    const struct config *config = service->config;

    service->openapi = openapi_new(registry_handlers, stderr);
    service->auth = service->openapi == NULL ? NULL : auth_new(config, stderr);
    if (service->auth == NULL)
        return false;
    service->rate_limits = rate_limits_new(config);
    service->conditions = conditions_new(config);
    service->metrics = metrics_new();
    metrics_set(service->metrics, METRIC_PROCESS_START, NULL, instant_now());
    metrics_set(service->metrics, METRIC_BUILD_INFO,
                METRIC_LABELS(config->release_version, config->sha), 1);
    metrics_add_source(service->metrics, rate_gate_report, service);
    return true;
}

static void free_parts(struct service *service)
{
    metrics_free(service->metrics);
    conditions_free(service->conditions);
    rate_limits_free(service->rate_limits);
    auth_free(service->auth);
    openapi_free(service->openapi);
}

static void open_pools(struct service *service)
{
    const struct config *config = service->config;

    service->pool = db_pool_new(&(struct db_pool_options){.url = config->database_url,
                                                          .size = config->db_pool,
                                                          .wait_ms = config->db_wait_ms,
                                                          .statement_ms = config->db_statement_ms,
                                                          .name = "cpd-api serve",
                                                          .metrics = service->metrics,
                                                          .settings = analytics_settings(config),
                                                          .keeps_plans = true});
    service->health_pool = db_pool_new(&(struct db_pool_options){.url = config->database_url,
                                                                 .size = 1,
                                                                 .wait_ms = 400,
                                                                 .statement_ms = 250,
                                                                 .name = "cpd-api health"});
    service->background_pool = db_pool_new(&(struct db_pool_options){.url = config->database_url,
                                                                     .size = 2,
                                                                     .wait_ms = 2000,
                                                                     .statement_ms = 5000,
                                                                     .name = "cpd-api background",
                                                                     .keeps_plans = true});
}

static void close_pools(struct service *service)
{
    db_pool_free(service->background_pool);
    db_pool_free(service->health_pool);
    db_pool_free(service->pool);
}

/* What runs beside requests and is not asked by them. */
struct background {
    struct rate_sharing *rate_sharing;
    struct figures *figures;
};

/* From before the first request to after the last one. */
static struct background start_background(struct service *service)
{
    service->availability = availability_new(service->health_pool, service->config->maintenance);
    service->recorder = recorder_start(service->config, service->background_pool);
    service->analytics = analytics_start(service->config, service->background_pool);
    return (struct background){
        .rate_sharing = rate_sharing_start(service->rate_limits, service->background_pool),
        .figures = figures_start(service),
    };
}

static void stop_background(struct service *service, struct background *background)
{
    figures_stop(background->figures);
    rate_sharing_stop(background->rate_sharing);
    analytics_stop(service->analytics);
    recorder_stop(service->recorder);
    availability_free(service->availability);
}

static int serve_until(const struct service *service, const sigset_t *signals)
{
    struct server *server = server_start(service);

    if (server == NULL)
        return CLI_FAILED;
    LOG(LOG_LEVEL_INFO, "started", LOG_N("port", service->config->port),
        LOG_T("sha", service->config->sha));
    wait_for_signal(signals);
    if (!server_stop(server, DRAIN_SECONDS)) {
        /* To take down what they use would mean to wait for them, and the platform waits ten
         * seconds at most. */
        LOG_PLAIN(LOG_LEVEL_WARN, "stopped with requests unanswered");
        _exit(CLI_FAILED);
    }
    return CLI_DONE;
}

static void print_help(FILE *out)
{
    fputs(
        "usage: cpd-api serve\n\nServes the API until SIGTERM, and then finishes what it has begun. Environment:\n\n",
        out);
    config_print_help(out);
}

int cli_serve(const struct config *config, int argc, char **argv)
{
    struct service service = {.config = config};
    struct background background;
    int status = CLI_FAILED;
    sigset_t signals;

    if (argc > 1) {
        bool wants_help = str_equal(argv[1], "--help");

        print_help(wants_help ? stdout : stderr);
        return wants_help ? CLI_DONE : CLI_USAGE;
    }
    keep_freed_memory();
    block_signals(&signals);
    if (config->has_default_secret)
        LOG_PLAIN(LOG_LEVEL_WARN, "TOKEN_HASH_SECRET is not set: a development value is used");
    if (make_parts(&service)) {
        open_pools(&service);
        background = start_background(&service);
        status = serve_until(&service, &signals);
        stop_background(&service, &background);
        close_pools(&service);
    }
    free_parts(&service);
    if (status == CLI_DONE)
        LOG_PLAIN(LOG_LEVEL_INFO, "stopped");
    return status;
}
