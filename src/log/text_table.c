#include "log/text_table.h"

#include "log/text_hash.h"

#include <stdlib.h>
#include <sys/mman.h>

enum {
    FIRST_SLOTS = 1024,
    HUGE_BYTES = 2 << 20, /* tables from here on ask for huge pages */
    PAGE_FIRST = 16 << 10,
    PAGE_MAX = HUGE_BYTES - (int)sizeof(struct text_page),
    PREFETCH_FROM = 4096 /* slots; smaller tables stay in the cache by themselves */
};

/* Zeroed slots. Huge pages spare most of the address look-ups that a large table costs.
 */
static struct text_slot *slots_make(size_t count)
{
    size_t bytes = count * sizeof(struct text_slot);
    if (bytes < HUGE_BYTES)
        return calloc(count, sizeof(struct text_slot));
    void *slots = aligned_alloc(HUGE_BYTES, bytes);
    if (!slots)
        return NULL;
    madvise(slots, bytes, MADV_HUGEPAGE);
    memset(slots, 0, bytes);
    return slots;
}

bool text_table_open(struct text_table *table, uint32_t limit)
{
    *table =
        (struct text_table){.seed = hash_seed(), .limit = limit, .mask = FIRST_SLOTS - 1};
    table->slots = slots_make(FIRST_SLOTS);
    return table->slots != NULL;
}

void text_table_rest(struct text_table *table)
{
    free(table->slots);
    table->slots = NULL;
}

void text_table_close(struct text_table *table)
{
    text_table_rest(table);
    for (struct text_page *page = table->first, *next; page; page = next) {
        next = page->next;
        free(page);
    }
    *table = (struct text_table){0};
}

static bool grow(struct text_table *table)
{
    size_t mask = table->mask * 2 + 1;
    struct text_slot *slots = slots_make(mask + 1);
    if (!slots)
        return false;
    for (size_t old = 0; old <= table->mask; old++) {
        struct text_slot slot = table->slots[old];
        if (!slot.code1)
            continue;
        size_t i = slot.hash & mask;
        while (slots[i].code1)
            i = (i + 1) & mask;
        slots[i] = slot;
    }
    free(table->slots);
    table->slots = slots;
    table->mask = mask;
    return true;
}

/* Bytes that a text takes in a page: its length, itself, rounded up. */
static size_t room(size_t len)
{
    return (sizeof(uint32_t) + len + 3) / 4 * 4;
}

static struct text_page *page_make(size_t size)
{
    size_t bytes = sizeof(struct text_page) + size;
    if (bytes != HUGE_BYTES)
        return malloc(bytes);
    struct text_page *page = aligned_alloc(HUGE_BYTES, bytes);
    if (page)
        madvise(page, bytes, MADV_HUGEPAGE);
    return page;
}

static const char *keep(struct text_table *table, str text)
{
    size_t bytes = room(text.len);
    struct text_page *page = table->last;
    if (!page || page->size - page->used < bytes) {
        size_t size = page ? page->size * 2 : PAGE_FIRST;
        size = size < PAGE_MAX ? size : PAGE_MAX;
        size = size > bytes ? size : bytes;
        page = page_make(size);
        if (!page)
            return NULL;
        page->next = NULL;
        page->used = 0;
        page->size = size;
        *(table->last ? &table->last->next : &table->first) = page;
        table->last = page;
    }
    uint32_t len = (uint32_t)text.len;
    char *at = page->bytes + page->used;
    memcpy(at, &len, sizeof len);
    memcpy(at + sizeof len, text.ptr, text.len);
    page->used += bytes;
    return at + sizeof len;
}

static const uint32_t long_text = UINT32_C(1) << 31;

/* A text of up to TEXT_SHORT bytes in three words, the rest of them 0. `at` can be read
 * for TEXT_SHORT bytes. No branch depends on the length: lengths are what cannot be
 * guessed. */
static inline void short_words(const char *at, size_t len, uint64_t words[3])
{
    static const unsigned char ones[2 * TEXT_SHORT] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const char *mask = (const char *)ones + TEXT_SHORT - len;
    words[0] = text_hash_load(at, 8) & text_hash_load(mask, 8);
    words[1] = text_hash_load(at + 8, 8) & text_hash_load(mask + 8, 8);
    words[2] = text_hash_load(at + 16, 8) & text_hash_load(mask + 16, 8);
}

static __attribute__((noinline)) void short_words_near_end(str text, uint64_t words[3])
{
    char copy[TEXT_SHORT] = {0};
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.ptr[i];
    short_words(copy, text.len, words);
}

