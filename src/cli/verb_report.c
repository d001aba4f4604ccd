/* viaggio report, viaggio render: pictures and the whole report. */
#include "app/improve.h"
#include "app/paths.h"
#include "app/picture.h"
#include "app/report.h"
#include "app/workspace.h"
#include "cli/run.h"
#include "map/import.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_dark(const struct request *request)
{
    return request->theme && strcmp(request->theme, "dark") == 0;
}

static enum vg_code open_map(struct run *run, struct vg_map **ret, struct vg_err *err)
{
    struct map_texts notes = {0};
    if (!run->request.map)
        return VG_OK;
    enum vg_code code =
        workspace_map(run->request.workspace, run->request.map, ret, &notes, err);
    for (size_t i = 0; code == VG_OK && i < notes.count; i++)
        run_remark(run, "viaggio: %s: %s", run->request.map, notes.items[i]);
    return code;
}

/* The columns that the map's KPIs ask about are read, too. */
static void want_columns(struct run *run, const struct vg_map *map)
{
    if (improve_wants_all(map))
        run->request.read.all_attributes = true;
}

/* What the map's actions achieved: into the study. */
static enum vg_code add_results(struct run *run, bool kpis, struct study *study,
                                struct vg_err *err)
{
    struct improve_logs *logs = NULL;
    if (!study->log)
        return VG_OK;
    enum vg_code code = improve_of_evidence(run_whole(run), NULL, study->map, &logs, err);
    if (code == VG_OK)
        improve_is_about(logs, run->about, run->about_count);
    if (code == VG_OK)
        code = improve_study(run->arena, logs, kpis, study, err);
    improve_close(logs);
    return code;
}

/* And what mending it would be worth: for the plan and the matrix. */
static enum vg_code add_worth(struct run *run, struct study *study, struct vg_err *err)
{
    struct whatif *whatif = NULL;
    if (!study->log || !study->map->step_count)
        return VG_OK;
    enum vg_code code =
        whatif_make(run->arena, study->log, study->map,
                    &(struct whatif_options){.value_each = NAN}, &whatif, err);
    study->whatif = whatif;
    return code;
}

/* ---- report ---- */

static void say_report(struct run *run, const struct study *study)
{
    const struct request *request = &run->request;
    struct screen *screen = &run->screen;
    size_t length = strlen(request->out);
    screen->people = true; /* the path and the findings, wherever they go */
    if (study->map->draft)
        screen_say(screen, TONE_AMBER, "%s",
                   _("No map was given: this one is a draft from the evidence, to be "
                     "discussed with people."));
    for (size_t i = 0; i < study->findings.count && i < 3; i++) {
        const struct finding *finding = &study->findings.items[i];
        screen_say(screen, TONE_STRONG, "%zu. %s", i + 1, finding->headline);
        screen_say(screen, TONE_QUIET, "   %s", finding->detail);
    }
    screen_say(screen, TONE_PLAIN, "%s%sindex.html", request->out,
               length && request->out[length - 1] == '/' ? "" : "/");
}

/* Of a data file: who is on the path there, as far as the evidence asked about has them.
 * Whoever is enrolled is a client of the path, whatever the filter of its protagonist. */
static enum vg_code add_people(struct run *run, const struct vg_map *map,
                               struct study_options *options, struct vg_err *err)
{
    struct store *store = NULL;
    if (!run->request.workspace || !map || map->kind != MAP_SUCCESS_PATH)
        return VG_OK;
    enum vg_code code = store_open(run->request.workspace, &store, err);
    if (code == VG_OK)
        code = paths_enrolments(run->arena, store, map->id,
                                request_asks_a_part(&run->request) ? options->people_log
                                                                   : NULL,
                                &options->enrolments, &options->enrolment_count, err);
    store_close(store);
    return code;
}

enum vg_code verb_report(struct run *run, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct vg_map *map = NULL, *draft = NULL;
    struct study study;
    if (!request->out || strcmp(request->out, "-") == 0 || !request->out[0]) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("say where the report goes"));
        return err_hint(err, "%s", _("--out FOLDER, such as --out rapporto/"));
    }
    enum vg_code code = open_map(run, &map, err);
    want_columns(run, map);
    if (map && map->kind == MAP_SUCCESS_PATH) /* readings are in columns of the files */
        run->request.read.all_attributes = true;
    if (code == VG_OK)
        code = run_evidence_about(run, map, err);
    struct study_options options = {.evidence = &run->evidence,
                                    .map = map,
                                    .title = request->title,
                                    .people_log = run_whole(run)->log,
                                    .progress = &run->progress};
    if (code == VG_OK)
        code = request_today(&run->request, &options.now_us, err);
    if (code == VG_OK)
        code = add_people(run, map, &options, err);
    if (code == VG_OK)
        code = study_fill(run->arena, &options, &study, &draft, err);
    if (code == VG_OK)
        code = add_results(run, true, &study, err);
    struct report_request report = {.folder = request->out,
                                    .paper = request->paper,
                                    .dark = is_dark(request),
                                    .hide_names = request->hide_names,
                                    .force = request->force,
                                    .progress = &run->progress};
    if (code == VG_OK)
        code = report_write(run->arena, &study, &report, err);
    progress_clear(run);
    if (code == VG_OK && !request->quiet)
        say_report(run, &study);
    map_close(draft);
    map_close(map);
    return code;
}

/* ---- render ---- */

