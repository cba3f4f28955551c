/* What time and finance do to statements; commands and the worker call these. Contract rules.md 6.
 */
#pragma once

#include "db/db.h"

/* The nightly job of a day: every open statement with an earlier deadline becomes payable, each in
 * a transaction of its own, so that an interrupted run is simply run again. Counts the statements
 * and the declarations that became payable. */
enum err statements_mark_payable(struct db_pool *pool, int32_t day, int64_t now, int *statements,
                                 int64_t *declarations) MUST_CHECK;

/* Authorises one statement. refusal is why not, in the arena, or NULL. */
enum err statement_mark_paid(struct db_pool *pool, const struct uuid *id, int64_t now,
                             struct arena *arena, const char **refusal) MUST_CHECK;
