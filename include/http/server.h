/* The HTTP library, wrapped: one catch-all endpoint, a thread per connection. */
#pragma once

#include "api/request.h"

struct server;

/* Starts listening; NULL, with the reason in the log, if that fails. */
struct server *server_start(const struct service *service);

/* Stops accepting, waits up to this many seconds for requests in flight, then ends. False if some
 * are still at work: then the server stands as it is, and what it uses must, too. */
bool server_stop(struct server *server, int seconds);
