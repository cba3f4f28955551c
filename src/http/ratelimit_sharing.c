/* One statement for all counts that are in use. */
#include "http/ratelimit_sharing.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/field.h"
#include "base/ticker.h"
#include "db/db.h"
#include "db/queries.h"
#include "http/ratelimit.h"

enum { SHARE_EVERY_MS = 200, COUNTS_MAX = 1000 };

static const int64_t AFTER_A_FAULT = 2 * INSTANT_SECOND;
static const int64_t TIDY_EVERY = 60 * INSTANT_SECOND;
static const int64_t KEPT_BEYOND = 300 * INSTANT_SECOND; /* clocks of instances differ */

struct rate_sharing {
    struct rate_limits *limits;
    struct db_pool *pool;
    struct uuid instance;
    struct ticker *ticker;
    int64_t not_before;
    int64_t tidy_at;
    struct rate_count counts[COUNTS_MAX];
};

/* The parameters: arrays of the same length, in PostgreSQL's text form. */
struct arrays {
    struct buf keys;
    struct buf windows;
    struct buf own; /* null where it is not news */
};

static void arrays_finish(struct arrays *arrays)
{
    buf_finish(&arrays->keys);
    buf_finish(&arrays->windows);
    buf_finish(&arrays->own);
}

static void add_count(struct arrays *arrays, const struct rate_count *count)
{
    char separator = arrays->keys.length == 0 ? '{' : ',';
    char window[DATE_TEXT_SIZE];

    buf_add_char(&arrays->keys, separator);
    for (size_t i = 0; i < RATE_KEY_SIZE; i++)
        buf_printf(&arrays->keys, "%02x", count->key.bytes[i]);
    buf_add_char(&arrays->windows, separator);
    buf_add_text(&arrays->windows, instant_format_us(count->window, window));
    buf_add_char(&arrays->own, separator);
    if (count->is_news)
        buf_add_int(&arrays->own, count->own);
    else
        buf_add_text(&arrays->own, "NULL");
}

static struct db_value ended(struct buf *array)
{
    buf_add_char(array, '}');
    return db_text(buf_terminate(array));
}

static enum err exchange(struct rate_sharing *sharing, size_t count)
{
    AUTO(arrays_finish) struct arrays arrays = {0};
    AUTO(db_tx_finish) struct db_tx tx = {0};
    AUTO(db_rows_finish) struct db_rows rows = {0};

    for (size_t i = 0; i < count; i++)
        add_count(&arrays, &sharing->counts[i]);
    const struct db_value values[] = {db_uuid(&sharing->instance), ended(&arrays.keys),
                                      ended(&arrays.windows), ended(&arrays.own)};
    TRY(db_tx_borrow(&tx, sharing->pool));
    TRY(db_run(&tx, &sql_rate_limits_exchange, values, COUNT_OF(values), &rows));
    for (int i = 0; i < rows.count; i++)
        sharing->counts[db_get_int(&rows, i, 0)].others = db_get_int(&rows, i, 1);
    rate_limits_learn(sharing->limits, sharing->counts, count);
    return ERR_OK;
}

static enum err tidy(struct rate_sharing *sharing, int64_t now)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    struct db_value before =
        db_instant(rate_limits_oldest_window(sharing->limits, now) - KEPT_BEYOND);

    sharing->tidy_at = now + TIDY_EVERY;
    TRY(db_tx_borrow(&tx, sharing->pool));
    return db_run(&tx, &sql_rate_limits_tidy, &before, 1, NULL);
}

/* A fault has been logged where it was found; it is not looked for again at once. */
static void share(void *context)
{
    struct rate_sharing *sharing = context;
    int64_t now = instant_now();
    enum err err = ERR_OK;
    size_t count;

    if (now < sharing->not_before && now > sharing->not_before - AFTER_A_FAULT)
        return;
    count = rate_limits_gather(sharing->limits, now, sharing->counts, COUNTS_MAX);
    if (count > 0)
        err = exchange(sharing, count);
    if (count > 0 && err == ERR_OK && now >= sharing->tidy_at)
        err = tidy(sharing, now);
    if (err != ERR_OK)
        sharing->not_before = now + AFTER_A_FAULT;
}

struct rate_sharing *rate_sharing_start(struct rate_limits *limits, struct db_pool *pool)
{
    struct rate_sharing *sharing = calloc(1, sizeof(*sharing));

    if (sharing == NULL)
        abort();
    sharing->limits = limits;
    sharing->pool = pool;
    sharing->instance = uuid_random();
    sharing->ticker = ticker_start(SHARE_EVERY_MS, share, sharing);
    return sharing;
}

void rate_sharing_stop(struct rate_sharing *sharing)
{
    if (sharing == NULL)
        return;
    ticker_stop(sharing->ticker);
    free(sharing);
}
