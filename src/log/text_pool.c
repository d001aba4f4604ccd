#include "log/text_pool.h"

#include "log/text_hash.h"

#include <stdlib.h>
#include <sys/mman.h>

enum {
    FIRST_SLOTS = 16,
    HUGE_BYTES = 2 << 20, /* arrays from here on ask for huge pages: fewer to look up */
    PAGE_FIRST = 16 << 10,
    PAGE_MAX = 1 << 20,
    PREFETCH_FROM = 1024 /* texts; fewer stay in the cache by themselves */
};

static const uint32_t long_text = UINT32_C(1) << 31;

/* ---- making and growing ---- */

static struct text_array *array_make(size_t slots)
{
    size_t bytes = sizeof(struct text_array) + slots * sizeof(struct text_slot);
    size_t align = bytes >= HUGE_BYTES ? HUGE_BYTES : 64;
    bytes = (bytes + align - 1) / align * align;
    struct text_array *array = aligned_alloc(align, bytes);
    if (!array)
        return NULL;
    if (align == HUGE_BYTES)
        madvise(array, bytes, MADV_HUGEPAGE);
    memset((void *)array, 0, bytes);
    array->mask = slots - 1;
    return array;
}

bool text_pool_open(struct text_pool *pool, uint32_t limit)
{
    pool->seed = hash_seed();
    pool->limit = limit;
    size_t opened = 0;
    pthread_mutexattr_t brief; /* held so shortly that it pays to wait awake */
    if (pthread_mutexattr_init(&brief) != 0)
        return false;
    pthread_mutexattr_settype(&brief, PTHREAD_MUTEX_ADAPTIVE_NP);
    for (size_t i = 0; i < TEXT_SHARDS; i++) {
        struct text_array *array = array_make(FIRST_SLOTS);
        if (!array || pthread_mutex_init(&pool->adding[i].lock, &brief) != 0) {
            free(array);
            break;
        }
        atomic_store(&pool->array[i], array);
        opened++;
    }
    pthread_mutexattr_destroy(&brief);
    return opened == TEXT_SHARDS;
}

static void older_free(struct text_array *array)
{
    while (array) {
        struct text_array *older = array->older;
        free(array);
        array = older;
    }
}

void text_pool_settle(struct text_pool *pool)
{
    for (size_t i = 0; i < TEXT_SHARDS; i++) {
        struct text_array *array = atomic_load(&pool->array[i]);
        if (!array)
            continue;
        older_free(array->older);
        array->older = NULL;
    }
}

void text_pool_close(struct text_pool *pool)
{
    for (size_t i = 0; i < TEXT_SHARDS; i++) {
        struct text_array *array = atomic_load(&pool->array[i]);
        if (!array)
            continue;
        older_free(array);
        atomic_store(&pool->array[i], NULL);
        pthread_mutex_destroy(&pool->adding[i].lock);
    }
}

static uint32_t key_hash(uint64_t key)
{
    return (uint32_t)(key >> 32);
}

static struct text_slot *slot_empty(struct text_array *array, uint32_t hash)
{
    size_t i = hash & array->mask;
    while (atomic_load_explicit(&array->slots[i].key, memory_order_relaxed))
        i = (i + 1) & array->mask;
    return &array->slots[i];
}

static void slot_copy(struct text_slot *to, struct text_slot *from, uint64_t key)
{
    to->word0 = from->word0;
    to->word1 = from->word1;
    to->word2 = from->word2;
    atomic_store_explicit(&to->chunk,
                          atomic_load_explicit(&from->chunk, memory_order_relaxed),
                          memory_order_relaxed);
    atomic_store_explicit(&to->key, key, memory_order_relaxed);
}

/* Twice the room, or more while it is small. The shard is locked. A reader that still
 * looks into the old array finds what was in it, and asks here for what was not; what it
 * lowers in a slot's chunk there is lost, which only makes the text listed once too
 * often. */
