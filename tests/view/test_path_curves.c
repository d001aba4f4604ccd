/* The curves of a path: readable at every width, whatever the phases are called. */
#include "check.h"

#include "base/lang.h"
#include "draw/scene.h"
#include "view/path_board.h"

#include <math.h>

static struct vg_survival_point points[] = {
    {86400.0 * 9, 20, 5, 0, 0.75, 0.5, 0.9},
    {86400.0 * 30, 12, 6, 3, 0.375, 0.2, 0.6},
    {86400.0 * 400, 2, 1, 4, 0.1875, NAN, NAN},
};
static const struct vg_survival curve = {.points = points,
                                         .point_count = 3,
                                         .n = 20,
                                         .happened = 12,
                                         .censored = 8,
                                         .median_s = 86400.0 * 30};
static const struct vg_survival nobody = {.n = 20, .censored = 20, .median_s = NAN};

static void check_texts(const struct scene *scene)
{
    const struct scene_text_box *boxes = NULL;
    size_t n = scene_text_boxes(scene, &boxes);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        struct rect a = boxes[i].box;
        if (a.x < -0.75 || a.y < -0.75 || a.x + a.w > scene_width(scene) + 0.75 ||
            a.y + a.h > scene_height(scene) + 0.75)
            fail_msg("“%s” leaves the picture", boxes[i].text);
        for (size_t j = 0; j < i; j++) {
            struct rect b = boxes[j].box;
            if (a.x + 0.75 < b.x + b.w && b.x + 0.75 < a.x + a.w &&
                a.y + 0.75 < b.y + b.h && b.y + 0.75 < a.y + a.h)
                fail_msg("“%s” lies on “%s”", boxes[i].text, boxes[j].text);
        }
    }
}

static struct path_board board_of(const struct vg_survival *survival)
{
    static struct board_phase phases[12];
    for (size_t i = 0; i < 12; i++)
        phases[i] = (struct board_phase){
            .title = "Precipitevolissimevolmente e con un nome assai lungo",
            .survival = survival};
    return (struct path_board){.phases = phases, .phase_count = 12, .client_count = 20};
}

static void texts_keep_apart_at_every_width(void **state)
{
    (void)state;
    static const double widths[] = {240, 312, 560, 846, 1600};
    const struct vg_survival *survivals[] = {&curve, &nobody};
    struct vg_err err = {0};
    for (int lang = 0; lang < 2; lang++)
        for (size_t s = 0; s < 2; s++)
            for (size_t w = 0; w < COUNT_OF(widths); w++) {
                struct arena *arena = arena_open(0);
                struct path_board board = board_of(survivals[s]);
                struct chart_options options = {.width = widths[w]};
                struct scene *scene = NULL;
                lang_set(lang ? LANG_IT : LANG_EN);
                assert_ok(path_curves_draw(arena, &board, &options, &scene, &err));
                check_texts(scene);
                arena_close(arena);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_keep_apart_at_every_width)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
