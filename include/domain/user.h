/* What an account must have. Pure. Contract v1-v2.md 5. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/problem.h"

/* A new account as asked for; NULL where an attribute is missing or no scalar. */
struct user_request {
    const char *full_name;
    const char *email;
};

/* The same without blanks at the ends, and with single ones inside the name; never NULL. */
struct user_request user_request_clean(const struct user_request *request, struct arena *arena);

/* Refuses a clean request: first an address that somebody has, or else whatever is missing or
 * malformed. */
void user_check(const struct user_request *request, bool is_email_known, struct problems *problems);

/* An address to which GOV.UK Notify would send. */
bool user_is_email(const char *text);
