/* Who may see what is for those who run the service. Pure. */
#pragma once

#include "base/address.h"

/* Is the peer in the ranges, and everybody for whom it says that
 * it speaks? A proxy in our own network does not open the door for those outside. forwarded_for:
 * X-Forwarded-For, or NULL. */
bool allow_has(const struct address_ranges *ranges, const char *peer, const char *forwarded_for);
