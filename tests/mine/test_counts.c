#include "check.h"

#include "base/parallel.h"
#include "log_maker.h"
#include "mine/json.h"
#include "mine/stats.h"
#include "random_log.h"

#include <stdlib.h>

enum { EVENTS_MAX = 20000 };

/* ---- the flow, edge by edge ----------------------------------------------------------
 */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* All times from one activity to another, sorted. Returns how many. */
static size_t times_of(const struct vg_log *log, const char *from, const char *to,
                       double *ret)
{
    size_t count = 0;
    for (size_t t = 0; t < log->traces; t++)
        for (size_t r = log->first[t]; r + 1 < log->first[t + 1]; r++)
            if (!strcmp(dict_text(&log->activities, log->activity[r]), from) &&
                !strcmp(dict_text(&log->activities, log->activity[r + 1]), to))
                ret[count++] = (double)(log->at_us[r + 1] - log->at_us[r]) / 1e6;
    qsort(ret, count, sizeof *ret, by_value);
    return count;
}

static void check_flow(const struct vg_log *log, const struct vg_flow *flow)
{
    double *times = calloc(log->events + 1, sizeof *times);
    uint64_t total = 0;
    assert_non_null(times);
    for (size_t i = 0; i < flow->edge_count; i++) {
        const struct vg_edge *edge = &flow->edges[i];
        size_t count = times_of(log, edge->from, edge->to, times);
        double sum = 0;
        for (size_t k = 0; k < count; k++)
            sum += times[k];
        assert_int_equal(edge->count, count);
        assert_near(edge->mean_s, sum / (double)count, 1e-9 * (1 + sum));
        assert_near(edge->median_s, stats_quantile(times, count, 0.5), 1e-6);
        assert_near(edge->p95_s, stats_quantile(times, count, 0.95), 1e-6);
        assert_near(edge->min_s, times[0], 1e-6);
        assert_near(edge->max_s, times[count - 1], 1e-6);
        if (i > 0) {
            const struct vg_edge *last = edge - 1;
            int names = strcmp(last->from, edge->from);
            names = names ? names : strcmp(last->to, edge->to);
            assert_true(last->count > edge->count ||
                        (last->count == edge->count && names < 0));
        }
        total += count;
    }
    assert_int_equal(total, log->events - log->traces);
    free(times);
}

static void the_flow_is_what_counting_by_hand_gives(void **state)
{
    (void)state;
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 521288629;
    assert_non_null(events);
    for (size_t round = 0; round < 20; round++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct vg_flow flow;
        size_t count = random_events(&seed, 1 + random_below(&seed, 80), 12, 5, events);
        struct vg_log *log = log_from_events(events, count);
        assert_ok(flow_mine(arena, log, &flow, &err));
        check_flow(log, &flow);
        log_close(log);
        arena_close(arena);
    }
    free(events);
}

/* Beyond 128 activities edges are found in two steps: 200 take that way. */
static void many_activities_are_counted_like_few(void **state)
{
    (void)state;
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 88675123;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct vg_flow flow;
    assert_non_null(events);
    size_t count = random_events(&seed, 900, 20, 5, events);
    for (size_t i = 0; i < count; i++)
        snprintf(events[i].activity, sizeof events[i].activity, "a%zu",
                 random_below(&seed, 200) * random_below(&seed, 200) / 200);
    struct vg_log *log = log_from_events(events, count);
    assert_true(log->activities.count > 128);
    assert_ok(flow_mine(arena, log, &flow, &err));
    check_flow(log, &flow);
    uint64_t seen = 0;
    for (size_t i = 0; i < flow.activity_count; i++)
        seen += flow.activities[i].count;
    assert_int_equal(seen, log->events);
    log_close(log);
    arena_close(arena);
    free(events);
}

/* ---- variants ------------------------------------------------------------------------
 */

static bool same_sequence(const struct vg_log *log, size_t a, size_t b)
{
    size_t length = log->first[a + 1] - log->first[a];
    return length == log->first[b + 1] - log->first[b] &&
           !memcmp(log->activity + log->first[a], log->activity + log->first[b],
                   length * sizeof *log->activity);
}

/* How many traces go the way of `variant`, and whether its example is among them. */
static uint64_t traces_of(const struct vg_log *log, const struct vg_variant *variant,
                          bool *ret_example)
{
    uint64_t count = 0;
    *ret_example = false;
    for (size_t t = 0; t < log->traces; t++) {
        size_t row = log->first[t], length = log->first[t + 1] - row;
        bool same = length == variant->activity_count;
        for (size_t i = 0; same && i < length; i++)
            same = !strcmp(dict_text(&log->activities, log->activity[row + i]),
                           variant->activities[i]);
        count += same;
        if (same &&
            !strcmp(dict_text(&log->trace_names, log->trace_name[t]), variant->example))
            *ret_example = true;
    }
    return count;
}

