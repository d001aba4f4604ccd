#include "check.h"

#include "improve/compare.h"

#include <math.h>
#include <stdlib.h>

/* R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10. */
static void differences_of_shares_have_the_intervals_newcombe_published(void **state)
{
    (void)state;
    static const struct {
        uint64_t k_after, n_after, k_before, n_before;
        double low, high;
    } cases[] = {{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090},
                 {6, 7, 2, 7, 0.0582, 0.8062},     {5, 56, 0, 29, -0.0381, 0.1926},
                 {0, 10, 0, 20, -0.1611, 0.2775},  {0, 10, 0, 10, -0.2775, 0.2775},
                 {10, 10, 0, 20, 0.6791, 1},       {10, 10, 0, 10, 0.6075, 1}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct compared c = compare_shares(cases[i].k_before, cases[i].n_before,
                                           cases[i].k_after, cases[i].n_after);
        assert_near(c.low, cases[i].low, 0.00005);
        assert_near(c.high, cases[i].high, 0.00005);
    }
    assert_true(isnan(compare_shares(0, 0, 1, 2).low));
    assert_near(compare_shares(0, 5, 0, 7).p, 1, 0);
}

/* The lady who tastes tea with 8 cups (R. A. Fisher, The Design of Experiments, 1935,
 * §5–11): all of them right is 1 of 70 ways, both ends 2; three of four right both ends
 * 34 of 70. Its expected counts are 2: the exact test is asked for by thinner tables. */
static void few_customers_are_told_apart_exactly(void **state)
{
    (void)state;
    /* 1 of 2 against 0 of 9: of the 11 places of the one hit, 2 are here. */
    assert_near(compare_shares(0, 9, 1, 2).p, 2. / 11, 1e-9);
    /* 2 of 2 against 0 of 9: one way of 55. */
    assert_near(compare_shares(0, 9, 2, 2).p, 1. / 55, 1e-9);
    assert_near(compare_shares(2, 2, 0, 9).p, 1. / 55, 1e-9);
}

/* Student's sleep data (Biometrika 6 (1908) 20); Welch's test of it is the example of R's
 * manual page of t.test: t = −1.8608, df = 17.776, p = 0.07939. */
static void means_agree_with_welch_on_students_sleepers(void **state)
{
    (void)state;
    static const double one[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2};
    static const double two[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    struct compared c = compare_means(two, 10, one, 10);
    assert_near(c.before, 2.33, 1e-12);
    assert_near(c.after, 0.75, 1e-12);
    assert_near(c.low, -3.3654832, 5e-8);
    assert_near(c.high, 0.2054832, 5e-8);
    assert_near(c.p, 0.07939414, 5e-9);
    assert_true(isnan(compare_means(one, 1, two, 10).p));
    static const double same[] = {4, 4, 4};
    assert_true(isnan(compare_means(same, 3, same, 3).p));
}

/* Every way in which n happenings can fall into two exposures, counted one by one. */
static void rates_agree_with_counting_every_way_they_can_fall(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 12; n++)
        for (uint64_t k = 0; k <= n; k++) {
            double share = 300. / 800, below = 0, choose = 1;
            for (uint64_t i = 0; i <= k; i++) {
                double here =
                    choose * pow(share, (double)i) * pow(1 - share, (double)(n - i));
                below += i < k ? here : here / 2;
                choose = choose * (double)(n - i) / (double)(i + 1);
            }
            double p = fmin(1, 2 * fmin(below, 1 - below));
            struct compared c = compare_rates(n - k, 500, k, 300);
            assert_near(c.p, p, 1e-9);
            assert_true(c.low <= c.difference + 1e-9 && c.difference <= c.high + 1e-9);
            /* the interval leaves nothing out exactly when the test sees something */
            if (fabs(p - 0.05) > 1e-6)
                assert_true((c.low > 0 || c.high < 0) == (p < 0.05));
        }
    struct compared none = compare_rates(0, 10, 0, 20);
    assert_near(none.p, 1, 0);
    assert_near(none.low, -2.995732 / 10, 1e-6); /* ½ e^−x = 0.025 */
    assert_near(none.high, 2.995732 / 20, 1e-6);
    assert_true(isnan(compare_rates(1, 0, 3, 4).difference));
}

/* E. J. Freireich and others, Blood 21 (1963) 699–716: weeks of remission. E. A. Gehan
 * (Biometrika 52 (1965)) gives the data; χ² = 16.79 is in every textbook of survival (for
 * instance D. Collett, Modelling Survival Data, ex. 2.12 to 2.14). */
