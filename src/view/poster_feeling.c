/* The feeling lane: what was believed (dashed) and what the evidence says (solid, with
 * its 95 % band); faces, the word for the emotion, n and interval. A step without a value
 * is a gap in the curve. */
#include "view/poster_feeling.h"

#include "base/lang.h"

#define GAP_SHOWN 0.75 /* belief and evidence so far apart are tied by a line */

/* ---- what there is to draw */

double feeling_believed(const struct poster *p, size_t step, size_t persona)
{
    const struct map_step *s = &p->map->steps[step];
    if (persona == 0)
        return s->feeling.valence;
    return s->feelings && persona < p->map->persona_count ? s->feelings[persona].valence
                                                          : NAN;
}

double feeling_shown(const struct feeling *f, size_t i, bool *ret_evidence)
{
    size_t step = f->row->first + i;
    const struct vg_step_emotion *e = poster_emotion(f->p, step);
    *ret_evidence = e != NULL;
    return e ? e->mean : feeling_believed(f->p, step, 0);
}

size_t feeling_run(const struct feeling *f, const double *y, size_t *at,
                   struct point *points, size_t *ret_first)
{
    size_t n = f->row->count, count = 0;
    while (*at < n && !isfinite(y[*at]))
        ++*at;
    *ret_first = *at;
    for (; *at < n && isfinite(y[*at]); ++*at)
        points[count++] = (struct point){feeling_x(f, *at), y[*at]};
    return count;
}

bool feeling_gap(const struct feeling *f, size_t i, double *ret_believed)
{
    size_t step = f->row->first + i;
    const struct vg_step_emotion *e = poster_emotion(f->p, step);
    double was = feeling_believed(f->p, step, 0);
    if (!e || !isfinite(was) || fabs(e->mean - was) < GAP_SHOWN)
        return false;
    *ret_believed = feeling_y(f, was);
    return true;
}

/* ---- the lines */

static bool add_line(struct feeling *f, struct line line, size_t persona, bool evidence)
{
    size_t n = f->row->count, seen = 0;
    line.y = arena_array(f->p->arena, double, n);
    if (!line.y)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t step = f->row->first + i;
        const struct vg_step_emotion *e = poster_emotion(f->p, step);
        double v = evidence ? (e ? e->mean : NAN) : feeling_believed(f->p, step, persona);
        line.y[i] = isfinite(v) ? feeling_y(f, v) : NAN;
        seen += isfinite(v) ? 1 : 0;
        if (evidence) {
            bool band = e && isfinite(e->low) && isfinite(e->high);
            f->upper[i] = band ? feeling_y(f, e->high) : line.y[i];
            f->lower[i] = band ? feeling_y(f, e->low) : line.y[i];
        }
    }
    if (seen > 0)
        f->lines[f->line_count++] = line;
    return true;
}

static bool collect(struct feeling *f)
{
    static const char *const dashes[] = {"6 5", "2 4", "9 4 2 4", "1.5 5"};
    size_t n = f->row->count;
    f->upper = arena_array(f->p->arena, double, n);
    f->lower = arena_array(f->p->arena, double, n);
    if (!f->upper || !f->lower)
        return false;
    size_t people = f->p->map->persona_count;
    people = people < 1 ? 1 : people > 4 ? 4 : people;
    for (size_t i = people; i-- > 0;) {
        struct line line = {.ink = i ? ink_phase_text(i) : INK_BELIEF,
                            .dash = dashes[i],
                            .width = i ? 1.4 : 1.8};
        if (!add_line(f, line, i, false))
            return false;
    }
    struct line solid = {.ink = INK_EVIDENCE, .width = 3};
    return add_line(f, solid, 0, true);
}

static void draw_line(const struct feeling *f, const struct line *line,
                      struct point *points)
{
    size_t first, count;
    for (size_t at = 0; (count = feeling_run(f, line->y, &at, points, &first)) > 0;) {
        struct paint paint = {.stroke = line->ink,
                              .width = line->width,
                              .dash = line->dash,
                              .round = line->dash == NULL,
                              .class = line->dash ? "believed" : "evidence"};
        if (count == 1 && !line->dash) /* alone between two gaps: its face is enough */
            continue;
        if (count == 1) {
            struct point a = {points[0].x - 22, points[0].y};
            struct point b = {points[0].x + 22, points[0].y};
            scene_line(f->p->scene, a, b, paint);
            continue;
        }
        struct path path = {0};
        curve_add(&path, points, count);
        scene_path(f->p->scene, &path, paint);
    }
}

