#include "view/plan.h"

#include "base/lang.h"
#include "view/theme.h"

#include <math.h>
#include <stdlib.h>

#define WIDE    1200.0
#define HIGH    848.0
#define MARGIN  30.0
#define GAP     16.0
#define FOOT    22.0
#define RADIUS  12.0
#define PAD     14.0
#define RESULTS 470.0 /* how wide the column of results is */

static const struct text_style type_page = {.size = 25, .face = FACE_BOLD, .leading = 30},
                               type_step = {
                                   .size = 10.5, .face = FACE_MEDIUM, .leading = 13};

struct plan {
    struct arena *arena;
    struct scene *scene;
    const struct study *study;
    const struct vg_map *map;
    double curve_high;
};

static double words(struct plan *p, double x, double y, double width, const char *text,
                    const struct text_style *style, unsigned ink, size_t lines)
{
    struct text_block block = text_break(p->arena, text ? text : "", style, width, lines);
    scene_text(p->scene, x, y, TEXT_START, &block, ink);
    return block.height;
}

static void card(struct plan *p, double x, double y, double width, double height)
{
    scene_box(p->scene, (struct rect){x, y, width, height}, RADIUS,
              (struct paint){.fill = INK_CARD, .stroke = INK_LINE});
}

static double heading(struct plan *p, double x, double y, double width, const char *text)
{
    return words(p, x, y, width, text, &type_label, INK_QUIET, 1) + 6;
}

/* ---- the head ---- */

static double draw_head(struct plan *p)
{
    const struct vg_map *map = p->map;
    double y = MARGIN, room = WIDE - 2 * MARGIN - 260;
    y += words(p, MARGIN, y, room, map->title, &type_page, INK_TEXT, 1) + 2;
    const char *when = text_date(p->arena, p->study->now_us);
    struct text_block date = text_break(p->arena, when ? when : "", &type_body, 240, 1);
    scene_text(p->scene, WIDE - MARGIN, MARGIN + 8, TEXT_END, &date, INK_QUIET);
    if (map->sponsor[0]) {
        struct text_block sponsor =
            text_break(p->arena, map->sponsor, &type_small, 240, 1);
        scene_text(p->scene, WIDE - MARGIN, MARGIN + 28, TEXT_END, &sponsor, INK_QUIET);
    }
    if (map->objective[0])
        y += words(p, MARGIN, y, room, map->objective, &type_body, INK_QUIET, 1);
    return y + 12;
}

/* ---- the map in small ---- */

#define PHASE_HIGH 24.0
#define STEP_HIGH  44.0
#define CURVE_HIGH 88.0 /* at the least; what the cards below leave goes to it */
#define CURVE_MOST 200.0
#define CARD_LEAST 110.0
#define LOSS_HIGH  20.0

static void draw_phases(struct plan *p, double x, double y, double column)
{
    for (size_t i = 0; i < p->map->phase_count; i++) {
        const struct map_phase *phase = &p->map->phases[i];
        double width = (double)phase->step_count * column - 3;
        if (!phase->step_count)
            continue;
        struct rect box = {x + (double)phase->first_step * column, y, width, PHASE_HIGH};
        scene_box(p->scene, box, 5, (struct paint){.fill = ink_phase(i)});
        struct text_block title = text_break(p->arena, phase->title, &type_small_strong,
                                             fmax(width - 16, 10), 1);
        scene_text(p->scene, box.x + 8, y + (PHASE_HIGH - title.height) / 2, TEXT_START,
                   &title, ink_on_phase(i));
    }
}

/* What is felt at a step: from the evidence, else as believed; NAN. */
static double felt(const struct plan *p, size_t step)
{
    const struct vg_emotions *emotions = &p->study->emotions;
    if (step < emotions->step_count && emotions->steps[step].n > 0)
        return emotions->steps[step].mean;
    return p->map->steps[step].feeling.valence;
}

