#include "view/flow_pick.h"

#include <math.h>
#include <stdlib.h>

#define NONE SIZE_MAX

struct name_at {
    const char *name;
    size_t at;
};
/* Everything that could be drawn: all nodes, all passages by frequency. */
struct whole {
    struct flow_node *nodes;
    size_t node_count;
    struct flow_passage *passages;
    size_t passage_count;
    size_t *out_first, *out, *in_first, *in; /* node → its passages */
    size_t *way_in, *way_out; /* node → the last passage of its widest way from the start,
                                 the first of its widest way to the end */
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct name_at *)a)->name, ((const struct name_at *)b)->name);
}

static int by_count(const void *a, const void *b)
{
    const struct flow_passage *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static size_t find(const struct name_at *names, size_t count, const char *name)
{
    struct name_at key = {name, 0};
    const struct name_at *found = bsearch(&key, names, count, sizeof(*names), by_name);
    return found ? found->at : NONE;
}

static void add_passage(struct whole *w, size_t from, size_t to, uint64_t count,
                        const struct vg_edge *edge)
{
    if (from == NONE || to == NONE || count == 0)
        return;
    if (from == to) {
        w->nodes[from].loops = count;
        w->nodes[from].loop_median_s = edge->median_s;
        return;
    }
    w->passages[w->passage_count++] = (struct flow_passage){
        from, to, count, edge ? edge->median_s : NAN, edge ? edge->p95_s : NAN};
}

static enum vg_code gather(struct arena *arena, const struct vg_flow *flow,
                           struct whole *w, struct vg_err *err)
{
    size_t n = flow->activity_count;
    struct name_at *names = arena_array(arena, struct name_at, n + 1);
    w->nodes = arena_array(arena, struct flow_node, n + 2);
    w->passages = arena_array(arena, struct flow_passage,
                              flow->edge_count + flow->start_count + flow->end_count + 1);
    if (!names || !w->nodes || !w->passages)
        return err_memory(err);
    w->node_count = n + 2;
    w->nodes[0].count = w->nodes[1].count = flow->trace_count;
    for (size_t i = 0; i < n; i++) {
        names[i] = (struct name_at){flow->activities[i].activity, i + 2};
        w->nodes[i + 2] = (struct flow_node){.activity = flow->activities[i].activity,
                                             .count = flow->activities[i].count,
                                             .loop_median_s = NAN};
    }
    qsort(names, n, sizeof(*names), by_name);
    for (size_t i = 0; i < flow->edge_count; i++)
        add_passage(w, find(names, n, flow->edges[i].from),
                    find(names, n, flow->edges[i].to), flow->edges[i].count,
                    &flow->edges[i]);
    for (size_t i = 0; i < flow->start_count; i++)
        add_passage(w, 0, find(names, n, flow->starts[i].activity), flow->starts[i].count,
                    NULL);
    for (size_t i = 0; i < flow->end_count; i++)
        add_passage(w, find(names, n, flow->ends[i].activity), 1, flow->ends[i].count,
                    NULL);
    qsort(w->passages, w->passage_count, sizeof(*w->passages), by_count);
    return VG_OK;
}

static enum vg_code index_passages(struct arena *arena, struct whole *w,
                                   struct vg_err *err)
{
    size_t n = w->node_count, m = w->passage_count;
    w->out_first = arena_array(arena, size_t, n + 2);
    w->in_first = arena_array(arena, size_t, n + 2);
    w->out = arena_array(arena, size_t, m + 1);
    w->in = arena_array(arena, size_t, m + 1);
    if (!w->out_first || !w->in_first || !w->out || !w->in)
        return err_memory(err);
    for (size_t i = 0; i < m; i++) {
        w->out_first[w->passages[i].from + 2]++;
        w->in_first[w->passages[i].to + 2]++;
    }
    for (size_t v = 2; v < n + 2; v++) {
        w->out_first[v] += w->out_first[v - 1];
        w->in_first[v] += w->in_first[v - 1];
    }
    for (size_t i = 0; i < m; i++) {
        w->out[w->out_first[w->passages[i].from + 1]++] = i;
        w->in[w->in_first[w->passages[i].to + 1]++] = i;
    }
    return VG_OK;
}

/* Passages are opened one by one, the most frequent first; the passage by which a node
 * first comes within reach ends its widest way. Each passage is looked at twice at most.
 */
static enum vg_code widest_ways(struct arena *arena, const struct whole *w, size_t root,
                                bool backwards, size_t **ret, struct vg_err *err)
{
    const size_t *first = backwards ? w->in_first : w->out_first;
    const size_t *list = backwards ? w->in : w->out;
    size_t *way = arena_array(arena, size_t, w->node_count);
    size_t *queue = arena_array(arena, size_t, w->node_count);
    bool *reached = arena_array(arena, bool, w->node_count);
    if (!way || !queue || !reached)
        return err_memory(err);
    for (size_t i = 0; i < w->node_count; i++)
        way[i] = NONE;
    reached[root] = true;
    for (size_t opened = 0; opened < w->passage_count; opened++) {
        const struct flow_passage *p = &w->passages[opened];
        size_t near = backwards ? p->to : p->from, far = backwards ? p->from : p->to;
        if (!reached[near] || reached[far])
            continue;
        size_t head = 0, tail = 0;
        reached[far] = true;
        way[far] = opened;
        queue[tail++] = far;
        while (head < tail) {
            size_t node = queue[head++];
            for (size_t i = first[node]; i < first[node + 1] && list[i] <= opened; i++) {
                const struct flow_passage *q = &w->passages[list[i]];
                size_t next = backwards ? q->from : q->to;
                if (reached[next])
                    continue;
                reached[next] = true;
                way[next] = list[i];
                queue[tail++] = next;
            }
        }
    }
    *ret = way;
    return VG_OK;
}

struct kept {
    bool *node, *passage;
    size_t nodes, passages;
};

/* Keep a node with both its ways; nothing when that would pass the limits. */
static bool keep_node(const struct whole *w, struct kept *kept, size_t node)
{
    size_t list[2 * FLOW_MOST_NODES + 4], n = 0, new_nodes = !kept->node[node];
    for (int side = 0; side < 2; side++) {
        const size_t *way = side ? w->way_out : w->way_in;
        size_t root = side ? 1 : 0;
        for (size_t at = node; at != root;) {
            size_t passage = way[at];
            if (passage == NONE || n == COUNT_OF(list))
                return false;
            list[n++] = passage;
            at = side ? w->passages[passage].to : w->passages[passage].from;
            new_nodes += !kept->node[at];
        }
    }
    if (kept->nodes + new_nodes > FLOW_MOST_NODES + 2)
        return false;
    kept->node[node] = true;
    for (size_t i = 0; i < n; i++) {
        const struct flow_passage *p = &w->passages[list[i]];
        kept->node[p->from] = kept->node[p->to] = true;
        kept->passages += !kept->passage[list[i]];
        kept->passage[list[i]] = true;
    }
    kept->nodes = 0;
    for (size_t i = 0; i < w->node_count; i++)
        kept->nodes += kept->node[i];
    return true;
}

static void keep_all(const struct whole *w, double detail, struct kept *kept)
{
    kept->node[0] = kept->node[1] = true;
    kept->nodes = 2;
    size_t activities = w->node_count - 2;
    if (activities > FLOW_MOST_NODES)
        activities = FLOW_MOST_NODES;
    /* At the least the four most frequent; then evenly up to all. */
    double least = fmin(4, (double)activities);
    size_t nodes = (size_t)ceil(least + detail * ((double)activities - least) - 1e-9);
    for (size_t i = 0; i < nodes && i + 2 < w->node_count; i++)
        keep_node(w, kept, i + 2);
    /* Passages: those that together make up a share of all, the frequent ones first. */
    uint64_t all = 0, sum = 0;
    for (size_t i = 0; i < w->passage_count; i++)
        all += w->passages[i].count;
    double share = detail <= 0 ? 0 : 0.55 + 0.45 * detail;
    for (size_t i = 0; i < w->passage_count && kept->passages < FLOW_MOST_LINKS; i++) {
        if (detail < 1 && (double)sum >= share * (double)all)
            break;
        sum += w->passages[i].count;
        if (!kept->node[w->passages[i].from] || !kept->node[w->passages[i].to] ||
            kept->passage[i])
            continue;
        kept->passage[i] = true;
        kept->passages++;
    }
}

static enum vg_code hand_over(struct arena *arena, const struct vg_flow *flow,
                              const struct whole *w, const struct kept *kept,
                              struct flow_picked *ret, struct vg_err *err)
{
    size_t *new_at = arena_array(arena, size_t, w->node_count);
    struct flow_picked picked = {
        .nodes = arena_array(arena, struct flow_node, kept->nodes),
        .passages = arena_array(arena, struct flow_passage, kept->passages + 1)};
    if (!new_at || !picked.nodes || !picked.passages)
        return err_memory(err);
    for (size_t i = 0; i < w->node_count; i++) {
        if (!kept->node[i])
            continue;
        new_at[i] = picked.node_count;
        picked.nodes[picked.node_count++] = w->nodes[i];
    }
    uint64_t all = 0, shown = 0;
    for (size_t i = 0; i < w->passage_count; i++) {
        const struct flow_passage *p = &w->passages[i];
        all += p->count;
        if (!kept->passage[i])
            continue;
        shown += p->count;
        picked.passages[picked.passage_count] = *p;
        picked.passages[picked.passage_count].from = new_at[p->from];
        picked.passages[picked.passage_count++].to = new_at[p->to];
    }
    for (size_t i = 0; i < w->node_count; i++) {
        all += w->nodes[i].loops;
        shown += kept->node[i] ? w->nodes[i].loops : 0;
    }
    picked.shown = all ? (double)shown / (double)all : 1;
    picked.activities_left_out = flow->activity_count - (picked.node_count - 2);
    *ret = picked;
    return VG_OK;
}

enum vg_code flow_pick(struct arena *arena, const struct vg_flow *flow, double detail,
                       struct flow_picked *ret, struct vg_err *err)
{
    struct whole w = {0};
    detail = isnan(detail) ? 0 : fmin(1, fmax(0, detail));
    enum vg_code code = gather(arena, flow, &w, err);
    if (code == VG_OK)
        code = index_passages(arena, &w, err);
    if (code == VG_OK)
        code = widest_ways(arena, &w, 0, false, &w.way_in, err);
    if (code == VG_OK)
        code = widest_ways(arena, &w, 1, true, &w.way_out, err);
    if (code != VG_OK)
        return code;
    struct kept kept = {.node = arena_array(arena, bool, w.node_count),
                        .passage = arena_array(arena, bool, w.passage_count + 1)};
    if (!kept.node || !kept.passage)
        return err_memory(err);
    keep_all(&w, detail, &kept);
    return hand_over(arena, flow, &w, &kept, ret, err);
}
