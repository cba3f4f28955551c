/* The resources and their handlers. */
#pragma once

#include "api/openapi.h"

/* All tables of handlers, ended by NULL: what openapi_new() binds. */
extern const struct handler *const registry_handlers[];

extern const struct handler statements_handlers[];
extern const struct handler delivery_partners_handlers[];
extern const struct handler schools_handlers[];
extern const struct handler partnerships_handlers[];
extern const struct handler participants_handlers[];
extern const struct handler transfers_handlers[];
extern const struct handler unfunded_mentors_handlers[];
extern const struct handler declarations_handlers[];
extern const struct handler users_handlers[];
extern const struct handler school_rollout_handlers[];
extern const struct handler requests_handlers[];
