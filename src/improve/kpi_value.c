/* From observations to values, and a value for every week or month. */
#include "improve/kpi.h"

#include "base/date.h"
#include "base/lang.h"
#include "mine/scratch.h"
#include "mine/stats.h"

#include <math.h>

#define SERIES_MOST  1000
#define VALUE_ROUNDS 200

double kpi_design_effect(const struct kpi_sample *sample)
{
    double n = (double)sample->count, sum = 0, plain = 0, clustered = 0;
    for (size_t i = 0; i < sample->count; i++)
        sum += sample->items[i].value;
    double mean = sum / n;
    size_t journeys = 0;
    for (size_t i = 0; i < sample->count;) {
        double rest = 0;
        size_t trace = sample->items[i].trace;
        for (; i < sample->count && sample->items[i].trace == trace; i++) {
            double gap = sample->items[i].value - mean;
            plain += gap * gap;
            rest += gap;
        }
        clustered += rest * rest;
        journeys++;
    }
    if (journeys < 2 || !(plain > 0) || journeys == sample->count)
        return 1;
    double m = (double)journeys;
    return fmax(1, clustered * m / (m - 1) / (plain * n / (n - 1)));
}

/* Shares: n and hits as if all were independent. */
static void value_share(const struct kpi_sample *sample, struct kpi_point *ret)
{
    double hits = 0, n = (double)sample->count, design = kpi_design_effect(sample);
    for (size_t i = 0; i < sample->count; i++)
        hits += sample->items[i].value;
    if (sample->count == 0)
        return;
    struct interval interval =
        stats_wilson((uint64_t)llround(hits / design), (uint64_t)llround(n / design));
    ret->value = hits / n;
    ret->low = fmin(interval.low, ret->value);
    ret->high = fmax(interval.high, ret->value);
}

static void value_mean(const struct kpi_sample *sample, struct kpi_point *ret)
{
    double sum = 0, squares = 0, n = (double)sample->count;
    for (size_t i = 0; i < sample->count; i++)
        sum += sample->items[i].value;
    if (sample->count == 0)
        return;
    ret->value = sum / n;
    for (size_t i = 0; i < sample->count; i++) {
        double gap = sample->items[i].value - ret->value;
        squares += gap * gap;
    }
    struct interval interval =
        stats_mean_interval(ret->value, squares / (n - 1), sample->count);
    ret->low = interval.low;
    ret->high = interval.high;
}

static enum vg_code value_wait(const struct kpi *kpi, const struct kpi_sample *sample,
                               struct kpi_point *ret, struct vg_err *err)
{
    double *length = scratch_array(double, sample->count + 1);
    bool *over = scratch_array(bool, sample->count + 1);
    enum vg_code code = VG_OK;
    if (!length || !over)
        code = err_memory(err);
    for (size_t i = 0; i < sample->count && code == VG_OK; i++) {
        length[i] = sample->items[i].value;
        over[i] = sample->items[i].over;
    }
    if (code == VG_OK)
        code =
            waits_quantile(&(struct waits){length, over, sample->count},
                           &(struct wait_options){kpi->quantile > 0 ? kpi->quantile : 0.5,
                                                  VALUE_ROUNDS, sample->count},
                           &ret->value, &ret->low, &ret->high, err);
    scratch_free(length);
    scratch_free(over);
    return code;
}

enum vg_code kpi_value(const struct kpi *kpi, const struct kpi_sample *sample,
                       struct kpi_point *ret, struct vg_err *err)
{
    struct kpi_point point = {.n = sample->count, .value = NAN, .low = NAN, .high = NAN};
    enum vg_code code = VG_OK;
    if (kpi->kind == KPI_CONVERSION || kpi->kind == KPI_STATE)
        value_share(sample, &point);
    else if (kpi->kind == KPI_TIME)
        code = value_wait(kpi, sample, &point, err);
    else
        value_mean(sample, &point);
    if (code == VG_OK)
        *ret = point;
    return code;
}

/* ---- the series ---- */

#define DAY_US (INT64_C(86400) * US_PER_S)

/* The week or month that an instant lies in. */
static struct period period_at(int64_t at_us, enum kpi_every every)
{
    if (every == EVERY_WEEK) { /* 1970-01-05 was a Monday */
        int64_t day = at_us / DAY_US - (at_us % DAY_US < 0) - 4;
        int64_t week = day / 7 - (day % 7 < 0);
        return (struct period){(week * 7 + 4) * DAY_US, (week * 7 + 11) * DAY_US};
    }
    struct date date = date_from_us(at_us);
    int year = date.month == 12 ? date.year + 1 : date.year;
    int month = date.month == 12 ? 1 : date.month + 1;
    return (struct period){date_days(date.year, date.month, 1) * DAY_US,
                           date_days(year, month, 1) * DAY_US};
}

/* From when to when there is something to observe. */
static struct period observed(const struct vg_log *log, const struct kpi *kpi)
{
    if (kpi->kind != KPI_TYPED) /* what is typed needs no log: it may be NULL */
        return (struct period){log->first_us, log->last_us};
    struct period all = {0};
    for (size_t i = 0; i < kpi->reading_count; i++) {
        int64_t at_us = kpi->readings[i].at_us;
        if (i == 0 || at_us < all.from_us)
            all.from_us = at_us;
        if (i == 0 || at_us > all.to_us)
            all.to_us = at_us;
    }
    return all;
}

enum vg_code kpi_series(struct arena *arena, const struct vg_log *log,
                        const struct steps *steps, const struct kpi *kpi,
                        enum kpi_every every, struct kpi_point **ret, size_t *ret_count,
                        struct vg_err *err)
{
    struct period all = observed(log, kpi);
    struct kpi fixed = *kpi;
    struct kpi_sample sample;
    size_t count = 0;
    bool empty = kpi->kind == KPI_TYPED ? !kpi->reading_count : !log->events;
    struct kpi_point *points = arena_array(arena, struct kpi_point, SERIES_MOST);
    if (!points)
        return err_memory(err);
    /* The window is that of the whole, the same for every point. */
    enum vg_code code = kpi_sample(
        arena, log, steps, kpi, (struct period){all.from_us, all.from_us}, &sample, err);
    fixed.window_us = sample.window_us;
    struct period period = period_at(all.to_us, every);
    while (code == VG_OK && !empty && count < SERIES_MOST && period.to_us > all.from_us) {
        struct kpi_point *point = &points[SERIES_MOST - ++count];
        code = kpi_sample(arena, log, steps, &fixed, period, &sample, err);
        if (code == VG_OK)
            code = kpi_value(kpi, &sample, point, err);
        point->period = period;
        period = period_at(period.from_us - 1, every);
    }
    if (code != VG_OK)
        return code;
    *ret = points + SERIES_MOST - count;
    *ret_count = count;
    return VG_OK;
}
