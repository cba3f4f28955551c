/* The raw URL: path segments and query parameters, decoded. Pure. Contract platform.md 5.1. */
#pragma once

#include "api/request.h"
#include "base/arena.h"

enum url_result { URL_OK, URL_MALFORMED, URL_NULL_BYTE };

enum { URL_SEGMENTS_MAX = 16 };

struct url {
    const char *segments[URL_SEGMENTS_MAX]; /* decoded; empty ones left out, the extension taken off
                                             * the last; no path that is served has as many, so more
                                             * are not kept */
    size_t segment_count;
    const char *extension; /* of the last segment: what follows its last dot, if letters and digits;
                              else NULL */
    struct param *params;
};

/* Splits at the first ?. Pairs are separated by & or ;, brackets nest, the last of equal scalars
 * wins. Malformed: broken percent-encoding, invalid UTF-8, one name used as scalar and as hash. */
enum url_result url_parse(struct arena *arena, const char *raw, struct url *out);

/* The two halves of it, for the path is wanted before the query: the path alone, params stay NULL;
 * then the query of the same URL, where the path could be decoded. */
enum url_result url_parse_path(struct arena *arena, const char *raw, struct url *out);
enum url_result url_parse_query(struct arena *arena, const char *raw, struct url *out);
/* Is this the first segment of the path, as it is spelt? For what must be known of a request before
 * its URL is understood. */
bool url_is_under(const char *raw, const char *segment);

/* Is this what probes ask, which is answered in plain HTTP, in every mode, and not logged? */
bool url_is_probe(const char *raw);

/* The same of a decoded path that has this segment alone. */
bool url_is_probe_name(const char *segment);

/* Decodes %XX (and + as a blank if plus_is_blank). False if malformed. The result may hold NUL. */
bool url_decode(const char *text, size_t length, bool plus_is_blank, char *out, size_t *out_length);
