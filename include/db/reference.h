/* The programme's own facts: cohorts, schedules, milestones, the statement calendar, what evidence
 * and which reasons are accepted. They ship inside the program, one CSV file a table, and "migrate"
 * loads them. */
#pragma once

#include "base/err.h"
#include "db/db.h"

/* Adds what is missing, and changes what a newer version of the program says otherwise; loading the
 * same files again changes nothing. Inside the caller's transaction. */
enum err reference_load(struct db_tx *tx) MUST_CHECK;
