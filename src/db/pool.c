/* The pool: few connections, first come first served, with a deadline. */
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/date.h"
#include "base/metrics.h"
#include "log.h"

/* One thread that waits; lives on its stack. */
struct waiter {
    pthread_cond_t turn;
    bool is_served;
    struct waiter *next;
};

struct db_pool {
    struct db_pool_options options;
    pthread_mutex_t mutex;
    struct db_connection **idle; /* a stack: the warmest is used again */
    int idle_count;
    int lent_count;
    int waiting_count;
    int64_t moved_at; /* when a connection was lent or came back last */
    struct waiter *first;
    struct waiter *last;
};

struct db_pool *db_pool_new(const struct db_pool_options *options)
{
    struct db_pool *pool = calloc(1, sizeof(*pool));

    if (pool == NULL)
        abort();
    pool->options = *options;
    pool->idle = calloc((size_t)options->size, sizeof(struct db_connection *));
    if (pool->idle == NULL)
        abort();
    pthread_mutex_init(&pool->mutex, NULL);
    return pool;
}

void db_pool_free(struct db_pool *pool)
{
    if (pool == NULL)
        return;
    for (int i = 0; i < pool->idle_count; i++)
        db_connection_close(pool->idle[i]);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->idle);
    free(pool);
}

struct db_pool_use db_pool_look(struct db_pool *pool)
{
    struct db_pool_use use;

    pthread_mutex_lock(&pool->mutex);
    use = (struct db_pool_use){pool->options.size, pool->lent_count, pool->waiting_count};
    pthread_mutex_unlock(&pool->mutex);
    return use;
}

static struct timespec deadline_after(int milliseconds)
{
    struct timespec deadline;

    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += milliseconds / 1000;
    deadline.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000;
    }
    return deadline;
}

static void leave_queue(struct db_pool *pool, const struct waiter *leaving)
{
    struct waiter **link = &pool->first;
    struct waiter *previous = NULL;

    while (*link != leaving) {
        previous = *link;
        link = &previous->next;
    }
    *link = leaving->next;
    if (pool->last == leaving)
        pool->last = previous;
}

/* Waits with the mutex held until a place is handed over. */
static enum err wait_for_turn(struct db_pool *pool, int64_t *waited)
{
    struct waiter self = {.is_served = false};
    struct timespec deadline = deadline_after(pool->options.wait_ms);
    pthread_condattr_t attributes;
    int64_t start = instant_now();
    int result = 0;

    pool->waiting_count++;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self.turn, &attributes);
    /* self leaves the queue before this function does: when it is served, or below */
    if (pool->last != NULL)
        pool->last->next = &self;
    else
        pool->first = &self; /* cppcheck-suppress autoVariables */
    pool->last = &self;      /* cppcheck-suppress autoVariables */
    while (!self.is_served && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&self.turn, &pool->mutex, &deadline);
    if (!self.is_served)
        leave_queue(pool, &self);
    pthread_cond_destroy(&self.turn);
    pthread_condattr_destroy(&attributes);
    pool->waiting_count--;
    *waited = instant_now() - start;
    return self.is_served ? ERR_OK : ERR_DB_BUSY;
}

/* Passes a place on: the connection it had, if any, is on the idle stack. */
static void serve_next(struct db_pool *pool)
{
    struct waiter *next = pool->first;

    if (next == NULL)
        return;
    pool->first = next->next;
    if (pool->first == NULL)
        pool->last = NULL;
    next->is_served = true;
    pool->lent_count++;
    pthread_cond_signal(&next->turn);
}

/* Takes a place, and an idle connection with it where there is one. */
static enum err take_place(struct db_pool *pool, struct db_connection **out)
{
    enum err err = ERR_OK;
    int64_t waited = 0;

    pthread_mutex_lock(&pool->mutex);
    if (pool->first == NULL && pool->lent_count < pool->options.size)
        pool->lent_count++;
    else
        err = wait_for_turn(pool, &waited);
    if (err == ERR_OK)
        pool->moved_at = instant_now();
    if (err == ERR_OK && pool->idle_count > 0)
        *out = pool->idle[--pool->idle_count];
    pthread_mutex_unlock(&pool->mutex);
    metrics_observe(pool->options.metrics, METRIC_DB_POOL_WAIT, NULL, waited);
    return err;
}

static void give_place_back(struct db_pool *pool, struct db_connection *connection)
{
    pthread_mutex_lock(&pool->mutex);
    if (connection != NULL)
        pool->idle[pool->idle_count++] = connection;
    pool->lent_count--;
    pool->moved_at = instant_now();
    serve_next(pool);
    pthread_mutex_unlock(&pool->mutex);
}

bool db_pool_is_stuck(struct db_pool *pool)
{
    bool is_stuck;

    pthread_mutex_lock(&pool->mutex);
    is_stuck = pool->lent_count == pool->options.size &&
               instant_now() - pool->moved_at > pool->options.wait_ms * (INSTANT_SECOND / 1000) / 2;
    pthread_mutex_unlock(&pool->mutex);
    return is_stuck;
}

/* An idle connection has nothing to say; one that has says why the server ends it. */
static bool is_alive(const struct db_connection *connection)
{
    struct pollfd pollfd = {.fd = PQsocket(connection->pg), .events = POLLIN};

    return poll(&pollfd, 1, 0) == 0;
}

enum err db_tx_borrow(struct db_tx *tx, struct db_pool *pool)
{
    struct db_connection *connection = NULL;
    enum err err = take_place(pool, &connection);

    if (err != ERR_OK)
        return log_fault(err, "pool", "no connection became free in time");
    if (connection != NULL && !is_alive(connection)) {
        db_connection_close(connection);
        connection = NULL;
    }
    if (connection == NULL)
        err = db_connection_open(&pool->options, &connection);
    if (err != ERR_OK) {
        give_place_back(pool, NULL);
        return err;
    }
    *tx = (struct db_tx){.pool = pool, .connection = connection};
    return ERR_OK;
}

enum err db_tx_begin(struct db_tx *tx, struct db_pool *pool)
{
    TRY(db_tx_borrow(tx, pool));
    TRY(db_script(tx, "BEGIN"));
    tx->is_open = true;
    return ERR_OK;
}

enum err db_tx_commit(struct db_tx *tx)
{
    tx->is_open = false;
    return db_script(tx, "COMMIT");
}

void db_tx_finish(struct db_tx *tx)
{
    struct db_connection *connection = tx->connection;

    if (connection == NULL)
        return;
    if (!connection->is_broken && PQtransactionStatus(connection->pg) != PQTRANS_IDLE)
        PQclear(PQexec(connection->pg, "ROLLBACK"));
    if (connection->is_broken || PQtransactionStatus(connection->pg) != PQTRANS_IDLE) {
        db_connection_close(connection);
        connection = NULL;
    }
    give_place_back(tx->pool, connection);
    *tx = (struct db_tx){0};
}
