/* A scene as SVG. Colours are plain attributes, which every program understands, and in
 * pages and for SVG_AUTO also classes ("f3": fill by the third role) that a style sheet
 * overrides them with. */
#include "base/lang.h"
#include "base/limits.h"
#include "draw/fonts.h"
#include "draw/scene_ops.h"

#include <math.h>

struct writer {
    const struct scene *scene;
    const struct svg_options *options;
    struct buf *out;
    bool classes;   /* colours by class too */
    size_t clips;   /* how many clip paths so far */
    bool hatch[64]; /* roles whose hatching was defined */
};

static const char *colour(const struct writer *w, unsigned role)
{
    const struct theme *theme = w->scene->theme;
    const struct theme_colour *c = &theme->colours[role < theme->count ? role : 0];
    return w->options->theme == SVG_DARK ? c->dark : c->light;
}

static void attribute(struct buf *out, const char *name, double value)
{
    buf_printf(out, " %s=\"", name);
    svg_number(out, value);
    buf_char(out, '"');
}

static void attribute_text(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_printf(out, " %s=\"", name);
    buf_xml(out, str_from(value));
    buf_char(out, '"');
}

static void element(struct buf *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    buf_printf(out, "<%s>", name);
    buf_xml(out, str_from(text));
    buf_printf(out, "</%s>", name);
}

/* class="… f3 s7" */
static void classes(struct writer *w, const struct paint *paint)
{
    bool fill = w->classes && paint->fill, stroke = w->classes && paint->stroke;
    if (!paint->class && !fill && !stroke)
        return;
    buf_text(w->out, " class=\"");
    if (paint->class)
        buf_xml(w->out, str_from(paint->class));
    if (fill)
        buf_printf(w->out, "%sf%u", paint->class ? " " : "", paint->fill);
    if (stroke)
        buf_printf(w->out, "%ss%u", paint->class || fill ? " " : "", paint->stroke);
    buf_char(w->out, '"');
}

static void painted(struct writer *w, const struct paint *paint)
{
    classes(w, paint);
    buf_printf(w->out, " fill=\"%s\"", paint->fill ? colour(w, paint->fill) : "none");
    if (paint->fill && paint->fill_alpha > 0)
        attribute(w->out, "fill-opacity", paint->fill_alpha);
    if (paint->stroke) {
        buf_printf(w->out, " stroke=\"%s\"", colour(w, paint->stroke));
        if (paint->width > 0 && paint->width != 1)
            attribute(w->out, "stroke-width", paint->width);
        if (paint->stroke_alpha > 0)
            attribute(w->out, "stroke-opacity", paint->stroke_alpha);
        attribute_text(w->out, "stroke-dasharray", paint->dash);
    }
    if (paint->round)
        buf_text(w->out, " stroke-linecap=\"round\" stroke-linejoin=\"round\"");
}

static void define_hatch(struct writer *w, unsigned role)
{
    if (!role || role >= COUNT_OF(w->hatch) || w->hatch[role])
        return;
    w->hatch[role] = true;
    struct paint line = {.stroke = role, .width = 2.5};
    buf_text(w->out, "<defs><pattern id=\"");
    buf_xml(w->out, str_from(w->scene->id));
    buf_printf(w->out,
               "-hatch%u\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
               "patternTransform=\"rotate(45)\"><path d=\"M0 0V6\"",
               role);
    painted(w, &line);
    buf_text(w->out, "/></pattern></defs>");
}

static void box_shape(struct writer *w, const struct op *op)
{
    buf_text(w->out, "<rect");
    attribute(w->out, "x", op->box.x);
    attribute(w->out, "y", op->box.y);
    attribute(w->out, "width", fmax(0, op->box.w));
    attribute(w->out, "height", fmax(0, op->box.h));
    if (op->radius > 0)
        attribute(w->out, "rx", fmin(op->radius, fmin(op->box.w, op->box.h) / 2));
}

static void shape(struct writer *w, const struct op *op)
{
    if (op->kind == OP_BOX) {
        box_shape(w, op);
    } else if (op->kind == OP_CIRCLE) {
        buf_text(w->out, "<circle");
        attribute(w->out, "cx", op->box.x);
        attribute(w->out, "cy", op->box.y);
        attribute(w->out, "r", op->box.w);
    } else {
        buf_text(w->out, "<path");
        attribute_text(w->out, "d", op->d);
    }
}

static void write_shape(struct writer *w, const struct op *op)
{
    define_hatch(w, op->paint.hatch);
    shape(w, op);
    painted(w, &op->paint);
    buf_text(w->out, "/>");
    if (op->paint.hatch) {
        shape(w, op);
        buf_text(w->out, " fill=\"url(#");
        buf_xml(w->out, str_from(w->scene->id));
        buf_printf(w->out, "-hatch%u)\"/>", op->paint.hatch);
    }
    buf_char(w->out, '\n');
}

