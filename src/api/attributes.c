/* Reading attributes. */
#include "api/attributes.h"

#include <jansson.h>
#include <stdlib.h>

const char *attribute_text(const json_t *attributes, const char *name, struct arena *arena)
{
    const json_t *value = json_object_get(attributes, name);
    char *text;
    const char *copy;

    if (value == NULL || json_is_null(value) || json_is_object(value) || json_is_array(value))
        return NULL;
    if (json_is_string(value))
        return arena_strndup(arena, json_string_value(value), json_string_length(value));
    text = json_dumps(value, JSON_ENCODE_ANY);
    copy = arena_strdup(arena, text);
    free(text);
    return copy;
}

bool attribute_is_string(const json_t *attributes, const char *name)
{
    return json_is_string(json_object_get(attributes, name));
}

bool attributes_are_given(const json_t *attributes)
{
    return json_object_size(attributes) > 0;
}
