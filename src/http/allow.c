/* The allow-list. */
#include "http/allow.h"

#include <string.h>

static bool has(const struct address_ranges *ranges, const char *text, size_t length)
{
    static const char blanks[] = " \t";
    char piece[ADDRESS_TEXT_SIZE];
    struct address address;

    while (length > 0 && strchr(blanks, text[length - 1]) != NULL)
        length--;
    while (length > 0 && strchr(blanks, *text) != NULL) {
        text++;
        length--;
    }
    if (length >= sizeof(piece))
        return false;
    memcpy(piece, text, length);
    piece[length] = '\0';
    return address_parse(piece, &address) && address_ranges_have(ranges, &address);
}

bool allow_has(const struct address_ranges *ranges, const char *peer, const char *forwarded_for)
{
    bool is_allowed = has(ranges, peer, strlen(peer));

    while (is_allowed && forwarded_for != NULL) {
        size_t length = strcspn(forwarded_for, ",");

        is_allowed = has(ranges, forwarded_for, length);
        forwarded_for = forwarded_for[length] == ',' ? forwarded_for + length + 1 : NULL;
    }
    return is_allowed;
}
