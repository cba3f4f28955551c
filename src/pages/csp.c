/* Reports are written by browsers, or by anybody: only known members are logged, cut short. */
#include "csp.h"

#include <jansson.h>
#include <string.h>

#include "api/body.h"
#include "base/field.h"
#include "log.h"

enum { CHARACTERS_MAX = 2000 };

/* The queries of addresses can hold anything about anybody, so they stay out of the log. */
static const struct {
    const char *name;
    bool is_address;
} members[] = {
    {"blocked-uri", true},          {"disposition", false},     {"document-uri", true},
    {"effective-directive", false}, {"original-policy", false}, {"referrer", true},
    {"script-sample", false},       {"status-code", false},     {"violated-directive", false},
};

/* The bytes of so many characters of UTF-8. */
static size_t cut(const char *text, size_t length)
{
    size_t characters = 0;

    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] & 0xc0u) != 0x80u && ++characters > CHARACTERS_MAX)
            return i;
    return length;
}

/* Neither text nor a whole number: null. */
static struct log_field loggable(struct arena *arena, size_t member, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t length;

    if (json_is_integer(value))
        return LOG_N(members[member].name, json_integer_value(value));
    if (text == NULL)
        return LOG_T(members[member].name, NULL);
    length = members[member].is_address ? strcspn(text, "?#") : strlen(text);
    return LOG_T(members[member].name, arena_strndup(arena, text, cut(text, length)));
}

void csp_receive(struct request *request, struct response *response)
{
    json_auto_t *document = body_parse(request->body, request->body_length);
    const json_t *report = json_object_get(document, "csp-report");
    struct log_field fields[COUNT_OF(members) + 3];
    size_t count = 0;

    response->status = 204;
    if (!json_is_object(report))
        return;
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const json_t *value = json_object_get(report, members[i].name);

        if (value != NULL)
            fields[count++] = loggable(&request->arena, i, value);
    }
    fields[count++] = LOG_T("request_id", request->request_id);
    fields[count++] = LOG_T("remote_ip", request->remote_ip);
    fields[count] = (struct log_field){0};
    log_fields(LOG_LEVEL_WARN, "content security policy violated", fields);
}
