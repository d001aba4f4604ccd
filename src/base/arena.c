#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 8 * 1024 * 1024, ALIGN = 16 };

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(ALIGN) unsigned char bytes[];
};

struct arena {
    struct block *blocks;
    size_t limit, used, next_size;
};

struct arena *arena_open(size_t limit_bytes)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        return NULL;
    arena->limit = limit_bytes ? limit_bytes : SIZE_MAX;
    arena->next_size = FIRST_BLOCK;
    return arena;
}

void arena_close(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

static struct block *block_add(struct arena *arena, size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 2 * ALIGN)
        return NULL;
    bytes = bytes ? (bytes + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    if (bytes > arena->limit - arena->used)
        return NULL;
#ifdef VIAGGIO_CHECKED_ARENA
    struct block *block = block_add(arena, count * size);
#else
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < bytes) {
        size_t next = arena->next_size;
        if (bytes >
            next / 2) { /* a large one gets a block of its own, behind the current */
            struct block *own = block_add(arena, bytes);
            if (!own)
                return NULL;
            own->used = bytes;
            if (block) {
                arena->blocks = block;
                own->next = block->next;
                block->next = own;
            }
            arena->used += bytes;
            return own->bytes;
        }
        block = block_add(arena, next);
        if (next < LARGEST_BLOCK)
            arena->next_size = next * 2;
    }
#endif
    if (!block)
        return NULL;
    void *result = block->bytes + block->used;
    block->used += bytes;
    arena->used += bytes;
    return result;
}

str arena_str(struct arena *arena, str text)
{
    char *copy = arena_alloc(arena, text.len + 1, 1);
    if (!copy)
        return (str){NULL, 0};
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    return (str){copy, text.len};
}

const char *arena_text(struct arena *arena, str text)
{
    return arena_str(arena, text).ptr;
}

const char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1, 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity,
                 size_t size)
{
    if (count < *capacity)
        return array;
    size_t larger = *capacity ? *capacity * 2 : 16;
    void *moved = arena_alloc(arena, larger, size);
    if (!moved)
        return NULL;
    if (count)
        memcpy(moved, array, count * size);
    *capacity = larger;
    return moved;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
