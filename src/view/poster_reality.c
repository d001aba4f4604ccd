/* The reality lane: who gets to a step, after how long, who is lost, who took a shortcut.
 */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

#define BAR_H           12.0
#define LOSS_SHOWN      0.005 /* below, a loss is not worth a word … */
#define ELSEWHERE_SHOWN 0.05
#define LOSS_STRONG     0.10 /* … and from here on it is said in red */
#define SHORTCUT_SHOWN  0.05
#define SHORTCUT_FEW    10 /* customers: fewer are not worth a word */
#define SHORTCUTS_MOST  2

/* Of all customers: who moved on solid (paler: elsewhere), who is still travelling pale,
 * who is lost hatched. */
static void bar(struct poster *p, const struct vg_funnel_step *s, double x, double y,
                double width)
{
    double all = (double)(poster_customers(p) ? poster_customers(p) : 1);
    struct rect whole = {x, y, width, BAR_H};
    double reached = fmin((double)s->reached / all, 1) * width;
    double on = fmin((double)(s->moved_on - s->elsewhere) / all, 1) * width;
    double elsewhere = fmin((double)s->elsewhere / all, 1) * width;
    double lost = fmin((double)s->lost / all, 1) * width;
    scene_group(p->scene,
                &(struct scene_group){.clip = &whole, .clip_radius = BAR_H / 2});
    scene_box(p->scene, whole, 0, (struct paint){.fill = INK_SOFT});
    scene_box(p->scene, (struct rect){x, y, reached, BAR_H}, 0,
              (struct paint){.fill = INK_EVIDENCE, .fill_alpha = 0.4});
    if (on > 0)
        scene_box(p->scene, (struct rect){x, y, on, BAR_H}, 0,
                  (struct paint){.fill = INK_EVIDENCE});
    if (elsewhere > 0)
        scene_box(p->scene, (struct rect){x + on, y, elsewhere, BAR_H}, 0,
                  (struct paint){.fill = INK_EVIDENCE, .fill_alpha = 0.7});
    if (lost > 0)
        scene_box(p->scene, (struct rect){x + reached - lost, y, lost, BAR_H}, 0,
                  (struct paint){.fill = INK_LOST_SOFT, .hatch = INK_LOST});
    scene_end(p->scene);
}

static const struct text_style type_reached = {
    .size = 14, .face = FACE_BOLD, .leading = 19};

/* "83%  after 2 days" on one line, or below each other where that is too long. */
static double reached(struct poster *p, size_t step, const struct vg_funnel_step *s,
                      double x, double y, double width)
{
    double all = (double)(poster_customers(p) ? poster_customers(p) : 1);
    const char *share = text_share(p->arena, (double)s->reached / all, 0);
    struct text_block figure = text_break(p->arena, share, &type_reached, 0, 1);
    scene_text(p->scene, x, y, TEXT_START, &figure, INK_TEXT);
    double seconds = poster_time_before(p, step);
    if (!isfinite(seconds))
        return figure.height;
    const char *time =
        arena_printf(p->arena, _("after %s"), text_duration(p->arena, seconds));
    struct text_block after = text_break(p->arena, time, &type_small, width, 0);
    double beside = x + figure.width + 9;
    if (after.count == 1 && beside + after.width <= x + width) {
        scene_text(p->scene, beside, y + 3, TEXT_START, &after, INK_QUIET);
        return figure.height;
    }
    scene_text(p->scene, x, y + figure.height, TEXT_START, &after, INK_QUIET);
    return figure.height + after.height;
}

/* "14% are lost" in red, with the interval and of how many below it. */
static double strong_loss(struct poster *p, const struct vg_funnel_step *s, double x,
                          double y, double width)
{
    const char *lost = arena_printf(p->arena, _("then %s are lost"),
                                    text_share(p->arena, s->lost_share, 0));
    struct chip chip = {.text = text_agreed(p->arena, lost),
                        .ink = INK_LOST,
                        .ground = INK_LOST_SOFT,
                        .strong = true};
    double h = 6 + chip_draw(p->scene, &chip, x - 1, y + 6, width).h;
    const char *low = text_number(p->arena, s->lost_low * 100, 0);
    const char *high = text_share(p->arena, s->lost_high, 0);
    const char *of = text_count(p->arena, s->reached);
    const char *sure = low && high && of
                           ? arena_printf(p->arena, _("%s–%s, of %s"), low, high, of)
                           : NULL;
    return h + 2 + poster_words(p, x, y + h + 2, width, sure, &type_small, INK_QUIET);
}

