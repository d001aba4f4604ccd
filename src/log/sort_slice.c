#include "log/sort_slice.h"

#include <stdlib.h>
#include <string.h>

enum { INSERTION_MAX = 32 };

void sort_slice_free(struct sort_slice *scratch)
{
    free(scratch->index);
    free(scratch->other);
    free(scratch->ends);
    free(scratch->times);
    *scratch = (struct sort_slice){0};
}

static bool reserve(struct sort_slice *scratch, size_t count)
{
    if (count <= scratch->capacity)
        return true;
    sort_slice_free(scratch);
    scratch->index = malloc(count * sizeof *scratch->index);
    scratch->other = malloc(count * sizeof *scratch->other);
    scratch->ends = malloc(count * sizeof *scratch->ends);
    scratch->times = malloc(count * sizeof *scratch->times);
    if (!scratch->index || !scratch->other || !scratch->ends || !scratch->times)
        return false;
    scratch->capacity = count;
    return true;
}

static void insertion(int64_t *at_us, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        int64_t time = at_us[i];
        uint32_t row = order[i], at = i;
        for (; at > 0 && at_us[at - 1] > time; at--) {
            at_us[at] = at_us[at - 1];
            order[at] = order[at - 1];
        }
        at_us[at] = time;
        order[at] = row;
    }
}

/* Where the runs that are in order end. Returns how many there are. */
static uint32_t runs_find(const int64_t *at_us, uint32_t count, uint32_t *ends)
{
    uint32_t runs = 0;
    for (uint32_t i = 1; i <= count; i++)
        if (i == count || at_us[i - 1] > at_us[i])
            ends[runs++] = i;
    return runs;
}

/* Two neighbouring runs of index into one of `to`; the left one wins ties. */
static void merge(const int64_t *at_us, const uint32_t *index, uint32_t from,
                  uint32_t middle, uint32_t end, uint32_t *to)
{
    uint32_t left = from, right = middle, at = from;
    while (left < middle && right < end)
        to[at++] =
            at_us[index[right]] < at_us[index[left]] ? index[right++] : index[left++];
    memcpy(to + at, index + left, (middle - left) * sizeof *to);
    memcpy(to + at + (middle - left), index + right, (end - right) * sizeof *to);
}

/* scratch->index: the order by time. */
static void index_sort(struct sort_slice *scratch, const int64_t *at_us, uint32_t count)
{
    uint32_t runs = runs_find(at_us, count, scratch->ends);
    for (uint32_t i = 0; i < count; i++)
        scratch->index[i] = i;
    while (runs > 1) {
        uint32_t merged = 0, from = 0;
        for (uint32_t run = 0; run < runs; run += 2) {
            uint32_t middle = scratch->ends[run];
            uint32_t end = run + 1 < runs ? scratch->ends[run + 1] : middle;
            merge(at_us, scratch->index, from, middle, end, scratch->other);
            scratch->ends[merged++] = from = end;
        }
        runs = merged;
        uint32_t *swap = scratch->index;
        scratch->index = scratch->other;
        scratch->other = swap;
    }
}

bool sort_slice(struct sort_slice *scratch, int64_t *at_us, uint32_t *order,
                uint32_t count)
{
    uint32_t sorted = 1;
    while (sorted < count && at_us[sorted - 1] <= at_us[sorted])
        sorted++;
    if (sorted >= count)
        return true;
    if (count <= INSERTION_MAX) {
        insertion(at_us, order, count);
        return true;
    }
    if (!reserve(scratch, count))
        return false;
    index_sort(scratch, at_us, count);
    for (uint32_t i = 0; i < count; i++) {
        scratch->times[i] = at_us[scratch->index[i]];
        scratch->other[i] = order[scratch->index[i]];
    }
    memcpy(at_us, scratch->times, count * sizeof *at_us);
    memcpy(order, scratch->other, count * sizeof *order);
    return true;
}
