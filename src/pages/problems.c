/* The table of refusals as a page. */
#include "problems.h"

#include <string.h>

#include "base/str.h"

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>Problems - Manage training for early career teachers</title>\n"
    "<link rel=\"stylesheet\" href=\"/assets/site.css\">\n</head>\n<body>\n"
    "<header><a href=\"/\">Manage training for early career teachers</a></header>\n<main>\n"
    "<h1>Problems</h1>\n"
    "<p>Why the API may refuse a request. A refusal is known by its code, which never changes; it is "
    "sent to clients whose header <code>Accept</code> names <code>application/problem+json</code>."
    "</p>\n<table>\n<tr><th>Code</th><th>Status</th><th>Text</th></tr>\n";
static const char FOOT[] =
    "</table>\n<p><a href=\"/problems\">All problems</a>, <a href=\"/api-docs\">"
    "API documentation</a></p>\n</main>\n</body>\n</html>\n";

/* What is filled in at a request is shown as an ellipsis. */
static void add_text(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (str_starts_with(text, "%s")) {
            buf_add_text(out, "…");
            text++;
        } else if (*text == '<') {
            BUF_LITERAL(out, "&lt;");
        } else if (*text == '&') {
            BUF_LITERAL(out, "&amp;");
        } else {
            buf_add_char(out, *text);
        }
    }
}

static void add_row(struct buf *out, enum problem problem)
{
    buf_printf(out, "<tr><td><code>%s</code></td><td>%d</td><td>", problem_code(problem),
               problem_status(problem));
    add_text(out, problem_text(problem));
    BUF_LITERAL(out, "</td></tr>\n");
}

bool problems_show(const char *code, struct response *response)
{
    size_t shown = 0;
    struct buf rows = {0};

    for (int problem = 0; problem < PROBLEM_COUNT_; problem++) {
        if (code != NULL && !str_equal(problem_code((enum problem)problem), code))
            continue;
        add_row(&rows, (enum problem)problem);
        shown++;
    }
    if (shown > 0) {
        response->status = 200;
        response->is_page = true;
        response->content_type = "text/html; charset=utf-8";
        buf_add_text(&response->body, HEAD);
        buf_add(&response->body, rows.data, rows.length);
        buf_add_text(&response->body, FOOT);
    }
    buf_finish(&rows);
    return shown > 0;
}
