/* draft_parts: what a drafted map is made of, shared by draft.c, draft_shape.c and
 * draft_write.c. */
#ifndef MINE_DRAFT_PARTS_H
#define MINE_DRAFT_PARTS_H

#include "mine/mine.h"

#define DRAFT_STEPS_MOST   20
#define DRAFT_STEPS_WANTED 8 /* rarer activities are taken in until there are so many */
#define DRAFT_PHASES_MOST  6
#define DRAFT_NO_STEP      UINT32_MAX

/* One activity of the log, as traces show it. */
struct sketch {
    uint32_t activity;
    uint32_t rank;     /* by name, to break ties */
    uint64_t traces;   /* that have it */
    uint64_t repeated; /* of those, where it comes more than once */
    uint64_t passed;   /* traces that lack it, and have a step that comes after it */
    double position;   /* mean over traces: 0 first … 1 last, of its first event */
    unsigned group;    /* 0: on everybody's way; else the number of its choice */
};
struct draft {
    const struct vg_log *log;
    /* [activities] names that differ in case and accents only are one activity: the first
     * of them by name. DRAFT_NO_STEP: too long for a map. */
    const uint32_t *canonical;
    const uint32_t *step_of;               /* [activities] its step, or DRAFT_NO_STEP */
    struct sketch steps[DRAFT_STEPS_MOST]; /* in the order of the map */
    size_t count;
    unsigned groups;
    size_t phase_end[DRAFT_PHASES_MOST]; /* in steps */
    size_t phases;
    /* together[i][j]: traces that have both steps, numbered as before choices_find */
    uint64_t together[DRAFT_STEPS_MOST][DRAFT_STEPS_MOST];
    uint64_t before[DRAFT_STEPS_MOST][DRAFT_STEPS_MOST]; /* of these: i comes first */
};

/* Which activities, in which order, which of them alternatives, cut into phases. */
MUST_CHECK enum vg_code draft_shape(struct arena *arena, const struct vg_log *log,
                                    struct draft *ret, struct vg_err *err);
/* As a map's document. NULL: memory is used up. */
MUST_CHECK json_t *draft_write(struct arena *scratch, const struct draft *draft);

#endif
