#include "log/read_report.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"

#include <stdio.h>

enum { SAMPLE_SHOWN = 5, CELL_SHOWN = 60 };

/* A cell as it can be shown anywhere: well-formed, on one line, not long. */
static const char *shown_cell(struct arena *arena, str text)
{
    struct buf plain = {0}, repaired = {0};
    str head = text.len > 600 ? (str){text.ptr, 600} : text;
    for (size_t i = 0; i < head.len; i++)
        buf_char(&plain, (unsigned char)head.ptr[i] < 32 || head.ptr[i] == 127
                             ? ' '
                             : head.ptr[i]);
    utf8_append_repaired(&repaired, buf_str(&plain));
    str cut = utf8_head(buf_str(&repaired), CELL_SHOWN);
    const char *result =
        arena_printf(arena, "%.*s%s", STR_ARG(cut),
                     cut.len < repaired.len || head.len < text.len ? "…" : "");
    if (plain.failed || repaired.failed)
        result = NULL;
    buf_free(&plain);
    buf_free(&repaired);
    return result;
}

static enum vg_code fill_sample(struct arena *arena, struct read_file *file,
                                const struct grid *grid, const struct guess *guess,
                                struct vg_err *err)
{
    file->sample = arena_array(arena, const char **, SAMPLE_SHOWN);
    if (!file->sample)
        return err_memory(err);
    file->sample_count = 0;
    for (size_t i = guess->first_row;
         i < grid->row_count && file->sample_count < SAMPLE_SHOWN; i++) {
        const struct grid_row *row = &grid->rows[i];
        const char **cells = arena_array(arena, const char *, guess->column_count + 1);
        if (!cells)
            return err_memory(err);
        for (size_t c = 0; c < guess->column_count; c++) {
            cells[c] = shown_cell(arena, c < row->count ? row->cells[c] : STR(""));
            if (!cells[c])
                return err_memory(err);
        }
        file->sample[file->sample_count++] = cells;
    }
    return VG_OK;
}

enum vg_code report_guess(struct arena *arena, struct read_file *file,
                          const struct grid *grid, const struct guess *guess,
                          struct vg_err *err)
{
    struct buf form = {0};
    file->kind = grid_kind_text(grid);
    file->encoding = grid->kind == GRID_XLSX ? "UTF-8" : encoding_text(grid->encoding);
    file->delimiter = grid->kind == GRID_CSV ? grid->delimiter : 0;
    file->header_line = guess->header == SIZE_MAX ? 0 : grid->rows[guess->header].line;
    file->columns = guess->columns;
    file->column_count = guess->columns ? guess->column_count : 0;
    file->notes = guess->notes;
    file->note_count = guess->note_count;
    time_format_write(&guess->format, &form);
    file->time_format = arena_text(arena, form.len ? buf_str(&form) : STR(""));
    bool failed = form.failed || !file->time_format;
    buf_free(&form);
    for (size_t i = 0; i < file->column_count; i++)
        if (!file->columns[i].reason)
            file->columns[i].reason = "";
    if (failed)
        return err_memory(err);
    return file->column_count ? fill_sample(arena, file, grid, guess, err) : VG_OK;
}

static enum vg_code add_note(struct arena *arena, struct read_file *file,
                             const char *text, struct vg_err *err)
{
    const char **larger = arena_array(arena, const char *, file->note_count + 1);
    if (!larger || !text)
        return err_memory(err);
    if (file->note_count)
        memcpy(larger, file->notes, file->note_count * sizeof *larger);
    larger[file->note_count++] = text;
    file->notes = larger;
    return VG_OK;
}

