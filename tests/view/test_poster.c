/* poster: nothing cut, nothing overlapping, whatever the map; readable in both themes. */
#include "check.h"

#include "draw/scene_ops.h"
#include "random_map.h"
#include "synthetic.h"
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct vg_err err;

struct drawn {
    struct arena *arena;
    struct vg_map *map;
    struct study study;
    struct scene *scene;
};

static struct drawn draw_json(str json, bool evidence, uint64_t seed,
                              const struct poster_options *options)
{
    struct drawn d = {.arena = arena_open(0)};
    assert_ok(map_read(json, "map", &d.map, &err));
    if (evidence)
        synthetic_study(d.arena, d.map, seed, &d.study);
    else
        d.study = (struct study){.map = d.map};
    assert_ok(poster_draw(d.arena, &d.study, options, &d.scene, &err));
    return d;
}

static struct drawn draw_random(const struct random_map *random, bool evidence,
                                const struct poster_options *options)
{
    struct buf json = {0};
    random_map_json(random, &json);
    struct drawn d = draw_json(buf_str(&json), evidence, random->seed, options);
    buf_free(&json);
    return d;
}

static void drop(struct drawn *d)
{
    map_close(d->map);
    arena_close(d->arena);
}

static bool overlap(const struct rect *a, const struct rect *b)
{
    const double touch = 0.5; /* px: lines may stand directly below each other */
    return a->x + touch < b->x + b->w && b->x + touch < a->x + a->w &&
           a->y + touch < b->y + b->h && b->y + touch < a->y + a->h;
}

static bool inside(const struct rect *box, const struct rect *holder)
{
    return box->x >= holder->x - 0.5 && box->x + box->w <= holder->x + holder->w + 0.5 &&
           box->y >= holder->y - 0.5 && box->y + box->h <= holder->y + holder->h + 0.5;
}

static void check_boxes(const struct drawn *d)
{
    const struct scene_text_box *texts;
    size_t count = scene_text_boxes(d->scene, &texts);
    struct rect page = {0, 0, scene_width(d->scene), scene_height(d->scene)};
    for (size_t i = 0; i < count; i++) {
        if (!inside(&texts[i].box, &page))
            fail_msg("leaves the page: %s", texts[i].text);
        if (texts[i].holder.w > 0 && !inside(&texts[i].box, &texts[i].holder))
            fail_msg("leaves its box: %s (%g…%g in %g…%g)", texts[i].text, texts[i].box.x,
                     texts[i].box.x + texts[i].box.w, texts[i].holder.x,
                     texts[i].holder.x + texts[i].holder.w);
        for (size_t j = i + 1; j < count; j++)
            if (overlap(&texts[i].box, &texts[j].box))
                fail_msg("“%s” overlaps “%s”", texts[i].text, texts[j].text);
    }
}

/* Fail when a point of a curve lies in a text. */
static void check_point(const struct drawn *d, struct point at)
{
    const struct scene_text_box *texts;
    size_t count = scene_text_boxes(d->scene, &texts);
    for (size_t i = 0; i < count; i++) {
        const struct rect *b = &texts[i].box;
        if (at.x > b->x && at.x < b->x + b->w && at.y > b->y + 1 &&
            at.y < b->y + b->h - 1)
            fail_msg("a curve runs through “%s”", texts[i].text);
    }
}

/* Walk along a path of M and C as SVG would: an oracle apart from curve_at. */
static void check_curve(const struct drawn *d, const char *path)
{
    struct point p[4] = {{0, 0}};
    char *at = (char *)(uintptr_t)path;
    while (*at) {
        char letter = *at++;
        p[0] = p[3];
        int count = letter == 'C' ? 3 : 1;
        for (int i = 0; i < count; i++) {
            p[4 - count + i].x = strtod(at, &at);
            p[4 - count + i].y = strtod(at, &at);
        }
        for (int i = 0; letter == 'C' && i <= 100; i++) {
            double t = i / 100.0, u = 1 - t;
            double a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, e = t * t * t;
            check_point(
                d, (struct point){a * p[0].x + b * p[1].x + c * p[2].x + e * p[3].x,
                                  a * p[0].y + b * p[1].y + c * p[2].y + e * p[3].y});
        }
    }
}

