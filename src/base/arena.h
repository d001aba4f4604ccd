/* arena: memory that is freed together.
 * Ownership  what arena_alloc returns dies with the arena; never free it alone.
 * Threads    one thread at a time.
 * Errors     NULL when memory or the arena's limit is used up; report it with err_memory.
 * With -Dchecked_arena=true each allocation is a malloc of its own, so that
 * AddressSanitizer sees overruns. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"
#include "base/str.h"

#include <stdarg.h>

struct arena;

/* limit_bytes 0: no limit. NULL when memory is used up. */
struct arena *arena_open(size_t limit_bytes) MUST_CHECK;
void arena_close(struct arena *arena); /* NULL is fine */

/* Zeroed memory for count things of `size` bytes, aligned for any of them. */
void *arena_alloc(struct arena *arena, size_t count, size_t size) MUST_CHECK;
#define arena_new(arena, type) ((type *)arena_alloc((arena), 1, sizeof(type)))
#define arena_array(arena, type, count)                                                  \
    ((type *)arena_alloc((arena), (count), sizeof(type)))

/* A copy that ends in NUL (which len does not count). ptr is NULL when memory is used up.
 */
str arena_str(struct arena *arena, str text) MUST_CHECK;
/* The same as a C string. NULL when memory is used up. */
const char *arena_text(struct arena *arena, str text) MUST_CHECK;
const char *arena_printf(struct arena *arena, const char *format, ...)
    PRINTF(2, 3) MUST_CHECK;

/* Make room for one more in a growing array: doubles it when `count` has reached
 * *capacity. Returns the array (moved, perhaps), or NULL when memory is used up. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity,
                 size_t size) MUST_CHECK;

/* Bytes given out so far. */
size_t arena_used(const struct arena *arena);

#endif
