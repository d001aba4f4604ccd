#include "mine/walk.h"

#include "base/lang.h"

#include <math.h>

#define NOWHERE SIZE_MAX
#define NOBODY  UINT32_MAX

enum vg_code walker_make(struct arena *arena, const struct way *way,
                         const struct vg_log *log,
                         const struct vg_funnel_options *options, struct walker *ret,
                         struct vg_err *err)
{
    struct walker walker = {.way = way, .log = log, .window_us = INT64_MAX};
    if (options) {
        walker.strict = options->strict;
        if (!(options->window_s >= 0))
            return err_set(err, VG_ERR_USAGE, NULL, "%s",
                           _("the window must be a length of time, zero or more"));
        if (options->window_s > 0 && options->window_s < 9e12)
            walker.window_us = (int64_t)llround(options->window_s * (double)US_PER_S);
    }
    size_t count = way->count;
    walker.stops = arena_array(arena, struct stop, count);
    walker.row = arena_array(arena, size_t, count);
    walker.start = arena_array(arena, size_t, count);
    walker.parent = arena_array(arena, uint32_t, count);
    walker.side_trace = arena_array(arena, size_t, way->side_count);
    bool trail = walker.strict && !way->plain;
    walker.trail = trail ? arena_array(arena, uint32_t, count * count) : NULL;
    if (!walker.stops || !walker.row || !walker.start || !walker.parent ||
        !walker.side_trace || (trail && !walker.trail))
        return err_memory(err);
    *ret = walker;
    return VG_OK;
}

static bool in_window(const struct walker *walker, size_t start, size_t row)
{
    const int64_t *at_us = walker->log->at_us;
    return walker->window_us == INT64_MAX ||
           at_us[row] - at_us[start] <= walker->window_us;
}

/* Whether node a is further along the way than node b (NOBODY: before the beginning): at
 * a later stage, or at the end of a branch where b is not, or deeper in one. */
static bool further(const struct way *way, uint32_t a, uint32_t b)
{
    if (b == NOBODY)
        return true;
    const struct way_node *x = &way->nodes[a], *y = &way->nodes[b];
    if (x->stage != y->stage)
        return x->stage > y->stage;
    if (x->end || y->end)
        return x->end && !y->end;
    return x->depth > y->depth;
}

static void forget(const struct walker *walker)
{
    for (size_t n = 0; n < walker->way->count; n++)
        walker->row[n] = walker->start[n] = NOWHERE;
}

/* Write down the walk that ends at `node`, by the parents. */
static void stops_from_parents(struct walker *walker, uint32_t node)
{
    size_t count = 0;
    for (uint32_t n = node; n != NOBODY; n = walker->parent[n])
        count++;
    walker->stop_count = count;
    for (uint32_t n = node; n != NOBODY; n = walker->parent[n])
        walker->stops[--count] = (struct stop){n, walker->row[n]};
}

/* Let the event at `row` reach `node`, if it may; by_start: only as the first event of
 * the walk, or after one. True when it did. */
static bool reach(const struct walker *walker, uint32_t n, size_t row, bool may_begin)
{
    const struct way *way = walker->way;
    const struct way_node *node = &way->nodes[n];
    if (walker->row[n] != NOWHERE)
        return false;
    uint32_t parent = NOBODY;
    for (uint32_t b = 0; b < node->before_count; b++) {
        uint32_t before = way->before[node->first_before + b];
        if (walker->row[before] != NOWHERE &&
            (parent == NOBODY || walker->row[before] < walker->row[parent]))
            parent = before;
    }
    if (parent == NOBODY && (node->before_count > 0 || !may_begin))
        return false;
    walker->row[n] = row;
    walker->parent[n] = parent;
    return true;
}

/* The earliest arrival at each node. Begun at `row`; when `begin_here`, the event there
 * is the only one that may begin the walk. */
