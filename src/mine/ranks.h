/* ranks: the durations that stand at given ranks, as sorting would put them, in linear
 * time: a histogram whose bins grow with the value (32 to each doubling) finds the bins
 * that hold the wanted ranks, what lies in them is kept, and so on. */
#ifndef MINE_RANKS_H
#define MINE_RANKS_H

#include "base/base.h"

enum { RANKS = 4 }; /* asked for together */

/* One piece of the durations; microseconds, not negative. */
struct span {
    int64_t *us;
    size_t count;
};

/* The durations at RANKS ranks, from 0, in rising order, each less than how many there
 * are. The spans are scratch: their content is lost, and so are their counts. */
void ranks_of(struct span *spans, size_t span_count, const size_t rank[RANKS],
              int64_t ret[RANKS]);
/* The durations at ranks `rank` and `next` (the same, or one more) of the `count` that
 * lie in [low, high]. What else the spans hold does not matter; they stay as they are. */
void ranks_pair(const struct span *spans, size_t span_count, int64_t low, int64_t high,
                size_t count, size_t rank, size_t next, int64_t ret[2]);

#endif
