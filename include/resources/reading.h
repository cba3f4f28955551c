/* What the resources' reads share: run a query, fill rows, show them. */
#pragma once

#include "api/list.h"
#include "api/render.h"
#include "api/request.h"
#include "db/db.h"
#include "db/row.h"

/* What a request has read before its first query, in the same round trip: its rows are never newer
 * than those of the query. They belong to the one who asks. */
struct prelude {
    struct db_step step;
    bool is_done;
};

/* For an answer that needs no query, or another one first: the prelude by itself, if there is one
 * still to run. */
enum err prelude_run(const struct service *service, const struct request *request) MUST_CHECK;

/* Rows of one query as an array of row structs; texts live as long as the result. A zeroed struct
 * may be finished. */
struct reading {
    struct prelude *prelude; /* of the request, where this may be its first query; NULL: none */
    struct db_rows result;
    void *rows;
    size_t count;
};

void reading_finish(struct reading *reading);

/* Runs a query on a connection of the pool, which is given back before anything is shown. */
enum err reading_run(struct reading *reading, const struct service *service, struct arena *arena,
                     const struct query *query, const struct db_value *values, size_t value_count)
    MUST_CHECK;

/* Fills the rows of a result that was read some other way. */
void reading_take(struct reading *reading, struct arena *arena, const struct query *query);

struct view_context view_context_of(const struct service *service, const struct request *request);

/* Was the list asked for as CSV? */
bool reading_wants_csv(const struct request *request);

/* The id of the path as a UUID. False, with 404 refused, if it is none. */
bool reading_id(const struct request *request, struct response *response, struct uuid *out);

/* The whole answer of a list, and of a show: 404 without a row. */
void reading_show_list(const struct service *service, const struct request *request,
                       const struct reading *reading, const struct view *view, size_t row_size,
                       struct response *response);
void reading_show_one(const struct service *service, const struct request *request,
                      const struct reading *reading, const struct view *view,
                      struct response *response);

/* Is the page so far behind the first one that rows should not be skipped one by one? */
bool reading_is_far(const struct list_request *list);

/* Optional parameters of a list query; each null where the list was not asked for it. */
struct db_value reading_cohorts(const struct list_request *list);
struct db_value reading_since(const struct list_request *list);
