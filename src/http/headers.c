/* Headers of answers. */
#include "headers.h"

#include <stdlib.h>
#include <string.h>

static void *grown(void *array, size_t count, size_t size)
{
    void *memory = realloc(array, count * size);

    if (memory == NULL)
        abort();
    return memory;
}

void headers_reserve(struct _u_map *headers, size_t more)
{
    size_t count = (size_t)headers->nb_values + more + 1; /* each array ends with an empty place */

    headers->keys = grown(headers->keys, count, sizeof(char *));
    headers->values = grown(headers->values, count, sizeof(char *));
    headers->lengths = grown(headers->lengths, count, sizeof(size_t));
}

void headers_add(struct _u_map *headers, const char *name, const char *value)
{
    int place = headers->nb_values++; /* the texts are freed by the library, with free() */

    headers->keys[place] = strdup(name);
    headers->values[place] = strdup(value);
    headers->lengths[place] = strlen(value);
    if (headers->keys[place] == NULL || headers->values[place] == NULL)
        abort();
    headers->keys[place + 1] = NULL;
    headers->values[place + 1] = NULL;
    headers->lengths[place + 1] = 0;
}
