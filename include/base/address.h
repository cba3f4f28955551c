/* Network addresses, ranges of them, and from which of them a request came. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IPv6, or IPv4 as ::ffff:a.b.c.d. */
struct address {
    uint8_t bytes[16];
};

enum { ADDRESS_TEXT_SIZE = 48, ADDRESS_RANGES_MAX = 64 };

/* a.b.c.d or IPv6, the whole text. */
bool address_parse(const char *text, struct address *out);

/* IPv4, in the order of the network. */
struct address address_of_ipv4(const uint8_t bytes[static 4]);

/* Writes and returns the text; IPv4 in its own form. */
const char *address_format(const struct address *address, char out[static ADDRESS_TEXT_SIZE]);

struct address_ranges {
    size_t count;
    struct address_range {
        struct address first;
        int bits; /* that all its addresses share, of 128 */
    } items[ADDRESS_RANGES_MAX];
};

/* Addresses and CIDR ranges, separated by commas, with blanks around them; "none" for no range.
 * False if anything else is there, nothing, or too many. */
bool address_ranges_parse(const char *text, struct address_ranges *out);
bool address_ranges_have(const struct address_ranges *ranges, const struct address *address);

/* Are all addresses of a list, separated by commas, with blanks around them, in the ranges? False
 * if one cannot be read, or none is there. */
bool address_ranges_have_each(const struct address_ranges *ranges, const char *list);

/* The client behind the proxies that are trusted: the right-most entry of X-Forwarded-For that is
 * none of them. Only what a trusted peer or hop says is believed, so what stands left of the
 * answer, or of an entry that cannot be read, is the client's own claim and not looked at. NULL: no
 * such header. */
struct address address_of_client(const struct address_ranges *trusted, const struct address *peer,
                                 const char *forwarded_for);
