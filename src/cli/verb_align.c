/* viaggio align, viaggio emotions: the map held against what customers did and felt. */
#include "app/json.h"
#include "app/workspace.h"
#include "cli/run.h"

#include <string.h>

static enum vg_code open_map(struct run *run, struct vg_map **ret, struct vg_err *err)
{
    if (run->request.map)
        return workspace_map(run->request.workspace, run->request.map, ret, NULL, err);
    err_set(err, VG_ERR_USAGE, NULL, _("%s wants a map"), run->request.verb->name);
    return err_hint(err, "%s",
                    _("--map FILE names it; viaggio draft makes one from the evidence"));
}

static enum vg_code print_steps(struct run *run, const struct vg_align *align,
                                struct vg_err *err)
{
    static const struct column columns[] = {
        {"id", NULL, CELL_TEXT, TONE_PLAIN},
        {"title", NC_("table", "step"), CELL_TEXT, TONE_STRONG},
        {"seen", NC_("table", "seen"), CELL_COUNT, TONE_PLAIN},
        {NULL, "", CELL_BAR, TONE_BLUE},
        {"skipped", NC_("table", "skipped"), CELL_COUNT, TONE_RED},
        {"repeated", NC_("table", "repeated"), CELL_COUNT, TONE_PLAIN},
        {"out_of_order", NC_("table", "out of order"), CELL_COUNT, TONE_AMBER},
        {"events", NC_("table", "events"), CELL_COUNT, TONE_QUIET},
    };
    struct table table;
    double traces = align->trace_count ? (double)align->trace_count : 1;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < align->step_count; i++) {
        const struct vg_align_step *step = &align->steps[i];
        table_text(&table, step->id);
        table_text(&table, step->title);
        table_number(&table, (double)step->seen);
        table_number(&table, (double)step->seen / traces);
        table_number(&table, (double)step->skipped);
        table_number(&table, (double)step->repeated);
        table_number(&table, (double)step->out_of_order);
        table_number(&table, (double)step->events);
    }
    return table_print(&table, &run->screen, err);
}

/* The same thing done elsewhere on the way: told once. */
static bool is_told(const struct vg_align *align, size_t at)
{
    const struct vg_shortcut *s = &align->shortcuts[at];
    if (!s->instead_of || !s->instead_of[0])
        return false;
    for (size_t i = 0; i < at; i++) {
        const struct vg_shortcut *other = &align->shortcuts[i];
        if (other->instead_of && strcmp(other->instead_of, s->instead_of) == 0 &&
            strcmp(other->activity, s->activity) == 0 &&
            strcmp(other->after, s->after) == 0)
            return true;
    }
    return false;
}

static enum vg_code print_shortcuts(struct run *run, const struct vg_align *align,
                                    struct vg_err *err)
{
    static const struct column columns[] = {
        {NULL, NC_("table", "what customers do"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "instead of"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "after"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "times"), CELL_COUNT, TONE_PLAIN},
        {NULL, NC_("table", "share"), CELL_SHARE, TONE_AMBER},
        {NULL, NC_("table", "between"), CELL_TEXT, TONE_QUIET},
        {NULL, NC_("table", "with whom"), CELL_TEXT, TONE_PLAIN},
    };
    size_t top = run_top(run, 10, align->shortcut_count);
    if (!run->screen.people || !top)
        return VG_OK;
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < top; i++) {
        const struct vg_shortcut *s = &align->shortcuts[i];
        bool known = s->instead_of && s->instead_of[0];
        if (is_told(align, i))
            continue;
        const char *from =
            s->from_title && s->from_title[0] ? s->from_title : _("the start");
        table_text(&table, s->activity);
        table_text(&table, known ? s->instead_of : "");
        table_text(&table, known ? s->after : from);
        table_number(&table, (double)(known ? s->taken : s->traces));
        table_number(&table, known ? s->instead_share : s->share);
        table_text(&table, known ? text_between(run, s->instead_low, s->instead_high)
                                 : text_between(run, s->share_low, s->share_high));
        table_text(&table, s->actor ? s->actor : s->channel);
    }
    screen_line(&run->screen);
    screen_say(&run->screen, TONE_STRONG, "%s", _("Shortcuts"));
    return table_print(&table, &run->screen, err);
}

