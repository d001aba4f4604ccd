/* sort_slice: one customer's events by time, stable. Most are in order already, or
 * nearly: a file per month, two systems joined. So: nothing when in order, insertion when
 * short, otherwise the runs that are there are merged (a natural merge sort, n log runs).
 */
#ifndef LOG_SORT_SLICE_H
#define LOG_SORT_SLICE_H

#include "base/base.h"

struct sort_slice { /* scratch, kept from call to call; zeroed is fine */
    uint32_t *index, *other, *ends;
    int64_t *times;
    size_t capacity;
};

/* Put at_us[0 … count − 1] in order, and order[] along with it. False when memory is used
 * up. */
MUST_CHECK bool sort_slice(struct sort_slice *scratch, int64_t *at_us, uint32_t *order,
                           uint32_t count);
void sort_slice_free(struct sort_slice *scratch);

#endif
