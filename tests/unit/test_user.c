/* Accounts: v1-v2.md 5. */
#include "domain/user.h"

#include "base/err.h"
#include "support.h"

static void an_address_is_one_that_notify_would_take(void **state)
{
    static const char *const good[] = {
        "a@b.co",
        "name@example.com",
        "first.last+tag@sub.example-school.sch.uk",
        "o'brien!#$%&*/=?^_`{|}~-@example.com",
        "NAME@EXAMPLE.COM",
        "1@2.org",
        "x@xn--bcher-kva.example",
        "x@example.xn--p1ai",
    };
    static const char *const bad[] = {
        "",
        "x",
        "@example.com",
        "x@",
        "x@example",
        "x@.com",
        "x@example.",
        "x@-a.com",
        "x@a-.com",
        "x@a..com",
        "x..y@a.co",
        "x.@a.co",
        "x y@a.co",
        "x@a b.co",
        "x@a_b.co",
        "x@y@a.co",
        "x@a.c",
        "x@a.1a",
        "x@a.co\n",
        " x@a.co",
        "x\"@a.co",
        "x,y@a.co",
        "x(y)@a.co",
        "caf\xc3\xa9@a.co",
        "x@caf\xc3\xa9.co",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK(user_is_email(good[i]), "%s", good[i]);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!user_is_email(bad[i]), "%s", bad[i]);
}

static void an_address_has_limits(void **state)
{
    char text[400] = {0};

    (void)state;
    memset(text, 'a', 310);
    strcpy(text + 310, "@abcdef.co"); /* 320 in all */
    assert_true(user_is_email(text));
    strcpy(text + 310, "@abcdefg.co");
    assert_false(user_is_email(text));

    strcpy(text, "x@");
    memset(text + 2, 'a', 63);
    strcpy(text + 65, ".co");
    assert_true(user_is_email(text));
    strcpy(text + 65, "a.co");
    assert_false(user_is_email(text));

    strcpy(text, "x@");
    for (size_t i = 2; i < 252; i += 2)
        memcpy(text + i, "a.", 2);
    strcpy(text + 252, "uk"); /* a host of 252 */
    assert_true(user_is_email(text));
    strcpy(text + 252, "ukuk");
    assert_false(user_is_email(text));
}

static void blanks_are_cleaned_away(void **state)
{
    AUTO(arena_finish) struct arena arena = {0};
    const struct user_request asked = {" \t Jane \n  van\tder  Smith ", "\n x@a.co\t"};
    const struct user_request nothing = {0};
    const struct user_request blank = {" \t\n\v\f\r", " "};
    struct user_request clean = user_request_clean(&asked, &arena);

    (void)state;
    assert_string_equal(clean.full_name, "Jane van der Smith");
    assert_string_equal(clean.email, "x@a.co");
    clean = user_request_clean(&nothing, &arena);
    assert_string_equal(clean.full_name, "");
    assert_string_equal(clean.email, "");
    clean = user_request_clean(&blank, &arena);
    assert_string_equal(clean.full_name, "");
    assert_string_equal(clean.email, "");
}

static void check_body(const char *name, const char *email, bool is_known, int status,
                       const char *body)
{
    AUTO(buf_finish) struct buf out = {0};
    const struct user_request request = {name, email};
    struct problems problems = {0};

    user_check(&request, is_known, &problems);
    assert_int_equal(problems_status(&problems), status);
    problems_write(&out, &problems);
    check_buf(&out, body, name);
}

#define INVALID(texts)                                                                             \
    "{\"errors\":[{\"title\":\"Invalid action\",\"detail\":\"Validation failed: " texts "\"}]}"
#define NO_NAME "Full name Enter a full name"
#define BAD_EMAIL "Email Enter an email address in the correct format, like name@example.com"

static void what_is_wrong_is_said_at_once(void **state)
{
    const struct user_request fine = {"Jane", "x@a.co"};
    struct problems problems = {0};

    (void)state;
    user_check(&fine, false, &problems);
    assert_int_equal(problems.count, 0);
    check_body("", "x@a.co", false, 422, INVALID(NO_NAME));
    check_body("Jane", "x", false, 422, INVALID(BAD_EMAIL));
    check_body("", "", false, 422, INVALID(NO_NAME ", " BAD_EMAIL));
    check_body("", "x@a.co", true, 409,
               "{\"errors\":[{\"status\":\"409\",\"title\":\"Email This email address is already "
               "in use\"}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_one_that_notify_would_take),
        cmocka_unit_test(an_address_has_limits),
        cmocka_unit_test(blanks_are_cleaned_away),
        cmocka_unit_test(what_is_wrong_is_said_at_once),
    };

    return RUN_TESTS(tests);
}
