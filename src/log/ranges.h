/* ranges: a log cut into runs of whole traces with about as many events each, for loops
 * on all cores. */
#ifndef LOG_RANGES_H
#define LOG_RANGES_H

#include "base/parallel.h"
#include "log/log.h"

/* How many ranges: some for each worker, so that all end at about the same time. */
static inline size_t ranges_count(const struct vg_log *log)
{
    size_t wanted = (size_t)parallel_workers() * 8, most = log->events / 8192 + 1;
    return most < wanted ? most : wanted;
}

/* The first trace of range i of count; i == count: behind the last. */
static inline size_t ranges_trace(const struct vg_log *log, size_t count, size_t i)
{
    size_t low = 0, high = log->traces;
    uint64_t row = (uint64_t)log->events / count * i;
    while (low < high && i < count) {
        size_t middle = low + (high - low) / 2;
        if (log->first[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return i < count ? low : log->traces;
}

#endif
