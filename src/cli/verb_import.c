/* viaggio import: how files are understood. */
#include "app/export.h"
#include "app/json.h"
#include "cli/run.h"

#include <string.h>

static enum vg_code print_columns(struct run *run, const struct read_file *file,
                                  struct vg_err *err)
{
    static const struct column columns[] = {
        {"file", NULL, CELL_TEXT, TONE_PLAIN},
        {"column", NC_("table", "column"), CELL_TEXT, TONE_STRONG},
        {"role", NC_("table", "is"), CELL_TEXT, TONE_BLUE},
        {"reason", NC_("table", "because"), CELL_TEXT, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < file->column_count; i++) {
        const struct read_column *column = &file->columns[i];
        table_text(&table, file->path);
        table_text(&table, column->name);
        table_text(&table, run->screen.people ? role_text(column->role)
                                              : role_name(column->role));
        table_text(&table, column->reason);
    }
    return table_print(&table, &run->screen, err);
}

/* The first rows; columns that are left out are left out. */
static enum vg_code print_sample(struct run *run, const struct read_file *file,
                                 struct vg_err *err)
{
    size_t used = 0;
    struct column *columns =
        arena_array(run->arena, struct column, file->column_count + 1);
    struct table table;
    if (!columns)
        return err_memory(err);
    for (size_t c = 0; c < file->column_count; c++)
        if (file->columns[c].role != ROLE_IGNORE)
            columns[used++] = (struct column){
                .name = "", .title = file->columns[c].name, .kind = CELL_TEXT};
    if (!used || !file->sample_count)
        return VG_OK;
    table_open(run->arena, columns, used, &table);
    for (size_t i = 0; i < file->sample_count; i++)
        for (size_t c = 0; c < file->column_count; c++)
            if (file->columns[c].role != ROLE_IGNORE)
                table_text(&table, file->sample[i][c]);
    screen_line(&run->screen);
    screen_say(&run->screen, TONE_QUIET, "%s", _("The first rows:"));
    return table_print(&table, &run->screen, err);
}

static void say_kind(struct run *run, const struct read_file *file)
{
    struct screen *screen = &run->screen;
    screen_say(screen, TONE_STRONG, "%s", file->path);
    struct buf line = {0};
    buf_text(&line, file->kind ? file->kind : "");
    if (file->encoding)
        buf_printf(&line, ", %s", file->encoding);
    if (file->delimiter == '\t')
        buf_printf(&line, ", %s", _("tabs between columns"));
    else if (file->delimiter)
        buf_printf(&line, _(", \"%c\" between columns"), file->delimiter);
    if (file->header_line)
        buf_printf(&line, _(", names of the columns at line %llu"),
                   (unsigned long long)file->header_line);
    if (file->time_format)
        buf_printf(&line, _(", times as %s"), file->time_format);
    if (!line.failed)
        screen_say(screen, TONE_QUIET, "%s", line.ptr);
    buf_free(&line);
}

static void say_rejects(struct run *run, const struct read_file *file)
{
    size_t shown = file->reject_count < 10 ? file->reject_count : 10;
    for (size_t i = 0; i < shown; i++)
        screen_say(&run->screen, TONE_AMBER, _("  line %llu: %s"),
                   (unsigned long long)file->rejects[i].line, file->rejects[i].reason);
    if (file->rejected > shown)
        screen_say(&run->screen, TONE_QUIET,
                   _("  … and %s more; --rejects FILE writes all of them"),
                   text_count(run->arena, file->rejected - shown));
}

static enum vg_code print_file(struct run *run, const struct read_file *file,
                               struct vg_err *err)
{
    struct screen *screen = &run->screen;
    say_kind(run, file);
    screen_line(screen);
    enum vg_code code = print_columns(run, file, err);
    if (code == VG_OK && run->screen.people)
        code = print_sample(run, file, err);
    screen_line(screen);
    for (size_t i = 0; i < file->note_count; i++)
        screen_say(screen, TONE_AMBER, "%s", file->notes[i]);
    if (run->request.explain)
        return code;
    const char *rows = text_count(run->arena, file->rows);
    const char *stored = text_count(run->arena, file->stored);
    const char *rejected = text_count(run->arena, file->rejected);
    if (file->events == file->stored)
        screen_say(screen, TONE_STRONG, _("rows: %s = %s stored + %s left out"), rows,
                   stored, rejected);
    else
        screen_say(screen, TONE_STRONG,
                   _("rows: %s = %s stored, as %s events + %s left out"), rows, stored,
                   text_count(run->arena, file->events), rejected);
    say_rejects(run, file);
    screen_line(screen);
    return code;
}

static enum vg_code explain(struct run *run, struct vg_err *err)
{
    struct evidence_options options;
    enum vg_code code = request_evidence(run->arena, &run->request, &options, err);
    struct read_report report = {0};
    if (code == VG_OK)
        report.files = arena_array(run->arena, struct read_file, options.file_count);
    if (code == VG_OK && !report.files)
        return err_memory(err);
    for (size_t i = 0; code == VG_OK && i < options.file_count; i++) {
        code = read_explain(run->arena, options.files[i], &options.read, &report.files[i],
                            err);
        report.file_count += code == VG_OK;
        if (code == VG_OK && !run->request.json)
            code = print_file(run, &report.files[i], err);
    }
    if (code == VG_OK && run->request.json)
        code = run_json(run, reading_to_json(&report), err);
    return code;
}

static void say_log(struct run *run)
{
    const struct vg_log *log = run->evidence.log;
    if (!log->events)
        return;
    screen_say(&run->screen, TONE_STRONG, _("%s, %s, %s, from %s to %s"),
               text_events(run, log->events), text_journeys(run, log->traces),
               text_activities(run, log->activities.count),
               text_date(run->arena, log->first_us), text_date(run->arena, log->last_us));
}

/* With --out the screen is the file: the clean CSV goes there, and nothing else. */
static enum vg_code write_clean(struct run *run, struct vg_err *err)
{
    enum vg_code code = export_events_header(run->evidence.log, &run->screen.buf, err);
    for (size_t t = 0; code == VG_OK && t < run->evidence.log->traces; t++) {
        code = export_events(run->arena, run->evidence.log, t, &run->screen.buf, err);
        if (code == VG_OK && run->screen.buf.len > 1 << 16)
            code = screen_flush(&run->screen, err);
    }
    return code;
}

enum vg_code verb_import(struct run *run, struct vg_err *err)
{
    if (run->request.explain)
        return explain(run, err);
    if (run->request.workspace)
        return import_into(run, err);
    enum vg_code code = run_evidence(run, err);
    const struct read_report *report = &run->evidence.report;
    if (code != VG_OK)
        return code;
    if (run->request.json)
        return run_json(run, reading_to_json(report), err);
    if (run->request.out)
        return write_clean(run, err);
    for (size_t i = 0; code == VG_OK && i < report->file_count; i++)
        code = print_file(run, &report->files[i], err);
    say_log(run);
    return code;
}
