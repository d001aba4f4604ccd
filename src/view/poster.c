/* The poster: head, rows of steps with their lanes, foot. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

#define SYSTEM_GAP 56.0 /* between two rows of steps … */
#define PAGE_HEAD  36.0 /* … of which so much stands above a new page */

#define WIDEN_MAX 1.3 /* to fill a sheet */

/* A lane is drawn cell by cell, or as a whole across the row. */
static const struct lane_row {
    const char *name, *label, *note;
    double drop; /* of the label, to stand level with the first words of the cells */
    double (*cell)(struct poster *, const struct poster_row *, size_t, double);
    double (*across)(struct poster *, const struct poster_row *, double);
} lanes[LANE_COUNT] = {
    [LANE_OBJECTIVES] = {"objectives", N_("What to reach"), NULL, 0, cell_objectives,
                         NULL},
    [LANE_DOING] = {"doing", N_("What they do"), NULL, 0, cell_doing, NULL},
    [LANE_TOUCHPOINT] = {"touchpoint", N_("Touchpoint"), N_("and channel"), 0,
                         cell_touchpoints, NULL},
    [LANE_THINKING] = {"thinking", N_("What they think"), NULL, 8, cell_thinking, NULL},
    [LANE_FEELING] = {"feeling", N_("What they feel"), NULL, 0, NULL, poster_feeling},
    [LANE_REALITY] = {"reality", N_("Reality"),
                      N_("how many get here, and after how long"), -2, cell_reality,
                      NULL},
    [LANE_PAINS] = {"pains", N_("Pains"), NULL, 10, cell_pains, NULL},
    [LANE_OPPORTUNITIES] = {"opportunities", N_("Opportunities"), NULL, 10,
                            cell_opportunities, NULL},
    [LANE_ACTIONS] = {"actions", N_("Actions"), NULL, 11, NULL, poster_actions},
    [LANE_OWNERS] = {"owners", N_("Who answers for it"), NULL, 0, cell_owner, NULL},
};

const char *poster_lane_name(enum poster_lane lane)
{
    return lanes[lane].name;
}

const char *poster_lane_text(enum poster_lane lane)
{
    return _(lanes[lane].label);
}

/* The name of a lane, at its left. Returns the height. */
static double lane_label(struct poster *p, const char *label, const char *note, double y)
{
    double width = POSTER_LABEL - 20;
    double h = poster_words(p, POSTER_MARGIN, y, width, label, &type_strong, INK_TEXT);
    if (note)
        h += 2 + poster_words(p, POSTER_MARGIN, y + h + 2, width, note, &type_small,
                              INK_QUIET);
    return h;
}

static double lane_cells(struct poster *p, const struct lane_row *lane,
                         const struct poster_row *row, double y)
{
    double height = 0;
    for (size_t i = row->first; i < row->first + row->count; i++) {
        struct rect holds = {column_x(row, i), y, row->column, 1e6};
        scene_group(p->scene,
                    &(struct scene_group){.class = "cell",
                                          .data = {{"step", p->map->steps[i].id}},
                                          .holds = &holds});
        height = fmax(height, lane->cell(p, row, i, y));
        scene_end(p->scene);
    }
    return height;
}

static double draw_lane(struct poster *p, const struct lane_row *lane,
                        const struct poster_row *row, double y)
{
    struct paint line = {.stroke = INK_LINE};
    scene_group(p->scene, &(struct scene_group){.class = "lane",
                                                .role = "group",
                                                .label = _(lane->label),
                                                .data = {{"lane", lane->name}}});
    scene_line(p->scene, (struct point){POSTER_MARGIN, y},
               (struct point){p->width - POSTER_MARGIN, y}, line);
    double top = y + POSTER_LANE_PAD;
    double height = lane_label(p, _(lane->label), lane->note ? _(lane->note) : NULL, top);
    double cells = lane->cell ? lane_cells(p, lane, row, top) : lane->across(p, row, top);
    if (cells == 0) /* nothing in this row, though the lane has something in another */
        poster_words(p, row->x + CELL_INSET, top, 40, "—", &type_body, INK_QUIET);
    scene_end(p->scene);
    return fmax(height, cells) + 2 * POSTER_LANE_PAD;
}

