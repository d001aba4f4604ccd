#include "app/picture.h"

#include "base/lang.h"
#include "base/limits.h"
#include "draw/render.h"
#include "draw/scene.h"
#include "view/charts.h"
#include "view/matrix.h"
#include "view/plan.h"
#include "view/poster.h"
#include "view/theme.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define MM_PER_INCH 25.4
#define PRINT_DPI   200.0
/* Around a chart that is opened by itself; a PDF has the margin of its paper. */
#define SHEET_MARGIN 24

bool picture_format_from_text(const char *text, enum picture_format *ret)
{
    static const char *const names[] = {"svg", "png", "pdf"};
    const char *dot = strrchr(text, '.');
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcasecmp(dot ? dot + 1 : text, names[i]) == 0) {
            *ret = (enum picture_format)i;
            return true;
        }
    return false;
}

bool picture_kind_from_text(const char *text, enum picture_kind *ret)
{
    static const char *const names[] = {"poster",   "flow", "funnel", "variants",
                                        "timeline", "plan", "matrix"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *ret = (enum picture_kind)i;
            return true;
        }
    return false;
}

static enum vg_code draw_scene(struct arena *arena, const struct study *study,
                               const struct picture_options *options,
                               const struct paper *paper, struct scene **ret,
                               struct vg_err *err)
{
    switch (options->kind) {
    case PICTURE_POSTER:
        return poster_draw(arena, study, &(struct poster_options){.paper = paper}, ret,
                           err);
    case PICTURE_FLOW:
        return flow_draw(arena, &study->flow,
                         &(struct flow_options){
                             .detail = isnan(options->detail) ? 0.5 : options->detail},
                         ret, err);
    case PICTURE_FUNNEL:
        return funnel_draw(arena, &study->funnel, study->map, &(struct chart_options){0},
                           ret, err);
    case PICTURE_VARIANTS:
        return variants_draw(arena, &study->variants,
                             &(struct variants_options){.top = options->top,
                                                        .map = study->map,
                                                        .log = study->log},
                             ret, err);
    case PICTURE_TIMELINE:
        return timeline_draw(arena, study->log, 0,
                             &(struct timeline_options){.map = study->map}, ret, err);
    case PICTURE_PLAN:
        return plan_draw(arena, study, ret, err);
    case PICTURE_MATRIX:
        return matrix_draw(arena, study, &(struct chart_options){0}, ret, err);
    }
    return VG_ERR_USAGE;
}

static enum vg_code find_paper(const char *text, struct paper *ret, struct vg_err *err)
{
    if (paper_from_text(text, ret))
        return VG_OK;
    err_set(err, VG_ERR_USAGE, NULL, _("there is no paper \"%s\""), text);
    return err_hint(err, "%s", _("a4, a3, a2, a1, a0, or millimetres: 420x297"));
}

static const char *usual_paper(enum picture_kind kind)
{
    return kind == PICTURE_PLAN ? "a4" : "a3";
}

static enum vg_code write_pdf(const struct scene *scene, str svg,
                              const struct picture_options *options, struct buf *out,
                              struct vg_err *err)
{
    const struct theme_colour *sheet = &view_theme.colours[INK_PAPER];
    struct pdf_options pdf = {.title = options->title,
                              .ground = options->dark ? sheet->dark : sheet->light};
    enum vg_code code = find_paper(
        options->paper ? options->paper : usual_paper(options->kind), &pdf.paper, err);
    if (code != VG_OK)
        return code;
    pdf.one_page = options->kind == PICTURE_PLAN;
    pdf.break_count = scene_pages(scene, &pdf.breaks);
    return render_pdf(svg, &pdf, out, err);
}

/* With a paper: as wide as the paper at printing quality; else twice the picture's size.
 * Smaller where that is more than a PNG can hold: a coarse picture is better than none.
 */
static enum vg_code write_png(str svg, const struct picture_options *options,
                              struct buf *out, struct vg_err *err)
{
    struct png_options png = {.scale = 2, .shrink = true};
    if (options->paper) {
        struct paper paper;
        enum vg_code code = find_paper(options->paper, &paper, err);
        if (code != VG_OK)
            return code;
        png.width = round(paper.width_mm / MM_PER_INCH * PRINT_DPI);
    }
    return render_png(svg, &png, out, err);
}

enum vg_code picture_write(const struct scene *scene,
                           const struct picture_options *options, struct buf *out,
                           struct vg_err *err)
{
    bool svg = options->format == PICTURE_SVG;
    struct svg_options how = {.theme = options->dark ? SVG_DARK : SVG_LIGHT,
                              .embed_fonts = svg};
    struct buf plain = {.limit = LIMIT_SVG_BYTES};
    enum vg_code code = scene_svg(scene, &how, svg ? out : &plain, err);
    if (code == VG_OK && options->format == PICTURE_PNG)
        code = write_png(buf_str(&plain), options, out, err);
    if (code == VG_OK && options->format == PICTURE_PDF)
        code = write_pdf(scene, buf_str(&plain), options, out, err);
    buf_free(&plain);
    return code;
}

enum vg_code picture_draw(struct arena *arena, const struct study *study,
                          const struct picture_options *options, struct buf *out,
                          struct vg_err *err)
{
    struct scene *scene = NULL;
    struct paper paper;
    const char *size = options->paper;
    if (!size && options->format == PICTURE_PDF)
        size = usual_paper(options->kind);
    enum vg_code code = size ? find_paper(size, &paper, err) : VG_OK;
    if (code == VG_OK)
        code = draw_scene(arena, study, options, size ? &paper : NULL, &scene, err);
    if (code == VG_OK && options->alone && options->format != PICTURE_PDF)
        scene_sheet(scene, INK_PAPER, SHEET_MARGIN);
    return code != VG_OK ? code : picture_write(scene, options, out, err);
}
