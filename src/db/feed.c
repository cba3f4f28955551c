/* A queue of rows and the thread that empties it. */
#include "db/feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/str.h"
#include "base/ticker.h"
#include "db/copy_row.h"
#include "log.h"

/* After a failure the database is left alone for so long. */
static const int64_t PAUSE = 2 * INSTANT_SECOND;

/* Buffers that grew beyond this are not kept. */
enum { KEEP_BYTES = 1024 * 1024 };

/* Rows behind one another, each after its length (a size_t). */
struct batch {
    struct buf rows;
    size_t count;
};

struct feed {
    struct feed_options options;
    struct ticker *ticker;
    pthread_mutex_t mutex;
    struct batch waiting; /* by the mutex, as the next four */
    size_t sending_rows;  /* how much of the room is taken by those under way */
    size_t sending_bytes;
    struct feed_counts counts;
    struct batch sending; /* the ticker's alone */
    int64_t paused_until; /* the ticker's alone */
};

static size_t row_length(const char *at)
{
    size_t length;

    memcpy(&length, at, sizeof(length));
    return length;
}

/* Sends the rows between two places as one COPY; all are written or none. */
static enum err send_rows(struct db_tx *tx, const struct sql *copy, const char *from,
                          const char *to)
{
    TRY(db_copy_in_start(tx, copy->text));
    TRY(db_copy_in_data(tx, COPY_HEADER, COPY_HEADER_SIZE));
    for (; from < to; from += sizeof(size_t) + row_length(from))
        TRY(db_copy_in_data(tx, from + sizeof(size_t), row_length(from)));
    TRY(db_copy_in_data(tx, COPY_TRAILER, COPY_TRAILER_SIZE));
    return db_copy_in_end(tx);
}

/* Rows of a batch whose confirmation was lost are there already. */
static bool is_there(const struct db_tx *tx)
{
    return str_equal(db_sqlstate(tx), "23505");
}

/* One row that the database does not take must not cost the others. */
static size_t send_one_by_one(struct db_tx *tx, const struct sql *copy, const struct batch *batch)
{
    const char *end = batch->rows.data + batch->rows.length;
    size_t written = 0;

    for (const char *at = batch->rows.data; at < end; at += sizeof(size_t) + row_length(at))
        if (send_rows(tx, copy, at, at + sizeof(size_t) + row_length(at)) == ERR_OK || is_there(tx))
            written++;
    return written;
}

/* Writes the batch; how many of its rows were written. A fault that may pass leaves all of them for
 * the next try. */
static enum err write_batch(const struct feed *feed, size_t *written)
{
    AUTO(db_tx_finish) struct db_tx tx = {0};
    const struct batch *batch = &feed->sending;
    enum err err;

    TRY(db_tx_borrow(&tx, feed->options.pool));
    err =
        send_rows(&tx, feed->options.copy, batch->rows.data, batch->rows.data + batch->rows.length);
    *written = err == ERR_OK ? batch->count : 0;
    if (err != ERR_DB)
        return err;
    if (is_there(&tx) || str_starts_with(db_sqlstate(&tx), "22")) /* something in the data */
        *written = send_one_by_one(&tx, feed->options.copy, batch);
    return ERR_OK;
}

static void empty(struct batch *batch)
{
    if (batch->rows.capacity > KEEP_BYTES)
        buf_finish(&batch->rows);
    batch->rows.length = 0;
    batch->count = 0;
}

/* Takes what waits, unless the last batch is still to be sent. */
static void take(struct feed *feed)
{
    struct batch empty_one = feed->sending;

    if (feed->sending.count > 0)
        return;
    pthread_mutex_lock(&feed->mutex);
    feed->sending = feed->waiting;
    feed->waiting = empty_one;
    feed->sending_rows = feed->sending.count;
    feed->sending_bytes = feed->sending.rows.length;
    pthread_mutex_unlock(&feed->mutex);
}

static void settle(struct feed *feed, size_t written)
{
    pthread_mutex_lock(&feed->mutex);
    feed->counts.written += (int64_t)written;
    feed->counts.dropped += (int64_t)(feed->sending.count - written);
    feed->sending_rows = feed->sending_bytes = 0;
    pthread_mutex_unlock(&feed->mutex);
    empty(&feed->sending);
}

static void work(void *context)
{
    struct feed *feed = context;
    size_t written = 0;

    if (instant_now() < feed->paused_until)
        return;
    take(feed);
    if (feed->sending.count == 0)
        return;
    if (write_batch(feed, &written) == ERR_OK)
        settle(feed, written);
    else
        feed->paused_until = instant_now() + PAUSE;
}

struct feed *feed_start(const struct feed_options *options)
{
    struct feed *feed = calloc(1, sizeof(*feed));

    if (feed == NULL)
        abort();
    feed->options = *options;
    pthread_mutex_init(&feed->mutex, NULL);
    feed->ticker = ticker_start(options->period_ms, work, feed);
    return feed;
}

/* Called with the mutex held. */
static bool has_room(const struct feed *feed, size_t bytes)
{
    const struct feed_options *options = &feed->options;

    return feed->waiting.count + feed->sending_rows < options->rows_max &&
           feed->waiting.rows.length + feed->sending_bytes + bytes <= options->bytes_max;
}

void feed_add(struct feed *feed, const struct buf *row)
{
    size_t length = row->length;
    bool is_enough = false;

    pthread_mutex_lock(&feed->mutex);
    if (has_room(feed, sizeof(length) + length)) {
        buf_add(&feed->waiting.rows, (const char *)&length, sizeof(length));
        buf_add(&feed->waiting.rows, row->data, length);
        is_enough = ++feed->waiting.count == feed->options.rows_wanted;
    } else {
        feed->counts.dropped++;
    }
    pthread_mutex_unlock(&feed->mutex);
    if (is_enough)
        ticker_wake(feed->ticker);
}

struct feed_counts feed_count(struct feed *feed)
{
    struct feed_counts counts;

    pthread_mutex_lock(&feed->mutex);
    counts = feed->counts;
    counts.waiting = (int64_t)(feed->waiting.count + feed->sending_rows);
    pthread_mutex_unlock(&feed->mutex);
    return counts;
}

static void write_rest(struct feed *feed)
{
    size_t left;

    for (int i = 0; i < 2; i++) { /* what was under way, and what waited behind it */
        feed->paused_until = i == 0 ? 0 : feed->paused_until;
        work(feed);
    }
    left = feed->sending.count + feed->waiting.count;
    if (left > 0)
        LOG(LOG_LEVEL_WARN, "not written at the end", LOG_T("what", feed->options.copy->name),
            LOG_N("rows", (int64_t)left));
}

void feed_stop(struct feed *feed)
{
    if (feed == NULL)
        return;
    ticker_stop(feed->ticker);
    write_rest(feed);
    buf_finish(&feed->sending.rows);
    buf_finish(&feed->waiting.rows);
    pthread_mutex_destroy(&feed->mutex);
    free(feed);
}
