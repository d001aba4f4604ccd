/* A KPI over time: each week or month with its interval, what is usual (XmR), the target,
 * and the days from which actions hold. Declared in view/charts.h. */
#include "base/date.h"
#include "base/lang.h"
#include "improve/effect.h"
#include "view/charts.h"
#include "view/theme.h"

#include <math.h>

#define MARGIN    4.0
#define HIGH      190.0
#define AXIS_WIDE 62.0
#define AXIS_HIGH 24.0
#define LABELS    20.0
#define TICKS     4

struct plot {
    struct arena *arena;
    struct scene *scene;
    const struct kpi_result *kpi;
    const struct results *results;
    double left, top, width, height;
    double low, high; /* of the values */
    int64_t from_us, until_us;
};

static double x_at(const struct plot *p, int64_t at_us)
{
    return p->left +
           p->width * (double)(at_us - p->from_us) / (double)(p->until_us - p->from_us);
}

static double y_of(const struct plot *p, double value)
{
    double part = (value - p->low) / (p->high - p->low);
    return p->top + p->height * (1 - fmin(fmax(part, 0), 1));
}

static double middle_x(const struct plot *p, const struct kpi_point *point)
{
    return x_at(p, point->period.from_us / 2 + point->period.to_us / 2);
}

/* ---- how much there is to show ---- */

static void widen(struct plot *p, double value)
{
    if (isnan(value))
        return;
    p->low = fmin(p->low, value);
    p->high = fmax(p->high, value);
}

/* Room for values, limits and target; intervals of a few may run out of the picture. */
static void find_range(struct plot *p)
{
    const struct kpi_result *kpi = p->kpi;
    bool share =
        kpi->ready.kpi.kind == KPI_CONVERSION || kpi->ready.kpi.kind == KPI_STATE;
    p->low = HUGE_VAL;
    p->high = -HUGE_VAL;
    for (size_t i = 0; i < kpi->point_count; i++) {
        widen(p, kpi->points[i].value);
        if (kpi->points[i].n >= 10) {
            widen(p, kpi->points[i].low);
            widen(p, kpi->points[i].high);
        }
    }
    widen(p, kpi->ready.target);
    widen(p, kpi->control.low);
    widen(p, kpi->control.high);
    if (share || kpi->ready.kpi.kind == KPI_TIME || kpi->ready.kpi.kind == KPI_RATE)
        p->low = 0;
    if (share)
        p->high = fmin(p->high, 1);
    if (!(p->high > p->low))
        p->high = p->low + 1;
    p->high += (p->high - p->low) * 0.04;
}

/* A round step for about TICKS ticks: 1, 2 or 5 times a power of ten; of times, whole
 * hours or days. */
