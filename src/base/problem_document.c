/* Writing application/problem+json. */
#include "base/problem_document.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

static const char BLANKS[] = " \t";

/* A weight of 0, 0.0, 0.00 or 0.000 after the media range means: anything but this. */
static bool is_unwanted(const char *parameters, size_t length)
{
    const char *end = parameters + length;

    while (parameters < end) {
        size_t step;

        parameters += strspn(parameters, "; \t");
        step = strcspn(parameters, ";,");
        if (strncasecmp(parameters, "q=", 2) == 0) {
            size_t zeros = strspn(parameters + 2, "0.");

            return zeros > 0 && zeros + 2 == strcspn(parameters, ";, \t");
        }
        parameters += step;
    }
    return false;
}

bool problem_document_is_wanted(const char *accept)
{
    static const size_t length = sizeof(CONTENT_PROBLEM_JSON) - 1;

    while (accept != NULL && *accept != '\0') {
        size_t range = strcspn(accept, ",");
        const char *type = accept + strspn(accept, BLANKS);

        if (strncasecmp(type, CONTENT_PROBLEM_JSON, length) == 0 &&
            strchr(",; \t", type[length]) != NULL &&
            !is_unwanted(type + length, range - (size_t)(type + length - accept)))
            return true;
        accept += range;
        accept += *accept == ',';
    }
    return false;
}

/* "declaration_date_in_future" reads "Declaration date in future": the code, for people. */
static void write_title(struct buf *out, const char *code)
{
    buf_add_char(out, '"');
    for (size_t i = 0; code[i] != '\0'; i++) {
        char c = code[i] == '_' ? ' ' : code[i];

        buf_add_char(out, i == 0 ? (char)(c - 'a' + 'A') : c);
    }
    buf_add_char(out, '"');
}

static void write_member(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, ",\"%s\":", name);
    buf_add_json_string(out, text, strlen(text));
}

static bool is_attribute(const struct problem_place *place, const char *name)
{
    for (const char *const *each = place->attributes; each != NULL && *each != NULL; each++)
        if (str_equal(*each, name))
            return true;
    return false;
}

static void write_error(struct buf *out, const struct problems *problems, size_t i,
                        const struct problem_place *place)
{
    const char *code = problem_code(problems->items[i].problem);
    const char *title = problems_title(problems, i);

    BUF_LITERAL(out, "{\"title\":");
    if (title != NULL)
        buf_add_json_string(out, title, strlen(title));
    else
        write_title(out, code);
    write_member(out, "detail", problems_detail(problems, i));
    write_member(out, "code", code);
    if (problems->items[i].title != NULL && is_attribute(place, title))
        buf_printf(out, ",\"pointer\":\"#/data/attributes/%s\"", title);
    buf_add_char(out, '}');
}

static bool is_same_title(const char *title, const char *other)
{
    return title == NULL || other == NULL ? title == other : str_equal(title, other);
}

/* The same refusal twice is told once. */
static bool is_repeated(const struct problems *problems, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (problems->items[before].problem == problems->items[i].problem &&
            is_same_title(problems->items[before].title, problems->items[i].title) &&
            str_equal(problems->items[before].detail, problems->items[i].detail))
            return true;
    return false;
}

/* As in the plain bodies, only what breaks rules of the programme is told together; of a request
 * that cannot be read, or may not be made, the first that was found. */
static size_t count_of_told(const struct problems *problems)
{
    return problems_status(problems) == 422 ? problems->count : 1;
}

void problem_document_write(struct buf *out, const struct problems *problems,
                            const struct problem_place *place)
{
    const char *code = problem_code(problems->items[0].problem);
    size_t count = count_of_told(problems);

    buf_printf(out, "{\"type\":\"/problems/%s\",\"title\":", code);
    write_title(out, code);
    buf_printf(out, ",\"status\":%d", problems_status(problems));
    write_member(out, "detail", problems_detail(problems, 0));
    buf_add_text(out, ",\"instance\":\"/requests/");
    buf_add_text(out, place->request_id);
    buf_add_char(out, '"');
    write_member(out, "code", code);
    BUF_LITERAL(out, ",\"errors\":[");
    for (size_t i = 0; i < count; i++) {
        if (is_repeated(problems, i))
            continue;
        if (i > 0)
            buf_add_char(out, ',');
        write_error(out, problems, i, place);
    }
    BUF_LITERAL(out, "]}");
}
