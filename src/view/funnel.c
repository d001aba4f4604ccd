/* The funnel as a picture: columns side by side where there is room, rows where there is
 * not. Of each step's customers the filled part moved on (its paler part by another way
 * than the map's), the pale part is still travelling, the hatched part is lost. Declared
 * in view/charts.h. */
#include "base/lang.h"
#include "view/charts.h"
#include "view/theme.h"
#include "view/words.h"

#include <math.h>

#define COLUMN_LEAST 74.0
#define COLUMN_MOST  112.0
#define COLUMN_GAP   12.0
#define COLUMN_HIGH  190.0
#define MARGIN       4.0
#define ROW_BAR      16.0

static const struct text_style share_style = {
    .size = 15, .face = FACE_BOLD, .leading = 20, .tabular = true};
static const struct text_style note_style = {.size = 11.5, .leading = 15.5};
static const struct text_style lost_style = {
    .size = 12, .face = FACE_SEMIBOLD, .leading = 16};

/* What is written about a step. count 0: nothing. */
struct words {
    struct text_block share, title, lost, interval, travelling, elsewhere;
};
struct funnelling {
    struct arena *arena;
    struct scene *scene;
    const struct vg_funnel *funnel;
    const struct vg_map *map;
    double width;
    uint64_t most;
    bool elsewhere; /* somebody moved on by another way */
};

#define ELSEWHERE_SHOWN 0.02 /* of those at the step: less is not worth a word */

static double share_of(const struct funnelling *f, uint64_t n)
{
    return f->most ? (double)n / (double)f->most : 0;
}

static struct words words_of(const struct funnelling *f, size_t i, double width)
{
    const struct vg_funnel_step *step = &f->funnel->steps[i];
    struct arena *a = f->arena;
    struct words w = {0};
    w.share = text_break(a, text_share(a, share_of(f, step->reached), 0), &share_style,
                         width, 1);
    w.title = text_break(a, step->activity, &type_strong, width, 4);
    if (step->unseen || step->optional)
        w.travelling = text_break(a, step->unseen ? _("never seen") : _("optional"),
                                  &note_style, width, 2);
    if (step->lost) {
        const char *share = text_share(a, step->lost_share, 0);
        w.lost = text_break(a, arena_printf(a, _("%s lost"), share ? share : ""),
                            &lost_style, width, 2);
        const char *range = text_share_range(a, step->lost_low, step->lost_high);
        w.interval = text_break(a, arena_printf(a, "(%s)", range ? range : ""),
                                &note_style, width, 2);
    }
    if (step->travelling) {
        const char *count = text_count(a, step->travelling);
        w.travelling =
            text_break(a, arena_printf(a, _("%s travelling"), count ? count : ""),
                       &note_style, width, 2);
    }
    if (step->reached &&
        (double)step->elsewhere >= ELSEWHERE_SHOWN * (double)step->reached) {
        const char *count = text_count(a, step->elsewhere);
        w.elsewhere =
            text_break(a, arena_printf(a, _("%s by another way"), count ? count : ""),
                       &note_style, width, 2);
    }
    return w;
}

static const char *step_title(const struct funnelling *f, const struct vg_funnel_step *s)
{
    struct arena *a = f->arena;
    return arena_printf(a, _("%s: %s reached it; %s moved on, %s lost, %s travelling"),
                        s->activity, text_count(a, s->reached),
                        text_count(a, s->moved_on), text_count(a, s->lost),
                        text_count(a, s->travelling));
}

static unsigned strip_ink(const struct funnelling *f, size_t i)
{
    if (!f->map || i >= f->map->step_count)
        return INK_LINE;
    return ink_phase(f->map->steps[i].phase);
}

static const struct paint moved_paint = {.fill = INK_EVIDENCE};
static const struct paint elsewhere_paint = {.fill = INK_EVIDENCE, .fill_alpha = 0.7};
static const struct paint travelling_paint = {.fill = INK_EVIDENCE,
                                              .fill_alpha = 0.25,
                                              .stroke = INK_EVIDENCE,
                                              .stroke_alpha = 0.5};
static const struct paint lost_paint = {
    .fill = INK_LOST_SOFT, .hatch = INK_LOST, .stroke = INK_LOST, .stroke_alpha = 0.5};

/* ---- columns ---- */

/* What has become of those who reached a step, in the order they are drawn in. */
struct bar_part {
    uint64_t n;
    const struct paint *paint;
};
enum { BAR_PARTS = 4 };
static void bar_parts(const struct vg_funnel_step *step, struct bar_part *ret)
{
    ret[0] = (struct bar_part){step->moved_on - step->elsewhere, &moved_paint};
    ret[1] = (struct bar_part){step->elsewhere, &elsewhere_paint};
    ret[2] = (struct bar_part){step->travelling, &travelling_paint};
    ret[3] = (struct bar_part){step->lost, &lost_paint};
}

