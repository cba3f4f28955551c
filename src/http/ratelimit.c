/* Windows and counts, in memory. */
#include "http/ratelimit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "api/request.h"
#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "config.h"
#include "http/url.h"
#include "pages/notify.h"

enum {
    OWNERS_MAX = 1024, /* only those who hold a token: there will never be so many */
    ADDRESSES_MAX = 16384,
    CSP_REPORTS_LIMIT = 5,
    CSP_REPORTS_PERIOD = 60,
};

/* A count that is not asked for needs not be fresh: the next request makes it so. */
static const int64_t OF_INTEREST = 10 * INSTANT_SECOND;

enum holder { HOLDER_OWNER, HOLDER_ADDRESS, HOLDERS };

/* In the order of a key's bytes. */
enum { KEY_RULE, KEY_HOLDER, KEY_ID };

/* The count of one key in one window. */
struct entry {
    struct rate_key key;
    bool is_refusal_noted;
    int64_t window;
    int64_t own;
    int64_t told; /* what the other instances may know of own */
    int64_t others;
    int64_t used_at;
    struct entry *newer;
    struct entry *older;
    struct entry *next; /* in the same bucket */
};

/* As many entries as there is room for, in the order of their last use. */
struct shelf {
    size_t capacity; /* a power of two, also the number of buckets */
    size_t used;
    struct entry *entries;
    struct entry **buckets;
    struct entry *newest;
    struct entry *oldest;
};

struct rate_limits {
    struct {
        int limit;
        int period;
    } rules[RATE_RULES];
    atomic_llong refused[RATE_RULES];
    uint64_t seed; /* nobody outside knows which addresses share a bucket */
    pthread_mutex_t mutex;
    struct shelf shelves[HOLDERS];
};

/* ---- rules, windows, keys
 * -------------------------------------------------------------------------------------------- */

enum rate_rule rate_rule_of(const char *method, const char *const *segments, size_t count)
{
    if (count == 0)
        return RATE_WEB;
    if (notify_is_callback(method, segments, count))
        return RATE_RULES;
    if (str_equal(segments[0], "api"))
        return RATE_API;
    if (count > 1)
        return RATE_WEB;
    if (str_equal(method, "GET") && url_is_probe_name(segments[0]))
        return RATE_RULES;
    return str_equal(segments[0], "csp_reports") ? RATE_CSP_REPORTS : RATE_WEB;
}

const char *rate_rule_name(enum rate_rule rule)
{
    static const char *const names[] = {
        [RATE_API] = "api", [RATE_WEB] = "web", [RATE_CSP_REPORTS] = "csp_reports"};

    return names[rule];
}

int64_t rate_window_start(int64_t now, int period)
{
    int64_t length = period * INSTANT_SECOND;
    int64_t since = now % length;

    return now - (since < 0 ? since + length : since);
}

int64_t rate_window_left(int64_t now, int period)
{
    int64_t end = rate_window_start(now, period) + period * INSTANT_SECOND;

    return (end - now + INSTANT_SECOND - 1) / INSTANT_SECOND;
}

static struct rate_key make_key(enum rate_rule rule, enum holder holder, const void *id,
                                size_t length)
{
    struct rate_key key = {{[KEY_RULE] = (uint8_t)rule, [KEY_HOLDER] = (uint8_t)holder}};

    memcpy(key.bytes + KEY_ID, id, length);
    return key;
}

struct rate_key rate_key_of_caller(enum rate_rule rule, const struct caller *caller)
{
    const struct uuid *provider = &caller->lead_provider_id;
    uint8_t kind = (uint8_t)caller->kind;

    return uuid_is_none(provider)
               ? make_key(rule, HOLDER_OWNER, &kind, sizeof(kind))
               : make_key(rule, HOLDER_OWNER, provider->bytes, sizeof(provider->bytes));
}

