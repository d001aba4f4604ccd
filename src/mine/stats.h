/* stats: the few formulas that more than one insight needs, each with its source.
 * Nothing here allocates or fails; what is not defined is NAN. */
#ifndef MINE_STATS_H
#define MINE_STATS_H

#include "base/base.h"

#define STATS_Z95 1.959963984540054 /* stats_normal_quantile(0.975) */

struct interval {
    double low, high;
};

/* 95 % interval of a share, `k` of `n`; NAN when n is 0. E. B. Wilson, "Probable
 * inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212,
 * without continuity correction. */
struct interval stats_wilson(uint64_t k, uint64_t n);

/* Whether a share that is a product of fractions is one half or less: 5/6 · 4/5 · 3/4 is
 * exactly one half, and not in binary. */
static inline bool stats_half_or_less(double share)
{
    return share <= 0.5 + 1e-9;
}

/* P(Z ≤ z) of the standard normal distribution. */
double stats_normal_cdf(double z);
/* z with P(Z ≤ z) = p, 0 < p < 1. M. J. Wichura, Algorithm AS 241 (PPND16), Applied
 * Statistics 37 (1988) 477–484; about 16 digits. */
double stats_normal_quantile(double p);

/* The regularised incomplete beta function I_x(a, b), a, b > 0: the continued fraction of
 * Abramowitz & Stegun 26.5.8, by Lentz' method. */
double stats_beta(double x, double a, double b);
/* P(T ≤ t) of Student's t with `df` > 0 degrees of freedom (A&S 26.7.1 and 26.5.27). */
double stats_t_cdf(double t, double df);
/* t with P(T ≤ t) = p, 0 < p < 1: the root of stats_t_cdf by bisection. */
double stats_t_quantile(double p, double df);

/* Quantile p (0 … 1) of values sorted upwards: type 7 of R. J. Hyndman & Y. Fan, "Sample
 * quantiles in statistical packages", The American Statistician 50 (1996) 361–365; for
 * p = 0.5 the middle value, or the mean of the middle two. NAN when n is 0. */
double stats_quantile(const double *sorted, size_t n, double p);
/* Where that quantile lies: between ranks *ret_rank and *ret_rank + 1 (from 0), at
 * the returned fraction between them. n > 0; when the fraction is 0 there may be no rank
 * + 1. */
double stats_quantile_rank(size_t n, double p, size_t *ret_rank);

/* 95 % interval of a mean of n values with sample variance `variance` (divisor n − 1):
 * mean ± t(0.975, n − 1) · √(variance / n). NAN when n < 2. Student, "The probable error
 * of a mean", Biometrika 6 (1908) 1–25. */
struct interval stats_mean_interval(double mean, double variance, uint64_t n);

#endif
