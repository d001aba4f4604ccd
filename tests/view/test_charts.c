#include "check.h"

#include "base/arena.h"
#include "base/lang.h"
#include "draw/scene.h"
#include "view/charts.h"
#include "view/sample_study.h"

#include <math.h>
#include <stdio.h>

static struct vg_err err;

/* No two texts touch, and each lies in what holds it, or in the picture. */
static void check_texts(const struct scene *scene, const char *what)
{
    const struct scene_text_box *boxes = NULL;
    size_t n = scene_text_boxes(scene, &boxes);
    double e = 0.75;
    for (size_t i = 0; i < n; i++) {
        struct rect a = boxes[i].box, h = boxes[i].holder;
        if (h.w <= 0)
            h = (struct rect){0, 0, scene_width(scene), scene_height(scene)};
        if (a.x < h.x - e || a.y < h.y - e || a.x + a.w > h.x + h.w + e ||
            a.y + a.h > h.y + h.h + e)
            fail_msg(
                "%s: “%s” leaves its place (%.0f,%.0f %.0f×%.0f in %.0f,%.0f %.0f×%.0f)",
                what, boxes[i].text, a.x, a.y, a.w, a.h, h.x, h.y, h.w, h.h);
        for (size_t j = i + 1; j < n; j++) {
            struct rect b = boxes[j].box;
            if (a.x + e < b.x + b.w && b.x + e < a.x + a.w && a.y + e < b.y + b.h &&
                b.y + e < a.y + a.h)
                fail_msg("%s: “%s” lies on “%s”", what, boxes[i].text, boxes[j].text);
        }
    }
}

static const double widths[] = {240, 312, 460, 700, 960, 1600};
static const char long_word[] = "Precipitevolissimevolmente e con un nome assai lungo";

/* A study with long Italian words, drawn in both languages. */
static struct study *long_study(struct arena *arena)
{
    struct sample sample = {.customers = 120, .payload = "Precipitevolissimevolmente "};
    return sample_study(arena, &sample);
}

static void every_picture_keeps_its_texts_apart_at_every_width(void **state)
{
    (void)state;
    for (int lang = 0; lang < 2; lang++) {
        struct arena *arena = arena_open(0);
        lang_set(lang ? LANG_IT : LANG_EN);
        struct study *study = long_study(arena);
        for (size_t w = 0; w < COUNT_OF(widths); w++) {
            struct chart_options options = {.width = widths[w]};
            struct scene *scene = NULL;
            assert_ok(
                funnel_draw(arena, &study->funnel, study->map, &options, &scene, &err));
            check_texts(scene, "funnel");
            assert_ok(belief_draw(arena, &study->emotions, &options, &scene, &err));
            check_texts(scene, "belief");
            assert_ok(variants_draw(
                arena, &study->variants,
                &(struct variants_options){.chart = options, .map = study->map}, &scene,
                &err));
            check_texts(scene, "variants");
            assert_ok(timeline_draw(
                arena, study->log, 0,
                &(struct timeline_options){.chart = options, .map = study->map}, &scene,
                &err));
            check_texts(scene, "timeline");
            assert_ok(flow_draw(
                arena, &study->flow,
                &(struct flow_options){.chart = options, .detail = (double)w / 5}, &scene,
                &err));
            check_texts(scene, "flow");
        }
        sample_study_close(study);
        arena_close(arena);
    }
    lang_set(LANG_EN);
}

static void a_funnel_of_sixty_steps_becomes_rows(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_funnel_step steps[60] = {0};
    for (size_t i = 0; i < 60; i++) {
        uint64_t reached = 6000 - 90 * i;
        steps[i] = (struct vg_funnel_step){.activity = long_word,
                                           .id = "x",
                                           .reached = reached,
                                           .moved_on = reached - 90,
                                           .lost = 60,
                                           .travelling = 30,
                                           .lost_share = 60.0 / (double)reached,
                                           .lost_low = 0.0001,
                                           .lost_high = 0.02};
    }
    struct vg_funnel funnel = {.steps = steps, .step_count = 60, .trace_count = 6000};
    struct scene *scene = NULL;
    assert_ok(funnel_draw(arena, &funnel, NULL, &(struct chart_options){.width = 960},
                          &scene, &err));
    check_texts(scene, "funnel of sixty");
    assert_true(scene_height(scene) > 60 * 30);
    arena_close(arena);
}

static void a_survival_curve_labels_its_axes_without_touching(void **state)
{
    (void)state;
    static const double lengths[] = {1, 90, 4000, 90000, 3e6, 4e8, 9e9};
    for (size_t k = 0; k < COUNT_OF(lengths); k++)
        for (size_t w = 0; w < COUNT_OF(widths); w++) {
            struct arena *arena = arena_open(0);
            struct vg_survival_point points[20];
            for (size_t i = 0; i < 20; i++) {
                double waiting = 1 - (double)(i + 1) / 21;
                points[i] =
                    (struct vg_survival_point){.t_s = lengths[k] * (double)(i + 1) / 20,
                                               .at_risk = 21 - i,
                                               .happened = 1,
                                               .waiting = waiting,
                                               .low = fmax(0, waiting - 0.1),
                                               .high = fmin(1, waiting + 0.1)};
            }
            struct vg_survival survival = {.from = long_word,
                                           .to = "b",
                                           .points = points,
                                           .point_count = 20,
                                           .n = 21,
                                           .happened = 20,
                                           .censored = 1,
                                           .median_s = points[10].t_s};
            struct scene *scene = NULL;
            assert_ok(survival_draw(arena, &survival,
                                    &(struct chart_options){.width = widths[w]}, &scene,
                                    &err));
            check_texts(scene, "survival");
            arena_close(arena);
        }
}

static void without_data_each_picture_says_so(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct scene *scene = NULL;
    const struct scene_text_box *boxes;
    struct vg_flow flow = {0};
    struct vg_funnel funnel = {0};
    struct vg_emotions emotions = {0};
    struct vg_variants variants = {0};
    struct vg_survival survival = {.from = "a", .to = "b", .median_s = NAN};
    assert_ok(flow_draw(arena, &flow, NULL, &scene, &err));
    assert_int_equal(scene_text_boxes(scene, &boxes), 1);
    assert_ok(funnel_draw(arena, &funnel, NULL, NULL, &scene, &err));
    assert_int_equal(scene_text_boxes(scene, &boxes), 1);
    assert_ok(belief_draw(arena, &emotions, NULL, &scene, &err));
    assert_int_equal(scene_text_boxes(scene, &boxes), 1);
    assert_ok(variants_draw(arena, &variants, NULL, &scene, &err));
    assert_int_equal(scene_text_boxes(scene, &boxes), 1);
    assert_ok(survival_draw(arena, &survival, NULL, &scene, &err));
    assert_int_equal(scene_text_boxes(scene, &boxes), 1);
    arena_close(arena);
}

static void a_customer_who_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct study *study = long_study(arena);
    struct scene *scene = NULL;
    assert_int_equal(
        timeline_draw(arena, study->log, study->log->traces, NULL, &scene, &err),
        VG_ERR_NOT_FOUND);
    sample_study_close(study);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_keeps_its_texts_apart_at_every_width),
        cmocka_unit_test(a_funnel_of_sixty_steps_becomes_rows),
        cmocka_unit_test(a_survival_curve_labels_its_axes_without_touching),
        cmocka_unit_test(without_data_each_picture_says_so),
        cmocka_unit_test(a_customer_who_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
