#include "log/read.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "log/filter.h"
#include "log/load.h"
#include "log/names.h"
#include "log/read_bytes.h"
#include "log/read_report.h"

static const struct read_options no_options;

/* One file on its way in. */
struct input {
    struct grid grid;
    struct guess guess;
    size_t *attribute; /* [guess.column_count] index among all attributes, or SIZE_MAX */
    struct csv_counts counts;
};
struct reading {
    struct arena *arena;
    struct read_options options;
    const struct time_zone *zone;
    struct input *inputs;
    size_t count;
    struct read_report *report;
    str *attributes; /* names of all that are kept, of all files */
    size_t attribute_count, attribute_capacity;
    struct rejects rejects;
    struct builder *builder;
};

/* ---- what each file is ---- */

static enum vg_code understand(struct reading *r, struct source *source,
                               struct input *input, struct read_file *file,
                               struct vg_err *err)
{
    file->path = arena_text(r->arena, str_from(source->name));
    if (!file->path) {
        source_close(source);
        return err_memory(err);
    }
    enum vg_code code = grid_open(r->arena, source, &r->options, &input->grid, err);
    if (code != VG_OK)
        return code;
    input->grid.name = file->path;
    code = guess_columns(&input->grid, &r->options, r->zone, &input->guess, err);
    enum vg_code told = report_guess(r->arena, file, &input->grid, &input->guess, err);
    return code != VG_OK ? code : told;
}

/* With several files an option may name columns that only some of them have: the others
 * are guessed. */
static enum vg_code understand_one_of(struct reading *r, struct source *source,
                                      struct input *input, struct read_file *file,
                                      struct vg_err *err)
{
    enum vg_code code = understand(r, source, input, file, err);
    bool alone = r->count == 1 && !r->options.one_of_several;
    if (code != VG_ERR_NOT_FOUND || alone || !input->grid.name)
        return code;
    struct read_options guess_all = r->options;
    for (int role = 0; role < ROLE_COUNT; role++)
        guess_all.column[role] = NULL;
    guess_all.journey = NULL;
    guess_all.time_count = 0;
    code = guess_columns(&input->grid, &guess_all, r->zone, &input->guess, err);
    if (!guess_note(&input->guess, r->arena,
                    _("a column named by option is not in this file: all were guessed")))
        return err_memory(err);
    enum vg_code told = report_guess(r->arena, file, &input->grid, &input->guess, err);
    return code != VG_OK ? code : told;
}

static enum vg_code prepare(struct reading *r, struct arena *arena, size_t count,
                            const struct read_options *options,
                            struct read_report *report, struct vg_err *err)
{
    *r = (struct reading){.arena = arena,
                          .options = options ? *options : no_options,
                          .count = count,
                          .report = report};
    *report = (struct read_report){0};
    if (count == 0)
        return err_set(err, VG_ERR_USAGE, NULL, "%s", _("no evidence file is given"));
    if (count > LIMIT_FILES) {
        err_set(err, VG_ERR_LIMIT, NULL, _("more than %d files at once"), LIMIT_FILES);
        err_hint(err, "%s", _("join some of them first"));
        return VG_ERR_LIMIT;
    }
    r->inputs = arena_array(arena, struct input, count);
    report->files = arena_array(arena, struct read_file, count);
    if (!r->inputs || !report->files)
        return err_memory(err);
    return time_zone_open(arena, r->options.zone, &r->zone, err);
}

/* ---- attributes of all files together ---- */

static enum vg_code attribute_index(struct reading *r, const char *name, size_t *ret,
                                    struct vg_err *err)
{
    str plain = name_plain(r->arena, str_from(name));
    if (!plain.ptr)
        return err_memory(err);
    for (size_t i = 0; i < r->attribute_count; i++) {
        str other = name_plain(r->arena, r->attributes[i]);
        if (!other.ptr)
            return err_memory(err);
        bool same =
            plain.len ? str_equal(plain, other) : strcmp(name, r->attributes[i].ptr) == 0;
        if (same) {
            *ret = i;
            return VG_OK;
        }
    }
    r->attributes = arena_grow(r->arena, r->attributes, r->attribute_count,
                               &r->attribute_capacity, sizeof *r->attributes);
    if (!r->attributes)
        return err_memory(err);
    *ret = r->attribute_count;
    r->attributes[r->attribute_count++] = str_from(name);
    return VG_OK;
}

