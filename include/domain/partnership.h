/* May a provider report this partnership? Pure. Contract v3.md 3.4.3, 3.4.4 and rules.md 5. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "base/uuid.h"

/* Texts are NULL where missing. */
struct partnership_request {
    const char *cohort;
    const char *school_id;
    const char *delivery_partner_id;
};

struct partnership_facts {
    struct uuid lead_provider_id;
    bool has_cohort;
    bool has_school;
    bool is_school_eligible;
    bool is_school_led_only;        /* open, of a type that is never provider-led */
    struct uuid confirmed_provider; /* of the school in the cohort; UUID_NONE: none */
    bool was_confirmed_before;      /* by anybody, for the cohort before */
    bool has_school_cohort;
    bool has_delivery_partner;
    bool is_partner_related; /* works with the provider in the cohort */
};

void partnership_create_check(const struct partnership_request *request,
                              const struct partnership_facts *facts, struct problems *problems);

struct partnership_update_facts {
    struct uuid school_id;
    int16_t cohort;
    struct uuid delivery_partner_id; /* today's */
    bool is_challenged;
    bool has_delivery_partner;
    bool is_partner_related;
    bool has_other; /* another partnership with the new partner there, made by the school or
                       challenged */
};

void partnership_update_check(const struct partnership_request *request,
                              const struct partnership_update_facts *facts,
                              struct problems *problems);
