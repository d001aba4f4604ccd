/* Phases as chevrons, steps as cards, milestones as flags. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

#define CHEVRON_TIP 12.0
#define CHEVRON_PAD 9.0

/* The run of a phase's steps within a row. */
struct span {
    size_t phase, first, end;
    double x, width;
    bool goes_on, began_before;
};

static bool next_span(const struct poster *p, const struct poster_row *row, size_t *at,
                      struct span *ret)
{
    size_t row_end = row->first + row->count;
    if (*at >= row_end)
        return false;
    size_t phase = p->map->steps[*at].phase, end = *at;
    while (end < row_end && p->map->steps[end].phase == phase)
        end++;
    const struct map_phase *owner = &p->map->phases[phase];
    *ret = (struct span){.phase = phase, .first = *at, .end = end};
    ret->x = column_x(row, *at);
    ret->width = (double)(end - *at) * row->column;
    ret->began_before = *at > owner->first_step;
    ret->goes_on = end < owner->first_step + owner->step_count;
    *at = end;
    return true;
}

/* The first begins straight; each fits into the point of the one before it. */
static void chevron(struct poster *p, const struct span *span, bool first, double y,
                    double h)
{
    double gap = 5, left = span->x - (first ? 0 : CHEVRON_TIP - gap);
    double right = span->x + span->width - CHEVRON_TIP;
    struct path path = {0};
    path_move(&path, (struct point){left, y});
    path_line(&path, (struct point){right, y});
    path_line(&path, (struct point){right + CHEVRON_TIP, y + h / 2});
    path_line(&path, (struct point){right, y + h});
    path_line(&path, (struct point){left, y + h});
    if (!first)
        path_line(&path, (struct point){left + CHEVRON_TIP, y + h / 2});
    path_close(&path);
    unsigned ink = ink_phase(span->phase);
    scene_path(p->scene, &path,
               (struct paint){.fill = ink, .stroke = ink, .width = 2, .round = true});
}

static const char *phase_title(struct poster *p, const struct span *span)
{
    const char *title = p->map->phases[span->phase].title;
    return span->began_before ? arena_printf(p->arena, _("%s (continued)"), title)
                              : title;
}

static const struct text_style type_phase = {
    .size = 14, .face = FACE_SEMIBOLD, .leading = 19};

static struct text_block phase_words(struct poster *p, const struct span *span)
{
    return text_break(p->arena, phase_title(p, span), &type_phase,
                      span->width - CHEVRON_TIP * 2 - 14, 0);
}

/* What a phase is for stands in it on a success path only: there it is what the client
 * sets out to do. */
static struct text_block phase_aim(struct poster *p, const struct span *span)
{
    const struct map_phase *phase = &p->map->phases[span->phase];
    if (p->map->kind != MAP_SUCCESS_PATH || !poster_has(phase->aim) || span->began_before)
        return (struct text_block){0};
    return text_break(p->arena, phase->aim, &type_small,
                      span->width - CHEVRON_TIP * 2 - 14, 0);
}

double poster_phases(struct poster *p, const struct poster_row *row, double y)
{
    struct span span;
    double height = 0;
    for (size_t at = row->first; next_span(p, row, &at, &span);)
        height = fmax(height, phase_words(p, &span).height + phase_aim(p, &span).height);
    height = fmax(height, text_leading(&type_phase)) + 2 * CHEVRON_PAD;
    for (size_t at = row->first; next_span(p, row, &at, &span);) {
        const struct map_phase *phase = &p->map->phases[span.phase];
        struct rect holds = {span.x, y, span.width, height};
        struct text_block words = phase_words(p, &span), aim = phase_aim(p, &span);
        double top = y + (height - words.height - aim.height) / 2;
        scene_group(p->scene, &(struct scene_group){
                                  .class = "phase",
                                  .title = poster_has(phase->aim) ? phase->aim : NULL,
                                  .data = {{"phase", phase->id}},
                                  .holds = &holds});
        chevron(p, &span, span.first == row->first, y, height);
        scene_text(p->scene, span.x + 14, top, TEXT_START, &words,
                   ink_on_phase(span.phase));
        if (aim.count)
            scene_text(p->scene, span.x + 14, top + words.height, TEXT_START, &aim,
                       ink_on_phase(span.phase));
        scene_end(p->scene);
    }
    return height;
}

/* "optional · or else": how a step may be walked. */
static const char *step_note(struct poster *p, const struct map_step *step)
{
    const char *words[2];
    size_t count = 0;
    if (step->optional)
        words[count++] = _("optional");
    if (poster_has(step->choice))
        words[count++] = _("or else");
    return poster_join(p->arena, &(struct map_texts){words, count}, " · ");
}

static struct point around(struct point centre, double r, double degrees)
{
    double a = degrees * 3.14159265358979323846 / 180;
    return (struct point){centre.x + r * cos(a), centre.y + r * sin(a)};
}

