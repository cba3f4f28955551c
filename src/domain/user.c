/* Accounts: cleaning and checking what is asked for. */
#include "domain/user.h"

#include <string.h>

enum { EMAIL_MAX = 320, HOST_MAX = 253, LABEL_MAX = 63 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const char blanks[] = " \t\n\v\f\r";

static bool is_blank(char c)
{
    return c != '\0' && strchr(blanks, c) != NULL;
}

static const char *trim(const char *text, struct arena *arena)
{
    size_t length;

    if (text == NULL)
        return "";
    text += strspn(text, blanks);
    length = strlen(text);
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    return arena_strndup(arena, text, length);
}

static const char *squish(const char *text, struct arena *arena)
{
    const char *from = trim(text, arena);
    char *squished = arena_alloc(arena, strlen(from) + 1);
    char *to = squished;

    for (; *from != '\0'; from++)
        if (!is_blank(*from))
            *to++ = *from;
        else if (!is_blank(from[1]))
            *to++ = ' ';
    *to = '\0';
    return squished;
}

struct user_request user_request_clean(const struct user_request *request, struct arena *arena)
{
    return (struct user_request){squish(request->full_name, arena), trim(request->email, arena)};
}

/* Letters, digits and single hyphens inside; the last label of a host has letters only, unless it
 * is encoded. */
static bool is_label(const char *label, size_t length, bool is_last)
{
    bool is_encoded = length > 4 && strncmp(label, "xn--", 4) == 0;
    const char *allowed = is_last && !is_encoded ? LETTERS : LETTERS DIGITS "-";

    if (length == 0 || length > LABEL_MAX || (is_last && length < 2) || label[0] == '-' ||
        label[length - 1] == '-')
        return false;
    return strspn(label, allowed) >= length;
}

static bool is_host(const char *host)
{
    size_t labels = 0;

    if (strlen(host) > HOST_MAX)
        return false;
    for (;;) {
        size_t length = strcspn(host, ".");
        bool is_last = host[length] == '\0';

        if (!is_label(host, length, is_last))
            return false;
        labels++;
        if (is_last)
            return labels >= 2;
        host += length + 1;
    }
}

bool user_is_email(const char *text)
{
    size_t local = strspn(text, LETTERS DIGITS ".!#$%&'*+/=?^_`{|}~-");

    if (strlen(text) > EMAIL_MAX || strstr(text, "..") != NULL)
        return false;
    return local > 0 && text[local] == '@' && text[local - 1] != '.' && is_host(text + local + 1);
}

void user_check(const struct user_request *request, bool is_email_known, struct problems *problems)
{
    bool has_name = request->full_name[0] != '\0';
    bool has_email = user_is_email(request->email);

    refuse_if(problems, is_email_known, NULL, PROBLEM_EMAIL_KNOWN);
    if (problems->count > 0)
        return;
    refuse_if(problems, !has_name && !has_email, NULL, PROBLEM_NO_NAME_NOR_EMAIL);
    refuse_if(problems, !has_name && has_email, NULL, PROBLEM_NO_NAME);
    refuse_if(problems, has_name && !has_email, NULL, PROBLEM_WRONG_EMAIL);
}
