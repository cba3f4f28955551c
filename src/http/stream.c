/* Long answers, and those that are made while they are sent. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    STREAM_FROM = 256 * 1024,
    STREAM_BLOCK = 128 * 1024,
    GZIP_LEVEL = 1,
    GZIP_WINDOW = 15 + 16, /* the largest, in gzip's form */
    GZIP_MEMORY = 8,
};

struct stream {
    struct buf buffer;
    size_t read;
    struct body_source rest;
    z_stream packer; /* unused while it has no state */
    bool is_packed;  /* all of it */
};

/* Fills the buffer again once it has been read; it stays empty at the end. */
static bool fill(struct stream *stream)
{
    if (stream->read < stream->buffer.length || stream->rest.next == NULL)
        return true;
    stream->buffer.length = stream->read = 0;
    return stream->rest.next(stream->rest.context, &stream->buffer) == ERR_OK;
}

static ssize_t read_plain(void *context, uint64_t offset, char *out, size_t max)
{
    struct stream *stream = context;
    size_t step;

    (void)offset;
    if (!fill(stream))
        return U_STREAM_ERROR;
    step = stream->buffer.length - stream->read < max ? stream->buffer.length - stream->read : max;
    if (step == 0)
        return U_STREAM_END;
    memcpy(out, stream->buffer.data + stream->read, step);
    stream->read += step;
    return (ssize_t)step;
}

/* Packs what the buffer holds, as far as there is room. */
static void pack(struct stream *stream)
{
    z_stream *packer = &stream->packer;
    size_t left = stream->buffer.length - stream->read;

    packer->next_in = (z_const Bytef *)stream->buffer.data + stream->read;
    packer->avail_in = (uInt)left;
    stream->is_packed = deflate(packer, left == 0 ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END;
    stream->read += left - packer->avail_in;
}

/* Batch after batch, until there is something to send. */
static ssize_t read_packed(void *context, uint64_t offset, char *out, size_t max)
{
    struct stream *stream = context;

    (void)offset;
    stream->packer.next_out = (Bytef *)out;
    stream->packer.avail_out = (uInt)max;
    while (stream->packer.avail_out == max && !stream->is_packed) {
        if (!fill(stream))
            return U_STREAM_ERROR;
        pack(stream);
    }
    if (stream->packer.avail_out == max)
        return U_STREAM_END;
    return (ssize_t)(max - stream->packer.avail_out);
}

static void free_stream(void *context)
{
    struct stream *stream = context;

    buf_finish(&stream->buffer);
    if (stream->rest.finish != NULL)
        stream->rest.finish(stream->rest.context);
    if (stream->packer.state != NULL)
        deflateEnd(&stream->packer);
    free(stream);
}

static struct stream *stream_new(struct response *response)
{
    struct stream *stream = calloc(1, sizeof(*stream));

    if (stream == NULL)
        abort();
    *stream = (struct stream){.buffer = response->body, .rest = response->rest};
    response->body = (struct buf){0};
    if (response->packs_rest && deflateInit2(&stream->packer, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
                                             GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    return stream;
}

void stream_hand_over(struct response *response, struct _u_response *to)
{
    bool is_whole = response->rest.next == NULL;
    struct stream *stream;

    if (is_whole && response->body.length == 0)
        return;
    if (is_whole && response->body.length < STREAM_FROM) {
        to->binary_body = buf_take(&response->body, &to->binary_body_length);
        return;
    }
    stream = stream_new(response);
    ulfius_set_stream_response(to, (unsigned)response->status,
                               stream->packer.state != NULL ? read_packed : read_plain, free_stream,
                               is_whole ? stream->buffer.length : U_STREAM_SIZE_UNKNOWN,
                               STREAM_BLOCK, stream);
}
