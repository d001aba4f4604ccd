/* The same walk as the funnel's (mine/walk.h), trace by trace in the log's order; what
 * the funnel decided by (patience) is taken from its answer. Cost: linear in events. */
#include "mine/drill.h"

#include "mine/walk.h"

#include <math.h>

struct drilling {
    struct arena *arena;
    const struct vg_log *log;
    const struct vg_funnel *funnel;
    size_t most;
    struct drill_step *steps;
};

static enum vg_code add_trace(struct drilling *d, size_t step, enum drill_fate fate,
                              const struct stop *stop, size_t trace, double waited_s,
                              struct vg_err *err)
{
    struct drill_list *list = &d->steps[step].fate[fate];
    list->count++;
    if (list->shown >= d->most)
        return VG_OK;
    const char *name = log_trace_text(d->log, d->arena, trace);
    if (!name)
        return err_memory(err);
    list->names[list->shown] = name;
    list->trace[list->shown] = trace;
    list->events_after[list->shown] = (size_t)d->log->first[trace + 1] - stop->row - 1;
    list->waited_s[list->shown++] = waited_s;
    return VG_OK;
}

static enum vg_code add_walk(struct drilling *d, const struct walker *walker,
                             size_t trace, struct vg_err *err)
{
    const struct way_node *nodes = walker->way->nodes;
    enum vg_code code = VG_OK;
    for (size_t i = 0; i < walker->stop_count && code == VG_OK; i++) {
        const struct stop *stop = &walker->stops[i];
        size_t step = nodes[stop->node].step;
        bool last = i + 1 == walker->stop_count;
        int64_t until = last ? log_watched_us(d->log) : d->log->at_us[stop[1].row];
        double waited = (double)(until - d->log->at_us[stop->row]) / (double)US_PER_S;
        enum drill_fate fate = DRILL_MOVED_ON;
        if (last && !walker->arrived && walk_past(walker, trace) == PAST_NOTHING)
            fate = walker->over || waited > d->funnel->steps[step].patience_s
                       ? DRILL_LOST
                       : DRILL_TRAVELLING;
        code = add_trace(d, step, fate, stop, trace,
                         last && walker->arrived ? 0 : fmax(waited, 0), err);
    }
    return code;
}

static enum vg_code lists_make(struct drilling *d, struct vg_err *err)
{
    d->steps = arena_array(d->arena, struct drill_step, d->funnel->step_count);
    if (!d->steps)
        return err_memory(err);
    for (size_t i = 0; i < d->funnel->step_count; i++)
        for (size_t f = 0; f < DRILL_FATES; f++) {
            struct drill_list *list = &d->steps[i].fate[f];
            list->names = arena_array(d->arena, const char *, d->most);
            list->trace = arena_array(d->arena, size_t, d->most);
            list->waited_s = arena_array(d->arena, double, d->most);
            list->events_after = arena_array(d->arena, size_t, d->most);
            if (!list->names || !list->trace || !list->waited_s || !list->events_after)
                return err_memory(err);
        }
    return VG_OK;
}

enum vg_code drill_mine(struct arena *arena, const struct vg_log *log,
                        const struct steps *steps,
                        const struct vg_funnel_options *options,
                        const struct vg_funnel *funnel, size_t most, struct drill *ret,
                        struct vg_err *err)
{
    struct drilling d = {
        .arena = arena, .log = log, .funnel = funnel, .most = most ? most : 1};
    struct way way = {0};
    struct walker walker = {0};
    struct arena *scratch = arena_open(0);
    if (!scratch)
        return err_memory(err);
    enum vg_code code = way_make(scratch, steps, &way, err);
    if (code == VG_OK)
        code = walker_make(scratch, &way, log, options, &walker, err);
    if (code == VG_OK)
        code = lists_make(&d, err);
    for (size_t t = 0; t < log->traces && code == VG_OK; t++) {
        walk_trace(&walker, t);
        code = add_walk(&d, &walker, t, err);
    }
    arena_close(scratch);
    if (code == VG_OK)
        *ret = (struct drill){d.steps, funnel->step_count};
    return code;
}
