/* The sheet of one client's progress. Declared in view/progress_sheet.h. */
#include "view/progress_sheet.h"

#include "base/lang.h"
#include "view/theme.h"

#include <math.h>

#define EDGE            48.0 /* of the sheet to what is on it */
#define INNER           (SHEET_WIDTH - 2 * EDGE)
#define GAP             26.0 /* between two sections */
#define CURVE           112.0
#define MOST_OBJECTIVES 8
#define MOST_MILESTONES 20

struct drawing {
    struct arena *arena;
    struct scene *scene;
    const struct progress_sheet *sheet;
    double y;
};

static void label(struct drawing *d, const char *text)
{
    d->y += scene_words(d->scene, EDGE, d->y, INNER, text, &type_label, INK_QUIET) + 8;
}

static const char *date(struct drawing *d, int64_t at_us)
{
    const char *text = at_us == INT64_MIN ? "" : text_date(d->arena, at_us);
    return text ? text : "";
}

/* ---- who, and on what way ---- */

static void draw_head(struct drawing *d)
{
    const struct progress_sheet *sheet = d->sheet;
    bool arrived = sheet->arrived_us != INT64_MIN;
    const char *dates = arena_printf(
        d->arena, arrived ? _("from %s to %s") : _("since %s, as of %s"),
        date(d, sheet->start_us), date(d, arrived ? sheet->arrived_us : sheet->today_us));
    scene_box(d->scene, (struct rect){18, 18, SHEET_WIDTH - 36, 6}, 3,
              (struct paint){.fill = arrived ? INK_GOOD : INK_EVIDENCE});
    d->y = 52;
    d->y +=
        scene_words(d->scene, EDGE, d->y, INNER, sheet->title, &type_label, INK_QUIET);
    d->y += 6;
    struct text_block name =
        text_break(d->arena, sheet->customer, &type_title, INNER - 60, 2);
    scene_text(d->scene, EDGE, d->y, TEXT_START, &name, INK_TEXT);
    if (arrived)
        draw_star(d->scene, (struct point){SHEET_WIDTH - EDGE - 18, d->y + 18}, 18,
                  INK_STAR);
    d->y += name.height + 2;
    d->y += scene_words(d->scene, EDGE, d->y, INNER, dates ? dates : "", &type_body,
                        INK_QUIET);
    d->y += GAP;
}

/* ---- start, today, arrival ---- */

struct station {
    const char *label, *text;
    unsigned ground, edge, ink;
};

static double draw_station(struct drawing *d, const struct station *station, double x,
                           double width, double high)
{
    double y = d->y + 12;
    if (high > 0)
        scene_box(d->scene, (struct rect){x, d->y, width, high}, 10,
                  (struct paint){.fill = station->ground, .stroke = station->edge});
    struct text_block head =
        text_break(d->arena, station->label, &type_label, width - 28, 1);
    struct text_block text =
        text_break(d->arena, station->text, &type_body, width - 28, 6);
    if (high > 0) {
        scene_text(d->scene, x + 14, y, TEXT_START, &head, station->ink);
        scene_text(d->scene, x + 14, y + head.height + 4, TEXT_START, &text, INK_TEXT);
    }
    return head.height + text.height + 4 + 24;
}

static void draw_way(struct drawing *d)
{
    const struct progress_sheet *sheet = d->sheet;
    const struct station stations[] = {
        {_c("a path", "START"), sheet->start, INK_CARD, INK_LINE, INK_QUIET},
        {_c("a path", "TODAY"), sheet->today, INK_CARD, INK_EVIDENCE, INK_EVIDENCE},
        {_c("a path", "ARRIVAL"), sheet->arrival, INK_GOOD_SOFT, INK_GOOD_LINE,
         INK_GOOD}};
    double space = 30, width = (INNER - 2 * space) / 3, high = 0;
    for (size_t i = 0; i < 3; i++)
        high = fmax(high, draw_station(d, &stations[i], 0, width, 0));
    for (size_t i = 0; i < 3; i++) {
        double x = EDGE + (double)i * (width + space), middle = d->y + high / 2;
        draw_station(d, &stations[i], x, width, high);
        if (i == 2)
            continue;
        double from = x + width + 7, to = x + width + space - 7;
        struct paint line = {.stroke = INK_QUIET, .width = 1.5, .round = true};
        scene_line(d->scene, (struct point){from, middle}, (struct point){to, middle},
                   line);
        scene_line(d->scene, (struct point){to - 5, middle - 4},
                   (struct point){to, middle}, line);
        scene_line(d->scene, (struct point){to - 5, middle + 4},
                   (struct point){to, middle}, line);
    }
    d->y += high + GAP;
}

