/* SVG to PNG and PDF by librsvg and cairo. */
#include "draw/render.h"

#include "base/lang.h"

enum vg_code render_png(str svg, const struct png_options *options, struct buf *out,
                        struct vg_err *err)
{
    (void)svg, (void)options, (void)out;
    return err_set(err, VG_ERR_USAGE, NULL, "not here yet");
}

bool paper_from_text(const char *text, struct paper *ret)
{
    (void)text, (void)ret;
    return false;
}

enum vg_code render_pdf(str svg, const struct pdf_options *options, struct buf *out,
                        struct vg_err *err)
{
    (void)svg, (void)options, (void)out;
    return err_set(err, VG_ERR_USAGE, NULL, "not here yet");
}
