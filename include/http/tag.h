/* Entity tags (ETag): what they are made of, and comparing them. All but identifying the program is
 * pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 32, TAG_SIZE = 16, TAG_TEXT_SIZE = 37 };

struct digest {
    uint8_t bytes[DIGEST_SIZE];
};

struct tag {
    uint8_t bytes[TAG_SIZE];
};

struct part {
    const void *bytes;
    size_t length;
};

/* Makes digests, in any thread; to look the algorithm up for each would cost a third of it. */
struct hasher;
struct hasher *hasher_new(void);
void hasher_free(struct hasher *hasher);

/* Of all parts, one behind the other. */
struct digest digest_of(const struct hasher *hasher, const struct part *parts, size_t count);
struct tag tag_of(const struct hasher *hasher, const struct part *parts, size_t count);

/* The digest of this executable, which holds its SQL and its views, too: another release may show
 * the same data in another way, instances of one release agree. */
struct digest digest_of_program(const struct hasher *hasher);

/* W/"<32 hex>", as the header has it. */
const char *tag_text(const struct tag *tag, char out[static TAG_TEXT_SIZE]);

/* Does If-None-Match (NULL: there is none) name this text? Weak comparison; "*" names none here. */
bool tag_is_named(const char *if_none_match, const char *text);

/* Does it ask for any tag, with "*"? */
bool tag_is_any_named(const char *if_none_match);