/* ---- milestones ---- */

static void draw_tick(struct drawing *d, struct point at)
{
    struct path tick = {0};
    path_move(&tick, (struct point){at.x - 4.5, at.y});
    path_line(&tick, (struct point){at.x - 1.3, at.y + 3.4});
    path_line(&tick, (struct point){at.x + 4.6, at.y - 3.6});
    scene_path(d->scene, &tick,
               (struct paint){.stroke = INK_ON_FILL, .width = 2, .round = true});
}

static void draw_dot(struct drawing *d, const struct sheet_milestone *milestone,
                     struct point at)
{
    if (milestone->behind) {
        scene_circle(d->scene, at, 9.5, (struct paint){.fill = INK_GOOD_FILL});
        draw_tick(d, at);
        return;
    }
    scene_circle(d->scene, at, 9,
                 (struct paint){.fill = INK_CARD,
                                .stroke = milestone->here ? INK_EVIDENCE : INK_LINE,
                                .width = 2});
    if (milestone->here)
        scene_circle(d->scene, at, 4, (struct paint){.fill = INK_EVIDENCE});
}

/* The line between two dots is drawn by the lower one, up to `above`. */
static void draw_milestone(struct drawing *d, const struct sheet_milestone *milestone,
                           double above)
{
    double x = EDGE + 10, right = 150;
    struct text_block when =
        text_break(d->arena, date(d, milestone->passed_us), &type_small, right, 1);
    struct text_block phase =
        text_break(d->arena, milestone->phase, &type_strong, INNER - 34 - right, 2);
    struct text_block text =
        text_break(d->arena, milestone->text, &type_body, INNER - 34 - right, 3);
    if (above > 0)
        scene_line(d->scene, (struct point){x, above + 12}, (struct point){x, d->y - 3},
                   (struct paint){.stroke = milestone->behind ? INK_GOOD_LINE : INK_LINE,
                                  .width = 2});
    draw_dot(d, milestone, (struct point){x, d->y + 9});
    scene_text(d->scene, EDGE + 34, d->y, TEXT_START, &phase,
               milestone->behind || milestone->here ? INK_TEXT : INK_QUIET);
    scene_text(d->scene, SHEET_WIDTH - EDGE, d->y + 1, TEXT_END, &when, INK_GOOD);
    scene_text(d->scene, EDGE + 34, d->y + phase.height, TEXT_START, &text,
               milestone->behind || milestone->here ? INK_TEXT : INK_QUIET);
    d->y += phase.height + text.height + 12;
}

static void draw_milestones(struct drawing *d)
{
    const struct progress_sheet *sheet = d->sheet;
    double above = 0;
    if (!sheet->milestone_count)
        return;
    label(d, _c("a path", "MILESTONES"));
    for (size_t i = 0; i < sheet->milestone_count && i < MOST_MILESTONES; i++) {
        double here = d->y + 9;
        draw_milestone(d, &sheet->milestones[i], above);
        above = here;
    }
    d->y += GAP - 12;
}

/* ---- objectives ---- */

static const char *number(struct drawing *d, double value)
{
    if (isnan(value))
        return "–";
    const char *text = text_number(d->arena, value, value == nearbyint(value) ? 0 : 1);
    return text ? text : "";
}

