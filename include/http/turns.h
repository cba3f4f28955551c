/* When the clock, and no write, turns what a lead provider is shown: remembered until the clock or
 * a write gets there, so that a page need not ask for it. Safe to use from all threads. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"

struct turns;

struct turn {
    int64_t number; /* of changes, when it was looked up */
    int64_t last;   /* INSTANT_NONE: nothing has turned yet */
    int64_t next;   /* INSTANT_NONE: nothing will */
};

struct turns *turns_new(void);
void turns_free(struct turns *turns); /* accepts NULL */

/* The last turn before now, if what is remembered holds for this number and for now. */
bool turns_find(struct turns *turns, const struct uuid *provider, int64_t number, int64_t now,
                int64_t *last);

void turns_keep(struct turns *turns, const struct uuid *provider, const struct turn *turn);