/* What is small is said quietly: "3% lost, 2% still travelling"; and what is no loss. */
static double quiet_words(struct poster *p, const struct vg_funnel_step *s, bool loss,
                          double x, double y, double width)
{
    const char *words[3];
    size_t count = 0;
    double past = s->reached ? (double)s->elsewhere / (double)s->reached : 0;
    double way = s->reached ? (double)s->travelling / (double)s->reached : 0;
    if (loss && s->lost > 0 && s->lost_share >= LOSS_SHOWN)
        words[count++] =
            arena_printf(p->arena, _("%s lost"), text_share(p->arena, s->lost_share, 0));
    if (s->travelling > 0)
        words[count++] = arena_printf(p->arena, _("%s still travelling"),
                                      text_share(p->arena, way, 0));
    if (past >= ELSEWHERE_SHOWN)
        words[count++] = arena_printf(p->arena, _("%s go on by another way"),
                                      text_share(p->arena, past, 0));
    if (count == 0 || !words[0] || !words[count - 1])
        return 0;
    return 2 +
           poster_words(p, x, y + 2, width,
                        poster_join(p->arena, &(struct map_texts){words, count}, ", "),
                        &type_small, INK_QUIET);
}

static double losses(struct poster *p, const struct vg_funnel_step *s, double x, double y,
                     double width)
{
    bool strong = s->lost > 0 && s->lost_share >= LOSS_STRONG;
    double h = strong ? strong_loss(p, s, x, y, width) : 0;
    return h + quiet_words(p, s, !strong, x, y + h, width);
}

static bool shortcut_here(const struct poster *p, const struct vg_shortcut *cut,
                          size_t step)
{
    const char *id = p->map->steps[step].id;
    if (poster_has(cut->from))
        return strcmp(cut->from, id) == 0;
    return step == 0;
}

/* Only what stands in place of something the map knows is a shortcut: its share is of the
 * times one of the two was taken. Anything else is a thing the map does not list. */
static const char *shortcut_words(struct poster *p, const struct vg_shortcut *cut)
{
    bool instead = poster_has(cut->instead_of);
    const char *what = poster_has(cut->actor)
                           ? arena_printf(p->arena, "%s (%s)", cut->activity, cut->actor)
                           : cut->activity;
    const char *share =
        text_share(p->arena, instead ? cut->instead_share : cut->share, 0);
    const char *n = text_count(p->arena, instead ? cut->taken : cut->traces);
    if (!share || !n || !what)
        return NULL;
    return instead
               ? arena_printf(p->arena, _("shortcut, %s of the times (%s): %s"), share, n,
                              what)
               : arena_printf(p->arena, _("not on the map, %s (%s): %s"), share, n, what);
}

static double shortcuts(struct poster *p, size_t step, double x, double y, double width)
{
    const struct vg_align *align = &p->study->align;
    double at = y;
    size_t shown = 0;
    for (size_t i = 0; i < align->shortcut_count && shown < SHORTCUTS_MOST; i++) {
        const struct vg_shortcut *cut = &align->shortcuts[i];
        if (!shortcut_here(p, cut, step) || cut->traces < SHORTCUT_FEW ||
            !(cut->share >= SHORTCUT_SHOWN))
            continue;
        bool instead = poster_has(cut->instead_of);
        struct chip chip = {.text = shortcut_words(p, cut),
                            .ink = instead ? INK_WARNING : INK_TEXT,
                            .ground = instead ? INK_WARNING_SOFT : INK_SOFT,
                            .strong = instead};
        at += 6 + chip_draw(p->scene, &chip, x - 1, at + 6, width).h;
        shown++;
    }
    return at - y;
}

/* The numbers in a sentence: shown when the mouse rests on the cell, and read aloud. */
static const char *sentence(struct poster *p, size_t step, const struct vg_funnel_step *s)
{
    const char *reached = text_count(p->arena, s->reached);
    const char *all = text_count(p->arena, poster_customers(p));
    const char *on = text_count(p->arena, s->moved_on);
    const char *lost = text_count(p->arena, s->lost);
    const char *way = text_count(p->arena, s->travelling);
    if (!reached || !all || !on || !lost || !way)
        return NULL;
    return arena_printf(
        p->arena, _("%s: reached by %s of %s; %s moved on, %s lost, %s still travelling"),
        p->map->steps[step].title, reached, all, on, lost, way);
}

static double never_seen(struct poster *p, double x, double y, double width)
{
    struct rect whole = {x, y, width, BAR_H};
    scene_box(p->scene, whole, BAR_H / 2,
              (struct paint){.stroke = INK_QUIET, .dash = "3 3"});
    return BAR_H + 5 +
           poster_words(p, x, y + BAR_H + 5, width, _("never seen in the evidence"),
                        &type_small, INK_QUIET);
}

double cell_reality(struct poster *p, const struct poster_row *row, size_t step, double y)
{
    const struct vg_funnel_step *s = poster_funnel(p, step);
    const struct vg_align_step *align = poster_align(p, step);
    double x = column_x(row, step) + CELL_INSET, width = cell_width(row);
    bool seen = s && !s->unseen && (s->reached > 0 || (align && align->events > 0));
    if (!seen)
        return p->evidence ? never_seen(p, x, y, width)
                           : poster_words(p, x, y, width, _("no evidence yet"),
                                          &type_small, INK_QUIET);
    scene_group(p->scene,
                &(struct scene_group){.class = "reached", .title = sentence(p, step, s)});
    bar(p, s, x, y, width);
    double at = y + BAR_H + 5;
    at += reached(p, step, s, x, at, width);
    at += losses(p, s, x, at, width);
    scene_end(p->scene);
    at += shortcuts(p, step, x, at, width);
    return at - y;
}
