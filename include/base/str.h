/* Small questions about text that the C library answers badly or not at all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

bool str_equal(const char *a, const char *b);
bool str_equal_nocase(const char *a, const char *b);
bool str_starts_with(const char *text, const char *start);
bool str_ends_with(const char *text, const char *end);

/* NULL, empty, or nothing but white space. */
bool str_is_blank(const char *text);

/* The whole text as a decimal number in [min, max], or false. */
bool str_parse_int(const char *text, int64_t min, int64_t max, int64_t *out);

/* The number at the start of a text, 0 without one: "3abc" 3, " 2" 2, "1_000" 1000 (contract
 * platform.md 5.2). Saturates at the ends of int64_t. */
int64_t str_leading_int(const char *text);

/* Valid UTF-8 (no surrogates, nothing over U+10FFFF, no overlong forms) without NUL. */
bool str_is_utf8(const char *bytes, size_t length);

/* The text itself if it is UTF-8, else a copy in which ? stands for each byte beyond ASCII. */
const char *str_clean(struct arena *arena, const char *text);