static void draw_curve(struct plan *p, double x, double y, double column)
{
    double middle = y + p->curve_high / 2;
    struct path line = {0};
    bool open = false;
    scene_line(p->scene, (struct point){x, middle},
               (struct point){x + column * (double)p->map->step_count - 3, middle},
               (struct paint){.stroke = INK_LINE, .dash = "2 4"});
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p->map->step_count; i++) {
            double valence = felt(p, i);
            struct point at = {x + ((double)i + 0.5) * column,
                               middle - valence / 2 * (p->curve_high / 2 - 8)};
            if (isnan(valence)) {
                open = false;
                continue;
            }
            if (pass == 1 && column >= 26)
                draw_face(p->scene, at, 7, valence);
            else if (pass == 1)
                scene_circle(p->scene, at, 3,
                             (struct paint){.fill = ink_valence(valence)});
            else if (open)
                path_line(&line, at);
            else
                path_move(&line, at);
            open = true;
        }
        if (pass == 0)
            scene_path(p->scene, &line,
                       (struct paint){.stroke = INK_EVIDENCE, .width = 1.5});
    }
}

/* "−22%" below the step after which so many are lost. */
static void draw_losses(struct plan *p, double x, double y, double column)
{
    const struct vg_funnel *funnel = &p->study->funnel;
    for (size_t i = 0; i < funnel->step_count && i < p->map->step_count; i++) {
        const struct vg_funnel_step *step = &funnel->steps[i];
        if (step->optional || !step->reached || !(step->lost_share >= 0.05))
            continue;
        const char *share = text_share(p->arena, step->lost_share, 0);
        const char *told = share ? arena_printf(p->arena, "−%s", share) : "";
        struct text_block label =
            text_break(p->arena, told, &type_small_strong, fmax(column - 4, 10), 1);
        scene_text(p->scene, x + ((double)i + 0.5) * column, y, TEXT_MIDDLE, &label,
                   INK_LOST);
    }
}

static double draw_map(struct plan *p, double y)
{
    double x = MARGIN, width = WIDE - 2 * MARGIN;
    size_t count = p->map->step_count;
    double column = count ? (width + 3) / (double)count : width;
    bool titles = column >= 50;
    draw_phases(p, x, y, column);
    y += PHASE_HIGH + 6;
    for (size_t i = 0; i < count; i++) {
        const struct map_step *step = &p->map->steps[i];
        double at = x + (double)i * column;
        const char *number = arena_printf(p->arena, "%zu", i + 1);
        if (titles)
            words(p, at + 4, y, column - 10, step->title, &type_step, INK_TEXT, 3);
        else if (column >= 16 || i % 5 == 0)
            words(p, at + 2, y, 40, number, &type_small, INK_QUIET, 1);
    }
    y += titles ? STEP_HIGH : 18;
    y += heading(p, x, y, WIDE / 2, _("HOW CUSTOMERS FEEL"));
    draw_curve(p, x, y, column);
    y += p->curve_high;
    if (column >= 34)
        draw_losses(p, x, y, column);
    return y + LOSS_HIGH + 8;
}

/* ---- three findings ---- */

static double draw_finding(struct plan *p, size_t at, double x, double y, double width,
                           double height)
{
    const struct finding *finding = &p->study->findings.items[at];
    struct rect box = {x, y, width, height};
    double inner = width - 2 * PAD, top = y + PAD - 2;
    scene_group(p->scene, &(struct scene_group){.class = "finding", .holds = &box});
    if (height > 0)
        card(p, x, y, width, height);
    top +=
        words(p, x + PAD, top, inner, finding->headline, &type_heading, INK_TEXT, 3) + 4;
    top += words(p, x + PAD, top, inner, finding->detail, &type_small, INK_QUIET, 4);
    scene_end(p->scene);
    return top + PAD - y;
}

static double draw_findings(struct plan *p, double y)
{
    size_t count = p->study->findings.count < 3 ? p->study->findings.count : 3;
    double height = 0, width = (WIDE - 2 * MARGIN - 2 * GAP) / 3;
    if (!count)
        return y;
    y += heading(p, MARGIN, y, 600, _("WHAT CUSTOMERS SHOW US"));
    scene_mute(p->scene, true);
    for (size_t i = 0; i < count; i++)
        height = fmax(height, draw_finding(p, i, MARGIN, y, width, 0));
    scene_mute(p->scene, false);
    for (size_t i = 0; i < count; i++)
        draw_finding(p, i, MARGIN + (double)i * (width + GAP), y, width, height);
    return y + height + GAP;
}

/* ---- the actions ---- */

static bool is_open(const struct map_action *action)
{
    return action->state == ACTION_IDEA || action->state == ACTION_PLANNED ||
           action->state == ACTION_DOING;
}

