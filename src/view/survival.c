/* How long they wait for the next step: the Kaplan–Meier curve with its 95 % band, steps
 * as they are, no smoothing. Declared in view/charts.h. */
#include "base/lang.h"
#include "view/charts.h"
#include "view/theme.h"

#include <math.h>

#define LEFT   44.0
#define RIGHT  14.0
#define TOP    14.0
#define HIGH   190.0
#define BOTTOM 40.0

struct surviving {
    struct arena *arena;
    struct scene *scene;
    const struct vg_survival *survival;
    double width, plot, longest;
};

static double x_of(const struct surviving *s, double t)
{
    return LEFT + (s->longest > 0 ? fmin(t / s->longest, 1) : 0) * s->plot;
}
static double y_of(double share)
{
    return TOP + (1 - share) * HIGH;
}

/* A round step in a unit people use, so that at most `most` ticks fit. */
static double tick_step(double longest, int most)
{
    static const double steps[] = {
        1,          2,           5,          10,         15,         30,
        60,         120,         300,        600,        900,        1800,
        3600,       7200,        10800,      21600,      43200,      86400,
        2 * 86400,  5 * 86400,   7 * 86400,  14 * 86400, 30 * 86400, 60 * 86400,
        90 * 86400, 180 * 86400, 365 * 86400};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (longest / steps[i] <= most)
            return steps[i];
    return ceil(longest / most / (365 * 86400)) * 365 * 86400;
}

/* In days where the step is: "1 day", not "24 h". */
static const char *tick_text(const struct surviving *s, double step, double t)
{
    if (step < 86400)
        return text_duration(s->arena, t);
    uint64_t days = (uint64_t)llround(t / 86400);
    return arena_printf(s->arena, "%s\u202f%s", text_count(s->arena, days),
                        days == 1 ? _c("one day", "day") : _c("days", "days"));
}

static void draw_axes(const struct surviving *s)
{
    for (int i = 0; i <= 4; i++) {
        double share = i / 4.0, y = y_of(share);
        struct text_block label =
            text_break(s->arena, text_share(s->arena, share, 0), &type_small, 0, 1);
        scene_line(s->scene, (struct point){LEFT, y}, (struct point){s->width - RIGHT, y},
                   (struct paint){.stroke = INK_LINE, .dash = i ? "2 4" : NULL});
        scene_text(s->scene, LEFT - 7, y - label.height / 2, TEXT_END, &label, INK_QUIET);
    }
    double step = tick_step(s->longest, s->width < 480 ? 4 : 7), last_right = -1e9;
    for (double t = 0; t <= s->longest * 1.0001; t += step) {
        const char *text = t > 0 ? tick_text(s, step, t) : "0";
        struct text_block label = text_break(s->arena, text, &type_small, 0, 1);
        double x = x_of(s, t);
        scene_line(s->scene, (struct point){x, y_of(0)}, (struct point){x, y_of(0) + 4},
                   (struct paint){.stroke = INK_QUIET});
        if (x - label.width / 2 < last_right + 6 || x + label.width / 2 > s->width)
            continue;
        scene_text(s->scene, x, y_of(0) + 6, TEXT_MIDDLE, &label, INK_QUIET);
        last_right = x + label.width / 2;
    }
}

static bool known(const struct vg_survival_point *p)
{
    return isfinite(p->low) && isfinite(p->high);
}

/* The band goes along the upper ends and comes back along the lower ones. */
static void draw_band(const struct surviving *s)
{
    const struct vg_survival *v = s->survival;
    size_t from = 0, to = v->point_count;
    while (from < to && !known(&v->points[from]))
        from++;
    while (to > from && !known(&v->points[to - 1]))
        to--;
    for (size_t i = from; i < to; i++)
        if (!known(&v->points[i]))
            return;
    if (from == to)
        return;
    struct path path = {0};
    path_move(&path,
              (struct point){x_of(s, v->points[from].t_s), y_of(v->points[from].high)});
    for (size_t i = from; i < to; i++) {
        double next = i + 1 < v->point_count ? v->points[i + 1].t_s : s->longest;
        path_line(&path,
                  (struct point){x_of(s, v->points[i].t_s), y_of(v->points[i].high)});
        path_line(&path, (struct point){x_of(s, next), y_of(v->points[i].high)});
    }
    for (size_t i = to; i-- > from;) {
        double next = i + 1 < v->point_count ? v->points[i + 1].t_s : s->longest;
        path_line(&path, (struct point){x_of(s, next), y_of(v->points[i].low)});
        path_line(&path,
                  (struct point){x_of(s, v->points[i].t_s), y_of(v->points[i].low)});
    }
    path_close(&path);
    scene_path(s->scene, &path, (struct paint){.fill = INK_EVIDENCE, .fill_alpha = 0.16});
}

