/* Which records make a transfer: v3.md 3.6. */
#include "domain/transfer.h"

#include <stdlib.h>

#include "base/date.h"
#include "support.h"

enum { RECORDS_MAX = 8 };

static const struct uuid our_provider = {{1}};

/* A record as three letters: leaving (L), a school transfer (T), both (B) or neither (-); its
 * school; its lead provider, of which 1 is ours and - is none. */
static struct transfer_record record_of(const char *text)
{
    return (struct transfer_record){
        .is_leaving = text[0] == 'L' || text[0] == 'B',
        .is_school_transfer = text[0] == 'T' || text[0] == 'B',
        .school_id = {{(uint8_t)text[1]}},
        .lead_provider_id = {{text[2] == '-' ? 0 : (uint8_t)(text[2] - '0')}},
        .end_date = INSTANT_NONE,
    };
}

static void records_are_paired_as_the_contract_says(void **state)
{
    static const struct {
        const char *records[RECORDS_MAX];
        const char *transfers; /* leaving>joining, by position; ? for unknown */
        const char *rule;
    } cases[] = {
        {{NULL}, "", "nothing"},
        {{"-A1", "TB1"}, "", "nobody leaves"},
        {{"LA1", "TB1"}, "0>1", "one school to the next"},
        {{"LA1", "TB2"}, "0>1", "the leaving side is ours"},
        {{"LA2", "TB1"}, "0>1", "the joining side is ours"},
        {{"LA2", "TB2"}, "", "neither side is ours"},
        {{"LA1"}, "0>?", "leaving alone, ours"},
        {{"LA2"}, "", "leaving alone, another's"},
        {{"LA-"}, "", "leaving alone, without a partnership"},
        {{"LA-", "TB1"}, "0>1", "from a school without partnership to us"},
        {{"LA1", "TB-"}, "0>1", "from us to a school without partnership"},
        {{"LA-", "TB-"}, "", "no partnership on either side"},
        {{"LA1", "TA1"}, "0>?", "the same school is no transfer"},
        {{"LA1", "-B1"}, "0>?", "a record that is no school transfer does not join"},
        {{"LA1", "BB1"}, "0>?,1>?", "a leaving record never joins"},
        {{"TB1", "LA1"}, "1>0", "an earlier record may join"},
        {{"LA1", "TA2", "TB2"}, "0>2", "the first at another school"},
        {{"LA1", "TB1", "TC1"}, "0>1", "the first of several"},
        {{"LA1", "TB1", "LB1", "TC1"}, "0>1,2>3", "two moves in a row"},
        {{"LA1", "LB1", "TB1", "TC1"}, "0>2,1>3", "each joining record is used once"},
        {{"LA1", "LB1", "TB1"}, "0>2,1>?", "none is left for the second"},
        {{"LA2", "TB2", "LB1", "TC2"}, "2>3", "a pair that is not reported is used up"},
        {{"LA2", "LB1", "TC2"}, "1>?", "the other provider's pair takes the only joining record"},
        {{"LA2", "LB2", "TC1"}, "0>2", "the second leaving record finds nothing"},
        {{"LB1", "TB1", "LA1"}, "0>?,2>1", "what the first cannot use is left for the second"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct transfer_record records[RECORDS_MAX];
        struct transfer transfers[RECORDS_MAX];
        struct buf text = {0};
        size_t count = 0, found;

        for (; count < RECORDS_MAX && cases[i].records[count] != NULL; count++)
            records[count] = record_of(cases[i].records[count]);
        found = transfers_pair(records, count, &our_provider, transfers);
        for (size_t at = 0; at < found; at++) {
            buf_printf(&text, "%s%zu>", at > 0 ? "," : "", transfers[at].leaving);
            if (transfers[at].joining == (size_t)NO_RECORD)
                buf_add_char(&text, '?');
            else
                buf_printf(&text, "%zu", transfers[at].joining);
        }
        check_buf(&text, cases[i].transfers, cases[i].rule);
        buf_finish(&text);
    }
}

static void the_type_tells_where_to(void **state)
{
    static const struct {
        const char *leaving;
        const char *joining;
        const char *type;
    } cases[] = {
        {"LA1", NULL, "unknown"},       {"LA-", NULL, "unknown"},
        {"LA1", "TB1", "new_school"},   {"LA1", "TB2", "new_provider"},
        {"LA2", "TB1", "new_provider"}, {"LA1", "TB-", "new_school"},
        {"LA-", "TB1", "new_school"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct transfer_record leaving = record_of(cases[i].leaving);
        struct transfer_record joining =
            record_of(cases[i].joining == NULL ? "---" : cases[i].joining);
        const char *type = transfer_type(&leaving, cases[i].joining == NULL ? NULL : &joining);

        CHECK(strcmp(type, cases[i].type) == 0, "case %zu: %s", i, type);
    }
}

/* Days are of 2024-09; now is noon of the tenth. "-" is no date, NULL no joining record. */
static void a_transfer_is_complete_once_both_dates_are_past(void **state)
{
    static const struct {
        const char *end;
        const char *start;
        const char *status;
    } cases[] = {
        {"2024-09-09T12:00:00Z", NULL, "complete"},
        {"2024-09-10T00:00:00Z", NULL, "complete"},
        {"2024-09-10T00:00:01Z", NULL, "incomplete"},
        {"2024-09-11T00:00:00Z", NULL, "incomplete"},
        {"-", NULL, "incomplete"},
        {"2024-09-01T00:00:00Z", "2024-09-02T00:00:00Z", "complete"},
        {"2024-09-01T00:00:00Z", "2024-09-10T00:00:00Z", "complete"},
        {"2024-09-01T00:00:00Z", "2024-09-10T06:00:00Z", "incomplete"},
        {"2024-09-11T00:00:00Z", "2024-09-02T00:00:00Z", "incomplete"},
        {"2024-09-01T00:00:00Z", "2024-10-01T00:00:00Z", "incomplete"},
        {"-", "2024-09-02T00:00:00Z", "complete"},
        {"-", "2024-10-02T00:00:00Z", "incomplete"},
    };
    int64_t now;

    (void)state;
    assert_true(instant_parse("2024-09-10T12:00:00Z", &now));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct transfer_record leaving = {.end_date = INSTANT_NONE},
                               joining = {.end_date = INSTANT_NONE};
        const char *status;

        assert_true(cases[i].end[0] == '-' || instant_parse(cases[i].end, &leaving.end_date));
        assert_true(cases[i].start == NULL || instant_parse(cases[i].start, &joining.start_date));
        status = transfer_status(&leaving, cases[i].start == NULL ? NULL : &joining, now);
        CHECK(strcmp(status, cases[i].status) == 0, "case %zu: %s", i, status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_paired_as_the_contract_says),
        cmocka_unit_test(the_type_tells_where_to),
        cmocka_unit_test(a_transfer_is_complete_once_both_dates_are_past),
    };

    return RUN_TESTS(tests);
}
