/* What all subcommands share. */
#include "cli/cli.h"

#include <stdio.h>

int cli_report(enum err err)
{
    switch (err) {
    case ERR_OK:
        return CLI_DONE;
    case ERR_LOCKED:
        fputs("another run holds the lock; try again when it has ended\n", stderr);
        return CLI_LOCKED;
    case ERR_INPUT:
        return CLI_FAILED;
    case ERR_DB_AWAY:
        fputs("the database cannot be reached; check DATABASE_URL\n", stderr);
        return CLI_FAILED;
    case ERR_DB_BUSY:
    case ERR_DB_CONFLICT:
    case ERR_DB:
    case ERR_IO:
        fprintf(stderr, "failed: %s; the log above says where\n", err_name(err));
        return CLI_FAILED;
    }
    return CLI_FAILED;
}
