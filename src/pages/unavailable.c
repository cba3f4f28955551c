/* The page of a closed service. */
#include "pages/pages.h"

#include <string.h>

#include "base/date.h"
#include "base/field.h"
#include "embedded.h"

/* 2026-03-01T17:29:01Z is shown as 17:30 on 2026-03-01 (UTC): nobody shall come too early. */
static void add_end(struct buf *out, int64_t ends_at)
{
    char text[DATE_TEXT_SIZE];

    instant_format(ends_at + 60 * INSTANT_SECOND - 1, text);
    buf_printf(out, "<p>It will be back at <strong>%.5s on %.10s</strong> (UTC).</p>\n", text + 11,
               text);
}

void pages_show_unavailable(const struct service_mode *mode, struct response *response)
{
    static const char mark[] = "<!-- end -->\n";
    const struct embedded *page = embedded_find(embedded_assets, "unavailable.html");
    const char *at = memmem(page->data, *page->size, mark, strlen(mark));
    size_t before = (size_t)(at - page->data);

    response->status = 503;
    response->is_page = true;
    response->content_type = "text/html; charset=utf-8";
    buf_add(&response->body, page->data, before);
    if (mode->ends_at != INSTANT_NONE)
        add_end(&response->body, mode->ends_at);
    buf_add(&response->body, at + strlen(mark), *page->size - before - strlen(mark));
}