/* Open ones by their day, then those done; what was dropped is not told. */
static int by_day(const void *left, const void *right)
{
    const struct map_action *a = *(const struct map_action *const *)left;
    const struct map_action *b = *(const struct map_action *const *)right;
    if (is_open(a) != is_open(b))
        return is_open(a) ? -1 : 1;
    int64_t x = a->due_us == INT64_MIN ? INT64_MAX : a->due_us;
    int64_t y = b->due_us == INT64_MIN ? INT64_MAX : b->due_us;
    return x != y ? (x < y ? -1 : 1) : (a > b) - (a < b);
}

static bool is_late(const struct plan *p, const struct map_action *action)
{
    return is_open(action) && action->due_us != INT64_MIN &&
           action->due_us + US_PER_DAY <= p->study->now_us;
}

struct columns { /* of the table of actions: where each begins, how wide it is */
    double x[4], width[4];
};

static const char *owner_of(struct plan *p, const struct map_action *action)
{
    if (action->owner[0] && action->department[0])
        return arena_printf(p->arena, "%s, %s", action->owner, action->department);
    if (action->owner[0] || action->department[0])
        return action->owner[0] ? action->owner : action->department;
    return _("nobody yet");
}

static double draw_action(struct plan *p, const struct map_action *action,
                          const struct columns *c, double y)
{
    bool late = is_late(p, action), done = !is_open(action);
    int64_t day_us =
        done && action->done_us != INT64_MIN ? action->done_us : action->due_us;
    const char *day = day_us == INT64_MIN ? "–" : text_date_short(p->arena, day_us);
    const char *state = late ? arena_printf(p->arena, "%s, %s",
                                            action_state_text(action->state), _("late"))
                             : action_state_text(action->state);
    unsigned ink = late ? INK_LOST : done ? INK_GOOD : INK_TEXT;
    bool nobody = !action->owner[0] && !action->department[0];
    double height =
        words(p, c->x[0], y + 6, c->width[0], action->title, &type_strong, INK_TEXT, 2);
    height = fmax(height, words(p, c->x[1], y + 7, c->width[1], owner_of(p, action),
                                &type_small, nobody ? INK_LOST : INK_TEXT, 2));
    height = fmax(height, words(p, c->x[2], y + 7, c->width[2], day, &type_small,
                                late ? INK_LOST : INK_TEXT, 1));
    height =
        fmax(height, words(p, c->x[3], y + 7, c->width[3], state, &type_small, ink, 2));
    return height + 12;
}

static double muted_action(struct plan *p, const struct map_action *action,
                           const struct columns *c)
{
    scene_mute(p->scene, true);
    double height = draw_action(p, action, c, 0);
    scene_mute(p->scene, false);
    return height;
}

struct action_list {
    const struct map_action **items; /* NULL when memory is used up */
    size_t count;
    struct columns columns;
};

static struct action_list list_actions(struct plan *p, double width)
{
    static const double parts[] = {0.42, 0.25, 0.13, 0.13};
    const struct vg_map *map = p->map;
    struct action_list list = {
        .items = arena_array(p->arena, const struct map_action *, map->action_count + 1)};
    struct columns *c = &list.columns;
    double inner = width - 2 * PAD;
    for (size_t i = 0; i < 4; i++) {
        c->width[i] = inner * parts[i];
        c->x[i] = i ? c->x[i - 1] + c->width[i - 1] + inner * 0.0233 : MARGIN + PAD;
    }
    for (size_t i = 0; list.items && i < map->action_count; i++)
        if (map->actions[i].state != ACTION_DROPPED)
            list.items[list.count++] = &map->actions[i];
    if (list.count)
        qsort(list.items, list.count, sizeof(*list.items), by_day);
    return list;
}

