/* The list of resources. */
#include "resources/registry.h"

const struct handler *const registry_handlers[] = {
    statements_handlers,       delivery_partners_handlers, schools_handlers,
    partnerships_handlers,     participants_handlers,      transfers_handlers,
    unfunded_mentors_handlers, declarations_handlers,      users_handlers,
    school_rollout_handlers,   requests_handlers,          NULL,
};
