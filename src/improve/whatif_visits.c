/* Traces as visits of the map's steps. */
#include "improve/whatif_parts.h"

#include "base/lang.h"
#include "mine/scratch.h"

#include <math.h>
#include <stdlib.h>

void visits_free(struct visits *visits)
{
    scratch_free(visits->items);
    scratch_free(visits->journeys);
    scratch_free(visits->first);
    *visits = (struct visits){0};
}

static bool grow(void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    void *grown = scratch_grow(*items, count, capacity, size);
    if (grown)
        *items = grown;
    return grown != NULL;
}

/* A journey being walked. */
struct walking {
    const struct vg_log *log;
    const struct steps *steps, *arrival;
    struct visits *visits;
    uint32_t at; /* the step it is at, or NOWHERE */
    int64_t since_us, began_us;
    size_t trace;
};

/* The step of an event: the first from where the journey stands, else the first of all;
 * NOWHERE when it is at none. */
static uint32_t step_of(const struct walking *walking, size_t row)
{
    size_t count = walking->steps->count;
    size_t from = walking->at == NOWHERE ? 0 : walking->at;
    for (size_t i = 0; i < count; i++) {
        size_t step = from + i < count ? from + i : from + i - count;
        if (steps_at(walking->steps, walking->log, step, row))
            return (uint32_t)step;
    }
    return NOWHERE;
}

static double seconds(int64_t us)
{
    return (double)us / (double)US_PER_S;
}

static bool leave(struct walking *walking, uint32_t next, int64_t at_us)
{
    struct visits *visits = walking->visits;
    if (walking->at == NOWHERE)
        return true;
    if (!grow((void **)&visits->items, visits->count, &visits->capacity,
              sizeof *visits->items))
        return false;
    visits->items[visits->count++] =
        (struct visit){.step = walking->at,
                       .next = next,
                       .customer = walking->log->trace_name[walking->trace],
                       .wait_s = seconds(at_us - walking->since_us)};
    return true;
}

static bool begin(struct walking *walking, uint32_t first, int64_t at_us)
{
    struct visits *visits = walking->visits;
    if (!grow((void **)&visits->journeys, visits->journey_count,
              &visits->journey_capacity, sizeof *visits->journeys))
        return false;
    visits->journeys[visits->journey_count++] = (struct journey){
        .customer = walking->log->trace_name[walking->trace],
        .first = first,
        .left_s = seconds(log_trace_watched_us(walking->log, walking->trace) - at_us),
        .took_s = NAN};
    walking->began_us = at_us;
    return true;
}

static bool walk(struct walking *walking, size_t trace)
{
    const struct vg_log *log = walking->log;
    uint32_t count = (uint32_t)walking->steps->count;
    bool begun = false;
    walking->at = NOWHERE;
    walking->trace = trace;
    for (size_t row = log->first[trace]; row < log->first[trace + 1]; row++) {
        bool arrives = steps_at(walking->arrival, log, 0, row);
        uint32_t step = arrives ? count : step_of(walking, row);
        if (step == NOWHERE || step == walking->at)
            continue;
        if (!begun && !begin(walking, step, log->at_us[row]))
            return false;
        begun = true;
        if (!leave(walking, step, log->at_us[row]))
            return false;
        if (arrives) {
            walking->visits->journeys[walking->visits->journey_count - 1].took_s =
                seconds(log->at_us[row] - walking->began_us);
            return true;
        }
        walking->at = step;
        walking->since_us = log->at_us[row];
    }
    return leave(walking, NOWHERE, log_trace_watched_us(log, trace));
}

static int by_step_and_wait(const void *left, const void *right)
{
    const struct visit *a = left, *b = right;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    if (a->wait_s != b->wait_s)
        return a->wait_s < b->wait_s ? -1 : 1;
    if ((a->next == NOWHERE) != (b->next == NOWHERE))
        return a->next == NOWHERE ? 1 : -1;
    /* Any order would do; this one is the same wherever it is sorted. */
    if (a->next != b->next)
        return a->next < b->next ? -1 : 1;
    return (a->customer > b->customer) - (a->customer < b->customer);
}

enum vg_code visits_make(const struct vg_log *log, const struct steps *steps,
                         const struct steps *arrival, struct visits *ret,
                         struct vg_err *err)
{
    struct walking walking = {
        .log = log, .steps = steps, .arrival = arrival, .visits = ret};
    *ret = (struct visits){.first = scratch_zeroed(steps->count + 2, sizeof(size_t))};
    if (!ret->first)
        return err_memory(err);
    for (size_t t = 0; t < log->traces; t++)
        if (!walk(&walking, t))
            return err_memory(err);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, by_step_and_wait);
    for (size_t i = 0; i < ret->count; i++)
        ret->first[ret->items[i].step + 1]++;
    for (size_t i = 0; i < steps->count; i++)
        ret->first[i + 1] += ret->first[i];
    return VG_OK;
}

double visits_median_wait(const struct visits *visits, size_t step, double gone_on)
{
    double still = 1, at_risk = (double)(visits->first[step + 1] - visits->first[step]);
    for (size_t i = visits->first[step]; i < visits->first[step + 1]; i++, at_risk--) {
        if (visits->items[i].next != NOWHERE)
            still -= still / at_risk;
        if (gone_on > 0 && 1 - still >= gone_on / 2)
            return visits->items[i].wait_s;
    }
    return NAN;
}
