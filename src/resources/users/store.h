/* The SQL calls of accounts. */
#pragma once

#include "domain/user.h"
#include "resources/reading.h"
#include "resources/writing.h"

/* One page; email is NULL where the list was not asked for one. */
enum err users_page(struct reading *out, const struct service *service, struct arena *arena,
                    const char *email, const struct list_request *list) MUST_CHECK;
enum err ecf_users_page(struct reading *out, const struct service *service, struct arena *arena,
                        const char *email, const struct list_request *list) MUST_CHECK;

/* Begins a transaction and asks whether anybody has the address. */
enum err user_begin(struct db_tx *tx, const struct writer *writer, const char *email,
                    bool *is_known) MUST_CHECK;

/* Inserts an account and commits; no row is read if the address was taken meanwhile. */
enum err user_insert_and_commit(struct db_tx *tx, const struct writer *writer,
                                const struct user_request *request, struct arena *arena,
                                struct reading *out) MUST_CHECK;
