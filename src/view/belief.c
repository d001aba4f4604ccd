/* Belief beside evidence: one row a step, an open ring for what the workshop believed, a
 * full dot with its interval for what the evidence says. Declared in view/charts.h. */
#include "base/lang.h"
#include "view/charts.h"
#include "view/theme.h"
#include "view/words.h"

#include <math.h>
#include <stdlib.h>

#define MARGIN     4.0
#define ROW_HIGH   34.0
#define SCALE_HIGH 34.0
#define GAP_WIDTH  58.0
#define N_WIDTH    66.0
#define ROOM       14.0

static const struct text_style gap_style = {
    .size = 14, .face = FACE_BOLD, .leading = 18, .tabular = true};

struct believing {
    struct arena *arena;
    struct scene *scene;
    double width;
    double title_width; /* 0: the title stands above the track */
    double track_x, track_width;
};

static int widest_first(const void *a, const void *b)
{
    const struct vg_step_emotion *x = *(const struct vg_step_emotion *const *)a,
                                 *y = *(const struct vg_step_emotion *const *)b;
    double gap_x = isfinite(x->gap) ? fabs(x->gap) : x->n ? -1 : -2;
    double gap_y = isfinite(y->gap) ? fabs(y->gap) : y->n ? -1 : -2;
    if (gap_x != gap_y)
        return gap_x > gap_y ? -1 : 1;
    return x < y ? -1 : x > y;
}

static double x_of(const struct believing *b, double valence)
{
    return b->track_x + (fmin(fmax(valence, -2), 2) + 2) / 4 * b->track_width;
}

static const char *row_title(const struct believing *b, const struct vg_step_emotion *s)
{
    struct arena *a = b->arena;
    const char *believed = isfinite(s->believed) ? text_signed(a, s->believed, 1)
                                                 : _("nothing was said in the workshop");
    if (s->n == 0)
        return arena_printf(a, _("%s: believed %s; no evidence"), s->title, believed);
    const char *range = isfinite(s->low) ? text_number_range(a, s->low, s->high, 1) : "";
    return arena_printf(a, _("%s: believed %s, evidence %s (%s), n %s"), s->title,
                        believed, text_signed(a, s->mean, 1), range, text_count(a, s->n));
}

static void draw_track(const struct believing *b, const struct vg_step_emotion *s,
                       double y)
{
    scene_line(b->scene, (struct point){b->track_x, y},
               (struct point){b->track_x + b->track_width, y},
               (struct paint){.stroke = INK_LINE, .width = 2, .round = true});
    scene_line(b->scene, (struct point){x_of(b, 0), y - 5},
               (struct point){x_of(b, 0), y + 5}, (struct paint){.stroke = INK_LINE});
    if (isfinite(s->gap)) {
        bool worse = s->gap < 0;
        scene_line(b->scene, (struct point){x_of(b, s->believed), y},
                   (struct point){x_of(b, s->mean), y},
                   (struct paint){.stroke = worse ? INK_LOST : INK_GOOD_FILL,
                                  .stroke_alpha = 0.4,
                                  .width = 5});
    }
    if (s->n > 0 && isfinite(s->low)) {
        double x0 = x_of(b, s->low), x1 = x_of(b, s->high);
        scene_box(b->scene, (struct rect){x0, y - 8, fmax(x1 - x0, 1), 16}, 4,
                  (struct paint){.fill = INK_EVIDENCE, .fill_alpha = 0.2});
    }
    if (isfinite(s->believed))
        scene_circle(b->scene, (struct point){x_of(b, s->believed), y}, 5.5,
                     (struct paint){.fill = INK_CARD, .stroke = INK_BELIEF, .width = 2});
    if (s->n > 0)
        scene_circle(b->scene, (struct point){x_of(b, s->mean), y}, 6,
                     (struct paint){.fill = INK_EVIDENCE});
}

