/* The attributes of a school. */
#include "view.h"

#include "domain/programme.h"

static void write_programme_choice(struct buf *out, const void *row,
                                   const struct view_context *context)
{
    const char *stored = ((const struct school_row *)row)->programme_choice;

    render_text(out, programme_choice_shown(stored, context->programme_types_2025));
}

static const struct field fields[] = {
    FIELD(school_row, name, TEXT, V3),
    FIELD(school_row, urn, TEXT, V3),
    FIELD(school_row, cohort, YEAR, V3),
    FIELD(school_row, in_partnership, BOOL, V3),
    FIELD_FROM("induction_programme_choice", write_programme_choice, V3),
    FIELD(school_row, created_at, INSTANT, V3),
    FIELD(school_row, updated_at, INSTANT, V3),
};

const struct view schools_view = {"school", offsetof(struct school_row, id), fields,
                                  COUNT_OF(fields)};