static void check_curves(const struct drawn *d)
{
    for (size_t i = 0; i < d->scene->count; i++) {
        const struct op *op = &d->scene->ops[i];
        if (op->kind == OP_PATH && op->paint.class &&
            (strcmp(op->paint.class, "believed") == 0 ||
             strcmp(op->paint.class, "evidence") == 0))
            check_curve(d, op->d);
    }
}

static void whatever_the_map_no_text_overlaps_or_is_cut(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 2, 3, 7, 10, 13, 25, 60};
    static const double filled[] = {0, 0.3, 0.9};
    for (uint64_t seed = 1; seed <= 48; seed++) {
        struct random_map random = {.seed = seed,
                                    .steps = steps[seed % COUNT_OF(steps)],
                                    .personas = seed / 3 % 5,
                                    .filled = filled[seed / 8 % 3],
                                    .words = (int)(seed / 2 % 3),
                                    .success = seed % 5 == 0};
        struct poster_options options = {.width = seed % 4 == 1 ? 820 : 0};
        struct paper paper;
        if (seed % 4 == 2 &&
            paper_from_text(seed % 8 == 2 ? "A0" : "A4-portrait", &paper))
            options.paper = &paper;
        lang_set(seed % 2 ? LANG_IT : LANG_EN);
        struct drawn d = draw_random(&random, seed % 3 != 0, &options);
        check_boxes(&d);
        check_curves(&d);
        drop(&d);
    }
    lang_set(LANG_EN);
}

static void a_long_journey_takes_as_few_sheets_as_can_be_read(void **state)
{
    (void)state;
    static const struct {
        size_t steps;
        const char *paper;
        bool one_sheet;
    } rows[] = {{60, "A0", true}, {26, "A0", true}, {10, "A3", true}, {60, "A4", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct random_map random = {
            .seed = 4, .steps = rows[i].steps, .personas = 1, .filled = 0.6};
        struct paper paper;
        assert_true(paper_from_text(rows[i].paper, &paper));
        struct drawn d =
            draw_random(&random, true, &(struct poster_options){.paper = &paper});
        const double *breaks;
        assert_int_equal(scene_pages(d.scene, &breaks) == 0, rows[i].one_sheet);
        double across = paper.width_mm / 25.4 * 96 / scene_width(d.scene);
        assert_true(across > 0.45);
        drop(&d);
    }
}

/* The lanes of the drawing from the top, with spaces between. */
static void lanes_seen(const char *json, char *ret)
{
    struct drawn d = draw_json(str_from(json), false, 1, &(struct poster_options){0});
    struct buf svg = {0};
    assert_ok(scene_svg(d.scene, &(struct svg_options){0}, &svg, &err));
    ret[0] = 0;
    for (const char *at = svg.ptr; (at = strstr(at, "data-lane=\""));) {
        at += strlen("data-lane=\"");
        strncat(ret, at, strcspn(at, "\""));
        strcat(ret, " ");
    }
    buf_free(&svg);
    drop(&d);
}

static void lanes_stand_as_the_team_ordered_them_and_hidden_ones_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *lanes, *seen;
    } cases[] = {
        {"", "doing thinking feeling pains owners "},
        {"{\"id\":\"lane-pains\",\"kind\":\"pains\"},"
         "{\"id\":\"lane-doing\",\"kind\":\"doing\"}",
         "pains owners doing thinking feeling "},
        {"{\"id\":\"lane-doing\",\"kind\":\"doing\",\"hidden\":true},"
         "{\"id\":\"lane-pains\",\"kind\":\"pains\",\"hidden\":true}",
         "thinking feeling owners "},
        {"{\"id\":\"lane-doing\",\"kind\":\"doing\"},"
         "{\"id\":\"mia\",\"kind\":\"text\",\"title\":\"Mia\"},"
         "{\"id\":\"lane-later\",\"kind\":\"of-a-later-version\"},"
         "{\"id\":\"lane-feeling\",\"kind\":\"feeling\"}",
         "doing thinking mia feeling pains owners "},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char json[2000], seen[400];
        snprintf(json, sizeof json,
                 "{\"title\":\"M\",\"lanes\":[%s],\"phases\":[{\"id\":\"p\",\"title\":"
                 "\"P\",\"steps\":[{\"id\":\"s\",\"title\":\"S\",\"doing\":\"x\","
                 "\"owner\":\"Y\",\"pains\":[{\"id\":\"q\",\"text\":\"z\"}],"
                 "\"custom\":{\"mia\":\"w\"}}]}]}",
                 cases[i].lanes);
        lanes_seen(json, seen);
        assert_string_equal(seen, cases[i].seen);
    }
}

