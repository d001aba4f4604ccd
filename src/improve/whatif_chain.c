/* The chain: estimated from visits, and what comes of it. */
#include "improve/whatif_parts.h"

#include <math.h>

#define SWEEPS_MOST 10000
#define NEAR_ENOUGH 1e-10

static size_t edges(const struct chain *chain)
{
    return chain->edge_first[chain->count];
}

/* ---- estimating ---- */

size_t estimate_size(const struct chain *chain)
{
    return edges(chain) + chain->count * (1 + WHATIF_ROW) + chain->count + 1 +
           WHATIF_GRID;
}

void estimate_place(const struct chain *chain, double *memory, struct estimate *ret)
{
    ret->chance = memory;
    ret->loss = ret->chance + edges(chain);
    ret->wait = ret->loss + chain->count;
    ret->begin = ret->wait + chain->count * WHATIF_ROW;
    ret->left = ret->begin + chain->count + 1;
}

/* Mass at a time, shared by the two bins beside it so that the mean is kept; what is
 * later than the last bin is dropped. */
static void put(double *bins, double at, double mass)
{
    if (!(at < WHATIF_BINS)) {
        if (at == WHATIF_BINS)
            bins[WHATIF_BINS] += mass;
        return;
    }
    size_t k = (size_t)at;
    double part = at - (double)k;
    bins[k] += mass * (1 - part);
    bins[k + 1] += mass * part;
}

/* One step's visits, in order of their waits. */
static void estimate_step(const struct chain *chain, const struct visits *visits,
                          const uint8_t *weight, size_t step, struct estimate *ret)
{
    double *wait = ret->wait + step * WHATIF_ROW, at_risk = 0, still = 1;
    for (size_t i = visits->first[step]; i < visits->first[step + 1]; i++)
        at_risk += weight ? weight[visits->items[i].customer] : 1;
    if (!(at_risk > 0)) {
        ret->loss[step] = NAN;
        return;
    }
    for (size_t i = visits->first[step]; i < visits->first[step + 1]; i++) {
        const struct visit *visit = &visits->items[i];
        double w = weight ? weight[visit->customer] : 1;
        if (visit->next != NOWHERE && w > 0) {
            double gone = still * w / at_risk;
            still -= gone;
            ret->chance[visit->edge] += gone;
            put(wait, visit->wait_s / chain->bin_s, gone);
        }
        at_risk -= w;
    }
    still = still < 1e-12 ? 0 : still;
    ret->loss[step] = still;
    for (size_t k = 0; still < 1 && k < WHATIF_GRID; k++)
        wait[k] /= 1 - still;
}

static void take_step(const struct chain *chain, const struct estimate *whole,
                      size_t step, struct estimate *ret)
{
    for (size_t e = chain->edge_first[step]; e < chain->edge_first[step + 1]; e++)
        ret->chance[e] = whole->chance[e];
    for (size_t k = 0; k < WHATIF_GRID; k++)
        ret->wait[step * WHATIF_ROW + k] = whole->wait[step * WHATIF_ROW + k];
    ret->loss[step] = whole->loss[step];
}

void estimate_make(const struct chain *chain, const struct visits *visits,
                   const uint8_t *weight, const struct estimate *whole,
                   struct estimate *ret)
{
    double all = 0;
    for (size_t i = 0; i < estimate_size(chain); i++)
        ret->chance[i] = 0;
    for (size_t step = 0; step < chain->count; step++) {
        estimate_step(chain, visits, weight, step, ret);
        if (whole && isnan(ret->loss[step]))
            take_step(chain, whole, step, ret);
    }
    for (size_t i = 0; i < visits->journey_count; i++) {
        const struct journey *journey = &visits->journeys[i];
        double w = weight ? weight[journey->customer] : 1;
        ret->begin[journey->first] += w;
        put(ret->left, fmin(journey->left_s / chain->bin_s, WHATIF_BINS), w);
        all += w;
    }
    for (size_t i = 0; all > 0 && i <= chain->count; i++)
        ret->begin[i] /= all;
    for (size_t k = 0; all > 0 && k < WHATIF_GRID; k++)
        ret->left[k] /= all;
}

/* ---- what comes of it ---- */

/* A chain after its cuts, and who has arrived when. */
struct running {
    const struct chain *chain;
    double *chance; /* [edges] */
    double *wait;   /* [count × WHATIF_ROW] */
    double
        *arrived; /* [count × WHATIF_ROW] of those at a step, who arrives within bin k */
    double *known; /* [count × WHATIF_ROW] the part of it that earlier bins tell */
    double *last;  /* [count] the last bin in which anybody goes on */
    double *goes;  /* [count] of those who go on just now, who has arrived by k */
};

size_t outcome_size(const struct chain *chain)
{
    return edges(chain) + chain->count * (3 * WHATIF_ROW + 2);
}

static void running_place(const struct chain *chain, double *memory, struct running *ret)
{
    ret->chain = chain;
    ret->chance = memory;
    ret->wait = ret->chance + edges(chain);
    ret->arrived = ret->wait + chain->count * WHATIF_ROW;
    ret->known = ret->arrived + chain->count * WHATIF_ROW;
    ret->goes = ret->known + chain->count * WHATIF_ROW;
    ret->last = ret->goes + chain->count;
}

static double cut_of(const double *cuts, size_t step)
{
    return cuts ? cuts[step] : 0;
}

