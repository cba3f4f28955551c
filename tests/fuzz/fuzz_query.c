/* The query of a list: pages, filters, sorting, and the refusal that is made of them. */
#include <jansson.h>

#include "api/list.h"
#include "api/openapi.h"
#include "base/buf.h"
#include "base/date.h"
#include "fuzz.h"
#include "http/url.h"

static const struct operation operation = {.filters = {"cohort", "updated_since", "participant_id"},
                                           .filter_count = 3};
static const char *const columns[] = {"created_at", "updated_at", "name", "id", NULL};

static void check_list(const struct list_request *list)
{
    char text[DATE_TEXT_SIZE];
    int64_t again;

    PROMISE(list->limit >= 1 && list->limit <= 3000 && list->offset >= 0);
    for (size_t i = 0; i < list->cohort_count; i++)
        PROMISE(list->cohorts[i] > 0);
    for (size_t i = 0; i + 1 < LIST_SORT_KEYS; i++)
        PROMISE(list->sort[i] != NULL || list->sort[i + 1] == NULL);
    if (list->has_updated_since)
        PROMISE(instant_parse(instant_format_us(list->updated_since, text), &again) &&
                again == list->updated_since);
}

/* A refusal is JSON whatever was asked. */
static void check_problems(const struct problems *problems)
{
    struct buf out = {0};
    json_t *body;

    PROMISE(problems_status(problems) == 400);
    problems_write(&out, problems);
    body = json_loadb(out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
    PROMISE(json_array_size(json_object_get(body, "errors")) == 1);
    json_decref(body);
    buf_finish(&out);
}

static void read_list(struct request *request)
{
    struct list_request list = {0};
    struct problems problems = {0};
    const struct uuid *ids;
    size_t count;

    list_parse_filters(request, &request->arena, &list, &problems);
    list_parse_sort(request, &request->arena, columns, &list);
    ids = list_parse_uuids(request, &request->arena, "participant_id", &count, &problems);
    PROMISE(count <= LIST_VALUES_MAX && (ids != NULL || count == 0));
    list_parse_page(request, &list, &problems);
    if (problems.count == 0)
        check_list(&list);
    else
        check_problems(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct request request = {.operation = &operation};
    struct url url;

    if (url_parse(&request.arena, arena_printf(&request.arena, "/x?%s", text), &url) == URL_OK) {
        const struct param *filter = param_find(url.params, "filter");

        request.params = url.params;
        request.filter = filter == NULL ? NULL : filter->members;
        read_list(&request);
    }
    arena_finish(&request.arena);
    free(text);
    return 0;
}
