/* What several subcommands need beside cli.h. */
#pragma once

#include "base/err.h"
#include "base/uuid.h"
#include "db/db.h"

struct config;

/* One connection, without a time limit for statements. Freed with db_pool_free(). */
struct db_pool *cli_pool_new(const char *url, const char *command);

/* The same for a command that changes declarations: analytics learns of it, where that is on. */
struct db_pool *cli_writing_pool_new(const struct config *config, const char *command);

/* Prints the usage: on standard output when the last argument asks for it, else as a reproach.
 * Returns the exit status. */
int cli_usage(const char *usage, int argc, char **argv);

/* The one lead provider of this id or name (either of its two names, in any case). ERR_INPUT after
 * having said on standard error that there is none, or more than one. */
enum err cli_find_lead_provider(struct db_tx *tx, const char *name_or_id, struct uuid *out)
    MUST_CHECK;
