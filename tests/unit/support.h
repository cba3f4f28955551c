/* What every unit test needs: cmocka with the headers it wants, and checks that name the case of a
 * table. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/field.h"

/* Fails with the case's own words. */
#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_error("case: ");                                                                 \
            print_error(__VA_ARGS__);                                                              \
            print_error("\n");                                                                     \
            fail_msg("not so: %s", #condition);                                                    \
        }                                                                                          \
    } while (0)

/* What a buffer holds, against a text; what for is the case of a table. */
static inline void check_buf(struct buf *buf, const char *expected, const char *what_for)
{
    const char *text = buf_terminate(buf);

    if (strcmp(text, expected) != 0)
        fail_msg("%s: \"%s\" instead of \"%s\"", what_for, text, expected);
    buf->length = 0;
}

#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)
