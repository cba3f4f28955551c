/* The mode of the service and the standing of its database, followed by a ticker. */
#include "resources/availability.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/err.h"
#include "base/field.h"
#include "base/ticker.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/queries.h"
#include "db/row.h"
#include "log.h"

enum { PERIOD_MS = 500 };

/* Without an answer for so long, the database counts as away, whatever it was when it last spoke.
 */
static const int64_t STALE_AFTER = 2 * INSTANT_SECOND;

struct availability {
    struct db_pool *pool;
    bool is_closed_here;
    char digest[MIGRATE_DIGEST_SIZE];
    pthread_mutex_t mutex; /* of what follows */
    struct service_mode mode;
    enum database_standing standing;
    int64_t answered_at;
    enum service_openness logged; /* as the log knows it */
    bool is_pausing;              /* of the ticker's thread alone */
    struct ticker *ticker;
};

struct answer {
    struct service_mode mode;
    enum database_standing standing;
};

static enum err ask(struct availability *availability, struct answer *out)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct db_value digest = db_text(availability->digest);
    int64_t newest = migrate_newest(), applied;

    *out = (struct answer){.mode = {.openness = SERVICE_OPEN, .ends_at = INSTANT_NONE},
                           .standing = DATABASE_OLDER};
    TRY(db_tx_borrow(&tx, availability->pool));
    TRY(db_run(&tx, &sql_health_standing, &digest, 1, &rows));
    if (rows.count == 0)
        return ERR_OK;
    if (!service_mode_parse(db_get_text(&rows, 0, 0), &out->mode.openness))
        LOG_PLAIN(LOG_LEVEL_ERROR, "the mode of the service is not one of this release");
    out->mode.ends_at = db_instant_or_none(&rows, 0, 1);
    applied = db_get_int(&rows, 0, 2);
    if (applied > newest || (applied == newest && db_get_bool(&rows, 0, 3)))
        out->standing = DATABASE_GOOD;
    return ERR_OK;
}

/* Once for each change, by whichever comes to see it; with the mutex held. */
static void log_change(struct availability *availability, const struct service_mode *mode)
{
    char end[DATE_TEXT_SIZE];

    if (availability->logged == mode->openness)
        return;
    availability->logged = mode->openness;
    LOG(LOG_LEVEL_WARN, "mode", LOG_T("mode", service_mode_name(mode)),
        LOG_T("ends_at",
              mode->ends_at == INSTANT_NONE ? NULL : instant_format(mode->ends_at, end)));
}

static struct service_mode mode_now(const struct availability *availability, int64_t now)
{
    if (availability->is_closed_here)
        return (struct service_mode){.openness = SERVICE_CLOSED, .ends_at = INSTANT_NONE};
    return service_mode_at(&availability->mode, now);
}

static void take_answer(struct availability *availability, enum err err,
                        const struct answer *answer)
{
    int64_t now = instant_now();
    struct service_mode mode;

    pthread_mutex_lock(&availability->mutex);
    if (err == ERR_OK) {
        availability->mode = answer->mode;
        availability->standing = answer->standing;
    } else if (err == ERR_DB) {
        availability->standing = DATABASE_OLDER; /* it does not know the tables that are asked */
    } else if (err == ERR_DB_AWAY) {
        availability->standing = DATABASE_AWAY;
    }
    if (err == ERR_OK || err == ERR_DB)
        availability->answered_at = now;
    mode = mode_now(availability, now);
    log_change(availability, &mode);
    pthread_mutex_unlock(&availability->mutex);
}

/* After a fault every other time, so that the log of an outage can be read. */
static void follow(void *context)
{
    struct availability *availability = context;
    struct answer answer;
    enum err err;

    if (availability->is_pausing) {
        availability->is_pausing = false;
        return;
    }
    err = ask(availability, &answer);
    take_answer(availability, err, &answer);
    availability->is_pausing = err != ERR_OK;
}

struct availability *availability_new(struct db_pool *pool, bool is_closed_here)
{
    struct availability *availability = calloc(1, sizeof(*availability));

    if (availability == NULL)
        abort();
    availability->pool = pool;
    availability->is_closed_here = is_closed_here;
    availability->mode.ends_at = INSTANT_NONE;
    availability->standing = DATABASE_AWAY;
    migrate_functions_digest(availability->digest);
    pthread_mutex_init(&availability->mutex, NULL);
    follow(availability);
    availability->ticker = ticker_start(PERIOD_MS, follow, availability);
    return availability;
}

void availability_free(struct availability *availability)
{
    if (availability == NULL)
        return;
    ticker_stop(availability->ticker);
    pthread_mutex_destroy(&availability->mutex);
    free(availability);
}

struct service_mode availability_mode(struct availability *availability, int64_t now)
{
    struct service_mode mode;

    pthread_mutex_lock(&availability->mutex);
    mode = mode_now(availability, now);
    pthread_mutex_unlock(&availability->mutex);
    return mode;
}

enum database_standing availability_database(struct availability *availability, int64_t now)
{
    enum database_standing standing;
    bool is_stale;

    pthread_mutex_lock(&availability->mutex);
    standing = availability->standing;
    is_stale = now - availability->answered_at > STALE_AFTER;
    pthread_mutex_unlock(&availability->mutex);
    return is_stale ? DATABASE_AWAY : standing;
}