static double draw_row(const struct believing *b, const struct vg_step_emotion *s,
                       double y)
{
    struct arena *a = b->arena;
    bool beside = b->title_width > 0;
    double text_width = beside ? b->title_width : b->width - 2 * MARGIN;
    struct text_block title = text_break(a, s->title, &type_body, text_width, 3);
    double high = fmax(ROW_HIGH, (beside ? title.height : 20) + 12);
    double middle = y + high / 2;
    scene_line(b->scene, (struct point){MARGIN, y}, (struct point){b->width - MARGIN, y},
               (struct paint){.stroke = INK_LINE});
    if (!beside) {
        middle += title.height + 2;
        high += title.height + 4;
    }
    scene_group(b->scene,
                &(struct scene_group){.class = "step", .title = row_title(b, s)});
    scene_text(b->scene, MARGIN, beside ? middle - title.height / 2 : y + 8, TEXT_START,
               &title, INK_TEXT);
    draw_track(b, s, middle);
    double right = b->width - MARGIN;
    const char *n =
        s->n ? arena_printf(a, "n %s", text_count(a, s->n)) : _("no evidence");
    struct text_block count =
        text_break(a, n, &type_small, s->n ? N_WIDTH : N_WIDTH + GAP_WIDTH, 1);
    scene_text(b->scene, right, middle - count.height / 2, TEXT_END, &count, INK_QUIET);
    if (isfinite(s->gap)) {
        struct text_block gap =
            text_break(a, text_signed(a, s->gap, 1), &gap_style, GAP_WIDTH, 1);
        scene_text(b->scene, right - N_WIDTH, middle - gap.height / 2, TEXT_END, &gap,
                   fabs(s->gap) < 0.05 ? INK_QUIET
                   : s->gap < 0        ? INK_LOST
                                       : INK_GOOD);
    }
    scene_end(b->scene);
    return y + high;
}

/* The scale above the rows, and what ring and dot stand for. */
static double draw_scale(const struct believing *b)
{
    static const struct {
        double valence;
        const char *text;
        enum text_anchor anchor;
    } marks[] = {{-2, N_("very bad"), TEXT_START},
                 {0, N_("so-so"), TEXT_MIDDLE},
                 {2, N_("very good"), TEXT_END}};
    double y = MARGIN;
    struct text_block believed =
        text_break(b->arena, _("believed in the workshop"), &type_small, 0, 1);
    struct text_block seen =
        text_break(b->arena, _("lived, from the evidence"), &type_small, 0, 1);
    scene_circle(b->scene, (struct point){MARGIN + 6, y + 8}, 5,
                 (struct paint){.fill = INK_CARD, .stroke = INK_BELIEF, .width = 2});
    scene_text(b->scene, MARGIN + 18, y, TEXT_START, &believed, INK_QUIET);
    double x = MARGIN + 18 + believed.width + 18;
    if (x + 18 + seen.width > b->width - MARGIN) {
        x = MARGIN;
        y += 18;
    }
    scene_circle(b->scene, (struct point){x + 6, y + 8}, 5.5,
                 (struct paint){.fill = INK_EVIDENCE});
    scene_text(b->scene, x + 18, y, TEXT_START, &seen, INK_QUIET);
    y += 22;
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        const char *text = b->track_width < 180
                               ? text_signed(b->arena, marks[i].valence, 0)
                               : _(marks[i].text);
        struct text_block mark = text_break(b->arena, text, &type_small, 0, 1);
        scene_text(b->scene, x_of(b, marks[i].valence), y, marks[i].anchor, &mark,
                   INK_QUIET);
    }
    return y + 20;
}

static size_t rows_of(const struct vg_emotions *emotions,
                      const struct vg_step_emotion **rows)
{
    size_t n = 0;
    for (size_t i = 0; i < emotions->step_count; i++)
        if (emotions->steps[i].n > 0 || isfinite(emotions->steps[i].believed))
            rows[n++] = &emotions->steps[i];
    qsort(rows, n, sizeof(*rows), widest_first);
    return n;
}

enum vg_code belief_draw(struct arena *arena, const struct vg_emotions *emotions,
                         const struct chart_options *options, struct scene **ret,
                         struct vg_err *err)
{
    struct believing b = {.arena = arena, .width = 720};
    if (options && options->width > 0)
        b.width = fmax(options->width, 240);
    b.scene =
        scene_new(arena, &view_theme, options && options->id ? options->id : "belief");
    const struct vg_step_emotion **rows =
        arena_array(arena, const struct vg_step_emotion *, emotions->step_count + 1);
    if (!b.scene || !rows)
        return err_memory(err);
    size_t n = rows_of(emotions, rows);
    scene_title(b.scene, "img", _("Belief beside evidence"),
                n ? row_title(&b, rows[0]) : "");
    b.title_width = b.width >= 520 ? fmin(280, b.width * 0.36) : 0;
    b.track_x = MARGIN + 8 + (b.title_width > 0 ? b.title_width + ROOM : 0);
    b.track_width = b.width - MARGIN - N_WIDTH - GAP_WIDTH - b.track_x;
    double y = MARGIN;
    if (n == 0) {
        y += scene_words(b.scene, MARGIN, y, b.width - 2 * MARGIN,
                         _("Neither the map nor the evidence says how customers feel."),
                         &type_body, INK_QUIET);
    } else {
        y = draw_scale(&b);
        for (size_t i = 0; i < n; i++)
            y = draw_row(&b, rows[i], y);
    }
    scene_size(b.scene, b.width, y + MARGIN);
    if (scene_failed(b.scene))
        return err_memory(err);
    *ret = b.scene;
    return VG_OK;
}