static enum vg_code collect_attributes(struct reading *r, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    for (size_t f = 0; f < r->count; f++) {
        struct input *input = &r->inputs[f];
        const struct guess *guess = &input->guess;
        input->attribute = arena_array(r->arena, size_t, guess->column_count + 1);
        if (!input->attribute)
            return err_memory(err);
        for (size_t i = 0; i < guess->column_count && code == VG_OK; i++) {
            input->attribute[i] = SIZE_MAX;
            if (guess->columns[i].role == ROLE_ATTRIBUTE)
                code =
                    attribute_index(r, guess->columns[i].name, &input->attribute[i], err);
        }
    }
    return code;
}

/* A column that somebody asked for must be in some file. */
static enum vg_code check_columns(struct reading *r, const char *const *names,
                                  size_t count, struct vg_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *wanted = names[i];
        str plain = name_plain(r->arena, str_from(wanted));
        bool found = wanted[0] == '#';
        for (size_t f = 0; f < r->count && !found; f++)
            for (size_t c = 0; c < r->inputs[f].guess.column_count && !found; c++) {
                const char *name = r->inputs[f].guess.columns[c].name;
                str other = name_plain(r->arena, str_from(name));
                found =
                    strcmp(name, wanted) == 0 || (plain.len && str_equal(plain, other));
            }
        if (!found)
            return report_no_column(r->report, wanted, err);
    }
    return VG_OK;
}

/* ---- all rows ---- */

static enum vg_code load_all(struct reading *r, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    for (size_t f = 0; f < r->count && code == VG_OK; f++) {
        struct input *input = &r->inputs[f];
        struct read_file *file = &r->report->files[f];
        struct load load = {.arena = r->arena,
                            .grid = &input->grid,
                            .guess = &input->guess,
                            .attribute = input->attribute,
                            .attribute_count = r->attribute_count,
                            .builder = r->builder,
                            .rejects = &r->rejects,
                            .file = file,
                            .progress = r->options.progress};
        code = load_file(&load, &input->counts, err);
        if (source_check(&input->grid.source, err) != VG_OK)
            code = VG_ERR_IO;
        if (code == VG_OK)
            code = report_counts(r->arena, file, &input->grid, &input->guess,
                                 &input->counts, err);
        grid_close(&input->grid); /* its memory is needed no more */
    }
    return code;
}

static enum vg_code nothing_stored(const struct reading *r, struct vg_err *err)
{
    const struct read_file *file = &r->report->files[0];
    const char *reason = file->reject_count ? file->rejects[0].reason : "";
    char where[512];
    report_where(file, where);
    err_set(err, VG_ERR_INPUT, where, _("not one row could be used: %s"),
            reason[0] ? reason : _("there is none"));
    err_hint(err, "%s",
             _("look at what was guessed with: viaggio import --explain FILE"));
    return VG_ERR_INPUT;
}

static enum vg_code finish(struct reading *r, struct vg_log **ret, struct vg_err *err)
{
    struct vg_log *log = NULL, *cut = NULL;
    uint64_t stored = 0;
    for (size_t f = 0; f < r->count; f++)
        stored += r->inputs[f].counts.stored;
    if (stored == 0)
        return nothing_stored(r, err);
    enum vg_code code = builder_finish(r->builder, &log, err);
    r->builder = NULL;
    if (code == VG_OK && r->options.pause_s > 0) {
        code = log_cut_pauses(log, r->options.pause_s, &cut, err);
        log_close(log);
        log = cut;
    }
    if (code == VG_OK)
        code = report_log(r->arena, r->report, log, err);
    if (code == VG_OK)
        *ret = log;
    else
        log_close(log);
    return code;
}

