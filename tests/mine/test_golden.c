/* The reference answers of an independent tool on seven logs (../shared/data/README.md),
 * from the file to the answer. Their times are floored to milliseconds; those of the
 * files have no more. */
#include "check.h"

#include "log/read.h"
#include "mine/mine.h"
#include "text/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const log_names[] = {
    "helpdesk_it",    "receipt",    "bpic2013_closed", "reviewing",
    "repair_example", "teleclaims", "running_example"};

/* NULL when the shared data is not here. */
static FILE *shared_open(const char *folder, const char *name, const char *ending)
{
    const char *source = getenv("VIAGGIO_SOURCE");
    char path[4096];
    snprintf(path, sizeof path, "%s/../shared/data/%s/%s.%s", source ? source : ".",
             folder, name, ending);
    return fopen(path, "rb");
}

static struct vg_log *golden_log(struct arena *arena, const char *name)
{
    const char *source = getenv("VIAGGIO_SOURCE");
    const struct read_options options = {0};
    struct read_report report;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    char path[4096];
    const char *paths[] = {path};
    snprintf(path, sizeof path, "%s/../shared/data/logs/%s.csv", source ? source : ".",
             name);
    assert_ok(read_files(arena, paths, 1, &options, &log, &report, &err));
    assert_int_equal(report.files[0].rejected, 0);
    return log;
}

static json_t *golden_answers(const char *name)
{
    FILE *file = shared_open("golden", name, "json");
    assert_non_null(file);
    json_t *json = json_loadf(file, 0, NULL);
    fclose(file);
    assert_non_null(json);
    return json;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

/* Equal to one part in a million, or to the millisecond's last bits near zero. */
static void assert_close(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-6 * fabs(expected) + 1e-9))
        fail_msg("%.9g where %.9g is expected", got, expected);
}

static void assert_counts(const struct vg_activity_count *counts, size_t count,
                          const json_t *expected)
{
    assert_int_equal(count, json_object_size(expected));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(counts[i].count, json_integer_value(json_object_get(
                                              expected, counts[i].activity)));
}

static void check_edges(const struct vg_flow *flow, const json_t *dfg)
{
    assert_int_equal(flow->edge_count, json_array_size(dfg));
    for (size_t i = 0; i < json_array_size(dfg); i++) {
        const json_t *expected = json_array_get(dfg, i);
        const struct vg_edge *edge = NULL;
        for (size_t e = 0; e < flow->edge_count; e++)
            if (!strcmp(flow->edges[e].from,
                        json_string_value(json_object_get(expected, "a"))) &&
                !strcmp(flow->edges[e].to,
                        json_string_value(json_object_get(expected, "b"))))
                edge = &flow->edges[e];
        assert_non_null(edge);
        assert_int_equal(edge->count, number(expected, "n"));
        assert_close(edge->mean_s, number(expected, "mean_s"));
        assert_close(edge->median_s, number(expected, "median_s"));
        assert_close(edge->min_s, number(expected, "min_s"));
        assert_close(edge->max_s, number(expected, "max_s"));
    }
}

static void check_flow(struct arena *arena, const struct vg_log *log,
                       const json_t *expected)
{
    struct vg_flow flow;
    struct vg_err err = {0};
    assert_ok(flow_mine(arena, log, &flow, &err));
    assert_int_equal(flow.event_count, number(expected, "events"));
    assert_int_equal(flow.trace_count, number(expected, "cases"));
    assert_int_equal(flow.activity_count, number(expected, "activities"));
    assert_counts(flow.activities, flow.activity_count,
                  json_object_get(expected, "activity_counts"));
    assert_counts(flow.starts, flow.start_count,
                  json_object_get(expected, "start_activities"));
    assert_counts(flow.ends, flow.end_count, json_object_get(expected, "end_activities"));
    check_edges(&flow, json_object_get(expected, "dfg"));
    const json_t *duration = json_object_get(expected, "case_duration_s");
    assert_close(flow.duration_mean_s, number(duration, "mean"));
    assert_close(flow.duration_median_s, number(duration, "median"));
    assert_close(flow.duration_min_s, number(duration, "min"));
    assert_close(flow.duration_max_s, number(duration, "max"));
    const json_t *length = json_object_get(expected, "events_per_case");
    assert_close(flow.events_per_trace_mean, number(length, "mean"));
    assert_int_equal(flow.events_per_trace_max, number(length, "max"));
}