static void waits_agree_with_freireichs_patients(void **state)
{
    (void)state;
    static const double drug[] = {6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16,
                                  17, 19, 20, 22, 23, 25, 32, 32, 34, 35};
    static const bool drug_over[] = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1,
                                     0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
    static const double placebo[] = {1, 1, 2,  2,  3,  4,  4,  5,  5,  8, 8,
                                     8, 8, 11, 11, 12, 12, 15, 17, 22, 23};
    struct waits before = {placebo, NULL, 21}, after = {drug, drug_over, 21};
    struct compared c;
    struct vg_err err = {0};
    assert_ok(
        compare_waits(&before, &after, &(struct wait_options){0.5, 2000, 7}, &c, &err));
    assert_near(c.before, 8, 0);
    assert_near(c.after, 23, 0);
    assert_near(c.p, erfc(sqrt(16.79 / 2)), 2e-7);
    assert_true(c.low > 0 || isnan(c.low));
}

static void a_median_that_was_not_reached_is_not_made_up(void **state)
{
    (void)state;
    static const double length[] = {1, 2, 3, 4, 5, 6};
    static const bool few[] = {1, 0, 0, 0, 0, 0};
    struct waits before = {length, NULL, 6}, after = {length, few, 6};
    struct compared c;
    struct vg_err err = {0};
    assert_ok(
        compare_waits(&before, &after, &(struct wait_options){0.5, 200, 1}, &c, &err));
    assert_near(c.before, 3.5, 0);
    assert_true(isnan(c.after) && isnan(c.difference) && isnan(c.low));
    assert_true(c.p > 0 && c.p <= 1);
    assert_int_equal(c.longer, 1); /* yet they do take longer */
    assert_ok(
        compare_waits(&after, &before, &(struct wait_options){0.5, 200, 1}, &c, &err));
    assert_int_equal(c.longer, -1);
    struct waits nobody = {length, NULL, 0};
    assert_ok(
        compare_waits(&nobody, &after, &(struct wait_options){0.5, 200, 1}, &c, &err));
    assert_true(isnan(c.before) && isnan(c.p));
}

static void of_too_few_no_interval_of_a_quantile_is_told(void **state)
{
    (void)state;
    double length[40], low, high, value;
    struct vg_err err = {0};
    for (size_t i = 0; i < 40; i++)
        length[i] = (double)(i * i % 41);
    static const struct {
        double quantile;
        size_t least; /* 0.5⁵ and 0.9²⁹ are less than one in twenty */
    } cases[] = {{0.5, 5}, {0.9, 29}, {0.1, 29}};
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        for (size_t n = 1; n <= 40; n++) {
            struct waits some = {length, NULL, n};
            struct wait_options options = {cases[c].quantile, 200, 1};
            struct compared both;
            assert_ok(waits_quantile(&some, &options, &value, &low, &high, &err));
            assert_int_equal(isnan(low) && isnan(high), n < cases[c].least);
            assert_true(value >= 0);
            assert_ok(compare_waits(&some, &some, &options, &both, &err));
            assert_int_equal(isnan(both.p) && isnan(both.low), n < cases[c].least);
        }
}

/* ---- 1,000 changes without effect: at the 5 % level, 3 to 7 in 100 are called one ----
 */

static uint64_t random_state = 20251122;
static double uniform(void)
{
    random_state = random_state * 6364136223846793005 + 1442695040888963407;
    return ((double)(random_state >> 11) + 0.5) / 9007199254740992.;
}
static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}
static uint64_t hits(uint64_t n, double share)
{
    uint64_t k = 0;
    for (uint64_t i = 0; i < n; i++)
        k += uniform() < share;
    return k;
}

enum { RUNS = 1000 };
static void check_alarms(const char *what, size_t alarms)
{
    if (alarms < RUNS * 3 / 100 || alarms > RUNS * 7 / 100)
        fail_msg("%s: %zu false alarms in %d", what, alarms, RUNS);
}

static void shares_that_did_not_change_rarely_look_changed(void **state)
{
    (void)state;
    size_t tests = 0, intervals = 0;
    for (size_t i = 0; i < RUNS; i++) {
        struct compared c = compare_shares(hits(180, 0.24), 180, hits(140, 0.24), 140);
        tests += c.p < 0.05;
        intervals += c.low > 0 || c.high < 0;
    }
    check_alarms("shares", tests);
    check_alarms("intervals of shares", intervals);
}

