/* mine: from a log to insight. One function per question; results are the plain structs
 * of <viaggio.h>, made in `arena`. Definitions: design §6, repeated at each function's
 * file.
 *
 * Threads    each question reads the log only; it uses all cores by itself.
 * Errors     VG_ERR_MEMORY; VG_ERR_NOT_FOUND for a name the log or map does not have,
 * with the nearest name as the hint. An empty log is no error: the answer is empty. */
#ifndef MINE_MINE_H
#define MINE_MINE_H

#include "log/log.h"
#include "map/map.h"

MUST_CHECK enum vg_code flow_mine(struct arena *arena, const struct vg_log *log,
                                  struct vg_flow *ret, struct vg_err *err);

/* top 0: all. */
MUST_CHECK enum vg_code variants_mine(struct arena *arena, const struct vg_log *log,
                                      size_t top, struct vg_variants *ret,
                                      struct vg_err *err);

/* Which events of a log are at which step. A funnel over activities and one over a map's
 * steps are the same question asked with different steps. */
struct steps {
    size_t count;
    const char **name;     /* [count] shown */
    const char **id;       /* [count] the map's step id, or the activity */
    size_t activity_count; /* of the log */
    size_t channel_count;  /* of the log; the last row/column stands for "no channel" */
    uint8_t *match;    /* [count][activity_count][channel_count + 1] 1: such an event is
                          at this step */
    uint8_t *optional; /* [count] 1: the map says that not everybody comes by here */
    uint8_t *unseen;   /* [count] 1: no event of the log is at it (never so for steps that
                          are activities: whoever asks for one means it) */
    uint32_t *choice;  /* [count] 0: on everybody's way; else the number of its choice */
    uint32_t *branch;  /* [count] which way of that choice */
    bool of_map;       /* the order is what the map believes: who leaves a step out and is
                          seen at a later one has moved on all the same */
};
/* Activities by name. */
MUST_CHECK enum vg_code steps_from_activities(struct arena *arena,
                                              const struct vg_log *log,
                                              const char *const *activities, size_t count,
                                              struct steps *ret, struct vg_err *err);
/* The steps of a map, by their `match`. A step that matches nothing in the log is kept,
 * and matches no event: it was believed, not seen. */
MUST_CHECK enum vg_code steps_from_map(struct arena *arena, const struct vg_log *log,
                                       const struct vg_map *map, struct steps *ret,
                                       struct vg_err *err);
static inline bool steps_at(const struct steps *steps, const struct vg_log *log,
                            size_t step, size_t row)
{
    size_t channel = log->channel && log->channel[row] != LOG_NO_CODE16
                         ? log->channel[row]
                         : steps->channel_count;
    return steps->match[(step * steps->activity_count + log->activity[row]) *
                            (steps->channel_count + 1) +
                        channel];
}

/* How far the traces come along the steps; see mine/funnel.h for what each number means.
 */
MUST_CHECK enum vg_code funnel_mine(struct arena *arena, const struct vg_log *log,
                                    const struct steps *steps,
                                    const struct vg_funnel_options *options,
                                    struct vg_funnel *ret, struct vg_err *err);

/* From step `from` to step `to` (indexes into steps): Kaplan–Meier. */
MUST_CHECK enum vg_code survival_mine(struct arena *arena, const struct vg_log *log,
                                      const struct steps *steps, size_t from, size_t to,
                                      struct vg_survival *ret, struct vg_err *err);

/* The same of waits that were counted elsewhere: arrived[i] after waits_us[i] (0 or
 * more), or under way still. `from` and `to` are left to the caller. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code survival_of(struct arena *arena, const int64_t *waits_us,
                                    const bool *arrived, size_t count,
                                    struct vg_survival *ret, struct vg_err *err);

MUST_CHECK enum vg_code align_mine(struct arena *arena, const struct vg_log *log,
                                   const struct vg_map *map, struct vg_align *ret,
                                   struct vg_err *err);

MUST_CHECK enum vg_code emotion_mine(struct arena *arena, const struct vg_log *log,
                                     const struct vg_map *map, struct vg_emotions *ret,
                                     struct vg_err *err);
/* A score on its scale as a valence −2 … +2, NAN when it is off the scale. */
double emotion_valence(double score, enum score_scale scale);

/* A proposed map in the thread's language, marked as a draft. */
MUST_CHECK enum vg_code draft_mine(const struct vg_log *log, struct vg_map **ret,
                                   struct vg_err *err);

#endif
