/* Reading list parameters. */
#include "api/list.h"

#include <stdlib.h>
#include <string.h>

#include "api/openapi.h"
#include "base/date.h"
#include "base/str.h"

enum { PER_PAGE_DEFAULT = 100, PER_PAGE_MAX = 3000 };

const char *list_filter(const struct request *request, const char *name)
{
    const struct operation *operation = request->operation;

    for (size_t i = 0; i < operation->filter_count; i++)
        if (str_equal(operation->filters[i], name))
            return param_text(request->filter, name);
    return NULL;
}

/* Counts the values of a comma-separated text and refuses too many. */
static size_t count_values(const char *text, struct problems *problems)
{
    size_t count = 1;

    for (; *text != '\0'; text++)
        if (*text == ',')
            count++;
    refuse_if(problems, count > LIST_VALUES_MAX, NULL, PROBLEM_FILTER_TOO_LONG);
    return count;
}

/* The next value of a comma-separated text, copied; NULL after the last. */
static const char *next_value(struct arena *arena, const char **cursor)
{
    size_t length;
    const char *value;

    if (*cursor == NULL)
        return NULL;
    length = strcspn(*cursor, ",");
    value = arena_strndup(arena, *cursor, length);
    *cursor = (*cursor)[length] == ',' ? *cursor + length + 1 : NULL;
    return value;
}

static void parse_cohorts(const char *text, struct arena *arena, struct list_request *out,
                          struct problems *problems)
{
    size_t count = count_values(text, problems);
    int16_t *cohorts = ARENA_ARRAY(arena, int16_t, count);
    const char *value;

    if (problems->count > 0)
        return;
    while ((value = next_value(arena, &text)) != NULL) {
        int64_t year = str_leading_int(value);

        if (year > 0 && year <= INT16_MAX)
            cohorts[out->cohort_count++] = (int16_t)year;
    }
    out->cohorts = cohorts;
}

/* A percent-encoding that was applied twice is undone. */
static bool parse_since(const char *text, struct arena *arena, int64_t *out)
{
    char *decoded = arena_alloc(arena, strlen(text) + 1);
    size_t length = 0;

    if (instant_parse(text, out))
        return true;
    for (const char *c = text; *c != '\0'; c++) {
        int64_t code;
        char hex[3] = {0};

        if (*c != '%' || c[1] == '\0' || c[2] == '\0') {
            decoded[length++] = *c == '+' ? ' ' : *c;
            continue;
        }
        memcpy(hex, c + 1, 2);
        code = strspn(hex, "0123456789abcdefABCDEF") == 2 ? strtol(hex, NULL, 16) : 0;
        if (code == 0)
            return false;
        decoded[length++] = (char)code;
        c += 2;
    }
    return strchr(text, '%') != NULL && instant_parse(decoded, out);
}

void list_parse_filters(const struct request *request, struct arena *arena,
                        struct list_request *out, struct problems *problems)
{
    const char *cohorts = list_filter(request, "cohort");
    const char *since = list_filter(request, "updated_since");

    if (cohorts != NULL)
        parse_cohorts(cohorts, arena, out, problems);
    if (since != NULL) {
        out->has_updated_since = parse_since(since, arena, &out->updated_since);
        refuse_if(problems, !out->has_updated_since, NULL, PROBLEM_UPDATED_SINCE);
    }
}

/* One number of page[...]: absent is the default, anything not from 1 is wrong. */
static bool parse_page_number(const struct param *page, const char *name, int64_t standard,
                              int64_t *out)
{
    const struct param *param = page == NULL ? NULL : param_find(page->members, name);

    *out = standard;
    if (param == NULL || param->type == PARAM_NULL)
        return true;
    if (param->type != PARAM_SCALAR)
        return false;
    *out = str_leading_int(param->value);
    return *out >= 1;
}

void list_parse_page(const struct request *request, struct list_request *out,
                     struct problems *problems)
{
    const struct param *page = param_find(request->params, "page");
    int64_t number, per_page;
    bool is_good = page == NULL || page->type == PARAM_HASH || page->type == PARAM_NULL;

    is_good = parse_page_number(page, "page", 1, &number) && is_good;
    is_good = parse_page_number(page, "per_page", PER_PAGE_DEFAULT, &per_page) && is_good;
    out->limit = per_page > PER_PAGE_MAX ? PER_PAGE_MAX : per_page;
    is_good = is_good && !__builtin_mul_overflow(number - 1, out->limit, &out->offset);
    refuse_if(problems, !is_good, NULL, PROBLEM_PAGE);
}

/* "name" or "-name" if the name is in the table, else NULL. */
static const char *sort_key(struct arena *arena, const char *const *columns, const char *text)
{
    bool is_descending = *text == '-';

    if (*text == '-' || *text == '+' || *text == ' ')
        text++;
    for (; *columns != NULL; columns++)
        if (str_equal(*columns, text))
            return is_descending ? arena_printf(arena, "-%s", text) : *columns;
    return NULL;
}

void list_parse_sort(const struct request *request, struct arena *arena, const char *const *columns,
                     struct list_request *out)
{
    const char *cursor = param_text(request->params, "sort");
    size_t count = 0;
    const char *value;

    while (count < LIST_SORT_KEYS && (value = next_value(arena, &cursor)) != NULL) {
        const char *key = sort_key(arena, columns, value);

        if (key != NULL)
            out->sort[count++] = key;
    }
}

const struct uuid *list_parse_uuids(const struct request *request, struct arena *arena,
                                    const char *filter, size_t *count, struct problems *problems)
{
    const char *text = list_filter(request, filter);
    struct uuid *uuids;
    const char *value;

    *count = 0;
    if (text == NULL)
        return NULL;
    uuids = ARENA_ARRAY(arena, struct uuid, count_values(text, problems));
    if (problems->count > 0)
        return NULL;
    while ((value = next_value(arena, &text)) != NULL)
        if (uuid_parse(value, &uuids[*count]))
            (*count)++;
    return uuids;
}

const struct uuid *list_parse_uuid(const struct request *request, struct arena *arena,
                                   const char *filter, size_t *count)
{
    const char *text = list_filter(request, filter);
    struct uuid *uuid = text == NULL ? NULL : ARENA_NEW(arena, struct uuid);

    *count = uuid != NULL && uuid_parse(text, uuid) ? 1 : 0;
    return uuid;
}
