/* One JSON object per line on standard output, through yder. Never names, e-mails, teacher numbers,
 * dates of birth, tokens or bodies. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config.h"

void log_start(const struct config *config);
void log_stop(void);

/* Are lines of this level written? For those that cost something to put together. */
bool log_is_wanted(enum log_level level);

/* One field of a line; a NULL text is written as null. */
struct log_field {
    const char *name;
    const char *text;
    int64_t number;
    enum { LOG_TEXT, LOG_NUMBER, LOG_MILLISECONDS, LOG_JSON } type;
};

#define LOG_T(field_name, value)                                                                   \
    ((struct log_field){.name = (field_name), .text = (value), .type = LOG_TEXT})
#define LOG_N(field_name, value)                                                                   \
    ((struct log_field){.name = (field_name), .number = (value), .type = LOG_NUMBER})

/* Microseconds, written as milliseconds with a fraction; and JSON, written as it is. */
#define LOG_MS(field_name, value)                                                                  \
    ((struct log_field){.name = (field_name), .number = (value), .type = LOG_MILLISECONDS})
#define LOG_J(field_name, value)                                                                   \
    ((struct log_field){.name = (field_name), .text = (value), .type = LOG_JSON})

/* Writes one line: time, level, message, then the fields. Ended by a field without a name. */
void log_fields(enum log_level level, const char *message, const struct log_field *fields);

#define LOG(level, message, ...)                                                                   \
    log_fields((level), (message), (const struct log_field[]){__VA_ARGS__, {0}})

/* The same without fields. */
#define LOG_PLAIN(level, message) log_fields((level), (message), (const struct log_field[]){{0}})

/* A fault, logged where it was found; returns err so that it can be passed up. */
enum err log_fault(enum err err, const char *where, const char *detail);
