/* drill: the customers behind a funnel's numbers, by name. */
#ifndef MINE_DRILL_H
#define MINE_DRILL_H

#include "mine/mine.h"

enum drill_fate { DRILL_MOVED_ON, DRILL_LOST, DRILL_TRAVELLING, DRILL_FATES };

struct drill_list {
    uint64_t count;       /* how many there are */
    const char **names;   /* [shown] the first of them in the log's order */
    size_t *trace;        /* [shown] */
    double *waited_s;     /* [shown] from reaching the step to the next one, or to the
                                   end of watching */
    size_t *events_after; /* [shown] how many more of the customer's events came after the
                             step, other steps' or unknown ones */
    size_t shown;
};
struct drill_step {
    struct drill_list fate[DRILL_FATES];
};
struct drill {
    struct drill_step *steps; /* [step_count] as the funnel's */
    size_t step_count;
};
/* The same steps and options as the funnel was mined with; the counts come out as the
 * funnel's; steps that hold nobody up (optional, unseen) stay empty. At most `most` names
 * are kept per list. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code drill_mine(struct arena *arena, const struct vg_log *log,
                                   const struct steps *steps,
                                   const struct vg_funnel_options *options,
                                   const struct vg_funnel *funnel, size_t most,
                                   struct drill *ret, struct vg_err *err);

#endif
