#include "cli/run.h"

#include "app/workspace.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define QUIET_S    1.0 /* shorter than this, no progress is shown */
#define EVERY_S    0.1
#define CLEAR_LINE "\r\x1b[K"

/* What the progress line knows between two calls. */
static struct {
    double began_s, shown_s;
    bool on_terminal, shown;
} line;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void progress_show(struct progress *progress, const char *what, double done)
{
    (void)progress;
    double now = seconds_now();
    if (!line.on_terminal || now - line.began_s < QUIET_S || now - line.shown_s < EVERY_S)
        return;
    line.shown_s = now;
    line.shown = true;
    fputs(CLEAR_LINE, stderr);
    screen_safe_print(stderr, what);
    if (isfinite(done) && done > 0)
        fprintf(stderr, " %d%%", (int)(done * 100));
    fflush(stderr);
}

void progress_open(struct run *run)
{
    line.began_s = seconds_now();
    line.on_terminal = isatty(STDERR_FILENO) && !run->request.quiet;
    run->progress.show = progress_show;
    run->request.read.progress = &run->progress;
}

void progress_clear(struct run *run)
{
    (void)run;
    if (line.shown)
        fputs(CLEAR_LINE, stderr);
    line.shown = false;
}

enum vg_code run_go_on(struct run *run, struct vg_err *err)
{
    if (!progress_step(&run->progress, _("computing"), 0))
        return VG_OK;
    return err_set(err, VG_ERR_CANCELLED, NULL, "%s", _("stopped"));
}

void run_remark(const struct run *run, const char *format, ...)
{
    if (run->request.quiet)
        return;
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    screen_safe_print(stderr, text);
    fputc('\n', stderr);
}

void run_remark_rejected(const struct run *run, const struct read_report *report)
{
    for (size_t i = 0; i < report->file_count; i++) {
        const struct read_file *file = &report->files[i];
        if (!file->rejected)
            continue;
        const char *rejected = text_count(run->arena, file->rejected);
        const char *rows = text_count(run->arena, file->rows);
        const struct read_reject *first = file->reject_count ? file->rejects : NULL;
        run_remark(run,
                   _n("viaggio: %s: %s of %s rows left out, at line %s: %s",
                      "viaggio: %s: %s of %s rows left out, the first at line %s: %s",
                      file->rejected),
                   file->path, rejected ? rejected : "", rows ? rows : "",
                   first ? text_count(run->arena, first->line) : "?",
                   first ? first->reason : "");
    }
}

enum vg_code run_evidence(struct run *run, struct vg_err *err)
{
    struct evidence_options options;
    enum vg_code code = request_evidence(run->arena, &run->request, &options, err);
    if (code != VG_OK)
        return code;
    if (options.workspace && options.file_count) {
        err_set(err, VG_ERR_USAGE, NULL, _("%s and -w: give one or the other"),
                options.files[0]);
        return err_hint(err, "%s",
                        _("viaggio import FILE… -w WORKSPACE reads files into "
                          "it"));
    }
    if (!options.file_count && !options.workspace) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("there is no evidence"));
        return err_hint(err, "%s", _("name the files, or use --evidence FILE"));
    }
    code = request_fits(&run->request, err);
    if (code == VG_OK)
        code = evidence_open(&options, &run->evidence, err);
    if (code != VG_OK)
        return code;
    progress_clear(run);
    run_remark_rejected(run, &run->evidence.report);
    if (run->evidence.log->events == 0 && run->evidence.events_read > 0)
        run_remark(run,
                   _("viaggio: of %s not one is left: no event fits all the options"),
                   text_events(run, run->evidence.events_read));
    return run_go_on(run, err);
}

enum vg_code run_evidence_if_any(struct run *run, struct vg_err *err)
{
    const struct request *request = &run->request;
    bool empty = false, files = request->evidence.count || request->arguments.count;
    enum vg_code code = VG_OK;
    if (!files && request->workspace)
        code = workspace_is_empty(request->workspace, &empty, err);
    if (code != VG_OK || empty || (!files && !request->workspace))
        return code;
    return run_evidence(run, err);
}

/* ---- whom a map is about ---- */

static enum vg_code take_part(struct run *run, struct vg_err *err)
{
    struct question question;
    struct evidence part;
    bool same = true;
    enum vg_code code =
        question_read(NULL, run->arena, run->about, run->about_count, &question, err);
    if (code == VG_OK)
        code = evidence_part(&run->evidence, question.journey, question.pause_s,
                             &question.filter, &part, &same, err);
    if (code != VG_OK)
        return code;
    if (same) { /* nobody else is there */
        part.log = NULL;
        evidence_close(&part);
        return VG_OK;
    }
    run->whole = run->evidence;
    run->evidence = part;
    return VG_OK;
}

