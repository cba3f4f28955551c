/* Pages of people, cut from rows of enrolments. */
#include "resources/participants/paging.h"

#include "support.h"

enum { ROWS_MAX = 8 };

/* A letter a row: who it is of; in lower case it does not put them on the list. */
static size_t make(const char *letters, struct enrolment_row rows[ROWS_MAX])
{
    size_t count = strlen(letters);

    for (size_t i = 0; i < count; i++)
        rows[i] = (struct enrolment_row){
            .participant_id.bytes = {[15] = (uint8_t)(letters[i] & ~0x20)},
            .training_record_id.bytes = {[0] = (uint8_t)i},
            .is_listed = (letters[i] & 0x20) == 0 ? TRIBOOL_TRUE : TRIBOOL_FALSE,
        };
    return count;
}

static void show(const struct enrolment_row *rows, size_t count, char out[static ROWS_MAX + 1])
{
    for (size_t i = 0; i < count; i++)
        out[i] = (char)rows[i].participant_id.bytes[15];
    out[count] = '\0';
}

static void a_page_has_its_people_whole(void **state)
{
    static const struct {
        const char *rows;
        size_t people;
        bool is_end;
        const char *page;
        bool is_whole;
    } cases[] = {
        {"", 2, true, "", true},           {"AB", 2, true, "AB", true},
        {"AB", 2, false, "AB", false}, /* B may have another row */
        {"ABC", 2, false, "AB", true},     {"AABBC", 2, false, "AABB", true},
        {"AABB", 3, false, "AABB", false}, {"AABB", 3, true, "AABB", true},
        {"AaBC", 2, false, "AAB", true},   {"aABC", 2, false, "AAB", true},
        {"abCDE", 2, false, "CD", true},   {"AbbCE", 2, false, "AC", true},
        {"Abb", 2, false, "A", false},     {"Abb", 2, true, "A", true},
        {"abb", 1, true, "", true},        {"AAAAAAAA", 1, false, "AAAAAAAA", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct enrolment_row rows[ROWS_MAX];
        char page[ROWS_MAX + 1];
        size_t count = make(cases[i].rows, rows);
        bool is_whole = paging_cut(rows, &count, cases[i].people, cases[i].is_end);

        show(rows, count, page);
        CHECK(strcmp(page, cases[i].page) == 0, "%s became %s", cases[i].rows, page);
        CHECK(is_whole == cases[i].is_whole, "%s", cases[i].rows);
    }
}

static void a_page_is_in_the_order_of_first_training(void **state)
{
    struct enrolment_row rows[ROWS_MAX];
    char page[ROWS_MAX + 1];
    size_t count = make("CABDDE", rows);

    (void)state;
    for (size_t i = 0; i < count; i++)
        rows[i].first_trained_at = rows[i].participant_id.bytes[15] == 'E' ? -1 : 5;
    rows[3].created_at = 9; /* of the two of D the first one came later */
    paging_order(rows, count);
    show(rows, count, page);
    assert_string_equal(page, "EABCDD");
    assert_int_equal(rows[4].created_at, 0);
    assert_int_equal(rows[5].created_at, 9);
    make("BAA", rows);
    rows[1].training_record_id.bytes[0] = 7;
    paging_order(rows, 3);
    assert_int_equal(rows[0].training_record_id.bytes[0], 2);
    assert_int_equal(rows[1].training_record_id.bytes[0], 7);
    paging_order(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_has_its_people_whole),
        cmocka_unit_test(a_page_is_in_the_order_of_first_training),
    };

    return RUN_TESTS(tests);
}
