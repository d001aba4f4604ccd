#include "view/matrix.h"

#include "base/lang.h"
#include "view/theme.h"

#include <math.h>
#include <stdlib.h>

#define MARGIN    6.0
#define AXIS      26.0 /* beside and below the square */
#define LEAST     11.0 /* radius of the smallest bubble; its number fits */
#define MOST      30.0
#define LIST_WIDE 300.0
#define TRIES     400

/* ---- where an action stands ---- */

static bool has(const struct map_texts *texts, const char *id)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], id) == 0)
            return true;
    return false;
}

static bool is_about(const struct map_action *action, const struct map_step *step)
{
    bool about = has(&action->steps, step->id);
    for (size_t i = 0; !about && !action->steps.count && i < step->pain_count; i++)
        about = has(&action->pains, step->pains[i].id);
    return about;
}

bool matrix_place(const struct study *study, const struct map_action *action,
                  struct matrix_place *ret)
{
    const struct vg_map *map = study->map;
    double best = 0, most = 0;
    *ret = (struct matrix_place){.value = action->value, .effort = action->effort};
    struct whatif_facts facts =
        study->whatif ? whatif_facts(study->whatif) : (struct whatif_facts){0};
    for (size_t i = 0; i < map->step_count; i++) {
        bool about = is_about(action, &map->steps[i]);
        if (i < facts.step_count) {
            most = fmax(most, facts.steps[i].worth.value);
            best = about ? fmax(best, facts.steps[i].worth.value) : best;
        }
        if (about && i < study->funnel.step_count &&
            study->funnel.steps[i].reached > ret->evidence)
            ret->evidence = study->funnel.steps[i].reached;
    }
    const struct effect_result *proved = results_of_action(study->results, action);
    if (proved && !proved->problem) {
        const struct compared *c = &proved->effect.here;
        uint64_t n = c->n_before + c->n_after;
        ret->evidence = n > ret->evidence ? n : ret->evidence;
    }
    if (isnan(ret->value) && best > 0 && most > 0) {
        ret->value = 1 + 4 * best / most;
        ret->computed = true;
    }
    return !isnan(ret->value) && !isnan(ret->effort);
}

/* ---- bubbles ---- */

struct bubble {
    const struct map_action *action;
    struct matrix_place place;
    bool placed;
    double x, y, radius;
    size_t number;
};
struct matrix {
    struct arena *arena;
    struct scene *scene;
    const struct study *study;
    struct bubble *items;
    size_t count;
    double width, left, top, side;
};

static double x_of(const struct matrix *m, double effort)
{
    return m->left + (effort - 0.5) / 5 * m->side;
}

static double y_of(const struct matrix *m, double value)
{
    return m->top + m->side - (value - 0.5) / 5 * m->side;
}

static bool is_free(const struct matrix *m, size_t at, double x, double y)
{
    double r = m->items[at].radius;
    if (x - r < m->left || x + r > m->left + m->side || y - r < m->top ||
        y + r > m->top + m->side)
        return false;
    for (size_t i = 0; i < at; i++) {
        const struct bubble *other = &m->items[i];
        if (other->placed && hypot(other->x - x, other->y - y) < other->radius + r + 2)
            return false;
    }
    return true;
}

/* On its place, or as near to it as there is room: outwards along a spiral. */
static void settle(struct matrix *m, size_t at)
{
    struct bubble *b = &m->items[at];
    double x = x_of(m, b->place.effort), y = y_of(m, b->place.value);
    double r = b->radius;
    x = fmin(fmax(x, m->left + r), m->left + m->side - r);
    y = fmin(fmax(y, m->top + r), m->top + m->side - r);
    for (int i = 0; i < TRIES; i++) {
        double angle = 2.399963 * i, away = 3.2 * sqrt(i); /* the golden angle */
        b->x = x + away * cos(angle);
        b->y = y + away * sin(angle);
        if (is_free(m, at, b->x, b->y))
            return;
    }
    b->radius = LEAST; /* as crowded as it gets: small, and wherever it stands */
    b->x = x;
    b->y = y;
}

/* The largest first: they are the hardest to find room for. */
static int by_size(const void *left, const void *right)
{
    const struct bubble *a = left, *b = right;
    if (a->placed != b->placed)
        return a->placed ? -1 : 1;
    if (a->place.evidence != b->place.evidence)
        return a->place.evidence > b->place.evidence ? -1 : 1;
    return (a->action > b->action) - (a->action < b->action);
}

