#include "check.h"

#include "mine/avx2.h"
#include "mine/mine.h"
#include "mine/stats.h"
#include "random_log.h"

#include <stdlib.h>

/* Enough that edges are watched by a sample; see mine/flow_groups.h. */
enum { EVENTS = 300000 };

/* A log of EVENTS events in traces of random length, all at the same time. */
static struct vg_log *log_of(uint64_t *seed, size_t activities, size_t longest)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    size_t customer = 0, left = 0, before = 0;
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (size_t i = 0; i < EVENTS; i++) {
        char name[24], activity[24];
        if (left == 0)
            customer++, left = 1 + random_below(seed, longest);
        left--;
        /* Most go on to the next, some anywhere. */
        before = random_below(seed, 8) ? before + 1 : random_below(seed, activities);
        snprintf(name, sizeof name, "k%zu", customer);
        snprintf(activity, sizeof activity, "a%zu", before % activities);
        struct log_event event = {
            .customer = str_from(name), .activity = str_from(activity), .score = NAN};
        assert_ok(builder_add(builder, &event, NULL, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    assert_int_equal(log->events, EVENTS);
    assert_int_equal(log->activities.count, activities);
    return log;
}

/* How long after the row before. The sample looks at rows 0 … 127 of every 4096 of a
 * slice: `misled` makes those short and all others long. */
static int64_t gap_of(uint64_t *seed, size_t row, int shape)
{
    int64_t any = 1 + (int64_t)random_below(seed, 1u << random_below(seed, 31));
    switch (shape) {
    case 0:
        return any;
    case 1: /* few different times */
        return (int64_t)random_below(seed, 3) * 1000000;
    case 2:
        return 5000000;
    default: /* misled */
        return row % 4096 < 200 ? any % 1000 : 1000000 + any;
    }
}

static void times_set(struct vg_log *log, uint64_t *seed, int shape)
{
    for (size_t t = 0; t < log->traces; t++) {
        log->at_us[log->first[t]] = (int64_t)random_below(seed, 1000) * US_PER_DAY;
        for (size_t row = log->first[t] + 1; row < log->first[t + 1]; row++)
            log->at_us[row] = log->at_us[row - 1] + gap_of(seed, row, shape);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const char *name_of(const struct vg_log *log, size_t code)
{
    return dict_text(&log->activities, (uint32_t)code);
}

/* Each edge's times sorted, one edge after the other. */
static void check_flow(const struct vg_log *log, const struct vg_flow *flow)
{
    size_t activities = log->activities.count, pairs = activities * activities;
    size_t *end = calloc(pairs + 1, sizeof *end), edges = 0;
    double *gap_s = calloc(log->events, sizeof *gap_s);
    assert_true(end && gap_s);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t t = 0; t < log->traces; t++)
            for (size_t row = log->first[t] + 1; row < log->first[t + 1]; row++) {
                size_t pair = log->activity[row - 1] * activities + log->activity[row];
                if (pass == 0)
                    end[pair + 1]++;
                else
                    gap_s[end[pair]++] =
                        (double)(log->at_us[row] - log->at_us[row - 1]) / 1e6;
            }
        for (size_t p = 0; p < pairs && pass == 0; p++)
            end[p + 1] += end[p];
    }
    for (size_t e = 0; e < flow->edge_count; e++) {
        const struct vg_edge *edge = &flow->edges[e];
        size_t from = dict_find(&log->activities, str_from(edge->from));
        size_t to = dict_find(&log->activities, str_from(edge->to));
        size_t pair = from * activities + to;
        double *of_edge = gap_s + (pair ? end[pair - 1] : 0), sum = 0;
        size_t count = end[pair] - (pair ? end[pair - 1] : 0);
        qsort(of_edge, count, sizeof *of_edge, by_value);
        for (size_t i = 0; i < count; i++)
            sum += of_edge[i];
        assert_int_equal(edge->count, count);
        assert_string_equal(edge->from, name_of(log, from));
        double near = 1e-9 * (1 + of_edge[count - 1]);
        assert_near(edge->mean_s, sum / (double)count, near);
        assert_near(edge->median_s, stats_quantile(of_edge, count, 0.5), near);
        assert_near(edge->p95_s, stats_quantile(of_edge, count, 0.95), near);
        assert_near(edge->min_s, of_edge[0], near);
        assert_near(edge->max_s, of_edge[count - 1], near);
    }
    for (size_t p = 0; p < pairs; p++)
        edges += end[p] > (p ? end[p - 1] : 0);
    assert_int_equal(flow->edge_count, edges);
    free(end);
    free(gap_s);
}

static void check_ends(const struct vg_log *log, const struct vg_flow *flow)
{
    uint64_t events = 0, starts = 0, ends = 0, longest = 0;
    for (size_t i = 0; i < flow->activity_count; i++)
        events += flow->activities[i].count;
    for (size_t i = 0; i < flow->start_count; i++)
        starts += flow->starts[i].count;
    for (size_t i = 0; i < flow->end_count; i++)
        ends += flow->ends[i].count;
    for (size_t t = 0; t < log->traces; t++) {
        uint64_t length = log->first[t + 1] - log->first[t];
        longest = length > longest ? length : longest;
    }
    assert_int_equal(events, log->events);
    assert_int_equal(starts, log->traces);
    assert_int_equal(ends, log->traces);
    assert_int_equal(flow->events_per_trace_max, longest);
}

static void the_flow_of_a_large_log_is_what_sorting_each_edge_gives(void **state)
{
    (void)state;
    static const struct {
        size_t activities, longest;
    } cases[] = {{3, 12}, {20, 12}, {150, 12}, {20, 1}, {4, 50000}};
    uint64_t seed = 123456789;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_log *log = log_of(&seed, cases[i].activities, cases[i].longest);
        for (int shape = 0; shape < 4; shape++) {
            times_set(log, &seed, shape);
            for (int plain = 0; plain < 2; plain++) {
                struct arena *arena = arena_open(0);
                struct vg_flow flow;
                struct vg_err err = {0};
                avx2_forbid(plain);
                assert_ok(flow_mine(arena, log, &flow, &err));
                check_flow(log, &flow);
                check_ends(log, &flow);
                arena_close(arena);
            }
        }
        log_close(log);
    }
    avx2_forbid(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_flow_of_a_large_log_is_what_sorting_each_edge_gives),
    };
    return cmocka_run_group_tests_name("flow-large", tests, NULL, NULL);
}
