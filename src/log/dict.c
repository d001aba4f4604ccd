#include "log/dict.h"

#include "base/lang.h"
#include "log/text_hash.h"

#include <pthread.h>
#include <stdlib.h>

/* Open addressing, linear probing. A slot is empty when code1 (the code + 1) is 0. The
 * hash is kept so that growing need not look at the texts again. */
struct slot {
    uint32_t hash;
    uint32_t code1;
};

struct dict_table {
    size_t mask; /* slots − 1; a power of two less one */
    struct slot slots[];
};

enum { FIRST_SLOTS = 16, FIRST_TEXTS = 8, FIRST_BYTES = 128, BATCH = 64 };

void dict_free(struct dict *dict)
{
    free(dict->start);
    free(dict->bytes);
    free(dict->table);
    *dict = (struct dict){0};
}

static uint32_t hash_of(str text)
{
    return (uint32_t)text_hash(hash_seed(), text);
}

/* ---- the table ---- */

static struct dict_table *table_make(size_t slots)
{
    struct dict_table *table = calloc(1, sizeof *table + slots * sizeof(struct slot));
    if (table)
        table->mask = slots - 1;
    return table;
}

static void slot_put(struct dict_table *table, struct slot slot)
{
    size_t i = slot.hash & table->mask;
    while (table->slots[i].code1)
        i = (i + 1) & table->mask;
    table->slots[i] = slot;
}

/* A table twice as large, with what the old one held. */
static bool table_grow(struct dict *dict)
{
    size_t held = dict->table ? dict->table->mask + 1 : 0;
    struct dict_table *table = table_make(held ? held * 2 : FIRST_SLOTS);
    if (!table)
        return false;
    for (size_t old = 0; old < held; old++)
        if (dict->table->slots[old].code1)
            slot_put(table, dict->table->slots[old]);
    free(dict->table);
    dict->table = table;
    return true;
}

/* The table of all that is in the dictionary. */
static struct dict_table *table_of(const struct dict *dict)
{
    size_t slots = FIRST_SLOTS;
    while (slots / 4 * 3 <= dict->count)
        slots *= 2;
    struct dict_table *table = table_make(slots);
    for (uint32_t code = 0; table && code < dict->count; code++)
        slot_put(table, (struct slot){hash_of(dict_str(dict, code)), code + 1});
    return table;
}

/* False when there is no table and none can be made. Several readers may come here at
 * once; making the table is no change that they could see. */
static bool table_need(const struct dict *constant)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct dict *dict = (struct dict *)(uintptr_t)constant;
    if (__atomic_load_n(&dict->table, __ATOMIC_ACQUIRE))
        return true;
    pthread_mutex_lock(&lock);
    if (!dict->table)
        __atomic_store_n(&dict->table, table_of(dict), __ATOMIC_RELEASE);
    bool made = dict->table != NULL;
    pthread_mutex_unlock(&lock);
    return made;
}

/* The slot that holds `text`, or the empty one where it belongs. */
static struct slot *slot_find(const struct dict *dict, str text, uint32_t hash)
{
    struct dict_table *table = dict->table;
    for (size_t i = hash & table->mask;; i = (i + 1) & table->mask) {
        struct slot *slot = &table->slots[i];
        if (slot->code1 == 0 ||
            (slot->hash == hash && str_equal(dict_str(dict, slot->code1 - 1), text)))
            return slot;
    }
}

uint32_t dict_find(const struct dict *dict, str text)
{
    if (dict->count == 0)
        return UINT32_MAX;
    if (table_need(dict)) {
        const struct slot *slot = slot_find(dict, text, hash_of(text));
        return slot->code1 ? slot->code1 - 1 : UINT32_MAX;
    }
    for (uint32_t code = 0; code < dict->count; code++) /* memory is used up */
        if (str_equal(dict_str(dict, code), text))
            return code;
    return UINT32_MAX;
}

/* ---- adding ---- */

/* Room for one more text of `bytes` bytes with its NUL. */
static bool reserve(struct dict *dict, size_t bytes)
{
    if (dict->count + (size_t)2 > dict->start_capacity) {
        size_t larger = dict->start_capacity ? dict->start_capacity * 2 : FIRST_TEXTS;
        uint64_t *start = realloc(dict->start, larger * sizeof *start);
        if (!start)
            return false;
        if (!dict->start)
            start[0] = 0;
        dict->start = start;
        dict->start_capacity = larger;
    }
    size_t used = (size_t)dict->start[dict->count], wanted = used + bytes;
    if (wanted > dict->bytes_capacity) {
        size_t larger = dict->bytes_capacity ? dict->bytes_capacity * 2 : FIRST_BYTES;
        larger = larger > wanted ? larger : wanted;
        char *moved = realloc(dict->bytes, larger);
        if (!moved)
            return false;
        dict->bytes = moved;
        dict->bytes_capacity = larger;
    }
    bool full = dict->count >= (dict->table->mask + 1) / 4 * 3;
    return !full || table_grow(dict);
}

