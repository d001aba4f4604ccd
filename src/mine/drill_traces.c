/* Lists of traces behind a funnel's step, a passage, a variant. */
#include "mine/drill_traces.h"

#include "base/lang.h"
#include "mine/walk.h"

#include <string.h>

static enum vg_code lists_make(struct arena *arena, const struct vg_log *log,
                               struct drill_traces *ret, struct vg_err *err)
{
    *ret = (struct drill_traces){arena_array(arena, uint32_t, log->traces + 1),
                                 arena_array(arena, uint64_t, log->traces + 1), 0};
    return ret->trace && ret->row ? VG_OK : err_memory(err);
}

static void add(struct drill_traces *list, size_t trace, uint64_t row)
{
    if (list->count && list->trace[list->count - 1] == trace)
        return;
    list->trace[list->count] = (uint32_t)trace;
    list->row[list->count++] = row;
}

/* ---- a funnel's step ---- */

struct stepping {
    const struct vg_log *log;
    const struct vg_funnel *funnel;
    const struct way *way;
    size_t step, trace;
    unsigned fates;
    struct drill_traces *list;
};

static enum drill_fate fate_of(const struct stepping *s, const struct walker *walker,
                               size_t i)
{
    const struct stop *stop = &walker->stops[i];
    if (i + 1 < walker->stop_count || walker->arrived ||
        walk_past(walker, s->trace) != PAST_NOTHING)
        return DRILL_MOVED_ON;
    double waited_s =
        (double)(log_watched_us(s->log) - s->log->at_us[stop->row]) / (double)US_PER_S;
    return walker->over || waited_s > s->funnel->steps[s->step].patience_s
               ? DRILL_LOST
               : DRILL_TRAVELLING;
}

static bool went_elsewhere(const struct stepping *s, const struct walker *walker,
                           size_t i)
{
    return i + 1 == walker->stop_count && !walker->arrived &&
           walk_past(walker, s->trace) != PAST_NOTHING;
}

static void add_walk(struct stepping *s, const struct walker *walker)
{
    for (size_t i = 0; i < walker->stop_count; i++)
        if (s->way->nodes[walker->stops[i].node].step == s->step &&
            (s->fates & 1u << fate_of(s, walker, i) ||
             (s->fates & 1u << DRILL_ELSEWHERE && went_elsewhere(s, walker, i))))
            add(s->list, s->trace, walker->stops[i].row);
}

/* Who comes by an optional step has moved on. */
static void add_side(void *ctx, size_t side, size_t row)
{
    struct stepping *s = ctx;
    if (s->way->sides[side].step == s->step && s->fates & 1u << DRILL_MOVED_ON)
        add(s->list, s->trace, row);
}

enum vg_code drill_step(struct arena *arena, const struct vg_log *log,
                        const struct steps *steps,
                        const struct vg_funnel_options *options,
                        const struct vg_funnel *funnel, size_t step, unsigned fates,
                        struct drill_traces *ret, struct vg_err *err)
{
    struct way way = {0};
    struct walker walker = {0};
    struct stepping s = {.log = log,
                         .funnel = funnel,
                         .way = &way,
                         .step = step,
                         .fates = fates,
                         .list = ret};
    struct arena *scratch = arena_open(0);
    enum vg_code code = scratch ? lists_make(arena, log, ret, err) : err_memory(err);
    if (code == VG_OK)
        code = way_make(scratch, steps, &way, err);
    if (code == VG_OK)
        code = walker_make(scratch, &way, log, options, &walker, err);
    for (s.trace = 0; code == VG_OK && s.trace < log->traces; s.trace++) {
        walk_trace(&walker, s.trace);
        add_walk(&s, &walker);
        if (way.side_count)
            walk_sides(&walker, s.trace, add_side, &s);
    }
    arena_close(scratch);
    return code;
}

/* ---- passages, activities ---- */

static enum vg_code activity_code(const struct vg_log *log, const char *name,
                                  uint16_t *ret, struct vg_err *err)
{
    *ret = name ? log_activity_find(log, str_from(name)) : LOG_NO_CODE16;
    if (name && *ret == LOG_NO_CODE16)
        return err_set(err, VG_ERR_NOT_FOUND, NULL,
                       _("there is no activity \"%s\" in the evidence"), name);
    return VG_OK;
}

enum vg_code drill_flow(struct arena *arena, const struct vg_log *log, const char *from,
                        const char *to, struct drill_traces *ret, struct vg_err *err)
{
    uint16_t a = 0, b = 0;
    enum vg_code code = lists_make(arena, log, ret, err);
    if (code == VG_OK)
        code = activity_code(log, from, &a, err);
    if (code == VG_OK)
        code = activity_code(log, to, &b, err);
    for (size_t t = 0; code == VG_OK && t < log->traces; t++) {
        uint64_t first = log->first[t], end = log->first[t + 1];
        if (first == end)
            continue;
        if (!from && log->activity[first] == b)
            add(ret, t, first);
        else if (!to && log->activity[end - 1] == a)
            add(ret, t, end - 1);
        for (uint64_t row = first + 1; from && to && row < end; row++)
            if (log->activity[row - 1] == a && log->activity[row] == b)
                add(ret, t, row);
    }
    return code;
}

enum vg_code drill_activity(struct arena *arena, const struct vg_log *log,
                            const char *activity, struct drill_traces *ret,
                            struct vg_err *err)
{
    uint16_t wanted = 0;
    enum vg_code code = lists_make(arena, log, ret, err);
    if (code == VG_OK)
        code = activity_code(log, activity, &wanted, err);
    for (size_t t = 0; code == VG_OK && t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            if (log->activity[row] == wanted)
                add(ret, t, row);
    return code;
}

enum vg_code drill_variant(struct arena *arena, const struct vg_log *log,
                           const struct vg_variant *variant, struct drill_traces *ret,
                           struct vg_err *err)
{
    uint16_t *codes = arena_array(arena, uint16_t, variant->activity_count + 1);
    enum vg_code code = codes ? lists_make(arena, log, ret, err) : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < variant->activity_count; i++)
        code = activity_code(log, variant->activities[i], &codes[i], err);
    for (size_t t = 0; code == VG_OK && t < log->traces; t++)
        if (log->first[t + 1] - log->first[t] == variant->activity_count &&
            memcmp(log->activity + log->first[t], codes,
                   variant->activity_count * sizeof *codes) == 0)
            add(ret, t, UINT64_MAX);
    return code;
}

/* ---- waiting ---- */

enum vg_code drill_survival(struct arena *arena, const struct vg_log *log,
                            const struct steps *steps, size_t from, size_t to,
                            bool arrived, struct drill_traces *ret, struct vg_err *err)
{
    enum vg_code code = lists_make(arena, log, ret, err);
    for (size_t t = 0; code == VG_OK && t < log->traces; t++) {
        uint64_t row = log->first[t], end = log->first[t + 1];
        while (row < end && !steps_at(steps, log, from, (size_t)row))
            row++;
        if (row == end)
            continue;
        uint64_t began = row++;
        while (row < end && !steps_at(steps, log, to, (size_t)row))
            row++;
        if ((row < end) == arrived)
            add(ret, t, began);
    }
    return code;
}
