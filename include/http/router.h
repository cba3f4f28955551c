/* The gates that every request passes, in the contract's order (platform.md 2), and the answer's
 * common parts. */
#pragma once

#include "api/request.h"
#include "base/address.h"

/* What the server knows of a request before it is understood. Header values are NULL where there is
 * none. */
struct raw_request {
    const char *method;
    const char *url;
    const char *body;
    size_t body_length;
    bool is_body_too_large;
    size_t header_length; /* of all headers together */
    bool is_secure;       /* HTTPS, here or at a proxy that is trusted */
    bool is_draining;     /* what has come is answered, then the service stops */
    const char *remote_ip;
    struct address peer;       /* the other end of the connection, whoever it speaks for */
    const char *forwarded_for; /* X-Forwarded-For, however often and in whatever case it came */
    const char *(*header)(const void *context, const char *name);
    const void *context;
};

/* Fills request and response; never fails: faults become answers. Everything lives as long as
 * request->arena. */
void router_handle(const struct service *service, const struct raw_request *raw,
                   struct request *request, struct response *response);

/* Methods that are not known are answered with 405, known ones without a route with 404. */
bool router_knows_method(const char *method);
