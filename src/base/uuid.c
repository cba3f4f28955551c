/* UUID texts and random UUIDs. */
#include "base/uuid.h"

#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool has_hyphen_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool uuid_parse(const char *text, struct uuid *out)
{
    for (size_t i = 0; i < sizeof(out->bytes); i++) {
        int high, low;

        if (has_hyphen_before(i) && *text++ != '-')
            return false;
        high = hex_value(*text);
        low = high < 0 ? -1 : hex_value(text[1]);
        if (low < 0)
            return false;
        out->bytes[i] = (uint8_t)(high * 16 + low);
        text += 2;
    }
    return *text == '\0';
}

const char *uuid_format(const struct uuid *uuid, char out[static UUID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *cursor = out;

    for (size_t i = 0; i < sizeof(uuid->bytes); i++) {
        if (has_hyphen_before(i))
            *cursor++ = '-';
        *cursor++ = digits[uuid->bytes[i] >> 4];
        *cursor++ = digits[uuid->bytes[i] & 15];
    }
    *cursor = '\0';
    return out;
}

/* With the bits that say how it was made. */
static struct uuid random_of_version(uint8_t version)
{
    struct uuid uuid;

    if (getrandom(uuid.bytes, sizeof(uuid.bytes), 0) != (ssize_t)sizeof(uuid.bytes))
        abort();
    uuid.bytes[6] = (uint8_t)((uuid.bytes[6] & 0x0F) | version << 4);
    uuid.bytes[8] = (uint8_t)((uuid.bytes[8] & 0x3F) | 0x80);
    return uuid;
}

struct uuid uuid_random(void)
{
    return random_of_version(4);
}

struct uuid uuid_at(int64_t instant)
{
    struct uuid uuid = random_of_version(7);
    uint64_t milliseconds = htobe64((uint64_t)(instant / 1000) << 16);

    memcpy(uuid.bytes, &milliseconds, 6);
    return uuid;
}

bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
    return uuid_compare(a, b) == 0;
}

int uuid_compare(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

bool uuid_is_none(const struct uuid *uuid)
{
    return uuid_equal(uuid, &UUID_NONE);
}