/* In the list: what is worth most for what it takes, first. */
static int by_number(const void *left, const void *right)
{
    const struct bubble *a = left, *b = right;
    if (a->placed != b->placed)
        return a->placed ? -1 : 1;
    double x = a->placed ? a->place.value - a->place.effort : 0;
    double y = b->placed ? b->place.value - b->place.effort : 0;
    if (x != y)
        return x > y ? -1 : 1;
    return (a->action > b->action) - (a->action < b->action);
}

static bool gather(struct matrix *m)
{
    const struct vg_map *map = m->study->map;
    uint64_t most = 1;
    m->items = arena_array(m->arena, struct bubble, map->action_count + 1);
    for (size_t i = 0; m->items && i < map->action_count; i++) {
        if (map->actions[i].state == ACTION_DROPPED)
            continue;
        struct bubble *b = &m->items[m->count++];
        b->action = &map->actions[i];
        b->placed = matrix_place(m->study, b->action, &b->place);
        if (b->placed && b->place.evidence > most)
            most = b->place.evidence;
    }
    if (!m->items)
        return false;
    qsort(m->items, m->count, sizeof *m->items, by_number);
    for (size_t i = 0; i < m->count; i++) {
        m->items[i].number = i + 1;
        m->items[i].radius =
            LEAST +
            (MOST - LEAST) * sqrt((double)m->items[i].place.evidence / (double)most);
    }
    return true;
}

/* ---- drawing ---- */

static void label(struct matrix *m, double x, double y, enum text_anchor anchor,
                  const char *text, const struct text_style *style, unsigned ink)
{
    struct text_block block = text_break(m->arena, text, style, 0, 1);
    scene_text(m->scene, x, y, anchor, &block, ink);
}

static void draw_square(struct matrix *m)
{
    double half = m->side / 2, right = m->left + m->side, bottom = m->top + m->side;
    scene_box(m->scene, (struct rect){m->left, m->top, m->side, m->side}, 10,
              (struct paint){.fill = INK_CARD, .stroke = INK_LINE});
    scene_box(m->scene, (struct rect){m->left + 1, m->top + 1, half - 1, half - 1}, 9,
              (struct paint){.fill = INK_GOOD_SOFT});
    scene_line(m->scene, (struct point){m->left + half, m->top},
               (struct point){m->left + half, bottom},
               (struct paint){.stroke = INK_LINE});
    scene_line(m->scene, (struct point){m->left, m->top + half},
               (struct point){right, m->top + half}, (struct paint){.stroke = INK_LINE});
    label(m, m->left, bottom + 7, TEXT_START, _("little effort"), &type_small, INK_QUIET);
    label(m, right, bottom + 7, TEXT_END, _("much effort"), &type_small, INK_QUIET);
    scene_group(m->scene, &(struct scene_group){
                              .turn = -90, .turn_x = m->left - 8, .turn_y = bottom});
    label(m, m->left - 8, bottom - 15, TEXT_START, _("little value"), &type_small,
          INK_QUIET);
    label(m, m->left - 8 + m->side, bottom - 15, TEXT_END, _("much value"), &type_small,
          INK_QUIET);
    scene_end(m->scene);
}

static const char *evidence_said(const struct matrix *m, const struct bubble *b)
{
    const struct effect_result *proved = results_of_action(m->study->results, b->action);
    if (proved)
        return effect_in_short(m->arena, proved);
    if (!b->place.evidence)
        return _("no evidence");
    return arena_printf(m->arena, _n("%s journey", "%s journeys", b->place.evidence),
                        text_count(m->arena, b->place.evidence));
}

static unsigned ink_of(const struct matrix *m, const struct bubble *b, bool *ret_full)
{
    const struct effect_result *proved = results_of_action(m->study->results, b->action);
    enum effect_verdict verdict =
        proved && !proved->problem ? proved->effect.verdict : EFFECT_TOO_FEW;
    *ret_full = verdict == EFFECT_BETTER || verdict == EFFECT_WORSE;
    return verdict == EFFECT_WORSE ? INK_LOST : *ret_full ? INK_GOOD_FILL : INK_EVIDENCE;
}

