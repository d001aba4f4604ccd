/* text: words broken into lines that fit, measured in the very font they are drawn in.
 *
 * Units      CSS pixels. A line's box is `leading` high; its baseline is at
 *            text_baseline(style) below the box's top.
 * Invariant  the same text, style and width give the same lines on every machine: the
 *            font is inside the program, nothing is hinted or rounded.
 * Hostile    control and direction-override characters go, more than four combining marks
 *            on a letter go, and a text ends in … after TEXT_LIMIT_CHARS characters. */
#ifndef DRAW_TEXT_H
#define DRAW_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

#define TEXT_LIMIT_CHARS 2000

enum face {
    FACE_REGULAR,
    FACE_MEDIUM,
    FACE_SEMIBOLD,
    FACE_BOLD,
    FACE_ITALIC,
    FACE_COUNT
};

struct text_style {
    double size;
    enum face face;
    double leading;  /* height of a line; 0: 1.36 × size */
    double tracking; /* added after every letter, in px */
    bool tabular;    /* figures of one width, for columns */
};
struct text_line {
    str text;
    double width;
};
/* A text, broken. With a word longer than the width the size shrinks a little (to 80 %);
 * where that is not enough, the word breaks. */
struct text_block {
    const struct text_line *lines;
    size_t count;
    double width, height;    /* of the widest line; of all lines */
    struct text_style style; /* as it came to be drawn: size may have shrunk */
    bool failed;             /* memory ran out: drawing it fails the scene */
};

/* Break text into lines of at most `width` (0: only at its own line breaks), at most
 * max_lines of them (0: as many as it takes; else the last ends in …). */
struct text_block text_break(struct arena *arena, const char *text,
                             const struct text_style *style, double width,
                             size_t max_lines);
/* The width of text on one line. */
double text_width(const char *text, const struct text_style *style);
double text_leading(const struct text_style *style);
double text_baseline(const struct text_style *style);

#endif
