#include "log/slab.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { HUGE_BYTES = 2 << 20, ALIGN = 64 };

struct slab { /* stands at its own beginning */
    struct slab *next;
    size_t bytes, at;
    atomic_uint pieces; /* in use; the shelf counts as one */
};

static struct slab *idle;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void *huge_take(size_t bytes)
{
    char *area = mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_BYTES - (uintptr_t)area % HUGE_BYTES) % HUGE_BYTES;
    if (before)
        munmap(area, before);
    if (before < HUGE_BYTES)
        munmap(area + before + bytes, HUGE_BYTES - before);
    madvise(area + before, bytes, MADV_HUGEPAGE);
    return area + before;
}

void huge_give(void *area, size_t bytes)
{
    if (area)
        munmap(area, bytes);
}

void *large_make(size_t bytes)
{
    if (bytes < HUGE_BYTES)
        return malloc(bytes ? bytes : 1);
    bytes = (bytes + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    void *area = aligned_alloc(HUGE_BYTES, bytes);
    if (area) /* a wish: slower without, not wrong */
        (void)madvise(area, bytes, MADV_HUGEPAGE);
    return area;
}

void stream_copy(void *to, const void *from, size_t bytes)
{
#ifdef __SSE2__
    char *at = to;
    const char *read = from;
    size_t before = (uintptr_t)at % 16 && bytes >= 8 ? 8 : 0;
    memcpy(at, read, before);
    at += before, read += before, bytes -= before;
    for (; bytes >= 64 && (uintptr_t)at % 16 == 0; at += 64, read += 64, bytes -= 64) {
        const __m128i *words = (const void *)read;
        __m128i *out = (void *)at;
        _mm_stream_si128(out, _mm_loadu_si128(words));
        _mm_stream_si128(out + 1, _mm_loadu_si128(words + 1));
        _mm_stream_si128(out + 2, _mm_loadu_si128(words + 2));
        _mm_stream_si128(out + 3, _mm_loadu_si128(words + 3));
    }
    _mm_sfence();
    memcpy(at, read, bytes);
#else
    memcpy(to, from, bytes);
#endif
}

static struct slab *slab_idle(size_t bytes)
{
    if (bytes > SLAB_BYTES)
        return NULL;
    pthread_mutex_lock(&lock);
    struct slab *slab = idle;
    if (slab)
        idle = slab->next;
    pthread_mutex_unlock(&lock);
    return slab;
}

static struct slab *slab_make(size_t bytes)
{
    struct slab *slab = slab_idle(bytes);
    size_t whole = (bytes + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    whole = whole > SLAB_BYTES ? whole : SLAB_BYTES;
    if (!slab && !(slab = huge_take(whole)))
        return NULL;
    slab->next = NULL;
    slab->bytes = whole;
    slab->at = (sizeof *slab + ALIGN - 1) / ALIGN * ALIGN;
    atomic_init(&slab->pieces, 1);
    return slab;
}

void *slab_take(struct shelf *shelf, size_t bytes, struct slab **ret_slab)
{
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (!shelf->open || shelf->open->bytes - shelf->open->at < bytes) {
        struct slab *slab = slab_make(bytes + ALIGN);
        if (!slab)
            return NULL;
        shelf_close(shelf);
        shelf->open = slab;
    }
    struct slab *slab = shelf->open;
    void *area = (char *)slab + slab->at;
    slab->at += bytes;
    atomic_fetch_add(&slab->pieces, 1);
    *ret_slab = slab;
    return area;
}

void slab_give(struct slab *slab)
{
    if (!slab || atomic_fetch_sub(&slab->pieces, 1) != 1)
        return;
    if (slab->bytes > SLAB_BYTES) {
        munmap(slab, slab->bytes);
        return;
    }
    pthread_mutex_lock(&lock);
    slab->next = idle;
    idle = slab;
    pthread_mutex_unlock(&lock);
}

void shelf_close(struct shelf *shelf)
{
    struct slab *slab = shelf->open;
    shelf->open = NULL;
    slab_give(slab);
}

void slabs_trim(void)
{
    pthread_mutex_lock(&lock);
    struct slab *slab = idle, *next;
    idle = NULL;
    pthread_mutex_unlock(&lock);
    for (; slab; slab = next) {
        next = slab->next;
        munmap(slab, slab->bytes);
    }
}
