/* Streams records out of the database: one statement of db/queries/export/ per type. */
#include "interchange/export.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "db/queries.h"

/* Everything that a record names comes before it, as far as that is possible. */
static const struct {
    const char *type;
    const struct sql *sql;
} types[] = {
    {"lead_provider", &sql_export_lead_provider},
    {"delivery_partner", &sql_export_delivery_partner},
    {"cohort", &sql_export_cohort},
    {"provider_relationship", &sql_export_provider_relationship},
    {"schedule", &sql_export_schedule},
    {"milestone", &sql_export_milestone},
    {"statement", &sql_export_statement},
    {"school", &sql_export_school},
    {"user", &sql_export_user},
    {"participant", &sql_export_participant},
    {"induction_tutor", &sql_export_induction_tutor},
    {"nomination_email", &sql_export_nomination_email},
    {"early_roll_out_mentor", &sql_export_early_roll_out_mentor},
    {"partnership", &sql_export_partnership},
    {"induction_programme", &sql_export_induction_programme},
    {"school_cohort", &sql_export_school_cohort},
    {"training_record", &sql_export_training_record},
    {"induction_record", &sql_export_induction_record},
    {"training_state", &sql_export_training_state},
    {"declaration", &sql_export_declaration},
    {"participant_id_change", &sql_export_participant_id_change},
};

enum { TYPES = sizeof(types) / sizeof(types[0]) };

bool export_is_type(const char *type)
{
    for (size_t i = 0; i < TYPES; i++)
        if (str_equal(types[i].type, type))
            return true;
    return false;
}

/* JSON holds no control characters as they are, so CSV with these two for its marks is the JSON
 * itself. */
static void write_copy(struct buf *copy, const struct sql *sql)
{
    size_t length = strlen(sql->text);

    while (length > 0 && strchr("; \n", sql->text[length - 1]) != NULL)
        length--;
    copy->length = 0;
    buf_add_text(copy, "COPY (SELECT row_to_json(r) FROM (\n");
    buf_add(copy, sql->text, length);
    buf_add_text(copy, "\n) r) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')");
    buf_terminate(copy);
}

static enum err copy_lines(struct db_tx *tx, FILE *out)
{
    char *line = NULL;
    size_t length = 0;

    do {
        TRY(db_copy_out_line(tx, &line, &length));
        if (line != NULL)
            fwrite(line, 1, length, out); /* what goes wrong is remembered by the stream */
    } while (line != NULL);
    return ERR_OK;
}

static enum err export_type(struct db_tx *tx, const struct sql *sql, FILE *out)
{
    AUTO(buf_finish) struct buf copy = {0};

    write_copy(&copy, sql);
    TRY(db_copy_out_start(tx, copy.data));
    return copy_lines(tx, out);
}

enum err export_run(struct db_tx *tx, const struct export_options *options)
{
    struct db_value provider = db_uuid(options->lead_provider);

    TRY(db_script(tx, sql_export_begin.text));
    if (options->lead_provider != NULL)
        TRY(db_run_once(tx, &sql_export_only, &provider, 1, NULL));
    for (size_t i = 0; i < TYPES; i++)
        if (options->type == NULL || str_equal(options->type, types[i].type))
            TRY(export_type(tx, types[i].sql, options->out));
    return fflush(options->out) == 0 && !ferror(options->out) ? ERR_OK : ERR_IO;
}
