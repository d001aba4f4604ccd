/* The words beside the faces: no line runs through them. */
#include "view/poster_feeling.h"

#include "base/lang.h"

#define LABEL_GAP   5.0 /* between a face and its words */
#define CURVE_CLEAR 5.0 /* between a curve and words */
#define LABELS      74  /* places tried for words */
#define LABELS_NEAR 18  /* … that also keep clear of the band */

/* The lowest and highest y of any line between two x; false when none passes there. */
static bool lines_between(const struct feeling *f, double from, double to,
                          double *ret_top, double *ret_bottom, struct point *points)
{
    double top = HUGE_VAL, bottom = -HUGE_VAL;
    for (size_t l = 0; l < f->line_count; l++) {
        size_t first, count;
        for (size_t at = 0;
             (count = feeling_run(f, f->lines[l].y, &at, points, &first)) > 0;) {
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
    for (size_t at = 0; (count = feeling_run(f, y, &at, points, &first)) > 0;) {
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
    double x = feeling_x(f, i) - label->width / 2, to;
    bool tied = feeling_gap(f, i, &to);
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
    double x = feeling_x(f, i) - label->width / 2, top, bottom;
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

/* Hills carry their words on top, valleys below. */
static bool words_above(const struct feeling *f, size_t i, double value)
{
    bool unused;
    double before = i > 0 ? feeling_shown(f, i - 1, &unused) : NAN;
    double after = i + 1 < f->row->count ? feeling_shown(f, i + 1, &unused) : NAN;
    double around = isfinite(before) && isfinite(after) ? (before + after) / 2
                    : isfinite(before)                  ? before
                    : isfinite(after)                   ? after
                                                        : 0;
    return value > around || (value == around && value >= 0);
}

void feeling_arrange(const struct feeling *f, struct label *labels, struct point *points)
{
    for (size_t i = 0; i < f->row->count; i++) {
        bool unused;
        double v = feeling_shown(f, i, &unused);
        labels[i] = label_of(f, i);
        if (isfinite(v))
            place(f, i, feeling_y(f, v), &labels[i], words_above(f, i, v), points);
        else /* no value: the word alone, where no other step's line passes */
            place(f, i, f->zero, &labels[i], true, points);
    }
}
