/* Reporting partnerships: one transaction each. Contract v3.md 3.4.3-3.4.5, rules.md 5. */
#pragma once

#include "domain/partnership.h"
#include "resources/reading.h"
#include "resources/writing.h"

enum err partnership_create(const struct writer *writer, const struct partnership_request *request,
                            struct arena *arena, struct reading *out, struct problems *problems)
    MUST_CHECK;

/* Gives a partnership of the provider's own another delivery partner; the same one changes nothing.
 * Refuses with 404 what is not its own, then a request that is NULL: a body without data. */
enum err partnership_update(const struct writer *writer, const struct uuid *id,
                            const struct partnership_request *request, struct arena *arena,
                            struct reading *out, struct problems *problems) MUST_CHECK;