static bool grow(struct text_pool *pool, size_t shard)
{
    struct text_array *old =
        atomic_load_explicit(&pool->array[shard], memory_order_relaxed);
    size_t slots = (old->mask + 1) * (old->mask < 1024 ? 4 : 2);
    struct text_array *array = array_make(slots);
    if (!array)
        return false;
    for (size_t i = 0; i <= old->mask; i++) {
        uint64_t key = atomic_load_explicit(&old->slots[i].key, memory_order_relaxed);
        if (key)
            slot_copy(slot_empty(array, key_hash(key)), &old->slots[i], key);
    }
    array->older = old;
    atomic_store_explicit(&pool->array[shard], array, memory_order_release);
    return true;
}

/* ---- texts ---- */

/* Number and length before the bytes; rounded up. */
static size_t room(size_t len)
{
    return (2 * sizeof(uint32_t) + len + 3) / 4 * 4;
}

static const char *keep(struct text_pages *pages, str text, uint32_t number)
{
    size_t bytes = room(text.len);
    struct text_page *page = pages->last;
    if (!page || page->size - page->used < bytes) {
        size_t size = page ? page->size * 2 : PAGE_FIRST;
        size = size < PAGE_MAX ? size : PAGE_MAX;
        size = size > bytes ? size : bytes;
        page = malloc(sizeof *page + size);
        if (!page)
            return NULL;
        *page = (struct text_page){.size = size};
        *(pages->last ? &pages->last->next : &pages->first) = page;
        pages->last = page;
    }
    uint32_t head[2] = {number, (uint32_t)text.len};
    char *at = page->bytes + page->used;
    memcpy(at, head, sizeof head);
    memcpy(at + sizeof head, text.ptr, text.len);
    page->used += bytes;
    return at + sizeof head;
}

bool text_pages_next(const struct text_pages *pages, struct text_walk *walk)
{
    while (!walk->page || walk->at == walk->page->used) {
        const struct text_page *next = walk->page ? walk->page->next : pages->first;
        if (!next)
            return false;
        walk->page = next;
        walk->at = 0;
    }
    uint32_t head[2];
    const char *at = walk->page->bytes + walk->at;
    memcpy(head, at, sizeof head);
    walk->number = head[0];
    walk->text = (str){at + sizeof head, head[1]};
    walk->at += room(head[1]);
    return true;
}

void text_pages_free(struct text_pages *pages)
{
    for (struct text_page *page = pages->first, *next; page; page = next) {
        next = page->next;
        free(page);
    }
    *pages = (struct text_pages){0};
}

static bool list_add(struct text_list *list, uint32_t number)
{
    if (list->count == list->capacity) {
        size_t larger = list->capacity ? list->capacity * 2 : 64;
        uint32_t *moved = realloc(list->number, larger * sizeof *moved);
        if (!moved)
            return false;
        list->number = moved;
        list->capacity = larger;
    }
    list->number[list->count++] = number;
    return true;
}

/* ---- looking up ---- */

/* A text of up to TEXT_SHORT bytes as words, padded with NUL. `at` can be read for
 * TEXT_SHORT bytes. No branch depends on the length: lengths cannot be guessed. */
static inline __attribute__((always_inline)) void short_words(struct text_key *key,
                                                              const char *at, size_t len)
{
    static const unsigned char ones[2 * TEXT_SHORT] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const char *mask = (const char *)ones + TEXT_SHORT - len;
    key->word0 = text_hash_load(at, 8) & text_hash_load(mask, 8);
    key->word1 = text_hash_load(at + 8, 8) & text_hash_load(mask + 8, 8);
    key->word2 = (uint32_t)(text_hash_load(at + 16, 4) & text_hash_load(mask + 16, 4));
}

static __attribute__((noinline)) void short_words_near_end(struct text_key *key, str text)
{
    char copy[TEXT_SHORT] = {0};
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.ptr[i];
    short_words(key, copy, text.len);
}