static void draw_bar(const struct funnelling *f, size_t i, double x, double width,
                     double base)
{
    const struct vg_funnel_step *step = &f->funnel->steps[i];
    double unit = f->most ? COLUMN_HIGH / (double)f->most : 0;
    struct bar_part parts[BAR_PARTS];
    bar_parts(step, parts);
    double y = base;
    for (size_t k = 0; k < BAR_PARTS; k++) {
        double high = (double)parts[k].n * unit;
        if (parts[k].n == 0)
            continue;
        high = fmax(high, 1.5);
        scene_box(f->scene, (struct rect){x, y - high, width, high}, fmin(3, high / 2),
                  *parts[k].paint);
        y -= high;
    }
    if (step->reached == 0)
        scene_box(f->scene, (struct rect){x, base - 1.5, width, 1.5}, 0,
                  (struct paint){.fill = INK_LINE});
    scene_box(f->scene, (struct rect){x, base + 3, width, 3}, 1.5,
              (struct paint){.fill = strip_ink(f, i)});
}

static double tallest(double a, const struct text_block *block)
{
    return fmax(a, block->count ? block->height : 0);
}

static enum vg_code draw_columns(struct funnelling *f, double *ret_y, struct vg_err *err)
{
    size_t n = f->funnel->step_count;
    struct words *words = arena_array(f->arena, struct words, n);
    if (!words)
        return err_memory(err);
    double column =
        fmin(COLUMN_MOST, (f->width - 2 * MARGIN + COLUMN_GAP) / (double)n - COLUMN_GAP);
    double title = 0, lost = 0, interval = 0, travelling = 0, elsewhere = 0;
    for (size_t i = 0; i < n; i++) {
        words[i] = words_of(f, i, column);
        title = tallest(title, &words[i].title);
        lost = tallest(lost, &words[i].lost);
        interval = tallest(interval, &words[i].interval);
        travelling = tallest(travelling, &words[i].travelling);
        elsewhere = tallest(elsewhere, &words[i].elsewhere);
    }
    double base = MARGIN + COLUMN_HIGH, y_share = base + 12,
           y_title = y_share + share_style.leading + 1, y_lost = y_title + title + 6,
           y_interval = y_lost + lost, y_travelling = y_interval + interval + 2,
           y_elsewhere = y_travelling + travelling, end = y_elsewhere + elsewhere;
    for (size_t i = 0; i < n; i++) {
        const struct words *w = &words[i];
        double x = MARGIN + (double)i * (column + COLUMN_GAP);
        struct rect holds = {x, 0, column, end};
        scene_group(f->scene,
                    &(struct scene_group){.class = "step",
                                          .title = step_title(f, &f->funnel->steps[i]),
                                          .holds = &holds});
        draw_bar(f, i, x, column, base);
        scene_text(f->scene, x, y_share, TEXT_START, &w->share, INK_TEXT);
        scene_text(f->scene, x, y_title, TEXT_START, &w->title, INK_TEXT);
        if (w->lost.count) {
            scene_text(f->scene, x, y_lost, TEXT_START, &w->lost, INK_LOST);
            scene_text(f->scene, x, y_interval, TEXT_START, &w->interval, INK_QUIET);
        }
        if (w->travelling.count)
            scene_text(f->scene, x, y_travelling, TEXT_START, &w->travelling, INK_QUIET);
        if (w->elsewhere.count)
            scene_text(f->scene, x, y_elsewhere, TEXT_START, &w->elsewhere, INK_QUIET);
        scene_end(f->scene);
    }
    *ret_y = end + MARGIN;
    return VG_OK;
}

/* ---- rows ---- */

static void draw_row_bar(const struct funnelling *f, size_t i, double y)
{
    const struct vg_funnel_step *step = &f->funnel->steps[i];
    double whole = f->width - 2 * MARGIN, x = MARGIN;
    double unit = f->most ? whole / (double)f->most : 0;
    struct bar_part parts[BAR_PARTS];
    bar_parts(step, parts);
    scene_box(f->scene, (struct rect){MARGIN, y, whole, ROW_BAR}, 3,
              (struct paint){.fill = INK_SOFT});
    for (size_t k = 0; k < BAR_PARTS; k++) {
        double wide = (double)parts[k].n * unit;
        if (parts[k].n == 0)
            continue;
        wide = fmax(wide, 1.5);
        scene_box(f->scene, (struct rect){x, y, wide, ROW_BAR}, fmin(3, wide / 2),
                  *parts[k].paint);
        x += wide;
    }
}

