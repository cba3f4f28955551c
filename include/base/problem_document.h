/* Refusals as RFC 9457 has them, for clients that ask for application/problem+json. What is
 * refused, and with which status, stays what base/problem.h says. */
#pragma once

#include "base/buf.h"
#include "base/problem.h"

static const char CONTENT_PROBLEM_JSON[] __attribute__((unused)) = "application/problem+json";

/* Where a body can be pointed into. */
struct problem_place {
    const char *request_id;
    const char *const *attributes; /* that the body may carry; NULL at the end, or NULL for none */
};

/* Does an Accept header name application/problem+json? A wildcard does not, nor does q=0; NULL is
 * no header. */
bool problem_document_is_wanted(const char *accept);

/* type, title, status, detail and code of the first refusal, instance, and errors: all that was
 * refused, each with a code of its own, and a pointer where an attribute of the body is at fault.
 */
void problem_document_write(struct buf *out, const struct problems *problems,
                            const struct problem_place *place);
