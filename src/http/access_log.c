/* What of a request may be written down. */
#include "http/access_log.h"

#include <string.h>

#include "api/openapi.h"
#include "base/date.h"
#include "base/field.h"
#include "base/str.h"
#include "http/router.h"
#include "log.h"

/* A path can hold anything: only that of a known operation is logged, with its id if that is one,
 * or of a page. */
const char *access_log_path(struct request *request, const struct response *response)
{
    const char *path, *brace;
    struct uuid uuid;

    if (request->operation == NULL && response->status == 200)
        return arena_strndup(&request->arena, request->url, strcspn(request->url, "?"));
    if (request->operation == NULL)
        return "(unrouted)";
    path = request->operation->path;
    brace = strchr(path, '{');
    if (brace == NULL || request->id == NULL || !uuid_parse(request->id, &uuid))
        return path;
    return arena_printf(&request->arena, "%.*s%s%s", (int)(brace - path), path, request->id,
                        strchr(brace, '}') + 1);
}

static bool is_list_of_years(const char *text)
{
    static const char digits[] = "0123456789";

    while (strspn(text, digits) == 4 && text[4] == ',')
        text += 5;
    return strspn(text, digits) == 4 && text[4] == '\0';
}

static bool is_instant(const char *text)
{
    int64_t instant;

    return instant_parse(text, &instant);
}

/* Shorter than what numbers people: a TRN has seven digits. */
static bool is_small_number(const char *text)
{
    int64_t number;

    return str_parse_int(text, 0, 999999, &number);
}

static bool is_known_word(const char *text)
{
    static const char *const words[] = {"active", "deferred", "withdrawn", "ecf", "npq"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_equal(words[i], text))
            return true;
    return false;
}

/* The members of filter[...] and page[...] that are logged, where their value is of the form that
 * is meant. */
static const struct {
    const char *name;
    bool (*is_harmless)(const char *text);
} loggable[] = {
    {"cohort", is_list_of_years},       {"updated_since", is_instant},
    {"training_status", is_known_word}, {"type", is_known_word},
    {"urn", is_small_number},           {"page", is_small_number},
    {"per_page", is_small_number},
};

bool access_log_shows(const struct param *param)
{
    for (size_t i = 0; i < COUNT_OF(loggable); i++)
        if (str_equal(loggable[i].name, param->name))
            return param->type == PARAM_SCALAR && loggable[i].is_harmless(param->value);
    return false;
}

static void add_param(struct buf *out, const struct param *param)
{
    buf_add_char(out, out->length > 1 ? ',' : '{');
    buf_add_json_string(out, param->name, strlen(param->name));
    buf_add_char(out, ':');
    buf_add_json_string(out, param->value, strlen(param->value));
}

static const char *loggable_params(struct request *request)
{
    struct buf out = {0};
    const char *text;

    for (const struct param *group = request->params; group != NULL; group = group->next)
        for (const struct param *param = group->members; param != NULL; param = param->next)
            if (access_log_shows(param))
                add_param(&out, param);
    if (out.length == 0)
        buf_add_char(&out, '{');
    buf_add_char(&out, '}');
    text = arena_strdup(&request->arena, buf_terminate(&out));
    buf_finish(&out);
    return text;
}

/* A method can be any word, too. */
const char *access_log_method(const struct request *request)
{
    if (request->is_head)
        return "HEAD";
    return router_knows_method(request->method) ? request->method : "-";
}

void access_log_write(struct request *request, const struct response *response, int64_t duration,
                      int64_t db)
{
    static const char *const kinds[] = {[CALLER_LEAD_PROVIDER] = "LeadProvider",
                                        [CALLER_ENGAGE_AND_LEARN] = "EngageAndLearn",
                                        [CALLER_DATA_STUDIO] = "DataStudio",
                                        [CALLER_NPQ_REGISTRATION] = "NPQRegistration"};
    const struct caller *caller = &request->caller;
    bool is_known = !uuid_is_none(&caller->token_id);
    bool is_provider = is_known && !uuid_is_none(&caller->lead_provider_id);
    char id[UUID_TEXT_SIZE], date[DATE_TEXT_SIZE];
    const char *path, *method;
    const char *faults = response->status < 500    ? NULL
                         : response->status == 503 ? "unavailable"
                                                   : "internal";

    if (!log_is_wanted(LOG_LEVEL_INFO))
        return;
    path = access_log_path(request, response);
    method = access_log_method(request);
    LOG(LOG_LEVEL_INFO, arena_printf(&request->arena, "[%d] %s %s", response->status, method, path),
        LOG_T("method", method), LOG_T("path", path), LOG_J("params", loggable_params(request)),
        LOG_N("status", response->status), LOG_MS("duration", duration), LOG_MS("db", db),
        LOG_T("format",
              request->extension != NULL && str_equal(request->extension, "csv") ? "csv" : "json"),
        LOG_T("operation", request->operation == NULL ? NULL : request->operation->name),
        LOG_T("request_id", request->request_id), LOG_T("remote_ip", request->remote_ip),
        LOG_T("current_user_class", is_known ? kinds[caller->kind] : NULL),
        LOG_T("current_user_id", is_provider ? uuid_format(&caller->lead_provider_id, id) : NULL),
        LOG_T("server_date", request->has_server_date ? instant_format(request->now, date) : NULL),
        LOG_T("exception", faults));
}
