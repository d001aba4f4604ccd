/* Durations: quantiles by Kaplan–Meier, their difference by resampling, the log-rank
 * test.
 */
#include "improve/compare.h"

#include "base/lang.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>

/* One distinct length: how many were over at it, and how many are of that length. */
struct mark {
    double length;
    uint32_t over, all;
};
/* A group by length. `mark_of[i]` is where its i-th wait counts. */
struct group {
    struct mark *marks;
    uint32_t *mark_of;
    size_t mark_count, count;
};

struct wait {
    double length;
    bool over;
};
static int shorter(const void *a, const void *b)
{
    double x = ((const struct wait *)a)->length, y = ((const struct wait *)b)->length;
    return (x > y) - (x < y);
}

static void group_free(struct group *group)
{
    free(group->marks);
    free(group->mark_of);
}

/* Sort the waits into marks; which are over is kept beside, in the same order. */
static bool group_make(const struct waits *waits, struct group *ret, bool **ret_over)
{
    size_t n = waits->count;
    struct wait *sorted = malloc((n + 1) * sizeof *sorted);
    *ret_over = malloc((n + 1) * sizeof **ret_over);
    ret->marks = malloc((n + 1) * sizeof *ret->marks);
    ret->mark_of = malloc((n + 1) * sizeof *ret->mark_of);
    ret->count = n;
    if (!sorted || !*ret_over || !ret->marks || !ret->mark_of) {
        free(sorted);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct wait){waits->length[i], !waits->over || waits->over[i]};
    qsort(sorted, n, sizeof *sorted, shorter);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i].length > sorted[i - 1].length)
            ret->marks[ret->mark_count++] = (struct mark){.length = sorted[i].length};
        struct mark *mark = &ret->marks[ret->mark_count - 1];
        mark->all++;
        mark->over += sorted[i].over;
        ret->mark_of[i] = (uint32_t)(ret->mark_count - 1);
        (*ret_over)[i] = sorted[i].over;
    }
    free(sorted);
    return true;
}

/* The first length at which no more than 1 − share are still waiting; where it is exactly
 * that many for a while, the middle of that while (as is done for the median of plain
 * numbers). */
static double quantile_of(const struct group *group, double share)
{
    double waiting = 1, reached_from = NAN;
    size_t at_risk = group->count;
    for (size_t m = 0; m < group->mark_count; m++) {
        const struct mark *mark = &group->marks[m];
        if (mark->over) {
            if (!isnan(reached_from))
                return (reached_from + mark->length) / 2;
            waiting *= 1 - (double)mark->over / (double)at_risk;
            if (waiting < 1 - share - 1e-9)
                return mark->length;
            if (waiting < 1 - share + 1e-9)
                reached_from = mark->length;
        }
        at_risk -= mark->all;
    }
    return reached_from;
}

/* splitmix64 (S. Vigna): small, and its sequence is the same everywhere. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static void resample(struct group *group, const bool *over, uint64_t *random)
{
    for (size_t m = 0; m < group->mark_count; m++)
        group->marks[m].over = group->marks[m].all = 0;
    for (size_t i = 0; i < group->count; i++) {
        uint64_t bits = next_random(random) >> 32;
        size_t pick = (size_t)(bits * group->count >> 32);
        struct mark *mark = &group->marks[group->mark_of[pick]];
        mark->all++;
        mark->over += over[pick];
    }
}

/* ---- log-rank ---- */

/* Over every length at which somebody's wait was over: seen minus expected in the first
 * group, squared, by its hypergeometric variance. */
static double log_rank(const struct group *a, const struct group *b, int *ret_longer)
{
    double gap = 0, variance = 0;
    size_t i = 0, j = 0, risk_a = a->count, risk_b = b->count;
    while (i < a->mark_count || j < b->mark_count) {
        double length = INFINITY;
        if (i < a->mark_count)
            length = a->marks[i].length;
        if (j < b->mark_count)
            length = fmin(length, b->marks[j].length);
        struct mark none = {0}, *ma = &none, *mb = &none;
        if (i < a->mark_count && a->marks[i].length <= length)
            ma = &a->marks[i++];
        if (j < b->mark_count && b->marks[j].length <= length)
            mb = &b->marks[j++];
        double over = (double)ma->over + (double)mb->over;
        double risk = (double)(risk_a + risk_b), share = (double)risk_a / risk;
        gap += (double)ma->over - over * share;
        if (risk > 1)
            variance += over * share * (1 - share) * (risk - over) / (risk - 1);
        risk_a -= ma->all;
        risk_b -= mb->all;
    }
    *ret_longer = (gap > 0) - (gap < 0); /* more were over in the first than expected */
    return variance > 0 ? erfc(sqrt(gap * gap / variance / 2)) : NAN;
}

