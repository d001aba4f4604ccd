/* poster_parts: what the parts of the poster share. Not for others.
 *
 * Every part draws itself from a y downwards and returns the height it took. What needs
 * to know a height beforehand draws once muted (scene_mute). */
#ifndef VIEW_POSTER_PARTS_H
#define VIEW_POSTER_PARTS_H

#include "view/poster.h"
#include "view/theme.h"

#define POSTER_MARGIN   56.0
#define POSTER_LABEL    148.0 /* the column of the lanes' names */
#define POSTER_LANE_PAD 13.0
#define CELL_INSET      4.0  /* text within a column: from its left … */
#define CELL_GAP        18.0 /* … and what is left free between two columns */

/* One system: the steps first … first + count − 1 side by side. */
struct poster_row {
    size_t first, count;
    double x, column; /* where the first column begins; the width of one */
};
/* A row of cells: one of the lanes every map has, or one of the team's own. */
struct poster_lane_row {
    bool own;
    size_t lane; /* enum poster_lane, or which of the map's lanes */
};
struct poster {
    struct arena *arena;
    struct scene *scene;
    const struct study *study;
    const struct vg_map *map;
    double width;
    unsigned lanes;                /* of those every map has: bits 1 << lane */
    struct poster_lane_row *order; /* all that are shown, from the top */
    size_t order_count;
    bool evidence;  /* there is a log */
    bool one_sheet; /* no page may begin within it */
    struct poster_row *rows;
    size_t row_count;
};

/* ---- what the study says of a step; NULL where it says nothing */
const struct vg_funnel_step *poster_funnel(const struct poster *p, size_t step);
const struct vg_align_step *poster_align(const struct poster *p, size_t step);
const struct vg_step_emotion *poster_emotion(const struct poster *p, size_t step);
/* How long it took to get to the step from the one before it that holds people up; NAN
 * where there is no such step, or several (behind a choice). */
double poster_time_before(const struct poster *p, size_t step);
/* Customers observed; what 100 % is. */
uint64_t poster_customers(const struct poster *p);

/* Whether the action is about the step: by its steps, or else by the step's pains. */
bool poster_action_is_about(const struct map_action *action, const struct map_step *step);

/* ---- drawing */
static inline double column_x(const struct poster_row *row, size_t step)
{
    return row->x + (double)(step - row->first) * row->column;
}
/* The width for text in a column. */
static inline double cell_width(const struct poster_row *row)
{
    return row->column - CELL_GAP;
}
/* Break, draw, and return the height. */
double poster_words(struct poster *p, double x, double y, double width, const char *text,
                    const struct text_style *style, unsigned ink);
/* Items joined by `separator`. "" for none; NULL when memory is used up. */
const char *poster_join(struct arena *arena, const struct map_texts *texts,
                        const char *separator);
bool poster_has(const char *text); /* not empty */

/* ---- parts. All return the height they took. */
double poster_head(struct poster *p, double y);
double poster_phases(struct poster *p, const struct poster_row *row, double y);
double poster_steps(struct poster *p, const struct poster_row *row, double y);
double poster_milestones(struct poster *p, const struct poster_row *row, double y);
double poster_foot(struct poster *p, double y);

double poster_feeling(struct poster *p, const struct poster_row *row, double y);
double poster_actions(struct poster *p, const struct poster_row *row, double y);
/* One cell of a lane: the step's, at the column's x. */
double cell_doing(struct poster *p, const struct poster_row *row, size_t step, double y);
double cell_touchpoints(struct poster *p, const struct poster_row *row, size_t step,
                        double y);
double cell_thinking(struct poster *p, const struct poster_row *row, size_t step,
                     double y);
double cell_pains(struct poster *p, const struct poster_row *row, size_t step, double y);
double cell_opportunities(struct poster *p, const struct poster_row *row, size_t step,
                          double y);
double cell_objectives(struct poster *p, const struct poster_row *row, size_t step,
                       double y);
double cell_owner(struct poster *p, const struct poster_row *row, size_t step, double y);
double cell_reality(struct poster *p, const struct poster_row *row, size_t step,
                    double y);

/* ---- layout */
/* The poster as the options say, whatever the paper's height. */
MUST_CHECK enum vg_code poster_draw_once(struct arena *arena, const struct study *study,
                                         const struct poster_options *options,
                                         bool one_sheet, struct poster *p,
                                         struct vg_err *err);
size_t poster_longest_row(const struct poster *p);
#define READABLE_SCALE 0.62 /* of the picture on paper */
/* Cut the journey into rows and give them their columns. */
bool poster_plan(struct poster *p, const struct poster_options *options);
/* Which lanes are shown, in the team's order: `wanted`, or (0) those that have something
 * to say and that nobody has hidden; and the team's own. False: memory is used up. */
bool poster_order_lanes(struct poster *p, unsigned wanted);
/* What it shows in a few sentences, for <desc>. NULL when memory is used up. */
const char *poster_summary(const struct poster *p);

#endif
