/* funnel_fast: the walk of the plain funnel, which is asked most: one line of steps,
 * eventual, without a window, the channel making no difference.
 *
 * Way    with AVX2, and a journey of at most 64 events: its events are compared with each
 *        step's activities all at once, and a step is the first bit behind that of the
 *        step before; times are read only where a step was reached. Otherwise event by
 *        event. Neither branches on what customers did, which nobody can foresee. */
#ifndef MINE_FUNNEL_FAST_H
#define MINE_FUNNEL_FAST_H

#include "mine/slice.h"
#include "mine/tally.h"
#include "mine/way.h"

enum { FAST_STEPS = 63, FAST_CODES = 64 };

struct fast {
    const struct vg_log *log;
    size_t steps;
    uint64_t *mask; /* [activities] bit n: such an event is at step n */
    bool of_map; /* whoever is seen at a later step has gone elsewhere, and is not lost */
    /* The activities of each step, when these are few enough to be looked for directly:
     * step n's are code[code_first[n]] … */
    bool by_code;
    bool single; /* one activity a step */
    uint16_t code[FAST_CODES];
    uint8_t code_first[FAST_STEPS + 1];
};
/* Whether this funnel can go the fast way, ready in *ret. *ret_failed: memory is used up.
 */
MUST_CHECK bool fast_make(struct arena *arena, const struct vg_log *log,
                          const struct way *way, const struct vg_funnel_options *options,
                          struct fast *ret, bool *ret_failed);
/* Walk the traces of a slice; what comes of it is added to the tally. */
void fast_walk(const struct fast *fast, struct slice slice, struct tally *tally);

#endif
