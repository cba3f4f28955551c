/* Memory released all at once. */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16, SHORT_TEXT = 256 };

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    bool is_borrowed;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block = malloc(sizeof(*block) + size);

    if (block == NULL)
        abort();
    *block = (struct arena_block){.size = size};
    return block;
}

void arena_begin(struct arena *arena, void *memory, size_t size)
{
    arena->blocks = memory;
    *arena->blocks =
        (struct arena_block){.size = size - sizeof(*arena->blocks), .is_borrowed = true};
}

void arena_finish(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        if (!block->is_borrowed)
            free(block);
    }
}

void arena_reset(struct arena *arena)
{
    struct arena_block *newest = arena->blocks;

    if (newest == NULL)
        return;
    arena->blocks = newest->next;
    arena_finish(arena);
    newest->next = NULL;
    newest->used = 0;
    arena->blocks = newest;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct arena_block *block = arena->blocks;
    void *piece;

    if (rounded < size)
        abort();
    if (block == NULL || block->size - block->used < rounded) {
        block = block_new(rounded > ARENA_BLOCK_SIZE ? rounded : ARENA_BLOCK_SIZE);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    piece = block->bytes + block->used;
    block->used += rounded;
    memset(piece, 0, rounded);
    return piece;
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *copy = arena_alloc(arena, size);

    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char here[SHORT_TEXT]; /* most texts fit, and are formatted once */
    va_list again;
    int length;
    char *text;

    va_copy(again, arguments);
    length = vsnprintf(here, sizeof(here), format, again);
    va_end(again);
    if (length < 0)
        abort();
    if ((size_t)length < sizeof(here))
        return arena_strndup(arena, here, (size_t)length);
    text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}
