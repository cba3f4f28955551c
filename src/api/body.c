/* Parsing bodies. */
#include "api/body.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/field.h"
#include "base/str.h"

enum { DEPTH_MAX = 64 };

static bool is_json_type(const char *content_type)
{
    static const char *const types[] = {"application/json", "application/vnd.api+json",
                                        "text/x-json"};

    if (content_type == NULL)
        return false;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        size_t length = strlen(types[i]);

        if (strncasecmp(content_type, types[i], length) == 0 &&
            strchr("; \t", content_type[length]) != NULL)
            return true;
    }
    return false;
}

/* Counts brackets outside of strings, so that the parser's recursion stays bounded. */
static bool is_too_deep(const char *body, size_t length)
{
    bool is_in_string = false;
    int depth = 0;

    for (size_t i = 0; i < length; i++) {
        if (is_in_string && body[i] == '\\')
            i++;
        else if (body[i] == '"')
            is_in_string = !is_in_string;
        else if (!is_in_string && (body[i] == '{' || body[i] == '['))
            depth++;
        else if (!is_in_string && (body[i] == '}' || body[i] == ']'))
            depth--;
        if (depth > DEPTH_MAX)
            return true;
    }
    return false;
}

json_t *body_parse(const char *body, size_t length)
{
    return is_too_deep(body, length) ? NULL : json_loadb(body, length, 0, NULL);
}

json_t *body_attributes(const char *content_type, const char *body, size_t length)
{
    json_auto_t *document = NULL;
    json_t *data, *attributes;

    if (!is_json_type(content_type))
        return NULL;
    document = body_parse(body, length);
    data = json_object_get(document, "data");
    if (!json_is_object(data) || json_object_size(data) == 0)
        return NULL;
    attributes = json_object_get(data, "attributes");
    return json_is_object(attributes) ? json_incref(attributes) : json_object();
}
