#include "mine/scratch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 * 1024 * 1024 };

void *scratch_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return NULL;
    if (bytes < HUGE_PAGE)
        return malloc(bytes ? bytes : 1);
    bytes = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *array = aligned_alloc(HUGE_PAGE, bytes);
    if (array)
        (void)madvise(array, bytes,
                      MADV_HUGEPAGE); /* a wish: slower without, not wrong */
    return array;
}

void *scratch_zeroed(size_t count, size_t size)
{
    void *array = scratch_alloc(count, size);
    return array ? memset(array, 0, count * size) : NULL;
}

void *scratch_grow(void *array, size_t used, size_t *capacity, size_t size)
{
    size_t wider = *capacity < 1024 ? 1024 : *capacity * 2;
    void *grown = scratch_alloc(wider, size);
    if (!grown)
        return NULL;
    if (used)
        memcpy(grown, array, used * size);
    free(array);
    *capacity = wider;
    return grown;
}

void scratch_free(void *array)
{
    free(array);
}
