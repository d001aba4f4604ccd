/* effect: what a change achieved: a KPI before and after its date, in numbers and in a
 * sentence that a careful statistician would say. Text is in the thread's language. */
#ifndef IMPROVE_EFFECT_H
#define IMPROVE_EFFECT_H

#include "improve/kpi.h"
#include "text/json.h"

enum effect_verdict { EFFECT_TOO_FEW, EFFECT_NONE, EFFECT_BETTER, EFFECT_WORSE };

struct effect_question {
    const struct kpi *kpi;
    const struct vg_log *log;
    const struct steps *steps;
    int64_t at_us;          /* from when the change holds */
    int64_t from_us, to_us; /* what to look at; equal: the whole log */
    /* A group in which nothing was done (another persona, another region); NULL: none.
     * Nobody is in both logs. */
    const struct vg_log *group_log;
    const struct steps *group_steps;
    size_t rounds; /* of resampling; 0: 1,000 */
};
struct effect {
    const char *name;
    enum kpi_kind kind;
    struct compared compared; /* less the group's difference, when there is a group */
    struct compared here, group;
    bool has_group;
    struct kpi_point before, after; /* each side by itself, with its interval */
    enum effect_verdict verdict;
    enum score_scale scale;
    bool as_a_whole;    /* times: all waits together tell it, not the quantile alone */
    uint64_t under_way; /* too young to count */
    uint64_t enough;    /* how many each side must have for a change by a tenth to show */
    const char *sentence;
    const char **warnings; /* sentences */
    size_t warning_count;
};
/* VG_ERR_MEMORY. Too little data is no error: the verdict says so. */
MUST_CHECK enum vg_code effect_find(struct arena *arena,
                                    const struct effect_question *question,
                                    struct effect *ret, struct vg_err *err);
const char *effect_verdict_name(enum effect_verdict verdict); /* "none", "better" … */

/* A value of a KPI, and a difference of two (with its sign; of shares in points), as a
 * reader reads it. NULL when memory is used up. */
const char *kpi_said(struct arena *arena, const struct kpi *kpi, double value) MUST_CHECK;
const char *kpi_gap_said(struct arena *arena, const struct kpi *kpi,
                         double gap) MUST_CHECK;

/* docs/schema/effect.schema.json. NULL when memory is used up. */
json_t *effect_to_json(const struct effect *effect) MUST_CHECK;

#endif
