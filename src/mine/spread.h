/* spread: mean, median, 95th percentile, least and largest of many durations, exact, in
 * linear time: a histogram whose bins grow with the value (32 to each doubling) finds the
 * bins that hold the wanted ranks, what lies in them is kept, and so on.
 *
 * Units  in: microseconds, not negative; out: seconds; NAN when there are none. */
#ifndef MINE_SPREAD_H
#define MINE_SPREAD_H

#include "base/base.h"

/* One piece of the durations. */
struct span {
    int64_t *us;
    size_t count;
};
struct spread {
    uint64_t count;
    double mean_s, median_s, p95_s, min_s, max_s;
};

/* Over all pieces together. The pieces are scratch: their order and content is lost, and
 * so are their counts. The answer does not depend on the order of the durations. */
struct spread spread_of(struct span *spans, size_t span_count);
struct spread spread_of_one(int64_t *us, size_t count);

#endif
