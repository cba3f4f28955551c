/* What the tests of the domain rules share: the refusals that a case expects, in order. */
#pragma once

#include "base/problem.h"
#include "support.h"

struct expected {
    const char *title;
    enum problem problem; /* 0 ends a list */
};

#define PROBLEMS(...) ((const struct expected[]){__VA_ARGS__, {0}})
#define NO_PROBLEMS ((const struct expected[]){{0}})

static inline bool has_title(const char *title, const char *expected)
{
    return title == NULL || expected == NULL ? title == expected : strcmp(title, expected) == 0;
}

static inline void check_problems(const struct problems *problems, const struct expected *expected,
                                  int line)
{
    size_t count = 0;

    for (; expected[count].problem != 0; count++) {
        CHECK(count < problems->count, "line %d: refusal %zu is missing", line, count);
        CHECK(problems->items[count].problem == expected[count].problem,
              "line %d: refusal %zu is number %d", line, count,
              (int)problems->items[count].problem);
        CHECK(has_title(problems->items[count].title, expected[count].title),
              "line %d: title of refusal %zu", line, count);
    }
    CHECK(problems->count == count, "line %d: %zu refusals too many", line,
          problems->count - count);
}
