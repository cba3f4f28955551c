/* Streams a file into the staging table, then has it merged table by table. The set-based half is
 * in db/functions/60_import.sql and the files after it. */
#include "interchange/import.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "db/queries.h"
#include "interchange/lines.h"
#include "interchange/record.h"

enum { COPY_CHUNK = 64 * 1024, PROGRESS_LINES = 10000 };

struct import {
    struct db_tx *tx;
    const struct import_options *options;
    struct import_counts *counts;
    struct buf copy;      /* rows on their way to the database */
    size_t problem_count; /* of single lines, already listed */
    struct record record;
    struct lines lines;
};

static void import_finish(struct import *import)
{
    buf_finish(&import->copy);
    record_finish(&import->record);
    lines_finish(&import->lines);
}

static void show_progress(const struct import *import, const char *step, int64_t lines)
{
    if (import->options->progress == NULL)
        return;
    if (lines > 0)
        fprintf(import->options->progress, "\r\033[K%s %" PRId64 " lines", step, lines);
    else
        fprintf(import->options->progress, "\r\033[K%s", step);
    fflush(import->options->progress);
}

static void end_progress(const struct import *import)
{
    if (import->options->progress != NULL)
        fputs("\r\033[K", import->options->progress);
}

/* ---- problems ---- */

struct problem {
    int64_t line; /* 0: the file as a whole */
    const char *type;
    const char *id;
    const char *member; /* NULL: the record as a whole */
    const char *text;
};

static void list_problem(struct import *import, const struct problem *problem)
{
    FILE *err = import->options->err;

    if (import->problem_count == 0)
        end_progress(import);
    if (import->problem_count++ == RECORD_PROBLEMS_MAX)
        fprintf(err, "%s: there is more; only the first %d problems are listed\n",
                import->options->name, RECORD_PROBLEMS_MAX);
    if (import->problem_count > RECORD_PROBLEMS_MAX)
        return;
    if (problem->line == 0)
        fprintf(err, "%s: %s\n", import->options->name, problem->text);
    else
        fprintf(err, "%s:%" PRId64 ": %s %s: %s%s%s\n", import->options->name, problem->line,
                problem->type, problem->id, problem->member != NULL ? problem->member : "",
                problem->member != NULL ? ": " : "", problem->text);
}

static void list_line_problems(struct import *import)
{
    struct record *record = &import->record;
    const char *id = record_shown_id(record->type, record->id, &record->arena);

    for (size_t i = 0; i < record->problem_count; i++)
        list_problem(import, &(struct problem){.line = import->lines.number,
                                               .type = record->type_name,
                                               .id = id,
                                               .member = record->problems[i].member,
                                               .text = record->problems[i].text});
}

/* What only the database can tell. */
static enum err list_merge_problems(struct import *import)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct db_value limit = db_int(RECORD_PROBLEMS_MAX + 1);

    TRY(db_run_once(import->tx, &sql_import_problems, &limit, 1, &rows));
    for (int row = 0; row < rows.count; row++) {
        const char *type_name = db_get_text(&rows, row, 1);
        const char *column = db_get_text(&rows, row, 3);
        const struct record_type *type = type_name != NULL ? record_type_find(type_name) : NULL;

        list_problem(import, &(struct problem){
                                 .line = db_get_int(&rows, row, 0),
                                 .type = type_name,
                                 .id = record_shown_id(type, db_get_text(&rows, row, 2),
                                                       &import->record.arena),
                                 .member = column != NULL ? record_member_of(type, column) : NULL,
                                 .text = db_get_text(&rows, row, 4)});
    }
    return ERR_OK;
}

/* A constraint that no check foresaw: the database's own words would hold values, its name does
 * not. */
static enum err explain(struct import *import, enum err err)
{
    const char *constraint = db_constraint(import->tx);

    if (err != ERR_DB || !str_starts_with(db_sqlstate(import->tx), "23"))
        return err;
    list_problem(import,
                 &(struct problem){
                     .text = arena_printf(&import->record.arena,
                                          "the records break the rule %s of the database",
                                          str_is_blank(constraint) ? "(unnamed)" : constraint)});
    return ERR_INPUT;
}

/* ---- staging ---- */

/* A field of COPY's text format. */
static void add_field(struct buf *copy, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\\')
            buf_add_char(copy, '\\');
        buf_add_char(copy, bytes[i]);
    }
}

static void add_text_field(struct buf *copy, const char *text)
{
    add_field(copy, text, strlen(text));
    buf_add_char(copy, '\t');
}

