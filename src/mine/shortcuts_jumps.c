/* Jumps: traces that go straight from one step of the map to another, past steps that
 * the map says must be met and that these traces never meet, and with nothing unknown in
 * between. */
#include "mine/align_parts.h"
#include "mine/stats.h"

#include <stdlib.h>
#include <string.h>

enum { JUMPS_KEPT = 100 };

struct leap {
    uint64_t traces;
    int from; /* −1: the start */
    size_t to;
};

/* counts[(from + 1) × steps + to]: traces; stamp likewise: 1 + the kind counted last. */
static void kinds_count(const struct aligned *aligned, uint64_t *counts, uint32_t *stamp)
{
    size_t steps = aligned->way.step_count;
    for (size_t k = 0; k < aligned->kinds.count; k++) {
        int from = -1;
        bool unknown = false;
        for (uint64_t e = aligned->at_first[k]; e < aligned->at_first[k + 1]; e++) {
            uint16_t at = aligned->at[e];
            unknown |= at == AT_UNKNOWN;
            if (!at_met(at))
                continue;
            size_t cell = (size_t)(from + 1) * steps + (at & AT_STEP);
            if ((at & AT_JUMP) && !unknown && stamp[cell] != k + 1) {
                counts[cell] += aligned->kinds.traces[k];
                stamp[cell] = (uint32_t)k + 1;
            }
            from = at & AT_STEP;
            unknown = false;
        }
    }
}

static int leap_compare(const void *left, const void *right)
{
    const struct leap *a = left, *b = right;
    if (a->traces != b->traces)
        return a->traces > b->traces ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

/* In another branch of the choice that `other` (which may be NULL) is in. */
static bool elsewhere(const struct map_step *step, const struct map_step *other)
{
    return other && step->choice[0] && strcmp(step->choice, other->choice) == 0 &&
           strcmp(step->branch, other->branch) != 0;
}

/* The steps that the leap passes over and that were to be met: of a choice that lies
 * wholly between, those of its first branch. */
static void over_fill(const struct aligned *aligned, const struct leap *leap,
                      struct vg_jump *jump)
{
    const struct map_step *steps = aligned->map->steps, *taken = NULL,
                          *from = leap->from < 0 ? NULL : &steps[leap->from],
                          *to = &steps[leap->to];
    jump->over = jump->over_title = "";
    for (size_t s = (size_t)(leap->from + 1); s < leap->to; s++) {
        const struct map_step *step = &steps[s];
        if (step->optional || elsewhere(step, from) || elsewhere(step, to) ||
            elsewhere(step, taken))
            continue;
        taken = step;
        if (jump->over_count++ > 0)
            continue;
        jump->over = aligned->step_id[s];
        jump->over_title = aligned->step_title[s];
    }
}

static void jump_fill(const struct aligned *aligned, const struct leap *leap,
                      struct vg_jump *ret)
{
    uint64_t passing = aligned_passing(aligned, leap->from);
    struct interval interval = stats_wilson(leap->traces, passing);
    *ret = (struct vg_jump){
        .from = leap->from < 0 ? "" : aligned->step_id[leap->from],
        .from_title = leap->from < 0 ? "" : aligned->step_title[leap->from],
        .to = aligned->step_id[leap->to],
        .to_title = aligned->step_title[leap->to],
        .traces = leap->traces,
        .passing = passing,
        .share = (double)leap->traces / (double)passing,
        .share_low = interval.low,
        .share_high = interval.high,
    };
    over_fill(aligned, leap, ret);
}

enum vg_code jumps_mine(struct arena *arena, struct arena *scratch,
                        const struct aligned *aligned, struct vg_align *ret,
                        struct vg_err *err)
{
    size_t steps = aligned->way.step_count, cells = (steps + 1) * steps, count = 0;
    uint64_t *counts = arena_array(scratch, uint64_t, cells);
    uint32_t *stamp = arena_array(scratch, uint32_t, cells);
    if (!counts || !stamp)
        return err_memory(err);
    kinds_count(aligned, counts, stamp);
    for (size_t c = 0; c < cells; c++)
        count += counts[c] > 0;
    struct leap *leaps = arena_array(scratch, struct leap, count);
    ret->jump_count = count < JUMPS_KEPT ? count : JUMPS_KEPT;
    ret->jumps = arena_array(arena, struct vg_jump, ret->jump_count);
    if (!leaps || !ret->jumps)
        return err_memory(err);
    for (size_t c = 0, i = 0; c < cells; c++)
        if (counts[c])
            leaps[i++] = (struct leap){counts[c], (int)(c / steps) - 1, c % steps};
    if (count)
        qsort(leaps, count, sizeof *leaps, leap_compare);
    for (size_t i = 0; i < ret->jump_count; i++)
        jump_fill(aligned, &leaps[i], &ret->jumps[i]);
    return VG_OK;
}
