/* Which versions are outdated, and since when. */
#include "api/versions.h"

#include <string.h>

#include "api/openapi.h"
#include "base/field.h"
#include "base/uuid.h"

/* Version 3 has done all that lead providers did with these since June 2023. */
static const struct {
    int version;
    const char *deprecated_at; /* seconds since 1970 */
} outdated[] = {
    {V1, "@1685577600"},
    {V2, "@1685577600"},
};

static const char *deprecated_at(int version)
{
    for (size_t i = 0; i < COUNT_OF(outdated); i++)
        if (outdated[i].version == version)
            return outdated[i].deprecated_at;
    return NULL;
}

/* The same address in the later version; NULL if the id is none. What is no UUID never goes into a
 * header. */
static const char *successor_of(const char *template, struct request *request)
{
    const char *gap = strstr(template, "{id}");
    struct uuid id;
    char text[UUID_TEXT_SIZE];

    if (gap == NULL)
        return template;
    if (request->id == NULL || !uuid_parse(request->id, &id))
        return NULL;
    return arena_printf(&request->arena, "%.*s%s%s", (int)(gap - template), template,
                        uuid_format(&id, text), gap + strlen("{id}"));
}

void version_headers(struct response *response, struct request *request)
{
    const struct operation *operation = request->operation;
    const char *date = operation == NULL ? NULL : deprecated_at(operation->version);
    const char *successor;

    if (date == NULL || operation->successor == NULL)
        return;
    response_add_header(response, "Deprecation", date);
    successor = successor_of(operation->successor, request);
    if (successor != NULL)
        response_add_header(
            response, "Link",
            arena_printf(&request->arena, "<%s>; rel=\"successor-version\"", successor));
}

const char *version_name(int version)
{
    return version == V1 ? "v1" : version == V2 ? "v2" : "v3";
}
