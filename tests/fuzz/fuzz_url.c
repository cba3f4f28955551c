/* The raw URL of a request. */
#include "http/url.h"

#include "base/str.h"
#include "fuzz.h"

static void check_text(const char *text)
{
    PROMISE(text != NULL && str_is_utf8(text, strlen(text)));
}

/* The tree cannot be deeper than the URL is long, so walking it by recursion is safe here. */
static void check_params(const struct param *param)
{
    for (; param != NULL; param = param->next) {
        check_text(param->name);
        PROMISE(*param->name != '\0');
        PROMISE((param->type == PARAM_SCALAR) == (param->value != NULL));
        PROMISE(param->type == PARAM_HASH || param->members == NULL);
        if (param->value != NULL)
            check_text(param->value);
        check_params(param->members);
    }
}

static void check_decoding(const char *text, size_t size)
{
    char *out = malloc(size + 1);
    size_t length = 0;

    PROMISE(out != NULL);
    if (url_decode(text, size, true, out, &length))
        PROMISE(length <= size);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct arena arena = {0};
    struct url url;

    if (url_parse(&arena, text, &url) == URL_OK) {
        PROMISE(url.segment_count <= URL_SEGMENTS_MAX);
        for (size_t i = 0; i < url.segment_count; i++)
            check_text(url.segments[i]);
        if (url.extension != NULL)
            PROMISE(url.segment_count > 0 && *url.extension != '\0');
        check_params(url.params);
    }
    check_decoding(text, size);
    arena_finish(&arena);
    free(text);
    return 0;
}
