/* A hash table of pages, in a list by when they were last asked for. */
#include "http/page_cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

struct page {
    struct page *next_in_bucket;
    struct page *newer, *older;
    struct digest subject;
    struct tag tag;
    size_t length;
    char bytes[];
};

struct page_cache {
    pthread_mutex_t mutex;
    size_t max;
    size_t held;
    struct page *newest, *oldest;
    struct page *buckets[BUCKETS];
};

struct page_cache *page_cache_new(size_t bytes)
{
    struct page_cache *cache = calloc(1, sizeof(*cache));

    if (cache == NULL)
        abort();
    cache->max = bytes;
    pthread_mutex_init(&cache->mutex, NULL);
    return cache;
}

void page_cache_free(struct page_cache *cache)
{
    if (cache == NULL)
        return;
    for (struct page *page = cache->newest, *older; page != NULL; page = older) {
        older = page->older;
        free(page);
    }
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

static size_t size_of(const struct page *page)
{
    return sizeof(*page) + page->length;
}

/* Subjects are digests: their first bytes are as good as any hash. */
static struct page **link_to(struct page_cache *cache, const struct digest *subject)
{
    uint32_t hash;
    struct page **link;

    memcpy(&hash, subject->bytes, sizeof(hash));
    link = &cache->buckets[hash % BUCKETS];
    while (*link != NULL && memcmp(&(*link)->subject, subject, sizeof(*subject)) != 0)
        link = &(*link)->next_in_bucket;
    return link;
}

static void leave_list(struct page_cache *cache, const struct page *page)
{
    if (page->newer != NULL)
        page->newer->older = page->older;
    else
        cache->newest = page->older;
    if (page->older != NULL)
        page->older->newer = page->newer;
    else
        cache->oldest = page->newer;
}

static void become_newest(struct page_cache *cache, struct page *page)
{
    page->newer = NULL;
    page->older = cache->newest;
    if (cache->newest != NULL)
        cache->newest->newer = page;
    else
        cache->oldest = page;
    cache->newest = page;
}

static void drop(struct page_cache *cache, struct page *page)
{
    *link_to(cache, &page->subject) = page->next_in_bucket;
    leave_list(cache, page);
    cache->held -= size_of(page);
    free(page);
}

bool page_cache_knows(struct page_cache *cache, const struct digest *subject)
{
    bool is_known;

    if (cache->max == 0)
        return false;
    pthread_mutex_lock(&cache->mutex);
    is_known = *link_to(cache, subject) != NULL;
    pthread_mutex_unlock(&cache->mutex);
    return is_known;
}

bool page_cache_find(struct page_cache *cache, const struct digest *subject, const struct tag *tag,
                     struct buf *out)
{
    struct page *page;
    bool is_there;

    pthread_mutex_lock(&cache->mutex);
    page = *link_to(cache, subject);
    is_there = page != NULL && memcmp(&page->tag, tag, sizeof(*tag)) == 0;
    if (is_there) {
        buf_add(out, page->bytes, page->length);
        leave_list(cache, page);
        become_newest(cache, page);
    }
    pthread_mutex_unlock(&cache->mutex);
    return is_there;
}

static struct page *page_new(const struct digest *subject, const struct tag *tag,
                             const struct buf *from)
{
    struct page *page = malloc(sizeof(*page) + from->length);

    if (page == NULL)
        abort();
    page->subject = *subject;
    page->tag = *tag;
    memcpy(page->bytes, from->data, from->length);
    page->length = from->length;
    return page;
}

static void add(struct page_cache *cache, struct page *page)
{
    struct page *earlier = *link_to(cache, &page->subject);
    struct page **link;

    if (earlier != NULL)
        drop(cache, earlier);
    cache->held += size_of(page);
    while (cache->held > cache->max && cache->oldest != NULL) {
        assert(cache->oldest->older == NULL);
        drop(cache, cache->oldest);
    }
    link = link_to(cache, &page->subject);
    page->next_in_bucket = *link;
    *link = page;
    become_newest(cache, page);
}

void page_cache_keep(struct page_cache *cache, const struct digest *subject, const struct tag *tag,
                     const struct buf *page)
{
    struct page *copy;

    if (page->length > PAGE_MAX || sizeof(struct page) + page->length > cache->max)
        return;
    copy = page_new(subject, tag, page);
    pthread_mutex_lock(&cache->mutex);
    add(cache, copy);
    pthread_mutex_unlock(&cache->mutex);
}

size_t page_cache_bytes(struct page_cache *cache)
{
    size_t held;

    pthread_mutex_lock(&cache->mutex);
    held = cache->held;
    pthread_mutex_unlock(&cache->mutex);
    return held;
}
