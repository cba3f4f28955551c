/* What the service is open for, and whether its database could be worked with: asked twice a second
 * beside the requests, so that neither costs a request anything, and a database that does not
 * answer keeps nobody waiting. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "domain/service_mode.h"

struct availability;
struct db_pool;

/* Asks once before it returns. Closed here: this instance is closed whatever the others are. */
struct availability *availability_new(struct db_pool *pool, bool is_closed_here);
void availability_free(struct availability *availability); /* accepts NULL */

/* What is in force now. While the database is away, what was said last goes on. */
struct service_mode availability_mode(struct availability *availability, int64_t now);

enum database_standing {
    DATABASE_GOOD,
    DATABASE_AWAY,  /* did not answer lately */
    DATABASE_OLDER, /* its schema or functions are older than the program: not migrated */
};

enum database_standing availability_database(struct availability *availability, int64_t now);
