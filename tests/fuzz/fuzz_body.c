/* The JSON body of a write, and texts written back as JSON. */
#include "api/body.h"

#include <jansson.h>

#include "base/buf.h"
#include "base/str.h"
#include "fuzz.h"

static int depth_of(const json_t *value)
{
    int deepest = 0;
    const char *key;
    json_t *item;
    size_t i;

    json_array_foreach(value, i, item) {
        int depth = depth_of(item);

        deepest = depth > deepest ? depth : deepest;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key,
                        item) { /* jansson's iterators take no const */
        int depth = depth_of(item);

        deepest = depth > deepest ? depth : deepest;
    }
    return json_is_array(value) || json_is_object(value) ? deepest + 1 : 0;
}

/* A text comes back from the JSON string that is made of it. */
static void check_string(const char *bytes, size_t size)
{
    struct buf out = {0};
    json_t *again;

    buf_add_json_string(&out, bytes, size);
    again = json_loadb(out.data, out.length, JSON_DECODE_ANY, NULL);
    if (str_is_utf8(bytes, size))
        PROMISE(json_string_length(again) == size &&
                memcmp(json_string_value(again), bytes, size) == 0);
    json_decref(again);
    buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    json_t *attributes = body_attributes("application/vnd.api+json", text, size);

    PROMISE(attributes == NULL || json_is_object(attributes));
    PROMISE(depth_of(attributes) <= 62);
    json_decref(attributes);
    json_decref(body_attributes(text, text, size));
    check_string(text, size);
    free(text);
    return 0;
}
