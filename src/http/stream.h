/* Answers that are sent block by block. Private to src/http, as it names types of the HTTP library.
 */
#pragma once

#include <ulfius.h>

#include "api/request.h"

/* Hands the body, and what is to follow it, over to the library: whole where it is short, else out
 * of our own buffer, without another copy. What follows is made while the client reads, and
 * compressed then, too, if the response says so. */
void stream_hand_over(struct response *response, struct _u_response *to);
