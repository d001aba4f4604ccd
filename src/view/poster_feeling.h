/* poster_feeling: what the parts of the feeling lane share. Not for others. */
#ifndef VIEW_POSTER_FEELING_H
#define VIEW_POSTER_FEELING_H

#include "view/poster_parts.h"

#include <math.h>

#define UNIT       46.0 /* px of one unit of valence */
#define FACE       13.0
#define LINES_MOST 5 /* evidence and four personas' beliefs */

/* One line over the row's steps: y by step, NAN where there is a gap. */
struct line {
    double *y;
    unsigned ink;
    const char *dash;
    double width;
};
struct feeling {
    struct poster *p;
    const struct poster_row *row;
    double zero; /* y of valence 0 */
    struct line lines[LINES_MOST];
    size_t line_count;
    double *upper, *lower; /* the band */
};
/* The words of a step, broken, and where they go. */
struct label {
    struct text_block word, figures;
    double width, height, y;
};

static inline double feeling_y(const struct feeling *f, double valence)
{
    return f->zero - fmin(fmax(valence, -2), 2) * UNIT;
}

static inline double feeling_x(const struct feeling *f, size_t i)
{
    return f->row->x + ((double)i + 0.5) * f->row->column - 4;
}

/* What the persona was believed to feel; NAN where nobody said. */
double feeling_believed(const struct poster *p, size_t step, size_t persona);
/* The value the face shows: of the evidence, else what was believed; NAN when neither. */
double feeling_shown(const struct feeling *f, size_t i, bool *ret_evidence);
/* Where belief and evidence part: the y of what was believed. False when they do not. */
bool feeling_gap(const struct feeling *f, size_t i, double *ret_believed);
/* The points of the run of values that begins at *at; moves *at behind it. */
size_t feeling_run(const struct feeling *f, const double *y, size_t *at,
                   struct point *points, size_t *ret_first);
/* Break the words of all steps and find their places. `points` is scratch for the row. */
void feeling_arrange(const struct feeling *f, struct label *labels, struct point *points);
/* The lines of the scale, which make way for words, and its names. */
void feeling_scale(const struct feeling *f, const struct label *labels);
/* A bit of each line, and what it stands for. Returns where it ends. */
double feeling_key(const struct feeling *f, double y);

#endif
