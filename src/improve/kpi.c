/* What a KPI observes in one period. */
#include "improve/kpi.h"

#include "base/lang.h"
#include "mine/scratch.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>

#define RATE_WINDOW_US (90LL * 24 * 3600 * US_PER_S)

static const char *const kind_names[KPI_KINDS] = {"conversion", "time",  "rate",
                                                  "score",      "state", "typed"};

const char *kpi_kind_name(enum kpi_kind kind)
{
    return kind_names[kind];
}

bool kpi_kind_from_text(const char *text, enum kpi_kind *ret)
{
    for (size_t i = 0; i < KPI_KINDS; i++)
        if (strcmp(text, kind_names[i]) == 0) {
            *ret = (enum kpi_kind)i;
            return true;
        }
    return false;
}

/* A question being answered. */
struct asking {
    struct arena *arena;
    const struct vg_log *log;
    const struct steps *steps;
    const struct kpi *kpi;
    struct period period;
    struct kpi_sample *sample;
    size_t capacity;
    bool failed; /* memory is used up */
};

static bool within(const struct asking *ask, int64_t at_us)
{
    return at_us >= ask->period.from_us && at_us < ask->period.to_us;
}

static bool is_at(const struct asking *ask, size_t step, size_t row)
{
    return steps_at(ask->steps, ask->log, step, row);
}

static void observe(struct asking *ask, struct kpi_observation seen)
{
    struct kpi_sample *sample = ask->sample;
    if (ask->failed)
        return;
    if (sample->count == ask->capacity) {
        void *grown = arena_grow(ask->arena, sample->items, sample->count, &ask->capacity,
                                 sizeof *sample->items);
        if (!grown) {
            ask->failed = true;
            return;
        }
        sample->items = grown;
    }
    sample->items[sample->count++] = seen;
}

/* The next event at step `to` behind `row` in its trace, or the trace's end. */
static size_t next_at_to(const struct asking *ask, size_t row, size_t end)
{
    for (row++; row < end; row++)
        if (is_at(ask, ask->kpi->to, row))
            return row;
    return end;
}

/* ---- conversion and time ---- */

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Type 7, as everywhere (mine/stats). */
static int64_t percentile_95(int64_t *waits, size_t count)
{
    size_t rank = 0;
    qsort(waits, count, sizeof *waits, by_time);
    double part = stats_quantile_rank(count, 0.95, &rank);
    double gap = part > 0 ? (double)(waits[rank + 1] - waits[rank]) : 0;
    return waits[rank] + llround(part * gap);
}

/* The 95th percentile of the waits of those who came, over the whole log. */
static bool usual_window(struct asking *ask, int64_t *ret)
{
    const struct vg_log *log = ask->log;
    int64_t *waits = NULL;
    size_t count = 0, capacity = 0;
    for (size_t t = 0; t < log->traces; t++)
        for (size_t row = log->first[t]; row < log->first[t + 1]; row++) {
            if (!is_at(ask, ask->kpi->from, row))
                continue;
            size_t next = next_at_to(ask, row, log->first[t + 1]);
            if (next == log->first[t + 1])
                break; /* nor does it follow any later one */
            if (count == capacity) {
                void *grown = scratch_grow(waits, count, &capacity, sizeof *waits);
                if (!grown) {
                    scratch_free(waits);
                    return false;
                }
                waits = grown;
            }
            waits[count++] = log->at_us[next] - log->at_us[row];
        }
    *ret = log->last_us - log->first_us;
    if (count)
        *ret = percentile_95(waits, count);
    scratch_free(waits);
    return true;
}

static void convert_trace(struct asking *ask, size_t t)
{
    const struct vg_log *log = ask->log;
    size_t end = log->first[t + 1], next = 0;
    for (size_t row = log->first[t]; row < end; row++) {
        if (!within(ask, log->at_us[row]) || !is_at(ask, ask->kpi->from, row))
            continue;
        if (log_watched_us(log) - log->at_us[row] < ask->sample->window_us) {
            ask->sample->under_way++;
            continue;
        }
        if (next <= row)
            next = next_at_to(ask, row, end);
        bool came =
            next < end && log->at_us[next] - log->at_us[row] <= ask->sample->window_us;
        observe(ask, (struct kpi_observation){log->at_us[row], came, t, true});
    }
}

static void time_trace(struct asking *ask, size_t t)
{
    const struct vg_log *log = ask->log;
    size_t end = log->first[t + 1], next = 0;
    for (size_t row = log->first[t]; row < end; row++) {
        if (!within(ask, log->at_us[row]) || !is_at(ask, ask->kpi->from, row))
            continue;
        if (next <= row)
            next = next_at_to(ask, row, end);
        int64_t until_us = next < end ? log->at_us[next] : log_trace_watched_us(log, t);
        double waited_s = (double)(until_us - log->at_us[row]) / (double)US_PER_S;
        observe(ask, (struct kpi_observation){log->at_us[row], waited_s, t, next < end});
    }
}