static void write_clip(struct writer *w, const struct scene_group *group)
{
    struct op box = {.kind = OP_BOX, .box = *group->clip, .radius = group->clip_radius};
    buf_text(w->out, "<clipPath id=\"");
    buf_xml(w->out, str_from(w->scene->id));
    buf_printf(w->out, "-clip%zu\">", ++w->clips);
    box_shape(w, &box);
    buf_text(w->out, "/></clipPath>");
}

static void write_group(struct writer *w, const struct scene_group *group)
{
    if (group->clip)
        write_clip(w, group);
    buf_text(w->out, "<g");
    attribute_text(w->out, "id", group->id);
    attribute_text(w->out, "class", group->class);
    attribute_text(w->out, "role", group->role);
    attribute_text(w->out, "aria-label", group->label);
    if (group->hidden)
        buf_text(w->out, " aria-hidden=\"true\"");
    for (size_t i = 0; i < COUNT_OF(group->data) && group->data[i].name; i++) {
        buf_printf(w->out, " data-%s=\"", group->data[i].name);
        buf_xml(w->out, str_from(group->data[i].value));
        buf_char(w->out, '"');
    }
    if (group->clip) {
        buf_text(w->out, " clip-path=\"url(#");
        buf_xml(w->out, str_from(w->scene->id));
        buf_printf(w->out, "-clip%zu)\"", w->clips);
    }
    if (group->turn != 0) {
        buf_text(w->out, " transform=\"rotate(");
        svg_number(w->out, group->turn);
        buf_char(w->out, ' ');
        svg_number(w->out, group->turn_x);
        buf_char(w->out, ' ');
        svg_number(w->out, group->turn_y);
        buf_text(w->out, ")\"");
    }
    buf_char(w->out, '>');
    element(w->out, "title", group->title);
    element(w->out, "desc", group->desc);
    buf_char(w->out, '\n');
}

static void text_attributes(struct writer *w, const struct op *op)
{
    const struct text_style *style = &op->block->style;
    classes(w, &op->paint);
    buf_printf(w->out, " fill=\"%s\"", colour(w, op->paint.fill));
    attribute(w->out, "font-size", style->size);
    if (style->face == FACE_ITALIC)
        buf_text(w->out, " font-style=\"italic\"");
    else if (font_weight(style->face) != 400)
        buf_printf(w->out, " font-weight=\"%d\"", font_weight(style->face));
    if (style->tracking != 0)
        attribute(w->out, "letter-spacing", style->tracking);
    if (style->tabular)
        buf_text(w->out, " font-feature-settings=\"'tnum'\"");
    if (op->anchor != TEXT_START)
        buf_printf(w->out, " text-anchor=\"%s\"",
                   op->anchor == TEXT_MIDDLE ? "middle" : "end");
}

/* The space between two lines of a text that starts at the left keeps the words apart for
 * who copies or hears them. */
static void write_text(struct writer *w, const struct op *op)
{
    const struct text_block *block = op->block;
    double y = op->box.y + text_baseline(&block->style);
    buf_text(w->out, "<text");
    attribute(w->out, "x", op->box.x);
    attribute(w->out, "y", y);
    text_attributes(w, op);
    buf_char(w->out, '>');
    for (size_t i = 0; i < block->count; i++) {
        if (i > 0) {
            buf_text(w->out, "<tspan");
            attribute(w->out, "x", op->box.x);
            attribute(w->out, "y", y + (double)i * text_leading(&block->style));
            buf_char(w->out, '>');
        }
        buf_xml(w->out, block->lines[i].text);
        if (i + 1 < block->count && op->anchor == TEXT_START)
            buf_char(w->out, ' ');
        if (i > 0)
            buf_text(w->out, "</tspan>");
    }
    buf_text(w->out, "</text>\n");
}

static void theme_values(const struct theme *theme, bool dark, struct buf *out)
{
    for (size_t i = 1; i < theme->count; i++)
        buf_printf(out, "--vg-%s:%s;", theme->colours[i].name,
                   dark ? theme->colours[i].dark : theme->colours[i].light);
}

static void theme_classes(const struct theme *theme, struct buf *out)
{
    for (size_t i = 1; i < theme->count; i++) {
        const char *name = theme->colours[i].name;
        buf_printf(out, ".vg .f%zu{fill:var(--vg-%s)}.vg .s%zu{stroke:var(--vg-%s)}\n", i,
                   name, i, name);
    }
}

