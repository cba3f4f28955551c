/* What is done to the record of requests. */
#include "db/queries.h"
#include "resources/purging.h"
#include "resources/requests.h"

enum err requests_purge(struct db_pool *pool, int64_t before, int64_t *count)
{
    return purge(pool, &sql_requests_purge, before, count);
}
