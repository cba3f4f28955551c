/* A recorded request as its lead provider is shown it: no body, no query, no headers. */
#pragma once

#include "api/render.h"

struct api_request_row {
    struct uuid id;
    int64_t created_at;
    const char *method;
    const char *path;
    const char *status;       /* a JSON number */
    const char *error_titles; /* a JSON list */
    const char *duration_ms;  /* a JSON number */
    const char *request_id;
};

extern const struct view api_requests_view;
