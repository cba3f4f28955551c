/* What the resources' writes share: the clock and the actor of a transaction, another try after a
 * conflict. */
#pragma once

#include "api/request.h"
#include "db/db.h"

enum { WRITING_TRIES = 3, WRITING_STEPS_MAX = 8 };

/* Who writes, and when; commands and jobs fill it by themselves. */
struct writer {
    const struct service *service;
    struct uuid lead_provider_id;
    const char *actor;
    struct uuid token_id;
    const char *request_id;
    int64_t now; /* business instants; updated_at is never before the wall clock */
};

struct writer writer_of(const struct service *service, const struct request *request,
                        struct arena *arena);

/* Begins a transaction that says who acts and when, and runs the steps in the same round trip. */
enum err writing_begin(struct db_tx *tx, const struct writer *writer, const struct db_step *steps,
                       size_t count) MUST_CHECK;

/* One attempt at an action; context is the action's own. */
typedef enum err writing_attempt(const struct writer *writer, void *context,
                                 struct problems *problems);

/* Tries again, at most three times in all, when the database undid an attempt because of another
 * one. */
enum err writing_run(writing_attempt *attempt, const struct writer *writer, void *context,
                     struct problems *problems) MUST_CHECK;