static void walk_eventual(struct walker *walker, size_t row, size_t end, bool begin_here)
{
    const struct way *way = walker->way;
    size_t begin = row;
    uint32_t best = NOBODY;
    forget(walker);
    for (; row < end; row++) {
        if (begin_here && !in_window(walker, begin, row))
            break;
        size_t pair = way_pair(way->steps, walker->log, row);
        for (uint32_t l = way->node_first[pair]; l < way->node_first[pair + 1]; l++) {
            uint32_t n = way->node_list[l];
            if (reach(walker, n, row, !begin_here || row == begin) &&
                further(way, n, best))
                best = n;
        }
        if (best != NOBODY && way->nodes[best].last)
            break;
    }
    stops_from_parents(walker, best);
}

/* Of all walks within the window the furthest, and of those the one that begins last: for
 * each node the latest beginning of a walk that has come there. */
static void walk_window(struct walker *walker, size_t row, size_t end)
{
    const struct way *way = walker->way;
    uint32_t best = NOBODY;
    size_t best_start = NOWHERE;
    size_t *latest = walker->start;
    forget(walker);
    for (; row < end; row++) {
        size_t pair = way_pair(way->steps, walker->log, row);
        for (uint32_t l = way->node_first[pair]; l < way->node_first[pair + 1]; l++) {
            uint32_t n = way->node_list[l];
            const struct way_node *node = &way->nodes[n];
            if (node->before_count == 0)
                latest[n] = row;
            for (uint32_t b = 0; b < node->before_count; b++) {
                size_t start = latest[way->before[node->first_before + b]];
                if (start != NOWHERE && in_window(walker, start, row) &&
                    (latest[n] == NOWHERE || start > latest[n]))
                    latest[n] = start;
            }
            if (latest[n] == NOWHERE)
                continue;
            bool deeper = further(way, n, best);
            if (deeper || (!further(way, best, n) && latest[n] > best_start))
                best = n, best_start = latest[n];
        }
    }
    if (best == NOBODY)
        walker->stop_count = 0;
    else
        walk_eventual(walker, best_start, end, true);
}

/* Write down the run of events start … row that ends at `node`. */
static void stops_from_run(struct walker *walker, size_t start, size_t row, uint32_t node)
{
    const struct way *way = walker->way;
    size_t length = row - start + 1;
    walker->stop_count = length;
    for (size_t i = length; way->plain && i-- > 0;)
        walker->stops[i] = (struct stop){(uint32_t)i, start + i};
    if (way->plain)
        return;
    /* trail[i][n]: the node before n on a run whose i-th event is at n; n: the first. */
    for (size_t i = 0; i < length; i++) {
        size_t pair = way_pair(way->steps, walker->log, start + i);
        uint32_t *now = walker->trail + i * way->count, *before = now - way->count;
        memset(now, 0xff, way->count * sizeof *now);
        for (uint32_t l = way->node_first[pair]; l < way->node_first[pair + 1]; l++) {
            uint32_t n = way->node_list[l];
            if (i == 0 && way->nodes[n].before_count == 0)
                now[n] = n;
            for (uint32_t b = 0; i > 0 && b < way->nodes[n].before_count; b++) {
                uint32_t from = way->before[way->nodes[n].first_before + b];
                if (before[from] != NOBODY)
                    now[n] = from;
            }
        }
    }
    for (size_t i = length; i-- > 0;) {
        walker->stops[i] = (struct stop){node, start + i};
        node = walker->trail[i * way->count + node];
    }
}

/* The furthest run of events each of which is right at the next step; of those the last.
 * row[n]: the last event that ended such a run at n; start[n]: where that run began. */
static void walk_strict(struct walker *walker, size_t row, size_t end)
{
    const struct way *way = walker->way;
    uint32_t best = NOBODY;
    size_t best_start = 0, best_row = 0;
    forget(walker);
    for (size_t first = row; row < end; row++) {
        size_t pair = way_pair(way->steps, walker->log, row);
        for (uint32_t l = way->node_first[pair]; l < way->node_first[pair + 1]; l++) {
            uint32_t n = way->node_list[l];
            const struct way_node *node = &way->nodes[n];
            size_t start = node->before_count == 0 ? row : NOWHERE;
            for (uint32_t b = 0; row > first && b < node->before_count; b++) {
                uint32_t from = way->before[node->first_before + b];
                if (walker->row[from] == row - 1 &&
                    in_window(walker, walker->start[from], row) &&
                    (start == NOWHERE || walker->start[from] > start))
                    start = walker->start[from];
            }
            if (start == NOWHERE)
                continue;
            walker->row[n] = row, walker->start[n] = start;
            if (best == NOBODY || !further(way, best, n))
                best = n, best_start = start, best_row = row;
        }
    }
    walker->stop_count = 0;
    if (best != NOBODY)
        stops_from_run(walker, best_start, best_row, best);
}