static double draw_row(const struct funnelling *f, size_t i, double y)
{
    double whole = f->width - 2 * MARGIN;
    struct words w = words_of(f, i, whole);
    double title_width = whole - 64;
    w.title =
        text_break(f->arena, f->funnel->steps[i].activity, &type_strong, title_width, 3);
    scene_group(f->scene,
                &(struct scene_group){.class = "step",
                                      .title = step_title(f, &f->funnel->steps[i])});
    scene_text(f->scene, MARGIN, y + 1, TEXT_START, &w.title, INK_TEXT);
    scene_text(f->scene, MARGIN + whole, y - 1, TEXT_END, &w.share, INK_TEXT);
    y += fmax(w.title.height, w.share.height) + 3;
    draw_row_bar(f, i, y);
    y += ROW_BAR + 3;
    double x = MARGIN, line = 0;
    const struct {
        const struct text_block *block;
        unsigned ink;
    } notes[] = {{&w.lost, INK_LOST},
                 {&w.interval, INK_QUIET},
                 {&w.travelling, INK_QUIET},
                 {&w.elsewhere, INK_QUIET}};
    for (size_t k = 0; k < COUNT_OF(notes); k++) {
        if (!notes[k].block->count)
            continue;
        if (x > MARGIN && x + notes[k].block->width > MARGIN + whole) {
            x = MARGIN;
            y += line + 1;
        }
        scene_text(f->scene, x, y, TEXT_START, notes[k].block, notes[k].ink);
        line = fmax(line, notes[k].block->height);
        x += notes[k].block->width + 8;
    }
    scene_end(f->scene);
    return y + line + 11;
}

/* ---- both ---- */

static double draw_legend(const struct funnelling *f, double y)
{
    const struct {
        const struct paint *paint;
        const char *text;
        bool shown;
    } items[] = {{&moved_paint, _("moved on"), true},
                 {&elsewhere_paint, _("by another way than the map’s"), f->elsewhere},
                 {&travelling_paint, _("still travelling"), true},
                 {&lost_paint, _("lost"), true}};
    double x = MARGIN;
    y += 8;
    for (size_t k = 0; k < COUNT_OF(items); k++) {
        if (!items[k].shown)
            continue;
        struct text_block block = text_break(f->arena, items[k].text, &note_style, 0, 1);
        if (x > MARGIN && x + 22 + block.width > f->width - MARGIN) {
            x = MARGIN;
            y += note_style.leading + 3;
        }
        scene_box(f->scene, (struct rect){x, y + 2, 16, 11}, 2.5, *items[k].paint);
        scene_text(f->scene, x + 22, y, TEXT_START, &block, INK_QUIET);
        x += 22 + block.width + 20;
    }
    return y + note_style.leading + MARGIN;
}

static const char *describe(const struct funnelling *f)
{
    const struct vg_funnel *funnel = f->funnel;
    if (funnel->step_count == 0)
        return "";
    return arena_printf(f->arena, _("Of %s customers, %s go all the way."),
                        text_count(f->arena, funnel->trace_count),
                        text_count(f->arena, funnel->arrived));
}

enum vg_code funnel_draw(struct arena *arena, const struct vg_funnel *funnel,
                         const struct vg_map *map, const struct chart_options *options,
                         struct scene **ret, struct vg_err *err)
{
    struct funnelling f = {.arena = arena, .funnel = funnel, .map = map, .width = 960};
    if (options && options->width > 0)
        f.width = fmax(options->width, 200);
    f.scene =
        scene_new(arena, &view_theme, options && options->id ? options->id : "funnel");
    if (!f.scene)
        return err_memory(err);
    size_t n = funnel->step_count;
    bool seen = false;
    for (size_t i = 0; i < n; i++) {
        seen |= funnel->steps[i].reached > 0;
        f.elsewhere |= funnel->steps[i].elsewhere > 0;
        if (funnel->steps[i].reached > f.most)
            f.most = funnel->steps[i].reached;
    }
    if (seen && funnel->trace_count > f.most) /* shares are of all customers */
        f.most = funnel->trace_count;
    scene_title(f.scene, "img", _("Who arrives, who is lost, who is still travelling"),
                describe(&f));
    enum vg_code code = VG_OK;
    double y = MARGIN;
    if (f.most == 0) {
        double h = scene_words(f.scene, MARGIN, MARGIN, f.width - 2 * MARGIN,
                               _("No customer was seen at any of these steps."),
                               &type_body, INK_QUIET);
        scene_size(f.scene, f.width, h + 2 * MARGIN);
    } else if ((f.width - 2 * MARGIN) / (double)n >= COLUMN_LEAST + COLUMN_GAP) {
        code = draw_columns(&f, &y, err);
    } else {
        for (size_t i = 0; i < n; i++)
            y = draw_row(&f, i, y);
    }
    if (code != VG_OK)
        return code;
    if (f.most > 0)
        scene_size(f.scene, f.width, draw_legend(&f, y));
    if (scene_failed(f.scene))
        return err_memory(err);
    *ret = f.scene;
    return VG_OK;
}