/* After every file is understood. */
static enum vg_code read_understood(struct reading *r, struct vg_log **ret,
                                    struct vg_err *err)
{
    const struct read_options *options = &r->options;
    enum vg_code code =
        check_columns(r, options->attributes, options->attribute_count, err);
    if (code == VG_OK)
        code = check_columns(r, options->asked, options->asked_count, err);
    if (code == VG_OK)
        code = check_columns(r, options->fill_down, options->fill_down_count, err);
    if (code == VG_OK)
        code = collect_attributes(r, err);
    if (code == VG_OK)
        code = rejects_open(&r->rejects, r->arena, r->options.rejects, err);
    if (code == VG_OK)
        code = builder_open(r->attributes, r->attribute_count, &r->builder, err);
    if (code == VG_OK)
        code = load_all(r, err);
    struct vg_err closing = {0};
    enum vg_code closed = rejects_close(&r->rejects, &closing);
    if (code == VG_OK && closed != VG_OK) {
        code = closed;
        if (err)
            *err = closing;
    }
    return code == VG_OK ? finish(r, ret, err) : code;
}

static void close_all(struct reading *r)
{
    for (size_t f = 0; f < r->count && r->inputs; f++)
        grid_close(&r->inputs[f].grid);
    builder_close(r->builder);
}

/* The same file given twice, under two names or one. */
static enum vg_code look_for_twins(struct reading *r, struct vg_err *err)
{
    str *contents = arena_array(r->arena, str, r->count);
    if (!contents)
        return err_memory(err);
    for (size_t f = 0; f < r->count; f++)
        contents[f] = r->inputs[f].grid.source.bytes;
    return report_twins(r->arena, r->report, contents, err);
}

enum vg_code read_files(struct arena *arena, const char *const *paths, size_t count,
                        const struct read_options *options, struct vg_log **ret,
                        struct read_report *report, struct vg_err *err)
{
    struct reading r;
    enum vg_code code = prepare(&r, arena, count, options, report, err);
    for (size_t f = 0; f < count && code == VG_OK; f++) {
        struct source source;
        report->file_count = f + 1;
        report->files[f].path = paths[f];
        code = source_open(paths[f], &source, err);
        if (code == VG_OK)
            code = understand_one_of(&r, &source, &r.inputs[f], &report->files[f], err);
    }
    if (code == VG_OK && count > 1)
        code = look_for_twins(&r, err);
    if (code == VG_OK)
        code = read_understood(&r, ret, err);
    close_all(&r);
    return code;
}

enum vg_code read_bytes(struct arena *arena, const char *name, str bytes,
                        const struct read_options *options, struct vg_log **ret,
                        struct read_report *report, struct vg_err *err)
{
    struct reading r;
    struct source source;
    enum vg_code code = prepare(&r, arena, 1, options, report, err);
    if (code == VG_OK) {
        report->file_count = 1;
        report->files[0].path = name;
        code = source_from_bytes(name, bytes, &source, err);
    }
    if (code == VG_OK)
        code = understand(&r, &source, &r.inputs[0], &report->files[0], err);
    if (code == VG_OK)
        code = read_understood(&r, ret, err);
    close_all(&r);
    return code;
}

static enum vg_code explain(struct reading *r, enum vg_code opened, struct source *source,
                            struct read_file *ret, struct vg_err *err)
{
    enum vg_code code = opened;
    if (code == VG_OK)
        code = understand(r, source, &r->inputs[0], ret, err);
    close_all(r);
    return code;
}

enum vg_code read_explain(struct arena *arena, const char *path,
                          const struct read_options *options, struct read_file *ret,
                          struct vg_err *err)
{
    struct reading r;
    struct source source;
    struct read_report report;
    *ret = (struct read_file){.path = path};
    enum vg_code code = prepare(&r, arena, 1, options, &report, err);
    if (code == VG_OK)
        code = source_open(path, &source, err);
    return explain(&r, code, &source, ret, err);
}

enum vg_code explain_bytes(struct arena *arena, const char *name, str bytes,
                           const struct read_options *options, struct read_file *ret,
                           struct vg_err *err)
{
    struct reading r;
    struct source source;
    struct read_report report;
    *ret = (struct read_file){.path = name};
    enum vg_code code = prepare(&r, arena, 1, options, &report, err);
    if (code == VG_OK)
        code = source_from_bytes(name, bytes, &source, err);
    return explain(&r, code, &source, ret, err);
}
