/* Splitting and decoding URLs. */
#include "http/url.h"

#include <string.h>

#include "base/field.h"
#include "base/str.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool url_decode(const char *text, size_t length, bool plus_is_blank, char *out, size_t *out_length)
{
    size_t written = 0;

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_value(text[i + 2]);

            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        out[written++] = c;
    }
    *out_length = written;
    return true;
}

/* A decoded, NUL-terminated copy. */
static enum url_result decode(struct arena *arena, const char *text, size_t length,
                              bool plus_is_blank, const char **out)
{
    char *decoded = arena_alloc(arena, length + 1);
    size_t decoded_length;

    if (!url_decode(text, length, plus_is_blank, decoded, &decoded_length))
        return URL_MALFORMED;
    if (memchr(decoded, '\0', decoded_length) != NULL)
        return URL_NULL_BYTE;
    if (!str_is_utf8(decoded, decoded_length))
        return URL_MALFORMED;
    *out = decoded;
    return URL_OK;
}

static bool is_word(const char *text)
{
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
              (*text >= '0' && *text <= '9')))
            return false;
    return true;
}

static void split_extension(struct arena *arena, struct url *url)
{
    const char **last;
    const char *dot;

    if (url->segment_count == 0)
        return;
    last = &url->segments[url->segment_count - 1];
    dot = strrchr(*last, '.');
    if (dot == NULL || dot == *last || !is_word(dot + 1))
        return;
    url->extension = dot + 1;
    *last = arena_strndup(arena, *last, (size_t)(dot - *last));
}

static enum url_result parse_path(struct arena *arena, const char *path, size_t length,
                                  struct url *out)
{
    const char *end = path + length;

    while (path < end) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        size_t segment = (size_t)((slash != NULL ? slash : end) - path);

        if (segment > 0) {
            enum url_result result;

            const char *decoded = NULL;

            result = decode(arena, path, segment, false, &decoded);
            if (result != URL_OK)
                return result;
            if (out->segment_count < URL_SEGMENTS_MAX)
                out->segments[out->segment_count++] = decoded;
        }
        path += segment + 1;
    }
    split_extension(arena, out);
    return URL_OK;
}

/* The member of that name, made if it is not there. */
static struct param *take_param(struct arena *arena, struct param **first, const char *name,
                                size_t length)
{
    struct param **link = first;

    for (; *link != NULL; link = &(*link)->next)
        if (strlen((*link)->name) == length && memcmp((*link)->name, name, length) == 0)
            return *link;
    *link = ARENA_NEW(arena, struct param);
    (*link)->name = arena_strndup(arena, name, length);
    return *link;
}

/* Turns a parameter into a container, if it is nothing yet. */
static bool become(struct param *param, enum param_type type)
{
    if (param->type == PARAM_NULL)
        param->type = type;
    return param->type == type;
}

/* Puts one pair into the tree: a[b][c]=v, a[]=v, a=v; a without = is null. */
static enum url_result add_pair(struct arena *arena, struct param **first, const char *name,
                                const char *value)
{
    const char *bracket = strchr(name, '[');
    struct param *param;

    if (bracket == name || *name == '\0')
        return URL_OK;
    param =
        take_param(arena, first, name, bracket != NULL ? (size_t)(bracket - name) : strlen(name));
    while (bracket != NULL) {
        const char *close = strchr(bracket, ']');
        const char *inner = bracket + 1;

        if (close == NULL)
            return URL_OK;
        if (close == inner)
            return become(param, PARAM_ARRAY) ? URL_OK : URL_MALFORMED;
        if (!become(param, PARAM_HASH))
            return URL_MALFORMED;
        param = take_param(arena, &param->members, inner, (size_t)(close - inner));
        bracket = close[1] == '[' ? close + 1 : NULL;
    }
    param->type = value == NULL ? PARAM_NULL : PARAM_SCALAR;
    param->value = value;
    param->members = NULL;
    return URL_OK;
}

static enum url_result parse_pair(struct arena *arena, const char *pair, size_t length,
                                  struct url *out)
{
    const char *equals = memchr(pair, '=', length);
    size_t name_length = equals != NULL ? (size_t)(equals - pair) : length;
    const char *name = NULL;
    const char *value = NULL;
    enum url_result result = decode(arena, pair, name_length, true, &name);

    if (result == URL_OK && equals != NULL)
        result = decode(arena, equals + 1, length - name_length - 1, true, &value);
    return result == URL_OK ? add_pair(arena, &out->params, name, value) : result;
}

static enum url_result parse_query(struct arena *arena, const char *query, struct url *out)
{
    while (*query != '\0') {
        size_t length = strcspn(query, "&;");
        enum url_result result = length == 0 ? URL_OK : parse_pair(arena, query, length, out);

        if (result != URL_OK)
            return result;
        query += length + (query[length] != '\0' ? 1 : 0);
    }
    return URL_OK;
}

enum url_result url_parse_path(struct arena *arena, const char *raw, struct url *out)
{
    *out = (struct url){0};
    return parse_path(arena, raw, strcspn(raw, "?"), out);
}

enum url_result url_parse_query(struct arena *arena, const char *raw, struct url *out)
{
    const char *query = strchr(raw, '?');

    return query == NULL ? URL_OK : parse_query(arena, query + 1, out);
}

enum url_result url_parse(struct arena *arena, const char *raw, struct url *out)
{
    enum url_result result = url_parse_path(arena, raw, out);

    return result == URL_OK ? url_parse_query(arena, raw, out) : result;
}

bool url_is_under(const char *raw, const char *segment)
{
    size_t length = strlen(segment);

    raw += strspn(raw, "/");
    return strncmp(raw, segment, length) == 0 && strchr("/?", raw[length]) != NULL;
}

static const char *const probes[] = {"check", "metrics", "ready"};

bool url_is_probe_name(const char *segment)
{
    for (size_t i = 0; i < COUNT_OF(probes); i++)
        if (str_equal(segment, probes[i]))
            return true;
    return false;
}

bool url_is_probe(const char *raw)
{
    for (size_t i = 0; i < COUNT_OF(probes); i++) {
        const char *rest = raw + strspn(raw, "/");

        if (!url_is_under(raw, probes[i]))
            continue;
        rest += strlen(probes[i]);
        rest += strspn(rest, "/");
        return *rest == '\0' || *rest == '?';
    }
    return false;
}
