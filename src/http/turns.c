/* A small table by lead provider; whoever comes later takes the place. */
#include "http/turns.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/field.h"

enum { PLACES = 256 };

struct place {
    struct uuid provider;
    struct turn turn;
};

struct turns {
    pthread_mutex_t mutex;
    struct place places[PLACES];
};

struct turns *turns_new(void)
{
    struct turns *turns = calloc(1, sizeof(*turns));

    if (turns == NULL)
        abort();
    pthread_mutex_init(&turns->mutex, NULL);
    return turns;
}

void turns_free(struct turns *turns)
{
    if (turns == NULL)
        return;
    pthread_mutex_destroy(&turns->mutex);
    free(turns);
}

/* An id's last byte is as good as random. */
static struct place *place_of(struct turns *turns, const struct uuid *provider)
{
    return &turns->places[provider->bytes[sizeof(provider->bytes) - 1] % PLACES];
}

/* The clock may stand before what was looked up, where a client sets it. */
static bool holds(const struct turn *turn, int64_t number, int64_t now)
{
    return turn->number == number && (turn->last == INSTANT_NONE || turn->last <= now) &&
           (turn->next == INSTANT_NONE || now < turn->next);
}

bool turns_find(struct turns *turns, const struct uuid *provider, int64_t number, int64_t now,
                int64_t *last)
{
    const struct place *place = place_of(turns, provider);
    bool is_known;

    pthread_mutex_lock(&turns->mutex);
    is_known = uuid_equal(&place->provider, provider) && holds(&place->turn, number, now);
    *last = place->turn.last;
    pthread_mutex_unlock(&turns->mutex);
    return is_known;
}

void turns_keep(struct turns *turns, const struct uuid *provider, const struct turn *turn)
{
    pthread_mutex_lock(&turns->mutex);
    *place_of(turns, provider) = (struct place){*provider, *turn};
    pthread_mutex_unlock(&turns->mutex);
}
