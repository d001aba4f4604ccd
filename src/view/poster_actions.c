/* Actions: cards across the columns they are about, packed so that none overlaps. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>
#include <stdlib.h>

#define CARD_PAD      12.0
#define CARD_GAP      10.0
#define CARD_MIN      240.0 /* wide at least, if the row is */
#define WORDS_MOST    460.0
#define GENERAL_WIDTH 330.0 /* of a card about the whole map */

struct slot {
    const struct map_action *action;
    size_t first, last; /* steps */
    double x, width, y, height;
};

static bool has_text(const struct map_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], text) == 0)
            return true;
    return false;
}

bool poster_action_is_about(const struct map_action *action, const struct map_step *step)
{
    if (has_text(&action->steps, step->id))
        return true;
    if (action->steps.count > 0)
        return false;
    for (size_t i = 0; i < step->pain_count; i++)
        if (has_text(&action->pains, step->pains[i].id))
            return true;
    return false;
}

/* The steps of the map the action is about, first to last; false when it is about none.
 */
static bool reach(const struct vg_map *map, const struct map_action *action,
                  size_t *ret_first, size_t *ret_last)
{
    size_t first = SIZE_MAX, last = 0;
    for (size_t i = 0; i < map->step_count; i++)
        if (poster_action_is_about(action, &map->steps[i])) {
            first = first == SIZE_MAX ? i : first;
            last = i;
        }
    *ret_first = first;
    *ret_last = last;
    return first != SIZE_MAX;
}

static bool is_late(const struct poster *p, const struct map_action *a)
{
    return a->due_us != INT64_MIN && p->study->now_us > 0 &&
           a->due_us < p->study->now_us && a->state != ACTION_DONE &&
           a->state != ACTION_VERIFIED && a->state != ACTION_DROPPED;
}

static unsigned state_fill(const struct map_action *a)
{
    if (a->state == ACTION_DONE || a->state == ACTION_VERIFIED)
        return INK_GOOD_FILL;
    return a->state == ACTION_DOING ? INK_DOING_FILL : INK_IDLE_FILL;
}

/* "Marketing · Anna Conti · by 15 Jan 2026" */
static const char *who_and_when(struct poster *p, const struct map_action *a)
{
    const char *words[3];
    size_t count = 0;
    if (poster_has(a->department))
        words[count++] = a->department;
    if (poster_has(a->owner) && strcmp(a->owner, a->department) != 0)
        words[count++] = a->owner;
    if (count == 0)
        words[count++] = _("nobody answers for it yet");
    bool done = a->state == ACTION_DONE || a->state == ACTION_VERIFIED;
    if (done && a->done_us != INT64_MIN)
        words[count++] =
            text_agreed(p->arena, arena_printf(p->arena, _("done on %s"),
                                               text_date_short(p->arena, a->done_us)));
    else if (a->due_us != INT64_MIN)
        words[count++] =
            text_agreed(p->arena, arena_printf(p->arena, _("by %s"),
                                               text_date_short(p->arena, a->due_us)));
    if (!words[count - 1])
        return NULL;
    return poster_join(p->arena, &(struct map_texts){words, count}, " · ");
}

/* What the evidence says it achieved: never by colour alone. */
static double proof_line(struct poster *p, const struct effect_result *proved, double x,
                         double y, double width)
{
    const char *words = effect_in_short(p->arena, proved);
    bool told = !proved->problem;
    unsigned ink = told && proved->effect.verdict == EFFECT_BETTER  ? INK_GOOD
                   : told && proved->effect.verdict == EFFECT_WORSE ? INK_LOST
                                                                    : INK_TEXT;
    return words ? poster_words(p, x, y, width, words, &type_small_strong, ink) : 0;
}

/* State, and late; then what came of it beside them, or below where that is too long. */
static double state_line(struct poster *p, const struct map_action *a, double x, double y,
                         double width)
{
    struct chip state = {.text = action_state_text(a->state),
                         .ink = INK_ON_FILL,
                         .ground = state_fill(a),
                         .strong = true};
    struct rect size = chip_draw(p->scene, &state, x, y, width);
    double right = x + size.w, height = size.h;
    if (is_late(p, a)) {
        struct chip late = {
            .text = _("late"), .ink = INK_LOST, .ground = INK_LOST_SOFT, .strong = true};
        right += 6 + chip_draw(p->scene, &late, right + 6, y, width).w;
    }
    const struct effect_result *proved = results_of_action(p->study->results, a);
    if (proved)
        return height + 5 + proof_line(p, proved, x, y + height + 5, width);
    if (!poster_has(a->result) && poster_has(a->expected)) {
        const char *hoped = arena_printf(p->arena, "→ %s", a->expected);
        return height + 5 +
               poster_words(p, x, y + height + 5, width, hoped, &type_small, INK_TEXT);
    }
    if (!poster_has(a->result))
        return height;
    struct text_block result =
        text_break(p->arena, a->result, &type_small_strong, x + width - right - 10, 0);
    if (result.count == 1) {
        scene_text(p->scene, right + 10, y + 3, TEXT_START, &result, INK_GOOD);
        return height;
    }
    return height + 5 +
           poster_words(p, x, y + height + 5, width, a->result, &type_small_strong,
                        INK_GOOD);
}

