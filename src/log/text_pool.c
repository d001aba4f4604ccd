#include "log/text_pool.h"

#include "log/slab.h"
#include "log/text_hash.h"

#include <sched.h>
#include <stdlib.h>

enum {
    FIRST_SLOTS = 16,
    HUGE_BYTES = 2 << 20, /* arrays from here on ask for huge pages: fewer to look up */
    PAGE_FIRST = 16 << 10,
    PAGE_MAX = 1 << 20,
    NUMBERS = 64,
    PREFETCH_FROM = 1024 /* texts; fewer stay in the cache by themselves */
};

/* ---- making and growing ---- */

static void array_free(struct text_array *array)
{
    if (array->mapped)
        huge_give(array->slots, array->mapped);
    else
        free(array->slots);
    free(array);
}

static struct text_array *array_make(size_t slots)
{
    size_t bytes = slots * sizeof(struct text_slot);
    struct text_array *array = calloc(1, sizeof *array);
    if (!array)
        return NULL;
    array->mask = slots - 1;
    array->mapped = bytes >= HUGE_BYTES ? bytes : 0;
    array->slots = array->mapped ? huge_take(bytes) : aligned_alloc(64, bytes);
    if (!array->slots) {
        free(array);
        return NULL;
    }
    if (!array->mapped)
        memset((void *)array->slots, 0, bytes);
    return array;
}

static void arrays_free(struct text_array *array)
{
    while (array) {
        struct text_array *older = array->older;
        array_free(array);
        array = older;
    }
}

bool text_pool_open(struct text_pool *pool, uint32_t limit)
{
    pool->seed = hash_seed();
    pool->limit = limit;
    for (size_t i = 0; i < TEXT_SHARDS; i++) {
        struct text_array *array = array_make(FIRST_SLOTS);
        if (!array)
            return false;
        atomic_store(&pool->array[i], array);
    }
    return true;
}

void text_pool_settle(struct text_pool *pool)
{
    for (size_t i = 0; i < TEXT_SHARDS; i++) {
        struct text_array *array = atomic_load(&pool->array[i]);
        if (!array)
            continue;
        arrays_free(array->older);
        array->older = NULL;
    }
}

void text_pool_close(struct text_pool *pool)
{
    for (size_t i = 0; i < TEXT_SHARDS; i++) {
        arrays_free(atomic_load(&pool->array[i]));
        atomic_store(&pool->array[i], NULL);
    }
}

/* ---- heads of slots ---- */

static inline uint64_t head_make(uint32_t number, uint32_t tag, uint32_t chunk)
{
    return (uint64_t)(number + 1) << 32 | (uint64_t)tag << 16 | (chunk & 0xFFFF);
}
static inline uint32_t head_number(uint64_t head)
{
    return (uint32_t)(head >> 32) - 1;
}
static inline uint32_t head_tag(uint64_t head)
{
    return (uint32_t)head >> 16;
}
/* The uppermost bit tells long texts from short. */
static inline uint32_t tag_of(const struct text_key *key)
{
    return (key->hash >> 17) | (key->is_long ? 0x8000U : 0);
}

/* ---- hashes ---- */

static inline uint32_t short_hash(uint64_t seed, const uint64_t word[3])
{
    uint64_t a = text_hash_mix(word[0] ^ seed, word[1] ^ 0xE7037ED1A0B428DBu);
    return (uint32_t)text_hash_mix(word[2] ^ a, 0xA0761D6478BD642Fu);
}

/* Of the text in a slot. */
static uint32_t slot_hash(uint64_t seed, const struct text_slot *slot, uint64_t head)
{
    if (!(head_tag(head) & 0x8000))
        return short_hash(seed, slot->word);
    return (uint32_t)text_hash(
        seed, (str){(const char *)(uintptr_t)slot->word[0], slot->word[1]});
}

/* Where a text is looked for first: two slots to a cache line, of which the search begins
 * with the first. */
static inline size_t home(const struct text_array *array, uint32_t hash)
{
    return hash * (size_t)2 & array->mask;
}

/* The slot that is looked at after `tries` others: first both of a cache line, then both
 * of the line it is paired with, which memory tends to bring along, then the next pairs.
 */
static inline size_t place(const struct text_array *array, size_t home, size_t tries)
{
    return tries < 4 ? home ^ tries : ((home & ~(size_t)3) + tries) & array->mask;
}

static struct text_slot *slot_empty(struct text_array *array, uint32_t hash)
{
    size_t begin = home(array, hash), tries = 0, i = begin;
    while (atomic_load_explicit(&array->slots[i].head, memory_order_relaxed))
        i = place(array, begin, ++tries);
    return &array->slots[i];
}

