/* participant-declarations. */
#include "actions.h"
#include "api/attributes.h"
#include "api/versions.h"
#include "base/metrics.h"
#include "resources/registry.h"
#include "store.h"
#include "view.h"

/* What differs between the versions: which filters are lists, and whether updated_since includes
 * the instant itself. */
static void parse_filters(const struct request *request, struct arena *arena,
                          struct list_request *list, struct declaration_filters *out,
                          struct problems *problems)
{
    out->is_v3 = request->version == V3;
    list_parse_filters(request, arena, list, problems);
    if (out->is_v3) {
        out->participants =
            list_parse_uuids(request, arena, "participant_id", &out->participant_count, problems);
        out->delivery_partners = list_parse_uuids(request, arena, "delivery_partner_id",
                                                  &out->delivery_partner_count, problems);
    } else {
        out->participants =
            list_parse_uuid(request, arena, "participant_id", &out->participant_count);
        list->updated_since++; /* strictly after: instants have whole microseconds */
    }
}

static enum err declarations_index(const struct service *service, const struct request *request,
                                   struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct declaration_filters filters = {0};
    struct list_request list = {0};

    parse_filters(request, &arena, &list, &filters, &response->problems);
    if (!reading_wants_csv(request))
        list_parse_page(request, &list, &response->problems);
    if (response->problems.count > 0)
        return ERR_OK;
    if (reading_wants_csv(request))
        return declarations_export(service, request, &arena, &list, &filters, response);
    TRY(declarations_page(&reading, service, &arena, &request->caller.lead_provider_id, &list,
                          &filters));
    reading_show_list(service, request, &reading, &declarations_view,
                      sizeof(struct declaration_row), response);
    return ERR_OK;
}

static enum err declarations_show(const struct service *service, const struct request *request,
                                  struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {.prelude = request->prelude};
    struct declaration_filters filters = {0};
    struct list_request list = {0};
    struct uuid id;

    parse_filters(request, &arena, &list, &filters, &response->problems);
    if (response->problems.count > 0 || !reading_id(request, response, &id))
        return ERR_OK;
    TRY(declarations_find(&reading, service, &arena, &request->caller.lead_provider_id, &id, &list,
                          &filters));
    reading_show_one(service, request, &reading, &declarations_view, response);
    return ERR_OK;
}

/* What became of a declaration, in the metrics. */
static void count(const struct service *service, const struct request *request, const char *type,
                  const char *result)
{
    const char *known = declaration_type_known(type);

    metrics_count(
        service->metrics, METRIC_DECLARATIONS,
        METRIC_LABELS(version_name(request->version), known == NULL ? "other" : known, result));
}

static enum err declarations_create(const struct service *service, const struct request *request,
                                    struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    const struct json_t *attributes = request->attributes;
    struct writer writer = writer_of(service, request, &arena);
    struct declaration_request declared = {
        .participant_id = attribute_text(attributes, "participant_id", &arena),
        .declaration_type = attribute_text(attributes, "declaration_type", &arena),
        .course_identifier = attribute_text(attributes, "course_identifier", &arena),
        .evidence_held = attribute_text(attributes, "evidence_held", &arena),
    };

    declaration_read_date(&declared, attribute_text(attributes, "declaration_date", &arena),
                          attribute_is_string(attributes, "declaration_date"));
    refuse_if(&response->problems, attributes == NULL, NULL, PROBLEM_DATA);
    if (response->problems.count == 0)
        TRY(declaration_create(&writer, &declared, &arena, &reading, &response->problems));
    count(service, request, declared.declaration_type,
          response->problems.count == 0 ? "accepted" : "refused");
    if (response->problems.count == 0)
        reading_show_one(service, request, &reading, &declarations_view, response);
    return ERR_OK;
}

static enum err declarations_void(const struct service *service, const struct request *request,
                                  struct response *response)
{
    AUTO(arena_finish) struct arena arena = {0};
    AUTO(reading_finish) struct reading reading = {0};
    struct writer writer = writer_of(service, request, &arena);
    const struct declaration_row *voided;
    struct uuid id;

    if (!reading_id(request, response, &id))
        return ERR_OK;
    TRY(declaration_void(&writer, &id, &arena, &reading, &response->problems));
    if (response->problems.count == 0)
        reading_show_one(service, request, &reading, &declarations_view, response);
    voided = reading.rows;
    if (response->problems.count == 0)
        count(service, request, voided->declaration_type, "voided");
    return ERR_OK;
}

const struct handler declarations_handlers[] = {
    {"declarations_index", declarations_index},
    {"declarations_show", declarations_show},
    {"declarations_create", declarations_create},
    {"declarations_void", declarations_void},
    {0},
};
