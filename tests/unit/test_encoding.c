/* Accept-Encoding and gzip: platform.md 5.6. */
#include "http/encoding.h"

#include <stdlib.h>
#include <zlib.h>

#include "support.h"

static void gzip_is_chosen_where_it_is_taken_and_nothing_is_liked_better(void **state)
{
    static const struct {
        const char *accept;
        bool takes_gzip;
    } cases[] = {
        {NULL, false},
        {"", false},
        {" , ", false},
        {"gzip", true},
        {"GZip", true},
        {"x-gzip", true},
        {"gzip, deflate, br", true},
        {"deflate,gzip", true},
        {"br;q=1.0, gzip;q=0.8, *;q=0.1", true},
        {"gzip;q=1", true},
        {"gzip;q=0.001", true},
        {"gzip ; q=0.5", true},
        {"gzip;Q=0.5", true},
        {"*", true},
        {"*;q=0.5", true},
        {"identity;q=0.5, gzip;q=0.5", true},
        {"identity;q=0.5, *;q=0.6", true},
        {"identity;q=0", false},
        {"*;q=0", false},
        {"gzip;q=0", false},
        {"gzip;q=0.0", false},
        {"gzip;q=0.000", false},
        {"gzip;q=0, *", false},
        {"*, gzip;q=0", false},
        {"identity, gzip;q=0.5", false},
        {"identity;q=0.7,gzip;q=0.699", false},
        {"gzip;q=", false},
        {"gzip;q=x", false},
        {"gzip;q", false},
        {"gzip;q=,*;q=0", false},
        {"gzipped", false},
        {"gzi", false},
        {"br", false},
        {"deflate", false},
        {"identity", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(encoding_accepts_gzip(cases[i].accept) == cases[i].takes_gzip, "%s",
              cases[i].accept == NULL ? "none" : cases[i].accept);
}

static void texts_are_told_from_what_is_packed_already(void **state)
{
    static const struct {
        const char *type;
        bool is_text;
    } cases[] = {
        {NULL, false},
        {"application/vnd.api+json", true},
        {"application/json", true},
        {"text/csv", true},
        {"text/html; charset=utf-8", true},
        {"text/javascript; charset=utf-8", true},
        {"text/yaml", true},
        {"image/png", false},
        {"application/octet-stream", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(encoding_is_text(cases[i].type) == cases[i].is_text, "%s",
              cases[i].type == NULL ? "none" : cases[i].type);
}

static void check_unpacks(const struct buf *packed, const char *expected, size_t length)
{
    char *unpacked = calloc(1, length + 1);
    z_stream stream = {.next_in = (z_const Bytef *)packed->data,
                       .avail_in = (uInt)packed->length,
                       .next_out = (Bytef *)unpacked,
                       .avail_out = (uInt)length + 1};

    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, length);
    assert_memory_equal(unpacked, expected, length);
    inflateEnd(&stream);
    free(unpacked);
}

static void what_is_packed_unpacks_to_the_same(void **state)
{
    static const size_t lengths[] = {1, 2049, 100000, 3000000};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct buf body = {0};
        char *plain;
        uint32_t random = 1;

        while (body.length < lengths[i]) {
            random = random * 1664525 + 1013904223;
            buf_add_char(&body, (char)(random >> (random >> 31 != 0 ? 30 : 24)));
        }
        plain = malloc(body.length);
        memcpy(plain, body.data, body.length);
        encoding_gzip(&body);
        check_unpacks(&body, plain, lengths[i]);
        buf_finish(&body);
        free(plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_is_chosen_where_it_is_taken_and_nothing_is_liked_better),
        cmocka_unit_test(texts_are_told_from_what_is_packed_already),
        cmocka_unit_test(what_is_packed_unpacks_to_the_same),
    };

    return RUN_TESTS(tests);
}
