/* drill_traces: all the traces behind one number, for lists that people leaf through.
 * Every list is as long as the number it stands behind is large.
 *
 * Ownership  lists live in `arena`. Cost  one pass over the log; those that ask about the
 * alignment make it once more. */
#ifndef MINE_DRILL_TRACES_H
#define MINE_DRILL_TRACES_H

#include "mine/drill.h"

struct drill_traces {
    uint32_t *trace; /* [count] in the log's order */
    uint64_t *row;   /* [count] the event it is about; UINT64_MAX: none */
    size_t count;
};

/* Of a funnel's step: those whose fate is one of `fates` (bits 1 << enum drill_fate; all
 * three: who reached it, also of steps that hold nobody up). DRILL_ELSEWHERE alone: of
 * those who moved on, past the next step or in another order. */
#define DRILL_ELSEWHERE DRILL_FATES
MUST_CHECK enum vg_code
drill_step(struct arena *arena, const struct vg_log *log, const struct steps *steps,
           const struct vg_funnel_options *options, const struct vg_funnel *funnel,
           size_t step, unsigned fates, struct drill_traces *ret, struct vg_err *err);

/* Of the alignment: align.steps[step]'s numbers, and those of a shortcut (from `step`,
 * −1: the start, by `activity`) or a jump (from `step` to `to`). */
enum drill_align_kind {
    DRILL_SEEN,
    DRILL_SKIPPED,
    DRILL_REPEATED,
    DRILL_OUT_OF_ORDER,
    DRILL_SHORTCUT,
    DRILL_JUMP
};
struct drill_align_question {
    enum drill_align_kind kind;
    int step;
    int to;
    const char *activity;
};
MUST_CHECK enum vg_code drill_align(struct arena *arena, const struct vg_log *log,
                                    const struct vg_map *map,
                                    const struct drill_align_question *question,
                                    struct drill_traces *ret, struct vg_err *err);

/* From one step to another (as survival_mine counts them): who arrived, or who is still
 * waiting. */
MUST_CHECK enum vg_code drill_survival(struct arena *arena, const struct vg_log *log,
                                       const struct steps *steps, size_t from, size_t to,
                                       bool arrived, struct drill_traces *ret,
                                       struct vg_err *err);

/* What was said or scored at a step of a map (−1: at any), by the rule of emotion_mine:
 * those with a valence are as many as its n. */
struct drill_voice {
    uint32_t trace, step;
    uint64_t row;
    double valence; /* NAN: only said */
    bool said;      /* there is a text */
};
struct drill_voices {
    struct drill_voice *items; /* [count] in the log's order */
    size_t count;
};
MUST_CHECK enum vg_code drill_voices(struct arena *arena, const struct vg_log *log,
                                     const struct vg_map *map, int step,
                                     struct drill_voices *ret, struct vg_err *err);

/* In which `to` comes right after `from` (each at most once); from NULL: that begin with
 * `to`; to NULL: that end with `from`. VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code drill_flow(struct arena *arena, const struct vg_log *log,
                                   const char *from, const char *to,
                                   struct drill_traces *ret, struct vg_err *err);
/* That have exactly these activities. */
MUST_CHECK enum vg_code drill_variant(struct arena *arena, const struct vg_log *log,
                                      const struct vg_variant *variant,
                                      struct drill_traces *ret, struct vg_err *err);
/* In which the activity comes at all. */
MUST_CHECK enum vg_code drill_activity(struct arena *arena, const struct vg_log *log,
                                       const char *activity, struct drill_traces *ret,
                                       struct vg_err *err);

#endif
