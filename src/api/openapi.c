/* Operations out of the embedded OpenAPI documents. */
#include "api/openapi.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/field.h"
#include "base/str.h"
#include "embedded.h"

enum { OPERATIONS_MAX = 160, DOCUMENTS_MAX = 8 };

struct openapi {
    struct arena arena;
    struct operation operations[OPERATIONS_MAX];
    size_t count;
    json_t *documents[DOCUMENTS_MAX];
    size_t document_count;
};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

/* Follows a $ref of the form #/components/<section>/<name>, if there is one. */
static const json_t *resolve(const json_t *document, const json_t *node)
{
    const char *ref = json_string_value(json_object_get(node, "$ref"));
    const json_t *target = json_object_get(document, "components");
    const char *slash;

    if (ref == NULL)
        return node;
    ref += strlen("#/components/");
    slash = strchr(ref, '/');
    if (slash == NULL)
        return NULL;
    target = json_object_getn(target, ref, (size_t)(slash - ref));
    return json_object_get(target, slash + 1);
}

static void read_segments(struct openapi *openapi, struct operation *operation)
{
    const char *cursor = operation->path;

    while (*cursor != '\0' && operation->segment_count < OPERATION_SEGMENTS_MAX) {
        size_t length = strcspn(cursor + 1, "/");

        operation->segments[operation->segment_count++] =
            arena_strndup(&openapi->arena, cursor + 1, length);
        cursor += 1 + length;
    }
}

static void read_filter(const json_t *document, const json_t *parameter,
                        struct operation *operation)
{
    const json_t *schema = resolve(document, json_object_get(parameter, "schema"));
    json_t *properties = json_object_get(schema, "properties");
    const json_t *required = json_object_get(schema, "required");
    const json_t *item;
    const char *name;
    size_t i;

    json_object_foreach(properties, name, item)
        if (operation->filter_count < OPERATION_FILTERS_MAX)
            operation->filters[operation->filter_count++] = name;
    json_array_foreach(required, i, item)
        if (operation->required_filter_count < OPERATION_FILTERS_MAX)
            operation->required_filters[operation->required_filter_count++] =
                json_string_value(item);
}

static void read_parameters(const json_t *document, const json_t *node, struct operation *operation)
{
    const json_t *parameter;
    size_t i;

    json_array_foreach(json_object_get(node, "parameters"), i, parameter) {
        const json_t *resolved = resolve(document, parameter);

        if (str_equal(text_of(resolved, "in"), "query") &&
            str_equal(text_of(resolved, "name"), "filter"))
            read_filter(document, resolved, operation);
    }
}

/* A member of a schema's properties, with references followed. */
static const json_t *property(const json_t *document, const json_t *schema, const char *name)
{
    return resolve(document, json_object_get(json_object_get(schema, "properties"), name));
}

/* The names under data.attributes of a body. */
static void read_body(const json_t *document, const json_t *node, struct operation *operation)
{
    const json_t *body = resolve(document, json_object_get(node, "requestBody"));
    const json_t *content = json_object_get(json_object_get(body, "content"), "application/json");
    const json_t *schema = resolve(document, json_object_get(content, "schema"));
    json_t *properties = json_object_get(
        property(document, property(document, schema, "data"), "attributes"), "properties");
    size_t count = 0;
    const char *name;
    json_t *item;

    operation->has_body = body != NULL;
    json_object_foreach(properties, name, item)
        if (count < OPERATION_ATTRIBUTES_MAX)
            operation->attributes[count++] = name;
}

static bool has_csv(const json_t *document, const json_t *node)
{
    const json_t *response =
        resolve(document, json_object_get(json_object_get(node, "responses"), "200"));

    return json_object_get(json_object_get(response, "content"), "text/csv") != NULL;
}

static bool read_access(const char *text, enum access *out)
{
    static const char *const names[] = {
        [ACCESS_ECF] = "ecf", [ACCESS_ECF_OR_NPQ] = "ecf-or-npq", [ACCESS_PRIVATE] = "private"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_equal(names[i], text)) {
            *out = (enum access)i;
            return true;
        }
    }
    return false;
}

/* Without a word of it, any change counts. */
static bool read_changes(const json_t *node, enum changes *out)
{
    static const char *const names[] = {[CHANGES_OF_ANYTHING] = "anything",
                                        [CHANGES_OF_PROVIDER] = "provider",
                                        [CHANGES_OF_PROVIDER_AND_CLOCK] = "provider-and-clock",
                                        [CHANGES_UNCOUNTED] = "uncounted"};

    if (json_object_get(node, "x-changes") == NULL) {
        *out = CHANGES_OF_ANYTHING;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_equal(names[i], text_of(node, "x-changes"))) {
            *out = (enum changes)i;
            return true;
        }
    }
    return false;
}

static const struct handler *find_handler(const struct handler *const *tables, const char *name)
{
    for (; *tables != NULL; tables++)
        for (const struct handler *handler = *tables; handler->name != NULL; handler++)
            if (str_equal(handler->name, name))
                return handler;
    return NULL;
}

static const char *upper_case(struct openapi *openapi, const char *text)
{
    char *copy = arena_strdup(&openapi->arena, text);

    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return copy;
}

static int version_of(const char *path)
{
    if (str_starts_with(path, "/api/v1/"))
        return V1;
    return str_starts_with(path, "/api/v2/") ? V2 : V3;
}

