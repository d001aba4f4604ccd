#include "check.h"

#include "log/narrow.h"
#include "mine/avx2.h"
#include "mine/stats.h"
#include "random_log.h"

#include <stdlib.h>
#include <viaggio.h>

/* Enough that times are watched by a sample; see mine/funnel_watch.h. */
enum {
    TRACES = 140000,
    FEW_ACTIVITIES = 200,
    MANY_ACTIVITIES = 300,
    STEPS_MAX = 12,
    SAMPLE_RUNS = 128
};

/* TRACES traces of few events, some of very many, all of the first of `activities`. */
static struct vg_log *log_of(uint64_t *seed, size_t activities)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (size_t t = 0; t < TRACES; t++) {
        char name[24], activity[24];
        size_t left = t % 1000 == 5     ? 40 + random_below(seed, 60)
                      : t + 1 == TRACES ? activities
                                        : 1 + random_below(seed, 6);
        snprintf(name, sizeof name, "k%zu", t);
        for (; left; left--) {
            snprintf(activity, sizeof activity, "a%zu", t + 1 == TRACES ? left - 1 : 0);
            struct log_event event = {
                .customer = str_from(name), .activity = str_from(activity), .score = NAN};
            assert_ok(builder_add(builder, &event, NULL, &err));
        }
    }
    assert_ok(builder_finish(builder, &log, &err));
    assert_int_equal(log->traces, TRACES);
    return log;
}

static uint16_t code_of(const struct vg_log *log, size_t activity)
{
    char name[24];
    snprintf(name, sizeof name, "a%zu", activity);
    return (uint16_t)dict_find(&log->activities, str_from(name));
}

/* Most go on to the next of `activities`, some anywhere. */
static void activities_set(struct vg_log *log, uint64_t *seed, size_t activities)
{
    for (size_t t = 0; t < log->traces; t++) {
        size_t before = random_below(seed, 2);
        for (size_t row = log->first[t]; row < log->first[t + 1]; row++) {
            log->activity[row] = code_of(log, before % activities);
            before = random_below(seed, 6) ? before + 1 : random_below(seed, activities);
        }
    }
    narrow_make(log);
}

enum shape { ANY, FEW, SAME, MISLED, SHAPES };

/* MISLED: the sample's traces go fast, all others slowly. */
static int64_t gap_of(uint64_t *seed, size_t trace, enum shape shape)
{
    int64_t any = 1 + (int64_t)random_below(seed, 1u << random_below(seed, 31));
    bool sampled = trace % (TRACES / SAMPLE_RUNS) < 70;
    switch (shape) {
    case FEW:
        return (int64_t)random_below(seed, 3) * 1000000;
    case SAME:
        return 5000000;
    case MISLED:
        return sampled ? any % 1000 : 1000000 + any;
    default:
        return any;
    }
}

static void times_set(struct vg_log *log, uint64_t *seed, enum shape shape)
{
    log->first_us = INT64_MAX, log->last_us = INT64_MIN;
    for (size_t t = 0; t < log->traces; t++) {
        int64_t at_us = (int64_t)random_below(seed, 4000) * US_PER_S;
        for (size_t row = log->first[t]; row < log->first[t + 1]; row++) {
            log->at_us[row] = at_us;
            log->first_us = at_us < log->first_us ? at_us : log->first_us;
            log->last_us = at_us > log->last_us ? at_us : log->last_us;
            at_us += gap_of(seed, t, shape);
        }
    }
}

/* ---- what walking each trace by itself gives ---- */

