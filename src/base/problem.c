/* The table of refusals and the bodies made of them. */
#include "base/problem.h"

#include <assert.h>
#include <string.h>

enum shape { SHAPE_ERROR, SHAPE_ERRORS };

static const struct {
    int status;
    enum shape shape;
    const char *title;
    const char *text;
} table[PROBLEM_COUNT_] = {
    [PROBLEM_UNAUTHORISED] = {401, SHAPE_ERROR, NULL, "HTTP Token: Access denied"},
    [PROBLEM_NOT_FOUND] = {404, SHAPE_ERROR, NULL, "Resource not Found"},
    [PROBLEM_BODY_TOO_LARGE] = {413, SHAPE_ERROR, NULL, "Request body too large"},
    [PROBLEM_URI_TOO_LONG] = {414, SHAPE_ERROR, NULL, "Request URI too long"},
    [PROBLEM_HEADERS_TOO_LARGE] = {431, SHAPE_ERROR, NULL, "Request headers too large"},
    [PROBLEM_INTERNAL] = {500, SHAPE_ERROR, NULL, "Internal server error"},
    [PROBLEM_UNAVAILABLE] = {503, SHAPE_ERROR, NULL, "Service unavailable"},
    [PROBLEM_MALFORMED] = {400, SHAPE_ERROR, NULL, "Malformed request"},
    [PROBLEM_QUERY] = {400, SHAPE_ERRORS, "Bad request", "Invalid query parameters"},
    [PROBLEM_NULL_BYTE] = {400, SHAPE_ERRORS, "Bad request", "string contains null byte"},
    [PROBLEM_SERVER_DATE] = {400, SHAPE_ERRORS, "Bad request",
                             "The header 'X-With-Server-Date' must be a valid RFC3339 date"},
    [PROBLEM_DATA] = {400, SHAPE_ERRORS, "Bad request",
                      "correct json data structure required. See API docs for reference"},
    [PROBLEM_FILTER_SHAPE] = {400, SHAPE_ERRORS, "Bad parameter", "Filter must be a hash"},
    [PROBLEM_FILTER_REQUIRED] = {400, SHAPE_ERRORS, "Bad parameter",
                                 "The filter '#/%s' must be included in your request"},
    [PROBLEM_FILTER_TOO_LONG] = {400, SHAPE_ERRORS, "Bad request",
                                 "A filter must not have more than 1000 values"},
    [PROBLEM_UPDATED_SINCE] = {400, SHAPE_ERRORS, "Bad request",
                               "The filter '#/updated_since' must be a valid RCF3339 date"},
    [PROBLEM_TRAINING_STATUS] = {400, SHAPE_ERRORS, "Bad request",
                                 "The filter '#/training_status' must be "
                                 "[\"active\", \"deferred\", \"withdrawn\"]"},
    [PROBLEM_PAGE] = {400, SHAPE_ERRORS, "Bad request",
                      "The '#/page[page]' and '#/page[per_page]' parameter values must be a valid number "
                      "(equal and more than 1)"},
};

static void add(struct problems *problems, const char *title, enum problem problem, const char *detail)
{
    assert(problems->count < PROBLEMS_MAX);
    problems->items[problems->count].problem = problem;
    problems->items[problems->count].title = title;
    problems->items[problems->count].detail = detail;
    problems->count++;
}

void refuse(struct problems *problems, const char *title, enum problem problem)
{
    add(problems, title, problem, NULL);
}

void refuse_if(struct problems *problems, bool is_wrong, const char *title, enum problem problem)
{
    if (is_wrong)
        refuse(problems, title, problem);
}

void refuse_naming(struct problems *problems, struct arena *arena, const char *title, enum problem problem,
                   const char *name)
{
    const char *text = table[problem].text;
    const char *gap = strstr(text, "%s");

    assert(gap != NULL);
    add(problems, title, problem, arena_printf(arena, "%.*s%s%s", (int)(gap - text), text, name, gap + 2));
}

int problems_status(const struct problems *problems)
{
    assert(problems->count > 0);
    return table[problems->items[0].problem].status;
}

static const char *title_of(const struct problems *problems, size_t i)
{
    return problems->items[i].title != NULL ? problems->items[i].title : table[problems->items[i].problem].title;
}

static const char *text_of(const struct problems *problems, size_t i)
{
    return problems->items[i].detail != NULL ? problems->items[i].detail : table[problems->items[i].problem].text;
}

/* Is there one before i with the same title (and the same text)? */
static bool is_repeated(const struct problems *problems, size_t i, bool with_text)
{
    for (size_t before = 0; before < i; before++)
        if (strcmp(title_of(problems, before), title_of(problems, i)) == 0 &&
            (!with_text || strcmp(text_of(problems, before), text_of(problems, i)) == 0))
            return true;
    return false;
}

/* All texts that stand under the title of the refusal at first. */
static void write_details(struct buf *out, const struct problems *problems, size_t first)
{
    struct buf joined = {0};

    for (size_t i = first; i < problems->count; i++) {
        if (strcmp(title_of(problems, i), title_of(problems, first)) != 0 || is_repeated(problems, i, true) ||
            (i > first && table[problems->items[first].problem].status == 400))
            continue;
        if (joined.length > 0)
            BUF_LITERAL(&joined, ", ");
        buf_add_text(&joined, text_of(problems, i));
    }
    buf_add_json_string(out, joined.data, joined.length);
    buf_finish(&joined);
}

void problems_write(struct buf *out, const struct problems *problems)
{
    bool is_first = true;
    bool is_single = problems_status(problems) == 400; /* the first that was found wins */

    if (table[problems->items[0].problem].shape == SHAPE_ERROR) {
        BUF_LITERAL(out, "{\"error\":");
        buf_add_json_string(out, text_of(problems, 0), strlen(text_of(problems, 0)));
        BUF_LITERAL(out, "}");
        return;
    }
    BUF_LITERAL(out, "{\"errors\":[");
    for (size_t i = 0; i < problems->count; i++) {
        if (is_repeated(problems, i, false) || (i > 0 && is_single))
            continue;
        buf_add_text(out, is_first ? "{\"title\":" : ",{\"title\":");
        buf_add_json_string(out, title_of(problems, i), strlen(title_of(problems, i)));
        BUF_LITERAL(out, ",\"detail\":");
        write_details(out, problems, i);
        BUF_LITERAL(out, "}");
        is_first = false;
    }
    BUF_LITERAL(out, "]}");
}
