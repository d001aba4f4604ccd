/* scene: a picture as boxes, lines, curves and text, before it becomes SVG, PNG or PDF.
 * It knows no customers.
 *
 * Units      CSS pixels, y downwards; 1 px is 1/96 inch.
 * Colours    are roles: indexes into the theme, so that one picture serves light and
 *            dark. Role 0 is "none".
 * Ownership  everything lives in the arena given to scene_new; texts are copied.
 * Errors     sticky, like struct buf: once memory is used up every later call does
 *            nothing, and scene_svg says so.
 *
 *     struct scene *scene = scene_new(arena, &theme, "flow");
 *     scene_title(scene, "img", _("The flow"), description);
 *     scene_group(scene, &(struct scene_group){.class = "step", .label = title});
 *     scene_box(scene, (struct rect){8, 8, 120, 40}, 9, (struct paint){.fill =
 * INK_CARD}); struct text_block block = text_break(arena, title, &style, 104, 0);
 *     scene_text(scene, 16, 14, TEXT_START, &block, INK_TEXT);
 *     scene_end(scene);
 *     scene_size(scene, 136, 56);
 *     scene_svg(scene, &(struct svg_options){.theme = SVG_AUTO}, &out, err);
 */
#ifndef DRAW_SCENE_H
#define DRAW_SCENE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "draw/text.h"

struct theme_colour {
    const char *name;         /* of the CSS custom property, without "--vg-" */
    const char *light, *dark; /* "#rrggbb" */
};
struct theme {
    const struct theme_colour *colours; /* [count]; colours[0] is "none" */
    size_t count;
};

struct rect {
    double x, y, w, h;
};
struct point {
    double x, y;
};
/* What is not said is not painted. */
struct paint {
    unsigned fill, stroke; /* roles */
    double fill_alpha;     /* 0: opaque */
    double stroke_alpha;   /* 0: opaque */
    double width;          /* of the stroke; 0: 1 */
    const char *dash;      /* "5 4", or NULL */
    unsigned hatch;        /* role of diagonal lines over the fill; 0: none */
    bool round;            /* round ends and joins */
    const char *class;     /* for the page's script, or NULL */
};
struct scene_data {
    const char *name, *value; /* data-name="value" */
};
struct scene_group {
    const char *class, *id, *role, *label; /* label: aria-label; each may be NULL */
    const char *title;                     /* <title>: shown when the mouse rests on it */
    const char *desc;                      /* <desc> */
    struct scene_data data[6];             /* up to the first without a name */
    const struct rect *clip; /* nothing is drawn outside it; NULL: no clipping */
    double clip_radius;
    const struct rect *holds; /* texts inside must lie in it: for tests; NULL: the page */
    double turn;              /* degrees around (turn_x, turn_y) */
    double turn_x, turn_y;
    bool hidden; /* from screen readers: it repeats what is said elsewhere */
};
enum text_anchor { TEXT_START, TEXT_MIDDLE, TEXT_END };

struct scene;

/* `id` begins every id in the picture, so that several fit in one page. NULL when memory
 * is used up. */
struct scene *scene_new(struct arena *arena, const struct theme *theme,
                        const char *id) MUST_CHECK;
void scene_size(struct scene *scene, double width, double height);
double scene_width(const struct scene *scene);
double scene_height(const struct scene *scene);
/* What it shows, for who cannot see it. role: "img", or "graphics-document" when its
 * groups carry labels worth reading. */
void scene_title(struct scene *scene, const char *role, const char *title,
                 const char *desc);
/* Colour of the whole page, behind everything. */
void scene_ground(struct scene *scene, unsigned ink);
/* A picture that has no ground gets one, with a margin around: for a file that is opened
 * by itself, on whatever colour. */
void scene_sheet(struct scene *scene, unsigned ink, double margin);
/* While muted nothing is recorded: draw once muted to learn how high it gets. It nests:
 * each true wants its false. */
void scene_mute(struct scene *scene, bool muted);
/* Where a new page may begin when it is printed on several. */
void scene_page(struct scene *scene, double y);
size_t scene_pages(const struct scene *scene, const double **ret_y);

void scene_group(struct scene *scene, const struct scene_group *group);
void scene_end(struct scene *scene); /* of the group */

void scene_box(struct scene *scene, struct rect box, double radius, struct paint paint);
void scene_line(struct scene *scene, struct point from, struct point to,
                struct paint paint);
void scene_circle(struct scene *scene, struct point centre, double radius,
                  struct paint paint);
/* A block whose top is at y; x is its left edge, middle or right edge by the anchor. */
void scene_text(struct scene *scene, double x, double y, enum text_anchor anchor,
                const struct text_block *block, unsigned ink);
/* Break and draw in one go; returns the height it took. */
double scene_words(struct scene *scene, double x, double y, double width,
                   const char *text, const struct text_style *style, unsigned ink);

/* A path, point by point; then scene_path draws it. */
struct path {
    struct buf d;
};
void path_move(struct path *path, struct point to);
void path_line(struct path *path, struct point to);
void path_curve(struct path *path, struct point a, struct point b, struct point to);
/* A quarter turn or any circular arc to `to`. */
void path_arc(struct path *path, double radius, bool clockwise, struct point to);
void path_close(struct path *path);
/* Draws the path and frees it. */
void scene_path(struct scene *scene, struct path *path, struct paint paint);

struct arena *scene_arena(const struct scene *scene);
bool scene_failed(const struct scene *scene);

enum svg_theme { SVG_LIGHT, SVG_DARK, SVG_AUTO /* as the reader's system prefers */ };
struct svg_options {
    enum svg_theme theme;
    bool embed_fonts; /* as base64, so that it looks the same everywhere */
    bool inside_html; /* no declaration, no fonts, no style sheet: the page brings
                         theme_css() and fonts_css() once; colours follow the page */
};
/* The picture as SVG. Every colour is written as a plain attribute, and besides, for auto
 * and inside_html, as a class that looks up the theme's custom property.
 * VG_ERR_MEMORY; VG_ERR_LIMIT above LIMIT_SVG_BYTES. */
MUST_CHECK enum vg_code scene_svg(const struct scene *scene,
                                  const struct svg_options *options, struct buf *out,
                                  struct vg_err *err);
/* The theme for a page: custom properties (--vg-NAME) on `selector`, dark by preference
 * and by data-theme="dark" | "light" on it, and the classes that the pictures use. */
void theme_css(const struct theme *theme, const char *selector, struct buf *out);

/* The boxes of all texts, for tests: none may overlap, each lies in what holds it. */
struct scene_text_box {
    struct rect box, holder;
    const char *text; /* its first line */
};
size_t scene_text_boxes(const struct scene *scene, const struct scene_text_box **ret);

#endif