struct rate_key rate_key_of_address(enum rate_rule rule, const struct address *address)
{
    return make_key(rule, HOLDER_ADDRESS, address->bytes, sizeof(address->bytes));
}

/* ---- shelves
 * -------------------------------------------------------------------------------------------- */

static void *allocated(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        abort();
    return memory;
}

static void shelf_init(struct shelf *shelf, size_t capacity)
{
    *shelf = (struct shelf){
        .capacity = capacity,
        .entries = allocated(capacity, sizeof(struct entry)),
        .buckets = allocated(capacity, sizeof(struct entry *)),
    };
}

static void shelf_finish(struct shelf *shelf)
{
    free(shelf->entries);
    free(shelf->buckets);
}

static struct entry **bucket_of(struct rate_limits *limits, struct shelf *shelf,
                                const struct rate_key *key)
{
    uint64_t hash = limits->seed;

    for (size_t i = 0; i < RATE_KEY_SIZE; i++)
        hash = (hash ^ key->bytes[i]) * 0x100000001b3u;
    return &shelf->buckets[(hash ^ hash >> 32) & (shelf->capacity - 1)];
}

static struct shelf *shelf_of(struct rate_limits *limits, const struct rate_key *key)
{
    return &limits->shelves[key->bytes[KEY_HOLDER]];
}

static struct entry *find(struct rate_limits *limits, const struct rate_key *key)
{
    struct entry *entry = *bucket_of(limits, shelf_of(limits, key), key);

    while (entry != NULL && memcmp(&entry->key, key, sizeof(*key)) != 0)
        entry = entry->next;
    return entry;
}

static void leave_order(struct shelf *shelf, struct entry *entry)
{
    *(entry->newer != NULL ? &entry->newer->older : &shelf->newest) = entry->older;
    *(entry->older != NULL ? &entry->older->newer : &shelf->oldest) = entry->newer;
    entry->newer = entry->older = NULL;
}

static void become_newest(struct shelf *shelf, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = shelf->newest;
    *(shelf->newest != NULL ? &shelf->newest->newer : &shelf->oldest) = entry;
    shelf->newest = entry;
}

/* Forgets the entry that was not used for the longest time. */
static struct entry *take_oldest(struct rate_limits *limits, struct shelf *shelf)
{
    struct entry *entry = shelf->oldest;
    struct entry **link = bucket_of(limits, shelf, &entry->key);

    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    leave_order(shelf, entry);
    return entry;
}

static struct entry *add(struct rate_limits *limits, const struct rate_key *key)
{
    struct shelf *shelf = shelf_of(limits, key);
    struct entry **bucket = bucket_of(limits, shelf, key);
    struct entry *entry =
        shelf->used < shelf->capacity ? &shelf->entries[shelf->used++] : take_oldest(limits, shelf);

    *entry = (struct entry){.key = *key, .next = *bucket};
    *bucket = entry;
    become_newest(shelf, entry);
    return entry;
}

/* ---- counting
 * -------------------------------------------------------------------------------------------- */

struct rate_limits *rate_limits_new(const struct config *config)
{
    struct rate_limits *limits = allocated(1, sizeof(*limits));
    struct uuid random = uuid_random();

    limits->rules[RATE_API].limit = config->rate_limit_api;
    limits->rules[RATE_API].period = config->rate_limit_period;
    limits->rules[RATE_WEB].limit = config->rate_limit_web;
    limits->rules[RATE_WEB].period = config->rate_limit_period;
    limits->rules[RATE_CSP_REPORTS].limit = CSP_REPORTS_LIMIT;
    limits->rules[RATE_CSP_REPORTS].period = CSP_REPORTS_PERIOD;
    memcpy(&limits->seed, random.bytes, sizeof(limits->seed));
    pthread_mutex_init(&limits->mutex, NULL);
    shelf_init(&limits->shelves[HOLDER_OWNER], OWNERS_MAX);
    shelf_init(&limits->shelves[HOLDER_ADDRESS], ADDRESSES_MAX);
    return limits;
}

