/* cpd-api serve: everything put together, until SIGTERM. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/openapi.h"
#include "base/str.h"
#include "cli/cli.h"
#include "db/db.h"
#include "http/auth.h"
#include "http/condition.h"
#include "http/server.h"
#include "log.h"
#include "resources/registry.h"

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

static int serve(const struct service *service)
{
    struct server *server;
    sigset_t signals;

    /* blocked before any thread exists, so that only sigwait sees them */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    server = server_start(service);
    if (server == NULL)
        return CLI_FAILED;
    LOG(LOG_LEVEL_INFO, "started", LOG_N("port", service->config->port),
        LOG_T("sha", service->config->sha));
    wait_for_signal(&signals);
    if (!server_stop(server, DRAIN_SECONDS)) {
        /* To take down what they use would mean to wait for them, and the platform waits ten
         * seconds at most. */
        LOG_PLAIN(LOG_LEVEL_WARN, "stopped with requests unanswered");
        _exit(CLI_FAILED);
    }
    LOG_PLAIN(LOG_LEVEL_INFO, "stopped");
    return CLI_DONE;
}

static void open_pools(struct service *service)
{
    const struct config *config = service->config;

    service->pool = db_pool_new(&(struct db_pool_options){.url = config->database_url,
                                                          .size = config->db_pool,
                                                          .wait_ms = config->db_wait_ms,
                                                          .statement_ms = config->db_statement_ms,
                                                          .name = "cpd-api serve",
                                                          .keeps_plans = true});
    service->health_pool = db_pool_new(&(struct db_pool_options){.url = config->database_url,
                                                                 .size = 1,
                                                                 .wait_ms = 500,
                                                                 .statement_ms = 500,
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
    struct openapi *openapi;
    int status;

    if (argc > 1) {
        bool wants_help = str_equal(argv[1], "--help");

        print_help(wants_help ? stdout : stderr);
        return wants_help ? CLI_DONE : CLI_USAGE;
    }
    keep_freed_memory();
    if (config->has_default_secret)
        LOG_PLAIN(LOG_LEVEL_WARN, "TOKEN_HASH_SECRET is not set: a development value is used");
    openapi = openapi_new(registry_handlers, stderr);
    if (openapi == NULL)
        return CLI_FAILED;
    service.openapi = openapi;
    service.auth = auth_new(config);
    service.conditions = conditions_new(config);
    open_pools(&service);
    status = serve(&service);
    close_pools(&service);
    conditions_free(service.conditions);
    auth_free(service.auth);
    openapi_free(openapi);
    return status;
}