static void draw_curve(const struct surviving *s)
{
    const struct vg_survival *v = s->survival;
    struct path path = {0};
    double waiting = 1;
    path_move(&path, (struct point){x_of(s, 0), y_of(1)});
    for (size_t i = 0; i < v->point_count; i++) {
        double x = x_of(s, v->points[i].t_s);
        path_line(&path, (struct point){x, y_of(waiting)});
        waiting = v->points[i].waiting;
        path_line(&path, (struct point){x, y_of(waiting)});
    }
    path_line(&path, (struct point){x_of(s, s->longest), y_of(waiting)});
    scene_path(s->scene, &path,
               (struct paint){.stroke = INK_EVIDENCE, .width = 2.2, .round = true});
}

static void draw_median(const struct surviving *s)
{
    double t = s->survival->median_s;
    if (!isfinite(t) || t > s->longest)
        return;
    double x = x_of(s, t), y = y_of(0.5);
    scene_line(s->scene, (struct point){x, y}, (struct point){x, y_of(0)},
               (struct paint){.stroke = INK_TEXT, .dash = "3 3"});
    scene_circle(s->scene, (struct point){x, y}, 4.5, (struct paint){.fill = INK_TEXT});
    const char *text =
        arena_printf(s->arena, _("half within %s"), text_duration(s->arena, t));
    struct text_block label = text_break(s->arena, text ? text : "", &type_strong, 0, 1);
    struct rect box = {x + 9, y - label.height - 5, label.width + 10, label.height + 2};
    if (box.x + box.w > s->width - RIGHT)
        box.x = fmax(LEFT + 2, x - 9 - box.w);
    scene_box(s->scene, box, 6, (struct paint){.fill = INK_CARD, .fill_alpha = 0.85});
    scene_text(s->scene, box.x + 5, box.y + 1, TEXT_START, &label, INK_TEXT);
}

static const char *describe(const struct surviving *s)
{
    const struct vg_survival *v = s->survival;
    struct arena *a = s->arena;
    const char *half = isfinite(v->median_s)
                           ? arena_printf(a, _("Half of them get there within %s."),
                                          text_duration(a, v->median_s))
                           : _("Less than half of them were seen to get there.");
    return arena_printf(a,
                        _("%s → %s. %s %s were watched; %s got there, %s were not "
                          "seen there before watching ended."),
                        v->from, v->to, half ? half : "", text_count(a, v->n),
                        text_count(a, v->happened), text_count(a, v->censored));
}

enum vg_code survival_draw(struct arena *arena, const struct vg_survival *survival,
                           const struct chart_options *options, struct scene **ret,
                           struct vg_err *err)
{
    struct surviving s = {.arena = arena, .survival = survival, .width = 560};
    if (options && options->width > 0)
        s.width = fmax(options->width, 240);
    s.plot = s.width - LEFT - RIGHT;
    s.scene =
        scene_new(arena, &view_theme, options && options->id ? options->id : "survival");
    if (!s.scene)
        return err_memory(err);
    const char *description = describe(&s);
    scene_title(s.scene, "img", _("How long they wait for the next step"),
                description ? description : "");
    if (survival->point_count == 0) {
        double h = scene_words(s.scene, 4, 4, s.width - 8,
                               _("Nobody was seen to go from one step to the other."),
                               &type_body, INK_QUIET);
        scene_size(s.scene, s.width, h + 8);
    } else {
        s.longest = survival->points[survival->point_count - 1].t_s * 1.04;
        if (s.longest <= 0)
            s.longest = 1;
        draw_axes(&s);
        draw_band(&s);
        draw_curve(&s);
        draw_median(&s);
        scene_size(s.scene, s.width, TOP + HIGH + BOTTOM);
    }
    if (scene_failed(s.scene))
        return err_memory(err);
    *ret = s.scene;
    return VG_OK;
}