static void draw_bubble(struct matrix *m, const struct bubble *b)
{
    bool full;
    unsigned ink = ink_of(m, b, &full);
    struct text_block number = text_break(
        m->arena, arena_printf(m->arena, "%zu", b->number), &type_small_strong, 0, 1);
    scene_group(m->scene, &(struct scene_group){.class = "action",
                                                .title = b->action->title,
                                                .data = {{"action", b->action->id}}});
    scene_circle(
        m->scene, (struct point){b->x, b->y}, b->radius,
        (struct paint){.fill = full ? ink : INK_CARD, .stroke = ink, .width = 2});
    scene_text(m->scene, b->x, b->y - number.height / 2, TEXT_MIDDLE, &number,
               full ? INK_ON_FILL : INK_TEXT);
    scene_end(m->scene);
}

static double draw_item(struct matrix *m, const struct bubble *b, double x, double y,
                        double width)
{
    const char *number = b->placed ? arena_printf(m->arena, "%zu", b->number) : "–";
    struct text_block title =
        text_break(m->arena, b->action->title, &type_strong, width - 26, 2);
    struct text_block words =
        text_break(m->arena, evidence_said(m, b), &type_small, width - 26, 3);
    label(m, x + 16, y, TEXT_END, number, &type_strong, INK_TEXT);
    scene_text(m->scene, x + 26, y, TEXT_START, &title, INK_TEXT);
    scene_text(m->scene, x + 26, y + title.height + 1, TEXT_START, &words, INK_QUIET);
    return y + title.height + words.height + 11;
}

static double draw_list(struct matrix *m, double x, double y, double width)
{
    bool told = false;
    for (size_t i = 0; i < m->count; i++) {
        if (!m->items[i].placed && !told) {
            y += scene_words(m->scene, x, y + 4, width,
                             _("Not in the picture: value or effort is not said."),
                             &type_small_strong, INK_WARNING) +
                 12;
            told = true;
        }
        y = draw_item(m, &m->items[i], x, y, width);
    }
    return y;
}

static double draw_key(struct matrix *m, double x, double y, double width)
{
    return y +
           scene_words(
               m->scene, x, y, width,
               _("The larger the bubble, the more journeys stand behind it. Full: an "
                 "effect was found in the evidence. Value where nobody gave one: what "
                 "a fifth less lost there would bring."),
               &type_small, INK_QUIET);
}

static double draw_all(struct matrix *m)
{
    bool beside = m->width >= 640;
    m->left = MARGIN + AXIS;
    m->top = MARGIN;
    m->side = beside ? fmin(m->width - LIST_WIDE - m->left - 24, 520)
                     : m->width - m->left - MARGIN;
    struct bubble *listed = arena_array(m->arena, struct bubble, m->count + 1);
    if (!listed)
        return 0;
    draw_square(m);
    qsort(m->items, m->count, sizeof *m->items, by_size);
    for (size_t i = 0; i < m->count && m->items[i].placed; i++)
        settle(m, i);
    for (size_t i = 0; i < m->count && m->items[i].placed; i++)
        draw_bubble(m, &m->items[i]);
    qsort(m->items, m->count, sizeof *m->items, by_number);
    double bottom = m->top + m->side + AXIS;
    double x = beside ? m->left + m->side + 24 : MARGIN;
    double y = beside ? m->top : bottom + 8;
    y = draw_list(m, x, y, m->width - MARGIN - x);
    if (beside)
        bottom = draw_key(m, m->left, bottom + 4, m->side);
    else
        y = draw_key(m, MARGIN, y + 4, m->width - 2 * MARGIN);
    return fmax(bottom, y);
}

enum vg_code matrix_draw(struct arena *arena, const struct study *study,
                         const struct chart_options *options, struct scene **ret,
                         struct vg_err *err)
{
    struct matrix m = {.arena = arena, .study = study, .width = 860};
    if (options && options->width > 0)
        m.width = fmax(options->width, 280);
    m.scene =
        scene_new(arena, &view_theme, options && options->id ? options->id : "matrix");
    if (!m.scene || !gather(&m))
        return err_memory(err);
    scene_title(m.scene, "img", _("Value against effort"),
                m.count ? m.items[0].action->title : "");
    double bottom =
        m.count ? draw_all(&m)
                : MARGIN + scene_words(m.scene, MARGIN, MARGIN, m.width - 2 * MARGIN,
                                       _("No action is written down yet."), &type_body,
                                       INK_QUIET);
    scene_size(m.scene, m.width, bottom + MARGIN);
    if (scene_failed(m.scene))
        return err_memory(err);
    *ret = m.scene;
    return VG_OK;
}
