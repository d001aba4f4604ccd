#include "improve/control.h"

#include <math.h>

/* A run of points on one side: how many in a row, and which of the last four were near a
 * limit, by bits. */
struct looking {
    int side, run;
    unsigned near_low, near_high;
    double least; /* what is less than this is rounding, not a difference */
};

static unsigned look_at(const struct control *chart, double value, struct looking *at)
{
    double gap = fabs(value - chart->mean) < at->least ? 0 : value - chart->mean;
    int side = (gap > 0) - (gap < 0);
    at->run = side != 0 && side == at->side ? at->run + 1 : side != 0;
    at->side = side;
    double half = (chart->high - chart->mean) / 2;
    at->near_high = (at->near_high << 1 | (gap > half)) & 15;
    at->near_low = (at->near_low << 1 | (gap < -half)) & 15;
    unsigned signals = SIGNAL_NONE;
    if (fabs(gap) > 2 * half)
        signals |= SIGNAL_BEYOND;
    if ((__builtin_popcount(at->near_high) >= 3 && at->near_high & 1) ||
        (__builtin_popcount(at->near_low) >= 3 && at->near_low & 1))
        signals |= SIGNAL_NEAR;
    if (at->run >= 8)
        signals |= SIGNAL_RUN;
    return signals;
}

enum vg_code control_chart(struct arena *arena, const struct kpi_point *points,
                           size_t count, struct control *ret, struct vg_err *err)
{
    struct control chart = {NAN, NAN, NAN, NAN, NULL, 0};
    double sum = 0, ranges = 0, last = NAN;
    chart.signals = arena_array(arena, unsigned, count + 1);
    if (!chart.signals)
        return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        chart.signals[i] = SIGNAL_NONE;
        if (isnan(points[i].value))
            continue;
        sum += points[i].value;
        if (chart.values++)
            ranges += fabs(points[i].value - last);
        last = points[i].value;
    }
    if (chart.values >= 2) {
        chart.mean = sum / (double)chart.values;
        chart.moving_range = ranges / (double)(chart.values - 1);
        chart.low = chart.mean - 2.66 * chart.moving_range;
        chart.high = chart.mean + 2.66 * chart.moving_range;
        struct looking at = {.least = 1e-9 * fabs(chart.mean)};
        for (size_t i = 0; i < count; i++)
            if (!isnan(points[i].value))
                chart.signals[i] = look_at(&chart, points[i].value, &at);
    }
    *ret = chart;
    return VG_OK;
}