static double tick_step(const struct plot *p)
{
    double unit = p->kpi->ready.kpi.kind == KPI_TIME
                      ? (p->high - p->low > 2 * 86400 ? 86400 : 3600)
                      : 1;
    double rough = (p->high - p->low) / TICKS / unit;
    double power = pow(10, floor(log10(rough)));
    double lead = rough / power;
    return unit * power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

/* ---- drawing ---- */

static void draw_axis(const struct plot *p)
{
    double step = tick_step(p);
    for (double value = ceil(p->low / step) * step; value <= p->high; value += step) {
        double y = y_of(p, value);
        const char *words =
            kpi_said(p->arena, &p->kpi->ready.kpi, fabs(value) < step / 100 ? 0 : value);
        struct text_block label = text_break(p->arena, words, &type_small, 0, 1);
        scene_line(p->scene, (struct point){p->left, y},
                   (struct point){p->left + p->width, y},
                   (struct paint){.stroke = INK_LINE});
        scene_text(p->scene, p->left - 8, y - label.height / 2, TEXT_END, &label,
                   INK_QUIET);
    }
}

/* Years and months below: as many as have room. */
static void draw_dates(const struct plot *p)
{
    double y = p->top + p->height + 6, free_from = p->left;
    struct date date = date_from_us(p->from_us);
    for (int i = 0; i < 600; i++) {
        int month = (date.month - 1 + i) % 12 + 1;
        int year = date.year + (date.month - 1 + i) / 12;
        int64_t at_us = date_days(year, month, 1) * INT64_C(86400) * US_PER_S;
        if (at_us > p->until_us)
            return;
        double x = x_at(p, at_us);
        const char *words = arena_printf(p->arena, "%02d/%d", month, year);
        struct text_block label = text_break(p->arena, words, &type_small, 0, 1);
        if (at_us < p->from_us || x < free_from || x + label.width > p->left + p->width)
            continue;
        scene_line(p->scene, (struct point){x, p->top + p->height},
                   (struct point){x, p->top + p->height + 4},
                   (struct paint){.stroke = INK_LINE});
        scene_text(p->scene, x, y, TEXT_START, &label, INK_QUIET);
        free_from = x + label.width + 24;
    }
}

static void draw_usual(const struct plot *p)
{
    const struct control *control = &p->kpi->control;
    if (isnan(control->mean))
        return;
    double top = y_of(p, control->high), bottom = y_of(p, control->low);
    scene_box(p->scene, (struct rect){p->left, top, p->width, fmax(bottom - top, 1)}, 0,
              (struct paint){.fill = INK_EVIDENCE, .fill_alpha = 0.08});
    scene_line(p->scene, (struct point){p->left, y_of(p, control->mean)},
               (struct point){p->left + p->width, y_of(p, control->mean)},
               (struct paint){.stroke = INK_EVIDENCE, .stroke_alpha = 0.5});
}

static void draw_target(const struct plot *p)
{
    double target = p->kpi->ready.target;
    if (isnan(target))
        return;
    double y = y_of(p, target);
    struct text_block label =
        text_break(p->arena, _c("a chart", "target"), &type_small, 0, 1);
    scene_line(p->scene, (struct point){p->left, y},
               (struct point){p->left + p->width, y},
               (struct paint){.stroke = INK_GOOD, .dash = "6 4", .width = 1.5});
    scene_text(p->scene, p->left + p->width + 6, y - label.height / 2, TEXT_START, &label,
               INK_GOOD);
}

/* The actions on this KPI: a line each, numbered as the list below the chart. */
static void draw_actions(const struct plot *p)
{
    double free_from = p->left;
    for (size_t i = 0; p->results && i < p->results->effect_count; i++) {
        const struct effect_result *effect = &p->results->effects[i];
        if (effect->asked != p->kpi->ready.asked || !effect->action)
            continue;
        double x = x_at(p, effect->since_us);
        if (!(x > p->left && x < p->left + p->width))
            continue;
        scene_line(p->scene, (struct point){x, p->top - 4},
                   (struct point){x, p->top + p->height},
                   (struct paint){.stroke = INK_TEXT, .dash = "2 3"});
        struct text_block label = text_break(p->arena, effect->action->title, &type_small,
                                             fmax(p->left + p->width - x, 60), 1);
        bool left = x + label.width > p->left + p->width;
        double at = left ? x - label.width : x;
        if (at < free_from)
            continue; /* (the list tells it) */
        scene_text(p->scene, left ? x : at, p->top - 6 - label.height,
                   left ? TEXT_END : TEXT_START, &label, INK_TEXT);
        free_from = at + label.width + 12;
    }
}

static const char *point_told(const struct plot *p, const struct kpi_point *point)
{
    const struct kpi *kpi = &p->kpi->ready.kpi;
    const char *from = text_date(p->arena, point->period.from_us);
    const char *value = kpi_said(p->arena, kpi, point->value);
    if (isnan(point->low))
        return arena_printf(p->arena, _("from %s: %s, n %s"), from ? from : "",
                            value ? value : "", text_count(p->arena, point->n));
    return arena_printf(p->arena, _("from %s: %s (%s to %s), n %s"), from ? from : "",
                        value ? value : "", kpi_said(p->arena, kpi, point->low),
                        kpi_said(p->arena, kpi, point->high),
                        text_count(p->arena, point->n));
}

static void draw_points(const struct plot *p)
{
    const struct kpi_result *kpi = p->kpi;
    struct path line = {0};
    bool open = false;
    for (size_t i = 0; i < kpi->point_count; i++) {
        const struct kpi_point *point = &kpi->points[i];
        if (isnan(point->value)) {
            open = false; /* a gap, not a zero */
            continue;
        }
        struct point at = {middle_x(p, point), y_of(p, point->value)};
        if (open)
            path_line(&line, at);
        else
            path_move(&line, at);
        open = true;
    }
    scene_path(p->scene, &line, (struct paint){.stroke = INK_EVIDENCE, .width = 1.5});
    for (size_t i = 0; i < kpi->point_count; i++) {
        const struct kpi_point *point = &kpi->points[i];
        if (isnan(point->value))
            continue;
        double x = middle_x(p, point), y = y_of(p, point->value);
        bool unusual = kpi->control.signals[i] != SIGNAL_NONE;
        scene_group(p->scene, &(struct scene_group){.class = "point",
                                                    .title = point_told(p, point)});
        if (!isnan(point->low))
            scene_line(
                p->scene, (struct point){x, y_of(p, point->low)},
                (struct point){x, y_of(p, point->high)},
                (struct paint){.stroke = INK_EVIDENCE, .stroke_alpha = 0.35, .width = 3});
        if (unusual)
            scene_circle(p->scene, (struct point){x, y}, 6.5,
                         (struct paint){.stroke = INK_WARNING, .width = 1.5});
        scene_circle(p->scene, (struct point){x, y}, point->n >= 10 ? 3.5 : 2.2,
                     (struct paint){.fill = INK_EVIDENCE});
        scene_end(p->scene);
    }
}

enum vg_code series_draw(struct arena *arena, const struct kpi_result *kpi,
                         const struct results *results,
                         const struct chart_options *options, struct scene **ret,
                         struct vg_err *err)
{
    double width = options && options->width > 0 ? fmax(options->width, 240) : 720;
    struct plot p = {.arena = arena, .kpi = kpi, .results = results};
    p.scene =
        scene_new(arena, &view_theme, options && options->id ? options->id : "series");
    if (!p.scene)
        return err_memory(err);
    scene_title(p.scene, "img", kpi->ready.kpi.name, kpi->sentence);
    double bottom = HIGH;
    if (kpi->latest == kpi->point_count) {
        bottom = MARGIN + scene_words(p.scene, MARGIN, MARGIN, width - 2 * MARGIN,
                                      kpi->sentence, &type_body, INK_QUIET);
    } else {
        p.from_us = kpi->points[0].period.from_us;
        p.until_us = kpi->points[kpi->point_count - 1].period.to_us;
        p.left = MARGIN + AXIS_WIDE;
        p.top = MARGIN + LABELS;
        p.width = width - MARGIN - p.left;
        if (!isnan(kpi->ready.target)) /* room for its word at the end of its line */
            p.width -= text_width(_c("a chart", "target"), &type_small) + 8;
        p.height = HIGH - p.top - AXIS_HIGH;
        find_range(&p);
        draw_usual(&p);
        draw_axis(&p);
        draw_dates(&p);
        draw_target(&p);
        draw_actions(&p);
        draw_points(&p);
    }
    scene_size(p.scene, width, bottom + MARGIN);
    if (scene_failed(p.scene))
        return err_memory(err);
    *ret = p.scene;
    return VG_OK;
}
