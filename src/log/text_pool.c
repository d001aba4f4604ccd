#include "log/text_slots.h"

#include "log/slab.h"

#include <sched.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum {
    FIRST_SLOTS = 16,
    HUGE_BYTES = 2 << 20, /* arrays from here on ask for huge pages: fewer to look up */
    NUMBERS = 64,
    PREFETCH_FROM = 1024, /* texts; fewer stay in the cache by themselves */
    JUDGED = 256          /* slots by which a table is judged when it grows */
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

static struct text_array *array_make(size_t slots, unsigned shift)
{
    size_t bytes = slots << shift;
    struct text_array *array = calloc(1, sizeof *array);
    if (!array)
        return NULL;
    array->mask = slots - 1;
    array->lines = (bytes - 1) & ~(((size_t)1 << LINE_BITS) - 1);
    array->shift = shift;
    array->mapped = bytes >= HUGE_BYTES ? bytes : 0;
    array->slots = array->mapped ? huge_take(bytes) : aligned_alloc(64, bytes);
    if (!array->slots) {
        free(array);
        return NULL;
    }
    if (!array->mapped)
        memset(array->slots, 0, bytes);
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

bool text_pool_open(struct text_pool *pool, uint32_t limit, unsigned threads)
{
    pool->seed = hash_seed();
    pool->limit = limit;
    pool->alone = threads <= 1;
    for (size_t i = 0; i < TEXT_SHARDS; i++) {
        struct text_array *array = array_make(FIRST_SLOTS, SLOT_NARROW);
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

/* Are many of a narrow table's texts such as a wide one would have in its slots? */
static bool should_widen(const struct text_array *array)
{
    size_t texts = 0, would = 0;
    for (size_t i = 0; i <= array->mask && i < JUDGED; i++) {
        const struct text_slot *slot = slot_at(array, i);
        uint64_t head = atomic_load_explicit(&slot->head, memory_order_relaxed);
        texts += head != 0;
        would += slot_away(array, head) && kept_text(slot->word[0]).len <= TEXT_SHORT;
    }
    return would * 4 > texts;
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
    bool wide = old->shift == SLOT_WIDE || should_widen(old);
    struct text_array *array = array_make(slots, wide ? SLOT_WIDE : SLOT_NARROW);
    if (!array)
        return false;
    for (size_t i = 0; i <= old->mask; i++) {
        struct text_slot *from = slot_at(old, i);
        uint64_t head = atomic_load_explicit(&from->head, memory_order_relaxed);
        if (!head)
            continue;
        struct text_key key;
        slot_key(pool->seed, old, from, head, &key);
        struct text_slot *to = slot_empty(array, key.hash);
        slot_fill(array, to, &key, (const char *)(uintptr_t)from->word[0]);
        atomic_store_explicit(
            &to->head, head_make(head_number(head), tag_in(array, &key), (uint32_t)head),
            memory_order_relaxed);
    }
    array->older = old;
    atomic_store_explicit(&pool->array[shard], array, memory_order_release);
    return true;
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

static inline size_t shard_of(uint32_t hash)
{
    return hash >> 29;
}

static inline struct text_array *array_for(struct text_pool *pool, uint32_t hash)
{
    return atomic_load_explicit(&pool->array[shard_of(hash)], memory_order_acquire);
}

/* ---- looking up ---- */

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
        const struct text_array *array = array_for(pool, ret_keys[i].hash);
        __builtin_prefetch(line_of(array, ret_keys[i].hash));
    }
}

/* Ask memory for the texts that slots of the first line name, before any of them is
 * looked at: the answers come together. */
static void prefetch_kept(struct text_pool *pool, const struct text_key *keys,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct text_array *array = array_for(pool, keys[i].hash);
        size_t begin = home(array, keys[i].hash);
        for (size_t s = 0; s < (size_t)1 << (LINE_BITS - array->shift); s++) {
            const struct text_slot *slot = slot_at(array, begin + s);
            uint64_t head = atomic_load_explicit(&slot->head, memory_order_acquire);
            if (slot_away(array, head) && head_tag(head) == tag_in(array, &keys[i]))
                __builtin_prefetch((const char *)(uintptr_t)slot->word[0]);
        }
    }
}

static inline bool is_unknown(uint64_t head, uint32_t chunk)
{
    return head == 0 || (head & 0xFFFF) > (chunk & 0xFFFF);
}

/* Those that are not known stay open, unless they are empty, which is known of none. */
static size_t opens_make(const uint64_t unknown[TEXT_BATCH / 64], const str *texts,
                         uint32_t *ret_numbers, uint8_t *ret_open)
{
    size_t open = 0;
    for (size_t part = 0; part < TEXT_BATCH / 64; part++)
        for (uint64_t left = unknown[part]; left; left &= left - 1) {
            size_t i = part * 64 + (size_t)__builtin_ctzll(left);
            ret_numbers[i] = UINT32_MAX;
            ret_open[open] = (uint8_t)i;
            open += texts[i].len > 0;
        }
    return open;
}

size_t text_find(struct text_pool *pool, uint32_t chunk, const str *texts,
                 const struct text_key *keys, size_t count, uint32_t *ret_numbers,
                 uint8_t *ret_open)
{
    uint8_t later[TEXT_BATCH];
    uint64_t unknown[TEXT_BATCH / 64] = {0};
    size_t laters = 0;
    uint32_t longest = 0;
    for (size_t i = 0; i < count; i++)
        longest = keys[i].len > longest ? keys[i].len : longest;
    if (longest > TEXT_TINY)
        prefetch_kept(pool, keys, count);
    for (size_t i = 0; i < count; i++) {
        const struct text_array *array = array_for(pool, keys[i].hash);
        uint64_t head = head_in_line(array, &keys[i]);
        ret_numbers[i] = head_number(head);
        unknown[i / 64] |= (uint64_t)is_unknown(head, chunk) << (i % 64);
        if (__builtin_expect(head != LATER, 1))
            continue;
        later[laters++] = (uint8_t)i;
        __builtin_prefetch(
            slot_at(array, place(array, home(array, keys[i].hash),
                                 (size_t)1 << (LINE_BITS - array->shift))));
    }
    for (size_t l = 0; l < laters; l++) {
        size_t i = later[l];
        uint64_t head = 0;
        if (slot_find(array_for(pool, keys[i].hash), &keys[i], &head))
            ret_numbers[i] = head_number(head);
        unknown[i / 64] &= ~(UINT64_C(1) << (i % 64));
        unknown[i / 64] |= (uint64_t)is_unknown(head, chunk) << (i % 64);
    }
    return opens_make(unknown, texts, ret_numbers, ret_open);
}

/* ---- … with a memo ---- */

static inline size_t memo_place(const uint64_t word[3])
{
    uint64_t mixed =
        word[0] ^ (word[1] << 23 | word[1] >> 41) ^ word[2] * 0x9E3779B97F4A7C15u;
    return mixed * 0xA0761D6478BD642Fu >> (64 - TEXT_MEMO_BITS);
}

/* What is not in the memo, or long; a short one goes to `place`. */
static __attribute__((noinline)) uint32_t memo_miss(struct text_pool *pool,
                                                    struct text_memo *memo, size_t place,
                                                    uint32_t chunk, str text,
                                                    const char *readable)
{
    struct text_key key;
    uint64_t head;
    if (text.len == 0)
        return UINT32_MAX;
    key_make(&key, pool->seed, text, readable);
    struct text_slot *slot = slot_find(array_for(pool, key.hash), &key, &head);
    if (!slot || is_unknown(head, chunk))
        return UINT32_MAX;
    if (key.len <= TEXT_SHORT) {
        memcpy(memo->entry[place].word, key.word, sizeof key.word);
        memo->entry[place].number = (uint64_t)head_number(head) + 1;
    }
    return head_number(head);
}

static size_t find_few(struct text_pool *pool, struct text_memo *memo, uint32_t chunk,
                       const str *texts, size_t count, const char *readable,
                       uint32_t *ret_numbers, uint8_t *ret_open)
{
    size_t open = 0, place = 0;
    for (size_t i = 0; i < count; i++) {
        str text = texts[i];
        uint64_t word[3];
        if (__builtin_expect(text.len <= TEXT_SHORT, 1)) {
            if (__builtin_expect((uintptr_t)text.ptr + TEXT_SHORT > (uintptr_t)readable,
                                 0))
                short_words_near_end(word, text);
            else
                short_words(word, text.ptr, text.len);
            place = memo_place(word);
            if (((memo->entry[place].word[0] ^ word[0]) |
                 (memo->entry[place].word[1] ^ word[1]) |
                 (memo->entry[place].word[2] ^ word[2])) == 0) {
                ret_numbers[i] = (uint32_t)memo->entry[place].number - 1;
                continue;
            }
        }
        ret_numbers[i] = memo_miss(pool, memo, place, chunk, text, readable);
        if (ret_numbers[i] == UINT32_MAX && text.len)
            ret_open[open++] = (uint8_t)i;
    }
    return open;
}

#if defined(__x86_64__)
#define AVX512 __attribute__((target("avx512bw,avx512vl,bmi2,aes")))

/* Two rounds of AES mix whatever differs into every bit. */
static inline __attribute__((always_inline)) AVX512 size_t memo_place_wide(__m256i word)
{
    __m128i low = _mm256_castsi256_si128(word), high = _mm256_extracti128_si256(word, 1);
    __m128i mixed = _mm_xor_si128(low, _mm_shuffle_epi32(high, 0x4E));
    mixed = _mm_aesenc_si128(_mm_aesenc_si128(mixed, high), low);
    return (uint32_t)_mm_cvtsi128_si32(mixed) >> (32 - TEXT_MEMO_BITS);
}

/* The same with a text in one register: what is not of it is not even read. */
AVX512 static size_t find_few_wide(struct text_pool *pool, struct text_memo *memo,
                                   uint32_t chunk, const str *texts, size_t count,
                                   const char *readable, uint32_t *ret_numbers,
                                   uint8_t *ret_open)
{
    size_t open = 0, place = 0;
    for (size_t i = 0; i < count; i++) {
        str text = texts[i];
        if (__builtin_expect(text.len <= TEXT_SHORT, 1)) {
            __m256i word = _mm256_maskz_loadu_epi8(
                _bzhi_u32(UINT32_MAX, (unsigned)text.len), text.ptr);
            place = memo_place_wide(word);
            __m256i held = _mm256_loadu_si256((const void *)&memo->entry[place]);
            if (__builtin_expect(!_mm256_mask_cmpneq_epi64_mask(7, word, held), 1)) {
                ret_numbers[i] = (uint32_t)memo->entry[place].number - 1;
                continue;
            }
        }
        ret_numbers[i] = memo_miss(pool, memo, place, chunk, text, readable);
        if (ret_numbers[i] == UINT32_MAX && text.len)
            ret_open[open++] = (uint8_t)i;
    }
    return open;
}
#endif

typedef size_t find_few_fn(struct text_pool *pool, struct text_memo *memo, uint32_t chunk,
                           const str *texts, size_t count, const char *readable,
                           uint32_t *ret_numbers, uint8_t *ret_open);

unsigned text_few_ways(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("aes")
               ? 2
               : 1;
#else
    return 1;
#endif
}

size_t text_find_few_by(unsigned way, struct text_pool *pool, struct text_memo *memo,
                        uint32_t chunk, const str *texts, size_t count,
                        const char *readable, uint32_t *ret_numbers, uint8_t *ret_open)
{
#if defined(__x86_64__)
    static find_few_fn *const ways[] = {find_few, find_few_wide};
#else
    static find_few_fn *const ways[] = {find_few};
#endif
    return ways[way](pool, memo, chunk, texts, count, readable, ret_numbers, ret_open);
}

size_t text_find_few(struct text_pool *pool, struct text_memo *memo, uint32_t chunk,
                     const str *texts, size_t count, const char *readable,
                     uint32_t *ret_numbers, uint8_t *ret_open)
{
    return text_find_few_by(text_few_ways() - 1, pool, memo, chunk, texts, count,
                            readable, ret_numbers, ret_open);
}

/* ---- adding ---- */

/* What text_add works on. */
struct asking {
    struct text_pool *pool;
    struct text_pages *pages;
    uint32_t chunk; /* modulo 65536 */
    uint32_t *numbers;
    struct text_key key[TEXT_NEW];
    bool listed[TEXT_NEW]; /* the chunk is the first to have it */
};

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

/* The text is there. If a later chunk claimed it, it is this one's. (A chunk of long ago
 * may look like a later one: then the text is listed once too often, which is no harm.)
 */
static inline bool claim(const struct asking *asking, struct text_slot *slot,
                         uint64_t head)
{
    unsigned long long held = head;
    if (__builtin_expect((held & 0xFFFF) <= asking->chunk, 1))
        return false;
    while ((held & 0xFFFF) > asking->chunk &&
           !atomic_compare_exchange_weak(&slot->head, &held,
                                         (held & ~UINT64_C(0xFFFF)) | asking->chunk))
        ;
    return true;
}

/* Number i of those asked for; its shard is locked. */
static enum text_status add_locked(struct asking *asking, size_t i)
{
    struct text_pool *pool = asking->pool;
    const struct text_key *key = &asking->key[i];
    uint32_t *number = &asking->numbers[i];
    size_t *count = &pool->adding[shard_of(key->hash)].count;
    struct text_array *array = array_for(pool, key->hash);
    uint64_t head;
    struct text_slot *slot = slot_find(array, key, &head);
    if (slot) {
        *number = head_number(head);
        asking->listed[i] = claim(asking, slot, head);
        return TEXT_OK;
    }
    if (*count >= (array->mask + 1) / 8 * 5) {
        if (!grow(pool, shard_of(key->hash)))
            return TEXT_NO_MEMORY;
        array = array_for(pool, key->hash);
    }
    if (!number_next(pool, asking->pages, number))
        return TEXT_TOO_MANY;
    const char *kept = text_keep(asking->pages, key_text(key), *number);
    if (!kept)
        return TEXT_NO_MEMORY;
    slot = slot_empty(array, key->hash);
    slot_fill(array, slot, key, kept);
    atomic_store_explicit(&slot->head,
                          head_make(*number, tag_in(array, key), asking->chunk),
                          memory_order_release);
    asking->listed[i] = true;
    ++*count;
    return TEXT_OK;
}

/* Shard by shard, each locked once: a lock that another core had last is dear. Those that
 * are locked come later. */
static enum text_status add_by_shard(struct asking *asking, size_t count)
{
    uint16_t order[TEXT_NEW], end[TEXT_SHARDS + 1] = {0}, at[TEXT_SHARDS];
    enum text_status status = TEXT_OK;
    size_t left = count;
    for (size_t i = 0; i < count; i++)
        end[shard_of(asking->key[i].hash) + 1]++;
    for (size_t s = 0; s < TEXT_SHARDS; s++) {
        at[s] = end[s];
        end[s + 1] = (uint16_t)(end[s + 1] + end[s]);
    }
    for (size_t i = 0; i < count; i++)
        order[at[shard_of(asking->key[i].hash)]++] = (uint16_t)i;
    for (size_t s = 0; s < TEXT_SHARDS; s++)
        at[s] = end[s];
    for (unsigned tries = 1; left && status == TEXT_OK; tries++) {
        size_t before = left;
        for (size_t s = 0; s < TEXT_SHARDS && status == TEXT_OK; s++) {
            atomic_bool *lock = &asking->pool->adding[s].lock;
            if (at[s] == end[s + 1] ||
                atomic_exchange_explicit(lock, true, memory_order_acquire))
                continue;
            left -= (size_t)end[s + 1] - at[s];
            while (at[s] < end[s + 1] && status == TEXT_OK)
                status = add_locked(asking, order[at[s]++]);
            atomic_store_explicit(lock, false, memory_order_release);
        }
        if (left == before && tries % 64 == 0) /* who holds it may wait for this core */
            sched_yield();
    }
    return status;
}

static enum text_status add_in_order(struct asking *asking, size_t count)
{
    enum text_status status = TEXT_OK;
    for (size_t i = 0; i < count && status == TEXT_OK; i++)
        status = add_locked(asking, i);
    return status;
}

enum text_status text_add(struct text_pool *pool, struct text_pages *pages,
                          struct text_list *list, uint32_t chunk, const str *texts,
                          size_t count, const char *readable, uint32_t *ret_numbers)
{
    struct asking asking;
    asking.pool = pool;
    asking.pages = pages;
    asking.chunk = chunk & 0xFFFF;
    asking.numbers = ret_numbers;
    text_keys(pool, texts, count, readable, asking.key);
    enum text_status status =
        pool->alone ? add_in_order(&asking, count) : add_by_shard(&asking, count);
    for (size_t i = 0; i < count && status == TEXT_OK; i++)
        if (asking.listed[i] && !list_add(list, ret_numbers[i]))
            status = TEXT_NO_MEMORY;
    return status;
}
