#include "check.h"

#include "mine/avx2.h"
#include "mine/spread.h"
#include "mine/stats.h"
#include "random_log.h"

#include <stdlib.h>

/* R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics
 * in Medicine 17 (1998) 857–872, table I, method 3. */
static void wilson_intervals_are_those_newcombe_published(void **state)
{
    (void)state;
    static const struct {
        uint64_t k, n;
        double low, high;
    } cases[] = {{81, 263, 0.2553, 0.3662},
                 {15, 148, 0.0624, 0.1605},
                 {0, 20, 0, 0.1611},
                 {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct interval got = stats_wilson(cases[i].k, cases[i].n);
        assert_near(got.low, cases[i].low, 0.00005);
        assert_near(got.high, cases[i].high, 0.00005);
    }
    assert_true(isnan(stats_wilson(0, 0).low));
    assert_near(stats_wilson(20, 20).high, 1, 0);
}

/* The first three are the check values of Algorithm AS 241 itself. */
static void normal_quantiles_agree_with_the_published_ones(void **state)
{
    (void)state;
    static const double cases[][2] = {{0.25, -0.6744897501960817},
                                      {0.001, -3.090232306167814},
                                      {1e-20, -9.262340089798408},
                                      {0.5, 0},
                                      {0.975, 1.959963984540054}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_near(stats_normal_quantile(cases[i][0]), cases[i][1], 1e-14);
    for (double p = 0.01; p < 1; p += 0.01)
        assert_near(stats_normal_cdf(stats_normal_quantile(p)), p, 1e-14);
    assert_true(isnan(stats_normal_quantile(0)));
}

/* The table of percentage points that every textbook prints (for instance NIST/SEMATECH
 * e-Handbook, §1.3.6.7.2). */
static void student_quantiles_agree_with_the_table(void **state)
{
    (void)state;
    static const double cases[][3] = {
        {0.975, 1, 12.706}, {0.975, 2, 4.303},  {0.975, 5, 2.571},
        {0.975, 10, 2.228}, {0.975, 30, 2.042}, {0.975, 100, 1.984},
        {0.95, 4, 2.132},   {0.995, 7, 3.499},  {0.025, 10, -2.228}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_near(stats_t_quantile(cases[i][0], cases[i][1]), cases[i][2], 0.0005);
    assert_near(stats_t_quantile(0.975, 1e6), STATS_Z95, 1e-5);
    assert_near(stats_t_cdf(0, 3), 0.5, 1e-15);
}

/* I_x(a, b) = 1 − (1 − x)^b for a = 1, and is x for a = b = 1. */
static void the_incomplete_beta_agrees_with_its_closed_forms(void **state)
{
    (void)state;
    for (double x = 0; x <= 1; x += 0.1) {
        assert_near(stats_beta(x, 1, 1), x, 1e-14);
        assert_near(stats_beta(x, 1, 7.5), 1 - pow(1 - x, 7.5), 1e-14);
        assert_near(stats_beta(x, 3, 4) + stats_beta(1 - x, 4, 3), 1, 1e-14);
    }
}

/* quantile(1:10, p) of R, whose default is type 7. */
static void quantiles_are_of_type_7(void **state)
{
    (void)state;
    static const double ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    static const double cases[][2] = {{0, 1},       {0.25, 3.25}, {0.5, 5.5},
                                      {0.95, 9.55}, {0.99, 9.91}, {1, 10}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_near(stats_quantile(ten, 10, cases[i][0]), cases[i][1], 1e-12);
    assert_near(stats_quantile(ten, 1, 0.95), 1, 0);
    assert_true(isnan(stats_quantile(ten, 0, 0.5)));
}

/* Ten values of mean 5 and standard deviation 2: 5 ± 2.262 · 2 / √10. */
static void the_interval_of_a_mean_uses_students_t(void **state)
{
    (void)state;
    struct interval got = stats_mean_interval(5, 4, 10);
    assert_near(got.low, 5 - 1.4307, 0.0001);
    assert_near(got.high, 5 + 1.4307, 0.0001);
    assert_true(isnan(stats_mean_interval(5, 0, 1).low));
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Durations of many shapes: the oracle sorts. */
static int64_t duration_of(uint64_t *state, size_t shape)
{
    uint64_t x = random_next(state) >> 1;
    switch (shape) {
    case 0:
        return (int64_t)(x % 1000);
    case 1: /* every order of magnitude */
        return (int64_t)(x >> (x % 60 + 3));
    case 2: /* few distinct, far from zero */
        return INT64_C(86400000000) * (int64_t)(x % 3 + 1000);
    case 3: /* all alike */
        return 42;
    case 4: /* very close together, far from zero */
        return INT64_C(300000000000000000) + (int64_t)(x % 5000);
    default: /* mostly zero */
        return x % 10 ? 0 : (int64_t)(x % 1000000);
    }
}

static void check_sorted(const int64_t *us, size_t count, size_t pieces)
{
    int64_t *copy = calloc(count, sizeof *copy);
    double *sorted = calloc(count, sizeof *sorted);
    struct span spans[4];
    double sum = 0;
    assert_true(copy && sorted);
    memcpy(copy, us, count * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (double)us[i] / 1e6;
        sum += sorted[i];
    }
    qsort(sorted, count, sizeof *sorted, by_value);
    for (size_t p = 0; p < pieces; p++) {
        size_t from = count * p / pieces;
        spans[p] = (struct span){copy + from, count * (p + 1) / pieces - from};
    }
    struct spread got = spread_of(spans, pieces);
    double near = 1e-12 * sorted[count - 1];
    assert_int_equal(got.count, count);
    assert_near(got.mean_s, sum / (double)count, 1e-9 * sorted[count - 1]);
    assert_near(got.median_s, stats_quantile(sorted, count, 0.5), near);
    assert_near(got.p95_s, stats_quantile(sorted, count, 0.95), near);
    assert_near(got.min_s, sorted[0], near);
    assert_near(got.max_s, sorted[count - 1], near);
    free(copy);
    free(sorted);
}

static void check_spread(uint64_t *state, size_t count, size_t shape, size_t pieces)
{
    int64_t *us = calloc(count, sizeof *us);
    assert_non_null(us);
    for (size_t i = 0; i < count; i++)
        us[i] = duration_of(state, shape);
    check_sorted(us, count, pieces);
    free(us);
}

static void a_spread_is_what_sorting_gives_for_durations_of_every_shape(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 20, 127, 128, 129, 1000, 40000};
    uint64_t seed = 2463534242;
    for (size_t shape = 0; shape < 6; shape++)
        for (size_t i = 0; i < COUNT_OF(counts); i++)
            for (size_t pieces = 1; pieces <= 4; pieces++)
                for (int plain = 0; plain < 2; plain++) {
                    avx2_forbid(plain);
                    check_spread(&seed, counts[i], shape, pieces);
                }
    avx2_forbid(false);
    assert_true(isnan(spread_of_one(NULL, 0).median_s));
}

/* Whichever evenly spaced durations are looked at first: all zero, or the only that are
 * not. */
static void a_sample_that_misleads_costs_time_but_not_the_truth(void **state)
{
    (void)state;
    enum { COUNT = 1 << 16 };
    int64_t *us = calloc(COUNT, sizeof *us);
    assert_non_null(us);
    for (size_t every = 1; every <= COUNT; every *= 2)
        for (int zeros = 0; zeros < 2; zeros++) {
            for (size_t i = 0; i < COUNT; i++)
                us[i] = (i % every == 0) == !zeros ? 5000000 + (int64_t)i : 0;
            check_sorted(us, COUNT, 1);
        }
    free(us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_intervals_are_those_newcombe_published),
        cmocka_unit_test(normal_quantiles_agree_with_the_published_ones),
        cmocka_unit_test(student_quantiles_agree_with_the_table),
        cmocka_unit_test(the_incomplete_beta_agrees_with_its_closed_forms),
        cmocka_unit_test(quantiles_are_of_type_7),
        cmocka_unit_test(the_interval_of_a_mean_uses_students_t),
        cmocka_unit_test(a_spread_is_what_sorting_gives_for_durations_of_every_shape),
        cmocka_unit_test(a_sample_that_misleads_costs_time_but_not_the_truth),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
