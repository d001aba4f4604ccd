/* theme: the colours, the type and the small shapes that every picture shares.
 * Contrast of each text on each ground it stands on is AA (tests/view/test_poster.c). */
#ifndef VIEW_THEME_H
#define VIEW_THEME_H

#include "draw/scene.h"

/* What a colour is for. */
enum ink {
    INK_NONE,
    INK_PAPER,
    INK_CARD,
    INK_TEXT,
    INK_QUIET,
    INK_LINE,
    INK_SOFT,
    INK_PHASE_1,
    INK_PHASE_2,
    INK_PHASE_3,
    INK_PHASE_4,
    INK_PHASE_5,
    INK_PHASE_6,
    INK_PHASE_7,
    INK_PHASE_8,
    INK_ON_PHASE_1,
    INK_ON_PHASE_2,
    INK_ON_PHASE_3,
    INK_ON_PHASE_4,
    INK_ON_PHASE_5,
    INK_ON_PHASE_6,
    INK_ON_PHASE_7,
    INK_ON_PHASE_8,
    INK_PHASE_TEXT_1,
    INK_PHASE_TEXT_2,
    INK_PHASE_TEXT_3,
    INK_PHASE_TEXT_4,
    INK_PHASE_TEXT_5,
    INK_PHASE_TEXT_6,
    INK_PHASE_TEXT_7,
    INK_PHASE_TEXT_8,
    INK_EVIDENCE,
    INK_BELIEF,
    INK_LOST,
    INK_LOST_SOFT,
    INK_WARNING,
    INK_WARNING_SOFT,
    INK_GOOD,
    INK_GOOD_SOFT,
    INK_GOOD_LINE,
    INK_GOOD_FILL,
    INK_ON_FILL,
    INK_DOING_FILL,
    INK_IDLE_FILL,
    INK_NOTE,
    INK_NOTE_EDGE,
    INK_ON_NOTE,
    INK_STAR,
    INK_VALENCE_1,
    INK_VALENCE_2,
    INK_VALENCE_3,
    INK_VALENCE_4,
    INK_VALENCE_5,
    INK_ON_VALENCE,
    INK_CHANNEL_WEB,
    INK_CHANNEL_WEB_SOFT,
    INK_CHANNEL_MAIL,
    INK_CHANNEL_MAIL_SOFT,
    INK_CHANNEL_PHONE,
    INK_CHANNEL_PHONE_SOFT,
    INK_CHANNEL_PERSON,
    INK_CHANNEL_PERSON_SOFT,
    INK_CHANNEL_CHAT,
    INK_CHANNEL_CHAT_SOFT,
    INK_CHANNEL_OTHER,
    INK_CHANNEL_OTHER_SOFT,
    INK_COUNT
};
extern const struct theme view_theme;

/* Phases have eight colours, over and over: the fill, the text on it, text on paper. */
unsigned ink_phase(size_t phase);
unsigned ink_on_phase(size_t phase);
unsigned ink_phase_text(size_t phase);
/* The colour of a valence −2 … +2. */
unsigned ink_valence(double valence);
/* The colours of a channel by its name ("Telefono", "e-mail", "sito web", "in negozio"…);
 * the soft one is its ground. */
unsigned ink_channel(const char *channel, unsigned *ret_soft);

/* The type scale. */
extern const struct text_style type_title, /* 30 bold: of the picture              */
    type_heading,                          /* 16 semibold: of a card               */
    type_strong,                           /* 12.5 semibold                        */
    type_body,                             /* 12.5                                 */
    type_small,                            /* 11                                   */
    type_small_strong,                     /* 11 semibold                          */
    type_quote,                            /* 12.5 italic                          */
    type_label,                            /* 10 semibold, tracked: PARTENZA       */
    type_number;                           /* 22 bold, tabular                     */

/* A face: the mouth and the colour say the valence. Labelled for who cannot see. */
void draw_face(struct scene *scene, struct point centre, double radius, double valence);
/* A five-pointed star. */
void draw_star(struct scene *scene, struct point centre, double radius, unsigned ink);

/* A pill with words in it, with a dot in front where `dot` is a colour. Wraps within
 * max_width. Measure first, then draw; both return the size. */
struct chip {
    const char *text;
    unsigned ink, ground, dot;
    bool strong;
};
struct rect chip_measure(struct arena *arena, const struct chip *chip, double max_width);
struct rect chip_draw(struct scene *scene, const struct chip *chip, double x, double y,
                      double max_width);

/* A smooth curve through points of ascending x which never rises above or falls below
 * the two points it runs between: monotone cubic (F. N. Fritsch, R. E. Carlson, "Monotone
 * piecewise cubic interpolation", 1980). */
void curve_add(struct path *path, const struct point *points, size_t count);
/* Its y at x, for placing words beside it; NAN outside. */
double curve_at(const struct point *points, size_t count, double x);
/* The area between an upper and a lower curve over the same x. */
void curve_band(struct path *path, const struct point *upper, const struct point *lower,
                size_t count);

#endif
