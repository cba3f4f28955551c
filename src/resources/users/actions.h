/* Creating an account: one transaction. Contract v1-v2.md 5. */
#pragma once

#include "domain/user.h"
#include "resources/reading.h"
#include "resources/writing.h"

enum err user_create(const struct writer *writer, const struct user_request *request,
                     struct arena *arena, struct reading *out, struct problems *problems)
    MUST_CHECK;
