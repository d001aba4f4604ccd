/* way: the steps that hold people up, made ready for walking: who comes before whom, and
 * which events are at which. Rules: mine/funnel.h. */
#ifndef MINE_WAY_H
#define MINE_WAY_H

#include "mine/mine.h"

struct way_node {
    uint32_t step;   /* in steps */
    uint32_t stage;  /* a choice is one stage, and so is any other step */
    uint32_t depth;  /* how far along its branch, from 0 */
    uint32_t branch; /* of the choice; 0 */
    uint32_t first_before, before_count; /* in way.before: the nodes it may follow;
                                            none: a walk begins here */
    bool end;                            /* of its branch: its stage is passed */
    bool last;                           /* a walk ends here: it has arrived */
};
struct way {
    const struct steps *steps;
    struct way_node *nodes; /* [count] in the order of the steps */
    size_t count;
    struct way_node *sides; /* [side_count] optional steps that were seen */
    size_t side_count;
    uint32_t *before;
    /* Nodes (and sides) at which an event of a pair of activity and channel is, the
     * furthest first: list[first[pair]] … list[first[pair + 1] − 1]. */
    uint32_t *node_first, *node_list, *side_first, *side_list;
    bool plain;       /* one line: node i follows node i − 1 */
    bool any_channel; /* the channel of an event makes no difference */
};
/* Lives in `arena`. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code way_make(struct arena *arena, const struct steps *steps,
                                 struct way *ret, struct vg_err *err);

static inline size_t way_pair(const struct steps *steps, const struct vg_log *log,
                              size_t row)
{
    size_t channel = log->channel && log->channel[row] != LOG_NO_CODE16
                         ? log->channel[row]
                         : steps->channel_count;
    return log->activity[row] * (steps->channel_count + 1) + channel;
}

#endif
