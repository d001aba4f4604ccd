/* The scale and the key of the feeling lane, at its left. */
#include "view/poster_feeling.h"

#include "base/lang.h"

#define KEY_LINE 28.0

static const struct text_style type_figures = {.size = 10.5, .leading = 14};

/* A line of the scale, which makes way for the words that stand on it. */
static void scale_line(const struct feeling *f, double y, const struct label *labels)
{
    const struct paint paint = {.stroke = INK_LINE, .width = 1.2, .dash = "2 4"};
    double from = POSTER_MARGIN + POSTER_LABEL, end = f->p->width - POSTER_MARGIN;
    for (size_t i = 0; i < f->row->count; i++) {
        const struct label *label = &labels[i];
        if (label->height == 0 || y < label->y - 1 || y > label->y + label->height + 1)
            continue;
        double left = feeling_x(f, i) - label->width / 2 - 6;
        if (left > from)
            scene_line(f->p->scene, (struct point){from, y}, (struct point){left, y},
                       paint);
        from = left + label->width + 12;
    }
    if (end > from)
        scene_line(f->p->scene, (struct point){from, y}, (struct point){end, y}, paint);
}

void feeling_scale(const struct feeling *f, const struct label *labels)
{
    static const struct {
        double valence;
        const char *words;
    } marks[] = {{2, N_("very good")}, {0, N_("so-so")}, {-2, N_("very bad")}};
    double left = POSTER_MARGIN + POSTER_LABEL;
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        double y = feeling_y(f, marks[i].valence);
        scale_line(f, y, labels);
        struct text_block words =
            text_break(f->p->arena, _(marks[i].words), &type_figures, POSTER_LABEL, 1);
        scene_text(f->p->scene, left - 8, y - words.height / 2, TEXT_END, &words,
                   INK_QUIET);
    }
}

/* What a line of the key stands for. */
static const char *line_words(const struct feeling *f, const struct line *line)
{
    const struct vg_map *map = f->p->map;
    if (!line->dash)
        return _("from the evidence, with its 95% interval");
    for (size_t k = 1; k < map->persona_count && k < 4; k++)
        if (line->ink == ink_phase_text(k) && poster_has(map->personas[k].name))
            return map->personas[k].name;
    return _("believed in the workshop");
}

/* Where a row of the key may stand: not on the words of the scale. */
static double beside_scale(const struct feeling *f, double y, double height)
{
    for (int valence = 2; valence >= -2; valence -= 2) {
        double mark = feeling_y(f, valence);
        if (y < mark + 9 && y + height > mark - 9)
            y = mark + 9;
    }
    return y;
}

static double key_row(const struct feeling *f, const char *words, double y,
                      double *ret_middle)
{
    struct text_block block =
        text_break(f->p->arena, words, &type_figures, POSTER_LABEL - KEY_LINE - 14, 0);
    y = beside_scale(f, y, block.height);
    scene_text(f->p->scene, POSTER_MARGIN + KEY_LINE, y, TEXT_START, &block, INK_QUIET);
    *ret_middle = y + text_leading(&block.style) / 2;
    return y + block.height + 4;
}

static bool only_believed(const struct feeling *f)
{
    for (size_t i = 0; i < f->row->count; i++) {
        bool evidence;
        if (isfinite(feeling_shown(f, i, &evidence)) && !evidence)
            return true;
    }
    return false;
}

double feeling_key(const struct feeling *f, double y)
{
    struct scene *scene = f->p->scene;
    double x = POSTER_MARGIN, middle;
    bool evidence = false;
    for (size_t i = f->line_count; i-- > 0;) {
        const struct line *line = &f->lines[i];
        y = key_row(f, line_words(f, line), y, &middle);
        scene_line(scene, (struct point){x + 1, middle}, (struct point){x + 21, middle},
                   (struct paint){.stroke = line->ink,
                                  .width = line->width,
                                  .dash = line->dash,
                                  .round = line->dash == NULL});
        evidence = evidence || !line->dash;
    }
    if (evidence && only_believed(f)) {
        y = key_row(f, _("nobody observed: only believed"), y, &middle);
        scene_circle(scene, (struct point){x + 11, middle}, 6,
                     (struct paint){.stroke = INK_BELIEF, .width = 1.4, .dash = "3 2.5"});
    }
    return y;
}
