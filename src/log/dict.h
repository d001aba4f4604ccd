/* dict: a set of texts, each with a small code, in the order in which they were first
 * met.
 *
 * Shape      codes are 0 … count − 1; text i is bytes[start[i]] … bytes[start[i + 1]] −
 * 1, followed by a NUL that is not counted in its length. Ownership  the dictionary owns
 * copies of its texts. Threads    lookups by many, additions by one alone. Cost       the
 * text + 1, 8 bytes for start, 11 to 22 bytes for the hash table, once it is made. */
#ifndef LOG_DICT_H
#define LOG_DICT_H

#include "base/err.h"
#include "base/str.h"

struct dict {
    uint32_t count;
    uint64_t *start; /* [count + 1] */
    char *bytes;
    struct dict_table *table;
    size_t bytes_capacity, start_capacity;
};

void dict_free(struct dict *dict); /* a zeroed dict is empty and fine */
/* The code of `text`, adding it when it is new. VG_ERR_LIMIT beyond limit codes,
 * VG_ERR_MEMORY; on failure the dictionary is unchanged. */
MUST_CHECK enum vg_code dict_add(struct dict *dict, str text, uint32_t limit,
                                 uint32_t *ret_code, struct vg_err *err);
/* The same for many at once, which hides the time that memory takes to answer: about
 * three times as fast once the dictionary is larger than the cache. On failure those
 * before the one that failed are in. */
MUST_CHECK enum vg_code dict_add_many(struct dict *dict, const str *texts, size_t count,
                                      uint32_t limit, uint32_t *ret_codes,
                                      struct vg_err *err);
/* An empty dictionary takes over `count` different texts that lie as described above; it
 * frees start and bytes. */
void dict_adopt(struct dict *dict, uint64_t *start, char *bytes, uint32_t count);
/* A copy with the same codes. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code dict_clone(const struct dict *dict, struct dict *ret,
                                   struct vg_err *err);
/* Only the texts whose used[code] is not 0, in their order; map[code] is the new code of
 * those. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code dict_pick(const struct dict *dict, const uint8_t *used,
                                  struct dict *ret, uint32_t *map, struct vg_err *err);
/* The code of `text`, or UINT32_MAX. */
uint32_t dict_find(const struct dict *dict, str text);

static inline str dict_str(const struct dict *dict, uint32_t code)
{
    uint64_t from = dict->start[code];
    return (str){dict->bytes + from, (size_t)(dict->start[code + 1] - from - 1)};
}
/* The same as a C string. */
static inline const char *dict_text(const struct dict *dict, uint32_t code)
{
    return dict->bytes + dict->start[code];
}

#endif
