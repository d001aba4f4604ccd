/* survival: how long it takes from one step to another, customers under way included.
 *
 * Definition  a trace enters at its first event at `from`. It has arrived at the first
 *             later event at `to`; otherwise it is censored where watching ended (the
 *             log's last event): it may arrive yet.
 * S(t)        E. L. Kaplan & P. Meier, "Nonparametric estimation from incomplete
 *             observations", JASA 53 (1958) 457–481: the product of (1 − d/n) over the
 *             times up to t at which d of n under way arrived. Who is censored at the
 * very time of an arrival counts as under way at it. Interval    S(t)^exp(±1.96 · √(Σ
 * d/(n(n − d))) / ln S(t)): Greenwood's variance (1926) on the scale of log(−log S): J.
 * D. Kalbfleisch & R. L. Prentice, The Statistical Analysis of Failure Time Data, 2nd ed.
 * 2002, §1.4. Not known where S(t) is 0. Median      the first time at which S(t) ≤ 1/2.
 * Its interval: R. Brookmeyer & J. Crowley, "A confidence interval for the median
 * survival time", Biometrics 38 (1982) 29–41: from the first time at which low(t) ≤ 1/2
 * to the first at which high(t) ≤ 1/2. Cost        linear in events, and sorting the
 * times: 9 bytes a trace that entered. */
#include "mine/mine.h"
#include "mine/scratch.h"
#include "mine/slice.h"
#include "mine/stats.h"

#include <assert.h>
#include <math.h>

/* One trace that entered. us · 2 + (1 when censored): sorted by time, at the same time
 * arrivals first. */
typedef int64_t observation;

struct job {
    const struct vg_log *log;
    const struct steps *steps;
    size_t from, to, slices;
    observation *observations; /* [traces]: each slice's at its first trace */
    size_t *counts;            /* [slices] */
};

static void observe_turn(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    const struct job *job = ctx;
    const struct vg_log *log = job->log;
    struct slice slice = slice_at(log, job->slices, i);
    observation *next = job->observations + slice.first_trace;
    for (size_t t = slice.first_trace; t < slice.end_trace; t++) {
        size_t row = log->first[t], end = log->first[t + 1];
        while (row < end && !steps_at(job->steps, log, job->from, row))
            row++;
        if (row == end)
            continue;
        int64_t began_us = log->at_us[row++];
        while (row < end && !steps_at(job->steps, log, job->to, row))
            row++;
        if (row < end)
            *next++ = (log->at_us[row] - began_us) * 2;
        else
            *next++ = (log_trace_watched_us(log, t) - began_us) * 2 + 1;
    }
    job->counts[i] = (size_t)(next - (job->observations + slice.first_trace));
}

/* Bring the slices' observations together at the front. Returns how many. */
static size_t observations_pack(const struct job *job)
{
    size_t count = 0;
    for (size_t i = 0; i < job->slices; i++) {
        struct slice slice = slice_at(job->log, job->slices, i);
        memmove(job->observations + count, job->observations + slice.first_trace,
                job->counts[i] * sizeof *job->observations);
        count += job->counts[i];
    }
    return count;
}

/* Sort by bytes, the lowest first; bytes in which all agree are passed over. The numbers
 * are not negative. `other` is as long. Returns the one that is sorted. */
static observation *radix_sort(observation *values, observation *other, size_t count)
{
    for (int shift = 0; shift < 64; shift += 8) {
        size_t place[256] = {0}, at = 0;
        for (size_t i = 0; i < count; i++)
            place[(uint64_t)values[i] >> shift & 255]++;
        if (count == 0 || place[(uint64_t)values[0] >> shift & 255] == count)
            continue;
        for (size_t b = 0; b < 256; b++) {
            size_t here = place[b];
            place[b] = at;
            at += here;
        }
        for (size_t i = 0; i < count; i++)
            other[place[(uint64_t)values[i] >> shift & 255]++] = values[i];
        observation *sorted = other;
        other = values, values = sorted;
    }
    return values;
}

