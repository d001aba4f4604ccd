/* flow_pick: which activities and passages of a flow are drawn.
 *
 * Kept are the most frequent activities and passages, as many as `detail` asks for, and
 * for each kept activity its widest way from the start and to the end (the way whose
 * rarest passage is the most frequent): so what is drawn is always connected.
 * Invariant  what is kept at one detail is kept at every greater one, up to the limits.
 */
#ifndef VIEW_FLOW_PICK_H
#define VIEW_FLOW_PICK_H

#include "base/arena.h"
#include "base/err.h"

#define FLOW_MOST_NODES 60
#define FLOW_MOST_LINKS 400

struct flow_node {
    const char *activity; /* NULL: the start or the end */
    uint64_t count;       /* events; of start and end: traces */
    uint64_t loops;       /* how often it follows itself; 0: not drawn */
    double loop_median_s;
};
struct flow_passage {
    size_t from, to; /* nodes */
    uint64_t count;
    double median_s, p95_s; /* NAN from the start and to the end */
};
struct flow_picked {
    struct flow_node *nodes; /* 0 is the start, 1 the end, then by frequency */
    size_t node_count;
    struct flow_passage *passages; /* most frequent first */
    size_t passage_count;
    size_t activities_left_out;
    double shown; /* share of all passages that is drawn, 0 … 1 */
};
MUST_CHECK enum vg_code flow_pick(struct arena *arena, const struct vg_flow *flow,
                                  double detail, struct flow_picked *ret,
                                  struct vg_err *err);

#endif