static void the_variants_are_what_comparing_every_trace_gives(void **state)
{
    (void)state;
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 123456789;
    assert_non_null(events);
    for (size_t round = 0; round < 20; round++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct vg_variants all, top;
        size_t count = random_events(&seed, 1 + random_below(&seed, 200), 4, 3, events);
        struct vg_log *log = log_from_events(events, count);
        assert_ok(variants_mine(arena, log, 0, &all, &err));
        size_t distinct = 0;
        for (size_t t = 0; t < log->traces; t++) {
            bool first = true;
            for (size_t u = 0; u < t && first; u++)
                first = !same_sequence(log, t, u);
            distinct += first;
        }
        assert_int_equal(all.total, distinct);
        assert_int_equal(all.variant_count, distinct);
        for (size_t i = 0; i < all.variant_count; i++) {
            bool example;
            assert_int_equal(all.variants[i].count,
                             traces_of(log, &all.variants[i], &example));
            assert_true(example);
            assert_true(i == 0 || all.variants[i - 1].count >= all.variants[i].count);
        }
        size_t wanted = 1 + random_below(&seed, distinct);
        assert_ok(variants_mine(arena, log, wanted, &top, &err));
        assert_int_equal(top.variant_count, wanted);
        assert_int_equal(top.total, distinct);
        for (size_t i = 0; i < wanted; i++) {
            assert_int_equal(top.variants[i].activity_count,
                             all.variants[i].activity_count);
            for (size_t a = 0; a < top.variants[i].activity_count; a++)
                assert_ptr_equal(top.variants[i].activities[a],
                                 all.variants[i].activities[a]);
        }
        log_close(log);
        arena_close(arena);
    }
    free(events);
}

/* ---- properties of all ---------------------------------------------------------------
 */

/* Everything that is counted, as text. */
static char *insight_of(const struct vg_log *log)
{
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct vg_flow flow;
    struct vg_variants variants;
    struct vg_funnel funnel;
    struct vg_survival survival;
    struct steps steps;
    static const char *const names[] = {"A", "B", "C"};
    assert_ok(flow_mine(arena, log, &flow, &err));
    assert_ok(variants_mine(arena, log, 20, &variants, &err));
    assert_ok(steps_from_activities(arena, log, names, 3, &steps, &err));
    assert_ok(funnel_mine(arena, log, &steps, NULL, &funnel, &err));
    assert_ok(survival_mine(arena, log, &steps, 0, 2, &survival, &err));
    json_t *json =
        json_pack("[o, o, o, o]", flow_to_json(&flow), variants_to_json(&variants),
                  funnel_to_json(&funnel), survival_to_json(&survival, 0));
    assert_non_null(json);
    char *text = json_dumps(json, JSON_INDENT(1));
    json_decref(json);
    arena_close(arena);
    assert_non_null(text);
    return text;
}

static void the_order_in_which_events_come_in_makes_no_difference(void **state)
{
    (void)state;
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 314159265;
    assert_non_null(events);
    size_t count = random_events(&seed, 1200, 12, 4, events);
    struct vg_log *log = log_from_events(events, count);
    char *expected = insight_of(log);
    log_close(log);
    for (unsigned workers = 1; workers <= 5; workers += 2) {
        parallel_set_workers(workers);
        random_shuffle(&seed, events, count);
        log = log_from_events(events, count);
        char *got = insight_of(log);
        assert_string_equal(got, expected);
        free(got);
        log_close(log);
    }
    parallel_set_workers(0);
    free(expected);
    free(events);
}

static void a_log_of_one_event_has_a_start_an_end_and_no_edge(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct vg_flow flow;
    struct vg_variants variants;
    struct vg_log *log = log_from_lines("a;Visit;2025-01-01\n");
    assert_ok(flow_mine(arena, log, &flow, &err));
    assert_int_equal(flow.edge_count, 0);
    assert_string_equal(flow.starts[0].activity, "Visit");
    assert_string_equal(flow.ends[0].activity, "Visit");
    assert_near(flow.duration_p95_s, 0, 0);
    assert_ok(variants_mine(arena, log, 10, &variants, &err));
    assert_int_equal(variants.total, 1);
    log_close(log);
    arena_close(arena);
}

static void an_empty_log_gives_empty_answers(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct vg_flow flow;
    struct vg_variants variants;
    struct vg_funnel funnel;
    struct steps steps;
    struct vg_log *log = log_new();
    assert_non_null(log);
    assert_ok(flow_mine(arena, log, &flow, &err));
    assert_int_equal(flow.activity_count, 0);
    assert_true(isnan(flow.duration_median_s));
    assert_ok(variants_mine(arena, log, 10, &variants, &err));
    assert_int_equal(variants.total, 0);
    assert_ok(steps_from_activities(arena, log, NULL, 0, &steps, &err));
    assert_ok(funnel_mine(arena, log, &steps, NULL, &funnel, &err));
    assert_int_equal(funnel.step_count, 0);
    json_t *json = flow_to_json(&flow);
    assert_true(
        json_is_null(json_object_get(json_object_get(json, "duration"), "median_s")));
    json_decref(json);
    log_close(log);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_flow_is_what_counting_by_hand_gives),
        cmocka_unit_test(many_activities_are_counted_like_few),
        cmocka_unit_test(the_variants_are_what_comparing_every_trace_gives),
        cmocka_unit_test(the_order_in_which_events_come_in_makes_no_difference),
        cmocka_unit_test(a_log_of_one_event_has_a_start_an_end_and_no_edge),
        cmocka_unit_test(an_empty_log_gives_empty_answers),
    };
    return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