static void add_rows(struct import *import)
{
    const struct record *record = &import->record;

    for (size_t i = 0; i < record->row_count; i++) {
        buf_add_int(&import->copy, import->lines.number);
        buf_add_char(&import->copy, '\t');
        add_text_field(&import->copy, record->type->name);
        add_text_field(&import->copy, record->id);
        add_text_field(&import->copy, record->rows[i].target);
        add_text_field(&import->copy, record->is_deletion ? "t" : "f");
        add_text_field(&import->copy, record->problem_count > 0 ? "t" : "f");
        add_field(&import->copy, record->rows[i].document.data, record->rows[i].document.length);
        buf_add_char(&import->copy, '\n');
    }
}

static enum err send_rows(struct import *import)
{
    TRY(db_copy_in_data(import->tx, import->copy.data, import->copy.length));
    import->copy.length = 0;
    return ERR_OK;
}

static bool is_empty_line(const struct buf *line)
{
    for (size_t i = 0; i < line->length; i++)
        if (strchr(" \t\r", line->data[i]) == NULL || line->data[i] == '\0')
            return false;
    return true;
}

static enum err stage_line(struct import *import)
{
    if (import->lines.is_too_long) {
        list_problem(import, &(struct problem){.line = import->lines.number,
                                               .type = "-",
                                               .id = "-",
                                               .text = "is longer than 1 MiB"});
        return ERR_OK;
    }
    if (is_empty_line(&import->lines.line))
        return ERR_OK;
    record_parse(&import->record, import->lines.line.data, import->lines.line.length,
                 import->options->token_secret);
    list_line_problems(import);
    add_rows(import);
    return import->copy.length >= COPY_CHUNK ? send_rows(import) : ERR_OK;
}

static enum err stage_lines(struct import *import)
{
    bool is_there = true;

    TRY(db_copy_in_start(import->tx, sql_import_copy.text));
    while (import->problem_count <= RECORD_PROBLEMS_MAX) {
        TRY(lines_next(&import->lines, &is_there));
        if (!is_there)
            break;
        TRY(stage_line(import));
        if (import->lines.number % PROGRESS_LINES == 0)
            show_progress(import, "read", import->lines.number);
    }
    import->counts->lines = import->lines.number;
    TRY(send_rows(import));
    return db_copy_in_end(import->tx);
}

/* ---- merging ---- */

static enum err merge_table(struct import *import, const char *table)
{
    AUTO(db_rows_finish) struct db_rows rows = {0};
    struct db_value value = db_text(table);

    show_progress(import, table, 0);
    TRY(db_run_once(import->tx, &sql_import_merge, &value, 1, &rows));
    import->counts->inserted += db_get_int(&rows, 0, 0);
    import->counts->changed += db_get_int(&rows, 0, 1);
    import->counts->deleted += db_get_int(&rows, 0, 2);
    return ERR_OK;
}

static enum err merge_tables(struct import *import)
{
    for (size_t i = 0; record_tables[i] != NULL; i++)
        TRY(merge_table(import, record_tables[i]));
    return ERR_OK;
}

static enum err run_step(struct import *import, const char *step, const struct sql *sql)
{
    show_progress(import, step, 0);
    return db_run_once(import->tx, sql, NULL, 0, NULL);
}

static struct db_value clock_of(const struct import *import)
{
    return db_instant_or_null(import->options->now);
}

static enum err merge(struct import *import)
{
    struct db_value clock = clock_of(import);

    TRY(db_script(import->tx, sql_import_staged.text));
    TRY(db_run_once(import->tx, &sql_import_clock, &clock, 1, NULL));
    TRY(run_step(import, "preparing", &sql_import_prepare));
    TRY(merge_tables(import));
    TRY(run_step(import, "checking", &sql_import_check));
    TRY(list_merge_problems(import));
    if (import->problem_count > 0)
        return ERR_INPUT;
    show_progress(import, "refreshing what lead providers see", 0);
    return db_run_once(import->tx, &sql_import_effects, &clock, 1, NULL);
}

enum err import_run(struct db_tx *tx, const struct import_options *options,
                    struct import_counts *out)
{
    AUTO(import_finish)
    struct import import = {.tx = tx,
                            .options = options,
                            .counts = out,
                            .lines = {.in = options->in, .max = RECORD_LINE_MAX}};

    *out = (struct import_counts){0};
    show_progress(&import, "waiting for another import or migration", 0);
    TRY(db_run_once(tx, &sql_import_lock, NULL, 0, NULL));
    TRY(db_script(tx, sql_import_stage.text));
    TRY(stage_lines(&import));
    if (import.problem_count > RECORD_PROBLEMS_MAX)
        return ERR_INPUT; /* the rest of the file was not read */
    TRY(explain(&import, merge(&import)));
    end_progress(&import);
    return ERR_OK;
}
