/* Bringing a database to this program's schema. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

/* The newest migration that this program knows. */
int64_t migrate_newest(void);

/* What tells this program's SQL functions from another's: SHA-256 in hexadecimal. */
enum { MIGRATE_DIGEST_SIZE = 65 };
void migrate_functions_digest(char out[static MIGRATE_DIGEST_SIZE]);

/* The newest migration that was applied to the database; 0 for an empty one. */
enum err migrate_applied(struct db_tx *tx, int64_t *out) MUST_CHECK;

/* Waits for another migration to end, then applies what is missing: tables by number and the
 * functions as a whole, when any of them changed, with the projections rebuilt, in one transaction;
 * then reference data. Grants the service's role what it needs, and no more, where that role (NULL:
 * none) is not the one that migrates. */
enum err migrate_run(struct db_pool *pool, const char *service_role) MUST_CHECK;
