/* Names of programmes and reasons. */
#include "domain/programme.h"

#include <stddef.h>

#include "base/field.h"
#include "base/str.h"

const char *programme_choice_shown(const char *stored, bool has_2025_terms)
{
    static const char *const renamed[][2] = {
        {"full_induction_programme", "provider_led"},
        {"school_funded_fip", "provider_led"},
        {"core_induction_programme", "school_led"},
        {"design_our_own", "school_led"},
    };

    if (stored == NULL)
        return "not_yet_known";
    for (size_t i = 0; has_2025_terms && i < COUNT_OF(renamed); i++)
        if (str_equal(renamed[i][0], stored))
            return renamed[i][1];
    return stored;
}

const char *withdrawal_reason_shown(const char *stored, bool has_2025_terms)
{
    bool is_renamed = stored != NULL && has_2025_terms && str_equal(stored, "school-left-fip");

    return is_renamed ? "switched-to-school-led" : stored;
}
