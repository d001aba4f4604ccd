/* What effect.c and effect_words.c share. */
#ifndef IMPROVE_EFFECT_PARTS_H
#define IMPROVE_EFFECT_PARTS_H

#include "improve/effect.h"

#define EFFECT_FEW 10 /* fewer on a side: nothing is claimed */

/* The sentence at the end. NULL when memory is used up. */
const char *effect_sentence(struct arena *arena, const struct kpi *kpi,
                            const struct effect *effect) MUST_CHECK;

#endif
