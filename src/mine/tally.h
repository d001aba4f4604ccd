/* tally: what one worker counts of a funnel: for each node, how long those who moved on
 * took, and how long those who did not have waited. Durations are kept in blocks that
 * grow, so that nothing is copied and little is wasted. */
#ifndef MINE_TALLY_H
#define MINE_TALLY_H

#include "mine/spread.h"

#define TALLY_FOREVER INT64_MAX /* waits, and cannot go on any more */

struct durations {
    int64_t *next, *end; /* in the last block */
    struct span *blocks; /* counts of all but the last are final: durations_spans */
    size_t block_count, block_capacity;
};
struct step_watch; /* mine/funnel_watch.h */
struct tally {
    struct durations *moved, *waiting; /* [nodes] */
    uint64_t *arrived;                 /* [nodes] */
    uint64_t *elsewhere;               /* [nodes] */
    uint64_t ended;                    /* at the last step by another way */
    uint64_t *by_side;                 /* [sides] */
    struct step_watch *watches;        /* [nodes] or NULL: durations are kept as above */
    bool failed;
};

bool tally_open(struct tally *tally, size_t nodes, size_t sides) MUST_CHECK;
void tally_close(struct tally *tally, size_t nodes);

bool durations_more(struct durations *durations) MUST_CHECK;
static inline bool durations_add(struct durations *durations, int64_t us)
{
    if (durations->next == durations->end && !durations_more(durations))
        return false;
    *durations->next++ = us;
    return true;
}
/* Room for `count` more, at most 512, in one piece behind `next`. */
static inline bool durations_room(struct durations *durations, ptrdiff_t count)
{
    return durations->end - durations->next >= count || durations_more(durations);
}
void durations_close(struct durations *durations);
/* Bring the last block's count up to date. Returns how many durations there are. */
size_t durations_seal(struct durations *durations);

#endif