/* A lane that the team added: its title, and a text or number for each step. */
static double own_lane(struct poster *p, size_t lane, const struct poster_row *row,
                       double y)
{
    const struct map_lane *own = &p->map->lanes[lane];
    double top = y + POSTER_LANE_PAD, height = 0;
    scene_group(p->scene, &(struct scene_group){.class = "lane",
                                                .role = "group",
                                                .label = own->title,
                                                .data = {{"lane", own->id}}});
    scene_line(p->scene, (struct point){POSTER_MARGIN, y},
               (struct point){p->width - POSTER_MARGIN, y},
               (struct paint){.stroke = INK_LINE});
    height = lane_label(p, own->title, NULL, top);
    for (size_t i = row->first; i < row->first + row->count; i++)
        if (poster_has(p->map->steps[i].own[lane]))
            height =
                fmax(height,
                     poster_words(p, column_x(row, i) + CELL_INSET, top, cell_width(row),
                                  p->map->steps[i].own[lane], &type_body, INK_TEXT));
    scene_end(p->scene);
    return height + 2 * POSTER_LANE_PAD;
}

/* "Steps 13–24 of 30", where a journey takes more than one row. */
static const char *steps_note(const struct poster *p, const struct poster_row *row)
{
    if (p->row_count < 2)
        return NULL;
    return arena_printf(p->arena, _("%zu–%zu of %zu"), row->first + 1,
                        row->first + row->count, p->map->step_count);
}

/* The ground of each column, unseen: the page's script lights it up. */
static void columns(struct poster *p, const struct poster_row *row, double y, double h)
{
    scene_group(p->scene, &(struct scene_group){.class = "columns", .hidden = true});
    for (size_t i = row->first; i < row->first + row->count; i++) {
        scene_group(p->scene,
                    &(struct scene_group){.data = {{"step", p->map->steps[i].id}}});
        scene_box(p->scene, (struct rect){column_x(row, i) - 4, y, row->column, h}, 9,
                  (struct paint){.class = "column"});
        scene_end(p->scene);
    }
    scene_end(p->scene);
}

static double system_parts(struct poster *p, const struct poster_row *row, double y)
{
    double top = y;
    scene_group(p->scene, &(struct scene_group){
                              .class = "phases", .role = "group", .label = _("Phases")});
    lane_label(p, _("Phase"), NULL, y + 10);
    y += poster_phases(p, row, y) + 12;
    scene_end(p->scene);
    scene_group(p->scene, &(struct scene_group){
                              .class = "steps", .role = "group", .label = _("Steps")});
    lane_label(p, _("Step"), steps_note(p, row), y + 10);
    y += poster_steps(p, row, y) + 16;
    scene_end(p->scene);
    double milestones = poster_milestones(p, row, y);
    if (milestones > 0) {
        lane_label(p, _("Milestone"), NULL, y + 8);
        y += milestones + 16;
    }
    for (size_t i = 0; i < p->order_count; i++)
        y += p->order[i].own ? own_lane(p, p->order[i].lane, row, y)
                             : draw_lane(p, &lanes[p->order[i].lane], row, y);
    return y - top;
}

static double draw_system(struct poster *p, const struct poster_row *row, double y)
{
    scene_mute(p->scene, true);
    double height = system_parts(p, row, y);
    scene_mute(p->scene, false);
    scene_group(p->scene, &(struct scene_group){.class = "system"});
    columns(p, row, y, height);
    system_parts(p, row, y);
    scene_end(p->scene);
    return height;
}

static void draw_all(struct poster *p)
{
    double y = 40;
    y += poster_head(p, y) + 28;
    for (size_t i = 0; i < p->row_count; i++) {
        if (i > 0 && !p->one_sheet)
            scene_page(p->scene, y - PAGE_HEAD);
        y += draw_system(p, &p->rows[i], y) + (i + 1 < p->row_count ? SYSTEM_GAP : 0);
    }
    y += poster_foot(p, y) + 32;
    scene_size(p->scene, p->width, y);
}

enum vg_code poster_draw_once(struct arena *arena, const struct study *study,
                              const struct poster_options *options, bool one_sheet,
                              struct poster *p, struct vg_err *err)
{
    *p = (struct poster){
        .arena = arena, .study = study, .map = study->map, .one_sheet = one_sheet};
    p->evidence = study->log != NULL || study->funnel.trace_count > 0;
    p->scene = scene_new(arena, &view_theme, options->id ? options->id : "poster");
    if (!p->scene || !poster_plan(p, options) || !poster_order_lanes(p, options->lanes))
        return err_memory(err);
    const char *summary = poster_summary(p);
    if (!summary)
        return err_memory(err);
    scene_title(p->scene, "graphics-document", p->map->title, summary);
    scene_ground(p->scene, INK_PAPER);
    draw_all(p);
    return scene_failed(p->scene) ? err_memory(err) : VG_OK;
}