static void cut_loss(const struct estimate *estimate, const struct cuts *cuts,
                     struct running *run)
{
    const struct chain *chain = run->chain;
    for (size_t step = 0; step < chain->count; step++) {
        double loss = estimate->loss[step], grow = 1;
        if (loss < 1) /* (nobody ever went on: there is no proportion to keep) */
            grow = (1 - loss * (1 - cut_of(cuts->loss, step))) / (1 - loss);
        for (size_t e = chain->edge_first[step]; e < chain->edge_first[step + 1]; e++)
            run->chance[e] = estimate->chance[e] * grow;
    }
}

static void cut_waits(const struct estimate *estimate, const struct cuts *cuts,
                      struct running *run)
{
    for (size_t step = 0; step < run->chain->count; step++) {
        const double *from = estimate->wait + step * WHATIF_ROW;
        double *to = run->wait + step * WHATIF_ROW, less = cut_of(cuts->wait, step);
        for (size_t k = 0; k < WHATIF_ROW; k++)
            to[k] = less > 0 ? 0 : from[k];
        for (size_t k = 0; less > 0 && k < WHATIF_GRID; k++)
            put(to, (double)k * (1 - less), from[k]);
        run->last[step] = 0;
        for (size_t k = 0; k < WHATIF_GRID; k++)
            run->last[step] = to[k] > 0 ? (double)k : run->last[step];
    }
}

/* Gauss–Seidel on x = fixed + rate ∘ (chance · x), the arrival's x being 1: from the last
 * step to the first, as most go forward. x[step × stride] comes in as a first guess.
 * Converges, as every row of chance adds up to 1 at most and rates do not exceed 1. */
static void settle(const struct running *run, const double *fixed, const double *rate,
                   size_t stride, double *x, double *ret_goes)
{
    const struct chain *chain = run->chain;
    double moved = 1;
    for (size_t sweep = 0; sweep < SWEEPS_MOST && moved > NEAR_ENOUGH; sweep++) {
        moved = 0;
        for (size_t step = chain->count; step-- > 0;) {
            double goes = 0;
            for (size_t e = chain->edge_first[step]; e < chain->edge_first[step + 1]; e++)
                goes += run->chance[e] * (chain->edge_to[e] == chain->count
                                              ? 1
                                              : x[chain->edge_to[e] * stride]);
            double now = (fixed ? fixed[step * stride] : 0) +
                         (rate ? rate[step * stride] : 1) * goes;
            moved = fmax(moved, fabs(now - x[step * stride]));
            x[step * stride] = now;
            ret_goes[step] = goes;
        }
    }
}

static double end_share(const struct estimate *estimate, struct running *run)
{
    double share = estimate->begin[run->chain->count];
    for (size_t step = 0; step < run->chain->count; step++)
        run->known[step] = 0;
    settle(run, NULL, NULL, 1, run->known, run->goes);
    for (size_t step = 0; step < run->chain->count; step++)
        share += estimate->begin[step] * run->known[step];
    return share;
}

double outcome_end(const struct chain *chain, const struct estimate *estimate,
                   const struct cuts *cuts, double *memory)
{
    struct running run;
    running_place(chain, memory, &run);
    cut_loss(estimate, cuts, &run);
    return end_share(estimate, &run);
}

/* arrived(k) = Σ wait(m) · goes(k − m), bin after bin. */
static void run_curves(struct running *run)
{
    size_t count = run->chain->count;
    for (size_t i = 0; i < count * WHATIF_ROW; i++)
        run->known[i] = 0;
    for (size_t k = 0; k < WHATIF_GRID; k++) {
        for (size_t step = 0; step < count; step++)
            run->arrived[step * WHATIF_ROW + k] =
                k ? run->arrived[step * WHATIF_ROW + k - 1] : 0;
        settle(run, run->known + k, run->wait, WHATIF_ROW, run->arrived + k, run->goes);
        for (size_t step = 0; step < count; step++) {
            double goes = run->goes[step];
            const double *wait = run->wait + step * WHATIF_ROW;
            double *known = run->known + step * WHATIF_ROW + k;
            size_t until = WHATIF_GRID - k, last = (size_t)run->last[step] + 1;
            until = last < until ? last : until;
            for (size_t m = 1; goes > 0 && m < until; m += 4)
                for (size_t i = 0; i < 4; i++) /* (into the rest of the row at most) */
                    known[m + i] += wait[m + i] * goes;
        }
    }
}

/* Where a rising curve crosses `level`, in bins. */
static double crossing(const double *curve, double level)
{
    for (size_t k = 0; k < WHATIF_GRID; k++)
        if (curve[k] >= level) {
            double before = k ? curve[k - 1] : 0;
            double rise = curve[k] - before;
            return k && rise > 0 ? (double)(k - 1) + (level - before) / rise : (double)k;
        }
    return NAN;
}

void outcome_find(const struct chain *chain, const struct estimate *estimate,
                  const struct cuts *cuts, double *memory, struct outcome *ret)
{
    struct running run;
    double curve[WHATIF_GRID] = {0}, at_once = estimate->begin[chain->count];
    running_place(chain, memory, &run);
    cut_loss(estimate, cuts, &run);
    cut_waits(estimate, cuts, &run);
    *ret = (struct outcome){.in_the_end = end_share(estimate, &run), .median_s = NAN};
    run_curves(&run);
    for (size_t step = 0; step < chain->count; step++)
        for (size_t k = 0; k < WHATIF_GRID; k++)
            curve[k] += estimate->begin[step] * run.arrived[step * WHATIF_ROW + k];
    for (size_t k = 0; k < WHATIF_GRID; k++)
        ret->arrivals += estimate->left[k] * (at_once + curve[k]);
    if (curve[WHATIF_BINS] > 0)
        ret->median_s = crossing(curve, curve[WHATIF_BINS] / 2) * chain->bin_s;
}