static const char *count_text(struct arena *arena, uint64_t n)
{
    const char *text = text_count(arena, n);
    return text ? text : "";
}
enum vg_code report_counts(struct arena *arena, struct read_file *file,
                           const struct grid *grid, struct guess *guess,
                           const struct csv_counts *counts, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    uint64_t repaired =
        grid->kind == GRID_CSV ? counts->repaired + grid->repaired : counts->repaired;
    (void)guess;
    if (repaired)
        code = add_note(
            arena, file,
            arena_printf(arena,
                         _n("%s field held broken characters, now shown as \uFFFD "
                            "(--encoding says how the file is written)",
                            "%s fields held broken characters, now shown as \uFFFD "
                            "(--encoding says how the file is written)",
                            repaired),
                         count_text(arena, repaired)),
            err);
    if (code == VG_OK && counts->filled)
        code = add_note(arena, file,
                        arena_printf(arena,
                                     _n("%s empty cell took the value of the row above",
                                        "%s empty cells took the value of the row above",
                                        counts->filled),
                                     count_text(arena, counts->filled)),
                        err);
    if (code == VG_OK && counts->unscored)
        code = add_note(arena, file,
                        arena_printf(arena,
                                     _n("%s score was not a number and was left out",
                                        "%s scores were not numbers and were left out",
                                        counts->unscored),
                                     count_text(arena, counts->unscored)),
                        err);
    if (code == VG_OK && grid->missed_keys)
        code = add_note(
            arena, file,
            arena_printf(arena,
                         _n("%s value was left out: its field appears only after the "
                            "first rows",
                            "%s values were left out: their fields appear only after "
                            "the first rows",
                            grid->missed_keys),
                         count_text(arena, grid->missed_keys)),
            err);
    if (code == VG_OK && counts->stored && counts->last_us > date_now_us() + US_PER_DAY) {
        const char *last = text_date(arena, counts->last_us);
        code = add_note(
            arena, file,
            last ? arena_printf(arena, _("dates lie in the future; the last is %s"), last)
                 : NULL,
            err);
    }
    if (code == VG_OK && counts->stored > 1 && counts->first_us == counts->last_us)
        code = add_note(arena, file,
                        _("all rows have the same time: their order is that of the file"),
                        err);
    return code;
}

enum vg_code report_twins(struct arena *arena, struct read_report *report,
                          const str *contents, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    for (size_t f = 1; f < report->file_count && code == VG_OK; f++) {
        size_t twin = 0;
        while (twin < f && !(contents[f].len && str_equal(contents[f], contents[twin])))
            twin++;
        if (twin < f)
            code = add_note(arena, &report->files[f],
                            arena_printf(arena,
                                         _("it is the same, byte by byte, as %s: its "
                                           "events count twice"),
                                         report->files[twin].path),
                            err);
    }
    return code;
}

enum vg_code report_log(struct arena *arena, struct read_report *report,
                        const struct vg_log *log, struct vg_err *err)
{
    struct read_file *last = &report->files[report->file_count - 1];
    enum vg_code code = VG_OK;
    if (log->trace_names.count == 1)
        code = add_note(arena, last,
                        _("there is only one customer: shares and averages mean little"),
                        err);
    else if (log->events == log->traces)
        code = add_note(arena, last,
                        _("no customer has more than one event: is it the right column? "
                          "(--customer says otherwise)"),
                        err);
    return code;
}

void report_where(const struct read_file *file, char out[512])
{
    if (file->reject_count)
        snprintf(out, 512, "%s:%llu", file->path,
                 (unsigned long long)file->rejects[0].line);
    else
        snprintf(out, 512, "%s", file->path);
}

enum vg_code report_no_column(const struct read_report *report, const char *wanted,
                              struct vg_err *err)
{
    struct buf names = {0};
    for (size_t f = 0; f < report->file_count; f++)
        for (size_t i = 0; i < report->files[f].column_count && names.len < 400; i++)
            buf_printf(&names, "%s%s", names.len ? ", " : "",
                       report->files[f].columns[i].name);
    err_set(err, VG_ERR_NOT_FOUND, report->files[0].path, _("there is no column \"%s\""),
            wanted);
    if (names.len)
        err_hint(err, _("the columns are: %s"), names.ptr);
    buf_free(&names);
    return VG_ERR_NOT_FOUND;
}
