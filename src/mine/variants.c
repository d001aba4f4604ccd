/* variants: the distinct sequences of activities, and how many traces went each way.
 *
 * Order      most frequent first; ties by the names of their activities, one after the
 *            other, the shorter first. So the order does not depend on that of the files.
 * Example    the trace whose duration is nearest to its variant's median; ties by name.
 * Cost       linear, and sorting what is listed. */
#include "mine/mine.h"
#include "mine/names.h"
#include "mine/scratch.h"
#include "mine/slice.h"
#include "mine/spread.h"
#include "mine/variant_groups.h"

#include <math.h>
#include <stdlib.h>

#define NOT_LISTED UINT32_MAX
enum { SOME = 2048, FEW = 256 }; /* traces at once; listed variants */

struct ranked {
    uint64_t count;
    uint64_t head; /* the ranks of the first four activities, from 1; 0: no more */
    uint32_t variant, trace;
};
/* What comparing two variants takes. */
struct order {
    const struct vg_log *log;
    const uint32_t *rank; /* of activity names */
};

static int by_sequence(const struct order *order, uint32_t a, uint32_t b)
{
    const struct vg_log *log = order->log;
    size_t row_a = log->first[a], end_a = log->first[a + 1];
    size_t row_b = log->first[b], end_b = log->first[b + 1];
    for (; row_a < end_a && row_b < end_b; row_a++, row_b++) {
        uint32_t x = order->rank[log->activity[row_a]];
        uint32_t y = order->rank[log->activity[row_b]];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return row_a < end_a ? 1 : row_b < end_b ? -1 : 0;
}

static int by_count(const void *a, const void *b, void *ctx)
{
    const struct ranked *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    return by_sequence(ctx, x->trace, y->trace);
}

static uint64_t head_of(const struct order *order, uint32_t trace)
{
    const struct vg_log *log = order->log;
    size_t row = log->first[trace], end = log->first[trace + 1];
    uint64_t head = 0;
    for (size_t i = 0; i < 4; i++, row++)
        head = head << 16 | (row < end ? order->rank[log->activity[row]] + 1 : 0);
    return head;
}

/* Let heap[0], which may be out of place, sink: a heap with the last in order on top. */
static void heap_sink(struct ranked *heap, size_t count, struct order *order)
{
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && by_count(&heap[child], &heap[child + 1], order) < 0)
            child++;
        if (by_count(&heap[at], &heap[child], order) >= 0)
            return;
        struct ranked moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

static void heap_rise(struct ranked *heap, size_t at, struct order *order)
{
    while (at > 0 && by_count(&heap[at], &heap[(at - 1) / 2], order) > 0) {
        struct ranked moved = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = moved;
        at = (at - 1) / 2;
    }
}

/* The first `top` variants, in order. */
static void rank_top(const struct variant_groups *groups, struct order *order, size_t top,
                     struct ranked *ret)
{
    size_t kept = 0;
    for (size_t v = 0; v < groups->count; v++) {
        struct ranked next = {.count = groups->traces[v],
                              .variant = (uint32_t)v,
                              .trace = groups->example[v]};
        if (kept == top && next.count < ret[0].count)
            continue;
        next.head = head_of(order, next.trace);
        if (kept < top) {
            ret[kept] = next;
            if (top < groups->count)
                heap_rise(ret, kept, order);
            kept++;
        } else if (by_count(&next, &ret[0], order) < 0) {
            ret[0] = next;
            heap_sink(ret, kept, order);
        }
    }
    qsort_r(ret, kept, sizeof *ret, by_count, order);
}

/* The listed variants' traces, variant by variant. */
struct members {
    size_t *end; /* [listed] where in `traces` each ends */
    uint32_t *traces;
};

static size_t members_begin(const struct members *members, size_t i)
{
    return i == 0 ? 0 : members->end[i - 1];
}

struct finding {
    const struct vg_log *log;
    const struct variant_groups *groups;
    const struct members *members;
    const uint32_t *place; /* [groups->count] among the listed */
    size_t listed, slices;
};

/* Some traces whose variants are listed, and the place of each. */
struct some {
    size_t count;
    uint32_t trace[SOME], listed[SOME];
};

/* Room for `count` more of a variant: where it begins. Other workers may ask, too. */
static size_t members_room(const struct members *members, size_t listed, size_t count)
{
    return __atomic_fetch_add(&members->end[listed], count, __ATOMIC_RELAXED);
}

/* Of few variants room is taken for all their traces together: workers that ask for each
 * would wait for one another. */
static void members_put(const struct finding *finding, const struct some *some)
{
    const struct members *members = finding->members;
    size_t at[FEW] = {0};
    bool few = finding->listed <= FEW;
    for (size_t i = 0; few && i < some->count; i++)
        at[some->listed[i]]++;
    for (size_t v = 0; few && v < finding->listed; v++)
        at[v] = members_room(members, v, at[v]);
    for (size_t i = 0; i < some->count; i++) {
        uint32_t listed = some->listed[i];
        members->traces[few ? at[listed]++ : members_room(members, listed, 1)] =
            some->trace[i];
    }
}

/* In any order: what is asked of a variant's traces does not depend on it. */
static void members_turn(void *ctx, size_t i, unsigned worker)
{
    const struct finding *finding = ctx;
    struct slice slice = slice_at(finding->log, finding->slices, i);
    struct some some;
    (void)worker;
    for (size_t t = slice.first_trace; t < slice.end_trace;) {
        size_t end = t + SOME < slice.end_trace ? t + SOME : slice.end_trace;
        for (some.count = 0; t < end; t++) { /* no branch: it could not be guessed */
            uint32_t listed = finding->place[finding->groups->of_trace[t]];
            some.trace[some.count] = (uint32_t)t;
            some.listed[some.count] = listed;
            some.count += listed != NOT_LISTED;
        }
        members_put(finding, &some);
    }
}

static bool members_make(const struct vg_log *log, const struct variant_groups *groups,
                         const struct ranked *ranked, size_t listed,
                         struct members *members)
{
    uint32_t *place = scratch_array(uint32_t, groups->count);
    members->end = scratch_array(size_t, listed);
    size_t total = 0;
    if (place && members->end) {
        memset(place, 0xff, groups->count * sizeof *place);
        for (size_t i = 0; i < listed; i++) {
            place[ranked[i].variant] = (uint32_t)i;
            members->end[i] = total; /* moves to the end while it is filled */
            total += ranked[i].count;
        }
        members->traces = scratch_array(uint32_t, total);
        struct finding finding = {log, groups, members, place, listed, slice_count(log)};
        if (members->traces)
            parallel_for(finding.slices, members_turn, &finding);
    }
    scratch_free(place);
    return members->traces != NULL;
}

static int64_t duration_us(const struct vg_log *log, size_t trace)
{
    size_t row = log->first[trace], end = log->first[trace + 1];
    return row < end ? log->at_us[end - 1] - log->at_us[row] : 0;
}

static bool name_before(const struct vg_log *log, size_t a, size_t b)
{
    int order = str_compare(dict_str(&log->trace_names, log->trace_name[a]),
                            dict_str(&log->trace_names, log->trace_name[b]));
    if (order == 0 && log->trace_part)
        return log->trace_part[a] < log->trace_part[b];
    return order < 0;
}

struct timing {
    const struct vg_log *log;
    const struct members *members;
    int64_t **scratch; /* [workers][2 · longest] */
    double *median_s;  /* [listed] */
    uint32_t *example; /* [listed] */
};

static void timing_turn(void *ctx, size_t i, unsigned worker)
{
    const struct timing *timing = ctx;
    const struct vg_log *log = timing->log;
    size_t begin = members_begin(timing->members, i), end = timing->members->end[i];
    const uint32_t *traces = timing->members->traces;
    int64_t *us = timing->scratch[worker], *again = us + (end - begin);
    for (size_t m = begin; m < end; m++)
        us[m - begin] = again[m - begin] = duration_us(log, traces[m]);
    double median_s = spread_of_one(us, end - begin).median_s;
    double nearest = INFINITY;
    for (size_t m = begin; m < end; m++) {
        double away = fabs((double)again[m - begin] / 1e6 - median_s);
        if (away < nearest ||
            (away == nearest && name_before(log, traces[m], timing->example[i]))) {
            nearest = away;
            timing->example[i] = traces[m];
        }
    }
    timing->median_s[i] = median_s;
}

static bool timing_open(struct timing *timing, size_t listed, size_t longest)
{
    unsigned workers = parallel_workers();
    timing->scratch = scratch_zeroed(workers, sizeof *timing->scratch);
    timing->median_s = scratch_array(double, listed);
    timing->example = scratch_array(uint32_t, listed);
    if (!timing->scratch || !timing->median_s || !timing->example)
        return false;
    for (unsigned w = 0; w < workers; w++)
        if (!(timing->scratch[w] = scratch_array(int64_t, 2 * longest)))
            return false;
    return true;
}

static void timing_close(struct timing *timing)
{
    for (unsigned w = 0; timing->scratch && w < parallel_workers(); w++)
        scratch_free(timing->scratch[w]);
    scratch_free(timing->scratch);
    scratch_free(timing->median_s);
    scratch_free(timing->example);
}

static bool variant_fill(struct arena *arena, const struct timing *timing, size_t i,
                         uint64_t count, struct vg_variant *ret)
{
    const struct vg_log *log = timing->log;
    size_t trace = timing->example[i], row = log->first[trace];
    size_t length = log->first[trace + 1] - row;
    ret->count = count;
    ret->activity_count = length;
    ret->activities = arena_array(arena, const char *, length);
    ret->duration_median_s = timing->median_s[i];
    ret->example = log_trace_text(log, arena, trace);
    if (!ret->activities || !ret->example)
        return false;
    for (size_t a = 0; a < length; a++)
        ret->activities[a] = dict_text(&log->activities, log->activity[row + a]);
    return true;
}

/* The ranked variants with names, durations and examples. */
static bool variants_list(struct arena *arena, const struct vg_log *log,
                          const struct variant_groups *groups,
                          const struct ranked *ranked, struct vg_variants *variants)
{
    size_t listed = variants->variant_count;
    struct members members = {0};
    struct timing timing = {.log = log, .members = &members};
    variants->variants = arena_array(arena, struct vg_variant, listed);
    bool done = variants->variants &&
                members_make(log, groups, ranked, listed, &members) &&
                timing_open(&timing, listed, listed ? ranked[0].count : 0);
    if (done)
        parallel_for(listed, timing_turn, &timing);
    for (size_t i = 0; done && i < listed; i++)
        done = variant_fill(arena, &timing, i, ranked[i].count, &variants->variants[i]);
    timing_close(&timing);
    scratch_free(members.end);
    scratch_free(members.traces);
    return done;
}

enum vg_code variants_mine(struct arena *arena, const struct vg_log *log, size_t top,
                           struct vg_variants *ret, struct vg_err *err)
{
    struct variant_groups groups = {0};
    struct order order = {.log = log};
    struct ranked *ranked = NULL;
    uint32_t *rank = NULL;
    struct vg_variants variants = {.trace_count = log->traces};
    enum vg_code code = variant_groups_make(log, &groups, err);
    if (code == VG_OK)
        code = names_rank(&log->activities, &rank, err);
    if (code != VG_OK)
        goto out;
    order.rank = rank;
    variants.total = groups.count;
    variants.variant_count = top && top < groups.count ? top : groups.count;
    ranked = scratch_array(struct ranked, variants.variant_count);
    if (!ranked) {
        code = err_memory(err);
        goto out;
    }
    rank_top(&groups, &order, variants.variant_count, ranked);
    if (!variants_list(arena, log, &groups, ranked, &variants)) {
        code = err_memory(err);
        goto out;
    }
    *ret = variants;
out:
    scratch_free(ranked);
    scratch_free(rank);
    variant_groups_free(&groups);
    return code;
}
