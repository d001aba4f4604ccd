/* funnel_watch: the times of a large funnel, looked at as they come. A few journeys,
 * taken from all over the log, tell where each step's median and 95th percentile probably
 * lie (mine/bracket); while all are walked, times are summed up in the cache, and only
 * the few that may be the answer are kept. So with those who wait: shorter or longer than
 * the patience probably is, they are counted; the others are kept until it is known.
 *
 * When a guess was wrong funnel_watch_end says so, and all must be walked again without.
 */
#ifndef MINE_FUNNEL_WATCH_H
#define MINE_FUNNEL_WATCH_H

#include "mine/funnel_fast.h"

struct step_watch {
    struct look look;
    struct durations kept;      /* who moved on after about the median or patience */
    struct durations undecided; /* who waits for about as long as the patience */
    int64_t travelling_to;      /* who waits no longer is travelling … */
    int64_t lost_beyond;        /* … and who waits longer than this, lost */
    uint64_t waiting, lost;     /* in all, and of these lost for sure */
};

/* Let the workers' tallies watch, if the log is large and the sample says enough. False
 * when memory is used up. */
MUST_CHECK bool funnel_watch_open(const struct fast *fast, struct tally *tallies,
                                  unsigned workers);
/* Look at what the tally has of some traces, and forget it. */
MUST_CHECK bool funnel_watch_look(struct tally *tally, size_t steps);
/* What all workers saw of those who moved on from step `n`. False: the guess was wrong.
 */
MUST_CHECK bool funnel_watch_end(struct tally *tallies, unsigned workers, size_t n,
                                 struct spread *ret);
/* Of those who wait there, how many wait longer than `most`, and how many do not. False:
 * the guess was wrong. */
MUST_CHECK bool funnel_watch_judge(const struct tally *tallies, unsigned workers,
                                   size_t n, int64_t most, uint64_t *ret_lost,
                                   uint64_t *ret_travelling);

#endif
