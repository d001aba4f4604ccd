#include "log/dict.h"

#include "base/lang.h"
#include "log/text_hash.h"

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
    const struct slot *slot = slot_find(dict, text, hash_of(text));
    return slot->code1 ? slot->code1 - 1 : UINT32_MAX;
}

/* A table twice as large, with what the old one held. */
static bool table_grow(struct dict *dict)
{
    size_t held = dict->table ? dict->table->mask + 1 : 0;
    size_t slots = held ? held * 2 : FIRST_SLOTS;
    struct dict_table *table = calloc(1, sizeof *table + slots * sizeof(struct slot));
    if (!table)
        return false;
    table->mask = slots - 1;
    for (size_t old = 0; old < held; old++) {
        struct slot slot = dict->table->slots[old];
        if (!slot.code1)
            continue;
        size_t i = slot.hash & table->mask;
        while (table->slots[i].code1)
            i = (i + 1) & table->mask;
        table->slots[i] = slot;
    }
    free(dict->table);
    dict->table = table;
    return true;
}

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
    bool full = !dict->table || dict->count >= (dict->table->mask + 1) / 4 * 3;
    return !full || table_grow(dict);
}

static enum vg_code add(struct dict *dict, str text, uint32_t hash, uint32_t limit,
                        uint32_t *ret_code, struct vg_err *err)
{
    if (dict->count > 0) {
        const struct slot *slot = slot_find(dict, text, hash);
        if (slot->code1) {
            *ret_code = slot->code1 - 1;
            return VG_OK;
        }
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
    *slot_find(dict, text, hash) = (struct slot){hash, dict->count + 1};
    *ret_code = dict->count++;
    return VG_OK;
}

enum vg_code dict_add(struct dict *dict, str text, uint32_t limit, uint32_t *ret_code,
                      struct vg_err *err)
{
    return add(dict, text, hash_of(text), limit, ret_code, err);
}

/* Fetch what slot_find will look at: the slots, then where their texts begin, then those.
 */
static void prefetch(const struct dict *dict, const uint32_t *hashes, size_t count)
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

/* `bytes` bytes of memory with the same in it; a NULL stays one. */
static void *copy_of(const void *from, size_t bytes, bool *ok)
{
    void *copy = from ? malloc(bytes) : NULL;
    if (copy)
        memcpy(copy, from, bytes);
    *ok = *ok && (copy || !from);
    return copy;
}

enum vg_code dict_clone(const struct dict *dict, struct dict *ret, struct vg_err *err)
{
    bool ok = true;
    size_t slots = dict->table ? dict->table->mask + 1 : 0;
    struct dict copy = {.count = dict->count};
    copy.start_capacity = dict->count + (size_t)1;
    copy.bytes_capacity = dict->start ? (size_t)dict->start[dict->count] : 0;
    copy.start = copy_of(dict->start, copy.start_capacity * sizeof *dict->start, &ok);
    copy.bytes = copy_of(dict->bytes, copy.bytes_capacity, &ok);
    copy.table =
        copy_of(dict->table, sizeof *dict->table + slots * sizeof(struct slot), &ok);
    if (!dict->start)
        copy.start_capacity = 0;
    if (!ok) {
        dict_free(&copy);
        return err_memory(err);
    }
    *ret = copy;
    return VG_OK;
}

enum vg_code dict_pick(const struct dict *dict, const uint8_t *used, struct dict *ret,
                       uint32_t *map, struct vg_err *err)
{
    struct dict picked = {0};
    enum vg_code code = VG_OK;
    str texts[BATCH];
    uint32_t codes[BATCH], from[BATCH];
    size_t n = 0;
    for (uint32_t i = 0; i < dict->count && code == VG_OK; i++) {
        if (used[i]) {
            from[n] = i;
            texts[n++] = dict_str(dict, i);
        }
        if (n == BATCH || (i + 1 == dict->count && n > 0)) {
            code = dict_add_many(&picked, texts, n, UINT32_MAX - 1, codes, err);
            for (size_t k = 0; k < n && code == VG_OK; k++)
                map[from[k]] = codes[k];
            n = 0;
        }
    }
    if (code != VG_OK)
        dict_free(&picked);
    else
        *ret = picked;
    return code;
}
