/* The feeling lane: what was believed (dashed) and what the evidence says (solid, with
 * its 95 % band); faces, the word for the emotion, n and interval. A step without a value
 * is a gap in the curve. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

#define UNIT        46.0 /* px of one unit of valence */
#define FACE        13.0
#define LABEL_GAP   5.0  /* between a face and its words */
#define CURVE_CLEAR 5.0  /* between a curve and words */
#define GAP_SHOWN   0.75 /* belief and evidence so far apart are tied by a line */
#define KEY_LINE    28.0
#define LINES_MOST  5  /* evidence and four personas' beliefs */
#define LABELS      74 /* places tried for words */
#define LABELS_NEAR 18 /* … that also keep clear of the band */

/* One line over the row's steps: y by step, NAN where there is a gap. */
struct line {
    double *y;
    unsigned ink;
    const char *dash;
    double width;
};
struct feeling {
    struct poster *p;
    const struct poster_row *row;
    double zero; /* y of valence 0 */
    struct line lines[LINES_MOST];
    size_t line_count;
    double *upper, *lower; /* the band */
};
/* The words of a step, broken, and where they go. */
struct label {
    struct text_block word, figures;
    double width, height, y;
};

static double y_of(const struct feeling *f, double valence)
{
    return f->zero - fmin(fmax(valence, -2), 2) * UNIT;
}

static double middle(const struct feeling *f, size_t i)
{
    return f->row->x + ((double)i + 0.5) * f->row->column - 4;
}

/* ---- the lines */

static double believed(const struct poster *p, size_t step, size_t persona)
{
    const struct map_step *s = &p->map->steps[step];
    if (persona == 0)
        return s->feeling.valence;
    return s->feelings && persona < p->map->persona_count ? s->feelings[persona].valence
                                                          : NAN;
}

