/* What an induction record amounts to on a given day. Pure. Contract v3.md 3.5.3. */
#pragma once

#include <stdint.h>

/* active, leaving, left, joining or withdrawn; NULL for a record that is leaving without an end
 * date. Instants; end_date may be INSTANT_NONE. */
const char *participant_status(int64_t start_date, int64_t end_date, const char *induction_status,
                               int64_t now);
