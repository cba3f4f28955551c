/* Memory of one request or one step of a command: given out in pieces, released all at once. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena {
    struct arena_block *blocks; /* newest first */
};

enum { ARENA_BLOCK_SIZE = 8192 };

/* A zeroed struct arena is empty and ready. Running out of memory ends the process. */
void arena_finish(struct arena *arena);

/* Gives out this memory first, which must be aligned for any type and outlive the arena. Most
 * requests need no other. */
void arena_begin(struct arena *arena, void *memory, size_t size);

/* Releases everything but keeps the newest block for reuse. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type, valid until the arena is finished or reset. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_copy(struct arena *arena, const void *bytes, size_t size);

/* NUL-terminated copies. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))
