/* scratch: large short-lived arrays of one question.
 * Memory is not zeroed; on Linux large ones are given huge pages, which spares most of
 * the time of touching them first. NULL when memory is used up. */
#ifndef MINE_SCRATCH_H
#define MINE_SCRATCH_H

#include "base/base.h"

void *scratch_alloc(size_t count, size_t size) MUST_CHECK;
void *scratch_zeroed(size_t count, size_t size) MUST_CHECK;
/* Room for more behind the `used` things there are: doubles. NULL: the old one stays. */
void *scratch_grow(void *array, size_t used, size_t *capacity, size_t size) MUST_CHECK;
void scratch_free(void *array); /* NULL is fine */

#define scratch_array(type, count) ((type *)scratch_alloc((count), sizeof(type)))

#endif
