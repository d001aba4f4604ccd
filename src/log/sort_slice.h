/* sort_slice: one customer's events by time, stable. Most are in order already, or
 * nearly: a file per month, two systems joined. So: nothing when in order, insertion when
 * short, otherwise the runs that are there are merged (a natural merge sort, n log runs).
 */
#ifndef LOG_SORT_SLICE_H
#define LOG_SORT_SLICE_H

#include "base/base.h"

struct record { /* what every event has, while it is being sorted */
    int64_t at_us;
    uint32_t customer;
    uint16_t activity, channel;
};
struct sort_slice { /* scratch, kept from call to call; zeroed is fine */
    uint32_t *index, *other, *ends;
    struct record *records;
    size_t capacity;
};

/* Order records[0 … count − 1] by time, and order[] along with it unless it is NULL.
 * False when memory is used up. */
MUST_CHECK bool sort_slice(struct sort_slice *scratch, struct record *records,
                           uint32_t *order, uint32_t count);
void sort_slice_free(struct sort_slice *scratch);

#endif