static bool add_line(struct feeling *f, struct line line, size_t persona, bool evidence)
{
    size_t n = f->row->count, seen = 0;
    line.y = arena_array(f->p->arena, double, n);
    if (!line.y)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t step = f->row->first + i;
        const struct vg_step_emotion *e = poster_emotion(f->p, step);
        double v = evidence ? (e ? e->mean : NAN) : believed(f->p, step, persona);
        line.y[i] = isfinite(v) ? y_of(f, v) : NAN;
        seen += isfinite(v);
        if (evidence) {
            bool band = e && isfinite(e->low) && isfinite(e->high);
            f->upper[i] = band ? y_of(f, e->high) : line.y[i];
            f->lower[i] = band ? y_of(f, e->low) : line.y[i];
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

/* The points of the run of values that begins at *at; moves *at behind it. */
static size_t run(const struct feeling *f, const double *y, size_t *at,
                  struct point *points, size_t *ret_first)
{
    size_t n = f->row->count, count = 0;
    while (*at < n && !isfinite(y[*at]))
        ++*at;
    *ret_first = *at;
    for (; *at < n && isfinite(y[*at]); ++*at)
        points[count++] = (struct point){middle(f, *at), y[*at]};
    return count;
}

static void draw_line(const struct feeling *f, const struct line *line,
                      struct point *points)
{
    size_t first, count;
    for (size_t at = 0; (count = run(f, line->y, &at, points, &first)) > 0;) {
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
    for (size_t at = 0; (count = run(f, y, &at, points, &first)) > 0;) {
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

/* Where belief and evidence part: from the face to what was believed. */
static bool gap_of(const struct feeling *f, size_t i, double *ret_believed)
{
    size_t step = f->row->first + i;
    const struct vg_step_emotion *e = poster_emotion(f->p, step);
    double was = believed(f->p, step, 0);
    if (!e || !isfinite(was) || fabs(e->mean - was) < GAP_SHOWN)
        return false;
    *ret_believed = y_of(f, was);
    return true;
}

static void draw_gap(const struct feeling *f, size_t i)
{
    double x = middle(f, i), to;
    if (!gap_of(f, i, &to))
        return;
    double from = y_of(f, poster_emotion(f->p, f->row->first + i)->mean);
    scene_line(f->p->scene, (struct point){x, from}, (struct point){x, to},
               (struct paint){.stroke = INK_BELIEF, .width = 1.2, .dash = "1.5 3"});
    scene_circle(f->p->scene, (struct point){x, to}, 3.6,
                 (struct paint){.fill = INK_PAPER, .stroke = INK_BELIEF, .width = 1.5});
}

/* ---- words beside the faces */

/* The lowest and highest y of any line between two x; false when none passes there. */
static bool lines_between(const struct feeling *f, double from, double to,
                          double *ret_top, double *ret_bottom, struct point *points)
{
    double top = HUGE_VAL, bottom = -HUGE_VAL;
    for (size_t l = 0; l < f->line_count; l++) {
        size_t first, count;
        for (size_t at = 0; (count = run(f, f->lines[l].y, &at, points, &first)) > 0;) {
            for (int i = 0; i <= 24; i++) {
                double y = curve_at(points, count, from + (to - from) * i / 24);
                if (!isfinite(y))
                    continue;
                top = fmin(top, y);
                bottom = fmax(bottom, y);
            }
        }
    }
    *ret_top = top;
    *ret_bottom = bottom;
    return top <= bottom;
}

/* Whether the curve through y passes through the box, or within `clear` of it. */
static bool passes(const struct feeling *f, const double *y, struct rect box,
                   double clear, struct point *points)
{
    size_t first, count;
    for (size_t at = 0; (count = run(f, y, &at, points, &first)) > 0;) {
        double before = NAN;
        for (int i = 0; i <= 32; i++) {
            double here = curve_at(points, count, box.x + box.w * i / 32);
            if (isfinite(here) && here > box.y - clear && here < box.y + box.h + clear)
                return true;
            if (isfinite(here) && isfinite(before) && (here < box.y) != (before < box.y))
                return true;
            before = here;
        }
    }
    return false;
}

/* Whether a line passes through the box; with `band`, whether an edge of the band does.
 */
static bool crossed(const struct feeling *f, struct rect box, bool band,
                    struct point *points)
{
    for (size_t l = 0; l < f->line_count; l++)
        if (passes(f, f->lines[l].y, box, CURVE_CLEAR, points))
            return true;
    return band &&
           (passes(f, f->upper, box, 1, points) || passes(f, f->lower, box, 1, points));
}

/* The nearest place above or below the face where no line passes, nor, if it can be, an
 * edge of the band. */
static bool try_places(const struct feeling *f, size_t i, double face, bool above,
                       bool band, struct label *label, struct point *points)
{
    double x = middle(f, i) - label->width / 2, to;
    bool tied = gap_of(f, i, &to);
    int most = band ? LABELS_NEAR : LABELS;
    for (int k = 0; k < most; k++) {
        bool up = (k % 2 == 0) == above;
        double away = FACE + 2.5 + LABEL_GAP + (k / 2) * 4.0;
        double y = up ? face - away - label->height : face + away;
        struct rect box = {x, y, label->width, label->height};
        if (crossed(f, box, band, points) ||
            (tied && fmin(face, to) < y + label->height && fmax(face, to) > y))
            continue;
        label->y = y;
        return true;
    }
    return false;
}

/* Beside the face, on the side the feeling is on where that is free, else above all
 * lines. Words of different steps never meet, since each keeps to its own column. */
static void place(const struct feeling *f, size_t i, double face, struct label *label,
                  bool above, struct point *points)
{
    double x = middle(f, i) - label->width / 2, top, bottom;
    if (try_places(f, i, face, above, true, label, points) ||
        try_places(f, i, face, above, false, label, points))
        return;
    bool any = lines_between(f, x, x + label->width, &top, &bottom, points);
    top = any ? fmin(top, face - FACE) : face - FACE;
    label->y = top - CURVE_CLEAR - 3 - label->height;
}

static const struct text_style type_word = {
    .size = 12, .face = FACE_SEMIBOLD, .leading = 16};
static const struct text_style type_figures = {.size = 10.5, .leading = 14};

/* "−1,2 ±0,2 · n 318" */
static const char *figures(struct poster *p, const struct vg_step_emotion *e)
{
    if (!e)
        return "";
    const char *mean = text_signed(p->arena, e->mean, 1);
    const char *n = text_count(p->arena, e->n);
    if (!mean || !n)
        return NULL;
    double half = fmax(e->high - e->mean, e->mean - e->low);
    if (!isfinite(half))
        return arena_printf(p->arena, "%s · n %s", mean, n);
    const char *within = text_number(p->arena, half, 1);
    return arena_printf(p->arena, "%s ±%s · n %s", mean, within ? within : "", n);
}

static struct label label_of(const struct feeling *f, size_t i)
{
    struct poster *p = f->p;
    size_t step = f->row->first + i;
    double width = f->row->column - 12;
    struct label label = {0};
    label.word =
        text_break(p->arena, p->map->steps[step].feeling.emotion, &type_word, width, 0);
    label.figures = text_break(p->arena, figures(p, poster_emotion(p, step)),
                               &type_figures, width, 0);
    label.width = fmax(label.word.width, label.figures.width);
    label.height = label.word.height + label.figures.height;
    return label;
}

/* The value the face shows: of the evidence, else what was believed; NAN when neither. */
static double shown(const struct feeling *f, size_t i, bool *ret_evidence)
{
    size_t step = f->row->first + i;
    const struct vg_step_emotion *e = poster_emotion(f->p, step);
    *ret_evidence = e != NULL;
    return e ? e->mean : believed(f->p, step, 0);
}

/* Hills carry their words on top, valleys below. */
static bool words_above(const struct feeling *f, size_t i, double value)
{
    bool unused;
    double before = i > 0 ? shown(f, i - 1, &unused) : NAN;
    double after = i + 1 < f->row->count ? shown(f, i + 1, &unused) : NAN;
    double around = isfinite(before) && isfinite(after) ? (before + after) / 2
                    : isfinite(before)                  ? before
                    : isfinite(after)                   ? after
                                                        : 0;
    return value > around || (value == around && value >= 0);
}

static void arrange(const struct feeling *f, struct label *labels, struct point *points)
{
    for (size_t i = 0; i < f->row->count; i++) {
        bool unused;
        double v = shown(f, i, &unused);
        labels[i] = label_of(f, i);
        if (isfinite(v))
            place(f, i, y_of(f, v), &labels[i], words_above(f, i, v), points);
        else /* no value: the word alone, where no other step's line passes */
            place(f, i, f->zero, &labels[i], true, points);
    }
}

static void draw_step(const struct feeling *f, size_t i, const struct label *label)
{
    struct scene *scene = f->p->scene;
    bool evidence;
    double v = shown(f, i, &evidence), x = middle(f, i);
    scene_group(scene, &(struct scene_group){
                           .class = "cell",
                           .data = {{"step", f->p->map->steps[f->row->first + i].id}}});
    draw_gap(f, i);
    if (isfinite(v)) {
        struct point at = {x, y_of(f, v)};
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

/* ---- scale and key, at the left */

/* A line of the scale, which makes way for the words that stand on it. */
static void scale_line(const struct feeling *f, double y, const struct label *labels)
{
    const struct paint paint = {.stroke = INK_LINE, .width = 1.2, .dash = "2 4"};
    double from = POSTER_MARGIN + POSTER_LABEL, end = f->p->width - POSTER_MARGIN;
    for (size_t i = 0; i < f->row->count; i++) {
        const struct label *label = &labels[i];
        if (label->height == 0 || y < label->y - 1 || y > label->y + label->height + 1)
            continue;
        double left = middle(f, i) - label->width / 2 - 6;
        if (left > from)
            scene_line(f->p->scene, (struct point){from, y}, (struct point){left, y},
                       paint);
        from = left + label->width + 12;
    }
    if (end > from)
        scene_line(f->p->scene, (struct point){from, y}, (struct point){end, y}, paint);
}

static void scale(const struct feeling *f, const struct label *labels)
{
    static const struct {
        double valence;
        const char *words;
    } marks[] = {{2, N_("very good")}, {0, N_("so-so")}, {-2, N_("very bad")}};
    double left = POSTER_MARGIN + POSTER_LABEL;
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        double y = y_of(f, marks[i].valence);
        scale_line(f, y, labels);
        struct text_block words =
            text_break(f->p->arena, _(marks[i].words), &type_figures, POSTER_LABEL, 1);
        scene_text(f->p->scene, left - 8, y - words.height / 2, TEXT_END, &words,
                   INK_QUIET);
    }
}

/* What a line of the key stands for. */
static const char *line_words(const struct feeling *f, const struct line *line)
{
    const struct vg_map *map = f->p->map;
    if (!line->dash)
        return _("from the evidence, with its 95% interval");
    for (size_t k = 1; k < map->persona_count && k < 4; k++)
        if (line->ink == ink_phase_text(k) && poster_has(map->personas[k].name))
            return map->personas[k].name;
    return _("believed in the workshop");
}

/* Where a row of the key may stand: not on the words of the scale. */
static double beside_scale(const struct feeling *f, double y, double height)
{
    for (int valence = 2; valence >= -2; valence -= 2) {
        double mark = y_of(f, valence);
        if (y < mark + 9 && y + height > mark - 9)
            y = mark + 9;
    }
    return y;
}

static double key_row(const struct feeling *f, const char *words, double y,
                      double *ret_middle)
{
    struct text_block block =
        text_break(f->p->arena, words, &type_figures, POSTER_LABEL - KEY_LINE - 14, 0);
    y = beside_scale(f, y, block.height);
    scene_text(f->p->scene, POSTER_MARGIN + KEY_LINE, y, TEXT_START, &block, INK_QUIET);
    *ret_middle = y + text_leading(&block.style) / 2;
    return y + block.height + 4;
}

static bool only_believed(const struct feeling *f)
{
    for (size_t i = 0; i < f->row->count; i++) {
        bool evidence;
        if (isfinite(shown(f, i, &evidence)) && !evidence)
            return true;
    }
    return false;
}

/* A bit of each line, and what it stands for. Returns where it ends. */
static double key(const struct feeling *f, double y)
{
    struct scene *scene = f->p->scene;
    double x = POSTER_MARGIN, middle;
    bool evidence = false;
    for (size_t i = f->line_count; i-- > 0;) {
        const struct line *line = &f->lines[i];
        y = key_row(f, line_words(f, line), y, &middle);
        scene_line(scene, (struct point){x + 1, middle}, (struct point){x + 21, middle},
                   (struct paint){.stroke = line->ink,
                                  .width = line->width,
                                  .dash = line->dash,
                                  .round = line->dash == NULL});
        evidence = evidence || !line->dash;
    }
    if (evidence && only_believed(f)) {
        y = key_row(f, _("nobody observed: only believed"), y, &middle);
        scene_circle(scene, (struct point){x + 11, middle}, 6,
                     (struct paint){.stroke = INK_BELIEF, .width = 1.4, .dash = "3 2.5"});
    }
    return y;
}

double poster_feeling(struct poster *p, const struct poster_row *row, double y)
{
    struct feeling f = {.p = p, .row = row, .zero = y + 20 + 2 * UNIT};
    struct point *points = arena_array(p->arena, struct point, row->count);
    struct label *labels = arena_array(p->arena, struct label, row->count);
    if (!points || !labels || !collect(&f))
        return 0;
    arrange(&f, labels, points);
    /* Words that stand above the lane's top push everything down. */
    double top = y_of(&f, 2) - 14, bottom = y_of(&f, -2) + 14;
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
    scale(&f, labels);
    double key_end = key(&f, y_of(&f, 2) + 16);
    const struct line *last = f.line_count ? &f.lines[f.line_count - 1] : NULL;
    if (last && !last->dash)
        draw_band(&f, last->y, points);
    for (size_t i = 0; i < f.line_count; i++)
        draw_line(&f, &f.lines[i], points);
    for (size_t i = 0; i < row->count; i++)
        draw_step(&f, i, &labels[i]);
    return fmax(bottom + down, key_end) - y;
}