/* A circle that runs into its own arrow: the step can come again. */
static void loop_sign(struct poster *p, struct point centre)
{
    const double r = 4.2, end = -55;
    struct paint line = {.stroke = INK_QUIET, .width = 1.3, .round = true};
    scene_group(p->scene, &(struct scene_group){.role = "img",
                                                .label = _("repeatable"),
                                                .title = _("repeatable")});
    struct path loop = {0};
    path_move(&loop, around(centre, r, 5));
    for (double at = 105; at <= 205; at += 100)
        path_arc(&loop, r, true, around(centre, r, at));
    struct point tip = around(centre, r, end);
    path_arc(&loop, r, true, tip);
    path_move(&loop, (struct point){tip.x + 0.6, tip.y - 3});
    path_line(&loop, (struct point){tip.x + 0.4, tip.y + 0.3});
    path_line(&loop, (struct point){tip.x - 3, tip.y + 0.6});
    scene_path(p->scene, &loop, line);
    scene_end(p->scene);
}

/* The number and, beside it where there is room, how the step may be walked; the title.
 */
static double step_words(struct poster *p, const struct poster_row *row, size_t step,
                         double y)
{
    const struct map_step *s = &p->map->steps[step];
    double x = column_x(row, step) + 11, width = row->column - 8 - 22;
    const char *number = arena_printf(p->arena, "%zu", step + 1);
    const char *words = step_note(p, s);
    struct text_block figure = text_break(p->arena, number, &type_small_strong, 0, 1);
    struct text_block note = text_break(p->arena, words, &type_small, width, 0);
    double beside = figure.width + (s->repeatable ? 26 : 8),
           star = s->moment_of_truth ? 20 : 0;
    double at = y + 7;
    scene_text(p->scene, x, at, TEXT_START, &figure, ink_phase_text(s->phase));
    if (s->repeatable)
        loop_sign(p, (struct point){x + figure.width + 13, at + 7.5});
    bool fits = note.count == 1 && beside + note.width <= width - star;
    if (fits)
        scene_text(p->scene, x + beside, at, TEXT_START, &note, INK_QUIET);
    at += figure.height + 1;
    at += poster_words(p, x, at, width, s->title, &type_strong, INK_TEXT);
    if (!fits && note.count > 0) {
        scene_text(p->scene, x, at + 2, TEXT_START, &note, INK_QUIET);
        at += 2 + note.height;
    }
    return at + 8 - y;
}

double poster_steps(struct poster *p, const struct poster_row *row, double y)
{
    double height = 56;
    scene_mute(p->scene, true);
    for (size_t i = row->first; i < row->first + row->count; i++)
        height = fmax(height, step_words(p, row, i, y));
    scene_mute(p->scene, false);
    for (size_t i = row->first; i < row->first + row->count; i++) {
        const struct map_step *s = &p->map->steps[i];
        struct rect card = {column_x(row, i), y, row->column - 8, height};
        scene_group(p->scene, &(struct scene_group){.class = "step",
                                                    .title = s->moment_of_truth
                                                                 ? _("moment of truth")
                                                                 : NULL,
                                                    .data = {{"step", s->id}},
                                                    .holds = &card});
        scene_box(p->scene, card, 10,
                  (struct paint){.fill = INK_CARD,
                                 .stroke = ink_phase(s->phase),
                                 .width = 1.6,
                                 .dash = s->optional ? "5 4" : NULL});
        if (s->moment_of_truth)
            draw_star(p->scene, (struct point){card.x + card.w - 17, y + 16}, 7.5,
                      INK_STAR);
        step_words(p, row, i, y);
        scene_end(p->scene);
    }
    return height;
}

static void flag(struct scene *scene, double x, double y, unsigned ink)
{
    scene_line(scene, (struct point){x, y}, (struct point){x, y + 16},
               (struct paint){.stroke = ink, .width = 1.6, .round = true});
    struct path path = {0};
    path_move(&path, (struct point){x, y});
    path_line(&path, (struct point){x + 11, y + 4});
    path_line(&path, (struct point){x, y + 8});
    path_close(&path);
    scene_path(scene, &path, (struct paint){.fill = ink});
}

static double milestone_words(struct poster *p, const struct span *span, double y)
{
    return 16 + poster_words(p, span->x + 32, y + 8, span->width - 8 - 44,
                             p->map->phases[span->phase].milestone, &type_strong,
                             INK_TEXT);
}

double poster_milestones(struct poster *p, const struct poster_row *row, double y)
{
    struct span span;
    double height = 0;
    scene_mute(p->scene, true);
    for (size_t at = row->first; next_span(p, row, &at, &span);)
        if (!span.goes_on && poster_has(p->map->phases[span.phase].milestone))
            height = fmax(height, milestone_words(p, &span, y));
    scene_mute(p->scene, false);
    for (size_t at = row->first; height > 0 && next_span(p, row, &at, &span);) {
        if (span.goes_on || !poster_has(p->map->phases[span.phase].milestone))
            continue;
        struct rect card = {span.x, y, span.width - 8, height};
        unsigned ink = ink_phase(span.phase);
        scene_group(p->scene,
                    &(struct scene_group){.class = "milestone", .holds = &card});
        scene_box(p->scene, card, 9, (struct paint){.fill = ink, .fill_alpha = 0.12});
        flag(p->scene, card.x + 14, y + 8, ink_phase_text(span.phase));
        milestone_words(p, &span, y);
        scene_end(p->scene);
    }
    return height;
}
