/* Compressed pages, kept for those who ask for the same again before anything has changed. Safe to
 * use from all threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "http/tag.h"

struct page_cache;

enum { PAGE_MAX = 512 * 1024 }; /* bytes; a longer page is not kept */

/* Keeps so many bytes at most; with 0 it keeps nothing. What was not asked for longest goes first.
 */
struct page_cache *page_cache_new(size_t bytes);
void page_cache_free(struct page_cache *cache); /* accepts NULL */

/* Is there a page of this subject (who asks, and for what), of whatever state of the data? */
bool page_cache_knows(struct page_cache *cache, const struct digest *subject);

/* Adds a subject's page to the buffer if it is that of this tag. */
bool page_cache_find(struct page_cache *cache, const struct digest *subject, const struct tag *tag,
                     struct buf *out);

/* Keeps a copy, in the place of the subject's earlier page. */
void page_cache_keep(struct page_cache *cache, const struct digest *subject, const struct tag *tag,
                     const struct buf *page);

/* What it holds now, its own needs included. */
size_t page_cache_bytes(struct page_cache *cache);
