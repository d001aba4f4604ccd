/* SVG to sheets of paper. */
#include "base/lang.h"
#include "draw/render_parts.h"

#include <cairo-pdf.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#define POINTS_PER_MM (72 / 25.4)
#define SHEET_MAX_MM  5000.0
#define SHEET_MIN_MM  50.0
/* A picture is put on one sheet as long as this does not make it smaller than so much of
 * what it would be across the width. */
#define SHRINK_TO_ONE 0.72
#define LIMIT_PAGES   200

static const struct {
    const char *name;
    double width_mm, height_mm; /* landscape */
} papers[] = {
    {"a5", 210, 148}, {"a4", 297, 210},  {"a3", 420, 297},     {"a2", 594, 420},
    {"a1", 841, 594}, {"a0", 1189, 841}, {"letter", 279, 216}, {"tabloid", 432, 279},
};

static bool paper_custom(const char *text, struct paper *ret)
{
    char *end;
    double width = strtod(text, &end);
    if (end == text || (*end != 'x' && *end != 'X'))
        return false;
    const char *rest = end + 1;
    double height = strtod(rest, &end);
    if (end == rest || (*end && strcasecmp(end, "mm") != 0))
        return false;
    if (!(width >= SHEET_MIN_MM && width <= SHEET_MAX_MM && height >= SHEET_MIN_MM &&
          height <= SHEET_MAX_MM))
        return false;
    *ret = (struct paper){width, height, 0};
    return true;
}

bool paper_from_text(const char *text, struct paper *ret)
{
    for (size_t i = 0; i < COUNT_OF(papers); i++) {
        size_t len = strlen(papers[i].name);
        if (strncasecmp(text, papers[i].name, len) != 0)
            continue;
        bool portrait = strcasecmp(text + len, "-portrait") == 0;
        if (text[len] && !portrait && strcasecmp(text + len, "-landscape") != 0)
            continue;
        *ret = (struct paper){papers[i].width_mm, papers[i].height_mm, 0};
        if (portrait)
            *ret = (struct paper){papers[i].height_mm, papers[i].width_mm, 0};
        return true;
    }
    return paper_custom(text, ret);
}

/* The sheets: page i shows the picture from y[i] to y[i + 1]. */
struct sheets {
    double scale; /* points per px */
    double y[LIMIT_PAGES + 1];
    size_t count;
};

/* The tallest piece that may not be cut. */
static double tallest(const struct picture *picture, const struct pdf_options *options)
{
    double from = 0, most = 0;
    for (size_t i = 0; i < options->break_count; i++) {
        most = fmax(most, options->breaks[i] - from);
        from = options->breaks[i];
    }
    return fmax(most, picture->height - from);
}

static void one_sheet(const struct picture *picture, double height, struct sheets *sheets)
{
    sheets->scale = fmin(sheets->scale, height / picture->height);
    sheets->y[0] = 0;
    sheets->y[1] = picture->height;
    sheets->count = 1;
}

/* Fill each sheet with as many pieces as go on it. */
static void many_sheets(const struct picture *picture, const struct pdf_options *options,
                        double height, struct sheets *sheets)
{
    sheets->scale = fmin(sheets->scale, height / tallest(picture, options));
    double room = height / sheets->scale + 0.5, last = 0;
    sheets->y[0] = 0;
    sheets->count = 0;
    for (size_t i = 0; i <= options->break_count; i++) {
        double end = i < options->break_count ? options->breaks[i] : picture->height;
        if (end - sheets->y[sheets->count] > room && last > sheets->y[sheets->count] &&
            sheets->count + 1 < LIMIT_PAGES)
            sheets->y[++sheets->count] = last;
        last = end;
    }
    sheets->y[++sheets->count] = picture->height;
}

static void plan(const struct picture *picture, const struct pdf_options *options,
                 double width, double height, struct sheets *sheets)
{
    sheets->scale = width / picture->width;
    double whole = height / picture->height;
    if (options->one_page || options->break_count == 0 ||
        whole >= sheets->scale * SHRINK_TO_ONE)
        one_sheet(picture, height, sheets);
    else
        many_sheets(picture, options, height, sheets);
}

static void ground(cairo_t *cr, const char *colour)
{
    unsigned long rgb =
        colour && *colour == '#' ? strtoul(colour + 1, NULL, 16) : 0xFFFFFF;
    cairo_set_source_rgb(cr, (double)(rgb >> 16 & 255) / 255,
                         (double)(rgb >> 8 & 255) / 255, (double)(rgb & 255) / 255);
    cairo_paint(cr);
}

static enum vg_code paint_sheet(const struct picture *picture,
                                const struct pdf_options *options,
                                const struct sheets *sheets, size_t page, cairo_t *cr,
                                struct vg_err *err)
{
    double margin = options->paper.margin_mm * POINTS_PER_MM;
    double sheet = options->paper.width_mm * POINTS_PER_MM;
    double width = picture->width * sheets->scale;
    double from = sheets->y[page] * sheets->scale;
    double height = (sheets->y[page + 1] - sheets->y[page]) * sheets->scale;
    ground(cr, options->ground);
    cairo_save(cr);
    cairo_translate(cr, (sheet - width) / 2, margin);
    cairo_rectangle(cr, 0, 0, width, height);
    cairo_clip(cr);
    cairo_translate(cr, 0, -from);
    enum vg_code code = render_paint(picture, cr, sheets->scale, err);
    cairo_restore(cr);
    cairo_show_page(cr);
    return code;
}

static enum vg_code paint_pdf(const struct picture *picture,
                              const struct pdf_options *options, struct buf *out,
                              struct vg_err *err)
{
    const struct paper *paper = &options->paper;
    struct sheets *sheets = calloc(1, sizeof *sheets);
    if (!sheets)
        return err_memory(err);
    plan(picture, options, (paper->width_mm - 2 * paper->margin_mm) * POINTS_PER_MM,
         (paper->height_mm - 2 * paper->margin_mm) * POINTS_PER_MM, sheets);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        render_write, out, paper->width_mm * POINTS_PER_MM,
        paper->height_mm * POINTS_PER_MM);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Viaggio");
    if (options->title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, options->title);
    cairo_t *cr = cairo_create(surface);
    enum vg_code code = render_cairo(cairo_status(cr), err);
    for (size_t i = 0; i < sheets->count && code == VG_OK; i++)
        code = paint_sheet(picture, options, sheets, i, cr, err);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (code == VG_OK)
        code = render_cairo(cairo_surface_status(surface), err);
    cairo_surface_destroy(surface);
    free(sheets);
    return code;
}

enum vg_code render_pdf(str svg, const struct pdf_options *options, struct buf *out,
                        struct vg_err *err)
{
    struct picture picture;
    enum vg_code code = render_open(svg, &picture, err);
    if (code != VG_OK)
        return code;
    code = paint_pdf(&picture, options, out, err);
    g_object_unref(picture.handle);
    return code;
}
