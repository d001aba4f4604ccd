/* flow: how often one activity comes right after another, and how long that takes.
 *
 * Definition  for each trace with events e1 … ek and each i < k, one observation for the
 *             edge (activity of ei, activity of ei+1) with the time between them. Events
 *             of a trace are in order of time, ties in the order of the files. (W. van
 *             der Aalst, Process Mining, 2nd ed. 2016, §6.2: the directly-follows
 *             relation.)
 * Way         one look at every event; the times of edges that are met often are counted
 *             by a bracket around their quantiles, all others are grouped by edge: see
 *             mine/flow_groups.h.
 * Cost        linear. Scratch 8 bytes a trace, 4 an event reserved of which about a tenth
 *             is touched, and some 2 more an event; up to 22 an event where no edge is
 *             met often. */
#include "mine/flow_groups.h"
#include "mine/mine.h"
#include "mine/names.h"
#include "mine/scratch.h"
#include "mine/slice.h"

#include <stdlib.h>

/* An edge before it has names: what edges are sorted by, and where they are. */
struct ranked_edge {
    uint64_t count;
    uint64_t names; /* rank of from, then of to */
    const struct flow_edge *edge;
};

static int by_count_then_names(const void *a, const void *b)
{
    const struct ranked_edge *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->names < y->names ? -1 : x->names > y->names;
}

static struct vg_edge edge_named(const struct vg_log *log, const struct flow_edge *edge)
{
    return (struct vg_edge){.from = dict_text(&log->activities, edge->from),
                            .to = dict_text(&log->activities, edge->to),
                            .count = edge->spread.count,
                            .mean_s = edge->spread.mean_s,
                            .median_s = edge->spread.median_s,
                            .p95_s = edge->spread.p95_s,
                            .min_s = edge->spread.min_s,
                            .max_s = edge->spread.max_s};
}

static enum vg_code edges_list(struct arena *arena, const struct vg_log *log,
                               const struct flow_groups *groups, const uint32_t *rank,
                               struct vg_flow *flow, struct vg_err *err)
{
    size_t count = groups->edge_count;
    struct ranked_edge *ranked = scratch_array(struct ranked_edge, count);
    flow->edges = arena_array(arena, struct vg_edge, count);
    if (!ranked || !flow->edges) {
        scratch_free(ranked);
        return err_memory(err);
    }
    size_t n = 0;
    for (unsigned w = 0; w < groups->worker_count; w++)
        for (size_t i = 0; i < groups->workers[w].edge_count; i++) {
            const struct flow_edge *edge = &groups->workers[w].edges[i];
            ranked[n++] = (struct ranked_edge){.count = edge->spread.count,
                                               .names = (uint64_t)rank[edge->from] << 32 |
                                                        rank[edge->to],
                                               .edge = edge};
        }
    qsort(ranked, n, sizeof *ranked, by_count_then_names);
    for (size_t i = 0; i < n; i++)
        flow->edges[i] = edge_named(log, ranked[i].edge);
    flow->edge_count = n;
    scratch_free(ranked);
    return VG_OK;
}

struct ranked_activity {
    uint64_t count;
    uint32_t rank, code;
};

static int by_count_then_name(const void *a, const void *b)
{
    const struct ranked_activity *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static enum vg_code counts_list(struct arena *arena, const struct vg_log *log,
                                const uint64_t *counts, const uint32_t *rank,
                                struct vg_activity_count **ret, size_t *ret_count,
                                struct vg_err *err)
{
    size_t all = log->activities.count, n = 0;
    struct ranked_activity *ranked = scratch_array(struct ranked_activity, all);
    if (!ranked)
        return err_memory(err);
    for (uint32_t code = 0; code < all; code++)
        if (counts[code] > 0)
            ranked[n++] = (struct ranked_activity){counts[code], rank[code], code};
    qsort(ranked, n, sizeof *ranked, by_count_then_name);
    struct vg_activity_count *list = arena_array(arena, struct vg_activity_count, n);
    for (size_t i = 0; list && i < n; i++)
        list[i] = (struct vg_activity_count){dict_text(&log->activities, ranked[i].code),
                                             ranked[i].count};
    scratch_free(ranked);
    if (!list)
        return err_memory(err);
    *ret = list, *ret_count = n;
    return VG_OK;
}

static enum vg_code flow_list(struct arena *arena, const struct vg_log *log,
                              const struct flow_groups *groups, struct vg_flow *flow,
                              struct vg_err *err)
{
    uint32_t *rank = NULL;
    enum vg_code code = names_rank(&log->activities, &rank, err);
    if (code == VG_OK)
        code = edges_list(arena, log, groups, rank, flow, err);
    if (code == VG_OK)
        code = counts_list(arena, log, groups->events, rank, &flow->activities,
                           &flow->activity_count, err);
    if (code == VG_OK)
        code = counts_list(arena, log, groups->starts, rank, &flow->starts,
                           &flow->start_count, err);
    if (code == VG_OK)
        code = counts_list(arena, log, groups->ends, rank, &flow->ends, &flow->end_count,
                           err);
    scratch_free(rank);
    return code;
}

enum vg_code flow_mine(struct arena *arena, const struct vg_log *log, struct vg_flow *ret,
                       struct vg_err *err)
{
    struct flow_groups groups = {0};
    enum vg_code code = flow_groups_make(log, &groups, err);
    struct vg_flow flow = {.event_count = log->events,
                           .trace_count = log->traces,
                           .duration_mean_s = groups.durations.mean_s,
                           .duration_median_s = groups.durations.median_s,
                           .duration_p95_s = groups.durations.p95_s,
                           .duration_min_s = groups.durations.min_s,
                           .duration_max_s = groups.durations.max_s,
                           .events_per_trace_mean =
                               (double)log->events / (double)log->traces,
                           .events_per_trace_max = groups.longest};
    if (code == VG_OK)
        code = flow_list(arena, log, &groups, &flow, err);
    flow_groups_free(&groups);
    if (code == VG_OK)
        *ret = flow;
    return code;
}
