/* Whose request is it? platform.md 6 and 19.3. */
#include "base/address.h"

#include <stdlib.h>

#include "base/str.h"
#include "support.h"

static const char PRIVATE[] =
    "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,"
    "169.254.0.0/16,fc00::/7,fe80::/10";

static void addresses_are_read_whole_and_written_in_their_usual_form(void **state)
{
    static const struct {
        const char *text;
        const char *written; /* NULL: not an address */
    } cases[] = {
        {"203.0.113.7", "203.0.113.7"},
        {"0.0.0.0", "0.0.0.0"},
        {"2001:DB8:0::7", "2001:db8::7"},
        {"::1", "::1"},
        {"::", "::"},
        {"::ffff:203.0.113.7", "203.0.113.7"},
        {"", NULL},
        {" 203.0.113.7", NULL},
        {"203.0.113.7 ", NULL},
        {"203.0.113", NULL},
        {"203.0.113.256", NULL},
        {"203.0.113.7:80", NULL},
        {"1000001", NULL},
        {"localhost", NULL},
        {"fe80::1%eth0", NULL},
        {"1:2:3:4:5:6:7:8:9", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct address address;
        char text[ADDRESS_TEXT_SIZE];
        bool is_one = address_parse(cases[i].text, &address);

        CHECK(is_one == (cases[i].written != NULL), "%s", cases[i].text);
        CHECK(!is_one || str_equal(address_format(&address, text), cases[i].written), "%s",
              cases[i].text);
    }
}

static void four_bytes_are_the_address_that_their_text_is(void **state)
{
    const uint8_t bytes[] = {203, 0, 113, 7};
    struct address address = address_of_ipv4(bytes);
    struct address parsed;

    (void)state;
    assert_true(address_parse("203.0.113.7", &parsed));
    assert_memory_equal(&address, &parsed, sizeof(address));
}

static void a_range_has_what_shares_its_first_bits(void **state)
{
    static const struct {
        const char *ranges;
        const char *address;
        bool is_in;
    } cases[] = {
        {"10.0.0.0/8", "10.0.0.0", true},
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "9.255.255.255", false},
        {"10.9.8.7/8", "10.1.2.3", true},
        {"172.16.0.0/12", "172.31.255.255", true},
        {"172.16.0.0/12", "172.32.0.0", false},
        {"172.16.0.0/12", "172.15.255.255", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.0", false},
        {"192.0.2.1/32", "192.0.2.1", true},
        {"192.0.2.0/31", "192.0.2.1", true},
        {"192.0.2.0/31", "192.0.2.2", false},
        {"0.0.0.0/0", "203.0.113.7", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "203.0.113.7", true},
        {"::1", "::1", true},
        {"::1", "127.0.0.1", false},
        {"fc00::/7", "fdff::1", true},
        {"fc00::/7", "fe00::1", false},
        {"fe80::/10", "febf::1", true},
        {"fe80::/10", "fec0::1", false},
        {"2001:db8::/128", "2001:db8::", true},
        {"::ffff:10.0.0.0/104", "10.1.2.3", true},
        {" 10.0.0.0/8 , ::1 ", "::1", true},
        {" 10.0.0.0/8 , ::1 ", "10.0.0.1", true},
        {"none", "127.0.0.1", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct address_ranges ranges;
        struct address address;

        CHECK(address_ranges_parse(cases[i].ranges, &ranges), "%s", cases[i].ranges);
        assert_true(address_parse(cases[i].address, &address));
        CHECK(address_ranges_have(&ranges, &address) == cases[i].is_in, "%s in %s",
              cases[i].address, cases[i].ranges);
    }
}

static void ranges_that_cannot_be_read_are_not_guessed(void **state)
{
    static const char *const wrong[] = {
        "",           " ",       ",",        "10.0.0.0/8,",  ",10.0.0.0/8",    "10.0.0.0/33",
        "10.0.0.0/",  "10/8",    "::1/129",  "::1/-1",       "10.0.0.0/8 ::1", "10.0.0.0/8;::1",
        "10.0.0.0/a", "private", "none,::1", "10.0.0.0/8/8", "10.0.0.0 /8",    "10.0.0.0/ 8",
        "None",
    };
    struct address_ranges ranges;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK(!address_ranges_parse(wrong[i], &ranges), "%s", wrong[i]);
}

static void there_is_room_for_so_many_ranges_and_no_more(void **state)
{
    struct address_ranges ranges;
    struct buf text = {0};

    (void)state;
    for (int i = 0; i < ADDRESS_RANGES_MAX; i++)
        buf_printf(&text, "%s10.0.%d.0/24", i == 0 ? "" : ",", i);
    assert_true(address_ranges_parse(buf_terminate(&text), &ranges));
    assert_int_equal(ranges.count, ADDRESS_RANGES_MAX);
    buf_add_text(&text, ",::1");
    assert_false(address_ranges_parse(buf_terminate(&text), &ranges));
    buf_finish(&text);
}

static void the_client_is_the_right_most_that_is_no_proxy_of_ours(void **state)
{
    static const struct {
        const char *peer;
        const char *forwarded_for;
        const char *client;
    } cases[] = {
        {"127.0.0.1", NULL, "127.0.0.1"},
        {"127.0.0.1", "", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.7", "203.0.113.7"},
        {"127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"},
        {"127.0.0.1", "198.51.100.1,203.0.113.7,10.1.2.3", "203.0.113.7"},
        {"127.0.0.1", "203.0.113.7, 10.0.0.2 , 192.168.7.7", "203.0.113.7"},
        {"::1", "2001:db8::7, fd00::1", "2001:db8::7"},
        {"::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"},
        /* all are ours: the first of them */
        {"127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"},
        /* a stranger may say what he likes */
        {"203.0.113.9", "198.51.100.1", "203.0.113.9"},
        {"203.0.113.9", "10.0.0.1", "203.0.113.9"},
        {"2001:db8::9", "::1", "2001:db8::9"},
        /* what cannot be read ends the chain */
        {"127.0.0.1", "nonsense", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.7, nonsense", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.7, unknown, 10.0.0.2", "10.0.0.2"},
        {"127.0.0.1", "203.0.113.7,", "127.0.0.1"},
        {"127.0.0.1", ",", "127.0.0.1"},
        {"127.0.0.1", "nonsense, 203.0.113.7", "203.0.113.7"},
        {"127.0.0.1", "203.0.113.7 198.51.100.1", "127.0.0.1"},
        /* ports */
        {"127.0.0.1", "203.0.113.7:4711", "203.0.113.7"},
        {"127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"},
        {"127.0.0.1", "[2001:db8::7]", "2001:db8::7"},
        {"127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"},
        {"127.0.0.1", "[", "127.0.0.1"},
    };
    struct address_ranges trusted;

    (void)state;
    assert_true(address_ranges_parse(PRIVATE, &trusted));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct address peer, client;
        char text[ADDRESS_TEXT_SIZE];

        assert_true(address_parse(cases[i].peer, &peer));
        client = address_of_client(&trusted, &peer, cases[i].forwarded_for);
        CHECK(str_equal(address_format(&client, text), cases[i].client), "%s behind %s: %s",
              cases[i].forwarded_for, cases[i].peer, text);
    }
}

static void nobody_is_believed_where_no_proxy_is_trusted(void **state)
{
    struct address_ranges trusted;
    struct address peer, client;
    char text[ADDRESS_TEXT_SIZE];

    (void)state;
    assert_true(address_ranges_parse("none", &trusted));
    assert_true(address_parse("127.0.0.1", &peer));
    client = address_of_client(&trusted, &peer, "203.0.113.7");
    assert_string_equal(address_format(&client, text), "127.0.0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_whole_and_written_in_their_usual_form),
        cmocka_unit_test(four_bytes_are_the_address_that_their_text_is),
        cmocka_unit_test(a_range_has_what_shares_its_first_bits),
        cmocka_unit_test(ranges_that_cannot_be_read_are_not_guessed),
        cmocka_unit_test(there_is_room_for_so_many_ranges_and_no_more),
        cmocka_unit_test(the_client_is_the_right_most_that_is_no_proxy_of_ours),
        cmocka_unit_test(nobody_is_believed_where_no_proxy_is_trusted),
    };

    return RUN_TESTS(tests);
}