void rate_limits_free(struct rate_limits *limits)
{
    if (limits == NULL)
        return;
    for (size_t i = 0; i < HOLDERS; i++)
        shelf_finish(&limits->shelves[i]);
    pthread_mutex_destroy(&limits->mutex);
    free(limits);
}

/* The key's entry, with the counts of this window. */
static struct entry *use_entry(struct rate_limits *limits, const struct rate_key *key,
                               int64_t window, int64_t now)
{
    struct shelf *shelf = shelf_of(limits, key);
    struct entry *entry = find(limits, key);

    if (entry == NULL)
        entry = add(limits, key);
    if (entry->window != window) {
        entry->window = window;
        entry->own = entry->told = entry->others = 0;
        entry->is_refusal_noted = false;
    }
    entry->used_at = now;
    leave_order(shelf, entry);
    become_newest(shelf, entry);
    return entry;
}

struct rate_verdict rate_limits_take(struct rate_limits *limits, const struct rate_key *key,
                                     int64_t now)
{
    enum rate_rule rule = key->bytes[KEY_RULE];
    int limit = limits->rules[rule].limit;
    int period = limits->rules[rule].period;
    struct rate_verdict verdict = {
        .limit = limit, .period = period, .seconds_left = rate_window_left(now, period)};
    struct entry *entry;
    int64_t count;

    pthread_mutex_lock(&limits->mutex);
    entry = use_entry(limits, key, rate_window_start(now, period), now);
    count = ++entry->own + entry->others;
    verdict.is_refused = count > limit;
    verdict.is_first_refusal = verdict.is_refused && !entry->is_refusal_noted;
    entry->is_refusal_noted = verdict.is_refused;
    pthread_mutex_unlock(&limits->mutex);
    verdict.remaining = verdict.is_refused ? 0 : limit - count;
    if (verdict.is_refused)
        atomic_fetch_add(&limits->refused[rule], 1);
    return verdict;
}

int64_t rate_limits_refused(const struct rate_limits *limits, enum rate_rule rule)
{
    return atomic_load(&limits->refused[rule]);
}

/* ---- sharing
 * -------------------------------------------------------------------------------------------- */

static bool is_running(const struct rate_limits *limits, const struct entry *entry, int64_t now)
{
    int period = limits->rules[entry->key.bytes[KEY_RULE]].period;

    return entry->window == rate_window_start(now, period);
}

size_t rate_limits_gather(struct rate_limits *limits, int64_t now, struct rate_count *out,
                          size_t max)
{
    size_t count = 0;

    pthread_mutex_lock(&limits->mutex);
    for (size_t i = 0; i < HOLDERS; i++)
        for (const struct entry *entry = limits->shelves[i].newest;
             entry != NULL && entry->used_at > now - OF_INTEREST && count < max;
             entry = entry->older)
            if (is_running(limits, entry, now))
                out[count++] = (struct rate_count){.key = entry->key,
                                                   .window = entry->window,
                                                   .own = entry->own,
                                                   .is_news = entry->own != entry->told};
    pthread_mutex_unlock(&limits->mutex);
    return count;
}

void rate_limits_learn(struct rate_limits *limits, const struct rate_count *counts, size_t count)
{
    pthread_mutex_lock(&limits->mutex);
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = find(limits, &counts[i].key);

        if (entry == NULL || entry->window != counts[i].window)
            continue;
        entry->told = counts[i].own;
        if (counts[i].others > entry->others)
            entry->others = counts[i].others;
    }
    pthread_mutex_unlock(&limits->mutex);
}

int64_t rate_limits_oldest_window(const struct rate_limits *limits, int64_t now)
{
    int64_t oldest = now;

    for (size_t i = 0; i < RATE_RULES; i++) {
        int64_t start = rate_window_start(now, limits->rules[i].period);

        oldest = start < oldest ? start : oldest;
    }
    return oldest;
}
