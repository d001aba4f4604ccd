/* text_slots: the tables of text_pool.c, and how a text is found in one.
 *
 * Shape   a slot is a head and, behind it, one word or three. The head: number + 1, 16
 * bits of tag, and the first chunk that is known to have the text, modulo 65536; 0:
 * empty; written last.
 *   narrow  16 bytes. A text of up to TEXT_TINY bytes is all there: eight in the word,
 * two in the tag. Of others the word says where they are kept, and the tag is a NUL and
 * some of the hash, which no tiny text has there. wide    32 bytes. A text of up to
 * TEXT_SHORT bytes stands in the words, the tag is of the hash. Of others two words say
 * where, and how long. A text is looked for in one cache line first: four slots or two.
 */
#ifndef LOG_TEXT_SLOTS_H
#define LOG_TEXT_SLOTS_H

#include "log/text_hash.h"
#include "log/text_pool.h"

enum { TEXT_TINY = 10, SLOT_NARROW = 4, SLOT_WIDE = 5, LINE_BITS = 6 };

struct text_slot {
    atomic_ullong head;
    uint64_t word[];
};
struct text_array {
    struct text_array *older; /* still being read, perhaps */
    char *slots;
    size_t mask;    /* slots − 1 */
    size_t lines;   /* mask of where a cache line of them begins, in bytes */
    size_t mapped;  /* bytes of the slots; 0: from malloc */
    unsigned shift; /* SLOT_NARROW, SLOT_WIDE: a slot's bytes, as a power of two */
};

/* ---- heads ---- */

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

/* Two bytes as they stand in memory. */
static inline uint32_t tag_of_bytes(const void *bytes)
{
    uint16_t tag;
    memcpy(&tag, bytes, sizeof tag);
    return tag;
}
static inline uint32_t tag_narrow(const struct text_key *key)
{
    const unsigned char kept[2] = {0, (unsigned char)(key->hash >> 21 | 1)};
    return key->len <= TEXT_TINY ? tag_of_bytes(&key->word[1]) : tag_of_bytes(kept);
}
/* The uppermost bit tells long texts from short. */
static inline uint32_t tag_wide(const struct text_key *key)
{
    return key->hash >> 17 | (key->len > TEXT_SHORT ? 0x8000U : 0);
}

/* ---- keys ---- */

static inline uint32_t short_hash(uint64_t seed, const uint64_t word[3])
{
    uint64_t a = text_hash_mix(word[0] ^ seed, word[1] ^ 0xE7037ED1A0B428DBu);
    return (uint32_t)text_hash_mix(word[2] ^ a, 0xA0761D6478BD642Fu);
}

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
    *key = (struct text_key){{(uint64_t)(uintptr_t)text.ptr, 0, 0},
                             (uint32_t)text_hash(seed, text),
                             (uint32_t)text.len};
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
    key->len = (uint32_t)text.len;
}

static inline str key_text(const struct text_key *key)
{
    return (str){key->len > TEXT_SHORT ? (const char *)(uintptr_t)key->word[0]
                                       : (const char *)key->word,
                 key->len};
}

/* ---- slots ---- */

/* A text that is kept, by where: its length stands before it (text_keep). */
static inline str kept_text(uint64_t word)
{
    uint32_t len;
    const char *at = (const char *)(uintptr_t)word;
    memcpy(&len, at - sizeof len, sizeof len);
    return (str){at, len};
}

static inline struct text_slot *slot_at(const struct text_array *array, size_t i)
{
    return (struct text_slot *)(void *)(array->slots + (i << array->shift));
}

/* Where a text is looked for first: a cache line; and its first slot. */
static inline char *line_of(const struct text_array *array, uint32_t hash)
{
    return array->slots + ((size_t)hash << LINE_BITS & array->lines);
}
static inline size_t home(const struct text_array *array, uint32_t hash)
{
    return ((size_t)hash << (LINE_BITS - array->shift)) & array->mask;
}

/* The slot that is looked at after `tries` others: first those of a cache line (of wide
 * ones, also those of the line it is paired with, which memory tends to bring along),
 * then the next ones. */
static inline size_t place(const struct text_array *array, size_t home, size_t tries)
{
    return tries < 4 ? home ^ tries : ((home & ~(size_t)3) + tries) & array->mask;
}

static inline uint32_t tag_in(const struct text_array *array, const struct text_key *key)
{
    return array->shift == SLOT_NARROW ? tag_narrow(key) : tag_wide(key);
}

/* Its tag is that of the key. */
static inline bool slot_holds(const struct text_array *array,
                              const struct text_slot *slot, const struct text_key *key)
{
    bool narrow = array->shift == SLOT_NARROW;
    if (narrow ? key->len > TEXT_TINY : key->len > TEXT_SHORT)
        return (narrow || slot->word[1] == key->len) &&
               str_equal(kept_text(slot->word[0]), key_text(key));
    return slot->word[0] == key->word[0] &&
           (narrow ||
            ((slot->word[1] ^ key->word[1]) | (slot->word[2] ^ key->word[2])) == 0);
}

