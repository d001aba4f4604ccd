#include "mine/ranks.h"

#include <string.h>

enum { FEW = 128, BINS = 2048, MANTISSA_BITS = 5 };

/* What is wanted of the durations, and what is known about where it lies. */
struct wanted {
    size_t rank;       /* from 0, among all */
    size_t bin;        /* of the first histogram */
    size_t before;     /* durations in lower bins */
    size_t in_bin;     /* durations in this one */
    int64_t low, high; /* the least and the largest of them */
};

/* A bin for each 1/32 of a doubling: the top bits of value + 1 as a double, which grow
 * with the value. At most 58 doublings lie between 1 µs and ten thousand years. */
static inline size_t bin_of(int64_t us)
{
    double value = (double)(us + 1);
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (size_t)((bits >> (52 - MANTISSA_BITS)) - (UINT64_C(1023) << MANTISSA_BITS));
}

static void sort_few(int64_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        int64_t value = values[i];
        size_t j = i;
        for (; j > 0 && values[j - 1] > value; j--)
            values[j] = values[j - 1];
        values[j] = value;
    }
}

/* Copy what lies in [low, high] together; at most FEW may. */
static size_t gather(const struct span *spans, size_t span_count, int64_t low,
                     int64_t high, int64_t few[FEW])
{
    size_t count = 0;
    for (size_t s = 0; s < span_count; s++)
        for (size_t i = 0; i < spans[s].count; i++)
            if (spans[s].us[i] >= low && spans[s].us[i] <= high)
                few[count++] = spans[s].us[i];
    return count;
}

/* Even bins over [low, high], 2^*ret_shift wide: how many durations lie in each; in the
 * last all that lie outside, which saves a branch that nobody can foresee. */
static void bins_count(const struct span *spans, size_t span_count, int64_t low,
                       int64_t high, uint32_t bins[BINS + 1], int *ret_shift)
{
    uint64_t width = (uint64_t)(high - low);
    int shift = 64 - __builtin_clzll(width) - 11;
    shift = shift < 0 ? 0 : shift;
    memset(bins, 0, (BINS + 1) * sizeof *bins);
    for (size_t s = 0; s < span_count; s++)
        for (size_t i = 0; i < spans[s].count; i++) {
            uint64_t above = (uint64_t)(spans[s].us[i] - low);
            uint64_t bin = above >> shift;
            bins[above > width ? BINS : bin]++;
        }
    *ret_shift = shift;
}

/* The greatest duration up to `middle`, and the least beyond it. */
static void around(const struct span *spans, size_t span_count, int64_t middle,
                   int64_t ret[2])
{
    ret[0] = INT64_MIN, ret[1] = INT64_MAX;
    for (size_t s = 0; s < span_count; s++)
        for (size_t i = 0; i < spans[s].count; i++) {
            int64_t us = spans[s].us[i];
            ret[0] = us <= middle && us > ret[0] ? us : ret[0];
            ret[1] = us > middle && us < ret[1] ? us : ret[1];
        }
}

void ranks_pair(const struct span *spans, size_t span_count, int64_t low, int64_t high,
                size_t count, size_t rank, size_t next, int64_t ret[2])
{
    while (low < high && count > FEW) {
        uint32_t bins[BINS + 1];
        int shift;
        bins_count(spans, span_count, low, high, bins, &shift);
        size_t bin = 0, before = 0;
        while (rank >= before + bins[bin])
            before += bins[bin++];
        int64_t end =
            low + (int64_t)(((uint64_t)bin << shift) + (UINT64_C(1) << shift) - 1);
        if (next >=
            before + bins[bin]) { /* the last of its bin, and the first of another */
            around(spans, span_count, end, ret);
            return;
        }
        count = bins[bin];
        rank -= before, next -= before;
        low += (int64_t)((uint64_t)bin << shift);
        high = end < high ? end : high;
    }
    ret[0] = ret[1] = low;
    if (low == high)
        return;
    int64_t few[FEW];
    sort_few(few, gather(spans, span_count, low, high, few));
    ret[0] = few[rank], ret[1] = few[next];
}

/* Find each wanted rank's bin; bins become 1 where something is wanted, else 0. */
static void choose_bins(uint32_t *bins, struct wanted wanted[RANKS])
{
    size_t before = 0, next = 0;
    for (size_t bin = 0; bin < BINS; bin++) {
        size_t in_bin = bins[bin];
        bins[bin] = 0;
        while (next < RANKS && wanted[next].rank < before + in_bin) {
            struct wanted *want = &wanted[next++];
            want->bin = bin, want->before = before, want->in_bin = in_bin;
            want->low = INT64_MAX, want->high = INT64_MIN;
            bins[bin] = 1;
        }
        before += in_bin;
    }
}

/* Keep only the durations in chosen bins, at the front of each span. */
static void keep_chosen(struct span *spans, size_t span_count, const uint32_t *chosen,
                        struct wanted wanted[RANKS])
{
    for (size_t s = 0; s < span_count; s++) {
        size_t kept = 0;
        for (size_t i = 0; i < spans[s].count; i++) {
            int64_t us = spans[s].us[i];
            size_t bin = bin_of(us);
            if (!chosen[bin])
                continue;
            spans[s].us[kept++] = us;
            for (size_t w = 0; w < RANKS; w++)
                if (wanted[w].bin == bin) {
                    wanted[w].low = us < wanted[w].low ? us : wanted[w].low;
                    wanted[w].high = us > wanted[w].high ? us : wanted[w].high;
                }
        }
        spans[s].count = kept;
    }
}

static size_t count_all(const struct span *spans, size_t span_count)
{
    size_t count = 0;
    for (size_t s = 0; s < span_count; s++)
        count += spans[s].count;
    return count;
}

void ranks_of(struct span *spans, size_t span_count, const size_t rank[RANKS],
              int64_t ret[RANKS])
{
    struct wanted wanted[RANKS] = {0};
    if (count_all(spans, span_count) <= FEW) {
        int64_t few[FEW];
        sort_few(few, gather(spans, span_count, INT64_MIN, INT64_MAX, few));
        for (size_t w = 0; w < RANKS; w++)
            ret[w] = few[rank[w]];
        return;
    }
    uint32_t bins[BINS] = {0};
    for (size_t w = 0; w < RANKS; w++)
        wanted[w].rank = rank[w];
    for (size_t s = 0; s < span_count; s++)
        for (size_t i = 0; i < spans[s].count; i++)
            bins[bin_of(spans[s].us[i])]++;
    choose_bins(bins, wanted);
    keep_chosen(spans, span_count, bins, wanted);
    for (size_t w = 0; w < RANKS; w++) {
        int64_t pair[2];
        size_t among = wanted[w].rank - wanted[w].before;
        ranks_pair(spans, span_count, wanted[w].low, wanted[w].high, wanted[w].in_bin,
                   among, among, pair);
        ret[w] = pair[0];
    }
}
