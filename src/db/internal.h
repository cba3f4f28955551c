/* What the files of src/db/ share; the only header that includes libpq. */
#pragma once

#include <libpq-fe.h>

#include "db/db.h"

enum { DB_STATEMENTS_MAX = 512 };

struct db_connection {
    PGconn *pg;
    bool is_broken;
    char constraint[64];
    char sqlstate[6];
    char message[512];
    const struct sql *prepared[DB_STATEMENTS_MAX]; /* a hash table of those prepared here */
};

/* Opens a connection, with the settings of the options. */
enum err db_connection_open(const struct db_pool_options *options, struct db_connection **out)
    MUST_CHECK;
void db_connection_close(struct db_connection *connection);

/* Keeps what a failed result says, logs it and names the fault. Clears the result. */
enum err db_fail(struct db_connection *connection, PGresult *result, const char *where);