static inline __attribute__((always_inline)) struct text_key
key_of(uint64_t seed, str text, const char *readable)
{
    struct text_key key;
    if (__builtin_expect(text.len > TEXT_SHORT, 0)) {
        key.word0 = (uint64_t)(uintptr_t)text.ptr;
        key.word1 = text.len;
        key.word2 = 0;
        key.hash = (uint32_t)text_hash(seed, text) | long_text;
        return key;
    }
    if (__builtin_expect((uintptr_t)text.ptr + TEXT_SHORT > (uintptr_t)readable, 0))
        short_words_near_end(&key, text);
    else
        short_words(&key, text.ptr, text.len);
    uint64_t a = text_hash_mix(key.word0 ^ seed, key.word1 ^ 0xE7037ED1A0B428DBu);
    key.hash = (uint32_t)text_hash_mix(key.word2 ^ a, 0xA0761D6478BD642Fu) & ~long_text;
    return key;
}

static inline size_t shard_of(uint32_t hash)
{
    return hash >> 24 & (TEXT_SHARDS - 1);
}

static inline struct text_array *array_for(struct text_pool *pool, uint32_t hash)
{
    return atomic_load_explicit(&pool->array[shard_of(hash)], memory_order_acquire);
}

static inline bool slot_holds(const struct text_slot *slot, const struct text_key *key)
{
    if (__builtin_expect(key->hash & long_text, 0))
        return slot->word1 == key->word1 &&
               memcmp((const char *)(uintptr_t)slot->word0,
                      (const char *)(uintptr_t)key->word0, key->word1) == 0;
    return ((slot->word0 ^ key->word0) | (slot->word1 ^ key->word1) |
            (slot->word2 ^ key->word2)) == 0;
}

/* The slot of the text, or NULL. */
static inline struct text_slot *
slot_find(struct text_array *array, const struct text_key *key, uint32_t *ret_number)
{
    for (size_t i = key->hash & array->mask;; i = (i + 1) & array->mask) {
        struct text_slot *slot = &array->slots[i];
        uint64_t held = atomic_load_explicit(&slot->key, memory_order_acquire);
        if (held == 0)
            return NULL;
        if (key_hash(held) == key->hash && slot_holds(slot, key)) {
            *ret_number = (uint32_t)held - 1;
            return slot;
        }
    }
}

/* What one call of text_pool_numbers works on. */
struct asking {
    struct text_pool *pool;
    struct text_pages *pages;
    struct text_list *list;
    uint32_t chunk;
};

/* The text is there. If a later chunk claimed it, it is this one's. */
static inline enum text_status claim(const struct asking *asking, struct text_slot *slot,
                                     uint32_t number)
{
    unsigned held = atomic_load_explicit(&slot->chunk, memory_order_relaxed);
    if (__builtin_expect(held <= asking->chunk, 1))
        return TEXT_OK;
    while (held > asking->chunk &&
           !atomic_compare_exchange_weak(&slot->chunk, &held, asking->chunk))
        ;
    return list_add(asking->list, number) ? TEXT_OK : TEXT_NO_MEMORY;
}

static enum text_status add_locked(const struct asking *asking, str text,
                                   const struct text_key *key, uint32_t *ret_number)
{
    struct text_pool *pool = asking->pool;
    size_t *count = &pool->adding[shard_of(key->hash)].count;
    struct text_array *array = array_for(pool, key->hash);
    struct text_slot *slot = slot_find(array, key, ret_number);
    if (slot)
        return claim(asking, slot, *ret_number);
    if (*count >= (array->mask + 1) / 8 * 5) {
        if (!grow(pool, shard_of(key->hash)))
            return TEXT_NO_MEMORY;
        array = array_for(pool, key->hash);
    }
    uint32_t number = atomic_fetch_add(&pool->count, 1);
    if (number >= pool->limit) {
        atomic_fetch_sub(&pool->count, 1);
        return TEXT_TOO_MANY;
    }
    const char *kept = keep(asking->pages, text, number);
    if (!kept || !list_add(asking->list, number))
        return TEXT_NO_MEMORY;
    bool is_long = key->hash & long_text;
    slot = slot_empty(array, key->hash);
    slot->word0 = is_long ? (uint64_t)(uintptr_t)kept : key->word0;
    slot->word1 = key->word1;
    slot->word2 = key->word2;
    atomic_store_explicit(&slot->chunk, asking->chunk, memory_order_relaxed);
    atomic_store_explicit(&slot->key, (uint64_t)key->hash << 32 | (number + 1),
                          memory_order_release);
    ++*count;
    *ret_number = number;
    return TEXT_OK;
}

