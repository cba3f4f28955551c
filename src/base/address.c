/* Addresses are compared as 128 bits, whatever their family. */
#include "base/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

enum { FAMILY_BITS_4 = 32, ALL_BITS = 128, MAPPED_BITS = ALL_BITS - FAMILY_BITS_4 };

static const uint8_t MAPPED[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_mapped(const struct address *address)
{
    return memcmp(address->bytes, MAPPED, sizeof(MAPPED)) == 0;
}

bool address_parse(const char *text, struct address *out)
{
    struct address parsed = {0};

    memcpy(parsed.bytes, MAPPED, sizeof(MAPPED));
    if (inet_pton(AF_INET, text, parsed.bytes + sizeof(MAPPED)) != 1 &&
        inet_pton(AF_INET6, text, parsed.bytes) != 1)
        return false;
    *out = parsed;
    return true;
}

struct address address_of_ipv4(const uint8_t bytes[static 4])
{
    struct address address;

    memcpy(address.bytes, MAPPED, sizeof(MAPPED));
    memcpy(address.bytes + sizeof(MAPPED), bytes, 4);
    return address;
}

const char *address_format(const struct address *address, char out[static ADDRESS_TEXT_SIZE])
{
    if (is_mapped(address))
        inet_ntop(AF_INET, address->bytes + sizeof(MAPPED), out, ADDRESS_TEXT_SIZE);
    else
        inet_ntop(AF_INET6, address->bytes, out, ADDRESS_TEXT_SIZE);
    return out;
}

/* Copies a piece of text without the blanks around it; false if it is empty or too long for any
 * address with what may follow it. */
static bool take_piece(const char *text, size_t length, char out[static ADDRESS_TEXT_SIZE + 8])
{
    static const char blanks[] = " \t";

    while (length > 0 && strchr(blanks, text[length - 1]) != NULL)
        length--;
    while (length > 0 && strchr(blanks, *text) != NULL) {
        text++;
        length--;
    }
    if (length == 0 || length >= ADDRESS_TEXT_SIZE + 8)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

static bool parse_range(char *text, struct address_range *out)
{
    char *slash = strchr(text, '/');
    int64_t bits;
    bool is_4;

    if (slash != NULL)
        *slash = '\0';
    if (!address_parse(text, &out->first))
        return false;
    is_4 = strchr(text, ':') == NULL;
    out->bits = ALL_BITS;
    if (slash == NULL)
        return true;
    if (!str_parse_int(slash + 1, 0, is_4 ? FAMILY_BITS_4 : ALL_BITS, &bits))
        return false;
    out->bits = (int)bits + (is_4 ? MAPPED_BITS : 0);
    return true;
}

bool address_ranges_parse(const char *text, struct address_ranges *out)
{
    char piece[ADDRESS_TEXT_SIZE + 8];

    *out = (struct address_ranges){0};
    if (str_equal(text, "none"))
        return true;
    for (;;) {
        size_t length = strcspn(text, ",");

        if (out->count == ADDRESS_RANGES_MAX || !take_piece(text, length, piece) ||
            !parse_range(piece, &out->items[out->count]))
            return false;
        out->count++;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}

static bool is_in(const struct address_range *range, const struct address *address)
{
    size_t whole = (size_t)range->bits / 8;
    unsigned rest = (unsigned)range->bits % 8;
    unsigned mask = 0xff00u >> rest & 0xffu;

    return memcmp(range->first.bytes, address->bytes, whole) == 0 &&
           (rest == 0 || (range->first.bytes[whole] & mask) == (address->bytes[whole] & mask));
}

bool address_ranges_have(const struct address_ranges *ranges, const struct address *address)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (is_in(&ranges->items[i], address))
            return true;
    return false;
}

bool address_ranges_have_each(const struct address_ranges *ranges, const char *list)
{
    char piece[ADDRESS_TEXT_SIZE + 8];
    struct address address;

    for (;;) {
        size_t length = strcspn(list, ",");

        if (!take_piece(list, length, piece) || !address_parse(piece, &address) ||
            !address_ranges_have(ranges, &address))
            return false;
        if (list[length] == '\0')
            return true;
        list += length + 1;
    }
}

/* An entry of X-Forwarded-For: some proxies write the port, too: a.b.c.d:port, [IPv6]:port. */
static bool parse_entry(const char *text, size_t length, struct address *out)
{
    char piece[ADDRESS_TEXT_SIZE + 8];
    char *start = piece;
    char *colon;

    if (!take_piece(text, length, piece))
        return false;
    colon = strchr(piece, ':');
    if (*piece == '[') {
        start++;
        start[strcspn(start, "]")] = '\0';
    } else if (colon != NULL && strchr(piece, '.') != NULL && strchr(colon + 1, ':') == NULL) {
        *colon = '\0';
    }
    return address_parse(start, out);
}

struct address address_of_client(const struct address_ranges *trusted, const struct address *peer,
                                 const char *forwarded_for)
{
    struct address client = *peer;
    size_t end = forwarded_for == NULL ? 0 : strlen(forwarded_for);

    while (end > 0 && address_ranges_have(trusted, &client)) {
        size_t start = end;

        while (start > 0 && forwarded_for[start - 1] != ',')
            start--;
        if (!parse_entry(forwarded_for + start, end - start, &client))
            break;
        end = start > 0 ? start - 1 : 0;
    }
    return client;
}