static void draw_objective(struct drawing *d, const struct sheet_objective *objective)
{
    double right = 230, width = INNER - right;
    struct text_block name =
        text_break(d->arena, objective->name, &type_body, width - 16, 2);
    const char *values =
        arena_printf(d->arena, _c("an objective", "%s → %s, target %s %s"),
                     number(d, objective->baseline), number(d, objective->now),
                     number(d, objective->target), objective->unit);
    struct text_block said =
        text_break(d->arena, values ? values : "", &type_small_strong, right, 1);
    double share = isnan(objective->attained) ? 0 : objective->attained;
    scene_text(d->scene, EDGE, d->y, TEXT_START, &name, INK_TEXT);
    scene_text(d->scene, SHEET_WIDTH - EDGE, d->y + 1, TEXT_END, &said, INK_TEXT);
    d->y += name.height + 5;
    scene_box(d->scene, (struct rect){EDGE, d->y, INNER, 8}, 4,
              (struct paint){.fill = INK_SOFT});
    if (share > 0)
        scene_box(d->scene, (struct rect){EDGE, d->y, fmax(8, share * INNER), 8}, 4,
                  (struct paint){.fill = share >= 1 ? INK_GOOD_FILL : INK_EVIDENCE});
    d->y += 8 + 14;
}

static void draw_objectives(struct drawing *d)
{
    if (!d->sheet->objective_count)
        return;
    label(d, _c("a path", "WHAT I WANT TO REACH"));
    for (size_t i = 0; i < d->sheet->objective_count && i < MOST_OBJECTIVES; i++)
        draw_objective(d, &d->sheet->objectives[i]);
    d->y += GAP - 14;
}

/* ---- feelings ---- */

static struct point feeling_at(const struct drawing *d, double y, size_t i)
{
    const struct sheet_feeling *all = d->sheet->feelings;
    int64_t from_us = all[0].at_us, to_us = all[d->sheet->feeling_count - 1].at_us;
    double share = to_us > from_us
                       ? (double)(all[i].at_us - from_us) / (double)(to_us - from_us)
                       : 0.5;
    return (struct point){EDGE + 40 + share * (INNER - 60),
                          y + (2 - all[i].valence) / 4 * CURVE};
}

/* One point for each moment: what was felt at the same time is their mean. */
static size_t curve_points(const struct drawing *d, double y, struct point *ret)
{
    size_t count = 0, same = 0;
    for (size_t i = 0; i < d->sheet->feeling_count; i++) {
        struct point at = feeling_at(d, y, i);
        if (count && at.x - ret[count - 1].x < 0.5) {
            ret[count - 1].y += (at.y - ret[count - 1].y) / (double)(++same + 1);
            continue;
        }
        same = 0;
        ret[count++] = at;
    }
    return count;
}

static void draw_scale(struct drawing *d)
{
    for (int valence = 2; valence >= -2; valence--) {
        double y = d->y + (2 - valence) / 4.0 * CURVE;
        scene_line(d->scene, (struct point){EDGE + 30, y},
                   (struct point){SHEET_WIDTH - EDGE, y},
                   (struct paint){.stroke = INK_LINE, .dash = valence ? "2 4" : NULL});
        if (valence % 2 == 0)
            draw_face(d->scene, (struct point){EDGE + 11, y}, 9, valence);
    }
}

static void draw_feelings(struct drawing *d)
{
    const struct progress_sheet *sheet = d->sheet;
    struct path curve = {0};
    if (sheet->feeling_count < 2)
        return;
    struct point *points = arena_array(d->arena, struct point, sheet->feeling_count);
    label(d, _c("a path", "HOW I FELT"));
    d->y += 6;
    draw_scale(d);
    size_t count = points ? curve_points(d, d->y, points) : 0;
    curve_add(&curve, points, count);
    scene_path(d->scene, &curve,
               (struct paint){.stroke = INK_EVIDENCE, .width = 2, .round = true});
    for (size_t i = 0; i < count; i++)
        scene_circle(
            d->scene, points[i], 3.2,
            (struct paint){.fill = INK_CARD, .stroke = INK_EVIDENCE, .width = 1.6});
    d->y += CURVE + 8;
    struct text_block first =
        text_break(d->arena, date(d, sheet->feelings[0].at_us), &type_small, 0, 1);
    struct text_block last =
        text_break(d->arena, date(d, sheet->feelings[sheet->feeling_count - 1].at_us),
                   &type_small, 0, 1);
    scene_text(d->scene, EDGE + 30, d->y, TEXT_START, &first, INK_QUIET);
    scene_text(d->scene, SHEET_WIDTH - EDGE, d->y, TEXT_END, &last, INK_QUIET);
    d->y += last.height + GAP;
}

