/* compare: two groups held against each other, by the test and the interval that suit
 * what was measured.
 *
 * `difference` is after − before. low and high are its 95 % interval, p the two-sided
 * probability of a difference at least as large if nothing had changed.
 *
 * Errors   what cannot be told (too few, no spread) is NAN, never a guess; only the
 *          comparisons that allocate can fail (VG_ERR_MEMORY).
 * Threads  no shared state. */
#ifndef IMPROVE_COMPARE_H
#define IMPROVE_COMPARE_H

#include "base/arena.h"
#include "base/err.h"

struct compared {
    double before, after;
    double difference, low, high, p;
    uint64_t n_before, n_after;
    int longer; /* waits: 1 when those after take longer as a whole, −1: shorter */
};

/* `k` of `n` before and after. Interval: R. G. Newcombe, "Interval estimation for the
 * difference between independent proportions", Statistics in Medicine 17 (1998) 873–890,
 * method 10. Test: χ² with N − 1 (I. Campbell, Statistics in Medicine 26 (2007)
 * 3661–3675); Fisher's exact one (R. A. Fisher, 1934; two-sided by the sum of what is no
 * likelier) where an expected count is below 1. */
struct compared compare_shares(uint64_t k_before, uint64_t n_before, uint64_t k_after,
                               uint64_t n_after);

/* Means of values. B. L. Welch, Biometrika 34 (1947) 28–35. NAN unless both have two. */
struct compared compare_means(const double *before, size_t n_before, const double *after,
                              size_t n_after);

/* `count` happenings in `exposure` (customers, days …), each as likely as any other at
 * any time. Test: the exact conditional binomial one (J. Przyborowski & H. Wilenski,
 * Biometrika 31 (1940) 313–323) with mid-p. The interval is that of the difference of the
 * rates, from the exact one of their ratio at the rate of all (mid-p Clopper–Pearson). */
struct compared compare_rates(uint64_t count_before, double exposure_before,
                              uint64_t count_after, double exposure_after);

/* How long something took, or, where `over[i]` is false, how long it was watched without
 * it having happened (censored). */
struct waits {
    const double *length; /* [count] ≥ 0, finite */
    const bool *over;     /* [count]; NULL: all are over */
    size_t count;
};
struct wait_options {
    double quantile; /* 0.5: the median */
    size_t rounds;   /* of resampling */
    uint64_t seed;   /* same seed, same answer */
};
/* Kaplan–Meier quantiles, and their difference with a percentile interval from resampling
 * each group (B. Efron, "Censored data and the bootstrap", JASA 76 (1981) 312–319). p is
 * that of the log-rank test (N. Mantel, Cancer Chemotherapy Reports 50 (1966) 163–170;
 * hypergeometric variance) when somebody is still waiting, else twice the share of
 * resamplings beyond no difference. A quantile that was not reached is NAN, and so is
 * what follows from it. Of so few that a sample lies on one side of its quantile more
 * than once in twenty times (4 for a median, 28 for the 90th percentile) no resampling
 * tells the interval: it is NAN, and of a difference p, too. Cost: rounds × n. */
MUST_CHECK enum vg_code compare_waits(const struct waits *before,
                                      const struct waits *after,
                                      const struct wait_options *options,
                                      struct compared *ret, struct vg_err *err);
/* The quantile alone, with the interval that resampling gives it. */
MUST_CHECK enum vg_code waits_quantile(const struct waits *waits,
                                       const struct wait_options *options, double *ret,
                                       double *ret_low, double *ret_high,
                                       struct vg_err *err);

/* A difference less the difference of a group in which nothing was done: difference in
 * differences. Both independent, each with its standard error taken from its interval's
 * halves (G. Y. Zou & A. Donner, Statistics in Medicine 27 (2008) 1693–1702, "MOVER"). */
struct compared compare_with_group(const struct compared *here,
                                   const struct compared *group);

/* How many each group must have for a change of a share from `before` to `after` to show
 * at the 5 % level in 80 of 100 tries (J. L. Fleiss, Statistical Methods for Rates and
 * Proportions, 1981, eq. 3.14, without correction); 0 when they are equal. */
uint64_t compare_enough_shares(double before, double after);
/* The same for means `difference` apart, of values with standard deviation `sd`. */
uint64_t compare_enough_means(double difference, double sd);

#endif
