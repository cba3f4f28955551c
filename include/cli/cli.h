/* The subcommands: argv begins with the subcommand's own name. Contract decisions.md, "Command
 * line". */
#pragma once

#include "base/err.h"
#include "config.h"

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 64, CLI_LOCKED = 75 };

int cli_serve(const struct config *config, int argc, char **argv);
int cli_migrate(const struct config *config, int argc, char **argv);
int cli_seed(const struct config *config, int argc, char **argv);
int cli_import(const struct config *config, int argc, char **argv);
int cli_export(const struct config *config, int argc, char **argv);
int cli_token(const struct config *config, int argc, char **argv);
int cli_statements(const struct config *config, int argc, char **argv);
int cli_worker(const struct config *config, int argc, char **argv);
int cli_requests(const struct config *config, int argc, char **argv);
int cli_tasks(const struct config *config, int argc, char **argv);
int cli_analytics(const struct config *config, int argc, char **argv);
int cli_maintenance(const struct config *config, int argc, char **argv);
int cli_verify(const struct config *config, int argc, char **argv);
int cli_explain(const struct config *config, int argc, char **argv);

/* Says on standard error what a fault means for whoever typed the command; returns the exit status.
 */
int cli_report(enum err err);
