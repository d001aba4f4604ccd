/* The most travelled ways as rows of chips, coloured by the phase of the map they belong
 * to. Declared in view/charts.h. */
#include "base/lang.h"
#include "view/charts.h"
#include "view/theme.h"
#include "view/words.h"

#include <math.h>

#define MARGIN     4.0
#define SIDE_WIDTH 118.0
#define CHIP_GAP   4.0
#define ARROW      14.0
#define MOST_CHIPS 28

static const struct text_style share_style = {
    .size = 15, .face = FACE_BOLD, .leading = 20, .tabular = true};

struct varying {
    struct arena *arena;
    struct scene *scene;
    const struct vg_variants *variants;
    const struct vg_map *map;
    double width, chips_x, chips_width;
    bool beside; /* the share stands beside the chips, not above */
};

static struct chip chip_of(const struct varying *v, const char *activity, size_t times)
{
    size_t phase = phase_of_activity(v->map, activity);
    struct chip chip = {.text = activity, .ink = INK_TEXT, .ground = INK_SOFT};
    if (phase != SIZE_MAX) {
        chip.ink = ink_on_phase(phase);
        chip.ground = ink_phase(phase);
    }
    if (times > 1) {
        const char *text = arena_printf(v->arena, "%s ×%zu", activity, times);
        chip.text = text ? text : activity;
    }
    return chip;
}

static void draw_arrow(const struct varying *v, double x, double y)
{
    struct path path = {0};
    path_move(&path, (struct point){x + 3, y - 3.5});
    path_line(&path, (struct point){x + 7, y});
    path_line(&path, (struct point){x + 3, y + 3.5});
    scene_path(v->scene, &path,
               (struct paint){.stroke = INK_QUIET, .width = 1.4, .round = true});
}

/* The chips of one way, line by line; returns where they end below. */
static double draw_chips(const struct varying *v, const struct vg_variant *variant,
                         double y)
{
    double x = v->chips_x, line = 0;
    size_t drawn = 0;
    for (size_t i = 0; i < variant->activity_count;) {
        size_t times = 1;
        while (i + times < variant->activity_count &&
               strcmp(variant->activities[i + times], variant->activities[i]) == 0)
            times++;
        size_t left = variant->activity_count - i;
        bool rest = drawn == MOST_CHIPS && left > times;
        struct chip chip = chip_of(v, variant->activities[i], times);
        if (rest) {
            const char *more =
                arena_printf(v->arena, _n("and %s more", "and %s more", left),
                             text_count(v->arena, left));
            chip = (struct chip){
                .text = more ? more : "", .ink = INK_QUIET, .ground = INK_NONE};
        }
        struct rect size = chip_measure(v->arena, &chip, fmin(v->chips_width, 260));
        double before = drawn ? ARROW : 0;
        if (drawn && x + before + size.w > v->chips_x + v->chips_width) {
            x = v->chips_x;
            y += line + CHIP_GAP;
            line = 0;
        }
        if (drawn) {
            draw_arrow(v, x, y + size.h / 2);
            x += ARROW;
        }
        chip_draw(v->scene, &chip, x, y, fmin(v->chips_width - before, 260));
        x += size.w + CHIP_GAP - 2;
        line = fmax(line, size.h);
        drawn++;
        i += rest ? left : times;
    }
    return y + line;
}

static const char *row_title(const struct varying *v, const struct vg_variant *variant)
{
    struct buf out = {0};
    for (size_t i = 0; i < variant->activity_count && i < 60; i++)
        buf_printf(&out, "%s%s", i ? " → " : "", variant->activities[i]);
    const char *text = out.failed ? NULL : arena_text(v->arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static double draw_row(const struct varying *v, size_t i, double y)
{
    const struct vg_variant *variant = &v->variants->variants[i];
    double share = v->variants->trace_count
                       ? (double)variant->count / (double)v->variants->trace_count
                       : 0;
    double most = v->variants->trace_count ? (double)v->variants->variants[0].count /
                                                 (double)v->variants->trace_count
                                           : 1;
    struct text_block percent =
        text_break(v->arena, text_share(v->arena, share, 1), &share_style, 0, 1);
    const char *count =
        arena_printf(v->arena, _n("%s customer", "%s customers", variant->count),
                     text_count(v->arena, variant->count));
    struct text_block customers =
        text_break(v->arena, count ? count : "", &type_small, 0, 1);
    double bar = v->beside ? SIDE_WIDTH - 14 : v->width - 2 * MARGIN;
    if (i > 0)
        scene_line(v->scene, (struct point){MARGIN, y},
                   (struct point){v->width - MARGIN, y},
                   (struct paint){.stroke = INK_LINE});
    y += 9;
    scene_group(v->scene, &(struct scene_group){.class = "variant",
                                                .title = row_title(v, variant)});
    scene_text(v->scene, MARGIN, y, TEXT_START, &percent, INK_TEXT);
    double under = y + percent.height + 1;
    if (v->beside) {
        scene_text(v->scene, MARGIN, under, TEXT_START, &customers, INK_QUIET);
        under += customers.height + 4;
    } else {
        scene_text(v->scene, MARGIN + percent.width + 10, y + 4, TEXT_START, &customers,
                   INK_QUIET);
        under += 2;
    }
    scene_box(v->scene, (struct rect){MARGIN, under, bar, 6}, 3,
              (struct paint){.fill = INK_SOFT});
    scene_box(v->scene, (struct rect){MARGIN, under, fmax(bar * share / most, 3), 6}, 3,
              (struct paint){.fill = INK_EVIDENCE});
    double end = draw_chips(v, variant, v->beside ? y + 2 : under + 12);
    scene_end(v->scene);
    return fmax(end, under + 6) + 11;
}

static const char *describe(const struct varying *v, size_t top)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < top; i++)
        sum += v->variants->variants[i].count;
    double share =
        v->variants->trace_count ? (double)sum / (double)v->variants->trace_count : 0;
    return text_agreed(
        v->arena,
        arena_printf(v->arena,
                     _("%s different ways; the %s most travelled hold %s of customers."),
                     text_count(v->arena, v->variants->total), text_count(v->arena, top),
                     text_share(v->arena, share, 0)));
}

enum vg_code variants_draw(struct arena *arena, const struct vg_variants *variants,
                           const struct variants_options *options, struct scene **ret,
                           struct vg_err *err)
{
    static const struct variants_options plain = {.top = 8};
    const struct variants_options *o = options ? options : &plain;
    struct varying v = {.arena = arena,
                        .variants = variants,
                        .map = o->map,
                        .width = o->chart.width > 0 ? fmax(o->chart.width, 240) : 900};
    v.scene = scene_new(arena, &view_theme, o->chart.id ? o->chart.id : "variants");
    if (!v.scene)
        return err_memory(err);
    size_t top = o->top ? o->top : 8;
    if (top > variants->variant_count)
        top = variants->variant_count;
    v.beside = v.width >= 520;
    v.chips_x = MARGIN + (v.beside ? SIDE_WIDTH : 0);
    v.chips_width = v.width - MARGIN - v.chips_x;
    scene_title(v.scene, "img", _("The ways customers take"), describe(&v, top));
    double y = MARGIN;
    if (top == 0)
        y += scene_words(v.scene, MARGIN, y, v.width - 2 * MARGIN,
                         _("There is no evidence yet: no ways to show."), &type_body,
                         INK_QUIET);
    for (size_t i = 0; i < top; i++)
        y = draw_row(&v, i, y);
    scene_size(v.scene, v.width, y + MARGIN);
    if (scene_failed(v.scene))
        return err_memory(err);
    *ret = v.scene;
    return VG_OK;
}
