/* The open connections: who is too slow, and who waits for an answer. Private to src/http, as it
 * names types of the HTTP library. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <ulfius.h>

struct watch;

enum { WATCH_IDLE_TIMEOUT = 60 }; /* seconds without a byte */

/* Watches until it is freed. A request must arrive within request_timeout seconds of its first
 * line. */
struct watch *watch_new(int request_timeout);
void watch_free(struct watch *watch);

enum { WATCH_OPTIONS = 3 };

/* What the library must call for it. */
void watch_options(struct watch *watch, struct MHD_OptionItem out[WATCH_OPTIONS]);

/* On the thread of a connection: its request has arrived, and takes as long as it takes; its answer
 * is made, and must be read in time. */
void watch_request_begun(void);
void watch_request_answered(void);

/* Has any client sent a request that is not answered whole? */
bool watch_is_any_in_flight(struct watch *watch);

/* Requests that are being read or answered now. */
size_t watch_in_flight(struct watch *watch);