static bool is_sequence(const struct vg_variant *variant, const json_t *sequence)
{
    if (variant->activity_count != json_array_size(sequence))
        return false;
    for (size_t i = 0; i < variant->activity_count; i++)
        if (strcmp(variant->activities[i],
                   json_string_value(json_array_get(sequence, i))) != 0)
            return false;
    return true;
}

static void check_variants(struct arena *arena, const struct vg_log *log,
                           const json_t *expected)
{
    struct vg_variants all, top;
    struct vg_err err = {0};
    assert_ok(variants_mine(arena, log, 0, &all, &err));
    assert_int_equal(all.total, number(expected, "variants_total"));
    assert_int_equal(all.variant_count, all.total);
    const json_t *top50 = json_object_get(expected, "variants_top50");
    for (size_t i = 0; i < json_array_size(top50); i++) {
        const json_t *item = json_array_get(top50, i);
        assert_int_equal(all.variants[i].count, number(item, "n"));
        bool found = false;
        for (size_t v = 0; v < all.variant_count && !found; v++)
            found = all.variants[v].count == all.variants[i].count &&
                    is_sequence(&all.variants[v], json_object_get(item, "seq"));
        assert_true(found);
    }
    assert_ok(variants_mine(arena, log, 7, &top, &err));
    assert_int_equal(top.total, all.total);
    for (size_t i = 0; i < top.variant_count; i++) {
        assert_int_equal(top.variants[i].count, all.variants[i].count);
        assert_ptr_equal(top.variants[i].activities[0], all.variants[i].activities[0]);
        assert_string_equal(top.variants[i].example, all.variants[i].example);
    }
}

static void check_funnel(struct arena *arena, const struct vg_log *log,
                         const json_t *expected)
{
    const json_t *names = json_object_get(expected, "steps");
    const json_t *reaching = json_object_get(expected, "cases_reaching");
    size_t count = json_array_size(names);
    const char *activities[32];
    assert_true(count <= COUNT_OF(activities));
    for (size_t i = 0; i < count; i++)
        activities[i] = json_string_value(json_array_get(names, i));
    struct steps steps;
    struct vg_funnel funnel;
    struct vg_err err = {0};
    assert_ok(steps_from_activities(arena, log, activities, count, &steps, &err));
    assert_ok(
        funnel_mine(arena, log, &steps, &(struct vg_funnel_options){0}, &funnel, &err));
    assert_int_equal(funnel.step_count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(funnel.steps[i].reached,
                         json_integer_value(json_array_get(reaching, i)));
}

static void on_every_log(void (*check)(struct arena *, const struct vg_log *,
                                       const json_t *),
                         const char *key)
{
    FILE *file = shared_open("golden", log_names[0], "json");
    if (!file)
        skip();
    fclose(file);
    for (size_t i = 0; i < COUNT_OF(log_names); i++) {
        struct arena *arena = arena_open(0);
        struct vg_log *log = golden_log(arena, log_names[i]);
        json_t *expected = golden_answers(log_names[i]);
        print_message("# %s\n", log_names[i]);
        check(arena, log, key ? json_object_get(expected, key) : expected);
        json_decref(expected);
        log_close(log);
        arena_close(arena);
    }
}

static void the_flow_of_every_golden_log_is_that_of_the_reference(void **state)
{
    (void)state;
    on_every_log(check_flow, NULL);
}
static void the_variants_of_every_golden_log_are_those_of_the_reference(void **state)
{
    (void)state;
    on_every_log(check_variants, NULL);
}
static void the_funnel_of_every_golden_log_is_that_of_the_reference(void **state)
{
    (void)state;
    on_every_log(check_funnel, "funnel_ordered_subsequence");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_flow_of_every_golden_log_is_that_of_the_reference),
        cmocka_unit_test(the_variants_of_every_golden_log_are_those_of_the_reference),
        cmocka_unit_test(the_funnel_of_every_golden_log_is_that_of_the_reference),
    };
    return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
