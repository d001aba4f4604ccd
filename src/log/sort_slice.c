#include "log/sort_slice.h"

#include <stdlib.h>
#include <string.h>

enum { INSERTION_MAX = 32 };

void sort_slice_free(struct sort_slice *scratch)
{
    free(scratch->index);
    free(scratch->other);
    free(scratch->ends);
    free(scratch->time);
    *scratch = (struct sort_slice){0};
}

static bool reserve(struct sort_slice *scratch, size_t count)
{
    if (count <= scratch->capacity)
        return true;
    sort_slice_free(scratch);
    scratch->index = malloc(count * sizeof *scratch->index);
    scratch->other = malloc(count * sizeof *scratch->other);
    scratch->ends = malloc((count + 1) * sizeof *scratch->ends);
    scratch->time = malloc(count * sizeof *scratch->time);
    if (!scratch->index || !scratch->other || !scratch->ends || !scratch->time)
        return false;
    scratch->capacity = count;
    return true;
}

static void insertion(int64_t *time, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        int64_t t = time[i];
        uint32_t o = order[i], at = i;
        for (; at > 0 && time[at - 1] > t; at--) {
            time[at] = time[at - 1];
            order[at] = order[at - 1];
        }
        time[at] = t;
        order[at] = o;
    }
}

/* Where the runs that are in order end. Returns how many there are. */
static uint32_t runs_find(const int64_t *time, uint32_t count, uint32_t *ends)
{
    uint32_t runs = 0;
    for (uint32_t i = 1; i <= count; i++)
        if (i == count || time[i - 1] > time[i])
            ends[runs++] = i;
    return runs;
}

/* Two neighbouring runs of index into one of `to`; the left one wins ties. */
static void merge(const int64_t *time, const uint32_t *index, uint32_t from,
                  uint32_t middle, uint32_t end, uint32_t *to)
{
    uint32_t left = from, right = middle, at = from;
    while (left < middle && right < end)
        to[at++] =
            time[index[right]] < time[index[left]] ? index[right++] : index[left++];
    memcpy(to + at, index + left, (middle - left) * sizeof *to);
    memcpy(to + at + (middle - left), index + right, (end - right) * sizeof *to);
}

bool sort_slice(struct sort_slice *scratch, int64_t *time, uint32_t *order,
                uint32_t count)
{
    uint32_t sorted = 1;
    while (sorted < count && time[sorted - 1] <= time[sorted])
        sorted++;
    if (sorted >= count)
        return true;
    if (count <= INSERTION_MAX) {
        insertion(time, order, count);
        return true;
    }
    if (!reserve(scratch, count))
        return false;
    uint32_t runs = runs_find(time, count, scratch->ends);
    for (uint32_t i = 0; i < count; i++)
        scratch->index[i] = i;
    while (runs > 1) {
        uint32_t merged = 0, from = 0;
        for (uint32_t run = 0; run < runs; run += 2) {
            uint32_t middle = scratch->ends[run];
            uint32_t end = run + 1 < runs ? scratch->ends[run + 1] : middle;
            merge(time, scratch->index, from, middle, end, scratch->other);
            scratch->ends[merged++] = from = end;
        }
        runs = merged;
        uint32_t *swap = scratch->index;
        scratch->index = scratch->other;
        scratch->other = swap;
    }
    for (uint32_t i = 0; i < count; i++) {
        scratch->time[i] = time[scratch->index[i]];
        scratch->other[i] = order[scratch->index[i]];
    }
    memcpy(time, scratch->time, count * sizeof *time);
    memcpy(order, scratch->other, count * sizeof *order);
    return true;
}
