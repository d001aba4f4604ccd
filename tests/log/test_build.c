/* The builder and its sort against qsort on (customer by first appearance, time,
 * arrival). */
#include "log_same.h"

#include "base/date.h"
#include "base/parallel.h"
#include "log/build.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t seed = 1;
static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)seed * n) >> 32);
}

struct event { /* everything about an event as numbers */
    uint32_t customer, activity, channel, touchpoint, actor, text, zone, arrival;
    uint32_t rank; /* of the customer, by first appearance */
    int64_t at_us;
    uint32_t score;
};

/* How the times of a log run. */
enum shape { IN_ORDER, BACKWARDS, RANDOM, ALL_EQUAL, TWO_FILES, SHAPES };

static int64_t time_of(enum shape shape, uint32_t i, uint32_t count)
{
    switch (shape) {
    case IN_ORDER:
        return i / 3;
    case BACKWARDS:
        return -(int64_t)i;
    case RANDOM:
        return dice(count);
    case TWO_FILES:
        return i % (count / 2 + 1);
    default:
        return 7;
    }
}

static struct event *events_make(enum shape shape, uint32_t count, uint32_t customers)
{
    struct event *events = calloc(count + 1, sizeof *events);
    uint32_t *rank = calloc(customers, sizeof *rank), ranks = 0;
    for (uint32_t i = 0; i < count; i++) {
        events[i] = (struct event){.customer = dice(customers),
                                   .activity = dice(40),
                                   .channel = dice(5),
                                   .touchpoint = dice(7),
                                   .actor = dice(100),
                                   .text = dice(1000),
                                   .zone = dice(9),
                                   .arrival = i,
                                   .at_us = time_of(shape, i, count),
                                   .score = dice(6)};
        if (!rank[events[i].customer])
            rank[events[i].customer] = ++ranks;
        events[i].rank = rank[events[i].customer];
    }
    free(rank);
    return events;
}

/* Value 0 is none. */
static str text_of(char *space, const char *word, uint32_t value)
{
    if (value == 0)
        return (str){NULL, 0};
    int n = snprintf(space, 24, "%s%u", word, value);
    return (str){space, (size_t)n};
}

