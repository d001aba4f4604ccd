/* The cells of the plain lanes. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

static double nothing(struct poster *p, const struct poster_row *row, size_t step,
                      double y)
{
    return poster_words(p, column_x(row, step) + CELL_INSET, y, cell_width(row), "—",
                        &type_body, INK_QUIET);
}

double cell_doing(struct poster *p, const struct poster_row *row, size_t step, double y)
{
    const char *text = p->map->steps[step].doing;
    if (!poster_has(text))
        return nothing(p, row, step, y);
    return poster_words(p, column_x(row, step) + CELL_INSET, y, cell_width(row), text,
                        &type_body, INK_TEXT);
}

double cell_objectives(struct poster *p, const struct poster_row *row, size_t step,
                       double y)
{
    const struct map_texts *texts = &p->map->steps[step].objectives;
    double x = column_x(row, step) + CELL_INSET, at = y;
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0)
            at += 6;
        struct path tick = {0};
        path_move(&tick, (struct point){x + 1, at + 9});
        path_line(&tick, (struct point){x + 4, at + 12});
        path_line(&tick, (struct point){x + 9.5, at + 5.5});
        scene_path(p->scene, &tick,
                   (struct paint){.stroke = INK_GOOD, .width = 1.8, .round = true});
        at += poster_words(p, x + 16, at, cell_width(row) - 16, texts->items[i],
                           &type_body, INK_TEXT);
    }
    return at - y;
}

double cell_touchpoints(struct poster *p, const struct poster_row *row, size_t step,
                        double y)
{
    const struct map_step *s = &p->map->steps[step];
    double x = column_x(row, step) + CELL_INSET, at = y;
    if (s->touchpoint_count == 0)
        return nothing(p, row, step, y);
    for (size_t i = 0; i < s->touchpoint_count; i++) {
        const struct map_touchpoint *t = &s->touchpoints[i];
        if (i > 0)
            at += 10;
        at += poster_words(p, x, at, cell_width(row), t->title, &type_body, INK_TEXT);
        if (!poster_has(t->channel))
            continue;
        struct chip chip = {.text = t->channel};
        chip.ink = chip.dot = ink_channel(t->channel, &chip.ground);
        at += 5 + chip_draw(p->scene, &chip, x - 1, at + 5, cell_width(row)).h;
    }
    return at - y;
}

#define BUBBLE_PAD  10.0
#define BUBBLE_TAIL 9.0
#define BUBBLE_R    10.0

static void bubble(struct scene *scene, struct rect b)
{
    double right = b.x + b.w, bottom = b.y + b.h, r = BUBBLE_R;
    struct path path = {0};
    path_move(&path, (struct point){b.x + r, b.y});
    path_line(&path, (struct point){right - r, b.y});
    path_arc(&path, r, true, (struct point){right, b.y + r});
    path_line(&path, (struct point){right, bottom - r});
    path_arc(&path, r, true, (struct point){right - r, bottom});
    path_line(&path, (struct point){b.x + 30, bottom});
    path_line(&path, (struct point){b.x + 17, bottom + BUBBLE_TAIL});
    path_line(&path, (struct point){b.x + 18, bottom});
    path_line(&path, (struct point){b.x + r, bottom});
    path_arc(&path, r, true, (struct point){b.x, bottom - r});
    path_line(&path, (struct point){b.x, b.y + r});
    path_arc(&path, r, true, (struct point){b.x + r, b.y});
    path_close(&path);
    scene_path(scene, &path,
               (struct paint){.fill = INK_CARD, .stroke = INK_LINE, .round = true});
}

double cell_thinking(struct poster *p, const struct poster_row *row, size_t step,
                     double y)
{
    const char *text = p->map->steps[step].thinking;
    if (!poster_has(text))
        return nothing(p, row, step, y);
    double x = column_x(row, step), width = row->column - 10;
    struct text_block words =
        text_break(p->arena, text, &type_quote, width - 2 * BUBBLE_PAD, 0);
    struct rect box = {x, y, width, words.height + 2 * 8};
    bubble(p->scene, box);
    scene_text(p->scene, x + BUBBLE_PAD, y + 8, TEXT_START, &words, INK_TEXT);
    return box.h + BUBBLE_TAIL;
}

/* A sticky note, a little askew, each in its own way but always the same. */
static double note(struct poster *p, const struct poster_row *row, size_t step,
                   size_t which, const char *text, double y, bool pain)
{
    static const double turns[] = {-0.9, 0.7, -0.4, 1.0, 0.5, -0.7};
    double x = column_x(row, step) + 1, width = row->column - 14;
    struct text_block words = text_break(p->arena, text, &type_body, width - 22, 0);
    struct rect box = {x, y + 1, width, words.height + 18};
    scene_group(p->scene,
                &(struct scene_group){.class = "note",
                                      .turn = turns[(step * 2 + which) % COUNT_OF(turns)],
                                      .turn_x = x + width / 2,
                                      .turn_y = y + box.h / 2});
    scene_box(p->scene, box, 2.5,
              (struct paint){.fill = pain ? INK_NOTE : INK_GOOD_SOFT,
                             .stroke = pain ? INK_NOTE_EDGE : INK_GOOD_LINE,
                             .width = 0.8});
    scene_text(p->scene, x + 11, y + 10, TEXT_START, &words,
               pain ? INK_ON_NOTE : INK_TEXT);
    scene_end(p->scene);
    return box.h + 2;
}

static double notes(struct poster *p, const struct poster_row *row, size_t step, double y,
                    const struct map_item *items, size_t count, bool pain)
{
    double at = y;
    for (size_t i = 0; i < count; i++)
        at += (i ? 7 : 0) + note(p, row, step, i, items[i].text, at + (i ? 7 : 0), pain);
    return at - y;
}

double cell_pains(struct poster *p, const struct poster_row *row, size_t step, double y)
{
    const struct map_step *s = &p->map->steps[step];
    return notes(p, row, step, y, s->pains, s->pain_count, true);
}

double cell_opportunities(struct poster *p, const struct poster_row *row, size_t step,
                          double y)
{
    const struct map_step *s = &p->map->steps[step];
    return notes(p, row, step, y, s->opportunities, s->opportunity_count, false);
}

double cell_owner(struct poster *p, const struct poster_row *row, size_t step, double y)
{
    const char *owner = p->map->steps[step].owner;
    bool known = poster_has(owner);
    return poster_words(p, column_x(row, step) + CELL_INSET, y, cell_width(row),
                        known ? owner : _c("owner", "nobody"), &type_body,
                        known ? INK_TEXT : INK_LOST);
}