static void means_that_did_not_change_rarely_look_changed(void **state)
{
    (void)state;
    size_t alarms = 0;
    for (size_t i = 0; i < RUNS; i++) {
        double before[60], after[35];
        for (size_t k = 0; k < 60; k++)
            before[k] = round(7 + 2 * normal());
        for (size_t k = 0; k < 35; k++)
            after[k] = round(7 + 2 * normal());
        alarms += compare_means(before, 60, after, 35).p < 0.05;
    }
    check_alarms("means", alarms);
}

static void rates_that_did_not_change_rarely_look_changed(void **state)
{
    (void)state;
    size_t alarms = 0;
    for (size_t i = 0; i < RUNS; i++)
        alarms += compare_rates(hits(3000, 0.02), 3000, hits(2000, 0.02), 2000).p < 0.05;
    check_alarms("rates", alarms);
}

static void waits_that_did_not_change_rarely_look_changed(void **state)
{
    (void)state;
    size_t tests = 0, intervals = 0;
    struct vg_err err = {0};
    for (size_t i = 0; i < RUNS; i++) {
        double length[2][80];
        bool over[2][80];
        for (size_t g = 0; g < 2; g++)
            for (size_t k = 0; k < 80; k++) {
                double takes = -log(uniform()) * 10, watched = uniform() * 60;
                over[g][k] = takes < watched;
                length[g][k] = fmin(takes, watched);
            }
        struct waits before = {length[0], over[0], 80}, after = {length[1], over[1], 80};
        struct compared c;
        assert_ok(compare_waits(&before, &after, &(struct wait_options){0.5, 400, i}, &c,
                                &err));
        tests += c.p < 0.05;
        intervals += c.low > 0 || c.high < 0;
    }
    check_alarms("waits", tests);
    check_alarms("intervals of medians", intervals);
}

/* Fleiss, table A.3, gives the sizes with a correction; without it, 0.24 to 0.37 at 80 %
 * takes 192 each (any textbook's n = (z√(2p̄q̄) + z√(p₁q₁ + p₂q₂))² ∕ d²). The promise
 * itself is what is tried here. */
static void enough_customers_show_a_real_change_in_eighty_of_a_hundred(void **state)
{
    (void)state;
    uint64_t n = compare_enough_shares(0.24, 0.37);
    size_t seen = 0;
    for (size_t i = 0; i < RUNS; i++)
        seen += compare_shares(hits(n, 0.24), n, hits(n, 0.37), n).p < 0.05;
    assert_true(seen > RUNS * 76 / 100 && seen < RUNS * 84 / 100);
    assert_int_equal(compare_enough_shares(0.3, 0.3), 0);
    assert_int_equal(compare_enough_means(1, 2), 63); /* 2 · 7.849 · 4 = 62.8 */
    assert_int_equal(compare_enough_means(0, 2), 0);
}

static void what_also_happened_elsewhere_is_not_counted_as_achieved(void **state)
{
    (void)state;
    struct compared here = compare_shares(240, 1000, 370, 1000);
    struct compared same = compare_shares(240, 1000, 370, 1000);
    struct compared none = compare_shares(240, 1000, 240, 1000);
    struct compared nothing = compare_with_group(&here, &same);
    assert_near(nothing.difference, 0, 1e-12);
    assert_true(nothing.low < 0 && nothing.high > 0 && nothing.p > 0.9);
    struct compared all = compare_with_group(&here, &none);
    assert_near(all.difference, 0.13, 1e-12);
    assert_true(all.low > 0 && all.p < 0.001);
    assert_true(all.high - all.low > here.high - here.low);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_of_shares_have_the_intervals_newcombe_published),
        cmocka_unit_test(few_customers_are_told_apart_exactly),
        cmocka_unit_test(means_agree_with_welch_on_students_sleepers),
        cmocka_unit_test(rates_agree_with_counting_every_way_they_can_fall),
        cmocka_unit_test(waits_agree_with_freireichs_patients),
        cmocka_unit_test(a_median_that_was_not_reached_is_not_made_up),
        cmocka_unit_test(of_too_few_no_interval_of_a_quantile_is_told),
        cmocka_unit_test(shares_that_did_not_change_rarely_look_changed),
        cmocka_unit_test(means_that_did_not_change_rarely_look_changed),
        cmocka_unit_test(rates_that_did_not_change_rarely_look_changed),
        cmocka_unit_test(waits_that_did_not_change_rarely_look_changed),
        cmocka_unit_test(enough_customers_show_a_real_change_in_eighty_of_a_hundred),
        cmocka_unit_test(what_also_happened_elsewhere_is_not_counted_as_achieved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
