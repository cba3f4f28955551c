/* Who may see what is for those who run the service. Pure. */
#pragma once

#include <stdbool.h>

/* Is the peer on the list (as address_ranges_parse() reads it), and everybody for whom it says that
 * it speaks? A proxy in our own network does not open the door for those outside. forwarded_for:
 * X-Forwarded-For, or NULL. */
bool allow_has(const char *list, const char *peer, const char *forwarded_for);
