/* draw: texts measured and broken, scenes as SVG, PNG, PDF. */
#include "check.h"

#include "base/arena.h"
#include "draw/fonts.h"
#include "draw/render.h"
#include "draw/scene.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const struct theme_colour colours[] = {{"none", "none", "none"},
                                              {"ink", "#1d2433", "#eeeeee"},
                                              {"paper", "#fbf9f5", "#14171f"}};
static const struct theme theme = {colours, COUNT_OF(colours)};
static const struct text_style body = {.size = 14};

static void widths_are_the_same_on_every_machine(void **state)
{
    (void)state;
    static const struct {
        enum face face;
        double width; /* advance widths of Inter 4 at 14 px, kerned */
    } rows[] = {{FACE_REGULAR, 114.626},
                {FACE_MEDIUM, 116.131},
                {FACE_SEMIBOLD, 117.623},
                {FACE_BOLD, 119.144},
                {FACE_ITALIC, 114.655}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text_style style = {.size = 14, .face = rows[i].face};
        assert_float_equal(text_width("Handgloves 0123", &style), rows[i].width, 0.01);
    }
}

static void a_line_is_never_wider_than_its_column(void **state)
{
    (void)state;
    static const char *const texts[] = {"precipitevolissimevolmente",
                                        "Ho chiamato due volte il Servizio clienti",
                                        "https://esempio.it/assistenza?codice=0012345678",
                                        "中文字符测试没有空格的长文本行",
                                        "a b c d e f g h",
                                        "WWWWWWWWWWWWWWWWWWWWWWWW"};
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (double width = 30; width < 300; width += 7) {
            struct text_block block = text_break(arena, texts[i], &body, width, 0);
            assert_false(block.failed);
            assert_true(block.width <= width + 0.1);
            assert_true(block.count > 0);
        }
    arena_close(arena);
}

static void breaking_loses_no_letter(void **state)
{
    (void)state;
    const char *text = "Numero verde, poi il capo produzione precipitevolissimevolmente";
    struct arena *arena = arena_open(0);
    for (double width = 40; width < 400; width += 13) {
        struct text_block block = text_break(arena, text, &body, width, 0);
        char joined[256] = "", wanted[256] = "";
        size_t j = 0, w = 0;
        for (size_t i = 0; i < block.count; i++)
            for (size_t k = 0; k < block.lines[i].text.len; k++)
                if (block.lines[i].text.ptr[k] != ' ')
                    joined[j++] = block.lines[i].text.ptr[k];
        for (const char *c = text; *c; c++)
            if (*c != ' ')
                wanted[w++] = *c;
        assert_string_equal(joined, wanted);
    }
    arena_close(arena);
}

static void a_long_word_first_shrinks_then_breaks(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const char *word = "precipitevolissimevolmente";
    double whole = text_width(word, &body);
    struct text_block shrunk = text_break(arena, word, &body, whole * 0.9, 0);
    assert_int_equal(shrunk.count, 1);
    assert_true(shrunk.style.size < 14 && shrunk.style.size >= 14 * 0.8);
    struct text_block broken = text_break(arena, word, &body, whole * 0.6, 0);
    assert_int_equal(broken.count, 2);
    arena_close(arena);
}

