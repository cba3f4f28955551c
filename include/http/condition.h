/* Conditional requests: tags, "nothing new" (304), and compressed pages that need not be read
 * again. The tag of a GET is made of who asks, for what, of the number that the database raises
 * when anything shown there changes (db/functions/42_change_numbers.sql), and of what the clock
 * changes: so it is known before the page is read. That the number is read first, and the page
 * later, is what makes a tag sound: a body may be newer than its tag, and is then sent once more;
 * it is never older. Contract platform.md 5.4, 5.6. */
#pragma once

#include <stdbool.h>

#include "api/request.h"
#include "db/db.h"
#include "http/tag.h"
#include "resources/reading.h"

struct conditions;

/* What all requests share: which program this is, and the pages that are kept. */
struct conditions *conditions_new(const struct config *config);
void conditions_free(struct conditions *conditions); /* accepts NULL */

/* One request's. A zeroed struct asks for nothing. */
struct condition {
    const char *if_none_match; /* as sent; NULL: not at all */
    bool accepts_gzip;
    bool is_counted;       /* its tag comes from a number; what follows is for such requests */
    bool is_kept;          /* its answer came out of the cache, compressed */
    struct digest subject; /* who asks, and for what */
    struct db_value scope;
    struct db_rows rows;
    struct prelude prelude;
};

void condition_finish(struct condition *condition);

/* Once caller and operation are known: has the number read with the request's first query. */
void condition_begin(struct condition *condition, const struct service *service,
                     struct request *request);

/* Reads the number by itself where that may save the page, and fills the response if it does: with
 * 304, or with a page that is kept. */
enum err condition_answer(struct condition *condition, const struct service *service,
                          const struct request *request, struct response *response,
                          bool *is_answered) MUST_CHECK;

/* Of a finished answer: its tag, 304 instead of it, its compression. */
void condition_end(struct condition *condition, const struct service *service,
                   struct request *request, struct response *response);