/* All but the head. */
static inline void slot_fill(const struct text_array *array, struct text_slot *slot,
                             const struct text_key *key, const char *kept)
{
    bool narrow = array->shift == SLOT_NARROW;
    bool away = narrow ? key->len > TEXT_TINY : key->len > TEXT_SHORT;
    slot->word[0] = away ? (uint64_t)(uintptr_t)kept : key->word[0];
    if (narrow)
        return;
    slot->word[1] = away ? key->len : key->word[1];
    slot->word[2] = away ? 0 : key->word[2];
}

/* Is the text of this slot not in it, but kept elsewhere? */
static inline bool slot_away(const struct text_array *array, uint64_t head)
{
    unsigned char bytes[2];
    uint16_t tag = (uint16_t)head_tag(head);
    memcpy(bytes, &tag, sizeof tag);
    return array->shift == SLOT_NARROW ? !bytes[0] && bytes[1] : head_tag(head) >> 15;
}

/* What its text is looked for by: as key_make. */
static inline void slot_key(uint64_t seed, const struct text_array *array,
                            const struct text_slot *slot, uint64_t head,
                            struct text_key *ret)
{
    if (slot_away(array, head)) {
        str text = kept_text(slot->word[0]);
        key_make(ret, seed, text, text.ptr); /* nothing behind it may be read */
        return;
    }
    bool narrow = array->shift == SLOT_NARROW;
    uint16_t two = (uint16_t)head_tag(head);
    ret->word[0] = slot->word[0];
    ret->word[1] = ret->word[2] = 0;
    memcpy(&ret->word[1], narrow ? (const void *)&two : &slot->word[1],
           narrow ? sizeof two : sizeof ret->word[1]);
    if (!narrow)
        ret->word[2] = slot->word[2];
    ret->len = narrow ? TEXT_TINY : TEXT_SHORT; /* at most: nobody asks closer */
    ret->hash = short_hash(seed, ret->word);
}

/* The slot of the text and its head, or NULL. */
static inline struct text_slot *slot_find(const struct text_array *array,
                                          const struct text_key *key, uint64_t *ret_head)
{
    uint32_t tag = tag_in(array, key);
    size_t begin = home(array, key->hash);
    for (size_t tries = 0;; tries++) {
        struct text_slot *slot = slot_at(array, place(array, begin, tries));
        uint64_t head = atomic_load_explicit(&slot->head, memory_order_acquire);
        if (head == 0)
            return NULL;
        if (head_tag(head) == tag && slot_holds(array, slot, key)) {
            *ret_head = head;
            return slot;
        }
    }
}

static inline struct text_slot *slot_empty(const struct text_array *array, uint32_t hash)
{
    size_t begin = home(array, hash), tries = 0, i = begin;
    while (atomic_load_explicit(&slot_at(array, i)->head, memory_order_relaxed))
        i = place(array, begin, ++tries);
    return slot_at(array, i);
}

/* Look in the first cache line only, without a branch on which of its slots a text is in:
 * that cannot be guessed. The head of the slot that holds the text; 0: it is in none, and
 * nowhere; LATER: look on, or closer. */
#define LATER UINT64_MAX
static inline const struct text_slot *slot_in(const char *line, unsigned shift, size_t i)
{
    return (const struct text_slot *)(const void *)(line + (i << shift));
}

#define IN_SLOT(i)                                                                       \
    head = atomic_load_explicit(&slot_in(line, SLOT_NARROW, i)->head,                    \
                                memory_order_acquire);                                   \
    differs = ((slot_in(line, SLOT_NARROW, i)->word[0] ^ key->word[0]) & compared) |     \
              (head_tag(head) ^ tag);                                                    \
    found |= differs ? 0 : head;
static inline uint64_t head_in_line_narrow(const char *line, const struct text_key *key)
{
    uint32_t tag = tag_narrow(key);
    bool away = key->len > TEXT_TINY;
    uint64_t found = 0, compared = away ? 0 : UINT64_MAX, head, differs;
    IN_SLOT(0)
    IN_SLOT(1)
    IN_SLOT(2)
    IN_SLOT(3)
    if (__builtin_expect(found && !away, 1))
        return found;
    return found || head ? LATER : 0;
}
static inline uint64_t head_in_line_wide(const char *line, const struct text_key *key)
{
    const struct text_slot *slot = slot_in(line, SLOT_WIDE, 0);
    const struct text_slot *next = slot_in(line, SLOT_WIDE, 1);
    uint64_t first = atomic_load_explicit(&slot->head, memory_order_acquire);
    uint64_t second = atomic_load_explicit(&next->head, memory_order_acquire);
    bool other = head_tag(first) != tag_wide(key), is_long = key->len > TEXT_SHORT;
    uint64_t mask = -(uint64_t)other;
    uint64_t head = (first & ~mask) | (second & mask);
    slot = other ? next : slot;
    uint64_t differs = (slot->word[0] ^ key->word[0]) | (slot->word[1] ^ key->word[1]) |
                       (slot->word[2] ^ key->word[2]) | (head_tag(head) ^ tag_wide(key));
    if (__builtin_expect((differs == 0) & !is_long, 1))
        return head;
    return first && (second || is_long || !other) ? LATER : 0;
}
static inline uint64_t head_in_line(const struct text_array *array,
                                    const struct text_key *key)
{
    const char *line = line_of(array, key->hash);
    return __builtin_expect(array->shift == SLOT_NARROW, 1)
               ? head_in_line_narrow(line, key)
               : head_in_line_wide(line, key);
}

#endif
