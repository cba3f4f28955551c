/* The SQL calls of participants. */
#pragma once

#include "domain/training.h"
#include "resources/exporting.h"
#include "resources/reading.h"
#include "resources/writing.h"
#include "view.h"

/* What a list of participants is narrowed to; NULL does not narrow. */
struct participant_filters {
    const char *training_status;
    bool has_earlier_id;
    struct uuid earlier_id; /* from_participant_id; UUID_NONE matches nobody */
};

/* Participants, in the order in which they are shown; texts live as long as the readings. */
struct participant_list {
    struct reading enrolments;
    struct reading id_changes;
    struct participant *participants;
    size_t count;
    struct uuid acted_on; /* by an action: the training record */
};

void participant_list_finish(struct participant_list *list);

enum err participants_page(struct participant_list *out, const struct service *service,
                           struct arena *arena, const struct uuid *lead_provider,
                           const struct list_request *list,
                           const struct participant_filters *filters) MUST_CHECK;

enum err participants_find(struct participant_list *out, const struct service *service,
                           struct arena *arena, const struct uuid *lead_provider,
                           const struct uuid *id, const struct list_request *list,
                           const struct participant_filters *filters) MUST_CHECK;

/* Versions 1 and 2: training records instead of people, as enrolment rows. */
enum err flat_participants_page(struct reading *out, const struct service *service,
                                struct arena *arena, const struct uuid *lead_provider,
                                const struct list_request *list) MUST_CHECK;
enum err flat_participants_find(struct reading *out, const struct service *service,
                                struct arena *arena, const struct uuid *lead_provider,
                                const struct uuid *id, const struct list_request *list) MUST_CHECK;

/* All of them as CSV; the arena, in which the list's cohorts are, is taken over. */
enum err flat_participants_export(const struct service *service, const struct request *request,
                                  struct arena *arena, const struct list_request *list,
                                  struct response *response) MUST_CHECK;

/* A training record as the answer of an action. */
enum err flat_participants_acted(struct reading *out, const struct service *service,
                                 struct arena *arena, const struct uuid *lead_provider,
                                 const struct uuid *participant, const struct uuid *training_record)
    MUST_CHECK;

/* Begins the transaction of an action: locks the participant, then loads what decides. state is
 * what a reason would be for: withdrawn or deferred. */
enum err training_begin(struct db_tx *tx, const struct writer *writer,
                        const struct training_request *request, const char *state,
                        struct arena *arena, struct training_facts *out) MUST_CHECK;

/* Gives the training record that status with the provider, reads the participant back, and commits.
 */
enum err training_write(struct db_tx *tx, const struct writer *writer,
                        const struct training_facts *facts, const char *status, const char *reason,
                        struct arena *arena, struct participant_list *out) MUST_CHECK;

/* The same for a change of schedule. */
enum err schedule_begin(struct db_tx *tx, const struct writer *writer,
                        const struct training_request *request, struct arena *arena,
                        struct schedule_facts *out, struct uuid *school_id) MUST_CHECK;
enum err schedule_write(struct db_tx *tx, const struct writer *writer,
                        const struct schedule_facts *facts,
                        const struct schedule_decision *decision, const char *schedule_identifier,
                        const struct uuid *school_id, struct arena *arena,
                        struct participant_list *out) MUST_CHECK;
