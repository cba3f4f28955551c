/* The SQL calls of participants. */
#pragma once

#include "resources/reading.h"
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
};

void participant_list_finish(struct participant_list *list);

enum err participants_page(struct participant_list *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct list_request *list,
                           const struct participant_filters *filters) MUST_CHECK;

enum err participants_find(struct participant_list *out, const struct service *service, struct arena *arena,
                           const struct uuid *lead_provider, const struct uuid *id, const struct list_request *list,
                           const struct participant_filters *filters) MUST_CHECK;
