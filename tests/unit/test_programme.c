/* Names of programmes and reasons: v3.md 3.3 and 3.5.3. */
#include "domain/programme.h"

#include "support.h"

static void programme_choices_are_renamed_since_2025(void **state)
{
    static const struct {
        const char *stored;
        const char *since_2025;
        const char *before;
    } cases[] = {
        {"full_induction_programme", "provider_led", "full_induction_programme"},
        {"school_funded_fip", "provider_led", "school_funded_fip"},
        {"core_induction_programme", "school_led", "core_induction_programme"},
        {"design_our_own", "school_led", "design_our_own"},
        {"no_early_career_teachers", "no_early_career_teachers", "no_early_career_teachers"},
        {"not_yet_known", "not_yet_known", "not_yet_known"},
        {NULL, "not_yet_known", "not_yet_known"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(programme_choice_shown(cases[i].stored, true), cases[i].since_2025);
        assert_string_equal(programme_choice_shown(cases[i].stored, false), cases[i].before);
    }
}

static void one_withdrawal_reason_is_renamed_since_2025(void **state)
{
    static const char *const kept[] = {
        "left-teaching-profession", "moved-school", "mentor-no-longer-being-mentor",
        "switched-to-school-led",   "other",        "a-historic-one"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        assert_string_equal(withdrawal_reason_shown(kept[i], true), kept[i]);
        assert_string_equal(withdrawal_reason_shown(kept[i], false), kept[i]);
    }
    assert_string_equal(withdrawal_reason_shown("school-left-fip", true), "switched-to-school-led");
    assert_string_equal(withdrawal_reason_shown("school-left-fip", false), "school-left-fip");
    assert_null(withdrawal_reason_shown(NULL, true));
    assert_null(withdrawal_reason_shown(NULL, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programme_choices_are_renamed_since_2025),
        cmocka_unit_test(one_withdrawal_reason_is_renamed_since_2025),
    };

    return RUN_TESTS(tests);
}