static size_t times_count(const observation *sorted, size_t count)
{
    size_t times = 0;
    for (size_t i = 0; i < count; i++)
        if (!(sorted[i] & 1) && (i == 0 || sorted[i] != sorted[i - 1]))
            times++;
    return times;
}

/* The interval of S on the scale of log(−log S), from Greenwood's sum. */
static struct interval waiting_interval(double waiting, double greenwood)
{
    if (!(waiting > 0 && waiting < 1))
        return (struct interval){NAN, NAN};
    double power = STATS_Z95 * sqrt(greenwood) / log(waiting); /* negative */
    return (struct interval){pow(waiting, exp(-power)), pow(waiting, exp(power))};
}

/* Fill survival's points, sums and median from the sorted observations. */
static void estimate(const observation *sorted, size_t count, struct vg_survival *ret)
{
    double waiting = 1, greenwood = 0;
    uint64_t censored = 0;
    ret->median_s = ret->median_low_s = ret->median_high_s = NAN;
    for (size_t i = 0; i < count;) {
        if (sorted[i] & 1) {
            censored++, i++;
            continue;
        }
        size_t at_risk = count - i, end = i;
        while (end < count && sorted[end] == sorted[i])
            end++;
        size_t happened = end - i;
        waiting *= (double)(at_risk - happened) / (double)at_risk;
        greenwood += (double)happened / ((double)at_risk * (double)(at_risk - happened));
        struct interval interval = waiting_interval(waiting, greenwood);
        double t_s = (double)(sorted[i] / 2) / (double)US_PER_S;
        ret->points[ret->point_count++] = (struct vg_survival_point){
            t_s, at_risk, happened, censored, waiting, interval.low, interval.high};
        ret->happened += happened;
        if (isnan(ret->median_s) && stats_half_or_less(waiting))
            ret->median_s = t_s;
        if (isnan(ret->median_low_s) && (interval.low <= 0.5 || waiting <= 0))
            ret->median_low_s = t_s;
        if (isnan(ret->median_high_s) && interval.high <= 0.5)
            ret->median_high_s = t_s;
        censored = 0;
        i = end;
    }
    ret->n = count;
    ret->censored = count - ret->happened;
}

enum vg_code survival_mine(struct arena *arena, const struct vg_log *log,
                           const struct steps *steps, size_t from, size_t to,
                           struct vg_survival *ret, struct vg_err *err)
{
    struct job job = {log, steps, from, to, slice_count(log), NULL, NULL};
    struct vg_survival survival = {.from = steps->name[from], .to = steps->name[to]};
    enum vg_code code = VG_OK;
    assert(from < steps->count && to < steps->count);
    observation *other = scratch_array(observation, log->traces);
    job.observations = scratch_array(observation, log->traces);
    job.counts = scratch_array(size_t, job.slices);
    if (!other || !job.observations || !job.counts) {
        code = err_memory(err);
        goto out;
    }
    parallel_for(job.slices, observe_turn, &job);
    size_t count = observations_pack(&job);
    const observation *sorted = radix_sort(job.observations, other, count);
    survival.points =
        arena_array(arena, struct vg_survival_point, times_count(sorted, count));
    if (!survival.points) {
        code = err_memory(err);
        goto out;
    }
    estimate(sorted, count, &survival);
    *ret = survival;
out:
    scratch_free(other);
    scratch_free(job.observations);
    scratch_free(job.counts);
    return code;
}

enum vg_code survival_of(struct arena *arena, const int64_t *waits_us,
                         const bool *arrived, size_t count, struct vg_survival *ret,
                         struct vg_err *err)
{
    struct vg_survival survival = {.from = "", .to = ""};
    enum vg_code code = VG_OK;
    observation *values = scratch_array(observation, count + 1);
    observation *other = scratch_array(observation, count + 1);
    if (!values || !other) {
        code = err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = waits_us[i] * 2 + !arrived[i];
    const observation *sorted = radix_sort(values, other, count);
    survival.points =
        arena_array(arena, struct vg_survival_point, times_count(sorted, count));
    if (!survival.points) {
        code = err_memory(err);
        goto out;
    }
    estimate(sorted, count, &survival);
    *ret = survival;
out:
    scratch_free(values);
    scratch_free(other);
    return code;
}
