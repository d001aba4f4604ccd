/* fonts: Inter, inside the program: for measuring, for PNG and PDF, and for the page.
 * Threads    any; each thread has a font map of its own, freed when it ends.
 * License    SIL Open Font License 1.1 (see NOTICE). */
#ifndef DRAW_FONTS_H
#define DRAW_FONTS_H

#include "base/buf.h"
#include "draw/text.h"

#include <pango/pango.h>

#define FONT_FAMILY "Inter"
/* For CSS and SVG: what stands in where the font is missing. */
#define FONT_STACK FONT_FAMILY ", 'Helvetica Neue', Arial, sans-serif"

/* This thread's font map, which knows Inter whether or not the machine does, and the
 * machine's other fonts for letters Inter lacks. NULL when it cannot be made. Borrowed.
 */
PangoFontMap *fonts_map(void);
int font_weight(enum face face); /* 400 … 700 */

/* @font-face rules with the fonts as base64; `faces` has bit 1 << face. */
void fonts_css(unsigned faces, struct buf *out);
#define FONTS_ALL ((1u << FACE_COUNT) - 1)

#endif