/* ---- what comes next ---- */

static double draw_next_words(struct drawing *d, double y)
{
    const struct progress_sheet *sheet = d->sheet;
    double from = y;
    y += scene_words(d->scene, EDGE + 18, y, INNER - 36, _c("a path", "MY NEXT STEP"),
                     &type_label, INK_EVIDENCE) +
         4;
    struct text_block next =
        text_break(d->arena, sheet->next, &type_heading, INNER - 36, 3);
    scene_text(d->scene, EDGE + 18, y, TEXT_START, &next, INK_TEXT);
    y += next.height + 4;
    for (size_t i = 0; i < sheet->next_goal_count && i < 6; i++) {
        struct text_block goal =
            text_break(d->arena, sheet->next_goals[i], &type_body, INNER - 54, 2);
        scene_circle(d->scene, (struct point){EDGE + 22, y + 9}, 2,
                     (struct paint){.fill = INK_QUIET});
        scene_text(d->scene, EDGE + 32, y, TEXT_START, &goal, INK_TEXT);
        y += goal.height + 2;
    }
    return y - from;
}

static void draw_next(struct drawing *d)
{
    if (!d->sheet->next || !d->sheet->next[0])
        return;
    scene_mute(d->scene, true);
    double high = draw_next_words(d, 0) + 30;
    scene_mute(d->scene, false);
    scene_box(d->scene, (struct rect){EDGE, d->y, INNER, high}, 12,
              (struct paint){.fill = INK_SOFT});
    draw_next_words(d, d->y + 14);
    d->y += high + GAP;
}

/* ---- the sheet ---- */

static void draw_frame(struct drawing *d)
{
    double high = fmax(SHEET_HEIGHT, d->y + EDGE);
    scene_line(d->scene, (struct point){EDGE, high - EDGE},
               (struct point){SHEET_WIDTH - EDGE, high - EDGE},
               (struct paint){.stroke = INK_LINE});
    struct text_block title =
        text_break(d->arena, d->sheet->title, &type_small, INNER - 160, 1);
    struct text_block today =
        text_break(d->arena, date(d, d->sheet->today_us), &type_small, 0, 1);
    scene_text(d->scene, EDGE, high - EDGE + 8, TEXT_START, &title, INK_QUIET);
    scene_text(d->scene, SHEET_WIDTH - EDGE, high - EDGE + 8, TEXT_END, &today,
               INK_QUIET);
    scene_size(d->scene, SHEET_WIDTH, high);
}

enum vg_code progress_sheet_draw(struct arena *arena, const struct progress_sheet *sheet,
                                 struct scene **ret, struct vg_err *err)
{
    struct drawing d = {arena, scene_new(arena, &view_theme, "sheet"), sheet, 0};
    const char *what = arena_printf(arena, _("The path of %s"), sheet->customer);
    if (!d.scene || !what)
        return err_memory(err);
    scene_title(d.scene, "graphics-document", what, sheet->title);
    scene_ground(d.scene, INK_PAPER);
    draw_head(&d);
    draw_way(&d);
    draw_milestones(&d);
    draw_objectives(&d);
    draw_feelings(&d);
    draw_next(&d);
    draw_frame(&d);
    if (scene_failed(d.scene))
        return err_memory(err);
    *ret = d.scene;
    return VG_OK;
}
