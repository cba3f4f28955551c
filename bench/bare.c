/* The ruler of HTTP: libmicrohttpd in the service's threading mode, answering GET or POST /N with N bytes. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 64 * 1024 * 1024 };

static char *body;
static int has_begun;

/* Called once with the headers, once for each piece of a body, once at its end: that is when it answers. */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **request)
{
    struct MHD_Response *response;
    enum MHD_Result result;
    size_t length = strtoul(url + 1, NULL, 10);

    (void)context, (void)method, (void)version, (void)upload;
    if (*request == NULL) {
        *request = &has_begun;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    response = MHD_create_response_from_buffer(length < BODY_MAX ? length : BODY_MAX, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json; charset=utf-8");
    result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_USE_ITC;
    struct MHD_Daemon *daemon;
    sigset_t signals;
    int received;

    if (argc != 2) {
        fputs("usage: bare PORT\n", stderr);
        return 64;
    }
    address.sin_port = htons((unsigned short)atoi(argv[1]));
    body = malloc(BODY_MAX);
    if (body == NULL)
        return 1;
    memset(body, ' ', BODY_MAX);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    daemon = MHD_start_daemon(flags, address.sin_port, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &address,
                              MHD_OPTION_CONNECTION_LIMIT, 1000U, MHD_OPTION_CONNECTION_TIMEOUT, 60U,
                              MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536, MHD_OPTION_THREAD_STACK_SIZE,
                              (size_t)524288, MHD_OPTION_END);
    if (daemon == NULL)
        return 1;
    sigwait(&signals, &received);
    MHD_stop_daemon(daemon);
    return 0;
}
