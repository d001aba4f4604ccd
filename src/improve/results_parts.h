/* What results.c, results_words.c and results_json.c share. */
#ifndef IMPROVE_RESULTS_PARTS_H
#define IMPROVE_RESULTS_PARTS_H

#include "improve/results.h"

/* What is counted, in a sentence. NULL when memory is used up. */
const char *kpi_definition(struct arena *arena, const struct kpi_ready *ready,
                           const struct kpi_sample *seen) MUST_CHECK;
/* "Quotes won: 37% in October (31–43%, 112 observed); the target of 40% is not reached"
 */
const char *kpi_sentence(struct arena *arena, const struct kpi_result *result) MUST_CHECK;
const char *enough_sentence(struct arena *arena, const struct kpi_ready *ready,
                            const struct enough_result *result) MUST_CHECK;

/* A share, or a score told as one: a change of it is told in points. */
static inline bool kpi_is_share(enum kpi_kind kind)
{
    return kind == KPI_CONVERSION || kind == KPI_STATE;
}
static inline bool scale_is_points(enum score_scale scale)
{
    return scale == SCALE_NPS || scale == SCALE_CSAT;
}

#endif