static void draw_actions(struct plan *p, const struct action_list *list, double y,
                         double width)
{
    double bottom = HIGH - MARGIN - FOOT;
    size_t shown = 0, count = list->count;
    y += heading(p, MARGIN, y, width, _("WHAT WE DO, WHO ANSWERS, BY WHEN"));
    card(p, MARGIN, y, width, bottom - y);
    double at = y + 4;
    for (; shown < count; shown++) {
        double height = muted_action(p, list->items[shown], &list->columns);
        bool last = shown + 1 == count;
        if (at + height > bottom - (last ? 4 : 26))
            break;
        if (shown)
            scene_line(p->scene, (struct point){MARGIN + PAD, at},
                       (struct point){MARGIN + width - PAD, at},
                       (struct paint){.stroke = INK_LINE});
        draw_action(p, list->items[shown], &list->columns, at);
        at += height;
    }
    if (!count)
        words(p, MARGIN + PAD, at + 8, width - 2 * PAD,
              _("No action is written down yet."), &type_body, INK_QUIET, 2);
    if (shown < count)
        words(p, MARGIN + PAD, at + 5, width - 2 * PAD,
              arena_printf(p->arena, _n("and %zu more", "and %zu more", count - shown),
                           count - shown),
              &type_small, INK_QUIET, 1);
}

/* ---- what was achieved ---- */

/* Better is a full dot, no effect an open one, worse a full red one: with words beside.
 */
static void draw_mark(struct plan *p, const struct effect_result *result, double x,
                      double y)
{
    enum effect_verdict verdict =
        result->problem ? EFFECT_TOO_FEW : result->effect.verdict;
    bool full = verdict == EFFECT_BETTER || verdict == EFFECT_WORSE;
    unsigned ink = verdict == EFFECT_WORSE    ? INK_LOST
                   : verdict == EFFECT_BETTER ? INK_GOOD
                                              : INK_QUIET;
    scene_circle(
        p->scene, (struct point){x, y}, 5,
        (struct paint){.fill = full ? ink : INK_CARD, .stroke = ink, .width = 1.6});
}

static double draw_result(struct plan *p, const struct effect_result *result, double x,
                          double y, double width)
{
    double at = y + 7, inner = width - 2 * PAD - 20;
    const char *since = text_date_short(p->arena, result->since_us);
    const char *title =
        text_agreed(p->arena, arena_printf(p->arena, _("%s (since %s)"),
                                           result->action->title, since ? since : ""));
    draw_mark(p, result, x + PAD + 5, at + 8);
    at += words(p, x + PAD + 20, at, inner, title, &type_strong, INK_TEXT, 2) + 1;
    bool worse = !result->problem && result->effect.verdict == EFFECT_WORSE;
    bool better = !result->problem && result->effect.verdict == EFFECT_BETTER;
    at +=
        words(p, x + PAD + 20, at, inner, effect_in_short(p->arena, result), &type_small,
              worse    ? INK_LOST
              : better ? INK_GOOD
                       : INK_TEXT,
              3);
    return at + 7 - y;
}

static double muted_result(struct plan *p, const struct effect_result *result)
{
    scene_mute(p->scene, true);
    double height = draw_result(p, result, 0, 0, RESULTS);
    scene_mute(p->scene, false);
    return height;
}

/* The mending that would bring most, in a line. */
static const char *worth_said(struct plan *p)
{
    struct whatif_pain *pains;
    struct vg_err err = {0};
    size_t count = 0;
    if (!p->study->whatif ||
        whatif_pains(p->arena, p->study->whatif, p->map, &pains, &count, &err) != VG_OK ||
        !count || !(pains[0].step->worth.value >= 1))
        return NULL;
    struct whatif_facts facts = whatif_facts(p->study->whatif);
    const struct estimate95 *worth = &pains[0].step->worth;
    const char *more = text_count(p->arena, (uint64_t)llround(worth->value));
    const char *low = text_count(p->arena, (uint64_t)llround(fmax(worth->low, 0)));
    const char *high = text_count(p->arena, (uint64_t)llround(fmax(worth->high, 0)));
    if (!more || !low || !high)
        return NULL;
    return arena_printf(
        p->arena,
        _("What would bring most: a fifth less lost at “%s” brings %s more "
          "to “%s” (%s to %s)."),
        pains[0].step->title, more, facts.arrival_title, low, high);
}