static __attribute__((noinline)) enum text_status add(const struct asking *asking,
                                                      str text,
                                                      const struct text_key *key,
                                                      uint32_t *ret_number)
{
    pthread_mutex_t *lock = &asking->pool->adding[shard_of(key->hash)].lock;
    pthread_mutex_lock(lock);
    enum text_status status = add_locked(asking, text, key, ret_number);
    pthread_mutex_unlock(lock);
    return status;
}

bool text_pool_is_large(struct text_pool *pool)
{
    return atomic_load_explicit(&pool->count, memory_order_relaxed) >= PREFETCH_FROM;
}

/* With link-time optimization gcc would leave out a function that only prefetches, here
 * too. */
#if defined(__has_attribute)
#if __has_attribute(noipa)
#define KEPT __attribute__((noipa))
#endif
#endif
#ifndef KEPT
#define KEPT
#endif

KEPT void text_pool_hint(struct text_pool *pool, str text, const char *readable,
                         struct text_key *ret_key)
{
    struct text_key key = key_of(pool->seed, text, readable);
    struct text_array *array = array_for(pool, key.hash);
    struct text_slot *slot = &array->slots[key.hash & array->mask];
    __builtin_prefetch((const void *)slot);
    __builtin_prefetch((const void *)(slot + 1)); /* for a second probe */
    *ret_key = key;
}

/* Ask memory for the long texts that the slots name, before any of them is looked at: the
 * answers come together. (Inline: gcc takes a function that only prefetches for one
 * without effect, and leaves it out.) */
static inline __attribute__((always_inline)) void
prefetch_long(struct text_pool *pool, const struct text_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct text_array *array = array_for(pool, keys[i].hash);
        const struct text_slot *slot = &array->slots[keys[i].hash & array->mask];
        uint64_t held = atomic_load_explicit(&slot->key, memory_order_acquire);
        if (held && key_hash(held) == keys[i].hash && (keys[i].hash & long_text))
            __builtin_prefetch((const char *)(uintptr_t)slot->word0);
    }
}

enum text_status text_pool_numbers(struct text_pool *pool, struct text_pages *pages,
                                   struct text_list *list, uint32_t chunk,
                                   const str *texts, size_t count, const char *readable,
                                   const struct text_key *keys, uint32_t *ret_numbers)
{
    const struct asking asking = {pool, pages, list, chunk};
    struct text_key made[TEXT_BATCH];
    uint32_t any_long = 0;
    for (size_t i = 0; !keys && i < count; i++)
        made[i] = key_of(pool->seed, texts[i], readable);
    keys = keys ? keys : made;
    for (size_t i = 0; i < count; i++)
        any_long |= keys[i].hash;
    if (any_long & long_text)
        prefetch_long(pool, keys, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = UINT32_MAX;
        if (texts[i].len) {
            struct text_slot *slot =
                slot_find(array_for(pool, keys[i].hash), &keys[i], &number);
            enum text_status status = slot ? claim(&asking, slot, number)
                                           : add(&asking, texts[i], &keys[i], &number);
            if (status != TEXT_OK)
                return status;
        }
        ret_numbers[i] = number;
    }
    return TEXT_OK;
}