static double card_words(struct poster *p, const struct slot *slot)
{
    double x = slot->x + CARD_PAD + 2, y = slot->y + CARD_PAD - 1;
    double width = fmin(slot->width - 2 * CARD_PAD - 4, WORDS_MOST);
    y += poster_words(p, x, y, width, slot->action->title, &type_strong, INK_TEXT);
    y += 2 + poster_words(p, x, y + 2, width, who_and_when(p, slot->action), &type_small,
                          INK_TEXT);
    y += 7 + state_line(p, slot->action, x, y + 7, width);
    return y + CARD_PAD - slot->y;
}

/* The cards of a row, while they are being placed. */
struct desk {
    struct poster *p;
    const struct poster_row *row;
    double left, right;
    struct slot *slots; /* those over their columns by column, then the general ones */
    size_t count, general;
};

static int by_column(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last > y->last ? -1 : 1;
    return x->action < y->action ? -1 : 1;
}

/* The actions that begin in this row; those about the whole map stand in the first. */
static void gather(struct desk *desk)
{
    const struct vg_map *map = desk->p->map;
    size_t row_end = desk->row->first + desk->row->count, general = 0;
    for (size_t i = 0; i < map->action_count; i++) {
        struct slot slot = {.action = &map->actions[i]};
        if (!reach(map, slot.action, &slot.first, &slot.last) ||
            slot.first < desk->row->first || slot.first >= row_end)
            continue;
        slot.last = slot.last < row_end ? slot.last : row_end - 1;
        desk->slots[desk->count++] = slot;
    }
    qsort(desk->slots, desk->count, sizeof *desk->slots, by_column);
    for (size_t i = 0; i < map->action_count && desk->row->first == 0; i++) {
        struct slot slot = {.action = &map->actions[i]};
        if (!reach(map, slot.action, &slot.first, &slot.last))
            desk->slots[desk->count + general++] = slot;
    }
    desk->general = general;
}

/* Over its columns; a little wider where no other card begins beside it. */
static void widen(const struct desk *desk, struct slot *slot)
{
    const struct poster_row *row = desk->row;
    slot->x = column_x(row, slot->first);
    slot->width = (double)(slot->last - slot->first + 1) * row->column - CARD_GAP;
    double wanted = fmin(fmax(CARD_MIN, 1.7 * row->column), desk->right - desk->left);
    double limit = desk->right;
    for (size_t i = 0; i < desk->count; i++)
        if (desk->slots[i].first > slot->last)
            limit = fmin(limit, column_x(row, desk->slots[i].first) - CARD_GAP);
    if (slot->width < wanted)
        slot->width = fmax(slot->width, fmin(wanted, limit - slot->x));
    if (slot->width < wanted && limit == desk->right) { /* at the end: grow leftwards */
        slot->x = fmax(desk->left, slot->x - (wanted - slot->width));
        slot->width = fmin(wanted, desk->right - slot->x);
    }
}

/* Below every card placed before that stands over the same columns. */
static double free_y(const struct slot *slots, size_t count, const struct slot *slot,
                     double top)
{
    double y = top;
    for (size_t i = 0; i < count; i++)
        if (slots[i].x < slot->x + slot->width + CARD_GAP / 2 &&
            slot->x < slots[i].x + slots[i].width + CARD_GAP / 2)
            y = fmax(y, slots[i].y + slots[i].height + CARD_GAP);
    return y;
}

/* A card about the whole map goes where it stands highest. */
static void lay_general(const struct desk *desk, size_t at, double top)
{
    struct slot *slot = &desk->slots[at];
    struct slot best = {.y = HUGE_VAL};
    slot->width = fmin(GENERAL_WIDTH, desk->right - desk->left);
    for (size_t i = 0; i < desk->row->count; i++) {
        slot->x = column_x(desk->row, desk->row->first + i);
        if (i > 0 && slot->x + slot->width > desk->right)
            break;
        slot->y = free_y(desk->slots, at, slot, top);
        if (slot->y < best.y)
            best = *slot;
    }
    *slot = best;
}

static void draw_card(struct poster *p, const struct slot *slot)
{
    struct rect box = {slot->x, slot->y, slot->width, slot->height};
    bool dropped = slot->action->state == ACTION_DROPPED;
    scene_group(p->scene,
                &(struct scene_group){.class = "action",
                                      .title = poster_has(slot->action->expected)
                                                   ? slot->action->expected
                                                   : NULL,
                                      .data = {{"action", slot->action->id}},
                                      .holds = &box});
    scene_box(p->scene, box, 10,
              (struct paint){.fill = dropped ? INK_CARD : INK_GOOD_SOFT,
                             .stroke = dropped ? INK_LINE : INK_GOOD_LINE});
    card_words(p, slot);
    scene_end(p->scene);
}

double poster_actions(struct poster *p, const struct poster_row *row, double y)
{
    struct desk desk = {.p = p, .row = row, .left = row->x};
    desk.right = row->x + (double)row->count * row->column - 8;
    desk.slots = arena_array(p->arena, struct slot, p->map->action_count + 1);
    if (!desk.slots)
        return 0;
    gather(&desk);
    double bottom = y;
    scene_mute(p->scene, true);
    for (size_t i = 0; i < desk.count + desk.general; i++) {
        struct slot *slot = &desk.slots[i];
        if (i < desk.count) {
            widen(&desk, slot);
            slot->y = free_y(desk.slots, i, slot, y);
        } else {
            lay_general(&desk, i, y);
        }
        slot->height = card_words(p, slot);
        bottom = fmax(bottom, slot->y + slot->height);
    }
    scene_mute(p->scene, false);
    for (size_t i = 0; i < desk.count + desk.general; i++)
        draw_card(p, &desk.slots[i]);
    return bottom - y;
}
