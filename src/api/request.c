/* Looking into a request, and adding to a response. */
#include "api/request.h"

#include <assert.h>

#include "base/str.h"

const struct param *param_find(const struct param *first, const char *name)
{
    for (; first != NULL; first = first->next)
        if (str_equal(first->name, name))
            return first;
    return NULL;
}

const char *param_text(const struct param *first, const char *name)
{
    const struct param *param = param_find(first, name);

    return param == NULL || param->type != PARAM_SCALAR || str_is_blank(param->value)
               ? NULL
               : param->value;
}

void response_add_header(struct response *response, const char *name, const char *value)
{
    assert(response->header_count < RESPONSE_HEADERS_MAX);
    response->headers[response->header_count++] = (struct header){name, value};
}

void response_drop_body(struct response *response)
{
    if (response->rest.finish != NULL)
        response->rest.finish(response->rest.context);
    response->rest = (struct body_source){0};
    buf_finish(&response->body);
}
