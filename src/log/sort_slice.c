#include "log/sort_slice.h"

#include <stdlib.h>
#include <string.h>

enum { INSERTION_MAX = 32 };

void sort_slice_free(struct sort_slice *scratch)
{
    free(scratch->index);
    free(scratch->other);
    free(scratch->ends);
    free(scratch->records);
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
    scratch->records = malloc(count * sizeof *scratch->records);
    if (!scratch->index || !scratch->other || !scratch->ends || !scratch->records)
        return false;
    scratch->capacity = count;
    return true;
}

static void insertion(struct record *records, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct record record = records[i];
        uint32_t at = i;
        while (at > 0 && records[at - 1].at_us > record.at_us)
            at--;
        if (at == i)
            continue;
        memmove(records + at + 1, records + at, (i - at) * sizeof *records);
        records[at] = record;
        if (order) {
            uint32_t row = order[i];
            memmove(order + at + 1, order + at, (i - at) * sizeof *order);
            order[at] = row;
        }
    }
}

/* Where the runs that are in order end. Returns how many there are. */
static uint32_t runs_find(const struct record *records, uint32_t count, uint32_t *ends)
{
    uint32_t runs = 0;
    for (uint32_t i = 1; i <= count; i++)
        if (i == count || records[i - 1].at_us > records[i].at_us)
            ends[runs++] = i;
    return runs;
}

/* Two neighbouring runs of index into one of `to`; the left one wins ties. */
static void merge(const struct record *records, const uint32_t *index, uint32_t from,
                  uint32_t middle, uint32_t end, uint32_t *to)
{
    uint32_t left = from, right = middle, at = from;
    while (left < middle && right < end)
        to[at++] = records[index[right]].at_us < records[index[left]].at_us
                       ? index[right++]
                       : index[left++];
    memcpy(to + at, index + left, (middle - left) * sizeof *to);
    memcpy(to + at + (middle - left), index + right, (end - right) * sizeof *to);
}

/* scratch->index: the order by time. */
static void index_sort(struct sort_slice *scratch, const struct record *records,
                       uint32_t count)
{
    uint32_t runs = runs_find(records, count, scratch->ends);
    for (uint32_t i = 0; i < count; i++)
        scratch->index[i] = i;
    while (runs > 1) {
        uint32_t merged = 0, from = 0;
        for (uint32_t run = 0; run < runs; run += 2) {
            uint32_t middle = scratch->ends[run];
            uint32_t end = run + 1 < runs ? scratch->ends[run + 1] : middle;
            merge(records, scratch->index, from, middle, end, scratch->other);
            scratch->ends[merged++] = from = end;
        }
        runs = merged;
        uint32_t *swap = scratch->index;
        scratch->index = scratch->other;
        scratch->other = swap;
    }
}

bool sort_slice(struct sort_slice *scratch, struct record *records, uint32_t *order,
                uint32_t count)
{
    uint32_t sorted = 1;
    while (sorted < count && records[sorted - 1].at_us <= records[sorted].at_us)
        sorted++;
    if (sorted >= count)
        return true;
    if (count <= INSERTION_MAX) {
        insertion(records, order, count);
        return true;
    }
    if (!reserve(scratch, count))
        return false;
    index_sort(scratch, records, count);
    for (uint32_t i = 0; i < count; i++)
        scratch->records[i] = records[scratch->index[i]];
    memcpy(records, scratch->records, count * sizeof *records);
    for (uint32_t i = 0; order && i < count; i++)
        scratch->other[i] = order[scratch->index[i]];
    if (order)
        memcpy(order, scratch->other, count * sizeof *order);
    return true;
}
