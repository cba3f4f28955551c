/* The attributes of an account. */
#include "view.h"

#include "base/str.h"

static const struct field user_fields[] = {
    FIELD(user_row, email, TEXT, V1 | V2),
    FIELD(user_row, full_name, TEXT, V1 | V2),
};

static const struct ecf_user_row *row_of(const void *row)
{
    return row;
}

static bool is_gone(const void *row)
{
    return row_of(row)->is_gone == TRIBOOL_TRUE;
}

static void write_user_type(struct buf *out, const void *row, const struct view_context *context)
{
    const char *type = str_equal(row_of(row)->kind, "mentor") ? "mentor" : "early_career_teacher";

    (void)context;
    render_text(out, is_gone(row) ? "other" : type);
}

static void write_materials(struct buf *out, const void *row, const struct view_context *context)
{
    static const char *const names[][2] = {
        {"Ambition Institute", "ambition"},
        {"Education Development Trust", "edt"},
        {"Teach First", "teach_first"},
        {"UCL Institute of Education", "ucl"},
    };
    const char *materials = row_of(row)->materials;
    const char *shown = "none";

    (void)context;
    for (size_t i = 0; i < COUNT_OF(names) && materials != NULL && !is_gone(row); i++)
        if (str_equal(names[i][0], materials))
            shown = names[i][1];
    render_text(out, shown);
}

static void write_programme_choice(struct buf *out, const void *row,
                                   const struct view_context *context)
{
    (void)context;
    render_text(out, is_gone(row) ? NULL : row_of(row)->programme_choice);
}

static void write_registration(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    if (is_gone(row))
        BUF_LITERAL(out, "null");
    else
        buf_add_text(out, row_of(row)->is_registered == TRIBOOL_TRUE ? "true" : "false");
}

static void write_cohort(struct buf *out, const void *row, const struct view_context *context)
{
    (void)context;
    if (is_gone(row))
        BUF_LITERAL(out, "null");
    else
        buf_add_int(out, row_of(row)->cohort);
}

static const struct field ecf_user_fields[] = {
    FIELD(ecf_user_row, email, TEXT, V1 | V2),
    FIELD(ecf_user_row, full_name, TEXT, V1 | V2),
    FIELD_FROM("user_type", write_user_type, V1 | V2),
    FIELD_FROM("core_induction_programme", write_materials, V1 | V2),
    FIELD_FROM("induction_programme_choice", write_programme_choice, V1 | V2),
    FIELD_FROM("registration_completed", write_registration, V1 | V2),
    FIELD_FROM("cohort", write_cohort, V1 | V2),
};

const struct view users_view = {"user", offsetof(struct user_row, id), user_fields,
                                COUNT_OF(user_fields)};
const struct view ecf_users_view = {"user", offsetof(struct ecf_user_row, id), ecf_user_fields,
                                    COUNT_OF(ecf_user_fields)};
