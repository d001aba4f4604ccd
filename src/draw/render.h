/* render: an SVG, as scene_svg writes it, to PNG and PDF. Give it a plain one (SVG_LIGHT
 * or SVG_DARK, without fonts): style sheets with custom properties are not understood.
 * Threads    any. */
#ifndef DRAW_RENDER_H
#define DRAW_RENDER_H

#include "base/buf.h"
#include "base/err.h"

#define LIMIT_PNG_PIXELS (160 * 1000 * 1000)
#define LIMIT_PNG_SIDE   32000 /* cairo's own limit is 32767 */

/* As a PNG `width` pixels wide (0: scale × the picture's own width, scale 0: 1). Appends
 * the file's bytes to out. VG_ERR_LIMIT above LIMIT_PNG_PIXELS or LIMIT_PNG_SIDE, unless
 * it may `shrink` as far as these ask; VG_ERR_INPUT when it is no SVG. */
struct png_options {
    double scale;
    double width;
    bool shrink;
};
MUST_CHECK enum vg_code render_png(str svg, const struct png_options *options,
                                   struct buf *out, struct vg_err *err);

/* Sheets of paper. A picture higher than the sheet is cut into pages where it may be
 * (`breaks`, from scene_pages); what cannot be cut is made smaller. */
struct paper {
    double width_mm, height_mm, margin_mm;
};
/* "A4", "a3", "A0", "A3-portrait", "420x297" (mm) …; false when it is none. Landscape
 * unless it says portrait. */
bool paper_from_text(const char *text, struct paper *ret);
struct pdf_options {
    struct paper paper;
    const double *breaks; /* [break_count] y where a page may begin, ascending */
    size_t break_count;
    bool one_page; /* never cut: make it fit */
    const char
        *ground; /* colour of the sheet around the picture, "#rrggbb"; NULL: white */
    const char *title;
};
MUST_CHECK enum vg_code render_pdf(str svg, const struct pdf_options *options,
                                   struct buf *out, struct vg_err *err);

#endif
