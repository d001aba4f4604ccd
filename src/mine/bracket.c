#include "mine/bracket.h"

#include "mine/stats.h"

#include <math.h>

/* So many pieces of what was kept are parted: each quantile then is looked for among what
 * may be it alone. */
enum { SPANS_APART = 64 };

#define SIGMAS 4.5 /* of how far a quantile of a sample is from that of the whole */

/* The ranks that quantile p of the whole lies between, told from `count` of them; *high
 * is `count` when it may be greater than all of the sample. H. A. David & H. N. Nagaraja,
 * Order Statistics, 3rd ed. 2003, §7.1: the rank is binomial. */
static void ranks_around(size_t count, double p, size_t *low, size_t *high)
{
    double at = p * (double)count;
    double away = SIGMAS * sqrt((double)count * p * (1 - p)) + 1;
    *low = at > away ? (size_t)(at - away) : 0;
    *high = (size_t)(at + away) + 1;
    *high = *high < count ? *high : count;
}

struct bracket bracket_guess(int64_t *sample, size_t count)
{
    size_t low[2], high[2], rank[RANKS];
    struct bracket bracket;
    struct span span = {sample, count};
    ranks_around(count, 0.5, &low[0], &high[0]);
    ranks_around(count, 0.95, &low[1], &high[1]);
    rank[0] = low[0];
    rank[1] = high[0] < count ? high[0] : count - 1;
    rank[2] = low[1] > rank[1] ? low[1] : rank[1];
    rank[3] = high[1] < count ? high[1] : count - 1;
    rank[3] = rank[3] > rank[2] ? rank[3] : rank[2];
    ranks_of(&span, 1, rank, bracket.above);
    if (low[0] == 0)
        bracket.above[0] = 0;
    if (high[0] == count)
        bracket.above[1] = INT64_MAX;
    if (high[1] == count)
        bracket.above[3] = INT64_MAX;
    /* Below the lowest that may be the median, and so below the 95th percentile; but not
     * below what may be the median already. */
    bracket.above[0]--;
    bracket.above[2]--;
    for (size_t i = 1; i < RANKS; i++)
        if (bracket.above[i] < bracket.above[i - 1])
            bracket.above[i] = bracket.above[i - 1];
    bracket.keep = 0;
    for (unsigned class = 1; class <= 3; class += 2) {
        int64_t low_us = bracket.above[class - 1], high_us = bracket.above[class];
        if (high_us == INT64_MAX || high_us - low_us > 1)
            bracket.keep |= 1u << class;
    }
    return bracket;
}

struct quantile_ranks bracket_ranks(size_t count)
{
    struct quantile_ranks ranks;
    ranks.median_part = stats_quantile_rank(count, 0.5, &ranks.rank[0]);
    ranks.p95_part = stats_quantile_rank(count, 0.95, &ranks.rank[2]);
    ranks.rank[1] = ranks.rank[0] + 1 < count ? ranks.rank[0] + 1 : count - 1;
    ranks.rank[3] = ranks.rank[2] + 1 < count ? ranks.rank[2] + 1 : count - 1;
    return ranks;
}

bool bracket_find(const struct bracket *bracket, const uint64_t of_class[BRACKET_CLASSES],
                  const struct quantile_ranks *ranks, int64_t max,
                  struct bracket_found ret[2])
{
    for (size_t q = 0; q < 2; q++) {
        size_t rank = ranks->rank[2 * q], next = ranks->rank[2 * q + 1];
        size_t class = 0, before = 0;
        while (class < BRACKET_CLASSES && rank >= before + of_class[class])
            before += of_class[class ++];
        if ((class != 1 && class != 3) || next >= before + of_class[class])
            return false;
        int64_t high = bracket->above[class];
        high = high < max ? high : max;
        bool kept = bracket->keep >> class & 1;
        ret[q] =
            (struct bracket_found){.low = kept ? bracket->above[class - 1] + 1 : high,
                                   .high = high,
                                   .count = of_class[class],
                                   .rank = rank - before,
                                   .next = next - before};
    }
    return true;
}

bool bracket_open(const struct bracket_found found[2])
{
    return found[0].low < found[0].high || found[1].low < found[1].high;
}

/* Put durations up to `most` first. Returns how many there are. */
static size_t part(struct span span, int64_t most)
{
    size_t low = 0;
    for (size_t i = 0; i < span.count; i++) {
        int64_t us = span.us[i];
        span.us[i] = span.us[low];
        span.us[low] = us;
        low += us <= most;
    }
    return low;
}

void bracket_read(const struct bracket_found found[2], const struct span *kept,
                  size_t kept_spans, int64_t ret[RANKS])
{
    struct span apart[2][SPANS_APART];
    const struct span *of[2] = {kept, kept};
    bool apart_at_all = kept_spans <= SPANS_APART && found[0].high < found[1].low;
    for (size_t s = 0; s < kept_spans && apart_at_all; s++) {
        size_t low = part(kept[s], found[0].high);
        apart[0][s] = (struct span){kept[s].us, low};
        apart[1][s] = (struct span){kept[s].us + low, kept[s].count - low};
        of[0] = apart[0], of[1] = apart[1];
    }
    for (size_t q = 0; q < 2; q++)
        ranks_pair(of[q], kept_spans, found[q].low, found[q].high, found[q].count,
                   found[q].rank, found[q].next, ret + 2 * q);
}