/* ---- together ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A percentile interval of what resampling gave; unknown when more than one in twenty
 * resamplings did not reach their quantile. */
static struct interval percentiles(double *values, size_t known, size_t rounds)
{
    if (rounds == 0 || known * 20 < rounds * 19)
        return (struct interval){NAN, NAN};
    qsort(values, known, sizeof *values, by_value);
    return (struct interval){stats_quantile(values, known, 0.025),
                             stats_quantile(values, known, 0.975)};
}

/* Twice the share of resamplings on the other side of no difference. */
static double resampled_p(const double *gaps, size_t known)
{
    double below = 1, above = 1;
    for (size_t i = 0; i < known; i++) {
        below += gaps[i] <= 0;
        above += gaps[i] >= 0;
    }
    return fmin(1, 2 * fmin(below, above) / ((double)known + 1));
}

/* Is it more than one in twenty that all of a sample lie on one side of its quantile? */
static bool too_few(size_t count, double quantile)
{
    return pow(fmax(quantile, 1 - quantile), (double)count) > 0.05;
}

static bool all_over(const struct group *group, const bool *over)
{
    for (size_t i = 0; i < group->count; i++)
        if (!over[i])
            return false;
    return true;
}

enum vg_code compare_waits(const struct waits *before, const struct waits *after,
                           const struct wait_options *options, struct compared *ret,
                           struct vg_err *err)
{
    struct group b = {0}, a = {0};
    bool *over_b = NULL, *over_a = NULL;
    enum vg_code code = VG_OK;
    double share = options->quantile;
    double *gaps = malloc((options->rounds + 1) * sizeof *gaps);
    if (!gaps || !group_make(before, &b, &over_b) || !group_make(after, &a, &over_a)) {
        code = err_memory(err);
        goto out;
    }
    struct compared c = {.before = quantile_of(&b, share),
                         .after = quantile_of(&a, share),
                         .low = NAN,
                         .high = NAN,
                         .p = NAN,
                         .n_before = b.count,
                         .n_after = a.count};
    bool few = too_few(b.count, share) || too_few(a.count, share);
    if (!few)
        c.p = log_rank(&b, &a, &c.longer);
    c.difference = c.after - c.before;
    if (!isnan(c.difference) && !few) {
        uint64_t random = options->seed;
        size_t known = 0;
        for (size_t r = 0; r < options->rounds; r++) {
            resample(&b, over_b, &random);
            resample(&a, over_a, &random);
            double gap = quantile_of(&a, share) - quantile_of(&b, share);
            if (!isnan(gap))
                gaps[known++] = gap;
        }
        struct interval interval = percentiles(gaps, known, options->rounds);
        c.low = interval.low;
        c.high = interval.high;
        if (!isnan(c.low) && all_over(&b, over_b) && all_over(&a, over_a))
            c.p = resampled_p(gaps, known);
    }
    *ret = c;
out:
    group_free(&b);
    group_free(&a);
    free(over_b);
    free(over_a);
    free(gaps);
    return code;
}

enum vg_code waits_quantile(const struct waits *waits, const struct wait_options *options,
                            double *ret, double *ret_low, double *ret_high,
                            struct vg_err *err)
{
    struct group group = {0};
    bool *over = NULL;
    enum vg_code code = VG_OK;
    double *values = malloc((options->rounds + 1) * sizeof *values);
    if (!values || !group_make(waits, &group, &over)) {
        code = err_memory(err);
        goto out;
    }
    *ret = quantile_of(&group, options->quantile);
    uint64_t random = options->seed;
    size_t known = 0;
    bool known_at_all = !isnan(*ret) && !too_few(group.count, options->quantile);
    for (size_t r = 0; r < options->rounds && known_at_all; r++) {
        resample(&group, over, &random);
        double value = quantile_of(&group, options->quantile);
        if (!isnan(value))
            values[known++] = value;
    }
    struct interval interval = percentiles(values, known, options->rounds);
    *ret_low = interval.low;
    *ret_high = interval.high;
out:
    group_free(&group);
    free(over);
    free(values);
    return code;
}