static struct vg_log *build(const struct event *events, uint32_t count, bool rich)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    str names[] = {STR("zona")};
    assert_ok(builder_open(names, 1, &builder, &err));
    for (uint32_t i = 0; i < count; i++) {
        const struct event *e = &events[i];
        char space[7][24];
        struct log_event event = {.customer = text_of(space[0], "c", e->customer + 1),
                                  .activity = text_of(space[1], "a", e->activity + 1),
                                  .channel = text_of(space[2], "ch", e->channel),
                                  .at_us = e->at_us,
                                  .score = NAN};
        str zone = {NULL, 0};
        if (rich) {
            event.touchpoint = text_of(space[3], "t", e->touchpoint);
            event.actor = text_of(space[4], "w", e->actor);
            event.text = text_of(space[5], "x", e->text);
            event.score = e->score ? (double)e->score : NAN;
            event.scale = SCALE_STARS;
            zone = text_of(space[6], "z", e->zone);
        }
        assert_ok(builder_add(builder, &event, &zone, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static int in_order(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    return a->arrival < b->arrival ? -1 : 1;
}

static void same_text16(const struct dict *dict, const uint16_t *codes, size_t row,
                        str want)
{
    if (!codes || codes[row] == LOG_NO_CODE16)
        assert_null(want.ptr);
    else
        assert_true(str_equal(dict_str(dict, codes[row]), want));
}

static void same_text32(const struct dict *dict, const uint32_t *codes, size_t row,
                        str want)
{
    if (!codes || codes[row] == LOG_NO_CODE32)
        assert_null(want.ptr);
    else
        assert_true(str_equal(dict_str(dict, codes[row]), want));
}

static void same_event(const struct vg_log *log, size_t row, const struct event *e,
                       bool rich)
{
    char space[24];
    assert_int_equal(log->at_us[row], e->at_us);
    same_text16(&log->activities, log->activity, row,
                text_of(space, "a", e->activity + 1));
    same_text16(&log->channels, log->channel, row, text_of(space, "ch", e->channel));
    if (!rich)
        return;
    same_text16(&log->touchpoints, log->touchpoint, row,
                text_of(space, "t", e->touchpoint));
    same_text32(&log->actors, log->actor, row, text_of(space, "w", e->actor));
    same_text32(&log->texts, log->text, row, text_of(space, "x", e->text));
    same_text32(&log->attributes[0].values, log->attributes[0].code, row,
                text_of(space, "z", e->zone));
    float score = log->score ? log->score[row] : NAN;
    assert_true(e->score ? score == (float)e->score : isnan(score));
}

static void same_traces(const struct vg_log *log, const struct event *sorted,
                        uint32_t count)
{
    size_t trace = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && sorted[i].rank == sorted[i - 1].rank)
            continue;
        char space[24];
        str name = text_of(space, "c", sorted[i].customer + 1);
        assert_int_equal(log->first[trace], i);
        assert_true(str_equal(dict_str(&log->trace_names, log->trace_name[trace]), name));
        trace++;
    }
    assert_int_equal(log->traces, trace);
    assert_int_equal(log->first[trace], count);
}

static void sorted_as_expected(enum shape shape, uint32_t count, uint32_t customers,
                               bool rich)
{
    struct event *events = events_make(shape, count, customers);
    struct vg_log *log = build(events, count, rich);
    assert_int_equal(log->events, count);
    qsort(events, count, sizeof *events, in_order);
    same_traces(log, events, count);
    for (uint32_t i = 0; i < count; i++)
        same_event(log, i, &events[i], rich);
    log_close(log);
    free(events);
}

static void events_in_any_order_are_sorted_as_by_the_definition(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1},     {2, 1},        {50, 7},
                                        {3000, 1},  {3000, 2999},  {40000, 900},
                                        {40000, 1}, {70000, 30000}};
    for (unsigned workers = 1; workers <= 3; workers++) {
        parallel_set_workers(workers);
        for (enum shape shape = IN_ORDER; shape < SHAPES; shape++)
            for (size_t i = 0; i < COUNT_OF(sizes); i++)
                sorted_as_expected(shape, sizes[i][0], sizes[i][1], i % 2 == shape % 2);
    }
    parallel_set_workers(0);
}

static void the_log_is_the_same_for_any_number_of_workers(void **state)
{
    (void)state;
    struct event *events = events_make(RANDOM, 120000, 20000);
    parallel_set_workers(1);
    struct vg_log *one = build(events, 120000, true);
    for (unsigned workers = 2; workers <= 5; workers++) {
        parallel_set_workers(workers);
        struct vg_log *many = build(events, 120000, true);
        same_log(many, one);
        log_close(many);
    }
    parallel_set_workers(0);
    log_close(one);
    free(events);
}

static void a_column_that_nobody_fills_is_not_there(void **state)
{
    (void)state;
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    struct log_event event = {
        .customer = STR("a"), .activity = STR("x"), .score = NAN, .channel = STR("")};
    assert_ok(builder_open(NULL, 0, &builder, &err));
    assert_ok(builder_add(builder, &event, NULL, &err));
    assert_ok(builder_finish(builder, &log, &err));
    assert_null(log->channel);
    assert_null(log->touchpoint);
    assert_null(log->actor);
    assert_null(log->text);
    assert_null(log->score);
    assert_null(log->scale);
    log_close(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_in_any_order_are_sorted_as_by_the_definition),
        cmocka_unit_test(the_log_is_the_same_for_any_number_of_workers),
        cmocka_unit_test(a_column_that_nobody_fills_is_not_there),
    };
    return cmocka_run_group_tests_name("build", tests, NULL, NULL);
}
