/* flow_groups: the counting and timing beneath flow_mine, by activity codes.
 *
 * Way    three rounds of the same: pick some times between events, scatter them to their
 *        groups, look at each edge of a group alone.
 *          sample   some of all; an edge found often is watched from now on, with a
 *                   bracket around its median and 95th percentile;
 *          watch    of watched edges times within their brackets are kept, and of others
 *                   all are picked;
 *          again    all of those edges whose bracket was wrong: seldom any.
 *        A group is an edge, or (beyond BY_EDGE_MAX activities) all edges that leave one
 *        activity, cut into edges in a second step. */
#ifndef MINE_FLOW_GROUPS_H
#define MINE_FLOW_GROUPS_H

#include "log/log.h"
#include "mine/flow_watch.h"
#include "mine/spread.h"

struct flow_edge {
    uint16_t from, to;
    struct spread spread;
};
/* What one worker has found, and its scratch. */
struct flow_worker {
    struct flow_edge *edges;
    size_t edge_count, edge_capacity;
    size_t *count_to; /* [activities] 0 between turns */
    uint16_t *met;    /* [activities] the activities met in this turn */
    int64_t *sorted;  /* [sorted_capacity] times of one activity, edge by edge */
    size_t sorted_capacity;
    struct watch *watches; /* what it counted; in the sample, what to watch */
    size_t watch_count, watch_capacity;
    struct trace_counts traces;
    bool failed;
};
struct flow_groups {
    uint64_t *events, *starts, *ends; /* [activities] */
    uint64_t longest;                 /* events of the longest trace */
    struct spread durations;          /* of the traces */
    struct flow_worker *workers;      /* every edge is with one of them */
    unsigned worker_count;
    size_t edge_count; /* of all workers */
};

/* VG_ERR_MEMORY; free also after a failure. */
MUST_CHECK enum vg_code flow_groups_make(const struct vg_log *log,
                                         struct flow_groups *groups, struct vg_err *err);
void flow_groups_free(struct flow_groups *groups);

#endif
