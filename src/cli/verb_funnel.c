/* viaggio funnel, viaggio survival: who goes on, and when. */
#include "app/study.h"
#include "app/workspace.h"
#include "cli/run.h"
#include "map/import.h"
#include "mine/json.h"

#include <math.h>
#include <string.h>

#define USUAL_POINTS 20

enum vg_code run_steps(struct run *run, struct texts *ret, struct vg_err *err)
{
    const struct request *request = &run->request;
    *ret = request->step;
    if (!request->steps)
        return VG_OK;
    size_t most = request->step.count + 1;
    for (const char *c = request->steps; *c; c++)
        most += *c == ',';
    ret->items = arena_array(run->arena, const char *, most);
    if (!ret->items)
        return err_memory(err);
    for (size_t i = 0; i < request->step.count; i++)
        ret->items[i] = request->step.items[i];
    for (str left = str_from(request->steps); left.ptr;) {
        str name = str_trim(str_cut(&left, ','));
        if (!name.len)
            continue;
        ret->items[ret->count] = arena_text(run->arena, name);
        if (!ret->items[ret->count++])
            return err_memory(err);
    }
    if (ret->count == 0)
        return err_set(err, VG_ERR_USAGE, NULL, "%s", _("--steps names no step"));
    return VG_OK;
}

static enum vg_code print_funnel(struct run *run, const struct vg_funnel *funnel,
                                 struct vg_err *err)
{
    static const struct column columns[] = {
        {"activity", NC_("table", "step"), CELL_TEXT, TONE_STRONG},
        {"reached", NC_("table", "reached"), CELL_COUNT, TONE_PLAIN},
        {NULL, "", CELL_BAR, TONE_BLUE},
        {"moved_on", NC_("table", "moved on"), CELL_COUNT, TONE_GREEN},
        {"lost", NC_("table", "lost"), CELL_COUNT, TONE_RED},
        {"travelling", NC_("table", "travelling"), CELL_COUNT, TONE_AMBER},
        {"lost_share", NC_("table", "lost"), CELL_PERCENT, TONE_RED},
        {NULL, NC_("table", "between"), CELL_TEXT, TONE_QUIET},
        {"lost_low", NULL, CELL_SHARE, TONE_PLAIN},
        {"lost_high", NULL, CELL_SHARE, TONE_PLAIN},
        {"median_s", NC_("table", "median"), CELL_DURATION, TONE_PLAIN},
        {"p95_s", NC_("table", "95% within"), CELL_DURATION, TONE_PLAIN},
        {"patience_s", NULL, CELL_DURATION, TONE_PLAIN},
        {"elsewhere", NULL, CELL_COUNT, TONE_PLAIN},
    };
    uint64_t most = 1;
    size_t last_seen = 0; /* nobody can be lost after it */
    for (size_t i = 0; i < funnel->step_count; i++) {
        most = funnel->steps[i].reached > most ? funnel->steps[i].reached : most;
        last_seen = funnel->steps[i].unseen || funnel->steps[i].optional ? last_seen : i;
    }
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < funnel->step_count; i++) {
        const struct vg_funnel_step *step = &funnel->steps[i];
        bool last = i >= last_seen || !step->reached || step->optional;
        table_text(&table, step->activity);
        table_number(&table, (double)step->reached);
        table_number(&table, (double)step->reached / (double)most);
        table_number(&table, (double)step->moved_on);
        table_number(&table, (double)step->lost);
        table_number(&table, (double)step->travelling);
        table_number(&table, last ? NAN : step->lost_share);
        table_text(&table,
                   last ? "" : text_between(run, step->lost_low, step->lost_high));
        table_number(&table, last ? NAN : step->lost_low);
        table_number(&table, last ? NAN : step->lost_high);
        table_number(&table, step->median_s);
        table_number(&table, step->p95_s);
        table_number(&table, step->patience_s);
        table_number(&table, (double)step->elsewhere);
    }
    return table_print(&table, &run->screen, err);
}

/* "All the way: 431 of 1,284 journeys (34%)" */
static void say_funnel(struct run *run, const struct vg_funnel *funnel)
{
    if (!funnel->trace_count)
        return;
    screen_say(
        &run->screen, TONE_STRONG, _("All the way: %s of %s (%s)"),
        text_count(run->arena, funnel->arrived), text_journeys(run, funnel->trace_count),
        text_share(run->arena, (double)funnel->arrived / (double)funnel->trace_count, 0));
    screen_line(&run->screen);
    if (funnel->ended > funnel->arrived) {
        screen_say(&run->screen, TONE_QUIET,
                   _("At the last step, by whatever way: %s (%s)"),
                   text_count(run->arena, funnel->ended),
                   text_share(run->arena,
                              (double)funnel->ended / (double)funnel->trace_count, 0));
        screen_line(&run->screen);
    }
}

