/* Lines of a file, of bounded length and without holding more than one of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

struct lines {
    FILE *in;
    size_t max;       /* bytes of a line that are kept */
    struct buf line;  /* without its line feed */
    bool is_too_long; /* the rest of the line was skipped */
    int64_t number;   /* from 1 */
};

/* Moves to the next line; *is_there is false behind the last one. ERR_IO if the file cannot be
 * read. */
enum err lines_next(struct lines *lines, bool *is_there) MUST_CHECK;
void lines_finish(struct lines *lines);
