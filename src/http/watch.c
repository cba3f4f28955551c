/* Slow clients end, whatever they do: the library's own time-out sees only silent ones. */
#include "watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/date.h"
#include "base/field.h"
#include "base/ticker.h"

enum { WRITE_TIMEOUT = 300 }; /* seconds in which an answer must have been read */

/* A client connection, and by when its client must have moved on. Written by the connection's own
 * thread, read by others. */
struct watched {
    int fd;
    _Atomic(void *) request;      /* what Ulfius keeps of the request that is read or answered;
                                     NULL between requests */
    atomic_int_fast64_t deadline; /* INSTANT_NONE while we are at work */
    struct watched *previous;
    struct watched *next;
};

struct watch {
    int request_timeout;
    pthread_mutex_t mutex; /* of the list of connections */
    struct watched *connections;
    struct ticker *ticker;
};

/* The connection that this thread serves: Ulfius does not pass it on to the handler. */
static _Thread_local struct watched *current;

static struct watched *watched_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

static void set_deadline(struct watched *watched, int seconds)
{
    if (watched != NULL)
        atomic_store(&watched->deadline,
                     seconds == 0 ? INSTANT_NONE : instant_now() + seconds * INSTANT_SECOND);
}

static int next_request_within(const struct watch *watch)
{
    return WATCH_IDLE_TIMEOUT + watch->request_timeout;
}

static void add_connection(struct watch *watch, struct MHD_Connection *connection, void **context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct watched *watched = calloc(1, sizeof(*watched));

    if (watched == NULL)
        abort();
    watched->fd = info->connect_fd;
    set_deadline(watched, next_request_within(watch));
    pthread_mutex_lock(&watch->mutex);
    watched->next = watch->connections;
    if (watched->next != NULL)
        watched->next->previous = watched;
    watch->connections = watched;
    pthread_mutex_unlock(&watch->mutex);
    *context = watched;
}

static void remove_connection(struct watch *watch, struct watched *watched)
{
    pthread_mutex_lock(&watch->mutex);
    if (watched->previous != NULL)
        watched->previous->next = watched->next;
    else
        watch->connections = watched->next;
    if (watched->next != NULL)
        watched->next->previous = watched->previous;
    pthread_mutex_unlock(&watch->mutex);
    free(watched);
}

/* A request that the library had no memory to refuse ends here, without having been completed. */
static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct watched *watched = *socket_context;
    void *request;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        add_connection(context, connection, socket_context);
    } else if (watched != NULL) {
        request = atomic_load(&watched->request);
        if (request != NULL)
            mhd_request_completed(NULL, connection, &request, MHD_REQUEST_TERMINATED_WITH_ERROR);
        remove_connection(context, watched);
    }
}

/* The request line was read: the whole request must follow in time. */
static void *on_request_line(void *context, const char *uri, struct MHD_Connection *connection)
{
    const struct watch *watch = context;
    void *request = ulfius_uri_logger(NULL, uri);

    current = watched_of(connection);
    atomic_store(&current->request, request);
    set_deadline(current, watch->request_timeout);
    return request;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    struct watched *watched = watched_of(connection);

    atomic_store(&watched->request, NULL);
    set_deadline(watched, next_request_within(context));
    mhd_request_completed(NULL, connection, request_context, code);
}

void watch_request_begun(void)
{
    set_deadline(current, 0);
}

void watch_request_answered(void)
{
    set_deadline(current, WRITE_TIMEOUT);
}

size_t watch_in_flight(struct watch *watch)
{
    size_t count = 0;

    pthread_mutex_lock(&watch->mutex);
    for (const struct watched *watched = watch->connections; watched != NULL;
         watched = watched->next)
        count += atomic_load(&watched->request) != NULL;
    pthread_mutex_unlock(&watch->mutex);
    return count;
}

bool watch_is_any_in_flight(struct watch *watch)
{
    return watch_in_flight(watch) > 0;
}

static void end_late_connections(void *context)
{
    struct watch *watch = context;
    int64_t now = instant_now();

    pthread_mutex_lock(&watch->mutex);
    for (const struct watched *watched = watch->connections; watched != NULL;
         watched = watched->next) {
        int64_t deadline = atomic_load(&watched->deadline);

        if (deadline != INSTANT_NONE && deadline < now)
            shutdown(watched->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&watch->mutex);
}

struct watch *watch_new(int request_timeout)
{
    struct watch *watch = calloc(1, sizeof(*watch));

    if (watch == NULL)
        abort();
    watch->request_timeout = request_timeout;
    pthread_mutex_init(&watch->mutex, NULL);
    watch->ticker = ticker_start(1000, end_late_connections, watch);
    return watch;
}

void watch_free(struct watch *watch)
{
    ticker_stop(watch->ticker);
    pthread_mutex_destroy(&watch->mutex);
    free(watch);
}

void watch_options(struct watch *watch, struct MHD_OptionItem out[WATCH_OPTIONS])
{
    out[0] = (struct MHD_OptionItem){MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, watch};
    out[1] = (struct MHD_OptionItem){MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_request_line, watch};
    out[2] = (struct MHD_OptionItem){MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, watch};
}
