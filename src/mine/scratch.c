#include "mine/scratch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 * 1024 * 1024, LARGE = 64 * 1024, BLOCKS_MAX = 256 };

/* The large arrays there are, as far as there is room to remember them; one that is not
 * remembered is freed when it is freed. */
struct block {
    void *start;
    size_t bytes;
    bool kept; /* nobody uses it */
};
static struct block blocks[BLOCKS_MAX];
static size_t block_count, kept_bytes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A kept array of at least so many bytes, and not many more; or NULL. */
static void *kept_take(size_t bytes)
{
    struct block *best = NULL;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < block_count; i++)
        if (blocks[i].kept && blocks[i].bytes >= bytes && blocks[i].bytes / 2 <= bytes &&
            (!best || blocks[i].bytes < best->bytes))
            best = &blocks[i];
    if (best) {
        best->kept = false;
        kept_bytes -= best->bytes;
    }
    pthread_mutex_unlock(&lock);
    return best ? best->start : NULL;
}

static void remember(void *start, size_t bytes)
{
    pthread_mutex_lock(&lock);
    if (block_count < BLOCKS_MAX)
        blocks[block_count++] = (struct block){start, bytes, false};
    pthread_mutex_unlock(&lock);
}

/* True when the array is one that is remembered, and stays for the next who asks. */
static bool keep(const void *start)
{
    bool kept = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < block_count; i++) {
        if (blocks[i].start != start)
            continue;
        kept = kept_bytes + blocks[i].bytes <= SCRATCH_KEPT_MAX;
        if (kept) {
            blocks[i].kept = true;
            kept_bytes += blocks[i].bytes;
        } else {
            blocks[i] = blocks[--block_count];
        }
        break;
    }
    pthread_mutex_unlock(&lock);
    return kept;
}

void scratch_trim(void)
{
    pthread_mutex_lock(&lock);
    for (size_t i = block_count; i-- > 0;)
        if (blocks[i].kept) {
            free(blocks[i].start);
            blocks[i] = blocks[--block_count];
        }
    kept_bytes = 0;
    pthread_mutex_unlock(&lock);
}

void *scratch_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return NULL;
    if (bytes < LARGE)
        return malloc(bytes ? bytes : 1);
    size_t unit = bytes < HUGE_PAGE ? LARGE : HUGE_PAGE;
    bytes = (bytes + unit - 1) / unit * unit;
    void *array = kept_take(bytes);
    if (array)
        return array;
    array = aligned_alloc(unit, bytes);
    if (array && unit == HUGE_PAGE) /* a wish: slower without, not wrong */
        (void)madvise(array, bytes, MADV_HUGEPAGE);
    if (array)
        remember(array, bytes);
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
    scratch_free(array);
    *capacity = wider;
    return grown;
}

void scratch_free(void *array)
{
    bool large = array && (uintptr_t)array % LARGE == 0;
    if (!large || !keep(array))
        free(array);
}