static inline __attribute__((always_inline)) void
key_make(struct text_key *key, uint64_t seed, str text, const char *readable)
{
    if (__builtin_expect(text.len > TEXT_SHORT, 0)) {
        key->words[0] = (uint64_t)(uintptr_t)text.ptr;
        key->words[1] = text.len;
        key->words[2] = 0;
        key->hash = (uint32_t)text_hash(seed, text) | long_text;
        return;
    }
    uint64_t words[3];
    if (__builtin_expect((uintptr_t)text.ptr + TEXT_SHORT > (uintptr_t)readable, 0))
        short_words_near_end(text, words);
    else
        short_words(text.ptr, text.len, words);
    uint64_t a = text_hash_mix(words[0] ^ seed, words[1] ^ 0xE7037ED1A0B428DBu);
    uint64_t b = text_hash_mix(words[2] ^ a, 0xA0761D6478BD642Fu);
    key->words[0] = words[0];
    key->words[1] = words[1];
    key->words[2] = words[2];
    key->hash = (uint32_t)b & ~long_text;
}

static inline bool slot_holds(const struct text_slot *slot, const struct text_key *key)
{
    if (slot->hash != key->hash)
        return false;
    if (__builtin_expect(key->hash & long_text, 0))
        return slot->words[1] == key->words[1] &&
               memcmp((const char *)(uintptr_t)slot->words[0],
                      (const char *)(uintptr_t)key->words[0], key->words[1]) == 0;
    return ((slot->words[0] ^ key->words[0]) | (slot->words[1] ^ key->words[1]) |
            (slot->words[2] ^ key->words[2])) == 0;
}

static bool add(struct text_table *table, str text, const struct text_key *key,
                uint32_t *ret_code)
{
    if (table->count >= table->limit) {
        table->too_many = true;
        return false;
    }
    const char *kept = keep(table, text);
    bool full = table->count >= (table->mask + 1) / 8 * 5;
    if (!kept || (full && !grow(table))) {
        table->no_memory = true;
        return false;
    }
    size_t i = key->hash & table->mask;
    while (table->slots[i].code1)
        i = (i + 1) & table->mask;
    *ret_code = table->count++;
    struct text_slot *slot = &table->slots[i];
    *slot = (struct text_slot){key->hash, table->count, {0, 0, 0}};
    memcpy(slot->words, key->words, sizeof slot->words);
    if (key->hash & long_text)
        slot->words[0] = (uint64_t)(uintptr_t)kept;
    return true;
}

static inline bool code_of(struct text_table *table, str text, const struct text_key *key,
                           uint32_t *ret_code)
{
    for (size_t i = key->hash & table->mask;; i = (i + 1) & table->mask) {
        const struct text_slot *slot = &table->slots[i];
        if (slot->code1 == 0)
            return add(table, text, key, ret_code);
        if (slot_holds(slot, key)) {
            *ret_code = slot->code1 - 1;
            return true;
        }
    }
}

/* Ask memory for the slots of all texts, and for the long texts they name, before any of
 * them is looked at: the answers come together. (Inline: gcc takes a function that only
 * prefetches for one without effect, and leaves it out.) */
static inline __attribute__((always_inline)) void
prefetch(const struct text_table *table, const struct text_key *keys, size_t count)
{
    uint32_t any_long = 0;
    for (size_t i = 0; i < count; i++) {
        const struct text_slot *slot = &table->slots[keys[i].hash & table->mask];
        __builtin_prefetch(slot);
        __builtin_prefetch(slot +
                           1); /* where a second probe goes: perhaps another line */
        any_long |= keys[i].hash;
    }
    for (size_t i = 0; (any_long & long_text) && i < count; i++) {
        const struct text_slot *slot = &table->slots[keys[i].hash & table->mask];
        if (slot->hash == keys[i].hash)
            __builtin_prefetch((const char *)(uintptr_t)slot->words[0]);
    }
}

bool text_table_codes(struct text_table *table, const str *texts, size_t count,
                      const char *readable, uint32_t *ret_codes)
{
    struct text_key keys[TEXT_TABLE_BATCH];
    uint64_t seed = table->seed;
    for (size_t i = 0; i < count; i++)
        key_make(&keys[i], seed, texts[i], readable);
    if (table->mask >= PREFETCH_FROM)
        prefetch(table, keys, count);
    for (size_t i = 0; i < count; i++) {
        ret_codes[i] = UINT32_MAX;
        if (texts[i].len && !code_of(table, texts[i], &keys[i], &ret_codes[i]))
            return false;
    }
    return true;
}

struct text_mark text_table_mark(const struct text_table *table)
{
    return (struct text_mark){table->last, table->last ? table->last->used : 0,
                              table->count};
}

str text_table_next(const struct text_table *table, struct text_mark *mark)
{
    if (!mark->page || mark->at == mark->page->used) {
        mark->page = mark->page ? mark->page->next : table->first;
        mark->at = 0;
    }
    uint32_t len;
    const char *at = mark->page->bytes + mark->at;
    memcpy(&len, at, sizeof len);
    mark->at += room(len);
    mark->code++;
    return (str){at + sizeof len, len};
}