struct expected {
    size_t moved, waiting, arrived;
    double *moved_s, *waiting_s; /* [TRACES] */
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void walk(const struct vg_log *log, const uint16_t *code, size_t steps, size_t t,
                 struct expected *expected)
{
    int64_t before = 0;
    size_t at = 0;
    for (size_t row = log->first[t]; row < log->first[t + 1] && at < steps; row++) {
        if (log->activity[row] != code[at])
            continue;
        if (at)
            expected[at - 1].moved_s[expected[at - 1].moved++] =
                (double)(log->at_us[row] - before) / 1e6;
        before = log->at_us[row];
        at++;
    }
    if (at == steps)
        expected[at - 1].arrived++;
    else if (at)
        expected[at - 1].waiting_s[expected[at - 1].waiting++] =
            (double)(log->last_us - before) / 1e6;
}

static void check_step(struct expected *expected, bool last,
                       const struct vg_funnel_step *step)
{
    size_t lost = 0, moved = expected->moved;
    if (last) {
        assert_int_equal(step->moved_on, expected->arrived);
        assert_int_equal(step->reached, expected->arrived);
        return;
    }
    assert_int_equal(step->moved_on, moved);
    assert_int_equal(step->reached, moved + expected->waiting);
    if (moved < 20) /* its patience is told in test_funnel.c */
        return;
    qsort(expected->moved_s, moved, sizeof(double), by_value);
    double near = 1e-9 * (1 + expected->moved_s[moved - 1]);
    assert_near(step->median_s, stats_quantile(expected->moved_s, moved, 0.5), near);
    assert_near(step->p95_s, stats_quantile(expected->moved_s, moved, 0.95), near);
    assert_near(step->patience_s, step->p95_s, 0);
    assert_string_equal(step->patience_basis, "step");
    for (size_t i = 0; i < expected->waiting; i++)
        lost += expected->waiting_s[i] > step->patience_s;
    assert_int_equal(step->lost, lost);
    assert_int_equal(step->travelling, expected->waiting - lost);
}

static void check_funnel(const struct vg_log *log, const size_t *activities, size_t steps)
{
    char name[STEPS_MAX][24];
    const char *names[STEPS_MAX];
    uint16_t code[STEPS_MAX];
    struct expected expected[STEPS_MAX] = {0};
    struct vg_funnel funnel;
    struct vg_err err = {0};
    vg_result *result = vg_result_new();
    for (size_t n = 0; n < steps; n++) {
        snprintf(name[n], sizeof name[n], "a%zu", activities[n]);
        names[n] = name[n];
        code[n] = code_of(log, activities[n]);
        expected[n].moved_s = malloc(TRACES * sizeof(double));
        expected[n].waiting_s = malloc(TRACES * sizeof(double));
        assert_true(expected[n].moved_s && expected[n].waiting_s);
    }
    for (size_t t = 0; t < log->traces; t++)
        walk(log, code, steps, t, expected);
    assert_ok(vg_mine_funnel(log, names, steps, NULL, result, &funnel, &err));
    assert_int_equal(funnel.arrived, expected[steps - 1].arrived);
    for (size_t n = 0; n < steps; n++) {
        check_step(&expected[n], n + 1 == steps, &funnel.steps[n]);
        free(expected[n].moved_s);
        free(expected[n].waiting_s);
    }
    vg_result_free(result);
}

static void the_funnel_of_a_large_log_is_what_walking_and_sorting_gives(void **state)
{
    (void)state;
    static const struct {
        size_t activities, steps, step[STEPS_MAX];
    } cases[] = {{5, 4, {0, 1, 3, 4}},
                 {8, 5, {0, 1, 2, 1, 7}}, /* the last seldom reached */
                 {300, 3, {0, 1, 2}},     /* codes of two bytes */
                 {4, 10, {0, 1, 2, 3, 0, 1, 2, 3, 0, 1}},
                 {6, 1, {0}},
                 {200, 3, {0, 199, 150}}}; /* next to nobody */
    uint64_t seed = 987654321;
    struct vg_log *few = log_of(&seed, FEW_ACTIVITIES);
    struct vg_log *many = log_of(&seed, MANY_ACTIVITIES);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_log *log = cases[i].activities > FEW_ACTIVITIES ? many : few;
        activities_set(log, &seed, cases[i].activities);
        assert_int_equal(log->activity_byte != NULL, log == few);
        for (enum shape shape = ANY; shape < SHAPES; shape++) {
            times_set(log, &seed, shape);
            avx2_forbid((i + shape) % 3 == 2);
            check_funnel(log, cases[i].step, cases[i].steps);
        }
    }
    avx2_forbid(false);
    log_close(few);
    log_close(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_funnel_of_a_large_log_is_what_walking_and_sorting_gives),
    };
    return cmocka_run_group_tests_name("funnel-large", tests, NULL, NULL);
}