/* Twice the room, or more while it is small. The shard is locked. A reader that still
 * looks into the old array finds what was in it, and asks here for what was not; what it
 * lowers in a slot's chunk there is lost, which only makes the text listed once too
 * often. */
static bool grow(struct text_pool *pool, size_t shard)
{
    struct text_array *old =
        atomic_load_explicit(&pool->array[shard], memory_order_relaxed);
    size_t slots = (old->mask + 1) * (old->mask < 16384 ? 4 : 2);
    struct text_array *array = array_make(slots);
    if (!array)
        return false;
    for (size_t i = 0; i <= old->mask; i++) {
        struct text_slot *from = &old->slots[i];
        uint64_t head = atomic_load_explicit(&from->head, memory_order_relaxed);
        if (!head)
            continue;
        struct text_slot *to = slot_empty(array, slot_hash(pool->seed, from, head));
        memcpy(to->word, from->word, sizeof to->word);
        atomic_store_explicit(&to->head, head, memory_order_relaxed);
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
static inline __attribute__((always_inline)) void short_words(uint64_t word[3],
                                                              const char *at, size_t len)
{
    static const unsigned char ones[2 * TEXT_SHORT] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const char *mask = (const char *)ones + TEXT_SHORT - len;
    word[0] = text_hash_load(at, 8) & text_hash_load(mask, 8);
    word[1] = text_hash_load(at + 8, 8) & text_hash_load(mask + 8, 8);
    word[2] = text_hash_load(at + 16, 8) & text_hash_load(mask + 16, 8);
}

static __attribute__((noinline)) void short_words_near_end(uint64_t word[3], str text)
{
    char copy[TEXT_SHORT] = {0};
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.ptr[i];
    short_words(word, copy, text.len);
}

static __attribute__((noinline)) void key_make_long(struct text_key *key, uint64_t seed,
                                                    str text)
{
    *key = (struct text_key){{(uint64_t)(uintptr_t)text.ptr, text.len, 0},
                             (uint32_t)text_hash(seed, text),
                             true};
}

static inline __attribute__((always_inline)) void
key_make(struct text_key *key, uint64_t seed, str text, const char *readable)
{
    uint64_t word[3];
    if (__builtin_expect(text.len > TEXT_SHORT, 0)) {
        key_make_long(key, seed, text);
        return;
    }
    if (__builtin_expect((uintptr_t)text.ptr + TEXT_SHORT > (uintptr_t)readable, 0))
        short_words_near_end(word, text);
    else
        short_words(word, text.ptr, text.len);
    key->word[0] = word[0];
    key->word[1] = word[1];
    key->word[2] = word[2];
    key->hash = short_hash(seed, word);
    key->is_long = false;
}

static inline size_t shard_of(uint32_t hash)
{
    return hash >> 29;
}

static inline struct text_array *array_for(struct text_pool *pool, uint32_t hash)
{
    return atomic_load_explicit(&pool->array[shard_of(hash)], memory_order_acquire);
}

static inline bool slot_holds(const struct text_slot *slot, const struct text_key *key)
{
    if (__builtin_expect(key->is_long, 0))
        return slot->word[1] == key->word[1] &&
               memcmp((const char *)(uintptr_t)slot->word[0],
                      (const char *)(uintptr_t)key->word[0], key->word[1]) == 0;
    return ((slot->word[0] ^ key->word[0]) | (slot->word[1] ^ key->word[1]) |
            (slot->word[2] ^ key->word[2])) == 0;
}

/* The slot of the text and its head, or NULL. */
static inline struct text_slot *slot_find(struct text_array *array,
                                          const struct text_key *key, uint64_t *ret_head)
{
    uint32_t tag = tag_of(key);
    size_t begin = home(array, key->hash);
    for (size_t tries = 0;; tries++) {
        struct text_slot *slot = &array->slots[place(array, begin, tries)];
        uint64_t head = atomic_load_explicit(&slot->head, memory_order_acquire);
        if (head == 0)
            return NULL;
        if (head_tag(head) == tag && slot_holds(slot, key)) {
            *ret_head = head;
            return slot;
        }
    }
}

/* What text_add works on. */
struct asking {
    struct text_pool *pool;
    struct text_pages *pages;
    struct text_list *list;
    uint32_t chunk; /* modulo 65536 */
};

/* The text is there. If a later chunk claimed it, it is this one's. (A chunk of long ago
 * may look like a later one: then the text is listed once too often, which is no harm.)
 */
static inline enum text_status claim(const struct asking *asking, struct text_slot *slot,
                                     uint64_t head)
{
    unsigned long long held = head;
    if (__builtin_expect((held & 0xFFFF) <= asking->chunk, 1))
        return TEXT_OK;
    while ((held & 0xFFFF) > asking->chunk &&
           !atomic_compare_exchange_weak(&slot->head, &held,
                                         (held & ~UINT64_C(0xFFFF)) | asking->chunk))
        ;
    return list_add(asking->list, head_number(head)) ? TEXT_OK : TEXT_NO_MEMORY;
}

/* Numbers are taken some at a time, so that threads seldom meet at the counter. */
static bool number_next(struct text_pool *pool, struct text_pages *pages, uint32_t *ret)
{
    if (pages->next == pages->end) {
        uint32_t first = atomic_fetch_add(&pool->count, NUMBERS);
        if (first >= pool->limit) {
            atomic_fetch_sub(&pool->count, NUMBERS);
            return false;
        }
        uint32_t left = pool->limit - first;
        pages->next = first;
        pages->end = first + (left < NUMBERS ? left : NUMBERS);
    }
    *ret = pages->next++;
    return true;
}

static enum text_status add_locked(const struct asking *asking, str text,
                                   const struct text_key *key, uint32_t *ret_number)
{
    struct text_pool *pool = asking->pool;
    size_t *count = &pool->adding[shard_of(key->hash)].count;
    struct text_array *array = array_for(pool, key->hash);
    uint64_t head;
    struct text_slot *slot = slot_find(array, key, &head);
    if (slot) {
        *ret_number = head_number(head);
        return claim(asking, slot, head);
    }
    if (*count >= (array->mask + 1) / 8 * 5) {
        if (!grow(pool, shard_of(key->hash)))
            return TEXT_NO_MEMORY;
        array = array_for(pool, key->hash);
    }
    if (!number_next(pool, asking->pages, ret_number))
        return TEXT_TOO_MANY;
    uint32_t number = *ret_number;
    const char *kept = keep(asking->pages, text, number);
    if (!kept || !list_add(asking->list, number))
        return TEXT_NO_MEMORY;
    slot = slot_empty(array, key->hash);
    memcpy(slot->word, key->word, sizeof slot->word);
    if (key->is_long)
        slot->word[0] = (uint64_t)(uintptr_t)kept;
    atomic_store_explicit(&slot->head, head_make(number, tag_of(key), asking->chunk),
                          memory_order_release);
    ++*count;
    return TEXT_OK;
}

bool text_pool_is_large(struct text_pool *pool)
{
    return atomic_load_explicit(&pool->count, memory_order_relaxed) >= PREFETCH_FROM;
}

void text_keys(struct text_pool *pool, const str *texts, size_t count,
               const char *readable, struct text_key *ret_keys)
{
    uint64_t seed = pool->seed;
    for (size_t i = 0; i < count; i++) {
        key_make(&ret_keys[i], seed, texts[i], readable);
        struct text_array *array = array_for(pool, ret_keys[i].hash);
        __builtin_prefetch((const void *)&array->slots[home(array, ret_keys[i].hash)]);
    }
}

/* Ask memory for the long texts that the slots name, before any of them is looked at: the
 * answers come together. */
static void prefetch_long(struct text_pool *pool, const struct text_key *keys,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct text_array *array = array_for(pool, keys[i].hash);
        const struct text_slot *slot = &array->slots[home(array, keys[i].hash)];
        uint64_t head = atomic_load_explicit(&slot->head, memory_order_acquire);
        if (head && keys[i].is_long && head_tag(head) == tag_of(&keys[i]))
            __builtin_prefetch((const char *)(uintptr_t)slot->word[0]);
    }
}

/* Looks in the first cache line only: which of its two slots a text is in cannot be
 * guessed, so no branch asks. The head of the slot that holds the text; 0: it is in none,
 * and nowhere; LATER: look on. */
#define LATER UINT64_MAX
static inline uint64_t head_in_line(const struct text_array *array,
                                    const struct text_key *key)
{
    const struct text_slot *slot = &array->slots[home(array, key->hash)];
    uint64_t first = atomic_load_explicit(&slot[0].head, memory_order_acquire);
    uint64_t second = atomic_load_explicit(&slot[1].head, memory_order_acquire);
    bool other = head_tag(first) != tag_of(key);
    uint64_t mask = -(uint64_t)other;
    uint64_t head = (first & ~mask) | (second & mask);
    slot += other;
    uint64_t differs = (slot->word[0] ^ key->word[0]) | (slot->word[1] ^ key->word[1]) |
                       (slot->word[2] ^ key->word[2]) | (head_tag(head) ^ tag_of(key));
    if (__builtin_expect((differs == 0) & !key->is_long, 1))
        return head;
    return first && (second || key->is_long || !other) ? LATER : 0;
}

size_t text_find(struct text_pool *pool, uint32_t chunk, const str *texts,
                 const struct text_key *keys, size_t count, uint32_t *ret_numbers,
                 uint8_t *ret_open)
{
    uint8_t later[TEXT_BATCH];
    bool unknown[TEXT_BATCH], any_long = false;
    size_t laters = 0, open = 0;
    for (size_t i = 0; i < count; i++)
        any_long |= keys[i].is_long;
    if (any_long)
        prefetch_long(pool, keys, count);
    for (size_t i = 0; i < count; i++) {
        const struct text_array *array = array_for(pool, keys[i].hash);
        uint64_t head = head_in_line(array, &keys[i]);
        ret_numbers[i] = head_number(head);
        unknown[i] = head == 0 || (head & 0xFFFF) > (chunk & 0xFFFF);
        if (__builtin_expect(head != LATER, 1))
            continue;
        later[laters++] = (uint8_t)i;
        __builtin_prefetch(
            (const void *)&array->slots[place(array, home(array, keys[i].hash), 2)]);
    }
    for (size_t l = 0; l < laters; l++) {
        size_t i = later[l];
        uint64_t head = 0;
        if (slot_find(array_for(pool, keys[i].hash), &keys[i], &head))
            ret_numbers[i] = head_number(head);
        unknown[i] = head == 0 || (head & 0xFFFF) > (chunk & 0xFFFF);
    }
    for (size_t i = 0; i < count; i++) {
        if (!unknown[i] && texts[i].len)
            continue;
        ret_numbers[i] = UINT32_MAX;
        if (texts[i].len)
            ret_open[open++] = (uint8_t)i;
    }
    return open;
}

static inline size_t memo_place(const uint64_t word[3])
{
    uint64_t mixed =
        word[0] ^ (word[1] << 23 | word[1] >> 41) ^ word[2] * 0x9E3779B97F4A7C15u;
    return mixed * 0xA0761D6478BD642Fu >> (64 - TEXT_MEMO_BITS);
}

/* What is not in the memo, or long. */
static __attribute__((noinline)) uint32_t memo_miss(struct text_pool *pool,
                                                    struct text_memo *memo,
                                                    uint32_t chunk, str text,
                                                    const char *readable)
{
    struct text_key key;
    uint64_t head;
    key_make(&key, pool->seed, text, readable);
    struct text_slot *slot = slot_find(array_for(pool, key.hash), &key, &head);
    if (!slot || (head & 0xFFFF) > (chunk & 0xFFFF))
        return UINT32_MAX;
    if (!key.is_long) {
        size_t place = memo_place(key.word);
        memcpy(memo->entry[place].word, key.word, sizeof key.word);
        memo->entry[place].number = (uint64_t)head_number(head) + 1;
    }
    return head_number(head);
}

size_t text_find_few(struct text_pool *pool, struct text_memo *memo, uint32_t chunk,
                     const str *texts, size_t count, const char *readable,
                     uint32_t *ret_numbers, uint8_t *ret_open)
{
    size_t open = 0;
    for (size_t i = 0; i < count; i++) {
        str text = texts[i];
        uint64_t word[3];
        if (__builtin_expect(text.len <= TEXT_SHORT, 1)) {
            if (__builtin_expect((uintptr_t)text.ptr + TEXT_SHORT > (uintptr_t)readable,
                                 0))
                short_words_near_end(word, text);
            else
                short_words(word, text.ptr, text.len);
            size_t place = memo_place(word);
            if (((memo->entry[place].word[0] ^ word[0]) |
                 (memo->entry[place].word[1] ^ word[1]) |
                 (memo->entry[place].word[2] ^ word[2])) == 0) {
                ret_numbers[i] = (uint32_t)memo->entry[place].number - 1;
                continue;
            }
        }
        ret_numbers[i] =
            text.len ? memo_miss(pool, memo, chunk, text, readable) : UINT32_MAX;
        if (ret_numbers[i] == UINT32_MAX && text.len)
            ret_open[open++] = (uint8_t)i;
    }
    return open;
}

enum text_status text_add(struct text_pool *pool, struct text_pages *pages,
                          struct text_list *list, uint32_t chunk, str text,
                          const char *readable, uint32_t *ret_number)
{
    const struct asking asking = {pool, pages, list, chunk & 0xFFFF};
    struct text_key key;
    key_make(&key, pool->seed, text, readable);
    atomic_bool *lock = &pool->adding[shard_of(key.hash)].lock;
    for (unsigned tries = 1; atomic_exchange_explicit(lock, true, memory_order_acquire);)
        if (tries++ % 64 == 0) /* whoever holds it may be waiting for this core */
            sched_yield();
    enum text_status status = add_locked(&asking, text, &key, ret_number);
    atomic_store_explicit(lock, false, memory_order_release);
    return status;
}
