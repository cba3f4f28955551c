/* What the service is open for. */
#include "domain/service_mode.h"

#include "base/date.h"
#include "base/field.h"
#include "base/str.h"

enum { RETRY_AFTER_UNKNOWN = 300 };

static const char *const names[] = {
    [SERVICE_OPEN] = "open",
    [SERVICE_READ_ONLY] = "read_only",
    [SERVICE_CLOSED] = "maintenance",
};

const char *service_mode_name(const struct service_mode *mode)
{
    return names[mode->openness];
}

bool service_mode_parse(const char *name, enum service_openness *out)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_equal(names[i], name)) {
            *out = (enum service_openness)i;
            return true;
        }
    }
    return false;
}

struct service_mode service_mode_at(const struct service_mode *mode, int64_t now)
{
    if (mode->openness == SERVICE_OPEN || (mode->ends_at != INSTANT_NONE && mode->ends_at <= now))
        return (struct service_mode){.openness = SERVICE_OPEN, .ends_at = INSTANT_NONE};
    return *mode;
}

static bool is_change(const char *method)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_equal(methods[i], method))
            return true;
    return false;
}

bool service_mode_admits(const struct service_mode *mode, const char *method, bool is_api)
{
    switch (mode->openness) {
    case SERVICE_OPEN:
        return true;
    case SERVICE_READ_ONLY:
        return !is_api || !is_change(method);
    case SERVICE_CLOSED:
        return false;
    }
    return true;
}

int64_t service_mode_retry_after(const struct service_mode *mode, int64_t now)
{
    int64_t left;

    if (mode->ends_at == INSTANT_NONE)
        return RETRY_AFTER_UNKNOWN;
    left = mode->ends_at - now;
    return left <= 0 ? 1 : (left + INSTANT_SECOND - 1) / INSTANT_SECOND;
}