void theme_css(const struct theme *theme, const char *selector, struct buf *out)
{
    buf_printf(out, "%s{color-scheme:light dark;", selector);
    theme_values(theme, false, out);
    buf_printf(out, "}\n@media (prefers-color-scheme:dark){%s{", selector);
    theme_values(theme, true, out);
    buf_text(out, "}}\n");
    static const char *const chosen[] = {"light", "dark"};
    for (size_t i = 0; i < COUNT_OF(chosen); i++) {
        buf_printf(out, "%s[data-theme=%s]{color-scheme:%s;", selector, chosen[i],
                   chosen[i]);
        theme_values(theme, i == 1, out);
        buf_text(out, "}\n");
    }
    buf_text(out, "@media print{");
    buf_text(out, selector);
    buf_text(out, "{color-scheme:light;");
    theme_values(theme, false, out);
    buf_text(out, "}}\n");
    theme_classes(theme, out);
}

static void write_style(struct writer *w)
{
    bool automatic = w->options->theme == SVG_AUTO;
    if (!w->options->embed_fonts && !automatic)
        return;
    buf_text(w->out, "<style>\n");
    if (w->options->embed_fonts)
        fonts_css(w->scene->faces, w->out);
    if (automatic) {
        buf_text(w->out, ".vg{");
        theme_values(w->scene->theme, false, w->out);
        buf_text(w->out, "}\n@media (prefers-color-scheme:dark){.vg{");
        theme_values(w->scene->theme, true, w->out);
        buf_text(w->out, "}}\n");
        theme_classes(w->scene->theme, w->out);
    }
    buf_text(w->out, "</style>\n");
}

static void write_op(struct writer *w, const struct op *op)
{
    switch (op->kind) {
    case OP_GROUP:
        write_group(w, op->group);
        break;
    case OP_END:
        buf_text(w->out, "</g>\n");
        break;
    case OP_TEXT:
        write_text(w, op);
        break;
    case OP_BOX:
    case OP_CIRCLE:
    case OP_PATH:
        write_shape(w, op);
        break;
    }
}

static void write_root(struct writer *w)
{
    const struct scene *scene = w->scene;
    if (!w->options->inside_html)
        buf_text(w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    buf_text(w->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"vg\"");
    attribute_text(w->out, "id", scene->id);
    buf_printf(w->out, " lang=\"%s\"", lang_code(lang_get()));
    struct rect sheet = {-scene->margin, -scene->margin, scene->width + 2 * scene->margin,
                         scene->height + 2 * scene->margin};
    attribute(w->out, "width", sheet.w);
    attribute(w->out, "height", sheet.h);
    buf_text(w->out, " viewBox=\"");
    svg_number(w->out, sheet.x);
    buf_char(w->out, ' ');
    svg_number(w->out, sheet.y);
    buf_char(w->out, ' ');
    svg_number(w->out, sheet.w);
    buf_char(w->out, ' ');
    svg_number(w->out, sheet.h);
    buf_char(w->out, '"');
    attribute_text(w->out, "role", scene->role);
    buf_printf(w->out, " aria-labelledby=\"%s-title%s%s%s\"", scene->id,
               *scene->desc ? " " : "", *scene->desc ? scene->id : "",
               *scene->desc ? "-desc" : "");
    buf_text(w->out,
             " font-family=\"" FONT_STACK "\" text-rendering=\"geometricPrecision\">\n");
    buf_printf(w->out, "<title id=\"%s-title\">", scene->id);
    buf_xml(w->out, str_from(scene->title));
    buf_text(w->out, "</title>\n");
    if (*scene->desc) {
        buf_printf(w->out, "<desc id=\"%s-desc\">", scene->id);
        buf_xml(w->out, str_from(scene->desc));
        buf_text(w->out, "</desc>\n");
    }
    if (!w->options->inside_html)
        write_style(w);
    struct op ground = {.kind = OP_BOX,
                        .box = sheet,
                        .paint = {.fill = scene->ground, .class = "ground"}};
    if (scene->ground)
        write_op(w, &ground);
}

enum vg_code scene_svg(const struct scene *scene, const struct svg_options *options,
                       struct buf *out, struct vg_err *err)
{
    if (scene->failed)
        return err_memory(err);
    if (out->limit == 0)
        out->limit = LIMIT_SVG_BYTES;
    struct writer w = {.scene = scene, .options = options, .out = out};
    w.classes = options->inside_html || options->theme == SVG_AUTO;
    write_root(&w);
    for (size_t i = 0; i < scene->count && !out->failed; i++)
        write_op(&w, &scene->ops[i]);
    buf_text(out, "</svg>\n");
    if (!out->failed)
        return VG_OK;
    if (out->len + 4096 > out->limit)
        return err_set(err, VG_ERR_LIMIT, NULL, _("the picture grows beyond %d MB"),
                       LIMIT_SVG_BYTES >> 20);
    return err_memory(err);
}