void walk_trace(struct walker *walker, size_t trace)
{
    const struct vg_log *log = walker->log;
    size_t row = log->first[trace], end = log->first[trace + 1];
    if (walker->strict)
        walk_strict(walker, row, end);
    else if (walker->window_us != INT64_MAX)
        walk_window(walker, row, end);
    else
        walk_eventual(walker, row, end, false);
    walker->arrived = walker->over = false;
    if (walker->stop_count == 0)
        return;
    const struct stop *first = &walker->stops[0];
    const struct stop *last = &walker->stops[walker->stop_count - 1];
    walker->arrived = walker->way->nodes[last->node].last;
    bool closed = walker->window_us != INT64_MAX &&
                  log_watched_us(log) - log->at_us[first->row] >= walker->window_us;
    bool broken = walker->strict && last->row + 1 < end;
    walker->over = !walker->arrived && (closed || broken);
}

/* The rows between which a side step counts: after the step before it on the walk, and
 * before the next. False when the walk did not come by. */
static bool side_between(const struct walker *walker, const struct way_node *side,
                         size_t *after, size_t *until)
{
    const struct way *way = walker->way;
    size_t passed = 0;
    while (passed < walker->stop_count &&
           way->nodes[walker->stops[passed].node].step < side->step)
        passed++;
    if ((passed == 0) != (side->before_count == 0))
        return false;
    bool met = passed == 0;
    for (uint32_t b = 0; b < side->before_count && passed > 0; b++)
        met =
            met || way->before[side->first_before + b] == walker->stops[passed - 1].node;
    if (!met)
        return false;
    if (passed < walker->stop_count) {
        const struct way_node *next = &way->nodes[walker->stops[passed].node];
        if (side->branch && next->stage == side->stage && next->branch != side->branch)
            return false;
        *until = walker->stops[passed].row;
    }
    if (passed > 0)
        *after = walker->stops[passed - 1].row + 1;
    return true;
}

enum walk_past walk_past(const struct walker *walker, size_t trace)
{
    const struct way *way = walker->way;
    const struct vg_log *log = walker->log;
    enum walk_past past = PAST_NOTHING;
    if (!way->steps->of_map || walker->strict || walker->window_us != INT64_MAX ||
        walker->arrived)
        return past;
    const struct way_node *stop =
        walker->stop_count ? &way->nodes[walker->stops[walker->stop_count - 1].node]
                           : NULL;
    for (size_t row = log->first[trace]; row < log->first[trace + 1]; row++) {
        size_t pair = way_pair(way->steps, log, row);
        uint32_t furthest = way->node_first[pair];
        if (furthest == way->node_first[pair + 1])
            continue;
        const struct way_node *node = &way->nodes[way->node_list[furthest]];
        if (stop && node->stage <= stop->stage)
            continue;
        if (node->last)
            return PAST_END;
        past = PAST_LATER;
    }
    return past;
}

void walk_sides(struct walker *walker, size_t trace,
                void (*visit)(void *ctx, size_t side, size_t row), void *ctx)
{
    const struct way *way = walker->way;
    const struct vg_log *log = walker->log;
    size_t begin = log->first[trace], end = log->first[trace + 1];
    for (size_t row = begin; row < end; row++) {
        size_t pair = way_pair(way->steps, log, row);
        for (uint32_t l = way->side_first[pair]; l < way->side_first[pair + 1]; l++) {
            uint32_t s = way->side_list[l];
            size_t after = begin, until = end;
            if (walker->side_trace[s] == trace + 1 ||
                !side_between(walker, &way->sides[s], &after, &until) || row < after ||
                row >= until)
                continue;
            walker->side_trace[s] = trace + 1;
            visit(ctx, s, row);
        }
    }
}
