/* Shares, means and rates. Durations are in compare_waits.c. */
#include "improve/compare.h"

#include "mine/stats.h"

#include <math.h>

/* P(χ² with one degree of freedom > x). */
static double chi_tail(double x)
{
    return erfc(sqrt(x / 2));
}

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* ---- shares ---- */

/* The sum of all tables with these margins that are no likelier than the one seen. */
static double fisher(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1)
{
    uint64_t hits = k0 + k1;
    uint64_t least = hits > n1 ? hits - n1 : 0, most = hits < n0 ? hits : n0;
    double all = log_choose((double)(n0 + n1), (double)hits);
    double seen =
        log_choose((double)n0, (double)k0) + log_choose((double)n1, (double)k1) - all;
    double sum = 0;
    for (uint64_t k = least; k <= most; k++) {
        double here = log_choose((double)n0, (double)k) +
                      log_choose((double)n1, (double)(hits - k)) - all;
        if (here <= seen + 1e-7)
            sum += exp(here);
    }
    return fmin(1, sum);
}

static double shares_p(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1)
{
    double total = (double)(n0 + n1), hits = (double)(k0 + k1), misses = total - hits;
    if (hits == 0 || misses == 0)
        return 1;
    double smallest = fmin(hits, misses) * (double)(n0 < n1 ? n0 : n1) / total;
    if (smallest < 1)
        return fisher(k0, n0, k1, n1);
    double cross = (double)k1 * (double)(n0 - k0) - (double)k0 * (double)(n1 - k1);
    return chi_tail((total - 1) * cross / ((double)n0 * (double)n1) * cross /
                    (hits * misses));
}

struct compared compare_shares(uint64_t k_before, uint64_t n_before, uint64_t k_after,
                               uint64_t n_after)
{
    struct compared c = {NAN, NAN, NAN, NAN, NAN, NAN, n_before, n_after};
    if (n_before)
        c.before = (double)k_before / (double)n_before;
    if (n_after)
        c.after = (double)k_after / (double)n_after;
    if (!n_before || !n_after)
        return c;
    struct interval b = stats_wilson(k_before, n_before);
    struct interval a = stats_wilson(k_after, n_after);
    c.difference = c.after - c.before;
    c.low = c.difference - hypot(c.after - a.low, b.high - c.before);
    c.high = c.difference + hypot(a.high - c.after, c.before - b.low);
    c.p = shares_p(k_before, n_before, k_after, n_after);
    return c;
}

/* ---- means ---- */

struct moments {
    double mean, variance;
};
/* Two passes: exact enough for values far from zero. */
static struct moments moments_of(const double *values, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    double mean = n ? sum / (double)n : NAN;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return (struct moments){mean, n > 1 ? squares / (double)(n - 1) : NAN};
}

struct compared compare_means(const double *before, size_t n_before, const double *after,
                              size_t n_after)
{
    struct moments b = moments_of(before, n_before), a = moments_of(after, n_after);
    struct compared c = {b.mean, a.mean, a.mean - b.mean, NAN,
                         NAN,    NAN,    n_before,        n_after};
    double vb = b.variance / (double)n_before, va = a.variance / (double)n_after;
    if (n_before < 2 || n_after < 2 || !(va + vb > 0))
        return c;
    double df = (va + vb) * (va + vb) /
                (va * va / (double)(n_after - 1) + vb * vb / (double)(n_before - 1));
    double se = sqrt(va + vb), half = stats_t_quantile(0.975, df) * se;
    c.low = c.difference - half;
    c.high = c.difference + half;
    c.p = fmin(1, 2 * stats_t_cdf(-fabs(c.difference / se), df));
    return c;
}

/* ---- rates ---- */

static double binomial(uint64_t k, uint64_t n, double share)
{
    return exp(log_choose((double)n, (double)k) + (double)k * log(share) +
               (double)(n - k) * log1p(-share));
}

/* P(X < k) + P(X = k) / 2 of the binomial distribution. */
static double mid_below(uint64_t k, uint64_t n, double share)
{
    if (share <= 0)
        return k == 0 ? 0.5 : 1;
    if (share >= 1)
        return k == n ? 0.5 : 0;
    /* P(X ≤ k) = I_{1 − share}(n − k, k + 1), A&S 26.5.24 */
    double to_k = k == n ? 1 : stats_beta(1 - share, (double)(n - k), (double)k + 1);
    return to_k - binomial(k, n, share) / 2;
}

/* The share at which mid_below(k, n) is `wanted`: it falls as the share grows. */
static double share_at(uint64_t k, uint64_t n, double wanted)
{
    double low = 0, high = 1;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (mid_below(k, n, middle) > wanted)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* after − before, when `share` of all happenings (at `rate` over everything) are after.
 */
static double rate_gap(double share, double count, double e0, double e1)
{
    return count * (share / e1 - (1 - share) / e0);
}

struct compared compare_rates(uint64_t count_before, double exposure_before,
                              uint64_t count_after, double exposure_after)
{
    double e0 = exposure_before, e1 = exposure_after;
    struct compared c = {NAN, NAN, NAN, NAN, NAN, NAN, count_before, count_after};
    if (e0 > 0)
        c.before = (double)count_before / e0;
    if (e1 > 0)
        c.after = (double)count_after / e1;
    if (!(e0 > 0 && e1 > 0))
        return c;
    uint64_t n = count_before + count_after;
    c.difference = c.after - c.before;
    c.p = 1;
    if (n == 0) { /* none in this exposure: mid-p, ½ e^−x = 2.5 % */
        c.low = -log(20) / e0;
        c.high = log(20) / e1;
        return c;
    }
    double below = mid_below(count_after, n, e1 / (e0 + e1));
    c.p = fmin(1, 2 * fmin(below, 1 - below));
    double low = count_after ? share_at(count_after, n, 0.975) : 0;
    double high = count_before ? share_at(count_after, n, 0.025) : 1;
    c.low = rate_gap(low, (double)n, e0, e1);
    c.high = rate_gap(high, (double)n, e0, e1);
    return c;
}

/* ---- two comparisons, and how many it takes ---- */

struct compared compare_with_group(const struct compared *here,
                                   const struct compared *group)
{
    struct compared c = *here;
    c.difference = here->difference - group->difference;
    double below = here->difference - here->low, above = here->high - here->difference;
    double other_below = group->difference - group->low;
    double other_above = group->high - group->difference;
    c.low = c.difference - hypot(below, other_above);
    c.high = c.difference + hypot(above, other_below);
    /* The half towards zero tells how far from it the difference is. */
    double half = c.difference > 0 ? c.difference - c.low : c.high - c.difference;
    c.p = half > 0 ? erfc(fabs(c.difference) / (half / STATS_Z95) / sqrt(2)) : NAN;
    return c;
}

static uint64_t rounded_up(double n)
{
    return n < 1e18 ? (uint64_t)ceil(n) : UINT64_MAX;
}

uint64_t compare_enough_shares(double before, double after)
{
    if (!(before >= 0 && before <= 1 && after >= 0 && after <= 1) || before == after)
        return 0;
    double middle = (before + after) / 2, power = stats_normal_quantile(0.8);
    double root = STATS_Z95 * sqrt(2 * middle * (1 - middle)) +
                  power * sqrt(before * (1 - before) + after * (1 - after));
    return rounded_up(root * root / ((before - after) * (before - after)));
}

uint64_t compare_enough_means(double difference, double sd)
{
    if (!(sd > 0) || !(fabs(difference) > 0))
        return 0;
    double z = STATS_Z95 + stats_normal_quantile(0.8);
    return rounded_up(2 * z * z * sd * sd / (difference * difference));
}
