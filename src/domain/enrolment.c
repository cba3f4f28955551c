/* The state of an enrolment. */
#include "domain/enrolment.h"

#include "base/field.h"
#include "base/str.h"

const char *participant_status(int64_t start_date, int64_t end_date, const char *induction_status,
                               int64_t now)
{
    if (end_date != INSTANT_NONE)
        return end_date > now ? "leaving" : "left";
    if (start_date > now)
        return "joining";
    if (str_equal(induction_status, "active") || str_equal(induction_status, "completed"))
        return "active";
    if (str_equal(induction_status, "withdrawn") || str_equal(induction_status, "changed"))
        return "withdrawn";
    return NULL;
}
