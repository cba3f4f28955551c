/* Timestamps and dates. */
#include "base/date.h"

#include "base/str.h"
#include "base/uuid.h"
#include "fuzz.h"

/* What was read can be written, and is the same when it is read again. */
static void check_instant(int64_t instant)
{
    char text[DATE_TEXT_SIZE];
    int64_t again;
    int32_t day;

    PROMISE(instant_parse(instant_format_us(instant, text), &again) && again == instant);
    PROMISE(instant_parse(instant_format_ms(instant, text), &again) && again <= instant &&
            instant - again < 1000);
    PROMISE(instant_parse(instant_format(instant, text), &again) && again <= instant &&
            instant - again < INSTANT_SECOND);
    PROMISE(day_parse(day_format(day_of(instant), text), &day) && day == day_of(instant));
    PROMISE(day_start(day) <= instant && instant - day_start(day) < INSTANT_DAY);
}

static void check_numbers(const char *text)
{
    int64_t whole;

    if (str_parse_int(text, INT64_MIN, INT64_MAX, &whole))
        PROMISE(str_leading_int(text) == whole);
}

static void check_uuid(const char *text)
{
    char written[UUID_TEXT_SIZE];
    struct uuid uuid, again;

    if (uuid_parse(text, &uuid))
        PROMISE(uuid_parse(uuid_format(&uuid, written), &again) && uuid_equal(&uuid, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    int64_t strict, lenient;
    int32_t day;

    if (instant_parse(text, &strict)) {
        check_instant(strict);
        PROMISE(instant_parse_lenient(text, &lenient) && lenient == strict);
    }
    if (instant_parse_lenient(text, &lenient))
        check_instant(lenient);
    if (day_parse(text, &day))
        check_instant(day_start(day));
    check_numbers(text);
    check_uuid(text);
    free(text);
    return 0;
}
