/* One request and its answer, as everything above the HTTP library sees them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/problem.h"
#include "base/uuid.h"

struct availability;
struct conditions;
struct config;
struct db_pool;
struct json_t;
struct metrics;
struct operation;
struct rate_limits;
struct recorder;
struct analytics;
struct prelude;

/* What every request may use; made once by serve. */
struct service {
    const struct config *config;
    struct db_pool *pool;
    struct db_pool *health_pool;     /* one connection, short deadlines */
    struct db_pool *background_pool; /* for what runs beside requests: never waits for them */
    struct recorder *recorder;       /* NULL: requests are not recorded */
    struct analytics *analytics;     /* NULL: off */
    struct auth *auth;
    struct rate_limits *rate_limits;
    struct metrics *metrics;
    struct availability *availability;
    struct openapi *openapi;
    struct conditions *conditions; /* what tags are made of */
};

/* Who calls. Opaque and signed tokens both end here. */
struct caller {
    struct uuid token_id;
    enum caller_kind {
        CALLER_LEAD_PROVIDER,
        CALLER_ENGAGE_AND_LEARN,
        CALLER_DATA_STUDIO,
        CALLER_NPQ_REGISTRATION
    } kind;
    bool has_private_access;
    bool can_write;               /* scope read-write */
    struct uuid lead_provider_id; /* UUID_NONE for the other kinds */
    char lead_provider_name[128];
    bool has_ecf;
    bool has_npq;
};

enum param_type { PARAM_NULL, PARAM_SCALAR, PARAM_ARRAY, PARAM_HASH };

/* A query parameter, decoded; hashes have members. Contract platform.md 5.1. */
struct param {
    const char *name;
    enum param_type type;
    const char *value; /* of a scalar */
    struct param *members;
    struct param *next;
};

/* The member of that name, or NULL. */
const struct param *param_find(const struct param *first, const char *name);

/* The value if the parameter is there, scalar, and not blank; else NULL. */
const char *param_text(const struct param *first, const char *name);

struct request {
    struct arena arena;
    const char *method; /* as sent, upper case; HEAD arrives as GET with is_head */
    bool is_head;
    const char *url;       /* raw, with the query */
    const char *id;        /* {id} of the path, decoded; NULL where the path has none */
    const char *extension; /* csv, json, ...; NULL for none */
    const struct param *params;
    const struct param *filter; /* members of filter[...] */
    const char *content_type;
    const char *accept;
    const char *body;
    size_t body_length;
    struct json_t
        *attributes; /* of data.attributes, an object; NULL where the operation has no body */
    const char *request_id;
    const char *remote_ip;
    bool is_secure;
    bool is_from_operator; /* METRICS_ALLOW has who asks */
    bool is_draining;      /* the service is about to stop */
    bool has_server_date;
    int64_t now; /* the request's clock: business instants; design.md 3 */
    int version; /* V1, V2, V3 */
    const struct operation *operation;
    const char *route; /* the operation's path, or which page it was; NULL: nothing that is known */
    struct caller caller;
    struct prelude
        *prelude; /* runs before the first query (resources/reading.h); NULL: nothing does */
};

struct header {
    const char *name;
    const char *value;
};

/* The rest of a long answer, made while it is sent. next adds to the buffer; nothing added is the
 * end. */
struct body_source {
    enum err (*next)(void *context, struct buf *out);
    void (*finish)(void *context);
    void *context;
};

enum { RESPONSE_HEADERS_MAX = 16 };

struct response {
    int status;
    const char *content_type; /* NULL: none is sent */
    const char *cache_control;
    const char *vary; /* NULL: Accept-Encoding alone */
    struct buf body;
    struct body_source rest;  /* what follows body; no next: nothing */
    struct problems problems; /* what was refused; the router makes the body of it */
    bool is_page;             /* HTML, with the policy that pages need */
    bool must_close;
    bool packs_rest; /* body and rest are sent as gzip; packed while they are sent */
    size_t header_count;
    struct header headers[RESPONSE_HEADERS_MAX]; /* names and values live as long as the request */
};

void response_add_header(struct response *response, const char *name, const char *value);

/* The body goes, and what would have made the rest of it. */
void response_drop_body(struct response *response);

/* What OpenAPI's x-handler names. Fills response->body, or refuses. */
typedef enum err handler_function(const struct service *service, const struct request *request,
                                  struct response *response);

static const char CONTENT_JSON_API[] __attribute__((unused)) = "application/vnd.api+json";
