/* A line of the interchange format. */
#include <jansson.h>

#include "base/str.h"
#include "fuzz.h"
#include "interchange/record.h"

/* Rows are JSON objects for tables that are merged; what is said of a line holds nothing
 * unprintable. */
static void check_record(const struct record *record)
{
    PROMISE(record->problem_count <= RECORD_PROBLEMS_MAX && record->type_name != NULL);
    PROMISE(record->problem_count > 0 || (record->row_count > 0 && record->id != NULL));
    for (size_t i = 0; i < record->row_count; i++) {
        const struct record_row *row = &record->rows[i];
        json_t *object = json_loadb(row->document.data, row->document.length, 0, NULL);

        PROMISE(row->target != NULL && json_is_object(object));
        json_decref(object);
    }
    for (size_t i = 0; i < record->problem_count; i++) {
        const char *member = record->problems[i].member;

        PROMISE(member == NULL || str_is_utf8(member, strlen(member)));
        for (const char *c = record->problems[i].text; *c != '\0'; c++)
            PROMISE((unsigned char)*c >= ' ');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char next[] = "{\"type\":\"early_roll_out_mentor\",\"trn\":\"1234567\"}";
    char *text = fuzz_text(data, size);
    struct record record = {0};

    record_parse(&record, text, size, "0123456789abcdef0123456789abcdef");
    check_record(&record);
    record_parse(&record, next, strlen(next), NULL); /* nothing of a line may reach the next */
    PROMISE(record.problem_count == 0 && record.row_count == 1 && str_equal(record.id, "1234567"));
    record_parse(&record, text, size, NULL);
    check_record(&record);
    record_finish(&record);
    free(text);
    return 0;
}
