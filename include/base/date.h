/* Instants and calendar days, UTC only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An instant is microseconds since 1970-01-01T00:00:00Z; a day is days since 1970-01-01. */
#define INSTANT_SECOND INT64_C(1000000)
#define INSTANT_DAY (INT64_C(86400) * INSTANT_SECOND)

enum { DATE_TEXT_SIZE = 32 }; /* room for every text written here, NUL included */

/* The wall clock. Only entry points call it; all else is given its now. */
int64_t instant_now(void);

/* YYYY-MM-DDThh:mm:ss, optional fraction (. or ,), optional zone Z, +hh, +hhmm, +hh:mm (no zone:
 * UTC), letters in either case, blanks around it. False when the text is anything else, names an
 * impossible day or time, or leaves the years 1 to 9999 in UTC; 24:00:00 and second 60 are the next
 * instant. Contract v3.md 1.4, rules.md 2.4. */
bool instant_parse(const char *text, int64_t *out);

/* As instant_parse, but also a date alone (its midnight), a blank instead of the T, and no seconds.
 */
bool instant_parse_lenient(const char *text, int64_t *out);

/* YYYY-MM-DD, the whole text. */
bool day_parse(const char *text, int32_t *out);

/* The civil day on which an instant falls, and the instant at which a day begins. */
int32_t day_of(int64_t instant);
int64_t day_start(int32_t day);

/* Each writes and returns its text: 2022-11-13T11:21:55Z (fraction cut off),
 * 2022-11-13T11:21:55.123Z, with six digits, 2022-11-13. */
const char *instant_format(int64_t instant, char out[static DATE_TEXT_SIZE]);
const char *instant_format_ms(int64_t instant, char out[static DATE_TEXT_SIZE]);
const char *instant_format_us(int64_t instant, char out[static DATE_TEXT_SIZE]);
const char *day_format(int32_t day, char out[static DATE_TEXT_SIZE]);
