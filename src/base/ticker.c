/* A periodic thread. */
#include "base/ticker.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct ticker {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_stopping;
    bool is_woken;
    int period_ms;
    void (*work)(void *context);
    void *context;
};

/* True when the ticker is to stop; false after a period, or when it was woken. Called with the
 * mutex held. */
static bool wait_a_period(struct ticker *ticker)
{
    struct timespec until;
    int result = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ticker->period_ms / 1000;
    until.tv_nsec += (long)(ticker->period_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!ticker->is_stopping && !ticker->is_woken && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&ticker->wake, &ticker->mutex, &until);
    ticker->is_woken = false;
    return ticker->is_stopping;
}

static void *tick(void *context)
{
    struct ticker *ticker = context;

    pthread_mutex_lock(&ticker->mutex);
    while (!wait_a_period(ticker)) {
        pthread_mutex_unlock(&ticker->mutex);
        ticker->work(ticker->context);
        pthread_mutex_lock(&ticker->mutex);
    }
    pthread_mutex_unlock(&ticker->mutex);
    return NULL;
}

struct ticker *ticker_start(int period_ms, void (*work)(void *context), void *context)
{
    struct ticker *ticker = calloc(1, sizeof(*ticker));
    pthread_condattr_t attributes;

    if (ticker == NULL)
        abort();
    ticker->period_ms = period_ms;
    ticker->work = work;
    ticker->context = context;
    pthread_mutex_init(&ticker->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&ticker->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&ticker->thread, NULL, tick, ticker) != 0)
        abort();
    return ticker;
}

void ticker_wake(struct ticker *ticker)
{
    pthread_mutex_lock(&ticker->mutex);
    ticker->is_woken = true;
    pthread_cond_signal(&ticker->wake);
    pthread_mutex_unlock(&ticker->mutex);
}

void ticker_stop(struct ticker *ticker)
{
    if (ticker == NULL)
        return;
    pthread_mutex_lock(&ticker->mutex);
    ticker->is_stopping = true;
    pthread_cond_signal(&ticker->wake);
    pthread_mutex_unlock(&ticker->mutex);
    pthread_join(ticker->thread, NULL);
    pthread_cond_destroy(&ticker->wake);
    pthread_mutex_destroy(&ticker->mutex);
    free(ticker);
}
