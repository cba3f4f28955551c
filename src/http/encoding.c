/* gzip: the choice, and whole bodies. What is made while it is sent is compressed in stream.c. */
#include "http/encoding.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/field.h"
#include "base/str.h"

/* Level 1: a page of 100 KiB takes 0.3 ms, and level 6 twice as long for a sixth less. */
enum { LEVEL = 1 };

static const char blanks[] = " \t";

static bool is_named(const char *start, size_t length, const char *name)
{
    return strlen(name) == length && strncasecmp(start, name, length) == 0;
}

/* The q of what follows a coding's name, in thousandths; 1 without one, 0 where it cannot be read.
 */
static int weight(const char *parameters, size_t length)
{
    const char *end = parameters + length;
    const char *q = memchr(parameters, '=', length);
    int thousandths;

    if (q == NULL)
        return length == 0 ? 1000 : 0;
    q += 1 + strspn(q + 1, blanks);
    if (q >= end || (*q != '0' && *q != '1'))
        return 0;
    thousandths = *q == '1' ? 1000 : 0;
    if (thousandths == 1000 || ++q >= end || *q != '.')
        return thousandths;
    for (int unit = 100; unit > 0 && ++q < end && *q >= '0' && *q <= '9'; unit /= 10)
        thousandths += unit * (*q - '0');
    return thousandths;
}

bool encoding_accepts_gzip(const char *accept)
{
    enum { UNNAMED = -1 };
    int gzip = UNNAMED, identity = UNNAMED, any = UNNAMED;

    for (const char *next = accept; next != NULL && *next != '\0';) {
        const char *item = next + strspn(next, " \t,");
        size_t length = strcspn(item, ",");
        size_t name = strcspn(item, " \t;,");
        const char *parameters = item + name + strspn(item + name, " \t;");
        int q = weight(parameters, parameters < item + length ? strcspn(parameters, " \t,") : 0);

        if (is_named(item, name, "gzip") || is_named(item, name, "x-gzip"))
            gzip = q;
        else if (is_named(item, name, "identity"))
            identity = q;
        else if (is_named(item, name, "*"))
            any = q;
        next = item + length;
    }
    if (gzip == UNNAMED)
        gzip = any;
    return gzip > 0 && gzip >= identity;
}

bool encoding_is_text(const char *content_type)
{
    static const char *const marks[] = {"json", "javascript", "yaml", "xml"};

    if (content_type == NULL)
        return false;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (strstr(content_type, marks[i]) != NULL)
            return true;
    return str_starts_with(content_type, "text/");
}

void encoding_gzip(struct buf *body)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
    struct buf packed = {0};

    if (compressor == NULL)
        abort();
    buf_reserve(&packed, libdeflate_gzip_compress_bound(compressor, body->length));
    packed.length = libdeflate_gzip_compress(compressor, body->data, body->length, packed.data,
                                             packed.capacity);
    libdeflate_free_compressor(compressor);
    buf_finish(body);
    *body = packed;
}
