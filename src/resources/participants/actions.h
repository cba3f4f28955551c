/* Withdraw, defer, resume, change-schedule: one transaction each. Contract rules.md 4. */
#pragma once

#include "domain/training.h"
#include "resources/writing.h"
#include "store.h"

/* The participant as the answer of an action, in out; the enrolments of a challenged partnership
 * are not in it. */
enum err participant_withdraw(const struct writer *writer, const struct training_request *request,
                              struct arena *arena, struct participant_list *out,
                              struct problems *problems) MUST_CHECK;
enum err participant_defer(const struct writer *writer, const struct training_request *request,
                           struct arena *arena, struct participant_list *out,
                           struct problems *problems) MUST_CHECK;
enum err participant_resume(const struct writer *writer, const struct training_request *request,
                            struct arena *arena, struct participant_list *out,
                            struct problems *problems) MUST_CHECK;
enum err participant_change_schedule(const struct writer *writer,
                                     const struct training_request *request, struct arena *arena,
                                     struct participant_list *out, struct problems *problems)
    MUST_CHECK;
