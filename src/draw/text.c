/* Measuring and breaking, by pango, in the embedded font. */
#include "draw/text.h"

#include "draw/fonts.h"
#include "draw/text_clean.h"

#include <math.h>
#include <pango/pangocairo.h>

/* Inter's own vertical metrics, in em: what a line of it takes with no leading. */
#define ASCENT         0.96875
#define DESCENT        0.2412
#define LEADING        1.36
#define SHRINK_MAX     0.8
#define ROUNDING_PX    0.02
#define BALANCED_LINES 4
#define ORPHAN         0.45 /* of the width: a last line shorter than this is one */

double text_leading(const struct text_style *style)
{
    return style->leading > 0 ? style->leading : style->size * LEADING;
}

double text_baseline(const struct text_style *style)
{
    double slack = text_leading(style) - (ASCENT + DESCENT) * style->size;
    return slack / 2 + ASCENT * style->size;
}

static PangoContext *context_new(void)
{
    PangoFontMap *map = fonts_map();
    PangoContext *context = map ? pango_font_map_create_context(map) : NULL;
    if (!context)
        return NULL;
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    pango_context_set_language(context, pango_language_from_string("en"));
    return context;
}

static void set_style(PangoLayout *layout, const struct text_style *style)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, FONT_FAMILY);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, (PangoWeight)font_weight(style->face));
    if (style->face == FACE_ITALIC)
        pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new();
    if (style->tracking != 0)
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new((int)lround(
                                               style->tracking * PANGO_SCALE)));
    if (style->tabular)
        pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum"));
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

static PangoLayout *layout_new(str text, const struct text_style *style)
{
    PangoContext *context = context_new();
    if (!context)
        return NULL;
    PangoLayout *layout = pango_layout_new(context);
    g_object_unref(context);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, text.ptr, (int)text.len);
    set_style(layout, style);
    return layout;
}

static double line_width(PangoLayoutLine *line)
{
    PangoRectangle box;
    pango_layout_line_get_extents(line, NULL, &box);
    return box.width / (double)PANGO_SCALE;
}

static double widest(PangoLayout *layout)
{
    double width = 0;
    for (GSList *l = pango_layout_get_lines_readonly(layout); l; l = l->next)
        width = fmax(width, line_width(l->data));
    return width;
}

/* Make the layout fit: by breaking between words, else a little smaller, else anywhere.
 */
static void fit(PangoLayout *layout, struct text_style *style, double width)
{
    pango_layout_set_width(layout, (int)floor((width + ROUNDING_PX) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    double longest = widest(layout);
    if (longest <= width + 2 * ROUNDING_PX)
        return;
    double shrink = fmax(width / longest * 0.998, SHRINK_MAX);
    style->leading = text_leading(style) * shrink;
    style->size *= shrink;
    style->tracking *= shrink;
    set_style(layout, style);
    if (widest(layout) > width + 2 * ROUNDING_PX)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
}

/* A last line of one short word looks lost: narrow the whole, if that takes no more
 * lines, until the lines are about even. */
static void balance(PangoLayout *layout, double width)
{
    int count = pango_layout_get_line_count(layout);
    if (count < 2 || count > BALANCED_LINES)
        return;
    PangoLayoutLine *last = pango_layout_get_line_readonly(layout, count - 1);
    if (line_width(last) > ORPHAN * width)
        return;
    double low = width * (count - 1) / count, high = width;
    for (int i = 0; i < 6; i++) {
        double middle = (low + high) / 2;
        pango_layout_set_width(layout, (int)floor(middle * PANGO_SCALE));
        bool fits = pango_layout_get_line_count(layout) == count &&
                    widest(layout) <= middle + 2 * ROUNDING_PX;
        *(fits ? &high : &low) = middle;
    }
    pango_layout_set_width(layout, (int)floor((high + ROUNDING_PX) * PANGO_SCALE));
}

static str trim_end(str text)
{
    while (text.len > 0 &&
           (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\n'))
        text.len--;
    return text;
}

/* The last line of a shortened text: as much of it as leaves room for the "…". */
static const char *shorten(struct arena *arena, str piece, const struct text_style *style,
                           double width)
{
    const char *copy = arena_printf(arena, "%.*s…", STR_ARG(piece));
    while (copy && width > 0 && piece.len > 0 && text_width(copy, style) > width) {
        do
            piece.len--;
        while (piece.len > 0 && ((unsigned char)piece.ptr[piece.len] & 0xC0) == 0x80);
        copy = arena_printf(arena, "%.*s…", STR_ARG(piece));
    }
    return copy;
}

static bool take_lines(struct arena *arena, PangoLayout *layout, str text, double width,
                       size_t max, struct text_block *block)
{
    size_t all = (size_t)pango_layout_get_line_count(layout);
    size_t count = max > 0 && all > max ? max : all;
    struct text_line *lines = arena_array(arena, struct text_line, count);
    if (!lines)
        return false;
    for (size_t i = 0; i < count; i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, (int)i);
        str piece = {text.ptr + pango_layout_line_get_start_index(line),
                     (size_t)pango_layout_line_get_length(line)};
        piece = trim_end(piece);
        bool cut = i + 1 == count && count < all;
        const char *copy =
            cut ? shorten(arena, piece, &block->style, width) : arena_text(arena, piece);
        if (!copy)
            return false;
        lines[i] = (struct text_line){
            str_from(copy), cut ? text_width(copy, &block->style) : line_width(line)};
        block->width = fmax(block->width, lines[i].width);
    }
    block->lines = lines;
    block->count = count;
    return true;
}

struct text_block text_break(struct arena *arena, const char *text,
                             const struct text_style *style, double width,
                             size_t max_lines)
{
    struct text_block block = {.style = *style};
    struct buf clean = {0};
    text_clean(str_from(text ? text : ""), &clean);
    str whole = buf_str(&clean);
    PangoLayout *layout = clean.failed ? NULL : layout_new(whole, style);
    if (!layout) {
        block.failed = true;
    } else if (whole.len > 0) {
        if (width > 0) {
            fit(layout, &block.style, width);
            balance(layout, width);
        }
        block.failed = !take_lines(arena, layout, whole, width, max_lines, &block);
        block.height = (double)block.count * text_leading(&block.style);
    }
    if (layout)
        g_object_unref(layout);
    buf_free(&clean);
    return block;
}

double text_width(const char *text, const struct text_style *style)
{
    struct buf clean = {0};
    text_clean(str_from(text ? text : ""), &clean);
    PangoLayout *layout = clean.failed ? NULL : layout_new(buf_str(&clean), style);
    double width = 0;
    if (layout) {
        width = widest(layout);
        g_object_unref(layout);
    }
    buf_free(&clean);
    return width;
}