static void hostile_text_is_bounded(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    char *word = malloc(20001);
    memset(word, 'x', 20000);
    word[20000] = 0;
    struct text_block block = text_break(arena, word, &body, 120, 0);
    assert_true(block.count < 200);
    free(word);
    static const struct {
        const char *text, *shown;
    } rows[] = {{"a\x01\x07"
                 "b",
                 "ab"},
                {"evil \xE2\x80\xAE"
                 "gpj.exe",
                 "evil gpj.exe"},
                {"a\xCC\x80\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86",
                 "a\xCC\x80\xCC\x81\xCC\x82\xCC\x83"},
                {"bad \xFF byte", "bad \xEF\xBF\xBD byte"},
                {"  two\t\r  spaces ", "two spaces"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        block = text_break(arena, rows[i].text, &body, 0, 0);
        assert_int_equal(block.count, 1);
        assert_string_equal(block.lines[0].text.ptr, rows[i].shown);
    }
    assert_int_equal(text_break(arena, "", &body, 100, 0).count, 0);
    assert_int_equal(text_break(arena, NULL, &body, 100, 0).count, 0);
    arena_close(arena);
}

static void at_most_so_many_lines_end_in_an_ellipsis(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct text_block block =
        text_break(arena, "uno due tre quattro cinque sei sette otto", &body, 60, 2);
    assert_int_equal(block.count, 2);
    assert_true(str_ends(block.lines[1].text, STR("…")));
    assert_true(block.width <= 60.1);
    arena_close(arena);
}

static void letters_the_font_lacks_are_still_measured(void **state)
{
    (void)state;
    assert_true(text_width("Ελληνικά", &body) > 30);
    assert_true(text_width("中文", &body) > 10);
}

static struct scene *sample(struct arena *arena, const char *words)
{
    struct scene *scene = scene_new(arena, &theme, "sample");
    scene_title(scene, "img", "A <title> & more", "What it \"shows\"");
    scene_ground(scene, 2);
    scene_group(scene, &(struct scene_group){.class = "x",
                                             .label = words,
                                             .title = words,
                                             .data = {{"step", "\"><script>"}}});
    scene_box(scene, (struct rect){10, 10, 100, 20}, 4,
              (struct paint){.fill = 1, .hatch = 2});
    scene_words(scene, 10, 40, 200, words, &body, 1);
    scene_end(scene);
    scene_size(scene, 300, 400);
    return scene;
}

static void whatever_a_text_says_the_svg_stays_well_formed(void **state)
{
    (void)state;
    static const char *const texts[] = {"</text><script>alert(1)</script>",
                                        "]]>&amp;&#0;", "\x01\x02\x1F",
                                        "\xED\xA0\x80 \xFF\xFE", "\"'`"};
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (int theme_kind = SVG_LIGHT; theme_kind <= SVG_AUTO; theme_kind++) {
            struct buf svg = {0}, png = {0};
            struct svg_options options = {.theme = (enum svg_theme)theme_kind,
                                          .embed_fonts = theme_kind == SVG_AUTO};
            assert_ok(scene_svg(sample(arena, texts[i]), &options, &svg, &err));
            assert_null(strstr(svg.ptr, "<script"));
            assert_ok(
                render_png(buf_str(&svg), &(struct png_options){.scale = 1}, &png, &err));
            assert_memory_equal(png.ptr, "\x89PNG", 4);
            buf_free(&svg);
            buf_free(&png);
        }
    arena_close(arena);
}

static void a_stand_alone_svg_carries_its_fonts_and_both_themes(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct buf svg = {0};
    struct svg_options options = {.theme = SVG_AUTO, .embed_fonts = true};
    assert_ok(scene_svg(sample(arena, "words"), &options, &svg, &err));
    assert_non_null(strstr(svg.ptr, "@font-face{font-family:Inter;font-weight:400"));
    assert_non_null(strstr(svg.ptr, "prefers-color-scheme:dark"));
    assert_non_null(strstr(svg.ptr, "fill=\"#1d2433\""));
    assert_null(strstr(svg.ptr, "font-weight:700"));
    assert_null(strstr(svg.ptr, "http://www.w3.org/1999"));
    buf_free(&svg);
    arena_close(arena);
}

static void muted_drawing_leaves_no_trace(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct buf a = {0}, b = {0};
    struct scene *scene = sample(arena, "words");
    assert_ok(scene_svg(scene, &(struct svg_options){0}, &a, &err));
    scene_mute(scene, true);
    scene_mute(scene, true);
    scene_group(scene, &(struct scene_group){.class = "y"});
    assert_true(scene_words(scene, 0, 0, 50, "more words than fit", &body, 1) > 20);
    scene_mute(scene, false);
    scene_circle(scene, (struct point){5, 5}, 3, (struct paint){.fill = 1});
    scene_end(scene);
    scene_mute(scene, false);
    assert_ok(scene_svg(scene, &(struct svg_options){0}, &b, &err));
    assert_string_equal(a.ptr, b.ptr);
    buf_free(&a);
    buf_free(&b);
    arena_close(arena);
}

/* The width (0) or height (1), as its first chunk says. */
static unsigned png_side(const struct buf *png, size_t which)
{
    unsigned side = 0;
    for (size_t i = 0; i < 4; i++)
        side = side * 256 + (unsigned char)png->ptr[16 + 4 * which + i];
    return side;
}

static void a_picture_too_large_is_refused_with_a_hint_or_made_smaller(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct buf svg = {0}, png = {0};
    assert_ok(scene_svg(sample(arena, "x"), &(struct svg_options){0}, &svg, &err));
    assert_int_equal(
        render_png(buf_str(&svg), &(struct png_options){.width = 31000}, &png, &err),
        VG_ERR_LIMIT);
    assert_true(*err.hint);
    assert_int_equal(png.len, 0);
    const str tall =
        STR("<svg xmlns='http://www.w3.org/2000/svg' width='8' height='50000'/>");
    assert_int_equal(render_png(tall, &(struct png_options){0}, &png, &err),
                     VG_ERR_LIMIT);
    assert_ok(render_png(tall, &(struct png_options){.shrink = true}, &png, &err));
    assert_int_equal(png_side(&png, 0), 5);
    assert_int_equal(png_side(&png, 1), LIMIT_PNG_SIDE - 1);
    buf_free(&png);
    assert_int_equal(render_png(STR("no svg"), &(struct png_options){0}, &png, &err),
                     VG_ERR_INPUT);
    assert_int_equal(png.len, 0);
    buf_free(&svg);
    arena_close(arena);
}

static int pages_of(const struct buf *pdf)
{
    const char *count = memmem(pdf->ptr, pdf->len, "/Count ", 7);
    return count ? (int)strtol(count + 7, NULL, 10) : -1;
}

static void a_high_picture_is_cut_into_pages_where_it_may_be(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct buf svg = {0};
    struct scene *scene = scene_new(arena, &theme, "high");
    for (int i = 0; i < 6; i++)
        scene_words(scene, 10, 10 + i * 500, 200, "words", &body, 1);
    scene_size(scene, 1000, 3000);
    assert_ok(scene_svg(scene, &(struct svg_options){0}, &svg, &err));
    static const double breaks[] = {500, 1000, 1500, 2000, 2500};
    static const struct {
        const char *paper;
        size_t breaks;
        bool one;
        int pages;
    } rows[] = {{"A4", 5, false, 6},          /* 707 px a page: one piece each */
                {"A4-portrait", 5, false, 3}, /* 1414 px: two pieces */
                {"a0", 0, false, 1},          /* nowhere to cut */
                {"1000x1000mm", 5, false, 3}, /* two pieces of 500 */
                {"A3", 5, true, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf pdf = {0};
        struct pdf_options options = {
            .breaks = breaks, .break_count = rows[i].breaks, .one_page = rows[i].one};
        assert_true(paper_from_text(rows[i].paper, &options.paper));
        assert_ok(render_pdf(buf_str(&svg), &options, &pdf, &err));
        assert_int_equal(pages_of(&pdf), rows[i].pages);
        buf_free(&pdf);
    }
    buf_free(&svg);
    arena_close(arena);
}

static void papers_are_known_by_name_and_by_size(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool known;
        double width, height;
    } rows[] = {{"A4", true, 297, 210},
                {"a3-portrait", true, 297, 420},
                {"A0-landscape", true, 1189, 841},
                {"900x600", true, 900, 600},
                {"900x600mm", true, 900, 600},
                {"A9", false, 0, 0},
                {"10x10", false, 0, 0},
                {"1e9x5", false, 0, 0},
                {"nanxnan", false, 0, 0},
                {"", false, 0, 0},
                {"A4x", false, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct paper paper = {0};
        assert_int_equal(paper_from_text(rows[i].text, &paper), rows[i].known);
        if (rows[i].known) {
            assert_float_equal(paper.width_mm, rows[i].width, 0.1);
            assert_float_equal(paper.height_mm, rows[i].height, 0.1);
        }
    }
}

static void *measure_much(void *ret)
{
    double sum = 0;
    for (int i = 0; i < 200; i++)
        sum += text_width("Confronta tre preventivi", &body);
    *(double *)ret = sum;
    return NULL;
}

static void threads_measure_alike(void **state)
{
    (void)state;
    pthread_t threads[4];
    double sums[4], wanted = 200 * text_width("Confronta tre preventivi", &body);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, measure_much, &sums[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_float_equal(sums[i], wanted, 1e-6);
    }
}

int main(void)
{
    /* Whatever the user's own font settings say, they are not looked at. */
    setenv("FONTCONFIG_FILE", "/nonexistent", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_the_same_on_every_machine),
        cmocka_unit_test(a_line_is_never_wider_than_its_column),
        cmocka_unit_test(breaking_loses_no_letter),
        cmocka_unit_test(a_long_word_first_shrinks_then_breaks),
        cmocka_unit_test(hostile_text_is_bounded),
        cmocka_unit_test(at_most_so_many_lines_end_in_an_ellipsis),
        cmocka_unit_test(letters_the_font_lacks_are_still_measured),
        cmocka_unit_test(whatever_a_text_says_the_svg_stays_well_formed),
        cmocka_unit_test(a_stand_alone_svg_carries_its_fonts_and_both_themes),
        cmocka_unit_test(muted_drawing_leaves_no_trace),
        cmocka_unit_test(a_picture_too_large_is_refused_with_a_hint_or_made_smaller),
        cmocka_unit_test(a_high_picture_is_cut_into_pages_where_it_may_be),
        cmocka_unit_test(papers_are_known_by_name_and_by_size),
        cmocka_unit_test(threads_measure_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