static void say_about(struct run *run, const struct vg_map *map)
{
    const struct map_persona *persona = &map->personas[0];
    run_remark(run,
               _("viaggio: only the customers of %s, whom the map is about: %s; "
                 "--everybody for all of them"),
               persona->name[0] ? persona->name : persona->id,
               text_journeys(run, run->evidence.log->traces));
}

enum vg_code run_about(struct run *run, const struct vg_map *map, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    run->about_count = 0;
    if (!run->request.everybody)
        code = question_of_map(run->arena, map, &run->about, &run->about_count, err);
    if (code == VG_OK && run->about_count)
        code = take_part(run, err);
    if (code == VG_OK && run->about_count)
        say_about(run, map);
    if (code != VG_OK && run->about_count && err && !err->hint[0])
        err_hint(err, "%s", _("--everybody asks without the filter of the persona"));
    return code;
}

enum vg_code run_evidence_about(struct run *run, const struct vg_map *map,
                                struct vg_err *err)
{
    if (map && map->persona_count && map->personas[0].filter[0])
        run->request.read.all_attributes = true; /* it may ask about any column */
    enum vg_code code = run_evidence(run, err);
    return code == VG_OK ? run_about(run, map, err) : code;
}

void run_everybody(struct run *run)
{
    if (!run->whole.log)
        return;
    evidence_close(&run->evidence);
    run->evidence = run->whole;
    run->whole = (struct evidence){0};
}

const struct evidence *run_whole(const struct run *run)
{
    return run->whole.log ? &run->whole : &run->evidence;
}

/* U+007F to U+009F are allowed in JSON as they are, but a terminal may obey them: write
 * them as \u00XX. They can stand only inside strings. */
void run_json_text(struct run *run, str json)
{
    struct buf *out = &run->screen.buf;
    size_t from = 0;
    for (size_t i = 0; i < json.len; i++) {
        unsigned char c = (unsigned char)json.ptr[i];
        bool two = c == 0xC2 && i + 1 < json.len && (unsigned char)json.ptr[i + 1] < 0xA0;
        if (c != 0x7F && !two)
            continue;
        buf_add(out, (str){json.ptr + from, i - from});
        buf_printf(out, "\\u%04x", two ? (unsigned char)json.ptr[i + 1] : c);
        i += two;
        from = i + 1;
    }
    buf_add(out, (str){json.ptr + from, json.len - from});
}

enum vg_code run_json(struct run *run, json_t *json, struct vg_err *err)
{
    if (!json)
        return err_memory(err);
    struct buf text = {0};
    enum vg_code code = json_write(json, &text, err);
    json_decref(json);
    if (code == VG_OK)
        run_json_text(run, buf_str(&text));
    buf_free(&text);
    return code;
}

size_t run_top(const struct run *run, size_t usual, size_t total)
{
    size_t top = run->request.top_given ? run->request.top
                 : run->screen.people   ? usual
                                        : 0;
    return top && top < total ? top : total;
}

/* The number in its place in the format. */
static const char *counted(const struct run *run, const char *format, uint64_t n)
{
    struct buf text = {0};
    const char *number = text_count(run->arena, n);
    str left = str_from(format);
    buf_add(&text, str_cut(&left, '%')); /* "%s event": the number goes where %s stands */
    buf_text(&text, number ? number : "");
    buf_add(&text, left.len ? (str){left.ptr + 1, left.len - 1} : left);
    const char *ret = text.failed ? NULL : arena_text(run->arena, buf_str(&text));
    buf_free(&text);
    return ret ? ret : "";
}

const char *text_events(const struct run *run, uint64_t n)
{
    return counted(run, _n("%s event", "%s events", n), n);
}

const char *text_journeys(const struct run *run, uint64_t n)
{
    return counted(run, _n("%s journey", "%s journeys", n), n);
}

const char *text_activities(const struct run *run, uint64_t n)
{
    return counted(run, _n("%s activity", "%s activities", n), n);
}

const char *text_between(const struct run *run, double low, double high)
{
    if (!isfinite(low) || !isfinite(high))
        return "\u2013";
    struct buf text = {0};
    int decimals = high < 0.05 ? 1 : 0;
    write_number(&text, low * 100, decimals);
    buf_text(&text, "\u2013");
    write_number(&text, high * 100, decimals);
    buf_char(&text, '%');
    const char *ret = text.failed ? NULL : arena_text(run->arena, buf_str(&text));
    buf_free(&text);
    return ret ? ret : "";
}
