/* Declaring and voiding: one transaction each. Contract rules.md 2 and 3. */
#pragma once

#include "domain/declaration.h"
#include "resources/reading.h"
#include "resources/writing.h"

/* Writes a declaration, or refuses it and keeps the attempt; out is the declaration as the provider
 * sees it. */
enum err declaration_create(const struct writer *writer, const struct declaration_request *request,
                            struct arena *arena, struct reading *out, struct problems *problems)
    MUST_CHECK;

/* Voids a declaration of the provider's own, or has it clawed back. Refuses with 404 what is not
 * its own. */
enum err declaration_void(const struct writer *writer, const struct uuid *id, struct arena *arena,
                          struct reading *out, struct problems *problems) MUST_CHECK;