static enum vg_code add(struct dict *dict, str text, uint32_t hash, uint32_t limit,
                        uint32_t *ret_code, struct vg_err *err)
{
    const struct slot *slot = slot_find(dict, text, hash);
    if (slot->code1) {
        *ret_code = slot->code1 - 1;
        return VG_OK;
    }
    if (dict->count >= limit)
        return err_set(err, VG_ERR_LIMIT, NULL,
                       _("there are more than %lu different values"),
                       (unsigned long)limit);
    if (!reserve(dict, text.len + 1))
        return err_memory(err);
    uint64_t from = dict->start[dict->count];
    if (text.len)
        memcpy(dict->bytes + from, text.ptr, text.len);
    dict->bytes[from + text.len] = 0;
    dict->start[dict->count + 1] = from + text.len + 1;
    slot_put(dict->table, (struct slot){hash, dict->count + 1});
    *ret_code = dict->count++;
    return VG_OK;
}

enum vg_code dict_add(struct dict *dict, str text, uint32_t limit, uint32_t *ret_code,
                      struct vg_err *err)
{
    if (!table_need(dict))
        return err_memory(err);
    return add(dict, text, hash_of(text), limit, ret_code, err);
}

/* Fetch what slot_find will look at: the slots, then where their texts begin, then those.
 * (Inline: gcc leaves out a function that only prefetches.) */
static inline __attribute__((always_inline)) void
prefetch(const struct dict *dict, const uint32_t *hashes, size_t count)
{
    const struct dict_table *table = dict->table;
    uint32_t code[BATCH];
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&table->slots[hashes[i] & table->mask]);
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = &table->slots[hashes[i] & table->mask];
        code[i] = slot->hash == hashes[i] && slot->code1 ? slot->code1 - 1 : 0;
        __builtin_prefetch(&dict->start[code[i]]);
    }
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(dict->bytes + dict->start[code[i]]);
}

enum vg_code dict_add_many(struct dict *dict, const str *texts, size_t count,
                           uint32_t limit, uint32_t *ret_codes, struct vg_err *err)
{
    uint32_t hashes[BATCH];
    uint64_t seed = hash_seed();
    if (!table_need(dict))
        return err_memory(err);
    for (size_t from = 0; from < count; from += BATCH) {
        size_t n = count - from < BATCH ? count - from : BATCH;
        for (size_t i = 0; i < n; i++)
            hashes[i] = (uint32_t)text_hash(seed, texts[from + i]);
        if (dict->count > 0)
            prefetch(dict, hashes, n);
        for (size_t i = 0; i < n; i++) {
            enum vg_code code =
                add(dict, texts[from + i], hashes[i], limit, &ret_codes[from + i], err);
            if (code != VG_OK)
                return code;
        }
    }
    return VG_OK;
}

/* ---- whole dictionaries ---- */

void dict_adopt(struct dict *dict, uint64_t *start, char *bytes, uint32_t count)
{
    dict_free(dict);
    *dict = (struct dict){.count = count,
                          .start = start,
                          .bytes = bytes,
                          .start_capacity = count + (size_t)1,
                          .bytes_capacity = (size_t)start[count]};
}

enum vg_code dict_clone(const struct dict *dict, struct dict *ret, struct vg_err *err)
{
    size_t starts = dict->count + (size_t)1;
    uint64_t bytes = dict->start ? dict->start[dict->count] : 0;
    uint64_t *start = malloc(starts * sizeof *start);
    char *copy = malloc(bytes + 1);
    if (!start || !copy) {
        free(start);
        free(copy);
        return err_memory(err);
    }
    start[0] = 0;
    if (dict->start)
        memcpy(start, dict->start, starts * sizeof *start);
    if (bytes)
        memcpy(copy, dict->bytes, bytes);
    dict_adopt(ret, start, copy, dict->count);
    return VG_OK;
}

enum vg_code dict_pick(const struct dict *dict, const uint8_t *used, struct dict *ret,
                       uint32_t *map, struct vg_err *err)
{
    size_t count = 0, bytes = 0;
    for (uint32_t code = 0; code < dict->count; code++) {
        count += used[code] != 0;
        bytes += used[code] ? (size_t)(dict->start[code + 1] - dict->start[code]) : 0;
    }
    uint64_t *start = malloc((count + 1) * sizeof *start);
    char *picked = malloc(bytes + 1);
    if (!start || !picked) {
        free(start);
        free(picked);
        return err_memory(err);
    }
    uint32_t at = 0;
    start[0] = 0;
    for (uint32_t code = 0; code < dict->count; code++) {
        if (!used[code])
            continue;
        size_t length = (size_t)(dict->start[code + 1] - dict->start[code]);
        memcpy(picked + start[at], dict->bytes + dict->start[code], length);
        start[at + 1] = start[at] + length;
        map[code] = at++;
    }
    dict_adopt(ret, start, picked, at);
    return VG_OK;
}