/* ---- rate, state, score ---- */

static void rate_trace(struct asking *ask, size_t t)
{
    const struct vg_log *log = ask->log;
    size_t row = log->first[t], end = log->first[t + 1];
    if (row == end || !within(ask, log->at_us[row]))
        return;
    int64_t began_us = log->at_us[row];
    if (log_watched_us(log) - began_us < ask->sample->window_us) {
        ask->sample->under_way++;
        return;
    }
    double count = 0;
    for (; row < end && log->at_us[row] - began_us <= ask->sample->window_us; row++)
        count += is_at(ask, ask->kpi->from, row);
    observe(ask, (struct kpi_observation){began_us, count, t, true});
}

static void state_trace(struct asking *ask, size_t t)
{
    const struct vg_log *log = ask->log;
    for (size_t row = log->first[t + 1]; row-- > log->first[t];)
        if (within(ask, log->at_us[row])) {
            bool there = is_at(ask, ask->kpi->from, row);
            observe(ask, (struct kpi_observation){log->at_us[row], there, t, true});
            return;
        }
}

/* The scale on which most scores at the step are: one KPI does not mix scales. */
static enum score_scale usual_scale(const struct asking *ask)
{
    const struct vg_log *log = ask->log;
    size_t counts[SCALE_VALENCE + 1] = {0}, best = SCALE_NONE;
    if (!log->score || !log->scale)
        return SCALE_NONE;
    for (size_t row = 0; row < log->events; row++)
        if (!isnan(log->score[row]) && log->scale[row] <= SCALE_VALENCE &&
            is_at(ask, ask->kpi->from, row))
            counts[log->scale[row]]++;
    for (size_t i = 1; i <= SCALE_VALENCE; i++)
        if (counts[i] > counts[best] || best == SCALE_NONE)
            best = counts[i] ? i : best;
    return (enum score_scale)best;
}

/* A score as the KPI counts it. */
static double counted(double score, enum score_scale scale)
{
    if (scale == SCALE_NPS)
        return score >= 9 ? 100 : score <= 6 ? -100 : 0;
    if (scale == SCALE_CSAT)
        return score >= 4 ? 100 : 0;
    return score;
}

static void score_trace(struct asking *ask, size_t t)
{
    const struct vg_log *log = ask->log;
    double sum = 0, count = 0;
    int64_t at_us = 0;
    for (size_t row = log->first[t]; row < log->first[t + 1]; row++) {
        if (!within(ask, log->at_us[row]) || isnan(log->score[row]) ||
            log->scale[row] != ask->sample->scale || !is_at(ask, ask->kpi->from, row))
            continue;
        if (count == 0)
            at_us = log->at_us[row];
        sum += counted((double)log->score[row], ask->sample->scale);
        count++;
    }
    if (count > 0)
        observe(ask, (struct kpi_observation){at_us, sum / count, t, true});
}

/* ---- together ---- */

static void typed_readings(struct asking *ask)
{
    for (size_t i = 0; i < ask->kpi->reading_count; i++)
        if (within(ask, ask->kpi->readings[i].at_us))
            observe(ask, (struct kpi_observation){ask->kpi->readings[i].at_us,
                                                  ask->kpi->readings[i].value, i, true});
}

enum vg_code kpi_sample(struct arena *arena, const struct vg_log *log,
                        const struct steps *steps, const struct kpi *kpi,
                        struct period period, struct kpi_sample *ret, struct vg_err *err)
{
    static void (*const observers[KPI_KINDS])(struct asking *, size_t) = {
        [KPI_CONVERSION] = convert_trace, [KPI_TIME] = time_trace,
        [KPI_RATE] = rate_trace,          [KPI_SCORE] = score_trace,
        [KPI_STATE] = state_trace,
    };
    *ret = (struct kpi_sample){.window_us = kpi->window_us};
    struct asking ask = {arena, log, steps, kpi, period, ret, 0, false};
    if (kpi->kind == KPI_TYPED) {
        typed_readings(&ask);
        return ask.failed ? err_memory(err) : VG_OK;
    }
    if (kpi->kind == KPI_SCORE)
        ret->scale = kpi->scale == SCALE_NONE ? usual_scale(&ask) : kpi->scale;
    if (kpi->kind == KPI_SCORE && (ret->scale == SCALE_NONE || !log->score))
        return VG_OK;
    if (kpi->window_us == INT64_MAX && kpi->kind == KPI_RATE)
        ret->window_us = RATE_WINDOW_US;
    if (kpi->window_us == INT64_MAX && kpi->kind == KPI_CONVERSION &&
        !usual_window(&ask, &ret->window_us))
        return err_memory(err);
    for (size_t t = 0; t < log->traces && !ask.failed; t++)
        observers[kpi->kind](&ask, t);
    return ask.failed ? err_memory(err) : VG_OK;
}