static void every_step_is_in_every_lane_that_is_shown(void **state)
{
    (void)state;
    struct random_map random = {.seed = 5, .steps = 23, .personas = 2, .filled = 0.9};
    struct drawn d = draw_random(&random, true, &(struct poster_options){0});
    struct buf svg = {0};
    assert_ok(scene_svg(d.scene, &(struct svg_options){0}, &svg, &err));
    for (size_t i = 0; i < 23; i++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "class=\"step\" data-step=\"s%zu\"", i);
        char starred[64];
        snprintf(starred, sizeof starred, "data-step=\"s%zu\"", i);
        size_t times = 0;
        for (const char *at = svg.ptr; (at = strstr(at, starred)); at++)
            times++;
        assert_true(times >= 8); /* column, card, and a cell in six lanes at least */
    }
    static const char *const lanes[] = {"doing", "touchpoint", "thinking", "feeling",
                                        "reality"};
    for (size_t i = 0; i < COUNT_OF(lanes); i++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "data-lane=\"%s\"", lanes[i]);
        assert_non_null(strstr(svg.ptr, wanted));
    }
    buf_free(&svg);
    drop(&d);
}

static const char two_gaps[] =
    "{\"format\":1,\"id\":\"m\",\"title\":\"T\",\"phases\":[{\"id\":\"f\",\"title\":"
    "\"F\","
    "\"steps\":[{\"id\":\"a\",\"title\":\"A\",\"feeling\":{\"valence\":-1}},"
    "{\"id\":\"b\",\"title\":\"B\",\"feeling\":{\"valence\":-2}},"
    "{\"id\":\"c\",\"title\":\"C\"},"
    "{\"id\":\"d\",\"title\":\"D\",\"feeling\":{\"valence\":-1}},"
    "{\"id\":\"e\",\"title\":\"E\",\"feeling\":{\"valence\":-2}}]}]}";

static void a_step_without_a_value_is_a_gap_in_the_curve(void **state)
{
    (void)state;
    struct drawn d = draw_json(STR(two_gaps), false, 0, &(struct poster_options){0});
    size_t curves = 0;
    for (size_t i = 0; i < d.scene->count; i++) {
        const struct op *op = &d.scene->ops[i];
        if (op->kind == OP_PATH && op->paint.class &&
            strcmp(op->paint.class, "believed") == 0) {
            curves++;
            assert_null(
                strchr(strchr(op->d, 'C') + 1, 'C')); /* from one step to the next */
        }
    }
    assert_int_equal(curves, 2);
    drop(&d);
}

static void a_map_without_evidence_says_so_and_has_no_reality(void **state)
{
    (void)state;
    struct drawn d = draw_json(STR(two_gaps), false, 0, &(struct poster_options){0});
    struct buf svg = {0};
    assert_ok(scene_svg(d.scene, &(struct svg_options){0}, &svg, &err));
    assert_non_null(strstr(svg.ptr, "No evidence yet"));
    assert_null(strstr(svg.ptr, "data-lane=\"reality\""));
    buf_free(&svg);
    drop(&d);
}

static void a_curve_stays_between_the_points_it_joins(void **state)
{
    (void)state;
    uint64_t random = 11;
    for (int round = 0; round < 300; round++) {
        struct point points[12];
        size_t count = 2 + (size_t)(random_next(&random) * 10);
        for (size_t i = 0; i < count; i++)
            points[i] = (struct point){(double)i * 100 + 30 * random_next(&random),
                                       4 * random_next(&random) - 2};
        for (size_t i = 0; i + 1 < count; i++)
            for (int k = 0; k <= 50; k++) {
                double x = points[i].x + (points[i + 1].x - points[i].x) * k / 50;
                double y = curve_at(points, count, x);
                assert_true(y >= fmin(points[i].y, points[i + 1].y) - 1e-9);
                assert_true(y <= fmax(points[i].y, points[i + 1].y) + 1e-9);
            }
    }
}

