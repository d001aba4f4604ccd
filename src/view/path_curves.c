/* How many have passed each milestone, and when. Declared in view/path_board.h. */
#include "base/lang.h"
#include "view/path_board.h"
#include "view/theme.h"

#include <math.h>

#define LEFT  44.0
#define RIGHT 14.0
#define TOP   14.0
#define HIGH  200.0
#define AXIS  34.0 /* below the plot */
#define MOST  8    /* curves that can still be told apart */

struct curves {
    struct arena *arena;
    struct scene *scene;
    const struct path_board *board;
    double width, plot, longest_s, y;
};

static double x_of(const struct curves *c, double t_s)
{
    return LEFT + fmin(t_s / c->longest_s, 1) * c->plot;
}
static double y_of(double share)
{
    return TOP + (1 - share) * HIGH;
}

static size_t shown(const struct curves *c)
{
    return c->board->phase_count < MOST ? c->board->phase_count : MOST;
}

/* Weeks, months: a round number of days, at most `most` of them. */
static double tick_days(double longest, int most)
{
    static const double steps[] = {1, 2, 7, 14, 28, 56, 91, 182, 365};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (longest / steps[i] <= most)
            return steps[i];
    return ceil(longest / most / 365) * 365;
}

static void draw_axes(struct curves *c)
{
    for (int i = 0; i <= 4; i++) {
        double share = i / 4.0, y = y_of(share);
        struct text_block label =
            text_break(c->arena, text_share(c->arena, share, 0), &type_small, 0, 1);
        scene_line(c->scene, (struct point){LEFT, y}, (struct point){c->width - RIGHT, y},
                   (struct paint){.stroke = INK_LINE, .dash = i ? "2 4" : NULL});
        scene_text(c->scene, LEFT - 7, y - label.height / 2, TEXT_END, &label, INK_QUIET);
    }
    double longest = c->longest_s / 86400, last_right = -1e9;
    double step = tick_days(longest, c->width < 480 ? 4 : 8);
    for (double t = 0; t <= longest; t += step) {
        const char *days = text_count(c->arena, (uint64_t)t);
        const char *text =
            days && t + step > longest
                ? arena_printf(c->arena, _n("%s day", "%s days", (uint64_t)t), days)
                : days;
        struct text_block label =
            text_break(c->arena, text ? text : "", &type_small, 0, 1);
        double x = fmin(x_of(c, t * 86400), c->width - label.width / 2);
        if (x - label.width / 2 < last_right + 6)
            continue;
        scene_text(c->scene, x, y_of(0) + 6, TEXT_MIDDLE, &label, INK_QUIET);
        last_right = x + label.width / 2;
    }
}

static void draw_curve(struct curves *c, size_t phase)
{
    const struct vg_survival *survival = c->board->phases[phase].survival;
    struct path path = {0};
    double passed = 0;
    path_move(&path, (struct point){x_of(c, 0), y_of(0)});
    for (size_t i = 0; i < survival->point_count; i++) {
        double x = x_of(c, survival->points[i].t_s);
        path_line(&path, (struct point){x, y_of(passed)});
        passed = 1 - survival->points[i].waiting;
        path_line(&path, (struct point){x, y_of(passed)});
    }
    path_line(&path, (struct point){x_of(c, c->longest_s), y_of(passed)});
    scene_path(c->scene, &path,
               (struct paint){.stroke = ink_phase(phase), .width = 2.2, .round = true});
}

/* "Decido: 95% (84–99%) have passed it, half within 12 days" */
static const char *said(struct curves *c, const struct board_phase *phase)
{
    const struct vg_survival *survival = phase->survival;
    struct arena *a = c->arena;
    if (!survival->point_count)
        return _("nobody yet");
    const struct vg_survival_point *last = &survival->points[survival->point_count - 1];
    const char *share = text_share(a, 1 - last->waiting, 0);
    const char *half =
        isfinite(survival->median_s)
            ? arena_printf(a, _(", half within %s"), text_duration(a, survival->median_s))
            : "";
    if (!isfinite(last->low) || !isfinite(last->high))
        return arena_printf(a, "%s%s", share, half);
    return arena_printf(a, _("%s (%s to %s)%s"), share, text_share(a, 1 - last->high, 0),
                        text_share(a, 1 - last->low, 0), half);
}

static void draw_key(struct curves *c)
{
    for (size_t i = 0; i < shown(c); i++) {
        const struct board_phase *phase = &c->board->phases[i];
        const char *words = said(c, phase);
        const char *text =
            words ? arena_printf(c->arena, "%s: %s", phase->title, words) : NULL;
        struct text_block block =
            text_break(c->arena, text ? text : "", &type_body, c->width - LEFT - 24, 3);
        scene_box(c->scene, (struct rect){LEFT, c->y + 6, 14, 5}, 2.5,
                  (struct paint){.fill = ink_phase(i)});
        scene_text(c->scene, LEFT + 24, c->y, TEXT_START, &block, INK_TEXT);
        c->y += block.height + 4;
    }
}

static void measure(struct curves *c)
{
    for (size_t i = 0; i < shown(c); i++) {
        const struct vg_survival *survival = c->board->phases[i].survival;
        if (survival->point_count)
            c->longest_s = fmax(c->longest_s,
                                survival->points[survival->point_count - 1].t_s * 1.04);
    }
}

enum vg_code path_curves_draw(struct arena *arena, const struct path_board *board,
                              const struct chart_options *options, struct scene **ret,
                              struct vg_err *err)
{
    struct curves c = {.arena = arena, .board = board, .width = 560};
    if (options && options->width > 0)
        c.width = fmax(options->width, 240);
    c.plot = c.width - LEFT - RIGHT;
    c.scene =
        scene_new(arena, &view_theme, options && options->id ? options->id : "cohort");
    if (!c.scene)
        return err_memory(err);
    scene_title(c.scene, "img", _("How many reach each milestone, and when"),
                _("The share of clients that have passed each milestone, by days since "
                  "they enrolled; those still under way are counted for as long as they "
                  "were watched."));
    measure(&c);
    if (c.longest_s <= 0) {
        double h =
            scene_words(c.scene, 4, 4, c.width - 8,
                        _("Nobody has passed a milestone yet."), &type_body, INK_QUIET);
        scene_size(c.scene, c.width, h + 8);
    } else {
        draw_axes(&c);
        for (size_t i = 0; i < shown(&c); i++)
            draw_curve(&c, i);
        c.y = TOP + HIGH + AXIS;
        draw_key(&c);
        scene_size(c.scene, c.width, c.y + 6);
    }
    if (scene_failed(c.scene))
        return err_memory(err);
    *ret = c.scene;
    return VG_OK;
}
