/* How programmes and reasons are named since 2025, and before. Pure. Contract v3.md 3.3 and 3.5.3.
 */
#pragma once

#include <stdbool.h>

/* What is shown of a school's choice: NULL (none made) is not_yet_known. */
const char *programme_choice_shown(const char *stored, bool has_2025_terms);

/* What is shown of a stored reason for a withdrawal; NULL stays NULL. */
const char *withdrawal_reason_shown(const char *stored, bool has_2025_terms);