static double channel(unsigned long rgb, int shift)
{
    double c = (double)(rgb >> shift & 255) / 255;
    return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1, relative luminance and contrast ratio. */
static double luminance(const char *colour)
{
    unsigned long rgb = strtoul(colour + 1, NULL, 16);
    return 0.2126 * channel(rgb, 16) + 0.7152 * channel(rgb, 8) +
           0.0722 * channel(rgb, 0);
}

static double contrast(const char *a, const char *b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void check_contrast(unsigned ink, unsigned ground, double least)
{
    const struct theme_colour *a = &view_theme.colours[ink],
                              *b = &view_theme.colours[ground];
    double light = contrast(a->light, b->light), dark = contrast(a->dark, b->dark);
    if (light < least || dark < least)
        fail_msg("%s on %s: %.2f in light, %.2f in dark, below %.1f", a->name, b->name,
                 light, dark, least);
}

static void every_text_can_be_read_on_its_ground_in_both_themes(void **state)
{
    (void)state;
    static const unsigned pairs[][2] = {{INK_TEXT, INK_PAPER},
                                        {INK_TEXT, INK_CARD},
                                        {INK_TEXT, INK_SOFT},
                                        {INK_TEXT, INK_GOOD_SOFT},
                                        {INK_QUIET, INK_PAPER},
                                        {INK_QUIET, INK_CARD},
                                        {INK_LOST, INK_PAPER},
                                        {INK_LOST, INK_CARD},
                                        {INK_LOST, INK_LOST_SOFT},
                                        {INK_WARNING, INK_WARNING_SOFT},
                                        {INK_GOOD, INK_GOOD_SOFT},
                                        {INK_GOOD, INK_CARD},
                                        {INK_ON_FILL, INK_GOOD_FILL},
                                        {INK_ON_FILL, INK_DOING_FILL},
                                        {INK_ON_FILL, INK_IDLE_FILL},
                                        {INK_ON_NOTE, INK_NOTE},
                                        {INK_CHANNEL_WEB, INK_CHANNEL_WEB_SOFT},
                                        {INK_CHANNEL_MAIL, INK_CHANNEL_MAIL_SOFT},
                                        {INK_CHANNEL_PHONE, INK_CHANNEL_PHONE_SOFT},
                                        {INK_CHANNEL_PERSON, INK_CHANNEL_PERSON_SOFT},
                                        {INK_CHANNEL_CHAT, INK_CHANNEL_CHAT_SOFT},
                                        {INK_CHANNEL_OTHER, INK_CHANNEL_OTHER_SOFT}};
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        check_contrast(pairs[i][0], pairs[i][1], 4.5);
    for (size_t i = 0; i < 8; i++) {
        check_contrast(ink_on_phase(i), ink_phase(i), 4.5);
        check_contrast(ink_phase_text(i), INK_CARD, 4.5);
        check_contrast(ink_phase_text(i), INK_PAPER, 4.5);
    }
    /* Shapes that say something: 3 : 1. */
    check_contrast(INK_EVIDENCE, INK_PAPER, 3);
    check_contrast(INK_EVIDENCE, INK_SOFT, 3);
    check_contrast(INK_BELIEF, INK_PAPER, 3);
    for (double v = -2; v <= 2; v++)
        check_contrast(INK_ON_VALENCE, ink_valence(v), 3);
}

static void the_table_says_what_the_picture_shows(void **state)
{
    (void)state;
    struct random_map random = {
        .seed = 3, .steps = 9, .personas = 1, .filled = 1, .words = 2};
    struct drawn d = draw_random(&random, true, &(struct poster_options){0});
    struct buf out = {0};
    assert_ok(poster_table(d.arena, &d.study, &out, &err));
    size_t rows = 0;
    for (const char *at = out.ptr; (at = strstr(at, "<tr data-step=")); at++)
        rows++;
    assert_int_equal(rows, 9);
    assert_null(strstr(out.ptr, "<script"));
    assert_non_null(strstr(out.ptr, "What they think"));
    buf_free(&out);
    drop(&d);
}

static void in_italian_nothing_stays_english(void **state)
{
    (void)state;
    static const char *const english[] = {"What they",        "Pains",      "after ",
                                          "still travelling", "of the map", "evidence",
                                          "made with",        "Step"};
    struct random_map random = {.seed = 9, .steps = 14, .personas = 1, .filled = 1};
    lang_set(LANG_IT);
    struct drawn d = draw_random(&random, true, &(struct poster_options){0});
    lang_set(LANG_EN);
    const struct scene_text_box *texts;
    size_t count = scene_text_boxes(d.scene, &texts);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < COUNT_OF(english); k++)
            if (strstr(texts[i].text, english[k]))
                fail_msg("%s", texts[i].text);
    drop(&d);
}

static void when_memory_ends_anywhere_it_says_so(void **state)
{
    (void)state;
    struct random_map random = {
        .seed = 6, .steps = 5, .personas = 2, .filled = 1, .words = 0};
    struct drawn d = draw_random(&random, true, &(struct poster_options){0});
    size_t whole = arena_used(d.arena), refused = 0, drawn = 0;
    for (size_t limit = 500; limit < whole * 5 / 4; limit += whole / 40 + 7) {
        struct arena *arena = arena_open(limit);
        struct scene *scene = NULL;
        enum vg_code code =
            poster_draw(arena, &d.study, &(struct poster_options){0}, &scene, &err);
        assert_true(code == VG_OK || code == VG_ERR_MEMORY);
        struct buf svg = {0};
        if (code == VG_OK) {
            assert_ok(scene_svg(scene, &(struct svg_options){0}, &svg, &err));
            assert_null(strstr(svg.ptr, "(null)"));
        }
        *(code == VG_OK ? &drawn : &refused) += 1;
        buf_free(&svg);
        arena_close(arena);
    }
    assert_true(refused > 20 && drawn > 3);
    drop(&d);
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct buf all = {0};
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        buf_add(&all, (str){piece, n});
    fclose(file);
    return buf_take(&all);
}

/* VIAGGIO_ACCEPT=1 tools/run-tests build unit/poster: take the new picture as the right
 * one, after having looked at it. */
static void a_small_poster_is_drawn_as_it_was_accepted(void **state)
{
    (void)state;
    char path[512];
    const char *source = getenv("VIAGGIO_SOURCE");
    snprintf(path, sizeof path, "%s/tests/view/golden/poster.svg", source ? source : ".");
    struct random_map random = {
        .seed = 21, .steps = 4, .personas = 1, .filled = 1, .words = 0};
    struct drawn d = draw_random(&random, true, &(struct poster_options){0});
    struct buf svg = {0};
    assert_ok(scene_svg(d.scene, &(struct svg_options){0}, &svg, &err));
    if (getenv("VIAGGIO_ACCEPT")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fwrite(svg.ptr, 1, svg.len, file);
        fclose(file);
    }
    char *accepted = read_all(path);
    assert_non_null(accepted);
    assert_string_equal(svg.ptr, accepted);
    free(accepted);
    buf_free(&svg);
    drop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_map_no_text_overlaps_or_is_cut),
        cmocka_unit_test(a_long_journey_takes_as_few_sheets_as_can_be_read),
        cmocka_unit_test(lanes_stand_as_the_team_ordered_them_and_hidden_ones_not_at_all),
        cmocka_unit_test(every_step_is_in_every_lane_that_is_shown),
        cmocka_unit_test(a_step_without_a_value_is_a_gap_in_the_curve),
        cmocka_unit_test(a_map_without_evidence_says_so_and_has_no_reality),
        cmocka_unit_test(a_curve_stays_between_the_points_it_joins),
        cmocka_unit_test(every_text_can_be_read_on_its_ground_in_both_themes),
        cmocka_unit_test(the_table_says_what_the_picture_shows),
        cmocka_unit_test(in_italian_nothing_stays_english),
        cmocka_unit_test(when_memory_ends_anywhere_it_says_so),
        cmocka_unit_test(a_small_poster_is_drawn_as_it_was_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