static void say_align(struct run *run, const struct vg_align *align)
{
    screen_say(&run->screen, TONE_STRONG,
               _("Fitness %s; exactly as the map says: %s of %s"),
               text_number(run->arena, align->fitness_mean, 2),
               text_count(run->arena, align->fitting_count),
               text_journeys(run, align->trace_count));
    screen_line(&run->screen);
}

static void say_unknown(struct run *run, const struct vg_align *align)
{
    if (!align->unknown_count)
        return;
    screen_line(&run->screen);
    screen_say(&run->screen, TONE_STRONG, "%s", _("What the map does not know"));
    for (size_t i = 0; i < align->unknown_count && i < 10; i++)
        screen_say(&run->screen, TONE_PLAIN, "%s: %s", align->unknown[i],
                   text_events(run, align->unknown_events[i]));
}

enum vg_code verb_align(struct run *run, struct vg_err *err)
{
    struct vg_map *map = NULL;
    struct vg_align align;
    enum vg_code code = open_map(run, &map, err);
    if (code == VG_OK)
        code = run_evidence_about(run, map, err);
    if (code == VG_OK)
        code = align_mine(run->arena, run->evidence.log, map, &align, err);
    if (code == VG_OK && run->request.top_given && run->request.top &&
        run->request.top < align.variant_count)
        align.variant_count = run->request.top;
    if (code == VG_OK && run->request.json)
        code = run_json(run, align_to_json(&align), err);
    else if (code == VG_OK) {
        say_align(run, &align);
        code = print_steps(run, &align, err);
        if (code == VG_OK)
            code = print_shortcuts(run, &align, err);
        say_unknown(run, &align);
    }
    map_close(map);
    return code;
}

static enum vg_code print_emotions(struct run *run, const struct vg_emotions *emotions,
                                   struct vg_err *err)
{
    static const struct column columns[] = {
        {"id", NULL, CELL_TEXT, TONE_PLAIN},
        {"title", NC_("table", "step"), CELL_TEXT, TONE_STRONG},
        {"n", NC_("table", "scores"), CELL_COUNT, TONE_PLAIN},
        {"mean", NC_("table", "felt"), CELL_SIGNED, TONE_BLUE},
        {"low", NC_("table", "from"), CELL_SIGNED, TONE_QUIET},
        {"high", NC_("table", "to"), CELL_SIGNED, TONE_QUIET},
        {"believed", NC_("table", "believed"), CELL_SIGNED, TONE_PLAIN},
        {"gap", NC_("table", "difference"), CELL_SIGNED, TONE_AMBER},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < emotions->step_count; i++) {
        const struct vg_step_emotion *step = &emotions->steps[i];
        table_text(&table, step->id);
        table_text(&table, step->title);
        table_number(&table, (double)step->n);
        table_number(&table, step->mean);
        table_number(&table, step->low);
        table_number(&table, step->high);
        table_number(&table, step->believed);
        table_number(&table, step->gap);
    }
    return table_print(&table, &run->screen, err);
}

enum vg_code verb_emotions(struct run *run, struct vg_err *err)
{
    struct vg_map *map = NULL;
    struct vg_emotions emotions;
    enum vg_code code = open_map(run, &map, err);
    if (code == VG_OK)
        code = run_evidence_about(run, map, err);
    if (code == VG_OK)
        code = emotion_mine(run->arena, run->evidence.log, map, &emotions, err);
    if (code == VG_OK && run->request.json)
        code = run_json(run, emotions_to_json(&emotions), err);
    else if (code == VG_OK) {
        screen_say(&run->screen, TONE_STRONG,
                   _n("%s score found at the steps of the map",
                      "%s scores found at the steps of the map", emotions.n),
                   text_count(run->arena, emotions.n));
        screen_line(&run->screen);
        code = print_emotions(run, &emotions, err);
    }
    map_close(map);
    return code;
}
