/* CSV of a whole list, read in batches behind one another, each while the one before it is sent: no
 * more than two batches are held while the client reads, and no connection. Contract v1-v2.md 2.6.
 */
#pragma once

#include "resources/reading.h"

/* What a list's CSV is made of. The query ends with three parameters: the place reached, as instant
 * and id, and a limit. */
struct export_plan {
    const struct query *query;
    const struct view *view;
    size_t at_offset; /* of the instant that rows are ordered by */
    size_t id_offset; /* of the id that breaks ties */
};

/* Begins the answer with its first batch, and leaves the rest to be made while it is sent. The
 * values are the query's own parameters; what they point to must live in the arena, which is taken
 * over. */
enum err export_begin(const struct service *service, const struct request *request,
                      const struct export_plan *plan, const struct db_value *values, size_t count,
                      struct arena *arena, struct response *response) MUST_CHECK;
