/* Actions: cards across the columns they are about, packed so that none overlaps. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

#define CARD_PAD   12.0
#define CARD_GAP   10.0
#define CARD_MIN   240.0 /* wide at least, if the row is */
#define WORDS_MOST 460.0

struct slot {
    const struct map_action *action;
    double x, width, y, height;
};

static bool has_text(const struct map_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], text) == 0)
            return true;
    return false;
}

/* Whether the action is about the step: by its steps, or by the step's pains. */
static bool is_about(const struct map_action *action, const struct map_step *step)
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

/* The steps of the whole map the action is about, first to last; all of them when it is
 * about none. */
static void reach(const struct vg_map *map, const struct map_action *action,
                  size_t *ret_first, size_t *ret_last)
{
    size_t first = SIZE_MAX, last = 0;
    for (size_t i = 0; i < map->step_count; i++)
        if (is_about(action, &map->steps[i])) {
            first = first == SIZE_MAX ? i : first;
            last = i;
        }
    *ret_first = first == SIZE_MAX ? 0 : first;
    *ret_last = first == SIZE_MAX ? map->step_count - 1 : last;
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
    if (a->state == ACTION_DONE && a->done_us != INT64_MIN)
        words[count++] = arena_printf(p->arena, _("done on %s"),
                                      text_date_short(p->arena, a->done_us));
    else if (a->due_us != INT64_MIN)
        words[count++] =
            arena_printf(p->arena, _("by %s"), text_date_short(p->arena, a->due_us));
    if (!words[count - 1])
        return NULL;
    return poster_join(p->arena, &(struct map_texts){words, count}, " · ");
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

/* Where a card stands from left to right: over its columns, and as wide as it needs. */
static struct slot slot_of(const struct poster *p, const struct poster_row *row,
                           const struct map_action *action, size_t first, size_t last)
{
    size_t row_last = row->first + row->count - 1;
    last = last < row_last ? last : row_last;
    double right_edge = column_x(row, row_last) + row->column - 8;
    double left_edge = row->x;
    struct slot slot = {.action = action, .x = column_x(row, first)};
    slot.width = (double)(last - first + 1) * row->column - 10;
    double least = fmin(fmax(CARD_MIN, 1.7 * row->column), right_edge - left_edge);
    slot.width = fmax(slot.width, least);
    if (slot.x + slot.width > right_edge)
        slot.x = fmax(left_edge, right_edge - slot.width);
    (void)p;
    return slot;
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
    size_t count = 0;
    struct slot *slots = arena_array(p->arena, struct slot, p->map->action_count + 1);
    if (!slots)
        return 0;
    double bottom = y;
    scene_mute(p->scene, true);
    for (size_t i = 0; i < p->map->action_count; i++) {
        size_t first, last;
        reach(p->map, &p->map->actions[i], &first, &last);
        if (first < row->first || first >= row->first + row->count)
            continue;
        struct slot slot = slot_of(p, row, &p->map->actions[i], first, last);
        slot.y = free_y(slots, count, &slot, y);
        slot.height = card_words(p, &slot);
        slots[count++] = slot;
        bottom = fmax(bottom, slot.y + slot.height);
    }
    scene_mute(p->scene, false);
    for (size_t i = 0; i < count; i++)
        draw_card(p, &slots[i]);
    return bottom - y;
}
