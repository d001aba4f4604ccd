/* render_parts: what painting to PNG and to PDF share. Not for others. */
#ifndef DRAW_RENDER_PARTS_H
#define DRAW_RENDER_PARTS_H

#include "draw/render.h"

#include <cairo.h>
#include <librsvg/rsvg.h>

struct picture {
    RsvgHandle *handle; /* g_object_unref */
    double width, height;
};
/* VG_ERR_INPUT when it is no SVG or has no size. */
MUST_CHECK enum vg_code render_open(str svg, struct picture *ret, struct vg_err *err);
/* Paint all of it at (0, 0), `scale` times its size. */
MUST_CHECK enum vg_code render_paint(const struct picture *picture, cairo_t *cr,
                                     double scale, struct vg_err *err);
MUST_CHECK enum vg_code render_cairo(cairo_status_t status, struct vg_err *err);
/* A cairo_write_func_t that appends to a struct buf. */
cairo_status_t render_write(void *out, const unsigned char *bytes, unsigned len);

#endif
