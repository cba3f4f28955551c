/* What a balancer asks before it sends requests. */
#include "ready.h"

#include <string.h>

#include "base/date.h"
#include "db/db.h"
#include "resources/availability.h"

/* Adds a name to a JSON array of names that has begun. */
static void add_wrong(struct buf *out, const char *name)
{
    if (out->length > 0)
        buf_add_char(out, ',');
    buf_add_json_string(out, name, strlen(name));
}

void ready_show(const struct service *service, const struct request *request,
                struct response *response)
{
    AUTO(buf_finish) struct buf wrong = {0};
    int64_t now = instant_now();
    struct service_mode mode = availability_mode(service->availability, now);
    enum database_standing database = availability_database(service->availability, now);

    if (database == DATABASE_AWAY)
        add_wrong(&wrong, "database");
    if (database == DATABASE_OLDER)
        add_wrong(&wrong, "migration");
    if (db_pool_is_stuck(service->pool))
        add_wrong(&wrong, "pool");
    if (request->is_draining)
        add_wrong(&wrong, "draining");
    response->status = wrong.length == 0 ? 200 : 503;
    response->content_type = "application/json";
    response->cache_control = "no-cache";
    buf_printf(&response->body, "{\"ready\":%s,\"wrong\":[", wrong.length == 0 ? "true" : "false");
    if (wrong.length > 0)
        buf_add(&response->body, wrong.data, wrong.length);
    buf_printf(&response->body, "],\"mode\":\"%s\"}", service_mode_name(&mode));
}
