/* spread: mean, median, 95th percentile, least and largest of many durations, exact, in
 * linear time: a sample tells where the quantiles probably are (mine/bracket), one look
 * at each duration whether that was right, and of the few that lie there the wanted ranks
 * are picked (mine/ranks), as they are of all when they are few or the guess was wrong.
 *
 * Units  in: microseconds, not negative; out: seconds; NAN when there are none. */
#ifndef MINE_SPREAD_H
#define MINE_SPREAD_H

#include "mine/bracket.h"

struct spread {
    uint64_t count;
    double mean_s, median_s, p95_s, min_s, max_s;
};

/* Over all pieces together. The pieces are scratch: their order and content is lost, and
 * so are their counts. The answer does not depend on the order of the durations. */
struct spread spread_of(struct span *spans, size_t span_count);
struct spread spread_of_one(int64_t *us, size_t count);
/* One look at each of many durations, piece by piece, as they come: the same answer when
 * the bounds that a sample told were right. The sum is in two halves, so that it is exact
 * and the order does not matter. */
struct look {
    struct bracket bracket;
    uint64_t low, high; /* sums of the lower and upper 32 bits */
    int64_t min, max;
    uint64_t of_class[BRACKET_CLASSES];
};
struct look look_begin(struct bracket bracket);
/* A piece; those of it that must be kept go to `to`, which has room for all of them and
 * may be the piece itself. Returns how many. */
size_t look_at(struct look *look, struct span piece, int64_t *to);
/* What another saw within the same bounds. */
void look_add(struct look *to, const struct look *from);
/* False when the bounds were wrong, or nothing was seen. What was kept changes order. */
bool look_end(const struct look *look, const struct span *kept, size_t kept_count,
              struct spread *ret) MUST_CHECK;
/* The same when all is known but the division: the sums of the lower and upper 32 bits of
 * `count` > 0 durations, the least and the largest, and those at the ranks. */
struct spread spread_from(size_t count, uint64_t sum_low, uint64_t sum_high, int64_t min,
                          int64_t max, const struct quantile_ranks *ranks,
                          const int64_t at_rank[RANKS]);

#endif
