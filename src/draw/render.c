/* SVG to PNG by librsvg and cairo, and what PDF shares with it. */
#include "draw/render_parts.h"

#include "base/lang.h"
#include "draw/fonts.h"

#include <math.h>
#include <pango/pangocairo.h>

cairo_status_t render_write(void *out, const unsigned char *bytes, unsigned len)
{
    struct buf *buf = out;
    buf_add(buf, (str){(const char *)bytes, len});
    return buf->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

enum vg_code render_cairo(cairo_status_t status, struct vg_err *err)
{
    if (status == CAIRO_STATUS_SUCCESS)
        return VG_OK;
    if (status == CAIRO_STATUS_NO_MEMORY)
        return err_memory(err);
    return err_set(err, VG_ERR_IO, NULL, _("the picture could not be painted: %s"),
                   cairo_status_to_string(status));
}

enum vg_code render_open(str svg, struct picture *ret, struct vg_err *err)
{
    GError *error = NULL;
    GInputStream *stream =
        g_memory_input_stream_new_from_data(svg.ptr, (gssize)svg.len, NULL);
    RsvgHandle *handle = rsvg_handle_new_from_stream_sync(
        stream, NULL, RSVG_HANDLE_FLAG_UNLIMITED, NULL, &error);
    g_object_unref(stream);
    if (!handle) {
        err_set(err, VG_ERR_INPUT, NULL, _("this is no picture that can be painted: %s"),
                error ? error->message : "");
        g_clear_error(&error);
        return VG_ERR_INPUT;
    }
    rsvg_handle_set_dpi(handle, 96);
    struct picture picture = {.handle = handle};
    if (!rsvg_handle_get_intrinsic_size_in_pixels(handle, &picture.width,
                                                  &picture.height) ||
        picture.width < 1 || picture.height < 1) {
        g_object_unref(handle);
        return err_set(err, VG_ERR_INPUT, NULL, _("the picture has no size"));
    }
    *ret = picture;
    return VG_OK;
}

enum vg_code render_paint(const struct picture *picture, cairo_t *cr, double scale,
                          struct vg_err *err)
{
    /* librsvg asks for the thread's default font map: lend it the one that knows Inter.
     * Asking for the present one, to put it back, would load the user's font settings. */
    PangoFontMap *ours = fonts_map();
    if (ours)
        pango_cairo_font_map_set_default(PANGO_CAIRO_FONT_MAP(ours));
    GError *error = NULL;
    RsvgRectangle all = {0, 0, picture->width * scale, picture->height * scale};
    gboolean fine = rsvg_handle_render_document(picture->handle, cr, &all, &error);
    pango_cairo_font_map_set_default(NULL);
    if (fine)
        return render_cairo(cairo_status(cr), err);
    err_set(err, VG_ERR_IO, NULL, _("the picture could not be painted: %s"),
            error ? error->message : "");
    g_clear_error(&error);
    return VG_ERR_IO;
}

static enum vg_code paint_png(const struct picture *picture, double scale, int width,
                              int height, struct buf *out, struct vg_err *err)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    enum vg_code code = render_cairo(cairo_status(cr), err);
    if (code == VG_OK)
        code = render_paint(picture, cr, scale, err);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    if (code == VG_OK)
        code = render_cairo(cairo_surface_write_to_png_stream(surface, render_write, out),
                            err);
    cairo_surface_destroy(surface);
    return code;
}

static double png_scale(const struct picture *picture, const struct png_options *options)
{
    double scale = options->width > 0   ? options->width / picture->width
                   : options->scale > 0 ? options->scale
                                        : 1;
    if (!options->shrink)
        return scale;
    /* A pixel less than allowed: rounding may add one. */
    scale = fmin(scale, (LIMIT_PNG_SIDE - 1) / fmax(picture->width, picture->height));
    return fmin(scale, sqrt((LIMIT_PNG_PIXELS - 2.0 * LIMIT_PNG_SIDE) /
                            (picture->width * picture->height)));
}

enum vg_code render_png(str svg, const struct png_options *options, struct buf *out,
                        struct vg_err *err)
{
    struct picture picture;
    enum vg_code code = render_open(svg, &picture, err);
    if (code != VG_OK)
        return code;
    double scale = png_scale(&picture, options);
    double width = fmax(1, round(picture.width * scale));
    double height = fmax(1, round(picture.height * scale));
    if (width * height > LIMIT_PNG_PIXELS || width > LIMIT_PNG_SIDE ||
        height > LIMIT_PNG_SIDE) {
        err_set(err, VG_ERR_LIMIT, NULL,
                _("the picture would be %.0f × %.0f pixels: the limit is %d million, "
                  "%d on a side"),
                width, height, LIMIT_PNG_PIXELS / 1000000, LIMIT_PNG_SIDE);
        err_hint(err, _("ask for a smaller one, or for SVG or PDF"));
        code = VG_ERR_LIMIT;
    } else {
        code = paint_png(&picture, scale, (int)width, (int)height, out, err);
    }
    g_object_unref(picture.handle);
    return code;
}