static void draw_band(const struct feeling *f, const double *y, struct point *points)
{
    size_t n = f->row->count, first, count;
    struct point *upper = arena_array(f->p->arena, struct point, n);
    struct point *lower = arena_array(f->p->arena, struct point, n);
    const struct paint band = {.fill = INK_EVIDENCE, .fill_alpha = 0.15, .class = "band"};
    if (!upper || !lower)
        return;
    for (size_t at = 0; (count = feeling_run(f, y, &at, points, &first)) > 0;) {
        if (count == 1) { /* alone between two gaps: a bar as high as the interval */
            struct rect bar = {points[0].x - 9, f->upper[first], 18,
                               f->lower[first] - f->upper[first]};
            scene_box(f->p->scene, bar, 4, band);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            upper[i] = (struct point){points[i].x, f->upper[first + i]};
            lower[i] = (struct point){points[i].x, f->lower[first + i]};
        }
        struct path path = {0};
        curve_band(&path, upper, lower, count);
        scene_path(
            f->p->scene, &path,
            (struct paint){.fill = INK_EVIDENCE, .fill_alpha = 0.15, .class = "band"});
    }
}

static void draw_gap(const struct feeling *f, size_t i)
{
    double x = feeling_x(f, i), to;
    if (!feeling_gap(f, i, &to))
        return;
    double from = feeling_y(f, poster_emotion(f->p, f->row->first + i)->mean);
    scene_line(f->p->scene, (struct point){x, from}, (struct point){x, to},
               (struct paint){.stroke = INK_BELIEF, .width = 1.2, .dash = "1.5 3"});
    scene_circle(f->p->scene, (struct point){x, to}, 3.6,
                 (struct paint){.fill = INK_PAPER, .stroke = INK_BELIEF, .width = 1.5});
}

static void draw_step(const struct feeling *f, size_t i, const struct label *label)
{
    struct scene *scene = f->p->scene;
    bool evidence;
    double v = feeling_shown(f, i, &evidence), x = feeling_x(f, i);
    scene_group(scene, &(struct scene_group){
                           .class = "cell",
                           .data = {{"step", f->p->map->steps[f->row->first + i].id}}});
    draw_gap(f, i);
    if (isfinite(v)) {
        struct point at = {x, feeling_y(f, v)};
        draw_face(scene, at, FACE, v);
        if (!evidence && f->p->study->emotions.n > 0)
            scene_circle(
                scene, at, FACE + 1.5,
                (struct paint){.stroke = INK_BELIEF, .width = 1.4, .dash = "3 2.5"});
    }
    scene_text(scene, x, label->y, TEXT_MIDDLE, &label->word,
               isfinite(v) ? INK_TEXT : INK_QUIET);
    scene_text(scene, x, label->y + label->word.height, TEXT_MIDDLE, &label->figures,
               INK_QUIET);
    scene_end(scene);
}

double poster_feeling(struct poster *p, const struct poster_row *row, double y)
{
    struct feeling f = {.p = p, .row = row, .zero = y + 27 + 2 * UNIT};
    struct point *points = arena_array(p->arena, struct point, row->count);
    struct label *labels = arena_array(p->arena, struct label, row->count);
    if (!points || !labels || !collect(&f))
        return 0;
    feeling_arrange(&f, labels, points);
    /* Words that stand above the lane's top push everything down. */
    double top = feeling_y(&f, 2) - 14, bottom = feeling_y(&f, -2) + 14;
    for (size_t i = 0; i < row->count; i++) {
        top = fmin(top, labels[i].y);
        bottom = fmax(bottom, labels[i].y + labels[i].height);
    }
    double down = fmax(0, y - top);
    f.zero += down;
    for (size_t i = 0; i < row->count; i++)
        labels[i].y += down;
    f.line_count = 0;
    if (!collect(&f))
        return 0;
    feeling_scale(&f, labels);
    double key_end = feeling_key(&f, feeling_y(&f, 2) + 16);
    const struct line *last = f.line_count ? &f.lines[f.line_count - 1] : NULL;
    if (last && !last->dash)
        draw_band(&f, last->y, points);
    for (size_t i = 0; i < f.line_count; i++)
        draw_line(&f, &f.lines[i], points);
    for (size_t i = 0; i < row->count; i++)
        draw_step(&f, i, &labels[i]);
    return fmax(bottom + down, key_end) - y;
}