enum vg_code verb_funnel(struct run *run, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct vg_map *map = NULL;
    struct vg_funnel funnel;
    struct texts steps;
    enum vg_code code = run_steps(run, &steps, err);
    if (code == VG_OK && request->map)
        code = workspace_map(request->workspace, request->map, &map, NULL, err);
    if (code == VG_OK)
        code = run_evidence_about(run, map, err);
    if (code == VG_ERR_NOT_FOUND && !err->hint[0] && !request->step.count &&
        !request->steps)
        err_hint(err, "%s", _("steps are named with --step or --steps"));
    struct funnel_question question = {
        steps.items, steps.count, map, {request->strict, request->window_s}};
    if (code == VG_OK)
        code = study_funnel(run->arena, run->evidence.log, &question, &funnel, err);
    if (code == VG_OK && request->json)
        code = run_json(run, funnel_to_json(&funnel), err);
    else if (code == VG_OK) {
        say_funnel(run, &funnel);
        code = print_funnel(run, &funnel, err);
    }
    map_close(map);
    return code;
}

static enum vg_code print_survival(struct run *run, const struct vg_survival *survival,
                                   struct vg_err *err)
{
    static const struct column columns[] = {
        {"t_s", NC_("table", "after"), CELL_DURATION, TONE_STRONG},
        {"arrived", NC_("table", "arrived"), CELL_SHARE, TONE_PLAIN},
        {NULL, NC_("table", "between"), CELL_TEXT, TONE_QUIET},
        {"arrived_low", NULL, CELL_SHARE, TONE_PLAIN},
        {"arrived_high", NULL, CELL_SHARE, TONE_PLAIN},
        {NULL, "", CELL_BAR, TONE_GREEN},
        {"at_risk", NC_("table", "waiting"), CELL_COUNT, TONE_PLAIN},
        {"happened", NC_("table", "arriving"), CELL_COUNT, TONE_PLAIN},
        {"censored", NULL, CELL_COUNT, TONE_PLAIN},
    };
    size_t count = survival->point_count;
    size_t shown = run->screen.people && count > USUAL_POINTS ? USUAL_POINTS : count;
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < shown; i++) {
        size_t at = shown == count ? i : (i + 1) * count / shown - 1;
        const struct vg_survival_point *point = &survival->points[at];
        table_number(&table, point->t_s);
        table_number(&table, 1 - point->waiting);
        table_text(&table, text_between(run, 1 - point->high, 1 - point->low));
        table_number(&table, 1 - point->high);
        table_number(&table, 1 - point->low);
        table_number(&table, 1 - point->waiting);
        table_number(&table, (double)point->at_risk);
        table_number(&table, (double)point->happened);
        table_number(&table, (double)point->censored);
    }
    return table_print(&table, &run->screen, err);
}

static void say_survival(struct run *run, const struct vg_survival *survival)
{
    screen_say(&run->screen, TONE_STRONG, _("From \"%s\" to \"%s\""), survival->from,
               survival->to);
    screen_say(&run->screen, TONE_PLAIN,
               _("%s: %s arrived, %s still waiting when watching ended"),
               text_journeys(run, survival->n),
               text_count(run->arena, survival->happened),
               text_count(run->arena, survival->censored));
    if (isfinite(survival->median_s))
        screen_say(&run->screen, TONE_PLAIN, _("half arrive within %s (95%%: %s to %s)"),
                   text_duration(run->arena, survival->median_s),
                   text_duration(run->arena, survival->median_low_s),
                   text_duration(run->arena, survival->median_high_s));
    else
        screen_say(&run->screen, TONE_PLAIN, "%s", _("fewer than half arrive"));
    screen_line(&run->screen);
}

enum vg_code verb_survival(struct run *run, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct vg_map *map = NULL;
    struct vg_survival survival;
    if (!request->from || !request->to) {
        err_set(err, VG_ERR_USAGE, NULL, "%s",
                _("survival wants --from STEP and --to STEP"));
        return err_hint(err, "%s",
                        _("the period of the evidence is --since and --until"));
    }
    enum vg_code code =
        request->map ? workspace_map(request->workspace, request->map, &map, NULL, err)
                     : VG_OK;
    if (code == VG_OK)
        code = run_evidence_about(run, map, err);
    if (code == VG_OK)
        code = study_survival(run->arena, run->evidence.log, map, request->from,
                              request->to, &survival, err);
    if (code == VG_OK && request->json)
        code = run_json(run, survival_to_json(&survival, 0), err);
    else if (code == VG_OK) {
        say_survival(run, &survival);
        code = print_survival(run, &survival, err);
    }
    map_close(map);
    return code;
}
