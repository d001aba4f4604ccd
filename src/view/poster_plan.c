/* How a journey is cut into rows of steps, and how wide everything gets. */
#include "view/poster_parts.h"

#include <float.h>
#include <math.h>

#define ROW_STEPS   12
#define COLUMN_MIN  132.0
#define NARROWEST   700.0
#define WIDTH_MIN   1240.0
#define STRETCH_MAX 1.25  /* how much wider a shorter row's columns may get */
#define COST_ROW    30.0  /* of one more row, in squared steps of imbalance */
#define COST_CUT    25.0  /* of cutting a phase */
#define COST_BRANCH 500.0 /* of cutting a choice */

/* The width of a column when so many stand side by side, if nobody asks for another. */
static double column_wanted(size_t count)
{
    static const double wanted[] = {300, 300, 300, 300, 260, 238,
                                    214, 200, 188, 180, 172};
    return count < COUNT_OF(wanted) ? wanted[count] : count == 11 ? 166 : 160;
}

static double cut_cost(const struct vg_map *map, size_t before)
{
    if (before >= map->step_count)
        return 0;
    const struct map_step *a = &map->steps[before - 1], *b = &map->steps[before];
    double cost = a->phase == b->phase ? COST_CUT : 0;
    if (poster_has(a->choice) && strcmp(a->choice, b->choice) == 0)
        cost += COST_BRANCH;
    return cost;
}

/* The cheapest cuts, by dynamic programming: best[i] is the cost of the steps before i.
 */
static bool cut(struct poster *p, size_t most)
{
    const struct vg_map *map = p->map;
    size_t n = map->step_count;
    size_t rows = (n + most - 1) / most;
    double target = (double)n / (double)rows;
    double *best = arena_array(p->arena, double, n + 1);
    size_t *from = arena_array(p->arena, size_t, n + 1);
    if (!best || !from)
        return false;
    for (size_t end = 1; end <= n; end++) {
        best[end] = DBL_MAX;
        for (size_t begin = end > most ? end - most : 0; begin < end; begin++) {
            double off = (double)(end - begin) - target;
            double cost = best[begin] + off * off + COST_ROW + cut_cost(map, end);
            if (cost < best[end]) {
                best[end] = cost;
                from[end] = begin;
            }
        }
    }
    for (size_t at = n; at > 0; at = from[at])
        p->row_count++;
    p->rows = arena_array(p->arena, struct poster_row, p->row_count);
    if (!p->rows)
        return false;
    size_t i = p->row_count;
    for (size_t at = n; at > 0; at = from[at])
        p->rows[--i] = (struct poster_row){.first = from[at], .count = at - from[at]};
    return true;
}

size_t poster_longest_row(const struct poster *p)
{
    size_t most = 1;
    for (size_t i = 0; i < p->row_count; i++)
        if (p->rows[i].count > most)
            most = p->rows[i].count;
    return most;
}

/* The widest that can still be read on the paper: its smallest letters at six points. */
static double paper_width(const struct paper *paper)
{
    if (!paper)
        return HUGE_VAL;
    double px = (paper->width_mm - 2 * paper->margin_mm) / 25.4 * 96;
    return fmax(px / READABLE_SCALE, NARROWEST);
}

bool poster_plan(struct poster *p, const struct poster_options *options)
{
    const double beside = 2 * POSTER_MARGIN + POSTER_LABEL;
    const double widest = paper_width(options->paper);
    size_t most = options->row_steps ? options->row_steps : ROW_STEPS;
    double room = options->width > 0 ? fmax(options->width, NARROWEST) : widest;
    if (isfinite(room)) {
        size_t fit = (size_t)((room - beside) / COLUMN_MIN);
        most = most < fit ? most : fit;
    }
    if (p->map->step_count > 0 && !cut(p, most < 3 ? 3 : most))
        return false;
    size_t longest = poster_longest_row(p);
    double wanted = fmax(WIDTH_MIN, beside + (double)longest * column_wanted(longest));
    p->width =
        options->width > 0 ? fmax(options->width, NARROWEST) : fmin(wanted, widest);
    double column = (p->width - beside) / (double)longest;
    for (size_t i = 0; i < p->row_count; i++) {
        double fill = (p->width - beside) / (double)p->rows[i].count;
        p->rows[i].x = POSTER_MARGIN + POSTER_LABEL;
        p->rows[i].column = fmin(fill, column * STRETCH_MAX);
    }
    return true;
}
