/* Writes the database's records as the lines that import reads: contract import.md. */
#pragma once

#include <stdio.h>

#include "base/err.h"
#include "base/uuid.h"
#include "db/db.h"

struct export_options {
    FILE *out;
    const char *type;                 /* NULL: all types */
    const struct uuid *lead_provider; /* NULL: everything */
};

/* Is it a type that can be exported? Tokens never are. */
bool export_is_type(const char *type);

/* In a transaction that the caller has begun, and in which nothing has been read. One line at a
 * time is held. */
enum err export_run(struct db_tx *tx, const struct export_options *options) MUST_CHECK;