static void draw_results(struct plan *p, const char *worth, double x, double y,
                         double width)
{
    const struct results *results = p->study->results;
    double bottom = HIGH - MARGIN - FOOT, at;
    size_t count = results ? results->effect_count : 0, shown = 0;
    y += heading(p, x, y, width, _("WHAT WE ACHIEVED SO FAR, FROM THE EVIDENCE"));
    card(p, x, y, width, bottom - y);
    at = y + 4;
    if (worth) {
        struct text_block block =
            text_break(p->arena, worth, &type_small, width - 2 * PAD, 3);
        bottom -= block.height + 16;
        scene_line(p->scene, (struct point){x + PAD, bottom},
                   (struct point){x + width - PAD, bottom},
                   (struct paint){.stroke = INK_LINE});
        scene_text(p->scene, x + PAD, bottom + 8, TEXT_START, &block, INK_TEXT);
    }
    for (; shown < count; shown++) {
        double height = muted_result(p, &results->effects[shown]);
        if (at + height > bottom - (shown + 1 == count ? 2 : 22))
            break;
        at += draw_result(p, &results->effects[shown], x, at, width);
    }
    if (!count)
        words(
            p, x + PAD, at + 8, width - 2 * PAD,
            _("No action can be looked at yet: give one a KPI and the day from which it "
              "holds."),
            &type_body, INK_QUIET, 3);
    if (shown < count)
        words(p, x + PAD + 20, at + 4, width - 2 * PAD,
              arena_printf(p->arena, _n("and %zu more", "and %zu more", count - shown),
                           count - shown),
              &type_small, INK_QUIET, 1);
}

/* What the two cards at the bottom would leave empty, as far as the curve can use it. */
static double room_left(struct plan *p, const struct action_list *actions,
                        const char *worth)
{
    const struct results *results = p->study->results;
    double left = 4, right = 4;
    p->curve_high = CURVE_HIGH;
    scene_mute(p->scene, true);
    double top = draw_findings(p, draw_map(p, draw_head(p)));
    top += heading(p, 0, top, RESULTS, "X");
    scene_mute(p->scene, false);
    for (size_t i = 0; i < actions->count; i++)
        left += muted_action(p, actions->items[i], &actions->columns);
    for (size_t i = 0; results && i < results->effect_count; i++)
        right += muted_result(p, &results->effects[i]);
    if (worth)
        right +=
            text_break(p->arena, worth, &type_small, RESULTS - 2 * PAD, 3).height + 16;
    double used = fmax(fmax(left, right) + PAD, CARD_LEAST);
    return fmin(fmax(HIGH - MARGIN - FOOT - top - used, 0), CURVE_MOST - CURVE_HIGH);
}

static void draw_foot(struct plan *p)
{
    const struct vg_log *log = p->study->log;
    double y = HIGH - MARGIN - FOOT + 8;
    if (log && log->events) {
        const char *events = text_count(p->arena, log->events);
        const char *from = text_date(p->arena, log->first_us);
        const char *until = text_date(p->arena, log->last_us);
        if (events && from && until)
            words(p, MARGIN, y, 800,
                  arena_printf(p->arena,
                               _("%s events, %s – %s. Intervals are 95%%. In red below a "
                                 "step: who is lost after "
                                 "it."),
                               events, from, until),
                  &type_small, INK_QUIET, 1);
    }
    struct text_block made =
        text_break(p->arena, _("made with Viaggio"), &type_small, 300, 1);
    scene_text(p->scene, WIDE - MARGIN, y, TEXT_END, &made, INK_QUIET);
}

enum vg_code plan_draw(struct arena *arena, const struct study *study, struct scene **ret,
                       struct vg_err *err)
{
    struct plan p = {.arena = arena, .study = study, .map = study->map};
    p.scene = scene_new(arena, &view_theme, "plan");
    if (!p.scene)
        return err_memory(err);
    scene_ground(p.scene, INK_PAPER);
    scene_title(p.scene, "img", arena_printf(arena, _("Plan: %s"), p.map->title),
                p.map->objective);
    double wide = WIDE - 2 * MARGIN - GAP - RESULTS;
    struct action_list actions = list_actions(&p, wide);
    const char *worth = worth_said(&p);
    p.curve_high = CURVE_HIGH + room_left(&p, &actions, worth);
    double y = draw_findings(&p, draw_map(&p, draw_head(&p)));
    draw_actions(&p, &actions, y, wide);
    draw_results(&p, worth, MARGIN + wide + GAP, y, RESULTS);
    draw_foot(&p);
    scene_size(p.scene, WIDE, HIGH);
    if (scene_failed(p.scene))
        return err_memory(err);
    *ret = p.scene;
    return VG_OK;
}
