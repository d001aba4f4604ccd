/* bracket: where the median and the 95th percentile of many durations probably lie, told
 * from a sample, so that one look at each duration is enough: those between are counted,
 * the few within are kept, and among them are the exact answers. When a guess was wrong,
 * the counts say so, and the durations are looked at again.
 *
 * Shape  four bounds, rising; the class of a duration is how many of them it is greater
 *        than. Class 1 may hold the median, class 3 the 95th percentile. */
#ifndef MINE_BRACKET_H
#define MINE_BRACKET_H

#include "mine/ranks.h"

enum { BRACKET_CLASSES = 5 };

struct bracket {
    int64_t above[RANKS];
    unsigned keep; /* bit c: durations of class c must be kept. A class of one value need
                      not: all of it is known */
};
/* Nothing need be known of the durations: all are kept, or none. */
#define BRACKET_ALL                                                                      \
    {                                                                                    \
        {INT64_MIN, INT64_MAX, INT64_MAX, INT64_MAX}, 2                                  \
    }
#define BRACKET_NONE                                                                     \
    {                                                                                    \
        {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}, 0                                  \
    }

/* From a sample of at least 2, which is scratch: its content is lost. Wrong for about one
 * in 100,000 random samples. */
struct bracket bracket_guess(int64_t *sample, size_t count);

static inline unsigned bracket_class(const struct bracket *bracket, int64_t us)
{
    return (unsigned)(us > bracket->above[0]) + (us > bracket->above[1]) +
           (us > bracket->above[2]) + (us > bracket->above[3]);
}

/* Where the median and the 95th percentile stand among `count` > 0: the two ranks that
 * each lies between (rank[0] and [1], [2] and [3]), and how far from the lower. */
struct quantile_ranks {
    size_t rank[RANKS];
    double median_part, p95_part;
};
struct quantile_ranks bracket_ranks(size_t count);

/* Where one of the two quantiles is: known at once, or among the kept within [low, high].
 */
struct bracket_found {
    int64_t low, high;
    size_t count;      /* durations there */
    size_t rank, next; /* wanted of those */
};
/* From how many there are of each class, and the largest of all, for the median and the
 * 95th percentile. False when a rank lies in no bracket. */
bool bracket_find(const struct bracket *bracket, const uint64_t of_class[BRACKET_CLASSES],
                  const struct quantile_ranks *ranks, int64_t max,
                  struct bracket_found ret[2]);
/* Whether any of the durations that were kept are needed. */
bool bracket_open(const struct bracket_found found[2]);
/* The durations at the ranks, from those that were kept, which come to stand in another
 * order. */
void bracket_read(const struct bracket_found found[2], const struct span *kept,
                  size_t kept_spans, int64_t ret[RANKS]);

#endif
