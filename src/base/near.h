/* near: the name closest to what somebody typed, for hints. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/arena.h"

/* Which of `count` names, name(ctx, i), is closest to `wanted`; SIZE_MAX when none is
 * close (or memory is used up: a hint is a courtesy). Compared without case and accents:
 * one unit for a letter added, left out, changed, or two swapped (optimal string
 * alignment); at most a third of the letters may differ, or one name holds the other. */
size_t near_find(struct arena *arena, str wanted, size_t count,
                 str (*name)(const void *ctx, size_t i), const void *ctx) MUST_CHECK;

#endif
