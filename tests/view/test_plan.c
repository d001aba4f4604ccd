/* The plan and the matrix: whatever the map holds, one page, and no text on another. */
#include "check.h"

#include "base/arena.h"
#include "base/lang.h"
#include "view/matrix.h"
#include "view/plan.h"
#include "view/sample_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct vg_err err;

static void check_texts(const struct scene *scene, const char *what)
{
    const struct scene_text_box *boxes = NULL;
    size_t n = scene_text_boxes(scene, &boxes);
    double e = 0.75;
    for (size_t i = 0; i < n; i++) {
        struct rect a = boxes[i].box;
        if (a.x < -e || a.y < -e || a.x + a.w > scene_width(scene) + e ||
            a.y + a.h > scene_height(scene) + e)
            fail_msg("%s: “%s” leaves the page", what, boxes[i].text);
        for (size_t j = i + 1; j < n; j++) {
            struct rect b = boxes[j].box;
            if (a.x + e < b.x + b.w && b.x + e < a.x + a.w && a.y + e < b.y + b.h &&
                b.y + e < a.y + a.h)
                fail_msg("%s: “%s” lies on “%s”", what, boxes[i].text, boxes[j].text);
        }
    }
}

/* A map with so many phases, steps and actions, with long words. */
static char *made_map(unsigned seed, size_t steps, size_t actions)
{
    json_t *list = json_array(), *doing = json_array(), *phases = json_array();
    srand(seed);
    for (size_t i = 0; i < steps; i++) {
        char id[32];
        snprintf(id, sizeof id, "s%zu", i);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:{s:f}, s:[s]}", "id", id, "title",
                            i % 3 ? "Ricevo l’offerta e la confronto con le altre"
                                  : "Precipitevolissimevolmente",
                            "feeling", "valence", (double)(rand() % 5 - 2), "match", id));
        if (json_array_size(list) == 1 + (size_t)(rand() % 6) || i + 1 == steps) {
            json_array_append_new(phases,
                                  json_pack("{s:s, s:o}", "title",
                                            "Una fase dal nome lungo", "steps", list));
            list = json_array();
        }
    }
    json_decref(list);
    for (size_t i = 0; i < actions; i++) {
        char id[32], step[32];
        snprintf(id, sizeof id, "a%zu", i);
        snprintf(step, sizeof step, "s%zu", (size_t)rand() % steps);
        json_t *one = json_pack(
            "{s:s, s:s, s:[s], s:s, s:s, s:s, s:s}", "id", id, "title",
            i % 2 ? "Un’azione dal titolo assai lungo che non sta su una riga sola, no"
                  : "Breve",
            "steps", step, "owner", "Maria Antonietta Bevilacqua", "department",
            "Amministrazione e controllo", "due", "2025-03-01", "state",
            i % 3 ? "doing" : "done");
        if (i % 4)
            json_object_set_new(one, "effort", json_integer(1 + rand() % 5));
        if (i % 5)
            json_object_set_new(one, "value", json_integer(1 + rand() % 5));
        json_array_append_new(doing, one);
    }
    json_t *map = json_pack("{s:s, s:{s:s}, s:o, s:o, s:s}", "title",
                            "Una mappa dal titolo lungo quanto serve a riempire la riga "
                            "e oltre, fino a dove non c’è più posto",
                            "objective", "text", "Perché si perdono tanti clienti?",
                            "phases", phases, "actions", doing, "sponsor",
                            "Giovanni Battista Montecuccoli degli Erri, titolare");
    char *text = json_dumps(map, 0);
    json_decref(map);
    return text;
}

static void both_keep_their_texts_apart_on_random_maps(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 3, 10, 24, 60}, actions[] = {0, 1, 7, 40};
    static const double widths[] = {280, 360, 640, 860, 1400};
    for (unsigned run = 0; run < 20; run++) {
        struct arena *arena = arena_open(0);
        char *text = made_map(run, steps[run % 5], actions[run % 4]), what[64];
        struct study *study = sample_study(arena, &(struct sample){.map = text});
        struct scene *scene;
        lang_set(run % 2 ? LANG_IT : LANG_EN);
        assert_ok(plan_draw(arena, study, &scene, &err));
        assert_near(scene_width(scene) / scene_height(scene), sqrt(2), 0.002);
        snprintf(what, sizeof what, "plan %u", run);
        check_texts(scene, what);
        for (size_t w = 0; w < COUNT_OF(widths); w++) {
            assert_ok(matrix_draw(
                arena, study, &(struct chart_options){.width = widths[w]}, &scene, &err));
            assert_near(scene_width(scene), widths[w], 0.1);
            snprintf(what, sizeof what, "matrix %u, %.0f wide", run, widths[w]);
            check_texts(scene, what);
        }
        free(text);
        sample_study_close(study);
        arena_close(arena);
    }
    lang_set(LANG_EN);
}

static void a_value_by_hand_comes_before_one_that_is_computed(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    char *text = made_map(7, 5, 10);
    struct study *study = sample_study(arena, &(struct sample){.map = text});
    for (size_t i = 0; i < study->map->action_count; i++) {
        const struct map_action *action = &study->map->actions[i];
        struct matrix_place place;
        bool known = matrix_place(study, action, &place);
        assert_int_equal(known, !isnan(action->value) && !isnan(action->effort));
        assert_near(place.value, action->value, 0);
        assert_false(place.computed);
    }
    free(text);
    sample_study_close(study);
    arena_close(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_keep_their_texts_apart_on_random_maps),
        cmocka_unit_test(a_value_by_hand_comes_before_one_that_is_computed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
