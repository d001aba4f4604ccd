#include "golden.h"

#include "map/map.h"
#include "mine/mine.h"

/* The golden files' model: a choice among the most frequent variants, each a sequence. */
static struct vg_map *golden_map(const json_t *answers)
{
    json_t *variants =
               json_object_get(json_object_get(answers, "conformance"), "model_variants"),
           *variant, *steps = json_array();
    size_t v, i;
    char id[64], branch[64];
    json_array_foreach(variants, v, variant)
    {
        json_t *activity;
        snprintf(branch, sizeof branch, "variant %zu", v);
        json_array_foreach(variant, i, activity)
        {
            snprintf(id, sizeof id, "s%zu-%zu", v, i);
            json_array_append_new(steps,
                                  json_pack("{s:s, s:O, s:{s:s, s:s}, s:[O]}", "id", id,
                                            "title", activity, "choice", "group", "model",
                                            "branch", branch, "match", activity));
        }
    }
    json_t *json =
        json_pack("{s:i, s:s, s:[{s:s, s:s, s:o}]}", "format", 1, "title", "Golden",
                  "phases", "id", "p", "title", "All", "steps", steps);
    struct vg_map *map = NULL;
    struct vg_err err = {0};
    assert_ok(map_from_json(json, "golden", &map, &err));
    json_decref(json);
    return map;
}

static bool same_sequence(const struct vg_align_variant *variant, const json_t *sequence)
{
    if (json_array_size(sequence) != variant->activity_count)
        return false;
    for (size_t i = 0; i < variant->activity_count; i++)
        if (strcmp(json_string_value(json_array_get(sequence, i)),
                   variant->activities[i]) != 0)
            return false;
    return true;
}

/* The reference lists costs in the order of its variants; some logs leave long ones out,
 * so count and length tell which variant a cost belongs to. Returns how many were held.
 */
static size_t hold_variants(const struct vg_align *align, const json_t *answers,
                            const char *name)
{
    json_t *costs = json_object_get(json_object_get(answers, "conformance"),
                                    "per_variant_top50"),
           *variants = json_object_get(answers, "variants_top50"), *expected;
    size_t i, v = 0, held = 0;
    json_array_foreach(costs, i, expected)
    {
        json_int_t count = json_integer_value(json_object_get(expected, "n"));
        size_t length = (size_t)json_integer_value(json_object_get(expected, "len"));
        json_t *variant = NULL;
        for (; v < json_array_size(variants) && !variant; v++) {
            json_t *at = json_array_get(variants, v);
            if (json_integer_value(json_object_get(at, "n")) == count &&
                json_array_size(json_object_get(at, "seq")) == length)
                variant = json_object_get(at, "seq");
        }
        if (!variant)
            fail_msg("%s: no variant for cost %zu", name, i);
        for (size_t k = 0; k < align->variant_count; k++)
            if (same_sequence(&align->variants[k], variant)) {
                assert_int_equal(align->variants[k].count, count);
                assert_near(align->variants[k].cost,
                            json_number_value(json_object_get(expected, "cost")), 0);
                assert_near(align->variants[k].fitness,
                            json_number_value(json_object_get(expected, "fitness")),
                            1e-12);
                held++;
            }
    }
    assert_int_equal(held, json_array_size(costs));
    return held;
}

static void costs_and_fitness_are_those_of_the_reference_on_every_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(golden_logs); i++) {
        json_t *answers = golden_answers(golden_logs[i]);
        struct vg_log *log = golden_log(golden_logs[i]);
        struct vg_map *map = golden_map(answers);
        struct arena *arena = arena_open(0);
        struct vg_align align;
        struct vg_err err = {0};
        assert_ok(align_mine(arena, log, map, &align, &err));
        size_t held = hold_variants(&align, answers, golden_logs[i]);
        json_t *whole =
            json_object_get(json_object_get(answers, "conformance"), "whole_log_lcs");
        double cost = 0;
        for (size_t v = 0; v < align.variant_count; v++)
            cost += align.variants[v].cost * (double)align.variants[v].count;
        assert_near(cost, json_number_value(json_object_get(whole, "total_cost")), 0);
        assert_near(align.fitness_mean,
                    json_number_value(json_object_get(whole, "mean_fitness")), 1e-12);
        assert_int_equal(align.fitting_count,
                         json_integer_value(json_object_get(whole, "fitting_cases")));
        assert_int_equal(align.trace_count,
                         json_integer_value(json_object_get(whole, "cases")));
        print_message("# %s: %zu variants, fitness %.6f\n", golden_logs[i], held,
                      align.fitness_mean);
        arena_close(arena);
        map_close(map);
        log_close(log);
        json_decref(answers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_and_fitness_are_those_of_the_reference_on_every_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
