/* Lists of traces behind the numbers of an alignment. Declared in mine/drill_traces.h. */
#include "mine/align_parts.h"
#include "mine/drill_traces.h"

#include <string.h>

/* Whether kinds of traces are meant is settled once for each: the event's place within
 * the trace, or NOT_MEANT. */
#define NOT_MEANT UINT32_MAX
#define NO_EVENT  (UINT32_MAX - 1)

static uint32_t met_at(const struct aligned *aligned, size_t kind, int step)
{
    uint64_t first = aligned->at_first[kind];
    for (uint64_t e = first; e < aligned->at_first[kind + 1]; e++)
        if (at_met(aligned->at[e]) && (aligned->at[e] & AT_STEP) == step)
            return (uint32_t)(e - first);
    return NOT_MEANT;
}

static uint32_t again_at(const struct aligned *aligned, size_t kind, int step)
{
    uint64_t first = aligned->at_first[kind];
    unsigned times = 0;
    for (uint64_t e = first; e < aligned->at_first[kind + 1]; e++)
        if (aligned->at[e] != AT_UNKNOWN && (aligned->at[e] & AT_STEP) == step &&
            ++times > 1)
            return (uint32_t)(e - first);
    return NOT_MEANT;
}

/* Not at the map's place for it, and not again where it was just before. */
static uint32_t off_at(const struct aligned *aligned, size_t kind, int step)
{
    uint64_t first = aligned->at_first[kind];
    int here = -1;
    for (uint64_t e = first; e < aligned->at_first[kind + 1]; e++) {
        uint16_t at = aligned->at[e];
        if (at == AT_UNKNOWN)
            continue;
        if (at_met(at))
            here = at & AT_STEP;
        else if ((at & AT_STEP) == step && step != here)
            return (uint32_t)(e - first);
    }
    return NOT_MEANT;
}

static uint32_t shortcut_at(const struct aligned *aligned, size_t kind, int step,
                            uint16_t activity)
{
    uint64_t first = aligned->at_first[kind];
    size_t row = aligned->log->first[aligned->kinds.example[kind]];
    int from = -1;
    for (uint64_t e = first; e < aligned->at_first[kind + 1]; e++, row++) {
        uint16_t at = aligned->at[e];
        if (at_met(at))
            from = at & AT_STEP;
        if (at == AT_UNKNOWN && from == step && aligned->log->activity[row] == activity)
            return (uint32_t)(e - first);
    }
    return NOT_MEANT;
}

static uint32_t jump_at(const struct aligned *aligned, size_t kind, int step, int to)
{
    uint64_t first = aligned->at_first[kind];
    int from = -1;
    bool unknown = false;
    for (uint64_t e = first; e < aligned->at_first[kind + 1]; e++) {
        uint16_t at = aligned->at[e];
        unknown |= at == AT_UNKNOWN;
        if (!at_met(at))
            continue;
        if ((at & AT_JUMP) && !unknown && from == step && (at & AT_STEP) == to)
            return (uint32_t)(e - first);
        from = at & AT_STEP;
        unknown = false;
    }
    return NOT_MEANT;
}

static uint32_t kind_meant(const struct aligned *aligned, size_t kind,
                           const struct drill_align_question *question, uint16_t activity)
{
    int step = question->step;
    switch (question->kind) {
    case DRILL_SEEN:
        return met_at(aligned, kind, step);
    case DRILL_SKIPPED:
        return aligned_skipped(aligned, kind, (size_t)step) ? NO_EVENT : NOT_MEANT;
    case DRILL_REPEATED:
        return again_at(aligned, kind, step);
    case DRILL_OUT_OF_ORDER:
        return off_at(aligned, kind, step);
    case DRILL_SHORTCUT:
        return shortcut_at(aligned, kind, step, activity);
    case DRILL_JUMP:
        return jump_at(aligned, kind, step, question->to);
    }
    return NOT_MEANT;
}

enum vg_code drill_align(struct arena *arena, const struct vg_log *log,
                         const struct vg_map *map,
                         const struct drill_align_question *question,
                         struct drill_traces *ret, struct vg_err *err)
{
    struct aligned aligned;
    struct arena *scratch = arena_open(0);
    uint32_t *meant = NULL;
    struct drill_traces list = {arena_array(arena, uint32_t, log->traces + 1),
                                arena_array(arena, uint64_t, log->traces + 1), 0};
    uint16_t activity = question->activity
                            ? log_activity_find(log, str_from(question->activity))
                            : LOG_NO_CODE16;
    enum vg_code code = scratch && list.trace && list.row
                            ? aligned_make(scratch, log, map, &aligned, err)
                            : err_memory(err);
    if (code == VG_OK &&
        !(meant = arena_array(scratch, uint32_t, aligned.kinds.count + 1)))
        code = err_memory(err);
    for (size_t k = 0; code == VG_OK && k < aligned.kinds.count; k++)
        meant[k] = kind_meant(&aligned, k, question, activity);
    for (size_t t = 0; code == VG_OK && t < log->traces; t++) {
        uint32_t at = meant[aligned.kinds.of[t]];
        if (at == NOT_MEANT)
            continue;
        list.trace[list.count] = (uint32_t)t;
        list.row[list.count++] = at == NO_EVENT ? UINT64_MAX : log->first[t] + at;
    }
    arena_close(scratch);
    if (code == VG_OK)
        *ret = list;
    return code;
}
