/* Entity tags. */
#include "http/tag.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/str.h"
#include "log.h"

struct hasher {
    EVP_MD *sha256;
};

struct hasher *hasher_new(void)
{
    struct hasher *hasher = calloc(1, sizeof(*hasher));

    if (hasher == NULL || (hasher->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL)) == NULL)
        abort();
    return hasher;
}

void hasher_free(struct hasher *hasher)
{
    EVP_MD_free(hasher->sha256);
    free(hasher);
}

static EVP_MD_CTX *begin(const struct hasher *hasher)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context == NULL || EVP_DigestInit_ex(context, hasher->sha256, NULL) != 1)
        abort();
    return context;
}

static void add(EVP_MD_CTX *context, const void *bytes, size_t length)
{
    if (EVP_DigestUpdate(context, bytes, length) != 1)
        abort();
}

static struct digest end(EVP_MD_CTX *context)
{
    struct digest digest;

    if (EVP_DigestFinal_ex(context, digest.bytes, NULL) != 1)
        abort();
    EVP_MD_CTX_free(context);
    return digest;
}

struct digest digest_of(const struct hasher *hasher, const struct part *parts, size_t count)
{
    EVP_MD_CTX *context = begin(hasher);

    for (size_t i = 0; i < count; i++)
        add(context, parts[i].bytes, parts[i].length);
    return end(context);
}

struct tag tag_of(const struct hasher *hasher, const struct part *parts, size_t count)
{
    struct digest digest = digest_of(hasher, parts, count);
    struct tag tag;

    memcpy(tag.bytes, digest.bytes, sizeof(tag.bytes));
    return tag;
}

/* Where the program cannot be read, each start is a program of its own: its tags end with it. */
static struct digest random_digest(void)
{
    struct digest digest;

    LOG_PLAIN(LOG_LEVEL_WARN, "the program cannot read itself: its tags end with it");
    if (getrandom(digest.bytes, sizeof(digest.bytes), 0) != (ssize_t)sizeof(digest.bytes))
        abort();
    return digest;
}

struct digest digest_of_program(const struct hasher *hasher)
{
    FILE *file = fopen("/proc/self/exe", "r");
    EVP_MD_CTX *context;
    char block[16 * 1024];
    size_t got;

    if (file == NULL)
        return random_digest();
    context = begin(hasher);
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        add(context, block, got);
    fclose(file);
    return end(context);
}

const char *tag_text(const struct tag *tag, char out[static TAG_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    size_t length = 0;

    out[length++] = 'W';
    out[length++] = '/';
    out[length++] = '"';
    for (size_t i = 0; i < TAG_SIZE; i++) {
        out[length++] = digits[tag->bytes[i] >> 4];
        out[length++] = digits[tag->bytes[i] & 15];
    }
    out[length++] = '"';
    out[length] = '\0';
    return out;
}

static const char *skip_separators(const char *text)
{
    return text + strspn(text, " \t,");
}

bool tag_is_named(const char *if_none_match, const char *text)
{
    const char *wanted = strchr(text, '"');

    for (const char *next = if_none_match; next != NULL && *next != '\0';) {
        next = skip_separators(next);
        if (str_starts_with(next, "W/"))
            next += strlen("W/");
        if (str_starts_with(next, wanted))
            return true;
        if (*next == '"')
            next += 1 + strcspn(next + 1, "\"");
        next += strcspn(next, ",");
    }
    return false;
}

bool tag_is_any_named(const char *if_none_match)
{
    return if_none_match != NULL && *skip_separators(if_none_match) == '*';
}