/* Does the name look like a map's? Evidence has other endings. */
static bool names_map(const char *path)
{
    static const char *const endings[] = {".json", ".mmd", ".mermaid"};
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (str_ends(str_from(path), str_from(endings[i])))
            return true;
    return false;
}

/* Without --map, the first file that looks like a map is it; the others are evidence. */
static void sort_arguments(struct request *request)
{
    size_t left = 0;
    for (size_t i = 0; i < request->arguments.count; i++) {
        const char *path = request->arguments.items[i];
        if (!request->map && names_map(path))
            request->map = path;
        else
            request->arguments.items[left++] = path;
    }
    request->arguments.count = left;
}

/* --format, or what the name after --out says; SVG otherwise. */
static enum vg_code choose_format(const struct request *request,
                                  enum picture_format usual, enum picture_format *ret,
                                  struct vg_err *err)
{
    bool named = request->out && strcmp(request->out, "-") != 0;
    *ret = usual;
    if (request->format)
        return picture_format_from_text(request->format, ret)
                   ? VG_OK
                   : err_set(err, VG_ERR_USAGE, NULL, _("there is no format \"%s\""),
                             request->format);
    if (!named || picture_format_from_text(request->out, ret))
        return VG_OK;
    err_set(err, VG_ERR_USAGE, request->out, "%s",
            _("the name says no format of a picture"));
    return err_hint(err, "%s", _("end it in .svg, .png or .pdf, or use --format"));
}

static enum vg_code fill_funnel(struct run *run, struct study *study, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct texts steps;
    enum vg_code code = run_steps(run, &steps, err);
    struct funnel_question question = {
        steps.items, steps.count, study->map, {request->strict, request->window_s}};
    return code != VG_OK
               ? code
               : study_funnel(run->arena, study->log, &question, &study->funnel, err);
}

/* Only what the picture shows is computed. */
static enum vg_code fill(struct run *run, enum picture_kind kind,
                         const struct vg_map *map, struct study *study,
                         struct vg_map **draft, struct vg_err *err)
{
    const struct request *request = &run->request;
    const struct evidence *evidence = run->evidence.log ? &run->evidence : NULL;
    struct study_options options = {
        .evidence = evidence, .map = map, .progress = &run->progress};
    bool worth = kind == PICTURE_PLAN || kind == PICTURE_MATRIX;
    if (kind == PICTURE_POSTER || worth) {
        enum vg_code code = request_today(request, &options.now_us, err);
        if (code == VG_OK)
            code = study_fill(run->arena, &options, study, draft, err);
        if (code == VG_OK)
            code = add_results(run, false, study, err);
        return code == VG_OK && worth ? add_worth(run, study, err) : code;
    }
    if (!evidence) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("this picture is drawn from evidence"));
        return err_hint(err, "%s", _("name the files, or use --evidence FILE"));
    }
    *study = (struct study){.log = evidence->log, .map = map};
    if (kind == PICTURE_FLOW)
        return flow_mine(run->arena, study->log, &study->flow, err);
    if (kind == PICTURE_VARIANTS)
        return variants_mine(run->arena, study->log, request->top, &study->variants, err);
    if (kind == PICTURE_FUNNEL)
        return fill_funnel(run, study, err);
    if (study->log->traces == 1)
        return VG_OK;
    err_set(err, VG_ERR_USAGE, NULL, "%s", _("a timeline is of one customer"));
    return err_hint(err, "%s", _("--only-customer NAME says which"));
}

static enum vg_code draw(struct run *run, enum picture_kind kind,
                         enum picture_format usual, struct vg_err *err)
{
    struct request *request = &run->request;
    struct vg_map *map = NULL, *draft = NULL;
    struct study study;
    struct picture_options picture = {.kind = kind,
                                      .paper = request->paper,
                                      .dark = is_dark(request),
                                      .alone = true,
                                      .detail = request->detail,
                                      .top = request->top_given ? request->top : 0};
    struct buf bytes = {0};
    sort_arguments(request);
    enum vg_code code = choose_format(request, usual, &picture.format, err);
    if (code == VG_OK)
        code = open_map(run, &map, err);
    want_columns(run, map);
    if (map && map->persona_count && map->personas[0].filter[0])
        run->request.read.all_attributes = true;
    if (code == VG_OK)
        code = run_evidence_if_any(run, err);
    if (code == VG_OK && run->evidence.log)
        code = run_about(run, map, err);
    if (code == VG_OK)
        code = fill(run, picture.kind, map, &study, &draft, err);
    picture.title = code == VG_OK && study.map ? study.map->title : NULL;
    if (code == VG_OK)
        code = picture_draw(run->arena, &study, &picture, &bytes, err);
    if (code == VG_OK)
        code = file_write(request->out, buf_str(&bytes), err);
    buf_free(&bytes);
    map_close(draft);
    map_close(map);
    return code;
}

enum vg_code verb_render(struct run *run, struct vg_err *err)
{
    const char *what = run->request.what;
    enum picture_kind kind = PICTURE_POSTER;
    if (what && !picture_kind_from_text(what, &kind))
        return err_set(err, VG_ERR_USAGE, NULL, _("there is no picture \"%s\""), what);
    return draw(run, kind, PICTURE_SVG, err);
}

enum vg_code verb_plan(struct run *run, struct vg_err *err)
{
    return draw(run, PICTURE_PLAN, PICTURE_PDF, err);
}
