/* Lines of a file. */
#include "interchange/lines.h"

enum err lines_next(struct lines *lines, bool *is_there)
{
    int c = getc_unlocked(lines->in);

    lines->line.length = 0;
    lines->is_too_long = false;
    *is_there = c != EOF;
    if (c != EOF)
        lines->number++;
    for (; c != EOF && c != '\n'; c = getc_unlocked(lines->in)) {
        if (lines->line.length < lines->max)
            buf_add_char(&lines->line, (char)c);
        else
            lines->is_too_long = true;
    }
    return ferror(lines->in) ? ERR_IO : ERR_OK;
}

void lines_finish(struct lines *lines)
{
    buf_finish(&lines->line);
}
