/* What effect.c and effect_words.c share. */
#ifndef IMPROVE_EFFECT_PARTS_H
#define IMPROVE_EFFECT_PARTS_H

#include "improve/effect.h"

#define EFFECT_FEW 10 /* fewer on a side: nothing is claimed */

/* A value of a KPI, and a difference of two (with its sign; of shares in points), as a
 * reader reads it. NULL when memory is used up. */
const char *kpi_said(struct arena *arena, const struct kpi *kpi, double value) MUST_CHECK;
const char *kpi_gap_said(struct arena *arena, const struct kpi *kpi,
                         double gap) MUST_CHECK;
/* The sentence at the end. NULL when memory is used up. */
const char *effect_sentence(struct arena *arena, const struct kpi *kpi,
                            const struct effect *effect) MUST_CHECK;

#endif
