/* slice: a log cut into runs of whole traces with about as many events each, so that all
 * cores have something to do to the end. */
#ifndef MINE_SLICE_H
#define MINE_SLICE_H

#include "base/parallel.h"
#include "log/log.h"

struct slice {
    size_t first_trace, end_trace;
};

/* How many slices: a few for each worker, fewer for a small log, at least one. */
static inline size_t slice_count(const struct vg_log *log)
{
    size_t most = log->events / 4096 + 1, wanted = (size_t)parallel_workers() * 4;
    return most < wanted ? most : wanted;
}

/* The first trace that begins at or behind `row`. */
static inline size_t slice_trace_at(const struct vg_log *log, size_t row)
{
    size_t low = 0, high = log->traces;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->first[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static inline struct slice slice_at(const struct vg_log *log, size_t count, size_t i)
{
    size_t part = log->events / count, rest = log->events % count;
    size_t from = part * i + rest * i / count,
           to = part * (i + 1) + rest * (i + 1) / count;
    return (struct slice){i == 0 ? 0 : slice_trace_at(log, from),
                          i + 1 == count ? log->traces : slice_trace_at(log, to)};
}

#endif