/* What an operation lacks, or NULL. */
static const char *what_is_wrong(const struct openapi *openapi, const json_t *node,
                                 const struct handler *handler, struct operation *operation)
{
    if (openapi->count == OPERATIONS_MAX)
        return "is one operation too many";
    if (handler == NULL)
        return "names no handler that there is in x-handler";
    if (json_array_size(json_object_get(node, "security")) == 0)
        return "has no security";
    if (!read_access(text_of(node, "x-access"), &operation->access))
        return "does not say in x-access who may call it";
    if (!read_changes(node, &operation->changes))
        return "names nothing that there is in x-changes";
    return NULL;
}

static bool add_operation(struct openapi *openapi, const json_t *document, const char *path,
                          const char *method, const json_t *node,
                          const struct handler *const *tables, FILE *err)
{
    struct operation *operation = &openapi->operations[openapi->count];
    const struct handler *handler = find_handler(tables, text_of(node, "x-handler"));
    const char *wrong = what_is_wrong(openapi, node, handler, operation);

    if (wrong != NULL) {
        fprintf(err, "openapi: %s %s %s\n", method, path, wrong);
        return false;
    }
    operation->method = upper_case(openapi, method);
    operation->path = path;
    operation->version = version_of(path);
    operation->name = handler->name;
    operation->handler = handler->function;
    operation->has_csv = has_csv(document, node);
    read_segments(openapi, operation);
    read_parameters(document, node, operation);
    read_body(document, node, operation);
    openapi->count++;
    return true;
}

static bool is_method(const char *key)
{
    static const char *const methods[] = {"get", "put", "post", "patch", "delete"};

    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_equal(methods[i], key))
            return true;
    return false;
}

static bool read_document(struct openapi *openapi, json_t *document,
                          const struct handler *const *tables, FILE *err)
{
    bool is_good = true;
    const char *path, *key;
    json_t *item, *node;

    json_object_foreach(json_object_get(document, "paths"), path, item)
        json_object_foreach(item, key, node)
            if (is_method(key) && !add_operation(openapi, document, path, key, node, tables, err))
                is_good = false;
    return is_good;
}

static bool is_used(const struct openapi *openapi, const char *name)
{
    for (size_t i = 0; i < openapi->count; i++)
        if (str_equal(openapi->operations[i].name, name))
            return true;
    return false;
}

static bool check_all_used(const struct openapi *openapi, const struct handler *const *tables,
                           FILE *err)
{
    bool is_good = true;

    for (; *tables != NULL; tables++) {
        for (const struct handler *handler = *tables; handler->name != NULL; handler++) {
            if (is_used(openapi, handler->name))
                continue;
            fprintf(err, "openapi: no operation names the handler %s\n", handler->name);
            is_good = false;
        }
    }
    return is_good;
}

/* The last version counts, and there the same handler with the same method. */
static const char *find_successor(const struct openapi *openapi, const struct operation *old)
{
    int version = old->version;
    const char *path = NULL;

    for (size_t i = 0; i < openapi->count; i++) {
        const struct operation *operation = &openapi->operations[i];

        if (operation->version <= version || operation->handler != old->handler ||
            !str_equal(operation->method, old->method))
            continue;
        version = operation->version;
        path = operation->path;
    }
    return version == V3 ? path : NULL;
}

static void find_successors(struct openapi *openapi)
{
    for (size_t i = 0; i < openapi->count; i++)
        openapi->operations[i].successor = find_successor(openapi, &openapi->operations[i]);
}

struct openapi *openapi_new(const struct handler *const *tables, FILE *err)
{
    struct openapi *openapi = calloc(1, sizeof(*openapi));
    bool is_good = true;

    if (openapi == NULL)
        abort();
    for (const struct embedded *file = embedded_openapi; file->name != NULL; file++) {
        json_t *document;

        if (!str_ends_with(file->name, ".json"))
            continue;
        document = json_loadb(file->data, *file->size, 0, NULL);
        openapi->documents[openapi->document_count++] = document;
        is_good = document != NULL && read_document(openapi, document, tables, err) && is_good;
    }
    find_successors(openapi);
    if (check_all_used(openapi, tables, err) && is_good)
        return openapi;
    openapi_free(openapi);
    return NULL;
}

void openapi_free(struct openapi *openapi)
{
    if (openapi == NULL)
        return;
    for (size_t i = 0; i < openapi->document_count; i++)
        json_decref(openapi->documents[i]);
    arena_finish(&openapi->arena);
    free(openapi);
}

/* How well a template fits: 0 not at all, 1 through {id}, 2 to the letter. */
static int fit(const struct operation *operation, const char *const *segments, size_t count,
               const char **id)
{
    int result = 2;

    if (operation->segment_count != count)
        return 0;
    for (size_t i = count; i-- > 0;) {
        if (operation->segments[i][0] == '{') {
            *id = segments[i];
            result = 1;
        } else if (!str_equal(operation->segments[i], segments[i])) {
            return 0;
        }
    }
    return result;
}

const struct operation *openapi_match(const struct openapi *openapi, const char *method,
                                      const char *const *segments, size_t segment_count,
                                      const char **id)
{
    const struct operation *best = NULL;
    int best_fit = 0;

    *id = NULL;
    for (size_t i = 0; i < openapi->count && best_fit < 2; i++) {
        const char *found = NULL;
        int this_fit = fit(&openapi->operations[i], segments, segment_count, &found);

        if (this_fit <= best_fit || !str_equal(openapi->operations[i].method, method))
            continue;
        best = &openapi->operations[i];
        best_fit = this_fit;
        *id = found;
    }
    return best;
}

const struct operation *openapi_operations(const struct openapi *openapi, size_t *count)
{
    *count = openapi->count;
    return openapi->operations;
}
