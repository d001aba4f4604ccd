/* scratch: large short-lived arrays of one question.
 * Memory is not zeroed. Large arrays are given huge pages on Linux, and are kept when
 * they are freed, up to SCRATCH_KEPT_MAX bytes, for the question that comes next:
 * touching memory for the first time costs as much as some questions do. NULL when memory
 * is used up. Threads: any. */
#ifndef MINE_SCRATCH_H
#define MINE_SCRATCH_H

#include "base/base.h"

#define SCRATCH_KEPT_MAX ((size_t)64 << 20)

void *scratch_alloc(size_t count, size_t size) MUST_CHECK;
void *scratch_zeroed(size_t count, size_t size) MUST_CHECK;
/* Room for more behind the `used` things there are: doubles. NULL: the old one stays. */
void *scratch_grow(void *array, size_t used, size_t *capacity, size_t size) MUST_CHECK;
void scratch_free(void *array); /* NULL is fine */
/* Give back what was kept. */
void scratch_trim(void);

#define scratch_array(type, count) ((type *)scratch_alloc((count), sizeof(type)))

#endif
