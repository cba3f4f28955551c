/* The subcommands. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "config.h"
#include "log.h"

static const struct subcommand {
    const char *name;
    int (*run)(const struct config *config, int argc, char **argv);
    const char *help;
} subcommands[] = {
    {"serve", cli_serve, "the API, its documentation and health checks"},
    {"migrate", cli_migrate, "bring the database to this version's schema and reference data"},
    {"seed", cli_seed, "fill a database with invented data"},
    {"import", cli_import, "read records from a file"},
    {"export", cli_export, "write records to standard output"},
    {"token", cli_token, "create, list and revoke API tokens"},
    {"statements", cli_statements, "create statements, make them payable, mark them paid"},
    {"worker", cli_worker, "run the scheduled jobs"},
    {"tasks", cli_tasks, "show the scheduled jobs, run one by hand"},
    {"requests", cli_requests, "show and purge the record of requests"},
    {"analytics", cli_analytics, "write the analytics events to standard output"},
    {"maintenance", cli_maintenance, "close the service, or open it, in all instances"},
    {"verify", cli_verify, "compare the stored projections with what they stand for"},
    {"explain", cli_explain, "why a lead provider sees a record, or not"},
};

enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

static void print_usage(FILE *out)
{
    fputs("usage: cpd-api SUBCOMMAND [ARGUMENTS]   (cpd-api SUBCOMMAND --help tells more)\n\n",
          out);
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        fprintf(out, "  %-12s %s\n", subcommands[i].name, subcommands[i].help);
}

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct subcommand *subcommand;
    struct config config;
    int status;

    if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return CLI_DONE;
    }
    subcommand = argc < 2 ? NULL : find_subcommand(argv[1]);
    if (subcommand == NULL) {
        print_usage(stderr);
        return CLI_USAGE;
    }
    if (!config_load(&config, stderr))
        return CLI_FAILED;
    log_start(&config);
    status = subcommand->run(&config, argc - 1, argv + 1);
    log_stop();
    return status;
}
