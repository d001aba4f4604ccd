/* fail_malloc: malloc and its family are the program's own: each counts, and the one
 * whose turn has come fails. Included once, by the file with main().
 *
 *     watching = true, turns = 7;   the seventh allocation of this thread fails
 *     alive                         allocations that were not given back
 *
 * Not under a sanitizer, which has a malloc of its own: then SANITIZED is defined, and
 * nothing else. */
#ifndef TESTS_FAIL_MALLOC_H
#define TESTS_FAIL_MALLOC_H

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static atomic_long turns = LONG_MAX; /* allocations until one fails */
static atomic_long alive;
static _Thread_local bool watching;

static bool fails(void)
{
    if (!watching)
        return false;
    bool turn = atomic_fetch_sub(&turns, 1) == 1;
    if (turn)
        errno = ENOMEM;
    return turn;
}

static void *counted(void *memory)
{
    if (watching && memory)
        atomic_fetch_add(&alive, 1);
    return memory;
}

void *malloc(size_t size)
{
    return fails() ? NULL : counted(__libc_malloc(size));
}
void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(__libc_calloc(count, size));
}
void *realloc(void *memory, size_t size)
{
    if (fails())
        return NULL;
    return memory ? __libc_realloc(memory, size) : counted(__libc_malloc(size));
}
void *aligned_alloc(size_t align, size_t size)
{
    return fails() ? NULL : counted(__libc_memalign(align, size));
}
int posix_memalign(void **ret, size_t align, size_t size)
{
    void *memory = fails() ? NULL : counted(__libc_memalign(align, size));
    if (memory)
        *ret = memory;
    return memory ? 0 : ENOMEM;
}
void free(void *memory)
{
    if (watching && memory)
        atomic_fetch_sub(&alive, 1);
    __libc_free(memory);
}
void *mmap(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    if (fails())
        return MAP_FAILED;
    long area = syscall(SYS_mmap, at, size, protection, flags, file, offset);
    return (void *)area;
}

#endif
#endif
